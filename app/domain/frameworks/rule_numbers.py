"""The numbers that a rule states: on the scale of its criterion, in order, and so that they can earn something."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from app.domain.frameworks.document_part import DocumentPart, fault, plain
from app.domain.frameworks.shape_codes import RATIO_FLAT
from app.errors import ErrorCode, Fault

NUMBER_NOT_POSITIVE = ErrorCode(
    "number_not_positive",
    "{where}: “{field}” is {figure} and must be above 0.",
    "{where}: “{field}” là {figure}, phải lớn hơn 0.",
)
STEP_DUPLICATE = ErrorCode(
    "step_duplicate",
    "{where}: two steps begin at {figure}; keep one of them.",
    "{where}: có hai bậc cùng bắt đầu từ {figure}; hãy giữ lại một.",
)
KNOTS_NOT_RISING = ErrorCode(
    "knots_not_rising",
    "{where}: `at` is {figure} behind {before}; list the points of the line by rising `at`, each figure once.",
    "{where}: `at` là {figure} đứng sau {before}; hãy xếp các điểm của đường gấp khúc theo `at` tăng dần, mỗi giá trị "
    "một lần.",
)
KNOTS_TOO_FEW = ErrorCode(
    "knots_too_few",
    "{where}: a line needs at least two `points`, each with `at` and `points`; add another.",
    "{where}: đường gấp khúc cần ít nhất hai điểm trong `points`, mỗi điểm có `at` và `points`; hãy bổ sung.",
)
POINTS_OUT_OF_RANGE = ErrorCode(
    "points_out_of_range",
    "{where}: {figure} points lie outside 0 to {high}, the criterion's `max`; correct one of the numbers.",
    "{where}: {figure} điểm nằm ngoài khoảng từ 0 đến {high} là `max` của tiêu chí; hãy sửa một trong các số.",
)
ADJUSTMENT_OF_NOTHING = ErrorCode(
    "adjustment_of_nothing",
    "{where}: `points` is 0, so nothing would be adjusted; write points above 0 to add them, below 0 to take them off.",
    "{where}: `points` bằng 0 nên không điều chỉnh gì; hãy ghi số dương để cộng điểm, số âm để trừ điểm.",
)

ZERO = Decimal(0)


def number_faults(rule: DocumentPart, label: str, highest: Decimal | None) -> Iterator[Fault]:
    """Every fault of the numbers of one rule; `highest`: the points of its criterion, None where that is unknown."""
    kind = rule.text("kind")
    if kind == "steps":
        yield from _step_faults(rule, label, highest)
    elif kind == "piecewise":
        yield from _knot_faults(rule, label, highest)
    elif kind == "deduction":
        yield from _positive_faults(rule, label, ("per", "points"))
    elif kind in ("ratio", "normalise"):
        yield from _slope_faults(rule, label)


def adjustment_faults(adjustment: DocumentPart) -> Iterator[Fault]:
    """Every fault of the numbers of an adjustment of the total."""
    points, indicator = adjustment.figure("points"), adjustment.text("indicator")
    label = adjustment.pointer if indicator is None else f"“{indicator[:60]}” ({adjustment.pointer})"
    if points == ZERO:
        yield fault(ADJUSTMENT_OF_NOTHING, f"{adjustment.pointer}/points", where=label)
    yield from _positive_faults(adjustment, label, ("per", "at_most"))


def _step_faults(rule: DocumentPart, label: str, highest: Decimal | None) -> Iterator[Fault]:
    seen: set[Decimal] = set()
    for step in rule.parts("steps"):
        at_least = step.figure("at_least")
        if at_least is not None and at_least in seen:
            yield fault(STEP_DUPLICATE, f"{step.pointer}/at_least", where=label, figure=plain(at_least))
        elif at_least is not None:
            seen.add(at_least)
    yield from _range_faults([*((step, "points") for step in rule.parts("steps")), (rule, "otherwise")], label, highest)


def _knot_faults(rule: DocumentPart, label: str, highest: Decimal | None) -> Iterator[Fault]:
    knots, stated = rule.parts("points"), rule.field("points")
    if isinstance(stated, list) and len(stated) == 1:
        yield fault(KNOTS_TOO_FEW, f"{rule.pointer}/points", where=label)
    for before, knot in pairwise(knots):
        low, high = before.figure("at"), knot.figure("at")
        if low is not None and high is not None and high <= low:
            place = f"{knot.pointer}/at"
            yield fault(KNOTS_NOT_RISING, place, where=label, figure=plain(high), before=plain(low))
    yield from _range_faults([(knot, "points") for knot in knots], label, highest)


def _range_faults(stated: Sequence[tuple[DocumentPart, str]], label: str, highest: Decimal | None) -> Iterator[Fault]:
    """Points that a rule states lie between 0 and the criterion's max."""
    for part, name in stated:
        points = part.figure(name)
        if points is not None and highest is not None and not ZERO <= points <= highest:
            place = f"{part.pointer}/{name}"
            yield fault(POINTS_OUT_OF_RANGE, place, where=label, figure=plain(points), high=plain(highest))


def _positive_faults(rule: DocumentPart, label: str, names: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        figure = rule.figure(name)
        if figure is not None and figure <= ZERO:
            yield fault(NUMBER_NOT_POSITIVE, f"{rule.pointer}/{name}", where=label, field=name, figure=plain(figure))


def slope_of(rule: DocumentPart) -> tuple[Decimal | None, Decimal | None]:
    """Where points begin and where they are full, as stated, else as the rule has it."""
    start, end = (Decimal(-3), Decimal(3)) if rule.text("method") == "z" else (ZERO, Decimal(100))
    return rule.figure("from", start), rule.figure("full_at", end)


def _slope_faults(rule: DocumentPart, label: str) -> Iterator[Fault]:
    start, end = slope_of(rule)
    if start is not None and start == end:
        yield fault(RATIO_FLAT, rule.pointer, where=label, figure=plain(start))
