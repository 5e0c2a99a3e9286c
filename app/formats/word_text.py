"""Text within the XML of a Word file."""

from copy import deepcopy

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

HYPHEN = "\u2011"
SPACED = "{http://www.w3.org/XML/1998/namespace}space"


def set_hyphens(root: BaseOxmlElement) -> None:
    """Write each hyphen that no line may end at as Word's own: as a character it stands in another face there."""
    for text in list(root.iter(qn("w:t"))):
        if text.text and HYPHEN in text.text:
            _split(text)


def _split(text: BaseOxmlElement) -> None:
    """One text, in which hyphens are characters, as several with elements between them."""
    first, *rest = (text.text or "").split(HYPHEN)
    text.text = first
    text.set(SPACED, "preserve")
    for piece in reversed(rest):
        after = deepcopy(text)
        after.text = piece
        text.addnext(after)
        text.addnext(OxmlElement("w:noBreakHyphen"))
