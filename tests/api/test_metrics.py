"""`GET /metrics`: what the service counts and measures, for Prometheus."""

import asyncio
import threading
from typing import Any

import httpx
import pytest
from anyio import to_thread
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from app.services.imports.job_steps import enqueue_import
from app.store.db import USUAL, Database
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_unit, bearer, some_figures, with_figures, with_units
from tests.support.metrics import asked, figures_of
from tests.support.rival import CALLER

Client = httpx.AsyncClient
BOARD = "/v1/scores?period=2024-07&level=province"


async def figures(client: Client) -> dict[str, float]:
    return figures_of(await client.get("/metrics"))


async def test_answered_requests_are_counted_by_operation_and_status(anonymous: Client) -> None:
    before = await figures(anonymous)

    await anonymous.get("/v1/units")
    await anonymous.get("/v1/units/H99")
    await anonymous.get("/v1/nothing-here")
    after = await figures(anonymous)

    for series in (asked("read_units", 200), asked("read_unit", 404), asked("none", 404)):
        assert after[series] == before.get(series, 0) + 1


async def test_nothing_that_is_sent_makes_a_series(anonymous: Client) -> None:
    for path in ("/v1/nothing-here", "/v1/units/H99"):
        await anonymous.get(path)
    await anonymous.put("/v1/units")
    before = await figures(anonymous)

    for number in range(20):
        await anonymous.get(f"/v1/nothing-{number}?{number}", headers={"X-Request-Id": f"of-{number}"})
        await anonymous.get(f"/v1/units/H{number}")
        await anonymous.request(f"METHOD{number}", "/v1/units")
    after = await figures(anonymous)

    assert after.keys() == before.keys()


async def test_what_is_kept_is_counted_as_it_is_asked_for(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures())
    before = await figures(api)

    for _ in range(3):
        await api.get(BOARD)
    after = await figures(api)

    found, missing = (
        'chiso_cache_lookups_total{cache="answers",found="yes"}',
        'chiso_cache_lookups_total{cache="answers",found="no"}',
    )
    assert after[found] == before.get(found, 0) + 2
    assert after[missing] == before.get(missing, 0) + 1
    assert after['chiso_cache_lookups_total{cache="scored",found="no"}'] > 0
    assert 0 < after['chiso_kept_bytes{worker="0"}'] < after['chiso_kept_bytes_limit{worker="0"}']
    assert after['chiso_resident_bytes{worker="0"}'] > 10_000_000


async def test_imports_are_counted_by_what_became_of_them(api: Client) -> None:
    await with_units(api, [a_unit()])
    before = await figures(api)

    await with_figures(api, some_figures())
    await with_figures(api, some_figures())
    for broken in (some_figures("H99"), b"no file at all"):
        kind = (
            {"content": broken, "headers": {"Content-Type": "text/csv"}}
            if isinstance(broken, bytes)
            else {"json": broken}
        )
        assert (await api.post("/v1/imports", **kind)).status_code == 422
    after = await figures(api)

    def more(series: str) -> float:
        return after[series] - before.get(series, 0)

    assert more('chiso_imports_total{outcome="applied"}') == 2
    assert more('chiso_imports_total{outcome="rejected"}') == 2
    assert more('chiso_import_rows_total{outcome="created"}') == len(some_figures())
    assert more('chiso_import_rows_total{outcome="unchanged"}') == len(some_figures())


@pytest.mark.parametrize("query", [{"create_units": "true"}, {"sheet": "x"}, {"layout": "portal"}])
async def test_an_import_that_is_refused_before_its_file_is_opened_is_counted(
    api: Client, query: dict[str, str]
) -> None:
    before = await figures(api)

    for tried in ("true", "false"):
        answer = await api.post("/v1/imports", params={**query, "dry_run": tried}, json=some_figures())
        assert answer.status_code == 422 or tried == "true", answer.text
    after = await figures(api)

    names = [f'chiso_{kind}_total{{outcome="rejected"}}' for kind in ("imports", "import_dry_runs")]
    assert [after[each] - before.get(each, 0) for each in names] == [1, 1]


