"""What a person may: scopes and unit by the claims of the token, as a key with the same would."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, bearer, some_figures, with_figures, with_units
from tests.support.identity import AUDIENCE, ISSUER, KeyServer, serving_keys, token

Client = httpx.AsyncClient
Maker = Callable[..., Client]
NEEDED = {
    ("GET", "/v1/values?period=2024-07"): Scope.VALUES_READ,
    ("POST", "/v1/imports"): Scope.VALUES_WRITE,
    ("PUT", "/v1/units/H60.100"): Scope.UNITS_WRITE,
    ("POST", "/v1/evaluations"): Scope.EVALUATIONS_WRITE,
    ("POST", "/v1/evaluations/1/publish"): Scope.EVALUATIONS_PUBLISH,
}


@pytest.fixture
def provider() -> Iterator[KeyServer]:
    with serving_keys() as server:
        yield server


@pytest.fixture
def settings(database_url: str, provider: KeyServer) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks=provider.url,
        oidc_scopes_claim="realm_access.roles",
        oidc_scopes={"officer": ("values:read", "values:write"), "boss": ("admin",)},
        oidc_whole=("boss", "reader"),
        oidc_unit_claim="https://example.vn/unit",
        oidc_name_claim="profile.display",
    )


def person(*roles: str, unit: object = None, **said: Any) -> dict[str, str]:
    """The header of a person with these roles, of a unit."""
    claims: dict[str, Any] = {"realm_access": {"roles": list(roles)}, "https://example.vn/unit": unit, **said}
    return bearer(token(**claims))


async def me(client_of: Maker, header: dict[str, str]) -> dict[str, Any]:
    answer = await client_of(**header).get("/v1/me")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("scope", [each for each in Scope if each != Scope.ADMIN])
async def test_a_person_may_what_a_key_with_the_same_scope_may(scope: Scope, api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit(), a_commune()])
    client = client_of(**person(scope, unit="H60"))

    answers = [(await client.request(*asked)).json() for asked in NEEDED]

    lacking = [isinstance(each, dict) and each.get("code") == "scope_missing" for each in answers]
    assert lacking == [needed != scope for needed in NEEDED.values()]


@pytest.mark.parametrize(
    ("roles", "scopes"),
    [
        (["officer"], ["values:read", "values:write"]),
        (["officer", "units:write", "openid"], ["units:write", "values:read", "values:write"]),
        (["boss"], ["admin"]),
        (["admin", "offline_access"], []),
    ],
)
async def test_roles_stand_for_scopes_and_a_role_that_is_called_admin_for_none(
    roles: list[str], scopes: list[str], api: Client, client_of: Maker
) -> None:
    await with_units(api, [a_unit()])

    assert (await me(client_of, person(*roles, unit="H60")))["scopes"] == scopes


async def test_a_person_writes_and_reads_in_his_subtree_alone(api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit(), a_commune(), a_unit(code="H61", name="Tỉnh khác")])
    await with_figures(api, some_figures("H61"))
    clerk = client_of(**person("officer", unit="H60"))

    inside = await clerk.post("/v1/imports", json=some_figures("H60.100"))
    outside = await clerk.post("/v1/imports", json=some_figures("H61"))
    read = await clerk.get("/v1/values?period=2024-07")

    assert (inside.status_code, outside.status_code) == (200, 422)
    assert outside.json()["errors"][0]["code"] == "unit_forbidden"
    assert {each["unit"] for each in read.json()["items"]} == {"H60.100"}


@pytest.mark.parametrize("unit", [None, "", []])
async def test_without_a_unit_only_who_has_a_role_for_the_whole_is_let_in(
    unit: object, api: Client, client_of: Maker
) -> None:
    clerk, boss = client_of(**person("officer", unit=unit)), client_of(**person("boss", unit=unit))

    refused, taken = await clerk.get("/v1/units"), await boss.get("/v1/keys")

    assert (refused.status_code, refused.json()["code"]) == (403, "token_unit_missing")
    assert taken.status_code == 200
    assert (await boss.get("/v1/me")).json()["unit"] is None


async def test_a_unit_keeps_a_role_for_the_whole_to_it(api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit()])
    boss = client_of(**person("boss", unit=["H60"]))

    answer = await boss.get("/v1/keys")

    assert (await boss.get("/v1/me")).json()["unit"] == "H60"
    assert (answer.status_code, answer.json()["code"]) == (403, "whole_service_only")


@pytest.mark.parametrize("unit", ["H99", "h60", "gso:08", ["H60", "H61"], 60, {"code": "H60"}, "H60\ud800", "H" * 50])
async def test_a_unit_that_is_none_is_refused(unit: object, api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61", name="Tỉnh khác")])

    answer = await client_of(**person("officer", unit=unit)).get("/v1/units")

    assert (answer.status_code, answer.json()["code"]) == (403, "token_unit_unknown")


async def test_a_unit_that_has_ended_lets_nobody_in_any_more(api: Client, client_of: Maker, clock: Clock) -> None:
    await with_units(api, [a_unit(), a_commune()])
    clerk = client_of(**person("officer", unit="H60.100"))
    before = (await clerk.get("/v1/units")).status_code
    ended = await api.put("/v1/units/H60.100", json={**a_commune(), "valid_to": "2026-10-11"})

    after = await clerk.get("/v1/units")

    assert (before, ended.status_code) == (200, 200), ended.text
    assert (after.status_code, after.json()["code"]) == (403, "token_unit_unknown")


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Nguyễn Văn An", "oidc:Nguyễn Văn An (f3b1-77)"),
        ("an@tuyenquang.gov.vn", "oidc:an@tuyenquang.gov.vn (f3b1-77)"),
        ('x" (other)\n<b>\u202e=1', "oidc:x otherb1 (f3b1-77)"),
        ("\ud800", "oidc:f3b1-77"),
        (None, "oidc:f3b1-77"),
        (["An"], "oidc:f3b1-77"),
        ("f3b1-77", "oidc:f3b1-77"),
        ("A" * 300, f"oidc:{'A' * 60} (f3b1-77)"),
    ],
)
async def test_nobody_takes_the_name_of_another_in_the_trace(
    shown: object, name: str, api: Client, client_of: Maker
) -> None:
    assert (await me(client_of, person("reader", profile={"display": shown})))["name"] == name


async def test_a_person_who_has_a_token_alone_is_none_of_the_keys(
    api: Client, client_of: Maker, service: FastAPI
) -> None:
    await client_of(**person("boss")).post("/v1/keys", json={"name": "clerk", "scopes": ["values:read"]})

    keys = (await api.get("/v1/keys")).json()["items"]
    trace = (await api.get("/v1/audit?action=key.created")).json()["items"]

    assert [each["name"] for each in keys] == ["clerk"]
    assert [each["actor"] for each in trace] == ["oidc:f3b1-77"]
    assert "oidc:f3b1-77" not in service.state.key_uses.last
