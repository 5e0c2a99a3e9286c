"""Tables as people lay them out, read into long rows: one figure each, with the place of every field of it.

`long` has a column per field of a value; `wide` a unit a line and a column per indicator (`code`, or both of
`code.numerator` and `code.denominator`), with `period`, `source`, `observed_at` and `note` as shared columns.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.figures import NOTHING
from app.domain.intake.line import FIELDS, READ_ONLY
from app.domain.intake.line_figures import Kind
from app.domain.place import Columns, Place, Unread
from app.domain.suggest import nearest
from app.domain.vietnamese import nfc
from app.errors import Fault, Invalid, Text

Layout = Literal["auto", "long", "wide"]

TITLES = {
    "unit": "Đơn vị",
    "period": "Kỳ",
    "indicator": "Chỉ số",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "value": "Giá trị",
    "source": "Nguồn",
    "observed_at": "Thời điểm tra cứu",
    "note": "Ghi chú",
    "known_at": "Thời điểm ghi nhận",
    "import_id": "Lần nhập",
}
"""The headings of the service's own exports, so that what was fetched can be mended and sent back."""
UNIT_NAMES = ("unit", "code", "mã", "mã đơn vị", TITLES["unit"])
SHARED = ("period", "source", "observed_at", "note")
FIGURES = ("numerator", "denominator", "value")
LOCAL_OFFSET = "+07:00"
"""Moments in a workbook carry no zone; offices write local time."""

HEADER_REFUSED = Text(
    "The header cannot be read; {count} thing(s) must be mended.",
    "Không đọc được dòng tiêu đề; có {count} chỗ cần sửa.",
)
COLUMN_UNKNOWN = Text(
    "There is no column `{name}` here; known are {known}.", "Không có cột `{name}`; các cột được nhận: {known}."
)
COLUMN_DUPLICATE = Text(
    "The column `{name}` says the same as the column `{other}`; keep one of them.",
    "Cột `{name}` trùng ý nghĩa với cột `{other}`; hãy giữ lại một cột.",
)
COLUMN_MISSING = Text(
    "The table has no column `{name}`, or it is named otherwise.", "Bảng không có cột `{name}`, hoặc cột mang tên khác."
)
PAIR_BROKEN = Text(
    "`{name}` stands without its partner `{other}`; counts come in pairs.",
    "Cột `{name}` thiếu cột đi kèm `{other}`; số lượng phải đi theo cặp.",
)
COUNTS_UNEXPECTED = Text(
    "{indicator} is a {kind}, not a ratio: it has no numerator and denominator.",
    "{indicator} là loại {kind}, không phải tỷ lệ: không có tử số và mẫu số.",
)
OUTSIDE = Text("The column of `{value}` has no header.", "Cột chứa `{value}` không có tiêu đề.")
PERCENT_UNEXPECTED = Text(
    "The cell is shown as a percentage ({value} %), which cannot stand here.",
    "Ô được hiển thị dạng phần trăm ({value} %), không thể ghi ở đây.",
)
INDICATORS = Text("the codes of indicators", "mã các chỉ số")


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its header and that row's number, and each row with its number (or what is wrong with it).

    Cells: text; numbers as int or Decimal; a Fraction for a number shown as a percentage; naive dates and datetimes;
    bool; None where empty; a Fault, with row and column, for a cell that must not be read. `letters` and `prefix`
    (`Sheet1!`) name the cells of a workbook, else they are empty.
    """

    header: Sequence[str]
    rows: Iterable[tuple[int, Sequence[object] | Fault]] = ()
    header_row: int = 1
    letters: Sequence[str] = ()
    prefix: str = ""


Raw = dict[str, object] | Unread
"""A long row for `read_line`, or why there is none."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The cells of one figure in a row: the column of each field, what holds for all rows, how faults name places."""

    cells: Mapping[str, int]
    fixed: Mapping[str, str]
    columns: Columns

    def is_stated(self, cells: Sequence[object]) -> bool:
        """Whether a cell of the figure itself says something."""
        return not all(says_nothing(cells[place]) for field, place in self.cells.items() if field in FIGURES)


