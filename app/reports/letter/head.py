"""Head and foot of a letter: as the office has stated them, else as its name and the framework suggest.

Where neither says anything, a blank stands for a human to fill in, and a note says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.answers.report_letter import LetterSource
from app.domain.frameworks.framework import Framework
from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import LEVELS
from app.reports.data import ReportData
from app.reports.letter.against import against_words
from app.reports.letter.level_words import level_words
from app.reports.letter.office_words import (
    BLANK,
    CLOSING,
    MOTTO,
    RECIPIENTS,
    Office,
    basis_line,
    date_line,
    ended,
    number_line,
    office_of,
    signed_by,
)
from app.reports.letter.parts import Note, Paragraph, sentence
from app.services.scored_cohorts import CohortUnit

NO_PROFILE = "Chưa khai báo mẫu văn bản của đơn vị (PUT /v1/letter-profiles/{unit}); phần thể thức lập theo mặc định."
NO_UNIT = "Chưa nêu cơ quan ban hành: hãy ghi `under`, hoặc điền tay phần thể thức."
TO_FILL = "Cần điền trước khi ban hành: {what}."


@dataclass(frozen=True, slots=True)
class LetterFrame:
    """What stands around the sections: JSON data by the names of the contract, the orders, and what to know."""

    letterhead: Mapping[str, Any]
    subject: str
    addressees: Sequence[str]
    basis: Sequence[Paragraph]
    opening: Paragraph
    orders: Sequence[Paragraph]
    closing: Paragraph
    recipients: Sequence[str]
    signature: Mapping[str, str | None]
    notes: Sequence[Note]


class FilledProfile:
    """A profile with the words for its places put in."""

    def __init__(self, profile: Mapping[str, Any] | None, period: str, against: str | None) -> None:
        self.profile = profile or {}
        self.words = {"{period}": period, "{against}": against or "kỳ trước"}

    def text(self, name: str) -> str | None:
        found = self.profile.get(name)
        return None if found is None else self._filled(found)

    def texts(self, name: str) -> list[str]:
        return [self._filled(each) for each in self.profile.get(name, ())]

    def _filled(self, text: str) -> str:
        for place, words in self.words.items():
            text = text.replace(place, words)
        return text


def frame(data: ReportData, on: date) -> LetterFrame:
    """Head and foot of the letter of `under`, dated in the month of the day `on`."""
    profile = data.letter()
    unit = None if data.under is None else data.unit(data.under)
    office = None if unit is None else office_of(unit.name)
    stated = FilledProfile(profile, period_words(data.period.code), against_words(data))
    signature = _signature(stated.profile.get("signature", {}), office)
    letterhead = _letterhead(data, stated, unit, office, on)
    addressees = stated.texts("addressees") or _addressees(data)
    return LetterFrame(
        letterhead=letterhead,
        subject=stated.text("subject") or _subject(data),
        addressees=addressees,
        basis=[*_basis(data.framework), *_paragraphs(stated.texts("basis"))],
        opening=_opening(data, stated, office),
        orders=_paragraphs(stated.texts("orders")),
        closing=_closing(stated),
        recipients=stated.texts("recipients") or list(RECIPIENTS),
        signature=signature,
        notes=_notes(profile, unit, letterhead, signature),
    )


def _letterhead(
    data: ReportData, stated: FilledProfile, unit: CohortUnit | None, office: Office | None, on: date
) -> dict[str, Any]:
    issuer = stated.text("issuer")
    lines = [issuer] if issuer else [BLANK] if office is None else list(office.head)
    place = stated.text("place") or _place(data, unit, office)
    symbol = stated.text("symbol")
    return {
        "superior": stated.text("superior") or _superior(data, unit, office),
        "issuer": lines,
        "motto": list(MOTTO),
        "symbol": symbol,
        "number_line": number_line(symbol),
        "place": place,
        "date_line": date_line(place, on),
    }


def _superior(data: ReportData, unit: CohortUnit | None, office: Office | None) -> str | None:
    """The body above: people's committees stand for themselves, other bodies below theirs."""
    if unit is None or unit.parent is None or office is None or office.committee:
        return None
    name = data.names([unit.parent]).get(unit.parent)
    return None if name is None else " ".join(office_of(name).head)


def _place(data: ReportData, unit: CohortUnit | None, office: Office | None) -> str | None:
    """Where the office sits: its own place, else that of the body above it."""
    if unit is None or office is None or office.place is not None or unit.parent is None:
        return None if office is None else office.place
    name = data.names([unit.parent]).get(unit.parent)
    return None if name is None else office_of(name).place


def _addressees(data: ReportData) -> list[str]:
    """The levels below the unit."""
    levels = {member.level for member in data.units() if member.code != data.under}
    over = None if data.under is None else data.unit(data.under).level
    told = [level for level in LEVELS if level in levels and level in data.levels]
    return [level_words(level, over).addressed for level in told] or [BLANK]


def _subject(data: ReportData) -> str:
    return f"V/v kết quả thực hiện {data.framework.name.vi} {period_words(data.period.code)}"


def _basis(framework: Framework) -> list[Paragraph]:
    lines = (basis_line(each.number, each.date, each.title) for each in framework.legal_basis)
    return [Paragraph(f"{line};", "framework") for line in lines]


def _paragraphs(texts: Sequence[str]) -> list[Paragraph]:
    return [Paragraph(sentence(text), "profile") for text in texts]


def _opening(data: ReportData, stated: FilledProfile, office: Office | None) -> Paragraph:
    said = stated.text("opening")
    if said is not None:
        return Paragraph(said, "profile")
    issuer = BLANK if office is None else f"Ủy ban nhân dân {office.name}" if office.committee else office.name
    period = period_words(data.period.code)
    return Paragraph(f"{issuer} thông báo kết quả thực hiện Bộ chỉ số {period} như sau:", "default")


def _closing(stated: FilledProfile) -> Paragraph:
    said = stated.text("closing")
    source: LetterSource = "default" if said is None else "profile"
    return Paragraph(ended(said or CLOSING), source)


def _signature(stated: Mapping[str, str | None], office: Office | None) -> dict[str, str | None]:
    """Who signs; where the office says nothing of authority and office, what its kind suggests."""
    authority, position = stated.get("authority"), stated.get("office")
    if authority is None and position is None:
        authority, position = signed_by(office)
    return {"authority": authority, "office": position, "name": stated.get("name")}


def _notes(
    profile: Mapping[str, Any] | None,
    unit: CohortUnit | None,
    letterhead: Mapping[str, Any],
    signature: Mapping[str, str | None],
) -> list[Note]:
    """What is missing, and what was made up because nobody has stated it."""
    blanks = {
        "số": True,
        "ngày ban hành": True,
        "ký hiệu": letterhead["symbol"] is None,
        "địa danh": letterhead["place"] is None,
        "cơ quan ban hành": letterhead["issuer"] == [BLANK],
        "chức vụ người ký": signature["office"] is None,
        "người ký": signature["name"] is None,
    }
    notes = [
        Note("fill_in", TO_FILL.format(what=", ".join(what for what, open_ in blanks.items() if open_)), "default")
    ]
    if unit is None:
        notes.append(Note("unit_missing", NO_UNIT, "default"))
    elif profile is None:
        notes.append(Note("profile_missing", NO_PROFILE.format(unit=unit.code), "default"))
    return notes
