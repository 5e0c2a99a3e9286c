"""Bonus and penalty points of one unit, line by line: the figure, the arithmetic, and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Adjustment, Name
from app.domain.frameworks.tree import adjustment_name
from app.domain.scoring.adjustments import AdjustmentPoints
from app.domain.scoring.arithmetic_text import UnitFigure, equation, plain
from app.domain.scoring.node_facts import Input, UnitCase
from app.domain.scoring.sentences import name_in, say_number
from app.errors import Language, Text

BONUS = Text("{points} points added", "cộng {points} điểm")
PENALTY = Text("{points} points taken off", "trừ {points} điểm")
UNTOLD = Text("there is no figure, so nothing is adjusted", "chưa có số liệu nên không điều chỉnh")
AFTER = Text(
    "{before}; adjustments: {lines}; the total is then {points} of {max} points",
    "{before}; điều chỉnh: {lines}; tổng điểm sau điều chỉnh là {points}/{max} điểm",
)


@dataclass(frozen=True, slots=True)
class ExplainedAdjustment:
    """One adjustment for one unit; `points` is below 0 for a penalty and None without a figure."""

    name: Name
    read: Input
    points: Decimal | None
    arithmetic: str | None
    legal_ref: str | None
    sentence: str
    sentence_en: str


def explained_adjustments(case: UnitCase) -> tuple[ExplainedAdjustment, ...]:
    """Every adjustment of the framework, in its order."""
    return tuple(_explained(case, each) for each in case.board.adjustments)


def _explained(case: UnitCase, found: AdjustmentPoints) -> ExplainedAdjustment:
    stated, framework = found.adjustment, case.board.framework
    name, read = adjustment_name(framework, stated), case.input(stated.indicator)
    points = unscaled(int(found.points[case.unit]), framework.rounding.component) if found.known[case.unit] else None
    return ExplainedAdjustment(
        name=name,
        read=read,
        points=points,
        arithmetic=None if points is None else _arithmetic(stated, read, points),
        legal_ref=stated.legal_ref,
        sentence=_sentence(name, stated, points, "vi"),
        sentence_en=_sentence(name, stated, points, "en"),
    )


def _arithmetic(stated: Adjustment, read: Input, points: Decimal) -> str:
    """The size of a bonus or a penalty: "min(2 × 3, 5) = 5"."""
    figure, size = UnitFigure(read.numerator, read.denominator, read.value), abs(stated.points)
    exact = Fraction(size) * figure.exact / Fraction(stated.per)
    written = f"{plain(size)} × {figure}" + ("" if stated.per == 1 else f" / {plain(stated.per)}")
    if exact < 0:
        return equation(f"max({written}, 0)", Fraction(0), abs(points))
    if stated.at_most is not None and exact > stated.at_most:
        return equation(f"min({written}, {plain(stated.at_most)})", Fraction(stated.at_most), abs(points))
    return equation(written, exact, abs(points))


def _effect(points: Decimal | None, penalty: bool, language: Language) -> str:
    """What an adjustment does, without its name."""
    if points is None:
        return UNTOLD.render(language, {})
    return (PENALTY if penalty else BONUS).render(language, {"points": say_number(abs(points), language)})


def _sentence(name: Name, stated: Adjustment, points: Decimal | None, language: Language) -> str:
    return f"{name_in(name, language)}: {_effect(points, stated.points < 0, language)}"


def total_sentence(
    before: str, lines: Sequence[ExplainedAdjustment], points: Decimal, most: Decimal, language: Language
) -> str:
    """What the rules made of the total, what was added and taken off, and what that came to."""
    moving = [
        f"{_effect(line.points, line.points < 0, language)} ({name_in(line.name, language)})"
        for line in lines
        if line.points
    ]
    words = {"points": say_number(points, language), "max": say_number(most, language)}
    return AFTER.render(language, {"before": before, "lines": ", ".join(moving), **words}) if moving else before


def total_arithmetic(
    before: Decimal, lines: Sequence[ExplainedAdjustment], points: Decimal, most: Decimal
) -> str | None:
    """The total before, what was added and taken off, within 0 and the max; None where nothing was."""
    moving = [line.points for line in lines if line.points]
    if not moving:
        return None
    written = plain(before) + "".join(f" {'−' if each < 0 else '+'} {plain(abs(each))}" for each in moving)
    exact = Fraction(before) + sum(map(Fraction, moving))
    if exact < 0 or exact > most:
        edge = Decimal(0) if exact < 0 else most
        return equation(f"{'max' if exact < 0 else 'min'}({written}, {plain(edge)})", Fraction(edge), points)
    return equation(written, exact, points)
