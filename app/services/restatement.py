"""What current figures would give otherwise than an evaluation says: values, totals, classes and ranks.

Rules, units and levels are the frozen ones, so that a difference comes from figures and from nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from sqlalchemy.orm import Session

from app.answers.common import UnitBrief
from app.answers.restatement import Restated, RestatedFigure, RestatementHead
from app.answers.scores import ScoreItem
from app.domain.instant import to_datetime
from app.domain.period import read_period
from app.services import frozen_content, rights
from app.services.evaluations import get
from app.services.freezing import frozen_values_of, scorable_cohorts
from app.services.frozen_content import EvaluationContent, frozen_values, results_of
from app.services.rights import Caller, Scope
from app.services.values import decimal_of, value_of
from app.store import evaluations as store
from app.store import imports, period_values
from app.store.cache import UNITS, cached, figures_in, known_at
from app.store.evaluation_content import FrozenInputs, FrozenPeriod, FrozenResult
from app.store.evaluations import EvaluationRow
from app.store.rows import StandingValue, ValueRow
from app.store.unit_versions import UnitMoment
from app.store.values import Clocks

Key = tuple[str, str, str, str]
"""Period, unit, indicator, source."""
FIGURES: tuple[RestatedFigure, ...] = ("total", "band", "rank", "value")
Answered = Decimal | str | int | None


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of an evaluation: as frozen, as they stand, and those that were retracted since; by key."""

    then: Mapping[Key, StandingValue]
    now: Mapping[Key, ValueRow]
    retracted: Mapping[Key, ValueRow]

    def changed(self) -> list[Key]:
        keys = sorted(self.then.keys() | self.now.keys())
        return [key for key in keys if _said(self.then.get(key)) != _said(self.now.get(key))]

    def behind(self, key: Key) -> ValueRow | None:
        """The revision that says something else."""
        return self.now.get(key) or self.retracted.get(key)


def restatement(
    session: Session, caller: Caller, id: int, clocks: Clocks
) -> tuple[RestatementHead, list[tuple[list[str], Restated]]]:
    """What stands above the list, and every figure that is another now, each with its sort key.

    For whoever may read the evaluation and live values: what sources say now is not public with it.
    """
    row = get(session, caller, id)
    rights.require(caller, Scope.VALUES_READ)
    subtree = rights.subtree_of(session, caller)
    key = ("restated", id, row.seal, clocks, subtree, caller.anonymous)
    hidden, found = cached(session, key, lambda: _restatement(session, caller, row, clocks))
    rests_on = [*UNITS, "evaluations", *figures_in(row.period, row.against)]
    about: RestatementHead = {
        "evaluation": id,
        "framework": f"{row.framework}@{row.version}",
        "period": row.period,
        "as_of": to_datetime(clocks.as_of or known_at(session, rests_on)),
        "cohort_hidden": hidden,
    }
    return about, found


def _restatement(
    session: Session, caller: Caller, row: EvaluationRow, clocks: Clocks
) -> tuple[bool, list[tuple[list[str], Restated]]]:
    """Whether the caller may not see the whole cohort, and the figures of its subtree that are others now."""
    assert row.id is not None
    content = EvaluationContent.of(store.load_parts(session, row.id))
    moments = [UnitMoment(row.as_of, period=read_period(code)) for code in content.inputs["periods"]]
    hidden = any(rights.kept_to(session, caller, row.under, moment) is not None for moment in moments)
    figures = _figures(session, content, clocks)
    inputs = _as_of_now(content, figures.now)
    units = _units(content.inputs)
    foreign = rights.outside(session, caller, units)
    found = chain(
        _results(row, content, results_of(content.frameworks, inputs), figures, ranks=not hidden),
        _values(units, figures),
    )
    items = [each for each in found if each["unit"]["code"] not in foreign]
    _name_actors(session, caller, items)
    return hidden, sorted(((_place(each), each) for each in items), key=lambda pair: pair[0])


def _place(item: Restated) -> list[str]:
    figure = str(FIGURES.index(item["figure"]))
    return [item["unit"]["code"], figure, item["period"], item["indicator"] or "", item["source"] or ""]


def _units(inputs: FrozenInputs) -> dict[str, UnitBrief]:
    """Every unit of the frozen trees, as it was called in the period evaluated."""
    found: dict[str, UnitBrief] = {}
    for period in sorted(inputs["periods"], key=lambda code: code != inputs["period"]):
        for code, name, level, _ in inputs["periods"][period]["units"]:
            found.setdefault(code, {"code": code, "name": name, "level": level})
    return found


def _figures(session: Session, content: EvaluationContent, clocks: Clocks) -> _Figures:
    """The figures of the units whose figures are frozen, in every frozen period; two queries a period."""
    then: dict[Key, StandingValue] = {}
    now: dict[Key, ValueRow] = {}
    retracted: dict[Key, ValueRow] = {}
    for code, inputs in content.inputs["periods"].items():
        then |= {(code, each.unit, each.indicator, each.source): each for each in frozen_values(inputs)}
        levels, under = set(content.inputs["levels"]), content.inputs["under"]
        units = [unit[0] for unit in inputs["units"] if unit[2] in levels or unit[0] == under]
        for row in period_values.figures_of_units(session, code, units, clocks):
            now[code, row.unit, row.indicator, row.source] = row
        for row in period_values.retractions(session, code, units, clocks):
            retracted[code, row.unit, row.indicator, row.source] = row
    return _Figures(then, now, retracted)


