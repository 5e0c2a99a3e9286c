"""The Vietnamese of the service: one word a meaning, as docs/glossary.md has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api.contract_vocabulary import declared
from app.domain import vietnamese_labels
from app.domain.level_names import LEVEL_NAMES
from app.domain.scoring.sentences import SENTENCES
from tests.support.error_codes import modules

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"


def words() -> Iterator[tuple[str, str]]:
    """Every word that is not to be used, with the one that is."""
    table = GLOSSARY.read_text("utf-8").partition("| meaning | Vietnamese | not |\n")[2]
    for line in table.splitlines()[1:]:
        _, _, word, others, _ = (cell.strip() for cell in line.split("|"))
        yield from ((other, word) for other in others.split(", "))


def said() -> set[str]:
    """All that is said in Vietnamese of a fault, a flag, a level or points."""
    refusals = {code.vi for module in modules() for code in declared(module)}
    labels = {*vietnamese_labels.FLAGS.values(), *vietnamese_labels.METHODS.values()}
    return refusals | labels | {text.vi for text in [*SENTENCES.values(), *LEVEL_NAMES.values()]}


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return said()


@pytest.mark.parametrize(("other", "word"), list(words()))
def test_one_word_stands_for_one_meaning(texts: set[str], other: str, word: str) -> None:
    found = [text for text in texts if other.casefold() in text.casefold()]

    assert not found, f"say “{word}”, not “{other}”"
