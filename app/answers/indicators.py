"""The answers about indicators."""

from typing import Literal

from typing_extensions import TypedDict

from app.answers.common import NameOut


class IndicatorOut(TypedDict):
    """An indicator: `ratio` (numerator of denominator, the value a percentage), `count`, `points` or `number`.

    `complement_of` names the indicator it makes 100% with, `population` the one that counts its denominator.
    """

    code: str
    kind: Literal["ratio", "count", "points", "number"]
    name: NameOut
    direction: Literal["up", "down", "none"]
    complement_of: str | None
    population: str | None
    unit: str | None
    legal_ref: str | None


class IndicatorList(TypedDict):
    items: list[IndicatorOut]
    next_cursor: str | None
