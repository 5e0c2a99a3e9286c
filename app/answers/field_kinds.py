"""What the fields of a letter hold: the kinds of figure, and what each field means, declared beside its type."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic.fields import FieldInfo

from app.answers.common import Number

Kind = Literal[
    "text", "points", "rate", "amount", "count", "day", "moment", "points_change", "rate_change", "rank_change", "flag"
]


KeyKind = Literal["group", "indicator", "count", "level"]
"""What the keys of a mapping are codes of; `count`: of an indicator whose units are counted in a letter."""
KnownKeys = Mapping[KeyKind, Collection[str]]


@dataclass(frozen=True, slots=True)
class KeysOf:
    """What the keys of a mapping are codes of."""

    kind: KeyKind


@dataclass(frozen=True, slots=True)
class Holds:
    """The kind of figure of a field: it decides by which filter a letter prints it."""

    kind: Kind


Points = Annotated[Number, Holds("points")]
Rate = Annotated[Number, Holds("rate")]
"""In percent."""
Amount = Annotated[Number, Holds("amount")]
Count = Annotated[int, Holds("count")]
"""How many there are, or a place among them."""
Year = Annotated[int, Holds("text")]
"""Printed as it is, without the dot of thousands."""
Day = Annotated[date, Holds("day")]
Moment = Annotated[datetime, Holds("moment")]
PointsChange = Annotated[Number, Holds("points_change")]
RateChange = Annotated[Number, Holds("rate_change")]
"""In percentage points."""
RankChange = Annotated[int, Holds("rank_change")]
"""Positive where the place improved."""

GroupKey = Annotated[str, KeysOf("group")]
IndicatorKey = Annotated[str, KeysOf("indicator")]
CountKey = Annotated[str, KeysOf("count")]
LevelKey = Annotated[str, KeysOf("level")]

PYTHON_KINDS: dict[object, Kind] = {
    str: "text",
    int: "count",
    Decimal: "amount",
    bool: "flag",
    date: "day",
    datetime: "moment",
}
"""The kind of a field that is declared by a plain type."""


def means(vi: str, en: str) -> FieldInfo:
    """What a field means, in both languages; the English one is its description in the contract."""
    described: FieldInfo = Field(description=en, json_schema_extra={"x-description-vi": vi})
    return described
