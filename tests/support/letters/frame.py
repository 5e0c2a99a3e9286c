"""What stands around the text of every letter: head, addressees, orders, foot; and paragraphs with conditions."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from app.domain.unbroken import unbroken
from app.formats.page_layout import PageParagraph, PageStyle, Run, SideBySide
from app.reports.letter import styles
from app.reports.letter.left_open import Piece, pieces_of

TAG = re.compile(r"({[{%].*?[}%]})")


def line(text: str, style: PageStyle = styles.BODY, *, joined: bool = False) -> PageParagraph:
    """A paragraph of fixed words and fields: words break where a reader expects it, what they leave open is marked."""
    pieces = (piece for part in TAG.split(text) for piece in _pieces(part))
    runs = [
        Run("".join(each.text for each in of), blank=is_open) for is_open, of in groupby(pieces, attrgetter("is_open"))
    ]
    return PageParagraph(runs, style, joined=joined)


def _pieces(part: str) -> Iterable[Piece]:
    return [Piece(part, is_open=False)] if part.startswith("{") else pieces_of(unbroken(part))


def tag(text: str, style: PageStyle = styles.BODY) -> PageParagraph:
    """A paragraph that is gone in the letter: `for`, `if` and their ends."""
    return line(f"{{%p {text} %}}", style)


def each(loop: str, *inside: PageParagraph) -> list[PageParagraph]:
    """Paragraphs once for each item of a list."""
    style = inside[0].style
    return [tag(f"for {loop}", style), *inside, tag("endfor", style)]


def when(condition: str, *inside: PageParagraph) -> list[PageParagraph]:
    """Paragraphs that stand in the letter where a condition holds."""
    style = inside[0].style
    return [tag(f"if {condition}", style), *inside, tag("endif", style)]


def either(condition: str, inside: Sequence[PageParagraph], otherwise: Sequence[PageParagraph]) -> list[PageParagraph]:
    """Paragraphs that stand where a condition holds, and those that stand where it does not."""
    style = inside[0].style
    return [tag(f"if {condition}", style), *inside, tag("else", style), *otherwise, tag("endif", style)]


def rule(percent: int) -> PageParagraph:
    return PageParagraph([], rule=percent)


def head() -> SideBySide:
    """Who writes, next to the name of the state; below them number and subject next to place and date."""
    issuer = [
        *when("letterhead.superior", line("{{ letterhead.superior | chu_hoa }}", styles.SUPERIOR)),
        *each("name in letterhead.issuer", line("{{ name | chu_hoa }}", styles.ISSUER)),
        rule(35),
    ]
    state = [line("{{ letterhead.motto[0] }}", styles.STATE), line("{{ letterhead.motto[1] }}", styles.MOTTO), rule(70)]
    number = [line("{{ letterhead.number_line }}", styles.NUMBER), line("{{ subject }}", styles.SUBJECT)]
    return SideBySide([[issuer, state], [number, [line("{{ letterhead.date_line }}", styles.DATE)]]], (38, 62))


def addressees() -> SideBySide:
    """One behind "Kính gửi", several in a list next to it."""
    several = "{% if loop.length > 1 %}- {{ name }}{{ '.' if loop.last else ';' }}{% else %}{{ name }}{% endif %}"
    names = each(
        "name in addressees",
        *either("loop.first", [line(several, styles.ADDRESSEE)], [line(several, styles.ADDRESSEES)]),
    )
    return SideBySide([[[line("Kính gửi:", styles.TO)], [*names, line("", styles.RECIPIENT)]]], (30, 70))


def due() -> list[PageParagraph]:
    """What is to be done by when."""
    return each("due in due_dates", line("- {{ due.what }}: chậm nhất ngày {{ due.on | ngay }}."))


def to_order(depth: str) -> list[PageParagraph]:
    """The place of the orders where nobody has stated any; `depth`: of which list they are."""
    return when(f"not {depth}", line(f"{{{{ {depth}[0].text }}}}"))


def orders(after: str) -> list[PageParagraph]:
    """What is ordered, four deep: numbered behind as many sections as `after` says, a) and dashes below."""
    point = "{% if point.number %}{{ point.number }} {% endif %}{{ point.text }}"
    return each(
        "order in orders",
        tag(f"set place = loop.index | cong({after})"),
        *either(
            "order.orders",
            [line("{{ place }}. {{ order.text }}", styles.HEADING, joined=True)],
            [line("{{ place }}. {{ order.text }}")],
        ),
        *each(
            "part in order.orders",
            line("{% if part.number %}{{ place }}.{{ loop.index }}. {% endif %}{{ part.text }}"),
            *each(
                "point in part.orders",
                line(point),
                *each("least in point.orders", line("{% if least.number %}- {% endif %}{{ least.text }}")),
            ),
        ),
    )


def foot() -> SideBySide:
    """Who gets a copy, next to who signs."""
    recipients = [
        line("Nơi nhận:", styles.RECIPIENTS),
        *each("name in recipients", line("- {{ name }}", styles.RECIPIENT)),
    ]
    signed = [
        *when("signature.authority", line("{{ signature.authority }}", styles.AUTHORITY)),
        *when("signature.office", line("{{ signature.office }}", styles.AUTHORITY)),
        line("{{ signature.name }}", styles.SIGNER),
    ]
    return SideBySide([[recipients, signed]], (50, 50))
