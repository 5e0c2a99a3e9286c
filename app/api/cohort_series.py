"""A cohort through time, as one page of units × periods, as long tables, and as a cube with an axis of time."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from sqlalchemy.orm import Session

from app.answers.scores import SeriesEntry
from app.api.answers import Rows
from app.api.boards import BoardParameters
from app.api.cursors import read_cursor
from app.api.score_datasets import cohort_cube
from app.api.score_fields import columns_with, fields_named, with_fields
from app.api.score_tables import cohort_series_columns, flat
from app.services.cohort_series import CohortSeries, header
from app.services.score_filters import ItemFilter, bands_named
from app.services.score_order import SortKey, check_sort, ordered_units

ENTRY_FIELDS = tuple(SeriesEntry.__annotations__)
ALWAYS = frozenset({"unit", "period"})
UNCHANGED: Mapping[str, Any] = {"change": {"total": None, "rank": None, "groups": {}}}
"""A series says nothing of changes, for it has the periods side by side."""


def series_answer(session: Session, shown: BoardParameters, found: CohortSeries) -> Response:
    """One page of the units of a series, in the order that they have in its last period."""
    fields = ALWAYS | fields_named(shown.fields, ("unit", *ENTRY_FIELDS))
    groups, page = {code: each["name"] for code, each in found.groups.items()}, shown.page
    page.columns = columns_with(cohort_series_columns(groups), fields)
    keyed, order = _keyed(shown, found), f"series by {shown.sort}"
    after = read_cursor(order, shown.cursor, keyed[0][0]) if keyed else None
    rest = [(key, code) for key, code in keyed if after is None or key > after][: page.reach]
    about = header(session, found)
    is_cut = page.format in ("json", "ndjson")

    def item(code: str) -> dict[str, Any]:
        entries = found.entries(code)
        series = [with_fields(each, fields) for each in entries] if is_cut else entries
        return {"unit": found.unit(code), "series": series}

    def lines(item: Mapping[str, Any]) -> Rows:
        rows = [{"unit": item["unit"], **each} for each in item["series"]]
        return [flat({**row, **UNCHANGED}, groups) for row in rows] if page.flat else rows

    return page.send(
        [item(code) for _, code in rest],
        lambda _: rest[page.limit - 1][0],
        about,
        cursor_name=order,
        cube=lambda items: cohort_cube(items, about, fields),
        language=shown.language if is_cut else None,
        lines=lines,
    )


def _keyed(shown: BoardParameters, found: CohortSeries) -> list[tuple[SortKey, str]]:
    """The units that are shown, in order with their sort keys."""
    if not found.boards:
        return []
    check_sort(shown.sort, found.groups)
    last, rows = found.boards[-1], found.rows[-1]
    chosen = ItemFilter(shown.q, bands_named(last.now.framework, shown.band))
    units = {code: (unit.name, rows.get(code)) for code, unit in found.units.items()}
    return ordered_units(units, last, shown.sort, chosen)
