"""What a text that people read may hold: nothing that cannot be seen."""

import sys
import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from app.domain.characters import HiddenCharacter, hidden_character, trimmed, unseen_fault
from app.domain.unit import UnitName

HIDDEN = [
    *(chr(code) for code in range(0x200B, 0x2010)),
    *(chr(code) for code in range(0x202A, 0x202F)),
    *(chr(code) for code in range(0x2060, 0x2070)),
    *"\u00ad\u034f\u061c\u180e\u2028\u2029\u3164\ufe0f\ufeff\x00\x07\x1b\x7f\x85\ue000\U000e0041\U000e0100\U0010fffe",
    *"\ud800\u0378",
]


@pytest.mark.parametrize("letter", HIDDEN, ids=lambda letter: f"U+{ord(letter):04X}")
@pytest.mark.parametrize("lines", [False, True])
def test_what_nobody_sees_is_found_with_its_place(letter: str, lines: bool) -> None:
    found = hidden_character(f"Sở{letter}Tài chính", lines=lines)

    assert found is not None
    assert (found.place, found.point) == (3, f"U+{ord(letter):04X}")


@pytest.mark.parametrize(
    "text", ["Sở Tài\u00a0chính", "Cư M’gar – “Ea H'leo”", "Vie\u0302\u0323t", "中文 Ελ", "₫ ½ 😀"]
)
def test_what_can_be_seen_is_let_pass(text: str) -> None:
    assert hidden_character(text) is None


def test_newlines_and_tabs_stand_in_texts_of_several_lines_only() -> None:
    assert hidden_character("a\r\n\tb", lines=True) is None
    assert hidden_character("a\nb") == HiddenCharacter(2, "U+000A", "")


def test_every_format_control_and_unassigned_character_of_unicode_is_hidden() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    unseen = [each for each in letters if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]

    assert len(unseen) > 100_000
    assert all(hidden_character(each) for each in unseen)


def test_a_name_counts_its_characters_as_it_was_sent_and_keeps_no_blank_around_it() -> None:
    names = TypeAdapter(UnitName)

    with pytest.raises(ValidationError) as refused:
        names.validate_python("  Sở\u200b Tài chính")

    assert refused.value.errors()[0]["ctx"] == {"place": 5, "point": "U+200B", "name": " (ZERO WIDTH SPACE)"}
    assert names.validate_python("\u00a0 Vie\u0302\u0323t\r\n") == "Việt"


UNSEEN = "\u200b\u200c\u200d\ufeff\u00ad\u200e\u200f\u202a\u202e\u2060\u2066\u3164\u2800\ufe0f\u061c"
SPACES = "\u00a0\u2007\u202f\u3000"


@pytest.mark.parametrize("letter", [*UNSEEN, *SPACES, "\x1a", " ", "\t"])
def test_what_nobody_sees_is_taken_from_the_edges_alone(letter: str) -> None:
    assert trimmed(f"{letter}{letter}H{letter}60{letter}") == f"H{letter}60"
    assert trimmed(letter * 3) == ""


@pytest.mark.parametrize("letter", [*UNSEEN, *SPACES, "\x07"])
def test_inside_it_is_named_by_its_place_and_its_code_point(letter: str) -> None:
    fault = unseen_fault(f" H6{letter}0")

    assert fault is not None
    assert fault.code == "text_invalid"
    assert f"U+{ord(letter):04X}" in fault.detail("vi")
    assert fault.detail("en").startswith("Character 4 of the text is ")
    assert fault.suggestion == ("H6 0" if letter in SPACES else "H60")


@pytest.mark.parametrize("text", ["H60", " UBND tỉnh Tuyên Quang\u200b", "92,4%", "Sở Y tế", "a\nb", ""])
def test_text_that_is_seen_is_let_be(text: str) -> None:
    assert unseen_fault(text) is None
