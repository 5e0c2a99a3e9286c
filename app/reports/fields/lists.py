"""What other units did or failed to do, as fields: who misses a target, counts, publications, tasks, two sources."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from app.answers.letter_figures import BelowFigures, CountFigures, MissingUnit, PublishedFigures, SideFigures
from app.answers.letter_tables import SourceDifference, TaskFigures, TwoSources
from app.domain.frameworks.framework import Indicator
from app.domain.publications import BODIES, OUT, RESULTS
from app.domain.unit_names import kind_of, kinds_in_words
from app.domain.vietnamese_labels import SOURCES
from app.reports.counts import CountedIndicator
from app.reports.fields.names import UnitNames
from app.reports.fields.own import NO_SIDE, side
from app.reports.letter.facts import LetterFacts
from app.reports.missed_targets import MeasuredIndicator, Miss
from app.reports.publication import LevelDuties
from app.reports.shown_figures import figure_of
from app.reports.source_pairs import SourcePair
from app.reports.tasks import DatedTask
from app.store.rows import StandingValue

OVERDUE = "overdue_dossiers"
"""The count that letters call "hồ sơ quá hạn"."""


def below_fields(measured: Iterable[MeasuredIndicator], names: UnitNames) -> dict[str, BelowFigures]:
    """Each indicator with a target by its code, with the units that miss it."""
    return {each.indicator.code: _below(each, names) for each in measured}


def _below(measured: MeasuredIndicator, names: UnitNames) -> BelowFigures:
    targets = {miss.measured.target_figure for miss in measured.below}
    return {
        "code": measured.indicator.code,
        "name": measured.indicator.name.vi,
        "target": next(iter(targets)) if len(targets) == 1 else None,
        "of": measured.of,
        "count": len(measured.below),
        "missing": len(measured.missing),
        "units": [_missing_unit(miss, names) for miss in measured.below],
    }


def _missing_unit(miss: Miss, names: UnitNames) -> MissingUnit:
    return {
        **names.of(miss.measured.unit),
        "target": miss.measured.target_figure,
        "value": miss.value,
        "numerator": miss.printed.numerator,
        "denominator": miss.printed.denominator,
        "gap": miss.gap,
    }


def count_fields(counted: Iterable[CountedIndicator], names: UnitNames) -> dict[str, CountFigures]:
    """Each count by its code."""
    return {each.indicator.code: _count(each, names) for each in counted}


def _count(counted: CountedIndicator, names: UnitNames) -> CountFigures:
    return {
        "code": counted.indicator.code,
        "name": counted.indicator.name.vi,
        "noun": counted.indicator.unit,
        "sum": counted.sum,
        "stated": counted.stated,
        "count": counted.units,
        "missing": counted.missing,
        "units": [{**names.of(each.unit), "count": each.count, "share": each.share} for each in counted.listed],
    }


def published_fields(duties: Iterable[LevelDuties], names: UnitNames) -> dict[str, PublishedFigures]:
    """Who has published the results, by level."""
    return {
        level.level: {
            "level": level.level,
            "body": BODIES[level.level],
            "kinds": kinds_in_words(kind_of(duty.unit.name, duty.unit.kind) for duty in level.duties),
            "done": level.counts["published_total"],
            "of": level.counts["of"],
            "missing": [
                {**names.of(duty.unit), "due_on": duty.stated.due_on} for duty in level.duties if duty.state not in OUT
            ],
        }
        for level in duties
        if level.subject == RESULTS
    }


def task_fields(tasks: Iterable[DatedTask], names: UnitNames) -> list[TaskFigures]:
    """What was ordered, the one due first at the top."""
    return [
        {
            "kind": each.task.kind.value,
            "title": each.task.title,
            "assignee": names.of_code(each.assignee["code"], each.assignee["name"]),
            "helpers": names.named(each.helpers),
            "due_on": each.task.due_on,
            "before": None if each.task.due_on is None else each.task.due_on + timedelta(days=1),
            "state": each.state.value,
            "overdue": each.overdue,
            "days_late": each.days_late,
            "report": each.report,
            "text": each.sentence,
        }
        for each in tasks
    ]


def two_sources(facts: LetterFacts, names: UnitNames) -> TwoSources | None:
    """What two sources say differently; None where they agree."""
    if not facts.differing:
        return None
    here, there = facts.reconciled.source, facts.reconciled.other
    return {
        "here": SOURCES.get(here, here),
        "there": SOURCES.get(there, there),
        "rows": [_difference(pair, names) for pair in facts.differing],
    }


def _difference(pair: SourcePair, names: UnitNames) -> SourceDifference:
    there_less_here: Decimal | None = pair.difference["value"]
    return {
        **names.of(pair.unit),
        "indicator": pair.indicator.name.vi,
        "indicator_code": pair.indicator.code,
        "here": _side(pair.here, pair.indicator),
        "there": _side(pair.there, pair.indicator),
        "difference": None if there_less_here is None else -there_less_here,
    }


def _side(row: StandingValue | None, indicator: Indicator) -> SideFigures:
    return NO_SIDE if row is None else side(figure_of(row, indicator))
