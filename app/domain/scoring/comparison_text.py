"""What a figure is among those of other units, written out: "100 × (85 − 60) / (95 − 60) ≈ 71.4286"."""

from decimal import Decimal
from fractions import Fraction

from app.domain.figures import DECIMALS, SCALE, unscaled
from app.domain.frameworks.rules import Normalise
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.arithmetic_text import UnitFigure, equation, own_arithmetic, plain
from app.domain.scoring.node_facts import PeerPosition
from app.domain.scoring.sentences import Quantity

FIGURES = ("least", "most", "mean")
"""Facts in the unit of the figure itself; the others are plain numbers."""
ALOUD = 2
"""Decimals of what sentences tell; the arithmetic has all of them."""


def compared_arithmetic(
    rule: Normalise, top: Decimal, figure: UnitFigure, position: PeerPosition, points: Decimal
) -> str:
    """The position, to four decimals, and the points that it earns; only these where nothing else may be seen."""
    shown = _shown(position)
    earned = own_arithmetic(rule, top, UnitFigure(None, None, shown), points)
    if not position.facts:
        return earned
    return f"{equation(_written(rule, figure, position), position.exact or Fraction(0), shown)}; {earned}"


def _shown(position: PeerPosition) -> Decimal:
    return unscaled(round_half_up((position.exact or Fraction(0)) * SCALE), DECIMALS)


def _written(rule: Normalise, figure: UnitFigure, position: PeerPosition) -> str:
    """How the position follows from what it is compared with."""
    told = {name: _exactly(fact) for name, fact in position.facts.items()}
    if rule.method == "min_max":
        return f"100 × ({figure} − {told['least']}) / ({told['most']} − {told['least']})"
    if rule.method == "z":
        return f"({figure} − {told['mean']}) / {told['deviation']}"
    return f"100 × ({told['lower']} + {told['equal']} / 2) / {told['others']}"


def _exactly(number: Fraction) -> str:
    """As a decimal where four places hold it, else as the hundredfold of a fraction, which it is made of."""
    shown = unscaled(round_half_up(number * SCALE), DECIMALS)
    if number == Fraction(shown):
        return plain(shown)
    share = number / 100
    return f"100 × {share.numerator} / {share.denominator}"


def position_words(position: PeerPosition, *, percent: bool) -> dict[str, Quantity]:
    """What the sentences on comparisons tell of the other units."""
    words = {"position": Quantity(position.exact or Fraction(0), percent=False, places=ALOUD)}
    for name, fact in position.facts.items():
        words[name] = Quantity(fact, percent=percent and name in FIGURES, places=ALOUD)
    return words
