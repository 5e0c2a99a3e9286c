"""Several who ask the same of the data at once: one computes, and the others are answered whatever becomes of it."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.api.cached_response import CachedResponse
from app.api.response_cache import ResponseCache
from tests.make import BOOTSTRAP_KEY, a_unit, bearer, with_units
from tests.support.boards import client_of, layer_of

Client = httpx.AsyncClient
Answer = httpx.Response
UNIT = "/v1/units/H60"
SEVERAL = 5


class Gate:
    """What stands behind the layer of boards, behind a gate: how often it computed, and who has come so far."""

    def __init__(self, layer: ResponseCache, monkeypatch: pytest.MonkeyPatch) -> None:
        self.route, self.computed = layer.app, layer.compute_once
        self.opened, self.somebody = asyncio.Event(), asyncio.Condition()
        self.came = self.times = 0
        self.fails_first = False
        monkeypatch.setattr(layer, "app", self.compute)
        monkeypatch.setattr(layer, "compute_once", self.come)

    async def come(self, *arguments: object) -> CachedResponse | None:
        async with self.somebody:
            self.came += 1
            self.somebody.notify_all()
        return await self.computed(*arguments)  # type: ignore[arg-type]

    async def compute(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await self.route(scope, receive, send)
            return
        self.times += 1
        is_first = self.times == 1
        await self.opened.wait()
        if is_first and self.fails_first:
            raise ZeroDivisionError
        await self.route(scope, receive, send)

    async def ask(self, client: Client, path: str = UNIT, times: int = SEVERAL) -> list["asyncio.Task[Answer]"]:
        """Requests that have found nothing held: they compute or wait."""
        expected = self.came + times
        asked = [asyncio.create_task(client.get(path)) for _ in range(times)]
        async with self.somebody, asyncio.timeout(20):
            await self.somebody.wait_for(lambda: self.came == expected)
        return asked

    async def answers(self, asked: list["asyncio.Task[Answer]"]) -> list[Answer]:
        """Open the gate, and wait for the answers."""
        self.opened.set()
        async with asyncio.timeout(20):
            return await asyncio.gather(*asked)


@pytest.fixture
async def gate(api: Client, service: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Gate:
    await with_units(api, [a_unit(name="old")])
    return Gate(layer_of(service), monkeypatch)


async def test_of_each_state_of_the_data_one_computes(api: Client, gate: Gate) -> None:
    before = await gate.ask(api)
    await api.patch(UNIT, json={"name": "new"})
    after = await gate.ask(api)

    await gate.answers(before)
    answers = await gate.answers(after)

    assert gate.times == 2
    assert [each.json()["name"] for each in answers] == ["new"] * SEVERAL


async def test_a_write_meanwhile_makes_nobody_compute_again_who_asked_before_it(api: Client, gate: Gate) -> None:
    asked = await gate.ask(api)
    await api.patch(UNIT, json={"name": "new"})

    answers = await gate.answers(asked)

    assert gate.times == 1
    assert {each.content for each in answers} == {answers[0].content}


async def test_where_the_one_that_computes_leaves_another_takes_over(api: Client, gate: Gate) -> None:
    first, *others = await gate.ask(api)
    first.cancel()
    await asyncio.wait([first])

    answers = await gate.answers(others)

    assert gate.times == 2
    assert [each.status_code for each in answers] == [200] * (SEVERAL - 1)


async def test_one_who_waits_and_leaves_takes_nothing_from_the_others(api: Client, gate: Gate) -> None:
    *others, last = await gate.ask(api)
    last.cancel()
    await asyncio.wait([last])

    answers = await gate.answers(others)

    assert gate.times == 1
    assert [each.status_code for each in answers] == [200] * (SEVERAL - 1)


async def test_where_the_one_that_computes_fails_one_computes_for_the_others(service: FastAPI, gate: Gate) -> None:
    gate.fails_first = True

    async with client_of(service, bearer(BOOTSTRAP_KEY)) as client:
        answers = await gate.answers(await gate.ask(client))

    assert gate.times == 2
    assert sorted(each.status_code for each in answers) == [200] * (SEVERAL - 1) + [500]


async def test_each_is_refused_for_itself(api: Client, gate: Gate) -> None:
    answers = await gate.answers(await gate.ask(api, "/v1/units/H99"))

    assert [each.json()["code"] for each in answers] == ["unit_unknown"] * SEVERAL
    assert len({each.json()["request_id"] for each in answers}) == SEVERAL


async def test_a_board_is_put_into_a_coding_once(api: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    coded: list[str] = []
    code = CachedResponse.code

    def counted(board: CachedResponse, coding: str) -> None:
        coded.append(coding)
        code(board, coding)  # type: ignore[arg-type]

    monkeypatch.setattr(CachedResponse, "code", counted)
    answers = await gate.answers(await gate.ask(api, "/v1/frameworks/qd766"))

    assert coded == [answers[0].headers["content-encoding"]]
    assert gate.times == 1
