"""Tables whose columns were repeated: heads that say the same become one, and the table keeps its width."""

import docx
from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from docx.table import Table

from app.formats.docx_filled_tables import settle_tables


def a_table(*rows: tuple[str, ...], heads: int = 2, wide: int = 160) -> tuple[Document, Table]:
    """A table of these texts, its first rows repeated on every page, its grid `wide` mm."""
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        if place < heads:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text, cell.width = text, Mm(40)
    for column in table._tbl.tblGrid.gridCol_lst:
        column.w = Mm(wide / len(rows[0]))
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
    before = table._tbl.xml

    settle_tables(document)

    assert table._tbl.xml == before
