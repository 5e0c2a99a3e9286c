"""What a running service says of what stands in its way, and how commands end there."""

import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import make_url, text

from app.store.engines import make_engine
from tests.make import bearer
from tests.support.served_process import PATIENCE, SECRET, ServedProcess, environment, serving, within

DROP_CAPABILITY, OVERRIDE_RIGHTS = 24, 1
"""As prctl knows them (PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
LIKE_OTHERS = (
    sys.executable,
    "-c",
    "import ctypes, os, sys; "
    f"ctypes.CDLL(None).prctl({DROP_CAPABILITY}, {OVERRIDE_RIGHTS}, 0, 0, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])",
)
"""Starts a command for which the rights of files count, though it be run by root."""


def readiness(service: ServedProcess) -> tuple[int, str]:
    answer = httpx.get(f"{service.address}/readyz", timeout=PATIENCE)
    return answer.status_code, answer.json().get("code", "")


def make_read_only(url: str) -> None:
    """Let whoever connects from now on read only."""
    name = str(make_url(url).database)
    if url.startswith("sqlite"):
        Path(name).chmod(0o444)
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')


def make_newer(url: str) -> None:
    """As a later version leaves it."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()


def test_a_database_that_can_only_be_read_is_not_ready(database_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, settings={"CHISO_DATABASE_URL": database_url}, starter=LIKE_OTHERS) as service:
        make_read_only(database_url)
        ready = readiness(service)

    assert ready == (503, "read_only")


def test_a_schema_of_a_later_version_is_told_by_the_service_and_by_commands(database_url: str, tmp_path: Path) -> None:
    settings = {"CHISO_DATABASE_URL": database_url}
    with serving(tmp_path, settings=settings) as service:
        before = readiness(service)
        make_newer(database_url)
        after = readiness(service)
    own = environment(tmp_path, settings, "in C")
    ended = [
        subprocess.run([sys.executable, "-m", "app.cli", *words], env=own, cwd=tmp_path, capture_output=True, text=True)
        for words in (["migrate"], ["serve", "--port", "0"])
    ]

    assert (before, after) == ((200, ""), (503, "schema_newer"))
    assert [each.returncode for each in ended] == [1, 1]
    assert [each.stdout for each in ended] == ["", ""]
    assert [len(each.stderr.splitlines()) for each in ended] == [1, 1]
    assert "later version" in ended[0].stderr


def test_a_full_disk_is_not_ready_and_refuses_what_needs_room(tmp_path: Path) -> None:
    limit = "-f 40000"  # no file grows beyond 20 MB, or 40 where a block is a kilobyte: as on a full disk
    settings = {"CHISO_LEAST_FREE_BYTES": str(2**62)}
    with serving(tmp_path, settings=settings, starter=within(limit)) as service:
        ready = readiness(service)
        headers = {**bearer(SECRET), "Content-Type": "text/csv"}
        body = b"unit,period,indicator,value\n" + b"x" * 60_000_000
        refused = httpx.post(f"{service.address}/v1/imports", content=body, headers=headers, timeout=PATIENCE)
        said = service.logged()

    assert ready == (503, "disk")
    assert (refused.status_code, refused.json()["code"]) == (503, "disk")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://u@127.0.0.1:1/x", "Connection refused"),
        ("sqlite:////no/such/place/x.db", "/no/such/place"),
    ],
)
def test_an_address_where_no_database_is_ends_a_command_in_a_sentence(url: str, reason: str, tmp_path: Path) -> None:
    own = environment(tmp_path, {"CHISO_DATABASE_URL": url}, "in C")

    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve", "--port", "0"], env=own, cwd=tmp_path, capture_output=True, text=True
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 1
    assert reason in ended.stderr
