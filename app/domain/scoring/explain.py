"""Why a unit has its points: the tree of a framework with figures, arithmetic and a sentence at every node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import DECIMALS, derived_rate, unscaled
from app.domain.frameworks.framework import Criterion, Framework, Name, policy_for, rules_of
from app.domain.frameworks.rules import AnyRule, Deduction, Ratio, Reported, Steps, Sum, WeightedMean
from app.domain.scoring.absences import absent_below, say_names
from app.domain.scoring.arithmetic_text import (
    SumTerm,
    UnitFigure,
    mean_arithmetic,
    own_arithmetic,
    reached,
    sum_arithmetic,
)
from app.domain.scoring.board import Board
from app.domain.scoring.node_scores import ABSENCES, NodeScores, NodeState
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.sentences import Quantity, Words, say, say_policy
from app.errors import Language

TOTAL = Name(vi="Tổng điểm", en="Total")
"""What the root is called: the framework's own name takes thirty words in a sentence about points."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure was found, and when."""

    source: str
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Input:
    """A figure that the node's rule read; what is not known is None. `value` of bare counts is what they make."""

    indicator: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    source: str | None
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One node for one unit. `rule` is None where none applied; `arithmetic` where nothing was computed.

    `sentence` is plain Vietnamese, `sentence_en` says the same in English.
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


@dataclass(frozen=True, slots=True)
class _Case:
    """One unit of a board, with the figures it was scored from."""

    board: Board
    columns: Mapping[str, IndicatorColumn]
    origins: Mapping[str, Origin]
    kinds: Mapping[str, str]
    unit: int

    def input(self, indicator: str) -> Input:
        origin = self.origins.get(indicator)
        numerator, denominator, value = (
            None if figure is None else unscaled(figure, DECIMALS) for figure in self._figures(indicator)
        )
        source, observed_at = (origin.source, origin.observed_at) if origin else (None, None)
        return Input(indicator, numerator, denominator, value, source, observed_at)

    def _figures(self, indicator: str) -> tuple[int | None, int | None, int | None]:
        """Numerator, denominator and value ×10⁴; where only counts are known, the value that a list of values shows."""
        column, unit = self.columns.get(indicator), self.unit
        numerator = denominator = None
        if column is not None and column.has_counts[unit]:
            numerator, denominator = int(column.numerator[unit]), int(column.denominator[unit])
        if column is not None and column.has_value[unit]:
            return numerator, denominator, int(column.value[unit])
        return numerator, denominator, derived_rate(numerator, denominator)

    def points(self, node: NodeScores, decimals: int) -> Decimal | None:
        return unscaled(int(node.points[self.unit]), decimals) if node.known[self.unit] else None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What there is to say about one node."""

    node: Criterion | Framework
    scored: NodeScores
    state: NodeState
    rule: AnyRule | None
    input: Input | None
    parts: Sequence[SumTerm]
    points: Decimal | None
    absent: Sequence[Name]

    @property
    def name(self) -> Name:
        return TOTAL if isinstance(self.node, Framework) else self.node.name

    @property
    def reading(self) -> UnitFigure:
        """The figure as the rule took it: counts before a stated value, but reported points as stated."""
        if self.input is None:
            return UnitFigure(None, None, None)
        if isinstance(self.rule, Reported):
            return UnitFigure(None, None, self.input.value)
        return UnitFigure(self.input.numerator, self.input.denominator, self.input.value)


def explain(
    board: Board,
    columns: Mapping[str, IndicatorColumn],
    unit: int,
    origins: Mapping[str, Origin],
    kinds: Mapping[str, str],
) -> Explained:
    """The whole tree of one unit, the total at its root; `columns` are those the board was scored from.

    `kinds` of all indicators: a framework may use one that only another framework describes.
    """
    case, framework = _Case(board, columns, origins, kinds, unit), board.framework
    children = tuple(_explain(case, top) for top in framework.criteria)
    facts = _facts(case, framework, board.total, framework.rounding.total, children)
    lacking = {"incomplete": board.incomplete, "partial": board.partial}
    return _explained(case, "total", facts, tuple(flag for flag, who in lacking.items() if who[unit]), children)


def _explain(case: _Case, criterion: Criterion) -> Explained:
    children = tuple(_explain(case, child) for child in criterion.criteria)
    scored = case.board.nodes[criterion.code]
    facts = _facts(case, criterion, scored, case.board.framework.rounding.component, children)
    return _explained(case, criterion.code, facts, ("partial",) if scored.partial[case.unit] else (), children)


def _facts(
    case: _Case, node: Criterion | Framework, scored: NodeScores, decimals: int, children: Sequence[Explained]
) -> _Facts:
    index = int(scored.rule[case.unit])
    rule = rules_of(node)[index] if index >= 0 else None
    read = case.input(rule.indicator) if isinstance(rule, Ratio | Steps | Reported | Deduction) else None
    parts = [
        SumTerm(child.points, "excluded" in child.flags, child.max, child.max if each.weight is None else each.weight)
        for child, each in zip(children, node.criteria, strict=True)
    ]
    state, points = NodeState(int(scored.state[case.unit])), case.points(scored, decimals)
    absent = [] if scored.covered[case.unit] else list(absent_below(case.board, node, case.unit))
    return _Facts(node, scored, state, rule, read, parts, points, absent)


def _explained(
    case: _Case, code: str, facts: _Facts, lacking: tuple[str, ...], children: tuple[Explained, ...]
) -> Explained:
    partial = "partial" in lacking or (isinstance(facts.node, Framework) and bool(facts.absent))
    return Explained(
        code=code,
        name=facts.name,
        points=facts.points,
        max=facts.scored.max,
        rule=facts.rule,
        inputs=(facts.input,) if facts.input else (),
        arithmetic=_arithmetic(facts),
        legal_ref=_legal_ref(facts),
        flags=_flags(case, facts, lacking),
        sentence=_sentence(case, facts, partial, "vi"),
        sentence_en=_sentence(case, facts, partial, "en"),
        criteria=children,
    )


def _legal_ref(facts: _Facts) -> str | None:
    """Where the deciding words stand: the policy's where nothing was scored, else the rule's, else the node's."""
    node = facts.node
    if isinstance(node, Framework):
        return (facts.rule.legal_ref if facts.rule else None) or node.total.legal_ref
    if facts.state in (NodeState.NO_VALUE, NodeState.ZERO_DENOMINATOR) and node.missing.legal_ref:
        return node.missing.legal_ref
    return (facts.rule.legal_ref if facts.rule else None) or node.legal_ref


