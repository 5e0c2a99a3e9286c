"""JSON-stat read back, and its structure held against the format (json-stat.org/full)."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from app.formats.strict_json import read_json

Place = tuple[str, ...]


def cells(document: Mapping[str, Any]) -> int:
    return prod(document["size"])


def check_structure(document: Mapping[str, Any]) -> None:
    """Assert what every reader of JSON-stat 2.0 relies on."""
    assert (document["version"], document["class"]) == ("2.0", "dataset")
    assert len(document["id"]) == len(set(document["id"])) == len(document["size"])
    assert set(document["dimension"]) == set(document["id"])
    for code, size in zip(document["id"], document["size"], strict=True):
        category = document["dimension"][code]["category"]
        assert len(category["index"]) == len(set(category["index"])) == size
        assert set(category["label"]) == set(category["index"])
        assert "unit" not in category or set(category["unit"]) == set(category["index"])
    for code in (code for codes in document["role"].values() for code in codes):
        assert code in document["id"]
    value = document["value"]
    if isinstance(value, list):
        assert len(value) == cells(document)
    else:
        assert {int(index) for index in value} <= set(range(cells(document)))
    assert {int(index) for index in document.get("status", {})} <= set(range(cells(document)))


def figures_of(body: bytes) -> dict[Place, Any]:
    """Every figure that is there, exactly, under the codes of its categories in the order of `id`."""
    document: Any = read_json(body)
    return {place: figure for place, figure in _by_place(document, document["value"]) if figure is not None}


def status_of(body: bytes) -> dict[Place, str]:
    document: Any = read_json(body)
    return {place: flag for place, flag in _by_place(document, document.get("status", {})) if flag is not None}


def _by_place(document: Mapping[str, Any], held: Any) -> list[tuple[Place, Any]]:
    sides = [document["dimension"][code]["category"]["index"] for code in document["id"]]
    found = held if isinstance(held, list) else [held.get(str(index)) for index in range(cells(document))]
    return list(zip(product(*sides), found, strict=True))
