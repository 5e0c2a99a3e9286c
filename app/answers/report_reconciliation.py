"""The answer of the reconciliation of two sources."""

from datetime import datetime
from enum import StrEnum

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import Number, UnitBrief
from app.answers.examples import load_example
from app.answers.reports import ReportHead


class State(StrEnum):
    MATCH = "match"
    WITHIN_TOLERANCE = "within_tolerance"
    DIFFERS = "differs"
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"


class FigureSaid(TypedDict):
    """What a source says; `value` with the decimals it was printed with, of counts alone with two."""

    numerator: Number | None
    denominator: Number | None
    value: Number | None
    observed_at: datetime


class FigureGap(TypedDict):
    """`there` minus `here`, as printed; null where one of them says nothing."""

    numerator: Number | None
    denominator: Number | None
    value: Number | None


class ReconciledFigure(TypedDict):
    """A unit and an indicator: `here` of `source`, `there` of `other`."""

    unit: UnitBrief
    indicator: str
    name: str
    here: FigureSaid | None
    there: FigureSaid | None
    difference: FigureGap
    state: State


class StateCounts(TypedDict):
    match: int
    within_tolerance: int
    differs: int
    only_here: int
    only_there: int


class ReportedPoints(TypedDict):
    points: Number
    observed_at: datetime


class ComputedPoints(TypedDict):
    """What the components earn, from these sources: for each figure the one that the framework prefers."""

    points: Number
    sources: list[str]


class ReconciledPoints(TypedDict):
    """Points of a group, or the total (`group` null). `difference` is computed minus reported.

    They match where `rounding`, of the reported points and of stated rates, accounts for the difference; `only_here`
    is only reported, `only_there` only computed.
    """

    unit: UnitBrief
    group: str | None
    indicator: str
    name: str
    max: Number
    reported: ReportedPoints | None
    computed: ComputedPoints | None
    difference: Number | None
    rounding: Number | None
    state: State


class PointsReconciled(TypedDict):
    """The groups that the framework computes of figures, where points are reported by `source` or computed."""

    summary: StateCounts
    items: list[ReconciledPoints]


@with_config(json_schema_extra={"example": load_example("reconciliation")})
class Reconciliation(ReportHead):
    """Two sources side by side; what differs comes first, the widest gap on top. The summaries count every state.

    Figures match where their counts are equal; where not both have counts, where their values lie within half a unit
    of the coarser last decimal printed (a whole number is exact). Else a gap of the values up to `tolerance` lies
    within it.
    """

    framework: str
    source: str
    other: str
    tolerance: Number
    summary: StateCounts
    items: list[ReconciledFigure]
    points: PointsReconciled
