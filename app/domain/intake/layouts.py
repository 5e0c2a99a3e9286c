"""Tables as people lay them out, read into long rows: one figure each, with the place of every field of it.

`long` has a column per field of a value; `wide` a unit a line and a column per indicator (`code`, or both of
`code.numerator` and `code.denominator`), with `period`, `source`, `observed_at` and `note` as shared columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.characters import trimmed
from app.domain.input_location import HeaderColumns, InputLocation, RowWithoutFigure, UnreadableFigure
from app.domain.intake.headers import (
    COMMON,
    Header,
    InputTable,
    figure_names,
    known_wide_names,
    long_names,
    parts_of,
    wide_names,
    with_indicator_names,
)
from app.domain.intake.import_row import FIELDS
from app.domain.intake.left_out import total_label
from app.domain.intake.row_figures import DATE_MADE, IndicatorKind, says_nothing
from app.domain.look_alikes import with_right_letters
from app.domain.rates import percent_of
from app.domain.words import Words
from app.errors import ErrorCode, Fault

ImportLayout = Literal["auto", "long", "wide"]

NO_NAMES = Words[str]()
FIGURES = ("numerator", "denominator", "value")
LOCAL_OFFSET = "+07:00"
"""Moments in a workbook carry no zone; offices write local time."""

INDICATORS_MISSING = ErrorCode(
    "column_missing",
    "The table names no indicator: give each a column under its code, as `on_time` (GET /v1/indicators lists them).",
    "Bảng không có chỉ số nào: mỗi chỉ số cần một cột mang mã của nó, như `on_time` (xem GET /v1/indicators).",
)
PAIR_BROKEN = ErrorCode(
    "pair_incomplete",
    "`{name}` stands without its partner `{other}`: give both, or a numerator beside the rate itself.",
    "Cột `{name}` thiếu cột đi kèm `{other}`: hãy ghi cả hai cột, hoặc cột tử số bên cạnh chính cột tỷ lệ.",
)
COUNTS_UNEXPECTED = ErrorCode(
    "counts_not_expected",
    "{indicator} is a {kind}, not a ratio: write its figure in a column `{indicator}`, without numerator and "
    "denominator.",
    "{indicator} là loại {kind}, không phải tỷ lệ: hãy ghi số liệu trong cột `{indicator}`, không ghi tử số và mẫu số.",
)
OUTSIDE = ErrorCode(
    "cell_outside",
    "The column of `{value}` has no header; name the column in the header row, or delete the cell.",
    "Cột chứa `{value}` không có tiêu đề; hãy ghi tên cột ở dòng tiêu đề, hoặc xóa ô này.",
)
PERCENT_UNEXPECTED = ErrorCode(
    "percent_not_expected",
    "The cell is shown as a percentage ({value}%), which cannot stand here; format it as a number, then type the "
    "figure again.",
    "Ô được hiển thị dạng phần trăm ({value}%), không thể ghi ở đây; hãy định dạng ô là số (Number) rồi nhập lại.",
)

OUT_OF_PLACE = ""
"""The field under which a row carries what is wrong with it apart from its own fields."""
Raw = dict[str, object] | UnreadableFigure
"""A long row for `read_row`, of which a field may be a Fault; or why there is none."""
RawOfTable = Raw | RowWithoutFigure
"""The same of a table, of which a wide row may state no figure."""


@dataclass(frozen=True, slots=True)
class FigureCells:
    """The cells of one figure in a row: the column of each field, what holds for all rows, how faults name places.

    `labels` are columns that are not read, but may label a row as a total.
    """

    cells: Mapping[str, int]
    fixed: Mapping[str, str]
    columns: HeaderColumns
    labels: Sequence[int] = ()

    def is_stated(self, cells: Sequence[object]) -> bool:
        """Whether a cell of the figure itself says something."""
        return not all(says_nothing(cells[place]) for field, place in self.cells.items() if field in FIGURES)

    def shared(self) -> "FigureCells":
        """The cells that all figures of a row share, which are what a row says that states none."""
        return FigureCells(
            {field: self.cells[field] for field in COMMON if field in self.cells}, {}, self.columns, self.labels
        )

    def says_anything(self, cells: Sequence[object]) -> bool:
        return not all(says_nothing(cells[place]) for place in self.cells.values())


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a table is laid out: its figures, whether a row holds those alone that it states, columns without a name."""

    figures: Sequence[FigureCells]
    wide: bool
    nameless: Sequence[int]

    def stray(self, cells: Sequence[object], number: int) -> Fault | None:
        """What is wrong with a row that says something in a column without a header."""
        cell = next((cells[place] for place in self.nameless if not says_nothing(cells[place])), None)
        if cell is None or isinstance(cell, Fault):
            return cell
        return Fault(OUTSIDE, {"value": str(cell)[:100]}, row=number)


def form_of(
    table: InputTable,
    kinds: Mapping[str, IndicatorKind],
    layout: ImportLayout = "auto",
    names: Words[str] = NO_NAMES,
) -> TableLayout:
    """The form that a table's header has. `kinds` are the indicators that are known, `names` their codes by what they
    are called.

    `auto` is long where there is a column `indicator`, else wide. Raises Invalid `header_invalid`, its faults at the
    header's row: `column_unknown` with a suggestion, `column_duplicate`, `column_missing`, `pair_incomplete`,
    `counts_not_expected`, or alone `header_missing`, where the row names nothing.
    """
    known = long_names()
    meant = {known.get(with_right_letters(trimmed(name)).casefold()) for name in table.header}
    is_long = layout == "long" or (layout == "auto" and "indicator" in meant)
    if is_long:
        header = Header(table, known, ", ".join(FIELDS))
        figures = _long(header)
    else:
        known = with_indicator_names(wide_names(kinds), table.header, names)
        header = Header(table, known, known_wide_names(kinds), figure_names(known, table.header, names))
        figures = _wide(header, kinds)
    return TableLayout(figures, not is_long, [place for place, name in enumerate(header.names) if not name])


