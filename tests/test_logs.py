"""What a running service logs: every line with its time, level and request, no secret, nothing forged or twice."""

import asyncio
import json
import logging
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import Message

from app.api.request_middleware import REQUEST_ID, RequestContext
from app.cli.logs import JsonFormatter, Repeats, TextFormatter
from tests.make import a_unit, bearer, some_figures
from tests.support.metrics import figures_of
from tests.support.served_process import PATIENCE, SECRET, ServedProcess, command, environment, request, serving, until

BUNDLE = "/static/docs/swagger-ui-bundle.js"

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) [a-z.]+ (\S+) .*")


def a_record(message: str = "It broke: %s", *about: object, at: float = 0, error: Exception | None = None) -> Any:
    info = None if error is None else (type(error), error, None)
    record = logging.LogRecord("chiso", logging.ERROR, "file.py", 1, message, about, info)
    record.created = at
    return record


def asked(service: ServedProcess) -> list[dict[str, Any]]:
    """The lines of its access log so far, in JSON."""
    lines = [json.loads(line) for line in service.logged().splitlines() if line.startswith("{") and line.endswith("}")]
    return [line for line in lines if line["logger"] == "chiso.access"]


def cut(service: ServedProcess) -> list[dict[str, Any]]:
    return [line for line in asked(service) if line.get("cut")]


def test_a_request_is_a_line_with_its_key_operation_status_and_time(database_url: str, tmp_path: Path) -> None:
    settings = {"CHISO_LOG_FORMAT": "json", "CHISO_DATABASE_URL": database_url}
    with serving(tmp_path, "--workers", "2", settings=settings) as service:
        for id in ("computed", "kept", "refused"):
            key = "a-key-that-nobody-has-made" if id == "refused" else SECRET
            httpx.get(f"{service.address}/v1/units?q=x", headers={**bearer(key), "X-Request-Id": id}, timeout=PATIENCE)
        httpx.get(f"{service.address}/livez")
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(PATIENCE)
        said = service.logged()

    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    asked = {line["request_id"]: line for line in lines if line["logger"] == "chiso.access"}
    assert set(asked) == {"computed", "kept", "refused"}
    for id, key, status in (("computed", "bootstrap", 200), ("kept", "bootstrap", 200), ("refused", "-", 401)):
        line = asked[id]
        assert (line["method"], line["path"], line["operation"]) == ("GET", "/v1/units", "read_units")
        assert (line["key"], line["status"], line["client"]) == (key, status, "127.0.0.1")
        assert line["ms"] > 0
    assert {"uvicorn.error", "chiso.access"} <= {line["logger"] for line in lines}
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    assert SECRET not in said
    assert "a-key-that-nobody-has-made" not in said


def test_an_import_in_the_background_is_a_line_where_it_begins_and_one_where_it_ends(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"CHISO_LOG_FORMAT": "json", "CHISO_DATABASE_URL": database_url}
    with serving(tmp_path, settings=settings) as service, httpx.Client(base_url=service.address) as client:
        client.headers = httpx.Headers(bearer(SECRET))
        client.put("/v1/units/H60", json=a_unit())
        for id, figures in (("good", some_figures()), ("bad", some_figures("H99"))):
            headers = {"Prefer": "respond-async", "X-Request-Id": id}
            place = client.post("/v1/imports", json=figures, headers=headers).headers["Location"]
            until(lambda place=place: client.get(place).json()["status"] != "running")  # type: ignore[misc]
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(PATIENCE)
        said = [json.loads(line) for line in service.logged().splitlines() if line.startswith("{")]

    told = [line for line in said if line["logger"] == "chiso.jobs"]
    rows = len(some_figures())
    assert [
        (line["request_id"], line["kind"], line["job"], line.get("outcome"), line.get("rows")) for line in told
    ] == [
        ("good", "import", 1, None, None),
        ("good", "import", 1, "applied", rows),
        ("bad", "import", 2, None, None),
        ("bad", "import", 2, "rejected", rows),
    ]
    assert told[0]["message"] == "import 1 begins"
    assert told[1]["message"] == f"import 1 applied, {rows} rows, {told[1]['ms']} ms"
    assert told[1]["ms"] > 0


@pytest.mark.parametrize(("parser", "path"), [("in C", BUNDLE), ("in Python", "/openapi.json")])
def test_an_answer_that_is_not_read_to_its_end_is_told_as_cut(parser: str, path: str, tmp_path: Path) -> None:
    settings = {"CHISO_LOG_FORMAT": "json", "CHISO_CLIENT_SECONDS": "2"}
    with serving(tmp_path, settings=settings, parser=parser) as service:
        ask = request("GET", path) * 40  # the system holds some of them for the client
        with service.connection(ask) as stalled:
            stalled.recv(1000)
            until(lambda: cut(service), service.process)
        with service.connection(ask) as gone:
            gone.recv(1000)
            time.sleep(1)  # the service waits by then
        until(lambda: len(cut(service)) > 1, service.process)
        httpx.get(service.address + path, headers={**bearer(SECRET), "X-Request-Id": "read"}, timeout=PATIENCE)
        read = until(lambda: [line for line in asked(service) if line["request_id"] == "read"], service.process)
        told = figures_of(httpx.get(f"{service.address}/metrics"))

    assert [(line["status"], line["path"], line["message"][-4:]) for line in cut(service)] == [(200, path, " cut")] * 2
    assert read[0].get("cut", False) is False
    assert told["chiso_answers_cut_total"] == 2


