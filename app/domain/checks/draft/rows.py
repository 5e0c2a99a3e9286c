"""Rules over the rows of a draft: rates, counts, shares of one whole, changes, populations, figures printed twice."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.domain.checks.draft.cells import PrintedCell, half_unit, printed_text
from app.domain.checks.draft.finding import BEFORE, NOW, LetterFinding, finding
from app.domain.checks.draft.parsed_draft import SIDES, ParsedDraft, ParsedRow, PeriodCells, Side, counted_total
from app.domain.figures import SCALE
from app.domain.rates import fits
from app.errors import Text

HUNDRED = Fraction(100)
SIDE_NAMES: dict[Side, Text] = {"now": NOW, "before": BEFORE}
Difference = tuple[Fraction, Fraction, int, bool]
"""now − before, the rounding it may have suffered, its decimals, and whether it is in percentage points."""


def rate_differs_from_counts(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The printed rate is n/d within half a unit of its last decimal; d is Σ of the shares where only n is printed."""
    for row in draft.rows:
        for side in SIDES:
            figures = row.on(side)
            whole = _denominator(draft, row, side)
            count, rate = figures.count.value, figures.rate.value
            if count is None or rate is None or not whole:
                continue
            if not fits(rate * SCALE, count, whole, figures.rate.decimals):
                expected = printed_text(HUNDRED * count / whole, figures.rate.decimals, percent=figures.rate.percent)
                yield finding(
                    "rate_differs_from_counts",
                    row.ref,
                    row.place,
                    figures.rate.shown,
                    expected,
                    side=SIDE_NAMES[side],
                    counts=f"{printed_text(count, 0)}/{printed_text(whole, 0)}",
                )


def _denominator(draft: ParsedDraft, row: ParsedRow, side: Side) -> Fraction | None:
    own, part = row.on(side).count.whole, row.draft.part_of
    if own is not None or part is None or len(draft.parts[part]) < 2:
        return own
    return draft.wholes[part, side]


def complements_not_100(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Shares of one whole add up to 100 within n × half a unit of their finest decimal; 0/0 has no shares."""
    for name, rows in draft.parts.items():
        for side in SIDES:
            rates = [row.on(side).rate for row in rows]
            values = [rate.value for rate in rates if rate.value is not None]
            total = sum(values, Fraction(0))
            if len(rows) < 2 or len(values) < len(rows) or (total == 0 and not draft.wholes[name, side]):
                continue
            finest = max(rate.decimals for rate in rates)
            if abs(total - HUNDRED) > len(rates) * half_unit(finest):
                stated, place = printed_text(total, finest, percent=True), rows[0].place
                context = {"side": SIDE_NAMES[side], "count": len(rates)}
                yield finding("complements_not_100", name, place, stated, "100%", **context)


def change_wrong(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """change = now − before, value and sign, within the half units of the three figures."""
    for row in draft.rows:
        stated, found = row.change.value, _differences(row)
        if stated is None or not found or any(_fits(row.change, each) for each in found):
            continue
        exact, _, decimals, percent = found[0]
        expected = printed_text(exact, decimals, percent=percent and row.change.percent, sign=True)
        now, before = _printed(row.now), _printed(row.before)
        yield finding("change_wrong", row.ref, row.place, row.change.shown, expected, now=now, before=before)


def _differences(row: ParsedRow) -> list[Difference]:
    """What the change may say: percentage points; counts, where it has no sign of percent; else growth of counts."""
    now, before = row.now, row.before
    if now.rate.fault is not None or before.rate.fault is not None:
        return []
    found: list[Difference] = []
    if now.rate.value is not None and before.rate.value is not None:
        slack = half_unit(now.rate.decimals) + half_unit(before.rate.decimals) + half_unit(row.change.decimals)
        decimals = max(now.rate.decimals, before.rate.decimals)
        found.append((now.rate.value - before.rate.value, slack, decimals, True))
    if now.count.value is None or before.count.value is None:
        return found
    if not row.change.percent:
        found.append((now.count.value - before.count.value, Fraction(0), 0, False))
    elif not found:
        found += _of_counts(row)
    return found


def _of_counts(row: ParsedRow) -> list[Difference]:
    """A change in percent of a row without rates: of the shares n/d, or the growth of a plain count."""
    now, before, decimals = row.now.count, row.before.count, row.change.decimals
    slack = half_unit(decimals)
    if now.value is None or before.value is None:
        return []
    if now.whole and before.whole:
        return [(HUNDRED * (now.value / now.whole - before.value / before.whole), slack, decimals, True)]
    if now.whole is not None or before.whole is not None or not before.value:
        return []
    return [(HUNDRED * (now.value - before.value) / before.value, slack, decimals, True)]


def _fits(change: PrintedCell, difference: Difference) -> bool:
    """Whether a printed change says that difference. A sign against the printed figures is no matter of rounding."""
    exact, slack, decimals, _ = difference
    stated = change.value or Fraction(0)
    finest = 3 * half_unit(max(decimals, change.decimals))
    against = stated * exact < 0 and abs(stated - exact) > finest
    return abs(stated - exact) <= slack and not against


def _printed(figures: PeriodCells) -> str:
    return figures.rate.shown or figures.count.shown


def exceeds_population(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """What is counted among a population is not more than it; Σ of the shares of one whole is what is compared."""
    reported = set()
    for row in draft.rows:
        part, base = row.draft.part_of, row.draft.base
        for side in SIDES if base is not None else ():
            together = None if part is None else draft.wholes[part, side]
            if base is None or (part, base, side) in reported:
                continue
            if together is not None:
                reported.add((part, base, side))
            number = counted_total([row.on(side)]) if together is None else together
            population = _population(draft, base, side)
            if number is not None and population is not None and number > population:
                ref = row.ref if together is None or part is None else part
                context = {"side": SIDE_NAMES[side], "base": base}
                stated, expected = printed_text(number, 0), printed_text(population, 0)
                yield finding("exceeds_population", ref, row.place, stated, expected, **context)


def _population(draft: ParsedDraft, base: str, side: Side) -> Fraction | None:
    """How many a row counts, or the rows of one whole together."""
    row = draft.by_ref.get(base)
    own = None if row is None else counted_total([row.on(side)])
    return draft.wholes.get((base, side)) if own is None else own


def figures_disagree(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """One quantity printed twice is the same: rates within the rounding of both, counts exactly."""
    for row in draft.rows:
        for ref in row.draft.twins:
            twin = draft.by_ref.get(ref)
            if twin is None or twin is row:
                continue
            for side in SIDES:
                for one, other in _disagreeing(row.on(side), twin.on(side)):
                    context = {"side": SIDE_NAMES[side], "other": ref}
                    yield finding("figures_disagree", row.ref, row.place, one.shown, other.shown, **context)


def _disagreeing(one: PeriodCells, other: PeriodCells) -> Sequence[tuple[PrintedCell, PrintedCell]]:
    found = []
    if one.rate.value is not None and other.rate.value is not None:
        slack = half_unit(one.rate.decimals) + half_unit(other.rate.decimals)
        if abs(one.rate.value - other.rate.value) > slack:
            found.append((one.rate, other.rate))
    if one.count.value is not None and other.count.value is not None:
        wholes = {one.count.whole, other.count.whole} - {None}
        if one.count.value != other.count.value or len(wholes) > 1:
            found.append((one.count, other.count))
    return found
