"""Sections of a Word file: those in which nothing is left go, and with them their empty pages."""

from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from app.formats.docx_paragraphs import PARAGRAPH, TABLE

SHAPE, PROPERTIES = qn("w:sectPr"), qn("w:pPr")
SEEN = frozenset(map(qn, ("w:t", "w:sym", "m:oMath", "w:drawing", "w:pict", "w:object", "w:tbl", "w:sdt")))
"""What somebody sees on a page."""


def drop_empty_sections(document: Document) -> None:
    """Take away the sections of a document in which nobody sees anything; one stays in any case."""
    body = document.element.body
    sections = _sections(body)
    full = [section for section in sections if any(map(_is_seen, section))] or sections[:1]
    for section in sections:
        if all(section is not kept for kept in full):
            for element in section:
                body.remove(element)
    last = full[-1]
    if last is not sections[-1]:
        shape = last[-1].find(PROPERTIES).find(SHAPE)  # it ends with the paragraph that bears its shape
        body.replace(body.find(SHAPE), shape)


def keep_feet(document: Document) -> None:
    """Keep what stands before the table that ends a section on the page of it: who signs never stands alone."""
    for section in _sections(document.element.body):
        written = [each for each in section if _is_seen(each)]
        place = section.index(written[-1]) if written else 0
        if place and section[place].tag == TABLE and section[place - 1].tag == PARAGRAPH:
            Paragraph(section[place - 1], document._body).paragraph_format.keep_with_next = True


def _sections(body: Any) -> list[list[Any]]:
    """The elements of each section; the shape of the last one stands by itself at the end of the body."""
    found: list[list[Any]] = [[]]
    for element in body:
        if element.tag == SHAPE:
            continue
        found[-1].append(element)
        properties = element.find(PROPERTIES)
        if properties is not None and properties.find(SHAPE) is not None:
            found.append([])
    return found


def _is_seen(element: Any) -> bool:
    return any(each.tag in SEEN and (each.tag != qn("w:t") or (each.text or "").strip()) for each in element.iter())
