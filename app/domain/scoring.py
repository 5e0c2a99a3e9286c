"""Scores of a cohort: every node of a framework's tree for every unit, in exact integers (DESIGN §5, "Scoring").

`score` walks the tree once, children first. At each node the first applicable rule is chosen unit by unit, its
points are rounded, and where a figure is absent or its denominator is zero the criterion's own policy decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.arithmetic import SCALE, Ints, Mask, Quotient, round_half_up, scaled
from app.domain.board import Board, Codes, Scored, State
from app.domain.crowd import Crowd
from app.domain.framework import Criterion, Framework, Missing, Policies
from app.domain.points import Child, Column, Reading, mean_points, own_points, read, sum_points
from app.domain.rules import AnyRule, Level, Policy, Reported, Sum, WeightedMean

NO_RULE = -1
SUM = (Sum(kind="sum"),)
SCORED, NO_VALUE, ZERO_DENOMINATOR, EXCLUDED, NOT_APPLICABLE = (int(state) for state in State)


@dataclass(frozen=True, slots=True)
class _Cohort:
    level: Level
    columns: Mapping[str, Column]
    component: int
    crowd: Crowd

    def column(self, indicator: str) -> Column:
        """An indicator's figures; of one that nobody reported, none."""
        nothing, nobody = self.crowd.ints(0), self.crowd.nobody
        return self.columns.get(indicator) or Column(nothing, nothing, nothing, nobody, nobody)


@dataclass(frozen=True, slots=True)
class _Node:
    """What a criterion and the total have in common."""

    max: Decimal
    rules: Sequence[AnyRule]
    missing: Missing
    decimals: int
    children: Sequence[tuple[Scored, Decimal]]
    """Each with its weight."""
    root: bool = False

    @property
    def scored(self) -> list[Scored]:
        """The children that count; a criterion with a max of 0 is a statistic."""
        return [child for child, _ in self.children if child.max] or [child for child, _ in self.children]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the rules made of a node before any policy: points, how they came about, and which rule gave them."""

    points: Quotient
    state: Codes
    rule: Codes
    summed: Mask
    by_source: Mask


def rules_of(node: Criterion | Framework) -> tuple[AnyRule, ...]:
    """The rules in the order they are tried; behind those that are written, a group and the total are a sum."""
    default = SUM if node.criteria else ()
    return (node.total.rules if isinstance(node, Framework) else node.rules) + default


def policy_for(policies: Policies, level: Level) -> Policy:
    """The policy of a level: its own, else the default, else `none`."""
    if isinstance(policies, str):
        return policies
    return policies.get(level, policies.get("default", "none"))


def score(framework: Framework, level: Level, columns: Mapping[str, Column], size: int) -> Board:
    """The board of `size` units of one level; `columns` holds the known indicators, each with arrays of that size."""
    crowd = Crowd(size)
    cohort = _Cohort(level, columns, framework.rounding.component, crowd)
    nodes: dict[str, Scored] = {}
    children = [(_score(cohort, framework, top, nodes), _weight(framework, top)) for top in framework.criteria]
    root = _Node(framework.total_max, rules_of(framework), Missing(), framework.rounding.total, children, root=True)
    total, exact = _grade(cohort, root)
    absent = [crowd.but(crowd.everybody, crowd.either(top.known, top.excluded)) for top in root.scored]
    incomplete = crowd.both(total.known, total.summed, crowd.either(*absent))
    return Board(framework, level, size, nodes, total, exact.within_edges(), incomplete, _method(crowd, total))


def _score(cohort: _Cohort, framework: Framework, criterion: Criterion, nodes: dict[str, Scored]) -> Scored:
    """A criterion with everything under it, entered into `nodes` parents first."""
    below: dict[str, Scored] = {}
    children = [(_score(cohort, framework, child, below), _weight(framework, child)) for child in criterion.criteria]
    top = framework.max_of(criterion)
    if criterion.applies_to is not None and cohort.level not in criterion.applies_to:
        node = _not_applicable(cohort, top, criterion.otherwise)
    else:
        node, _ = _grade(cohort, _Node(top, rules_of(criterion), criterion.missing, cohort.component, children))
    nodes[criterion.code] = node
    nodes.update(below)
    return node


def _weight(framework: Framework, criterion: Criterion) -> Decimal:
    """A criterion's weight in a mean; its max where none is stated."""
    return framework.max_of(criterion) if criterion.weight is None else criterion.weight


def _not_applicable(cohort: _Cohort, top: Decimal, otherwise: str) -> Scored:
    """All points, none, or out of the reckoning, for the whole cohort and whatever figures it has."""
    crowd, gone = cohort.crowd, otherwise == "exclude"
    points = _full(top, cohort.component) if otherwise == "full" else 0
    return Scored(
        max=top,
        points=crowd.ints(points),
        bound=points,
        known=crowd.nobody if gone else crowd.everybody,
        excluded=crowd.everybody if gone else crowd.nobody,
        rule=crowd.codes(NO_RULE),
        state=crowd.codes(NOT_APPLICABLE),
        summed=crowd.nobody,
        complete=crowd.everybody,
        reported=crowd.nobody,
        computed=crowd.nobody if gone else crowd.everybody,
        covered=crowd.ints(0),
        coverable=crowd.ints(0 if gone else scaled(top)),
    )


