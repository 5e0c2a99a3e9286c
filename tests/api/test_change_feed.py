"""The feed of changes: what writes leave in it, in which order, from where on, and for whom."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from app.services.rights import Scope
from app.store.changes import START, ChangeRow, record_change
from app.store.db import Database
from tests.api.conftest import Clock
from tests.api.test_audit import STORES_NOTHING
from tests.api.test_examples import in_order, send
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract

Client = httpx.AsyncClient
Feed = dict[str, Any]


async def feed(api: Client, after: Any = None, **query: Any) -> Feed:
    """A page of the feed; `after` a position, or the answer before."""
    position = after["next"] if isinstance(after, dict) else after
    answer = await api.get("/v1/changes", params={**({} if position is None else {"after": position}), **query})
    assert answer.status_code == 200, answer.text
    body: Feed = answer.json()
    assert answer.headers["Chiso-Version"] == str(body["version"])
    return body


def told(page: Feed, *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(item[name] for name in fields) for item in page["items"]]


async def test_every_write_leaves_a_change_that_leads_to_what_it_changed(api: Client, contract: Contract) -> None:
    last = await feed(api, limit=1000)
    for operation in in_order(contract):
        answer = await send(api, operation)
        writes = operation.writes and operation.id not in STORES_NOTHING
        last = await feed(api, last)

        assert bool(last["items"]) == writes, operation.id
        assert last["version"] == int(answer.headers["chiso-version"]) if writes else True
        for item in last["items"]:
            found = await api.get(item["path"])
            gone = (404, 410) if item["action"] == "withdrawn" else ()
            assert found.status_code in (200, *gone), (operation.id, item, found.text)


async def test_pages_of_any_length_tell_the_same_in_the_same_order(api: Client) -> None:
    start = await feed(api, limit=1000)
    await with_units(api, [a_unit(), a_commune(), a_commune("H60.101")])
    await with_figures(api, some_figures("H60.100", "H60.101"))
    await api.put("/v1/periods/2024-07/lock")
    whole = await feed(api, start)

    items, page = [], start
    for _ in whole["items"]:
        page = await feed(api, page, limit=1)
        items += page["items"]

    assert told(whole, "kind", "action", "unit", "period", "subject") == [
        ("units", "stated", "H60", None, "unit:H60"),
        ("units", "stated", "H60.100", None, "unit:H60.100"),
        ("units", "stated", "H60.101", None, "unit:H60.101"),
        ("imports", "applied", None, None, "import:1"),
        ("values", "imported", "H60.100", "2024-07", "import:1"),
        ("values", "imported", "H60.101", "2024-07", "import:1"),
        ("periods", "locked", None, "2024-07", "period:2024-07"),
    ]
    assert items == whole["items"]
    assert (page["more"], whole["more"]) == (False, False)
    assert (await feed(api, page))["items"] == []


async def test_a_page_that_is_not_the_last_says_so_and_leads_on(api: Client) -> None:
    start = await feed(api, limit=1000)
    await with_units(api, [a_unit(), a_commune()])

    answer = await api.get("/v1/changes", params={"after": start["next"], "limit": 1})

    assert answer.json()["more"]
    assert (await api.get(answer.links["next"]["url"])).json()["items"][0]["unit"] == "H60.100"


async def test_a_version_that_an_answer_named_is_a_position(api: Client) -> None:
    await with_units(api, [a_unit()])
    version = (await api.patch("/v1/units/H60", json={"name": "Tỉnh Tuyên Quang"})).headers["Chiso-Version"]
    await api.put("/v1/periods/2024-07/lock")

    assert told(await feed(api, version), "kind") == [("periods",)]
    assert told(await feed(api, f" {int(version) - 1}"), "kind") == [("units",), ("periods",)]


async def test_a_write_that_changes_nothing_moves_the_position_alone(api: Client) -> None:
    await with_units(api, [a_unit()])
    before = await feed(api, limit=1000)
    await with_units(api, [a_unit()])

    after = await feed(api, before)

    assert (after["items"], after["version"]) == ([], before["version"] + 1)


async def test_an_import_is_told_once_for_each_unit_and_period(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune()])
    start = await feed(api, limit=1000)
    rows = [
        row
        for period in ("2024-07", "2024-08")
        for source in ("national_portal", "manual")
        for row in some_figures("H60", "H60.100", period=period, source=source)
    ]

    await with_figures(api, rows)
    again = await feed(api, start, kinds="values")
    await with_figures(api, rows)

    assert told(again, "unit", "period") == [
        ("H60", "2024-07"),
        ("H60.100", "2024-07"),
        ("H60", "2024-08"),
        ("H60.100", "2024-08"),
    ]
    assert (await feed(api, again, kinds="values"))["items"] == []


async def test_an_import_taken_back_is_told_with_the_places_of_its_figures(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())
    start = await feed(api, limit=1000)

    await api.post("/v1/imports/1/undo")

    assert told(await feed(api, start), "kind", "action", "subject", "unit") == [
        ("imports", "undone", "import:1", None),
        ("imports", "applied", "import:2", None),
        ("values", "undone", "import:2", "H60"),
    ]


async def test_a_unit_that_an_event_names_is_told_of(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(), a_commune("H60.101")])
    start = await feed(api, limit=1000)

    merger = {
        "kind": "merge",
        "effective_on": "2025-07-01",
        "from": ["H60.100", "H60.101"],
        "to": [{"unit": "H60.100"}],
    }
    assert (await api.post("/v1/unit-events", json=merger)).status_code == 201

    assert told(await feed(api, start), "kind", "action", "unit", "subject") == [
        ("units", "merge", "H60.100", "unit_event:1"),
        ("units", "merge", "H60.101", "unit_event:1"),
    ]


async def test_results_are_told_to_everybody_when_they_are_public_and_before_that_to_their_subtree(
    api: Client, anonymous: Client, as_key: Callable[..., Client]
) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_commune(), a_commune("H61.100")])
    await with_figures(api, some_figures("H60.100"))
    own, other = as_key(Scope.VALUES_READ, unit="H60"), as_key(Scope.VALUES_READ, unit="H61")
    start = await feed(api, limit=1000)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    ids = [(await api.post("/v1/evaluations", json=order)).json()["id"] for _ in range(2)]
    for id in ids:
        assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    await api.post(f"/v1/evaluations/{ids[1]}/withdraw", json={"reason": "Sai số liệu"})

    public = [
        ("published", "evaluation:1"),
        ("superseded", "evaluation:1"),
        ("published", "evaluation:2"),
        ("withdrawn", "evaluation:2"),
    ]
    drafts = [("created", "evaluation:1"), ("created", "evaluation:2")]
    for caller, heard in ((anonymous, public), (other, public), (own, drafts + public), (api, drafts + public)):
        assert told(await feed(caller, start, kinds="evaluations"), "action", "subject") == heard


async def test_what_is_made_and_published_by_one_write_is_told_to_everybody(
    api: Client, anonymous: Client, database: Database
) -> None:
    start = await feed(api, limit=1000)
    with database.writing() as session:
        record_change(session, "evaluations", "created", "evaluation:1", unit="H60", public=False)
        record_change(session, "evaluations", "published", "evaluation:1", unit="H60")
        record_change(session, "evaluations", "changed", "evaluation:1", unit="H60", public=False)

    for caller in (anonymous, api):
        assert told(await feed(caller, start), "action", "subject") == [("published", "evaluation:1")]


async def test_a_key_hears_of_the_units_of_its_subtree_and_of_what_is_public(
    api: Client, anonymous: Client, as_key: Callable[..., Client]
) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_commune(), a_commune("H61.100")])
    own = as_key(Scope.VALUES_READ, unit="H60")
    start = await feed(api, limit=1000)
    await with_figures(api, some_figures("H60.100", "H61.100"))
    task = {"kind": "directive", "title": "Tìm nguyên nhân", "unit": "H60", "assignee": "H60.100"}
    await api.post("/v1/tasks", json=task)
    await api.post("/v1/tasks", json={**task, "unit": "H61", "assignee": "H61.100"})
    target = {"indicator": "dossier_sync", "year": 2024, "target": 90}
    await api.put("/v1/targets", json={"items": [target, {**target, "unit": "H60"}, {**target, "unit": "H61"}]})
    await api.put("/v1/periods/2024-07/lock")

    assert told(await feed(own, start), "kind", "unit") == [
        ("values", "H60.100"),
        ("tasks", "H60"),
        ("tasks", "H60.100"),
        ("targets", None),
        ("targets", "H60"),
        ("periods", None),
    ]
    assert told(await feed(anonymous, start), "kind", "unit") == [("periods", None)]


async def test_a_key_hears_of_imports_that_concern_its_subtree_alone_whoever_made_them(
    api: Client, as_key: Callable[..., Client]
) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_commune(), a_commune("H61.100")])
    own = as_key(Scope.VALUES_READ, unit="H60.100")
    start = await feed(api, limit=1000)
    mine, _, both = [
        (await api.post("/v1/imports", json=some_figures(*units))).json()["id"]
        for units in (["H60.100"], ["H61.100"], ["H60.100", "H61.100"])
    ]
    await api.post(f"/v1/imports/{both}/undo")
    await api.post(f"/v1/imports/{mine}/undo")

    heard = told(await feed(own, start, kinds="imports"), "action", "path")

    readable = (await own.get("/v1/imports")).json()["items"]
    assert {path for _, path in heard} == {f"/v1/imports/{each['id']}" for each in readable}
    assert sorted(action for action, _ in heard) == ["applied", "applied", "undone"]


@pytest.mark.parametrize("kind", ["values", "tasks", "imports", "keys"])
async def test_who_names_a_kind_that_it_may_not_read_is_refused(
    anonymous: Client, api: Client, as_key: Callable[..., Client], kind: str
) -> None:
    await with_units(api, [a_unit()])
    writer, own = as_key(Scope.UNITS_WRITE), as_key(Scope.ADMIN, unit="H60")
    path = f"/v1/changes?kinds=units,{kind}"

    refusals = [await caller.get(path) for caller in (anonymous, writer, own)]

    assert [each.status_code for each in refusals] == [401, 403, 403 if kind == "keys" else 200]
    assert (await api.get(path)).status_code == 200


async def test_keys_that_are_made_and_revoked_are_told_to_administrators_alone(
    api: Client, as_key: Callable[..., Client]
) -> None:
    start = await feed(api, limit=1000)
    reader = as_key(Scope.VALUES_READ)

    assert told(await feed(api, start), "kind", "action", "subject") == [("keys", "created", "key:clerk-1")]
    assert (await feed(reader, start))["items"] == []


async def test_a_position_that_the_data_have_not_come_to_is_refused(api: Client) -> None:
    present = (await feed(api, limit=1000))["version"]

    answer = await api.get("/v1/changes", params={"after": present + 1})

    assert (answer.status_code, answer.json()["code"]) == (410, "position_unknown")
    assert f"version {present}" in answer.json()["detail"]


async def test_a_position_of_another_history_is_refused(api: Client, database: Database, clock: Clock) -> None:
    """As after a backup was restored: the same version, reached by other writes."""
    await with_units(api, [a_unit()])
    position = await feed(api, limit=1000)
    with database.writing() as session:
        session.execute(ChangeRow.__table__.update().where(ChangeRow.kind == "units").values(known_at=1))  # type: ignore[attr-defined]

    answer = await api.get("/v1/changes", params={"after": position["next"]})

    assert (answer.status_code, answer.json()["code"]) == (410, "position_unknown")


async def test_what_changed_before_changes_were_kept_is_refused_and_not_passed_over(
    api: Client, database: Database
) -> None:
    await with_units(api, [a_unit()])
    begun = (await feed(api, limit=1000))["version"]
    row = {"kind": START, "version": begun, "unit": "", "period": "", "subject": "", "action": "begun"}
    with database.writing() as session:
        session.execute(insert(ChangeRow), [{**row, "known_at": 0, "public": False}])

    answer = await api.get("/v1/changes", params={"after": begun - 1})

    assert (answer.status_code, answer.json()["code"]) == (410, "changes_not_kept")
    assert (await feed(api, begun))["items"] == []
    assert (await feed(api))["items"] == []


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "WyJ1bml0cyIsMV0", "9" * 19])
async def test_a_position_that_is_none_is_refused_by_its_parameter(api: Client, after: str) -> None:
    answer = await api.get("/v1/changes", params={"after": after})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")
    assert answer.json()["errors"][0]["parameter"] == "after"


async def test_an_unknown_kind_is_refused_with_the_known_ones(api: Client) -> None:
    answer = await api.get("/v1/changes", params={"kinds": "units,value"})

    assert (answer.status_code, answer.json()["code"]) == (422, "kind_unknown")
    assert answer.json()["errors"][0]["suggestion"] == "values"


async def test_pages_are_as_cheap_as_their_length_however_much_has_changed(
    api: Client, count_queries: Callable[[], Any]
) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in range(100, 150))])
    page = await feed(api, limit=1000)

    with count_queries() as of_many:
        await feed(api, 0, limit=40)
    with count_queries() as of_nothing:
        await feed(api, page)

    assert (len(of_nothing), len(of_many)) == (4, 5)


async def test_with_no_anonymous_reading_nobody_hears_without_a_key(database: Database, service: FastAPI) -> None:
    service.state.settings = service.state.settings.model_copy(update={"anonymous_read": "none"})
    async with Client(transport=httpx.ASGITransport(app=service), base_url="http://test") as nobody:
        answer = await nobody.get("/v1/changes")

    assert (answer.status_code, answer.json()["code"]) == (401, "key_required")
