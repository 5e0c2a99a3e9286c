"""The answers of the reports, each of which begins with the same head."""

from datetime import date, datetime
from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.answers.common import FlagCode, MethodCode, Number, UnitBrief
from app.answers.examples import load_example
from app.answers.scores import BandBrief, BandCount
from app.answers.tasks import TaskFinding
from app.domain.publications import PublicationState
from app.domain.tasks import TaskCounts, TaskKind, TaskState
from app.domain.vocabulary import Level

MissingReason = Literal["no_figure", "zero_denominator"]
Base = Literal["published", "current"]
CountedPart = Literal["numerator", "denominator", "rest"]


class ReportHead(TypedDict):
    """What stands above every report; `evaluation` is the number of the one it is about, null over live data."""

    evaluation: int | None
    period: str
    against: str | None
    under: str | None
    as_of: datetime
    observed_by: datetime | None


class ComparedBase(TypedDict):
    """What the earlier side is: as a published `evaluation` froze it, or current figures (its number is null)."""

    kind: Base
    evaluation: int | None


class ClassifiedUnit(TypedDict):
    rank: int | None
    tied: int | None
    unit: UnitBrief
    groups: dict[str, Number | None]
    total: Number | None
    band: BandBrief | None
    method: MethodCode | None
    flags: list[FlagCode]


class ClassifiedLevel(TypedDict):
    """A level: its units by class, classes without units included; `unclassed` ones have no total to class.

    `of` are the units with figures; those that were active in the period and have none are `missing`.
    """

    level: Level
    name: str
    of: int
    ranked: int
    unclassed: int
    missing: int
    bands: list[BandCount]
    items: list[ClassifiedUnit]


@with_config(json_schema_extra={"example": load_example("classification")})
class Classification(ReportHead):
    """How many units of each level fall into each class, and which."""

    framework: str
    levels: list[ClassifiedLevel]


class TargetOf(TypedDict):
    """Where the target was stated: for `unit` and those under it, else for everybody; for `level`, else for every."""

    unit: str | None
    level: Level | None
    legal_ref: str | None


class UnitBelow(TypedDict):
    """A unit that misses its target; `gap` is the figure less the target, in percentage points for a ratio.

    Compared exactly, by the counts where they are known; value and gap are rounded half up to be printed.
    """

    indicator: str
    unit: UnitBrief
    value: Number
    numerator: Number | None
    denominator: Number | None
    target: Number
    gap: Number
    target_of: TargetOf
    source: str
    observed_at: datetime


class UnitMissing(TypedDict):
    """A unit with a target and nothing to hold against it: no figure, or 0/0."""

    indicator: str
    unit: UnitBrief
    target: Number
    target_of: TargetOf
    reason: MissingReason


class IndicatorBelow(TypedDict):
    """An indicator: of the units with a figure and a target, `below` miss it; `missing` are not among them.

    The sentences are as a letter prints them, null where no unit could be compared with a target.
    """

    indicator: str
    name: str
    kind: Literal["ratio", "count", "points", "number"]
    direction: Literal["up", "down", "none"]
    of: int
    below: int
    missing: int
    items: list[UnitBelow]
    missing_units: list[UnitMissing]
    sentence: str | None
    sentence_en: str | None


@with_config(json_schema_extra={"example": load_example("below_target")})
class BelowTarget(ReportHead):
    """Who misses the targets of the period's year: above them where less is better, else below."""

    framework: str
    indicators: list[IndicatorBelow]


class IndicatorBrief(TypedDict):
    code: str
    name: str
    kind: Literal["ratio", "count", "number"]


class CountedUnit(TypedDict):
    """A unit and its count. `share` is its percentage of the sum, rounded by itself: a list may add up to 99.99."""

    place: int
    unit: UnitBrief
    count: Number
    share: Number | None
    source: str
    observed_at: datetime


@with_config(json_schema_extra={"example": load_example("counts")})
class Counts(ReportHead):
    """An indicator counted over the units under `under`. A unit without a figure is `missing`, never counted as 0.

    The figure of a unit holds those of the units below it, so only the topmost units with a figure count; where others
    stand below them the flag says `levels_overlap`, and `level=` counts one level alone. `stated_sum` is the figure of
    `under` itself, if there is one.
    """

    indicator: IndicatorBrief
    part: CountedPart | None
    sum: Number
    units: int
    zero: int
    missing: int
    stated_sum: Number | None
    agrees: bool | None
    flags: list[FlagCode]
    items: list[CountedUnit]
    sentence: str


class ObligedUnit(TypedDict):
    """A unit and what became of its duty; `days_late` is null where no day was set."""

    subject: str
    unit: UnitBrief
    due_on: date | None
    published_on: date | None
    state: PublicationState
    days_late: int | None
    url: str | None
    note: str | None
    legal_ref: str | None


class PublicationLevel(TypedDict):
    """A level: `published_total` of `of` have published, be it in time or late; the sentence as a letter prints it.

    published (in time) + late = published_total; published_total + overdue + pending = of.
    """

    subject: str
    level: Level
    name: str
    of: int
    published_total: int
    published: int
    late: int
    overdue: int
    pending: int
    sentence: str
    items: list[ObligedUnit]


class PublicationSubject(TypedDict):
    subject: str
    name: str
    levels: list[PublicationLevel]


@with_config(json_schema_extra={"example": load_example("publication_report")})
class PublicationReport(ReportHead):
    """Who had to publish what by when and who has, as of the day `on`: what came out later was not out yet."""

    on: date
    subjects: list[PublicationSubject]


class NamedUnit(TypedDict):
    """A unit of a task, by the name it had in the period; its code where no name is known."""

    code: str
    name: str


class OrderedTask(TypedDict):
    """A task with the names of its units, and the order as a letter prints it.

    `days_late`: from the due day to the report, or to `on`; null without a due day.
    """

    id: int
    kind: TaskKind
    title: str
    detail: str | None
    unit: NamedUnit | None
    assignee: NamedUnit
    helpers: list[NamedUnit]
    due_on: date | None
    legal_ref: str | None
    finding: TaskFinding | None
    state: TaskState
    report: str | None
    reported_on: date | None
    reason: str | None
    overdue: bool
    days_late: int | None
    sentence: str


@with_config(json_schema_extra={"example": load_example("tasks_report")})
class TasksReport(ReportHead):
    """The tasks of a period's results, the one due first at the top, and which were overdue on the day `on`."""

    on: date
    counts: TaskCounts
    items: list[OrderedTask]
