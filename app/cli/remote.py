"""A file sent to a service over HTTP, and followed there until it is imported."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, wrap_file

from app.errors import Language
from app.formats.row_readers import MEDIA_TYPES, kind_of

TRIES = 30
"""Questions in a row to which a service may fail to answer, while it starts anew for example."""
PAUSE = 2.0
"""Seconds between two questions where the service does not say."""
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class ImportCommand:
    """A file to be imported and how, by the names of the service's parameters.

    `key` is the Idempotency-Key, `language` that of the answer.
    """

    path: Path
    charset: str | None
    query: Mapping[str, Any]
    key: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is, and the key for it."""

    url: str
    key: str | None


class StoppedFollowing(Exception):  # noqa: N818 - nothing went wrong
    """Somebody stopped following an import, which goes on at `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def read_address(text: str) -> str:
    """The address of a service. BadParameter where it is none."""
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise typer.BadParameter("write the address of the service, as http://127.0.0.1:8000")
    return str(url)


def read_secret(text: str) -> str:
    """A key, without what a file leaves around it. BadParameter, which does not show it, where it cannot be one."""
    key = text.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise typer.BadParameter("a key has ASCII letters, digits and signs alone; copy it anew")
    return key


def import_there(asked: ImportCommand, file: BinaryIO, service: Service) -> Mapping[str, Any]:
    """Send the file to a service and return what it answers in the end, a refusal too.

    Raises StoppedFollowing where somebody does not wait for the end.
    """
    headers: dict[str, str] = {"Accept-Language": asked.language}
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    with httpx.Client(headers=headers, timeout=60) as client:
        answer = send(client, f"{service.url.rstrip('/')}/v1/imports", file, asked)
        if answer.status_code != httpx.codes.ACCEPTED:
            return body_of(answer)
        address = str(answer.url.join(answer.headers["Location"]))
        try:
            return follow(client, address, answer, asked.path.name)
        except KeyboardInterrupt:
            raise StoppedFollowing(address) from None


def send(client: httpx.Client, address: str, file: BinaryIO, asked: ImportCommand) -> httpx.Response:
    """The answer to the file."""
    name, charset = asked.path.name, asked.charset
    kind = kind_of("", name)
    media = next(name for name, each in MEDIA_TYPES.items() if each == kind)
    headers = {"Content-Type": f"{media}; charset={charset}" if charset else media}
    if asked.key:
        headers["Idempotency-Key"] = asked.key
    size, bars = asked.path.stat().st_size, Console(stderr=True)
    with wrap_file(file, total=size, description=name, console=bars, transient=True) as body:
        # as long as it takes
        return client.post(address, params=asked.query, content=body, headers=headers, timeout=None)


def follow(client: httpx.Client, address: str, answer: httpx.Response, name: str) -> dict[str, Any]:
    """What became of an import that runs in the background, asked for until it has ended."""
    with rows_read() as progress:
        task = progress.add_task(name, total=None, rows=0)
        while (record := body_of(answer))["status"] == "running":
            progress.update(task, rows=record["progress"] or 0)
            time.sleep(pause_of(answer))
            answer = ask(client, address)
        return record


def ask(client: httpx.Client, address: str, *, pause: float = PAUSE) -> httpx.Response:
    """The service's answer. One that is away for a while is asked again; HTTPError where it stays away or refuses."""
    for _ in range(TRIES):
        try:
            answer = client.get(address)
            if not answer.is_server_error:
                return answer.raise_for_status()
        except httpx.TransportError:
            pass  # it may be starting anew
        time.sleep(pause)
    return client.get(address).raise_for_status()


def pause_of(answer: httpx.Response) -> float:
    """Seconds until the service wants to be asked again."""
    said = answer.headers.get("Retry-After", "")
    return min(float(said), LONGEST_PAUSE) if said.isdecimal() else PAUSE


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """What a service answers about an import. DecodingError where it is no such answer."""
    if "json" not in answer.headers.get("content-type", ""):
        raise httpx.DecodingError(f"{answer.url} answered {answer.status_code}, but not as an import is answered.")
    found: dict[str, Any] = answer.json()
    return found


def rows_read() -> Progress:
    """A bar with the number of rows read next to it (the field `rows` of a task)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
