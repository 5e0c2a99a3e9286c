"""The rules of a framework: how a figure becomes points. Data only; `scoring` computes with them."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.domain.figure_parser import read_document_figure, read_plain
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, Flag, Level
from app.errors import Fault
from app.normal_form import composed

NOT_PLAIN: Final = "write the figure as a plain number such as 12 or 12.5"
Policy = Literal["none", "zero", "full", "exclude"]
"""What a missing figure earns: no points, marked missing | 0 | all points | the weight is shared among the rest.

Source: docs/domain.md, Missing figures.
"""


def exact(value: object) -> object:
    """Figures arrive as int, Decimal or text, never as a binary float, which could not say what was written."""
    if isinstance(value, bool | float):
        raise PydanticCustomError("number_invalid", "write the figure as a plain number; a binary float is not exact")
    if not isinstance(value, str):
        return value
    found = read_document_figure(value)
    if isinstance(found, Fault):
        raise PydanticCustomError(found.code, NOT_PLAIN, dict(found.context))
    return found


def plainly_written(value: object) -> object:
    """The figure of a query, where all numbers are text and a point is what it is to programs."""
    found = read_plain(value) if isinstance(value, str) else value
    if found is None and value is not None:
        raise PydanticCustomError("number_invalid", NOT_PLAIN)
    return found


BOUNDS = (Field(max_digits=15, decimal_places=4, allow_inf_nan=False), WithJsonSchema({"type": "number"}))
Figure = Annotated[Decimal, BeforeValidator(exact), *BOUNDS]
"""An exact number with at most four decimals, in the unit of its indicator (percent for a ratio)."""
QueryFigure = Annotated[Decimal, BeforeValidator(plainly_written), *BOUNDS]
Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(composed)
]
LegalRef = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), AfterValidator(composed)
]
"""Where a number comes from: a decision, a letter, an observation; and how sure that is."""


class FrameworkPart(BaseModel):
    """A part of a framework document: unknown fields are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rule(FrameworkPart):
    """Stands on a leaf, a group or the total; the first applicable one wins.

    `levels`: only for units of those levels. `optional`: skipped for a unit without the value (an optional `sum`
    on a group: where a scored component is missing; on the total: where no group has points).
    """

    levels: Annotated[tuple[Level, ...], BY_PIECES] | None = None
    legal_ref: LegalRef | None = None
    optional: Flag = False

    def applies_to(self, level: Level) -> bool:
        return self.levels is None or level in self.levels

    @property
    def reads(self) -> tuple[Code, ...]:
        """The indicators that it reads, the one it is named after first; none of a rule over the children."""
        named = (getattr(self, name, None) for name in ("indicator", "of"))
        return tuple(code for code in named if code is not None)


def require_slope(start: Decimal, full: Decimal) -> None:
    if start == full:
        raise PydanticCustomError("ratio_flat", "`from` and `full_at` are equal: no rate could earn part")


class Ratio(Rule):
    """Points grow linearly from `from` (none) to `full_at` (all), both in the indicator's own unit.

    `from` above `full_at` reads "lower is better". With `of` the figure is the value of `indicator` for each hundred of
    the value of `of`: two counts, points or numbers, neither of which is a rate already.
    """

    kind: Literal["ratio"]
    indicator: Code
    of: Code | None = Field(
        default=None,
        exclude_if=lambda code: code is None,  # a document that does not state it keeps its bytes
        description="The indicator to divide by: 38 of 40 are 95. Default: `indicator` is read by itself.",
    )
    from_: Figure = Field(default=Decimal(0), alias="from")
    full_at: Figure = Decimal(100)

    @model_validator(mode="after")
    def has_a_slope(self) -> Self:
        require_slope(self.from_, self.full_at)
        return self


class Step(FrameworkPart):
    at_least: Figure
    points: Figure


