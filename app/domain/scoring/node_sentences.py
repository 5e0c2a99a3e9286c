"""Which sentence says what happened at a node, and the words that it needs."""

from decimal import Decimal
from fractions import Fraction

from app.domain.frameworks.framework import Framework, policy_for
from app.domain.frameworks.rules import CombiningRule, Deduction, Normalise, OwnRule, Piecewise, Ratio, Steps, Sum
from app.domain.scoring.absences import say_names
from app.domain.scoring.arithmetic_text import own_arithmetic, piece_of, reached
from app.domain.scoring.combined_text import combined_arithmetic, share_arithmetic
from app.domain.scoring.comparison_text import compared_arithmetic, position_words
from app.domain.scoring.node_facts import NodeFacts, UnitCase
from app.domain.scoring.node_scores import ABSENCES, NodeState
from app.domain.scoring.sentences import Quantity, Words, name_in, say, say_policy
from app.errors import Language


def node_arithmetic(facts: NodeFacts) -> str | None:
    """The computation in figures; None where the points come from a policy, or there are none."""
    rule, top, points = facts.rule, facts.scored.max, facts.points
    if facts.state != NodeState.SCORED or rule is None or points is None:
        return None
    if isinstance(rule, Sum) and facts.applicable is not None:
        whole = top if isinstance(facts.node, Framework) else facts.applicable
        return share_arithmetic(facts.parts, whole, facts.applicable, points)
    if isinstance(rule, CombiningRule):
        return combined_arithmetic(rule, facts.parts, top, points)
    if isinstance(rule, Normalise) and facts.position is not None:
        return compared_arithmetic(rule, top, facts.reading, facts.position, points)
    return own_arithmetic(rule, top, facts.reading, points)


def node_sentence(case: UnitCase, facts: NodeFacts, partial: bool, language: Language) -> str:
    words = _words(case, facts, language)
    if facts.state == NodeState.EXCLUDED:
        return say("all_excluded", language, words)
    if facts.state != NodeState.SCORED:
        return _sentence_of_policy(facts, _policy(case, facts), language, words)
    return say(_kind(facts, partial), language, words)


def _sentence_of_policy(facts: NodeFacts, policy: str, language: Language, words: Words) -> str:
    """Why nothing was scored, and what that earns."""
    absence = ABSENCES[facts.state] if facts.position is None else "nothing_to_compare"
    if isinstance(facts.rule, CombiningRule):
        if facts.state == NodeState.NO_VALUE and policy == "none":
            return say("nothing_known", language, words)
        absence = "zero_denominators" if facts.state == NodeState.ZERO_DENOMINATOR else absence
    return say_policy(absence, policy, language, words)


def _policy(case: UnitCase, facts: NodeFacts) -> str:
    """What the criterion earns without a figure to score."""
    if isinstance(facts.node, Framework):
        return "none"
    if facts.state == NodeState.NOT_APPLICABLE:
        return facts.node.otherwise
    missing = facts.node.missing
    absent = missing.no_value if facts.state == NodeState.NO_VALUE else missing.zero_denominator
    return policy_for(absent, case.board.level)


def _kind(facts: NodeFacts, partial: bool) -> str:
    """Which sentence says what the rule did."""
    rule = facts.rule
    if partial and isinstance(rule, CombiningRule):
        return "partial"
    if isinstance(rule, Sum) and facts.applicable is not None:
        return _kind_of_share(facts, facts.applicable)
    if isinstance(rule, Sum):
        return "sum_shared" if any(part.excluded for part in facts.parts) else "sum"
    if isinstance(rule, Steps):
        return "steps_none" if reached(rule, facts.reading.exact)[0] is None else "steps"
    if isinstance(rule, Piecewise):
        return _kind_of_piece(rule, facts.reading.exact)
    if facts.position is not None and isinstance(rule, Normalise):
        return rule.method if facts.position.facts else "compared"
    if not isinstance(rule, Ratio | Normalise):
        return str(rule.kind if rule else "sum")
    if rule.from_ == 0:
        return "ratio" if rule.full_at == 100 and facts.reading.exact <= 100 else "ratio_target"
    return "ratio_from"


def _kind_of_share(facts: NodeFacts, applicable: Decimal) -> str:
    if applicable == facts.scored.max:
        return "sum"
    return "share_of_applicable" if isinstance(facts.node, Framework) else "sum_applicable"


def _kind_of_piece(rule: Piecewise, figure: Fraction) -> str:
    if figure < rule.points[0].at:
        return "piecewise_below"
    return "piecewise_above" if figure >= rule.points[-1].at else "piecewise"


def _words(case: UnitCase, facts: NodeFacts, language: Language) -> Words:
    """Whatever a sentence may want to name."""
    words: dict[str, str | Decimal | Quantity] = {
        "name": name_in(facts.name, language),
        "max": facts.scored.max,
        "absent": say_names(facts.absent, language),
    }
    if facts.points is not None:
        arithmetic = node_arithmetic(facts) or ""
        words |= {"points": facts.points, "equals": "≈" if "≈" in arithmetic else "="}
    if facts.applicable is not None:
        earned = sum((part.points for part in facts.parts if part.points is not None), Decimal(0))
        words |= {"applicable": facts.applicable, "earned": earned}
    if isinstance(facts.rule, OwnRule) and facts.state == NodeState.SCORED:
        words |= _figure_words(case, facts, facts.rule)
    return words


def _figure_words(case: UnitCase, facts: NodeFacts, rule: OwnRule) -> dict[str, str | Decimal | Quantity]:
    """The figure and the numbers of the rule, with a percent sign where they are percentages."""
    reading = facts.reading
    counts = None
    if reading.numerator is not None and reading.denominator is not None:
        counts = (reading.numerator, reading.denominator)
    percent = counts is not None or case.kinds.get(rule.indicator) == "ratio"
    numbers = _numbers_of(rule, reading.exact)
    told = {name: Quantity(Fraction(number), percent) for name, number in numbers.items()}
    compared = {} if facts.position is None else position_words(facts.position, percent=percent)
    return {"figure": Quantity(reading.exact, percent, counts), **told, **_points_of(rule, reading.exact), **compared}


def _points_of(rule: OwnRule, figure: Fraction) -> dict[str, Decimal]:
    """What a rule states in points, as far as its sentence tells it."""
    if isinstance(rule, Piecewise):
        low, high = piece_of(rule, figure)
        return {"low_points": low.points, "high_points": high.points}
    return {"deducted": rule.points} if isinstance(rule, Deduction) else {}


def _numbers_of(rule: OwnRule, figure: Fraction) -> dict[str, Decimal]:
    """What a rule states in the unit of its figure, as far as its sentence tells it."""
    if isinstance(rule, Ratio | Normalise):
        return {"full": rule.full_at, "start": rule.from_}
    if isinstance(rule, Steps):
        threshold = reached(rule, figure)[0]
        return {} if threshold is None else {"threshold": threshold}
    if isinstance(rule, Piecewise):
        low, high = piece_of(rule, figure)
        return {"low": low.at, "high": high.at}
    return {"per": rule.per} if isinstance(rule, Deduction) else {}
