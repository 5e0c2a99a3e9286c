"""The rows of a comparison that a letter prints: a figure that nobody has makes no row, and no rest stands alone."""

from collections.abc import Sequence

from app.reports.comparison_rows import ShownRow


def rows_with_data(rows: Sequence[ShownRow]) -> list[ShownRow]:
    """The rows with data on one side at least, and the headings above them.

    The rest of a whole is left out where nothing beside it is printed that it is the rest of: “Còn lại: 1.060” alone
    says nothing.
    """
    figures = [place for place, row in enumerate(rows) if row.now_text is not None or row.before_text is not None]
    beside = {_heading_of(rows, place) for place in figures if _is_part(rows[place])}
    kept = {place for place in figures if rows[place].part != "complement" or _heading_of(rows, place) in beside}
    above = {place for each in kept for place in _headings_of(rows, each)}
    return [row for place, row in enumerate(rows) if place in kept | above]


def _is_part(row: ShownRow) -> bool:
    return row.row.kind == "indicator" and row.part != "complement"


def _headings_of(rows: Sequence[ShownRow], place: int) -> list[int]:
    """The places of the rows above a row in the tree, nearest first."""
    found, depth = [], rows[place].placed.depth
    for earlier in range(place - 1, -1, -1):
        if rows[earlier].placed.depth < depth:
            found.append(earlier)
            depth = rows[earlier].placed.depth
    return found


def _heading_of(rows: Sequence[ShownRow], place: int) -> int | None:
    return next(iter(_headings_of(rows, place)), None)
