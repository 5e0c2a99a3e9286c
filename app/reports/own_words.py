"""Where the unit of a report stands, as its notice and its brief begin: in figures and in sentences."""

from decimal import Decimal

from app.answers.report_notice import OwnStanding
from app.domain.figures import print_figure
from app.domain.letter_format import printed_count
from app.domain.vietnamese_labels import period_words
from app.reports.data import ReportData
from app.reports.highlights import OwnGaps, own_gaps
from app.reports.letter.facts import LetterFacts
from app.reports.letter.office_words import cited, office_of
from app.reports.letter.own import FLAG_TEXTS
from app.reports.letter.sentences import standing
from app.reports.report import brief

NO_FIGURES = "Chưa có số liệu của {office} {period}."
NO_TOTAL = "Chưa công bố được tổng điểm của {office}: chưa đủ số liệu."
NO_GROUPS = "Chưa có tổng điểm của {office}: chưa có điểm của nhóm {groups}."
NO_PLACE = "Chưa xác định được thứ hạng: chưa có đủ tổng điểm của các đơn vị cùng cấp."
NO_CHANGE = "Chưa so sánh được tổng điểm với {against}."
NO_GAPS = "Chưa tính được khoảng cách với các đơn vị xếp trên: chưa có đủ tổng điểm của các đơn vị cùng cấp."


def heading_of(data: ReportData) -> str:
    """The rules, the period, and whom it is about."""
    about = "cả nước" if data.office is None else office_of(data.office).name
    law = data.framework.legal_basis
    rules = f"Bộ chỉ số theo {cited(law[0].number)}" if law else data.framework.name.vi
    return f"{rules}, {period_words(data.period.code)} – {about}"


def own_sentences(facts: LetterFacts) -> list[str]:
    """Total, place and change of the unit, what is missing to those above it; what is not known is said."""
    data, own = facts.data, facts.own
    if data.office is None:
        return []
    office = office_of(data.office).name
    if own is None:
        return [NO_FIGURES.format(office=office, period=period_words(data.period.code))]
    if own.total is None:
        groups = "; ".join(f"“{group}”" for group in own.lacks)
        return [(NO_GROUPS if groups else NO_TOTAL).format(office=office, groups=groups)]
    reached = standing(own.total, own.place, own.move, own.peers, own.against)
    unknown = [NO_PLACE] if own.place is None else []
    if data.against is not None and own.total.change is None:
        unknown.append(NO_CHANGE.format(against=own.against))
    gaps = own_gaps(data, own)
    said = [] if own.place is None else [NO_GAPS if gaps is None else gap_words(gaps)]
    provisional = [FLAG_TEXTS["provisional"]] if "provisional" in own.found.flags else []
    return [f"{office[:1].upper()}{office[1:]} {reached}.", *unknown, *said, *provisional]


def gap_words(gaps: OwnGaps) -> str:
    """How far a unit is from those above it."""
    first = f"bình quân {printed_count(gaps.first.of)} đơn vị dẫn đầu ({print_figure(gaps.first.mean)} điểm)"
    way = "thấp hơn" if gaps.to_first > 0 else "cao hơn"
    mean = f"{way} {first} là {_points(abs(gaps.to_first))}" if gaps.to_first else f"bằng {first}"
    if gaps.above is None:
        return f"Không có đơn vị xếp trên; {mean}."
    rank, gap = gaps.above
    return f"Kém đơn vị xếp thứ {printed_count(rank)} là {_points(gap)}; {mean}."


def _points(points: Decimal) -> str:
    return f"{print_figure(points)} điểm"


def own_standing(facts: LetterFacts) -> OwnStanding | None:
    """The same in figures; None where nobody has stated a figure of the unit."""
    own = facts.own
    if own is None:
        return None
    gaps, total, place = own_gaps(facts.data, own), own.total, own.place
    return {
        "unit": brief(own.found.compared.standing.unit),
        "total": None if total is None else total.points,
        "max": None if total is None else total.most,
        "total_change": None if total is None else total.change,
        "rank": None if place is None or total is None else place[0],
        "of": None if place is None or total is None else place[1],
        "rank_change": None if place is None or total is None else own.move,
        "next": None if gaps is None or gaps.above is None else {"rank": gaps.above[0], "gap": gaps.above[1]},
        "first": None if gaps is None else {"count": gaps.first.of, "mean": gaps.first.mean, "gap": gaps.to_first},
    }
