"""The announcement: the letter with its appendices that publishes results, made of what the other reports tell."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.answers.report_letter import (
    AppendixColumn,
    LetterAppendix,
    LetterNote,
    LetterParagraph,
    LetterSection,
    PrintedLetter,
)
from app.formats.delimited import Column
from app.formats.page_layout import PagedDocument
from app.formats.tables import Table
from app.reports.data import ReportData
from app.reports.fields.fields import fields_of, plain
from app.reports.letter.office_file import LetterFile, OfficeFile, template_of
from app.reports.letter.office_words import numeral
from app.reports.letter.pages import document
from app.reports.letter.parts import MARKS, Appendix, Head, Note, Paragraph, Section
from app.reports.letter.places import where
from app.reports.letter.whole import LetterParts, is_public, letter_parts
from app.reports.report import Line, Lines, Report, brief

DETAILS = "(Chi tiết tại {numbers} kèm theo văn bản này)"
KIND = "announcement"
"""The kind of this letter, by which its texts are stated."""
SOURCE, SOURCE_CODE = Column("source", "Nguồn lập"), Column("source_code", "Mã nguồn lập", csv_only=True)
LETTER = [Column("part", "Phần"), Column("text", "Nội dung"), SOURCE, SOURCE_CODE]
NOTES = [Column("code", "Mã"), Column("detail", "Lưu ý"), SOURCE, Column("where", "Vị trí"), SOURCE_CODE]
SOURCE_NAMES = {
    "letter": "Nội dung riêng của kỳ",
    "profile": "Nội dung chung của đơn vị",
    "framework": "Bộ chỉ số",
    "default": "Câu mẫu của hệ thống",
    "comparison": "Báo cáo so sánh hai kỳ",
    "classification": "Báo cáo xếp loại",
    "below-target": "Báo cáo không đạt chỉ tiêu",
    "counts": "Báo cáo số đếm theo đơn vị",
    "reconciliation": "Báo cáo đối chiếu hai nguồn",
    "publication": "Báo cáo công khai",
    "tasks": "Báo cáo nhiệm vụ",
    "findings": "Kiểm tra số liệu",
}
"""What people call the parts of the service that letters come from."""


def announcement(data: ReportData, on: date | None = None, kind: str | None = None, *, fields: bool = True) -> Report:
    """The letter of the unit `under`, without sections that have nothing to say; `on` None: the day of the data.

    `kind`: whose text of the period it says, where the office has stated one; None: that of an announcement. `fields`:
    whether the body has what Word files are filled with, which no table shows.
    Raises NotFound where `under` did not exist in the period, Invalid for a kind without a Word file.
    """
    if kind is not None:
        template_of(data, kind)
    parts = _parts(data, on, kind)
    annexes = _annexes(parts.sections)
    text = _text(parts, annexes)
    appendices = {f"appendix_{place}": each["rows"] for place, each in enumerate(text["appendices"], start=1)}
    lines: Lines = {"letter": _paragraphs(text), "notes": text["notes"], **appendices}
    body: Line = {**text, "fields": fields_of(parts)} if fields else text
    return Report("announcement", body, _tables(text, annexes), lines, data.evaluation)


def letter_file(data: ReportData, on: date | None = None, kind: str | None = None) -> LetterFile:
    """The same letter as a file: by the Word file of its `kind`; None: put together by the service itself.

    Raises as `announcement` does.
    """
    template = None if kind is None else template_of(data, kind)
    parts = _parts(data, on, kind)
    content = _pages(parts) if template is None else _office_file(template, parts)
    findings = (note.finding for note in parts.notes)
    errors = [each for each in findings if each is not None and each.severity == "error"]
    return LetterFile(file_name(data), content, errors)


def _parts(data: ReportData, on: date | None, kind: str | None) -> LetterParts:
    return letter_parts(data, on or data.today, kind or KIND)


def _pages(parts: LetterParts) -> PagedDocument:
    return document(_text(parts, _annexes(parts.sections)), is_public=is_public(parts.facts.data))


def _office_file(template: bytes, parts: LetterParts) -> OfficeFile:
    found = fields_of(parts)
    fields = {name: plain(value) for name, value in found.items()}
    return OfficeFile(template, fields, found["notes"], not is_public(parts.facts.data))


def file_name(data: ReportData) -> str:
    """What the file of a letter is called, as CV_H60_2024-07: codes are ASCII."""
    return "_".join(("CV", *([data.under] if data.under else []), data.period.code))


def _annexes(sections: Sequence[Section]) -> list[Appendix]:
    """The appendices in the order in which the sections refer to them, each once."""
    annexes: list[Appendix] = []
    for section in sections:
        annexes += [each for each in section.appendices if all(each is not known for known in annexes)]
    return annexes


def _text(parts: LetterParts, annexes: Sequence[Appendix]) -> PrintedLetter:
    data, around = parts.facts.data, parts.frame
    unit = None if data.under is None else data.unit(data.under)
    return {
        **data.about(),
        "framework": data.framework.id,
        "base": None if unit is None else data.base_of(unit),
        "unit": None if unit is None else brief(unit),
        "on": parts.facts.on,
        "letterhead": around.letterhead,
        "subject": around.subject,
        "addressees": list(around.addressees),
        "basis": [_paragraph_body(each) for each in around.basis],
        "opening": _paragraph_body(around.opening),
        "sections": [_section(place, each, annexes) for place, each in enumerate(parts.sections, start=1)],
        "closing": _paragraph_body(around.closing),
        "recipients": list(around.recipients),
        "signature": around.signature,
        "appendices": [_appendix(place, each) for place, each in enumerate(annexes, start=1)],
        "notes": [_note(each, parts.sections, annexes) for each in parts.notes],
    }


def _note(note: Note, sections: Sequence[Section], annexes: Sequence[Appendix]) -> LetterNote:
    return {
        "code": note.code,
        "detail": note.detail,
        "source": note.source,
        "where": where(note, sections, annexes),
    }


def _paragraph_body(paragraph: Paragraph) -> LetterParagraph:
    return {"kind": paragraph.kind, "text": MARKS[paragraph.kind] + paragraph.text, "source": paragraph.source}


def _section(number: int, section: Section, annexes: Sequence[Appendix]) -> LetterSection:
    """A section with its number, its headings numbered within it, and where its appendices are to be found."""
    paragraphs = [_paragraph_body(each) for each in section.paragraphs]
    headings = (each for each in paragraphs if each["kind"] == "heading")
    for place, heading in enumerate(headings, start=1):
        heading["text"] = f"{number}.{place}. {heading['text']}"
    if section.appendices:
        found = [place for place, each in enumerate(annexes, 1) if any(each is own for own in section.appendices)]
        numbers = ", ".join(f"Phụ lục {numeral(place)}" for place in found)
        paragraphs.append(_paragraph_body(Paragraph(DETAILS.format(numbers=numbers), section.appendices[0].source)))
    return {"number": number, "title": section.title, "source": section.source, "paragraphs": paragraphs}


def _appendix(place: int, appendix: Appendix) -> LetterAppendix:
    return {
        "number": numeral(place),
        "title": appendix.title,
        "source": appendix.source,
        "columns": [_column(each, appendix.heads) for each in appendix.columns if not each.csv_only],
        "rows": list(appendix.rows),
        "bold": sorted(appendix.bold),
    }


def _column(column: Column, heads: Mapping[str, Head]) -> AppendixColumn:
    head = heads.get(column.key)
    if head is None:
        return {"key": column.key, "title": column.title, "above": None}
    return {"key": column.key, "title": head.title, "above": head.above}


def _paragraphs(text: PrintedLetter) -> list[LetterParagraph]:
    """The paragraphs of the letter one after the other."""
    sections = [paragraph for section in text["sections"] for paragraph in section["paragraphs"]]
    return [*text["basis"], text["opening"], *sections, text["closing"]]


def _tables(letter: PrintedLetter, annexes: Sequence[Appendix]) -> list[Table]:
    """The text as a table, the appendices, and what to know before it goes out."""
    listed = [_table(place, each) for place, each in enumerate(annexes, start=1)]
    text = Table("letter", "Văn bản", LETTER, _by_name(_rows(letter)), [letter["subject"]])
    return [text, *listed, Table("notes", "Lưu ý", NOTES, _by_name(letter["notes"]), ["Lưu ý trước khi ban hành"])]


def _by_name(rows: Sequence[Line]) -> list[Line]:
    """Rows for people, who read where a part comes from by name; its code stands where programs find it."""
    return [{**row, "source": SOURCE_NAMES.get(str(row["source"])), "source_code": row["source"]} for row in rows]


def _table(place: int, appendix: Appendix) -> Table:
    name = f"Phụ lục {numeral(place)}"
    return Table(
        f"appendix_{place}", name, appendix.columns, appendix.rows, [f"{name}. {appendix.title}"], bold=appendix.bold
    )


def _rows(letter: PrintedLetter) -> list[Line]:
    """The text of the letter from its first line to its last."""
    head = letter["letterhead"]
    signed = [text for text in letter["signature"].values() if text]
    lines = [text for text in (head["superior"], *head["issuer"], head["number_line"], head["date_line"]) if text]
    return [
        *({"part": "Thể thức", "text": text, "source": None} for text in lines),
        {"part": "Trích yếu", "text": letter["subject"], "source": None},
        *({"part": "Kính gửi", "text": text, "source": None} for text in letter["addressees"]),
        *({"part": "Căn cứ", **_row(each)} for each in letter["basis"]),
        {"part": "Mở đầu", **_row(letter["opening"])},
        *(row for section in letter["sections"] for row in _section_rows(section)),
        {"part": "Kết thúc", **_row(letter["closing"])},
        *({"part": "Nơi nhận", "text": text, "source": None} for text in letter["recipients"]),
        *({"part": "Ký", "text": text, "source": None} for text in signed),
    ]


def _section_rows(section: LetterSection) -> list[Line]:
    part = f"Mục {section['number']}"
    title = {"part": part, "text": f"{section['number']}. {section['title']}", "source": section["source"]}
    return [title, *({"part": part, **_row(each)} for each in section["paragraphs"])]


def _row(paragraph: LetterParagraph) -> Line:
    return {"text": paragraph["text"], "source": paragraph["source"]}
