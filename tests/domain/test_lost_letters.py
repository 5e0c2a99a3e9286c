"""Letters that were lost to `?` are warned of; where a question ends, none are lost."""

import csv
from pathlib import Path

import pytest

from app.domain.lost_letters import lost_letters_fault

DEMO = Path(__file__).parents[2] / "app" / "demo"
QUESTIONS = [
    *(
        "Vì sao?",
        "Đây là gì?",
        "la cai gi?",
        "Đúng hạn?Không rõ",
        "Nộp chưa?chưa",
        "Quý 1/2?",
        "Tại sao?!",
        "Sao??",
        "?",
    ),
    *("(đúng không?)", "“Gì?”", "Đạt 90%?", "bao nhiêu m?", "3 km?", "mấy h?", "KPI?", "UBND?", "email?", "???", "(?)"),
    *("Phương án B?", "theo điểm b?", "Khoản c? Mục d?", "A hay B? Chọn A", "A/B?", "Vì sao? vì thiếu người", "Xã X?"),
    *("https://chiso.vn/v1/x?period=2024-07", "/v1/scores?period", "xem www.a.vn?x", "số?ky=2024", "5?6", "a ? b"),
]


def without_utf8(text: str) -> str:
    """A text as Excel saves it in a CSV file of windows-1252."""
    return text.encode("cp1252", "replace").decode("cp1252")


def names() -> list[str]:
    with (DEMO / "communes.csv").open(encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ban Qu?n lý Khu kinh t?", 7),
        ("UBND t?nh", 7),
        ("Khu kinh t?", 11),
        ("?y ban nhân dân", 1),
        ("(?y ban nhân dân)", 2),
        ("Phường Ph??c Long", 10),
        ("S? Tài chính", 2),
        ("Vì sao? Chi c?c ch?a n?p", 14),
    ],
)
def test_the_first_letter_that_was_lost_is_named(text: str, place: int) -> None:
    fault = lost_letters_fault(text)

    assert fault is not None
    assert (fault.code, fault.context["place"], fault.value) == ("letters_lost", place, text)


def test_nearly_all_names_that_lost_letters_are_found_in_any_case() -> None:
    typed = [case(name) for name in names() for case in (str, str.upper, str.lower, str.title)]
    lost = [without_utf8(name) for name in typed if without_utf8(name) != name]

    found = [name for name in lost if lost_letters_fault(name)]

    assert len(found) > 0.94 * len(lost), f"{len(found)} of {len(lost)}"


def test_no_question_is_taken_for_a_lost_letter() -> None:
    of_names = [text for name in names() for text in (name, f"{name}?", f"Có phải {name}?", f"{name}?Không")]

    assert [text for text in (*QUESTIONS, *of_names) if lost_letters_fault(text)] == []


@pytest.mark.parametrize("text", ["a" * 200_000 + " ?", "?" * 200_000, "(?" * 100_000, "? " * 100_000, "1?" * 100_000])
def test_only_the_beginning_of_a_long_text_is_looked_at(text: str) -> None:
    assert lost_letters_fault(text) is None
    assert lost_letters_fault(f"t?nh {text}") is not None
