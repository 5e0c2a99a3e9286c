"""Two sources side by side: whether they say the same of a unit, and by how much they differ.

Tuyên Quang's letter of July 2024, section 3.1: "tình trạng không trùng khớp số liệu tỷ lệ nộp hồ sơ trực tuyến giữa
Cổng Dịch vụ công quốc gia với Hệ thống thông tin giải quyết thủ tục hành chính tỉnh".
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from app.answers.report_reconciliation import State, StateCounts
from app.domain.checks.stored.agreement import agree
from app.domain.checks.stored.figures import Amount, StoredFigure
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.frameworks.rules import CombiningRule, Reported
from app.domain.vocabulary import Level

NAMES: dict[State, str] = {
    State.MATCH: "Khớp",
    State.WITHIN_TOLERANCE: "Trong sai số cho phép",
    State.DIFFERS: "Không khớp",
    State.ONLY_HERE: "Chỉ có ở nguồn thứ nhất",
    State.ONLY_THERE: "Chỉ có ở nguồn thứ hai",
}
OF_POINTS: dict[State, str] = {
    **NAMES,
    State.ONLY_HERE: "Chỉ có điểm công bố",
    State.ONLY_THERE: "Chỉ có điểm tính toán",
}


def gap(here: Decimal | None, there: Decimal | None) -> Decimal | None:
    """There minus here, as printed; None where one of them says nothing.

    >>> gap(Decimal("85.99"), Decimal("91.40"))
    Decimal('5.41')
    """
    return None if here is None or there is None else there - here


def state_of(
    here: StoredFigure | None, there: StoredFigure | None, kind: str, value_gap: Decimal | None, tolerance: Decimal
) -> State:
    """How two figures stand to each other; `value_gap` is between their values as printed.

    They match where their counts are equal; where not both have counts, where no two numerators differ and their values
    lie within half a unit of the coarser last decimal (a whole number is exact): where rounding can make them equal, as
    for the finding `sources_disagree`. Else a gap up to `tolerance`, in the indicator's own unit, lies within it: equal
    rates of different counts lie within any tolerance above 0.

    >>> portal, province = StoredFigure(value=859900, decimals=2), StoredFigure(value=860000, decimals=1)
    >>> state_of(portal, province, "ratio", Decimal("0.01"), Decimal(0)).value
    'match'
    """
    if here is None or there is None:
        return State.ONLY_THERE if here is None else State.ONLY_HERE
    same = agree(here, there, kind)
    if same or (same is None and value_gap == 0):
        return State.MATCH
    return _beyond(value_gap, tolerance)


def points_state(reported: Amount | None, computed: Amount | None, rounding: Fraction, tolerance: Decimal) -> State:
    """How reported points stand to computed ones: they match where rounding alone may part them."""
    if reported is None or computed is None:
        return State.ONLY_THERE if reported is None else State.ONLY_HERE
    if abs(computed.value - reported.value) <= rounding:
        return State.MATCH
    return _beyond(computed.shown - reported.shown, tolerance)


def _beyond(value_gap: Decimal | None, tolerance: Decimal) -> State:
    near = value_gap is not None and tolerance > 0 and abs(value_gap) <= tolerance
    return State.WITHIN_TOLERANCE if near else State.DIFFERS


def counted(states: Iterable[State]) -> StateCounts:
    """How many there are of each state, those without any included."""
    counts = Counter(states)
    return {
        "match": counts[State.MATCH],
        "within_tolerance": counts[State.WITHIN_TOLERANCE],
        "differs": counts[State.DIFFERS],
        "only_here": counts[State.ONLY_HERE],
        "only_there": counts[State.ONLY_THERE],
    }


def size(state: State, *gaps: Decimal | None) -> tuple[Decimal, ...]:
    """A sort key: what differs comes first, the widest of the gaps on top, an earlier gap before a later one."""
    if state is not State.DIFFERS:
        return (Decimal(1),)
    return (Decimal(0), *(Decimal(0) if each is None else -abs(each) for each in gaps))


def computable(framework: Framework, level: Level) -> bool:
    """Whether every top criterion can be computed from figures at a level."""
    return all(computes(top, level) for top in framework.criteria)


def computes(node: Criterion, level: Level) -> bool:
    """Whether a criterion, or one below it, has a rule for the level that makes points of figures."""
    rules = (rule for rule in node.rules if rule.applies_to(level))
    own = any(not isinstance(rule, Reported | CombiningRule) for rule in rules)
    return own or any(computes(child, level) for child in node.criteria)


def figures_of(node: Criterion) -> set[str]:
    """The indicators of which points of a criterion are computed."""
    read = {code for rule in node.rules if not isinstance(rule, Reported) for code in rule.reads}
    return read.union(*(figures_of(child) for child in node.criteria))
