"""A fault of a template as it was found, and as it is told."""

from typing_extensions import TypedDict

from app.errors import Fault
from app.formats.docx_paragraphs import DocxParagraph
from app.reports.templates.texts import FAULTS

LONGEST = 100
"""Characters of what is quoted."""
DEEPEST = 8
"""So many blocks stand within each other."""
MOST_TAGS = 500
"""So many tags stand in one paragraph."""


class FoundFault(TypedDict):
    """A fault and where it stands: the part, the paragraph by its number from 1 (None: not known) and its text.

    `field` is what it is about as it is written, `reason` what the parser says, `begin` the paragraph where a block
    was opened.
    """

    code: str
    field: str
    suggestion: str | None
    part: str
    paragraph: int | None
    text: str
    reason: str
    begin: int


def told(found: FoundFault) -> Fault:
    """The fault in both languages: paragraph `row` of the part `column`, whose text is its `value`."""
    return Fault(
        FAULTS[found["code"]],
        {**found, "most": DEEPEST, "tags": MOST_TAGS},
        row=found["paragraph"],
        column=found["part"],
        value=found["text"],
        suggestion=found["suggestion"],
    )


def torn(paragraph: DocxParagraph, reason: str) -> FoundFault:
    """The fault of a part whose tags are right one by one, and that cannot be filled as a whole."""
    return {
        "code": "tag_torn",
        "field": "",
        "suggestion": None,
        "part": paragraph.part,
        "paragraph": paragraph.number,
        "text": paragraph.text[:LONGEST],
        "reason": reason,
        "begin": 0,
    }
