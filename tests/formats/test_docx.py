"""A DOCX opened again: every text is where it was put, whatever it holds, on pages as the decree wants them."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from app.formats.docx import to_docx
from app.formats.page_layout import (
    Block,
    PagedDocument,
    PageGroup,
    PageParagraph,
    PageStyle,
    RuledTable,
    Run,
    SideBySide,
)

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
XML_PARTS = ("styles", "settings", "document")
A_GRID = RuledTable(["Hạng", "Đơn vị"], [["1", "Sở Tư pháp"], ["2", "Sở Y tế"]], (10, 40), ("center", "left"))
MM = 36_000
MOMENT = datetime(2024, 8, 28, 9, 30, 8, 5, tzinfo=UTC)
SUBJECT = PageStyle("Subject", "Trích yếu", 12, italic=True, align="center", indent=True, space=(6, 0))


def text(*pieces: str) -> PageParagraph:
    return PageParagraph([Run(piece) for piece in pieces])


def written(*groups: PageGroup) -> bytes:
    return to_docx(PagedDocument("Công văn", MOMENT, groups))


def opened(*blocks: Block, lying: bool = False) -> Any:
    return docx.Document(io.BytesIO(written(PageGroup(blocks, lying))))


def part_of(file: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return parse_xml(archive.read(name))


def cleaned(said: str) -> str:
    """What XML cannot hold stands as U+FFFD."""
    return "".join("\ufffd" if each in "\x00\x0b\x1f\ufffe\uffff" else each for each in said)


def test_paragraphs_and_their_faces_are_read_again() -> None:
    read = opened(PageParagraph([Run("V/v ", bold=True), Run("kết quả", italic=True), Run("……", blank=True)]))

    [paragraph] = [each for each in read.paragraphs if each.text]
    assert paragraph.text == "V/v kết quả……"
    assert [(run.bold, run.italic, run.font.highlight_color) for run in paragraph.runs] == [
        (True, None, None),
        (None, True, None),
        (None, None, WD_COLOR_INDEX.YELLOW),
    ]


def test_paragraphs_look_as_their_named_style_says() -> None:
    read = opened(PageParagraph([Run("V/v kết quả")], SUBJECT), text("thường"), RuledTable(["a"], [], (1,), ("left",)))

    [subject, plain, *_] = read.paragraphs
    style = subject.style
    assert (style.name, style.style_id, plain.style.name) == ("Trích yếu", "Subject", "Normal")
    assert (style.font.size.pt, style.font.bold, style.font.italic) == (12, None, True)
    shape = style.paragraph_format
    assert (shape.alignment, shape.space_before.pt, shape.space_after.pt) == (WD_ALIGN_PARAGRAPH.CENTER, 6, 0)
    assert shape.first_line_indent.mm == pytest.approx(10, abs=0.1)
    assert subject.paragraph_format.alignment is None


def test_the_list_of_styles_holds_what_occurs_and_nothing_of_the_library() -> None:
    names = [style.name for style in opened(PageParagraph([Run("V/v")], SUBJECT)).styles]

    assert "Trích yếu" in names
    assert len(names) < 10


def test_the_language_of_the_file_is_vietnamese() -> None:
    file = written(PageGroup([text("a")]))

    [language] = part_of(file, "word/styles.xml").iter(qn("w:lang"))
    [themes] = part_of(file, "word/settings.xml").iter(qn("w:themeFontLang"))
    assert [language.get(qn("w:val")), themes.get(qn("w:val"))] == ["vi-VN", "vi-VN"]
    assert b"en-US" not in b"".join(zipfile.ZipFile(io.BytesIO(file)).read(f"word/{each}.xml") for each in XML_PARTS)


def test_a_current_word_opens_it_in_no_mode_of_the_past() -> None:
    settings = part_of(written(PageGroup([text("a")])), "word/settings.xml")

    modes = [each.get(qn("w:val")) for each in settings.iter(qn("w:compatSetting")) if "Mode" in each.get(qn("w:name"))]
    assert modes == ["15"]


def test_a_comment_stands_beside_its_paragraph_and_tells_no_time() -> None:
    noted = PageParagraph([Run("Theo tra cứu "), Run("ngày 26/8/2024")], comments=["Sau ngày của văn bản <&>", "Nữa"])
    read = opened(SideBySide([[[noted]]], (1,)), text("a"))

    assert [(each.text, each.author, each.timestamp) for each in read.comments] == [
        ("Sau ngày của văn bản <&>", "chiso", None),
        ("Nữa", "chiso", None),
    ]
    [cell] = read.tables[0].rows[0].cells
    assert len(list(cell._tc.iter(qn("w:commentRangeStart")))) == 2
    assert not list(opened(text("a")).comments)


def test_hyphens_that_end_no_line_are_those_of_word() -> None:
    read = opened(text("766/QĐ\u2011TTg \u2011"), RuledTable(["a"], [["\u20114,1%"]], (1,), ("left",)))

    assert "\u2011" not in read.element.xml
    assert read.paragraphs[0].text == "766/QĐ-TTg -"
    assert read.tables[0].cell(1, 0).text == "-4,1%"
    assert len(list(read.element.iter(qn("w:noBreakHyphen")))) == 3


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_the_file(said: str) -> None:
    grid = RuledTable([said], [[said]], (1,), ("left",))

    read = opened(text(said), SideBySide([[[text(said)], [text("b")]]], (1, 1)), grid)

    assert cleaned(said) in [each.text for each in read.paragraphs]
    beside, lined = read.tables
    assert beside.cell(0, 0).text == lined.cell(0, 0).text == lined.cell(1, 0).text == cleaned(said)


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
    file = written(PageGroup([text("thư")]), PageGroup([A_GRID], lying=True))

    sections: Any = docx.Document(io.BytesIO(file)).sections

    first, second = sections
    assert (first.page_width // MM, first.page_height // MM) == (210, 297)
    assert (second.page_width // MM, second.page_height // MM) == (297, 210)
    for section in sections:
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20


def test_each_part_numbers_its_pages_by_itself_from_the_second() -> None:
    sections: Any = docx.Document(io.BytesIO(written(*[PageGroup([text(each)]) for each in "abc"]))).sections

    for section in sections:
        assert section.different_first_page_header_footer
        assert section.first_page_header.paragraphs[0].text == ""
        assert [each.get(qn("w:start")) for each in section._sectPr.iter(qn("w:pgNumType"))] == ["1"]
    first, *others = sections
    assert "PAGE" in first.header._element.xml
    assert all(each.header.is_linked_to_previous for each in others)


def test_no_page_is_added_for_the_end_of_a_part_that_ends_in_a_table() -> None:
    """The last line of a part holds its page; behind a table that fills a page it would stand on another."""
    foot = SideBySide([[[text("Nơi nhận:")], [text("CHỦ TỊCH")]]], (50, 50))
    pages = docx.Document(io.BytesIO(written(PageGroup([foot]), PageGroup([A_GRID]))))

    assert [each.paragraph_format.line_spacing for each in pages.paragraphs] == [Pt(1), Pt(1)]


def test_all_text_is_in_times_new_roman() -> None:
    styles = opened(text("a")).styles

    [fonts] = styles.element.iter(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    [size] = styles.element.find(qn("w:docDefaults")).iter(qn("w:sz"))
    assert 26 <= int(size.get(qn("w:val"))) <= 28


def test_the_same_pages_are_the_same_bytes_dated_as_the_document() -> None:
    one, other = (written(PageGroup([text("a"), A_GRID])) for _ in range(2))

    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2024, 8, 28, 9, 30, 8)}
    properties = docx.Document(io.BytesIO(one)).core_properties
    assert properties.created == properties.modified == MOMENT.replace(microsecond=0)


def test_a_moment_before_any_archive_is_the_first_that_one_knows() -> None:
    file = to_docx(PagedDocument("Công văn", datetime(1, 1, 1, tzinfo=UTC), [PageGroup([text("a")])]))

    assert docx.Document(io.BytesIO(file)).core_properties.created == datetime(1980, 1, 1, tzinfo=UTC)


def test_nothing_of_the_library_tells_of_itself() -> None:
    with zipfile.ZipFile(io.BytesIO(written(PageGroup([text("a")])))) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert b"Macintosh" not in archive.read("docProps/app.xml")


def test_every_commune_of_the_land_fits_into_one_table() -> None:
    rows = [[str(place), "UBND xã Bình Thành"] for place in range(3321)]

    [table] = opened(RuledTable(["Hạng", "Đơn vị"], rows, (1, 4), ("center", "left")), lying=True).tables

    assert len(table._tbl.tr_lst) == 3322


def test_a_head_of_two_rows_spans_columns_and_both_repeat() -> None:
    grid = RuledTable(
        ["STT", "Số liệu", "Tỷ lệ", "Tăng"],
        [["1", "2", "3", "4"], ["a", "b", "c", "d"]],
        (1, 1, 1, 1),
        ("center", "left", "left", "left"),
        above=[("", 1), ("ngày 31/01/2024", 2), ("", 1)],
        bold={1},
    )
    [table] = opened(grid).tables

    assert [cell.text for cell in table.rows[0].cells] == ["STT", "ngày 31/01/2024", "ngày 31/01/2024", "Tăng"]
    assert [cell.text for cell in table.rows[1].cells] == ["STT", "Số liệu", "Tỷ lệ", "Tăng"]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, True, False, False]
    assert [bool(row.cells[0].paragraphs[0].runs[0].bold) for row in table.rows] == [True, True, False, True]
