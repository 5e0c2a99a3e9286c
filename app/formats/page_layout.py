"""Printed pages as data: paragraphs, columns side by side and tables with lines. `docx` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one face; `size` in points, None: that of the page. Line breaks in the text are kept."""

    text: str
    bold: bool = False
    italic: bool = False
    size: int | None = None


@dataclass(frozen=True, slots=True)
class PageParagraph:
    """Runs in a line or more. `indent`: the first line stands in; `space` above and below in points.

    `rule`: a line in the middle instead of text, so many percent of the width long. `joined`: it stays on the page of
    what follows.
    """

    runs: Sequence[Run]
    align: Align = "left"
    indent: bool = False
    space: tuple[int, int] = (0, 0)
    rule: int = 0
    joined: bool = False


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Paragraphs side by side without lines, row below row; `widths` are shares of the page."""

    rows: Sequence[Sequence[Sequence[PageParagraph]]]
    widths: Sequence[int]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table with lines, its head again on each page, its text `size` points high.

    `widths` are shares of the page, `aligns` those of the cells below the head.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    aligns: Sequence[Align]
    size: int = 12


Block = PageParagraph | SideBySide | RuledTable


@dataclass(frozen=True, slots=True)
class PageGroup:
    """What begins on a page of its own; `lying` pages are wider than they are high."""

    blocks: Sequence[Block]
    lying: bool = False


@dataclass(frozen=True, slots=True)
class PagedDocument:
    """Pages under one numbering; `title` is what a list of files shows."""

    title: str
    parts: Sequence[PageGroup]
