"""What was probably meant by a code that is not known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pytest

from app.domain import suggest
from app.domain.suggest import FUZZY_SEARCHES, LETTERS_COMPARED, Suggester, is_one_slip_apart, nearest

KNOWN = {"H60", "H61", "H60.100", "H19.07.01", "paid_dossiers", "on_time"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("H6O", "H60"),
        ("h60", "H60"),
        (" H60 ", "H60"),
        ("H60\u200b", "H60"),
        ("\ufeffh60", "H60"),
        ("H60_100", "H60.100"),
        ("h6o.1OO", "H60.100"),
        ("H19.07.O1", "H19.07.01"),
        ("Paid_Dossiers", "paid_dossiers"),
        ("paid_dosiers", "paid_dossiers"),
        ("H19.07.02", "H19.07.01"),
    ],
)
def test_a_slip_of_the_pen_is_understood(written: str, meant: str) -> None:
    assert nearest(written, KNOWN) == meant


@pytest.mark.parametrize("written", ["", "Z99", "something else entirely", "thành phố"])
def test_nothing_is_suggested_where_nothing_is_near(written: str) -> None:
    assert nearest(written, KNOWN) is None


@dataclass
class Counted:
    """A search that counts how often it is asked."""

    times: int = 0

    def __call__(self, code: str, known: Collection[str]) -> str | None:
        self.times += 1
        return is_one_slip_apart(code, known)


def test_a_code_that_occurs_a_thousand_times_is_compared_once() -> None:
    search = Counted()
    suggester = Suggester(KNOWN, search)

    suggestions = {suggester("H19.07.02") for _ in range(1000)}

    assert suggestions == {"H19.07.01"}
    assert search.times == 1


def test_a_file_full_of_unknown_codes_costs_a_bounded_number_of_searches() -> None:
    search = Counted()
    suggester = Suggester(KNOWN, search)

    for number in range(1000):
        suggester(f"H60.{number:03}x")

    assert search.times == FUZZY_SEARCHES
    assert suggester("H6O") == "H60"


@pytest.mark.parametrize("long", [1, 5])
def test_one_search_compares_a_bounded_number_of_letters(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [f"H60.{number:05}" * long for number in range(5000)]
    compared: list[int] = []

    def counting(code: str, near: Sequence[str], *rest: Any, **options: Any) -> list[str]:
        compared.extend(len(code) * len(each) for each in near)
        return get_close_matches(code, near, *rest, **options)

    monkeypatch.setattr(suggest, "get_close_matches", counting)
    is_one_slip_apart("H60.99999" * long, known)

    assert 0 < sum(compared) < 1.5 * LETTERS_COMPARED


@pytest.mark.parametrize("written", ["H60.O1234", "H60.0123", "H60.001234", "H06.01234", "H60.0123x"])
def test_a_slip_is_understood_among_thousands_of_codes(written: str) -> None:
    known = [f"H60.{number:05}" for number in range(1, 50_000, 11)] + ["H60.01234"]

    assert nearest(written, known) == "H60.01234"
