"""What is counted, and which units count."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers.reports import CountedPart
from app.domain.checks.stored.figures import StoredFigure
from app.domain.unit_names import ListedUnit
from app.reports.rules.counts import amount, printed, sentence, share, spread

TREE: Mapping[str, str | None] = {
    "P": None,
    "P.A": "P",
    "P.D": "P",
    "P.D.1": "P.D",
    "P.D.2": "P.D",
    "P.E": "P",
    "P.E.1": "P.E",
}
BELOW = [code for code in TREE if code != "P"]


@pytest.mark.parametrize(
    ("part", "expected"), [("numerator", 257750000), ("denominator", 260800000), ("rest", 3050000)]
)
def test_the_rest_of_a_ratio_is_what_is_not_in_its_numerator(part: CountedPart, expected: int) -> None:
    """Tuyên Quang, July 2024: 25.775 dossiers of 26.080 are synced, 305 are not."""
    assert amount(StoredFigure(257750000, 260800000), part) == expected


def test_a_rate_without_counts_says_nothing_about_how_many() -> None:
    assert amount(StoredFigure(value=988300), "numerator") is None
    assert amount(StoredFigure(value=4620000), None) == 4620000


def test_a_district_holds_the_figures_of_its_communes() -> None:
    found = spread(TREE, BELOW, {"P.A", "P.D", "P.D.1", "P.E.1"})

    assert (found.counted, found.below, found.missing) == (("P.A", "P.D", "P.E.1"), ("P.D.1",), ())


def test_communes_count_where_their_district_has_no_figure_and_the_others_are_missing() -> None:
    found = spread(TREE, BELOW, {"P.D.1"})

    assert (found.counted, found.missing) == (("P.D.1",), ("P.A", "P.D.2", "P.E"))


def test_a_unit_outside_the_scope_covers_nobody() -> None:
    """Only communes are asked for: that their district has a figure of its own is another list's business."""
    found = spread(TREE, ["P.D.1", "P.D.2", "P.E.1"], {"P.D", "P.D.1"})

    assert (found.counted, found.below, found.missing) == (("P.D.1",), (), ("P.D.2", "P.E.1"))


@given(known=st.sets(st.sampled_from(BELOW)), scope=st.sets(st.sampled_from(BELOW)))
@settings(max_examples=60, deadline=None)
def test_no_unit_that_counts_or_is_missing_stands_above_another(known: set[str], scope: set[str]) -> None:
    found = spread(TREE, sorted(scope), known & scope)

    leading = [*found.counted, *found.missing]
    assert not any(one.startswith(f"{other}.") for one in leading for other in leading)
    assert sorted([*found.counted, *found.below]) == sorted(known & scope)
    for unit in scope - set(leading) - set(found.below):
        assert any(one.startswith(f"{unit}.") or unit.startswith(f"{one}.") for one in leading)


def test_shares_are_rounded_one_by_one() -> None:
    assert [share(1, 3)] * 3 == [Decimal("33.33")] * 3
    assert share(Decimal("0.005"), 100) == Decimal("0.01")
    assert share(0, 0) is None


def test_large_counts_are_printed_with_dots_and_small_ones_with_a_nought() -> None:
    assert [printed(Decimal(text)) for text in ("0", "9", "10", "25775", "3.5")] == ["00", "09", "10", "25.775", "3,5"]


def test_a_ratio_has_no_noun_so_its_name_leads() -> None:
    told = sentence("Tỷ lệ đồng bộ (phần còn lại)", None, [(ListedUnit("Sở A"), Decimal(305))])

    assert told == "Tỷ lệ đồng bộ (phần còn lại): 305 của 01 cơ quan, đơn vị: Sở A 305."
