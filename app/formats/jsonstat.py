"""JSON-stat 2.0: a cube of figures with its dimensions, as statistical tools read it (json-stat.org/full)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import prod
from typing import Any, Literal

Place = tuple[str, ...]
"""Where a figure stands: the code of a category in each dimension."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of the cube: its categories in order, code to label. `units` says what a metric's figures count."""

    code: str
    label: str
    categories: Mapping[str, str]
    role: Literal["time", "metric"] | None = None
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cube:
    """Figures by place; a place without one is missing, never zero. `flags` say what to know before citing one."""

    label: str
    dimensions: Sequence[Dimension]
    figures: Mapping[Place, int | Decimal | None]
    flags: Mapping[Place, str]
    source: str
    updated: datetime | None
    notes: Sequence[str]
    extension: Mapping[str, Any]


def to_dataset(cube: Cube) -> dict[str, Any]:
    """The cube as a JSON-stat document; figures run row by row, the last dimension fastest."""
    size = [len(each.categories) for each in cube.dimensions]
    orders = [{code: number for number, code in enumerate(each.categories)} for each in cube.dimensions]
    places = {place: _index(orders, place) for place in (*cube.figures, *cube.flags)}
    figures = {places[place]: figure for place, figure in cube.figures.items() if figure is not None}
    flags = {places[place]: flag for place, flag in cube.flags.items()}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": cube.label,
        "source": cube.source,
        **({"updated": cube.updated} if cube.updated else {}),
        "note": list(cube.notes),
        "id": [each.code for each in cube.dimensions],
        "size": size,
        "role": _roles(cube.dimensions),
        "dimension": {each.code: _dimension(each, place, cube) for place, each in enumerate(cube.dimensions)},
        "value": _values(figures, prod(size)),
        **({"status": {str(index): flags[index] for index in sorted(flags)}} if flags else {}),
        "extension": dict(cube.extension),
    }


def _index(orders: Sequence[Mapping[str, int]], place: Place) -> int:
    """The number of a cell. KeyError for a category that its dimension does not have."""
    index = 0
    for order, code in zip(orders, place, strict=True):
        index = index * len(order) + order[code]
    return index


def _values(figures: Mapping[int, int | Decimal], cells: int) -> list[int | Decimal | None] | dict[str, int | Decimal]:
    """All cells with null for the missing ones, or, where most are missing, an object of the others alone."""
    if 2 * len(figures) < cells:
        return {str(index): figures[index] for index in sorted(figures)}
    return [figures.get(index) for index in range(cells)]


def _roles(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for each in dimensions:
        if each.role is not None:
            roles.setdefault(each.role, []).append(each.code)
    return roles


def _dimension(dimension: Dimension, place: int, cube: Cube) -> dict[str, Any]:
    category: dict[str, Any] = {"index": list(dimension.categories), "label": dict(dimension.categories)}
    if dimension.role == "metric":
        decimals = dict.fromkeys(dimension.categories, 0)
        for cell, figure in cube.figures.items():
            if isinstance(figure, Decimal):
                decimals[cell[place]] = max(decimals[cell[place]], _decimals(figure))
        category["unit"] = {
            code: {**({"label": dimension.units[code]} if code in dimension.units else {}), "decimals": decimals[code]}
            for code in dimension.categories
        }
    return {"label": dimension.label, "category": category}


def _decimals(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
