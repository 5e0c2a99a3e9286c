"""Why a unit has its points: the tree of a framework with figures, arithmetic and a sentence at every node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.frameworks.framework import Criterion, Framework, Name, rules_of
from app.domain.frameworks.rules import AnyRule
from app.domain.scoring.absences import absent_below
from app.domain.scoring.adjustment_texts import (
    ExplainedAdjustment,
    explained_adjustments,
    total_arithmetic,
    total_sentence,
)
from app.domain.scoring.board import Board
from app.domain.scoring.combined_text import SumTerm
from app.domain.scoring.node_facts import Input, NodeFacts, Origin, UnitCase, stated_bounds
from app.domain.scoring.node_scores import ABSENCES, NodeScores, NodeState
from app.domain.scoring.node_sentences import node_arithmetic, node_sentence
from app.domain.scoring.points import IndicatorColumn


@dataclass(frozen=True, slots=True)
class Explained:
    """One node for one unit. `rule` is None where none applied; `arithmetic` where nothing was computed.

    `sentence` is plain Vietnamese, `sentence_en` says the same in English. `adjustments` of the total, which are
    worked out behind its own `arithmetic`, and the total before them. `applicable`: the points that apply, where the
    total is a share of these.
    """

    code: str
    name: Name
    points: Decimal | None
    max: Decimal
    rule: AnyRule | None
    inputs: tuple[Input, ...]
    arithmetic: str | None
    legal_ref: str | None
    flags: tuple[str, ...]
    sentence: str
    sentence_en: str
    criteria: tuple["Explained", ...]
    adjustments: tuple[ExplainedAdjustment, ...] = ()
    unadjusted: Decimal | None = None
    applicable: Decimal | None = None


def explain(
    board: Board,
    columns: Mapping[str, IndicatorColumn],
    unit: int,
    origins: Mapping[str, Origin],
    kinds: Mapping[str, str],
    *,
    peers_shown: bool = True,
) -> Explained:
    """The whole tree of one unit, the total at its root; `columns` are those the board was scored from.

    `kinds` of all indicators: a framework may use one that only another framework describes. `peers_shown`: the reader
    may see what the unit is compared with.
    """
    case, framework = UnitCase(board, columns, origins, kinds, unit, peers_shown), board.framework
    children = tuple(_explain(case, top) for top in framework.criteria)
    facts = _facts(case, framework, board.ruled_total, framework.rounding.total, children)
    lacking = {"incomplete": board.incomplete, "partial": board.partial}
    found = _explained(case, "total", facts, tuple(flag for flag, who in lacking.items() if who[unit]), children)
    points = case.points(board.total, framework.rounding.total)
    return found if points is None or not board.adjustments else _adjusted(case, found, points)


def _adjusted(case: UnitCase, found: Explained, points: Decimal) -> Explained:
    """The total with its bonus and penalty points."""
    lines, before, most = explained_adjustments(case), found.points or Decimal(0), found.max
    after = total_arithmetic(before, lines, points, most)
    return replace(
        found,
        points=points,
        arithmetic="; ".join(each for each in (found.arithmetic, after) if each) or None,
        sentence=total_sentence(found.sentence, lines, points, most, "vi"),
        sentence_en=total_sentence(found.sentence_en, lines, points, most, "en"),
        adjustments=lines,
        unadjusted=before,
    )


def _explain(case: UnitCase, criterion: Criterion) -> Explained:
    children = tuple(_explain(case, child) for child in criterion.criteria)
    scored = case.board.nodes[criterion.code]
    facts = _facts(case, criterion, scored, case.board.framework.rounding.component, children)
    return _explained(case, criterion.code, facts, ("partial",) if scored.partial[case.unit] else (), children)


def _facts(
    case: UnitCase, node: Criterion | Framework, scored: NodeScores, decimals: int, children: Sequence[Explained]
) -> NodeFacts:
    index = int(scored.rule[case.unit])
    rule = rules_of(node)[index] if index >= 0 else None
    read, position = tuple(case.input(code) for code in rule.reads) if rule else (), case.position(rule)
    read += stated_bounds(rule) if position is None else position.inputs(read[0].indicator)
    parts = [
        SumTerm(child.points, "excluded" in child.flags, child.max, child.max if each.weight is None else each.weight)
        for child, each in zip(children, node.criteria, strict=True)
    ]
    state, points = NodeState(int(scored.state[case.unit])), case.points(scored, decimals)
    absent = [] if scored.covered[case.unit] else list(absent_below(case.board, node, case.unit))
    return NodeFacts(node, scored, state, rule, read, parts, points, absent, case.applicable(node), position)


def _explained(
    case: UnitCase, code: str, facts: NodeFacts, lacking: tuple[str, ...], children: tuple[Explained, ...]
) -> Explained:
    partial = "partial" in lacking or (isinstance(facts.node, Framework) and bool(facts.absent))
    return Explained(
        code=code,
        name=facts.name,
        points=facts.points,
        max=facts.scored.max,
        rule=facts.rule,
        inputs=facts.inputs,
        arithmetic=node_arithmetic(facts),
        legal_ref=_legal_ref(facts),
        flags=_flags(case, facts, lacking),
        sentence=node_sentence(case, facts, partial, "vi"),
        sentence_en=node_sentence(case, facts, partial, "en"),
        criteria=children,
        applicable=facts.applicable,
    )


def _legal_ref(facts: NodeFacts) -> str | None:
    """Where the deciding words stand: the policy's where nothing was scored, else the rule's, else the node's."""
    node = facts.node
    if isinstance(node, Framework):
        return (facts.rule.legal_ref if facts.rule else None) or node.total.legal_ref
    if facts.state in (NodeState.NO_VALUE, NodeState.ZERO_DENOMINATOR) and node.missing.legal_ref:
        return node.missing.legal_ref
    return (facts.rule.legal_ref if facts.rule else None) or node.legal_ref


def _flags(case: UnitCase, facts: NodeFacts, lacking: tuple[str, ...]) -> tuple[str, ...]:
    absence = ABSENCES.get(facts.state)
    flags = [] if absence is None else [absence]
    if facts.scored.excluded[case.unit]:
        flags.append("excluded")
    if facts.scored.exceeding[case.unit]:
        flags.append("points_exceed_max")
    return *flags, *lacking
