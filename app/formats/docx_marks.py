"""Places in a Word file that people must look at: blanks to fill in, highlighted, and comments beside paragraphs.

While its text is written, a mark is a few characters that no text has; `settle` then turns them into what Word shows.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.formats.docx_file import AUTHOR
from app.formats.docx_paragraphs import CELL, PARAGRAPH, ROW, TABLE, TEXT, note_parts, roots
from app.formats.word_text import set_hyphens
from app.formats.xml_text import in_xml

OPEN, CLOSE = "\ue0f0", "\ue0f1"
MARK = re.compile(f"({OPEN}[0-9]{{1,9}}{CLOSE})")
BODY, RUN, RUN_SHAPE = qn("w:body"), qn("w:r"), qn("w:rPr")
BLANK = "……"
BINDING = "{*}dataBinding"
MOST_COMMENTS = 200
"""More of them nobody reads, and each takes the library longer than the one before."""


class Mark(NamedTuple):
    """The blank that stands there, None for none, and what is to be said beside it."""

    blank: str | None
    comment: str | None


class DocxMarks:
    """The marks of one file, by their number; without `remarks` nothing is said beside them."""

    def __init__(self, *, remarks: bool = True) -> None:
        self.marks: list[Mark] = []
        self.remarks = remarks

    def blank(self, comment: str | None, text: str = BLANK) -> str:
        """What stands for a blank in a text; `comment` is what is missing, None where that needs no saying."""
        return self._mark(text, comment)

    def remark(self, comment: str) -> str:
        """What puts a comment beside a paragraph, at any place of its text."""
        return self._mark(None, comment)

    def _mark(self, blank: str | None, comment: str | None) -> str:
        self.marks.append(Mark(blank, comment if self.remarks else None))
        return f"{OPEN}{len(self.marks) - 1}{CLOSE}"

    def of(self, text: str) -> Mark | None:
        """The mark that a piece of text is; None where it is other text."""
        number = int(text[1:-1]) if MARK.fullmatch(text) else len(self.marks)
        return self.marks[number] if number < len(self.marks) else None

    def plain(self, text: str) -> str:
        """A text that cannot be marked."""
        pieces = ((piece, self.of(piece)) for piece in MARK.split(text))
        return "".join(unmarked(piece) if mark is None else mark.blank or "" for piece, mark in pieces)


def unmarked(text: str) -> str:
    """A text without marks, and without what would read as one."""
    return MARK.sub("", text).replace(OPEN, "").replace(CLOSE, "")


def settle(document: Document, marks: DocxMarks, remarks: Sequence[str]) -> None:
    """Turn the marks of a file into what Word shows; `remarks` have no place and stand at its beginning."""
    placed: list[tuple[Any, str]] = []
    start = next(document.element.body.iter(PARAGRAPH), None)
    if start is None:
        start = document.add_paragraph()._p
    for part, root in roots(document):
        set_hyphens(root)
        unbind(root)
        complete(root)
        said = [(outermost(text), comment) for text, comment in _settle(root, marks)]
        placed += [(paragraph if part == "body" else start, comment) for paragraph, comment in said]
    placed += [(start, comment) for comment in _settle_notes(document, marks)]
    for paragraph, comment in [*((start, each) for each in remarks), *placed][:MOST_COMMENTS]:
        _comment(document, paragraph, comment)


def complete(root: Any) -> None:
    """Make whole what is left when parts fall away: a table has rows, a cell and a head end with a paragraph."""
    for table in list(root.iter(TABLE)):
        if table.find(ROW) is None:
            table.getparent().remove(table)
    for holder in (root, *root.iter(CELL)):
        if holder.tag != BODY and (len(holder) == 0 or holder[-1].tag != PARAGRAPH):
            holder.append(OxmlElement("w:p"))


def unbind(root: Any) -> None:
    """Let controls show the text that was filled in: bound to a property, they show what that holds."""
    for binding in list(root.iter(BINDING)):
        binding.getparent().remove(binding)


def outermost(element: Any) -> Any:
    """The paragraph of the page that something stands in: a box stands in one, and takes no comments."""
    found = element
    while element is not None:
        found, element = (element if element.tag == PARAGRAPH else found), element.getparent()
    return found


def _settle_notes(document: Document, marks: DocxMarks) -> Iterator[str]:
    """The comments of footnotes, which take none themselves."""
    for part in note_parts(document):
        root = parse_xml(part.blob)
        set_hyphens(root)
        unbind(root)
        yield from [comment for _, comment in _settle(root, marks)]
        part._blob = serialize_part_xml(root)


def _settle(root: Any, marks: DocxMarks) -> Iterator[tuple[Any, str]]:
    """Rewrite the runs that hold marks; gives each text with a comment, and what it says."""
    for text in [each for each in root.iter(TEXT) if OPEN in (each.text or "")]:
        pieces = MARK.split(text.text)
        for mark in filter(None, map(marks.of, pieces)):
            if mark.comment is not None:
                yield text, mark.comment
        _split(text, [(piece, marks.of(piece)) for piece in pieces])


def _split(text: Any, pieces: Sequence[tuple[str, Mark | None]]) -> None:
    """Put the pieces of a text into runs of their own, the blanks among them highlighted."""
    run = text.getparent()
    if run is None or run.tag != RUN:
        return
    shape = run.find(RUN_SHAPE)
    before = [child for child in run if child is not shape]
    at = before.index(text)
    made = [_run(shape, before[:at])]
    for piece, mark in pieces:
        if mark is not None and mark.blank is not None:
            made.append(_run(shape, [_text(mark.blank)]))
            Run(made[-1], None).font.highlight_color = WD_COLOR_INDEX.YELLOW  # type: ignore[arg-type]
        elif unmarked(piece):
            made.append(_run(shape, [_text(unmarked(piece))]))
    made.append(_run(shape, before[at + 1 :]))
    for each in made:
        if any(child.tag != RUN_SHAPE for child in each):
            run.addprevious(each)
    run.getparent().remove(run)


def _run(shape: Any, content: Sequence[Any]) -> Any:
    made = OxmlElement("w:r")
    if shape is not None:
        made.append(deepcopy(shape))
    made.extend(content)
    return made


def _text(said: str) -> Any:
    made = OxmlElement("w:t")
    made.text = said
    made.set(qn("xml:space"), "preserve")
    return made


def _comment(document: Document, element: Any, text: str) -> None:
    """A comment beside a paragraph, without the moment at which it was written."""
    paragraph = Paragraph(element, document._body)
    runs = paragraph.runs or [paragraph.add_run()]
    comment = document.add_comment(runs, in_xml(text), AUTHOR, AUTHOR)
    comment._comment_elm.date = None
