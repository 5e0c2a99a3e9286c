"""A DOCX opened again: every text is where it was put, whatever it holds, on pages as the decree wants them."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from app.formats.docx import to_docx
from app.formats.page_layout import Block, PagedDocument, PageGroup, PageParagraph, RuledTable, Run, SideBySide

HOSTILE = [
    "a & b",
    "<w:p>",
    "]]>",
    "\x00\x0b\x1f",
    "\ufffe\uffff",
    "{{ x }}",
    "=1+1",
    "&#0;",
    "Ủy ban\nnhân dân",
    "x" * 5000,
]
A_GRID = RuledTable(["Hạng", "Đơn vị"], [["1", "Sở Tư pháp"], ["2", "Sở Y tế"]], (10, 40), ("center", "left"))
MM = 36_000


def text(*pieces: str) -> PageParagraph:
    return PageParagraph([Run(piece) for piece in pieces])


def opened(*blocks: Block, lying: bool = False) -> Any:
    return docx.Document(io.BytesIO(to_docx(PagedDocument("Công văn", [PageGroup(blocks, lying)]))))


def cleaned(written: str) -> str:
    """What XML cannot hold stands as U+FFFD."""
    return "".join("\ufffd" if each in "\x00\x0b\x1f\ufffe\uffff" else each for each in written)


def test_paragraphs_and_their_faces_are_read_again() -> None:
    read = opened(PageParagraph([Run("V/v ", bold=True), Run("kết quả", italic=True, size=12)], "justify", indent=True))

    [paragraph] = [each for each in read.paragraphs if each.text]
    assert paragraph.text == "V/v kết quả"
    assert [(run.bold, run.italic, run.font.size and run.font.size.pt) for run in paragraph.runs] == [
        (True, None, None),
        (None, True, 12),
    ]
    assert paragraph.paragraph_format.first_line_indent.mm == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("written", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_the_file(written: str) -> None:
    grid = RuledTable([written], [[written]], (1,), ("left",))

    read = opened(text(written), SideBySide([[[text(written)], [text("b")]]], (1, 1)), grid)

    assert cleaned(written) in [each.text for each in read.paragraphs]
    beside, lined = read.tables
    assert beside.cell(0, 0).text == lined.cell(0, 0).text == lined.cell(1, 0).text == cleaned(written)


def test_blocks_stand_in_their_order() -> None:
    read = opened(text("trước"), A_GRID, text("giữa"), SideBySide([[[text("trái")], [text("phải")]]], (1, 2)))

    kinds = [child.tag for child in read.element.body if child.tag != qn("w:sectPr")]
    assert kinds[:4] == [qn(f"w:{tag}") for tag in ("p", "tbl", "p", "tbl")]


def test_a_table_repeats_its_head_and_breaks_no_row() -> None:
    [table] = opened(A_GRID).tables

    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(A_GRID.head), *A_GRID.rows]
    properties = [row._tr.trPr for row in table.rows]
    assert [each.find(qn("w:tblHeader")) is not None for each in properties] == [True, False, False]
    assert all(each.find(qn("w:cantSplit")) is not None for each in properties)


def test_pages_are_a4_with_the_margins_of_the_decree_and_wide_ones_lie() -> None:
    pages = PagedDocument("Công văn", [PageGroup([text("thư")]), PageGroup([A_GRID], lying=True)])

    sections: Any = docx.Document(io.BytesIO(to_docx(pages))).sections

    first, second = sections
    assert (first.page_width // MM, first.page_height // MM) == (210, 297)
    assert (second.page_width // MM, second.page_height // MM) == (297, 210)
    for section in sections:
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20


def test_pages_are_numbered_from_the_second() -> None:
    first, second = docx.Document(
        io.BytesIO(to_docx(PagedDocument("Công văn", [PageGroup([text("a")]), PageGroup([text("b")])])))
    ).sections

    assert first.different_first_page_header_footer
    assert not second.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml
    assert second.header.is_linked_to_previous
    assert first.first_page_header.paragraphs[0].text == ""


def test_no_page_is_added_for_the_end_of_a_part_that_ends_in_a_table() -> None:
    """The last line of a part holds its page; behind a table that fills a page it would stand on another."""
    foot = SideBySide([[[text("Nơi nhận:")], [text("CHỦ TỊCH")]]], (50, 50))
    pages = docx.Document(io.BytesIO(to_docx(PagedDocument("Công văn", [PageGroup([foot]), PageGroup([A_GRID])]))))

    assert [each.paragraph_format.line_spacing for each in pages.paragraphs] == [Pt(1), Pt(1)]


def test_all_text_is_in_times_new_roman() -> None:
    style = opened(text("a")).styles["Normal"]

    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert 13 <= style.font.size.pt <= 14


def test_the_same_pages_are_the_same_bytes() -> None:
    pages = PagedDocument("Công văn", [PageGroup([text("a"), A_GRID])])

    one, other = to_docx(pages), to_docx(pages)

    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_every_commune_of_the_land_fits_into_one_table() -> None:
    rows = [[str(place), "UBND xã Bình Thành"] for place in range(3321)]

    [table] = opened(RuledTable(["Hạng", "Đơn vị"], rows, (1, 4), ("center", "left")), lying=True).tables

    assert len(table._tbl.tr_lst) == 3322
