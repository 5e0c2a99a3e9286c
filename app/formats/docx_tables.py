"""Tables with lines as XML: borders and repeated heads are XML in any case, and long ones take the library five times
as long."""

from collections.abc import Iterator, Sequence
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from app.formats.page_layout import Align, RuledTable
from app.formats.xml_text import escaped

JUSTIFIED: dict[Align, str] = {"left": "left", "center": "center", "right": "right", "justify": "both"}
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
MARGIN = 1
"""Millimetres between a cell's line and its text."""
MARGINS = "".join(f'<w:{side} w:w="{Mm(MARGIN).twips}" w:type="dxa"/>' for side in ("left", "right"))
CELL_MARGINS = f"<w:tblCellMar {nsdecls('w')}>{MARGINS}</w:tblCellMar>"
FIRST, NEXT = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
"""Of a cell that fills two rows: its upper part and its lower."""


def grid_xml(grid: RuledTable, width: int) -> Any:
    """The element of a table with lines, `width` mm wide."""
    wide = [Mm(width * share / sum(grid.widths)).twips for share in grid.widths]
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in wide)
    rows = "".join(_rows(grid, wide))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(wide)}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{CELL_MARGINS}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


def _rows(grid: RuledTable, wide: Sequence[int]) -> Iterator[str]:
    """The head, which each page repeats, and the rows, which no page breaks."""
    style = grid.style.code
    for head in _head(grid, wide):
        yield f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"
    for place, row in enumerate(grid.rows):
        bold = place in grid.bold
        cells = "".join(
            _cell(text, each, align, style, bold=bold) for text, each, align in zip(row, wide, grid.aligns, strict=True)
        )
        yield f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _head(grid: RuledTable, wide: Sequence[int]) -> Iterator[str]:
    style = grid.style.code
    if grid.above:
        yield "".join(_above(grid, wide))
    spans = [text for text, over in grid.above for _ in range(over)] or [*grid.head]
    yield "".join(
        _cell("" if grid.above and not over else text, each, "center", style, bold=True, merge="" if over else NEXT)
        for text, over, each in zip(grid.head, spans, wide, strict=True)
    )


def _above(grid: RuledTable, wide: Sequence[int]) -> Iterator[str]:
    """The upper row of a head of two."""
    style, place = grid.style.code, 0
    for text, over in grid.above:
        if text:
            span = f'<w:gridSpan w:val="{over}"/>'
            yield _cell(text, sum(wide[place : place + over]), "center", style, bold=True, merge=span)
        else:
            for column in range(place, place + over):
                yield _cell(grid.head[column], wide[column], "center", style, bold=True, merge=FIRST)
        place += over


def _cell(text: str, wide: int, align: Align, style: str, *, bold: bool, merge: str = "") -> str:
    face = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(text).split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{JUSTIFIED[align]}"/></w:pPr>'
        f'<w:r>{face}<w:t xml:space="preserve">{lines}</w:t></w:r></w:p></w:tc>'
    )
