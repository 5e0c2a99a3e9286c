"""What the unit that issues the letter has reached itself, and what fell: from the comparison of two periods.

Seed 000 §1 prints the figures behind each group in the text; seed 001 the groups, and the figures in its annex.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final

from app.domain.frameworks.rules import Level, Reported
from app.domain.printed import printed_rank
from app.domain.reports.announcement import Place, Reached, looked_up, standing, standing_moved
from app.domain.reports.letter_words import office_of
from app.domain.words import FLAGS, period_words
from app.services.reports.comparison import comparison
from app.services.reports.comparison_tables import sentence as with_change
from app.services.reports.ground import Ground
from app.services.reports.layouts import layouts
from app.services.reports.letter.parts import Appendix, Chapter, Note, Paragraph, Section, appendix, items, sentence

ANNEX = (
    "number",
    "heading",
    "before_count",
    "before_rate",
    "now_count",
    "now_rate",
    "change_count",
    "change_rate",
    "before_points",
    "now_points",
    "max",
    "change_points",
)
DOUBTFUL = {
    "source_changed": "hai kỳ lấy từ hai nguồn khác nhau",
    "rate_differs_from_counts": "tỷ lệ không khớp với số lượng",
}
"""What the flags of a row say against its figures."""
ADDED = (
    "Nguồn chỉ công bố tổng điểm của một trong hai kỳ, kỳ kia là tổng điểm các nhóm: văn bản không in mức tăng, giảm "
    "tổng điểm."
)
OWN_RANK = "Thứ hạng {rank} do hệ thống xếp trong số các đơn vị cùng cấp có số liệu ở đây."
STATED_RANK = "Thứ hạng {rank} là thứ hạng do nguồn số liệu công bố, không phải do hệ thống xếp."
FLAG_TEXTS = {
    "provisional": "Số liệu của kỳ chưa kết thúc: chỉ dùng để theo dõi, chưa dùng để công bố.",
    "incomplete": "Thiếu số liệu: tổng điểm chưa đủ.",
    "rules_changed": "Kỳ này và kỳ trước áp dụng bộ chỉ số khác nhau: không kết luận tăng, giảm.",
    "method_changed": "Tổng điểm kỳ này và kỳ trước không cùng cách tính: văn bản không in mức tăng, giảm tổng điểm.",
}
"""What the flags of the unit's scores say; any other in the words of the boards."""
NO_RANK = "cohort_not_evaluated"
"""A flag of ranks that a letter does not print."""
SOURCE: Final = "comparison"
Row = Mapping[str, Any]


def result(ground: Ground) -> Chapter:
    """The unit's own result and what fell in it; nothing where nobody has stated a figure of it."""
    if ground.under is None or not ground.values_of(ground.under):
        return Chapter()
    report = comparison(ground, ground.under)
    body: Row = report.body
    alike = _totals_alike(ground, body["unit"]["level"])
    told = _Told(body, alike)
    annex = appendix(_annex_title(body), SOURCE, report.tables[0], ANNEX)
    own = told.section([annex] if told.in_annex or told.compares_figures else [])
    fallen = told.fallen([annex] if own is not None and own.appendices else [])
    return Chapter([each for each in (own, fallen) if each is not None], _notes(body, alike))


def _totals_alike(ground: Ground, level: Level) -> bool:
    """Whether the source states the total of both periods, or of neither: a stated one and a sum do not compare."""
    assert ground.under is not None
    rule = next((rule for rule in ground.framework.total.rules if rule.applies_to(level)), None)
    if not isinstance(rule, Reported):
        return True
    sides = (ground.values_of(ground.under, earlier=each) for each in (False, True))
    return len({any(row.indicator == rule.indicator for row in side) for side in sides}) == 1


def _annex_title(body: Row) -> str:
    return f"{body['layout']['title']} {period_words(body['period'])}"


