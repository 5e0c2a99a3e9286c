"""What must be known before a letter is signed, each note with the field that it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from app.answers.letter_fields import FieldNote
from app.domain.instant import to_datetime
from app.domain.letter_format import printed_day
from app.domain.period import local_day
from app.reports.letter.facts import LetterFacts
from app.reports.letter.parts import Note
from app.reports.letter.whole import is_public

FIELD_OF: Final = {
    "total_incomplete": "total",
    "total_partial": "total",
    "total_added": "change.total",
    "derived_total": "total",
    "method_changed": "change.total",
    "basis_changed": "change.total",
    "rules_changed": "change",
    "unit_changed": "change",
    "before_incomplete": "change",
    "base": "change",
    "reported_rank": "rank",
    "computed_rank": "rank",
    "cohort_partial": "rank",
    "cohort_changed": "change.rank",
    "provisional": "period",
    "sum_differs": "counts",
    "levels_overlap": "counts",
    "target_without_figure": "below",
    "level_incomplete": "classes",
    "missing": "classes",
    "source_changed": "criteria",
    "rate_differs_from_counts": "criteria",
    "fill_in": "signature",
    "profile_missing": "letterhead",
    "unit_missing": "letterhead",
}
"""The field that a note of the letter's parts is about; any other is about none alone."""
NOT_SAID = (
    "Chưa rõ thời điểm tra cứu số liệu: nguồn không ghi, thời điểm nhập vào hệ thống không phải thời điểm tra cứu."
)
LATER = "Số liệu được tra cứu ngày {day}, sau ngày lập văn bản ({on})."
SPREAD = "Số liệu của các cơ quan, đơn vị được tra cứu vào các ngày khác nhau, từ {first} đến {last}."


def is_stated(moment: datetime) -> bool:
    """Whether somebody has said when it was: a moment to the fraction of a second is that of an import.

    >>> is_stated(datetime(2024, 8, 26, 11)), is_stated(datetime(2024, 8, 26, 11, 0, 0, 417))
    (True, False)
    """
    return moment.microsecond == 0


def moments(facts: LetterFacts) -> list[datetime]:
    """When the figures were looked up, as far as somebody has said so: those of the unit itself, else of all below."""
    if facts.own is not None:
        found = [each.observed_at for each in facts.own.found.compared.now.values() if each.observed_at is not None]
    else:
        found = [to_datetime(row.observed_at) for row in facts.scored.rows.values()]
    return sorted(each for each in set(found) if is_stated(each))


def field_notes(notes: Sequence[Note], facts: LetterFacts, looked_up: datetime | None) -> list[FieldNote]:
    """The notes of the letter's parts, and what is to be said of the moment of look-up."""
    told: list[FieldNote] = [
        {"code": each.code, "detail": each.detail, "field": FIELD_OF.get(each.code)} for each in notes
    ]
    return told if is_public(facts.data) else [*told, *_of_moment(facts, looked_up)]


def _of_moment(facts: LetterFacts, looked_up: datetime | None) -> list[FieldNote]:
    if looked_up is None:
        return [{"code": "looked_up_missing", "detail": NOT_SAID, "field": "looked_up"}]
    found: list[FieldNote] = []
    if local_day(looked_up) > facts.on:
        said = LATER.format(day=printed_day(local_day(looked_up)), on=printed_day(facts.on))
        found.append({"code": "looked_up_later", "detail": said, "field": "looked_up"})
    known = moments(facts)
    if known and known[-1] - known[0] >= timedelta(days=1):
        first, last = (printed_day(local_day(each)) for each in (known[0], known[-1]))
        detail = SPREAD.format(first=first, last=last)
        found.append({"code": "looked_up_differs", "detail": detail, "field": "looked_up"})
    return found
