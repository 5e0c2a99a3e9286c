"""Rules over several units of a period: what was pasted, swapped or left out, and sums of those below.

Units are compared with their siblings (one level under one unit), in time that grows with the figures.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from app.domain.checks.stored.figures import (
    CheckContext,
    Figures,
    StoredFigure,
    UnitFigures,
    counted,
    leaps,
    rate,
    stated_amount,
)
from app.domain.checks.stored.finding import Finding, Number
from app.domain.figures import DECIMALS, SCALE, unscaled

FEWEST_PASTED = 3
"""Siblings with one n/d, or figures that two siblings share, are no chance any more."""
LEAST_PASTED = 20
"""So many are counted, and so many are not, in a share that says something of its unit alone."""
LEAST_PASTED_WHOLE = 100
MANY_SIBLINGS = 10
"""Of so many siblings, where most state the same, their source gives all of them the figure of the unit above."""
MOST_JUMPING = 100
"""Where more siblings jump at once something general happened, and no two rows were swapped."""
NEARER, MUCH_NEARER = 3, 10
"""So many times nearer a figure of swapped rows is to the other's before: in rows of several figures, and of few."""
FEW_FIGURES = 3
SUM_TOLERANCE = Fraction(1, 100)
"""How far a unit may lie from the sum of those below: sources look them up at different minutes."""
LEAST_SUM = 100
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stood in the period: under whom (None: under nobody), at which level."""

    parent: str | None
    level: str


@dataclass(frozen=True, slots=True)
class PeriodUnits:
    """All units of a period: those with figures, what those without had in the period before, and where all stand."""

    units: Sequence[UnitFigures]
    silent: Mapping[str, Figures]
    places: Mapping[str, Place]


Told = tuple[str, str]
"""An indicator and a source."""
Jumping = tuple[UnitFigures, Mapping[Told, tuple[Fraction, Fraction]], frozenset[Told]]
"""A unit, what it tells now and told before, and what of that leaps."""
Share = tuple[str, str, int, int]
"""Indicator, source, n and d."""


def counts_repeated_across_units(period: PeriodUnits, terms: CheckContext) -> Iterator[Finding]:
    """One n/d in several units, or several in two: a figure, or a row, was pasted. One finding for the same units."""
    by_code = {unit.code: unit for unit in period.units}
    pasted: dict[tuple[tuple[str, ...], str], list[Share]] = {}
    shared: dict[tuple[str, str, str], list[Share]] = defaultdict(list)
    for siblings in _siblings(period).values():
        for share, codes in _same_shares(siblings, terms).items():
            if _is_of_all(share, codes, siblings, by_code.get(period.places[codes[0]].parent or "")):
                continue
            if len(codes) >= FEWEST_PASTED:
                pasted.setdefault((tuple(codes), share[1]), []).append(share)
            else:
                shared[codes[0], codes[1], share[1]].append(share)
    for (one, other, source), shares in shared.items():
        if len(shares) >= FEWEST_PASTED:
            pasted[(one, other), source] = shares
    for (units, source), shares in pasted.items():
        indicator, _, numerator, denominator = shares[0]
        stated = unscaled(numerator, DECIMALS), unscaled(denominator, DECIMALS)
        context = {"units": _named(units[1:]), "count": len(shares)}
        yield by_code[units[0]].found("counts_repeated_across_units", (indicator, source), stated, None, **context)


def _siblings(period: PeriodUnits) -> dict[Place, list[UnitFigures]]:
    found: dict[Place, list[UnitFigures]] = defaultdict(list)
    for unit in period.units:
        if unit.code in period.places:
            found[period.places[unit.code]].append(unit)
    return found


def _same_shares(siblings: Sequence[UnitFigures], terms: CheckContext) -> dict[Share, list[str]]:
    """The telling shares that two or more siblings state alike, with who does."""
    found: dict[Share, list[str]] = defaultdict(list)
    for unit in siblings:
        for indicator, by_source in unit.figures.items():
            for source, figure in by_source.items() if terms.kinds.get(indicator) == "ratio" else ():
                if figure.counts is not None and _is_telling(*figure.counts):
                    found[indicator, source, *figure.counts].append(unit.code)
    return {share: codes for share, codes in found.items() if len(codes) > 1}


def _is_telling(numerator: int, denominator: int) -> bool:
    least: int = LEAST_PASTED * SCALE
    return denominator >= LEAST_PASTED_WHOLE * SCALE and least <= numerator <= denominator - least


def _is_of_all(share: Share, codes: Sequence[str], siblings: Sequence[UnitFigures], above: UnitFigures | None) -> bool:
    """Whether the source gives every unit the figure of the one above, as the portal does with published decisions."""
    indicator, source, *counts = share
    parent = None if above is None else above.figures.get(indicator, {}).get(source)
    if parent is not None and parent.counts == tuple(counts):
        return True
    stating = sum(source in unit.figures.get(indicator, {}) for unit in siblings)
    return stating >= MANY_SIBLINGS and 2 * len(codes) > stating


def rows_swapped(period: PeriodUnits, terms: CheckContext) -> Iterator[Finding]:
    """Two siblings that both jump, each to where the other was: their rows were swapped.

    A month later figures have drifted, so that one of them may leap where the other just does not.
    """
    taken: set[str] = set()
    for siblings in _siblings(period).values():
        jumping = [(unit, _told(unit, terms), found) for unit in siblings if (found := _jumps(unit, terms))]
        for one, other in combinations(jumping if len(jumping) <= MOST_JUMPING else (), 2):
            if taken & {one[0].code, other[0].code} or not _are_swapped(one, other):
                continue
            (unit, _, first), (twin, _, second) = one, other
            taken |= {unit.code, twin.code}
            jumps = sorted(first | second)
            indicator, source = jumps[0]
            figures = unit.figures[indicator][source], unit.before[indicator][source]
            now, then = (_shown(each, terms.kinds[indicator]) for each in figures)
            context = {"other": twin.code, "before": terms.before, "count": len(jumps)}
            swapped = unit.found("rows_swapped", (indicator, source), now, then, **context)
            yield replace(swapped, indicators=tuple(each for each, _ in jumps))


def _jumps(unit: UnitFigures, terms: CheckContext) -> frozenset[Told]:
    """Indicators and sources whose figure leaps."""
    return frozenset(
        (indicator, source)
        for indicator, source in _in_both(unit, terms)
        if leaps(unit.figures[indicator][source], unit.before[indicator][source], terms.kinds[indicator])
    )


def _told(unit: UnitFigures, terms: CheckContext) -> dict[Told, tuple[Fraction, Fraction]]:
    """The rates and counts that a unit states in both periods, now and before."""
    return {
        (indicator, source): (
            _value(unit.figures[indicator][source], terms.kinds[indicator]),
            _value(unit.before[indicator][source], terms.kinds[indicator]),
        )
        for indicator, source in _in_both(unit, terms)
    }


def _in_both(unit: UnitFigures, terms: CheckContext) -> Iterator[Told]:
    """The indicators, as far as they are rates and counts, and sources of which a unit has figures in both periods."""
    for indicator, by_source in unit.figures.items():
        if terms.kinds.get(indicator) in ("ratio", "count"):
            before = unit.before.get(indicator, {})
            yield from ((indicator, source) for source in by_source if source in before)


def _are_swapped(one: Jumping, other: Jumping) -> bool:
    """Whether every figure of either is as near to the other's before as to its own, and those that leap far nearer.

    Where a row has hardly another figure to tell by, or the two do not leap alike, those that leap must be nearer
    still. Most pairs differ in the first that leaps.
    """
    (_, told, first), (_, twins, second) = one, other
    leaping, compared = first | second, told.keys() & twins.keys()
    if first.isdisjoint(second) or not leaping <= compared:
        return False
    nearer = NEARER if first == second and len(compared) >= FEW_FIGURES else MUCH_NEARER
    return all(
        least * abs(now - others) <= abs(now - own)
        for figures, least in ((leaping, nearer), (compared - leaping, 1))
        for each in figures
        for (now, own), (_, others) in ((told[each], twins[each]), (twins[each], told[each]))
    )


def _value(figure: StoredFigure, kind: str) -> Fraction:
    amount = rate(figure) if kind == "ratio" else stated_amount(figure)
    return Fraction(0) if amount is None else amount.value


def _shown(figure: StoredFigure, kind: str) -> Number | None:
    amount = rate(figure) if kind == "ratio" else stated_amount(figure)
    return None if amount is None else amount.shown


def unit_missing(period: PeriodUnits, terms: CheckContext) -> Iterator[Finding]:
    """A unit without any figure that had some in the period before, while its siblings have theirs."""
    reporting = Counter(period.places[unit.code] for unit in period.units if unit.code in period.places)
    for code, before in period.silent.items():
        place = period.places.get(code)
        if place is None or not before or not reporting[place]:
            continue
        indicator = min(before)
        source = min(before[indicator])
        had = Decimal(sum(len(by_source) for by_source in before.values()))
        context = {"before": terms.before, "siblings": reporting[place]}
        yield Finding("unit_missing", code, indicator, source, Decimal(0), had, context)


def sum_differs_below(period: PeriodUnits, terms: CheckContext) -> Iterator[Finding]:
    """What a unit counts is not less than its parts together, and not more where all of them are known.

    Shares are added up by what they are shares of, and rates without counts not at all.
    """
    by_code = {unit.code: unit for unit in period.units}
    children: dict[str, list[str]] = defaultdict(list)
    for code, place in period.places.items():
        if place.parent is not None:
            children[place.parent].append(code)
    for code, below in children.items():
        for indicator in sorted(terms.balances.additive & by_code[code].figures.keys()) if code in by_code else ():
            kind = terms.kinds.get(indicator, "")
            for source, figure in by_code[code].figures[indicator].items():
                parts = (by_code[each].figures.get(indicator, {}).get(source) for each in below if each in by_code)
                counts = (counted(part, kind) for part in parts if part is not None)
                known = [count for count in counts if count is not None]
                own, total = counted(figure, kind), sum(known)
                if own is None or not known or max(own, total) < LEAST_SUM * SCALE:
                    continue
                is_whole = len(known) == len(below)
                if total - own > SUM_TOLERANCE * own or (is_whole and own - total > SUM_TOLERANCE * own):
                    stated, expected = unscaled(own, DECIMALS), unscaled(total, DECIMALS)
                    context = {"count": len(known), "of": len(below)}
                    about = code, indicator, source
                    yield Finding("sum_differs_below", *about, stated, expected, context)


def _named(codes: Sequence[str]) -> str:
    more = "…" if len(codes) > MOST_NAMED else ""
    return ", ".join(codes[:MOST_NAMED]) + more