def _flags(case: _Case, facts: _Facts, lacking: tuple[str, ...]) -> tuple[str, ...]:
    absence = ABSENCES.get(facts.state)
    flags = [] if absence is None else [absence]
    if facts.scored.excluded[case.unit]:
        flags.append("excluded")
    if facts.scored.exceeding[case.unit]:
        flags.append("points_exceed_max")
    return *flags, *lacking


def _arithmetic(facts: _Facts) -> str | None:
    """The computation in figures; None where the points come from a policy, or there are none."""
    rule, top, points = facts.rule, facts.scored.max, facts.points
    if facts.state != NodeState.SCORED or rule is None or points is None:
        return None
    if isinstance(rule, Sum):
        return sum_arithmetic(facts.parts, top, points)
    if isinstance(rule, WeightedMean):
        return mean_arithmetic(facts.parts, top, points)
    return own_arithmetic(rule, top, facts.reading, points)


def _sentence(case: _Case, facts: _Facts, partial: bool, language: Language) -> str:
    words = _words(case, facts, language)
    if facts.state == NodeState.EXCLUDED:
        return say("all_excluded", language, words)
    if facts.state != NodeState.SCORED:
        return _sentence_of_policy(facts, _policy(case, facts), language, words)
    return say(_kind(facts, partial), language, words)


def _sentence_of_policy(facts: _Facts, policy: str, language: Language, words: Words) -> str:
    """Why nothing was scored, and what that earns."""
    absence = ABSENCES[facts.state]
    if isinstance(facts.rule, Sum | WeightedMean):
        if facts.state == NodeState.NO_VALUE and policy == "none":
            return say("nothing_known", language, words)
        absence = "zero_denominators" if facts.state == NodeState.ZERO_DENOMINATOR else absence
    return say_policy(absence, policy, language, words)


def _policy(case: _Case, facts: _Facts) -> str:
    """What the criterion earns without a figure to score."""
    if isinstance(facts.node, Framework):
        return "none"
    if facts.state == NodeState.NOT_APPLICABLE:
        return facts.node.otherwise
    missing = facts.node.missing
    absent = missing.no_value if facts.state == NodeState.NO_VALUE else missing.zero_denominator
    return policy_for(absent, case.board.level)


def _kind(facts: _Facts, partial: bool) -> str:
    """Which sentence says what the rule did."""
    rule = facts.rule
    if partial and isinstance(rule, Sum | WeightedMean):
        return "partial"
    if isinstance(rule, Sum):
        return "sum_shared" if any(part.excluded for part in facts.parts) else "sum"
    if isinstance(rule, Steps):
        return "steps_none" if reached(rule, facts.reading.exact)[0] is None else "steps"
    if isinstance(rule, Ratio) and rule.from_ == 0:
        return "ratio" if rule.full_at == 100 and facts.reading.exact <= 100 else "ratio_target"
    return "ratio_from" if isinstance(rule, Ratio) else str(rule.kind if rule else "sum")


def _words(case: _Case, facts: _Facts, language: Language) -> Words:
    """Whatever a sentence may want to name."""
    name = facts.name
    words: dict[str, str | Decimal | Quantity] = {
        "name": name.vi if language == "vi" or name.en is None else name.en,
        "max": facts.scored.max,
        "absent": say_names(facts.absent, language),
    }
    if facts.points is not None:
        arithmetic = _arithmetic(facts) or ""
        words |= {"points": facts.points, "equals": "≈" if "≈" in arithmetic else "="}
    if isinstance(facts.rule, Ratio | Steps | Deduction) and facts.state == NodeState.SCORED:
        words |= _figure_words(case, facts, facts.rule)
    return words


def _figure_words(case: _Case, facts: _Facts, rule: Ratio | Steps | Deduction) -> dict[str, str | Decimal | Quantity]:
    """The figure and the numbers of the rule, with a percent sign where they are percentages."""
    reading = facts.reading
    counts = None
    if reading.numerator is not None and reading.denominator is not None:
        counts = (reading.numerator, reading.denominator)
    percent = counts is not None or case.kinds.get(rule.indicator) == "ratio"
    words: dict[str, str | Decimal | Quantity] = {"figure": Quantity(reading.exact, percent, counts)}
    if isinstance(rule, Ratio):
        full, start = Quantity(Fraction(rule.full_at), percent), Quantity(Fraction(rule.from_), percent)
        return words | {"full": full, "start": start}
    if isinstance(rule, Steps):
        threshold = reached(rule, reading.exact)[0]
        return words if threshold is None else words | {"threshold": Quantity(Fraction(threshold), percent)}
    return words | {"deducted": rule.points, "per": Quantity(Fraction(rule.per), percent)}