class Steps(Rule):
    """The points of the highest step that the figure reaches, else `otherwise`."""

    kind: Literal["steps"]
    indicator: Code
    steps: Annotated[tuple[Step, ...], BY_PIECES] = Field(min_length=1)
    otherwise: Figure = Decimal(0)


class Knot(FrameworkPart):
    at: Figure
    points: Figure


class Piecewise(Rule):
    """Straight lines from knot to knot, each a figure and the points that it earns; constant before the first and
    behind the last.
    """

    kind: Literal["piecewise"]
    indicator: Code
    points: Annotated[tuple[Knot, ...], BY_PIECES] = Field(min_length=2)


class Reported(Rule):
    """The points as the source gives them."""

    kind: Literal["reported"]
    indicator: Code


class Deduction(Rule):
    """max − points × value / per, proportional, between 0 and max."""

    kind: Literal["deduction"]
    indicator: Code
    per: Figure = Decimal(1)
    points: Figure


class Normalise(Rule):
    """Points by what a figure is among those of other units, growing linearly from `from` (none) to `full_at` (all).

    Both are read on the scale of the `method`: percent of the way from the least figure to the largest (`min_max`),
    standard deviations from the mean (`z`), percent of the other units that have less, equal ones counting half
    (`percentile`), or the indicator's own unit, with bounds that the document states (`bounds`). Compared are the units
    of the board (`ranked`) or those of them with the same parent (`parent`). Source: docs/domain.md, Comparisons.
    """

    kind: Literal["normalise"]
    indicator: Code
    method: Literal["min_max", "z", "percentile", "bounds"]
    over: Literal["ranked", "parent"] = "ranked"
    from_: Figure = Field(default=Decimal(0), alias="from", description="Default: 0; −3 for `z`.")
    full_at: Figure = Field(default=Decimal(100), description="Default: 100; 3 for `z`.")

    @model_validator(mode="before")
    @classmethod
    def scaled_by_its_method(cls, stated: object) -> object:
        """Deviations lie around 0; what bounds are is for the document to say."""
        if not isinstance(stated, dict):
            return stated
        if stated.get("method") == "bounds" and not stated.keys() >= {"from", "full_at"}:
            raise PydanticCustomError("bounds_missing", "`bounds` needs `from` and `full_at`")
        return {"from": Decimal(-3), "full_at": Decimal(3), **stated} if stated.get("method") == "z" else stated

    @model_validator(mode="after")
    def has_a_slope(self) -> Self:
        require_slope(self.from_, self.full_at)
        return self

    @property
    def compares(self) -> bool:
        """Whether points hang on the figures of other units."""
        return self.method != "bounds"


class Sum(Rule):
    """The sum of the children."""

    kind: Literal["sum"]


class WeightedMean(Rule):
    """max × Σ wᵢ·(pᵢ/maxᵢ) / Σ wᵢ over the children with points."""

    kind: Literal["weighted_mean"]


class GeometricMean(Rule):
    """max × Π (pᵢ/maxᵢ)^(wᵢ/Σw) over the children with points: a child without any leaves none, however good the rest.

    Rounded half up to the declared decimals, decided in whole numbers; a root is seldom a fraction, so `exact` is that.
    """

    kind: Literal["geometric_mean"]


class Best(Rule):
    """max × the largest pᵢ/maxᵢ among the children with points."""

    kind: Literal["best"]


class Worst(Rule):
    """max × the smallest pᵢ/maxᵢ among the children with points."""

    kind: Literal["worst"]


WeighingRule = WeightedMean | GeometricMean
"""Rules under which each child has a weight."""
MeanRule = WeighingRule | Best | Worst
"""Rules that compare shares of the children's maxima, which therefore need not add up."""
CombiningRule = Sum | MeanRule
"""Rules that make the points of a node of those below it."""
OwnRule = Ratio | Steps | Piecewise | Reported | Deduction | Normalise
"""Rules that read an indicator of their own."""
AnyRule = Annotated[OwnRule | CombiningRule, Field(discriminator="kind")]
