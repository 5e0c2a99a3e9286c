"""The announcement as it is answered: a letter section by section, with its appendices."""

from datetime import date
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.answers.letter_fields import LetterFields
from app.answers.reports import ComparedBase, ReportHead

LetterSource = Literal[
    "letter",
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
"""Where a part of a letter comes from: a report by its name, the text of the period, the profile of the unit, the
framework, or the service itself."""
ParagraphKind = Literal["text", "heading", "item", "subitem"]


class Signature(TypedDict):
    """Who signs; null where nobody has said."""

    authority: str | None
    office: str | None
    name: str | None


class Letterhead(TypedDict):
    """The head of the letter: `issuer` line by line; number and day are left blank for the registry."""

    superior: str | None
    issuer: list[str]
    motto: list[str]
    symbol: str | None
    number_line: str
    place: str | None
    date_line: str


class LetterParagraph(TypedDict):
    """A paragraph as it is printed, and what it comes from."""

    kind: ParagraphKind
    text: str
    source: LetterSource


class LetterSection(TypedDict):
    """A numbered section; one that has nothing to say is left out."""

    number: int
    title: str
    source: LetterSource
    paragraphs: list[LetterParagraph]


class AppendixColumn(TypedDict):
    """A column and its head; `above`: what it shares with those beside it, null where its head fills both rows."""

    key: str
    title: str
    above: str | None


class LetterAppendix(TypedDict):
    """A table behind the letter under a Roman number; its cells are text as letters print it, by the column's key.

    Rows have codes next to what is printed: that of their unit, `unit_code`, first of all. `bold`: the places of those
    that lead a group or sum up, counted from 0.
    """

    number: str
    title: str
    source: LetterSource
    columns: list[AppendixColumn]
    rows: list[dict[str, str]]
    bold: list[int]


class LetterNote(TypedDict):
    """What the officer must know before the letter goes out; no part of it, and none over a public evaluation.

    `where`: the place of the letter that it speaks of, a JSON pointer into this answer; null where it speaks of none.
    """

    code: str
    detail: str
    source: LetterSource
    where: str | None


class PrintedLetter(ReportHead):
    """The letter as it is printed."""

    framework: str
    base: ComparedBase | None
    unit: UnitBrief | None
    on: date
    letterhead: Letterhead
    subject: str
    addressees: list[str]
    basis: list[LetterParagraph]
    opening: LetterParagraph
    sections: list[LetterSection]
    closing: LetterParagraph
    recipients: list[str]
    signature: Signature
    appendices: list[LetterAppendix]
    notes: list[LetterNote]


@with_config(json_schema_extra={"example": load_example("announcement")})
class Announcement(PrintedLetter):
    """The letter of the unit `under`, drawn up as of the day `on`."""

    fields: LetterFields
