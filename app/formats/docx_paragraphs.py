"""The paragraphs of a Word file in their order, with what surrounds them: body, heads, feet, notes, properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

PartName = Literal["body", "header", "footer", "footnotes", "endnotes", "properties"]
HEADS: dict[str, PartName] = {RELATIONSHIP_TYPE.HEADER: "header", RELATIONSHIP_TYPE.FOOTER: "footer"}
NOTES: dict[str, PartName] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml": "footnotes",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml": "endnotes",
}
PROPERTIES = ("title", "subject", "keywords", "category", "content_status", "identifier")
"""The properties of a file in which fields are filled; the others are the service's own in every letter."""
PARAGRAPH, ROW, CELL, TABLE, TEXT = (qn(f"w:{name}") for name in ("p", "tr", "tc", "tbl", "t"))
BREAKS = frozenset(qn(f"w:{name}") for name in ("tab", "br", "cr"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Repeats for older programs what stands beside it."""
OPENS = re.compile(r"\{\{|\{%|\{#")
HOLDERS = {"p": PARAGRAPH, "tr": ROW, "tc": CELL}


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """A paragraph with its text and its number within the part, from 1; `element` None: a property."""

    part: PartName
    number: int
    text: str
    element: Any = None

    def holder(self, kind: str) -> Any:
        """The paragraph itself (`p`), or the row (`tr`) or cell (`tc`) that it stands in; None where there is none."""
        element = self.element
        while element is not None and element.tag != HOLDERS[kind]:
            element = element.getparent()
        return element


def parts_of(document: Document) -> Iterator[list[DocxParagraph]]:
    """The paragraphs of every part that may hold some, part by part; what stands in tables and boxes among them."""
    notes = ((NOTES[part.content_type], parse_xml(part.blob)) for part in note_parts(document))
    for name, root in (*roots(document), *notes):
        found = [each for each in root.iter(PARAGRAPH) if next(each.iterancestors(FALLBACK), None) is None]
        yield [DocxParagraph(name, place, own_text(each), each) for place, each in enumerate(found, start=1)]
    properties = (str(getattr(document.core_properties, each)) for each in PROPERTIES)
    yield [DocxParagraph("properties", place, text) for place, text in enumerate(properties, start=1)]


def roots(document: Document) -> Iterator[tuple[PartName, Any]]:
    """The XML of the body, its heads and its feet."""
    yield "body", document.element.body
    for relation in document.part.rels.values():
        if relation.reltype in HEADS:
            yield HEADS[relation.reltype], relation.target_part.element


def note_parts(document: Document) -> list[Part]:
    """The parts of footnotes and endnotes."""
    return [part for part in document.part.package.iter_parts() if part.content_type in NOTES]


def own_text(paragraph: Any) -> str:
    """The text of a paragraph, without that of paragraphs within it, as boxes have them."""
    return "".join(_texts(paragraph))


def whole_text(element: Any) -> str:
    """All text of a row or cell, that of boxes and tables within it, too."""
    return "".join(each.text or "" for each in element.iter(TEXT))


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag in BREAKS:
            yield " "
        elif child.tag != PARAGRAPH:
            yield from _texts(child)


def misplaced_texts(paragraph: DocxParagraph) -> list[str]:
    """Tags of a template that stand where nobody reads them: in attributes, in codes of fields, in deleted text."""
    found: list[str] = []
    for element in () if paragraph.element is None else paragraph.element.iter():
        own = [element.text or ""] if len(element) == 0 and element.tag != TEXT else []
        texts = [*element.attrib.values(), *own]
        found += [text for text in texts if OPENS.search(text)]
    return found
