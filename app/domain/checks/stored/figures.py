"""Rules over the figures that stand for a unit in a period: each names what contradicts itself or its neighbours.

A figure that is impossible by itself (n > d, a rate beyond 0–100%) takes no part in the rules that compare.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from app.domain.checks.stored.balances import Balances
from app.domain.checks.stored.finding import NO_RATE, NONE_BESIDE_RATE, Finding, FindingRule, Number
from app.domain.figures import DECIMALS, SCALE, unscaled
from app.domain.rates import fits, printed_rate
from app.domain.scoring.arithmetic import round_half_up
from app.errors import Text

JUMP_POINTS = 30
"""Percentage points that a rate seldom gains or loses from one period to the next."""
JUMP_FACTOR = 5
"""Times that a count seldom grows or shrinks from one period to the next; what lies under 1 counts as 1."""
JUMP_LEAST = 20
"""Counts that move by less, and rates of fewer things, move by chance."""
DERIVED_DECIMALS = 2
"""With so many a rate is shown that follows from counts."""

ZERO, HUNDRED = Fraction(0), Fraction(100)


class StoredFigure(NamedTuple):
    """A figure that stands, ×10⁴; `decimals` are those its value was stated with."""

    numerator: int | None = None
    denominator: int | None = None
    value: int | None = None
    decimals: int | None = None

    @property
    def counts(self) -> tuple[int, int] | None:
        if self.numerator is None or self.denominator is None:
            return None
        return self.numerator, self.denominator

    @property
    def possible(self) -> bool:
        """Whether it can be a share at all."""
        if self.counts is not None and self.counts[0] > self.counts[1]:
            return False
        return self.value is None or 0 <= self.value <= 100 * SCALE


class Amount(NamedTuple):
    """A figure to compare: exact, how far rounding may have moved it, and with which decimals it is shown."""

    value: Fraction
    slack: Fraction
    decimals: int

    @property
    def shown(self) -> Decimal:
        return rounded(self.value, self.decimals)


@dataclass(frozen=True, slots=True)
class ReportedGroup:
    """Points that a source may report: of a group or of the total (code None), and the most there can be."""

    code: str | None
    indicator: str
    max: Fraction


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the rules rest on. `sources` in order of preference; `framework` None where none was in force.

    `most_points`: by the indicators under which points of any criterion, or the total, are reported.
    `rank`, `rank_of`: where a rank that a source states is kept, and the number of units it was taken among.
    """

    kinds: Mapping[str, str]
    complements: Mapping[str, str]
    populations: Mapping[str, str]
    sources: tuple[str, ...] = ()
    framework: str | None = None
    groups: tuple[ReportedGroup, ...] = ()
    total: ReportedGroup | None = None
    most_points: Mapping[str, Fraction] = field(default_factory=dict)
    before: str | None = None
    rank: str | None = None
    rank_of: str | None = None
    balances: Balances = field(default_factory=Balances)


Figures = Mapping[str, Mapping[str, StoredFigure]]
"""By indicator, then by source."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What stands for a unit: its figures, those of the period before, and the points that groups' components earn."""

    code: str
    figures: Figures
    before: Figures
    earned: Mapping[str, Amount]

    def found(
        self,
        rule: FindingRule,
        place: tuple[str, str],
        stated: Number | None,
        expected: Number | None,
        **context: object,
    ) -> Finding:
        """A finding about the figure of an indicator and a source."""
        return Finding(rule, self.code, *place, stated, expected, context)


Check = Callable[[UnitFigures, CheckContext], Iterator[Finding]]


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, keeping trailing zeros.

    >>> rounded(Fraction(998, 10), 2)
    Decimal('99.80')
    """
    return Decimal(round_half_up(value * 10**decimals)).scaleb(-decimals)


def half_unit(decimals: int) -> Fraction:
    """What rounding to so many decimals may take or add."""
    return Fraction(1, 2 * 10**decimals)


def stated_amount(figure: StoredFigure) -> Amount | None:
    """The value as stated; None where only counts are."""
    if figure.value is None:
        return None
    decimals = DECIMALS if figure.decimals is None else figure.decimals
    return Amount(Fraction(figure.value, SCALE), half_unit(decimals), decimals)


def rate(figure: StoredFigure) -> Amount | None:
    """The percentage, as stated or as the counts make it exactly; None where there is none or it is impossible."""
    if not figure.possible:
        return None
    if figure.value is None and figure.counts is not None and figure.counts[1]:
        return Amount(Fraction(100 * figure.counts[0], figure.counts[1]), ZERO, DERIVED_DECIMALS)
    return stated_amount(figure)


def _each(unit: UnitFigures, terms: CheckContext, *kinds: str) -> Iterator[tuple[str, str, StoredFigure]]:
    """Every figure of an indicator of these kinds: indicator, source, figure."""
    for indicator, by_source in unit.figures.items():
        if terms.kinds.get(indicator) in kinds:
            for source, figure in by_source.items():
                yield indicator, source, figure


def rate_differs_from_counts(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A stated rate is n/d within half a unit of its last decimal; that of 0 without its whole is no other share."""
    for indicator, source, figure in _each(unit, terms, "ratio"):
        if figure.value is None or figure.numerator is None or not figure.possible:
            continue
        decimals = figure.decimals or 0
        if fits(figure.value, figure.numerator, figure.denominator, decimals):
            continue
        stated = rounded(Fraction(figure.value, SCALE), decimals)
        expected, text = _rate_of_counts(figure, decimals)
        counts = {"numerator": figure.numerator, "denominator": figure.denominator}
        context = {name: unscaled(count, DECIMALS) for name, count in counts.items() if count is not None}
        yield Finding("rate_differs_from_counts", unit.code, indicator, source, stated, expected, context, text)


