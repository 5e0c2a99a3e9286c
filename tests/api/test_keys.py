"""Keys: only their hash is kept, revoked ones are nobody's, the bootstrap key opens everything."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import SQLModel

from app.config import Settings
from app.errors import AppError, Conflict, Invalid, NotFound
from app.main import create_app
from app.services.keys import create_key, revoke_key
from app.services.rights import Scope
from app.store.db import Database
from app.store.keys import find_key
from tests.make import BOOTSTRAP_KEY, a_key, a_unit, bearer, with_units


def test_the_secret_is_long_and_is_kept_as_a_hash_only(database: Database) -> None:
    secret = a_key(database, Scope.ADMIN)

    with database.reading() as session:
        held = [str(row) for table in SQLModel.metadata.sorted_tables for row in session.execute(table.select())]
        key = find_key(session, "clerk")

    assert len(secret) > 40
    assert key is not None
    assert key.hash == hashlib.sha256(secret.encode()).hexdigest()
    assert [row for row in held if secret in row or secret.removeprefix("chiso_") in row] == []


async def test_a_revoked_key_is_unknown_at_once(
    database: Database, client_of: Callable[..., httpx.AsyncClient]
) -> None:
    clerk = client_of(**bearer(a_key(database)))
    before = await clerk.get("/v1/values")
    with database.writing() as session:
        revoke_key(session, "clerk")

    after = await clerk.get("/v1/values")

    assert (before.status_code, after.status_code) == (200, 401)
    assert after.json()["code"] == "key_unknown"


def test_revoking_twice_is_like_once(database: Database) -> None:
    a_key(database)
    for _ in range(2):
        with database.writing() as session:
            revoke_key(session, "clerk")

    with database.reading() as session:
        told = session.execute(text("SELECT count(*) FROM audit WHERE action = 'key.revoked'")).scalar_one()

    assert told == 1


@pytest.mark.parametrize("tried", ["", "x", BOOTSTRAP_KEY[:-1], BOOTSTRAP_KEY + "x", BOOTSTRAP_KEY.upper(), "đ" * 30])
async def test_nearly_the_bootstrap_key_is_no_key(tried: str, anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/v1/audit", headers={b"Authorization": f"Bearer {tried}".encode()})

    assert answer.status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_bootstrap_key_may_everything(scheme: str, anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/v1/audit", headers={"Authorization": f"{scheme} {BOOTSTRAP_KEY}"})

    assert answer.status_code == 200


async def test_without_a_bootstrap_key_none_opens(settings: Settings, service: FastAPI) -> None:
    app = create_app(settings.model_copy(update={"bootstrap_key": None}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answers = [await client.get("/v1/audit", headers=bearer(each)) for each in (BOOTSTRAP_KEY, "None", "null")]
    app.state.database.dispose()

    assert [each.status_code for each in answers] == [401, 401, 401]


def test_a_bootstrap_key_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20 characters"):
        Settings(_env_file=None, bootstrap_key="too-short")


def test_an_empty_bootstrap_key_is_none() -> None:
    assert Settings(_env_file=None, bootstrap_key="").bootstrap_key is None


@pytest.mark.parametrize(
    ("name", "scopes", "unit", "error", "code"),
    [
        ("", ["admin"], None, Invalid, "name_invalid"),
        ("-x", ["admin"], None, Invalid, "name_invalid"),
        ("a" * 61, ["admin"], None, Invalid, "name_invalid"),
        ("cle\u200brk", ["admin"], None, Invalid, "name_invalid"),
        ("bootstrap", ["admin"], None, Invalid, "name_invalid"),
        ("anonymous", ["admin"], None, Invalid, "name_invalid"),
        ("clerk", [], None, Invalid, "scope_missing"),
        ("clerk", ["values:red"], None, Invalid, "scope_unknown"),
        ("clerk", ["VALUES_READ"], None, Invalid, "scope_unknown"),
        ("clerk", ["admin"], "H99", NotFound, "unit_unknown"),
        ("taken", ["admin"], None, Conflict, "key_exists"),
        ("revoked", ["admin"], None, Conflict, "key_exists"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    name: str, scopes: list[str], unit: str | None, error: type[AppError], code: str, database: Database
) -> None:
    a_key(database, name="taken")
    a_key(database, name="revoked")
    with database.writing() as session:
        revoke_key(session, "revoked")

    with pytest.raises(error) as refusal, database.writing() as session:
        create_key(session, name, scopes, unit)

    assert refusal.value.code == code


async def test_admin_holds_every_other_scope(as_key: Callable[..., httpx.AsyncClient]) -> None:
    admin = as_key(Scope.ADMIN)

    await with_units(admin, [a_unit()])

    assert (await admin.get("/v1/values")).status_code == 200
    assert (await admin.put("/v1/periods/2024-07/lock")).status_code == 200


async def test_a_scope_opens_nothing_but_itself(as_key: Callable[..., httpx.AsyncClient]) -> None:
    clerk = as_key(Scope.UNITS_WRITE, Scope.VALUES_WRITE)

    assert (await clerk.get("/v1/values")).status_code == 403
    assert (await clerk.get("/v1/audit")).json()["code"] == "scope_missing"


async def test_refusals_name_the_key_and_never_its_secret(as_key: Callable[..., httpx.AsyncClient]) -> None:
    clerk = as_key(Scope.VALUES_READ)

    answer = await clerk.put("/v1/units/H60", json={"name": "A", "level": "province"})

    assert "clerk-1" in answer.json()["detail"]
    assert "units:write" in answer.json()["detail"]
    assert "chiso_" not in answer.text


async def test_reading_with_a_known_key_costs_one_query_more(
    api: httpx.AsyncClient,
    as_key: Callable[..., httpx.AsyncClient],
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    clerk = as_key(Scope.VALUES_READ)
    sent = []
    for client in (api, clerk):
        with count_queries() as queries:
            await client.get("/v1/frameworks")
        sent.append(len(queries))

    assert sent[1] == sent[0] + 1
