"""The tree of criteria: weights that add up, and a rule for every unit that a criterion applies to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.frameworks.document_part import DocumentPart, fault, plain
from app.domain.frameworks.framework import MEANS, combined_max
from app.domain.frameworks.readable import has_clear_kinds, has_known_fields, is_clear_rule, is_whole, stated_levels
from app.domain.frameworks.rule_numbers import NUMBER_NOT_POSITIVE, adjustment_faults, number_faults
from app.domain.frameworks.weights import whole_weights
from app.domain.level_names import level_names
from app.domain.vocabulary import LEVELS
from app.errors import ErrorCode, Fault

WEIGHTS_MISS_TOTAL = ErrorCode(
    "weights_miss_total",
    "{where} states {stated} points, but its criteria add up to {added}. Correct one of the numbers.",
    "{where} ghi {stated} điểm nhưng các tiêu chí thành phần cộng lại là {added}. Hãy sửa một trong các số.",
)
TOP_WEIGHTS_MISS_TOTAL = ErrorCode(
    "weights_miss_total",
    "`total.max` states {stated} points, but the top criteria add up to {added}. Correct one of the numbers.",
    "`total.max` ghi {stated} điểm nhưng các tiêu chí cấp trên cùng cộng lại là {added}. Hãy sửa một trong các số.",
)
MAX_MISSING = ErrorCode(
    "max_missing",
    "Criterion {where} has no `max`; state how many points it is worth.",
    "Tiêu chí {where} không có `max`; hãy ghi số điểm tối đa.",
)
WEIGHT_MISSING = ErrorCode(
    "weight_missing",
    "Criterion {where} stands under a mean with weights and has no `weight`; state it.",
    "Tiêu chí {where} nằm dưới quy tắc trung bình có trọng số nhưng không có `weight`; hãy ghi trọng số.",
)
WEIGHTS_TOO_FINE = ErrorCode(
    "weights_too_fine",
    "{where}: a geometric mean takes a root of {parts} parts of these weights, and at most {limit} are computed "
    "exactly; round the weights, such as 1, 1, 2 or whole percents.",
    "{where}: trung bình nhân phải lấy căn bậc {parts} theo các trọng số này, trong khi chỉ tính chính xác đến bậc "
    "{limit}; hãy làm tròn trọng số, ví dụ 1, 1, 2 hoặc số phần trăm nguyên.",
)
SHARE_OF_A_MEAN = ErrorCode(
    "share_of_a_mean",
    "{where}: `share_of_applicable` needs a sum, and a mean averages what applies by itself; remove it, or use the "
    "rule “sum”.",
    "{where}: `share_of_applicable` cần quy tắc “sum”, còn quy tắc trung bình đã chỉ tính phần được áp dụng; hãy bỏ "
    "trường này hoặc dùng “sum”.",
)
RULE_MISSING = ErrorCode(
    "rule_missing",
    "Criterion {where} has no rule for: {levels}. Add a rule for these levels, or list under `applies_to` only "
    "the levels that it is meant for.",
    "Tiêu chí {where} không có quy tắc cho: {levels}. Hãy thêm quy tắc cho các cấp này, hoặc chỉ nêu trong "
    "`applies_to` những cấp áp dụng.",
)
RULE_UNREACHABLE = ErrorCode(
    "rule_unreachable",
    "{where}: this rule never applies, since earlier rules without `optional` take all its levels, or the "
    "criterion has none of them. Move it up, mark the earlier ones `optional: true`, or remove it.",
    "{where}: quy tắc này không bao giờ được dùng vì các quy tắc trước không có `optional` đã áp dụng cho mọi cấp "
    "của nó, hoặc tiêu chí không có cấp nào trong đó. Hãy đưa lên trước, thêm `optional: true` cho quy tắc trước, "
    "hoặc bỏ đi.",
)
RULE_NEEDS_CHILDREN = ErrorCode(
    "rule_needs_children",
    "{where}: a rule “{rule}” needs criteria below, and there are none. Add them, or use a rule with an indicator.",
    "{where}: quy tắc “{rule}” cần các tiêu chí thành phần nhưng không có. Hãy bổ sung, hoặc dùng quy tắc có chỉ số.",
)
LEVELS_EMPTY = ErrorCode(
    "levels_empty",
    "{where}: `{field}` is an empty list, so it holds for no unit. List levels, or leave the field out for all.",
    "{where}: `{field}` là danh sách trống nên không áp dụng cho đơn vị nào. Hãy nêu các cấp, hoặc bỏ trường này "
    "để áp dụng cho tất cả.",
)
POLICY_MISSING = ErrorCode(
    "policy_missing",
    "{where}: `missing.{field}` says nothing for: {levels}. Add these levels, or a `default`.",
    "{where}: `missing.{field}` chưa quy định cho: {levels}. Hãy bổ sung các cấp này hoặc `default`.",
)

ZERO = Decimal(0)
MOST_PARTS = 1_000
"""The largest root that thirteen thousand units are scored by in moments."""


@dataclass(frozen=True, slots=True)
class CriterionNode:
    """A criterion or the total, the criteria right below it, and the levels of the units that it can apply to.

    `levels` is None where they cannot be read. `is_whole`: every criterion below is among the children.
    """

    part: DocumentPart
    children: Sequence[DocumentPart]
    levels: tuple[str, ...] | None
    is_whole: bool
    is_total: bool = False

    @property
    def label(self) -> str:
        return "total" if self.is_total else self.part.label

    @property
    def rules(self) -> list[DocumentPart]:
        return self.part.parts("rules")

    @property
    def kinds(self) -> list[str]:
        return [kind for rule in self.rules if (kind := rule.text("kind"))]

    @property
    def is_mean(self) -> bool:
        """Whether only shares of the children's maxima are ever compared, so that their maxima need not add up."""
        return bool(MEANS.intersection(self.kinds)) and "sum" not in self.kinds


