"""Printed pages as data: paragraphs, columns side by side and tables with lines. `docx` writes them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class PageStyle:
    """A named look of paragraphs, which whoever goes on writing finds in the list of styles.

    `code`: its id in the file, ASCII. `size` and `space` (above and below) in points. `indent`: the first line stands
    in. `outline`: the level at which the paragraph stands in the outline of the document, 1 the highest.
    """

    code: str
    name: str
    size: int = 14
    bold: bool = False
    italic: bool = False
    align: Align = "left"
    indent: bool = False
    space: tuple[int, int] = (0, 0)
    outline: int | None = None


PLAIN = PageStyle("Normal", "Normal")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one face. Line breaks in the text are kept. `blank`: it is marked to be filled in.

    `note`: the paragraphs of the footnote whose mark stands behind it.
    """

    text: str
    bold: bool = False
    italic: bool = False
    blank: bool = False
    note: "Sequence[PageParagraph]" = ()


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """Runs in a line or more.

    `rule`: a line in the middle instead of text, so many percent of the width long. `joined`: it stays on the page of
    what follows. `comments` stand in the margin, for whoever works on the document.
    """

    runs: Sequence[Run]
    style: PageStyle = PLAIN
    rule: int = 0
    joined: bool = False
    comments: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Paragraphs side by side without lines, row below row; `widths` are shares of the page."""

    rows: Sequence[Sequence[Sequence[PageParagraph]]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with lines, its head again on each page, its paragraphs in `style`.

    `widths` are shares of the page, `aligns` those of the cells below the head. `above`: a first row of the head, each
    cell a text and over how many columns it stands; without a text the cell below it fills both rows. `bold`: places of
    rows.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    aligns: Sequence[Align]
    style: PageStyle = PLAIN
    above: Sequence[tuple[str, int]] = ()
    bold: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class NewPages:
    """What follows begins on a page of its own within a group, which is page 1 again."""


Block = PageParagraph | SideBySide | RuledTable | NewPages


@dataclass(frozen=True, slots=True)
class PageGroup:
    """What begins on a page of its own, which is its page 1; `lying` pages are wider than they are high."""

    blocks: Sequence[Block]
    lying: bool = False


@dataclass(frozen=True, slots=True)
class PagedDocument:
    """Groups of pages; `title` is what a list of files shows, `moment` when the document was made."""

    title: str
    moment: datetime
    parts: Sequence[PageGroup]
