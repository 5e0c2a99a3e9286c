"""Tables whose columns a template has repeated: they keep their width, and a group stands once over its columns."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.shared import Length

from app.formats.docx_paragraphs import TABLE

REPEATED = f"{qn('w:trPr')}/{qn('w:tblHeader')}"
"""What says of a row that it is head on every page."""
TOLERANCE = 0.02
"""Cells may differ from the width of their table by so much of it before they are made to fit."""


def settle_tables(document: Document) -> None:
    """Join the heads that say the same side by side, and make every table fit its width."""
    for table in document.element.body.iter(TABLE):
        join_heads(table)
        fit_width(table)


def join_heads(table: CT_Tbl) -> None:
    """Of a head of several rows: cells side by side with the same text become one, but in its last row.

    So a group stands over all its columns, though a loop has written it over each.
    """
    heads = [row for row in table.tr_lst if row.find(REPEATED) is not None]
    for row in heads[:-1]:
        for text, alike in groupby(row.tc_lst, key=_text):
            cells = list(alike)
            if text and len(cells) > 1 and all(cell.vMerge is None and not cell.tbl_lst for cell in cells):
                _join(row, cells)


def _text(cell: CT_Tc) -> str:
    return "\n".join(paragraph.text for paragraph in cell.p_lst)


def _join(row: CT_Row, cells: Sequence[CT_Tc]) -> None:
    first, *rest = cells
    first.width = Length(sum(cell.width or 0 for cell in cells))
    first.get_or_add_tcPr().grid_span = sum(cell.grid_span for cell in cells)
    for cell in rest:
        row.remove(cell)


def fit_width(table: CT_Tbl) -> None:
    """Scale the columns of a table to the width of its grid where their cells do not add up to it."""
    columns = table.tblGrid.gridCol_lst
    widths = next((each for row in table.tr_lst if len(each := _widths(row)) == len(columns)), [])
    total = sum(column.w or 0 for column in columns)
    if not all(widths) or abs(sum(widths) - total) <= TOLERANCE * total:
        return
    edges = [total * sum(widths[:place]) // sum(widths) for place in range(len(widths) + 1)]
    for column, (left, right) in zip(columns, pairwise(edges), strict=True):
        column.w = Length(right - left)
    for row in table.tr_lst:
        place = 0
        for cell in row.tc_lst:
            end = min(place + cell.grid_span, len(widths))  # whatever a file says
            cell.width = Length(edges[end] - edges[place])
            place = end


def _widths(row: CT_Row) -> list[int]:
    """The widths of the cells of a row, 0 where one has none; of a row whose cells span columns not as many."""
    return [cell.width or 0 for cell in row.tc_lst]
