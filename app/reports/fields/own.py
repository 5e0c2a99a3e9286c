"""What the unit that issues the letter has reached, as fields: its total and rank, groups, figures and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TypedDict

from app.answers.letter_figures import (
    CriterionFigures,
    FallenFigure,
    LetterGroup,
    LetterRow,
    NextPlace,
    SideChange,
    SideFigures,
    StandingBefore,
    StandingChange,
    TenBest,
)
from app.answers.report_comparison import RowPart
from app.domain.frameworks.framework import Name
from app.reports.comparison_rows import RowContent, ShownRow, decimal, group_row, indicator_row
from app.reports.highlights import own_gaps
from app.reports.letter.own import OwnResult
from app.reports.rules.comparison import ShownDifference, ShownFigure, change_text, shown_text
from app.reports.rules.counts import share
from app.reports.rules.layouts import PrintedRow
from app.reports.shown_figures import NOTHING
from app.services.score_names import group_names

NO_SIDE: SideFigures = {
    "count": None,
    "of": None,
    "rate": None,
    "points": None,
    "max": None,
    "rank": None,
    "text": None,
}


class GapFields(TypedDict):
    """How far the unit is from those above it; null where not all of them are known."""

    next_place: NextPlace | None
    first_ten_mean: TenBest | None


class OwnFields(GapFields):
    """The fields of the unit itself."""

    total: Decimal | None
    rank: int | None
    cohort: int | None
    rank_is_stated: bool
    band: str | None
    before: StandingBefore
    change: StandingChange
    groups: dict[str, LetterGroup]
    criteria: dict[str, CriterionFigures]
    rows: list[LetterRow]
    fell: list[FallenFigure]


NO_FIELDS: OwnFields = {
    "total": None,
    "rank": None,
    "cohort": None,
    "rank_is_stated": False,
    "band": None,
    "before": {"total": None, "rank": None, "cohort": None},
    "change": {"total": None, "rank": None},
    "groups": {},
    "criteria": {},
    "rows": [],
    "fell": [],
    "next_place": None,
    "first_ten_mean": None,
}


def own_fields(own: OwnResult | None) -> OwnFields:
    """The unit's own result; without a figure of it every field is empty."""
    if own is None:
        return NO_FIELDS
    item, total = own.found.compared.standing.now.item, own.total
    rank, cohort = own.place or (None, None)
    band = None if item is None or total is None or item["band"] is None else item["band"]["name"]
    return {
        "total": None if total is None else total.points,
        "rank": rank if total is not None else None,
        "cohort": cohort if total is not None else None,
        "rank_is_stated": own.stated,
        "band": band,
        "before": _before(own),
        "change": {
            "total": None if total is None else total.change,
            "rank": own.move if total is not None and rank is not None else None,
        },
        "groups": _groups(own),
        "criteria": {code: _criterion(own, code) for code in own.found.compared.now},
        "rows": _tree(own, [row for row in own.found.rows if own.is_printed(row)]),
        "fell": [_fallen(own, row) for row in own.fallen],
        **_gaps(own),
    }


def _gaps(own: OwnResult) -> GapFields:
    gaps, total = own_gaps(own.data, own), own.total
    if gaps is None or total is None:
        return {"next_place": None, "first_ten_mean": None}
    above: NextPlace | None = None
    if gaps.above is not None:
        rank, gap = gaps.above
        above = {"rank": rank, "total": total.points + gap, "gap": gap}
    first: TenBest = {"of": gaps.first.of, "mean": gaps.first.mean, "gap": -gaps.to_first}
    return {"next_place": above, "first_ten_mean": first}


def _before(own: OwnResult) -> StandingBefore:
    """Total and rank of the earlier period; a rank of the kind that the letter prints of this one, none without it."""
    earlier = own.found.reported_rank["before"] if own.stated else own.found.rank["before"]
    place = None if own.total is None or own.place is None else earlier
    return {
        "total": None if _before_untold(own) else decimal(own.found.total["before"]),
        "rank": None if place is None else place["rank"],
        "cohort": None if place is None else place["of"],
    }


def _before_untold(own: OwnResult) -> bool:
    """Whether the earlier total is none that a letter may hold against this one."""
    return bool(own.lacked) or not own.totals_alike


