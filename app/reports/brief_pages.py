"""The leader's brief as one printed page."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from app.answers.report_brief import Brief, FigureMove, GroupMove, IndicatorMissed, UnitMove, WatchedUnit
from app.domain.figures import print_figure
from app.domain.letter_format import printed_change, printed_count
from app.domain.unbroken import unbroken
from app.formats.page_layout import Block, PagedDocument, PageGroup, PageParagraph, PageStyle, RuledTable, Run
from app.reports.letter.parts import sentence

TITLE: Final = PageStyle("BriefTitle", "Tiêu đề báo cáo nhanh", 13, bold=True, align="center", space=(0, 6))
HEADING: Final = PageStyle("BriefHeading", "Đề mục báo cáo nhanh", 12, bold=True, space=(6, 2), outline=1)
TEXT: Final = PageStyle("BriefText", "Nội dung báo cáo nhanh", 12, align="justify", space=(0, 2))
TABLE: Final = PageStyle("BriefTable", "Bảng báo cáo nhanh", 11)
HEAD = ("Số TT", "Nhóm chỉ số", "Điểm tối đa", "Kỳ trước", "Kỳ này", "Tăng/giảm")
WIDTHS = (8, 44, 12, 12, 12, 12)
NONE_FELL = "Không có chỉ số, đơn vị nào giảm, hoặc chưa có số liệu để so sánh."
NONE_WATCHED = "Không có đơn vị nào dưới mức xếp loại hoặc chỉ tiêu, hoặc chưa có số liệu."
NONE_BELOW = "Không có đơn vị không đạt chỉ tiêu, hoặc chưa có chỉ tiêu, số liệu để so sánh."


def document(body: Brief) -> PagedDocument:
    """Total and rank, groups, what fell, whom to watch, who is below target."""
    title = f"Báo cáo nhanh: {body['title']}"
    fell = [*map(_figure, body["fell"]), *map(_unit, body["units_fell"])]
    below = [*map(_missed, body["below"]), *_beyond(body["more_below"])]
    blocks: list[Block] = [
        _line(title, TITLE),
        *(_line(text, TEXT) for text in body["sentences"]),
        *([_groups(body["groups"])] if body["groups"] else []),
        *_section("Giảm so với kỳ trước", fell, NONE_FELL),
        *_section("Cần theo dõi", map(_watched, body["watch"]), NONE_WATCHED),
        *_section("Đơn vị không đạt chỉ tiêu", below, NONE_BELOW),
    ]
    return PagedDocument(title, body["as_of"], [PageGroup(blocks)])


def _line(text: str, style: PageStyle) -> PageParagraph:
    return PageParagraph([Run(unbroken(text))], style)


def _section(title: str, lines: Iterable[str], nothing: str) -> list[PageParagraph]:
    listed = [_line(f"- {sentence(line)}", TEXT) for line in lines]
    return [_line(title, HEADING), *(listed or [_line(nothing, TEXT)])]


def _groups(groups: Sequence[GroupMove]) -> RuledTable:
    """Groups under their numbers in the layout, or where one has none all under their places."""
    numbers = [each["number"] or "" for each in groups]
    if not all(numbers):
        numbers = [str(place) for place, _ in enumerate(groups, start=1)]
    rows = [[number, *_group(each)] for number, each in zip(numbers, groups, strict=True)]
    return RuledTable(HEAD, rows, WIDTHS, ("center", "left", "center", "center", "center", "center"), TABLE)


def _group(each: GroupMove) -> list[str]:
    points = map(_figure_or_blank, (each["max"], each["before"], each["now"]))
    change = "" if each["change"] is None else printed_change(Decimal(each["change"]))
    return [each["name"], *points, change]


def _figure_or_blank(figure: Decimal | None) -> str:
    return "" if figure is None else print_figure(Decimal(figure))


def _figure(each: FigureMove) -> str:
    change = "" if each["change"] is None else f", {each['change']}"
    return f"{each['name']}: {each['now']}{change} (kỳ trước {each['before']})"


def _unit(each: UnitMove) -> str:
    return (
        f"{each['called']}: {print_figure(each['now'])} điểm, giảm {print_figure(-each['change'])} điểm "
        f"(kỳ trước {print_figure(each['before'])} điểm)"
    )


def _watched(each: WatchedUnit) -> str:
    now, gap = print_figure(each["now"]), print_figure(each["gap"])
    if each["kind"] == "class":
        return f"{each['called']}: {now} điểm, thiếu {gap} điểm để đạt mức {each['name']}"
    return f"{each['called']}: {each['name']} {now}%, chênh {gap} điểm % so với chỉ tiêu {print_figure(each['aim'])}%"


def _missed(each: IndicatorMissed) -> str:
    return f"{each['name']}: {each['sentence']}"


def _beyond(more: int) -> list[str]:
    return [f"… và {printed_count(more)} chỉ tiêu khác"] if more else []
