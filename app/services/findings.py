"""Findings over stored data: the figures of a period compared with themselves, the period before and the framework.

Two queries a level and a few more, however many units there are; kept as long as what they rest on stands.
"""

from bisect import bisect_right
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sqlalchemy.orm import Session

from app.answers.findings import FindingOut
from app.domain.checks.stored.across import PeriodUnits, Place
from app.domain.checks.stored.checks import findings_in
from app.domain.checks.stored.figures import Amount, CheckContext, StoredFigure, UnitFigures
from app.domain.checks.stored.finding import ABSENT_TEXTS, NOBODY, Finding, FindingRule, Severity, plain
from app.domain.checks.stored.points import earned, most_points, reported_groups, reported_total
from app.domain.figures import DECIMALS
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.frameworks.tree import levels_alike
from app.domain.period import Period
from app.domain.scoring.arithmetic import Ints
from app.domain.unit import Unit
from app.domain.vocabulary import LEVELS, Level
from app.errors import Language, NotFound
from app.services import scored_cohorts
from app.services.balances import balances
from app.services.frameworks import indicators_known, load_framework, reported_codes
from app.services.rights import Caller, require_readable, subtree_of
from app.services.sourced_columns import SourcedColumn, columns_by_indicator
from app.services.values import decimal_of, value_of
from app.store import period_values, unit_tree
from app.store import units as units_store
from app.store.cache import cached
from app.store.rows import StandingValue
from app.store.unit_tree import Subtree
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row
from app.store.values import Clocks

MOST_NAMED = 20
"""So many of those that carry on a unit's work are named in a finding."""

ByIndicator = dict[str, dict[str, StoredFigure]]


@dataclass(frozen=True, slots=True)
class FindingsQuery:
    """Which findings: of the units of a level (None: all) under a unit (itself excluded), as of when."""

    period: Period
    framework: str | None
    default_framework: str
    under: str | None
    level: Level | None
    rule: FindingRule | None
    severity: Severity | None
    clocks: Clocks


@dataclass(frozen=True, slots=True)
class FindingsResult:
    """Findings in order, and the framework version they rest on; None where none was in force."""

    framework: str | None
    findings: Sequence[Finding]


def find(
    session: Session, caller: Caller, query: FindingsQuery, *, after: Sequence[str] | None, limit: int | None
) -> FindingsResult:
    """At most `limit` (None: all) findings behind the key `after`. NotFound for an `under` that may not be seen."""
    if query.under is not None:
        get_unit_row(session, query.under, UnitMoment(query.clocks.as_of))
        require_readable(session, caller, query.under)
    within = subtree_of(session, caller)
    framework = _framework(session, query)
    levels = LEVELS if query.level is None else (query.level,)
    scope = (query.period.code, query.under, levels, within, query.clocks)
    name = None if framework is None else framework.id
    key: tuple[Hashable, ...] = ("findings", name, *scope)
    found = cached(session, key, lambda: _all(session, query, framework, levels, within))
    start = 0 if after is None else bisect_right(found, list(after), key=lambda each: each.key)
    matching = (each for each in found[start:] if _matches(each, query))
    return FindingsResult(name, list(islice(matching, limit)))


