"""Text that stands in XML: what no XML can hold is replaced, what it would read as markup is escaped."""

import re
from xml.sax.saxutils import escape

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\ufffd"


def in_xml(text: str) -> str:
    """
    >>> in_xml("a\\x00b & <c>")
    'a�b & <c>'
    """
    return NOT_IN_XML.sub(REPLACEMENT, text)


def escaped(text: str) -> str:
    """
    >>> escaped("a\\x00b & <c>")
    'a�b &amp; &lt;c&gt;'
    """
    return escape(in_xml(text))
