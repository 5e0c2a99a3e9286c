"""Gia Lai on 10/10/2026: 48 units whose components the portal published, recomputed to the cent.

Payment (3.5 is not published) and online provision (no counts) are taken as reported points.
"""

from decimal import Decimal

import pytest

from app.domain.scoring.board import METHODS, view
from tests.support.cohorts import Cell, totals
from tests.support.published import INDICATORS, board_of, cell, group_points, read_csv

GROUPS = {
    "CKMB": "transparency",
    "TDGQ": "progress",
    "ONLINE": "online",
    "TTTT": "payment",
    "MDSH": "digitization",
    "MDHL": "satisfaction",
}
PUBLISHED = {row["code"]: row for row in read_csv("gialai_2026-10-10.csv")}


def figures() -> dict[str, dict[str, dict[str, Cell]]]:
    """Level, unit, indicator: counts of the components, and the reported points of the two groups without counts."""
    units: dict[str, dict[str, dict[str, Cell]]] = {}
    for row in read_csv("gialai_components_2026-10-10.csv"):
        unit = units.setdefault(row["level"], {}).setdefault(row["code"], {})
        indicator = INDICATORS.get(row["component"].rpartition(".")[2])
        if indicator is not None:
            unit[indicator] = cell(row["numerator"], row["denominator"], row["ratio"])
    for level in units.values():
        for code, unit in level.items():
            unit["online_points"], unit["payment_points"] = PUBLISHED[code]["ONLINE"], PUBLISHED[code]["TTTT"]
    return units


UNITS = figures()


@pytest.mark.parametrize("level", sorted(UNITS))
def test_every_group_and_total_is_what_the_portal_published(level: str) -> None:
    board = board_of("qd766@2026", level, UNITS[level])

    assert totals(board) == [Decimal(PUBLISHED[code]["total"]) for code in UNITS[level]]
    for row, code in enumerate(UNITS[level]):
        assert group_points(board, row) == {ours: Decimal(PUBLISHED[code][theirs]) for theirs, ours in GROUPS.items()}
        assert (METHODS[board.method[row]], bool(board.incomplete[row])) == ("mixed", False)
        assert board.coverage(row) == 1


def test_there_are_forty_eight_units() -> None:
    assert sum(len(units) for units in UNITS.values()) == 48


def test_a_unit_without_dossiers_gets_what_each_zero_denominator_earns() -> None:
    board = board_of("qd766@2026", "department", {"H21.20": UNITS["department"]["H21.20"]})

    assert group_points(board, 0) == {
        "transparency": Decimal("5.79"),
        "progress": 0,
        "online": 0,
        "payment": 0,
        "digitization": 2,
        "satisfaction": 12,
    }
    assert totals(board) == [Decimal("19.79")]


def test_the_legal_view_joins_online_provision_and_payment() -> None:
    board = board_of("qd766@2026", "commune", UNITS["commune"])

    seen = view(board.framework, board, "legal")

    assert seen["online_services"].max == 22
    assert seen["online_services"].points.tolist() == [
        int((Decimal(PUBLISHED[code]["ONLINE"]) + Decimal(PUBLISHED[code]["TTTT"])) * 100) for code in UNITS["commune"]
    ]
