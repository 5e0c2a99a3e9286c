"""What the unit that issues the letter has reached, as far as a letter may say so, and what to know before it does."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from app.domain.figures import print_figure
from app.domain.letter_format import printed_count, printed_fraction, printed_points, printed_rank
from app.domain.unit_names import kind_of
from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import Level
from app.formats.tables import Table
from app.reports.compared_periods import ComparedPeriods
from app.reports.comparison_rows import ShownRow, decimal
from app.reports.comparison_tables import rows_table
from app.reports.data import ReportData
from app.reports.letter.head import against_words
from app.reports.letter.methods import is_published, lacking, stated_total
from app.reports.letter.parts import Note, flag_words
from app.reports.letter.sentences import Place, TotalReached, peer_words
from app.reports.report import Line
from app.reports.rows_with_data import rows_with_data
from app.reports.rules.comparison import ShownFigure
from app.reports.unit_standing import StandingSide
from app.services.scored_cohorts import CohortUnit

SOURCE: Final = "comparison"
DOUBTFUL = {
    "source_changed": "hai kỳ lấy từ hai nguồn khác nhau",
    "rate_differs_from_counts": "tỷ lệ không khớp với số lượng",
}
"""What the flags of a row say against its figures."""
NO_MOVE = "văn bản không in mức tăng, giảm tổng điểm"
ADDED = f"Nguồn chỉ công bố tổng điểm của một trong hai kỳ, kỳ kia là tổng điểm các nhóm: {NO_MOVE}."
PARTIAL = (
    "Tổng điểm chưa đủ: chưa có điểm của nhóm {groups}. Các nhóm đã có số liệu cộng được {points}, không xếp loại, xếp "
    "hạng; văn bản không công bố tổng điểm."
)
SHORT = (
    "Tổng điểm mới dựa trên {share}% số liệu, chưa đủ để xếp loại, xếp hạng theo bộ chỉ số; văn bản không công bố tổng "
    "điểm."
)
STATED = " Nguồn số liệu công bố tổng điểm là {points} điểm."
UNEQUAL = "Tổng điểm {side} chưa có điểm của nhóm {groups}: {no_move}."
OWN_RANK = "Thứ hạng {rank} do hệ thống xếp trong số các đơn vị cùng cấp."
FEW_RANKED = (
    "Ở đây mới có tổng điểm của {known} đơn vị cùng cấp: văn bản không in thứ hạng do hệ thống xếp trong số đó."
)
STATED_RANK = "Thứ hạng {rank} là thứ hạng do nguồn số liệu công bố, không phải do hệ thống xếp."
FLAG_TEXTS = {
    "provisional": "Số liệu của kỳ chưa kết thúc: chỉ dùng để theo dõi, chưa dùng để công bố.",
    "incomplete": "Thiếu điểm của nhóm: tổng điểm chưa đủ.",
    "partial": "Thiếu số liệu trong nhóm: điểm của nhóm là tổng của phần đã biết.",
    "rules_changed": "Kỳ này và kỳ trước áp dụng bộ chỉ số khác nhau: không kết luận tăng, giảm.",
    "method_changed": f"Tổng điểm kỳ này và kỳ trước không cùng cách tính: {NO_MOVE}.",
    "basis_changed": f"Điểm kỳ này và kỳ trước không cùng căn cứ (nguồn công bố, cộng các nhóm, tự tính): {NO_MOVE}.",
    "cohort_changed": (
        "Hai kỳ xếp hạng trong số các đơn vị khác nhau: văn bản không in mức tăng, giảm thứ hạng. Nếu tự nêu, hãy ghi "
        "rõ số đơn vị của từng kỳ."
    ),
    "unit_changed": "Đơn vị được sắp xếp lại giữa hai kỳ: không kết luận tăng, giảm.",
    "before_incomplete": "Kỳ trước thiếu số liệu: không kết luận tăng, giảm của phần thiếu.",
    "derived_total": (
        "Tổng điểm được cộng từ điểm các nhóm mà nguồn đã làm tròn khi công bố, không phải tổng điểm do nguồn công bố: "
        f"{NO_MOVE}."
    ),
    "not_observed_again": "Số liệu chưa được tra cứu lại sau lần trước: không kết luận tăng, giảm.",
}
"""What the flags of the unit's scores say; any other in the words of the boards."""
NO_RANK = "cohort_not_evaluated"
"""A flag of ranks that a letter does not print."""


