"""A board of 200 units as the service answers it, against a bare ASGI application that answers the same bytes.

Both run under uvicorn on one core, each in a process of its own, and are asked from the other cores over several
connections at once that never let the server idle. They take turns; a ratio of speeds is taken within a round. Both
run on the fast loop and parser that are installed; what these are worth is measured against the plain ones of Python.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, NamedTuple

import uvicorn

from app.config import Settings
from app.domain.unit import UnitDocument
from app.main import create_app
from app.services.frameworks import ship
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.imports.rows import ImportRows
from app.services.rights import Caller, Scope
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.db import Database
from app.store.frameworks import indicator_kinds
from app.store.schema import migrate
from bench.table import Row, show

UNITS, CONNECTIONS, TURNS, ROUNDS = 200, 8, 25, 21
KEPT_BYTES = 64_000_000
CALLER = Caller("bench", frozenset({Scope.ADMIN}))
KEY = "bench-key-of-twenty-letters"
GROUPS = ("transparency", "progress", "online_services", "payment", "satisfaction", "digitization")
PLAIN = (("loop", "asyncio"), ("http", "h11"))
"""The loop and the parser where no faster ones are installed."""
PATH = f"/v1/scores?period=2026-07&level=commune&under=H60&limit={UNITS}"


def prepare(url: str, home: Path) -> None:
    """A database with a board: 200 communes, each with the points of six groups."""
    file = home / "board.csv"
    lines = [
        f"H60.{10_000 + unit},2026-07,{group}_points,{(unit * 37 + place * 11) % 1000 / 100},national_portal\n"
        for unit in range(UNITS)
        for place, group in enumerate(GROUPS)
    ]
    file.write_text("unit,period,indicator,value,source\n" + "".join(lines))
    communes = [
        {"code": f"H60.{10_000 + n}", "name": f"UBND xã {n}", "level": "commune", "parent": "H60"} for n in range(UNITS)
    ]
    province = {"code": "H60", "name": "UBND tỉnh Tuyên Quang", "level": "province", "parent": None}
    migrate(url)
    database = Database(url)
    ship(database)
    with database.writing() as session, file.open("rb") as figures:
        state_units(session, CALLER, [StatedUnit(UnitDocument.model_validate(unit)) for unit in (province, *communes)])
        rows = ImportRows([figures], "csv", None, None, "long", indicator_kinds(session))
        import_values(session, CALLER, rows, ImportOptions())
    database.dispose()


def serve_chiso(port: int, url: str, memory_bytes: int, *how: Any) -> None:
    settings = Settings(_env_file=None, database_url=url, bootstrap_key=KEY, memory_bytes=memory_bytes)
    _serve(create_app(settings), port, **dict(how))


def serve_bytes(port: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    async def bare(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    _serve(bare, port, lifespan="off")


def _serve(app: Any, port: int, **more: Any) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    uvicorn.run(app, port=port, log_level="warning", access_log=False, server_header=False, **more)


@contextmanager
def served(work: Callable[..., None], *arguments: object) -> Iterator[int]:
    """The port of a server in a process of its own, which is ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = get_context("spawn").Process(target=work, args=(port, *arguments))
    process.start()
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join()


class Asking:
    """One request, asked over several connections at once."""

    def __init__(self, port: int, *headers: str) -> None:
        lines = [f"GET {PATH} HTTP/1.1", "Host: bench", f"Authorization: Bearer {KEY}", *headers, "", ""]
        self.request = "\r\n".join(lines).encode()
        self.connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        self.head, self.body = self._first()
        self.length = len(self.head) + 4 + len(self.body)

    def _first(self) -> tuple[bytes, bytes]:
        one = self.connections[0]
        one.sendall(self.request)
        head, _, body = one.recv(65_536).partition(b"\r\n\r\n")
        length = int(self.headers_of(head).get(b"content-length", b"0"))
        while len(body) < length:
            body += one.recv(65_536)
        return head, body

    @staticmethod
    def headers_of(head: bytes) -> dict[bytes, bytes]:
        pairs = [line.partition(b": ") for line in head.split(b"\r\n")[1:]]
        return {name.lower(): value for name, _, value in pairs}

    def seconds(self) -> float:
        """What so many turns took, in each of which every connection asks once."""
        start = perf_counter()
        for _ in range(TURNS):
            for one in self.connections:
                one.sendall(self.request)
            for one in self.connections:
                left = self.length
                while left > 0:
                    left -= len(one.recv(min(left, 262_144)))
        return perf_counter() - start

    def close(self) -> None:
        for one in self.connections:
            one.close()


class Speeds(NamedTuple):
    """Speeds of a board: as shares of the bare bytes, and how many times those on the plain loop the last two are."""

    board: float
    unchanged: float
    route: float
    board_over_plain: float
    unchanged_over_plain: float


def measure(url: str) -> Speeds:
    """How fast boards leave: kept, unchanged, through the route, and on the plain loop."""
    with (
        served(serve_chiso, url, KEPT_BYTES) as kept,
        served(serve_chiso, url, 0) as unkept,
        served(serve_chiso, url, KEPT_BYTES, *PLAIN) as plain,
    ):
        board = Asking(kept)
        headers = [pair for pair in Asking.headers_of(board.head).items() if pair[0] != b"date"]
        condition = f"If-None-Match: {dict(headers)[b'etag'].decode()}"
        unchanged, plain_unchanged = Asking(kept, condition), Asking(plain, condition)
        assert all(each.head.startswith(b"HTTP/1.1 304") for each in (unchanged, plain_unchanged))
        with served(serve_bytes, headers, board.body) as bare:
            limit, route, plain_board = Asking(bare), Asking(unkept), Asking(plain)
            assert limit.body == board.body == route.body == plain_board.body
            works = [board, unchanged, route, plain_board, plain_unchanged]
            of_board, of_unchanged, of_route, on_plain, unchanged_on_plain = _shares(limit, works)
    for each in (limit, *works):
        each.close()
    return Speeds(of_board, of_unchanged, of_route, of_board / on_plain, of_unchanged / unchanged_on_plain)


def _shares(limit: Asking, works: list[Asking]) -> list[float]:
    rounds = []
    for _ in range(ROUNDS + 1):
        bare = limit.seconds()
        rounds.append([bare / work.seconds() for work in works])
    return [median(shares) for shares in zip(*rounds[1:], strict=True)]


def rows(kinds: tuple[str, ...] = ("sqlite", "postgresql")) -> list[Row]:
    """Speeds as shares of the bare bytes: more is better."""
    found = []
    for kind in kinds:
        with TemporaryDirectory(prefix="chiso-bench-") as home, _database(kind, Path(home)) as url:
            prepare(url, Path(home))
            speeds = measure(url)
        found.append(Row(f"board of {UNITS} units, {kind}: speed of the bare bytes (at least)", speeds.board, 0.9))
        found.append(Row("  the same unchanged, 304", speeds.unchanged, 1.0))
        found.append(Row("  the same through its route, nothing kept", speeds.route, 0))
        found.append(Row("  kept, over the plain loop and parser", speeds.board_over_plain, 1.5))
        found.append(Row("  unchanged, over the plain loop and parser", speeds.unchanged_over_plain, 1.5))
    return found


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{home / 'boards.db'}"
        return
    from tests.support.databases import join_server

    home.chmod(0o711)  # the server runs as a user of its own
    server = join_server(home)
    try:
        yield str(server.get_uri())
    finally:
        server.stop()


if __name__ == "__main__":
    show(rows(tuple(sys.argv[1:]) or ("sqlite", "postgresql")))
