"""Builders for frameworks and cohorts: small documents, and columns of figures written as people write them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np

from app.domain.figures import SCALE, unscaled
from app.domain.frameworks.framework import Framework
from app.domain.scoring.board import Board
from app.domain.scoring.peers import Companions, positions
from app.domain.scoring.points import IndicatorColumn
from app.domain.scoring.score import score

Cell = str | None
"""A figure of one unit: "3/4" counts, "75" a stated value, "3/4=75.1" both, None absent."""


def a_criterion(code: str, max: object = None, *rules: Mapping[str, Any], **overrides: Any) -> dict[str, Any]:
    """A node of the tree; `max` may be left to the children."""
    node: dict[str, Any] = {"code": code, "name": {"vi": f"Tiêu chí {code}", "en": f"Criterion {code}"}, **overrides}
    return node | ({} if max is None else {"max": max}) | ({"rules": list(rules)} if rules else {})


def ratio(indicator: str, **overrides: Any) -> dict[str, Any]:
    return {"kind": "ratio", "indicator": indicator, **overrides}


def reported(indicator: str, **overrides: Any) -> dict[str, Any]:
    return {"kind": "reported", "indicator": indicator, **overrides}


def a_framework(*criteria: Mapping[str, Any], **overrides: Any) -> Framework:
    """A framework of these top criteria, with the bands of Decision 766 unless others are given."""
    bands = [("excellent", 90), ("good", 80), ("fair", 70), ("average", 50), ("weak", 0)]
    document = {
        "code": "test",
        "version": "1",
        "name": {"vi": "Bộ chỉ số thử"},
        "valid_from": "2024-01-01",
        "bands": [{"code": code, "name": {"vi": code}, "min": least} for code, least in bands],
        "criteria": list(criteria),
    }
    return Framework.model_validate(document | overrides)


def a_column(*cells: Cell) -> IndicatorColumn:
    """One indicator over as many units as there are cells."""
    parts = [_read(cell) for cell in cells]
    numerator, denominator, value = (
        np.array([int(Decimal(part[at] or 0) * SCALE) for part in parts], dtype=np.int64) for at in range(3)
    )
    counted, stated = (np.array([part[at] is not None for part in parts], dtype=np.bool_) for at in (0, 2))
    return IndicatorColumn(numerator, denominator, value, counted, stated)


def _read(cell: Cell) -> tuple[Cell, Cell, Cell]:
    if cell is None:
        return None, None, None
    counts, _, value = cell.partition("=")
    if "/" not in counts:
        return None, None, counts
    numerator, _, denominator = counts.partition("/")
    return numerator, denominator, value or None


def points(board: Board, code: str) -> list[Decimal | None]:
    """The points of a node, unit by unit, as decimals; None where it has none."""
    node, decimals = board.nodes[code], board.framework.rounding.component
    return [unscaled(int(p), decimals) if known else None for p, known in zip(node.points, node.known, strict=True)]


def totals(board: Board) -> list[Decimal | None]:
    """The totals, unit by unit, as decimals; None where there is none."""
    total, decimals = board.total, board.framework.rounding.total
    return [unscaled(int(p), decimals) if known else None for p, known in zip(total.points, total.known, strict=True)]


def decimals(*figures: str | None) -> list[Decimal | None]:
    return [None if figure is None else Decimal(figure) for figure in figures]


def exact_half_up(amount: Fraction, places: int) -> Fraction:
    """Half up to so many decimals, by whole numbers alone: an independent word on what rounding means."""
    whole = amount * 10**places + Fraction(1, 2)
    return Fraction(whole.numerator // whole.denominator, 10**places)


def slow_position(method: str, figures: list[Fraction], unit: int) -> Fraction | None:
    """Where one figure lies among all of these, by the definition and a fraction at a time; None if none differs."""
    x, others = figures[unit], figures[:unit] + figures[unit + 1 :]
    if method == "min_max":
        low, high = min(figures), max(figures)
        return None if low == high else 100 * (x - low) / (high - low)
    if method == "percentile":
        lower, equal = sum(each < x for each in others), sum(each == x for each in others)
        return None if not others else 100 * (lower + Fraction(equal, 2)) / len(others)
    shown = [exact_half_up(each, 4) for each in figures]
    mean = sum(shown, Fraction(0)) / len(shown)
    variance = sum(((each - mean) ** 2 for each in shown), Fraction(0)) / len(shown)
    if not variance:
        return None
    doubled = isqrt(4 * variance.numerator * 10**8 // variance.denominator)
    deviation = Fraction((doubled + 1) // 2, 10**4)
    return (x - exact_half_up(mean, 4)) / deviation


def columns_of(table: Mapping[str, Sequence[Cell]]) -> dict[str, IndicatorColumn]:
    return {indicator: a_column(*cells) for indicator, cells in table.items()}


def scored(
    framework: Framework, table: Mapping[str, list[Cell]], level: Any = "commune", *, parents: str = "", ended: str = ""
) -> Board:
    """The board of a cohort; `parents`: a letter for the unit above each, `ended`: "x" for each that is over."""
    columns, size = columns_of(table), len(next(iter(table.values())))
    over = np.array([each == "x" for each in ended.ljust(size)], dtype=np.bool_)
    compared = positions(framework, columns, Companions(list(parents.ljust(size)), over))
    return score(framework, level, columns, size, compared)


def earned(rule: Mapping[str, Any], *cells: Cell, max: object = 10, **overrides: Any) -> list[Decimal | None]:
    """The points of a single criterion that reads the indicator `x`, unit by unit."""
    rounding = overrides.pop("rounding", {})
    framework = a_framework(a_criterion("one", max, rule, **overrides), rounding=rounding)
    return points(scored(framework, {"x": list(cells)}), "one")
