"""A file of figures as long rows, whatever its kind and layout."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import BinaryIO

from app.domain.figure_parser import Locale
from app.domain.input_location import InputLocation
from app.domain.intake.headers import InputTable
from app.domain.intake.layouts import ImportLayout, form_of, read_rows
from app.domain.intake.left_out import column_warnings
from app.domain.intake.profiled_tables import ProfiledTable
from app.domain.intake.profiles import ImportProfile
from app.domain.intake.records import read_records
from app.domain.intake.row_figures import IndicatorKind
from app.domain.intake.text_columns import RowBlock, read_texts
from app.domain.intake.title_rows import MOST_ROWS, titles_above
from app.domain.words import Words
from app.errors import ErrorCode, Fault, Invalid, RefusalCode
from app.formats.headings import ONE_HEADING, HeadingRows
from app.formats.row_readers import CsvTextRows, FileKind, RecordInput, TableInput, openings_of, read_rows_in
from app.formats.workbook import ExtractedSheet, extract_sheets
from app.services.declared_bodies import declaration_located

NO_TABLE = RefusalCode(
    "profile_without_table",
    "`profile` says how a table is laid out (CSV, XLSX), and this is none; leave it out.",
    "`profile` mô tả cách trình bày bảng (CSV, XLSX); tệp này không phải bảng, hãy bỏ tham số.",
    Invalid,
)
NO_SHEETS = RefusalCode(
    "profile_without_workbook",
    "The import profile {name} reads the sheets of a workbook ({sheets}), and this is none; send the workbook (.xlsx).",
    "Mẫu nhập {name} đọc các trang tính của sổ làm việc ({sheets}); tệp này không phải, hãy gửi tệp .xlsx.",
    Invalid,
)
SHEETS_NOT_NAMED = RefusalCode(
    "sheets_not_named",
    "The workbook has sheets that the import profile does not name ({sheets}); it names {names}. Name them in its "
    "`sheets`, leave such sheets out (`unlisted`: `ignore`), take them out of the workbook, or choose one by `sheet=`.",
    "Sổ làm việc có trang tính mà mẫu nhập không nêu ({sheets}); mẫu nhập nêu các trang {names}. Hãy bổ sung vào "
    "`sheets`, bỏ qua các trang như vậy (`unlisted` là `ignore`), bỏ trang đó khỏi sổ làm việc, hoặc chọn một trang "
    "bằng `sheet=`.",
    Invalid,
)
SHEETS_LEFT_OUT = ErrorCode(
    "sheets_left_out",
    "The sheets {sheets} were left out: the import profile does not name them.",
    "Đã bỏ qua các trang {sheets}: mẫu nhập không nêu các trang này.",
)
SHEETS_ABSENT = ErrorCode(
    "sheets_absent",
    "The workbook has no sheets {sheets}, which the import profile names; the others were read.",
    "Sổ làm việc không có các trang {sheets} mà mẫu nhập nêu; các trang còn lại đã được đọc.",
)


@dataclass(frozen=True, slots=True)
class ImportRows:
    """The long rows of a file with their places, those of a text file in blocks.

    Iterating opens the file anew, so it may be done several times; `left_out` are then warnings of what is not read.
    `parts` are the file, or its sheets where they were extracted already; `names` are the codes of indicators by their
    names.
    """

    parts: Sequence[BinaryIO | ExtractedSheet]
    kind: FileKind
    charset: str | None
    sheet: str | None
    layout: ImportLayout
    indicators: Mapping[str, IndicatorKind]
    names: Words[str] = field(default_factory=Words)
    profile: ImportProfile | None = None
    locale: Locale = "auto"
    left_out: list[Fault] = field(default_factory=list)

    def __iter__(self) -> Iterator[RowBlock | tuple[InputLocation, object]]:
        self._refuse_other_files()
        self.left_out.clear()
        with declaration_located(), ExitStack() as closing:
            parts = self._parts(closing)
            self.left_out.extend(self._other_sheets(parts))
            for part in parts:
                headings = self._headings(part)
                with read_rows_in(part, self.kind, self.charset, headings=headings) as opened:
                    yield from self._rows(opened)

    def _refuse_other_files(self) -> None:
        """Raise Invalid where the profile is of files of another kind."""
        if self.profile is None:
            return
        if self.kind in ("json", "ndjson"):
            raise Fault(NO_TABLE, parameter="profile").error()
        if self.profile["sheets"] and self.kind != "xlsx":
            sheets = ", ".join(each["sheet"] for each in self.profile["sheets"])[:200]
            context = {"name": self.profile.get("name", ""), "sheets": sheets}
            raise Fault(NO_SHEETS, context, parameter="profile").error()

    def _parts(self, closing: ExitStack) -> Sequence[BinaryIO | ExtractedSheet]:
        (first, *_) = self.parts
        if self.kind != "xlsx" or isinstance(first, ExtractedSheet):
            return self.parts
        return closing.enter_context(extract_sheets(first, wanted_sheets(self.sheet, self.profile)))

    def _other_sheets(self, parts: Sequence[BinaryIO | ExtractedSheet]) -> Iterator[Fault]:
        """`sheets_left_out`, and `sheets_absent` where the profile names months to come that the workbook has not yet.

        Raises Invalid `sheets_not_named` where nothing may be left out.
        """
        (first, *_) = parts
        if self.profile is None or self.sheet is not None or not isinstance(first, ExtractedSheet):
            return
        named = [each["sheet"] for each in self.profile["sheets"]]
        if first.others:
            context = {"sheets": ", ".join(first.others)[:200], "names": ", ".join(named)[:500]}
            if self.profile["unlisted"] == "refuse":
                raise Fault(SHEETS_NOT_NAMED, context).error()
            yield Fault(SHEETS_LEFT_OUT, context, parameter="profile")
        there = Words((part.name, part.name) for part in parts if isinstance(part, ExtractedSheet))
        absent = [name for name in named if not there.meanings(name)]
        if absent:
            yield Fault(SHEETS_ABSENT, {"sheets": ", ".join(absent)[:200]}, parameter="profile")

    def _headings(self, part: BinaryIO | ExtractedSheet) -> HeadingRows:
        """Where the headings stand: where the profile says, else where they plainly do."""
        if self.profile is not None:
            return HeadingRows(self.profile["skip_rows"], self.profile["heading_rows"], labels=True)
        for opening in openings_of(part, self.kind, self.charset, MOST_ROWS):
            found = titles_above(opening, self.indicators, self.names)
            if found is not None:
                self.left_out.extend(found.warnings())
                return HeadingRows(found.heading_row - 1)
        return ONE_HEADING

    def _rows(self, opened: TableInput | RecordInput) -> Iterator[RowBlock | tuple[InputLocation, object]]:
        if isinstance(opened, RecordInput):
            yield from read_records(_placed(opened), self.indicators, self.layout)
            return
        table = _table(opened)
        if self.profile is not None:
            profiled = ProfiledTable(table, self.profile, opened.sheet, self.locale)
            yield from profiled.rows(self.indicators)
            self.left_out.extend(profiled.warnings())
            return
        form = form_of(table, self.indicators, self.layout, self.names)
        self.left_out.extend(column_warnings(table.header, form.figures[0].labels, table.header_row))
        if isinstance(opened.rows, CsvTextRows):
            yield from read_texts(opened.rows, table, self.indicators, self.layout, self.names)
        else:
            yield from read_rows(table, self.indicators, self.layout, self.names)


def wanted_sheets(sheet: str | None, profile: ImportProfile | None) -> str | Sequence[str] | None:
    """The sheet that was asked for, else those that a profile names; None: the only one that holds anything."""
    if sheet is not None or profile is None:
        return sheet
    return [each["sheet"] for each in profile["sheets"]] or None


def _placed(opened: RecordInput) -> Iterator[tuple[InputLocation, object]]:
    for place, item in opened.items:
        yield (InputLocation(place) if isinstance(place, str) else InputLocation(row=place)), item


def _table(opened: TableInput) -> InputTable:
    return InputTable(opened.header, opened.rows, opened.header_row, opened.letters, opened.prefix, opened.delimiter)
