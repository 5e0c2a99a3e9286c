"""What a letter is put together from; numbers and references come when all parts are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.domain.figures import print_figure
from app.domain.printed import printed_day
from app.domain.reports.announcement import looked_up
from app.formats.answers import Column
from app.formats.tables import Table

Source = Literal[
    "profile",
    "framework",
    "default",
    "comparison",
    "classification",
    "below-target",
    "counts",
    "reconciliation",
    "publication",
    "tasks",
    "findings",
]
"""Where a part of a letter comes from: a report by its name, the profile, the framework, or the service itself."""
Kind = Literal["text", "heading", "item", "subitem"]
MARKS: dict[Kind, str] = {"text": "", "heading": "", "item": "- ", "subitem": "+ "}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a `heading` is numbered within its section, items stand behind a dash or a plus."""

    text: str
    source: Source
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Appendix:
    """A table behind the letter, its cells as they are printed."""

    title: str
    source: Source
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section, and the appendices that it refers to."""

    title: str
    source: Source
    paragraphs: Sequence[Paragraph]
    appendices: Sequence[Appendix] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What the officer must know before the letter goes out; no part of it."""

    code: str
    detail: str
    source: Source


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one report adds to the letter: nothing where it has nothing to say."""

    sections: Sequence[Section] = ()
    notes: Sequence[Note] = ()


def items(texts: Iterable[str], source: Source, kind: Kind = "item") -> list[Paragraph]:
    """A paragraph for each text, each ended as a sentence."""
    return [Paragraph(sentence(text), source, kind) for text in texts]


def sentence(text: str) -> str:
    """
    >>> sentence("Có 02/17 cơ quan xếp loại Tốt"), sentence("Trong đó:"), sentence("91,3%.")
    ('Có 02/17 cơ quan xếp loại Tốt.', 'Trong đó:', '91,3%.')
    """
    return text if text.endswith((".", ":", ";", "!", "?")) else f"{text}."


def appendix(title: str, source: Source, table: Table, keys: Sequence[str]) -> Appendix:
    """Some columns of a report's table; those in which no row has anything are left out."""
    chosen = {column.key: column for column in table.columns}
    rows = [{key: printed_cell(row[key], chosen[key]) for key in keys} for row in table.rows]
    told = [key for key in keys if any(row[key] for row in rows)]
    columns = [Column(public_key(key), chosen[key].title) for key in told]
    return Appendix(title, source, columns, [{public_key(key): row[key] for key in told} for row in rows])


def public_key(key: str) -> str:
    """A column's key as programs read it; a member `indicator` would be its code everywhere else, and here is a name.

    >>> public_key("group online"), public_key("indicator")
    ('group_online', 'indicator_name')
    """
    return "indicator_name" if key == "indicator" else key.replace(" ", "_")


def printed_cell(value: object, column: Column) -> str:
    """A value of a table as letters print it.

    >>> printed_cell(Decimal("1746"), Column("count", "")), printed_cell(Decimal("0.9"), Column("gap", "", signed=True))
    ('1.746', '+0,9')
    """
    if isinstance(value, int | Decimal):
        return print_figure(Decimal(value), sign=column.signed)
    if isinstance(value, datetime):
        return looked_up(value)
    if isinstance(value, date):
        return printed_day(value)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
