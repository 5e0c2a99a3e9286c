"""A template read without being filled: every fault of its tags, and the fields that it names."""

from typing import NamedTuple

from docx.document import Document
from jinja2 import nodes

from app.answers.field_kinds import KnownKeys
from app.errors import MOST_FAULTS
from app.formats.docx_paragraphs import DocxParagraph, parts_of, whole_text
from app.reports.templates.expressions import ExpressionReader
from app.reports.templates.found import DEEPEST, LONGEST, MOST_TAGS, FoundFault
from app.reports.templates.meaning import LOOP_STATE
from app.reports.templates.tags import BRACES, ESCAPED, Tag, TagInvalid, halves_of, is_known, parsed, tags_of

CLOSES = {"endfor": "for", "endif": "if"}
MIDST = {"elif": ("if",), "else": ("if", "for")}


class Block(NamedTuple):
    """A block that stands open."""

    tag: Tag
    paragraph: DocxParagraph


class TemplateReader:
    """Reads a document; `faults` are those that were found, `fields` the paths of the vocabulary that it names."""

    def __init__(self, keys: KnownKeys | None = None) -> None:
        self.faults: list[FoundFault] = []
        self.expressions = ExpressionReader(keys)
        self.blocks: list[Block] = []

    @property
    def fields(self) -> list[str]:
        """The paths in order, without those that only lead to others."""
        named = self.expressions.fields
        leading = {path[:place] for path in named for place, letter in enumerate(path) if letter in ".["}
        return sorted(named.keys() - leading)

    def read(self, document: Document) -> None:
        """Find everything that is wrong with it."""
        for part in parts_of(document):
            for paragraph in part.paragraphs:
                if len(self.faults) < MOST_FAULTS:
                    self.read_paragraph(paragraph)
            for misplaced in part.misplaced:
                tag = next((each.text for each in tags_of(misplaced.text)), misplaced.text)
                self.fault("place_not_filled", tag, misplaced)
            for block in self.blocks:
                self.fault("block_unclosed", block.tag.text, block.paragraph)
            self.blocks.clear()
            self.expressions.scopes[1:] = []

    def read_paragraph(self, paragraph: DocxParagraph) -> None:
        if len(BRACES.findall(paragraph.text)) > 2 * MOST_TAGS:
            self.fault("tags_too_many", paragraph.text, paragraph)
            return
        tags = list(tags_of(paragraph.text))
        for half in halves_of(paragraph.text):
            self.fault("tag_unclosed", half, paragraph)
        for escape in ESCAPED.findall(paragraph.text):
            self.fault("tag_forbidden", escape, paragraph)
        if paragraph.part == "endnotes":
            for tag in tags:
                self.fault("place_not_filled", tag.text, paragraph)
            return
        for tag in tags:
            self.read_tag(tag, paragraph)
            self.require_room(tag, paragraph)

    def read_tag(self, tag: Tag, paragraph: DocxParagraph) -> None:
        if not is_known(tag) or (tag.prefix and paragraph.element is None):
            self.fault("tag_forbidden", tag.text, paragraph)
            return
        try:
            syntax = parsed(tag)
        except TagInvalid as invalid:
            self.fault("tag_invalid", tag.text, paragraph, reason=invalid.reason)
            syntax = None
        self.turn(tag, syntax, paragraph)
        for each in self.expressions.faults:
            self.fault(each.code, each.field, paragraph, suggestion=each.suggestion)
        self.expressions.faults.clear()

    def turn(self, tag: Tag, syntax: nodes.Node | None, paragraph: DocxParagraph) -> None:
        """Open, continue or close a block, or read what is printed or named."""
        if tag.word in CLOSES or tag.word in MIDST:
            self.continue_block(tag, paragraph)
        if isinstance(syntax, nodes.Expr):
            self.expressions.read_printed(syntax)
        elif isinstance(syntax, nodes.If):
            self.expressions.read(syntax.test)
        elif isinstance(syntax, nodes.Assign):
            self.name(syntax.target, syntax.node)
        elif isinstance(syntax, nodes.AssignBlock):
            self.fault("tag_forbidden", tag.text, paragraph)
        if tag.word in ("for", "if"):
            self.open_block(tag, syntax, paragraph)

    def open_block(self, tag: Tag, syntax: nodes.Node | None, paragraph: DocxParagraph) -> None:
        if len(self.blocks) == DEEPEST:
            self.fault("blocks_too_deep", tag.text, paragraph)
        self.blocks.append(Block(tag, paragraph))
        if tag.word == "for":
            self.expressions.scopes.append({"loop": LOOP_STATE})
        if isinstance(syntax, nodes.For):
            if syntax.recursive:
                self.fault("tag_forbidden", tag.text, paragraph)
            self.go_through(syntax)

    def go_through(self, loop: nodes.For) -> None:
        """Read the head of a loop: what it goes through, outside of it, and what it names."""
        own = self.expressions.scopes.pop()
        item = self.expressions.read_items(loop.iter)
        self.expressions.scopes.append(own)
        if isinstance(loop.target, nodes.Name) and loop.target.name != "loop":
            self.expressions.name(loop.target.name, item)
        else:
            self.expressions.fault("expression_forbidden", "for …, … in")
        if loop.test is not None:
            self.expressions.read(loop.test)

    def name(self, target: nodes.Node, value: nodes.Node) -> None:
        """Read a `set`."""
        meaning = self.expressions.read(value)
        if isinstance(target, nodes.Name):
            self.expressions.name(target.name, meaning)
        else:
            self.expressions.fault("expression_forbidden", "set …")

    def continue_block(self, tag: Tag, paragraph: DocxParagraph) -> None:
        """An `else`, `elif` or end: of the block that was opened last, in the same place as it."""
        opened = self.blocks[-1] if self.blocks else None
        wanted = MIDST.get(tag.word) or (CLOSES[tag.word],)
        if opened is None or opened.tag.word not in wanted:
            self.fault("block_unopened", tag.text, paragraph)
            return
        if not _same_place(opened, tag, paragraph):
            self.fault("block_torn", tag.text, paragraph, begin=opened.paragraph.number or 0)
        if tag.word in CLOSES:
            self.blocks.pop()
            if tag.word == "endfor":
                self.expressions.scopes.pop()

    def require_room(self, tag: Tag, paragraph: DocxParagraph) -> None:
        """A tag that takes its paragraph, row or cell away stands there alone."""
        if tag.prefix not in ("p", "tr", "tc"):
            return
        holder = paragraph.holder(tag.prefix)
        text = paragraph.text if tag.prefix == "p" else "" if holder is None else whole_text(holder)
        if text.strip() != tag.text:
            self.fault("tag_not_alone", tag.text, paragraph)

    def fault(
        self,
        code: str,
        field: str,
        paragraph: DocxParagraph,
        *,
        suggestion: str | None = None,
        reason: str = "",
        begin: int = 0,
    ) -> None:
        if len(self.faults) == MOST_FAULTS:
            return
        self.faults.append(
            {
                "code": code,
                "field": field[:LONGEST],
                "suggestion": suggestion,
                "part": paragraph.part,
                "paragraph": paragraph.number,
                "text": paragraph.text[:LONGEST],
                "reason": reason[:LONGEST],
                "begin": begin,
            }
        )


def _same_place(opened: Block, tag: Tag, paragraph: DocxParagraph) -> bool:
    """Whether both tags of a block leave a whole document, be it printed once, often or not at all."""
    before = opened.paragraph
    if opened.tag.prefix != tag.prefix:
        return False
    if tag.prefix not in ("p", "tr", "tc"):
        return before is paragraph
    one, other = before.holder(tag.prefix), paragraph.holder(tag.prefix)
    return one is not None and other is not None and one.getparent() is other.getparent()