@dataclass(frozen=True, slots=True)
class Form:
    """How a table is laid out: its figures, whether a row holds those alone that it states, columns without a name."""

    figures: Sequence[Figure]
    wide: bool
    nameless: Sequence[int]

    def stray(self, cells: Sequence[object], number: int) -> Fault | None:
        """What is wrong with a row that says something in a column without a header."""
        cell = next((cells[place] for place in self.nameless if not says_nothing(cells[place])), None)
        if cell is None or isinstance(cell, Fault):
            return cell
        return Fault("cell_outside", OUTSIDE, {"value": str(cell)[:100]}, row=number)


def form_of(table: Table, kinds: Mapping[str, Kind], layout: Layout = "auto") -> Form:
    """The form that a table's header has. `kinds` are the indicators that are known.

    `auto` is long where there is a column `indicator`, else wide. Raises Invalid `header_invalid`, its faults at the
    header's row: `column_unknown` with a suggestion, `column_duplicate`, `column_missing`, `pair_incomplete`,
    `counts_not_expected`.
    """
    names = [nfc(name).strip() for name in table.header]
    known = {alias.casefold(): field for field in (*FIELDS, *READ_ONLY) for alias in (field, TITLES.get(field, field))}
    is_long = layout == "long" or (
        layout == "auto" and any(known.get(name.casefold()) == "indicator" for name in names)
    )
    header = _Header(table, names, known if is_long else _wide_names(kinds))
    figures = _long(header) if is_long else _wide(header, kinds)
    return Form(figures, not is_long, [place for place, name in enumerate(names) if not name])


def read_rows(table: Table, kinds: Mapping[str, Kind], layout: Layout = "auto") -> Iterator[tuple[Place, Raw]]:
    """One long row per figure, with its place; of a wide row only the figures that it states. Raises as `form_of`."""
    return _figures(table, form_of(table, kinds, layout), kinds)


class _Header:
    """The columns of a table by what they mean, and the faults of its names."""

    def __init__(self, table: Table, names: Sequence[str], known: Mapping[str, str]) -> None:
        self.table, self.names, self.faults = table, names, list[Fault]()
        self.columns: dict[str, int] = {}
        for place, name in enumerate(names):
            if name:
                self._take(place, name, known)

    def _take(self, place: int, name: str, known: Mapping[str, str]) -> None:
        field = known.get(name.casefold())
        if field is None:
            shown = [each for each in known if "." not in each and each in known.values()]
            context = {"name": name[:60], "known": ", ".join(shown[:20])}
            near = nearest(name.casefold(), known)
            self.fault("column_unknown", COLUMN_UNKNOWN, name, context, suggestion=near)
        elif field in self.columns:
            context = {"name": name, "other": self.names[self.columns[field]]}
            self.fault("column_duplicate", COLUMN_DUPLICATE, name, context)
        else:
            self.columns[field] = place

    def fault(
        self, code: str, text: Text, name: str, context: Mapping[str, object], suggestion: str | None = None
    ) -> None:
        self.faults.append(
            Fault(code, text, context, row=self.table.header_row, column=name[:100] or None, suggestion=suggestion)
        )

    def demand(self, *fields: str) -> None:
        for name in fields:
            if name not in self.columns:
                self.fault("column_missing", COLUMN_MISSING, name, {"name": name})

    def refuse_faults(self) -> None:
        if self.faults:
            raise Invalid("header_invalid", HEADER_REFUSED, faults=self.faults, count=len(self.faults))

    def figure(self, cells: Mapping[str, int], fixed: Mapping[str, str]) -> Figure:
        headers = {field: self.names[place] for field, place in cells.items()}
        letters = {field: self.table.letters[place] for field, place in cells.items()} if self.table.letters else {}
        return Figure(cells, fixed, Columns(headers, letters, self.table.prefix))


def _long(header: _Header) -> list[Figure]:
    header.demand("unit", "indicator")
    header.refuse_faults()
    cells = {field: place for field, place in header.columns.items() if field in FIELDS}
    return [header.figure(cells, {})]


