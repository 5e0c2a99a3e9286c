"""What an evaluation freezes: frameworks, units, cohorts and figures, and the results that follow from them alone.

The content is JSON data in parts (ADR 11). `frameworks`: documents by `code@version`. `inputs`: the scope and, for
the period and the one compared with, the units `[code, name, level, parent]`, the cohorts, the values (`FrozenValue`)
and, as `own`, those of the unit `under` itself; the documents of their indicators; the targets, publications and tasks
that stood, the units `above` the scope, whose targets hold within it, the names of these and of units of tasks, and as
`letter` what the letters of `under` always say.
`results`: per level the board as it is answered, with the sort key of each item and its groups in every other view.
Figures of inputs are integers ×10⁴ and instants µs since 1970, as they are stored everywhere.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypedDict

from sqlalchemy.orm import Session

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
from app.store import evaluations as store
from app.store.frameworks import list_indicators
from app.store.letter_profiles import find_profile
from app.store.publications import PUBLICATIONS, standing_publications
from app.store.stated import as_json
from app.store.targets import TARGETS, standing_targets
from app.store.tasks import TASKS, standing_tasks
from app.store.unit_tree import ancestors
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

EVERY = 1_000_000
"""More indicators than there are."""
VALUES = ("values", "own")
"""Where the values of a period stand: those of the units evaluated, and those of the unit they are under."""


class FrozenValue(NamedTuple):
    """A value that stood when it was frozen: its key within the period, and what it says."""

    unit: str
    indicator: str
    source: str
    numerator: int | None
    denominator: int | None
    value: int | None
    decimals: int | None
    observed_at: int


FrozenUnit = tuple[str, str, Level, str | None]
"""Code, name, level and parent of a unit as it stood; in JSON a list."""


class FrozenPeriod(TypedDict, total=False):
    """One period of the inputs: its units, the cohort of each level, and the values of their units."""

    framework: str
    units: list[FrozenUnit]
    cohorts: dict[Level, list[str]]
    values: list[FrozenValue]
    own: list[FrozenValue]


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

    frameworks: Mapping[str, Any]
    inputs: Mapping[str, Any]
    results: Mapping[str, Any]

    def parts(self) -> dict[str, str]:
        """The content as it is stored."""
        results = {f"results:{level}": result for level, result in self.results.items()}
        parts = {"frameworks": self.frameworks, "inputs": self.inputs, **results}
        return {name: write_json(part).decode() for name, part in parts.items()}

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> "EvaluationContent":
        """The content of stored parts."""
        results = {
            name.partition(":")[2]: read_content(text) for name, text in parts.items() if name.startswith("results:")
        }
        return cls(read_content(parts["frameworks"]), read_content(parts["inputs"]), results)

    def digest(self) -> str:
        """SHA-256 over everything but times: the same figures under the same rules have one digest, whenever frozen."""
        timeless = {
            code: {**held, **{name: [value[:-1] for value in held[name]] for name in VALUES if name in held}}
            for code, held in self.inputs["periods"].items()
        }
        inputs = {**self.inputs, "periods": timeless}
        return evaluation.digest({"frameworks": self.frameworks, "inputs": inputs, "results": self.results})

    def recomputed(self) -> "EvaluationContent":
        """The same inputs with the results that follow from them today."""
        return replace(self, results=results_of(self.frameworks, self.inputs))


def read_content(text: str) -> Any:
    """Stored JSON, its figures exact."""
    return json.loads(text, parse_float=Decimal)


def content_digest(parts: Mapping[str, str]) -> str:
    """SHA-256 over the parts to the last byte, times included."""
    return hashlib.sha256(evaluation.canonical(dict(parts))).hexdigest()


def freeze(session: Session, asked: FreezeRequest) -> EvaluationContent:
    """Read all that the evaluation rests on, and compute its results from what was read."""
    scope = asked.scope
    period = read_period(scope.period)
    framework = load_framework(session, asked.framework, period)
    frameworks = {framework.id: document(framework)}
    periods = {scope.period: _period_inputs(session, framework, period, asked)}
    earlier = _earlier_framework(session, asked)
    if asked.against is not None and earlier is not None:
        frameworks[earlier.id] = document(earlier)
        periods[asked.against] = _period_inputs(session, earlier, read_period(asked.against), asked)
    inputs = {
        "framework": framework.id,
        "period": scope.period,
        "against": asked.against,
        "under": scope.under,
        "levels": list(scope.levels),
        "periods": periods,
        **_report_inputs(session, asked, period, periods),
    }
    plain = EvaluationContent(frameworks, inputs, {})
    return EvaluationContent.of(
        plain.parts()
    ).recomputed()  # results follow from what is stored, not from what was read


def _report_inputs(
    session: Session, asked: FreezeRequest, period: Period, periods: Mapping[str, Any]
) -> dict[str, Any]:
    """What reports need beside the figures: what they count, what was aimed at, what was ordered and published."""
    as_of, scope = asked.clocks.as_of, asked.scope
    units = {unit[0] for held in periods.values() for unit in held["units"]}
    above = [] if scope.under is None else ancestors(session, scope.under, UnitMoment(as_of, period=period))
    years = {read_period(code).starts_on.year for code in periods}
    targets = standing_targets(session, as_of, years=years, units=units.union(above))
    told = {value[1] for held in periods.values() for name in VALUES for value in held[name]}
    told |= {each.indicator for each in targets}
    known = {row.code: row.document for row in list_indicators(session, after=None, limit=EVERY)}
    theirs = concerned(session, scope.under, as_of, period)
    tasks = [task for task in standing_tasks(session, as_of, period=period.code) if theirs & task.members]
    publications = standing_publications(session, as_of, period=period.code)
    return {
        "indicators": {code: read_content(known[code]) for code in sorted(told & known.keys())},
        "targets": [as_json(TARGETS, each) for each in targets],
        "above": above,
        "publications": [as_json(PUBLICATIONS, each) for each in publications if each.unit in units],
        "tasks": [as_json(TASKS, each) for each in tasks],
        "names": names_of(session, {code for task in tasks for code in task.members}.union(above), as_of, period),
        "letter": None if scope.under is None else find_profile(session, scope.under, as_of),
    }


def _earlier_framework(session: Session, asked: FreezeRequest) -> Framework | None:
    """The rules of the period compared with; None where there is none, or no version was in force then."""
    if asked.against is None or asked.against == asked.scope.period:
        return None
    try:
        return load_framework(session, asked.framework, read_period(asked.against))
    except NotFound:
        return None


def _period_inputs(session: Session, framework: Framework, period: Period, asked: FreezeRequest) -> dict[str, Any]:
    """One period as it stood: its units, the cohort of each level, and every value of their units."""
    scope, clocks = asked.scope, asked.clocks
    units = store.tree(session, scope.under, UnitMoment(clocks.as_of, period=period))
    rows = store.figures(session, period, scope.under, scope.levels, clocks)
    values = _frozen_values(rows)
    own = [] if scope.under is None else store.unit_figures(session, period.code, scope.under, clocks)
    scoring = set(indicators_of(framework))
    scorable = {value[0] for value in values if value[1] in scoring}
    return {
        "framework": framework.id,
        "units": [list(unit) for unit in units],
        "cohorts": {
            level: [unit.code for unit in units if unit.level == level and unit.code in scorable]
            for level in scope.levels
        },
        "values": values,
        "own": _frozen_values(own),
    }


def _frozen_values(rows: Sequence[Any]) -> list[list[Any]]:
    return [[getattr(row, name) for name in FrozenValue._fields] for row in rows]


def results_of(frameworks: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The results of every level, from frozen inputs alone."""
    return {level: _result(frameworks, inputs, level) for level in inputs["levels"]}


