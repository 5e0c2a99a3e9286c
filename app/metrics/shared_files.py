"""The files in which the processes of a service count, so that each of them can tell the figures of all.

They stand in a folder that the processes share, a few for each number that a process has while it lives. Its successor
takes the number over and counts on, so no count goes back and no file is left over, however often processes are
replaced. The room of the files is taken from the start: a full disk would else end a process that counts.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import gettempdir, mkdtemp
from time import time

from prometheus_client import values
from prometheus_client.values import MultiProcessValue, MutexValue

log = logging.getLogger("chiso.metrics")

VARIABLE = "_CHISO_METRICS_FOLDER"
"""Names the folder to the processes of one service that start."""
OF_PROMETHEUS = "PROMETHEUS_MULTIPROC_DIR"
"""Names it to prometheus_client. Somebody who measures something else may have set it, so it says nothing to us."""
PREFIX = "chiso-metrics-"
GAUGES = "gauge_livesum"
SIZES = {"counter": 2**19, "histogram": 2**19, GAUGES: 2**16}
"""Kinds of files, and bytes that are taken for one: all operations with all their statuses fit."""
YOUNG_S = 60
"""Seconds in which a folder may be without its lock."""


def join() -> int:
    """The number of this process; from now on it counts in the folder that the environment names, if it names one.

    For the time before the first series is made. The lock on the number ends with the process, however that ends.
    """
    folder = shared_folder()
    if folder is None:
        values.ValueClass = MutexValue
        return 0
    os.environ[OF_PROMETHEUS] = str(folder)
    folder.mkdir(parents=True, exist_ok=True)
    number = next(each for each in count() if _lock(folder / f"{each}.lock", LOCK_EX) is not None)  # and never let go
    _make_files(folder, number)
    with (folder / f"{GAUGES}_{number}.db").open("r+b") as gauges:  # what it says is of the one before
        gauges.write(bytes(SIZES[GAUGES]))
    values.ValueClass = MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]
    return number


def shared_folder() -> Path | None:
    """Where the processes count; None where this one counts for itself."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


def files_in(folder: Path) -> list[str]:
    """The files of all processes that there were; of those that are gone what they counted, not what they measured."""
    gone = {f"{GAUGES}_{each.stem}" for each in folder.glob("*.lock") if _is_free(each)}
    return sorted(str(each) for each in folder.glob("*.db") if each.stem not in gone)


@contextmanager
def shared_by(workers: int) -> Iterator[None]:
    """Processes that start inside count in one folder; it goes when they have. Where there is no room, each counts for
    itself.
    """
    folder = _new_folder(workers + 1)  # one that is replaced may still be there
    if folder is None:
        log.warning("There is no room for the metrics of several processes; each tells its own alone")
        yield
        return
    os.environ[VARIABLE] = str(folder)
    try:
        with _locked(folder):
            yield
    finally:
        del os.environ[VARIABLE]
        rmtree(folder, ignore_errors=True)


def _new_folder(numbers: int) -> Path | None:
    """A folder with the files of so many processes, in memory if the system has a place for that."""
    for place in (Path("/dev/shm"), Path(gettempdir())):  # noqa: S108 - the folder is new, and its owner's alone
        with suppress(OSError):
            _remove_leftovers(place)
            folder = Path(mkdtemp(prefix=PREFIX, dir=place))
            try:
                for number in range(numbers):
                    _make_files(folder, number)
            except OSError:
                rmtree(folder, ignore_errors=True)
                raise
            return folder
    return None


def _make_files(folder: Path, number: int) -> None:
    """The files of a number where they are missing, each with all its room as soon as it has its name."""
    for kind, size in SIZES.items():
        file = folder / f"{kind}_{number}.db"
        if not file.exists():
            new = file.with_suffix(".new")
            new.write_bytes(bytes(size))
            new.rename(file)


def _remove_leftovers(place: Path) -> None:
    """Folders of services that were killed; whose folder is locked is still there, or only just begins."""
    for each in place.glob(f"{PREFIX}*"):
        with suppress(OSError), _locked(each):
            if time() - each.stat().st_mtime > YOUNG_S:
                rmtree(each, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """OSError where somebody else has it locked, or it is another user's."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)  # others may put a pipe there
    try:
        flock(held, LOCK_EX | LOCK_NB)
        yield
    finally:
        os.close(held)


def _lock(file: Path, kind: int) -> int | None:
    """An open lock on a file, which is made where it is missing; None where another process has it."""
    held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(held, kind | LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


def _is_free(file: Path) -> bool:
    """Whether no process has the number."""
    held = _lock(file, LOCK_SH)
    if held is not None:
        os.close(held)
    return held is not None
