"""A clock that ran ahead leaves instants in its future: they are told of, read by, and hide nothing written later."""

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.store.db import Database
from tests.api.conftest import START, Clock
from tests.make import a_key, a_unit, with_figures, with_units
from tests.support.command import chiso
from tests.support.evaluations import an_order, totals

Client = httpx.AsyncClient


async def reported(api: Client, points: str) -> str:
    """A total is imported; the instant at which it became known, as it is printed."""
    await with_figures(api, totals("2024-07", {"H60": points}))
    items = (await api.get("/v1/values", params={"unit": "H60", "indicator": "total_points"})).json()["items"]
    printed: str = items[0]["known_at"]
    return printed


async def known(api: Client, as_of: str | datetime) -> Any:
    """The total as it was known at a moment, or the code of a refusal."""
    moment = as_of if isinstance(as_of, str) else as_of.isoformat()
    answer = await api.get("/v1/values", params={"unit": "H60", "indicator": "total_points", "as_of": moment})
    return answer.json().get("code") or [each["value"] for each in answer.json()["items"]]


@pytest.fixture
async def instants(api: Client, clock: Clock) -> list[str]:
    """H60 reported 70; 71 and 72 while the clock was a month ahead; then it was mended."""
    await with_units(api, [a_unit()])
    found = [await reported(api, "70")]
    clock.forward(days=30)
    found.append(await reported(api, "71"))
    clock.forward(hours=1)
    found.append(await reported(api, "72"))
    clock.set(START)
    clock.forward(hours=1)
    return found


async def test_printed_instants_are_read_by_wherever_they_lie(api: Client, clock: Clock, instants: list[str]) -> None:
    assert [await known(api, each) for each in instants] == [[70], [71], [72]]

    later = await reported(api, "73")
    clock.forward(days=60)

    assert [await known(api, each) for each in (*instants, later)] == [[70], [71], [72], [73]]


async def test_what_is_written_later_is_read_by_the_true_time(api: Client, clock: Clock, instants: list[str]) -> None:
    before = clock.present
    clock.forward(minutes=1)
    await reported(api, "73")
    between = clock.forward(minutes=1)
    seen = [await known(api, moment) for moment in (before, between, clock.present)]
    clock.forward(minutes=1)
    await reported(api, "74")
    last = clock.forward(minutes=1)

    assert seen == [[70], [73], [73]]
    assert [await known(api, moment) for moment in (before, between, last)] == [[70], [73], [74]]
    clock.forward(days=60)
    assert [await known(api, moment) for moment in (before, between, last)] == [[70], [73], [74]]


async def test_what_nobody_wrote_yet_is_still_the_future(api: Client, clock: Clock, instants: list[str]) -> None:
    ahead = clock.present.replace(day=clock.present.day + 5)

    assert await known(api, ahead) == "moment_in_future"
    await reported(api, "73")
    assert await known(api, ahead) == "moment_in_future"
    assert await known(api, "2099-01-01T00:00:00Z") == "moment_in_future"


async def test_an_evaluation_by_the_true_time_rests_on_later_figures(
    api: Client, clock: Clock, instants: list[str]
) -> None:
    await reported(api, "73")
    moment = clock.forward(minutes=1).isoformat()

    drawn = await api.post("/v1/evaluations", json=an_order(under=None, levels=["province"], as_of=moment))
    board = await api.get(f"/v1/evaluations/{drawn.json()['id']}/scores")

    assert [item["total"] for item in board.json()["items"]] == [73]


async def test_clocks_that_differ_little_note_nothing(api: Client, clock: Clock, database: Database) -> None:
    await with_units(api, [a_unit()])
    await reported(api, "70")
    clock.forward(milliseconds=-500)
    await reported(api, "71")

    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM true_times").scalar() == 0


def test_a_start_and_the_doctor_tell_of_a_clock_that_is_behind_the_data(database_url: str, tmp_path: Path) -> None:
    ahead = Database(database_url, now=lambda: 4_000_000_000_000_000)
    a_key(ahead)
    ahead.dispose()

    doctor = chiso(tmp_path, "doctor", database_url=database_url)
    start = chiso(tmp_path, "serve", "--port", "0", database_url=database_url, default_framework="nope")

    assert start.returncode == 1
    assert "s ahead of this machine's clock; is that right?" in start.stderr
    [line] = [line for line in doctor.stdout.splitlines() if "clock" in line]
    assert doctor.returncode == 1  # the frameworks were not there yet
    assert line.startswith("warn clock")
    assert "s ahead of it [is the clock right now (NTP)?" in line
