"""The fields of a Word file (page numbers, tables of contents): those that fetch or start something are refused.

Runs in a child process: standard library only.
"""

import re

from app.formats.office_archive import OfficeRefused

HARMLESS = re.compile(
    "AUTHOR|BOOKMARK|CREATEDATE|DATE|DOCPROPERTY|FORM(CHECKBOX|DROPDOWN|TEXT)|INDEX|LISTNUM|NOTEREF|NUM(CHARS|PAGES|WORDS)"
    "|PAGE|PAGEREF|PRINTDATE|REF|SAVEDATE|SECTION|SECTIONPAGES|SEQ|STYLEREF|SUBJECT|SYMBOL|TC|TIME|TITLE|TOA|TOC|XE"
)
"""What a field may be by its first word; ECMA-376, part 1, 17.16.5 has them all."""
LINKED = re.compile(r'\s*HYPERLINK\s+(?:\\[a-z]\s+)*(?:"(?:https?://|mailto:)|\\l\b|"#|(?:https?://|mailto:))', re.I)
LONGEST = 2_000
TAG = re.compile(r"\{[{%#]")
"""How the tags of a template begin: what they would leave of a code is not known."""


class FieldCodes:
    """Hears the elements of a part, and raises OfficeRefused `field_code` for a field that is not harmless."""

    def __init__(self) -> None:
        self.open: list[str] = []
        """The codes of the fields that have begun, as far as they have been read."""
        self.stray = ""
        self.within = ""
        """All text of the code that is being read, up to its result; that of no code among it."""
        self.coded = self.reading = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        local = element.rpartition(" ")[2]
        if local == "fldSimple":
            _judge(_local(attributes).get("instr", ""))
        elif local == "fldChar":
            self._turn(_local(attributes).get("fldCharType", ""))
        self.reading = local == "instrText"

    def end(self, _: str) -> None:
        self.reading = False

    def text(self, text: str) -> None:
        if self.coded:
            self.within = (self.within + text)[-LONGEST:]
            if TAG.search(self.within):
                raise OfficeRefused("field_code", field=self.within.strip()[:100])
        if not self.reading:
            return
        if self.open:
            self.open[-1] = (self.open[-1] + text)[:LONGEST]
        else:
            self.stray = (self.stray + text)[:LONGEST]

    def close(self) -> None:
        """At the end of the part: what was left open, or stood in no field."""
        for code in (*self.open, self.stray):
            if code.strip():
                _judge(code)

    def _turn(self, kind: str) -> None:
        self.coded, self.within = kind == "begin", ""
        if self.open:
            _judge(self.open[-1])  # a code that only the result of a field within it would complete is not known
        if kind == "begin":
            self.open.append("")
        elif kind == "end" and self.open:
            self.open.pop()


def _local(attributes: dict[str, str]) -> dict[str, str]:
    return {name.rpartition(" ")[2]: value for name, value in attributes.items()}


def _judge(code: str) -> None:
    words = code.split(maxsplit=1)
    word = words[0].upper() if words else ""
    if HARMLESS.fullmatch(word) or word.startswith("=") or LINKED.match(code):
        return
    raise OfficeRefused("field_code", field=code.strip()[:100])
