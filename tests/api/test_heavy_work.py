"""Answers that take seconds: two at a time, a short queue, and over what was frozen once for all who ask."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from threading import Event, Lock
from typing import Any

import httpx
import pytest
from fastapi import Response

from app.api.frozen_answers import ENTRY, FrozenAnswers
from app.api.waiting import HEAVY, HEAVY_WAITING, WaitingRoom
from app.reports import announcement
from app.services import evaluation_checks
from tests.api.conftest import Clock
from tests.make import a_unit, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published, totals

Client = httpx.AsyncClient
MANY = 30


class Watched:
    """Work that ends when the test lets it; how often it was done, and by how many at once."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work, self.go_on, self.turn = work, Event(), Lock()
        self.inside = self.most = self.times = 0

    def __call__(self, *arguments: Any) -> Any:
        with self.turn:
            self.inside, self.times = self.inside + 1, self.times + 1
            self.most = max(self.most, self.inside)
        self.go_on.wait(20)
        with self.turn:
            self.inside -= 1
        return self.work(*arguments)


@pytest.fixture
async def evaluation(api: Client, clock: Clock) -> str:
    """The address of a published evaluation."""
    await a_province(api, clock)
    return f"/v1/evaluations/{(await published(api))['id']}"


@pytest.fixture
def verifying(monkeypatch: pytest.MonkeyPatch) -> Watched:
    watched = Watched(evaluation_checks.verify)
    monkeypatch.setattr(evaluation_checks, "verify", watched)
    return watched


async def several(api: Client, count: int) -> list[str]:
    """Addresses of evaluations of the same figures."""
    return [f"/v1/evaluations/{(await published(api))['id']}" for _ in range(count)]


async def test_two_compute_a_few_wait_and_the_others_are_told_to_come_back(
    api: Client, anonymous: Client, evaluation: str, verifying: Watched
) -> None:
    addresses = [f"{address}/verify" for address in [evaluation, *await several(api, 3)]]

    asked = {asyncio.create_task(anonymous.get(addresses[n % 4])) for n in range(MANY)}
    refused = []
    while len(asked) > HEAVY + HEAVY_WAITING:
        done, asked = await asyncio.wait(asked, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        assert done
        refused += [each.result() for each in done]
    read = await asyncio.wait_for(anonymous.get("/v1/units"), 20)
    verifying.go_on.set()
    answers = await asyncio.gather(*asked)

    assert {(each.status_code, each.json()["code"]) for each in refused} == {(503, "too_many_waiting")}
    assert {each.headers["retry-after"] for each in refused} == {"5"}
    assert {each.status_code for each in [read, *answers]} == {200}
    assert verifying.most <= HEAVY
    assert verifying.times <= len(addresses)


async def test_what_was_frozen_is_verified_once_whoever_asks_and_whatever_is_written(
    api: Client, anonymous: Client, evaluation: str, verifying: Watched
) -> None:
    verifying.go_on.set()

    first = await anonymous.get(f"{evaluation}/verify")
    await with_figures(api, totals("2024-08", {"H60.101": "1"}))
    again = await api.get(f"{evaluation}/verify")

    assert first.json()["matches"] is True
    assert again.content == first.content
    assert verifying.times == 1


@pytest.mark.parametrize("format", ["json", "docx", "xlsx", "csv"])
async def test_a_letter_over_an_evaluation_is_written_once_a_format(
    format: str, api: Client, anonymous: Client, evaluation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Watched(announcement.announcement)
    writing.go_on.set()
    monkeypatch.setattr(announcement, "announcement", writing)
    asked = {"evaluation": evaluation.rpartition("/")[2], "format": format}

    first = await anonymous.get("/v1/reports/announcement", params=asked)
    await with_units(api, [a_unit(code="H20")])
    again = await anonymous.get("/v1/reports/announcement", params=asked)

    assert again.status_code == 200, again.text
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert writing.times == 1


async def test_a_letter_of_a_draft_is_written_anew_when_it_is_published(api: Client, evaluation: str) -> None:
    draft = await drafted(api)
    letter = {"evaluation": draft["id"]}

    before = (await api.get("/v1/reports/announcement", params=letter)).json()
    await api.post(f"/v1/evaluations/{draft['id']}/publish")
    after = (await api.get("/v1/reports/announcement", params=letter)).json()

    assert before["notes"] != after["notes"] == []


async def test_a_kept_answer_is_told_to_nobody_who_may_not_see_it(
    api: Client, anonymous: Client, evaluation: str
) -> None:
    seen = await anonymous.get(f"{evaluation}/verify")
    await api.post(f"{evaluation}/withdraw", json={"reason": "Sai số liệu"})

    assert seen.status_code == 200
    assert (await anonymous.get(f"{evaluation}/verify")).status_code == 410
    assert (await api.get(f"{evaluation}/verify")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "accept", "is_heavy"),
    [
        ("/v1/values?format=xlsx", "*/*", True),
        ("/v1/values?format=csv", "*/*", True),
        ("/v1/values", "application/x-ndjson", True),
        ("/v1/units?format=xlsx", "*/*", True),
        ("/v1/audit?format=csv", "*/*", True),
        ("/v1/scores?period=2024-07&level=province&format=json-stat", "*/*", True),
        ("/v1/values?format=csv&limit=100", "*/*", False),
        ("/v1/values", "*/*", False),
        ("/v1/units", "text/html,*/*;q=0.8", False),
    ],
)
async def test_a_list_that_leaves_whole_is_heavy_and_a_page_of_it_is_not(
    api: Client, evaluation: str, monkeypatch: pytest.MonkeyPatch, asked: str, accept: str, is_heavy: bool
) -> None:
    entered: list[str] = []

    def place(room: WaitingRoom) -> AbstractAsyncContextManager[None]:
        entered.append(room.retry_after)
        return nullcontext()

    monkeypatch.setattr(WaitingRoom, "place", place)

    answered = await api.get(asked, headers={"Accept": accept})

    assert answered.status_code == 200
    assert entered == ["5"] * is_heavy


class TestFrozenAnswers:
    def test_the_one_not_asked_for_longest_makes_way(self) -> None:
        made: list[str] = []
        answers = FrozenAnswers(4 * (100 + ENTRY))

        def ask(name: str) -> None:
            def make() -> Response:
                made.append(name)
                return Response(b"x" * 100)

            assert answers.answer(name, make).body == b"x" * 100

        for name in ("a", "b", "c", "d", "a", "e", "a", "b"):
            ask(name)

        assert made == ["a", "b", "c", "d", "e", "b"]
        assert answers.size <= answers.memory

    def test_empty_ones_are_bounded_too(self) -> None:
        answers = FrozenAnswers(10 * ENTRY)

        for number in range(50):
            answers.answer(number, lambda: Response(b""))

        assert list(answers.kept) == list(range(40, 50))

    def test_one_that_fails_is_not_kept(self) -> None:
        answers = FrozenAnswers(2 * ENTRY)

        def fail() -> Response:
            raise ZeroDivisionError

        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                answers.answer("a", fail)
        assert answers.answer("a", lambda: Response(b"x")).body == b"x"
