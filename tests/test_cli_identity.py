"""The settings of an identity provider: what is refused before anything starts, and what `chiso doctor` says of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.api.identity_terms import identity_terms
from app.config import Settings
from app.services.frameworks import ship
from app.store.db import Database
from tests.support.command import chiso
from tests.support.identity import AUDIENCE, ISSUER, serving_keys

WHOLE = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks": "https://id.example.vn/certs"}


def settings(**said: Any) -> Settings:
    return Settings(_env_file=None, **said)


def test_no_provider_is_named_to_begin_with() -> None:
    assert identity_terms(settings()) is None
    assert identity_terms(settings(**dict.fromkeys(WHOLE, ""))) is None
    assert identity_terms(settings(**WHOLE)) is not None


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"oidc_issuer": ISSUER}, "CHISO_OIDC_AUDIENCE and CHISO_OIDC_JWKS"),
        ({**WHOLE, "oidc_audience": ""}, "CHISO_OIDC_AUDIENCE"),
        ({"oidc_whole": "boss"}, "CHISO_OIDC_ISSUER"),
        ({"oidc_scopes": '{"boss": ["admin"]}'}, "CHISO_OIDC_ISSUER"),
        ({**WHOLE, "oidc_jwks": "http://id.example.vn/certs"}, "https://host/keys"),
        ({**WHOLE, "oidc_jwks": "ftp://127.0.0.1/certs"}, "https://host/keys"),
        ({**WHOLE, "oidc_algorithms": "RS256,HS256"}, "oidc_algorithms"),
        ({**WHOLE, "oidc_algorithms": "none"}, "oidc_algorithms"),
        ({**WHOLE, "oidc_algorithms": ""}, "oidc_algorithms"),
        ({**WHOLE, "oidc_scopes": "officer=values:read"}, "write JSON"),
        ({**WHOLE, "oidc_scopes": '{"officer": "values:read"}'}, "oidc_scopes"),
        ({**WHOLE, "oidc_unit_claim": ""}, "oidc_unit_claim"),
    ],
)
def test_a_provider_that_is_named_in_part_or_wrongly_is_refused(said: dict[str, str], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings(**said)


@pytest.mark.parametrize("place", ["http://127.0.0.1:8080/certs", "http://[::1]/certs", "/etc/chiso/keys.json"])
def test_keys_may_stand_on_this_machine(place: str) -> None:
    assert settings(**{**WHOLE, "oidc_jwks": place}).oidc_jwks == place


def test_a_service_does_not_start_with_half_a_provider_or_with_scopes_that_are_none(tmp_path: Path) -> None:
    half = chiso(tmp_path, "serve", oidc_issuer=ISSUER)
    wrong = chiso(tmp_path, "serve", **WHOLE, oidc_scopes='{"officer": ["values:wrote"]}')

    assert (half.returncode, wrong.returncode) == (1, 1)
    assert half.stderr.strip() == (
        "An identity provider is named in part; set CHISO_OIDC_AUDIENCE and CHISO_OIDC_JWKS as well."
    )
    assert "did you mean values:write?" in wrong.stderr
    assert not list(tmp_path.glob("*.db"))


def test_the_doctor_reads_the_keys(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    ship(database)
    database.dispose()
    with serving_keys() as server:
        well = chiso(tmp_path, "doctor", "--json", database_url=database_url, **{**WHOLE, "oidc_jwks": server.url})
    ill = chiso(tmp_path, "doctor", "--json", database_url=database_url, **{**WHOLE, "oidc_jwks": "absent.json"})

    found = [{each["name"]: each for each in json.loads(told.stdout)}["identity"] for told in (well, ill)]
    assert (found[0]["state"], found[0]["said"]) == ("ok", f"1 keys of {ISSUER}")
    assert (found[1]["state"], ill.returncode) == ("bad", 1)
    assert "absent.json" in found[1]["said"]
