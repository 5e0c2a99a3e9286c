"""What was probably meant by a code that is not known."""

import pytest

from app.domain.suggest import FUZZY_SEARCHES, Suggester, nearest

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


class Counted(set[str]):
    """Known codes that count how often all of them are looked through."""

    walks = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        self.walks += 1
        return super().__iter__()


def test_a_code_that_occurs_a_thousand_times_is_compared_once() -> None:
    known = Counted(KNOWN)
    suggest = Suggester(known)

    suggestions = {suggest("H19.07.02") for _ in range(1000)}

    assert suggestions == {"H19.07.01"}
    assert known.walks == 1


def test_a_file_full_of_unknown_codes_costs_a_bounded_number_of_comparisons() -> None:
    known = Counted(KNOWN)
    suggest = Suggester(known)

    for number in range(1000):
        suggest(f"H60.{number:03}x")

    assert known.walks == FUZZY_SEARCHES
    assert suggest("H6O") == "H60"