def nodes(document: DocumentPart) -> Iterator[CriterionNode]:
    """The total first, then every criterion before its children."""
    top = document.parts("criteria")
    yield CriterionNode(document.part("total"), top, LEVELS, is_whole(document, "criteria"), is_total=True)
    stack: list[tuple[DocumentPart, tuple[str, ...] | None]] = [(part, LEVELS) for part in reversed(top)]
    while stack:
        part, levels = stack.pop()
        whole = is_whole(part, "criteria") and (part.has("criteria") or has_known_fields(part, "criteria"))
        node = CriterionNode(part, part.parts("criteria"), _levels_within(part, "applies_to", levels), whole)
        yield node
        stack.extend((child, node.levels) for child in reversed(node.children))


def max_of(node: DocumentPart) -> Decimal | None:
    """Points of a criterion, as stated or from its children; None where it cannot be known."""
    return _max(node, node.parts("criteria")) if node.has("max") or is_whole(node, "criteria") else None


def total_max(document: DocumentPart) -> Decimal | None:
    total = document.part("total")
    return _max(total, document.parts("criteria")) if total.has("max") or is_whole(document, "criteria") else None


def _max(node: DocumentPart, children: Sequence[DocumentPart]) -> Decimal | None:
    if node.has("max"):
        return node.figure("max")
    maxima = [max_of(child) for child in children]
    known = [figure for figure in maxima if figure is not None]
    if not maxima or len(known) != len(maxima) or not has_clear_kinds(node):
        return None
    return combined_max([rule.text("kind") or "" for rule in node.parts("rules")], known)


def _levels_within(part: DocumentPart, field: str, levels: Sequence[str] | None) -> tuple[str, ...] | None:
    """Those of `levels` that a part names under `field`, all where it names none; None where that cannot be read."""
    named = stated_levels(part, field)
    return None if named is None or levels is None else tuple(level for level in levels if level in named)


def criterion_faults(document: DocumentPart) -> Iterator[Fault]:
    """Every fault of the tree."""
    for node in nodes(document):
        for check in CHECKS:
            yield from check(node)
    for adjustment in document.part("total").parts("adjustments"):
        yield from adjustment_faults(adjustment)


def weights(node: CriterionNode) -> Iterator[Fault]:
    """A node's points are positive, stated on a leaf, and equal to the sum of its children's."""
    stated = node.part.figure("max")
    place = f"{node.part.pointer}/max"
    if not node.is_total and not node.children and node.is_whole and not node.part.has("max"):
        yield fault(MAX_MISSING, node.part.pointer, where=node.label)
    if stated is None:
        return
    if stated <= ZERO:
        yield fault(NUMBER_NOT_POSITIVE, place, where=node.label, field="max", figure=plain(stated))
    maxima = [max_of(child) for child in node.children]
    known = [figure for figure in maxima if figure is not None]
    is_clear = node.is_whole and has_clear_kinds(node.part) and len(known) == len(maxima)
    if not maxima or not is_clear or node.is_mean or sum(known) == stated:
        return
    key = TOP_WEIGHTS_MISS_TOTAL if node.is_total else WEIGHTS_MISS_TOTAL
    yield fault(key, place, where=node.label, stated=plain(stated), added=plain(sum(known, ZERO)))


