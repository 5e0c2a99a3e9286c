"""Keys over HTTP: secrets are shown once, ends hold at once, and none exceeds its maker."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel

from app.config import Settings
from app.services.keys import create_key, rotate_key
from app.services.rights import Scope
from app.store.db import Database
from app.store.keys import find_key
from tests.api.conftest import Clock
from tests.make import a_unit, bearer, some_figures, with_figures, with_units
from tests.support.boards import another, client_of

Client = httpx.AsyncClient
Maker = Callable[..., Client]
BOARD = "/v1/scores?period=2024-07&level=province"
SOON, LATER = "2026-10-12T02:00:00Z", "2026-10-13T02:00:00Z"


def at(service: FastAPI, secret: str, address: str = "203.0.113.7") -> Client:
    """A client with a key at an address."""
    transport = httpx.ASGITransport(app=service, client=(address, 5000))
    return Client(transport=transport, base_url="http://test", headers=bearer(secret))


async def made(api: Client, **facts: Any) -> dict[str, Any]:
    answer = await api.post("/v1/keys", json={"name": "clerk", "scopes": ["values:read"], **facts})
    assert answer.status_code == 201, answer.text
    key: dict[str, Any] = answer.json()
    return key


async def statuses(client: Client, *paths: str) -> list[int]:
    return [(await client.get(path)).status_code for path in paths or ("/v1/values",)]


async def test_a_key_is_made_with_its_secret_shown_once(api: Client, service: FastAPI) -> None:
    await with_units(api, [a_unit()])

    answer = await api.post(
        "/v1/keys",
        json={
            "name": " Sở  Tài chính",
            "scopes": ["values:write", "values:read"],
            "unit": "H60",
            "expires_at": LATER,
            "networks": ["203.0.113.0/24", "2001:db8::1", "203.0.113.0/24"],
        },
    )

    key = answer.json()
    secret = key.pop("secret")
    made_at = key["created_at"]
    assert answer.status_code == 201
    assert await statuses(at(service, secret)) == [200]
    shown = await api.get(answer.headers["location"])
    assert key == {
        "name": "Sở Tài chính",
        "scopes": ["values:read", "values:write"],
        "unit": "H60",
        "networks": ["203.0.113.0/24", "2001:db8::1/128"],
        "created_at": made_at,
        "expires_at": LATER,
        "previous_until": None,
        "revoked_at": None,
        "last_used_at": None,
    }
    assert shown.json() == {**key, "last_used_at": "2026-10-12T01:30:00Z"}
    assert shown.headers["etag"] == answer.headers["etag"]
    assert (await api.get("/v1/keys")).json()["items"] == [shown.json()]


async def test_nothing_kept_holds_a_secret(api: Client, database: Database) -> None:
    once = {"Idempotency-Key": "once"}
    body = {"name": "clerk", "scopes": ["values:read"]}
    first = await api.post("/v1/keys", json=body, headers=once)
    rotated = await api.post("/v1/keys/clerk/rotate", headers={"Idempotency-Key": "again"})
    again = await api.post("/v1/keys", json=body, headers=once)

    with database.reading() as session:
        held = [str(row) for table in SQLModel.metadata.sorted_tables for row in session.execute(table.select())]
        key = find_key(session, "clerk")

    secrets = [each.json()["secret"] for each in (first, rotated)]
    assert key is not None
    assert [key.previous_hash, key.hash] == [hashlib.sha256(each.encode()).hexdigest() for each in secrets]
    assert [row for row in held for secret in secrets if secret.removeprefix("chiso_") in row] == []
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_answer_not_kept")
    assert again.json()["location"] == "/v1/keys/clerk"


@pytest.mark.parametrize(
    ("facts", "status", "code", "pointer"),
    [
        ({"name": "-x"}, 422, "name_invalid", None),
        ({"name": "bootstrap"}, 422, "name_invalid", None),
        ({"scopes": []}, 422, None, "/scopes"),
        ({"scopes": ["values:red"]}, 422, None, "/scopes/0"),
        ({"unit": "H99"}, 422, "unit_unknown", "/unit"),
        ({"expires_at": "2026-10-12T01:30:00Z"}, 422, "expiry_past", "/expires_at"),
        ({"expires_at": "soon"}, 422, None, "/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, 422, None, "/expires_at"),
        ({"networks": ["10.0.0.0/8", "203.0.113.7/24"]}, 422, "network_invalid", "/networks/1"),
        ({"networks": ["the office"]}, 422, "network_invalid", "/networks/0"),
        ({"networks": ["10.0.0.1"] * 51}, 422, None, "/networks"),
        ({"name": "taken"}, 409, "key_exists", None),
    ],
)
async def test_a_key_that_cannot_be_is_refused_at_its_place(
    facts: dict[str, Any], status: int, code: str | None, pointer: str | None, api: Client
) -> None:
    await made(api, name="taken")

    answer = await api.post("/v1/keys", json={"name": "clerk", "scopes": ["values:read"], **facts})

    refusal = answer.json()
    assert answer.status_code == status, answer.text
    assert code is None or refusal["code"] == code
    assert pointer is None or refusal["errors"][0]["pointer"] == pointer
    assert [each["name"] for each in (await api.get("/v1/keys")).json()["items"]] == ["taken"]


async def test_a_network_with_an_address_inside_is_told_what_was_meant(api: Client) -> None:
    answer = await api.post("/v1/keys", json={"name": "x", "scopes": ["admin"], "networks": ["203.0.113.7/24"]})

    assert answer.json()["errors"][0]["suggestion"] == "203.0.113.0/24"


async def test_a_key_ends_when_it_says_also_for_answers_that_are_kept(
    api: Client, service: FastAPI, clock: Clock
) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())
    clerk = at(service, (await made(api, expires_at=SOON))["secret"])
    before = await statuses(clerk, "/v1/values", BOARD, BOARD)

    clock.forward(minutes=29, seconds=59)
    last = await statuses(clerk, "/v1/values", BOARD)
    clock.forward(seconds=1)
    after = await statuses(clerk, "/v1/values", BOARD)

    assert (before, last, after) == ([200] * 3, [200] * 2, [401] * 2)


async def test_a_key_works_from_its_networks_alone_also_for_answers_that_are_kept(
    api: Client, service: FastAPI
) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())
    secret = (await made(api, networks=["203.0.113.0/24", "2001:db8::/32"]))["secret"]

    inside = [await statuses(at(service, secret, each), BOARD) for each in ("203.0.113.9", "::ffff:203.0.113.9")]
    outside = [await at(service, secret, each).get(BOARD) for each in ("203.0.114.9", "2001:db9::1", "a socket")]

    assert inside == [[200], [200]]
    assert await statuses(at(service, secret, "2001:db8:1::5"), BOARD) == [200]
    assert {(each.status_code, each.json()["code"]) for each in outside} == {(403, "network_forbidden")}
    assert "203.0.114.9" in outside[0].json()["detail"]


async def test_both_secrets_work_until_the_overlap_ends(api: Client, service: FastAPI, clock: Clock) -> None:
    first = at(service, (await made(api))["secret"])
    answer = await api.post("/v1/keys/clerk/rotate", json={"overlap_seconds": 60})
    second = at(service, answer.json()["secret"])

    both = [await statuses(each) for each in (first, second)]
    clock.forward(seconds=60)
    one = [await statuses(each) for each in (first, second)]

    assert answer.json()["previous_until"] == "2026-10-12T01:31:00Z"
    assert (both, one) == ([[200], [200]], [[401], [200]])


async def test_a_key_that_has_expired_gets_no_new_secret(api: Client, clock: Clock) -> None:
    await made(api, expires_at="2026-10-12T01:31:00Z")
    clock.forward(seconds=60)

    refused = await api.post("/v1/keys/clerk/rotate")
    await api.patch("/v1/keys/clerk", json={"expires_at": None})

    assert (refused.status_code, refused.json()["code"]) == (409, "key_expired")
    assert (await api.post("/v1/keys/clerk/rotate")).status_code == 200


@pytest.mark.parametrize("overlap", [True, "5", 1.5, -1, None])
async def test_an_overlap_is_a_whole_number_of_seconds(api: Client, overlap: object) -> None:
    await made(api)

    refused = await api.post("/v1/keys/clerk/rotate", json={"overlap_seconds": overlap})

    assert [each["pointer"] for each in refused.json()["errors"]] == ["/overlap_seconds"]


async def test_a_second_rotation_ends_the_secret_before_the_last(api: Client, service: FastAPI) -> None:
    secrets = [(await made(api))["secret"]]
    secrets += [(await api.post("/v1/keys/clerk/rotate")).json()["secret"] for _ in range(2)]

    assert [await statuses(at(service, each)) for each in secrets] == [[401], [200], [200]]
    at_once = await api.post("/v1/keys/clerk/rotate", json={"overlap_seconds": 0})
    assert await statuses(at(service, secrets[2])) == [401]
    assert await statuses(at(service, at_once.json()["secret"])) == [200]


async def test_a_revoked_key_ends_with_all_its_secrets_in_every_process(
    api: Client, service: FastAPI, settings: Settings
) -> None:
    secrets = [(await made(api))["secret"], (await api.post("/v1/keys/clerk/rotate")).json()["secret"]]
    with another(service, settings) as other:
        elsewhere = [client_of(other, bearer(each)) for each in secrets]
        before = [await statuses(each) for each in elsewhere]

        answer = await api.delete("/v1/keys/clerk")
        again = await api.delete("/v1/keys/clerk")
        after = [await statuses(each) for each in elsewhere]

    assert (before, after) == ([[200]] * 2, [[401]] * 2)
    assert answer.json()["revoked_at"] == "2026-10-12T01:30:00Z"
    assert again.json() == answer.json()
    assert (await api.get("/v1/keys/clerk")).json() == answer.json()


async def test_a_revoked_key_is_not_changed_and_an_unknown_one_not_found(api: Client) -> None:
    await made(api)
    await api.delete("/v1/keys/clerk")
    changes: list[tuple[str, str]] = [("PATCH", "/v1/keys/{}"), ("POST", "/v1/keys/{}/rotate")]

    for name, refusal in (("clerk", (409, "key_revoked")), ("nobody", (404, "key_unknown"))):
        answers = [await api.request(method, path.format(name), json={}) for method, path in changes]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {refusal}
    assert (await api.delete("/v1/keys/nobody")).status_code == 404


async def test_a_key_is_bound_otherwise_and_what_is_left_out_stays(api: Client, service: FastAPI) -> None:
    secret = (await made(api, expires_at=LATER))["secret"]

    bound = await api.patch("/v1/keys/clerk", json={"networks": ["10.0.0.0/8"]})
    refused = await statuses(at(service, secret))
    freed = await api.patch("/v1/keys/clerk", json={"expires_at": None, "networks": []})

    assert (bound.json()["expires_at"], bound.json()["networks"]) == (LATER, ["10.0.0.0/8"])
    assert (freed.json()["expires_at"], freed.json()["networks"]) == (None, [])
    assert refused == [403]
    assert await statuses(at(service, secret)) == [200]


async def test_every_change_of_a_key_stands_in_the_trace_without_a_secret(api: Client) -> None:
    secrets = [(await made(api, expires_at=LATER))["secret"]]
    await api.patch("/v1/keys/clerk", json={"networks": ["10.0.0.0/8"]})
    await api.patch("/v1/keys/clerk", json={"networks": ["10.0.0.0/8"]})
    secrets.append((await api.post("/v1/keys/clerk/rotate")).json()["secret"])
    await api.delete("/v1/keys/clerk")

    trace = await api.get("/v1/audit?subject=key:clerk")

    entries = trace.json()["items"]
    assert [each["action"] for each in entries] == ["key.revoked", "key.rotated", "key.changed", "key.created"]
    assert {each["actor"] for each in entries} == {"bootstrap"}
    assert (entries[2]["before"]["networks"], entries[2]["after"]["networks"]) == ([], ["10.0.0.0/8"])
    assert not any(each.removeprefix("chiso_") in trace.text for each in secrets)


async def test_a_key_makes_none_that_outlives_or_outreaches_it(api: Client, service: FastAPI) -> None:
    await made(api, name="free")
    bound = {"expires_at": SOON, "networks": ["203.0.113.0/24"]}
    admin = at(service, (await made(api, name="admin", scopes=["admin"], **bound))["secret"])
    new = {"name": "new", "scopes": ["admin"]}

    refused = [
        await admin.post("/v1/keys", json=new),
        await admin.post("/v1/keys", json={**new, **bound, "expires_at": LATER}),
        await admin.post("/v1/keys", json={**new, **bound, "networks": ["203.0.0.0/16"]}),
        await admin.patch("/v1/keys/admin", json={"expires_at": None}),
        await admin.patch("/v1/keys/admin", json={"networks": []}),
        await admin.patch("/v1/keys/free", json=bound),
        await admin.post("/v1/keys/free/rotate"),
    ]

    assert {(each.status_code, each.json()["code"]) for each in refused} == {(403, "key_exceeds_maker")}
    assert (await admin.post("/v1/keys", json={**new, **bound})).status_code == 201
    assert (await admin.post("/v1/keys/admin/rotate")).status_code == 200
    assert (await api.get("/v1/keys/free")).json()["networks"] == []


async def test_the_last_use_is_noted_without_a_write_of_any_request(
    api: Client, service: FastAPI, database: Database, clock: Clock, count_queries: Callable[[], Any]
) -> None:
    clerk = at(service, (await made(api))["secret"])
    version = (await api.get("/v1/units")).headers["chiso-version"]

    with count_queries() as queries:
        await statuses(clerk, "/v1/values", BOARD, BOARD)
    first = clock.forward(minutes=1)
    service.state.key_uses.write()
    await statuses(clerk)
    service.state.key_uses.write()
    noted = kept_use(database)
    clock.forward(minutes=5)
    await statuses(clerk, BOARD)
    service.state.key_uses.write()

    assert [each for each in queries if each.startswith(("UPDATE", "INSERT"))] == []
    assert noted == first.timestamp() * 1_000_000 - 60_000_000
    assert kept_use(database) == clock()
    assert (await api.get("/v1/units")).headers["chiso-version"] == version
    assert (await api.get("/v1/keys/clerk")).json()["last_used_at"] == "2026-10-12T01:36:00Z"


def kept_use(database: Database) -> int | None:
    with database.reading() as session:
        key = find_key(session, "clerk")
    assert key is not None
    return key.last_used_at


async def test_a_key_of_a_unit_manages_none(api: Client, as_key: Maker) -> None:
    await with_units(api, [a_unit()])

    answer = await as_key(Scope.ADMIN, unit="H60").post("/v1/keys", json={"name": "x", "scopes": ["values:read"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "whole_service_only")


async def test_names_are_listed_by_their_code_points(api: Client) -> None:
    for name in ("b", "Đ", "a", "B", "á"):
        await made(api, name=name)

    first = (await api.get("/v1/keys?limit=3")).json()
    rest = (await api.get("/v1/keys", params={"limit": 3, "cursor": first["next_cursor"]})).json()

    assert [each["name"] for each in (*first["items"], *rest["items"])] == ["B", "a", "b", "á", "Đ"]


def test_the_operator_makes_and_rotates_without_bounds(database: Database) -> None:
    with database.writing() as session:
        create_key(session, "clerk", ["admin"])
        secret = rotate_key(session, "clerk", 0)

    assert secret.startswith("chiso_")