class _Told:
    """The rows of a comparison as sentences."""

    def __init__(self, body: Row, totals_alike: bool) -> None:
        self.body, self.rows = body, body["rows"]
        self.totals_alike = totals_alike
        self.level: Level = body["unit"]["level"]
        self.name = office_of(body["unit"]["name"]).name
        self.period = period_words(body["period"])
        self.against = "" if body["against"] is None else period_words(body["against"])
        layout = layouts().get(body["layout"]["code"])
        self.in_annex = layout is not None and layout.figures == "annex"

    @property
    def compares_figures(self) -> bool:
        """Whether a figure behind the groups is known of both periods."""
        return any(row["kind"] == "indicator" and row["now_text"] and row["before_text"] for row in self.rows)

    def section(self, annexes: Sequence[Appendix]) -> Section | None:
        """The total, the groups, and what stands behind them."""
        groups = self._groups() if self.in_annex else self._figures()
        paragraphs = [*self._total(bool(groups)), *groups, *self._moved_total()]
        if not paragraphs:
            return None
        title = f"Công khai kết quả của {self.name} đối với Bộ chỉ số trong {self.period}"
        return Section(title, SOURCE, paragraphs, annexes)

    def _total(self, more: bool) -> list[Paragraph]:
        """The first sentence; without a total it leads to the figures alone."""
        begin = f"Theo tra cứu số liệu {looked_up(self.body['moments']['now'])}"
        if self.in_annex or self.total is None:
            lead = f"{begin}, kết quả thực hiện Bộ chỉ số của {self.name} {self.period} cụ thể như sau:"
            return [Paragraph(lead, SOURCE)] if more else []
        reached = standing(self.total, self.place, self.move, self.level, self.against)
        said = f"{begin}, tổng số điểm thực hiện Bộ chỉ số của {self.name} {self.period} {reached}."
        said += f" Điểm số các nhóm chỉ số {self.period}, cụ thể như sau:" if more else ""
        return [Paragraph(said, SOURCE)]

    def _moved_total(self) -> list[Paragraph]:
        if not self.in_annex or self.total is None:
            return []
        reached = standing_moved(self.total, self.place, self.move, self.level, self.against)
        return [Paragraph(f"Điểm tổng hợp {reached}.", SOURCE, "heading")]

    @property
    def total(self) -> Reached | None:
        """The total; its change only where both sides came to theirs in one way."""
        now, most, change = (_decimal(self.body["total"][name]) for name in ("now", "max", "change"))
        told = self.totals_alike and "method_changed" not in self.body["flags"]
        return None if now is None else Reached(now, most, change if told else None)

    @property
    def stated(self) -> bool:
        """Whether the source states a place; it is taken before one among the few units that are known here."""
        return self.body["reported_rank"]["now"] is not None

    @property
    def place(self) -> Place | None:
        found = self.body["reported_rank" if self.stated else "rank"]["now"]
        return None if found is None or found["of"] == 1 else (found["rank"], found["of"])

    @property
    def move(self) -> int | None:
        found: int | None = self.body["reported_rank" if self.stated else "rank"]["change"]
        return found

    def _groups(self) -> list[Paragraph]:
        """Each group in a sentence, as seed 001 has them."""
        return [
            Paragraph(f"Điểm số trục nội dung {row['heading']} đạt {self._group(row)}.", SOURCE, "heading")
            for row in self.rows
            if row["kind"] == "group" and row["now_text"]
        ]

    def _group(self, row: Row) -> str:
        change = row["change_text"]
        return row["now_text"] if change is None else f"{row['now_text']}, {change} so với {self.against}"

    def _figures(self) -> list[Paragraph]:
        """Each group with the figures behind it, as seed 000 has them; rows without a figure are left out."""
        return [_paragraph(row) for place, row in enumerate(self.rows) if _is_told(row, self.rows[place + 1 :])]

    def fallen(self, annexes: Sequence[Appendix]) -> Section | None:
        """The groups and figures that got worse, each with the headings it stands under; the total is told already."""
        texts = [
            f"{' – '.join([*row['within'], row['heading']])}: {with_change(row['now_text'], row['change_text'])}"
            for row in self.rows
            if row["declined"] and row["kind"] in ("group", "indicator")
        ]
        if not texts:
            return None
        title = f"Các chỉ số, số lượng, tỷ lệ giảm so với {self.against}"
        return Section(title, SOURCE, items(texts, SOURCE), annexes)


def _is_told(row: Row, after: Sequence[Row]) -> bool:
    """Whether a row has something to say, or stands above one that has; total and place have their own sentence."""
    if row["kind"] in ("total", "rank"):
        return False
    below = takewhile(lambda each: each["depth"] > row["depth"], after)
    return row["now_text"] is not None or any(each["now_text"] for each in below)


def _paragraph(row: Row) -> Paragraph:
    said = f"{row['heading']}:" if row["now_text"] is None else f"{row['heading']}: {row['now_text']}"
    if row["kind"] == "group" and row["now_text"] is not None:
        return Paragraph(f"{row['heading']}: {with_change(row['now_text'], row['change_text'])}", SOURCE, "heading")
    return Paragraph(sentence(said), SOURCE, "item" if row["depth"] < 2 else "subitem")


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)


def _notes(body: Row, totals_alike: bool) -> list[Note]:
    """What speaks against single figures, and what is not the service's own."""
    notes = [
        Note(flag, f"{row['heading']}: {DOUBTFUL[flag]}.", SOURCE)
        for row in body["rows"]
        for flag in row["flags"]
        if flag in DOUBTFUL
    ]
    for flag in body["flags"]:
        if flag != NO_RANK:
            notes.append(Note(flag, FLAG_TEXTS.get(flag) or f"{FLAGS.get(flag, flag)}.", SOURCE))
    if not totals_alike and body["total"]["change"] is not None:
        notes.append(Note("total_added", ADDED, SOURCE))
    return [*notes, *_rank_notes(body)]


def _rank_notes(body: Row) -> list[Note]:
    """Whose rank it is that the letter prints: a place among the few units known here is no place in the land."""
    stated, own = body["reported_rank"]["now"], body["rank"]["now"]
    if stated is not None:
        return [Note("reported_rank", STATED_RANK.format(rank=printed_rank(stated["rank"], stated["of"])), SOURCE)]
    if own is not None and own["of"] != 1:
        return [Note("computed_rank", OWN_RANK.format(rank=printed_rank(own["rank"], own["of"])), SOURCE)]
    return []
