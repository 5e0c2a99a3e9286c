"""Encodings that are declared and ones that are not: nothing is read as what it is not."""

import unicodedata
from pathlib import Path

import pytest

from app.errors import Malformed
from app.formats.charset import as_declared, decode, likely_encoding
from app.formats.text_stream import text_of

ROOT = Path(__file__).parents[2]
PROSE = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs" / "glossary.md").read_text("utf-8")
LINES = [line for line in PROSE.splitlines() if not line.isascii()]
TONES = str.maketrans(
    {
        tone: base + mark
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        for mark in "\u0300\u0301\u0303\u0309\u0323"
        for tone in [unicodedata.normalize("NFC", base + mark)]
    }
)
"""Letters as windows-1258 takes them: the vowel, and the tone behind it."""


def as_1258(text: str) -> bytes:
    return text.translate(TONES).encode("cp1258", errors="replace")


def refusal(body: bytes, charset: str | None) -> Malformed:
    with pytest.raises(Malformed) as caught:
        decode(body, charset)
    return caught.value


@pytest.mark.parametrize("line", LINES)
def test_vietnamese_in_windows_1258_is_never_taken_for_utf_8(line: str) -> None:
    decode(as_1258(line), "windows-1258")


@pytest.mark.parametrize(
    "text", ["“chỉ”", "CHÚ THÍCH…", "Xã… Số", "“Quá hạn”", "TỶ LỆ\u00a0(%)", "xử lý – từ chối", "Đ”, “Đ"]
)
def test_signs_behind_letters_do_not_make_utf_8(text: str) -> None:
    assert decode(as_1258(text), "windows-1258") == text


@pytest.mark.parametrize("charset", ["windows-1258", "windows-1252", "iso-8859-1"])
@pytest.mark.parametrize("line", [*LINES[:20], "Đ", "60 – 70"])
def test_utf_8_is_refused_under_an_alphabet_of_single_bytes(line: str, charset: str) -> None:
    error = refusal(line.encode(), charset)

    assert error.code == "encoding_invalid"
    assert error.detail("en") != error.detail("vi")


def test_utf_8_with_a_few_broken_bytes_is_still_utf_8() -> None:
    assert refusal("Số liệu tháng 7 của xã".encode() + b"\xe1\xbb", "latin1").code == "encoding_invalid"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_letters_cut_in_two_are_whole_again(size: int) -> None:
    def chunks(body: bytes) -> list[bytes]:
        return [body[start : start + size] for start in range(0, len(body), size)]

    with pytest.raises(Malformed):
        list(as_declared(chunks("Số 😀".encode()), "cp1258"))
    genuine = chunks(as_1258("“chỉ” tiêu số liệu…"))
    assert list(as_declared(genuine, "cp1258")) == genuine


def test_a_long_text_is_refused_before_it_ends() -> None:
    taken: list[bytes] = []
    with pytest.raises(Malformed):
        taken.extend(as_declared(iter([b"unit,note\n", "H60,Số\n".encode(), b"H60,x\n"]), "cp1252"))

    assert taken == [b"unit,note\n"]


WRITTEN = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1258", "cp1252")


@pytest.mark.parametrize("codec", WRITTEN)
def test_what_is_suggested_can_be_declared(codec: str) -> None:
    text = "unit,value\nH60,\xc2nh\n" if codec == "cp1252" else "unit,value,note\nH60,1,Đơn vi\n"
    body = text.encode(codec)
    [fault] = refusal(body, None).faults

    assert fault.suggestion is not None
    assert decode(body, fault.suggestion.removeprefix("charset=")) == text


def test_an_encoding_with_its_mark_is_told_from_the_others() -> None:
    names = {likely_encoding("unit".encode(codec)) for codec in ("utf-16", "utf-32", "utf-16-le", "utf-32-be")}

    assert names == {"UTF-16", "UTF-32", "UTF-16LE", "UTF-32BE"}


@pytest.mark.parametrize(
    ("written", "declared", "likely"),
    [
        ("utf-16", "utf-16be", "UTF-16"),
        ("utf-16", "windows-1258", "UTF-16"),
        ("utf-16-le", "windows-1252", "UTF-16LE"),
        ("utf-16-be", "utf-16le", "UTF-16BE"),
        ("utf-16-le", "utf-16", "UTF-16LE"),
    ],
)
def test_wide_bytes_that_contradict_the_declared_charset_name_the_one_to_declare(
    written: str, declared: str, likely: str
) -> None:
    body = "unit,value,note\nH60,90,Số liệu\n".encode(written)

    error = refusal(body, declared)
    with pytest.raises(Malformed) as streamed, text_of([body], declared) as text:
        text.read()

    assert (error.code, error.faults[0].suggestion) == ("encoding_invalid", f"charset={likely}")
    assert streamed.value.detail("en") == error.detail("en")


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le"])
def test_a_mark_that_agrees_with_the_declared_charset_is_no_contradiction(declared: str) -> None:
    body = b"\xff\xfe" + "H60".encode("utf-16-le")

    assert decode(body, declared) == "H60"


def test_charsets_are_named_as_people_name_them() -> None:
    assert "although windows-1252 was declared" in refusal("Số liệu".encode(), "cp1252").detail("en")
