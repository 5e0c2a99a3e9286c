"""The rules of a framework: how a figure becomes points. Data only; `scoring` computes with them."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Level = Literal["ministry", "province", "department", "district", "commune", "other"]
LEVELS: tuple[Level, ...] = ("ministry", "province", "department", "district", "commune", "other")

Policy = Literal["none", "zero", "full", "exclude"]
"""What a missing figure earns: no points, marked missing | 0 | all points | the weight is shared among the rest."""


def exact(value: object) -> object:
    """Figures arrive as int, Decimal or text, never as a binary float, which could not say what was written."""
    if isinstance(value, bool | float):
        raise ValueError("write the figure as a plain number; a binary floating point value is not exact")
    return value


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
CriterionCode = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*|[0-9]+(\.[0-9]+)*[a-z]?)$", max_length=60)]
Figure = Annotated[Decimal, BeforeValidator(exact), Field(max_digits=15, decimal_places=4, allow_inf_nan=False)]
"""An exact number with at most four decimals, in the unit of its indicator (percent for a ratio)."""


class Document(BaseModel):
    """A part of a framework document: unknown fields are refused, nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rule(Document):
    """Stands on a leaf, a group or the total; the first applicable one wins.

    `levels`: only for units of those levels. `optional`: skipped for a unit without the value (an optional `sum`
    on a group: where a scored component is missing; on the total: where no group has points).
    """

    levels: tuple[Level, ...] | None = None
    legal_ref: str | None = None
    optional: bool = False

    def applies_to(self, level: Level) -> bool:
        return self.levels is None or level in self.levels


class Ratio(Rule):
    """Points grow linearly from `from` (none) to `full_at` (all), both in the indicator's own unit.

    `from` above `full_at` reads "lower is better".
    """

    kind: Literal["ratio"]
    indicator: Code
    from_: Figure = Field(default=Decimal(0), alias="from")
    full_at: Figure = Decimal(100)

    @model_validator(mode="after")
    def has_a_slope(self) -> Self:
        if self.from_ == self.full_at:
            raise ValueError(f"`from` and `full_at` are both {self.full_at}: no rate could earn part of the points")
        return self


class Step(Document):
    at_least: Figure
    points: Figure


class Steps(Rule):
    """The points of the highest step that the figure reaches, else `otherwise`."""

    kind: Literal["steps"]
    indicator: Code
    steps: tuple[Step, ...] = Field(min_length=1)
    otherwise: Figure = Decimal(0)


class Reported(Rule):
    """The points as the source gives them."""

    kind: Literal["reported"]
    indicator: Code


class Deduction(Rule):
    """max − points × value / per, proportional, not under 0."""

    kind: Literal["deduction"]
    indicator: Code
    per: Figure = Decimal(1)
    points: Figure


class Sum(Rule):
    """The sum of the children."""

    kind: Literal["sum"]


class WeightedMean(Rule):
    """max × Σ wᵢ·(pᵢ/maxᵢ) / Σ wᵢ over the children with points."""

    kind: Literal["weighted_mean"]


AnyRule = Annotated[Ratio | Steps | Reported | Deduction | Sum | WeightedMean, Field(discriminator="kind")]