def _rate_of_counts(figure: StoredFigure, decimals: int) -> tuple[Decimal | None, Text | None]:
    """What a rate should be by its counts, None where they have none; and the words where these are not n/d."""
    if figure.counts is None:
        return rounded(ZERO, decimals), NONE_BESIDE_RATE
    expected = printed_rate(*figure.counts, decimals)
    return expected, NO_RATE if expected is None else None


def numerator_exceeds_denominator(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A part is not larger than the whole."""
    for indicator, source, figure in _each(unit, terms, "ratio"):
        if figure.counts is not None and figure.counts[0] > figure.counts[1]:
            numerator, denominator = (unscaled(count, DECIMALS) for count in figure.counts)
            yield unit.found("numerator_exceeds_denominator", (indicator, source), numerator, denominator)


def rate_out_of_range(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A stated rate lies in 0–100%."""
    for indicator, source, figure in _each(unit, terms, "ratio"):
        stated = stated_amount(figure)
        if stated is not None and not 0 <= stated.value <= HUNDRED:
            yield unit.found("rate_out_of_range", (indicator, source), stated.shown, None)


def complements_not_100(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """Two shares that make up the whole add to 100%, within what each was rounded by; both of one source."""
    for indicator, source, figure in _each(unit, terms, "ratio"):
        other = terms.complements.get(indicator)
        if other is None or (terms.complements.get(other) == indicator and other < indicator):
            continue  # where each names the other, one of them speaks for both
        rest = unit.figures.get(other, {}).get(source)
        one, two = rate(figure), rate(rest) if rest is not None else None
        if one is None or two is None or abs(one.value + two.value - HUNDRED) <= one.slack + two.slack:
            continue
        total = rounded(one.value + two.value, max(one.decimals, two.decimals))
        context = {"part": f"`{indicator}`", "other": other, "rest": two.shown}
        yield unit.found("complements_not_100", (indicator, source), total, Decimal(100), **context)


def exceeds_population(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """What is counted among a population is not more than the population; both of one source.

    Of a numerator that stands without its whole that is known as well: the whole cannot be smaller.
    """
    for indicator, source, figure in _each(unit, terms, "ratio", "count"):
        population = terms.populations.get(indicator, "")
        whole = unit.figures.get(population, {}).get(source)
        part = counted(figure, terms.kinds[indicator])
        most = None if whole is None else counted(whole, terms.kinds.get(population, ""))
        part = figure.numerator if part is None else part
        if part is not None and most is not None and part > most:
            shown = unscaled(part, DECIMALS), unscaled(most, DECIMALS)
            yield unit.found("exceeds_population", (indicator, source), *shown, population=population)


def counted(figure: StoredFigure, kind: str) -> int | None:
    """How many a figure is about: the denominator of a ratio, a count itself; ×10⁴."""
    return figure.value if kind == "count" else figure.denominator


def rank_exceeds_cohort(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """A rank that a source states lies within the number of units that it states."""
    if terms.rank is None or terms.rank_of is None:
        return
    for source, figure in unit.figures.get(terms.rank, {}).items():
        of = unit.figures.get(terms.rank_of, {}).get(source, StoredFigure()).value
        if figure.value is not None and of is not None and not SCALE <= figure.value <= of:
            ranks = unscaled(figure.value, DECIMALS), unscaled(of, DECIMALS)
            yield unit.found("rank_exceeds_cohort", (terms.rank, source), *ranks)


def jump(unit: UnitFigures, terms: CheckContext) -> Iterator[Finding]:
    """Neither a rate by more than JUMP_POINTS nor a count by more than JUMP_FACTOR times, within one source.

    Small counts are passed: 3 after 16, or a rate of 1/2 after 2/2.
    """
    for indicator, source, figure in _each(unit, terms, "ratio", "count"):
        earlier = unit.before.get(indicator, {}).get(source)
        if earlier is not None and leaps(figure, earlier, terms.kinds[indicator]):
            is_rate = terms.kinds[indicator] == "ratio"
            now, then = (rate(each) if is_rate else stated_amount(each) for each in (figure, earlier))
            assert now is not None
            assert then is not None
            yield unit.found("jump", (indicator, source), now.shown, then.shown, before=terms.before)


def leaps(figure: StoredFigure, earlier: StoredFigure, kind: str) -> bool:
    """Whether a rate or a count moves further than they do from one period to the next."""
    is_rate = kind == "ratio"
    now, then = (rate(each) if is_rate else stated_amount(each) for each in (figure, earlier))
    if now is None or then is None:
        return False
    moved = abs(now.value - then.value)
    if not is_rate:
        low, high = sorted((abs(now.value), abs(then.value)))
        return moved >= JUMP_LEAST and high > JUMP_FACTOR * max(low, Fraction(1))
    wholes = [each.denominator for each in (figure, earlier) if each.denominator is not None]
    return moved > JUMP_POINTS and not (len(wholes) == 2 and max(wholes) < JUMP_LEAST * SCALE)
