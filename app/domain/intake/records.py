"""Records of JSON read into long rows: one figure each, or wide as a table may be, with a key per indicator.

The keys of a record are to it what the header is to a table; but every record has its own, so a key that means nothing
costs one figure, not the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.input_location import HeaderColumns, InputLocation, RowWithoutFigure, UnreadableFigure
from app.domain.intake.headers import COMMON, known_wide_names, parts_of
from app.domain.intake.import_row import FIELD_UNKNOWN, FIELDS, READ_ONLY
from app.domain.intake.layouts import FigureCells, ImportLayout, by_indicator
from app.domain.intake.row_figures import IndicatorKind
from app.domain.suggest import Suggester
from app.errors import ErrorCode, Fault

OF_LONG = frozenset((*FIELDS, *READ_ONLY)).difference(COMMON)
"""The fields by which a record shows that it is long."""
MOST_FORMS = 1_000
"""Records mostly have the same keys; so many sets of them are remembered, then the memory begins anew."""

INDICATORS_MISSING = ErrorCode(
    "field_missing",
    "This record names no indicator: give each a key under its code, as `on_time` (GET /v1/indicators lists them).",
    "Dòng không có chỉ số nào: mỗi chỉ số cần một trường mang mã của nó, như `on_time` (xem GET /v1/indicators).",
)


def read_records(
    records: Iterable[tuple[InputLocation, object]], kinds: Mapping[str, IndicatorKind], layout: ImportLayout = "auto"
) -> Iterator[tuple[InputLocation, object]]:
    """One long row per figure, with its place; of a wide record the figures that it states, or that
    it states none.

    `auto` is long where a record has `indicator` or another field of a figure, or shared fields alone; else wide.
    A key that a wide record cannot have is a figure that cannot be read: `field_unknown`, with a suggestion.
    """
    forms = _Forms(kinds)
    for place, record in records:
        if isinstance(record, dict) and _is_wide(record, layout):
            yield from forms[tuple(record)].rows(place, list(record.values()))
        else:
            yield place, record


def _is_wide(record: Mapping[str, object], layout: ImportLayout) -> bool:
    if layout != "auto":
        return layout == "wide"
    return OF_LONG.isdisjoint(record) and not record.keys() <= set(COMMON)


@dataclass(frozen=True, slots=True)
class _Form:
    """What the keys of a record mean; `unknown` are faults that do not know their place yet, by their keys."""

    figures: Sequence[FigureCells]
    unknown: Mapping[str, Fault]

    def rows(self, place: InputLocation, cells: Sequence[object]) -> Iterator[tuple[InputLocation, object]]:
        for key, fault in self.unknown.items():
            yield place, UnreadableFigure((place.at(key[:60], fault),))
        stated = [figure for figure in self.figures if figure.is_stated(cells)]
        for figure in stated:
            yield place._replace(columns=figure.columns), _raw(figure, cells)
        if not stated and not self.unknown and (shared := self.figures[0].shared()).says_anything(cells):
            yield place, RowWithoutFigure(_raw(shared, cells))


class _Forms(dict[tuple[str, ...], _Form]):
    """The form of every set of keys that was met."""

    def __init__(self, kinds: Mapping[str, IndicatorKind], *, most: int = MOST_FORMS) -> None:
        super().__init__()
        self.most = most
        self.known = frozenset(COMMON).union(part for code in kinds for part in parts_of(code).values())
        self.shown, self.near = known_wide_names(kinds), Suggester(self.known)

    def __missing__(self, keys: tuple[str, ...]) -> _Form:
        if len(self) >= self.most:
            self.clear()
        self[keys] = form = self._made(keys)
        return form

    def _made(self, keys: tuple[str, ...]) -> _Form:
        found = by_indicator({key: column for column, key in enumerate(keys) if key in self.known})
        unknown = {key: self._fault(key) for key in keys if key not in self.known}
        if not found and not unknown:
            unknown[""] = Fault(INDICATORS_MISSING)
        return _Form([_figure(code, cells) for code, cells in found.items()], unknown)

    def _fault(self, key: str) -> Fault:
        context = {"name": key[:60], "known": self.shown}
        return Fault(FIELD_UNKNOWN, context, suggestion=self.near(key))


def _raw(figure: FigureCells, cells: Sequence[object]) -> dict[str, object]:
    return {field: cells[column] for field, column in figure.cells.items()} | dict(figure.fixed)


def _figure(code: str, cells: Mapping[str, int]) -> FigureCells:
    """The figure of an indicator; what is missing of it is missing under its key too."""
    return FigureCells(cells, {"indicator": code}, HeaderColumns(parts_of(code)))
