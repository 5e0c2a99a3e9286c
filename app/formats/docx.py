"""Printed pages as a DOCX: A4 and Times New Roman, as Nghị định 30/2020/NĐ-CP sets official letters.

The same pages give the same bytes. Text is text, whatever it holds.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document as Writer
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as Written

from app.formats.page_layout import Align, PagedDocument, PageGroup, PageParagraph, RuledTable, Run, SideBySide
from app.formats.xml_text import escaped, in_xml

FONT, SIZE = "Times New Roman", 14
SHORT, LONG = 210, 297
"""Millimetres of A4."""
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
INDENT = 10
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  (the format knows no zone)
"""Stands as the time of creation and of every part, so that equal pages give equal bytes."""
ALIGNS: dict[Align, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
LONGEST_PROPERTY = 255
JUSTIFIED = {"left": "left", "center": "center", "right": "right", "justify": "both"}
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
MARGIN = 1
"""Millimetres between a cell's line and its text."""
MARGINS = "".join(f'<w:{side} w:w="{Mm(MARGIN).twips}" w:type="dxa"/>' for side in ("left", "right"))
CELL_MARGINS = f"<w:tblCellMar {nsdecls('w')}>{MARGINS}</w:tblCellMar>"


def to_docx(document: PagedDocument) -> bytes:
    """The pages as a file: every part on a new page, numbers at the top of each page but the first."""
    writer = docx.Document()
    _set_style(writer)
    for place, part in enumerate(document.parts):
        section = _next_page(writer) if place else writer.sections[0]
        _set_page(section, part, first=not place)
        _write_part(writer, part)
    _close(writer)
    properties = writer.core_properties
    properties.title, properties.author = in_xml(document.title)[:LONGEST_PROPERTY], "chiso"
    properties.comments, properties.last_modified_by, properties.revision = "", "chiso", 1
    properties.created = properties.modified = EPOCH
    buffer = io.BytesIO()
    writer.save(buffer)
    return _timeless(buffer)


def _timeless(buffer: io.BytesIO) -> bytes:
    """The same archive, its parts without the moment at which they were written."""
    packed = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return packed.getvalue()


def _set_style(writer: Writer) -> None:
    """One face for all text; the library's own template knows another for the scripts of Asia."""
    style = writer.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(0)


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
    section.different_first_page_header_footer = first
    if first:
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def _write_part(writer: Writer, part: PageGroup) -> None:
    width = (LONG if part.lying else SHORT) - LEFT - RIGHT
    for block in part.blocks:
        if isinstance(block, SideBySide):
            _write_columns(writer, block, width)
        elif isinstance(block, RuledTable):
            writer.element.body.insert_element_before(_grid_xml(block, width), "w:sectPr")
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
    written.alignment = ALIGNS[paragraph.align]
    shape = written.paragraph_format
    shape.space_before, shape.space_after = (Pt(each) for each in paragraph.space)
    shape.keep_with_next = paragraph.joined or None
    if paragraph.indent:
        shape.first_line_indent = Mm(INDENT)
    for run in paragraph.runs:
        _add(written, run)
    if paragraph.rule:
        _rule(written, Mm(width * (100 - paragraph.rule) // 200))


def _add(written: Written, run: Run) -> None:
    added = written.add_run(in_xml(run.text))
    added.bold, added.italic = run.bold or None, run.italic or None
    if run.size is not None:
        added.font.size = Pt(run.size)


def _rule(written: Written, side: int) -> None:
    """A low paragraph with a line above it that stands in from both sides."""
    written.paragraph_format.line_spacing = Pt(4)
    written.paragraph_format.left_indent = written.paragraph_format.right_indent = side
    border = OxmlElement("w:pBdr")
    border.append(parse_xml(f'<w:top {nsdecls("w")} w:val="single" w:sz="6" w:space="1" w:color="auto"/>'))
    written._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _grid_xml(grid: RuledTable, width: int) -> Any:
    """The element of a table with lines, `width` mm wide.

    Borders and repeated heads are XML in any case, and long tables take the library five times as long.
    """
    wide = [Mm(width * share / sum(grid.widths)).twips for share in grid.widths]
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in wide)
    lines = "".join(_grid_lines(grid, wide))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{CELL_MARGINS}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>'
    )


def _grid_lines(grid: RuledTable, wide: Sequence[int]) -> Iterator[str]:
    """The head, which each page repeats, and the rows, which no page breaks."""
    middle: list[Align] = ["center"] * len(wide)
    head = _grid_cells(grid.head, wide, middle, grid.size, "<w:b/>")
    yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
    for row in grid.rows:
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_grid_cells(row, wide, grid.aligns, grid.size, '')}</w:tr>"


def _grid_cells(texts: Sequence[str], wide: Sequence[int], aligns: Sequence[Align], size: int, face: str) -> str:
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{each}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{JUSTIFIED[align]}"/></w:pPr>{_grid_run(text, size, face)}</w:p></w:tc>'
        for text, each, align in zip(texts, wide, aligns, strict=True)
    )


def _grid_run(text: str, size: int, face: str) -> str:
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(text).split("\n"))
    shape = f'<w:rPr>{face}<w:sz w:val="{2 * size}"/></w:rPr>'
    return f'<w:r>{shape}<w:t xml:space="preserve">{lines}</w:t></w:r>'
