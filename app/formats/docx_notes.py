"""Footnotes of a Word file: written at a mark in the text, and gone with their mark where nothing is left of them."""

from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from app.formats.docx_paragraphs import PARAGRAPH, note_parts, roots, whole_text

NOTE, MARK, OWN_MARK, NUMBER, KIND, RUN = (
    qn(f"w:{name}") for name in ("footnote", "footnoteReference", "footnoteRef", "id", "type", "r")
)
SEPARATORS: Final = {-1: "separator", 0: "continuationSeparator"}
"""The lines that Word draws above the notes of a page, by the numbers under which they stand among the notes."""
RULES: Final = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in SEPARATORS.items()
)
RAISED: Final = f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:r>'


def add_notes(document: Document, notes: Sequence[Sequence[Any]]) -> None:
    """Give a file its footnotes, each the elements of its paragraphs; the first is number 1."""
    if not notes:
        return
    root = parse_xml(f"<w:footnotes {nsdecls('w')}>{RULES}</w:footnotes>")
    for number, paragraphs in enumerate(notes, start=1):
        note = OxmlElement("w:footnote", {NUMBER: str(number)})
        note.extend(paragraphs)
        root.append(note)
    name = PackURI("/word/footnotes.xml")
    part = Part(name, CONTENT_TYPE.WML_FOOTNOTES, serialize_part_xml(root), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    listed = "".join(f'<w:footnote w:id="{number}"/>' for number in SEPARATORS)
    compatible = document.settings.element.find(qn("w:compat"))
    compatible.addprevious(parse_xml(f"<w:footnotePr {nsdecls('w')}>{listed}</w:footnotePr>"))


def a_mark(number: int) -> Any:
    """The run that refers to a footnote."""
    run = parse_xml(RAISED)
    run.append(OxmlElement("w:footnoteReference", {NUMBER: str(number)}))
    return run


def match_notes(document: Document) -> None:
    """Let every mark have its note: one without a word goes with its mark, any other begins with its number."""
    for part in note_parts(document):
        root = parse_xml(part.blob)
        for note in root.findall(NOTE):
            if note.get(KIND) is not None:
                continue
            if whole_text(note).strip():
                _number(note)
            else:
                root.remove(note)
                _unmark(document, note.get(NUMBER))
        part._blob = serialize_part_xml(root)


def _number(note: Any) -> None:
    """Word shows the number of a note where its first paragraph says so."""
    first = note.find(PARAGRAPH)
    if first is None or next(note.iter(OWN_MARK), None) is not None:
        return
    run = parse_xml(RAISED)
    run.append(OxmlElement("w:footnoteRef"))
    apart = parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"> </w:t></w:r>')
    place = 1 if first.pPr is not None else 0
    first.insert(place, apart)
    first.insert(place, run)


def _unmark(document: Document, number: str) -> None:
    for _, root in roots(document):
        for mark in [each for each in root.iter(MARK) if each.get(NUMBER) == number]:
            run = mark.getparent()
            run.remove(mark)
            if run.tag == RUN and all(child.tag == qn("w:rPr") for child in run):
                run.getparent().remove(run)