def _wide_names(kinds: Collection[str]) -> dict[str, str]:
    """What a wide header may name, by its case-folded spelling: fields win over indicators of the same name."""
    parts = {f"{code}{part}": f"{code}{part}" for code in kinds for part in (".numerator", ".denominator")}
    shared = {alias.casefold(): field for field in SHARED for alias in (field, TITLES[field])}
    units = dict.fromkeys((alias.casefold() for alias in UNIT_NAMES), "unit")
    return {code: code for code in kinds} | parts | shared | units


def _wide(header: _Header, kinds: Mapping[str, Kind]) -> list[Figure]:
    header.demand("unit")
    common = {field: place for field, place in header.columns.items() if field in ("unit", *SHARED)}
    codes = dict.fromkeys(field.partition(".")[0] for field in header.columns if field not in common)
    if not codes and not header.faults:
        header.fault("column_missing", COLUMN_MISSING, "", {"name": INDICATORS})
    figures = []
    for code in codes:
        parts = {"value": code, "numerator": f"{code}.numerator", "denominator": f"{code}.denominator"}
        own = {field: header.columns[name] for field, name in parts.items() if name in header.columns}
        _check_pair(header, code, parts, own, kinds[code])
        figures.append(header.figure(common | own, {"indicator": code}))
    header.refuse_faults()
    return figures


def _check_pair(header: _Header, code: str, parts: Mapping[str, str], own: Mapping[str, int], kind: Kind) -> None:
    for field, other in (("numerator", "denominator"), ("denominator", "numerator")):
        if field not in own:
            continue
        name = header.names[own[field]]
        if kind != "ratio":
            header.fault("counts_not_expected", COUNTS_UNEXPECTED, name, {"indicator": code, "kind": kind})
        elif other not in own:
            header.fault("pair_incomplete", PAIR_BROKEN, name, {"name": name, "other": parts[other]})


def _figures(table: Table, form: Form, kinds: Mapping[str, Kind]) -> Iterator[tuple[Place, Raw]]:
    for number, cells in table.rows:
        if isinstance(cells, Fault):
            yield Place(row=number), Unread((cells,))
            continue
        if stray := form.stray(cells, number):
            yield Place(row=number), Unread((stray,))
            continue
        told: set[int] = set()
        for figure in form.figures:
            if not form.wide or figure.is_stated(cells):
                place = Place(row=number, columns=figure.columns)
                yield place, _raw(figure, cells, place, told, kinds)


def says_nothing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in NOTHING)


def _raw(figure: Figure, cells: Sequence[object], place: Place, told: set[int], kinds: Mapping[str, Kind]) -> Raw:
    """The long row of a figure; `told` are the columns of this row whose fault has been named already."""
    raw: dict[str, object] = dict(figure.fixed)
    faults: dict[int, Fault] = {}
    for field, column in figure.cells.items():
        value = _meaning(field, cells[column])
        if isinstance(value, Fault):
            faults[column] = value if value.row is not None else place.at(field, value)
        else:
            raw[field] = value
    column = figure.cells.get("value", -1)
    if column >= 0 and isinstance(cells[column], Fraction) and kinds.get(str(raw.get("indicator")), "ratio") != "ratio":
        faults[column] = place.at("value", _percent_fault(raw["value"]))
    named = tuple(fault for column, fault in faults.items() if column not in told)
    told.update(faults)
    return Unread(named) if faults else raw


def _meaning(field: str, cell: object) -> object:
    """A cell as `read_line` takes it: figures exact, percentages only as a `value`, everything else as text."""
    if cell is None or isinstance(cell, str | Fault):
        return cell or None
    if isinstance(cell, Fraction):
        percent = Decimal(cell.numerator * 100) / Decimal(cell.denominator)
        return percent if field == "value" else _percent_fault(percent)
    if isinstance(cell, datetime):
        return cell.isoformat() + (LOCAL_OFFSET if cell.tzinfo is None else "")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool) and field not in FIGURES:
        return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    return cell


def _percent_fault(percent: object) -> Fault:
    shown = format(percent, "f") if isinstance(percent, Decimal) else str(percent)
    return Fault("percent_not_expected", PERCENT_UNEXPECTED, {"value": shown}, value=f"{shown} %")