def _full(top: Decimal, decimals: int) -> int:
    """All points of a criterion, rounded like any others."""
    return round_half_up(Fraction(scaled(top) * 10**decimals, SCALE))


def _grade(cohort: _Cohort, node: _Node) -> tuple[Scored, Quotient]:
    """A node for every unit: choose its rule, take the points, and let the policies speak where there are none."""
    crowd = cohort.crowd
    nothing = Quotient(crowd.ints(0), 1, 0)
    outcome = _Outcome(nothing, crowd.codes(NO_VALUE), crowd.codes(NO_RULE), crowd.nobody, crowd.nobody)
    for index, units in _chosen(cohort, node):
        outcome = _merge(crowd, units, _apply(cohort, node, index), outcome)
    return _settle(cohort, node, outcome), outcome.points


def _chosen(cohort: _Cohort, node: _Node) -> Iterator[tuple[int, Mask]]:
    """The rules that some unit uses, with their units: for each unit the first that applies."""
    crowd, left = cohort.crowd, cohort.crowd.everybody
    for index, rule in enumerate(node.rules):
        if not rule.applies_to(cohort.level):
            continue
        takes = crowd.both(left, _available(cohort, node, rule)) if rule.optional else left
        if takes is not crowd.nobody:
            yield index, takes
        left = crowd.but(left, takes)
        if left is crowd.nobody:
            return


def _available(cohort: _Cohort, node: _Node, rule: AnyRule) -> Mask:
    """Where an optional rule applies: it has its value; a sum misses no component, at the root has any group."""
    crowd = cohort.crowd
    if isinstance(rule, Sum | WeightedMean):
        if node.root:
            return crowd.either(*(child.known for child in node.scored))
        return crowd.both(*(child.complete for child in node.scored))
    column = cohort.column(rule.indicator)
    stated = crowd.seen(column.has_value)
    return stated if isinstance(rule, Reported) else crowd.either(stated, crowd.seen(column.has_counts))


def _apply(cohort: _Cohort, node: _Node, index: int) -> _Outcome:
    """One rule for all units, whether they use it or not."""
    crowd, rule = cohort.crowd, node.rules[index]
    if isinstance(rule, Sum | WeightedMean):
        points, state = _group(cohort, node, rule)
        return _Outcome(points, state, crowd.codes(index), crowd.everybody, crowd.nobody)
    reading = read(cohort.column(rule.indicator), rule, crowd.nobody)
    earned = own_points(rule, node.max, reading.figures, node.decimals)
    by_source = crowd.everybody if isinstance(rule, Reported) else crowd.nobody
    return _Outcome(earned, _own_state(crowd, reading), crowd.codes(index), crowd.nobody, by_source)


def _own_state(crowd: Crowd, reading: Reading) -> Codes:
    known = crowd.seen(reading.known)
    if known is crowd.everybody and reading.zero_denominator is crowd.nobody:
        return crowd.codes(SCORED)
    state = crowd.where(known, crowd.codes(SCORED), crowd.codes(NO_VALUE))
    return crowd.where(crowd.seen(reading.zero_denominator), crowd.codes(ZERO_DENOMINATOR), state)


def _group(cohort: _Cohort, node: _Node, rule: Sum | WeightedMean) -> tuple[Quotient, Codes]:
    """The children together; excluded where all of them are, without a value where nothing is known."""
    crowd = cohort.crowd
    children = [
        Child(child.points, child.bound, child.known, child.excluded, child.max, weight)
        for child, weight in node.children
    ]
    factor = Fraction(10**node.decimals, 10**cohort.component)
    points = (sum_points if isinstance(rule, Sum) else mean_points)(children, node.max, factor)
    known = crowd.either(*(child.known for child in node.scored))
    gone = crowd.both(*(child.excluded for child in node.scored))
    state = crowd.where(known, crowd.codes(SCORED), crowd.codes(NO_VALUE))
    return points, crowd.where(gone, crowd.codes(EXCLUDED), state)


def _merge(crowd: Crowd, units: Mask, outcome: _Outcome, others: _Outcome) -> _Outcome:
    if units is crowd.everybody:
        return outcome
    return _Outcome(
        outcome.points.where(units, others.points),
        crowd.where(units, outcome.state, others.state),
        crowd.where(units, outcome.rule, others.rule),
        crowd.where(units, outcome.summed, others.summed),
        crowd.where(units, outcome.by_source, others.by_source),
    )


@dataclass(frozen=True, slots=True)
class _States:
    """Who is in which state."""

    scored: Mask
    absent: Mask
    zero: Mask
    gone: Mask


