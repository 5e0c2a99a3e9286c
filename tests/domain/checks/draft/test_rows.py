"""Rates, shares, changes and populations: what the figures say is passed, what they do not say is shown."""

from typing import Any

import pytest

from tests.support.drafts import a_row, counts, found, rates, told


@pytest.mark.parametrize(
    "row",
    [
        rates("70,63%", "65,38%", "-5,25%"),
        rates("70,63%", "65,38%", "−5,25 %"),
        rates("70,63%", "65,38%", "giảm 5,25%"),
        rates("98,63%", "100%", "1,37%"),
        rates("99,3%", "100%", "+ 0,7 %"),
        rates("100%", "100%", "0%"),
        rates("100%", "100%", "bằng kỳ trước"),
        rates("100%", "", "-"),
        rates("1,789%", "1,89%", "+0,1%"),
        counts("3.863", "68", "-3.795"),
        counts("100", "150", "+50%"),
        counts("50/100", "60/100", "+10%"),
        counts("0", "5", "+100%"),
    ],
)
def test_changes_that_say_what_the_figures_say_are_passed(row: dict[str, Any]) -> None:
    assert told(rows=[row]) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (rates("1,79%", "1,89%", "-0,13%"), "+0,10%"),
        (rates("1,37%", "0", "1,37%"), "-1,37%"),
        (rates("13,9%", "9,8%", "-1,2%"), "-4,1%"),
        (rates("0,2%", "0%", "+0,2%"), "-0,2%"),
        (counts("3.863", "68", "-3.794"), "-3.795"),
        (counts("100", "150", "+60%"), "+50%"),
        (counts("50/100", "60/100", "+11%"), "+10%"),
    ],
)
def test_a_wrong_change_is_shown_as_it_should_be_printed(row: dict[str, Any], expected: str) -> None:
    (one,) = found(rows=[row])

    assert (one.rule, one.expected) == ("change_wrong", expected)


def test_shares_printed_without_a_whole_are_shares_of_their_sum() -> None:
    rows = [a_row("3.863", "70,63%", part_of="all", ref="a"), a_row("1.591", "29,37%", part_of="all", ref="b")]

    assert [(each.ref, each.expected) for each in found(rows=rows)] == [("a", "70,83%"), ("b", "29,17%")]


@pytest.mark.parametrize(
    ("count", "rate", "expected"),
    [("0", "5%", ["0%"]), ("0 hồ sơ", "0,01%", ["0,00%"]), ("0", "0%", []), ("0", "100%", []), ("2", "0,01%", [])],
)
def test_none_beside_a_rate_is_shown_where_it_is_no_share(count: str, rate: str, expected: list[str]) -> None:
    assert [each.expected for each in found(rows=[a_row(count, rate)])] == expected


def test_nothing_of_nothing_has_no_shares() -> None:
    rows = [a_row("0", "0%", part_of="all"), a_row("0", "0%", part_of="all")]

    assert told(rows=rows) == []


def test_the_whole_of_several_shares_is_held_against_the_population() -> None:
    shares = [a_row(count, ref=count, part_of="w", base="all") for count in ("20", "717", "1.060")]

    assert told(rows=[a_row("1.746/1.746", ref="all"), *shares]) == [("w", "exceeds_population")]
    assert told(rows=[a_row("1.797", ref="all"), *shares]) == []


def test_a_count_of_another_whole_is_another_figure() -> None:
    rows = [a_row("1/1"), a_row("1/2", ref="2", same_as="1"), a_row("1", ref="3", same_as="1")]

    assert told(rows=rows) == [("2", "figures_disagree")]


def test_a_lone_share_says_nothing_about_its_whole() -> None:
    assert told(rows=[a_row("68", "65,38%", part_of="w")]) == []


def test_shares_of_different_wholes_are_held_against_the_population_one_by_one() -> None:
    shares = [a_row(count, ref=count, part_of="w", base="all") for count in ("68/104", "36/105")]

    assert told(rows=[a_row("104", ref="all"), *shares]) == [("36/105", "exceeds_population")]
