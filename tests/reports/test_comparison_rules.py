"""What a row shows, how it changed and whether that is worse."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answers.report_comparison import RowPart, RowShow
from app.reports.rules.comparison import (
    Direction,
    ShownDifference,
    ShownFigure,
    as_shown,
    change_between,
    change_text,
    contradicts_counts,
    declined,
    fell,
    part_of,
    shown_text,
)

RATES = st.decimals(min_value=0, max_value=100, places=2)


def a_share(count: int | None, of: int | None, rate: str | None = None) -> ShownFigure:
    counts = [None if each is None else Decimal(each) for each in (count, of)]
    return ShownFigure(
        count=counts[0], of=counts[1], rate=None if rate is None else Decimal(rate), source="national_portal"
    )


def shown(figure: ShownFigure) -> tuple[str | None, ...]:
    """Count, whole and rate of a side."""
    return tuple(None if each is None else str(each) for each in (figure.count, figure.of, figure.rate))


def test_the_rest_of_a_whole_is_what_is_left_of_its_counts_and_of_a_hundred() -> None:
    rest = part_of(a_share(25775, 26080, "98.83"), "complement")

    assert shown(rest) == ("305", "26080", "1.17")
    assert rest.source == "national_portal"


@pytest.mark.parametrize("part", ["complement", "denominator"])
def test_of_an_unknown_figure_every_part_is_unknown(part: RowPart) -> None:
    nothing = part_of(ShownFigure(), part)

    assert shown(nothing) == (None, None, None)


def test_the_whole_is_a_count_without_a_rate() -> None:
    whole = part_of(a_share(25775, 26080, "98.83"), "denominator")

    assert shown(whole) == ("26080", None, None)


@given(now=RATES, before=RATES)
@settings(max_examples=50, deadline=None)
def test_the_two_rows_of_a_whole_add_up_and_their_changes_cancel(now: Decimal, before: Decimal) -> None:
    sides = [ShownFigure(rate=rate) for rate in (now, before)]
    rests = [part_of(side, "complement") for side in sides]

    moved, left = change_between(*sides).rate, change_between(*rests).rate

    assert moved is not None
    assert left is not None
    assert rests[0].rate == 100 - now
    assert moved + left == 0


@pytest.mark.parametrize(
    ("show", "kept"),
    [
        ("count", ("68", None, None)),
        ("rate", (None, None, "65.38")),
        ("both", ("68", "104", "65.38")),
        ("fraction", ("68", "104", "65.38")),
        ("reached", ("68", "104", "65.38")),
    ],
)
def test_a_row_keeps_what_it_prints(show: RowShow, kept: tuple[str | None, ...]) -> None:
    assert shown(as_shown(a_share(68, 104, "65.38"), show)) == kept


def test_a_change_is_the_difference_of_what_is_printed() -> None:
    change = change_between(a_share(68, 104, "65.38"), a_share(3863, 5454, "70.63"))

    assert change == ShownDifference(count=Decimal(-3795), rate=Decimal("-5.25"))


def test_a_change_needs_both_sides() -> None:
    assert (
        change_between(ShownFigure(count=Decimal(3)), ShownFigure())
        == change_between(ShownFigure(), None)
        == ShownDifference()
    )


def test_a_place_that_improves_moves_upwards() -> None:
    assert change_between(ShownFigure(rank=8, of=23), ShownFigure(rank=22, of=23)).rank == 14


@pytest.mark.parametrize(
    ("moved", "direction", "part", "worse"),
    [
        ("-0.01", "up", "numerator", True),
        ("0", "up", "numerator", False),
        ("0.01", "up", "numerator", False),
        ("0.01", "down", "numerator", True),
        ("-0.01", "down", "numerator", False),
        ("0.01", "up", "complement", True),
        ("-0.01", "up", "complement", False),
        ("-0.01", "down", "complement", True),
        ("-5", "none", "numerator", False),
        ("5", "none", "complement", False),
        ("-5", "up", "denominator", False),
    ],
)
def test_worse_is_against_the_direction_and_mirrored_for_the_rest(
    moved: str, direction: Direction, part: RowPart, worse: bool
) -> None:
    assert declined(Decimal(moved), direction, part) is worse


def test_an_unknown_change_is_no_decline() -> None:
    assert not declined(None, "up")
    assert not fell(ShownDifference())


@pytest.mark.parametrize(
    ("change", "fallen"), [(ShownDifference(points=Decimal("-0.1")), True), (ShownDifference(rank=-1), True)]
)
def test_fewer_points_and_a_lower_place_are_a_fall(change: ShownDifference, fallen: bool) -> None:
    assert fell(change) is fallen
    assert not fell(ShownDifference(points=Decimal("0.1"), rank=1))


@pytest.mark.parametrize(
    ("figure", "wrong"),
    [
        (a_share(68, 104, "65.38"), False),
        (a_share(68, 104, "65.4"), False),
        (a_share(1731, 1731, "1000"), True),
        (a_share(3863, 5454, "70.63"), True),
        (a_share(0, 0, "70.63"), False),
        (a_share(None, None, "70.63"), False),
        (a_share(68, 104), False),
    ],
)
def test_a_rate_contradicts_its_counts_beyond_half_a_unit_of_its_last_decimal(figure: ShownFigure, wrong: bool) -> None:
    assert contradicts_counts(figure) is wrong


@pytest.mark.parametrize(
    ("side", "show", "text"),
    [
        (a_share(25775, 26080, "98.83"), "both", "25.775 (98,83%)"),
        (a_share(1746, 1746, "100"), "fraction", "100% (1.746/1.746)"),
        (a_share(305, 26080, "1.17"), "reached", "305, đạt 1,17%"),
        (a_share(0, 0), "fraction", "0/0"),
        (ShownFigure(rate=Decimal("91.3")), "rate", "91,3%"),
        (ShownFigure(count=Decimal(970209)), "count", "970.209"),
        (ShownFigure(points=Decimal("13.2"), max=Decimal(18)), "both", "13,2/18 điểm"),
        (ShownFigure(rank=8, of=23), "both", "08/23"),
        (ShownFigure(), "both", None),
        (ShownFigure(max=Decimal(18)), "both", None),
    ],
)
def test_a_side_reads_as_the_letters_print_it(side: ShownFigure, show: RowShow, text: str | None) -> None:
    assert shown_text(side, show) == text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (ShownDifference(points=Decimal("0.9")), "tăng 0,9 điểm"),
        (ShownDifference(points=Decimal("-0.3")), "giảm 0,3 điểm"),
        (ShownDifference(points=Decimal(0)), "giữ nguyên"),
        (ShownDifference(rank=-7), "giảm 07 bậc"),
        (ShownDifference(rank=0), "giữ nguyên"),
        (ShownDifference(count=Decimal(-3795), rate=Decimal("-5.25")), "-5,25 điểm %"),
        (ShownDifference(count=Decimal(17716)), "+17.716"),
        (ShownDifference(), None),
    ],
)
def test_a_change_reads_as_the_letters_print_it(change: ShownDifference, text: str | None) -> None:
    assert change_text(change, "giữ nguyên") == text
