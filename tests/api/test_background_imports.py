"""Imports that are answered before they are done: 202, where to look, and what is found there in the end."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from app.services.imports.files import LARGE
from app.services.rights import Scope
from app.store.db import Database
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

ASYNC = {"Prefer": "respond-async"}
SAID = ("Content-Type", "Location", "Preference-Applied", "Retry-After")
HEADER, ROW = b"unit,period,indicator,value\n", b"H60,2024-07,total_points,81.77\n"


@pytest.fixture(autouse=True)
def at_work(service: FastAPI) -> Iterator[None]:
    """The service as it is between its start and its stop."""
    service.state.jobs.start()
    yield
    service.state.jobs.stop()


@pytest.fixture(autouse=True)
async def units(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100")])


async def taken(api: httpx.AsyncClient, rows: object, **headers: str) -> httpx.Response:
    """The answer to an import that is asked for in the background."""
    answer = await api.post("/v1/imports", json=rows, headers={**ASYNC, **headers})
    assert answer.status_code == 202, answer.text
    return answer


async def ended(api: httpx.AsyncClient, answer: httpx.Response, **headers: str) -> dict[str, Any]:
    """What is found where an answer points to, once the import has ended."""
    for _ in range(500):
        found = await api.get(answer.headers["Location"], headers=headers)
        record: dict[str, Any] = found.json()
        if record["status"] != "running":
            return record
        assert int(found.headers["Retry-After"]) > 0
        await asyncio.sleep(0.01)
    raise AssertionError("the import does not end")


async def test_an_import_in_the_background_leaves_the_same_changes_as_any_other(api: httpx.AsyncClient) -> None:
    start = (await api.get("/v1/changes")).json()["next"]
    rows = some_figures("H60", "H60.100") + some_figures("H60.100", period="2024-08")

    await ended(api, await taken(api, rows))

    found = (await api.get("/v1/changes", params={"after": start})).json()["items"]
    assert [(each["kind"], each["action"], each["period"], each["unit"], each["subject"]) for each in found] == [
        ("imports", "applied", None, None, "import:1"),
        ("values", "imported", "2024-07", "H60", "import:1"),
        ("values", "imported", "2024-07", "H60.100", "import:1"),
        ("values", "imported", "2024-08", "H60.100", "import:1"),
    ]


async def test_an_import_in_the_background_that_is_refused_is_told_of_too(api: httpx.AsyncClient) -> None:
    start = (await api.get("/v1/changes")).json()["next"]

    await ended(api, await taken(api, some_figures("H60", indicator="nothing_known")))

    found = (await api.get("/v1/changes", params={"after": start})).json()["items"]
    assert [(each["kind"], each["action"], each["path"]) for each in found] == [
        ("imports", "rejected", "/v1/imports/1")
    ]


async def test_an_import_that_need_not_be_waited_for_is_answered_at_once(api: httpx.AsyncClient) -> None:
    answer = await taken(api, some_figures("H60", "H60.100"))

    body = answer.json()
    assert answer.headers["Location"] == f"/v1/imports/{body['id']}"
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert int(answer.headers["Retry-After"]) > 0
    assert (body["status"], body["rows"], body["progress"], body["known_at"]) == ("running", 0, 0, None)
    record = await ended(api, answer)
    assert record["id"] == body["id"]
    assert (record["status"], record["rows"], record["created"]) == ("applied", 2, 2)
    assert (record["progress"], record["problem"], record["actor"]) == (None, None, "bootstrap")
    assert record["requested_at"] == body["requested_at"]
    assert record["known_at"] is not None


@pytest.mark.parametrize("prefer", ["wait=10, respond-async", "Respond-Async; x=1", "handling=lenient,respond-async"])
async def test_the_preference_is_found_among_others(api: httpx.AsyncClient, prefer: str) -> None:
    assert (await taken(api, some_figures(), Prefer=prefer)).headers["Preference-Applied"] == "respond-async"


@pytest.mark.parametrize("prefer", ["respond-asynchronously", "wait=10", ""])
async def test_what_is_not_the_preference_is_not_taken_for_it(api: httpx.AsyncClient, prefer: str) -> None:
    answer = await api.post("/v1/imports", json=some_figures(), headers={"Prefer": prefer})

    assert (answer.status_code, answer.json()["status"]) == (200, "applied")


@pytest.mark.parametrize(("lines", "status"), [(LARGE, 200), (LARGE + 1, 202)])
async def test_a_large_file_goes_to_the_background_by_itself(api: httpx.AsyncClient, lines: int, status: int) -> None:
    body = HEADER + ROW + b"\n" * (lines - 2)

    answer = await api.post("/v1/imports", content=body, headers={"Content-Type": "text/csv"})

    assert answer.status_code == status
    assert "Preference-Applied" not in answer.headers
    if status == 202:
        assert (await ended(api, answer))["created"] == 1


async def test_rates_that_look_like_fractions_are_refused_there_too(api: httpx.AsyncClient) -> None:
    rows = [{"unit": "H60", "period": f"2024-0{n}", "indicator": "on_time", "value": f"0.9{n}"} for n in (1, 2, 3)]

    record = await ended(api, await taken(api, rows))

    assert (record["status"], record["rejected"]) == ("rejected", 3)
    assert [each["code"] for each in record["errors"]] == ["rate_looks_like_fraction"]


async def test_files_of_a_form_outlive_their_request(api: httpx.AsyncClient) -> None:
    form = {"file": ("thang-7.csv", HEADER + ROW, "text/csv")}

    answer = await api.post("/v1/imports", files=form, headers=ASYNC)

    assert answer.status_code == 202
    assert (await ended(api, answer))["created"] == 1


async def test_saved_answers_of_the_portal_are_imported_in_the_background_too(api: httpx.AsyncClient) -> None:
    saved = [{"ID": "7", "TEN": "UBND tỉnh Đồng Nai", "MA_COQUAN": "H19", "TONG_SCORE": "81.77"}]
    query = {"layout": "portal", "period": "2024-06", "create_units": "true"}

    answer = await api.post("/v1/imports", json=saved, params=query, headers=ASYNC)

    assert (await ended(api, answer))["status"] == "applied"
    assert (await api.get("/v1/units/H19")).status_code == 200


async def test_units_of_a_refused_import_are_taken_back_with_it(api: httpx.AsyncClient) -> None:
    saved = [{"ID": "7", "TEN": "UBND tỉnh Đồng Nai", "MA_COQUAN": "H19", "TONG_SCORE": "81.77"}]
    query = {"layout": "portal", "period": "2024-06", "create_units": "true"}
    await api.put("/v1/periods/2024-06/lock", json={"reason": "Đã công bố"})
    trace = (await api.get("/v1/audit")).json()

    answer = await api.post("/v1/imports", json=saved, params=query, headers=ASYNC)

    assert (await ended(api, answer))["status"] == "rejected"
    assert (await api.get("/v1/units/H19")).status_code == 404
    assert (await api.get("/v1/audit")).json() == trace


async def test_a_dry_run_is_never_in_the_background(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/imports", params={"dry_run": True}, json=some_figures(), headers=ASYNC)

    assert (answer.status_code, answer.json()["status"]) == (200, "planned")


async def test_a_service_that_does_not_work_in_the_background_imports_at_once(
    api: httpx.AsyncClient, service: FastAPI
) -> None:
    service.state.jobs.stop()

    answer = await api.post("/v1/imports", json=some_figures(), headers=ASYNC)

    assert (answer.status_code, answer.json()["status"]) == (200, "applied")
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize("language", ["en", "vi"])
async def test_who_asks_later_is_told_what_the_refusal_would_have_said(api: httpx.AsyncClient, language: str) -> None:
    rows, spoken = [*some_figures("H60"), *some_figures("H6O", "H99")], {"Accept-Language": language}

    refusal = (await api.post("/v1/imports", json=rows, headers=spoken)).json()
    record = await ended(api, await taken(api, rows), **spoken)

    said = {name: refusal[name] for name in ("type", "title", "status", "detail", "code")}
    assert {**record["problem"], "request_id": ""} == {**said, "request_id": ""}
    assert record["errors"] == refusal["errors"]
    counts = ("rows", "created", "updated", "unchanged", "rejected")
    assert [record[name] for name in counts] == [refusal[name] for name in counts]
    assert (record["status"], record["known_at"]) == ("rejected", None)
    assert (await api.get("/v1/values")).json()["items"] == []


async def test_a_plan_that_the_world_has_overtaken_is_refused_in_the_background_too(api: httpx.AsyncClient) -> None:
    plan = (await api.post("/v1/imports", json=some_figures(), params={"dry_run": True})).json()["plan"]
    await with_figures(api, some_figures(numerator=1))

    answer = await api.post("/v1/imports", json=some_figures(), params={"plan": plan}, headers=ASYNC)

    record = await ended(api, answer)
    assert (record["status"], record["problem"]["status"]) == ("rejected", 409)
    assert record["problem"]["code"] == "plan_changed"


async def test_what_can_be_seen_at_once_is_refused_at_once(api: httpx.AsyncClient) -> None:
    answers = [
        await api.post("/v1/imports", json=[], params={"period": "T7"}, headers=ASYNC),
        await api.post("/v1/imports", content=b"PK", headers={**ASYNC, "Content-Type": "application/msword"}),
    ]

    assert [each.status_code for each in answers] == [422, 415]
    assert (await api.get("/v1/imports")).json()["items"] == []


async def test_the_same_request_again_is_answered_with_the_same_import(api: httpx.AsyncClient) -> None:
    first = await taken(api, some_figures(), **{"Idempotency-Key": "thang-7"})
    again = await taken(api, some_figures(), **{"Idempotency-Key": "thang-7"})

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert {name: again.headers[name] for name in SAID} == {name: first.headers[name] for name in SAID}
    assert (await ended(api, first))["status"] == "applied"
    assert len((await api.get("/v1/imports")).json()["items"]) == 1


async def test_a_repeated_request_need_not_wait_for_the_import_that_it_asked_for(
    api: httpx.AsyncClient, database: Database
) -> None:
    first = await taken(api, some_figures(), **{"Idempotency-Key": "thang-7"})
    await ended(api, first)

    with database.writing():  # as a long import does
        again = await asyncio.wait_for(taken(api, some_figures(), **{"Idempotency-Key": "thang-7"}), timeout=5)

    assert again.headers["Location"] == first.headers["Location"]


async def test_imports_in_the_background_are_listed_and_leave_one_entry_in_the_trace(api: httpx.AsyncClient) -> None:
    answer = await taken(api, some_figures(), **{"X-Request-Id": "clerk-7"})
    record = await ended(api, answer)

    listed = (await api.get("/v1/imports")).json()["items"]
    trace = (await api.get("/v1/audit", params={"subject": f"import:{record['id']}"})).json()["items"]
    assert listed == [record]
    assert [(each["action"], each["actor"], each["request_id"]) for each in trace] == [
        ("import.applied", "bootstrap", "clerk-7")
    ]


async def test_a_subtree_key_imports_for_its_own_units_only(as_key: Callable[..., httpx.AsyncClient]) -> None:
    clerk = as_key(Scope.VALUES_READ, Scope.VALUES_WRITE, unit="H60.100")

    inside = await ended(clerk, await taken(clerk, some_figures("H60.100")))
    outside = await ended(clerk, await taken(clerk, some_figures("H60")))

    assert (inside["status"], outside["status"]) == ("applied", "rejected")
    assert [each["code"] for each in outside["errors"]] == ["unit_forbidden"]


async def test_what_stored_nothing_cannot_be_undone(api: httpx.AsyncClient) -> None:
    record = await ended(api, await taken(api, some_figures("H99")))

    answer = await api.post(f"/v1/imports/{record['id']}/undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "import_not_applied")


async def test_what_was_stored_in_the_background_can_be_undone(api: httpx.AsyncClient) -> None:
    record = await ended(api, await taken(api, some_figures()))

    answer = await api.post(f"/v1/imports/{record['id']}/undo")

    assert (answer.status_code, answer.json()["undoes"]) == (200, record["id"])


async def test_imports_under_way_are_counted_for_those_who_watch(api: httpx.AsyncClient) -> None:
    metrics = (await api.get("/metrics")).text

    assert 'chiso_jobs{kind="import",state="queued"} 0.0' in metrics
    assert 'chiso_jobs{kind="import",state="running"} 0.0' in metrics


async def test_a_service_works_in_the_background_from_its_start_to_its_stop(settings: Settings) -> None:
    app = create_app(settings)
    before = app.state.jobs.takes

    async with app.router.lifespan_context(app):
        during = app.state.jobs.takes

    assert (before, during, app.state.jobs.takes) == (False, True, False)
