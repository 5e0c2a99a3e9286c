"""What the shapes of several answers share."""

from decimal import Decimal
from typing import Annotated

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from app.domain.vietnamese_labels import FLAGS, METHODS
from app.domain.vocabulary import Level

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact number, written as a JSON number. (pydantic alone would declare a Decimal of an answer as text.)"""

METHOD_CODES = tuple(METHODS)
MethodCode = Annotated[str, WithJsonSchema({"type": "string", "enum": list(METHOD_CODES)})]
"""Where the points below a total come from."""

FLAG_CODES = (
    *FLAGS,
    *("missing", "zero_denominator", "not_applicable", "excluded", "saturated", "adjustment"),  # of a criterion
    *("source_changed", "rate_differs_from_counts", "not_in_framework"),  # of a row of a comparison
    *("cohort_not_evaluated", "levels_overlap"),  # of a unit beside a board, and of counts
)
FlagCode = Annotated[str, WithJsonSchema({"type": "string", "enum": list(FLAG_CODES)})]
"""What to know of a figure before citing it."""


class NameOut(TypedDict):
    vi: str
    en: str | None


class UnitBrief(TypedDict):
    code: str
    name: str
    level: Level
