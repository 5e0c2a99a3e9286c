"""Styles and settings of a DOCX: one face in Vietnamese, the named styles that occur, the mode of a current Word."""

from collections.abc import Iterable
from typing import Final

from docx.document import Document as Writer
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from app.formats.page_layout import PLAIN, Align, PageStyle

FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"
INDENT = 10
"""Millimetres by which the first line of a paragraph stands in."""
WORD = "http://schemas.microsoft.com/office/word"
MODE = 15
"""The compatibility mode of Word 2013 and every one since; with an older number a file opens in a mode of the past."""
BUILT_IN = frozenset({"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Header", "Footer"})
"""What stays of the library's own styles."""
REMARK = 10
"""Points of a comment's text."""
ALIGNS: dict[Align, WD_ALIGN_PARAGRAPH] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def prepare_styles(writer: Writer) -> None:
    """One face for all text, which is Vietnamese; the library's template has English, and faces of its own."""
    styles, settings = writer.styles.element, writer.settings.element
    for style in list(styles.iter(qn("w:style"))):
        if style.get(qn("w:styleId")) not in BUILT_IN:
            styles.remove(style)
    for linked in list(styles.iter(qn("w:link"))):  # to a style of characters that is gone
        linked.getparent().remove(linked)
    faces = " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    sizes = f'<w:sz w:val="{2 * PLAIN.size}"/><w:szCs w:val="{2 * PLAIN.size}"/>'
    defaults = (
        f'<w:rPrDefault><w:rPr><w:rFonts {faces}/>{sizes}<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>'
        "</w:rPr></w:rPrDefault>"
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    )
    old = styles.find(qn("w:docDefaults"))
    styles.replace(old, parse_xml(f"<w:docDefaults {nsdecls('w')}>{defaults}</w:docDefaults>"))
    language = settings.find(qn("w:themeFontLang"))
    language.attrib.clear()
    language.set(qn("w:val"), LANGUAGE)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), str(MODE))


def add_styles(writer: Writer, styles: Iterable[PageStyle]) -> None:
    """Write the styles down, as styles of paragraphs that Word lists first."""
    for style in styles:
        if style != PLAIN:
            _add(writer, style)
    remarks = writer.styles.add_style("annotation text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    remarks.element.set(qn("w:styleId"), "CommentText")
    remarks.font.size = Pt(REMARK)


def _add(writer: Writer, style: PageStyle) -> None:
    added = writer.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    added.element.set(qn("w:styleId"), style.code)
    added.base_style = writer.styles["Normal"]
    added.quick_style = True
    added.font.size = Pt(style.size)
    added.font.bold, added.font.italic = style.bold or None, style.italic or None
    shape = added.paragraph_format
    shape.alignment = ALIGNS[style.align]
    shape.space_before, shape.space_after = (Pt(each) for each in style.space)
    if style.indent:
        shape.first_line_indent = Mm(INDENT)
    if style.outline is not None:
        level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{style.outline - 1}"/>')
        added.element.get_or_add_pPr().append(level)
