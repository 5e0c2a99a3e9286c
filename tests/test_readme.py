"""The README's requests are sent to a served demonstration, and its answers are what comes back."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

README = Path(__file__).parent.parent / "README.md"
EXCHANGE = re.compile(r"```sh\n(curl .*?)\n```\n```json\n(.*?)\n```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
KEY = "the-key-of-the-readme-test"
PATIENCE = 60.0


def exchanges() -> list[tuple[str, Any]]:
    """The README's requests as they stand, each with the answer printed below it."""
    return [(command, json.loads(body)) for command, body in EXCHANGE.findall(README.read_text("utf-8"))]


def agrees(printed: Any, answered: Any) -> bool:
    """Whether an answer is what is printed; `…` stands for anything, and for whatever else there is."""
    if printed == "…":
        return True
    if isinstance(printed, dict) and isinstance(answered, dict):
        named = {name: value for name, value in printed.items() if name != "…"}
        complete = "…" in printed or named.keys() == answered.keys()
        return complete and all(name in answered and agrees(value, answered[name]) for name, value in named.items())
    if isinstance(printed, list) and isinstance(answered, list):
        first = printed[:-1] if printed[-1:] == ["…"] else printed
        long_enough = len(answered) >= len(first) if len(first) < len(printed) else len(answered) == len(first)
        return long_enough and all(agrees(one, other) for one, other in zip(first, answered, strict=False))
    return bool(printed == answered)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service that was started as `make run` starts it, in a directory of its own."""
    home = tmp_path_factory.mktemp("readme")
    environment = {**os.environ, "CHISO_BOOTSTRAP_KEY": KEY, "CHISO_DATABASE_URL": f"sqlite:///{home / 'chiso.db'}"}
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "app.cli", "serve", "--demo", "--port", "0"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield address_of(process, home / "log")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def address_of(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where the service says that it listens, once it does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"Uvicorn running on (http://127\.0\.0\.1:\d+)", log.read_text("utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def sent(command: str, address: str) -> httpx.Response:
    """A curl command as the request that it makes; only the options that the README uses are known."""
    words = iter(shlex.split(command.replace("$KEY", KEY).replace(ADDRESS, address))[1:])
    headers: dict[str, str] = {}
    body: str | None = None
    url = ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "--data-binary":
            body = printed_file(next(words).removeprefix("@"))
        else:
            assert not word.startswith("-"), word
            url = word
    method = "GET" if body is None else "POST"
    return httpx.request(method, url, headers=headers, content=body, timeout=PATIENCE)


def printed_file(name: str) -> str:
    """The file that the README prints under this name."""
    found = re.search(rf"`{re.escape(name)}`.*?```csv\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found, name
    return found[1]


def test_the_readme_prints_five_requests_with_their_answers() -> None:
    assert len(exchanges()) >= 5


@pytest.mark.parametrize("number", range(len(exchanges())))
def test_a_request_of_the_readme_is_answered_as_printed(served: str, number: int) -> None:
    command, printed = exchanges()[number]

    answered = sent(command, served).json()

    assert agrees(printed, answered), json.dumps(answered, ensure_ascii=False, indent=2)


def test_what_differs_from_the_printed_answer_is_noticed() -> None:
    assert not agrees({"total": 1}, {"total": 2})
    assert not agrees({"total": 1}, {"total": 1, "max": 100})
    assert not agrees([1], [1, 2])
    assert agrees([1, "…"], [1, 2])
    assert agrees({"total": 1, "…": "…"}, {"total": 1, "max": 100})
