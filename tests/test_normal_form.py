"""Normal forms of Unicode, in time that grows with the text."""

import re
import unicodedata
from pathlib import Path

import pytest

from app.domain.garbled import find_garbled
from app.normal_form import LAST, MOST_MARKS, composed

MARKS = "\u0301\u0323"


def test_no_mark_that_is_put_in_order_lies_behind_those_that_are_known() -> None:
    assert not [point for point in range(LAST + 1, 0x110000) if unicodedata.combining(chr(point))]


@pytest.mark.parametrize("before", range(32))
def test_so_many_marks_as_any_text_has_are_composed_wherever_they_stand(before: int) -> None:
    text = "x" * before + "a" + MARKS * (MOST_MARKS // 2) + "Tuye\u0302n"

    assert composed(text) == unicodedata.normalize("NFC", text) != text


@pytest.mark.parametrize("before", range(32))
def test_more_of_them_are_left_as_they_are(before: int) -> None:
    text = "x" * before + "a" + MARKS * (MOST_MARKS // 2) + "\u0301"

    assert composed(text) == text


def test_a_megabyte_of_marks_is_left_alone() -> None:
    text = "a" + MARKS * 500_000

    assert composed(text) is text


def test_no_other_code_puts_the_marks_of_a_request_in_order() -> None:
    app = Path(__file__).parents[1] / "app"
    others = {
        path.name
        for path in app.rglob("*.py")
        if re.search(r"\bnormalize\(\"?NF|normalize\(form", path.read_text("utf-8"))
    }

    # letter by letter what is printed at a terminal or read in another font, and syllables of seven letters at most
    assert others == {"normal_form.py", "output.py", "old_fonts.py", "syllables.py"}


def test_a_megabyte_of_marks_in_a_garbled_text_is_found_garbled() -> None:
    found = find_garbled("Tá»‰" + "Ì£Ì\x81" * 200_000)

    assert found is not None
    assert found.written_in == "UTF-8"
