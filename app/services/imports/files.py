"""Files of figures as somebody hands them in: what they are, how they are to be taken, how far one has come."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from io import SEEK_END
from typing import BinaryIO, Literal

from sqlalchemy.orm import Session

from app.answers.import_profiles import ImportProfileOut
from app.domain.intake.layouts import ImportLayout
from app.domain.intake.profiles import ImportProfile
from app.domain.intake.text_columns import RowBlock
from app.errors import Fault, Invalid, RefusalCode
from app.formats.row_readers import FileKind
from app.formats.workbook import ExtractedSheet, extract_sheets
from app.services.declared_bodies import declaration_located
from app.services.import_profiles import get_profile, used
from app.services.imports.importing import import_values
from app.services.imports.pipeline import Row, Rows
from app.services.imports.portal_files import import_portal
from app.services.imports.records import new_record
from app.services.imports.refusals import counted, rejected
from app.services.imports.row_checks import ImportOptions
from app.services.imports.rows import ImportRows as RowsOfFile
from app.services.imports.rows import wanted_sheets
from app.services.imports.targets import Target
from app.services.indicators import load_indicators
from app.services.rights import Caller
from app.store.db import now
from app.store.imports import ImportRow
from app.store.jobs import give_time_back

STEP = 1000
"""Rows between two looks at the watch."""
LARGE = 50_000
"""Rows from which on an import is staged without being asked to."""
CHUNK = 1 << 20
ROW_BYTES = 100
"""What a row takes as text, about."""
PACKED_ROW_BYTES = 30
"""What it takes in a workbook, about."""
NO_WORKBOOK = RefusalCode(
    "sheet_without_workbook",
    "`sheet` names a sheet of a workbook (.xlsx), and this is none; leave it out.",
    "`sheet` chỉ dùng để chọn trang tính của tệp .xlsx; tệp này không phải, hãy bỏ tham số.",
    Invalid,
)
NO_PORTAL = RefusalCode(
    "units_not_created",
    "`create_units` works with `layout=portal` only; state the units by `POST /v1/units/import` first.",
    "`create_units` chỉ dùng với `layout=portal`; hãy khai báo đơn vị trước bằng `POST /v1/units/import`.",
    Invalid,
)
LAID_OUT = RefusalCode(
    "layout_with_profile",
    "The import profile says how the file is laid out; leave `layout` out.",
    "Mẫu nhập đã mô tả cách trình bày tệp; hãy bỏ tham số `layout`.",
    Invalid,
)
PERIOD_STATED = RefusalCode(
    "period_with_profile",
    "The import profile {name} says of which periods its columns or sheets are ({periods}), and `period` names "
    "another; leave it out, or change the profile.",
    "Mẫu nhập {name} đã nêu kỳ của các cột hoặc trang tính ({periods}), khác với `period` của yêu cầu; hãy bỏ tham "
    "số này, hoặc sửa mẫu nhập.",
    Invalid,
)
WITHOUT_WORKBOOK = Fault(NO_WORKBOOK, parameter="sheet")
WITHOUT_PORTAL = Fault(NO_PORTAL, parameter="create_units")


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file, what kind it is, and the encoding that was declared for it; of a workbook what was extracted already."""

    file: BinaryIO
    kind: FileKind
    charset: str | None
    extracted: Sequence[ExtractedSheet] = ()

    @property
    def opened(self) -> BinaryIO | ExtractedSheet:
        """The file, or the first of its sheets that were extracted."""
        return self.extracted[0] if self.extracted else self.file

    def extract(self, closing: ExitStack, wanted: str | Sequence[str] | None = None) -> "ImportFile":
        """The same, a workbook with its sheets extracted until `closing` is closed. Raises as `extract_sheets`."""
        if self.kind != "xlsx":
            return self
        with declaration_located():
            return replace(self, extracted=closing.enter_context(extract_sheets(self.file, wanted)))


