"""Answers that take seconds: two at a time, a short queue, and over what was frozen once for all who ask."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from itertools import permutations
from threading import Event, Lock
from typing import Any

import httpx
import pytest
from fastapi import Response

from app.api.concurrency_limits import ANONYMOUS_HEAVY, ANONYMOUS_HEAVY_WAITING, HEAVY, HEAVY_WAITING, ConcurrencyLimit
from app.api.evaluation_cache import ENTRY, LARGE, EvaluationCache
from app.reports import announcement
from app.reports.fields import fields
from app.reports.letter import whole
from app.services import evaluation_checks
from app.store.memory import ENTRY as OF_MEMORY
from app.store.memory import Memory
from tests.api.conftest import Clock
from tests.make import a_unit, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published, totals

Client = httpx.AsyncClient
MANY = HEAVY + HEAVY_WAITING + 6


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


def telling(number: int) -> dict[str, str]:
    """Headers of a question of its own: the formats that are welcome stand in another order."""
    formats = ("application/json", "text/csv", "application/x-ndjson", "application/vnd.json-stat+json")
    orders = list(permutations(formats))
    return {
        "Accept": ", ".join(orders[number % len(orders)]),
        "Accept-Language": "vi" if number // len(orders) % 2 else "en",
    }


async def test_two_compute_a_few_wait_and_the_others_are_told_to_come_back(
    api: Client, anonymous: Client, evaluation: str, verifying: Watched
) -> None:
    asked = {asyncio.create_task(api.get(f"{evaluation}/verify", headers=telling(n))) for n in range(MANY)}
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
    assert verifying.times == len(answers)


async def test_however_many_ask_without_a_key_those_with_one_find_a_place(
    api: Client, anonymous: Client, evaluation: str, verifying: Watched
) -> None:
    asked = {asyncio.create_task(anonymous.get(f"{evaluation}/verify", headers=telling(n))) for n in range(MANY)}
    while len(asked) > ANONYMOUS_HEAVY + ANONYMOUS_HEAVY_WAITING:
        done, asked = await asyncio.wait(asked, timeout=20, return_when=asyncio.FIRST_COMPLETED)
        assert {each.result().status_code for each in done} == {503}
    with_key = await asyncio.wait_for(api.get("/v1/values?format=csv"), 20)
    verifying.go_on.set()
    answers = await asyncio.gather(*asked)

    assert with_key.status_code == 200
    assert {each.status_code for each in answers} == {200}
    assert verifying.most == ANONYMOUS_HEAVY


async def test_what_was_frozen_is_read_by_two_at_a_time(
    anonymous: Client, evaluation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Watched(evaluation_checks.fingerprint)
    monkeypatch.setattr(evaluation_checks, "fingerprint", reading)

    asked = [asyncio.create_task(anonymous.get(f"{evaluation}/verify")) for _ in range(MANY)]
    read = await asyncio.wait_for(anonymous.get("/v1/units"), 20)
    reading.go_on.set()
    answers = await asyncio.gather(*asked)

    assert {each.status_code for each in [read, *answers]} == {200}
    assert reading.most <= HEAVY


async def test_those_who_ask_the_same_take_one_place_and_a_kept_answer_takes_none(
    api: Client, evaluation: str, verifying: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[str] = []
    place = ConcurrencyLimit.place

    def counted(room: ConcurrencyLimit) -> AbstractAsyncContextManager[None]:
        entered.append(room.retry_after)
        return place(room)

    monkeypatch.setattr(ConcurrencyLimit, "place", counted)
    verifying.go_on.set()
    together = await asyncio.gather(*(api.get(f"{evaluation}/verify") for _ in range(MANY)))
    later = await api.get(f"{evaluation}/verify")
    letter = f"/v1/reports/announcement?evaluation={evaluation.rpartition('/')[2]}"
    await api.get(letter)
    await with_units(api, [a_unit(code="H20")])
    entered_before = len(entered)
    again = await api.get(letter)

    assert {each.status_code for each in [*together, later, again]} == {200}
    assert verifying.times == 1
    assert entered.count("5") == 2
    assert len(entered) == entered_before


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
    writing = Watched(whole.letter_parts)
    writing.go_on.set()
    monkeypatch.setattr(announcement, "letter_parts", writing)
    asked = {"evaluation": evaluation.rpartition("/")[2], "format": format}

    first = await anonymous.get("/v1/reports/announcement", params=asked)
    await with_units(api, [a_unit(code="H20")])
    again = await anonymous.get("/v1/reports/announcement", params=asked)

    assert again.status_code == 200, again.text
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert writing.times == 1


@pytest.mark.parametrize(
    ("asked", "times"),
    [
        ({"format": "json"}, 1),
        ({"format": "docx", "letter": "announcement"}, 1),
        ({"format": "docx"}, 0),
        ({"format": "xlsx"}, 0),
    ],
)
async def test_the_fields_of_a_letter_are_gathered_where_they_are_shown(
    api: Client, evaluation: str, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], times: int
) -> None:
    gathering = Watched(fields.fields_of)
    gathering.go_on.set()
    monkeypatch.setattr(announcement, "fields_of", gathering)

    answer = await api.get("/v1/reports/announcement", params={"period": "2024-07", "under": "H60", **asked})

    assert answer.status_code == 200, answer.text
    assert gathering.times == times


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

    def place(room: ConcurrencyLimit) -> AbstractAsyncContextManager[None]:
        entered.append(room.retry_after)
        return nullcontext()

    monkeypatch.setattr(ConcurrencyLimit, "place", place)

    answered = await api.get(asked, headers={"Accept": accept})

    assert answered.status_code == 200
    assert entered == ["5"] * is_heavy


class TestFrozenAnswers:
    async def test_the_one_not_asked_for_longest_makes_way(self) -> None:
        made: list[str] = []
        answers = EvaluationCache(Memory(4 * (100 + ENTRY + OF_MEMORY)))

        async def ask(name: str) -> None:
            async def compute() -> Response:
                made.append(name)
                return Response(b"x" * 100)

            assert (await answers.answer(name, compute)).body == b"x" * 100

        for name in ("a", "b", "c", "d", "a", "e", "a", "b"):
            await ask(name)

        assert made == ["a", "b", "c", "d", "e", "b"]
        assert answers.memory.size <= answers.memory.room

    async def test_a_large_one_is_kept_though_it_is_larger_than_its_share(self) -> None:
        made: list[str] = []
        answers = EvaluationCache(Memory(4 * (ENTRY + OF_MEMORY) + LARGE))

        async def compute() -> Response:
            made.append("once")
            return Response(b"x" * 2 * LARGE, headers={"Content-Language": "vi"})

        first, again = [await answers.answer("a", compute) for _ in range(2)]

        assert (made, again.body, again.raw_headers) == (["once"], first.body, first.raw_headers)
        assert answers.memory.size < LARGE

    async def test_empty_ones_are_bounded_too(self) -> None:
        answers = EvaluationCache(Memory(10 * (ENTRY + OF_MEMORY)))

        for number in range(50):
            await answers.answer(number, empty)

        assert list(answers.memory.entries) == list(range(40, 50))

    @pytest.mark.parametrize("failure", [ZeroDivisionError, asyncio.CancelledError])
    async def test_one_that_fails_is_not_kept_and_those_who_wait_go_on(self, failure: type[BaseException]) -> None:
        answers, entered, go_on = EvaluationCache(Memory(8 * ENTRY)), asyncio.Event(), asyncio.Event()

        async def fail() -> Response:
            entered.set()
            await go_on.wait()
            raise failure

        first = asyncio.create_task(answers.answer("a", fail))
        await entered.wait()
        others = [asyncio.create_task(answers.answer("a", empty)) for _ in range(3)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait([first])

        assert [each.body for each in await asyncio.gather(*others)] == [b""] * 3
        assert first.cancelled() or isinstance(first.exception(), failure)
        assert answers.computing == {}

    async def test_what_says_so_is_not_kept(self) -> None:
        answers = EvaluationCache(Memory(8 * ENTRY))

        async def compute() -> Response:
            return Response(b"", headers={"Cache-Control": "no-store"})

        await answers.answer("a", compute)

        assert answers.memory.entries == {}


async def empty() -> Response:
    return Response(b"")
