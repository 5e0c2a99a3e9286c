"""Who does not write: one that reads boards, and some that send halves of requests or never read an answer."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx

from tests.make import BOOTSTRAP_KEY, bearer
from tests.torture.ledger import Ledger
from tests.torture.writers import PASSING, PERIODS, TIMEOUT, WRITERS, unit_of

STALLED = 12
"""Connections that stand still at once."""
BREATH_S = 0.2

READS = "a read shows every write that was acknowledged before it was sent"
SERVES = "a read is answered 200, or 503 with Retry-After"


class Reader(Thread):
    """A dashboard."""

    def __init__(self, chance: Random, hosts: Callable[[], list[str]], ledger: Ledger) -> None:
        super().__init__(name="reader", daemon=True)
        self.chance, self.hosts, self.ledger, self.over = chance, hosts, ledger, Event()

    def run(self) -> None:
        with httpx.Client(headers=bearer(BOOTSTRAP_KEY), timeout=TIMEOUT) as client:
            while not self.over.wait(BREATH_S):
                newest, address = self.ledger.newest, self.chance.choice(self.hosts()) + self.address()
                try:
                    answer = client.get(address)
                except httpx.HTTPError:
                    continue
                passing = answer.status_code in PASSING and "retry-after" in answer.headers
                self.ledger.check(SERVES, answer.status_code == 200 or passing, f"{answer.status_code} {answer.text}")
                if answer.status_code == 200 and "chiso-version" in answer.headers:  # else the database went away since
                    version = int(answer.headers["chiso-version"])
                    self.ledger.check(READS, version >= newest, f"{address}: {version}, and {newest} was seen")

    def address(self) -> str:
        period = self.chance.choice(PERIODS)
        unit = unit_of(self.chance.randrange(WRITERS), self.chance.randrange(2))
        return self.chance.choice(
            (
                f"/v1/scores?period={period}&under=H60&level=commune",
                f"/v1/units/{unit}",
                f"/v1/values?unit={unit}&period={period}",
            )
        )


class StallingClients(Thread):
    """Clients that send half a head, half a body, or ask for more than they read."""

    def __init__(self, chance: Random, hosts: Callable[[], list[str]], ledger: Ledger) -> None:
        super().__init__(name="stalling", daemon=True)
        self.chance, self.hosts, self.ledger, self.over = chance, hosts, ledger, Event()
        self.connections: list[socket.socket] = []

    def run(self) -> None:
        while not self.over.wait(BREATH_S):
            with suppress(OSError):
                self.stall()
            while len(self.connections) > STALLED:
                self.connections.pop(0).close()
        for each in self.connections:
            each.close()

    def stall(self) -> None:
        address = urlsplit(self.chance.choice(self.hosts()))
        assert address.hostname is not None
        assert address.port is not None
        connection = socket.create_connection((address.hostname, address.port), timeout=1)
        self.connections.append(connection)
        key = f"Host: x\r\nAuthorization: Bearer {BOOTSTRAP_KEY}\r\n"
        what = self.chance.choice(("half a head", "half a body", "an answer that is not read"))
        self.ledger.see(f"clients that stall: {what}")
        if what == "half a head":
            connection.sendall(f"GET /v1/units HTTP/1.1\r\n{key}".encode())
        elif what == "half a body":
            head = f"POST /v1/imports HTTP/1.1\r\n{key}Content-Type: text/csv\r\nContent-Length: 100000\r\n\r\nunit,"
            connection.sendall(head.encode())
        else:
            connection.sendall(f"GET /v1/values?unit=H60.500&limit=1000 HTTP/1.1\r\n{key}\r\n".encode() * 20)


def ended(threads: list[Thread], seconds: float) -> bool:
    """Whether all have come to their end within so long."""
    until = time.monotonic() + seconds
    for each in threads:
        each.join(max(0.0, until - time.monotonic()))
    return not any(each.is_alive() for each in threads)
