"""Phú Thọ 2026, month 8 and year: payment of all 19 units and four more groups, recomputed to the cent."""

from decimal import Decimal
from typing import Any

from tests.support.published import INDICATORS, board_of, cell, group_points, read_json

DATA = read_json("phu_tho_2026.json")


def recomputed(group: str, rows: list[dict[str, Any]]) -> list[Decimal | None]:
    """The points of one group, unit by unit; `rows` hold figures by indicator."""
    board = board_of("qd766@2026", "commune", {str(number): row for number, row in enumerate(rows)})
    return [group_points(board, unit)[group] for unit in range(len(rows))]


def payment(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "paid_dossiers": cell(row["onlinePay"], row["obligation"]),
        "fee_procedures_integrated": cell(row["feeDossierFormality"], row["feeFormality"]),
        "fee_procedures_used": cell(row["formalityPaid"], row["feeFormality"]),
    }


def test_payment_agrees_for_nineteen_of_nineteen_units() -> None:
    rows = DATA["payment_month_2026_08"]

    assert recomputed("payment", [payment(row) for row in rows]) == [row["score"] for row in rows]
    assert len(rows) == 19


def test_one_commune_proves_that_components_are_rounded_before_the_sum() -> None:
    commune = next(row for row in DATA["payment_month_2026_08"] if row["code"] == "H44.103")
    board = board_of("qd766@2026", "commune", {"H44.103": payment(commune)})

    components = {code: int(board.nodes[code].points[0]) for code in ("3.6", "3.5b", "3.5")}

    assert components == {"3.6": 542, "3.5b": 56, "3.5": 48}
    assert group_points(board, 0)["payment"] == Decimal("6.46")


def test_progress_agrees() -> None:
    rows = DATA["progress_month_2026_08"]

    assert recomputed("progress", [{"on_time": cell(row["onTime"], row["received"])} for row in rows]) == [
        row["score"] for row in rows
    ]


def test_satisfaction_agrees_where_nobody_complained_too() -> None:
    rows = DATA["satisfaction_month_2026_08"]
    parts = {"service_satisfaction": "dossier", "petitions_on_time": "ontime", "petition_satisfaction": "handling"}

    figures = [{ours: cell(row[f"{part}_n"], row[f"{part}_d"]) for ours, part in parts.items()} for row in rows]

    assert recomputed("satisfaction", figures) == [row["totalScore"] for row in rows]


def test_digitization_agrees_and_certified_copies_take_the_stated_rate() -> None:
    rows = DATA["digitization_year_2026"]

    figures = [
        {
            INDICATORS[code]: cell(metric["numerator"], metric["denominator"], metric["ratio"])
            for code, metric in row["metrics"].items()
        }
        for row in rows
    ]

    assert recomputed("digitization", figures) == [row["totalScore"] for row in rows]


def test_online_provision_agrees_for_the_month_and_the_year() -> None:
    rows = DATA["online"]

    figures = [
        {
            "online_provision": cell(row["partialCount"] + row["fullCount"], row["authorityCount"]),
            "online_services_used": cell(row["onlineDossierCount"], row["onlineServiceTotal"]),
            "online_dossiers": cell(row["channelOnlineSum"], row["channelTotalSum"]),
        }
        for row in rows
    ]

    assert recomputed("online", figures) == [row["score"] for row in rows]


def test_transparency_without_figures_for_two_components_counts_the_other_two() -> None:
    row = DATA["transparency_month_2026_08"][0]

    figures = {
        ours: cell(row[code]["numerator"], row[code]["denominator"]) for code, ours in INDICATORS.items() if code in row
    }

    assert recomputed("transparency", [figures]) == [row["totalScore"]]
