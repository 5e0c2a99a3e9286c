"""A letter as a Word file: put together from its parts, or the office's own file filled with the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.answers.letter_fields import FieldNote
from app.domain.checks.stored.finding import Finding
from app.errors import Conflict, ErrorCode, Fault, Invalid, RefusalCode, Text
from app.formats.docx import to_docx
from app.formats.page_layout import PagedDocument
from app.reports.data import ReportData
from app.reports.templates.template import fill_template

LETTERS = Path(__file__).parents[2] / "letters"
SHIPPED = tuple(sorted(path.stem for path in LETTERS.glob("*.docx")))
"""The kinds of letters that need no file of the office."""
UNKNOWN = RefusalCode(
    "letter_kind_unknown",
    "There is no letter `{kind}`: the unit has no Word file of that kind; those that ship are {known}.",
    "Không có văn bản `{kind}`: đơn vị chưa có mẫu Word loại này; các loại có sẵn là {known}.",
    Invalid,
)
HAS_ERRORS = RefusalCode(
    "letter_has_errors",
    "The figures of the unit have {count} error(s), each named in `errors`; correct them, or ask with `force=true`.",
    "Số liệu của đơn vị có {count} sai sót, từng sai sót được nêu trong `errors`; hãy sửa, hoặc thêm `force=true`.",
    Conflict,
)
ERROR = ErrorCode("letter_error", "`{indicator}`: {detail}", "Chỉ số `{indicator}`: {detail}")


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """A template and what it is filled with. `remarks`: whether the file has comments for an officer."""

    template: bytes
    fields: Mapping[str, object]
    notes: Sequence[FieldNote]
    remarks: bool

    def fill(self) -> bytes:
        """The letter as DOCX. Raises what `fill_template` raises."""
        return fill_template(self.template, self.fields, self.notes, remarks=self.remarks)


@dataclass(frozen=True, slots=True)
class LetterFile:
    """All that a letter says: it is written when nothing more is asked of the data.

    `errors` are the contradictions in the figures of the unit that writes it; a public evaluation was judged when it
    was published and has none.
    """

    name: str
    content: PagedDocument | OfficeFile
    errors: Sequence[Finding]

    def docx(self, *, force: bool) -> bytes:
        """The letter. Raises Conflict `letter_has_errors` unless `force`, and what `OfficeFile.fill` raises."""
        if self.errors and not force:
            raise HAS_ERRORS.error(faults=map(_fault, self.errors), count=len(self.errors))
        return to_docx(self.content) if isinstance(self.content, PagedDocument) else self.content.fill()


def template_of(data: ReportData, kind: str) -> bytes:
    """The file of the unit, or of the nearest one above it that has one, else the one that ships. Raises Invalid."""
    stated = data.letter_template(kind)
    if stated is not None:
        return stated
    if kind not in SHIPPED:
        raise Fault(UNKNOWN, {"kind": kind, "known": ", ".join(SHIPPED)}, parameter="letter").error()
    return (LETTERS / f"{kind}.docx").read_bytes()


def _fault(finding: Finding) -> Fault:
    english, vietnamese = (finding.detail(each).replace("{", "{{").replace("}", "}}") for each in ("en", "vi"))
    return Fault(ERROR, {"indicator": finding.indicator, "detail": Text(english, vietnamese)})
