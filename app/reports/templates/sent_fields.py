"""Fields on their way to the child that fills a template: JSON in which a Decimal stays one, with all its digits."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, cast

from app.answers.letter_fields import FieldNote

EXACT = "\N{NULL}decimal"
"""The one member of an object that stands for a Decimal."""


def write_fields(fields: Mapping[str, object], notes: Sequence[FieldNote], file: IO[bytes]) -> None:
    """Leave fields and notes in a file, to be read from its beginning."""
    file.write(json.dumps([fields, notes], default=_sent).encode())
    file.seek(0)


def read_fields(file: IO[bytes]) -> tuple[Mapping[str, object], Sequence[FieldNote]]:
    """What `write_fields` has left."""
    fields, notes = json.load(file, object_hook=_received)
    return cast("Mapping[str, object]", fields), cast("Sequence[FieldNote]", notes)


def _sent(value: object) -> object:
    if isinstance(value, Decimal):
        return {EXACT: str(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a field of a letter holds no {type(value).__name__}")


def _received(sent: dict[str, object]) -> object:
    return Decimal(str(sent[EXACT])) if EXACT in sent else sent
