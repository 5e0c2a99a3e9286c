"""`chiso import` in scripts: its answer as JSON, a plan, a key under which it is imported once, a complete file."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.commands import app
from app.services.imports.files import LARGE
from tests.support.command import chiso

GOOD, BAD = 'unit,on_time\nH60,"92,4%"\n', 'unit,on_time\nH60,"92,4%"\nH6O,"92,4%"\n'
UNITS = [
    {"ID": str(number), "TEN": f"UBND tỉnh {code}", "MA_COQUAN": code, "TONG_SCORE": "81.77"}
    for number, code in enumerate(("H60", "H61"), start=1)
]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a database that holds two provinces."""
    home = tmp_path_factory.mktemp("office")
    (home / "portal.json").write_text(json.dumps(UNITS), "utf-8")
    (home / "good.csv").write_text(GOOD, "utf-8")
    (home / "bad.csv").write_text(BAD, "utf-8")
    settings, portal = {"database_url": f"sqlite:///{home / 'chiso.db'}"}, ["--layout", "portal", "--create-units"]
    for words in (["migrate", "--new"], ["import", "portal.json", "--period", "2024-06", *portal]):
        ended = chiso(home, *words, **settings)
        assert ended.returncode == 0, ended.stderr
    return home


@pytest.fixture
def office(stocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = Path(shutil.copytree(stocked, tmp_path / "office"))
    monkeypatch.chdir(home)
    monkeypatch.setenv("CHISO_DATABASE_URL", f"sqlite:///{home / 'chiso.db'}")
    return home


def ran(*words: str) -> tuple[int, dict[str, Any]]:
    """The exit code of an import, and what is alone on its standard output."""
    ended = CliRunner().invoke(app, ["import", *words, "--period", "2024-07", "--locale", "vi", "--json"])
    answer: dict[str, Any] = json.loads(ended.stdout)
    return ended.exit_code, answer


def imports(office: Path) -> int:
    with closing(connect(office / "chiso.db")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM imports").fetchone()
    return int(count)


def test_the_answer_is_that_of_the_service_and_alone_on_standard_output(office: Path) -> None:
    code, answer = ran("good.csv")

    assert code == 0
    assert (answer["status"], answer["rows"], answer["retracted"], answer["plan"]) == ("applied", 1, 0, None)


def test_a_refusal_is_the_problem_that_the_service_answers(office: Path) -> None:
    code, answer = ran("bad.csv")

    assert code == 1
    assert (answer["type"], answer["status"]) == ("urn:chiso:problem:import_rejected", 422)
    assert [(each["code"], each["row"]) for each in answer["errors"]] == [("unit_unknown", 3)]


def test_rows_left_out_are_told_by_the_exit_code_too(office: Path) -> None:
    code, answer = ran("bad.csv", "--skip")

    assert (code, answer["status"], answer["rejected"]) == (3, "applied", 1)


def test_a_plan_is_carried_out_unless_the_world_has_moved(office: Path) -> None:
    _, planned = ran("good.csv", "--dry-run")
    code, taken = ran("good.csv", "--plan", planned["plan"])
    late, refused = ran("good.csv", "--plan", planned["plan"])

    assert (code, taken["status"]) == (0, "applied")
    assert (late, refused["code"]) == (1, "plan_changed")


def test_under_a_key_a_file_is_imported_once(office: Path) -> None:
    first = ran("good.csv", "--idempotency-key", "july")
    before = imports(office)
    again = ran("good.csv", "--idempotency-key", "july")
    code, refused = ran("bad.csv", "--idempotency-key", "july")

    assert again == first
    assert imports(office) == before
    assert (code, refused["code"]) == (1, "idempotency_key_reused")


def test_under_a_key_a_large_file_is_imported_once(office: Path) -> None:
    (office / "large.csv").write_text(GOOD + "\n" * LARGE, "utf-8")

    first = ran("large.csv", "--idempotency-key", "july")
    again = ran("large.csv", "--idempotency-key", "july")

    assert (first[0], first[1]["status"], first[1]["progress"]) == (0, "applied", None)
    assert again == first


def test_a_complete_file_retracts_what_it_does_not_have(office: Path) -> None:
    ran("good.csv")
    (office / "other.csv").write_text("unit,on_time\nH61,50\n", "utf-8")

    kept, spared = ran("other.csv", "--complete", "--under", "H61")
    code, answer = ran("other.csv", "--complete")

    assert (kept, spared["retracted"], code, answer["retracted"]) == (0, 0, 0, 1)


def test_what_cannot_be_a_key_is_refused(office: Path) -> None:
    code, refused = ran("good.csv", "--idempotency-key", "tháng 7")

    assert (code, refused["code"]) == (1, "idempotency_key_invalid")
