"""What the shapes of several answers share."""

from decimal import Decimal
from typing import Annotated

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from app.domain.vocabulary import Level

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact number, written as a JSON number. (pydantic alone would declare a Decimal of an answer as text.)"""


class NameOut(TypedDict):
    vi: str
    en: str | None


class UnitBrief(TypedDict):
    code: str
    name: str
    level: Level
