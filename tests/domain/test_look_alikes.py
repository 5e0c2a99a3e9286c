"""Letters that look like others: compared as what they look like, kept as what was meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.look_alikes import as_latin, with_right_letters
from app.domain.suggest import nearest
from app.domain.unit_code import plain_code
from app.domain.vietnamese import fold


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ðà Nẵng", "Đà Nẵng"),
        ("ðà nẵng", "Đà Nẵng"),
        ("Ɖà Nẵng", "Đà Nẵng"),
        ("D\u0335à Nẵng", "Đà Nẵng"),
        (unicodedata.normalize("NFD", "Ðà Nẵng"), "Đà Nẵng"),
        ("Tuye\u0302n Quang", "Tuyên Quang"),
        ("Viê\u0323t Trì", "Việt Trì"),
        ("Vie\u0323\u0302t", "Việt"),
        ("Hue\u0301\u0302", "Huế"),
        ("Ｈà　Nội １", "Hà Nội 1"),
        ("Нà Nội", "Hà Nội"),
        ("Cư M’gar", "Cư M'gar"),
        ("Cư Mʼgar", "Cư M'gar"),
        ("Lao động – Thương binh", "Lao động - Thương binh"),
        ("Bình\u00a0Thành", "Bình Thành"),
        ("Thuỷ", "Thủy"),
        ("Kì Sơn", "Kỳ Sơn"),
        ("Mĩ Tho", "Mỹ Tho"),
        ("Quí", "Quý"),
    ],
)
def test_a_search_does_not_see_what_nobody_sees(typed: str, name: str) -> None:
    assert fold(typed) == fold(name)


@pytest.mark.parametrize(("one", "other"), [("Tây Ninh", "Tài Ninh"), ("Thúy", "Thúi")])
def test_a_y_behind_a_vowel_is_another_letter(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("start", ["q", "qu", "quy", "quyn"])
def test_the_beginning_of_a_name_finds_it_at_every_letter(start: str) -> None:
    assert fold(start) in fold("Quỳnh Phụ")


@pytest.mark.parametrize("code", ["Н60", "Η60", "Ｈ６０", "h60", "Н6О", "H60\u200b"])
def test_a_code_in_other_letters_is_suggested(code: str) -> None:
    assert nearest(code, {"H60", "G01"}) == "H60"


def test_dashes_in_a_code_are_the_points_that_were_meant() -> None:
    assert plain_code("H60‑100") == plain_code("Н60–100") == plain_code("H60.100") == "H60.100"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Sở Y tế tỉnh Ðồng Nai", "Sở Y tế tỉnh Đồng Nai"),
        ("ðê điều", "đê điều"),
        ("Xã D\u0335ồng Ba", "Xã Đồng Ba"),
        ("d\u0336ê", "đê"),
        ("Hue\u0301\u0302", "Huế"),
        ("Phường Н１", "Phường H1"),
        ("Sở\u00a0Tài chính", "Sở Tài chính"),
        ("Cư M’gar – “A”", "Cư M’gar – “A”"),
        ("Ελλάδα", "Ελλάδα"),
        ("Москва", "Москва"),
    ],
)
def test_a_name_is_kept_with_the_right_letters(sent: str, kept: str) -> None:
    assert with_right_letters(sent) == kept


@given(st.text(max_size=12))
def test_what_was_put_right_is_right(text: str) -> None:
    assert with_right_letters(with_right_letters(text)) == with_right_letters(text)
    assert fold(with_right_letters(text)) == fold(text)
    assert as_latin(as_latin(text)) == as_latin(text)
