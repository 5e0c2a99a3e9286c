"""Head and foot of a letter: as the office has stated them, else as its name and the framework suggest.

Where neither says anything, a blank stands for a human to fill in, and a note says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterDue, LetterOrder, LetterText
from app.answers.report_letter import Letterhead, LetterSource, Signature
from app.domain.frameworks.framework import Framework
from app.domain.unit_names import UnitKind, kind_of
from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import LEVELS, Level
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.letter.moments import look_ups
from app.reports.letter.office_words import (
    BLANK,
    CLOSING,
    MOTTO,
    RECIPIENTS,
    Office,
    addressed,
    basis_line,
    cited,
    date_line,
    ended,
    number_line,
    office_of,
    signed_by,
)
from app.reports.letter.parts import Note, Paragraph, Section, sentence
from app.reports.letter.sentences import looked_up
from app.reports.letter.stated_words import StatedWords, stated_words
from app.reports.shown_figures import figures_of
from app.services.scored_cohorts import CohortUnit
from app.store.rows import StandingValue

EARLIER: Final = "lần tra cứu trước"
DIRECTION: Final = "direction"
"""The kind of letter that orders, where others tell results."""
NO_PROFILE = "Chưa khai báo mẫu văn bản của đơn vị (PUT /v1/letter-profiles/{unit}); phần thể thức lập theo mặc định."
NO_UNIT = "Chưa nêu cơ quan ban hành: hãy ghi `under`, hoặc điền tay phần thể thức."
TO_FILL = "Cần điền trước khi ban hành: {what}."


@dataclass(frozen=True, slots=True)
class LetterFrame:
    """What stands around the sections: JSON data by the names of the contract, the orders, and what to know.

    `given`: the orders as they were stated; `due`: what is to be done by when. `looked_up`: when the sources
    were looked up, where the office has said so.
    """

    letterhead: Letterhead
    subject: str
    addressees: Sequence[str]
    basis: Sequence[Paragraph]
    opening: Paragraph
    given: Sequence[LetterOrder]
    orders: Sequence[Section]
    due: Sequence[LetterDue]
    closing: Paragraph
    recipients: Sequence[str]
    signature: Signature
    notes: Sequence[Note]
    looked_up: datetime | None


def frame(data: ReportData, on: date, kind: str, text: LetterText | None) -> LetterFrame:
    """Head and foot of a kind of letter of `under` that says `text`, dated in the month of the day `on`."""
    profile = data.letter()
    unit = None if data.under is None else data.unit(data.under)
    office = None if unit is None else office_of(unit.name)
    words = stated_words(profile, text, period_words(data.period.code), against_words(data))
    stated = words.profile
    signature = _signature(stated["signature"], office)
    letterhead = _letterhead(data, stated, unit, office, on)
    addressees = stated["addressees"] or _addressees(data)
    return LetterFrame(
        letterhead=letterhead,
        subject=stated["subject"] or _subject(data, kind),
        addressees=addressees,
        basis=[*_basis(data.framework, stated["basis"]), *_paragraphs(stated["basis"], words.source("basis"))],
        opening=_opening(data, kind, words, office),
        given=words.given,
        orders=words.orders,
        due=words.due,
        closing=_closing(words),
        recipients=stated["recipients"] or list(RECIPIENTS),
        signature=signature,
        notes=_notes(profile, unit, letterhead, signature),
        looked_up=words.looked_up,
    )


def _letterhead(
    data: ReportData, stated: LetterProfile, unit: CohortUnit | None, office: Office | None, on: date
) -> Letterhead:
    issuer = stated["issuer"]
    lines = [issuer] if issuer else [BLANK] if office is None else list(office.head)
    place = stated["place"] or _place(data, unit, office)
    symbol = stated["symbol"]
    return {
        "superior": stated["superior"] or _superior(data, unit, office),
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
    kinds: dict[Level, list[UnitKind | None]] = {}
    for member in data.units():
        if member.code != data.under:
            kinds.setdefault(member.level, []).append(kind_of(member.name, member.kind))
    over = None if data.under is None else data.unit(data.under).level
    named = [level for level in LEVELS if level in kinds and level in data.levels]
    return [addressed(level, over, kinds[level]) for level in named] or [BLANK]


def _subject(data: ReportData, kind: str) -> str:
    if kind == DIRECTION:
        return f"V/v nâng cao kết quả thực hiện {data.framework.name.vi}"
    return f"V/v kết quả thực hiện {data.framework.name.vi} {period_words(data.period.code)}"


def _basis(framework: Framework, stated: Sequence[str]) -> list[Paragraph]:
    """What the framework rests on, but what the office cites itself."""
    cites = [(each, f"Căn cứ {cited(each.number)} ") for each in framework.legal_basis]
    lines = [
        basis_line(each.number, each.date, each.title)
        for each, begins in cites
        if not any(text.startswith(begins) for text in stated)
    ]
    return [Paragraph(f"{line};", "framework") for line in lines]


def _paragraphs(texts: Sequence[str], source: LetterSource) -> list[Paragraph]:
    return [Paragraph(sentence(text), source) for text in texts]


def _opening(data: ReportData, kind: str, words: StatedWords, office: Office | None) -> Paragraph:
    said = words.profile["opening"]
    if said is not None:
        return Paragraph(said, words.source("opening"))
    issuer = BLANK if office is None else f"Ủy ban nhân dân {office.name}" if office.committee else office.name
    if kind == DIRECTION:
        return Paragraph(f"{issuer} có ý kiến chỉ đạo như sau:", "default")
    period = period_words(data.period.code)
    return Paragraph(f"{issuer} thông báo kết quả thực hiện Bộ chỉ số {period} như sau:", "default")


def _closing(words: StatedWords) -> Paragraph:
    said = words.profile["closing"]
    source: LetterSource = "default" if said is None else words.source("closing")
    return Paragraph(ended(said or CLOSING), source)


def _signature(stated: Signature, office: Office | None) -> Signature:
    """Who signs; where the office says nothing of authority and office, what its kind suggests."""
    authority, position = stated["authority"], stated["office"]
    if authority is None and position is None:
        authority, position = signed_by(office)
    return {"authority": authority, "office": position, "name": stated["name"]}


def _notes(
    profile: LetterProfile | None,
    unit: CohortUnit | None,
    letterhead: Letterhead,
    signature: Signature,
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
        Note(
            "fill_in",
            TO_FILL.format(what=", ".join(what for what, open_ in blanks.items() if open_)),
            "default",
            "/letterhead/number_line",
        )
    ]
    if unit is None:
        notes.append(Note("unit_missing", NO_UNIT, "default", "/letterhead/issuer"))
    elif profile is None:
        notes.append(Note("profile_missing", NO_PROFILE.format(unit=unit.code), "default"))
    return notes


def against_words(data: ReportData) -> str | None:
    """The period compared with; where that is the same one as looked up before, when that was. None without one."""
    if data.against is None:
        return None
    if data.against.code != data.period.code:
        return period_words(data.against.code)
    seen = figures_of(_earlier(data), data.framework, known_indicators(data)).values()
    moment = look_ups((each.observed_at for each in seen if each.observed_at is not None), None).last
    return EARLIER if moment is None else looked_up(moment)


def _earlier(data: ReportData) -> Sequence[StandingValue]:
    return data.values(earlier=True) if data.under is None else data.values_of(data.under, earlier=True)
