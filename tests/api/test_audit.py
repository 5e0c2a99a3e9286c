"""The trace: every write leaves one entry in its own transaction, and what is done to entries shows."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.services.rights import Scope
from app.store.audit import broken_links, count_entries
from app.store.db import Database
from tests.api.conftest import Clock
from tests.api.test_examples import in_order, send
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract

STORES_NOTHING = {
    "suggest_import_profile",
    "validate_framework",
    "check_draft",
    "check_letter_template",
    "score_what_if",
}
"""Operations that are not GET and only answer a question."""


async def entries(api: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """The newest entries first."""
    found: list[dict[str, Any]] = (await api.get("/v1/audit", params=query)).json()["items"]
    return found


async def test_every_write_leaves_one_entry_with_its_request(api: httpx.AsyncClient, contract: Contract) -> None:
    for operation in in_order(contract):
        before = len(await entries(api))
        answer = await send(api, operation)
        expected = 1 if operation.writes and operation.id not in STORES_NOTHING else 0

        after = await entries(api)

        assert len(after) - before == expected, operation.id
        if expected:
            assert after[0]["request_id"] == answer.headers["x-request-id"]
            assert after[0]["actor"] == "bootstrap"


async def test_an_entry_says_how_it_was_and_how_it_is(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_units(api, [a_unit()])
    clock.forward(minutes=5)

    await api.patch("/v1/units/H60", json={"name": "Tỉnh Tuyên Quang"})

    newest = (await entries(api, subject="unit:H60"))[0]
    assert newest["at"] == "2026-10-12T01:35:00Z"
    assert newest["before"]["H60"]["versions"][0][0] == "UBND tỉnh Tuyên Quang"
    assert newest["after"]["H60"]["versions"][0][0] == "Tỉnh Tuyên Quang"


async def test_the_actor_is_the_key_by_name(api: httpx.AsyncClient, as_key: Callable[..., httpx.AsyncClient]) -> None:
    await with_units(api, [a_unit(), a_commune()])

    await with_figures(as_key(Scope.VALUES_WRITE, unit="H60"), some_figures("H60.100"))

    newest = (await entries(api))[0]
    assert (newest["actor"], newest["action"], newest["subject"]) == ("clerk-1", "import.applied", "import:1")
    assert newest["after"]["created"] == 1
    assert "chiso_" not in str(await entries(api))


async def test_a_write_that_changes_nothing_leaves_no_entry(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})
    await api.post("/v1/frameworks", json=a_framework())
    before = await entries(api)

    again = [
        await api.put("/v1/units/H60", json={"name": "UBND tỉnh Tuyên Quang", "level": "province"}),
        await api.patch("/v1/units/H60", json={}),
        await api.post("/v1/units/import", json=[a_unit()]),
        await api.put("/v1/periods/2024-07/lock"),
        await api.delete("/v1/periods/2024-08/lock"),
        await api.post("/v1/frameworks", json=a_framework()),
    ]

    assert {each.status_code for each in again} == {200}
    assert await entries(api) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/units/H61", {"name": "A", "level": "province", "parent": "H99"}),
        ("POST", "/v1/imports", some_figures("H99")),
        ("POST", "/v1/imports?dry_run=true", some_figures("H60")),
        ("POST", "/v1/units/import?dry_run=true", [a_commune()]),
        ("POST", "/v1/unit-events", {"kind": "abolish", "effective_on": "2025-07-01", "from": ["H99"]}),
        ("POST", "/v1/frameworks", {"code": "x"}),
        ("PUT", "/v1/periods/2024-13/lock", {}),
    ],
)
async def test_what_is_refused_or_only_asked_leaves_no_entry(
    method: str, path: str, body: Any, api: httpx.AsyncClient
) -> None:
    await with_units(api, [a_unit()])
    before = await entries(api)

    await api.request(method, path, json=body)

    assert await entries(api) == before


async def test_entries_are_found_by_what_they_say(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_units(api, [a_unit()])
    later = clock.forward(hours=1)
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})

    locked = await entries(api, action="period.locked")

    assert [each["subject"] for each in locked] == ["period:2024-07"]
    assert await entries(api, since=later.isoformat()) == locked
    assert await entries(api, subject="period:2024-07") == locked
    assert locked[0] not in await entries(api, until="2026-10-12T01:30:00.999999Z")
    assert {each["actor"] for each in await entries(api, actor="chiso")} == {"chiso"}
    assert await entries(api, actor="nobody") == []


async def test_the_history_of_a_unit_is_whatever_stated_or_changed_it(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.1"), a_commune("H60.10")])
    await with_units(api, [a_commune("H60.10", name="UBND xã A"), a_commune("H60.2")])
    await api.patch("/v1/units/H60.1", json={"name": "UBND xã B"})
    moved = {"kind": "rename", "effective_on": "2025-07-01", "from": ["H60.1"], "name": "UBND phường B"}
    await api.post("/v1/unit-events", json=moved)
    merged = {"kind": "merge", "effective_on": "2026-01-01", "from": ["H60.1"], "to": [{"unit": "H60.10"}]}
    await api.post("/v1/unit-events", json=merged)
    await with_figures(api, some_figures("H60.1"))

    history = {code: [each["subject"] for each in await entries(api, unit=code)] for code in ("H60.1", "H60.10")}

    assert history == {
        "H60.1": ["unit_event:2", "unit_event:1", "unit:H60.1", "units"],
        "H60.10": ["unit_event:2", "units", "units"],
    }
    assert [each["action"] for each in await entries(api, unit="H60.1", subject="unit:H60.1")] == ["units.stated"]
    assert await entries(api, unit="H61") == []


async def test_each_entry_names_the_hash_of_the_one_before(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])

    newest_first = await entries(api)

    assert [each["id"] for each in newest_first] == list(range(len(newest_first), 0, -1))
    hashes = [each["hash"] for each in newest_first]
    assert [each["previous"] for each in newest_first] == [*hashes[1:], "0" * 64]


TAMPERINGS = {
    "nothing": ("SELECT 1", []),
    "who it was": ("UPDATE audit SET actor = 'someone' WHERE id = 2", [2]),
    "what it was about": ("UPDATE audit SET subject = 'unit:H19' WHERE id = 3", [3]),
    "when it was": ("UPDATE audit SET at = at - 1 WHERE id = 2", [2]),
    "how it was before": ("UPDATE audit SET before = '[]' WHERE id = 1", [1]),
    "how it was after": ("""UPDATE audit SET after = '{"digest": "0"}' WHERE id = 1""", [1]),
    "its hash": ("UPDATE audit SET hash = 'f' WHERE id = 2", [2, 3]),
    "an entry is gone": ("DELETE FROM audit WHERE id = 2", [3]),
    "the first is gone": ("DELETE FROM audit WHERE id = 1", [2]),
    "the last is gone": ("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)", [10]),
    "the last two are gone": ("DELETE FROM audit WHERE id >= 9", [9]),
    "all are gone": ("DELETE FROM audit", [1]),
    "two have changed places": ("UPDATE audit SET id = CASE id WHEN 2 THEN 99 ELSE id END", [3, 99, 100]),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_what_is_done_to_the_trace_shows(tampering: str, api: httpx.AsyncClient, database: Database) -> None:
    await with_units(api, [a_unit()])
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})
    statement, expected = TAMPERINGS[tampering]
    with database.writing() as session:
        session.execute(text(statement))

    with database.reading() as session:
        found = sorted({number for number, _ in broken_links(session)})

    assert found == expected


def test_an_empty_trace_is_whole(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as session:
        found = list(broken_links(session))
        length = count_entries(session)
    database.dispose()

    assert (found, length) == ([], 0)
