"""The arithmetic of a node that is scored by its children, written out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod

from app.domain.frameworks.rules import Best, CombiningRule, GeometricMean, Sum, WeightedMean
from app.domain.frameworks.weights import whole_weights
from app.domain.scoring.arithmetic_text import equation, plain


@dataclass(frozen=True, slots=True)
class SumTerm:
    """What a child brought into its group: `points` where it has some."""

    points: Decimal | None
    excluded: bool
    max: Decimal
    weight: Decimal


def share_arithmetic(parts: Sequence[SumTerm], top: Decimal, applicable: Decimal, points: Decimal) -> str:
    """Σ of the known points, out of those that apply, on the scale of the max."""
    known = [part.points for part in parts if part.points is not None]
    terms, exact = " + ".join(plain(one) for one in known), sum((Fraction(one) for one in known), Fraction(0))
    if top == applicable:
        return equation(terms, exact, points)
    shared = exact * Fraction(top) / Fraction(applicable)
    return equation(f"({terms}) × {plain(top)} / {plain(applicable)}", shared, points)


def combined_arithmetic(rule: CombiningRule, parts: Sequence[SumTerm], top: Decimal, points: Decimal) -> str:
    """How a rule over the children came to the points."""
    if isinstance(rule, Sum):
        return sum_arithmetic(parts, top, points)
    known = [(part, part.points) for part in parts if part.points is not None and part.max]
    if isinstance(rule, WeightedMean):
        return mean_arithmetic(parts, top, points)
    if isinstance(rule, GeometricMean):
        return _root(known, top, points)
    shares = [Fraction(earned) / Fraction(part.max) for part, earned in known]
    chosen, word = (max(shares), "max") if isinstance(rule, Best) else (min(shares), "min")
    terms = ", ".join(f"{plain(earned)} / {plain(part.max)}" for part, earned in known)
    word = word if len(known) > 1 else ""
    return equation(f"{plain(top)} × {word}({terms})", Fraction(top) * chosen, points)


def _root(known: Sequence[tuple[SumTerm, Decimal]], top: Decimal, points: Decimal) -> str:
    """`=` only where the root is as exact as what is printed: to the power of all weights both sides are one number."""
    parts = whole_weights([part.weight for part, _ in known])
    shares = [max(Fraction(0), Fraction(earned)) / Fraction(part.max) for part, earned in known]
    degree = sum(parts)
    exact = Fraction(top) ** degree * prod(share**k for share, k in zip(shares, parts, strict=True))
    terms = " × ".join(
        f"({plain(max(earned, Decimal(0)))} / {plain(part.max)})^({k} / {degree})"
        for (part, earned), k in zip(known, parts, strict=True)
    )
    sign = "=" if exact == Fraction(points) ** degree else "≈"
    return f"{plain(top)} × {terms} {sign} {plain(points)}"


def sum_arithmetic(parts: Sequence[SumTerm], top: Decimal, points: Decimal) -> str:
    """Σ of the known points; with the weight of excluded children shared out among the rest."""
    known = [part.points for part in parts if part.points is not None]
    terms, exact = " + ".join(plain(one) for one in known), sum((Fraction(one) for one in known), Fraction(0))
    if not any(part.excluded for part in parts):
        return equation(terms, exact, points)
    remaining = sum((part.max for part in parts if not part.excluded), Decimal(0))
    shared = exact * Fraction(top) / Fraction(remaining)
    return equation(f"({terms}) × {plain(top)} / {plain(remaining)}", shared, points)


def mean_arithmetic(parts: Sequence[SumTerm], top: Decimal, points: Decimal) -> str:
    """max × Σ wᵢ·(pᵢ/maxᵢ) / Σ wᵢ over the children with points."""
    known = [(part.weight, part.points, part.max) for part in parts if part.points is not None and part.max]
    terms = " + ".join(f"{plain(weight)} × {plain(one)} / {plain(most)}" for weight, one, most in known)
    weights = sum((weight for weight, _, _ in known), Decimal(0))
    shares = sum((Fraction(weight) * Fraction(one) / Fraction(most) for weight, one, most in known), Fraction(0))
    below = " + ".join(plain(weight) for weight, _, _ in known)
    return equation(f"{plain(top)} × ({terms}) / ({below})", Fraction(top) * shares / Fraction(weights), points)
