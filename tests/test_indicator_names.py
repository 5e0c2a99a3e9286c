"""Indicators are data: a framework that names its own is scored, imported and checked by the same code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from tests.support.published import shipped

APP = Path(app.__file__).parent
ROOMS = ("domain", "formats", "services", "store")
"""What scores, reads and keeps figures; examples of the contract may name an indicator, and reports have columns."""


def texts(path: Path) -> Iterator[str]:
    """Every text of a module that stands by itself."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_names_an_indicator_of_the_frameworks_that_ship(room: str) -> None:
    codes = {one.code for one in shipped("qd766@2026").indicators}

    named = {(path.name, text) for path in (APP / room).rglob("*.py") for text in texts(path) if text in codes}

    assert named == set()
