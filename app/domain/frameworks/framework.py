"""A framework: weighted criteria as versioned data, with its bands, ranking, sources and views."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from app.domain.day import Day
from app.domain.frameworks.by_level import at_level, levels_stated
from app.domain.frameworks.rules import (
    AnyRule,
    Figure,
    FrameworkPart,
    LegalRef,
    Policy,
    Sentence,
    Sum,
)
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import Code, CriterionCode, Flag, FrameworkVersion, Level


def policies_written(value: object) -> Literal["policy", "by_level"]:
    return "by_level" if isinstance(value, dict) else "policy"


Decimals = Annotated[int, Field(ge=0, le=6, strict=True)]
LevelOrDefault = Literal["ministry", "province", "department", "district", "commune", "other", "default"]
Policies = Annotated[
    Annotated[Policy, Tag("policy")] | Annotated[dict[LevelOrDefault, Policy], Tag("by_level")],
    Discriminator(policies_written),
]
Share = Annotated[Figure, Field(ge=0, le=1)]
SUM = (Sum(kind="sum"),)
MEANS = frozenset({"weighted_mean", "geometric_mean", "best", "worst"})
"""Kinds of rules that compare shares of the children's maxima."""
Color = Annotated[
    Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")] | None,
    Field(
        exclude_if=lambda color: color is None,  # a document that does not state it keeps its bytes
        description="What charts draw it in, as `#0072B2`. Default: one that the colour-blind tell apart.",
    ),
]


LevelFigures = Annotated[
    dict[Level, Figure],
    Field(
        exclude_if=lambda stated: not stated,  # a document that states none keeps its bytes
        description="What stands in its place for units of single levels.",
    ),
]
"""Figures by level; `at` works them in."""
NOWHERE_ELSE: dict[Level, Figure] = {}
"""The same figure at all levels."""


class Name(FrameworkPart):
    vi: Sentence
    en: Sentence | None = None


class LegalBasis(FrameworkPart):
    number: Sentence
    date: Day
    title: Sentence | None = None


class Rounding(FrameworkPart):
    """Half up; decimals kept at each component and at the total."""

    component: Decimals = 2
    total: Decimals = 2
    legal_ref: LegalRef | None = None


class Ranking(FrameworkPart):
    ties: Literal["competition", "dense", "ordinal"] = "competition"
    basis: Literal["rounded", "exact"] = "rounded"
    incomplete: Literal["unranked", "ranked"] = "unranked"
    min_coverage: Share | None = Field(
        default=None,
        exclude_if=lambda share: share is None,  # a document that does not state it keeps its bytes
        description="The share of the points, from 0 to 1, that has to rest on figures for a class and a rank. "
        "Default: 1, and 0 where incomplete totals are ranked.",
    )

    @property
    def least_coverage(self) -> Decimal:
        """As stated, else all of it where incomplete totals are not ranked, and nothing where they are."""
        if self.min_coverage is not None:
            return self.min_coverage
        return Decimal(1 if self.incomplete == "unranked" else 0)


class Requirement(FrameworkPart):
    """At least so many points in a criterion, rounded as that shows them."""

    criterion: CriterionCode
    min: Figure
    min_by_level: LevelFigures = NOWHERE_ELSE


class Band(FrameworkPart):
    """A class of scores: from `min` up to the next band; an optional `max` (exclusive unless `closed`) is checked.

    A unit that misses one of `requires` falls to the next lower band of which it meets all.
    """

    code: Code
    name: Name
    min: Figure
    min_by_level: LevelFigures = NOWHERE_ELSE
    max: Figure | None = None
    max_by_level: LevelFigures = NOWHERE_ELSE
    closed: Flag = False
    color: Color = None
    requires: Annotated[tuple[Requirement, ...], BY_PIECES] = Field(
        default=(),
        exclude_if=lambda requires: not requires,  # a document that has none keeps its bytes
        description="Points that the class demands in single criteria, whatever the total.",
    )
    legal_ref: LegalRef | None = None


class Indicator(FrameworkPart):
    """What a figure counts. `ratio`: numerator of denominator, its value a percentage.

    `complement_of`: both shares make up the whole. `population`: the figure counts among what that indicator counts.
    """

    code: Code
    kind: Literal["ratio", "count", "points", "number"]
    name: Name
    direction: Literal["up", "down", "none"] = "up"
    complement_of: Code | None = None
    population: Code | None = None
    unit: Sentence | None = None
    legal_ref: LegalRef | None = None

    @property
    def should_be_less(self) -> bool:
        """Whether it counts what should not be: overdue dossiers, say."""
        return self.kind == "count" and self.direction == "down"


class Missing(FrameworkPart):
    """What a criterion earns without a value, and where the denominator is zero; one policy, or one per level."""

    no_value: Policies = "none"
    zero_denominator: Policies = "none"
    legal_ref: LegalRef | None = None


class Criterion(FrameworkPart):
    """A node of the tree: a leaf with rules, or a group of criteria. `max` is its weight in points."""

    code: CriterionCode
    name: Name
    max: Figure | None = None
    max_by_level: LevelFigures = NOWHERE_ELSE
    weight: Figure | None = None
    weight_by_level: LevelFigures = NOWHERE_ELSE
    rules: Annotated[tuple[AnyRule, ...], BY_PIECES] = ()
    missing: Missing = Missing()
    applies_to: Annotated[tuple[Level, ...], BY_PIECES] | None = None
    otherwise: Literal["full", "zero", "exclude"] = "exclude"
    color: Color = None
    legal_ref: LegalRef | None = None
    criteria: Annotated[tuple["Criterion", ...], BY_PIECES] = ()


