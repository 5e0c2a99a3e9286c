"""What the unit that issues the letter has reached, as far as a letter may say so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import Level
from app.formats.tables import Table
from app.reports.comparison import as_report
from app.reports.comparison_rows import ComparedUnit, lines_to_print
from app.reports.data import ReportData
from app.reports.letter.against import against_words
from app.reports.letter.sentences import Place, TotalReached
from app.reports.letter.totals import is_published, lacking, stated_total
from app.reports.unit_standing import StandingSide

Row = Mapping[str, Any]


class OwnResult:
    """The comparison of the unit, its total and its place; what must not be published of them is None."""

    def __init__(self, data: ReportData, compared: ComparedUnit) -> None:
        self.data, self.compared = data, compared
        self.report = as_report(data, compared)
        self.body: Row = self.report.body
        self.level: Level = compared.standing.unit.level
        self.period = period_words(data.period.code)
        self.against = against_words(data) or ""
        self.lacks, self.lacked = self._lacking(compared.standing.now), self._lacking(compared.standing.before)

    def _lacking(self, side: StandingSide | None) -> list[str]:
        """The groups that the total of one side was added up without."""
        if side is None or side.item is None or side.framework is None:
            return []
        return lacking(side.framework, self.level, side.item)

    @property
    def total(self) -> TotalReached | None:
        """The total, unless groups are missing from it."""
        item = self.compared.standing.now.item
        if item is None or not is_published(self.data.framework, self.level, item):
            return None
        now, most, change = (_decimal(self.body["total"][name]) for name in ("now", "max", "change"))
        return None if now is None else TotalReached(now, most, change if self.totals_compare else None)

    @property
    def totals_compare(self) -> bool:
        """Whether both sides came to their totals in one way, and of the same groups."""
        return self.totals_alike and self.lacks == self.lacked and "method_changed" not in self.body["flags"]

    @cached_property
    def totals_alike(self) -> bool:
        """Whether the source states the total of both sides, or of neither: a stated one and a sum do not compare."""
        indicator = stated_total(self.data.framework, self.level)
        return indicator is None or (indicator in self.compared.now) == (indicator in self.compared.before)

    @property
    def stated(self) -> bool:
        """Whether the source states a place; it is taken before one among the units that are known here."""
        return self.body["reported_rank"]["now"] is not None

    @property
    def place(self) -> Place | None:
        """The place that the source states, else the one among all units beside this one."""
        if not self.stated and not self.all_ranked:
            return None
        found = self.body["reported_rank" if self.stated else "rank"]["now"]
        return None if found is None or found["of"] == 1 else (found["rank"], found["of"])

    @property
    def move(self) -> int | None:
        found: int | None = self.body["reported_rank" if self.stated else "rank"]["change"]
        return found

    @cached_property
    def sibling_count(self) -> int:
        """How many units stand on the level of this one, whether anything is known of them or not."""
        return self.data.count_siblings(self.compared.standing.unit)

    @property
    def all_ranked(self) -> bool:
        """Whether the place that was computed is one among all: the first of two known is not the first of 34."""
        found = self.body["rank"]["now"]
        return found is not None and found["of"] == self.sibling_count

    def annex(self) -> Table:
        """The rows of the comparison without what the text must not say either."""
        table = self.report.tables[0]
        lines = zip(lines_to_print(self.compared), table.rows, strict=True)
        rows: Sequence[Row] = [
            self._cells(row) for line, row in lines if self._is_printed(line.row.kind, line.row.rank)
        ]
        return replace(table, rows=rows)

    def _is_printed(self, kind: str, rank: str | None) -> bool:
        if kind == "total":
            return self.total is not None
        return rank != "computed" or self.all_ranked

    def _cells(self, row: Row) -> Row:
        if row["kind"] != "total" or self.total is None:
            return row
        blank = {"before_points": bool(self.lacked), "change_points": self.total.change is None}
        return {**row, **{key: None for key, holds in blank.items() if holds}}


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)
