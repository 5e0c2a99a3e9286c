"""A repeated write is answered as it was first, word for word, and never waits for the first to end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.types import Receive, Scope, Send

from app.api.concurrency_limits import ConcurrencyLimits
from app.api.idempotency import IdempotentWrite
from app.services.rights import Caller
from app.store.db import Database, DatabaseLimits
from app.store.idempotency import EXPIRED_AT_ONCE, KEPT, KEPT_ANSWER, KeptAnswer, keep
from app.store.running_requests import RunningRequests
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

EVALUATION = {"period": "2024-07", "under": "H60", "levels": ["commune"]}
WRITES: dict[str, tuple[str, Any, int]] = {
    "applied": ("/v1/imports", some_figures("H60.100"), 200),
    "refused": ("/v1/imports", some_figures("H60.999"), 422),
    "drafted": ("/v1/evaluations", EVALUATION, 201),
}
OF_EACH_ANSWER = {"x-request-id", "idempotency-replayed"}


@pytest.fixture(autouse=True)
async def world(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100")])
    await with_figures(api, some_figures("H60.100", numerator=1))


def said(headers: Mapping[str, str]) -> dict[str, str]:
    """What a client reads in the headers, without what is new with every answer."""
    return {name: value for name, value in headers.items() if name not in OF_EACH_ANSWER}


def count_expired(session: Session, present: int) -> int:
    """How many answers are past their time."""
    expired = select(func.count()).select_from(KeptAnswer).where(KEPT_ANSWER.kept_at < present - KEPT)
    return session.execute(expired).scalar_one()


@pytest.mark.parametrize("name", sorted(WRITES))
async def test_a_replay_says_all_that_was_said_first(name: str, api: httpx.AsyncClient) -> None:
    path, body, status = WRITES[name]
    headers = {"Idempotency-Key": "again", "Accept-Language": "vi"}

    first = await api.post(path, json=body, headers=headers)
    again = await api.post(path, json=body, headers=headers)

    assert (first.status_code, again.status_code, again.content) == (status, status, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert said(again.headers) == said(first.headers)
    assert ("chiso-version" in first.headers) == first.is_success


async def test_while_the_first_request_runs_the_second_is_refused_without_waiting(
    api: httpx.AsyncClient, database: Database
) -> None:
    request: dict[str, Any] = {"json": some_figures("H60.100"), "headers": {"Idempotency-Key": "slow"}}

    assert database.running.begin(("bootstrap", "slow"))
    with database.writing():  # as the first request does meanwhile
        answer = await asyncio.wait_for(api.post("/v1/imports", **request), timeout=5)
    database.running.end(("bootstrap", "slow"))
    after = await api.post("/v1/imports", **request)

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_running")
    assert answer.headers["retry-after"] == "2"
    assert after.status_code == 200


@pytest.mark.parametrize("database_limits", [DatabaseLimits(lock_wait_ms=5_000)], ids=["patient"])
@pytest.mark.parametrize("name", sorted(WRITES))
async def test_of_two_that_run_under_one_key_unseen_by_each_other_one_is_stored(
    name: str, api: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a process stood still so long that its key was given to another one, and then goes on."""
    path, body, status = WRITES[name]
    monkeypatch.setattr(RunningRequests, "begin", lambda *_: True)
    monkeypatch.setattr(RunningRequests, "end", lambda *_: None)

    with database.writing() as session:  # all have looked for an answer before the first writes
        sent = [asyncio.create_task(api.post(path, json=body, headers={"Idempotency-Key": "unseen"})) for _ in range(3)]
        await asyncio.sleep(0.3)
        session.rollback()
    answers = await asyncio.gather(*sent)

    firsts = [each for each in answers if "idempotency-replayed" not in each.headers]
    assert [each.status_code for each in firsts] == [status]
    assert {each.content for each in answers} == {firsts[0].content}
    assert len((await api.get("/v1/imports")).json()["items"]) == 2 - (name != "applied")
    assert len((await api.get("/v1/evaluations")).json()["items"]) == (name == "drafted")


