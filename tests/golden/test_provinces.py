"""Provinces: two of 10/10/2026 from their components, and the sums of docs/domain.md for the letters of 2024."""

from decimal import Decimal

import pytest

from app.domain.scoring.score import score
from tests.support.cohorts import a_criterion, a_framework, columns_of, points, ratio, totals
from tests.support.published import INDICATORS, board_of, cell, group_points, read_json

PROVINCES = read_json("provinces_components_2026-10-10.json")


@pytest.mark.parametrize("province", PROVINCES, ids=[province["name"] for province in PROVINCES])
def test_four_groups_are_recomputed_to_the_cent(province: dict[str, dict[str, dict[str, object]]]) -> None:
    figures = {
        INDICATORS[code]: cell(metric["numerator"], metric["denominator"], metric["ratio"])
        for group in ("transparency", "digitization", "satisfaction")
        for code, metric in province[group].items()
        if code in INDICATORS
    }
    progress = province["progress"]
    figures["on_time"] = cell(progress["totalOnTime"], progress["totalReceived"])

    board = board_of("qd766@2026", "province", {"one": figures})

    computed = group_points(board, 0)
    for group in ("transparency", "progress", "digitization", "satisfaction"):
        assert computed[group] == province[group]["score"]
    assert (computed["online"], computed["payment"], bool(board.incomplete[0])) == (None, None, True)


def test_tuyen_quang_in_july_2024_comes_to_the_points_of_its_letter() -> None:
    rates = {
        "published_on_time": "60.55",
        "updated_on_time": "41.72",
        "full_content": "1746/1746",
        "dossier_sync": "98.83",
        "on_time": "91.3",
        "service_satisfaction": "91.35",
        "petitions_on_time": "100",
        "petition_satisfaction": "100",
    }

    computed = group_points(board_of("qd766@2026", "province", {"H60": rates}), 0)

    assert computed["transparency"] == Decimal("13.23")
    assert computed["progress"] == Decimal("18.26")
    assert computed["satisfaction"] == 18


def test_binh_thanh_in_february_2024_fits_with_services_used_full_at_half() -> None:
    framework = a_framework(
        a_criterion(
            "online",
            12,
            criteria=[
                a_criterion("3.1", 2, ratio("provision", full_at=80)),
                a_criterion("3.2", 4, ratio("used", full_at=50)),
                a_criterion("3.3", 6, ratio("dossiers", full_at=50)),
            ],
        ),
        rounding={"component": 3, "total": 3},
    )
    columns = columns_of({"provision": ["7/159"], "used": ["9.8"], "dossiers": ["100"]})

    assert points(score(framework, "commune", columns, 1), "online") == [Decimal("6.894")]


def test_a_department_of_dong_nai_is_scored_by_its_group_rates_and_a_commune_by_its_reported_total() -> None:
    rates = ("transparency_rate", "progress_rate", "digitization_rate", "online_services_rate", "satisfaction_rate")
    department = board_of("dongnai@2024", "department", {"one": dict.fromkeys(rates, "75")})
    commune = board_of("dongnai@2024", "commune", {"one": {"total_points": "71.5"}})

    assert group_points(department, 0)["digitization"] == Decimal("16.5")
    assert (totals(department), totals(commune)) == ([Decimal(75)], [Decimal("71.5")])
    assert (department.method[0], commune.method[0]) == (1, 0)
    assert commune.coverage(0) == 1
    assert not commune.incomplete[0]


def test_the_total_that_the_portal_reported_stands_in_2024_and_else_the_groups_are_added() -> None:
    reported = {"transparency_points": "13.2", "progress_points": "18.3", "online_points": "7.2"}
    reported |= {"payment_points": "8.3", "satisfaction_points": "18", "digitization_points": "16.8"}

    board = board_of("qd766@2022", "province", {"with": reported | {"total_points": "81.77"}, "without": reported})

    assert totals(board) == [Decimal("81.77"), Decimal("81.8")]
    assert board.method.tolist() == [0, 0]
