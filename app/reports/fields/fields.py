"""Every field of a letter: what the reports know, under the names of the vocabulary."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from app.answers.letter_fields import LetterFields
from app.answers.letter_tables import SourceSides
from app.domain.frameworks.framework import Indicator
from app.domain.period import LOCAL
from app.domain.vietnamese_labels import SOURCES
from app.reports.fields.head import framework_fields, order_fields, order_lines, period_fields, unit_fields
from app.reports.fields.levels import levels_fields
from app.reports.fields.lists import OVERDUE, below_fields, count_fields, published_fields, task_fields, two_sources
from app.reports.fields.names import UnitNames
from app.reports.fields.notes import field_notes
from app.reports.fields.own import own_fields, side
from app.reports.indicators import known_indicators
from app.reports.letter.facts import LetterFacts
from app.reports.letter.methods import named
from app.reports.letter.moments import is_stated
from app.reports.letter.whole import LetterParts
from app.reports.rules.comparison import change_between
from app.reports.shown_figures import NOTHING, figure_of
from app.store.rows import StandingValue


def plain(value: object) -> object:
    """The same in dicts, lists, texts and numbers."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def fields_of(parts: LetterParts) -> LetterFields:
    """The fields of a letter whose parts are known."""
    facts, frame = parts.facts, parts.frame
    data, names = facts.data, UnitNames(facts.data)
    period = period_fields(data.period)
    assert period is not None
    counts = count_fields(facts.counted, names)
    orders = order_fields(frame.given)
    return {
        "unit": unit_fields(None if data.under is None else data.unit(data.under), names, facts.own),
        "period": period,
        "against": period_fields(data.against),
        "on": facts.on,
        "framework": framework_fields(data.framework if data.level is None else data.framework.at(data.level)),
        "letterhead": frame.letterhead,
        "subject": frame.subject,
        "addressees": [name.rstrip(" ;.") for name in frame.addressees],
        "basis": [each.text for each in frame.basis],
        "opening": frame.opening.text,
        "closing": frame.closing.text,
        "recipients": list(frame.recipients),
        "signature": frame.signature,
        "orders": orders,
        "order_lines": list(order_lines(orders)),
        "due_dates": [{"what": each["what"], "on": date.fromisoformat(each["on"])} for each in frame.due],
        "looked_up": facts.look_ups.last,
        "looked_up_before": _looked_up_before(facts),
        "sources": _sources(facts),
        **own_fields(facts.own),
        "max": _most(facts),
        **levels_fields(facts, names),
        "below": below_fields(facts.measured, names),
        "counts": counts,
        "overdue": counts.get(OVERDUE),
        "published": published_fields(facts.duties, names),
        "tasks": task_fields(facts.ordered, names),
        "two_sources": two_sources(facts, names),
        "by_source": _by_source(facts),
        "notes": field_notes(parts.notes, facts),
    }


def _most(facts: LetterFacts) -> Decimal:
    """Of how many points the unit's total is, or would be."""
    total = None if facts.own is None else facts.own.total
    return facts.data.framework.total_max if total is None or total.most is None else total.most


def _looked_up_before(facts: LetterFacts) -> datetime | None:
    before = None if facts.own is None else facts.own.found.before_at
    return before if before is not None and is_stated(before) else None


def _sources(facts: LetterFacts) -> list[str]:
    """The sources of the figures by name, the preferred one first."""
    if facts.own is None:
        return named(facts.scored.sources(facts.scored.rows.values()))
    rows = facts.data.values_of(facts.own.found.compared.standing.unit.code)
    return named(facts.scored.sources(row for row in rows if row.indicator in facts.own_indicators))


def _by_source(facts: LetterFacts) -> dict[str, list[SourceSides]]:
    """The unit's figures from each source in both periods, by indicator."""
    if facts.own is None:
        return {}
    data, code = facts.data, facts.own.found.compared.standing.unit.code
    sides = [{(row.indicator, row.source): row for row in data.values_of(code, earlier=each)} for each in (False, True)]
    known = known_indicators(data)
    found: dict[str, list[SourceSides]] = {}
    for indicator, source in sorted({*sides[0], *sides[1]}):
        rows = [each.get((indicator, source)) for each in sides]
        found.setdefault(indicator, []).append(_source_sides(known.get(indicator), source, rows))
    return found


def _source_sides(indicator: Indicator | None, source: str, rows: Sequence[StandingValue | None]) -> SourceSides:
    now, before = (NOTHING if row is None else figure_of(row, indicator) for row in rows)
    change = change_between(now, before)
    return {
        "source": SOURCES.get(source, source),
        "now": side(now),
        "before": side(before),
        "count_change": change.count,
        "rate_change": change.rate,
    }
