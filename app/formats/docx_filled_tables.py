"""Tables whose columns a template has repeated: they keep their width, and a group stands once over its columns."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.shared import Length

from app.formats.docx_paragraphs import TABLE

LOOP = re.compile(r"\{%-?\s*tc\s")
"""A tag that repeats the cells between it and the next."""
SETTLED = "{urn:chiso}settled"
"""What says of a table that its columns are repeated, from before a template is filled until afterwards."""
HEAD = f"{qn('w:trPr')}/{qn('w:tblHeader')}"
"""What says of a row that it is head on every page."""
WIDTHS = (qn("w:gridCol"), qn("w:tcW"))
TOLERANCE = 0.02
"""Cells may differ from the width of their table by so much of it before they are made to fit."""


def mark_repeating_tables(document: Document) -> None:
    """Note which tables of a template have columns that a loop repeats: `settle_tables` leaves others as they are."""
    for table in document.element.body.iter(TABLE):
        if any(LOOP.search(_text(cell)) for row in table.tr_lst for cell in row.tc_lst):
            table.set(SETTLED, "")


def settle_tables(document: Document) -> None:
    """Join the heads that say the same side by side, and make a table fit its width, where columns were repeated."""
    for table in document.element.body.iter(TABLE):
        if table.attrib.pop(SETTLED, None) is not None and _is_measured(table):
            join_heads(table)
            fit_width(table)


def _is_measured(table: CT_Tbl) -> bool:
    """Whether its columns and cells have widths that can be reckoned with; some programs write 2880.0, or none."""
    return all((each.get(qn("w:w")) or "").isdecimal() for each in table.iter(*WIDTHS))


def join_heads(table: CT_Tbl) -> None:
    """Of a head of several rows: cells side by side with the same text become one, but in its last row.

    So a group stands over all its columns, though a loop has written it over each.
    """
    heads = [row for row in table.tr_lst if _is_head(row)]
    for row in heads[:-1]:
        for text, alike in groupby(row.tc_lst, key=_text):
            cells = list(alike)
            if text and len(cells) > 1 and all(cell.vMerge is None and not cell.tbl_lst for cell in cells):
                _join(row, cells)


def _is_head(row: CT_Row) -> bool:
    said = row.find(HEAD)
    return said is not None and said.get(qn("w:val"), "1") in ("1", "true", "on")


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
