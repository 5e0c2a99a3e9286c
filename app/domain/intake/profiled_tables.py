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
from app.domain.intake.profiles import PLACES, RATES, SHARED, ImportProfile, ProfileColumn, Scale, folded_words
from app.domain.intake.row_figures import IndicatorKind
from app.domain.suggest import Suggester
from app.errors import MOST_HEADER_FAULTS, ErrorCode, Fault, Faults

HEADING_MISSING = ErrorCode(
    "column_missing",
    "The import profile names the heading `{name}`, and row {row} has none of this name; it has {found}. Mend the "
    "heading, or change the profile (`columns`, `skip_rows`, `heading_rows`).",
    "Mẫu nhập nêu cột `{name}`, nhưng dòng {row} không có tiêu đề này; có: {found}. Hãy sửa lại tiêu đề, hoặc sửa mẫu "
    "nhập (`columns`, `skip_rows`, `heading_rows`).",
)


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
        self.units = {folded_words(each["text"]): each["unit"] for each in profile["units"]}
        self.indicators = {folded_words(each["text"]): each["indicator"] for each in profile["indicators"]}
        named = (each for each in profile["sheets"] if folded_words(each["sheet"]) == folded_words(sheet))
        self.about = next(named, None)
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
            elif unit is None or self.units.get(_words(cells[unit]), "") is not None:
                yield from figures_of(layout, number, self._translated(cells), kinds)

    def _translated(self, cells: Sequence[object]) -> Sequence[object]:
        """A row in our words: units and indicators by their codes, figures in the units in which they are kept."""
        row = list(cells)
        for field, words in (("unit", self.units), ("indicator", self.indicators)):
            if field in self.shared:
                place = self.shared[field]
                row[place] = words.get(_words(row[place])) or row[place]
        for figure in self.figures:
            for place, scale in figure.scales.items():
                row[place] = in_own_unit(row[place], scale, self.locale)
        return row

    def _places(self) -> dict[str, int]:
        """Where each heading of the profile stands in the table, by its folded words."""
        named = {folded_words(each["heading"]): each["heading"] for each in self.profile["columns"]}
        found: dict[str, int] = {}
        faults, near = Faults(most=MOST_HEADER_FAULTS), Suggester(named.values())
        row = self.table.header_row
        for place, heading in enumerate(self.table.header):
            words = folded_words(heading)
            if words in named and words not in found:
                found[words] = place
            elif words and self.profile["unlisted"] == "refuse":
                context = {"name": heading[:60], "known": ", ".join(named.values())[:500]}
                faults.add(Fault(COLUMN_UNKNOWN, context, row=row, column=heading[:100], suggestion=near(heading)))
        there = ", ".join(filter(None, self.table.header))[:500]
        for words, heading in named.items():
            if words not in found:
                said = {"name": heading[:60], "row": row, "found": there}
                faults.add(Fault(HEADING_MISSING, said, row=row, column=heading[:100]))
        if faults:
            raise HEADER_REFUSED.error(faults=faults, count=faults.count)
        return found

    def _place(self, column: ProfileColumn) -> int:
        return self.places[folded_words(column["heading"])]

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


def _words(cell: object) -> str:
    return folded_words(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
