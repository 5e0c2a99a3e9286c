"""`chiso serve`: the service, and what it says as soon as it serves."""

import asyncio
import gc
import logging
import math
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from logging.config import dictConfig
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess, multiprocess
from uvicorn.supervisors.multiprocess import Process

from app.cli.connections import ClientLimits, LimitedConfig, connections_within, descriptors
from app.cli.database import check_before, check_settings, demonstrate, made_or_existing, warn_of_open_file
from app.cli.logs import log_config
from app.cli.stopping import SHARE_OF_REQUESTS, SIGNALS, stop_within
from app.config import Settings
from app.main import create_app
from app.metrics.shared_files import shared_by
from app.store.engines import place_of

STARTUP_S = 300
"""How long worker processes may take to start until nothing is said any more."""
LATE_S = 2
"""Seconds beyond the time to stop after which a worker process is killed."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0: any that is free.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration first, once.")] = False,
) -> None:
    """Bring the database to the present schema and serve."""
    settings = Settings()
    dictConfig(log_config(settings))
    limits = client_limits(settings)
    check_before(settings)
    with bound_socket(host, port) as listener:
        with made_or_existing(settings) as database:
            check_settings(database, settings)
            if demo:
                demonstrate(database, settings)
        warn_of_open_file(settings)
        run(settings, limits, listener, workers, lambda: announce(settings, address_of(host, listener), demo=demo))


def bound_socket(host: str, port: int) -> socket.socket:
    """The socket to listen on, taken before the database is touched. OSError names the address.

    It names TCP as its protocol: only then does asyncio send each part of an answer at once, instead of holding the
    body back until the client has acknowledged the head.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = f"{error.strerror}; choose another with --host and --port, or end what listens there"
        raise OSError(error.errno, reason, f"{host}:{port}") from error
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """Where it is reached, with the port that it really has."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def client_limits(settings: Settings) -> ClientLimits:
    """What clients may take of this process. OSError where the system leaves hardly anything."""
    most, backlog = connections_within(settings.connections, descriptors())
    return ClientLimits(most, backlog, settings.client_seconds, settings.stop_seconds * SHARE_OF_REQUESTS)


def run(
    settings: Settings, limits: ClientLimits, listener: socket.socket, workers: int, ready: Callable[[], None]
) -> None:
    """Serve until a signal ends it; `ready` is called once, when requests are answered."""
    config = LimitedConfig(
        "app.cli.serving:served",
        limits,
        factory=True,
        workers=workers,
        timeout_worker_healthcheck=60,
        timeout_graceful_shutdown=math.ceil(limits.stop_s),
        log_config=log_config(settings),
        access_log=False,
        server_header=False,
    )
    signal.signal(signal.SIGTERM, end)  # uvicorn sends itself once more what has stopped it
    with suppress(KeyboardInterrupt):
        if workers == 1:
            Server(config, ready).run([listener])
        else:
            listener.set_inheritable(True)
            with shared_by(workers):
                Workers(config, [listener], ready, settings.stop_seconds).run()


def end(*_: object) -> NoReturn:
    """Leave as one who has done what was asked: a service manager takes another exit code for a fault."""
    raise SystemExit(0)


class Server(uvicorn.Server):
    """The server in this process, which answers everybody whom the system has let in before it stops."""

    config: LimitedConfig

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.stopping = True
        queued = [client for listener in sockets or [] for client in waiting_at(listener)]
        for server in self.servers:  # at once: whoever comes from now on is refused, or comes to another process
            server.close()
        for client in queued:
            await asyncio.get_running_loop().connect_accepted_socket(self._connection, client)
        await super().shutdown(sockets)

    def _connection(self) -> asyncio.Protocol:
        make: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def waiting_at(listener: socket.socket) -> Iterator[socket.socket]:
    """The connections that the system has accepted and nobody has taken; it would reset them with the last listener."""
    listener.setblocking(False)
    with suppress(OSError):  # there is none, or no descriptor is left for it
        while True:
            yield listener.accept()[0]


class Worker(Process):
    """A process that serves as this one does where it is alone."""

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = Server(self.config)
        assert isinstance(self._server, Server)
        return self._server


multiprocess.Process = Worker  # type: ignore[misc]  # uvicorn makes its processes by that name, at the start and later


class Workers(Multiprocess):
    """Several processes on one socket. Each keeps the time to stop by itself; one that does not is killed."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], ready: Callable[[], None], stop_s: float
    ) -> None:
        super().__init__(config, sockets)
        self.ready, self.stop_s = ready, stop_s
        self.asked, self.failed = 0, False

    def init_processes(self) -> None:
        super().init_processes()
        until = time.monotonic() + STARTUP_S
        while not all(each.is_ready(timeout=1) for each in self.processes):
            self.handle_signals()
            if not self.all_live():  # the next one would fail likewise
                self.failed = True
                self.should_exit.set()
            if self.should_exit.is_set() or time.monotonic() > until:
                return
            time.sleep(0.1)
        self.ready()

    def all_live(self) -> bool:
        return all(each.process.is_alive() for each in self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace those that have died. (uvicorn also asks the others, and kills one that is slow to answer.)"""
        if not self.all_live():
            super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        for each in self.sockets:  # with it open the system would go on accepting connections that nobody takes
            each.close()
        super().terminate_all()

    def handle_signals(self) -> None:
        self.asked += sum(number in SIGNALS for number in self.signal_queue)
        super().handle_signals()

    def join_all(self) -> None:
        until = time.monotonic() + self.stop_s + LATE_S
        while any(each.process.is_alive() for each in self.processes):
            self.handle_signals()
            if self.asked > 1 or time.monotonic() > until:
                for each in self.processes:
                    each.process.kill()
            if self.asked > 1:
                raise SystemExit(128 + signal.SIGTERM)
            time.sleep(0.05)
        super().join_all()
        if self.failed or any(each.exitcode == STARTUP_FAILURE for each in self.processes):
            raise SystemExit(STARTUP_FAILURE)


TURN_S = 0.001
"""For so long a thread that computes keeps the others from the interpreter, in seconds. With Python's 0.005 a request
that is answered from memory took 2 to 4 ms beside an import in the background, with this 1.5."""
COLLECTED_AFTER = (2_000, 5, 5)
"""Objects, then young and middle collections, after which garbage is collected: an answer makes thousands of objects
that die by themselves. Walking all that lives every 700 took a tenth of the time; every 20,000, what refers to itself
(the document of a letter) took a gigabyte before somebody looked."""


def served() -> FastAPI:
    """The application that each process serves."""
    settings = Settings()
    logging.captureWarnings(True)
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # what was made at the start lives as long as the process, and need not be walked again
    gc.set_threshold(*COLLECTED_AFTER)
    sys.setswitchinterval(TURN_S)
    stop_within(settings.stop_seconds, app.state.jobs.stop)
    return app


OF_DEMO = (
    "/v1/units?level=province&q=tuyen+quang",
    "/v1/scores?period=2026&level=commune&under=H21&limit=3",
    "/v1/scores/H60/2024-07",
)
OF_EVERY = ("/v1/frameworks", "/v1/indicators?limit=3", "/v1/units?limit=3")
"""What can be asked for in a database without the demonstration."""


def announce(settings: Settings, address: str, *, demo: bool) -> None:
    """Say that it serves. A secret goes to the terminal of who tries it out, never into a log: a container may be
    given a terminal whose text is kept.
    """
    shown = demo and sys.stdout.isatty()
    print("\n".join(welcome(settings, address, on_terminal=shown, demo=demo)), flush=True)


def welcome(settings: Settings, address: str, *, on_terminal: bool, demo: bool) -> Sequence[str]:
    """What a starting service says: where it is, the bootstrap key if there is one, and what to try (with `demo`: that
    its data are there).
    """
    scheme = settings.database_url.partition("://")[0]
    store = f"{scheme} at {place_of(settings.database_url)}"
    lines = [f"chiso serves {address} from {store}. For people: {address}/ · operations: {address}/docs"]
    if settings.bootstrap_key is None:
        return [*lines, "No bootstrap key is set; make one with `chiso keys create`."]
    key = settings.bootstrap_key if on_terminal else "$CHISO_BOOTSTRAP_KEY"
    bearer = f'-H "Authorization: Bearer {key}"'
    where = (
        key if on_terminal else "CHISO_BOOTSTRAP_KEY, in the environment or in .env (shown by --demo, on a terminal)"
    )
    return [
        *lines,
        f"Admin key: {where}",
        "Try:",
        *(f"  curl {bearer} '{address}{path}'" for path in (OF_DEMO if demo else OF_EVERY)),
    ]
