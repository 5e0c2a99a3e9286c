"""Proofs that saved answers say what their labels say: maxima, the two groups often taken for each other, and sums.

CLGQ (also ONLINE) and TTTT are read in opposite ways by scripts that copy the portal (docs/domain.md, Groups). Their
maxima, 12 and 10, tell them apart where a figure passes 10 or a maximum is stated; so do the other answers of the same
request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figures import decimals_of
from app.domain.portal.answers import Number, PortalFigure, PortalFile
from app.domain.portal.indicators import PortalIndicators
from app.domain.portal.units import PortalUnits
from app.errors import ErrorCode, Fault

REASON_EN = (
    " CLGQ (or ONLINE) is the provision of online services, at most 12 points; TTTT is online payment, at most 10."
    " Mend the labels, or save the portal's answer again."
)
REASON_VI = (
    " CLGQ (hay ONLINE) là cung cấp dịch vụ công trực tuyến, tối đa 12 điểm; TTTT là thanh toán trực tuyến, tối đa 10"
    " điểm. Hãy sửa lại tên nhóm, hoặc lưu lại tệp từ Cổng."
)
SWAPPED_OVER = ErrorCode(
    "portal_groups_swapped",
    "CLGQ and TTTT are swapped in this file: {label} stands at {value} points, over its maximum of {max}, and all its "
    "figures fit the other way round." + REASON_EN,
    "Tệp này ghi lẫn CLGQ và TTTT: {label} là {value} điểm, vượt điểm tối đa {max}, trong khi mọi số liệu đều khớp nếu "
    "đổi lại." + REASON_VI,
)
SWAPPED_MAX = ErrorCode(
    "portal_groups_swapped",
    "CLGQ and TTTT are swapped in this file: {label} states a maximum of {value} points where it is {max}, and all its "
    "figures fit the other way round." + REASON_EN,
    "Tệp này ghi lẫn CLGQ và TTTT: {label} ghi điểm tối đa {value} trong khi phải là {max}, và mọi số liệu đều khớp "
    "nếu đổi lại." + REASON_VI,
)
SWAPPED_AGAINST = ErrorCode(
    "portal_groups_swapped",
    "CLGQ and TTTT are swapped in this file: {label} stands at {value} points, which the other answers of this import "
    "give to the other group." + REASON_EN,
    "Tệp này ghi lẫn CLGQ và TTTT: {label} là {value} điểm, trong khi các tệp khác của lần nhập ghi số điểm này cho "
    "nhóm kia." + REASON_VI,
)
MAX_DIFFERS = ErrorCode(
    "portal_max_differs",
    "{label} states a maximum of {stated} points where it is {max}; an answer filtered by one procedure does so, and "
    "its figures are not the unit's. Save the answer without a filter.",
    "{label} ghi điểm tối đa {stated} trong khi phải là {max}; kết quả lọc theo một thủ tục thường như vậy và không "
    "phải là số liệu của đơn vị. Hãy lưu lại kết quả không lọc.",
)
OVER_MAX = ErrorCode(
    "points_exceed_max",
    "{label} stands at {value} points; at most {max} can be earned.",
    "{label} là {value} điểm, vượt điểm tối đa {max}.",
)
TOTAL_DIFFERS = ErrorCode(
    "portal_total_differs",
    "The groups of {unit} add up to {sum}, its total is stated as {total}; both are kept as they stand.",
    "Tổng điểm các nhóm của {unit} là {sum}, trong khi điểm tổng hợp ghi {total}; giữ nguyên cả hai.",
)

DENOMINATORS_DIFFER = ErrorCode(
    "portal_denominators_differ",
    "The denominator of {label} is {value} for {unit} where each is counted once, and {other} otherwise; {value} is "
    "taken. Look which of them the points of the portal rest on.",
    "Mẫu số của {label} của {unit} là {value} khi mỗi thủ tục chỉ tính một lần, và {other} theo cách tính khác; dịch "
    "vụ lấy {value}. Hãy kiểm tra điểm của Cổng tính theo mẫu số nào.",
)


@dataclass(frozen=True, slots=True)
class PortalPoints:
    """Points of one unit (as rows name it) under an indicator of points."""

    unit: str | None
    indicator: str
    figure: PortalFigure


def points_in(file: PortalFile, units: PortalUnits, indicators: PortalIndicators) -> list[PortalPoints]:
    """The group and total points of one answer."""
    return [
        PortalPoints(units.named(unit), indicators.points[figure.code], figure)
        for unit in file.units
        for figure in unit.figures
        if figure.code in indicators.points
    ]


def refusals(files: Sequence[PortalFile], units: PortalUnits, indicators: PortalIndicators) -> list[Fault | None]:
    """For each answer why none of its figures can be believed: `portal_groups_swapped`, `portal_max_differs`."""
    all_points = [points_in(file, units, indicators) for file in files]
    known = {
        (each.unit, each.indicator): each.figure.value
        for points in all_points
        if not indicators.other.keys() <= {each.indicator for each in points}
        for each in points
    }
    return [
        _swapped(points, indicators)
        or _swapped_against(points, known, indicators.other)
        or _max_differs(points, indicators.maxima)
        for points in all_points
    ]


def over_max(figure: PortalFigure, indicators: PortalIndicators) -> Fault | None:
    """`points_exceed_max` where points pass the maximum of their group."""
    top = indicators.maxima.get(indicators.points.get(figure.code, ""))
    if top is None or figure.value is None or figure.value <= top:
        return None
    return _fault(OVER_MAX, figure, {"value": figure.value, "max": top})


def _swapped(points: Sequence[PortalPoints], indicators: PortalIndicators) -> Fault | None:
    """The two groups fit only the other way round: one passes its maximum or states the other's."""
    maxima, other = indicators.maxima, indicators.other
    pair = [each for each in points if each.indicator in other]
    wrong = next((each for each in pair if not _fits(each.figure, maxima[each.indicator])), None)
    if wrong is None or not all(_fits(each.figure, maxima[other[each.indicator]]) for each in pair):
        return None
    figure, top = wrong.figure, maxima[wrong.indicator]
    if figure.max is not None and figure.max != top:
        return _fault(SWAPPED_MAX, figure, {"value": figure.max, "max": top})
    return _fault(SWAPPED_OVER, figure, {"value": figure.value, "max": top})


