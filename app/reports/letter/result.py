"""What the unit that issues the letter has reached itself, and what fell: from the comparison of two periods.

Tuyên Quang's letter of July 2024 prints the figures behind each group in its text; Bình Thành's of February 2024 the
groups, and the figures in its annex.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Final

from app.answers.report_letter import ParagraphKind
from app.reports.comparison_rows import ShownRow
from app.reports.comparison_tables import sentence as with_change
from app.reports.letter.facts import LetterFacts
from app.reports.letter.moments import day_words, is_stated
from app.reports.letter.office_words import office_of
from app.reports.letter.own import OwnResult, own_notes, rose
from app.reports.letter.parts import Appendix, Head, LetterPart, Paragraph, Section, appendix, items, sentence
from app.reports.letter.sentences import looked_up, standing, standing_moved
from app.reports.rows_with_data import rows_with_data

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
SOURCE: Final = "comparison"
MOVE, POINTS = "Tăng (+)/\nGiảm (-)", "Điểm"


def result(facts: LetterFacts) -> LetterPart:
    """The unit's own result and what fell in it; nothing where nobody has stated a figure of it."""
    own = facts.own
    if own is None:
        return LetterPart()
    text = _ResultText(own, facts.look_ups.last)
    annex = _annex(facts, own)
    section = text.section([annex] if text.in_annex or text.compares_figures else [])
    fallen = text.fallen([annex] if section is not None and section.appendices else [])
    shown = [each for each in (section, fallen) if each is not None]
    moments = facts.look_ups.notes(facts.on, SOURCE, "looked_up") if section is not None else []
    return LetterPart(shown, [*moments, *own_notes(own)])


def _annex(facts: LetterFacts, own: OwnResult) -> Appendix:
    """The comparison under a head of two rows, which says when each side was looked up."""
    title = f"{own.found.compared.layout.title.vi} {own.period}"
    before_at = own.found.before_at
    heads = _heads(
        _side(own.against, before_at if before_at is not None and is_stated(before_at) else None),
        _side(own.period, facts.look_ups.last),
    )
    return appendix(facts.data, title, SOURCE, own.annex(), ANNEX, heads)


def _heads(before: str, now: str) -> dict[str, Head]:
    sides = {"before": before, "now": now, "change": MOVE}
    return {
        **{f"{side}_count": Head(said, "Số liệu") for side, said in sides.items()},
        **{f"{side}_rate": Head(said, "Tỷ lệ (%)") for side, said in sides.items()},
        "change_rate": Head(MOVE, "Tỷ lệ (điểm %)"),
        "before_points": Head(POINTS, "Kỳ trước"),
        "now_points": Head(POINTS, "Kỳ này"),
        "max": Head(POINTS, "Tối đa"),
        "change_points": Head(POINTS, MOVE),
    }


def _side(period: str, looked_up_at: datetime | None) -> str:
    """A period at the head of its columns, as in annex I of Bình Thành's letter."""
    said = period[:1].upper() + period[1:]
    return said if looked_up_at is None else f"{said}\n(tra cứu {looked_up(looked_up_at)})"