def mean_weights(node: CriterionNode) -> Iterator[Fault]:
    """Under a mean with weights each child has one above 0; under a geometric mean they are few whole parts."""
    if not {"weighted_mean", "geometric_mean"}.intersection(node.kinds):
        return
    for child in node.children:
        weight = child.figure("weight")
        if not child.has("weight") and has_known_fields(child, "criteria"):
            yield fault(WEIGHT_MISSING, child.pointer, where=child.label)
        elif weight is not None and weight <= ZERO:
            place = f"{child.pointer}/weight"
            yield fault(NUMBER_NOT_POSITIVE, place, where=child.label, field="weight", figure=plain(weight))
    stated = [weight for child in node.children if (weight := child.figure("weight")) is not None and weight > ZERO]
    parts = sum(whole_weights(stated)) if "geometric_mean" in node.kinds else 0
    if parts > MOST_PARTS:
        yield fault(WEIGHTS_TOO_FINE, node.part.pointer, where=node.label, parts=parts, limit=MOST_PARTS)


def share_of_a_sum(node: CriterionNode) -> Iterator[Fault]:
    """Only a sum can be a share of what applies; a mean compares shares already."""
    if node.is_total and node.part.field("share_of_applicable") is True and MEANS.intersection(node.kinds):
        yield fault(SHARE_OF_A_MEAN, f"{node.part.pointer}/share_of_applicable", where=node.label)


def rules_apply(node: CriterionNode) -> Iterator[Fault]:
    """Each rule can be reached, and a leaf has one for every level that it applies to."""
    is_clear = node.levels is not None and is_whole(node.part, "rules")
    left, open_levels = set(node.levels or ()), set(node.levels or ())
    for rule in node.rules:
        levels = _levels_within(rule, "levels", node.levels) or ()
        is_clear = is_clear and is_clear_rule(rule)  # what a broken one takes is unknown, and so is what it leaves
        if rule.field("levels") == []:
            yield fault(LEVELS_EMPTY, f"{rule.pointer}/levels", where=node.label, field="levels")
        elif is_clear and node.levels and not open_levels.intersection(levels):
            yield fault(RULE_UNREACHABLE, rule.pointer, where=node.label)
        left.difference_update(levels)
        if rule.field("optional") is not True:
            open_levels.difference_update(levels)
    if left and is_clear and node.is_whole and not node.children and not node.is_total:
        missing = level_names(level for level in LEVELS if level in left)
        yield fault(RULE_MISSING, node.part.pointer, where=node.label, levels=missing)


def rules_fit(node: CriterionNode) -> Iterator[Fault]:
    """What a single rule says can be computed on this node."""
    highest = _max(node.part, node.children)
    for rule in node.rules:
        kind = rule.text("kind")
        if kind in ("sum", *MEANS) and not node.children and node.is_whole:
            yield fault(RULE_NEEDS_CHILDREN, rule.pointer, where=node.label, rule=kind)
        else:
            yield from number_faults(rule, node.label, highest)


def levels_named(node: CriterionNode) -> Iterator[Fault]:
    if node.part.field("applies_to") == []:
        yield fault(LEVELS_EMPTY, f"{node.part.pointer}/applies_to", where=node.label, field="applies_to")


def policies_complete(node: CriterionNode) -> Iterator[Fault]:
    """A policy stated level by level says what holds for each level of the criterion."""
    missing = node.part.part("missing")
    for name in ("no_value", "zero_denominator"):
        stated = missing.field(name)
        if not isinstance(stated, dict) or "default" in stated or not stated.keys() <= set(LEVELS):
            continue
        left = [level for level in node.levels or () if level not in stated]
        if left:
            yield fault(
                POLICY_MISSING, f"{missing.pointer}/{name}", where=node.label, field=name, levels=level_names(left)
            )


CHECKS: tuple[Callable[[CriterionNode], Iterator[Fault]], ...] = (
    weights,
    mean_weights,
    share_of_a_sum,
    rules_apply,
    rules_fit,
    levels_named,
    policies_complete,
)