def read_rows(
    table: InputTable,
    kinds: Mapping[str, IndicatorKind],
    layout: ImportLayout = "auto",
    names: Words[str] = NO_NAMES,
) -> Iterator[tuple[InputLocation, RawOfTable]]:
    """One long row per figure, with its place: of a wide row the figures that it states, or that it states none.

    Raises as `form_of`.
    """
    return _figures(table, form_of(table, kinds, layout, names), kinds)


def _long(header: Header) -> list[FigureCells]:
    header.demand("unit", "indicator")
    header.refuse_faults()
    cells = {field: place for field, place in header.columns.items() if field in FIELDS}
    return [FigureCells(cells, {}, header.columns_of(cells), header.left_out)]


def _wide(header: Header, kinds: Mapping[str, IndicatorKind]) -> list[FigureCells]:
    header.demand("unit")
    found = by_indicator(header.columns)
    if not found and not header.faults:
        header.fault(INDICATORS_MISSING, "", {})
    for code, cells in found.items():
        _check_pair(header, code, cells, kinds[code])
    header.refuse_faults()
    return [
        FigureCells(cells, {"indicator": code}, header.columns_of(cells), header.left_out)
        for code, cells in found.items()
    ]


def by_indicator(columns: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """The indicators that wide columns name, each with the column of every field of its figure."""
    common = {field: place for field, place in columns.items() if field in COMMON}
    codes = dict.fromkeys(name.partition(".")[0] for name in columns if name not in common)
    return {
        code: common | {field: columns[name] for field, name in parts_of(code).items() if name in columns}
        for code in codes
    }


def _check_pair(header: Header, code: str, cells: Mapping[str, int], kind: IndicatorKind) -> None:
    for field, other, stands_with in (("numerator", "denominator", "value"), ("denominator", "numerator", None)):
        if field not in cells:
            continue
        name = header.names[cells[field]]
        if kind != "ratio":
            header.fault(COUNTS_UNEXPECTED, name, {"indicator": code, "kind": kind})
        elif other not in cells and stands_with not in cells:
            header.fault(PAIR_BROKEN, name, {"name": name, "other": parts_of(code)[other]})


def _figures(
    table: InputTable, form: TableLayout, kinds: Mapping[str, IndicatorKind]
) -> Iterator[tuple[InputLocation, RawOfTable]]:
    for number, cells in table.rows:
        yield from figures_of(form, number, cells, kinds)


def figures_of(
    form: TableLayout, number: int, cells: Sequence[object] | Fault, kinds: Mapping[str, IndicatorKind]
) -> Iterator[tuple[InputLocation, RawOfTable]]:
    """The long rows of one row of a table; where it cannot be read, what is wrong with it; what else it says where it
    states no figure.
    """
    if isinstance(cells, Fault):
        yield InputLocation(row=number), UnreadableFigure((cells,))
        return
    stray = form.stray(cells, number)
    stated = [figure for figure in form.figures if not form.wide or figure.is_stated(cells)]
    if stray is not None and not stated:
        yield InputLocation(row=number), UnreadableFigure((stray,))
    elif not stated and (shared := form.figures[0].shared()).says_anything(cells):
        place = InputLocation(row=number, columns=shared.columns)
        yield place, RowWithoutFigure(_raw(shared, cells, place, kinds))
    for figure in stated:
        place = InputLocation(row=number, columns=figure.columns)
        raw = _raw(figure, cells, place, kinds)
        yield place, raw if stray is None else {**raw, OUT_OF_PLACE: stray}


def _raw(
    figure: FigureCells, cells: Sequence[object], place: InputLocation, kinds: Mapping[str, IndicatorKind]
) -> dict[str, object]:
    """The long row of a figure; a cell that cannot be read is a field that is its fault."""
    raw: dict[str, object] = dict(figure.fixed)
    for field, column in figure.cells.items():
        value = _meaning(field, cells[column])
        raw[field] = place.at(field, value) if isinstance(value, Fault) and value.row is None else value
    if figure.labels and says_nothing(raw["unit"]):
        raw["unit"] = total_label(cells, figure.labels)
    column = figure.cells.get("value", -1)
    cell = cells[column] if column >= 0 else None
    if isinstance(cell, Fraction) and kinds.get(str(raw.get("indicator")), "ratio") != "ratio":
        raw["value"] = place.at("value", _percent_fault(cell))
    return raw


def _meaning(field: str, cell: object) -> object:
    """A cell as `read_row` takes it: figures exact, percentages only as a `value`, everything else as text."""
    if isinstance(cell, Fault):
        # a date is no figure, whatever its format shows of it
        day = cell.context.get("date") if field in FIGURES else None
        return cell if day is None else Fault(DATE_MADE, {"value": day}, value=str(day))
    if cell is None or isinstance(cell, str):
        return cell or None
    if isinstance(cell, Fraction):
        return cell if field == "value" else _percent_fault(cell)
    if isinstance(cell, date) and field in FIGURES:
        shown = cell.isoformat()
        return Fault(DATE_MADE, {"value": shown}, value=shown)
    if isinstance(cell, datetime):
        return cell.isoformat() + (LOCAL_OFFSET if cell.tzinfo is None else "")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool) and field not in FIGURES:
        return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    return cell


def _percent_fault(cell: Fraction) -> Fault:
    shown = f"{percent_of(cell):f}"
    return Fault(PERCENT_UNEXPECTED, {"value": shown}, value=f"{shown}%")
