"""What an evaluation rests on, read from the database and frozen: rules, units, cohorts, figures, what reports need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.evaluation import EvaluationScope
from app.domain.frameworks.check import document
from app.domain.frameworks.framework import Framework
from app.domain.period import Period, read_period
from app.domain.vocabulary import Level
from app.errors import NotFound
from app.services.changed_units import changed_units
from app.services.frameworks import indicators_known, load_framework
from app.services.frozen_content import EDITION, EvaluationContent, frozen_values
from app.services.layouts import stated_layouts
from app.services.scored_cohorts import CohortUnit, indicators_of
from app.services.tasks import concerned, names_of
from app.store import period_values, unit_tree
from app.store.evaluation_content import (
    Document,
    FrozenInputs,
    FrozenPeriod,
    FrozenUnit,
    FrozenUnitsChanged,
    ReportInputs,
    ValueFields,
    read_document,
)
from app.store.letter_profiles import find_profile
from app.store.letter_templates import nearest_templates
from app.store.letter_texts import letter_texts_of
from app.store.publications import PUBLICATIONS, standing_publications
from app.store.rows import DatedUnit, StandingValue
from app.store.stated import as_json
from app.store.targets import TARGETS, standing_targets
from app.store.tasks import TASKS, standing_tasks
from app.store.unit_tree import ancestors
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks


@dataclass(frozen=True, slots=True)
class FreezeRequest:
    """What is to be frozen. `framework` may name a version; the scope has its code alone."""

    framework: str
    scope: EvaluationScope
    against: str | None
    clocks: Clocks


def freeze(session: Session, request: FreezeRequest) -> EvaluationContent:
    """Read all that the evaluation rests on, and compute its results from what was read."""
    scope = request.scope
    period = read_period(scope.period)
    framework = load_framework(session, request.framework, period, request.clocks.as_of)
    frameworks: dict[str, Document] = {framework.id: document(framework)}
    trees = {scope.period: _tree(session, period, request)}
    periods = {scope.period: _period_inputs(session, framework, period, request, trees[scope.period])}
    earlier = _earlier_framework(session, request)
    events: FrozenUnitsChanged = {"reformed": [], "moved": []}
    if request.against is not None and earlier is not None:
        before = read_period(request.against)
        frameworks[earlier.id] = document(earlier)
        trees[request.against] = _tree(session, before, request)
        periods[request.against] = _period_inputs(session, earlier, before, request, trees[request.against])
        events = _units_changed(session, before, period, request.clocks, periods[scope.period])
    inputs: FrozenInputs = {
        "edition": EDITION,
        "framework": framework.id,
        "period": scope.period,
        "against": request.against,
        "under": scope.under,
        "levels": list(scope.levels),
        "periods": periods,
        "changed": events,
        **_report_inputs(session, request, period, periods),
        **_unit_names(trees),
    }
    plain = EvaluationContent(frameworks, inputs, {})
    return EvaluationContent.of(
        plain.parts()
    ).recomputed()  # results follow from what is stored, not from what was read


def _tree(session: Session, period: Period, request: FreezeRequest) -> Sequence[DatedUnit]:
    return unit_tree.tree(session, request.scope.under, UnitMoment(request.clocks.as_of, period=period))


def _unit_names(trees: Mapping[str, Sequence[DatedUnit]]) -> ReportInputs:
    """What was stated of units for letters; left out where nothing was, as before anything could be."""
    stated = {
        period: {unit.code: (unit.short_name, unit.kind) for unit in units if unit.short_name or unit.kind}
        for period, units in trees.items()
    }
    return {"unit_names": stated} if any(stated.values()) else {}


def _units_changed(
    session: Session, before: Period, now: Period, clocks: Clocks, inputs: FrozenPeriod
) -> FrozenUnitsChanged:
    """Which of the frozen units events changed between the two periods."""
    found, frozen = changed_units(session, before, now, clocks.as_of), {unit[0] for unit in inputs["units"]}
    return {"reformed": sorted(found.reformed & frozen), "moved": sorted(found.moved & frozen)}


def _report_inputs(
    session: Session, request: FreezeRequest, period: Period, periods: Mapping[str, FrozenPeriod]
) -> ReportInputs:
    """What reports need besides the figures: what they count, what was aimed at, what was ordered and published."""
    as_of, scope = request.clocks.as_of, request.scope
    units = {unit[0] for inputs in periods.values() for unit in inputs["units"]}
    above = [] if scope.under is None else ancestors(session, scope.under, UnitMoment(as_of, period=period))
    years = {read_period(code).starts_on.year for code in periods}
    targets = standing_targets(session, as_of, years=years, units=units.union(above))
    used = {value.indicator for inputs in periods.values() for value in frozen_values(inputs)}
    used |= {each.indicator for each in targets}
    known = indicators_known(session, as_of)
    theirs = concerned(session, scope.under, as_of, period)
    # what a unit only helps with is not its to publish
    standing = standing_tasks(session, as_of, period=period.code)
    tasks = [task for task in standing if not theirs.isdisjoint((task.unit, task.assignee))]
    publications = [each for each in standing_publications(session, as_of, period=period.code) if each.unit in units]
    return {
        "indicators": {
            code: read_document(known[code].model_dump_json(by_alias=True)) for code in sorted(used & known.keys())
        },
        "targets": [as_json(TARGETS, each) for each in targets],
        "above": above,
        "publications": [as_json(PUBLICATIONS, each) for each in publications],
        "tasks": [as_json(TASKS, each) for each in tasks],
        "names": names_of(session, {code for task in tasks for code in task.members}.union(above), as_of, period),
        "letter": None if scope.under is None else find_profile(session, scope.under, as_of),
        **_letter_words(session, request, period, above),
    }


def _letter_words(session: Session, request: FreezeRequest, period: Period, above: Sequence[str]) -> ReportInputs:
    """Texts, Word files and layouts of letters, each left out where none was stated, as before any could be."""
    as_of, under = request.clocks.as_of, request.scope.under
    found: ReportInputs = {}
    if texts := {} if under is None else letter_texts_of(session, under, period.code, as_of):
        found["letter_texts"] = texts
    if files := nearest_templates(session, [] if under is None else [under, *above], as_of):
        found["letter_templates"] = {
            kind: {"unit": each.record.unit, "sha256": each.record.sha256} for kind, each in files.items()
        }
    if layouts := stated_layouts(session, as_of):
        found["layouts"] = layouts
    return found


def _earlier_framework(session: Session, request: FreezeRequest) -> Framework | None:
    """The rules of the period compared with; None where there is none, or no version was in force then."""
    if request.against is None or request.against == request.scope.period:
        return None
    try:
        return load_framework(session, request.framework, read_period(request.against), request.clocks.as_of)
    except NotFound:
        return None


def _period_inputs(
    session: Session, framework: Framework, period: Period, request: FreezeRequest, units: Sequence[DatedUnit]
) -> FrozenPeriod:
    """One period as it stood: its units, the cohort of each level, and every value of their units."""
    scope, clocks = request.scope, request.clocks
    rows = period_values.figures_below(session, period, scope.under, scope.levels, clocks)
    values = frozen_values_of(rows)
    own = [] if scope.under is None else period_values.unit_figures(session, period.code, scope.under, clocks)
    placed: list[FrozenUnit] = [(unit.code, unit.name, unit.level, unit.parent) for unit in units]
    return {
        "framework": framework.id,
        "units": placed,
        "cohorts": scorable_cohorts(framework, placed, values, scope.levels),
        "values": values,
        "own": frozen_values_of(own),
        "ended": [unit.code for unit in units if CohortUnit.of(unit, period).ended],
    }


def scorable_cohorts(
    framework: Framework, units: Sequence[FrozenUnit], values: Iterable[ValueFields], levels: Iterable[Level]
) -> dict[Level, list[str]]:
    """Codes of the units of each level that have a figure of the framework."""
    scoring = set(indicators_of(framework))
    scorable = {value[0] for value in values if value[1] in scoring}
    return {level: [unit[0] for unit in units if unit[2] == level and unit[0] in scorable] for level in levels}


def frozen_values_of(rows: Iterable[StandingValue]) -> list[ValueFields]:
    """Values that stand as they are frozen."""
    return [
        (
            row.unit,
            row.indicator,
            row.source,
            row.numerator,
            row.denominator,
            row.value,
            row.decimals,
            row.observed_at,
        )
        for row in rows
    ]
