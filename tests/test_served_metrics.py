"""The metrics of a service of several processes: each of them tells what all have counted."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil

from app.metrics.shared_files import SIZES, VARIABLE
from tests.support.metrics import asked, figures_of
from tests.support.served_process import PATIENCE, ROOT, ServedProcess, serving, until

UNITS = asked("read_units", 200)
EVERYTHING = """
from fastapi.routing import iter_route_contexts
from app.config import Settings
from app.main import create_app
from app.metrics import series
operations = [each.name for each in iter_route_contexts(create_app(Settings(_env_file=None)).routes)]
for operation in operations:
    for status in (200, 201, 202, 204, 304, 400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 429, 499, 500, 503):
        series.count_request(operation, status, 1.0)
print(len(operations))
"""


def figures(service: ServedProcess) -> dict[str, float]:
    return figures_of(httpx.get(f"{service.address}/metrics", timeout=PATIENCE))


def answered_by(service: ServedProcess, several: int, *, but: frozenset[str] = frozenset()) -> frozenset[str]:
    """Ask over new connections until so many processes have answered, and return who they are."""
    found: set[str] = set()

    def ask() -> bool:
        found.add(httpx.get(f"{service.address}/readyz", timeout=PATIENCE).json()["instance"])
        return len(found - but) >= several

    until(ask, service.process)
    return frozenset(found)


def ask_for_units(service: ServedProcess, times: int) -> None:
    for _ in range(times):
        assert httpx.get(f"{service.address}/v1/units", timeout=PATIENCE).status_code == 200


def workers_of(service: ServedProcess) -> list[psutil.Process]:
    """The processes that answer."""
    children = psutil.Process(service.process.pid).children()
    return [each for each in children if "spawn_main" in " ".join(each.cmdline())]


def folder_of(service: ServedProcess) -> Path:
    return Path(workers_of(service)[0].environ()[VARIABLE])


def test_one_scrape_tells_what_all_processes_have_counted_and_measured(database_url: str, tmp_path: Path) -> None:
    others = tmp_path / "of-another-program"
    others.mkdir()
    settings = {"CHISO_DATABASE_URL": database_url, "PROMETHEUS_MULTIPROC_DIR": str(others)}
    with serving(tmp_path, "--workers", "2", settings=settings) as service:
        answered_by(service, 2)
        ask_for_units(service, 30)
        told = [figures(service) for _ in range(10)]  # whoever answers
        folder = folder_of(service)
        service.process.send_signal(signal.SIGTERM)
        code = service.process.wait(PATIENCE)

    assert {each[UNITS] for each in told} == {30}
    assert told[-1]["chiso_workers"] == 2
    assert told[-1]["chiso_database_up"] == 1
    for worker in (0, 1):
        assert told[-1][f'chiso_resident_bytes{{worker="{worker}"}}'] > 10_000_000
    assert told[-1]["chiso_database_connections_limit"] == 40
    assert code == 0
    assert not folder.exists()
    assert list(others.iterdir()) == []


def test_a_process_alone_counts_in_no_folder_of_another_program(tmp_path: Path) -> None:
    own = {"PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    counting = "from app.metrics import series; series.count_request('read_units', 200, 1.0)"
    subprocess.run([sys.executable, "-c", counting], env={**os.environ, **own}, check=True)

    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_leaves_its_counts_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", settings={"CHISO_DATABASE_URL": database_url}) as service:
        first = answered_by(service, 2)
        ask_for_units(service, 30)
        files = sorted(folder_of(service).iterdir())
        for _ in range(2):
            workers_of(service)[0].kill()
            first |= answered_by(service, 1, but=first)
        ask_for_units(service, 10)
        after = until(lambda: found if (found := figures(service))["chiso_workers"] == 2 else None, service.process)
        left = sorted(folder_of(service).iterdir())

    assert after[UNITS] == 40
    assert left == files
    assert sorted(series for series in after if series.startswith("chiso_resident")) == [
        f'chiso_resident_bytes{{worker="{worker}"}}' for worker in (0, 1)
    ]


def test_the_folder_of_a_service_that_was_killed_goes_with_the_next_start(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as service:
        folder, family = folder_of(service), workers_of(service)
    psutil.wait_procs(family, PATIENCE)
    os.utime(folder, (0, 0))
    with serving(tmp_path, "--workers", "2") as service:
        there = folder.exists(), folder_of(service).exists()

    assert there == (False, True)


def test_the_room_of_the_files_holds_every_operation_with_every_status(tmp_path: Path) -> None:
    """What is not taken from the start could end the process on a full disk."""
    own = {"PYTHONPATH": str(ROOT), VARIABLE: str(tmp_path / "shared")}
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING], cwd=tmp_path, env={**os.environ, **own}, text=True, capture_output=True
    )

    assert int(done.stdout) > 50, done.stderr
    assert {each.stem: each.stat().st_size for each in (tmp_path / "shared").glob("*.db")} == {
        f"{kind}_0": size for kind, size in SIZES.items()
    }
