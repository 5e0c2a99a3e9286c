"""What must be known before a letter is signed, each note with the field that it is about."""

from collections.abc import Sequence
from typing import Final

from app.answers.letter_fields import FieldNote
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
    "base_restated": "change",
    "looked_up_missing": "looked_up",
    "looked_up_differs": "looked_up",
    "looked_up_later": "looked_up",
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


def field_notes(notes: Sequence[Note], facts: LetterFacts) -> list[FieldNote]:
    """The notes of the letter's parts, and what is to be said of the moment of look-up where no part says it.

    What is said of two places of one letter is said of one field, and once.
    """
    told = list(notes)
    if not is_public(facts.data):
        known = {each.code for each in notes}
        told += [each for each in facts.look_ups.notes(facts.on, "default", "looked_up") if each.code not in known]
    once = {(each.code, each.detail): each for each in told}.values()
    return [{"code": each.code, "detail": each.detail, "field": FIELD_OF.get(each.code)} for each in once]
