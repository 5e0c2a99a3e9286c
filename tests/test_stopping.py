"""A service that is told to stop: in time, whoever stalls, and with nothing left in the air."""

import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from starlette.types import Receive, Scope, Send

from app.cli.connections import ClientLimits, LimitedConfig
from app.cli.serving import Server, bound_socket
from app.domain.unit import UnitDocument
from app.services.frameworks import ship
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store.db import Database
from app.store.imports import list_imports
from app.store.values import CURRENT
from tests.make import a_unit, bearer
from tests.support.background import UNITS, lines
from tests.support.rival import CALLER
from tests.support.served_process import PATIENCE, SECRET, ServedProcess, request, serving, until

SOON = {"CHISO_STOP_SECONDS": "3"}
LATE = {"CHISO_STOP_SECONDS": "300"}
HALF_A_BODY = request("POST", "/v1/imports", b"unit,", headers=["Content-Type: text/csv"], length=30)
HALF_A_HEAD = b"GET /livez HTTP/1.1\r\nHost: "


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    ship(database)
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(UnitDocument(**a_unit(code=code, name=code))) for code in UNITS])
    yield database
    database.dispose()


def ended(service: ServedProcess) -> int:
    """The exit code after a signal."""
    service.process.send_signal(signal.SIGTERM)
    return service.process.wait(PATIENCE)