class Adjustment(FrameworkPart):
    """Points × value / per on top of the total where they are positive, off it where they are negative.

    `at_most` limits what it adds or takes off. Without a figure nothing is adjusted, and nothing is missing.
    """

    indicator: Code
    per: Figure = Decimal(1)
    points: Figure
    at_most: Figure | None = None
    name: Name | None = None
    legal_ref: LegalRef | None = None


class Total(FrameworkPart):
    """What is made of the top criteria; `adjustments` come behind the rules, and leave the total between 0 and max."""

    rules: Annotated[tuple[AnyRule, ...], BY_PIECES] = ()
    max: Figure | None = None
    max_by_level: LevelFigures = NOWHERE_ELSE
    share_of_applicable: Flag = Field(
        default=False,
        exclude_if=lambda share: not share,  # a document that does not state it keeps its bytes
        description="The sum is what a unit earned of the points that apply to it, as a share of the max: 68.32 of 84 "
        "are 81.33 of 100. Default: what is left out leaves its weight to the rest of its own group.",
    )
    adjustments: Annotated[tuple[Adjustment, ...], BY_PIECES] = Field(
        default=(),
        exclude_if=lambda adjustments: not adjustments,  # a document that has none keeps its bytes
        description="Bonus and penalty points by a decision of its own, each shown as a line.",
    )
    legal_ref: LegalRef | None = None


class ViewGroup(FrameworkPart):
    code: Code
    name: Name
    members: Annotated[tuple[CriterionCode, ...], BY_PIECES] = Field(min_length=1)
    color: Color = None


class View(FrameworkPart):
    """Another official grouping of the same points: sums of top criteria."""

    code: Code
    name: Name
    groups: Annotated[tuple[ViewGroup, ...], BY_PIECES] = Field(min_length=1)
    legal_ref: LegalRef | None = None


def combined_max(kinds: Collection[str], maxima: Sequence[Decimal]) -> Decimal:
    """Points that a node without a stated `max` can reach, from its rules' kinds and its children's maxima.

    A mean stays within its largest child, and so do best and worst; what can fall back on a sum reaches the sum.

    >>> combined_max(["weighted_mean"], [Decimal(10), Decimal(10)]), combined_max([], [Decimal(18), Decimal(20)])
    (Decimal('10'), Decimal('38'))
    """
    if MEANS.intersection(kinds) and "sum" not in kinds:
        return max(maxima, default=Decimal(0))
    return sum(maxima, Decimal(0))


class Framework(FrameworkPart):
    """One version of an index."""

    code: Code
    version: FrameworkVersion
    name: Name
    legal_basis: Annotated[tuple[LegalBasis, ...], BY_PIECES] = ()
    valid_from: Day
    valid_to: Day | None = None
    rounding: Rounding = Rounding()
    ranking: Ranking = Ranking()
    sources: Annotated[tuple[Code, ...], BY_PIECES] = ()
    bands: Annotated[tuple[Band, ...], BY_PIECES] = ()
    indicators: Annotated[tuple[Indicator, ...], BY_PIECES] = ()
    criteria: Annotated[tuple[Criterion, ...], BY_PIECES] = Field(min_length=1)
    total: Total = Total()
    views: Annotated[tuple[View, ...], BY_PIECES] = ()

    @property
    def id(self) -> str:
        return f"{self.code}@{self.version}"

    def at(self, level: Level) -> "Framework":
        """The framework as it reads for units of the level: itself where it states nothing for that by itself."""
        return self._by_level.get(level, self)

    @cached_property
    def _by_level(self) -> Mapping[str, "Framework"]:
        document = self.model_dump(by_alias=True)
        return {level: Framework.model_validate(at_level(document, level)) for level in levels_stated(document)}

    @property
    def total_max(self) -> Decimal:
        """Points of the root: as stated, else Σ of the top criteria, for a mean the largest of them."""
        if self.total.max is not None:
            return self.total.max
        return combined_max([rule.kind for rule in self.total.rules], [self.max_of(child) for child in self.criteria])

    def max_of(self, node: Criterion) -> Decimal:
        """Points of a node: as stated, else from its children as for the root."""
        if node.max is not None:
            return node.max
        return combined_max([rule.kind for rule in node.rules], [self.max_of(child) for child in node.criteria])

    def weights_of(self, node: "Criterion | Framework") -> list[Decimal]:
        """The weights of a node's children in a mean; the max of a child where none is stated."""
        return [self.max_of(child) if child.weight is None else child.weight for child in node.criteria]


def rules_of(node: Criterion | Framework) -> tuple[AnyRule, ...]:
    """The rules in the order they are tried; behind those that are written, a group and the total are a sum."""
    default = SUM if node.criteria else ()
    return (node.total.rules if isinstance(node, Framework) else node.rules) + default


def policy_for(policies: Policies, level: Level) -> Policy:
    """The policy of a level: its own, else the default, else `none`."""
    if isinstance(policies, str):
        return policies
    return policies.get(level, policies.get("default", "none"))
