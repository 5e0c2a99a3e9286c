"""What befalls the services and their database, one calamity at a time, while others write."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from tests.support.services import PATIENCE_S, Service, Services, is_alive
from tests.torture.ledger import Ledger
from tests.torture.postgres import PostgresServer

HOSTS = 2
"""Services on the one database; those that write go to any."""
LONGEST_LIFE_S = 0.5
"""Between one kill and the next, starting not counted."""
LONGEST_STILL_S = 1.5
LONGEST_FULL_S = 0.6
SMALLEST_LIMIT, LARGEST_LIMIT = 2**16, 2**19
"""Bytes beyond which no file grows, as on a full disk."""
LIMIT_OF_SERVER = 2**20
"""That of PostgreSQL: its logs of 1 MB still fit."""
LONGEST_BACK_S = 7200
LOGS_KEPT = 4


class Place:
    """A database, and the services on it."""

    def __init__(
        self, url: str, services: Services, chance: Random, ledger: Ledger, settings: Mapping[str, str]
    ) -> None:
        self.url, self.services, self.chance, self.ledger = url, services, chance, ledger
        self.settings = settings
        self.running: list[Service] = [self.start() for _ in range(HOSTS)]
        self.ended: list[Path] = []

    def start(self, clock_s: int = 0) -> Service:
        """A service; one that found no database is started again, as by a service manager."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self.services.start(self.url, self.settings, clock_s=clock_s)
            except AssertionError as refusal:
                if "does not answer" not in str(refusal) or time.monotonic() > until:
                    raise
            self.ledger.see("started again: the database did not answer")

    def hosts(self) -> list[str]:
        return [each.address for each in list(self.running)]

    def kill(self, clock_s: int = 0) -> None:
        """Kill a service at a moment of chance, and start another."""
        time.sleep(self.chance.uniform(0, LONGEST_LIFE_S))
        which = self.chance.randrange(HOSTS)
        dead = self.running[which]
        dead.end()
        self.running[which] = self.start(clock_s)
        self.forget(dead.log)

    def forget(self, log: Path) -> None:
        """Keep the logs of the last few, and of all of them what went wrong."""
        for line in log.read_text().splitlines():
            if " ERROR " in line:
                self.ledger.see("logged: " + " ".join(line.split()[4:])[:160])
        self.ledger.check(
            "no service wrote a traceback",
            "Traceback" not in (said := log.read_text()),
            said[max(0, said.find("Traceback") - 300) :],
        )
        self.ended.append(log)
        for each in self.ended[:-LOGS_KEPT]:
            each.unlink(missing_ok=True)

    def end(self) -> None:
        for each in self.running:
            each.end()
            self.forget(each.log)


def set_clock_back(place: Place) -> None:
    place.kill(-place.chance.randint(60, LONGEST_BACK_S))


def freeze_service(place: Place) -> None:
    """A machine that stands still for a moment, with whatever its service has in its hands."""
    frozen = place.chance.choice(place.running)
    frozen.send(signal.SIGSTOP)
    time.sleep(place.chance.uniform(0.1, LONGEST_STILL_S))
    frozen.send(signal.SIGCONT)


def limit_files(pids: Iterable[int], most: int | str, user: str | None = None) -> None:
    """Let these processes of a user make no file larger than `most` bytes; some may be gone."""
    for pid in pids:
        command = ["prlimit", "--pid", str(pid), f"--fsize={most}:"]  # the hard limit stays
        done = subprocess.run(command, user=user, capture_output=True)
        assert done.returncode == 0 or not is_alive(pid), done.stderr


def fill_disk_of_services(place: Place) -> None:
    pids = [each.pid for each in place.running]
    limit_files(pids, place.chance.randint(SMALLEST_LIMIT, LARGEST_LIMIT))
    time.sleep(place.chance.uniform(0.1, LONGEST_FULL_S))
    limit_files(pids, "unlimited")


class ServerCalamities:
    """What befalls PostgreSQL."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server

    def kill_backend(self, place: Place) -> None:
        """One of its processes dies, and PostgreSQL ends all others and recovers."""
        if serving := list(self.server.serving()):
            with suppress(psutil.NoSuchProcess):
                place.chance.choice(serving).kill()
        self.server.start()

    def kill(self, place: Place) -> None:
        self.server.kill()
        time.sleep(place.chance.uniform(0, 0.5))
        self.server.start()

    def freeze(self, place: Place) -> None:
        self.server.send(signal.SIGSTOP)
        try:
            time.sleep(place.chance.uniform(0.1, LONGEST_STILL_S))
        finally:
            self.server.send(signal.SIGCONT)

    def fill_disk(self, place: Place) -> None:
        """No table grows."""
        parent, *_ = self.server.processes()
        user = self.server.installation.system_user
        limit_files([parent.pid, *(each.pid for each in self.server.serving())], LIMIT_OF_SERVER, user)
        time.sleep(place.chance.uniform(0.1, LONGEST_FULL_S))
        limit_files([parent.pid], "unlimited", user)  # first: what it makes from now on has no limit
        limit_files([each.pid for each in self.server.processes()], "unlimited", user)
        self.server.start()


Calamity = Callable[[Place], None]


OF_BOTH: dict[str, Calamity] = {"clock set back": set_clock_back, "service frozen": freeze_service}
DISK_CAN_BE_FULL = shutil.which("prlimit") is not None
"""util-linux has it; elsewhere no disk is filled."""


def of_sqlite() -> dict[str, Calamity]:
    return {**OF_BOTH, **({"disk full": fill_disk_of_services} if DISK_CAN_BE_FULL else {})}


def of_postgres(server: PostgresServer) -> dict[str, Calamity]:
    own = ServerCalamities(server)
    return {
        **OF_BOTH,
        **({"disk full": own.fill_disk} if DISK_CAN_BE_FULL else {}),
        "PostgreSQL killed": own.kill,
        "a process of PostgreSQL killed": own.kill_backend,
        "PostgreSQL frozen": own.freeze,
    }
