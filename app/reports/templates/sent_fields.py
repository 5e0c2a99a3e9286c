"""Fields on their way to the child that fills a template: JSON in which a Decimal stays one, with all its digits."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple

from app.answers.letter_fields import FieldNote

EXACT = "\N{NULL}decimal"
"""The one member of an object that stands for a Decimal."""


class SentFields(NamedTuple):
    """What a template is filled with; `remarks`: whether the file has comments."""

    fields: Mapping[str, object]
    notes: Sequence[FieldNote]
    remarks: bool


def write_fields(sent: SentFields, file: IO[bytes]) -> None:
    """Leave fields and notes in a file, to be read from its beginning."""
    file.write(json.dumps(sent, default=_sent).encode())
    file.seek(0)


def read_fields(file: IO[bytes]) -> SentFields:
    """What `write_fields` has left."""
    return SentFields(*json.load(file, object_hook=_received))


def _sent(value: object) -> object:
    if isinstance(value, Decimal):
        return {EXACT: str(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a field of a letter holds no {type(value).__name__}")


def _received(sent: dict[str, object]) -> object:
    return Decimal(str(sent[EXACT])) if EXACT in sent else sent
