"""A framework: weighted criteria as versioned data, with its bands, ranking, sources and views."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.domain.rules import AnyRule, Code, CriterionCode, Document, Figure, Level, Policy

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Name(Document):
    vi: Sentence
    en: Sentence | None = None


class LegalBasis(Document):
    number: str
    date: date
    title: str | None = None


class Rounding(Document):
    """Half up; decimals kept at each component and at the total."""

    component: int = Field(default=2, ge=0, le=6)
    total: int = Field(default=2, ge=0, le=6)


class Ranking(Document):
    ties: Literal["competition", "dense", "ordinal"] = "competition"
    basis: Literal["rounded", "exact"] = "rounded"
    incomplete: Literal["unranked", "ranked"] = "unranked"


class Band(Document):
    """A class of scores: from `min` up to the next band; an optional `max` (exclusive unless `closed`) is checked."""

    code: Code
    name: Name
    min: Figure
    max: Figure | None = None
    closed: bool = False


class Indicator(Document):
    """What a figure counts. `ratio`: numerator of denominator, its value a percentage."""

    code: Code
    kind: Literal["ratio", "count", "points", "number"]
    name: Name
    direction: Literal["up", "down", "none"] = "up"
    complement_of: Code | None = None
    population: Code | None = None
    unit: str | None = None
    legal_ref: str | None = None


class Missing(Document):
    """What a criterion earns without a value, and where the denominator is zero; one policy, or one per level."""

    no_value: Policy | dict[Level | Literal["default"], Policy] = "none"
    zero_denominator: Policy | dict[Level | Literal["default"], Policy] = "none"


class Criterion(Document):
    """A node of the tree: a leaf with rules, or a group of criteria. `max` is its weight in points."""

    code: CriterionCode
    name: Name
    max: Figure | None = None
    weight: Figure | None = None
    rules: tuple[AnyRule, ...] = ()
    missing: Missing = Missing()
    applies_to: tuple[Level, ...] | None = None
    otherwise: Literal["full", "zero", "exclude"] = "exclude"
    legal_ref: str | None = None
    criteria: tuple["Criterion", ...] = ()


class Total(Document):
    rules: tuple[AnyRule, ...] = ()
    max: Figure | None = None


class ViewGroup(Document):
    code: Code
    name: Name
    members: tuple[CriterionCode, ...] = Field(min_length=1)


class View(Document):
    """Another official grouping of the same points: sums of top criteria."""

    code: Code
    name: Name
    groups: tuple[ViewGroup, ...] = Field(min_length=1)


class Framework(Document):
    """One version of an index."""

    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$")]
    name: Name
    legal_basis: tuple[LegalBasis, ...] = ()
    valid_from: date
    valid_to: date | None = None
    rounding: Rounding = Rounding()
    ranking: Ranking = Ranking()
    sources: tuple[Code, ...] = ()
    bands: tuple[Band, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    total: Total = Total()
    views: tuple[View, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.code}@{self.version}"

    def max_of(self, node: Criterion) -> Decimal:
        """Points of a node: as stated, else the sum of its children."""
        return node.max if node.max is not None else sum((self.max_of(child) for child in node.criteria), Decimal(0))