def _groups(own: OwnResult) -> dict[str, LetterGroup]:
    """Every group of the framework, or of the view of the layout, in its order."""
    numbers = {row.row.group: row.row.number for row in own.found.rows if row.row.group}
    names = group_names(own.data.framework, own.found.compared.view)
    return {code: _group(own, code, name, numbers.get(code)) for code, name in names.items()}


def _group(own: OwnResult, code: str, name: str, number: str | None) -> LetterGroup:
    content = group_row(PrintedRow(heading=Name(vi=name), group=code), own.found.compared)
    now, before = content.now or NOTHING, content.before or NOTHING
    whole = now.points is not None and now.max
    return {
        "code": code,
        "number": number,
        "name": name,
        "points": now.points,
        "max": now.max,
        "share": share(now.points or 0, now.max or 0) if whole else None,
        "before": before.points,
        "change": content.change.points,
    }


def _criterion(own: OwnResult, code: str) -> CriterionFigures:
    """A figure of the unit, and the rest of its whole."""
    indicator = own.found.compared.indicators.get(code)
    content = _content(own, code, "numerator")
    return {
        **side(content.now),
        "code": code,
        "name": code if indicator is None else indicator.name.vi,
        "noun": None if indicator is None else indicator.unit,
        "rest": side(_content(own, code, "complement").now),
        "before": side(content.before),
        "change": _change(own, content.change),
        "fell": content.declined,
    }


def _content(own: OwnResult, code: str, part: RowPart) -> RowContent:
    return indicator_row(PrintedRow(heading=Name(vi=code), indicator=code, part=part), own.found.compared)


def _tree(own: OwnResult, rows: Sequence[ShownRow]) -> list[LetterRow]:
    """Rows with those below them; what has no figure on either side, and stands above none, is left out."""
    found = [(row, _tree(own, below)) for row, below in _branches(rows)]
    return [_row(own, row, below) for row, below in found if below or row.now_text or row.before_text]


def _branches(rows: Sequence[ShownRow]) -> Iterator[tuple[ShownRow, Sequence[ShownRow]]]:
    """The outermost rows, each with all that stand below it."""
    starts = [place for place, row in enumerate(rows) if row.placed.depth == rows[0].placed.depth]
    for start, end in pairwise([*starts, len(rows)]):
        yield rows[start], rows[start + 1 : end]


def _row(own: OwnResult, shown: ShownRow, below: list[LetterRow]) -> LetterRow:
    row, content = shown.row, shown.content
    is_total = row.kind == "total"
    change = replace(content.change, points=own.total.change) if is_total and own.total else content.change
    indicator = own.found.compared.indicators.get(row.indicator or "")
    return {
        **side(content.now, shown.now_text),
        "number": row.number,
        "label": shown.heading,
        "kind": row.kind,
        "depth": shown.placed.depth,
        "code": row.indicator or row.group,
        "noun": row.noun or (None if indicator is None else indicator.unit),
        "show": row.show if row.indicator else None,
        "before": NO_SIDE if is_total and _before_untold(own) else side(content.before, shown.before_text),
        "change": _change(own, change),
        "fell": content.declined,
        "rows": below,
    }


def _fallen(own: OwnResult, shown: ShownRow) -> FallenFigure:
    return {
        "label": shown.heading,
        "within": list(shown.placed.within),
        "kind": shown.row.kind,
        "code": shown.row.indicator or shown.row.group,
        "text": shown.now_text,
        "change": _change(own, shown.content.change),
    }


def side(shown: ShownFigure | None, text: str | None = None) -> SideFigures:
    """What one side shows, and that in words."""
    if shown is None:
        return NO_SIDE
    return {
        "count": shown.count,
        "of": None if shown.of is None else Decimal(shown.of),
        "rate": shown.rate,
        "points": shown.points,
        "max": shown.max,
        "rank": shown.rank,
        "text": text or shown_text(shown),
    }


def _change(own: OwnResult, change: ShownDifference) -> SideChange:
    return {
        "count": change.count,
        "rate": change.rate,
        "points": change.points,
        "rank": change.rank,
        "text": change_text(change, own.found.compared.layout.unchanged),
    }
