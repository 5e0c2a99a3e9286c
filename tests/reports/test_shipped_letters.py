"""The Word files of the letters that ship are those that their modules draw up."""

import pytest

from tests.support.letters.make import LETTERS, PARTS, template


def test_every_letter_that_is_drawn_up_ships() -> None:
    assert {path.stem for path in LETTERS.glob("*")} == set(PARTS)


@pytest.mark.parametrize("kind", PARTS)
def test_a_file_is_what_its_module_draws_up(kind: str) -> None:
    """Rewritten by `python -m tests.support.letters.make`."""
    assert (LETTERS / f"{kind}.docx").read_bytes() == template(kind)
