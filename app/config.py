"""The settings of the service: the only reader of the environment."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

AnonymousRead = Literal["published", "all", "none"]


class Settings(BaseSettings):
    """Read from variables `CHISO_…` and from `.env` beside the process; each is explained in `.env.example`."""

    model_config = SettingsConfigDict(env_prefix="CHISO_", env_file=".env", extra="ignore")

    database_url: str = "sqlite:///chiso.db"
    bootstrap_key: Annotated[str, Field(min_length=20)] | None = None
    anonymous_read: AnonymousRead = "published"
    default_framework: str = "qd766"
    sources: Annotated[tuple[str, ...], NoDecode] = ()
    max_body_bytes: Annotated[int, Field(gt=0)] = 1_000_000
    max_import_bytes: Annotated[int, Field(gt=0)] = 128_000_000
    board_bytes: Annotated[int, Field(ge=0)] = 64_000_000
    log_level: Literal["critical", "error", "warning", "info", "debug"] = "info"

    @field_validator("sources", mode="before")
    @classmethod
    def split_at_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def names_a_database(cls, value: str) -> str:
        address = urlsplit(value)
        on_file = address.scheme == "sqlite" and address.path not in ("", "/", "/:memory:")
        on_server = address.scheme in ("postgresql", "postgresql+psycopg") and address.port != 0  # reads the port
        if on_file or on_server:
            return value
        raise ValueError("write sqlite:///file.db (a file, for processes share it) or postgresql://user@host/name")

    @field_validator("bootstrap_key", mode="before")
    @classmethod
    def empty_is_none(cls, value: object) -> object:
        return value or None
