"""The Vietnamese of the service: one word a meaning, as docs/glossary.md has them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from app.domain import vietnamese_labels
from app.errors import Text
from tests.support.error_codes import declared, modules

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"


def words() -> Iterator[tuple[str, str]]:
    """Every word that is not to be used, with the one that is."""
    table = GLOSSARY.read_text("utf-8").partition("| meaning | Vietnamese | not |\n")[2]
    for line in table.splitlines()[1:]:
        _, _, word, others, _ = (cell.strip() for cell in line.split("|"))
        yield from ((other, word) for other in others.split(", "))


def said() -> set[str]:
    """All that is said in Vietnamese of a fault and of what it speaks of, of flags, levels and points."""
    refusals = {code.vi for module in modules() for code in declared(module)}
    labels = {*vietnamese_labels.FLAGS.values(), *vietnamese_labels.METHODS.values()}
    spoken = {
        text.vi for module in modules() for value in vars(import_module(module)).values() for text in texts_in(value)
    }
    return refusals | labels | spoken


def texts_in(value: object) -> Iterator[Text]:
    """A `Text`, or all that stand in a table of them."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(each)


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return said()


@pytest.mark.parametrize(("other", "word"), list(words()))
def test_one_word_stands_for_one_meaning(texts: set[str], other: str, word: str) -> None:
    found = [text for text in texts if other.casefold() in text.casefold()]

    assert not found, f"say “{word}”, not “{other}”"