class OwnResult:
    """The comparison of the unit, its total and its place; what must not be published of them is None."""

    def __init__(self, data: ReportData, found: ComparedPeriods) -> None:
        self.data, self.found = data, found
        standing = found.compared.standing
        self.level: Level = standing.unit.level
        self.period = period_words(data.period.code)
        self.against = against_words(data) or ""
        self.lacks, self.lacked = self._lacking(standing.now), self._lacking(standing.before)

    def _lacking(self, side: StandingSide | None) -> list[str]:
        """The groups that the total of one side was added up without."""
        if side is None or side.item is None or side.framework is None:
            return []
        return lacking(side.framework, self.level, side.item)

    @property
    def total(self) -> TotalReached | None:
        """The total, unless groups are missing from it."""
        item = self.found.compared.standing.now.item
        if item is None or not is_published(self.data.framework, self.level, item):
            return None
        total = self.found.total
        now, most, change = (decimal(each) for each in (total["now"], total["max"], total["change"]))
        return None if now is None else TotalReached(now, most, change if self.totals_compare else None)

    @property
    def totals_compare(self) -> bool:
        """Whether both sides came to their totals in one way, and of the same groups."""
        return self.totals_alike and self.lacks == self.lacked and "method_changed" not in self.found.flags

    @cached_property
    def totals_alike(self) -> bool:
        """Whether the source states the total of both sides, or of neither: a stated one and a sum do not compare."""
        indicator, compared = stated_total(self.data.framework, self.level), self.found.compared
        return indicator is None or (indicator in compared.now) == (indicator in compared.before)

    @property
    def stated(self) -> bool:
        """Whether the source states a place; it is taken before one among the units that are known here."""
        return self.found.reported_rank["now"] is not None

    @property
    def place(self) -> Place | None:
        """The place that the source states, else the one among all units of the cohort."""
        if not self.stated and not self.all_ranked:
            return None
        place = self.found.reported_rank["now"] or self.found.rank["now"]
        return None if place is None or place["of"] == 1 else (place["rank"], place["of"])

    @property
    def move(self) -> int | None:
        return self.found.reported_rank["change"] if self.stated else self.found.rank["change"]

    @property
    def peers(self) -> str:
        """What the units among which its place is one are called."""
        among = self.siblings if self.place is not None and self.place[1] == self.sibling_count else ()
        return peer_words(self.level, (kind_of(each.name, each.kind) for each in among))

    @cached_property
    def siblings(self) -> Sequence[CohortUnit]:
        """The units that stand on the level of this one, whether anything is known of them or not."""
        return self.data.siblings(self.found.compared.standing.unit)

    @property
    def sibling_count(self) -> int:
        return len(self.siblings)

    @property
    def all_ranked(self) -> bool:
        """Whether the place that was computed is one among all: the first of two known is not the first of 34."""
        place = self.found.rank["now"]
        return place is not None and place["of"] == self.sibling_count

    @property
    def fallen(self) -> list[ShownRow]:
        """The groups and figures that got worse; the total stands elsewhere.

        That the rest of a whole rose says again that its part fell, and is left out.
        """
        worse = [shown for shown in self.found.declined if shown.row.kind in ("group", "indicator")]
        fell = {shown.row.indicator for shown in worse if not rose(shown)}
        return [shown for shown in worse if not (rose(shown) and self._part_of_whole(shown) in fell)]

    def _part_of_whole(self, shown: ShownRow) -> str | None:
        """The indicator of the part that a row completes; None for a row that is no rest."""
        code = shown.row.indicator
        if code is None or shown.part == "complement":
            return code
        indicator = self.found.compared.indicators.get(code)
        return None if indicator is None else indicator.complement_of

    def annex(self) -> Table:
        """The rows of the comparison without what the text must not say either."""
        shown = self.printed_rows
        table = rows_table(self.found, shown)
        return replace(table, rows=[self._cells(row, each) for row, each in zip(table.rows, shown, strict=True)])

    @property
    def printed_rows(self) -> list[ShownRow]:
        """The rows that a letter prints."""
        return [row for row in rows_with_data(self.found.rows) if self.is_printed(row)]

    def is_printed(self, shown: ShownRow) -> bool:
        """Whether a letter may say what the row does."""
        if shown.row.kind == "total":
            return self.total is not None
        return shown.row.rank != "computed" or self.all_ranked

    def _cells(self, row: Line, shown: ShownRow) -> Line:
        """A row as the annex has it: a place and a part stand with the number that they are of."""
        if shown.row.kind == "rank":
            return {**row, "before_count": shown.before_text, "now_count": shown.now_text}
        if shown.row.show == "fraction":
            return {**row, **{f"{side}_count": _fraction(each) or row[f"{side}_count"] for side, each in _sides(shown)}}
        if shown.row.kind != "total" or self.total is None:
            return row
        blank = {"before_points": bool(self.lacked), "change_points": self.total.change is None}
        return {**row, **{key: None for key, holds in blank.items() if holds}}


