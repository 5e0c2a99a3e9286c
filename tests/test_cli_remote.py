"""`chiso import --url`: a file sent to a service, followed there to its end, and what scripts are told of it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from app.cli.commands import app
from app.cli.remote import ask
from app.config import Settings
from app.domain.unit import UnitDocument
from app.main import create_app, opened
from app.services.imports.files import LARGE
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from tests.make import BOOTSTRAP_KEY, a_unit, bearer
from tests.support.rival import CALLER

GOOD = "H60,total_points,81.77"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a service that knows one province."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'served.db'}"
    settings = Settings(_env_file=None, database_url=url, bootstrap_key=BOOTSTRAP_KEY)
    with opened(settings) as database, database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**a_unit()))])
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, ws="none", log_level="critical"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def send(address: str, *rows: str, large: bool = True, key: str = BOOTSTRAP_KEY) -> Result:
    """Import a file of these rows, by blank lines so long that the service takes it to the background."""
    padding = "\n" * LARGE if large else "\n"
    Path("thang-7.csv").write_text("\n".join(["unit,indicator,value", *rows]) + padding, "utf-8")
    words = ["import", "thang-7.csv", "--period", "2024-07", "--url", address, "--key", key, "--lang", "en"]
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


def told(result: Result) -> list[str]:
    """The row of the table of what happened."""
    line = next(line for line in result.output.splitlines() if line.startswith("│"))
    return [cell.strip() for cell in line.strip("│").split("│")]


@pytest.mark.parametrize("large", [False, True])
def test_a_file_is_followed_until_it_is_stored(address: str, large: bool) -> None:
    done = send(address, GOOD, large=large)

    assert done.exit_code == 0, done.output
    assert told(done) == ["applied", "1", "1", "0", "0", "0"]
    records = httpx.get(f"{address}/v1/imports", headers=bearer(BOOTSTRAP_KEY)).json()["items"]
    assert [each["requested_at"] is not None for each in records] == [large]


@pytest.mark.parametrize("large", [False, True])
def test_a_mistake_is_named_and_the_code_is_1(address: str, large: bool) -> None:
    done = send(address, GOOD, "H6O,total_points,81.77", large=large)

    assert done.exit_code == 1
    assert told(done) == ["rejected", "2", "0", "0", "0", "2"]
    assert "nothing of the 2 figures was stored" in done.output
    assert "3, unit" in done.output


def test_the_answer_the_plan_and_the_key_are_those_of_the_service(address: str) -> None:
    Path("july.csv").write_text("unit,total_points\nH60,81.77\n", "utf-8")

    def ran(*words: str) -> tuple[int, dict[str, Any]]:
        there = ["--period", "2024-07", "--url", address, "--key", BOOTSTRAP_KEY, "--json"]
        ended = CliRunner().invoke(app, ["import", "july.csv", *there, *words])
        return ended.exit_code, json.loads(ended.stdout)

    plan = ran("--dry-run")[1]["plan"]
    first = ran("--plan", plan, "--idempotency-key", "july")
    again = ran("--plan", plan, "--idempotency-key", "july")
    code, refused = ran("--plan", plan)

    assert (first[0], first[1]["status"], first[1]["retracted"]) == (0, "applied", 0)
    assert again == first
    assert (code, refused["status"], refused["code"]) == (1, 409, "plan_changed")


def test_a_service_that_is_away_for_a_moment_is_asked_again() -> None:
    answers: Iterator[httpx.ConnectError | int] = iter([httpx.ConnectError("away"), 503, 200])

    def away_twice(request: httpx.Request) -> httpx.Response:
        answer = next(answers)
        if isinstance(answer, httpx.ConnectError):
            raise answer
        return httpx.Response(answer)

    with httpx.Client(transport=httpx.MockTransport(away_twice)) as client:
        answer = ask(client, "http://127.0.0.1/v1/imports/1", pause=0)

    assert answer.status_code == 200


def test_who_does_not_wait_is_told_where_to_look(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_the_first_pause:
        at_the_first_pause.setattr(time, "sleep", interrupted)
        left = send(address, GOOD)

    assert left.exit_code == 130
    assert "goes on" in left.output
    assert f"{address}/v1/imports/1" in left.output
    assert BOOTSTRAP_KEY not in left.output


@pytest.mark.parametrize("key", ["khoá-bí-mật", "two words", "bro\nken"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str, tmp_path: Path) -> None:
    (tmp_path / "thang-7.csv").write_text("unit\n")
    words = ["import", str(tmp_path / "thang-7.csv"), "--url", "http://127.0.0.1:9"]

    done = CliRunner().invoke(app, words, env={"CHISO_KEY": key, "COLUMNS": "200"})

    assert done.exit_code == 2
    assert "CHISO_KEY" in done.output
    assert key not in done.output


@pytest.mark.parametrize("address", ["http://[::1", "127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused(address: str, tmp_path: Path) -> None:
    (tmp_path / "thang-7.csv").write_text("unit\n")

    words = ["import", str(tmp_path / "thang-7.csv"), "--url", address]

    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})

    assert done.exit_code == 2
    assert "as http://127.0.0.1:8000" in done.output


def test_the_end_of_a_line_around_a_key_is_no_part_of_it(address: str) -> None:
    done = send(address, GOOD, large=False, key=f"{BOOTSTRAP_KEY}\r\n")

    assert told(done) == ["applied", "1", "1", "0", "0", "0"]


def test_a_key_that_is_not_known_ends_with_1(address: str) -> None:
    done = send(address, GOOD, key="no-such-key")

    assert done.exit_code == 1
    assert "not known" in done.output
