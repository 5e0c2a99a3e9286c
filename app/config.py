"""The settings of the service: the only reader of the environment."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

from limits import parse
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

SigningAlgorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Those by which a public key judges a signature: no secret that both sides share, and never none."""
AnonymousRead = Literal["published", "all", "none"]
PREFIX = "CHISO_"
OTHERS = ("key",)
"""Variables with the prefix that are no settings: `chiso import --url` reads CHISO_KEY."""
SECRETS = "CREDENTIALS_DIRECTORY"
"""The variable that names a directory of files, each a setting; systemd sets it for a service's credentials."""
UNKNOWN = "setting_unknown"
"""The type of the error for a variable that is neither."""
OF_A_CLUSTER = re.compile(r"\w+_(service_host|service_port(_\w+)?|port_\d+_(tcp|udp|sctp)(_(proto|port|addr))?)")
"""What Kubernetes and container links tell every process of a service that is called chiso."""
ORIGIN = re.compile(
    r"(?:http://(?!.*:80$)|https://(?!.*:443$))(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?"
)
"""Scheme, host, and the port where it is not the usual one; no path, no slash at the end."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OF_PROVIDER = ("oidc_issuer", "oidc_audience", "oidc_jwks")
HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]+")
"""The name or the address of a host, as it stands in an address."""


class Settings(BaseSettings):
    """Read from variables `CHISO_…`, from `.env` in the working directory, and from files in a directory of secrets.

    Each is explained in `.env.example`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[str, Field(repr=False)] = "sqlite:///chiso.db"
    database_read_url: Annotated[str | None, Field(repr=False)] = None
    bootstrap_key: Annotated[str | None, Field(min_length=20, repr=False)] = None
    anonymous_read: AnonymousRead = "published"
    default_framework: str = "qd766"
    sources: Annotated[tuple[str, ...], NoDecode] = ()
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    root_path: Annotated[str, Field(max_length=200)] = ""
    max_body_bytes: Annotated[int, Field(gt=0)] = 1_000_000
    max_import_bytes: Annotated[int, Field(gt=0)] = 128_000_000
    memory_bytes: Annotated[int, Field(ge=0)] = 64_000_000
    waiting_writers: Annotated[int, Field(ge=0)] = 8
    database_connections: Annotated[int, Field(ge=4)] = 20
    lease_seconds: Annotated[int, Field(ge=5)] = 60
    statement_seconds: Annotated[int, Field(ge=0)] = 900
    anonymous_rate: str = "3000/minute"
    key_rate: str = ""
    stop_seconds: Annotated[float, Field(gt=0)] = 10
    client_seconds: Annotated[float, Field(gt=0)] = 30
    connections: Annotated[int, Field(gt=0)] = 1000
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks: str | None = None
    oidc_algorithms: Annotated[tuple[SigningAlgorithm, ...], NoDecode, Field(min_length=1)] = ("RS256", "ES256")
    oidc_scopes_claim: Annotated[str, Field(min_length=1)] = "scope"
    oidc_scopes: Annotated[dict[str, tuple[str, ...]], NoDecode] = {}
    oidc_unit_claim: Annotated[str, Field(min_length=1)] = "unit"
    oidc_whole: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_name_claim: Annotated[str, Field(min_length=1)] = "preferred_username"
    webhook_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    webhook_private: bool = False
    least_free_bytes: Annotated[int, Field(ge=0)] = 50_000_000
    pdf_program: str | None = None
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The usual sources; ValidationError for a variable of theirs that is meant as a setting and is none."""
        assert isinstance(env_settings, EnvSettingsSource)
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        secrets = Path(env_settings.env_vars.get(SECRETS.lower()) or "/dev/null")
        names = [file.name for file in secrets.iterdir()] if secrets.is_dir() else []
        given = {**dict.fromkeys(names), **dotenv_settings.env_vars, **env_settings.env_vars}
        refuse_unknown(given, (*settings_cls.model_fields, *OTHERS))
        files = SecretsSettingsSource(settings_cls, secrets) if names else file_secret_settings
        return init_settings, env_settings, dotenv_settings, files

    @field_validator("sources", "webhook_hosts", "cors_origins", "oidc_algorithms", "oidc_whole", mode="before")
    @classmethod
    def split_list(cls, value: object) -> object:
        """A list separated by commas, or one of JSON."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return json.loads(value)
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("webhook_hosts")
    @classmethod
    def names_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not HOST.fullmatch(host):  # it is compared whole, so it would let no webhook in
                raise ValueError(f"{host} is none; write hosts alone, as hooks.example.vn, without scheme, port or `*`")
        return value

    @field_validator("cors_origins")
    @classmethod
    def names_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not ORIGIN.fullmatch(origin):  # no browser sends it, so it would let nobody in
                way = "write origins as browsers do, https://host or http://host:port in small letters, or `*`"
                raise ValueError(f"{origin} is none; {way}")
        return value

    @field_validator("oidc_scopes", mode="before")
    @classmethod
    def reads_a_mapping(cls, value: object) -> object:
        try:
            return json.loads(value or "{}") if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError('write JSON: {"role of the provider": ["values:read", "values:write"]}') from error

    @field_validator("oidc_jwks")
    @classmethod
    def names_keys(cls, value: str | None) -> str | None:
        scheme, separator, _ = (value or "").partition("://")
        is_near = scheme == "http" and urlsplit(value).hostname in LOOPBACK
        if separator and scheme != "https" and not is_near:
            raise ValueError(
                "write an address as https://host/keys, or the path of a file; http is for this machine alone"
            )
        return value

    @model_validator(mode="after")
    def names_a_whole_provider(self) -> Self:
        """All of issuer, audience and keys, or nothing of a provider."""
        needed = {"issuer": self.oidc_issuer, "audience": self.oidc_audience, "jwks": self.oidc_jwks}
        missing = [f"{PREFIX}OIDC_{name.upper()}" for name, value in needed.items() if value is None]
        if len(missing) not in (0, len(needed)) or (missing and (self.oidc_scopes or self.oidc_whole)):
            raise PydanticCustomError(
                "provider_incomplete",
                "An identity provider is named in part; set {missing} as well",
                {"missing": " and ".join(missing)},
            )
        return self

    @field_validator("root_path")
    @classmethod
    def names_a_path(cls, value: str) -> str:
        path = value.rstrip("/")
        if path and not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", path):
            raise ValueError("write the path below which the service stands, as /chiso, or nothing")
        return path

    @field_validator("anonymous_rate", "key_rate")
    @classmethod
    def names_a_rate(cls, value: str) -> str:
        try:
            if value:
                parse(value)
        except ValueError as error:
            raise ValueError(
                "write a number of requests and a time, as 3000/minute, or nothing for no limit"
            ) from error
        return value

    @field_validator("database_url")
    @classmethod
    def names_a_database(cls, value: str) -> str:
        scheme, separator, rest = value.partition("://")
        if scheme in ("postgresql", "postgresql+psycopg"):
            refuse_special_characters(rest)
            if has_port_or_none(value):
                return value
            reason = "what stands behind the host and a colon is no port"
        elif scheme == "sqlite":
            if urlsplit(value).path not in ("", "/", "/:memory:"):
                return value
            reason = "it names no file behind three slashes, and processes share one"
        elif separator and re.fullmatch(r"[a-z][a-z0-9+]{0,19}", scheme):
            reason = f"the data live in SQLite or PostgreSQL, not at {scheme}://"
        else:
            reason = "that is no address of a database"
        raise ValueError(f"{reason}; write sqlite:///file.db or postgresql://user@host/name")

    @field_validator("database_read_url")
    @classmethod
    def names_a_server(cls, value: str | None) -> str | None:
        if value is not None and not cls.names_a_database(value).startswith("postgresql"):
            raise ValueError("only PostgreSQL has standbys; write postgresql://user@host/name, or nothing")
        return value

    @field_validator("bootstrap_key", "database_read_url", "pdf_program", *OF_PROVIDER, mode="before")
    @classmethod
    def empty_is_none(cls, value: object) -> object:
        return value or None


