"""A template filled: its syntax is looked at once more, each field prints through `printed`, blanks leave marks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from docx.document import Document
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from lxml.etree import XMLSyntaxError
from markupsafe import Markup, escape

from app.answers.letter_fields import FieldNote
from app.domain.period import LOCAL
from app.domain.unbroken import HYPHEN, SPACE
from app.formats.docx_file import EARLIEST, LONGEST, packed, set_properties
from app.formats.docx_filled_tables import mark_repeating_tables, settle_tables
from app.formats.docx_marks import DocxMarks, settle, unmarked
from app.formats.docx_notes import match_notes
from app.formats.docx_paragraphs import (
    NOTES,
    PROPERTIES,
    DocxParagraph,
    PartName,
    note_parts,
    paragraphs_of,
    roots,
)
from app.formats.docx_sections import drop_empty_sections, keep_feet
from app.formats.xml_text import in_xml
from app.reports.fields.vocabulary import find_field
from app.reports.letter.left_open import pieces_of
from app.reports.templates.expressions import ExpressionReader
from app.reports.templates.meaning import LOOP_STATE
from app.reports.templates.sandbox import Sandbox, items, printed
from app.reports.templates.sent_fields import SentFields
from app.reports.templates.tags import without_tags
from app.reports.templates.texts import HARMLESS

MISSING = "Chưa có số liệu: {meaning}"
NO_ORDERS = (
    "Chưa có nội dung chỉ đạo của kỳ: hãy nêu ở `orders` của PUT /v1/letters/{unit}/{period}/{kind}, hoặc ở mẫu văn "
    "bản của đơn vị (PUT /v1/letter-profiles/{unit}), hoặc gõ vào đây."
)
PLACE, PLACES = "place", re.compile(r'<w:p [^>]*?\bplace="(\d+)"')
"""What says in the XML of a part which of its paragraphs begins there."""
ITEMS, PRINTED = "_items", "_printed"


@dataclass(slots=True)
class PrintedFields:
    """What fields print, with the marks that they leave: one comment for each path, where it stands first."""

    notes: Sequence[FieldNote] = ()
    marks: DocxMarks = field(default_factory=DocxMarks)
    said: set[str] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)

    def of(self, value: object, path: str) -> str:
        """A value as it is printed in XML, behind the marks of what is said of it."""
        remarks = "".join(map(self.marks.remark, self._remarks(path)))
        # what docxtpl would take for a brace of its own once all is printed
        text = str(escape(remarks + self.text(value, path))).replace("{_", "{&#95;").replace("_}", "&#95;}")
        return Markup(text)  # noqa: S704 - escaped a line above

    def text(self, value: object, path: str) -> str:
        """A value as it is printed, nothing of it escaped."""
        text = printed(value)
        return self._blank(path) if text is None else self._marked(text)

    def left(self) -> list[str]:
        """The notes whose field was not printed, or that are about none."""
        return [note["detail"] for place, note in enumerate(self.notes) if place not in self.placed]

    def _remarks(self, path: str) -> Iterable[str]:
        for place, note in enumerate(self.notes):
            if note["field"] and place not in self.placed and _is_of(path, note["field"]):
                self.placed.add(place)
                yield note["detail"]

    def _marked(self, text: str) -> str:
        """A text with what it leaves open marked."""
        pieces = pieces_of(unmarked(text))
        return "".join(self.marks.blank(None, each.text) if each.is_open else each.text for each in pieces)

    def _blank(self, path: str) -> str:
        is_new = path not in self.said
        self.said.add(path)
        return self.marks.blank(_missing(path) if is_new else None)


def _missing(path: str) -> str:
    """What to say beside the first blank of a field: what it is, or how it is stated."""
    node = find_field(path) if path else None
    if path.startswith("order"):
        return NO_ORDERS
    meaning = f"{node.vi.rstrip('.')} ({path})" if node is not None and node.vi else path or "…"
    return MISSING.format(meaning=meaning)


def _is_of(path: str, named: str) -> bool:
    """Whether a printed field is the one that a note names, or one of its members."""
    return path == named or path.startswith((f"{named}.", f"{named}["))


class FillingSandbox(Sandbox):
    """The sandbox that lets fields print through `PrintedFields`, and refuses every syntax but that of letters.

    `xml`: whether it fills XML, which is escaped, or text.
    """

    def __init__(self, fields: PrintedFields, *, xml: bool = True) -> None:
        super().__init__()
        self.autoescape = xml
        self.filters |= {PRINTED: fields.of if xml else fields.text, ITEMS: items}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        _Weaver().weave(template.body)
        return template.set_environment(self)  # type: ignore[return-value]


class _Weaver:
    """Puts the printing and the loops of a syntax tree through our filters. Raises SecurityError."""

    def __init__(self) -> None:
        self.reader = ExpressionReader()

    def weave(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                node.nodes = [self.output(each) for each in node.nodes]
            elif isinstance(node, nodes.For):
                self.loop(node)
            elif isinstance(node, nodes.If):
                self.reader.read(node.test)
                self.weave([*node.body, *node.elif_, *node.else_])
            elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
                self.reader.name(node.target.name, self.reader.read(node.node))
            else:
                raise SecurityError(type(node).__name__.lower())
        for fault in self.reader.faults:
            if fault.code not in HARMLESS:
                raise SecurityError(fault.field)

    def output(self, node: nodes.Expr) -> nodes.Expr:
        if isinstance(node, nodes.TemplateData):
            return node
        path = nodes.Const(self.reader.read_printed(node).path)
        return nodes.Filter(node, PRINTED, [path], [], None, None, lineno=node.lineno)

    def loop(self, node: nodes.For) -> None:
        if node.recursive or not isinstance(node.target, nodes.Name):
            raise SecurityError("for")
        item = self.reader.read_items(node.iter)
        self.reader.scopes.append({"loop": LOOP_STATE, node.target.name: item})
        if node.test is not None:
            self.reader.read(node.test)
        node.iter = nodes.Filter(node.iter, ITEMS, [], [], None, None, lineno=node.lineno)
        self.weave(node.body)
        self.reader.scopes.pop()
        self.weave(node.else_)


class StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """A template of docxtpl that mends no broken XML, fills properties as text, and footnotes once for all sections."""

    def fix_tables(self, xml: str) -> object:
        parse_xml(xml)
        return super().fix_tables(xml)

    def render_properties(self, context: Mapping[str, object], _: object = None) -> None:
        """Properties hold text, of which `LONGEST` characters; what is said of their fields is said elsewhere."""
        fields = PrintedFields(marks=DocxMarks(remarks=False))
        sandbox, properties = FillingSandbox(fields, xml=False), self.docx.core_properties
        for name in PROPERTIES:
            filled = fields.marks.plain(sandbox.from_string(getattr(properties, name)).render(context))
            setattr(properties, name, filled.replace(SPACE, " ").replace(HYPHEN, "-")[:LONGEST])  # they have no lines

    def render_footnotes(self, context: Mapping[str, object], jinja_env: Sandbox | None = None) -> None:
        for part in self.notes():
            filled = self.render_xml_part(self.patch_xml(part.blob.decode()), part, context, jinja_env)
            part._blob = filled.encode()

    def notes(self) -> list[Part]:
        """The parts of footnotes."""
        return [each for each in note_parts(self.docx) if NOTES[each.content_type] == "footnotes"]


def fill(template: IO[bytes], sent: SentFields) -> bytes:
    """The filled document. Raises what jinja2 and lxml raise over a template that nobody has checked."""
    printing = PrintedFields(sent.notes if sent.remarks else (), DocxMarks(remarks=sent.remarks))
    filled = StrictTemplate(template)
    filled.init_docx()
    mark_repeating_tables(filled.docx)
    known = {name: value for name, value in sent.fields.items() if value is not None}
    filled.render(known, FillingSandbox(printing))
    document: Document = filled.docx
    drop_empty_sections(document)
    keep_feet(document)
    settle_tables(document)
    settle(document, printing.marks, printing.left())
    match_notes(document)
    title, moment = document.core_properties.title or in_xml(str(known.get("subject", ""))), _moment(known.get("on"))
    set_properties(document, title, moment)
    return packed(document, moment)


def _moment(day: object) -> datetime:
    """The beginning of the letter's day; the earliest moment that a file can have where it has none."""
    found = datetime.fromisoformat(day) if isinstance(day, str) else EARLIEST
    return max(found.replace(tzinfo=found.tzinfo or LOCAL), EARLIEST)


