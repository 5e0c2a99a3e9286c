"""Rules over the lists, classes, heads and bands of a draft."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.checks.draft.cells import SHOWN, Written, as_printed, printed_text, read_days
from app.domain.checks.draft.draft import DraftBand
from app.domain.checks.draft.finding import NOW, LetterFinding, finding
from app.domain.checks.draft.parsed_draft import BANDS, MOMENTS, ParsedDraft
from app.domain.checks.draft.words import unit_named
from app.domain.figure_parser import Printed, read_figure
from app.domain.figures import SCALE
from app.domain.frameworks.bands import band_faults
from app.domain.frameworks.document_part import DocumentPart
from app.domain.period import Period, read_period
from app.domain.rates import fits
from app.errors import Fault

ZERO = Fraction(0)
FIRST = (-1, 0)
"""Where a finding about the whole draft stands: before its parts."""
HIGHEST = Decimal(100)
"""What bands end at where no framework says otherwise."""


def counts_do_not_add_up(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Σ of the items' counts = the sum stated; items printed without a count may hold any.

    A sum that is right once a repeated unit is left out is not named beside that unit.
    """
    for one in draft.lists:
        known = [count.value for count in one.counts if count.value is not None]
        stated, total = one.sum.value, sum(known, ZERO)
        if stated is None or not known or any(count.fault for count in one.counts):
            continue
        once = [count.value for place, count in enumerate(one.counts) if place not in one.repeated and count.value]
        if sum(once, ZERO) != stated and (total > stated or (total < stated and len(known) == len(one.counts))):
            yield finding("counts_do_not_add_up", one.ref, one.place, one.sum.shown, printed_text(total, 0))


def list_rates_differ(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """The rate beside an item's n/d is theirs."""
    for one in draft.lists:
        for count, rate in zip(one.counts, one.rates, strict=True):
            if count.value is None or rate.value is None or not count.whole:
                continue
            if not fits(rate.value * SCALE, count.value, count.whole, rate.decimals):
                expected = printed_text(100 * count.value / count.whole, rate.decimals, percent=rate.percent)
                context = {"side": NOW, "counts": count.shown}
                yield finding("rate_differs_from_counts", one.ref, one.place, rate.shown, expected, **context)


def list_length_wrong(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """As many items as units stated, those repeated aside; a list that is not printed is not counted."""
    for one in draft.lists:
        length = len(one.counts)
        if one.units.value is not None and length and one.units.value not in (length, length - len(one.repeated)):
            yield finding("list_length_wrong", one.ref, one.place, one.units.shown, str(length))


def unit_repeated(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """A list names a unit once."""
    for one, printed in zip(draft.lists, draft.draft.lists, strict=True):
        names = Counter(unit_named(item.name) for item in printed.items) if one.repeated else {}
        for item in printed.items:
            if (count := names.pop(unit_named(item.name), 0)) > 1 and item.name.strip():
                yield finding("unit_repeated", one.ref, one.place, item.name.strip()[:SHOWN], None, count=count)


def against_not_earlier(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """What a period is compared with begins before it; a period compared with itself is a slip of the pen."""
    period, against = draft.rules.period, draft.rules.against
    if period is not None and against is not None and against.starts_on >= period.starts_on:
        yield finding("against_not_earlier", "against", FIRST, against.code, period.previous, period=period.code)


def classes_do_not_add_up(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Σ of the counts per class = the size of the cohort, stated once or in every `02/17`."""
    for one in draft.classes:
        if not one.counts or one.of.fault or any(count.fault for count in one.counts):
            continue
        total = printed_text(sum((count.value or ZERO for count in one.counts), ZERO), 0)
        sizes = {count.whole for count in one.counts} | {one.of.value}
        for size in sorted(size for size in sizes if size is not None):
            if printed_text(size, 0) != total:
                yield finding("classes_do_not_add_up", one.ref, one.place, printed_text(size, 0), total)


def date_invalid(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """A head prints a day that exists."""
    for index, moment in enumerate(draft.draft.moments):
        for fault in read_days(moment.text):
            if isinstance(fault, Fault):
                place = (MOMENTS, index)
                yield LetterFinding(
                    fault.code, moment.ref, place, fault.error_code.text, fault.value, fault.suggestion, fault.context
                )


def moment_outside_period(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """A moment lies inside its period or after it; the last day of the period compared with is its closing."""
    period, against = draft.rules.period, draft.rules.against
    if period is None:
        return
    if against is not None and against.starts_on >= period.starts_on:
        against = None if period.previous is None else read_period(period.previous)
    for index, moment in enumerate(draft.draft.moments):
        for day in read_days(moment.text):
            if isinstance(day, Fault) or day >= period.starts_on or (against is not None and _closes(day, against)):
                continue
            stated, expected = f"{day:%d/%m/%Y}", f"{period.starts_on:%d/%m/%Y}"
            place = (MOMENTS, index)
            yield finding("moment_outside_period", moment.ref, place, stated, expected, period=period.code)


def _closes(day: date, against: Period) -> bool:
    """Whether figures of the period compared with were looked up then: on its last day, or in as long again after."""
    length = against.ends_on - against.starts_on
    return against.ends_on <= day <= against.ends_on + length


def bands_hole(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """Every total has a class: `từ 90 đến dưới 100` leaves exactly 100 without one."""
    return _bands(draft, "bands_hole")


def bands_overlap(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """No total has two classes."""
    return _bands(draft, "bands_overlap")


def _bands(draft: ParsedDraft, rule: str) -> Iterator[LetterFinding]:
    """What the checks of a framework say about the bands; edges that cannot be read leave them silent."""
    bands = draft.draft.bands
    framework = draft.rules.framework
    document = {"bands": [_band(band) for band in bands]}
    for fault in band_faults(DocumentPart(document), HIGHEST if framework is None else framework.total_max):
        if fault.code == rule and fault.pointer is not None:
            _, _, number, edge = fault.pointer.split("/")
            band = bands[int(number)]
            stated = band.max if edge == "max" else band.min
            shown = "" if stated is None else as_printed(stated)[:SHOWN]
            yield LetterFinding(rule, band.ref, (BANDS, int(number)), fault.error_code.text, shown, None, fault.context)


def _band(band: DraftBand) -> dict[str, object]:
    return {"code": band.ref, "min": _edge(band.min), "max": _edge(band.max), "closed": band.closed}


def _edge(text: Written | None) -> Decimal | str | None:
    """An edge as the checks of a framework read it; what is no figure stays text, and leaves them silent."""
    if isinstance(text, Decimal):
        return text
    found = None if text is None else read_figure(text, "vi")
    return found.value if isinstance(found, Printed) and found.denominator is None else text and "?"
