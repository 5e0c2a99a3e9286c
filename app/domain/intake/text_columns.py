"""Tables whose cells are all text, read column by column: so a million rows cost few steps each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Protocol

from app.domain.input_location import InputLocation
from app.domain.intake.headers import InputTable
from app.domain.intake.layouts import NO_NAMES, FigureCells, ImportLayout, RawOfTable, TableLayout, figures_of, form_of
from app.domain.intake.left_out import total_label
from app.domain.intake.row_figures import IndicatorKind, says_nothing
from app.domain.words import Words
from app.errors import Fault

FIGURES_AT_ONCE = 1_000
"""Figures that are held at once. So few stay in the processor's cache from step to step: ten thousand took a fifth
longer, and five hundred a twentieth, for each handful has queries of its own."""


class TextRows(Protocol):
    """Rows to be taken in handfuls."""

    def take(self, size: int) -> tuple[Sequence[int], list[list[str]], list[Fault]] | None:
        """Numbers and cells of the next rows and what is wrong with others among them; None behind the last one."""


@dataclass(frozen=True, slots=True)
class FigureTexts:
    """One figure of many rows: the numbers of the rows, and the texts of every field in their order."""

    figure: FigureCells
    numbers: Sequence[int]
    fields: Mapping[str, Sequence[str]]

    def column(self, field: str) -> Sequence[str]:
        """The texts of a field, blank where the table does not have it."""
        held = self.fields.get(field)
        return (self.figure.fixed.get(field, ""),) * len(self.numbers) if held is None else held

    def raw(self, index: int) -> dict[str, object]:
        """The long row at an index."""
        return {**{field: texts[index] for field, texts in self.fields.items()}, **self.figure.fixed}

    def place(self, index: int) -> InputLocation:
        return InputLocation(row=self.numbers[index], columns=self.figure.columns)


Loose = Sequence[tuple[InputLocation, RawOfTable]]
"""Long rows by themselves, with their places."""


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows that were read at once: the texts of every figure, those of wide rows that state none, and by themselves the
    rows with which something is wrong beside their fields."""

    texts: Sequence[FigureTexts]
    unfilled: FigureTexts | None
    loose: Loose

    @property
    def figures(self) -> int:
        """How many figures it has; a row that states none counts as one."""
        texts = [*self.texts, self.unfilled] if self.unfilled else self.texts
        return sum(len(each.numbers) for each in texts) + len(self.loose)


def read_texts(
    rows: TextRows,
    table: InputTable,
    kinds: Mapping[str, IndicatorKind],
    layout: ImportLayout = "auto",
    names: Words[str] = NO_NAMES,
    *,
    figures_at_once: int = FIGURES_AT_ONCE,
) -> Iterator[RowBlock]:
    """The rows below the header of a table, in blocks of so many figures. Raises as `form_of`, at once."""
    form = form_of(table, kinds, layout, names)
    return _blocks(rows, form, kinds, max(1, figures_at_once // len(form.figures)))


def _blocks(rows: TextRows, form: TableLayout, kinds: Mapping[str, IndicatorKind], size: int) -> Iterator[RowBlock]:
    while (taken := rows.take(size)) is not None:
        numbers, cells, faults = taken
        apart: list[tuple[int, list[str] | Fault]] = [(fault.row or 0, fault) for fault in faults]
        if form.nameless:
            stray = [form.stray(row, number) is not None for number, row in zip(numbers, cells, strict=True)]
            apart += compress(zip(numbers, cells, strict=True), stray)
            numbers, cells = _those(numbers, cells, [not each for each in stray])
        loose = [figure for number, row in apart for figure in figures_of(form, number, row, kinds)]
        if form.wide:
            yield _wide_block(form, numbers, cells, loose)
        else:
            yield RowBlock([_long_texts(figure, numbers, cells) for figure in form.figures], None, loose)


def _wide_block(form: TableLayout, numbers: Sequence[int], cells: list[list[str]], loose: Loose) -> RowBlock:
    stated = [[figure.is_stated(row) for row in cells] for figure in form.figures]
    texts = [
        _wide_texts(figure, *_those(numbers, cells, wanted))
        for figure, wanted in zip(form.figures, stated, strict=True)
    ]
    none = [not any(row) for row in zip(*stated, strict=True)]
    if not any(none):
        return RowBlock(texts, None, loose)
    shared = form.figures[0].shared()
    said = [all_empty and shared.says_anything(row) for all_empty, row in zip(none, cells, strict=True)]
    return RowBlock(texts, _wide_texts(shared, *_those(numbers, cells, said)), loose)


def _wide_texts(figure: FigureCells, numbers: Sequence[int], cells: list[list[str]]) -> FigureTexts:
    fields = {field: [row[place] for row in cells] for field, place in figure.cells.items()}
    return FigureTexts(figure, numbers, fields | _labelled(figure, fields["unit"], cells))


def _labelled(figure: FigureCells, units: Sequence[str], cells: list[list[str]]) -> dict[str, Sequence[str]]:
    """The units of rows, totals by their label where they stand in another column."""
    if not figure.labels:
        return {}
    rows = zip(units, cells, strict=True)
    return {"unit": [unit if not says_nothing(unit) else total_label(row, figure.labels) or unit for unit, row in rows]}


def _long_texts(figure: FigureCells, numbers: Sequence[int], cells: list[list[str]]) -> FigureTexts:
    columns = list(zip(*cells, strict=True)) if cells else [()] * (max(figure.cells.values()) + 1)
    fields = {field: columns[place] for field, place in figure.cells.items()}
    return FigureTexts(figure, numbers, fields | _labelled(figure, fields["unit"], cells))


def _those(
    numbers: Sequence[int], cells: list[list[str]], wanted: Sequence[bool]
) -> tuple[Sequence[int], list[list[str]]]:
    return list(compress(numbers, wanted)), list(compress(cells, wanted))
