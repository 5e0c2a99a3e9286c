"""The answers about the texts of letters of one period."""

from typing import Annotated, NotRequired

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from app.answers.faults import FaultBody
from app.answers.report_letter import Signature

MomentText = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
DayText = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]


class LetterOrder(TypedDict):
    """What is ordered, and what it is made of: at most four deep, printed 1, 1.1, a) and –."""

    text: str
    items: list["LetterOrder"]


class LetterDue(TypedDict):
    """Something that is to be done, and its last day."""

    what: str
    on: DayText


class LetterText(TypedDict):
    """What one letter says of one period; null or empty where nothing was stated, and the profile of the unit holds.

    `looked_up`: when the sources were looked up, as the letter tells it; midnight of +07:00 for a day without an hour.
    """

    subject: str | None
    addressees: list[str]
    basis: list[str]
    opening: str | None
    orders: list[LetterOrder]
    closing: str | None
    signature: Signature
    recipients: list[str]
    looked_up: MomentText | None
    due_dates: list[LetterDue]


class LetterTextOut(LetterText):
    """What one letter of a unit says of one period; null or empty where nothing was stated."""

    unit: str
    period: str
    kind: str


class LetterTextStated(LetterTextOut):
    """What it says from now on, and what is odd about it."""

    warnings: NotRequired[list[FaultBody]]


class LetterTextList(TypedDict):
    items: list[LetterTextOut]
    next_cursor: str | None
