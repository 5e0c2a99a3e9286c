"""Rows above the heading of a table, such as a letterhead or the name of a report: told, and left out.

Only where the heading is plain beyond doubt. A table of which that cannot be said is refused, or read by a profile.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from app.domain.characters import trimmed
from app.domain.intake.headers import COMMON, long_names, wide_names, with_indicator_names
from app.domain.look_alikes import with_right_letters
from app.domain.words import Words
from app.errors import ErrorCode, Fault

MOST_ROWS = 20
"""A heading is looked for in so many rows."""
MOST_NAMED = 5
FIGURE = re.compile(r"[-+]?[0-9][0-9.,]*(?: ?%| ?/ ?[0-9][0-9.,]*)?")

TITLE_ROWS_LEFT_OUT = ErrorCode(
    "title_rows_left_out",
    "{count} row(s) above the heading, which is row {row}, were not read: {texts}.",
    "Không đọc {count} dòng phía trên dòng tiêu đề (dòng {row}): {texts}.",
)

NumberedRow = tuple[int, Sequence[str]]


class TitleRows(NamedTuple):
    """The number of the row that names the columns, and the rows above it that say something."""

    heading_row: int
    above: Sequence[NumberedRow]

    def warnings(self) -> Iterator[Fault]:
        """`title_rows_left_out`, one for all of them, at the first."""
        if self.above:
            said = ("“" + " ".join(filter(None, cells))[:60] + "”" for _, cells in self.above[:MOST_NAMED])
            texts = ", ".join(said) + ", …" * (len(self.above) > MOST_NAMED)
            context = {"count": len(self.above), "row": self.heading_row, "texts": texts}
            yield Fault(TITLE_ROWS_LEFT_OUT, context, row=self.above[0][0])


def titles_above(rows: Sequence[NumberedRow], kinds: Collection[str], names: Words[str]) -> TitleRows | None:
    """The rows above the first one that names a column of units, if it names one of figures, too; else None.

    Also None where one of those rows states a figure: another table may end above this one, and would be lost.

    `names` are the codes of indicators by what they are called.

    >>> rows = [(1, ["BÁO CÁO"]), (3, ["Mã đơn vị", "on_time"]), (4, ["H60", "92,4"])]
    >>> titles_above(rows, ["on_time"], Words())
    TitleRows(heading_row=3, above=[(1, ['BÁO CÁO'])])
    """
    long, wide = long_names(), wide_names(kinds)
    for place, (number, cells) in enumerate(rows):
        spelt = {with_right_letters(trimmed(cell)).casefold() for cell in cells}
        if "unit" not in {long.get(name) for name in spelt}:
            continue
        known = with_indicator_names(wide, cells, names)
        figures = {known[name] for name in spelt & known.keys()} - {"unit", *COMMON}
        is_long = "indicator" in {long.get(name) for name in spelt}
        is_plain = (figures or is_long) and not any(_states_figures(above) for _, above in rows[:place])
        return TitleRows(number, rows[:place]) if is_plain else None
    return None


def is_figure(cell: str) -> bool:
    return FIGURE.fullmatch(cell) is not None


def _states_figures(cells: Sequence[str]) -> bool:
    """Whether a row holds a figure beside something else."""
    said = list(filter(None, map(trimmed, cells)))
    return len(said) > 1 and any(map(is_figure, said))
