"""A receiver of webhooks at 127.0.0.1, in this process or in one of its own that can be killed.

python -m tests.support.receiver PORT FILE

It writes what it receives into the file, a line of JSON a message, before it answers.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple


class Message(NamedTuple):
    """What arrived: the headers by their small names, and the bytes."""

    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


class Receiver(ThreadingHTTPServer):
    """Answers with `status` and `answer_headers`, and keeps what arrived."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.messages: list[Message] = []
        self.status, self.answer_headers = 204, dict[str, str]()
        self.file: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/chiso"

    def take(self, message: Message) -> None:
        self.messages.append(message)
        if self.file is not None:
            with self.file.open("a") as lines:
                lines.write(json.dumps([message.headers["webhook-id"], message.body]) + "\n")
                lines.flush()
                os.fsync(lines.fileno())


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.take(Message(self.path, headers, content))
        self.send_response(self.server.status)
        for name, value in self.server.answer_headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at what arrived."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver in a thread of this process."""
    with Receiver() as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def main(port: int, file: str) -> None:
    with Receiver(port) as receiver:
        receiver.file = Path(file)
        sys.stdout.write(f"{receiver.server_port}\n")
        sys.stdout.flush()
        receiver.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
