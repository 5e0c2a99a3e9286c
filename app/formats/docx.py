"""Printed pages as a DOCX: A4 and Times New Roman, as Nghị định 30/2020/NĐ-CP sets official letters.

The same pages give the same bytes. Text is text, whatever it holds.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import docx
from docx.document import Document as Writer
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.text.paragraph import CT_P
from docx.parts.document import DocumentPart
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as Written

from app.formats.docx_file import AUTHOR, EARLIEST, packed, set_properties
from app.formats.docx_notes import MARK, a_mark, add_notes
from app.formats.docx_styles import add_styles, prepare_styles
from app.formats.docx_tables import CELL_MARGINS, grid_xml
from app.formats.page_layout import (
    Block,
    NewPages,
    PagedDocument,
    PageGroup,
    PageParagraph,
    PageStyle,
    RuledTable,
    Run,
    SideBySide,
)
from app.formats.word_text import set_hyphens
from app.formats.xml_text import in_xml

SHORT, LONG = 210, 297
"""Millimetres of A4."""
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15


def to_docx(document: PagedDocument) -> bytes:
    """The pages as a file: every part on a new page and numbered by itself, at the top of each page but its first."""
    writer = docx.Document()
    prepare_styles(writer)
    add_styles(writer, _styles(document))
    for place, part in enumerate(document.parts):
        section = _next_page(writer) if place else writer.sections[0]
        _set_page(section, part, first=not place)
        _write_part(writer, part)
    _close(writer)
    set_hyphens(writer.element.body)
    add_notes(writer, _notes(writer, document))
    moment = max(document.moment, EARLIEST)
    set_properties(writer, in_xml(document.title), moment)
    return packed(writer, moment)


def _styles(document: PagedDocument) -> list[PageStyle]:
    """Each style that occurs, once, in the order in which they do."""
    blocks = (block for part in document.parts for block in part.blocks)
    return list(dict.fromkeys(style for block in blocks for style in _styles_of(block)))


def _styles_of(block: Block) -> Iterator[PageStyle]:
    if isinstance(block, RuledTable):
        yield block.style
    else:
        yield from (style for each in _paragraphs_of(block) for style in (each.style, *_styles_of_notes(each)))


def _styles_of_notes(paragraph: PageParagraph) -> Iterator[PageStyle]:
    yield from (each.style for run in paragraph.runs for each in run.note)


def _notes(writer: Writer, document: PagedDocument) -> list[list[CT_P]]:
    """The footnotes of the pages in their order, as elements that stand nowhere yet."""
    blocks = (block for part in document.parts for block in part.blocks)
    paragraphs = (each for block in blocks for each in _paragraphs_of(block))
    return [[_loose(writer, each) for each in run.note] for each in paragraphs for run in each.runs if run.note]


def _loose(writer: Writer, paragraph: PageParagraph) -> CT_P:
    written = writer.add_paragraph()
    _write(written, paragraph, SHORT - LEFT - RIGHT)
    set_hyphens(written._p)
    writer.element.body.remove(written._p)
    return written._p


def _paragraphs_of(block: Block) -> Iterator[PageParagraph]:
    """The paragraphs of a block in the order in which a file holds them; none of a table with lines."""
    if isinstance(block, PageParagraph):
        yield block
    elif isinstance(block, SideBySide):
        yield from (each for row in block.rows for cell in row for each in cell)


def _next_page(writer: Writer) -> Section:
    """A new part. The line that ends the one before is as low as can be: behind a full page it would take another."""
    section: Section = writer.add_section(WD_SECTION.NEW_PAGE)
    writer.paragraphs[-1].paragraph_format.line_spacing = Pt(1)
    return section


def _set_page(section: Section, part: PageGroup, *, first: bool) -> None:
    wide, high = (LONG, SHORT) if part.lying else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if part.lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _restart_numbers(section)
    if first:
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def _restart_numbers(section: Section) -> None:
    """Its pages begin with 1: appendices are numbered each by itself (appendix I of the decree, section II.1.7)."""
    properties = section._sectPr
    for earlier in properties.xpath("./w:pgNumType"):  # copied from the part before
        properties.remove(earlier)
    properties.xpath("./w:pgMar")[0].addnext(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))


def _write_part(writer: Writer, part: PageGroup) -> None:
    width = (LONG if part.lying else SHORT) - LEFT - RIGHT
    for block in part.blocks:
        if isinstance(block, SideBySide):
            _write_columns(writer, block, width)
        elif isinstance(block, RuledTable):
            writer.element.body.insert_element_before(grid_xml(block, width), "w:sectPr")
        elif isinstance(block, NewPages):
            _set_page(_next_page(writer), part, first=False)
        else:
            _write(writer.add_paragraph(), block, width)


def _close(writer: Writer) -> None:
    """A last line as low as can be: office programs want one behind a table, and only the last part has none."""
    writer.add_paragraph().paragraph_format.line_spacing = Pt(1)


def _write_columns(writer: Writer, block: SideBySide, width: int) -> None:
    table: Table = writer.add_table(len(block.rows), len(block.widths))
    table.autofit = False
    table._tbl.tblPr.insert_element_before(parse_xml(CELL_MARGINS), "w:tblLook")
    wide = [width * share / sum(block.widths) for share in block.widths]
    for column, each in zip(table.columns, wide, strict=True):
        column.width = Mm(each)
    for row, cells in zip(table.rows, block.rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, paragraphs, each in zip(row.cells, cells, wide, strict=True):
            cell.width = Mm(each)
            _fill(cell, paragraphs, round(each))


def _fill(cell: _Cell, paragraphs: Sequence[PageParagraph], width: int) -> None:
    for place, paragraph in enumerate(paragraphs):
        _write(cell.add_paragraph() if place else cell.paragraphs[0], paragraph, width)


def _write(written: Written, paragraph: PageParagraph, width: int) -> None:
    written.style = paragraph.style.name
    written.paragraph_format.keep_with_next = paragraph.joined or None
    for run in paragraph.runs:
        _add(written, run)
    if paragraph.rule:
        _rule(written, Mm(width * (100 - paragraph.rule) // 200))
    for comment in paragraph.comments:
        _comment(written, comment)


def _add(written: Written, run: Run) -> None:
    added = written.add_run(in_xml(run.text))
    added.bold, added.italic = run.bold or None, run.italic or None
    if run.blank:
        added.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if run.note:
        marked = len(written._p.getroottree().findall(f".//{MARK}"))
        added._r.addnext(a_mark(marked + 1))


def _rule(written: Written, side: int) -> None:
    """A low paragraph with a line above it that stands in from both sides."""
    written.paragraph_format.line_spacing = Pt(4)
    written.paragraph_format.space_before, written.paragraph_format.space_after = Pt(2), Pt(4)
    written.paragraph_format.left_indent = written.paragraph_format.right_indent = side
    border = OxmlElement("w:pBdr")
    border.append(parse_xml(f'<w:top {nsdecls("w")} w:val="single" w:sz="6" w:space="1" w:color="auto"/>'))
    written._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _comment(written: Written, text: str) -> None:
    """A remark in the margin about a whole paragraph; without the moment of writing, which the library gives it."""
    runs = written.runs or [written.add_run()]
    added = cast(DocumentPart, written.part).document.add_comment(runs, in_xml(text), author=AUTHOR, initials=AUTHOR)
    added._comment_elm.date = None
