"""The paragraphs of a Word file in their order, with what surrounds them: body, heads, feet, notes, properties."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml.etree import tostring

PartName = Literal["body", "header", "footer", "footnotes", "endnotes", "properties", "other"]
HEADS: dict[str, PartName] = {RELATIONSHIP_TYPE.HEADER: "header", RELATIONSHIP_TYPE.FOOTER: "footer"}
NOTES: dict[str, PartName] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml": "footnotes",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml": "endnotes",
}
PROPERTIES = ("title", "subject", "keywords", "category", "content_status", "identifier")
"""The properties of a file in which fields are filled; the others are the service's own in every letter."""
FIXED_PROPERTIES = ("author", "comments", "language", "last_modified_by", "version")
PARAGRAPH, ROW, CELL, TABLE, TEXT = (qn(f"w:{name}") for name in ("p", "tr", "tc", "tbl", "t"))
BREAKS = frozenset(qn(f"w:{name}") for name in ("tab", "br", "cr"))
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Repeats for older programs what stands beside it."""
OPENS = re.compile(r"\{[{%#]")
HOLDERS = {"p": PARAGRAPH, "tr": ROW, "tc": CELL}


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """A paragraph with its text and its number within the part, from 1 (None: not known); `element` None: no XML."""

    part: PartName
    number: int | None
    text: str
    element: Any = None

    def holder(self, kind: str) -> Any:
        """The paragraph itself (`p`), or the row (`tr`) or cell (`tc`) that it stands in; None where there is none."""
        element = self.element
        while element is not None and element.tag != HOLDERS[kind]:
            element = element.getparent()
        return element


@dataclass(frozen=True, slots=True)
class DocxPart:
    """A part with its paragraphs, and the texts in it with tags that are not filled."""

    paragraphs: Sequence[DocxParagraph]
    misplaced: Sequence[DocxParagraph]


def parts_of(document: Document) -> Iterator[DocxPart]:
    """Every part that may hold fields, with its paragraphs, those of tables and boxes among them."""
    notes = ((NOTES[part.content_type], parse_xml(part.blob)) for part in note_parts(document))
    for name, root in (*roots(document), *notes):
        paragraphs = paragraphs_of(name, root)
        numbers = {each.element: each.number for each in paragraphs}
        yield DocxPart(paragraphs, [DocxParagraph(name, numbers.get(of), text) for of, text in _misplaced(root)])
    own = document.core_properties
    filled, fixed = ([str(getattr(own, each)) for each in names] for names in (PROPERTIES, FIXED_PROPERTIES))
    yield DocxPart(_numbered("properties", filled), _numbered("properties", _tags_among(fixed)))
    yield DocxPart([], [DocxParagraph("other", None, text) for text in _tags_elsewhere(document)])


def paragraphs_of(part: PartName, root: Any) -> list[DocxParagraph]:
    """The paragraphs of a part, those of tables and boxes among them."""
    found = [each for each in root.iter(PARAGRAPH) if next(each.iterancestors(FALLBACK), None) is None]
    return [DocxParagraph(part, place, own_text(each), each) for place, each in enumerate(found, start=1)]


def _numbered(part: PartName, texts: Iterable[str]) -> list[DocxParagraph]:
    return [DocxParagraph(part, place, text) for place, text in enumerate(texts, start=1)]


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


def _misplaced(root: Any) -> Iterator[tuple[Any, str]]:
    """Tags that stand where nobody reads them (in attributes, codes of fields, deleted text), with their paragraph."""
    for element in root.iter():
        own = [element.text or ""] if len(element) == 0 and element.tag != TEXT else []
        for text in _tags_among([*element.attrib.values(), *own, element.tail or ""]):
            yield next(element.iterancestors(PARAGRAPH), element), text


def _tags_among(texts: Iterable[str]) -> Iterator[str]:
    """Each text that holds something like a tag, from there on."""
    return (text[found.start() :] for text in texts if (found := OPENS.search(text)) is not None)


def _tags_elsewhere(document: Document) -> Iterator[str]:
    """What looks like a tag in addresses of links, and in parts that nobody fills: comments, charts, styles."""
    heads = {id(each.target_part) for each in document.part.rels.values() if each.reltype in HEADS}
    for part in document.part.package.iter_parts():
        texts = [unquote(each.target_ref) for each in part.rels.values() if each.is_external]
        is_read = part is document.part or id(part) in heads or part.content_type in (*NOTES, CT.OPC_CORE_PROPERTIES)
        if not is_read and part.content_type.endswith("xml"):
            root = parse_xml(part.blob)
            # not `itertext`, which has the text of a run again with its paragraph
            texts.append(tostring(root, method="text", encoding="unicode"))
            texts += [value for each in root.iter() for value in each.attrib.values()]
        yield from _tags_among(texts)
