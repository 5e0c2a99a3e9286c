"""Figures of one list that are printed with different decimals.

The portal drops noughts at the end, and letters take its figures over: `39,9%` beside `58,99%` is 39,90. So a figure
with fewer decimals is named only where that cannot be the reason: its counts make another last decimal, the list prints
such noughts, or half of it and at least two figures would have to end in one. Whole numbers are never named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.checks.draft.cells import PrintedCell
from app.domain.checks.draft.finding import LetterFinding, finding
from app.domain.checks.draft.parsed_draft import SIDES, ParsedDraft
from app.domain.scoring.arithmetic import round_half_up

FEWEST_COARSE = 2
"""So many figures with fewer decimals, and half of the list, are no chance of noughts at the end."""


@dataclass(frozen=True, slots=True)
class ListedFigure:
    """A figure of a list, and the exact one that its counts make (None: not known)."""

    ref: str
    place: tuple[int, int]
    cell: PrintedCell
    exact: Fraction | None = None


def decimals_differ(draft: ParsedDraft) -> Iterator[LetterFinding]:
    """One finding a list: the points of the groups, the rates of one list, the shares of one whole."""
    for figures in _lists(draft):
        printed = [each for each in figures if each.cell.decimals and not each.cell.is_number]
        finest = max(printed, key=lambda each: each.cell.decimals, default=None)
        if finest is None:
            continue
        coarse = [each for each in printed if each.cell.decimals < finest.cell.decimals]
        keeps_noughts = any(each.cell.decimals and _ends_in_nought(each.cell) for each in printed)
        many = len(coarse) >= FEWEST_COARSE and 2 * len(coarse) >= len(printed)
        unknown = [each for each in coarse if each.exact is None]
        rounded = [each for each in coarse if _is_rounded(each, finest.cell.decimals)]
        named = rounded or (unknown if many or keeps_noughts else [])
        if named:
            one, shown = named[0], finest.cell
            context = {"finest": shown.shown, "decimals": shown.decimals}
            yield finding("decimals_differ", one.ref, one.place, one.cell.shown, None, **context)


def _is_rounded(figure: ListedFigure, decimals: int) -> bool:
    """Whether the exact figure, printed with so many decimals, would not end in noughts alone."""
    if figure.exact is None:
        return False
    dropped: int = 10 ** (decimals - figure.cell.decimals)
    return round_half_up(figure.exact * 10**decimals) % dropped != 0


def _ends_in_nought(cell: PrintedCell) -> bool:
    return cell.value is not None and int(cell.value * 10**cell.decimals) % 10 == 0


def _lists(draft: ParsedDraft) -> Iterator[Sequence[ListedFigure]]:
    if draft.scores is not None:
        yield [ListedFigure(each.code, each.place, each.points) for each in draft.scores.groups.values()]
    for name, rows in draft.parts.items():
        for side in SIDES:
            whole = draft.wholes[name, side]
            yield [
                ListedFigure(row.ref, row.place, row.on(side).rate, _exact(row.on(side).count, whole)) for row in rows
            ]
    for one in draft.lists:
        yield [
            ListedFigure(one.ref, one.place, rate, _exact(count, None))
            for rate, count in zip(one.rates, one.counts, strict=True)
        ]


def _exact(count: PrintedCell, whole: Fraction | None) -> Fraction | None:
    """The rate that counts make, of their own whole or of the one that is shared."""
    whole = count.whole if count.whole is not None else whole
    return None if count.value is None or not whole else Fraction(100) * count.value / whole