class _ResultText:
    """The rows of a comparison as sentences."""

    def __init__(self, own: OwnResult, looked_up_at: datetime | None) -> None:
        self.own, self.rows = own, rows_with_data(own.found.rows)
        self.looked_up_at = looked_up_at
        self.name = office_of(own.found.compared.standing.unit.name).name
        self.in_annex = own.found.compared.layout.figures == "annex"

    @property
    def compares_figures(self) -> bool:
        """Whether a figure behind the groups is known of both periods."""
        return any(shown.row.kind == "indicator" and shown.now_text and shown.before_text for shown in self.rows)

    def section(self, annexes: Sequence[Appendix]) -> Section | None:
        """The total, the groups, and what stands behind them."""
        groups = self._groups() if self.in_annex else self._figures()
        paragraphs = [*self._total(bool(groups)), *groups, *self._moved_total()]
        if not paragraphs:
            return None
        title = f"Công khai kết quả của {self.name} đối với Bộ chỉ số trong {self.own.period}"
        return Section(title, SOURCE, paragraphs, annexes)

    def _total(self, more: bool) -> list[Paragraph]:
        """The first sentence; without a total it leads to the figures alone."""
        own = self.own
        begin, total = f"Theo tra cứu số liệu {day_words(self.looked_up_at)}", own.total
        if self.in_annex or total is None:
            lead = f"{begin}, kết quả thực hiện Bộ chỉ số của {self.name} {own.period} cụ thể như sau:"
            return [Paragraph(lead, SOURCE, about=("looked_up", "total"))] if more else []
        reached = standing(total, own.place, own.move, own.peers, own.against)
        said = f"{begin}, tổng số điểm thực hiện Bộ chỉ số của {self.name} {own.period} {reached}."
        said += f" Điểm số các nhóm chỉ số {own.period}, cụ thể như sau:" if more else ""
        return [Paragraph(said, SOURCE, about=("looked_up", "total"))]

    def _moved_total(self) -> list[Paragraph]:
        own, total = self.own, self.own.total
        if not self.in_annex or total is None:
            return []
        reached = standing_moved(total, own.place, own.move, own.peers, own.against)
        return [Paragraph(f"Điểm tổng hợp {reached}.", SOURCE, "heading", ("total",))]

    def _groups(self) -> list[Paragraph]:
        """Each group in a sentence, as Bình Thành's letter has them."""
        return [
            Paragraph(
                f"Điểm số trục nội dung {shown.heading} đạt {self._group(text, shown)}.",
                SOURCE,
                "heading",
                (shown.row.group or "",),
            )
            for shown in self.rows
            if shown.row.kind == "group" and (text := shown.now_text)
        ]

    def _group(self, text: str, shown: ShownRow) -> str:
        return text if shown.change_text is None else f"{text}, {shown.change_text} so với {self.own.against}"

    def _figures(self) -> list[Paragraph]:
        """Each group with its figures, as Tuyên Quang's letter has them; rows without a figure are left out."""
        return [_paragraph(row) for place, row in enumerate(self.rows) if _is_printed(row, self.rows[place + 1 :])]

    def fallen(self, annexes: Sequence[Appendix]) -> Section | None:
        """What got worse, each with the headings it stands under; rises have their word in the title."""
        listed = self.own.fallen
        if not listed:
            return None
        texts = [
            f"{' – '.join([*shown.placed.within, shown.heading])}: {with_change(shown.now_text, shown.change_text)}"
            for shown in listed
        ]
        turned = " hoặc chuyển biến xấu" if any(map(rose, listed)) else ""
        title = f"Các chỉ số, số lượng, tỷ lệ giảm{turned} so với {self.own.against}"
        return Section(title, SOURCE, items(texts, SOURCE), annexes)


def _is_printed(shown: ShownRow, after: Sequence[ShownRow]) -> bool:
    """Whether a row has something to say, or stands above one that has; total and place have their own sentence."""
    if shown.row.kind in ("total", "rank"):
        return False
    below = takewhile(lambda each: each.placed.depth > shown.placed.depth, after)
    return shown.now_text is not None or any(each.now_text for each in below)


def _paragraph(shown: ShownRow) -> Paragraph:
    if shown.now_text is None:
        said = f"{shown.heading}:"
    elif shown.row.kind == "group":
        changed = with_change(shown.now_text, shown.change_text)
        return Paragraph(f"{shown.heading}: {changed}", SOURCE, "heading", (shown.row.group or "",))
    else:
        said = f"{shown.heading}: {shown.now_text}"
    kind: ParagraphKind = "item" if shown.placed.depth < 2 else "subitem"
    return Paragraph(sentence(said), SOURCE, kind, (shown.row.indicator or "",))