def _result(frameworks: Mapping[str, Any], inputs: Mapping[str, Any], level: Level) -> dict[str, Any]:
    now = frozen_cohort(frameworks, inputs, inputs["period"], level)
    against = inputs["against"]
    before = frozen_cohort(frameworks, inputs, against, level) if against in inputs["periods"] else None

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


def _grouped(item: ScoreItem) -> dict[str, Any]:
    """What a view shows otherwise."""
    return {"groups": item["groups"], "change": item["change"]["groups"]}


def frozen_cohort(frameworks: Mapping[str, Any], inputs: Mapping[str, Any], period: str, level: Level) -> ScoredCohort:
    """The scored cohort of one level in one of the frozen periods."""
    held = inputs["periods"][period]
    framework = framework_of(frameworks, held["framework"])
    cohort = set(held["cohorts"][level])
    members = [CohortUnit(*unit) for unit in held["units"] if unit[0] in cohort]
    scoring = set(indicators_of(framework))
    rows = [FrozenValue(*value) for value in held["values"] if value[0] in cohort and value[1] in scoring]
    return scored_cohort(framework, read_period(period), level, members, rows)


def cohorts(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many units there are at each level, and how many of them are ranked."""
    return [{name: result["cohort"][name] for name in ("level", "size", "ranked")} for result in results.values()]


def framework_of(frameworks: Mapping[str, Any], name: str) -> Framework:
    """A frozen framework by `code@version`."""
    return _parsed(write_json(frameworks[name]))


@lru_cache(maxsize=16)
def _parsed(text: bytes) -> Framework:
    return Framework.model_validate(read_content(text.decode()))


def in_view(result: Mapping[str, Any], view: str | None) -> Sequence[ScoreItem]:
    """The items of a result with the groups of a view; KeyError where there is no such view."""
    found: Sequence[ScoreItem] = result["items"]
    if view is None:
        return found
    pairs = zip(found, result["views"][view], strict=True)
    return [
        {**item, "groups": shown["groups"], "change": {**item["change"], "groups": shown["change"]}}
        for item, shown in pairs
    ]