@pytest.mark.parametrize(("workers", "parser"), [("1", "in Python"), ("2", "in C")])
def test_clients_who_stall_do_not_keep_a_service_that_stops(workers: str, parser: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", workers, settings=SOON, parser=parser) as service:
        clients = [service.connection(sent) for sent in (HALF_A_BODY, HALF_A_HEAD, b"")]
        time.sleep(0.5)
        code = ended(service)
        said = service.logged()
        for each in clients:
            each.close()

    assert code == 0
    assert "Traceback" not in said


def test_a_request_in_flight_is_answered_before_the_service_stops(tmp_path: Path) -> None:
    with serving(tmp_path, settings=LATE) as service, service.connection(HALF_A_BODY) as client:
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        client.sendall(b"period,indicator,value\n..")
        answer = client.makefile("rb").read()
        code = service.process.wait(PATIENCE)

    assert answer.startswith(b"HTTP/1.1 4")
    assert code == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_signal_ends_at_once(workers: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", workers, settings=LATE) as service, service.connection(HALF_A_BODY):
        family = psutil.Process(service.process.pid).children(recursive=True)
        service.process.send_signal(signal.SIGTERM)
        until(lambda: "Waiting for connections" in service.logged(), service.process)
        code = ended(service)
        psutil.wait_procs(family, PATIENCE)

    assert code == 128 + signal.SIGTERM
    assert [each for each in family if each.is_running()] == []


def answers_until_refused(service: ServedProcess) -> set[str]:
    """What became of requests, each over a connection of its own, until none can be opened any more."""
    found: set[str] = set()
    while True:
        try:
            client = service.connection()
        except ConnectionRefusedError:
            return found
        with client:
            try:
                client.sendall(request("GET", "/livez", headers=["Connection: close"]))
                found.add(client.makefile("rb").read()[:12].decode())
            except ConnectionError as error:
                found.add(str(error))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_whoever_could_connect_is_answered_while_the_service_stops(workers: str, tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", workers, settings=SOON) as service,
        service.connection(HALF_A_BODY),  # keeps it from being gone at once
        ThreadPoolExecutor(8) as clients,
    ):
        asking = [clients.submit(answers_until_refused, service) for _ in range(8)]
        time.sleep(1)
        ended(service)
        found = set[str]().union(*(each.result() for each in asking))

    assert found == {"HTTP/1.1 200"}


def last_answer(service: ServedProcess) -> int:
    """Ask on one connection again and again, until an answer says that it is the last one on it: its status."""
    connection = HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
    with closing(connection):
        while True:
            connection.request("GET", "/livez")
            answer = connection.getresponse()
            answer.read()
            if answer.will_close:
                return answer.status
            time.sleep(0.01)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_connection_that_is_used_again_and_again_has_a_last_answer(workers: str, tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--workers", workers, settings=SOON) as service,
        ThreadPoolExecutor(16) as clients,
    ):
        asking = [clients.submit(last_answer, service) for _ in range(16)]
        time.sleep(1)
        code = ended(service)
        found = {each.result() for each in asking}

    assert (code, found) == (0, {200})


async def says_yes(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers every request alike."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"yes"})


async def test_whoever_waits_at_the_port_when_a_process_stops_is_answered() -> None:
    limits = ClientLimits(most=10, backlog=10, client_s=30, stop_s=5)
    config = LimitedConfig("tests.test_stopping:says_yes", limits, lifespan="off", log_config=None)
    config.load()
    server = Server(config)
    server.lifespan = config.lifespan_class(config)
    with bound_socket("127.0.0.1", 0) as listener:
        await server.startup([listener])
        with socket.create_connection(listener.getsockname(), timeout=PATIENCE) as client:
            client.sendall(request("GET", "/"))  # nothing has taken the connection: that would take a turn of the loop
            await server.shutdown([listener])
            answer = client.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"yes")


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", settings=SOON) as service:
        family = psutil.Process(service.process.pid).children(recursive=True)
        service.process.kill()
        _, left = psutil.wait_procs(family, PATIENCE)

    assert left == []


def test_a_request_that_waits_for_the_database_does_not_keep_a_service_that_stops(
    database: Database, tmp_path: Path
) -> None:
    settings = {**SOON, "CHISO_DATABASE_URL": database.url}
    write = request("PUT", "/v1/units/H99", b"{}", headers=["Content-Type: application/json"])
    with serving(tmp_path, settings=settings) as service, database.writing(), service.connection(write):
        time.sleep(1)
        code = ended(service)

    assert code == 0


def test_an_import_in_the_background_has_ended_when_the_service_has(database: Database, tmp_path: Path) -> None:
    table = b"".join(lines(25_000)) * 8
    headers = {**bearer(SECRET), "Content-Type": "text/csv", "Prefer": "respond-async"}
    settings = {"CHISO_STOP_SECONDS": "30", "CHISO_DATABASE_URL": database.url}
    with serving(tmp_path, settings=settings) as service, service.connection(HALF_A_BODY):
        answer = httpx.post(f"{service.address}/v1/imports", content=table, headers=headers, timeout=PATIENCE)
        code = ended(service)

    with database.reading() as session:
        states = [each.row.status for each in list_imports(session, within=None, before=None, limit=100, few=0)]
    assert (answer.status_code, code) == (202, 0)
    assert states
    assert "running" not in states


def test_an_import_that_is_being_stored_when_the_service_stops_fails_at_once(
    database: Database, tmp_path: Path
) -> None:
    """Its statement would go on for hours: it is interrupted, and its lease need not run out."""
    with database.writing() as session:
        for statement in ENDLESS["postgresql" if "postgresql" in database.url else "sqlite"]:
            session.execute(text(statement))
    settings = {"CHISO_STOP_SECONDS": "20", "CHISO_DATABASE_URL": database.url}
    headers = {**bearer(SECRET), "Content-Type": "text/csv", "Prefer": "respond-async"}
    with serving(tmp_path, settings=settings) as service:
        table = b"".join(lines(2))
        answer = httpx.post(f"{service.address}/v1/imports", content=table, headers=headers, timeout=PATIENCE)
        until(lambda: is_locked(database), service.process)
        code = ended(service)
        said = service.logged()

    with database.reading() as session:
        [record] = [each.row for each in list_imports(session, within=None, before=None, limit=100, few=0)]
        figures = session.execute(select(CURRENT.unit)).all()
    assert (answer.status_code, code) == (202, 0)
    assert record.status == "failed", said
    assert record.problem is not None
    assert "service was stopped" in record.problem["en"]["detail"]
    assert figures == []
    assert "cut off" not in said


ENDLESS = {
    "sqlite": [
        "CREATE TRIGGER endless BEFORE INSERT ON current_values BEGIN SELECT count(*) FROM unit_versions a, "
        + ", ".join(f"unit_versions b{n}" for n in range(9))
        + "; END"
    ],
    "postgresql": [
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_sleep(36000); RETURN NEW; END $$",
        "CREATE TRIGGER endless BEFORE INSERT ON current_values FOR EACH ROW EXECUTE FUNCTION wait()",
    ],
}
"""Statements that let storing a figure take for ever."""


def is_locked(database: Database) -> bool:
    """Whether somebody writes for longer than a moment."""
    try:
        with database.writing(wait_ms=500):
            return False
    except OperationalError:
        return True
