"""Text read in a wrong encoding is found, and correct text of any language is let be."""

import unicodedata
from typing import Literal

import pytest

from app.domain.double_encoding import CODE_PAGES
from app.domain.garbled import find_garbled, garbled_fault

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
SENTENCES = [
    "Ủy ban nhân dân tỉnh Tuyên Quang",
    "Số liệu tháng tám của tỉnh",
    "Sở Thông tin và Truyền thông thành phố Đà Nẵng",
    "Thương mại, nước, được",
]
WHOLE = [
    *SENTENCES,
    *("São Paulo", "João", "Conceição", "AMANHÃ", "Noël", "Loïc", "François", "Müller", "Åse", "Ängström", "perciò"),
    *("più così", "Łódź", "Gdańsk", "niño", "MAÇÃ\xa0VERDE", "œuvre", "goût", "Straße", "Ðà Nẵng", "Þór", "Citroën"),
    *(
        "Ă",
        "ă",
        "Hă",
        "HĂ",
        "XÃ\xa0NGAN",
        "XÃ…",
        "“XÔ",
        "xã²",
        "«quá»…",
        "giòn",
        "giò",
        "Quì Nhơn",
        "vaò",
        "xoòng",
        "quý",
    ),
    *("«xã»", "«Rã»…", "Quý 1/2?", "đúng hạn?", "√2 ≈ 1,41", "∆t ≤ 5 ms", "├─ xã", "Москва", "Groß…", "x±½"),
    *("100 m²", "5°C", "½", "PHƯỜNG – XÃ", "Pắc Nặm", "Sìn Hồ", "Ý Yên", "oà", "ĐÃ\xa0", "Krông Pắc"),
]

LIKE_OLD_FONTS = ["UBND xã Hội Sơn", "UBND XÃ TRỰC NINH", "UBND phường Long Châu", "đã suy ra từ mục này, từ mức ấy"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_utf8_that_was_read_as_windows_1252_is_found_and_what_it_said_suggested(sentence: str) -> None:
    fault = garbled_fault(read_as("cp1252", sentence))

    assert fault is not None
    assert (fault.code, fault.suggestion) == ("text_garbled", sentence)
    assert "UTF-8" in fault.detail("vi")


@pytest.mark.parametrize(
    ("sentence", "charset", "named"),
    [
        ("Ủy ban nhân dân", "cp1252", "read as windows-1252"),
        ("Ủy ban nhân dân", "cp1258", "read as windows-1258"),
        ("Tỉnh", "cp1252", "read as another encoding"),
        ("Tỉnh", "cp1258", "read as another encoding"),
    ],
)
def test_the_encoding_it_was_read_in_is_named_only_where_it_is_certain(sentence: str, charset: str, named: str) -> None:
    fault = garbled_fault(read_as(charset, sentence))

    assert fault is not None
    assert fault.suggestion == sentence
    assert named in fault.detail("en")


@pytest.mark.parametrize("name", LIKE_OLD_FONTS)
@pytest.mark.parametrize("charset", ["cp1252", "cp1258"])
def test_utf8_is_found_though_a_word_of_it_looks_like_an_old_font(name: str, charset: str) -> None:
    fault = garbled_fault(read_as(charset, name))

    assert fault is not None
    assert (fault.code, fault.suggestion) == ("text_garbled", name)


@pytest.mark.parametrize("name", [*SENTENCES, *LIKE_OLD_FONTS, "UBND XÃ TĨNH TÚC"])
@pytest.mark.parametrize("charset", CODE_PAGES)
def test_utf8_that_was_read_in_another_code_page_is_found(name: str, charset: str) -> None:
    fault = garbled_fault(read_as(charset, name))

    assert fault is not None
    assert (fault.code, fault.suggestion) == ("text_garbled", name)


@pytest.mark.parametrize("charset", ["cp1252", *CODE_PAGES])
def test_utf8_with_marks_behind_their_letters_is_found_as_well(charset: str) -> None:
    fault = garbled_fault(read_as(charset, unicodedata.normalize("NFD", "Bình Thuận")))

    assert fault is not None
    assert fault.suggestion == "Bình Thuận"


def test_a_garbled_word_is_found_among_words_that_are_whole() -> None:
    found = find_garbled("Ủy ban nhân dân x√£ Đông Sơn")

    assert found is not None
    assert (found.place, found.shown_as, found.meant) == (17, "Mac Roman", "")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_windows_1258_that_was_read_as_windows_1252_names_the_charset_to_declare(sentence: str) -> None:
    fault = garbled_fault(as_windows_1258(sentence).decode("cp1252"))

    assert fault is not None
    assert fault.suggestion == sentence
    assert "only of a CSV file that is itself in windows-1258" in fault.detail("en")
    assert "riêng tệp CSV" in fault.detail("vi")


@pytest.mark.parametrize(("text", "place"), [("Hòa B\u0301nh", 5), ("T\ufffdnh", 2), ("SÔÌ LIÊÒU", 2), ("TUYÃŠN", 4)])
def test_the_place_is_named(text: str, place: int) -> None:
    found = find_garbled(text)

    assert found is not None
    assert found.place == place


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_correct_text_of_any_language_is_whole(form: Literal["NFC", "NFD"]) -> None:
    syllables = [
        f"{head}{vowel}{tone}{tail}" for vowel in VOWELS for tone in TONES for head in ("", "h") for tail in ("", "ng")
    ]
    texts = [
        unicodedata.normalize(form, each)
        for text in (*WHOLE, *syllables)
        for each in (text, text.upper(), text.title())
    ]

    assert [text for text in texts if find_garbled(text)] == []
    assert [text for text in SENTENCES if find_garbled(as_windows_1258(text).decode("cp1258"))] == []


def read_as(charset: str, text: str) -> str:
    """UTF-8 as it is shown in another encoding; bytes that have no sign there become controls."""
    return "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in text.encode())


def as_windows_1258(text: str) -> bytes:
    """The tones behind their letters, as that charset has them."""
    parts = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart if mark in TONES[1:])
        bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES[1:]))
        parts.append((bare + tones).encode("cp1258"))
    return b"".join(parts)
