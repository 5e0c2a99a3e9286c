"""The letter as pages: the layout that Nghị định 30/2020/NĐ-CP (appendix I) sets for an official letter."""

import re
from collections.abc import Sequence

from app.answers.report_letter import Announcement, LetterAppendix, LetterSection
from app.formats.page_layout import Align, Block, PagedDocument, PageGroup, PageParagraph, RuledTable, Run, SideBySide

HEAD, MOTTO, DATE, SUBJECT, RECIPIENTS, RECIPIENT = 13, 14, 13, 12, 12, 11
"""Points, as the decree gives them."""
NARROWEST, WIDEST, PADDING = 5, 38, 3
"""Characters that a column of an appendix counts at least and at most, and those that its margins take."""
LYING_FROM = 85
"""Characters beyond which an appendix lies on its page."""
STANDING_SIZE, LYING_SIZE = 12, 11
ROOM_TO_SIGN = 70
FIGURE = re.compile(r"[-+]?[\d.,/%]*")


def document(body: Announcement) -> PagedDocument:
    """The letter, then each appendix on a page of its own."""
    letter: list[Block] = [
        _head(body),
        _addressees(body["addressees"]),
        *(line for each in body["basis"] for line in _text(each["text"], italic=True)),
        *_text(body["opening"]["text"], bold=True),
        *(line for section in body["sections"] for line in _section(section)),
        *_text(body["closing"]["text"], joined=True),
        PageParagraph([Run("", size=RECIPIENT)], joined=True),
        _foot(body),
    ]
    return PagedDocument(body["subject"], [PageGroup(letter), *(_appendix(each, body) for each in body["appendices"])])


def _head(body: Announcement) -> SideBySide:
    """Who writes, under whom, next to the name of the state; below them number and subject next to place and date."""
    head = body["letterhead"]
    left = [] if head["superior"] is None else [_middle(head["superior"].upper(), HEAD)]
    left += [*(_middle(line.upper(), HEAD, bold=True) for line in head["issuer"]), _line(35)]
    state, motto = head["motto"]
    right = [_middle(state, HEAD, bold=True), _middle(motto, MOTTO, bold=True), _line(70)]
    number = [_middle(head["number_line"], HEAD), _middle(body["subject"], SUBJECT)]
    day = [PageParagraph([Run(head["date_line"], italic=True, size=DATE)], "center")]
    return SideBySide([[left, right], [number, day]], (40, 60))


def _middle(text: str, size: int, *, bold: bool = False) -> PageParagraph:
    return PageParagraph([Run(text, bold=bold, size=size)], "center")


def _line(percent: int) -> PageParagraph:
    return PageParagraph([], rule=percent)


def _addressees(names: Sequence[str]) -> SideBySide:
    """One on the line of "Kính gửi", several in a list next to it."""
    plain = [name.rstrip(" ;.") for name in names]
    ends = [";"] * (len(plain) - 1) + ["."]
    listed = [f"- {name}{end}" for name, end in zip(plain, ends, strict=True)] if len(plain) > 1 else plain
    to = [PageParagraph([Run("Kính gửi:")], "right", space=(12, 12))]
    lines = [PageParagraph([Run(text)], space=(0 if place else 12, 0)) for place, text in enumerate(listed)]
    lines.append(PageParagraph([Run("", size=RECIPIENT)]))
    return SideBySide([[to, lines]], (30, 70))


def _text(text: str, *, bold: bool = False, italic: bool = False, joined: bool = False) -> list[PageParagraph]:
    """A paragraph for each line: a line that ends within a justified paragraph would be drawn out."""
    return [
        PageParagraph([Run(line, bold=bold, italic=italic)], "justify", indent=True, space=(0, 6), joined=joined)
        for line in text.split("\n")
    ]


def _section(section: LetterSection) -> list[PageParagraph]:
    title = _text(f"{section['number']}. {section['title']}", bold=True, joined=True)
    texts = [each["text"] for each in section["paragraphs"]]
    return [*title, *(line for text in texts for line in _text(text, joined=text.endswith(":")))]


def _foot(body: Announcement) -> SideBySide:
    """Who gets it, next to who signs, with room for the signature."""
    recipients = [PageParagraph([Run("Nơi nhận:", bold=True, italic=True, size=RECIPIENTS)])]
    recipients += [PageParagraph([Run(f"- {text.removeprefix('- ')}", size=RECIPIENT)]) for text in body["recipients"]]
    signed = body["signature"]
    titles = [text.upper() for text in (signed["authority"], signed["office"]) if text]
    signature = [PageParagraph([Run(text, bold=True)], "center") for text in titles]
    signature.append(PageParagraph([Run(signed["name"] or "", bold=True)], "center", space=(ROOM_TO_SIGN, 0)))
    return SideBySide([[recipients, signature]], (50, 50))


def _appendix(appendix: LetterAppendix, body: Announcement) -> PageGroup:
    """Its number, title and letter above the table; wide tables lie."""
    head = body["letterhead"]
    issuer = " ".join(head["issuer"])
    letter = (
        f"(Kèm theo Văn bản {head['number_line'].replace('Số:', 'số')} ngày      /     /{body['on'].year} của {issuer})"
    )
    titles = [
        _middle(f"PHỤ LỤC {appendix['number']}", MOTTO, bold=True),
        _middle(appendix["title"].upper(), MOTTO, bold=True),
        PageParagraph([Run(letter, italic=True, size=HEAD)], "center", space=(0, 12)),
    ]
    keys = [column["key"] for column in appendix["columns"]]
    heads = [column["title"] for column in appendix["columns"]]
    rows = [[row[key] for key in keys] for row in appendix["rows"]]
    cells = list(zip(heads, *rows, strict=True))
    widths = [_width(column) for column in cells]
    lying = sum(widths) > LYING_FROM
    aligns = [_align(column[1:]) for column in cells]
    return PageGroup([*titles, RuledTable(heads, rows, widths, aligns, LYING_SIZE if lying else STANDING_SIZE)], lying)


def _width(column: Sequence[str]) -> int:
    """Characters that a column needs: its longest cell, or the longest word of its head."""
    word = max(map(len, column[0].split()), default=0) + 1  # bold
    return min(max(NARROWEST, word, *map(len, column[1:])), WIDEST) + PADDING


def _align(cells: Sequence[str]) -> Align:
    """Figures stand in the middle, words at the left."""
    return "center" if all(FIGURE.fullmatch(cell) for cell in cells) else "left"
