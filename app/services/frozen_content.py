"""What an evaluation freezes: frameworks, units, cohorts and figures, and the results that follow from them alone.

Its shape as JSON data is in `store.evaluation_content`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.orm import Session

from app.answers.evaluations import CohortCount
from app.answers.scores import ScoreItem
from app.domain import evaluation
from app.domain.evaluation import EvaluationScope
from app.domain.frameworks.check import document
from app.domain.frameworks.framework import Framework
from app.domain.period import Period, read_period
from app.domain.vocabulary import Level
from app.errors import NotFound
from app.formats.strict_json import write_json
from app.services.frameworks import load_framework
from app.services.score_order import places
from app.services.scored_cohorts import CohortUnit, ScoredCohort, indicators_of, scored_cohort
from app.services.scores import CohortComparison, cohort_counts, compare_cohorts, items, summary_of
from app.services.tasks import concerned, names_of
from app.store import period_values, unit_tree
from app.store.evaluation_content import (
    Document,
    FrozenInputs,
    FrozenPeriod,
    FrozenResult,
    FrozenValue,
    GroupsInView,
    ReportInputs,
    ValueFields,
    read_document,
    read_documents,
    read_inputs,
    read_result,
)
from app.store.frameworks import list_indicators
from app.store.letter_profiles import find_profile
from app.store.publications import PUBLICATIONS, standing_publications
from app.store.rows import StandingValue
from app.store.stated import as_json
from app.store.targets import TARGETS, standing_targets
from app.store.tasks import TASKS, standing_tasks
from app.store.unit_tree import ancestors
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

EVERY = 1_000_000
"""More indicators than there are."""


@dataclass(frozen=True, slots=True)
class FreezeRequest:
    """What is to be frozen. `framework` may name a version; the scope has its code alone."""

    framework: str
    scope: EvaluationScope
    against: str | None
    clocks: Clocks


@dataclass(frozen=True, slots=True)
class EvaluationContent:
    """Everything that an evaluation froze."""

    frameworks: Mapping[str, Document]
    inputs: FrozenInputs
    results: Mapping[str, FrozenResult]

    def parts(self) -> dict[str, str]:
        """The content as it is stored."""
        results = {f"results:{level}": result for level, result in self.results.items()}
        parts: dict[str, object] = {"frameworks": self.frameworks, "inputs": self.inputs, **results}
        return {name: write_json(part).decode() for name, part in parts.items()}

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> "EvaluationContent":
        """The content of stored parts."""
        results = {
            name.partition(":")[2]: read_result(text) for name, text in parts.items() if name.startswith("results:")
        }
        return cls(read_documents(parts["frameworks"]), read_inputs(parts["inputs"]), results)

    def digest(self) -> str:
        """SHA-256 over everything but times: the same figures under the same rules have one digest, whenever frozen."""
        timeless = {code: _timeless(inputs) for code, inputs in self.inputs["periods"].items()}
        inputs = {**self.inputs, "periods": timeless}
        return evaluation.digest({"frameworks": self.frameworks, "inputs": inputs, "results": self.results})

    def recomputed(self) -> "EvaluationContent":
        """The same inputs with the results that follow from them today."""
        return replace(self, results=results_of(self.frameworks, self.inputs))


def _timeless(inputs: FrozenPeriod) -> dict[str, object]:
    """A period without the moments at which its figures were looked up."""
    own = {"own": [value[:-1] for value in inputs["own"]]} if "own" in inputs else {}
    return {**inputs, "values": [value[:-1] for value in inputs["values"]], **own}


def frozen_values(inputs: FrozenPeriod) -> Iterator[FrozenValue]:
    """The values of a period: those of the units evaluated, and those of the unit they are under."""
    return (FrozenValue(*value) for value in (*inputs["values"], *inputs.get("own", ())))


def content_digest(parts: Mapping[str, str]) -> str:
    """SHA-256 over the parts to the last byte, times included."""
    return hashlib.sha256(evaluation.canonical(dict(parts))).hexdigest()


def freeze(session: Session, request: FreezeRequest) -> EvaluationContent:
    """Read all that the evaluation rests on, and compute its results from what was read."""
    scope = request.scope
    period = read_period(scope.period)
    framework = load_framework(session, request.framework, period)
    frameworks: dict[str, Document] = {framework.id: document(framework)}
    periods = {scope.period: _period_inputs(session, framework, period, request)}
    earlier = _earlier_framework(session, request)
    if request.against is not None and earlier is not None:
        frameworks[earlier.id] = document(earlier)
        periods[request.against] = _period_inputs(session, earlier, read_period(request.against), request)
    inputs: FrozenInputs = {
        "framework": framework.id,
        "period": scope.period,
        "against": request.against,
        "under": scope.under,
        "levels": list(scope.levels),
        "periods": periods,
        **_report_inputs(session, request, period, periods),
    }
    plain = EvaluationContent(frameworks, inputs, {})
    return EvaluationContent.of(
        plain.parts()
    ).recomputed()  # results follow from what is stored, not from what was read


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
    known = {row.code: row.document for row in list_indicators(session, after=None, limit=EVERY)}
    theirs = concerned(session, scope.under, as_of, period)
    # what a unit only helps with is not its to publish
    standing = standing_tasks(session, as_of, period=period.code)
    tasks = [task for task in standing if not theirs.isdisjoint((task.unit, task.assignee))]
    publications = [each for each in standing_publications(session, as_of, period=period.code) if each.unit in units]
    return {
        "indicators": {code: read_document(known[code]) for code in sorted(used & known.keys())},
        "targets": [as_json(TARGETS, each) for each in targets],
        "above": above,
        "publications": [as_json(PUBLICATIONS, each) for each in publications],
        "tasks": [as_json(TASKS, each) for each in tasks],
        "names": names_of(session, {code for task in tasks for code in task.members}.union(above), as_of, period),
        "letter": None if scope.under is None else find_profile(session, scope.under, as_of),
    }


def _earlier_framework(session: Session, request: FreezeRequest) -> Framework | None:
    """The rules of the period compared with; None where there is none, or no version was in force then."""
    if request.against is None or request.against == request.scope.period:
        return None
    try:
        return load_framework(session, request.framework, read_period(request.against))
    except NotFound:
        return None


def _period_inputs(session: Session, framework: Framework, period: Period, request: FreezeRequest) -> FrozenPeriod:
    """One period as it stood: its units, the cohort of each level, and every value of their units."""
    scope, clocks = request.scope, request.clocks
    units = unit_tree.tree(session, scope.under, UnitMoment(clocks.as_of, period=period))
    rows = period_values.figures_below(session, period, scope.under, scope.levels, clocks)
    values = _frozen_values(rows)
    own = [] if scope.under is None else period_values.unit_figures(session, period.code, scope.under, clocks)
    scoring = set(indicators_of(framework))
    scorable = {value[0] for value in values if value[1] in scoring}
    return {
        "framework": framework.id,
        "units": [(unit.code, unit.name, unit.level, unit.parent) for unit in units],
        "cohorts": {
            level: [unit.code for unit in units if unit.level == level and unit.code in scorable]
            for level in scope.levels
        },
        "values": values,
        "own": _frozen_values(own),
    }


def _frozen_values(rows: Iterable[StandingValue]) -> list[ValueFields]:
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


def results_of(frameworks: Mapping[str, Document], inputs: FrozenInputs) -> dict[str, FrozenResult]:
    """The results of every level, from frozen inputs alone."""
    return {level: _result(frameworks, inputs, level) for level in inputs["levels"]}


def _result(frameworks: Mapping[str, Document], inputs: FrozenInputs, level: Level) -> FrozenResult:
    now = frozen_cohort(frameworks, inputs, inputs["period"], level)
    against = inputs["against"]
    before = None
    if against is not None and against in inputs["periods"]:
        before = frozen_cohort(frameworks, inputs, against, level)

    def compared(view: str | None) -> CohortComparison:
        return (
            CohortComparison(now, None, None, against, view, hidden=False)
            if before is None
            else compare_cohorts(now, before, view)
        )

    return {
        "framework": now.framework.id,
        "period": now.period.code,
        "cohort": cohort_counts(now, inputs["under"]),
        "summary": summary_of(now),
        "items": items(compared(None)),
        "places": places(now),
        "views": {view.code: [_grouped(item) for item in items(compared(view.code))] for view in now.framework.views},
    }


def _grouped(item: ScoreItem) -> GroupsInView:
    """What a view shows otherwise."""
    return {"groups": item["groups"], "change": item["change"]["groups"]}


def frozen_cohort(frameworks: Mapping[str, Document], inputs: FrozenInputs, period: str, level: Level) -> ScoredCohort:
    """The scored cohort of one level in one of the frozen periods."""
    frozen = inputs["periods"][period]
    framework = framework_of(frameworks, frozen["framework"])
    cohort = set(frozen["cohorts"][level])
    members = [CohortUnit(*unit) for unit in frozen["units"] if unit[0] in cohort]
    scoring = set(indicators_of(framework))
    rows = [FrozenValue(*value) for value in frozen["values"] if value[0] in cohort and value[1] in scoring]
    return scored_cohort(framework, read_period(period), level, members, rows)


def cohorts(results: Mapping[str, FrozenResult]) -> list[CohortCount]:
    """How many units there are at each level, and how many of them are ranked."""
    counted = (result["cohort"] for result in results.values())
    return [{"level": each["level"], "size": each["size"], "ranked": each["ranked"]} for each in counted]


def framework_of(frameworks: Mapping[str, Document], name: str) -> Framework:
    """A frozen framework by `code@version`."""
    return _parsed(write_json(frameworks[name]))


@lru_cache(maxsize=16)
def _parsed(text: bytes) -> Framework:
    return Framework.model_validate(read_document(text.decode()))


def in_view(result: FrozenResult, view: str | None) -> Sequence[ScoreItem]:
    """The items of a result with the groups of a view; KeyError where there is no such view."""
    found = result["items"]
    if view is None:
        return found
    return [_shown_in(each, shown) for each, shown in zip(found, result["views"][view], strict=True)]


def _shown_in(item: ScoreItem, shown: GroupsInView) -> ScoreItem:
    return {**item, "groups": shown["groups"], "change": {**item["change"], "groups": shown["change"]}}
