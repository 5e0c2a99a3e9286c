"""A letter as a whole: its frame, its sections in their order, and what to know before it goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.evaluation import PUBLIC
from app.domain.letter_format import printed_count
from app.reports.data import ReportData
from app.reports.letter.classes import classes
from app.reports.letter.facts import LetterFacts
from app.reports.letter.follow_up import differences, ordered, performance, published
from app.reports.letter.head import LetterFrame, against_words, frame
from app.reports.letter.notes import data_notes
from app.reports.letter.parts import LetterPart, Note, Section
from app.reports.letter.result import result
from app.reports.published_base import count_restated

EMPTY = "Chưa có kết quả nào để công bố: đơn vị ban hành không có số liệu, các đơn vị khác không có tổng điểm trong kỳ."
PUBLISHED_BASE = (
    "Kết quả của đơn vị được so sánh với kỳ trước như đã công bố (kết quả đánh giá số {number}); dùng `base=current` "
    "để so sánh với số liệu hiện có."
)
RESTATED_BASE = (
    "Nguồn số liệu đã sửa số liệu {against} sau khi kết quả được công bố ({count} số liệu của đơn vị); văn bản tính "
    "mức tăng, giảm theo số liệu đã công bố."
)


@dataclass(frozen=True, slots=True)
class LetterParts:
    """What a letter is made of, and the facts behind it."""

    facts: LetterFacts
    frame: LetterFrame
    sections: Sequence[Section]
    notes: Sequence[Note]


def letter_parts(data: ReportData, on: date, kind: str) -> LetterParts:
    """The parts of a kind of letter of `under` as of a day; sections that have nothing to say are left out.

    Raises NotFound where `under` did not exist in the period.
    """
    text = data.letter_text(kind)
    around = frame(data, on, kind, text)
    facts = LetterFacts(data, on, around.looked_up)
    results = [result(facts), classes(facts)]
    chapters = [*results, performance(facts), differences(facts), published(facts)]
    if text is None or not text["orders"]:  # else the office orders in its own words
        chapters.append(ordered(facts))
    sections = [*(section for chapter in chapters for section in chapter.sections), *around.orders]
    return LetterParts(facts, around, sections, _notes(data, around, results, chapters))


def is_public(data: ReportData) -> bool:
    """Whether the letter is that of a public evaluation, which has no notes for an officer."""
    return data.evaluation is not None and data.evaluation.status in PUBLIC


def _notes(
    data: ReportData, around: LetterFrame, results: Sequence[LetterPart], chapters: Sequence[LetterPart]
) -> list[Note]:
    """What the officer must know before the letter goes out; over a public evaluation only which base it has."""
    base = _base_notes(data)
    if is_public(data):
        return base
    notes = [*base, *around.notes, *(note for chapter in chapters for note in chapter.notes), *data_notes(data)]
    return notes if any(chapter.sections for chapter in results) else [*notes, Note("no_results", EMPTY, "default")]


def _base_notes(data: ReportData) -> list[Note]:
    """Which published result the letter compares with, and whether its source says something else today."""
    if data.under is None:
        return []
    base = data.base_of(data.unit(data.under))
    if base is None or base["kind"] == "current":
        return []
    notes = [Note("base", PUBLISHED_BASE.format(number=base["evaluation"]), "comparison", "total")]
    if data.evaluation is not None:
        return notes
    published, current = (each.values_of(data.under, earlier=True) for each in (data, data.based_on("current")))
    if changed := count_restated(published, current):
        said = RESTATED_BASE.format(against=against_words(data), count=printed_count(changed))
        notes.append(Note("base_restated", said, "comparison", "total"))
    return notes