@pytest.mark.parametrize(
    ("kind", "sent", "status"), [("image/png", b"x", 415), ("application/json", b"[{", 400), ("text/csv", b"", 400)]
)
async def test_a_file_that_cannot_be_read_is_counted_as_refused(
    api: Client, kind: str, sent: bytes, status: int
) -> None:
    series = 'chiso_imports_total{outcome="rejected"}'
    before = await figures(api)

    answer = await api.post("/v1/imports", content=sent, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert (await figures(api))[series] == before.get(series, 0) + 1


async def test_an_import_that_is_only_tried_is_counted_apart(api: Client) -> None:
    await with_units(api, [a_unit()])
    before = await figures(api)

    for tried in (some_figures(), some_figures("H99")):
        assert (await api.post("/v1/imports?dry_run=true", json=tried)).status_code == 200
    after = await figures(api)

    def more(outcome: str) -> tuple[float, float]:
        names = [f'chiso_{kind}_total{{outcome="{outcome}"}}' for kind in ("import_dry_runs", "imports")]
        dry, done = (after.get(each, 0) - before.get(each, 0) for each in names)
        return dry, done

    assert (more("planned"), more("rejected")) == ((1, 0), (1, 0))


async def test_waiting_to_write_is_measured(api: Client) -> None:
    before = await figures(api)

    await with_units(api, [a_unit()])
    after = await figures(api)

    for series in ("chiso_write_lock_wait_seconds_count", 'chiso_limit_wait_seconds_count{limit="writers"}'):
        assert after[series] > before[series]


async def test_a_write_that_finds_no_room_to_wait_is_counted(api: Client, service: FastAPI) -> None:
    writers, refused = service.state.concurrency_limits.writers, 'chiso_limit_refused_total{limit="writers"}'
    before = await figures(api)

    async with writers.place():
        writers.waiting = 0
        busy = await figures(api)
        answer = await api.put("/v1/units/H60", json=a_unit())
    after = await figures(api)

    assert answer.status_code == 503
    assert busy['chiso_limit_working{limit="writers"}'] == 1
    assert after[refused] == before[refused] + 1


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_whoever_watches_the_service_is_answered_while_every_thread_is_busy(api: Client, path: str) -> None:
    threads, borrowers = to_thread.current_default_thread_limiter(), [object() for _ in range(100)]
    for each in borrowers[: int(threads.available_tokens)]:
        threads.acquire_on_behalf_of_nowait(each)
    try:
        async with asyncio.timeout(10):
            answer = await api.get(path)
    finally:
        for each in borrowers[: threads.borrowed_tokens]:
            threads.release_on_behalf_of(each)

    assert answer.status_code == 200


async def test_the_room_on_the_disk_is_told_of_a_database_that_is_away(
    api: Client, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, version = threading.Event(), service.state.data_version
    monkeypatch.setattr(version, "patience_s", 0.02)
    version.versions.thread.submit(answers.wait, 10)  # the thread in which the database is asked

    told = await figures(api)

    answers.set()
    assert told["chiso_database_up"] == 0
    assert told["chiso_free_bytes"] > 0


async def test_connections_to_the_database_are_measured(api: Client, database: Database) -> None:
    with database.reading() as session:
        session.connection()
        used = await figures(api)
    unused = await figures(api)

    assert used['chiso_database_connections{state="used"}'] == unused['chiso_database_connections{state="used"}'] + 1
    assert used["chiso_database_connections_limit"] == 20


async def test_a_lost_and_an_old_import_are_found_in_the_database(
    anonymous: Client, database: Database, clock: Clock
) -> None:
    none = await figures(anonymous)
    with database.writing() as session:
        enqueue_import(session, CALLER, "request")
    clock.forward(seconds=USUAL.lease_s + 5)
    one = await figures(anonymous)

    assert (none["chiso_jobs_oldest_seconds"], none["chiso_jobs_lost"]) == (0, 0)
    assert (one["chiso_jobs_oldest_seconds"], one["chiso_jobs_lost"]) == (65, 1)


async def test_what_the_database_holds_is_asked_in_two_indexed_questions(
    anonymous: Client, service: FastAPI, database: Database
) -> None:
    versions: Any = service.state.data_version.versions
    await figures(anonymous)
    sent: list[str] = []
    ask = versions._ask

    def noted(statement: str) -> Any:
        sent.append(statement)
        return ask(statement)

    versions._ask = noted
    await figures(anonymous)

    assert len(sent) == 2
    if database.url.startswith("sqlite"):  # PostgreSQL reads small tables whole
        with database.reading() as session:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1]}").all()
        assert "SCAN imports" not in str(plan)


@pytest.mark.parametrize("address", ["sqlite:////nowhere/at-all.db", "postgresql://nobody@127.0.0.1:1/none"])
async def test_a_database_that_is_away_is_told_and_hides_nothing_else(address: str) -> None:
    app = create_app(Settings(_env_file=None, database_url=address, bootstrap_key=BOOTSTRAP_KEY))
    async with Client(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        answers = [await client.get("/metrics", headers=headers) for headers in ({}, bearer(BOOTSTRAP_KEY))]
    app.state.database.dispose()

    assert [each.status_code for each in answers] == [200, 200]
    for each in map(figures_of, answers):
        assert each["chiso_database_up"] == 0
        assert each["chiso_workers"] == 1
        assert "chiso_jobs_lost" not in each


async def test_the_version_and_both_schemas_are_told(anonymous: Client, database: Database, service: FastAPI) -> None:
    told = await figures(anonymous)

    (info,) = [series for series in told if series.startswith("chiso_info{")]
    (of_database,) = [series for series in told if series.startswith("chiso_database_info{")]
    assert f'version="{service.version}"' in info
    assert f'kind="{database.engine.dialect.name}"' in of_database
    assert info[info.index("schema=") :].split('"')[1] == of_database[of_database.index("schema=") :].split('"')[1]
