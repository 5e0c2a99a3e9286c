"""One page of a board, live or frozen: which of its units are shown, in which order, with which members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import StringConstraints, WithJsonSchema

from app.answers.scores import ScoreItem, ScoreListHead
from app.api.answers import DatasetFormatParameter, LimitParameter, Page, Rows
from app.api.cursors import Cursor, read_cursor
from app.api.negotiation import name_language
from app.api.score_datasets import board_cube
from app.api.score_fields import ITEM_FIELDS, OF_COMPARISON, columns_with, fields_named, with_fields
from app.api.score_tables import board_sheets, columns_of, flat
from app.domain.characters import TRIMMED
from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import CODE, Codes, Level
from app.errors import Fault, Invalid, Language, RefusalCode
from app.formats.delimited import Column
from app.services.score_filters import ItemFilter, bands_named
from app.services.score_names import group_maxima, group_names, named_items
from app.services.score_order import SORTS, SortKey, check_sort

Unit = TypeVar("Unit")

Sort = Annotated[
    str,
    StringConstraints(max_length=70),
    TRIMMED,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(SORTS)},
                {"type": "string", "pattern": rf"^-?group:{CODE}$", "maxLength": 70},
            ]
        }
    ),
    Query(description="Best first, or as named; `group:payment` by the points of a group. `-` reverses."),
]
Words = Annotated[
    str | None,
    Query(max_length=200, description="Units with these words in their names, accents and case ignored; ranks stay."),
]
Bands = Annotated[
    Codes | None, Query(description="Units of this class, or of several with commas between; ranks stay.")
]
Fields = Annotated[
    Codes | None,
    Query(
        description=f"Only these members of an item, with commas between; others are left out, required or not: "
        f"{', '.join(ITEM_FIELDS)}."
    ),
]


ONE_LEVEL = RefusalCode(
    "several_levels",
    "Several levels come as `json`, `ndjson` or `csv` and in one period; ask for this one level at a time.",
    "Nhiều cấp chỉ trả được dưới dạng `json`, `ndjson` hoặc `csv` và trong một kỳ; hãy hỏi từng cấp một.",
    Invalid,
)
LEVELS_ASKED = (
    "A level, or several with commas between (or given several times): each is ranked by itself, and its items stand "
    "behind those of the one before."
)


@dataclass(frozen=True)
class BoardParameters:
    """What every board may be asked for."""

    request: Request
    sort: Sort = "rank"
    q: Words = None
    band: Bands = None
    fields: Fields = None
    limit: LimitParameter = None
    cursor: Cursor = None
    format: DatasetFormatParameter = None

    @cached_property
    def page(self) -> Page:
        return Page(self.request, "scores", (), self.limit, self.format, datasets=True)

    @cached_property
    def chosen_fields(self) -> frozenset[str]:
        return fields_named(self.fields)

    @property
    def language(self) -> Language:
        """The language of names; tables and cubes have Vietnamese heads, and the names that go with them."""
        return name_language(self.request.scope["headers"]) if self.page.format in ("json", "ndjson") else "vi"

    @property
    def is_compared(self) -> bool:
        """Whether anything is asked for that the period before is needed for."""
        return self.sort.endswith("change") or not OF_COMPARISON.isdisjoint(self.chosen_fields)

    def refuse_several(self, levels: Sequence[Level], *, in_one_period: bool = True) -> None:
        """Invalid for several levels where one is told of: in a series, a workbook, a data set."""
        if len(levels) > 1 and not (in_one_period and self.page.format in ("json", "ndjson", "csv")):
            raise Fault(ONE_LEVEL, parameter="level").error()

    def filter(self, framework: Framework, view: str | None) -> ItemFilter:
        """The units that are shown; Invalid for an order or a class that is none."""
        check_sort(self.sort, group_names(framework, view))
        return ItemFilter(self.q, bands_named(framework, self.band))

    def answer(
        self,
        keyed: Sequence[tuple[SortKey, Unit]],
        items_of: Callable[[Sequence[Unit]], Sequence[ScoreItem]],
        about: ScoreListHead,
        framework: Framework,
        view: str | None,
        further: Sequence[Column] = (),
    ) -> Response:
        """One page of the units, which stand in order with their sort keys; only those of the page become items.

        `further`: columns of a table behind those of every board.
        """
        page, fields, order = self.page, self.chosen_fields, f"scores by {self.sort}"
        groups, maxima = group_names(framework, view), group_maxima(framework, view)
        columns = [*columns_of(groups, several="cohorts" in about), *further]
        page.columns = columns_with(columns, fields) if self.fields else columns
        after = read_cursor(order, self.cursor, keyed[0][0]) if keyed else None
        rest = [(key, unit) for key, unit in keyed if after is None or key > after][: page.reach]
        found = named_items(items_of([unit for _, unit in rest]), framework, self.language)
        items: Rows = [flat(item, groups, about["framework"]) for item in found] if page.flat else found
        if self.fields and page.format in ("json", "ndjson"):
            items = [with_fields(item, fields) for item in found]
        return page.send(
            items,
            lambda _: rest[page.limit - 1][0],
            about,
            cursor_name=order,
            sheets=lambda rows: board_sheets(rows, about, groups, page.columns),
            cube=lambda items: board_cube(items, about, groups, maxima, fields),
            language=self.language if page.format in ("json", "ndjson") else None,
        )


BoardDep = Annotated[BoardParameters, Depends(scope="function")]
