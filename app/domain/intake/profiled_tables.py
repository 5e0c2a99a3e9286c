"""A table as its import profile says that it is laid out.

With it the table has the same form as any other (`TableLayout`): what is wrong with a cell is named at its row and
heading, as they stand in the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from app.domain.characters import trimmed
from app.domain.figure_parser import SHARE_PLACES, Locale, Printed, read_figure
from app.domain.figures import DECIMALS
from app.domain.input_location import HeaderColumns, InputLocation
from app.domain.intake.headers import COLUMN_UNKNOWN, HEADER_REFUSED, InputTable
from app.domain.intake.layouts import FIGURES, FigureCells, RawOfTable, TableLayout, figures_of
from app.domain.intake.profiles import PLACES, RATES, SHARED, ImportProfile, ProfileColumn, Scale
from app.domain.intake.row_figures import IndicatorKind
from app.domain.suggest import Suggester
from app.domain.words import Words
from app.errors import MOST_HEADER_FAULTS, ErrorCode, Fault, Faults

HEADING_MISSING = ErrorCode(
    "column_missing",
    "The import profile names the heading `{name}`, and row {row} has none of this name; it has {found}. Mend the "
    "heading, or change the profile (`columns`, `skip_rows`, `heading_rows`).",
    "Mẫu nhập nêu cột `{name}`, nhưng dòng {row} không có tiêu đề này; có: {found}. Hãy sửa lại tiêu đề, hoặc sửa mẫu "
    "nhập (`columns`, `skip_rows`, `heading_rows`).",
)
HEADING_TWICE = ErrorCode(
    "column_duplicate",
    "The import profile names the heading `{name}`, and row {row} has it over several columns ({places}). Leave one of "
    "them, or tell them apart (`heading_rows` reads headings of several rows).",
    "Mẫu nhập nêu cột `{name}`, nhưng dòng {row} có tiêu đề này ở nhiều cột ({places}). Hãy giữ lại một cột, hoặc đặt "
    "tên phân biệt (`heading_rows` đọc tiêu đề nhiều dòng).",
)
ROWS_LEFT_OUT = ErrorCode(
    "rows_left_out",
    "{count} row(s) were not read ({rows}): the import profile says that what they name is no unit (`unit` null).",
    "Không đọc {count} dòng ({rows}): mẫu nhập ghi rằng tên ở các dòng này không phải là đơn vị (`unit` là null).",
)
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """The columns of a figure, and how those are printed that are not in the unit of the indicator."""

    cells: FigureCells
    scales: Mapping[int, Scale]


class ProfiledTable:
    """A table, read by a profile. Raises Invalid `header_invalid` where the headings are others.

    `column_unknown`: a heading that the profile does not name; `column_missing`: one that the table does not have.
    """

    def __init__(self, table: InputTable, profile: ImportProfile, sheet: str, locale: Locale) -> None:
        self.table, self.profile, self.locale = table, profile, locale
        self.units = Words((each["text"], each["unit"]) for each in profile["units"])
        self.indicators = Words((each["text"], each["indicator"]) for each in profile["indicators"])
        sheets = profile["sheets"]
        places = Words((each["sheet"], place) for place, each in enumerate(sheets)).meanings(sheet)
        self.about = sheets[min(places)] if places else None
        self.left_out: list[int] = []
        self.places = self._places()
        columns = profile["columns"]
        self.shared: dict[str, int] = {each["field"]: self._place(each) for each in columns if each["field"] in SHARED}
        self.labels = [self._place(each) for each in columns if each["field"] == "ignored"]
        self.figures = list(self._figures())

    def rows(self, kinds: Mapping[str, IndicatorKind]) -> Iterator[tuple[InputLocation, RawOfTable]]:
        """One long row per figure, as `read_rows` gives them."""
        layout = TableLayout([each.cells for each in self.figures], wide=True, nameless=self._nameless())
        unit = self.shared.get("unit")
        for number, cells in self.table.rows:
            if isinstance(cells, Fault):
                yield from figures_of(layout, number, cells, kinds)
            elif unit is not None and self.units.meanings(_text(cells[unit])) == {None}:
                self.left_out.append(number)
            else:
                yield from figures_of(layout, number, self._translated(cells), kinds)

    def warnings(self) -> Iterator[Fault]:
        """`rows_left_out`, one for all of the rows that were read until now and are of no unit."""
        if self.left_out:
            rows = ", ".join(f"{self.table.prefix}{number}" for number in self.left_out[:MOST_NAMED])
            shown = rows + ", …" * (len(self.left_out) > MOST_NAMED)
            yield Fault(ROWS_LEFT_OUT, {"count": len(self.left_out), "rows": shown}, row=self.left_out[0])

    def _translated(self, cells: Sequence[object]) -> Sequence[object]:
        """A row in our words: units and indicators by their codes, figures in the units in which they are kept."""
        row = list(cells)
        for field, words in (("unit", self.units), ("indicator", self.indicators)):
            if field in self.shared:
                place = self.shared[field]
                codes = words.meanings(_text(row[place]))
                row[place] = codes.pop() if len(codes) == 1 else row[place]
        for figure in self.figures:
            for place, scale in figure.scales.items():
                row[place] = in_own_unit(row[place], scale, self.locale)
        return row

    def _places(self) -> dict[str, int]:
        """Where each heading of the profile stands in the table."""
        named = [each["heading"] for each in self.profile["columns"]]
        words, found = Words((heading, heading) for heading in named), dict[str, list[int]]()
        faults, near = Faults(most=MOST_HEADER_FAULTS), Suggester(named)
        row = self.table.header_row
        for place, heading in enumerate(self.table.header):
            meant = words.meanings(heading)
            if len(meant) == 1:
                found.setdefault(meant.pop(), []).append(place)
            elif trimmed(heading) and self.profile["unlisted"] == "refuse":
                context = {"name": heading[:60], "known": ", ".join(named)[:500]}
                faults.add(Fault(COLUMN_UNKNOWN, context, row=row, column=heading[:100], suggestion=near(heading)))
        for heading in named:
            if len(places := found.get(heading, ())) != 1:
                faults.add(self._twice(heading, places) if places else self._missing(heading))
        if faults:
            raise HEADER_REFUSED.error(faults=faults, count=faults.count)
        return {heading: places[0] for heading, places in found.items()}

    def _missing(self, heading: str) -> Fault:
        row, there = self.table.header_row, ", ".join(filter(None, self.table.header))[:500]
        return Fault(HEADING_MISSING, {"name": heading[:60], "row": row, "found": there}, row=row, column=heading[:100])

    def _twice(self, heading: str, places: Sequence[int]) -> Fault:
        row, letters = self.table.header_row, self.table.letters
        columns = ", ".join(letters[place] if letters else str(place + 1) for place in places[:MOST_NAMED])
        context = {"name": heading[:60], "row": row, "places": columns + ", …" * (len(places) > MOST_NAMED)}
        return Fault(HEADING_TWICE, context, row=row, column=heading[:100])

    def _place(self, column: ProfileColumn) -> int:
        return self.places[column["heading"]]

    def _nameless(self) -> list[int]:
        """Columns without a heading, in which nothing may stand, unless such columns are ignored."""
        header = self.table.header if self.profile["unlisted"] == "refuse" else ()
        return [place for place, heading in enumerate(header) if not trimmed(heading)]

    def _figures(self) -> Iterator[FigureColumn]:
        """What the columns hold, by the indicator and the period of their figures."""
        unit, month = (None, None) if self.about is None else (self.about["unit"], self.about["period"])
        figures: dict[tuple[str | None, str | None], list[ProfileColumn]] = {}
        for each in self.profile["columns"]:
            if each["field"] in FIGURES:
                key = each["indicator"] or self.profile["indicator"], each["period"] or month
                figures.setdefault(key, []).append(each)
        for (indicator, period), columns in figures.items():
            named = {"indicator": indicator, "period": period, "unit": unit}
            fixed = {name: said for name, said in named.items() if said is not None and name not in self.shared}
            cells: dict[str, int] = {**self.shared, **{each["field"]: self._place(each) for each in columns}}
            scales = {self._place(each): each["scale"] for each in columns if each["scale"] != "one"}
            labels = self.labels if "unit" in self.shared else ()
            yield FigureColumn(FigureCells(cells, fixed, self._columns(cells), labels), scales)

    def _columns(self, cells: Mapping[str, int]) -> HeaderColumns:
        headers = {field: self.table.header[place] for field, place in cells.items()}
        letters = {field: self.table.letters[place] for field, place in cells.items()} if self.table.letters else {}
        return HeaderColumns(headers, letters, self.table.prefix)


def in_own_unit(cell: object, scale: Scale, locale: Locale) -> object:
    """A figure in the unit of its indicator, exactly; what is no plain figure stays as it is, for others to name.

    A rate becomes a Fraction, as a cell that is shown as a percentage is; one with a percent sign says itself what it
    is.

    >>> in_own_unit("0,924", "fraction", "vi"), in_own_unit(92, "percent", "vi"), in_own_unit("92%", "percent", "vi")
    (Fraction(231, 250), Fraction(23, 25), '92%')
    >>> in_own_unit("1,25", "thousand", "vi"), in_own_unit("12/13", "thousand", "vi")
    (Decimal('1250'), '12/13')
    """
    places, whole = PLACES.get(scale, 0), RATES.get(scale)
    most = DECIMALS + (SHARE_PLACES if whole == 1 else places)
    figure = read_figure(cell, locale, most_decimals=most) if isinstance(cell, str) else cell
    if isinstance(cell, str) and isinstance(figure, Fault):
        return replace(figure, value=cell)  # read once more as it stands it could be a figure of another size
    if isinstance(figure, Printed):
        figure = cell if figure.percent or figure.denominator is not None else figure.value
    if isinstance(figure, bool) or not isinstance(figure, int | Decimal):
        return cell
    return tenfold(Decimal(figure), places) if whole is None else Fraction(figure) / whole


def tenfold(figure: Decimal, times: int) -> Decimal:
    """A figure times ten, so many times; exact, and without an exponent where it had none.

    >>> tenfold(Decimal("0.12345678901234567890123456789012"), 3), tenfold(Decimal(12), 6)
    (Decimal('123.45678901234567890123456789012'), Decimal('12000000'))
    """
    sign, digits, exponent = figure.as_tuple()
    assert isinstance(exponent, int)
    if exponent > 0:
        return Decimal((sign, digits, exponent + times))
    surplus = max(exponent + times, 0)
    return Decimal((sign, digits + (0,) * surplus, exponent + times - surplus))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
