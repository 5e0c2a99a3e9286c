"""The arithmetic of one unit's points, written out: "75 × 22 / 100 = 16.5". What is printed is what was computed."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.frameworks.rules import Deduction, Knot, Normalise, OwnRule, Piecewise, Ratio, Reported, Steps


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """The figure that a rule read for one unit: counts (of more than zero), or a value as stated."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None

    @property
    def exact(self) -> Fraction:
        """In the indicator's own unit; percent for counts."""
        if self.numerator is None or self.denominator is None:
            return Fraction(self.value or 0)
        return 100 * Fraction(self.numerator) / Fraction(self.denominator)

    def __str__(self) -> str:
        if self.numerator is None or self.denominator is None:
            return plain(self.value or Decimal(0))
        return f"100 × {plain(self.numerator)} / {plain(self.denominator)}"


def plain(number: Decimal) -> str:
    """With a decimal point, without trailing zeros; a negative one in parentheses, since signs stand next to it.

    >>> plain(Decimal("16.50")), plain(Decimal("2E+1")), plain(Decimal("-0.5"))
    ('16.5', '20', '(-0.5)')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"({text})" if number < 0 else text


def equation(expression: str, exact: Fraction, points: Decimal) -> str:
    """The expression and what it came to: `=` where nothing was rounded, else `≈`."""
    return f"{expression} {'=' if exact == Fraction(points) else '≈'} {plain(points)}"


def own_arithmetic(rule: OwnRule, top: Decimal, figure: UnitFigure, points: Decimal) -> str:
    """How a rule with an indicator of its own came to the points."""
    if isinstance(rule, Steps):
        return _steps(rule, figure, points)
    if isinstance(rule, Piecewise):
        return _pieces(rule, figure, points)
    if isinstance(rule, Reported):
        return equation(str(figure), figure.exact, points)
    if isinstance(rule, Deduction):
        return _deduction(rule, top, figure, points)
    return _ratio(rule, top, figure, points)


def _ratio(rule: Ratio | Normalise, top: Decimal, figure: UnitFigure, points: Decimal) -> str:
    start, full, x = rule.from_, rule.full_at, figure.exact
    low, high = min(start, full), max(start, full)
    written = (
        f"min({figure}, {plain(high)})" if x > high else f"max({figure}, {plain(low)})" if x < low else f"{figure}"
    )
    exact = Fraction(top) * (min(max(x, Fraction(low)), Fraction(high)) - Fraction(start)) / Fraction(full - start)
    if start == 0 < full:
        return equation(f"{written} × {plain(top)} / {plain(full)}", exact, points)
    gain, span = f"{written} − {plain(start)}", f"{plain(full)} − {plain(start)}"
    if start > full:
        gain, span = f"{plain(start)} − {written}", f"{plain(start)} − {plain(full)}"
    return equation(f"({gain}) × {plain(top)} / ({span})", exact, points)


def reached(rule: Steps, figure: Fraction) -> tuple[Decimal | None, Decimal]:
    """The threshold that the figure reaches, None where it reaches none, and the points that stand there."""
    steps = [(step.at_least, step.points) for step in rule.steps if figure >= Fraction(step.at_least)]
    return max(steps) if steps else (None, rule.otherwise)


def _steps(rule: Steps, figure: UnitFigure, points: Decimal) -> str:
    threshold, given = reached(rule, figure.exact)
    lowest = min(step.at_least for step in rule.steps)
    test = f"{figure} < {plain(lowest)}" if threshold is None else f"{figure} ≥ {plain(threshold)}"
    return _given(test, given, points)


def _given(test: str, given: Decimal, points: Decimal) -> str:
    """What stands behind a comparison, and what rounding made of it."""
    return f"{test} → {plain(given)}" if given == points else f"{test} → {plain(given)} ≈ {plain(points)}"


def piece_of(rule: Piecewise, figure: Fraction) -> tuple[Knot, Knot]:
    """The knots on either side of a figure; the same one twice before the first and behind the last."""
    below = [knot for knot in rule.points if knot.at <= figure]
    above = [knot for knot in rule.points if knot.at > figure]
    return (below[-1] if below else above[0]), (above[0] if above else below[-1])


def _pieces(rule: Piecewise, figure: UnitFigure, points: Decimal) -> str:
    low, high = piece_of(rule, figure.exact)
    if low is high:
        sign = "≥" if figure.exact >= low.at else "<"
        return _given(f"{figure} {sign} {plain(low.at)}", low.points, points)
    gain, width = high.points - low.points, high.at - low.at
    exact = Fraction(low.points) + Fraction(gain) * (figure.exact - Fraction(low.at)) / Fraction(width)
    sign, rise = ("−", plain(-gain)) if gain < 0 else ("+", plain(gain))
    part = f"({figure} − {plain(low.at)}) × {rise} / ({plain(high.at)} − {plain(low.at)})"
    return equation(f"{plain(low.points)} {sign} {part}", exact, points)


def _deduction(rule: Deduction, top: Decimal, figure: UnitFigure, points: Decimal) -> str:
    exact = Fraction(top) - Fraction(rule.points) * figure.exact / Fraction(rule.per)
    expression = f"{plain(top)} − {plain(rule.points)} × {figure}"
    expression += "" if rule.per == 1 else f" / {plain(rule.per)}"
    if exact > top:
        return equation(f"min({expression}, {plain(top)})", Fraction(top), points)
    return equation(expression if exact >= 0 else f"max({expression}, 0)", max(exact, Fraction(0)), points)
