"""The letter as pages: the layout that Nghị định 30/2020/NĐ-CP (appendix I) sets for an official letter."""

import re
from collections.abc import Sequence

from app.answers.report_letter import Announcement, LetterAppendix, LetterSection
from app.domain.unbroken import unbroken
from app.formats.page_layout import (
    Align,
    Block,
    PagedDocument,
    PageGroup,
    PageParagraph,
    PageStyle,
    RuledTable,
    Run,
    SideBySide,
)
from app.reports.letter import styles
from app.reports.letter.office_words import BLANK

NARROWEST, WIDEST, PADDING = 5, 38, 3
"""Characters that a column of an appendix counts at least and at most, and those that its margins take."""
HEAD_WIDTHS = (38, 62)
"""Shares of the page; the name of the state, 98 mm long, stands on one line."""
LYING_FROM = 85
"""Characters beyond which an appendix lies on its page."""
FIGURE = re.compile(r"[-+]?[\d.,/%]*")
TO_FILL = re.compile(r"…{2,}|(?<=/)…| {6,}")
"""What is left open in a line: words, the symbol of a number, a number or a day."""


def document(body: Announcement) -> PagedDocument:
    """The letter, then each appendix on a page of its own."""
    letter: list[Block] = [
        _head(body),
        _addressees(body["addressees"]),
        *(line for each in body["basis"] for line in _text(each["text"], styles.BASIS)),
        *_text(body["opening"]["text"], styles.OPENING),
        *(line for section in body["sections"] for line in _section(section)),
        *_text(body["closing"]["text"], styles.BODY, joined=True),
        PageParagraph([], styles.RECIPIENT, joined=True),
        _foot(body),
    ]
    pages = [PageGroup(letter), *(_appendix(each, body) for each in body["appendices"])]
    return PagedDocument(body["subject"], body["as_of"], pages)


def _head(body: Announcement) -> SideBySide:
    """Who writes, under whom, next to the name of the state; below them number and subject next to place and date."""
    head = body["letterhead"]
    left = [] if head["superior"] is None else [_line(head["superior"].upper(), styles.SUPERIOR)]
    left += [*(_line(line.upper(), styles.ISSUER) for line in head["issuer"]), _rule(35)]
    state, motto = head["motto"]
    right = [_line(state, styles.STATE), _line(motto, styles.MOTTO), _rule(70)]
    number = [_line(head["number_line"], styles.NUMBER), _line(body["subject"], styles.SUBJECT)]
    return SideBySide([[left, right], [number, [_line(head["date_line"], styles.DATE)]]], HEAD_WIDTHS)


def _line(text: str, style: PageStyle, *, joined: bool = False) -> PageParagraph:
    """A text as it is printed: no line breaks within a date or a number, what is left open is marked."""
    whole, runs, end = unbroken(text), [], 0
    for found in TO_FILL.finditer(whole):
        runs += [Run(whole[end : found.start()]), Run(found[0], blank=True)]
        end = found.end()
    return PageParagraph([run for run in (*runs, Run(whole[end:])) if run.text], style, joined=joined)


def _rule(percent: int) -> PageParagraph:
    return PageParagraph([], rule=percent)


def _addressees(names: Sequence[str]) -> SideBySide:
    """One on the line of "Kính gửi", several in a list next to it."""
    plain = [name.rstrip(" ;.") for name in names]
    ends = [";"] * (len(plain) - 1) + ["."]
    listed = [f"- {name}{end}" for name, end in zip(plain, ends, strict=True)] if len(plain) > 1 else plain
    first, *more = listed
    lines = [_line(first, styles.ADDRESSEE), *(_line(text, styles.ADDRESSEES) for text in more)]
    lines.append(PageParagraph([], styles.RECIPIENT))
    return SideBySide([[[_line("Kính gửi:", styles.TO)], lines]], (30, 70))


def _text(text: str, style: PageStyle, *, joined: bool = False) -> list[PageParagraph]:
    """A paragraph for each line: a line that ends within a justified paragraph would be drawn out."""
    return [_line(line, style, joined=joined) for line in text.split("\n")]


def _section(section: LetterSection) -> list[PageParagraph]:
    texts = [each["text"] for each in section["paragraphs"]]
    style = styles.HEADING if texts else styles.BODY  # an order that stands alone is no title
    title = _text(f"{section['number']}. {section['title']}", style, joined=bool(texts))
    return [*title, *(line for text in texts for line in _text(text, styles.BODY, joined=text.endswith(":")))]


def _foot(body: Announcement) -> SideBySide:
    """Who gets it, next to who signs, with room for the signature."""
    recipients = [_line("Nơi nhận:", styles.RECIPIENTS)]
    recipients += [_line(f"- {text.removeprefix('- ')}", styles.RECIPIENT) for text in body["recipients"]]
    signed = body["signature"]
    titles = [text.upper() for text in (signed["authority"], signed["office"]) if text]
    signature = [_line(text, styles.AUTHORITY) for text in titles]
    signature.append(_line(signed["name"] or BLANK, styles.SIGNER))
    return SideBySide([[recipients, signature]], (50, 50))


def _appendix(appendix: LetterAppendix, body: Announcement) -> PageGroup:
    """Its number, title and letter above the table; wide tables lie."""
    head = body["letterhead"]
    issuer = " ".join(head["issuer"])
    letter = (
        f"(Kèm theo Văn bản {head['number_line'].replace('Số:', 'số')} ngày      /     /{body['on'].year} của {issuer})"
    )
    titles = [
        _line(f"PHỤ LỤC {appendix['number']}", styles.ANNEX),
        _line(appendix["title"].upper(), styles.ANNEX_TITLE),
        _line(letter, styles.ANNEX_LETTER),
    ]
    keys = [column["key"] for column in appendix["columns"]]
    heads = [column["title"] for column in appendix["columns"]]
    rows = [[row[key] for key in keys] for row in appendix["rows"]]
    cells = list(zip(heads, *rows, strict=True))
    widths = [_width(column) for column in cells]
    lying = sum(widths) > LYING_FROM
    aligns = [_align(column[1:]) for column in cells]
    printed = [[unbroken(cell) for cell in row] for row in rows]
    table = RuledTable(heads, printed, widths, aligns, styles.LYING_TABLE if lying else styles.TABLE)
    return PageGroup([*titles, table], lying)


def _width(column: Sequence[str]) -> int:
    """Characters that a column needs: its longest cell, or the longest word of its head."""
    word = max(map(len, column[0].split()), default=0) + 1  # bold
    return min(max(NARROWEST, word, *map(len, column[1:])), WIDEST) + PADDING


def _align(cells: Sequence[str]) -> Align:
    """Figures stand in the middle, words at the left."""
    return "center" if all(FIGURE.fullmatch(cell) for cell in cells) else "left"