def rows_in(file: ImportFile) -> int:
    """How many rows a file has, about: its lines, or what its size lets expect where lines are long or mean nothing."""
    size = file.file.seek(0, SEEK_END)
    if file.kind == "xlsx":
        return size // PACKED_ROW_BYTES
    if file.kind == "json":
        return size // ROW_BYTES
    file.file.seek(0)
    lines = sum(chunk.count(b"\n") for chunk in iter(partial(file.file.read, CHUNK), b""))
    return max(lines, size // ROW_BYTES)


@dataclass(frozen=True, slots=True)
class Submission:
    """Files and how to take them: several only of the portal, `sheet` only of a workbook.

    `profile` is the name of an import profile, `read_by` what it says, once that was looked up.
    """

    files: Sequence[ImportFile]
    options: ImportOptions
    layout: Literal[ImportLayout, "portal"] = "auto"
    sheet: str | None = None
    create_units: bool = False
    profile: str | None = None
    read_by: ImportProfileOut | None = None

    def __post_init__(self) -> None:
        """Invalid where something is asked for that would change nothing."""
        if self.sheet is not None and (self.layout == "portal" or any(each.kind != "xlsx" for each in self.files)):
            raise NO_WORKBOOK.error(faults=[WITHOUT_WORKBOOK])
        if self.profile is not None and self.layout != "auto":
            raise Fault(LAID_OUT, parameter="layout").error()
        if self.create_units and self.layout != "portal":
            raise NO_PORTAL.error(faults=[WITHOUT_PORTAL])

    @property
    def reads(self) -> bool:
        """Whether nothing is written, not even to be taken back."""
        return self.options.dry_run and not self.create_units


class ImportStopped(Exception):  # noqa: N818 - nothing is wrong with the import
    """Somebody asked for the import to stop before its file was read to the end."""


class ImportProgress:
    """How many rows an import has read, for other threads to see, and their way to stop it.

    The count begins anew where the file has to be read a second time.
    """

    def __init__(self) -> None:
        self.read = 0
        self.stopped = False

    def note(self, read: int) -> None:
        self.read = read

    def over(self, rows: Rows) -> Rows:
        """The same rows, watched."""
        return _RowsWithProgress(rows, self)


@dataclass(frozen=True, slots=True)
class _RowsWithProgress:
    rows: Rows
    watch: ImportProgress

    def __iter__(self) -> Iterator[RowBlock | Row]:
        read, due = 0, STEP
        for row in self.rows:
            read += row.figures if isinstance(row, RowBlock) else 1
            if read >= due:
                self.watch.note(read)
                if self.watch.stopped:
                    raise ImportStopped
                due = read + STEP
            yield row
        self.watch.note(read)


def import_files(
    session: Session,
    caller: Caller,
    given: Submission,
    watch: ImportProgress,
    record: ImportRow | None = None,
    target: Target | None = None,
) -> ImportRow:
    """Import what was handed in: returns and raises what `import_values` does, and Stopped when the watch says so.

    A file that is refused as a whole, for its header or for what it is, is answered as one whose rows are.
    """
    began = now(session)
    try:
        done = _imported(session, caller, given, watch, record, target)
    except Invalid as refusal:
        if is_of_request(refusal):
            raise
        if not given.options.dry_run:
            raise counted(refusal) from None
        return rejected(new_record(caller, began), refusal)
    if not given.options.dry_run:
        give_time_back(session, began)
    return done


def is_of_request(refusal: Invalid) -> bool:
    """Whether a parameter is refused, not the file."""
    return any(fault.parameter for fault in refusal.faults)


def rows_of(session: Session, given: Submission) -> RowsOfFile:
    """The rows of the one file of a submission that is not of the portal."""
    assert given.layout != "portal"
    (file,) = given.files
    kinds, names = load_indicators(session)
    parts: Sequence[BinaryIO | ExtractedSheet] = file.extracted or [file.file]
    locale = given.options.locale
    return RowsOfFile(parts, file.kind, file.charset, given.sheet, given.layout, kinds, names, given.read_by, locale)


def with_profile(session: Session, given: Submission) -> Submission:
    """The same, knowing what its import profile says. Raises NotFound where there is none of its name.

    Invalid `period_with_profile` where the request names another period than columns or sheets are of.
    """
    if given.profile is None or given.read_by is not None:
        return given
    profile = get_profile(session, given.profile)
    periods = dict.fromkeys(each["period"] for each in (*profile["columns"], *profile["sheets"]) if each["period"])
    if given.options.period is not None and periods.keys() - {given.options.period}:
        context = {"name": given.profile, "periods": ", ".join(filter(None, periods))[:200]}
        raise Fault(PERIOD_STATED, context, parameter="period", value=given.options.period).error()
    return replace(given, read_by=profile, options=with_defaults(given.options, profile))


def with_defaults(options: ImportOptions, profile: ImportProfile) -> ImportOptions:
    """The options, a profile's where the request says nothing."""
    return replace(
        options,
        period=options.period or profile["period"],
        source=options.source or profile["source"],
        locale=profile["locale"] if options.locale == "auto" else options.locale,
    )


def sheets_wanted(given: Submission) -> str | Sequence[str] | None:
    """Which sheets of a workbook are read: as `extract_sheets` takes them."""
    return wanted_sheets(given.sheet, given.read_by)


def _imported(
    session: Session,
    caller: Caller,
    given: Submission,
    watch: ImportProgress,
    record: ImportRow | None,
    target: Target | None,
) -> ImportRow:
    if given.layout == "portal":
        return import_portal(
            session,
            caller,
            [each.file for each in given.files],
            given.options,
            create_units=given.create_units,
            record=record,
            target=target,
        )
    given = with_profile(session, given)
    if given.read_by is not None:
        record = record or new_record(caller, now(session))
        record.profile = used(given.read_by)
    rows = rows_of(session, given)
    return import_values(session, caller, watch.over(rows), given.options, record, target=target, noted=rows.left_out)
