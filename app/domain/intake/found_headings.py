"""Where the headings of a file stand, found by how offices lay out tables: titles, heading rows, figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.intake.heading_meanings import CODES, NUMBERING
from app.domain.intake.left_out import UNIT_NAMES, is_ordinal
from app.domain.intake.title_rows import MOST_ROWS, NumberedRow, is_figure
from app.domain.vietnamese import fold

MOST_HEADING_ROWS = 5


@dataclass(frozen=True, slots=True)
class FoundHeadings:
    """How many rows stand above the headings, of how many rows these are, and the rows of each kind among the first."""

    skip_rows: int
    heading_rows: int
    above: Sequence[NumberedRow]
    heads: Sequence[NumberedRow]
    below: Sequence[NumberedRow]


def find_headings(rows: Sequence[NumberedRow]) -> FoundHeadings | None:
    """The headings of a table of which these are the first rows that say something; None where there is no table.

    >>> rows = [(1, ["BÁO CÁO", ""]), (3, ["Đơn vị", "Đúng hạn"]), (4, ["", "Tỷ lệ"]), (5, ["Xã A", "92,4"])]
    >>> found = find_headings(rows)
    >>> (found.skip_rows, found.heading_rows) if found else None
    (2, 2)
    """
    start = next((place for place, (_, cells) in enumerate(rows[:MOST_ROWS]) if _names_units(cells)), None)
    if start is None:
        data = next((place for place, (_, cells) in enumerate(rows[: MOST_ROWS + 1]) if _states_figures(cells)), None)
        if not data:
            return None
        start = data - 1
    last = start
    first = rows[start][0]
    labels = [place for place, cell in enumerate(rows[start][1]) if _is_row_label(cell)]
    for place in range(start + 1, len(rows)):
        number, cells = rows[place]
        if number - first >= MOST_HEADING_ROWS or not _is_heading(cells, labels):
            break
        last = place
    return FoundHeadings(first - 1, rows[last][0] - first + 1, rows[:start], rows[start : last + 1], rows[last + 1 :])


def _names_units(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell]
    return len(said) > 1 and any(_is_row_label(cell) for cell in said) and not any(map(is_figure, said))


def _is_row_label(cell: str) -> bool:
    return is_ordinal(cell[:60]) or fold(cell[:60]) in CODES | UNIT_NAMES


def _states_figures(cells: Sequence[str]) -> bool:
    return any(map(is_figure, cells)) and any(cell and not is_figure(cell) for cell in cells)


def _is_heading(cells: Sequence[str], labels: Sequence[int]) -> bool:
    """Whether a row below the first heading is one too: it numbers the columns, or names parts of what stands above."""
    said = [cell for cell in cells if cell]
    if len(said) > 1 and all(map(NUMBERING.fullmatch, said)):
        return True
    if any(map(is_figure, said)) or not labels:
        return False
    return not any(cells[place] for place in labels if place < len(cells))