async def test_of_two_requests_that_arrive_at_once_one_is_carried_out(api: httpx.AsyncClient) -> None:
    request: dict[str, Any] = {"json": some_figures("H60.100"), "headers": {"Idempotency-Key": "twice"}}

    answers = await asyncio.gather(*(api.post("/v1/imports", **request) for _ in range(4)))

    carried_out = [each for each in answers if each.is_success and "idempotency-replayed" not in each.headers]
    refused = [each.json()["code"] for each in answers if not each.is_success]
    assert len(carried_out) == 1
    assert set(refused) <= {"idempotency_key_running"}
    assert len((await api.get("/v1/imports")).json()["items"]) == 2


@pytest.mark.parametrize("database_limits", [DatabaseLimits(lock_wait_ms=500)], ids=["impatient"])
async def test_a_key_whose_request_could_not_begin_is_free(api: httpx.AsyncClient, database: Database) -> None:
    headers = {"Idempotency-Key": "later"}

    with database.writing():
        busy = await api.post("/v1/imports", json=some_figures("H60.100"), headers=headers)
    after = await api.post("/v1/imports", json=some_figures("H60.100"), headers=headers)

    assert (busy.status_code, busy.json()["code"]) == (503, "database_unavailable")
    assert (after.status_code, "idempotency-replayed" in after.headers) == (200, False)


def kept_under(database: Database, key: str) -> bool:
    with database.unversioned() as session:
        return keep(session, ("office", key), "", 200, [], b"")


def test_answers_past_their_time_go_a_few_with_each_new_one(database: Database, clock: Clock) -> None:
    for number in range(3 * EXPIRED_AT_ONCE):
        kept_under(database, f"old-{number}")
    clock.forward(days=31)

    left = []
    for number in range(3):
        assert kept_under(database, f"new-{number}")
        with database.reading() as session:
            left.append(count_expired(session, clock()))

    assert left == [2 * EXPIRED_AT_ONCE, EXPIRED_AT_ONCE, 0]


def test_a_key_whose_answer_is_past_its_time_is_free_before_older_ones_have_gone(
    database: Database, clock: Clock
) -> None:
    names = [f"old-{number}" for number in range(2 * EXPIRED_AT_ONCE)]
    for name in names:
        kept_under(database, name)
        clock.forward(seconds=1)
    clock.forward(days=31)

    assert [kept_under(database, names[-1]) for _ in range(2)] == [True, False]


async def test_a_failure_is_told_and_its_key_is_free(database: Database) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"recorded"})
        raise RuntimeError("for the log")

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        state = {"caller": Caller("clerk", frozenset())}
        await IdempotentWrite(broken, database, ConcurrencyLimits(database))({**scope, "state": state}, receive, send)

    headers = {"Idempotency-Key": "broken"}
    transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        answers = [await client.post("/v1/imports") for _ in range(2)]

    assert [(each.status_code, each.content) for each in answers] == [(500, b"recorded")] * 2


@pytest.mark.parametrize("kind", ["boundary={}", 'boundary="{}"; charset=utf-8', "Boundary={};charset=utf-8"])
async def test_a_form_sent_again_within_another_boundary_is_the_same_request(api: httpx.AsyncClient, kind: str) -> None:
    form = '--{0}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    form += "code,name,level\r\nH60,Tỉnh A,province\r\n--{0}--\r\n"

    first, again = [
        await api.post(
            "/v1/units/import",
            content=form.format(boundary).encode(),
            headers={"Content-Type": f"multipart/form-data; {kind.format(boundary)}", "Idempotency-Key": "form"},
        )
        for boundary in ("one", "another")
    ]

    assert (first.status_code, again.status_code, again.text) == (200, 200, first.text)
    assert again.headers["idempotency-replayed"] == "true"


async def test_two_keys_are_none(api: httpx.AsyncClient) -> None:
    keys = [("Idempotency-Key", "one"), ("Idempotency-Key", "other")]

    answer = await api.post("/v1/check", json={"rows": []}, headers=keys)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_invalid")
