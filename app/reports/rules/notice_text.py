"""A text of a bounded length, made of whole lines: what does not fit is left out and counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.letter_format import printed_count

MOST = 2_000
"""Characters of a notice: chat groups take no more."""
CUT = "…"


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A list of units under its head; `more` of them are named nowhere, of whom `tail` says what they share."""

    head: str
    items: Sequence[str] = ()
    more: int = 0
    tail: str = ""

    def lines(self, shown: int) -> list[str]:
        """Head, the first items, and how many others there are."""
        left = len(self.items) - shown + self.more
        share = self.tail if shown == len(self.items) else ""
        others = [f"{CUT} và {printed_count(left)} đơn vị khác{share}"] if left else []
        return [self.head, *self.items[:shown], *others]


def fitted(lead: Sequence[str], lists: Sequence[NoticeList], most: int = MOST) -> str:
    """The lead and the lists in at most so many characters.

    The longest list gives up its last item first; then whole lists are left out from the end, then lines of the lead;
    a first line that is too long by itself ends behind a word.

    >>> fitted(["Tháng 7"], [NoticeList("Thấp nhất:", ["- Sở A: 1 điểm", "- Sở B: 2 điểm", "- Sở C: 3 điểm"])], 55)
    'Tháng 7\\nThấp nhất:\\n- Sở A: 1 điểm\\n… và 02 đơn vị khác'
    """
    shown = [len(each.items) for each in lists]
    while len(text := _text(lead, lists, shown)) > most and any(shown):
        longest = max(range(len(shown)), key=lambda place: (shown[place], place))
        shown[longest] -= 1
    return text if len(text) <= most else _cut(text.split("\n"), most)


def _text(lead: Sequence[str], lists: Sequence[NoticeList], shown: Sequence[int]) -> str:
    listed = (line for each, count in zip(lists, shown, strict=True) for line in each.lines(count))
    return "\n".join([*lead, *listed])


def _cut(lines: Sequence[str], most: int) -> str:
    """The first lines, and the sign that others follow; of a first one that is too long its first words."""
    for count in range(len(lines) - 1, 0, -1):
        said = "\n".join([*lines[:count], CUT])
        if len(said) <= most:
            return said
    words = lines[0][: most - 1].rpartition(" ")[0]
    return f"{words} {CUT}".lstrip()