@pytest.mark.parametrize("pieces", [1, 3])
async def test_an_answer_is_not_cut_whose_client_closes_with_its_last_byte(pieces: int) -> None:
    size, read = 3_000_000, 0
    content = [bytes(size // pieces)] * pieces

    async def send(message: Message) -> None:
        nonlocal read
        read += len(message.get("body", b""))

    async def receive() -> Message:
        while read < size:
            await asyncio.sleep(1)
        return {"type": "http.disconnect"}

    length = {"Content-Length": str(size)}
    answer = Response(content[0], 200, length) if pieces == 1 else StreamingResponse(iter(content), 200, length)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    context = RequestContext(scope, receive, send, 30)

    await context.run(answer)

    assert (read, context.ended) == (size, True)


def test_lines_cannot_be_forged_and_an_error_that_repeats_itself_is_one_of_them(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        httpx.get(f"{service.address}/v1/units/%0A2026-01-01T00:00:00.000Z%20ERROR%20chiso%20-%20forged")
        for _ in range(20):
            with service.connection(b"no request\r\n\r\n") as client:
                client.recv(1000)
        (tmp_path / "served.db").rename(tmp_path / "gone.db")
        for _ in range(5):
            httpx.get(f"{service.address}/v1/units/H60", headers=bearer(SECRET))
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(PATIENCE)
        said = service.logged()

    lines = said.partition("Try:")[2].splitlines()[4:]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert not any("ERROR chiso - forged" in line for line in lines)
    assert sum("Invalid HTTP request" in line for line in lines) == 1
    assert sum("unable to open database file" in line for line in lines) == 1
    assert sum(" 503 " in line for line in lines) == 5


def test_a_service_on_a_terminal_that_is_no_trial_shows_no_key(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    shown = b""
    with (tmp_path / "log").open("wb") as log, os.fdopen(ours, "rb", 0) as terminal:
        own = environment(tmp_path, {}, "in C")
        with subprocess.Popen(command(), cwd=tmp_path, env=own, stdout=theirs, stderr=log) as process:
            os.close(theirs)
            while b"/v1/units?limit=3" not in shown:
                shown += terminal.read(1000)
            process.kill()

    assert b"chiso serves" in shown
    assert SECRET.encode() not in shown


def test_repetitions_are_counted_and_told_once_a_minute() -> None:
    repeats = Repeats()

    written = {
        at: [each.getMessage() for each in repeats.sifted(a_record("It broke: %s", at, at=at))]
        for at in (0, 1, 59, 61, 62, 130, 200, 300)
    }

    assert written == {
        0: ["It broke: 0"],
        1: [],
        59: [],
        61: ["2 more in a minute: It broke: 0"],
        62: [],
        130: ["2 more in a minute: It broke: 0"],
        200: ["1 more in a minute: It broke: 0"],
        300: ["1 more in a minute: It broke: 0"],
    }


def test_what_counts_repetitions_names_no_request() -> None:
    repeats, formats = Repeats(), (TextFormatter(), JsonFormatter())
    first, second, third = a_record(at=0), a_record(at=1), a_record(at=61)
    for record in (first, second, third):
        record.request_id = "named-by-the-record"
    told = [each for record in (first, second, third) for each in repeats.sifted(record)]

    at_work = REQUEST_ID.set("of-whoever-is-at-work-when-it-is-told")
    said = [each.format(told[-1]) for each in formats]
    REQUEST_ID.reset(at_work)
    assert told[-1].getMessage().startswith("1 more in a minute")
    assert json.loads(said[1])["request_id"] == "-"
    assert not any(id in line for id in ("named-by-the-record", "of-whoever") for line in said)
    assert "named-by-the-record" in formats[0].format(told[0])


def test_an_error_that_ended_is_new_when_it_comes_again() -> None:
    repeats = Repeats()
    written = [len(list(repeats.sifted(a_record(at=at)))) for at in (0, 100)]

    assert written == [1, 1]


def test_other_errors_are_no_repetitions() -> None:
    repeats = Repeats()
    records = [
        a_record("One"),
        a_record("Other"),
        a_record("One", error=ValueError()),
        a_record("One", error=OSError()),
    ]

    assert [len(list(repeats.sifted(each))) for each in records] == [1] * 4


def test_a_message_and_a_traceback_hold_no_line_of_their_own_and_no_password() -> None:
    record = a_record("x\nforged", error=ValueError("postgresql://chiso:s3cret@db/chiso\n2026 forged \u202e"))

    text, document = TextFormatter().format(record), json.loads(JsonFormatter().format(record))

    first, *rest = text.splitlines()
    assert first.endswith(r"x\nforged")
    assert all(line.startswith("    ") for line in rest)
    assert "\u202e" not in text
    assert "s3cret" not in text + str(document)
    assert "postgresql://chiso:***@db/chiso" in document["traceback"]


def test_what_a_message_is_made_of_neither_hides_when_it_was_said_nor_tells_a_secret() -> None:
    record = a_record("%(message)s")
    record.args = {"message": "told", "time": "never", "level": "none", "address": "postgresql://me:s3cret@host/db"}

    said = json.loads(JsonFormatter().format(record))

    assert (said["time"], said["level"]) == ("1970-01-01T00:00:00.000Z", "ERROR")
    assert said["address"] == "postgresql://me:***@host/db"
