"""What the service logs: one configuration for its own loggers, uvicorn's and those of libraries, in every process.

A line has its time, level, logger and request. Nothing that was sent can begin a line of its own, passwords and keys
are masked, and an error that repeats itself costs a line a minute.
"""

import json
import logging
import re
import traceback
from asyncio import CancelledError
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime
from typing import Any

from app.api.request_middleware import REQUEST_ID
from app.config import Settings

OWN = ("chiso", "uvicorn", "uvicorn.error")
"""Loggers that follow the setting; of others warnings and errors are written."""
MINUTE = 60
MOST_KINDS = 1_000
"""Kinds of errors that are counted at a time."""
NAMED = "request_id"
"""What a record has that names the request which it is about."""
SECRETS = re.compile(
    r"""(?P<address>://[^:/@\s]*:)[^@\s]+(?=@)
    | (?P<named>password["']?\s*[=:]\s*["']?)[^\s"',;]+
    | (?P<key>\bbearer\s+)\S+""",
    re.IGNORECASE | re.VERBOSE,
)
"""What may be a password, in an address or behind its name, or a key."""


def log_config(settings: Settings) -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig`."""
    formatter = {"text": TextFormatter, "json": JsonFormatter}[settings.log_format]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "app.cli.logs.LogHandler", "formatter": "line"}},
        "loggers": {name: {"level": settings.log_level.upper(), "propagate": True} for name in OWN},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
    }


class TextFormatter(logging.Formatter):
    """A line for people; the lines of a traceback below it are moved in, so that none looks like a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{time_of(record)} {record.levelname} {record.name} {request_id_of(record)}"
        lines = [f"{head} {record.getMessage()}", *traceback_of(record).splitlines()]
        return "\n    ".join(printable(masked(line)) for line in lines)


class JsonFormatter(logging.Formatter):
    """An object on one line; what a message is made of by name stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {}
        if isinstance(record.args, dict):
            said |= {name: masked(each) if isinstance(each, str) else each for name, each in record.args.items()}
        said |= {
            "time": time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id_of(record),
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            said["traceback"] = masked(traceback_of(record))
        return json.dumps(said, default=str)


def time_of(record: logging.LogRecord) -> str:
    """When it was logged, RFC 3339 in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def request_id_of(record: logging.LogRecord) -> str:
    """The request that it is about, `-` for none: the one at work here, or the one that the record names."""
    return str(getattr(record, NAMED, None) or REQUEST_ID.get("-"))


def traceback_of(record: logging.LogRecord) -> str:
    """How it came to the exception, if there is one."""
    return "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""


def masked(text: str) -> str:
    """A text without passwords and keys.

    >>> masked("postgresql://chiso:s3cret@db/chiso"), masked("http://127.0.0.1:8000"), masked("PGPASSWORD = 'abc'")
    ('postgresql://chiso:***@db/chiso', 'http://127.0.0.1:8000', "PGPASSWORD = '***'")
    """
    return SECRETS.sub(lambda found: f"{found[found.lastgroup or 0]}***", text)


def printable(text: str) -> str:
    r"""A text in which what nobody sees (line ends, controls, marks of direction) is written out.

    >>> print(printable("one\n2026 INFO forged"))
    one\n2026 INFO forged
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class LogHandler(logging.StreamHandler[Any]):
    """Writes to standard error what is new, and counts what is not."""

    def __init__(self) -> None:
        super().__init__()
        self.repeats = Repeats()

    def emit(self, record: logging.LogRecord) -> None:
        for each in self.repeats.sifted(record):
            super().emit(each)


class Repeats:
    """Warnings and errors of the last minute: the first of a kind is written, the others are counted, told later."""

    def __init__(self) -> None:
        self.first: dict[object, logging.LogRecord] = {}
        self.more: dict[object, int] = {}
        self.next_due = 0.0

    def sifted(self, record: logging.LogRecord) -> Iterator[logging.LogRecord]:
        """What is to be written now that this is logged: counts that are due, and itself unless it is a repetition."""
        if record.created >= self.next_due:
            yield from self._counted(record.created)
        kind = kind_of(record)
        if kind is None:
            yield record
        elif kind in self.first:
            self.more[kind] += 1
        elif not is_cancellation(record):
            if len(self.first) < MOST_KINDS:
                self.first[kind], self.more[kind] = record, 0
                self.next_due = min(self.next_due, record.created + MINUTE)
            yield record

    def _counted(self, now: float) -> Iterator[logging.LogRecord]:
        for kind, record in list(self.first.items()):
            if now < record.created + MINUTE:
                continue
            if not self.more[kind]:
                del self.first[kind], self.more[kind]
                continue
            again = self.first[kind] = copy(record)
            again.created, again.exc_info = now, None
            yield again_with(again, self.more[kind])
            self.more[kind] = 0
        self.next_due = min((each.created + MINUTE for each in self.first.values()), default=now + MINUTE)


def again_with(record: logging.LogRecord, more: int) -> logging.LogRecord:
    """A record that says how many more there were of its kind since it was last told."""
    told = copy(record)
    told.msg, told.args = f"{more} more in a minute: {record.getMessage()}", None
    setattr(told, NAMED, "-")  # it is about many, and written while another one is at work
    return told


def kind_of(record: logging.LogRecord) -> object:
    """What two records share that say the same of another request or moment; None for what is no warning."""
    if record.levelno < logging.WARNING:
        return None
    place: object = None
    if record.exc_info and record.exc_info[1] is not None:
        last = record.exc_info[2]
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        place = type(record.exc_info[1]), None if last is None else (last.tb_frame.f_code.co_filename, last.tb_lineno)
    return record.name, record.levelno, str(record.msg).partition("\n")[0], place


def is_cancellation(record: logging.LogRecord) -> bool:
    """Whether it tells of nothing but a request that a stopping server has given up, which is noted elsewhere."""
    return bool(record.exc_info and isinstance(record.exc_info[1], CancelledError))
