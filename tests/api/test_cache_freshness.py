"""A board is never older than a write that was acknowledged, by whichever process, and never another caller's."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, suppress
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from starlette.types import Receive, Scope, Send

from app.config import Settings
from app.services import keys
from app.services.rights import Scope as Right
from app.services.units import patch_unit
from app.store.db import ClockRow, Database
from app.store.topics import TOPIC, TopicVersion
from app.store.unit_versions import U
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_key, a_unit, bearer, with_figures, with_units
from tests.support.boards import BOARD, another, client_of, kept_answers, layer_of
from tests.support.evaluations import a_province, published, totals
from tests.support.rival import CALLER, count_up

Client = httpx.AsyncClient
CallerMaker = Callable[..., Client]
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


@pytest.fixture
def other(database_url: str, clock: Clock) -> Iterator[Database]:
    """The database as another process has it."""
    database = Database(database_url, now=clock)
    yield database
    database.dispose()


async def name_of(client: Client, code: str = "H60") -> Any:
    return (await client.get(f"/v1/units/{code}")).json()["name"]


async def test_the_next_answer_shows_what_another_connection_wrote(api: Client, other: Database) -> None:
    await with_units(api, [a_unit(name="0")])

    for number in range(20):
        assert [await name_of(api), await name_of(api)] == [str(number)] * 2
        count_up(other, 1)


async def test_the_next_answer_shows_what_another_process_wrote(api: Client, database_url: str) -> None:
    await with_units(api, [a_unit(name="0")])
    assert await name_of(api) == "0"

    subprocess.run([sys.executable, "-m", "tests.support.rival", database_url, "3"], check=True, timeout=60)

    assert await name_of(api) == "3"


async def test_a_revoked_key_is_refused_at_once(api: Client, other: Database) -> None:
    await with_units(api, [a_unit()])
    clerk = bearer(a_key(other))
    assert [(await api.get("/v1/values", headers=clerk)).status_code for _ in range(2)] == [200, 200]

    with other.writing() as session:
        keys.revoke_key(session, "clerk")

    assert (await api.get("/v1/values", headers=clerk)).status_code == 401


async def test_a_restored_database_that_reaches_the_same_version_shows_its_own_data(
    api: Client, other: Database
) -> None:
    """Versions are counted; what tells two worlds of one version apart is the chain of their writes."""
    await with_units(api, [a_unit(name="A")])
    assert await name_of(api) == "A"

    with other.engine.execution_options(writer=True).begin() as connection:
        connection.execute(update(U.code.table).values(name="B"))
        connection.execute(update(TopicVersion).values(mark=TOPIC.mark + 1))
        connection.execute(update(ClockRow).values(trace="f" * 64))

    assert await name_of(api) == "B"


async def test_a_key_that_was_refused_is_let_in_once_it_exists(api: Client, other: Database) -> None:
    """Nothing is held of a refusal."""
    await with_units(api, [a_unit()])
    stranger = bearer("chiso_" + "x" * 43)
    assert (await api.get("/v1/values", headers=stranger)).status_code == 401
    secret = a_key(other)

    assert (await api.get("/v1/values", headers=bearer(secret))).status_code == 200
    assert (await api.get("/v1/values", headers=stranger)).status_code == 401


@pytest.mark.usefixtures("province")
async def test_subtree_keys_never_see_each_others_boards(api: Client, anonymous: Client, as_key: CallerMaker) -> None:
    await with_units(api, [a_unit(code="H19.101", name="Xã Đồng Nai", level="commune", parent="H19")])
    await with_figures(api, totals("2024-07", {"H19.101": "50"}))
    here, there = as_key(Right.VALUES_READ, unit="H60"), as_key(Right.VALUES_READ, unit="H19")
    path = "/v1/values?period=2024-07"

    for _ in range(2):
        own = [{row["unit"] for row in (await each.get(path)).json()["items"]} for each in (here, there)]
        boards = [(await each.get(BOARD)).status_code for each in (here, there, anonymous, api)]

        assert own == [{"H60.101", "H60.102", "H60.103"}, {"H19.101"}]
        assert boards == [200, 404, 401, 200]


async def test_two_headers_with_keys_are_judged_by_the_first_held_or_not(service: FastAPI, database: Database) -> None:
    """What is held under the key that a route reads is told to nobody who sends another one before it."""
    good = f"Bearer {a_key(database)}"

    async with client_of(service, {}) as client:
        for _ in range(2):
            for sent, status in (((good, "Bearer x"), 200), (("Bearer x", good), 401), (("Bearer x",), 401)):
                headers = [("Authorization", value) for value in sent]
                assert (await client.get("/v1/values", headers=headers)).status_code == status


async def test_nobody_waits_for_more_than_two_however_often_it_is_written(
    api: Client, service: FastAPI, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each computation finds another write as it begins; those who wait for the second one share it."""
    await with_units(api, [a_unit(name="0")])
    layer = layer_of(service)
    route, begun, released = layer.app, count(1), asyncio.Event()

    async def written_meanwhile(scope: Scope, receive: Receive, send: Send) -> None:
        count_up(other, 1)
        if next(begun) == 1:
            await released.wait()
        await route(scope, receive, send)

    monkeypatch.setattr(layer, "app", written_meanwhile)
    first = asyncio.create_task(name_of(api))
    while not layer.computing:
        await asyncio.sleep(0)
    count_up(other, 1)
    later = [asyncio.create_task(name_of(api)) for _ in range(9)]
    await asyncio.sleep(0.1)
    released.set()

    assert [await first, *[await each for each in later]] == ["2", *["3"] * 9]
    assert next(begun) == 3


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_write_while_a_board_is_computed_leaves_nothing_old(
    when: str, api: Client, service: FastAPI, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes between the look at the version and the route's transaction, or between that and the keeping."""
    await with_units(api, [a_unit(name="0")])
    layer = layer_of(service)
    route = layer.app

    async def raced(scope: Scope, receive: Receive, send: Send) -> None:
        if when == "before":
            count_up(other, 1)
        await route(scope, receive, send)
        if when == "after":
            count_up(other, 1)

    monkeypatch.setattr(layer, "app", raced)
    first = await api.get("/v1/units/H60")
    assert kept_answers(layer) == []
    monkeypatch.setattr(layer, "app", route)
    second = await api.get("/v1/units/H60")

    assert first.json()["name"] == ("1" if when == "before" else "0")
    assert second.json()["name"] == "1"
    assert int(second.headers["chiso-version"]) == int(first.headers["chiso-version"]) + 1


async def test_a_write_that_fails_leaves_the_board(api: Client, other: Database, count_queries: Counting) -> None:
    await with_units(api, [a_unit(name="0")])
    await name_of(api)

    with suppress(ZeroDivisionError), other.writing() as session:
        patch_unit(session, CALLER, "H60", {"name": "1"})
        session.flush()
        with count_queries() as meanwhile:
            assert await name_of(api) == "0"
        raise ZeroDivisionError
    with count_queries() as after:
        assert await name_of(api) == "0"

    assert meanwhile == after == []


async def test_what_hangs_on_the_day_changes_at_midnight_in_vietnam(api: Client, clock: Clock) -> None:
    path = "/v1/periods/2026-09/completeness?level=province"
    await api.put("/v1/periods/2026-09/due", json={"due_on": "2026-10-12"})
    clock.set(clock.present.replace(hour=16, minute=59, second=59))
    last = [(await api.get(path)).json()["overdue"] for _ in range(2)]

    clock.forward(seconds=1)

    assert last == [False, False]
    assert (await api.get(path)).json()["overdue"] is True


async def test_what_lay_in_the_future_is_answered_once_it_has_come(api: Client, clock: Clock) -> None:
    path = "/v1/units?as_of=2026-10-12T02:00:00Z"
    assert (await api.get(path)).json()["code"] == "moment_in_future"

    clock.forward(hours=1)

    assert (await api.get(path)).status_code == 200


@pytest.mark.usefixtures("province")
async def test_what_is_withdrawn_is_gone_for_the_public_at_once(api: Client, anonymous: Client) -> None:
    number = (await published(api))["id"]
    path = f"/v1/evaluations/{number}/scores"
    assert [(await anonymous.get(path)).status_code for _ in range(2)] == [200, 200]

    await api.post(f"/v1/evaluations/{number}/withdraw", json={"reason": "Sai số liệu"})

    assert (await anonymous.get(path)).status_code == 410


ADDRESSES = [
    BOARD,
    BOARD + "&sort=-name&limit=2",
    "/v1/scores?period=2024-07&level=commune&format=csv",
    "/v1/scores/H60.101",
    "/v1/overview?under=H60",
    "/v1/scores/sensitivity?period=2024-07&level=commune&under=H60&draws=20",
    "/v1/scores/H60.102/2024-07",
    "/v1/scores/H60.102/2024-07/change",
    "/v1/scores/H60.102/2024-07/reach?total=90",
    "/v1/values?limit=5",
    "/v1/units",
    "/v1/periods",
    "/v1/findings?period=2024-07",
    "/v1/periods/2024-07/completeness?level=commune",
    "/v1/evaluations",
    "/v1/evaluations/1/scores",
    "/v1/reports/classification?period=2024-07&under=H60",
    "/v1/tasks",
]


@pytest.fixture
async def unkept(service: FastAPI, settings: Settings) -> AsyncIterator[Client]:
    """A client of a service that keeps nothing, on the same database."""
    with another(service, settings, memory_bytes=0) as app:
        async with client_of(app, {}) as client:
            yield client


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("seed", range(4))
async def test_reads_among_writes_are_answered_as_if_nothing_were_kept(
    seed: int, service: FastAPI, unkept: Client, other: Database, clock: Clock
) -> None:
    """Several callers, any order; what they hold already is asked about, too."""
    chance = random.Random(seed)
    callers = [bearer(BOOTSTRAP_KEY), {}, bearer(a_key(other, name="all"))]
    callers += [bearer(a_key(other, name=f"of-{unit}", unit=unit)) for unit in ("H60", "H19", "H60.101")]
    tags: dict[tuple[int, str, str], str] = {}

    async with client_of(service, {}) as client:
        for step in range(150):
            if chance.random() < 0.2:
                await write_something(chance, client, other, clock, step)
            number, path = chance.randrange(len(callers)), chance.choice(ADDRESSES)
            coding = chance.choice(["identity", "gzip", "zstd", "br;q=1, gzip;q=0.5", "*"])
            headers = {**callers[number], "Accept-Encoding": coding}
            truth = await unkept.get(path, headers=headers)
            held = tags.get((number, path, coding), '"nothing"')
            found = await client.get(path, headers={**headers, "If-None-Match": held})

            told = f"step {step} of {seed}: {number} asked {path} in {coding}"
            assert found.headers.get("etag") == truth.headers.get("etag"), told
            if held == truth.headers.get("etag"):
                assert (found.status_code, found.content) == (304, b""), told
            elif truth.status_code == 200:
                assert (found.status_code, found.content) == (200, truth.content), told
            else:
                assert (found.status_code, found.json()["code"]) == (truth.status_code, truth.json()["code"]), told
            tags[number, path, coding] = truth.headers.get("etag", held)


async def write_something(chance: random.Random, client: Client, other: Database, clock: Clock, step: int) -> None:
    """One of the writes that change what is read: by a request, beside the service, or by the passing of time."""
    unit = chance.choice(["H60.101", "H60.102", "H60.103"])
    admin = bearer(BOOTSTRAP_KEY)
    kind = chance.randrange(6)
    if kind == 0:
        rows = totals("2024-07", {unit: str(chance.randrange(100))}, observed_at=f"{clock.present:%Y-%m-%dT%H:%M:%SZ}")
        await client.post("/v1/imports", json=rows, headers=admin)
    elif kind == 1:
        with other.writing() as session:
            patch_unit(session, CALLER, unit, {"name": f"Xã {step}"})
    elif kind == 2:
        await client.request(chance.choice(["PUT", "DELETE"]), "/v1/periods/2024-07/lock", headers=admin)
    elif kind == 3:
        order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
        made = await client.post("/v1/evaluations", json=order, headers=admin)
        await client.post(f"/v1/evaluations/{made.json().get('id', 1)}/publish", headers=admin)
    elif kind == 4:
        with other.writing() as session:
            keys.revoke_key(session, chance.choice(["all", "of-H19"]))
    else:
        clock.forward(hours=chance.randrange(1, 20))
