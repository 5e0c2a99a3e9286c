"""What the parts of a letter rest on, and its fields: each report is asked once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from app.answers.report_reconciliation import State
from app.domain.instant import to_datetime
from app.domain.tasks import TaskState
from app.domain.vocabulary import Level
from app.reports.classification import ClassifiedCohort, classify
from app.reports.compared_periods import compare_periods
from app.reports.counts import CountedIndicator, CountsQuery, count_units
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.letter.criteria import LevelCriteria, criteria_by_level
from app.reports.letter.methods import ScoredFigures, indicators_read, scored_figures
from app.reports.letter.moments import LookUps, look_ups
from app.reports.letter.own import OwnResult
from app.reports.missed_targets import MeasuredIndicator, measured_indicators
from app.reports.publication import LevelDuties, duties_on
from app.reports.source_pairs import ReconciledSources, ReconciliationQuery, SourcePair, own_differences, reconcile
from app.reports.tasks import DatedTask, TasksFilter, tasks_on


class LetterFacts:
    """The reports behind the letter of `under`, as of the day `on`.

    `looked_up`: when the office says that it looked the figures up; None: when they were.
    """

    def __init__(self, data: ReportData, on: date, looked_up: datetime | None) -> None:
        self.data, self.on, self.looked_up = data, on, looked_up

    @cached_property
    def own(self) -> OwnResult | None:
        """What the unit itself has reached; None where nobody has stated a figure of it."""
        data = self.data
        if data.under is None or not data.values_of(data.under):
            return None
        return OwnResult(data, compare_periods(data, data.under))

    @cached_property
    def own_indicators(self) -> Collection[str]:
        """What the letter tells of the unit itself: what it was scored from, and what the layout prints."""
        printed = set() if self.own is None else {each.row.indicator for each in self.own.found.rows}
        return indicators_read(self.data.framework).union(code for code in printed if code is not None)

    @cached_property
    def look_ups(self) -> LookUps:
        """When the figures were looked up: those of the unit itself, else of all below it.

        What the office states holds for all of them, then what was asked for.
        """
        if self.own is None:
            seen = [to_datetime(row.observed_at) for row in self.scored.rows.values()]
        else:
            now, told = self.own.found.compared.now, self.own_indicators
            seen = [each.observed_at for code, each in now.items() if code in told and each.observed_at is not None]
        return look_ups(seen, self.looked_up, self.data.observed_by)

    @cached_property
    def classified(self) -> list[ClassifiedCohort]:
        """The scored levels below it."""
        return classify(self.data)

    @cached_property
    def scored(self) -> ScoredFigures:
        """The figures that the boards were scored from."""
        return scored_figures(self.data)

    @cached_property
    def criteria(self) -> Mapping[Level, LevelCriteria]:
        """The single criteria of the units of each of these levels."""
        return criteria_by_level(self.data, self.classified, self.scored)

    def looked_up_of(self, criteria: LevelCriteria) -> datetime | None:
        """When the criteria of a level were looked up, as far as somebody has said so."""
        return self.looked_up or self.data.observed_by or criteria.looked_up

    @cached_property
    def measured(self) -> list[MeasuredIndicator]:
        """Who misses which target."""
        return measured_indicators(self.data)

    @cached_property
    def counted(self) -> list[CountedIndicator]:
        """Every count that should be less, over the units that have one: overdue dossiers, say."""
        known = known_indicators(self.data)
        found = {row.indicator for row in self.data.values() if row.unit != self.data.under}
        return [
            count_units(self.data, CountsQuery(code))
            for code in sorted(found)
            if code in known and known[code].should_be_less
        ]

    @cached_property
    def reconciled(self) -> ReconciledSources:
        """What two sources say differently of the units below it."""
        return reconcile(self.data, ReconciliationQuery(state=State.DIFFERS))

    @cached_property
    def differing(self) -> list[SourcePair]:
        """The same of the unit itself, then of those below it."""
        found = self.reconciled
        return [*own_differences(self.data, found.source, found.other), *found.listed]

    @cached_property
    def duties(self) -> list[LevelDuties]:
        """Who had to publish and has."""
        return duties_on(self.data, self.on)

    @cached_property
    def ordered(self) -> Sequence[DatedTask]:
        """What the unit itself or one below it has ordered, the one due first at the top; nothing that was cancelled.

        An order from above, to it or others, is not its to give.
        """
        own = {unit.code for unit in self.data.units()}
        return [
            task
            for task in tasks_on(self.data, TasksFilter(on=self.on))
            if task.state is not TaskState.CANCELLED and _is_ordered_by(task, self.data.under, own)
        ]


def _is_ordered_by(task: DatedTask, under: str | None, own: Collection[str]) -> bool:
    """Whether the letter of a unit gives a task: one without a `unit` came from above its assignee."""
    return task.assignee["code"] != under if task.unit is None else task.unit["code"] in own