def described(finding: Finding, period: str, language: Language) -> FindingOut:
    """A finding as it is answered."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "unit": finding.unit,
        "period": period,
        "indicator": finding.indicator,
        "detail": finding.detail(language),
        "stated": plain(finding.stated),
        "expected": plain(finding.expected),
    }


def _matches(finding: Finding, query: FindingsQuery) -> bool:
    return query.rule in (None, finding.rule) and query.severity in (None, finding.severity)


def _framework(session: Session, query: FindingsQuery) -> Framework | None:
    """The framework named; the default one where it was in force, for figures are checked without one, too."""
    if query.framework is not None:
        return load_framework(session, query.framework, query.period, query.clocks.as_of)
    try:
        return load_framework(session, query.default_framework, query.period, query.clocks.as_of)
    except NotFound:
        return None


def _all(
    session: Session,
    query: FindingsQuery,
    framework: Framework | None,
    levels: Sequence[Level],
    within: Subtree | None,
) -> list[Finding]:
    """Every finding about the units of these levels, in order."""
    indicators = indicators_known(session, query.clocks.as_of)
    context = terms_of(indicators, framework, query.period.previous)
    period = _period_units(session, query, framework, context.kinds, within)
    found: list[Finding] = []
    for rules, alike in [(None, levels)] if framework is None else levels_alike(framework, levels):
        of_levels = {code for code, place in period.places.items() if place.level in alike}
        terms = terms_of(indicators, rules, query.period.previous)
        found += [each for each in findings_in(period, terms) if each.unit in of_levels]
    found += _of_absent_units(session, query, list(context.kinds), levels, within)
    found += _of_cut_off_units(session, query, list(context.kinds), levels, within)
    return sorted(found, key=lambda each: each.key)


def _of_absent_units(
    session: Session,
    query: FindingsQuery,
    indicators: Sequence[str],
    levels: Sequence[Level],
    within: Subtree | None,
) -> list[Finding]:
    """`value_of_ended_unit`: the figures of units that did not exist in the period; one query where there are none."""
    absent = unit_tree.absent(query.clocks.as_of, query.period, levels, query.under, within)
    rows = period_values.figures(session, query.period.code, indicators, absent, query.clocks)
    units = units_store.load_units(session, {row.unit for row in rows})
    return [_of_absent_unit(row, units[row.unit], query.period) for row in rows]


def _of_cut_off_units(
    session: Session,
    query: FindingsQuery,
    indicators: Sequence[str],
    levels: Sequence[Level],
    within: Subtree | None,
) -> list[Finding]:
    """`value_of_ended_unit`: the figures of units that stood under one which did not exist in the period."""
    clocks, period = query.clocks, query.period
    missing = unit_tree.cut_off(session, clocks.as_of, period, levels, query.under, within)
    if not missing:
        return []
    rows = period_values.figures_through_time(session, [period.code], indicators, missing, clocks)
    units = units_store.load_units(session, {missing[row.unit] for row in rows})
    return [_of_absent_unit(row, units[missing[row.unit]], period) for row in rows]


def _of_absent_unit(row: StandingValue, unit: Unit, period: Period) -> Finding:
    """The finding about a figure whose unit, or the one above it, did not exist in the period."""
    above, below = row.numerator, row.denominator
    stated = value_of(row) if above is None or below is None else (decimal_of(above), decimal_of(below))
    days = {"valid_from": unit.valid_from, "valid_to": unit.valid_to}
    about = {**days, "successors": _named(unit.successors) or NOBODY, "above": unit.code}
    has_begun = unit.valid_from is None or unit.valid_from <= period.ends_on
    text = ABSENT_TEXTS[row.unit == unit.code, has_begun]
    return Finding("value_of_ended_unit", row.unit, row.indicator, row.source, stated, None, about, text)


def _named(codes: Sequence[str]) -> str:
    more = "…" if len(codes) > MOST_NAMED else ""
    return ", ".join(codes[:MOST_NAMED]) + more


def terms_of(indicators: Mapping[str, Indicator], framework: Framework | None, before: str | None) -> CheckContext:
    """What figures are checked against: the indicators, the framework (None: none in force), the period before."""
    known, codes = indicators.values(), reported_codes()
    return CheckContext(
        kinds={each.code: each.kind for each in known},
        complements={each.code: each.complement_of for each in known if each.complement_of is not None},
        populations={each.code: each.population for each in known if each.population is not None},
        sources=() if framework is None else framework.sources,
        framework=None if framework is None else framework.id,
        groups=() if framework is None else reported_groups(framework, codes),
        total=None if framework is None else reported_total(framework, codes),
        most_points={} if framework is None else most_points(framework, codes),
        before=before,
        rank=codes.rank,
        rank_of=codes.rank_of,
        balances=balances(),
    )


def _period_units(
    session: Session,
    query: FindingsQuery,
    framework: Framework | None,
    kinds: Mapping[str, str],
    within: Subtree | None,
) -> PeriodUnits:
    """What stands for the units of every level, which compare with each other: two queries a level, one for the tree.

    A level without figures in the period is not looked up in the period before.
    """
    clocks, period = query.clocks, query.period
    units: list[UnitFigures] = []
    silent: dict[str, ByIndicator] = {}
    for level in LEVELS:
        chosen = unit_tree.cohort_query(UnitMoment(clocks.as_of, period=period), level, query.under, within)
        rows = period_values.figures(session, period.code, list(kinds), chosen, clocks)
        earlier = period.previous if rows else None
        before = () if earlier is None else period_values.figures(session, earlier, list(kinds), chosen, clocks)
        units += unit_figures_of(rows, before, framework, level, kinds)
        silent |= silent_units(rows, before)
    tree = unit_tree.tree(session, query.under, UnitMoment(clocks.as_of, period=period)) if units else ()
    return PeriodUnits(units, silent, {each.code: Place(each.parent, each.level) for each in tree})


def silent_units(rows: Collection[StandingValue], before: Collection[StandingValue]) -> dict[str, ByIndicator]:
    """The figures that units without any in the period had in the one before."""
    reporting = {row.unit for row in rows}
    return by_unit([row for row in before if row.unit not in reporting])


def unit_figures_of(
    rows: Collection[StandingValue],
    earlier: Collection[StandingValue],
    framework: Framework | None,
    level: Level,
    kinds: Mapping[str, str],
) -> list[UnitFigures]:
    """What stands for every unit of a level, of rows of values of the period and of the one before."""
    if not rows:
        return []
    now, before = by_unit(rows), by_unit(earlier)
    codes = sorted(now)
    points: Sequence[Mapping[str, Amount]] = [{}] * len(codes)
    if framework is not None:
        points = _earned(framework, level, codes, rows, now, kinds)
    return [UnitFigures(code, now[code], before.get(code, {}), each) for code, each in zip(codes, points, strict=True)]


def by_unit(rows: Collection[StandingValue]) -> dict[str, ByIndicator]:
    """Rows of values as figures, by unit, indicator and source."""
    found: dict[str, ByIndicator] = {}
    for row in rows:
        figure = StoredFigure(row.numerator, row.denominator, row.value, row.decimals)
        found.setdefault(row.unit, {}).setdefault(row.indicator, {})[row.source] = figure
    return found


def _earned(
    framework: Framework,
    level: Level,
    codes: Sequence[str],
    rows: Collection[StandingValue],
    stated: Mapping[str, ByIndicator],
    kinds: Mapping[str, str],
) -> list[dict[str, Amount]]:
    """What the board would compute: of several sources it takes the one the framework prefers."""
    scoring = set(scored_cohorts.indicators_of(framework))
    gathered = columns_by_indicator(framework, codes, [row for row in rows if row.indicator in scoring])
    columns = {code: each.column for code, each in gathered.items()}
    return earned(framework, level, columns, rate_decimals(gathered, codes, stated, kinds), len(codes))


def rate_decimals(
    gathered: Mapping[str, SourcedColumn],
    codes: Sequence[str],
    stated: Mapping[str, ByIndicator],
    kinds: Mapping[str, str],
) -> dict[str, Ints]:
    """The decimals of the rates that the columns took, arrays of shape (units,); exact where nothing is stated.

    `kinds` of all indicators: a framework may use one that only another framework describes.
    """
    rates = (code for code in gathered if kinds.get(code) == "ratio")
    return {code: _stated_decimals(code, gathered[code], codes, stated) for code in rates}


def _stated_decimals(
    indicator: str, figures: SourcedColumn, codes: Sequence[str], by_unit: Mapping[str, ByIndicator]
) -> Ints:
    found = np.full(len(codes), DECIMALS, dtype=np.int64)
    for row, (code, source) in enumerate(zip(codes, figures.source, strict=True)):
        stated = None if source is None else by_unit[code][indicator][source].decimals
        if stated is not None:
            found[row] = stated
    return found
