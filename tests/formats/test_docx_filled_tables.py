"""Tables whose columns were repeated: heads that say the same become one, and the table keeps its width."""

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from docx.table import Table

from app.formats.docx_filled_tables import SETTLED, mark_repeating_tables, settle_tables

LOOP = ("{%tc for each in groups %}", "{{ each }}", "{%tc endfor %}")


def a_table(*rows: tuple[str, ...], heads: int = 2, wide: int = 160) -> tuple[Document, Table]:
    """A table of these texts whose columns were repeated, its first rows heads, its grid `wide` mm."""
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        if place < heads:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text, cell.width = text, Mm(40)
    for column in table._tbl.tblGrid.gridCol_lst:
        column.w = Mm(wide / len(rows[0]))
    table._tbl.set(SETTLED, "")
    return document, table


def test_a_group_stands_once_over_its_columns() -> None:
    document, table = a_table(("A", "A", "A", "B"), ("1", "2", "3", "4"), ("x", "x", "x", "y"))

    settle_tables(document)

    assert [(cell.text, cell._tc.grid_span) for cell in dict.fromkeys(table.rows[0].cells)] == [("A", 3), ("B", 1)]
    assert round(table.rows[0].cells[0].width.mm) == 120
    assert len(table.rows[2]._tr.tc_lst) == len(table.rows[1]._tr.tc_lst) == 4


def test_the_last_row_of_a_head_and_a_head_of_one_row_stay_as_they_are() -> None:
    both, two = a_table(("A", "B", "C"), ("A", "A", "A"), wide=120)
    single, one = a_table(("A", "A", "A"), ("1", "2", "3"), heads=1, wide=120)

    settle_tables(both)
    settle_tables(single)

    assert (len(two.rows[1]._tr.tc_lst), len(one.rows[0]._tr.tc_lst)) == (3, 3)


def test_cells_that_fill_two_rows_and_empty_ones_are_not_joined() -> None:
    document, table = a_table(("A", "A", "", ""), ("", "", "c", "d"))
    for column in (0, 1):
        table.cell(0, column).merge(table.cell(1, column))

    settle_tables(document)

    assert len(table.rows[0]._tr.tc_lst) == 4


def test_columns_that_were_repeated_share_the_width_of_the_table() -> None:
    document, table = a_table(("A", "A", "B", "C"), ("1", "2", "3", "4"), ("x", "y", "z", "w"), wide=80)
    for row in table.rows:
        row.cells[3].width = Mm(120)

    settle_tables(document)

    widths = [round(column.w.mm, 1) for column in table._tbl.tblGrid.gridCol_lst if column.w]
    assert widths == [13.3, 13.3, 13.3, 40]
    assert [round(cell.width.mm, 1) for cell in table.rows[1].cells] == widths
    assert round(table.rows[0].cells[0].width.mm, 1) == 26.7


def test_a_table_that_fits_is_left_alone() -> None:
    document, table = a_table(("A", "B", "C", "D"), ("1", "2", "3", "4"), wide=162)
    before = table._tbl.tr_lst[1].xml

    settle_tables(document)

    assert table._tbl.tr_lst[1].xml == before
    assert SETTLED not in table._tbl.attrib


def test_only_tables_with_a_loop_over_columns_are_settled() -> None:
    document, table = a_table(LOOP, ("1", "2", "3"))
    other = document.add_table(1, 2)
    other.cell(0, 0).text = "{%tr for each in groups %}"
    for each in (table, other):
        each._tbl.attrib.pop(SETTLED, None)

    mark_repeating_tables(document)

    assert [SETTLED in each._tbl.attrib for each in (table, other)] == [True, False]


def test_a_row_that_says_that_it_is_no_head_is_not_joined() -> None:
    document, table = a_table(("A", "A"), ("10", "10"), ("x", "y"), heads=3, wide=80)
    for row in table.rows[1:]:
        row._tr.get_or_add_trPr()[-1].set(qn("w:val"), "0")

    settle_tables(document)

    assert [len(row._tr.tc_lst) for row in table.rows] == [2, 2, 2]


@pytest.mark.parametrize("element", ["w:gridCol", "w:tcW"])
@pytest.mark.parametrize("width", ["2880.5", None, ""])
def test_widths_that_cannot_be_reckoned_with_stay(element: str, width: str | None) -> None:
    document, table = a_table(("A", "A", "B"), ("1", "2", "3"), wide=300)
    odd = next(table._tbl.iter(qn(element)))
    odd.attrib.pop(qn("w:w"))
    if width is not None:
        odd.set(qn("w:w"), width)
    before = [row.xml for row in table._tbl.tr_lst]

    settle_tables(document)

    assert [row.xml for row in table._tbl.tr_lst] == before