def _sides(shown: ShownRow) -> tuple[tuple[str, ShownFigure | None], ...]:
    return ("before", shown.content.before), ("now", shown.content.now)


def _fraction(figure: ShownFigure | None) -> str | None:
    if figure is None or figure.count is None or figure.of is None:
        return None
    return printed_fraction(figure.count, Decimal(figure.of))


def rose(shown: ShownRow) -> bool:
    """Whether what a row is judged by became more: points, else a rate, else a count."""
    change = shown.content.change
    moves = (change.points, change.rate, change.count)
    return next((move > 0 for move in moves if move is not None), False)


def own_notes(own: OwnResult) -> list[Note]:
    """What speaks against single figures, what is not published, and what is not the service's own."""
    doubtful = [
        Note(flag, f"{row.heading}: {DOUBTFUL[flag]}.", SOURCE, row.row.indicator)
        for row in own.found.rows
        for flag in row.content.flags
        if flag in DOUBTFUL
    ]
    untold = {NO_RANK, "cohort_partial", *(["incomplete"] if own.lacks else [])}
    untold |= {"before_incomplete"} if own.lacked else set()
    untold |= set() if own.totals_alike else {"basis_changed"}
    untold |= set() if own.move is None else {"cohort_changed"}
    flags = [flag for flag in own.found.flags if flag not in untold]
    flagged = [Note(flag, FLAG_TEXTS.get(flag) or f"{flag_words(flag)}.", SOURCE, "total") for flag in flags]
    return [*doubtful, *flagged, *_total_notes(own), *_rank_notes(own)]


def _total_notes(own: OwnResult) -> list[Note]:
    """Why there is no total, or no movement of it."""
    total = own.total
    if total is None:
        return [_partial(own)] if own.lacks else _short(own)
    if own.found.total["before"] is None:
        return []
    notes = []
    if not own.totals_alike:
        notes.append(Note("total_added", ADDED, SOURCE, "total"))
    if own.lacks != own.lacked:
        side, groups = (own.against, own.lacked) if own.lacked else (own.period, own.lacks)
        said = UNEQUAL.format(side=side, groups=_listed(groups), no_move=NO_MOVE)
        notes.append(Note("total_incomplete", said, SOURCE, "total"))
    return notes


def _short(own: OwnResult) -> list[Note]:
    """Why a total without a missing group is not published: too few of its figures are known."""
    item = own.found.compared.standing.now.item
    if item is None or item["total"] is None:
        return []
    percent = 100 * (decimal(item["coverage"]) or Decimal(0))
    return [Note("total_partial", SHORT.format(share=print_figure(percent)), SOURCE, "total")]


def _partial(own: OwnResult) -> Note:
    """The groups that are missing, what the others come to, and the total that the source states with them."""
    total, most = own.found.total["now"], own.found.total["max"]
    points = "" if total is None else printed_points(total, most)
    said = PARTIAL.format(groups=_listed(own.lacks), points=points)
    indicator = stated_total(own.data.framework, own.level)
    figure = own.found.compared.now.get(indicator or "")
    if figure is not None and figure.points is not None:
        said += STATED.format(points=print_figure(figure.points))
    return Note("total_incomplete", said, SOURCE, "total")


def _listed(groups: Sequence[str]) -> str:
    return "; ".join(f"“{group}”" for group in groups)


def _rank_notes(own: OwnResult) -> list[Note]:
    """Whose rank it is that the letter prints, or why it prints none."""
    computed = own.found.rank["now"]
    if own.total is None:
        return []
    if own.place is not None:
        code, said = ("reported_rank", STATED_RANK) if own.stated else ("computed_rank", OWN_RANK)
        return [Note(code, said.format(rank=printed_rank(*own.place)), SOURCE, "total")]
    if computed is not None and computed["of"] is not None and computed["of"] < own.sibling_count:
        known = f"{printed_count(computed['of'])}/{printed_count(own.sibling_count)}"
        return [Note("cohort_partial", FEW_RANKED.format(known=known), SOURCE, "total")]
    return []