def flaw(template: IO[bytes]) -> tuple[DocxParagraph, str] | None:
    """The paragraph without faulty tags that cannot be filled all the same, and why; None where all can.

    Nothing is executed.
    """
    filled = StrictTemplate(template)
    filled.init_docx()
    sandbox = FillingSandbox(PrintedFields())
    notes = ((NOTES[each.content_type], parse_xml(each.blob)) for each in filled.notes())
    for part, root in (*roots(filled.docx), *notes):
        paragraphs = paragraphs_of(part, root)
        for each in paragraphs:
            each.element.set(PLACE, str(each.number))
        xml = filled.patch_xml(filled.xml_to_string(root).replace("\n", " "))
        patched = xml.replace("<w:p ", "\n<w:p ")  # a line each, so that the line of an error leads to its paragraph
        for text, read in ((without_tags(patched), parse_xml), (patched, sandbox.parse)):
            try:
                read(text)
            except (TemplateError, XMLSyntaxError) as error:
                line = error.lineno if isinstance(error, TemplateSyntaxError | XMLSyntaxError) else None
                return _begun(part, paragraphs, text.split("\n")[:line]), str(error)
    return None


def _begun(part: PartName, paragraphs: Sequence[DocxParagraph], lines: Sequence[str]) -> DocxParagraph:
    """The paragraph that begins last in the lines of a part; one without number where none does."""
    places = PLACES.findall("\n".join(lines))
    return paragraphs[int(places[-1]) - 1] if places else DocxParagraph(part, None, "")