def _states(crowd: Crowd, state: Codes) -> _States:
    if state is crowd.codes(SCORED):
        return _States(crowd.everybody, crowd.nobody, crowd.nobody, crowd.nobody)
    codes = (SCORED, NO_VALUE, ZERO_DENOMINATOR, EXCLUDED)
    return _States(*(crowd.seen(state == code) for code in codes))


def _settle(cohort: _Cohort, node: _Node, outcome: _Outcome) -> Scored:
    """The node with its policies applied, and what its points rest on."""
    crowd, who = cohort.crowd, _states(cohort.crowd, outcome.state)
    if who.scored is crowd.everybody and not node.children:
        return _settled_leaf(crowd, node, outcome)
    summed, by_source = crowd.seen(outcome.summed), crowd.seen(outcome.by_source)
    points, bound, known, excluded = _with_policies(cohort, node, outcome.points, who)
    added, from_source = crowd.both(summed, who.scored), crowd.both(by_source, who.scored)
    children = [child for child, _ in node.children]
    covered, coverable = _coverage(crowd, node, crowd.but(crowd.either(who.scored, who.zero), summed))
    return Scored(
        max=node.max,
        points=points,
        bound=bound,
        known=known,
        excluded=excluded,
        rule=outcome.rule,
        state=outcome.state,
        summed=summed,
        complete=_complete(cohort, node, who, summed),
        reported=crowd.either(from_source, crowd.both(added, crowd.either(*(child.reported for child in children)))),
        computed=crowd.where(
            added, crowd.either(*(child.computed for child in children)), crowd.but(known, from_source)
        ),
        covered=crowd.where(excluded, crowd.ints(0), covered),
        coverable=crowd.where(excluded, crowd.ints(0), coverable),
    )


def _settled_leaf(crowd: Crowd, node: _Node, outcome: _Outcome) -> Scored:
    """A leaf with points for everybody, by far the most common node: no policy has a say, all figures are there."""
    points, top, by_source = outcome.points.rounded(), crowd.ints(scaled(node.max)), crowd.seen(outcome.by_source)
    return Scored(
        max=node.max,
        points=points,
        bound=outcome.points.ceiling(points),
        known=crowd.everybody,
        excluded=crowd.nobody,
        rule=outcome.rule,
        state=outcome.state,
        summed=crowd.nobody,
        complete=crowd.everybody,
        reported=by_source,
        computed=crowd.but(crowd.everybody, by_source),
        covered=top,
        coverable=top,
    )


def _with_policies(cohort: _Cohort, node: _Node, quotient: Quotient, who: _States) -> tuple[Ints, int, Mask, Mask]:
    """Points, their bound, known and excluded, once absent figures and zero denominators have got what they earn."""
    crowd, points, known, excluded = cohort.crowd, quotient.rounded(), who.scored, who.gone
    bound = quotient.ceiling(points)
    if known is crowd.everybody:
        return points, bound, known, excluded
    points = crowd.where(known, points, crowd.ints(0))
    for units, stated in ((who.absent, node.missing.no_value), (who.zero, node.missing.zero_denominator)):
        policy = policy_for(stated, cohort.level)
        if policy == "full":
            full = _full(node.max, node.decimals)
            points, bound = crowd.where(units, crowd.ints(full), points), max(bound, full)
        known = crowd.either(known, units) if policy in ("full", "zero") else known
        excluded = crowd.either(excluded, units) if policy == "exclude" else excluded
    return points, bound, known, excluded


def _complete(cohort: _Cohort, node: _Node, who: _States, summed: Mask) -> Mask:
    """Whether every scored component has a value, 0/0 being one, or a policy for its absence other than `none`."""
    crowd = cohort.crowd
    by_policy = policy_for(node.missing.no_value, cohort.level) != "none"
    whole = crowd.everybody if by_policy else crowd.but(crowd.everybody, who.absent)
    if not node.children:
        return whole
    below = crowd.both(*(child.complete for child in node.scored))
    return crowd.where(crowd.both(summed, who.scored), below, crowd.either(whole, crowd.both(summed, below)))


def _coverage(crowd: Crowd, node: _Node, own: Mask) -> tuple[Ints, Ints]:
    """Points of the leaves with a figure and of all leaves. A node with a figure of its own stands for its leaves."""
    top = crowd.ints(scaled(node.max))
    if not node.children:
        return crowd.where(own, top, crowd.ints(0)), top
    if own is crowd.everybody:
        return top, top
    bound = sum(scaled(child.max) for child, _ in node.children)
    covered = crowd.sum([child.covered for child, _ in node.children], bound)
    coverable = crowd.sum([child.coverable for child, _ in node.children], bound)
    return crowd.where(own, top, covered), crowd.where(own, top, coverable)


def _method(crowd: Crowd, total: Scored) -> Codes:
    """Reported where nothing was computed below the total, computed where nothing was reported, else mixed."""
    computed = crowd.where(total.reported, crowd.codes(2), crowd.codes(1))
    return crowd.where(total.computed, computed, crowd.codes(0))
