"""`chiso serve`: what it says, when it is true, and how it refuses."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.cli.serving import bound_socket

ROOT = Path(__file__).parent.parent
SECRET = "the-admin-key-of-this-test"
PATIENCE = 300


@contextmanager
def serving(home: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A service in a directory of its own, whose standard output can be read."""
    own = {"PYTHONPATH": str(ROOT), "CHISO_DATABASE_URL": "sqlite:///served.db", "CHISO_BOOTSTRAP_KEY": SECRET}
    command = [sys.executable, "-m", "app.cli", "serve", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=home, env={**os.environ, **own}, text=True, encoding="utf-8", stdout=pipe, stderr=pipe
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_that_it_serves_is_said_once_when_it_is_true_with_the_port_it_has(workers: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0", "--workers", workers) as process:
        assert process.stdout is not None
        found = re.match(r"chiso serves (http://127\.0\.0\.1:\d+) from sqlite", process.stdout.readline())
        assert found is not None
        answer = httpx.get(f"{found[1]}/readyz")
        logged = [process.stdout.readline() for _ in range(5)]

    assert answer.status_code == 200
    assert not found[1].endswith(":0")
    assert [line for line in logged if SECRET in line or "chiso serves" in line] == []
    assert "CHISO_BOOTSTRAP_KEY" in logged[0]


async def test_no_part_of_an_answer_waits_for_an_acknowledgement() -> None:
    arrived = asyncio.get_running_loop().create_future()

    def arrive(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set_result(writer)

    with bound_socket("127.0.0.1", 0) as listener:
        async with await asyncio.start_server(arrive, sock=listener):
            _, client = await asyncio.open_connection(*listener.getsockname())
            server: asyncio.StreamWriter = await arrived
            at_once = server.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for writer in (client, server):
                writer.close()
                await writer.wait_closed()

    assert at_once == 1


def test_a_port_that_is_taken_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(tmp_path, "--port", str(port)) as process:
            said, reason = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert said == ""
    assert reason.startswith(f"127.0.0.1:{port}: Address already in use; choose another")
    assert not (tmp_path / "served.db").exists()
