"""Rules over the figures of a unit that hang together: sums, denominators, rates of nothing, and files sent twice."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.domain.checks.stored.balances import Term
from app.domain.checks.stored.figures import CheckContext, StoredFigure, UnitFigures
from app.domain.checks.stored.finding import Finding
from app.domain.figures import DECIMALS, SCALE, unscaled

FEWEST_REPEATED = 5
"""Figures that say something (neither nothing nor all) and are all those of the period before, to the last digit."""


def _count(unit: UnitFigures, terms: CheckContext, term: Term, source: str) -> int | None:
    """A count of a source, ×10⁴; the rate of an indicator that the framework makes a share is none."""
    indicator, _, part = term.partition(".")
    figure = unit.figures.get(indicator, {}).get(source)
    if figure is None or (figure.counts is not None and figure.counts[0] > figure.counts[1]):
        return None
    if not part:
        return None if terms.kinds.get(indicator) == "ratio" else figure.value
    return figure.numerator if part == "numerator" else figure.denominator


def _plain(scaled: int) -> Decimal:
    return unscaled(scaled, DECIMALS)


def balance_differs(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """Received = in time + overdue, resolved = early + in time + late, and whatever else is declared."""
    for one in terms.balances.sums:
        for source in _sources(unit, one.parts):
            parts = [_count(unit, terms, part, source) for part in one.parts]
            known = [part for part in parts if part is not None]
            wholes = [(term, _count(unit, terms, term, source)) for term in one.wholes]
            stated = [(term, whole) for term, whole in wholes if whole is not None]
            total = sum(known)
            if len(known) < len(parts) or not stated or any(whole == total for _, whole in stated):
                continue
            term, whole = stated[0]
            context = {"parts": " + ".join(f"`{part}`" for part in one.parts), "whole": term}
            place = term.partition(".")[0], source
            yield unit.found("balance_differs", place, _plain(whole), _plain(total), **context)


def _sources(unit: UnitFigures, terms: Sequence[Term]) -> Iterator[str]:
    """The sources that state something of the first of these."""
    yield from unit.figures.get(terms[0].partition(".")[0], {})


def denominator_below_population(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A share of 50/50 with hundreds received is a share of something else."""
    for one in terms.balances.denominators:
        for source, figure in unit.figures.get(one.indicator, {}).items():
            counted = next(
                ((term, count) for term in one.counted_by if (count := _count(unit, terms, term, source)) is not None),
                None,
            )
            if counted is None or figure.counts is None or not figure.possible:
                continue
            (term, count), denominator = counted, figure.counts[1]
            if count >= one.from_ * SCALE and 100 * denominator < one.least * count:
                numbers = _plain(denominator), _plain(count)
                yield unit.found("denominator_below_population", (one.indicator, source), *numbers, population=term)


def rate_of_nothing(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A rate of 0% that is a share of nothing is no figure, and may cost points that 0/0 does not."""
    for one in terms.balances.rates:
        for source, figure in unit.figures.get(one.indicator, {}).items():
            if figure.counts is None and figure.value == 0 and _count(unit, terms, one.of, source) == 0:
                yield unit.found("rate_of_nothing", (one.indicator, source), Decimal(0), None, of=one.of)


def figures_repeated(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """All that a source states is what it stated for the period before: the same file was sent again."""
    for source in sorted({source for by_source in unit.figures.values() for source in by_source}):
        stated = {code: found[source] for code, found in unit.figures.items() if source in found}
        if any(unit.before.get(code, {}).get(source) != figure for code, figure in stated.items()):
            continue
        telling = sorted(code for code, figure in stated.items() if says_something(figure))
        if len(telling) >= FEWEST_REPEATED:
            count = Decimal(len(stated))
            yield unit.found("figures_repeated", (telling[0], source), count, None, before=terms.before)


def says_something(figure: StoredFigure) -> bool:
    """Whether a figure is neither nothing nor all of something."""
    if figure.counts is not None:
        return 0 < figure.counts[0] < figure.counts[1]
    return figure.value not in (None, 0, 100 * SCALE)
