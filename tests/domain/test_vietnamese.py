import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vietnamese import fold, nfc, sort_key

NAMES = st.text("aăâbdđeêioôơuưyAĐÂ àảãáạằẩếịóọợự-.,0123456789\u0301\u0323\u0302", max_size=12)


def in_order(*names: str) -> bool:
    """Whether the names are given in strictly rising order, as the databases would sort their keys."""
    keys = [sort_key(name).encode() for name in names]
    return all(left < right for left, right in pairwise(keys))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("binh thanh", "Bình Thành"),
        ("dinh hoa", "Định Hóa"),
        ("dinh hoa", "Định Hoá"),
        ("DINH HOA", "định hóa"),
        ("so lao dong thuong binh va xa hoi", "Sở Lao động - Thương binh và Xã hội"),
        ("thanh pho tuyen quang", "thành  phố\u00a0Tuyên Quang "),
        ("quan 2", "Quận 2"),
        ("ea h leo", "Ea H'leo"),
        ("dak lak", "Đắk Lắk"),
        ("h19 07", "H19.07"),
    ],
)
def test_a_search_without_accents_finds_the_name(typed: str, name: str) -> None:
    assert fold(typed) == fold(name) == fold(unicodedata.normalize("NFD", name))


def test_decomposed_text_is_kept_composed() -> None:
    assert nfc("Vie\u0302\u0323t") == nfc("Việt") == "Việt"
    assert len(nfc("Vie\u0323\u0302t")) == 4


def test_letters_follow_the_vietnamese_alphabet() -> None:
    assert in_order(*"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")


def test_tones_follow_the_dictionary_within_one_letter() -> None:
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")
    assert in_order("hươu", "hườu", "hưởu", "hưỡu", "hướu", "hượu")


def test_letters_of_the_whole_name_come_before_any_tone() -> None:
    assert in_order("má", "mai", "măng", "mạngx", "mâm") is False
    assert in_order("Hòa An", "Hoa Bình", "Hòa Bình", "Hoa Mai")


def test_a_space_comes_before_every_letter_and_a_shorter_name_first() -> None:
    assert in_order("Tân", "Tân An", "Tân Yên", "Tâng")


def test_small_letters_come_before_capitals_only_where_all_else_is_equal() -> None:
    assert in_order("an", "An", "AN", "àn", "Ân")


def test_numbers_are_sorted_by_their_size() -> None:
    assert in_order("Quận 2", "Quận 3", "Quận 10", "Quận 11 A", "Quận 123456789", "Quận 1234567890", "Quận Tân Bình")
    assert sort_key("Tổ 07") == sort_key("Tổ 7")


def test_old_and_new_tone_placement_are_one_place_in_the_order() -> None:
    assert sort_key("Định Hoá") == sort_key("Định Hóa")
    assert sort_key("thuỷ") == sort_key("thủy")


def test_punctuation_sorts_like_a_space() -> None:
    assert sort_key("Lao động - Thương binh") == sort_key("Lao động Thương binh")


def test_provinces_are_listed_as_the_gazette_lists_them() -> None:
    provinces = [
        "An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai",
        "Đồng Tháp", "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng", "Huế", "Hưng Yên", "Khánh Hòa", "Lai Châu",
        "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ", "Quảng Ngãi", "Quảng Ninh",
        "Quảng Trị", "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa", "Tuyên Quang", "Vĩnh Long",
    ]  # fmt: skip

    assert in_order(*provinces)


def test_letters_of_other_scripts_come_last_and_stay_apart() -> None:
    assert in_order("z", "α", "β", "中")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_keys_are_printable_ascii_and_ignore_how_the_text_was_composed(text: str) -> None:
    key = sort_key(text)

    assert all("!" <= character <= "~" for character in key)
    assert key == sort_key(nfc(text)) == sort_key(unicodedata.normalize("NFD", text))


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_equal_keys_mean_names_that_fold_alike(left: str, right: str) -> None:
    if sort_key(left) == sort_key(right):
        assert [int(word) if word.isdecimal() else word for word in fold(left).split()] == [
            int(word) if word.isdecimal() else word for word in fold(right).split()
        ]


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_a_name_never_sorts_after_its_own_continuation(name: str, tail: str) -> None:
    assert sort_key(name) <= sort_key(f"{name} {tail}")
