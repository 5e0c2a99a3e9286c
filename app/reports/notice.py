"""The short notice: what stands out in a period, as one text for a chat group and as its parts."""

from collections.abc import Sequence
from decimal import Decimal

from app.answers.report_notice import ClassEdge, LevelNotice, NewOverdue, Notice
from app.domain.figures import print_figure
from app.domain.letter_format import continued, printed_count
from app.domain.vietnamese_labels import period_words
from app.reports.data import ReportData
from app.reports.highlights import LevelHighlights, NewCounts, RankedUnit, UnderEdge, level_highlights, new_counts
from app.reports.letter.facts import LetterFacts
from app.reports.own_words import heading_of, own_sentences, own_standing
from app.reports.report import Report, brief
from app.reports.rules.counts import printed
from app.reports.rules.highlights import lowest
from app.reports.rules.notice_text import NoticeList, fitted

NO_TOTALS = "Chưa có đơn vị trực thuộc nào có tổng điểm được xếp hạng {period}."
NO_COUNTS = "Chưa có số liệu về hồ sơ quá hạn {period}."
NONE_NEW = "Không có đơn vị mới phát sinh {name}."
NEW = "Mới phát sinh {name} (kỳ trước không có):"
UNKNOWN_BEFORE = "{count} đơn vị có {name}, kỳ trước chưa có số liệu để đối chiếu."


def notice(data: ReportData, most: int) -> Report:
    """The notice of `under`, or of the country, with at most so many units in each list."""
    facts = LetterFacts(data, data.today, None)
    levels, counts = level_highlights(facts), new_counts(facts)
    lead, lists = [heading_of(data), *own_sentences(facts)], _lists(data, levels, counts, most)
    body: Notice = {
        **data.about(),
        "framework": data.framework.id,
        "text": fitted(lead, lists),
        "own": own_standing(facts),
        "levels": [_level_body(each, most) for each in levels],
        "overdue": [_counts_body(each, most) for each in counts],
    }
    return Report("notice", body, [], {}, data.evaluation)


def _lists(
    data: ReportData, levels: Sequence[LevelHighlights], counts: Sequence[NewCounts], most: int
) -> list[NoticeList]:
    """The lists of each level, then who newly has what is overdue; what is not known is a line of its own."""
    period = period_words(data.period.code)
    found = [each for level in levels for each in _level_lists(level, data.office, most)]
    if not levels and any(unit.code != data.under for unit in data.units()):
        found.append(NoticeList(NO_TOTALS.format(period=period)))
    found += [each for count in counts for each in _count_lists(count, data.office, most)]
    return found if counts else [*found, NoticeList(NO_COUNTS.format(period=period))]


def _level_lists(level: LevelHighlights, office: str | None, most: int) -> list[NoticeList]:
    name = level.name
    low = lowest([each.total for each in level.ranked], most)
    listed = [level.ranked[place] for place in low.places]
    head = f"{name}: thấp nhất trong {printed_count(len(level.ranked))} đơn vị được xếp hạng:"
    tail = f" cùng {_points(listed[-1].total)}"
    lists = [NoticeList(head, [_low_line(each, office) for each in listed], low.tied, tail)]
    return [*lists, *(_edge_list(each, name, office, most) for each in level.under_edges())]


def _low_line(each: RankedUnit, office: str | None) -> str:
    tied = f", đồng hạng {printed_count(each.tied)} đơn vị" if each.tied > 1 else ""
    return f"- {each.unit.called_in(office)}: {_points(each.total)}, hạng {printed_count(each.rank)}{tied}"


def _edge_list(edge: UnderEdge, name: str, office: str | None, most: int) -> NoticeList:
    head = f"{name}: ngay dưới mức {edge.band.name.vi} ({_points(edge.band.min)}):"
    lines = [
        f"- {each.unit.called_in(office)}: {_points(each.total)}, thiếu {_points(gap)}" for each, gap in edge.short
    ]
    return NoticeList(head, lines[:most], len(lines[most:]))


def _points(points: Decimal) -> str:
    return f"{print_figure(points)} điểm"


def _count_lists(found: NewCounts, office: str | None, most: int) -> list[NoticeList]:
    """Who newly counts something; that nobody does is said where the counts before are known."""
    name = continued(found.indicator.name.vi).removeprefix("số ")
    unit = f" {found.indicator.unit or ''}".rstrip()
    lines = [f"- {each.called_in(office)}: {printed(count)}{unit}" for each, count in found.risen]
    listed = NoticeList(NEW.format(name=name), lines[:most], len(lines[most:]))
    lists = [listed] if lines else [] if found.unknown else [NoticeList(NONE_NEW.format(name=name))]
    unknown = UNKNOWN_BEFORE.format(count=printed_count(found.unknown), name=name)
    return [*lists, NoticeList(unknown)] if found.unknown else lists


def _level_body(level: LevelHighlights, most: int) -> LevelNotice:
    low = lowest([each.total for each in level.ranked], most)
    listed = [level.ranked[place] for place in low.places]
    return {
        "level": level.cohort.board.level,
        "name": level.name,
        "of": level.cohort.size,
        "ranked": len(level.ranked),
        "lowest": [
            {"unit": brief(each.unit), "total": each.total, "rank": each.rank, "tied": each.tied} for each in listed
        ],
        "tied_lowest": low.tied,
        "edges": [_edge_body(each, most) for each in level.under_edges()],
    }


def _edge_body(edge: UnderEdge, most: int) -> ClassEdge:
    return {
        "band": edge.band.code,
        "name": edge.band.name.vi,
        "min": edge.band.min,
        "items": [{"unit": brief(each.unit), "total": each.total, "gap": gap} for each, gap in edge.short[:most]],
        "more": len(edge.short[most:]),
    }


def _counts_body(found: NewCounts, most: int) -> NewOverdue:
    return {
        "indicator": found.indicator.code,
        "name": found.indicator.name.vi,
        "items": [{"unit": brief(unit), "count": count} for unit, count in found.risen[:most]],
        "more": len(found.risen[most:]),
        "unknown": found.unknown,
    }
