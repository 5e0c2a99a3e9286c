"""Clients that stall, send without end or are too many: what they cost a running service, on both parsers."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from tests.support.served_process import PARSERS, PATIENCE, SECRET, ServedProcess, request, serving, within

DESCRIPTORS = 400
"""Of which 100 are left for clients."""


@pytest.fixture(scope="module", params=PARSERS)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedProcess]:
    home: Path = tmp_path_factory.mktemp("served")
    settings = {"CHISO_CLIENT_SECONDS": "2"}
    with serving(home, settings=settings, parser=request.param, starter=within(f"-n {DESCRIPTORS}")) as service:
        yield service


def received(client: socket.socket) -> bytes:
    """All that is sent until the connection is closed."""
    with client, client.makefile("rb") as answer:
        return answer.read()


def test_a_body_that_stops_arriving_is_refused(service: ServedProcess) -> None:
    half = request("POST", "/v1/imports", b"unit,", headers=["Content-Type: text/csv"], length=30)

    answer = received(service.connection(half))

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b'"code":"request_stalled"' in answer


def test_a_body_that_arrives_slowly_is_taken(service: ServedProcess) -> None:
    with service.connection(request("POST", "/v1/check", headers=["Content-Type: text/csv"], length=4)) as client:
        for _ in range(4):
            client.sendall(b"x")
            time.sleep(0.8)
        answer = client.recv(12)

    assert answer.startswith(b"HTTP/1.1 4")
    assert answer != b"HTTP/1.1 408"


@pytest.mark.parametrize("sent", [b"", b"GET /livez HTTP/1.1\r\nHost: "])
def test_a_connection_on_which_no_head_comes_to_its_end_is_closed(service: ServedProcess, sent: bytes) -> None:
    answer = received(service.connection(sent))

    assert answer == b""


def test_a_head_without_end_is_cut(service: ServedProcess) -> None:
    def send_on(client: socket.socket) -> None:
        for number in range(100_000):
            client.sendall(b"x-%d: %s\r\n" % (number, b"y" * 1000))

    with service.connection(b"GET /livez HTTP/1.1\r\n") as client, pytest.raises(ConnectionError):
        send_on(client)


def test_the_rest_of_a_refused_body_is_no_head(service: ServedProcess) -> None:
    with service.connection(b"POST /v1/imports HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n") as client:
        answer = client.recv(12)
        for _ in range(10):
            client.sendall(b"x" * 100_000)
        client.sendall(request("GET", "/livez"))
        rest = received(client)

    assert answer == b"HTTP/1.1 401"
    assert b"HTTP/1.1 200 OK" in rest


@pytest.mark.parametrize(("version", "headers"), [("1.1", ()), ("1.1", ("Connection: close",)), ("1.0", ())])
def test_who_still_sends_a_large_body_reads_why_it_was_refused(
    service: ServedProcess, version: str, headers: tuple[str, ...]
) -> None:
    upload = request("POST", "/v1/imports", b"x" * 20_000_000, headers=["Content-Type: text/csv", *headers])
    upload = upload.replace(b"HTTP/1.1", f"HTTP/{version}".encode(), 1).replace(SECRET.encode(), b"a-wrong-key", 1)

    answer = received(service.connection(upload))

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert answer.endswith(b"}")


def test_who_was_refused_and_sends_without_end_is_cut(service: ServedProcess) -> None:
    def send_on(client: socket.socket) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            client.sendall(b"x" * 1000)
            time.sleep(0.01)

    endless = request("POST", "/v1/imports", headers=["Connection: close"], length=10**12)
    with (
        service.connection(endless.replace(SECRET.encode(), b"a-wrong-key", 1)) as client,
        pytest.raises(ConnectionError),
    ):
        send_on(client)


def test_a_request_that_breaks_off_in_its_body_keeps_no_connection(service: ServedProcess) -> None:
    broken = b"GET /livez HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    before = len(service.logged())

    with service.connection(broken) as client:
        client.settimeout(30)
        while client.recv(1000):
            pass
        client.sendall(b"x")
        time.sleep(1)
        with pytest.raises(ConnectionError):  # the service has closed its side and its ear
            client.sendall(b"x")

    assert "Traceback" not in service.logged()[before:]


def test_a_client_who_is_slow_to_send_a_body_keeps_no_other_from_heavy_work(service: ServedProcess) -> None:
    brief = "/v1/reports/notice?period=2024-07&under=H60"
    slow = request("GET", brief, headers=["Connection: keep-alive"], length=100)

    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(service.connection(slow))
        time.sleep(0.5)
        answer = httpx.get(f"{service.address}{brief}", headers={"Authorization": f"Bearer {SECRET}"}, timeout=10)

    assert answer.status_code == 404, answer.text


def test_another_protocol_that_a_client_asks_for_is_no_matter_for_the_log(service: ServedProcess) -> None:
    websocket = request("GET", "/livez", headers=["Connection: Upgrade", "Upgrade: websocket"])
    http2 = request("GET", "/livez", headers=["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"])
    tunnel = b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"
    before, answers = len(service.logged()), []
    for asked in (websocket, http2, tunnel):
        with service.connection(asked) as client:
            answers.append(client.recv(10))

    assert answers == [b"HTTP/1.1 2", b"HTTP/1.1 2", b"HTTP/1.1 4"]
    said = service.logged()[before:].lower()
    assert "websocket" not in said
    assert "unsupported" not in said


def test_answers_that_nobody_reads_are_dropped(service: ServedProcess) -> None:
    def ask_on(client: socket.socket) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(TimeoutError):
                client.sendall(request("GET", "/openapi.json"))

    with service.connection() as client:
        client.settimeout(0.5)
        with pytest.raises(ConnectionError):
            ask_on(client)


def test_idle_connections_beyond_what_the_system_allows_keep_nobody_out(service: ServedProcess) -> None:
    before = len(service.logged())
    with ExitStack() as open_connections:
        for _ in range(3 * DESCRIPTORS):
            open_connections.enter_context(service.connection())
        answers = [httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code for _ in range(10)]

    assert answers == [200] * 10
    said = service.logged()[before:]
    assert len(said) < 100_000
    assert "Traceback" not in said
