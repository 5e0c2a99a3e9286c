"""Whether the sources that state a figure say the same."""

from collections.abc import Iterator

from app.domain.checks.stored.figures import ZERO, CheckContext, StoredFigure, UnitFigures, rate, stated_amount
from app.domain.checks.stored.finding import COUNTS_DISAGREE, Finding, Number
from app.domain.figures import DECIMALS, unscaled
from app.domain.sources import in_order


def sources_disagree(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """What another source states is what the preferred one states, the coarser rounding considered."""
    for indicator, by_source in unit.figures.items():
        if len(by_source) < 2:
            continue
        kind = terms.kinds.get(indicator, "")
        first, *others = in_order(by_source, terms.sources)
        for other in others:
            if agree(by_source[other], by_source[first], kind) is False:
                yield _disagreement(unit, indicator, other, first)


def _disagreement(unit: UnitFigures, indicator: str, source: str, other: str) -> Finding:
    """What the two say: their numerators where these differ and the rates beside them may look alike."""
    pair = unit.figures[indicator][source], unit.figures[indicator][other]
    text, (stated, expected) = None, map(_figure_text, pair)
    numerators = _unequal_numerators(*pair)
    if numerators is not None:
        text, (stated, expected) = COUNTS_DISAGREE, (unscaled(each, DECIMALS) for each in numerators)
    return Finding("sources_disagree", unit.code, indicator, source, stated, expected, {"other": other}, text)


def agree(one: StoredFigure, two: StoredFigure, kind: str) -> bool | None:
    """Equal counts where both have them, else rates or values that rounding can make equal.

    They are equal within half a unit of the coarser last decimal; a whole number is taken to be exact. Numerators are
    compared though one has no whole. None where one of the two has no rate, or an impossible one: nothing can be said.
    """
    if one.counts is not None and two.counts is not None:
        return one.counts == two.counts
    if _unequal_numerators(one, two) is not None:
        return False
    first, second = (rate(figure) if kind == "ratio" else stated_amount(figure) for figure in (one, two))
    if first is None or second is None:
        return None
    slack = max(amount.slack if amount.decimals else ZERO for amount in (first, second))
    return abs(first.value - second.value) <= slack


def _unequal_numerators(one: StoredFigure, two: StoredFigure) -> tuple[int, int] | None:
    """Those of two figures of which not both have a whole."""
    if one.numerator is None or two.numerator is None or one.numerator == two.numerator:
        return None
    return (one.numerator, two.numerator) if one.denominator is None or two.denominator is None else None


def _figure_text(figure: StoredFigure) -> Number | None:
    if figure.counts is not None:
        return unscaled(figure.counts[0], DECIMALS), unscaled(figure.counts[1], DECIMALS)
    amount = stated_amount(figure)
    return None if amount is None else amount.shown
