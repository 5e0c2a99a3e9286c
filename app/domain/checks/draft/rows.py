"""Rules over the rows of a draft: rates, counts, shares of one whole, changes, populations, figures printed twice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.checks.draft.cells import PrintedCell, half_unit, printed_text
from app.domain.checks.draft.finding import BEFORE, NOW, LetterFinding, against_restated, finding
from app.domain.checks.draft.parsed_draft import SIDES, ParsedDraft, ParsedRow, PeriodCells, Side, counted_total
from app.domain.figures import SCALE
from app.domain.rates import fits
from app.errors import Text

HUNDRED = Fraction(100)
MENDABLE = range(2, 11)
"""Of so many shares of one whole a wrong one can be told by the others."""
SIDE_NAMES: dict[Side, Text] = {"now": NOW, "before": BEFORE}
Difference = tuple[Fraction, Fraction, int, bool]
"""now − before, the rounding it may have suffered, its decimals, and whether it is in percentage points."""


def rate_differs_from_counts(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The printed rate is n/d within half a unit of its last decimal; d is Σ of the shares where only n is printed.

    Where no d is known, 0 is no other share than 0%, or 100% as nothing of nothing is printed.
    """
    for row in draft.rows:
        for side in SIDES:
            figures = row.on(side)
            whole, count = _denominator(draft, row, side), figures.count.value
            if count is not None and is_at_odds(draft, row, side):
                share = HUNDRED * count / whole if whole else Fraction(0)
                expected = printed_text(share, figures.rate.decimals, percent=figures.rate.percent)
                yield finding(
                    "rate_differs_from_counts",
                    row.ref,
                    row.place,
                    figures.rate.shown,
                    expected,
                    side=SIDE_NAMES[side],
                    counts="/".join(printed_text(each, 0) for each in (count, whole) if each is not None),
                )


def is_at_odds(draft: ParsedDraft, row: ParsedRow, side: Side) -> bool:
    """Whether the printed rate is not that of the counts, so that one of the two is wrong."""
    figures, whole = row.on(side), _denominator(draft, row, side)
    count, rate = figures.count.value, figures.rate.value
    if count is None or rate is None or whole == 0:
        return False
    return not fits(rate * SCALE, count, whole, figures.rate.decimals)


def _denominator(draft: ParsedDraft, row: ParsedRow, side: Side) -> Fraction | None:
    """The d of n/d, as printed, as Σ of the shares of one whole, or as the population that `base` counts.

    A population that is smaller than what is counted in it, in either period, is no denominator: `exceeds_population`
    says that the figures are of two populations.
    """
    own, part, base = row.on(side).count.whole, row.draft.part_of, row.draft.base
    if own is not None:
        return own
    if part is not None and len(draft.parts[part]) > 1:
        return draft.wholes[part, side]
    if base is None or any(_is_exceeded(draft, row, base, each) for each in SIDES):
        return None
    return _population(draft, base, side)


def _is_exceeded(draft: ParsedDraft, row: ParsedRow, base: str, side: Side) -> bool:
    count, population = row.on(side).count.value, _population(draft, base, side)
    return count is not None and population is not None and count > population


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
        if _is_of_mended_rates(draft, row, stated):
            continue  # a rate is wrong, and is named
        exact, _, decimals, percent = found[0]
        expected = printed_text(exact, decimals, percent=percent and row.change.percent, sign=True)
        now, before = _printed(row.now), _printed(row.before)
        wrong = finding("change_wrong", row.ref, row.place, row.change.shown, expected, now=now, before=before)
        restated = _restated_before(draft, row)
        yield wrong if restated is None else against_restated(wrong, _printed(restated))


def _restated_before(draft: ParsedDraft, row: ParsedRow) -> PeriodCells | None:
    """Another observation of the period before that the change fits."""
    counts, rates = draft.restated.rows.get(row.ref, ((), ()))
    observed = [replace(row.before, rate=rate) for rate in rates]
    observed += [replace(row.before, count=count) for count in counts]
    observed += [PeriodCells(count, rate) for count, rate in zip(counts, rates, strict=False)]
    fitting = (
        before
        for before in observed
        if any(_fits(row.change, each) for each in _differences(replace(row, before=before)))
    )
    return next(fitting, None)


def _is_of_mended_rates(draft: ParsedDraft, row: ParsedRow, stated: Fraction) -> bool:
    """Whether the change is right between the rates, once those are mended that other rules name."""
    sides = [(row.on(side).rate.value, _mended_rates(draft, row, side)) for side in SIDES]
    if not any(mended for _, mended in sides):
        return False
    slack = sum((half_unit(row.on(side).rate.decimals) for side in SIDES), half_unit(row.change.decimals))
    nows, befores = ([*([] if rate is None else [rate]), *mended] for rate, mended in sides)
    return any(abs(now - before - stated) <= slack for now in nows for before in befores)


def _mended_rates(draft: ParsedDraft, row: ParsedRow, side: Side) -> list[Fraction]:
    """The rates that the counts, and the other shares of the whole, make instead of one that does not fit them."""
    figures, whole, part = row.on(side), _denominator(draft, row, side), row.draft.part_of
    count, rate = figures.count.value, figures.rate.value
    if rate is None:
        return []
    found = []
    if count is not None and whole and is_at_odds(draft, row, side):
        found.append(HUNDRED * count / whole)
    shares = [] if part is None else [each.on(side).rate for each in draft.parts[part]]
    total = sum((share.value or Fraction(0) for share in shares), Fraction(0))
    finest = max((share.decimals for share in shares), default=0)
    if len(shares) in MENDABLE and abs(total - HUNDRED) > len(shares) * half_unit(finest):
        found.append(rate + HUNDRED - total)
    return found


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
    """One quantity printed twice is the same: rates within the rounding of both, counts exactly.

    Rows that name each other are compared once.
    """
    compared: set[frozenset[str]] = set()
    for row in draft.rows:
        for ref in row.draft.twins:
            twin, pair = draft.by_ref.get(ref), frozenset((row.ref, ref))
            if twin is None or twin is row or (row.ref in twin.draft.twins and pair in compared):
                continue
            compared.add(pair)
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