def _said(row: StandingValue | None) -> tuple[int | None, ...] | None:
    return None if row is None else (row.numerator, row.denominator, row.value)


def _as_of_now(content: EvaluationContent, now: Mapping[Key, ValueRow]) -> FrozenInputs:
    """The frozen inputs with the figures that stand, and the cohorts that have any."""
    periods = {code: _period_now(content, code, now) for code in content.inputs["periods"]}
    return {**content.inputs, "periods": periods}


def _period_now(content: EvaluationContent, code: str, now: Mapping[Key, ValueRow]) -> FrozenPeriod:
    inputs = content.inputs
    frozen, under = inputs["periods"][code], inputs["under"]
    framework = frozen_content.framework_of(content.frameworks, frozen["framework"])
    values = frozen_values_of(row for key, row in now.items() if key[0] == code and key[1] != under)
    cohorts = scorable_cohorts(framework, frozen["units"], values, inputs["levels"])
    return {**frozen, "values": values, "cohorts": cohorts}


def _results(
    row: EvaluationRow, content: EvaluationContent, now: Mapping[str, FrozenResult], figures: _Figures, *, ranks: bool
) -> Iterator[Restated]:
    """Totals, classes and ranks that are others now; `old` is what was printed.

    Both sides are computed by the rules of today, so that a rule that became truer since is no restatement;
    nor is a figure that comes to what was printed.
    """
    newest = _newest(row.period, figures)
    then = results_of(content.frameworks, content.inputs)
    for level in content.inputs["levels"]:
        printed, before, after = (_by_unit(each[level]) for each in (content.results, then, now))
        for code in sorted(before.keys() | after.keys()):
            was, stands = _outcome(before.get(code)), _outcome(after.get(code))
            item = after.get(code) or before[code]
            for figure in FIGURES[: 3 if ranks else 2]:
                old = _outcome(printed.get(code))[figure]
                if was[figure] != stands[figure] and old != stands[figure]:
                    yield _restated(item["unit"], row.period, figure, old, stands[figure], newest.get(code))


def _by_unit(result: FrozenResult) -> dict[str, ScoreItem]:
    return {item["unit"]["code"]: item for item in result["items"]}


def _outcome(item: ScoreItem | None) -> Mapping[RestatedFigure, Answered]:
    if item is None:
        return dict.fromkeys(FIGURES)
    return {"total": item["total"], "band": item["band"] and item["band"]["code"], "rank": item["rank"]}


def _newest(period: str, figures: _Figures) -> dict[str, ValueRow]:
    """The newest revision of each unit that says something else about the period."""
    found: dict[str, ValueRow] = {}
    for key in figures.changed():
        row = figures.behind(key)
        if key[0] == period and row is not None and (key[1] not in found or row.known_at > found[key[1]].known_at):
            found[key[1]] = row
    return found


def _values(units: Mapping[str, UnitBrief], figures: _Figures) -> Iterator[Restated]:
    for key in figures.changed():
        period, code, indicator, source = key
        then, now = figures.then.get(key), figures.now.get(key)
        old, new = (None if each is None else value_of(each) for each in (then, now))
        found = _restated(units[code], period, "value", old, new, figures.behind(key))
        yield {
            **found,
            "indicator": indicator,
            "source": source,
            "old_counts": _counts(then),
            "new_counts": _counts(now),
        }


def _counts(row: StandingValue | None) -> str | None:
    if row is None or row.numerator is None:
        return None
    parts = [row.numerator] if row.denominator is None else [row.numerator, row.denominator]
    return "/".join(str(decimal_of(part)) for part in parts)


def _restated(
    unit: UnitBrief, period: str, figure: RestatedFigure, old: Answered, new: Answered, behind: ValueRow | None
) -> Restated:
    return {
        "unit": unit,
        "period": period,
        "figure": figure,
        "indicator": None,
        "source": None if behind is None else behind.source,
        "old": Decimal(old) if isinstance(old, int) else old,
        "new": Decimal(new) if isinstance(new, int) else new,
        "old_counts": None,
        "new_counts": None,
        "observed_at": None if behind is None else to_datetime(behind.observed_at),
        "known_at": None if behind is None else to_datetime(behind.known_at),
        "import_id": None if behind is None else behind.import_id,
        "actor": None,
    }


def _name_actors(session: Session, caller: Caller, items: Sequence[Restated]) -> None:
    """Say whose key sent the imports that the caller may see: with a key, and of its own subtree."""
    if caller.anonymous:
        return
    actors = imports.actors(session, {each["import_id"] for each in items if each["import_id"]}, unit=caller.unit)
    for each in items:
        each["actor"] = None if each["import_id"] is None else actors.get(each["import_id"])