def refuse_unknown(variables: Mapping[str, str | None], known: tuple[str, ...]) -> None:
    """ValidationError with the names that begin as settings do and are none; a misspelt one would set nothing."""
    prefix = PREFIX.lower()
    names = {name: value for name, value in variables.items() if name.lower().startswith(prefix)}
    unknown = [
        name[len(prefix) :]
        for name, value in names.items()
        if name[len(prefix) :].lower() not in known and not of_a_cluster(name.lower(), value or "")
    ]
    if unknown:
        fault = PydanticCustomError(UNKNOWN, "there is no such setting")
        faults = [InitErrorDetails(type=fault, loc=(name,), input=None) for name in sorted(unknown)]
        raise ValidationError.from_exception_data(Settings.__name__, faults)


def of_a_cluster(name: str, value: str) -> bool:
    """Whether a container's surroundings set the variable by themselves."""
    return bool(OF_A_CLUSTER.fullmatch(name)) or (name.endswith("_port") and "://" in value)


def refuse_special_characters(rest: str) -> None:
    """ValueError for a user or password with characters that mean something else in an address.

    `rest` is what stands behind `://`. They are named, with what stands for them; the password is not.
    """
    before, at, _ = rest.rpartition("@")
    special = dict.fromkeys(re.findall(r"[^A-Za-z0-9._~!$&'()*+,;=:%-]|%(?![0-9A-Fa-f]{2})", before)) if at else {}
    if special:
        ways = ", ".join(f"`{'space' if sign == ' ' else sign}` as {quote(sign, safe='')}" for sign in special)
        raise ValueError(f"the user or the password holds characters that mean something else here; write {ways}")


def has_port_or_none(address: str) -> bool:
    """Whether what stands where ports stand can be ones. It may be part of a password, so it is not repeated."""
    try:
        hosts = urlsplit(address).netloc.rpartition("@")[2].split(",")
        return all(urlsplit(f"//{each}").port != 0 for each in hosts)
    except ValueError:
        return False