def _fits(figure: PortalFigure, top: int) -> bool:
    return (figure.value is None or figure.value <= top) and figure.max in (None, top)


def _swapped_against(
    points: Sequence[PortalPoints],
    known: Mapping[tuple[str | None, str], Number | None],
    other: Mapping[str, str],
) -> Fault | None:
    """A file with both groups whose figures are those that answers with one of them give to the other."""
    here = {(each.unit, each.indicator): each.figure for each in points if each.indicator in other}
    crossed = []
    for (unit, indicator), figure in here.items():
        straight, crosswise = known.get((unit, indicator)), known.get((unit, other[indicator]))
        partner = here.get((unit, other[indicator]))
        if straight is None or crosswise is None or partner is None or straight == crosswise:
            continue
        if figure.value == straight:
            return None
        if figure.value == crosswise and partner.value == straight:
            crossed.append(figure)
    return _fault(SWAPPED_AGAINST, crossed[0], {"value": crossed[0].value}) if crossed else None


def _max_differs(points: Iterable[PortalPoints], maxima: Mapping[str, int]) -> Fault | None:
    for each in points:
        stated, top = each.figure.max, maxima[each.indicator]
        if stated is not None and stated != top:
            place = each.figure.pointers.get("max", each.figure.pointer)
            context = {"label": each.figure.code, "stated": stated, "max": top}
            return Fault(MAX_DIFFERS, context, pointer=place, value=str(stated))
    return None


def total_warnings(points: Iterable[PortalPoints], indicators: PortalIndicators) -> list[Fault]:
    """`portal_total_differs` for each unit whose groups do not add up to its total.

    Each group may be off by half a unit of the finest decimal printed among the groups: ±0.3 for one decimal.
    """
    groups, total = [each.indicator for each in indicators.groups], indicators.total.indicator
    by_unit: dict[str | None, dict[str, PortalFigure]] = {}
    for each in points:
        if each.figure.value is not None:
            by_unit.setdefault(each.unit, {}).setdefault(each.indicator, each.figure)
    values = [_value(figure) for found in by_unit.values() for name, figure in found.items() if name != total]
    finest = max((decimals_of(value) for value in values), default=0)
    tolerance = len(groups) * Decimal(5).scaleb(-max(finest, 0) - 1)
    warnings = []
    for unit, found in by_unit.items():
        if not found.keys() >= {*groups, total}:
            continue
        stated, added = _value(found[total]), sum(_value(found[name]) for name in groups)
        if abs(stated - added) > tolerance:
            context = {"unit": unit or "", "sum": added, "total": stated}
            warnings.append(_fault(TOTAL_DIFFERS, found[total], context))
    return warnings


def denominator_warnings(file: PortalFile, units: PortalUnits) -> Iterator[Fault]:
    """`portal_denominators_differ` for each figure whose denominator the answer counts in two ways, and differently."""
    for unit in file.units:
        for figure in unit.figures:
            if figure.other is not None and figure.denominator is not None and figure.other != figure.denominator:
                context = {"label": figure.code, "value": figure.denominator, "other": figure.other}
                yield Fault(
                    DENOMINATORS_DIFFER,
                    {**context, "unit": units.named(unit) or ""},
                    pointer=figure.pointers.get("denominator", figure.pointer),
                    value=str(figure.denominator),
                )


def _value(figure: PortalFigure) -> Decimal:
    return Decimal(figure.value or 0)


def _fault(error_code: ErrorCode, figure: PortalFigure, context: Mapping[str, object]) -> Fault:
    """A fault of points, at the figure itself; `TOTAL` is the portal's total and has no label of its own."""
    place = figure.pointers.get("value", figure.pointer)
    return Fault(error_code, {"label": figure.code, **context}, pointer=place, value=str(figure.value))
