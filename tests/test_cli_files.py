"""`chiso import` and `chiso check`: what they print and the exit code that scripts see."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli.commands import app
from app.cli.local_imports import import_here
from app.cli.remote import ImportCommand
from app.services.imports.files import LARGE
from app.store.db import Database
from app.store.imports import ImportRow, list_imports
from tests.support.served_process import until

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a database of its own that holds one province."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHISO_DATABASE_URL", f"sqlite:///{tmp_path / 'office.db'}")
    rows = '[{"ID": "1", "TEN": "UBND tỉnh Tuyên Quang", "MA_COQUAN": "H60", "TONG_SCORE": "81.77"}]'
    (tmp_path / "portal.json").write_text(rows, "utf-8")
    run("migrate", "--new")
    run("import", "portal.json", "--layout", "portal", "--period", "2024-06", "--create-units")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})


def a_file(office: Path, *lines: str) -> str:
    (office / "thang-7.csv").write_text("\n".join(lines), "utf-8")
    return "thang-7.csv"


def test_a_file_without_a_mistake_is_stored_and_ends_with_0(office: Path) -> None:
    file = a_file(office, "unit,total_points,on_time", 'H60,"82,15","92,4%"')

    done = run("import", file, "--period", "2024-07", "--locale", "vi", "--lang", "en")

    assert done.exit_code == 0, done.output
    assert "applied" in done.output


def test_rates_between_0_and_1_are_taken_once_it_is_said_what_they_are(office: Path) -> None:
    rows = (f'H60,2024-0{month},on_time,"0,9{month}"' for month in (1, 2, 3))
    file = a_file(office, "unit,period,indicator,value", *rows)

    unsaid = run("import", file, "--lang", "en")
    said = run("import", file, "--fractions", "yes")

    assert (unsaid.exit_code, said.exit_code) == (1, 0), said.output
    assert "rate_looks_like_fraction" in unsaid.output
    with Database(os.environ["CHISO_DATABASE_URL"]).reading() as session:
        stored = session.execute(text("SELECT value FROM current_values WHERE indicator = 'on_time' ORDER BY period"))
        assert stored.scalars().all() == [91_0000, 92_0000, 93_0000]


def test_a_mistake_is_named_nothing_is_stored_and_the_code_is_1(office: Path) -> None:
    file = a_file(office, "unit,total_points", 'H60,"82,15"', 'H6O,"82,15"')

    done = run("import", file, "--period", "2024-07", "--locale", "vi")

    assert done.exit_code == 1
    assert "3, unit" in done.output
    assert "H60" in done.output
    again = run("import", a_file(office, "unit,total_points", 'H60,"82,15"'), "--period", "2024-07", "--locale", "vi")
    assert "│ applied" in again.output
    assert "│ 1" in again.output


def large(office: Path, *lines: str) -> str:
    return a_file(office, *lines, *[""] * LARGE)


def test_a_large_file_is_imported_as_a_service_imports_it_in_the_background(office: Path) -> None:
    file = large(office, "unit,total_points", "H60,82.15")

    done = run("import", file, "--period", "2024-07", "--lang", "en")

    assert done.exit_code == 0, done.output
    assert "│ applied" in done.output
    assert [(row.status, row.requested_at is None) for row in imports(office)] == [
        ("applied", False),
        ("applied", True),
    ]


def test_a_mistake_in_a_large_file_is_named_and_the_code_is_1(office: Path) -> None:
    done = run("import", large(office, "unit,total_points", "H6O,82.15"), "--period", "2024-07", "--lang", "en")

    assert done.exit_code == 1
    assert "2, unit" in done.output
    assert "nothing of the 1 figures was stored" in done.output


AT_A_TERMINAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where a shell lets it be ignored
from app.cli.commands import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_import_of_a_large_file_stores_nothing_and_says_so(
    office: Path, number: signal.Signals, code: int
) -> None:
    """Though it would have ended within seconds."""
    file = a_file(office, "unit,period,total_points", "H60,2024-07,82.15", *[""] * 600_000)
    command = [sys.executable, "-c", AT_A_TERMINAL, "import", file, "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=office, env=environment, stdout=subprocess.PIPE, text=True) as process:
        until(lambda: imports(office)[0].status == "running", process)
        process.send_signal(number)
        said, _ = process.communicate()

    assert process.returncode == code
    assert "│ failed" in said
    assert "nothing of it was stored" in said
    assert [row.status for row in imports(office)] == ["failed", "applied"]


def test_the_bar_of_a_large_file_ends_where_the_file_ends(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars: list[Progress] = []
    start = Progress.start

    def noted(bar: Progress) -> None:
        bars.append(bar)
        start(bar)

    monkeypatch.setattr(Progress, "start", noted)

    run("import", large(office, "unit,total_points", "H60,82.15"), "--period", "2024-07")

    assert [task.total for bar in bars for task in bar.tasks] == [(office / "thang-7.csv").stat().st_size]


@contextmanager
def database_of(office: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{office / 'office.db'}")
    yield database
    database.dispose()


def imports(office: Path) -> list[ImportRow]:
    with database_of(office) as database, database.reading() as session:
        return [each.row for each in list_imports(session, within=None, before=None, limit=9, few=0)]


def test_good_rows_stored_beside_faulty_ones_end_with_3(office: Path) -> None:
    file = a_file(office, "unit,total_points", 'H60,"82,15"', 'H6O,"82,15"')

    done = run("import", file, "--period", "2024-07", "--locale", "vi", "--skip")

    assert done.exit_code == 3, done.output


def test_a_dry_run_stores_nothing(office: Path) -> None:
    file = a_file(office, "unit,total_points", 'H60,"82,15"')

    asked = run("import", file, "--period", "2024-07", "--locale", "vi", "--dry-run", "--lang", "en")
    stored = run("import", file, "--period", "2024-07", "--locale", "vi", "--lang", "en")

    assert "planned" in asked.output
    counts = next(line for line in stored.output.splitlines() if "applied" in line)
    assert [cell.strip() for cell in counts.strip("│").split("│")] == ["applied", "1", "1", "0", "0", "0"]


def test_a_dry_run_waits_for_nobody_who_writes(office: Path) -> None:
    """Somebody writes each time that some of the file is read."""
    path = office / a_file(office, "unit,total_points", "H60,82.15", *[""] * 20_000)
    query = {"period": "2024-07", "layout": "auto", "locale": "auto", "dry_run": True}

    with database_of(office) as database, BufferedReader(FileReadBesideWrites(path, database)) as file:
        answer = import_here(ImportCommand(path, None, query, None, "en"), file)

    assert answer["status"] == "planned"


class FileReadBesideWrites(FileIO):
    def __init__(self, path: Path, database: Database) -> None:
        super().__init__(path)
        self.database = database

    def readinto(self, buffer: Any) -> int | None:
        with self.database.writing(wait_ms=200):
            pass
        return super().readinto(buffer)


def test_a_dry_run_of_units_that_are_new_takes_them_back(office: Path) -> None:
    rows = '[{"ID": "2", "TEN": "UBND tỉnh Lào Cai", "MA_COQUAN": "H38", "TONG_SCORE": "80.77"}]'
    (office / "more.json").write_text(rows, "utf-8")
    asked = ("import", "more.json", "--layout", "portal", "--period", "2024-06", "--lang", "en")

    tried, stored = run(*asked, "--create-units", "--dry-run"), run(*asked)

    assert (tried.exit_code, "planned" in tried.output) == (0, True), tried.output
    assert (stored.exit_code, "unit_unknown" in stored.output) == (1, True), stored.output


def test_a_file_that_is_none_of_the_kinds_is_refused_in_words(office: Path) -> None:
    (office / "thu.docx").write_bytes(b"PK")

    done = run("import", "thu.docx", "--period", "2024-07")

    assert done.exit_code == 1
    assert "thu.docx" in done.output or ".csv" in done.output


def test_a_service_that_does_not_answer_ends_with_a_sentence_and_1(office: Path) -> None:
    file = a_file(office, "unit,total_points", 'H60,"82,15"')

    done = run("import", file, "--period", "2024-07", "--url", "http://127.0.0.1:9")

    assert done.exit_code == 1
    assert "The service does not answer" in done.output
    assert "Traceback" not in done.output


@pytest.mark.usefixtures("office")
def test_a_draft_with_defects_is_proof_read_into_a_table_and_ends_with_1() -> None:
    done = run("check", str(GOLDEN / "letter_binh_thanh_2024-02.json"), "--lang", "en")

    assert done.exit_code == 1
    assert "rate_out_of_range" in done.output
    assert "1000%" in done.output


@pytest.mark.usefixtures("office")
def test_the_draft_that_the_readme_proof_reads_has_the_two_mistakes_that_it_tells_of() -> None:
    (path,) = re.findall(r"chiso check (\S+) .* two mistakes", (ROOT / "README.md").read_text("utf-8"))

    done = run("check", str(ROOT / path))

    assert done.exit_code == 1
    assert [done.output.count(rule) for rule in ("change_wrong", "totals_disagree", "error")] == [1, 1, 2]


@pytest.mark.usefixtures("office")
def test_a_consistent_draft_passes_in_silence() -> None:
    done = run("check", str(GOLDEN / "letter_tuyen_quang_2024-01.json"))

    assert (done.exit_code, done.output) == (0, "Không phát hiện sai sót.\n")


def test_a_draft_that_cannot_be_read_is_refused_without_counts_of_an_import(office: Path) -> None:
    (office / "draft.json").write_text('{"rows": [{"ref": 5}]}', "utf-8")

    done = run("check", "draft.json", "--lang", "en")

    assert done.exit_code == 1
    assert "/rows/0/ref" in done.output
    assert "Figures" not in done.output


def test_what_is_odd_is_told_apart_from_what_must_be_mended(office: Path) -> None:
    odd = "H60,2024-07,dossier_sync,1,3,50"

    done = run("import", a_file(office, "unit,period,indicator,numerator,denominator,value", odd), "--lang", "en")

    assert done.exit_code == 0, done.output
    assert "Warnings" in done.output
    assert "To be mended" not in done.output
