"""A table with lines as the XML of a DOCX: borders and repeated heads have no other way, long tables none faster."""

from collections.abc import Iterator, Sequence
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from app.formats.page_layout import Align, RuledTable
from app.formats.xml_text import escaped

JUSTIFIED = {"left": "left", "center": "center", "right": "right", "justify": "both"}
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
MARGIN = 1
"""Millimetres between a cell's line and its text."""
MARGINS = "".join(f'<w:{side} w:w="{Mm(MARGIN).twips}" w:type="dxa"/>' for side in ("left", "right"))
CELL_MARGINS = f"<w:tblCellMar {nsdecls('w')}>{MARGINS}</w:tblCellMar>"


def grid_xml(grid: RuledTable, width: int) -> Any:
    """The element of a table that is `width` mm wide."""
    wide = [Mm(width * share / sum(grid.widths)).twips for share in grid.widths]
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in wide)
    lines = "".join(_lines(grid, wide))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{CELL_MARGINS}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>'
    )


def _lines(grid: RuledTable, wide: Sequence[int]) -> Iterator[str]:
    """The head, which each page repeats, and the rows, which no page breaks."""
    middle: list[Align] = ["center"] * len(wide)
    head = _cells(grid.head, wide, middle, grid.size, "<w:b/>")
    yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
    for row in grid.rows:
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cells(row, wide, grid.aligns, grid.size, '')}</w:tr>"


def _cells(texts: Sequence[str], wide: Sequence[int], aligns: Sequence[Align], size: int, face: str) -> str:
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{each}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{JUSTIFIED[align]}"/></w:pPr>{_run(text, size, face)}</w:p></w:tc>'
        for text, each, align in zip(texts, wide, aligns, strict=True)
    )


def _run(text: str, size: int, face: str) -> str:
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(text).split("\n"))
    shape = f'<w:rPr>{face}<w:sz w:val="{2 * size}"/></w:rPr>'
    return f'<w:r>{shape}<w:t xml:space="preserve">{lines}</w:t></w:r>'
