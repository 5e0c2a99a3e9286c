"""A board of many units: what it costs to read one, and one page of it."""

from app.domain.period import read_period
from app.domain.scoring.changes import UnitsChanged
from app.services.score_items import items
from app.services.score_order import ordered_rows
from app.services.scored_cohorts import CohortUnit, ScoredCohort, scored_cohort
from app.services.scores import CohortComparison, compare_cohorts
from app.store.evaluation_content import FrozenValue
from tests.support.published import shipped
from tests.support.work import counted_work

SLACK = 2.2
"""Twice, and a little for memory that grows in steps."""


def a_cohort(period: str, size: int) -> ScoredCohort:
    """Communes whose totals a source states; half of those that there are."""
    members = [CohortUnit(f"H60.{10_000 + number}", f"UBND xã {number}", "commune", "H60") for number in range(size)]
    rows = [
        FrozenValue(member.code, "total_points", "national_portal", None, None, 10_000 * (number % 97), 2, 1)
        for number, member in enumerate(members)
    ]
    return scored_cohort(shipped("qd766@2022"), read_period(period), "commune", members, rows, 2 * size)


def a_board(size: int) -> CohortComparison:
    return compare_cohorts(a_cohort("2024-07", size), a_cohort("2024-06", size), None, UnitsChanged())


def work_of(size: int, shown: int | None) -> int:
    """What it takes to read a board of so many units, or its first so many."""
    board = a_board(size)
    with counted_work() as work:
        found = items(board, [row for _, row in ordered_rows(board, "rank")][:shown])
    assert len(found) == (shown or size)
    assert all("cohort_partial" in item["flags"] for item in found)
    return work.count


def test_a_board_of_twice_as_many_units_is_at_most_twice_the_work() -> None:
    assert work_of(800, None) < SLACK * work_of(400, None)


def test_a_page_of_a_board_costs_a_fraction_of_the_whole() -> None:
    assert 3 * work_of(800, 20) < work_of(800, None)
