"""The letter as pages: the layout that Nghị định 30/2020/NĐ-CP (appendix I) sets for an official letter."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from app.answers.report_letter import AppendixColumn, LetterAppendix, LetterSection, PrintedLetter
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
from app.reports.letter.left_open import pieces_of
from app.reports.letter.office_words import BLANK

NARROWEST, WIDEST, PADDING = 5, 38, 3
"""Characters that a column of an appendix counts at least and at most, and those that its margins take."""
HEAD_WIDTHS = (38, 62)
"""Shares of the page; the name of the state, 98 mm long, stands on one line."""
LYING_FROM = 85
"""Characters beyond which an appendix lies on its page."""
LYING_ROOM = 125
"""Characters of a table that a lying page has room for; in one with more, lines break between words."""
HEAD_LINES = 4
"""Lines that a head may take in a table that has no room for shorter ones."""
FIGURE = re.compile(r"[-+]?[\d.,/%]*( [^\d(]*\([\d.,]+%\))?")
"""Also a count beside its rate: 2 hồ sơ (0,01%)."""

Remarks = defaultdict[str, list[str]]
"""Notes by the place of the letter that they speak of."""


def document(body: PrintedLetter, *, is_public: bool) -> PagedDocument:
    """The letter, then each appendix on a page of its own; the notes stand in the margin of one that is not public."""
    remarks = defaultdict(list) if is_public else _remarks(body)
    letter: list[Block] = [
        _head(body, remarks),
        _addressees(body["addressees"]),
        *(line for each in body["basis"] for line in _text(each["text"], styles.BASIS)),
        *_text(body["opening"]["text"], styles.OPENING, remarks=remarks["/opening"]),
        *(line for section in body["sections"] for line in _section(section, remarks)),
        *_text(body["closing"]["text"], styles.BODY, joined=True),
        PageParagraph([], styles.RECIPIENT, joined=True),
        _foot(body),
    ]
    annexes = (_appendix(each, body, remarks[f"/appendices/{place}"]) for place, each in enumerate(body["appendices"]))
    pages = [PageGroup(letter), *annexes]
    return PagedDocument(body["subject"], body["as_of"], pages)


def _remarks(body: PrintedLetter) -> Remarks:
    """What is to be known before the letter goes out, by its place; what has none stands beside the opening."""
    found: Remarks = defaultdict(list)
    for note in body["notes"]:
        found[note["where"] or "/opening"].append(note["detail"])
    return found


def _head(body: PrintedLetter, remarks: Remarks) -> SideBySide:
    """Who writes, under whom, next to the name of the state; below them number and subject next to place and date."""
    head = body["letterhead"]
    left = [] if head["superior"] is None else [_line(head["superior"].upper(), styles.SUPERIOR)]
    left += [*(_line(line.upper(), styles.ISSUER) for line in head["issuer"]), _rule(35)]
    state, motto = head["motto"]
    right = [_line(state, styles.STATE), _line(motto, styles.MOTTO), _rule(70)]
    beside = [*remarks["/letterhead/issuer"], *remarks["/letterhead/number_line"]]
    number = [_line(head["number_line"], styles.NUMBER, remarks=beside), _line(body["subject"], styles.SUBJECT)]
    return SideBySide([[left, right], [number, [_line(head["date_line"], styles.DATE)]]], HEAD_WIDTHS)


def _line(text: str, style: PageStyle, *, joined: bool = False, remarks: Sequence[str] = ()) -> PageParagraph:
    """A text as it is printed: no line breaks within a date or a number, what is left open is marked."""
    runs = [Run(piece.text, blank=piece.is_open) for piece in pieces_of(unbroken(text))]
    return PageParagraph(runs, style, joined=joined, comments=remarks)


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


def _text(text: str, style: PageStyle, *, joined: bool = False, remarks: Sequence[str] = ()) -> list[PageParagraph]:
    """A paragraph for each line: a line that ends within a justified paragraph would be drawn out."""
    first, *more = text.split("\n")
    lines = [_line(first, style, joined=joined, remarks=remarks)]
    return [*lines, *(_line(line, style, joined=joined) for line in more)]


def _section(section: LetterSection, remarks: Remarks) -> list[PageParagraph]:
    texts = [each["text"] for each in section["paragraphs"]]
    style = styles.HEADING if texts else styles.BODY  # an order that stands alone is no title
    lines = _text(f"{section['number']}. {section['title']}", style, joined=bool(texts))
    for place, text in enumerate(texts):
        beside = remarks[f"/sections/{section['number'] - 1}/paragraphs/{place}"]
        lines += _text(text, styles.BODY, joined=text.endswith(":"), remarks=beside)
    return lines


def _foot(body: PrintedLetter) -> SideBySide:
    """Who gets it, next to who signs, with room for the signature."""
    recipients = [_line("Nơi nhận:", styles.RECIPIENTS)]
    recipients += [_line(f"- {text.removeprefix('- ')}", styles.RECIPIENT) for text in body["recipients"]]
    signed = body["signature"]
    titles = [text.upper() for text in (signed["authority"], signed["office"]) if text]
    signature = [_line(text, styles.AUTHORITY) for text in titles]
    signature.append(_line(signed["name"] or BLANK, styles.SIGNER))
    return SideBySide([[recipients, signature]], (50, 50))


def _appendix(appendix: LetterAppendix, body: PrintedLetter, remarks: Sequence[str]) -> PageGroup:
    """Its number, title and letter above the table; wide tables lie."""
    head = body["letterhead"]
    issuer = " ".join(head["issuer"])
    letter = (
        f"(Kèm theo Văn bản {head['number_line'].replace('Số:', 'số')} ngày      /     /{body['on'].year} của {issuer})"
    )
    titles = [
        _line(f"PHỤ LỤC {appendix['number']}", styles.ANNEX, remarks=remarks),
        _line(appendix["title"].upper(), styles.ANNEX_TITLE),
        _line(letter, styles.ANNEX_LETTER),
    ]
    keys = [column["key"] for column in appendix["columns"]]
    heads = [column["title"] for column in appendix["columns"]]
    rows = [[row[key] for key in keys] for row in appendix["rows"]]
    cells = list(zip(heads, *rows, strict=True))
    widths = [_width(column) for column in cells]
    lying = sum(widths) > LYING_FROM
    if sum(widths) > LYING_ROOM:
        wanted = map(max, widths, map(_head_width, appendix["columns"]))
        widths = _squeezed(list(wanted), [_least_width(column) for column in cells])
    aligns = [_align(column[1:]) for column in cells]
    printed = [[unbroken(cell) for cell in row] for row in rows]
    style = styles.LYING_TABLE if lying else styles.TABLE
    table = RuledTable(heads, printed, widths, aligns, style, _above(appendix["columns"]), appendix["bold"])
    return PageGroup([*titles, table], lying)


def _above(columns: Sequence[AppendixColumn]) -> list[tuple[str, int]]:
    """The upper row of a head, each text over the columns that share it; nothing where none do."""
    if not any(column["above"] for column in columns):
        return []
    found = [(above or "", len(list(of))) for above, of in groupby(columns, key=itemgetter("above"))]
    return [(unbroken(above), over) for above, over in found]


def _width(column: Sequence[str]) -> int:
    """Characters that a column needs: its longest cell, or the longest word of its head."""
    word = max(map(len, column[0].split()), default=0) + 1  # bold
    return min(max(NARROWEST, word, *map(len, column[1:])), WIDEST) + PADDING


def _head_width(column: AppendixColumn) -> int:
    """Characters in which the longer text of its head takes no more than `HEAD_LINES`."""
    return -(-max(len(column["title"]), len(column["above"] or "")) // HEAD_LINES) + PADDING


def _least_width(column: Sequence[str]) -> int:
    """Characters that a column cannot do without: the longest word of it."""
    head, *cells = (max(map(len, cell.split()), default=0) for cell in column)
    return max(NARROWEST, head + 1, *cells) + 1


def _squeezed(widths: Sequence[int], least: Sequence[int]) -> list[int]:
    """Hundredths of widths that have room together: what each has beyond its longest word is cut in proportion.

    >>> _squeezed([10, 200], [8, 20])
    [906, 11540]
    """
    kept = max(LYING_ROOM - sum(least), 0) * 100 // max(sum(widths) - sum(least), 1)
    return [low * 100 + (wide - low) * kept for wide, low in zip(widths, least, strict=True)]


def _align(cells: Sequence[str]) -> Align:
    """Figures stand in the middle, words at the left."""
    return "center" if all(FIGURE.fullmatch(cell) for cell in cells) else "left"
