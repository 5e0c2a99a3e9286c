"""Text read in a wrong encoding is found, and correct text of any language is let be."""

import unicodedata
from typing import Literal

import pytest

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
    *("100 m²", "5°C", "½", "PHƯỜNG – XÃ", "Pắc Nặm", "Sìn Hồ", "Ý Yên", "oà", "ĐÃ\xa0", "Krông Pắc"),
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_utf8_that_was_read_as_windows_1252_is_found_and_what_it_said_suggested(sentence: str) -> None:
    shown = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in sentence.encode())

    fault = garbled_fault(shown)

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
    shown = "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in sentence.encode())

    fault = garbled_fault(shown)

    assert fault is not None
    assert fault.suggestion == sentence
    assert named in fault.detail("en")


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


def as_windows_1258(text: str) -> bytes:
    """The tones behind their letters, as that charset has them."""
    parts = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart if mark in TONES[1:])
        bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in TONES[1:]))
        parts.append((bare + tones).encode("cp1258"))
    return b"".join(parts)
