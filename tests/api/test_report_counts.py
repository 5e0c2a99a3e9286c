"""The counts report: what is counted of a figure, of which units, from which source, and for whose eyes."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report

Client = httpx.AsyncClient
CallerMaker = Callable[..., Client]

A, B, C = "H60.101", "H60.102", "H60.103"
LIVE = {"period": "2024-07", "under": "H60"}
SYNC, OVERDUE = {"indicator": "dossier_sync"}, {"indicator": "overdue_dossiers"}


def a_figure(unit: str, indicator: str, **figure: Any) -> dict[str, Any]:
    return {"unit": unit, "indicator": indicator, "period": "2024-07", "source": "national_portal", **figure}


def listed(told: dict[str, Any]) -> dict[str, Any]:
    return {item["unit"]["code"]: item["count"] for item in told["items"]}


@pytest.fixture(autouse=True)
async def world(api: Client) -> None:
    """Three communes of H60, named against the order of their codes."""
    names = {A: "UBND xã Yên Sơn", B: "UBND xã Đà Vị", C: "UBND xã Ân Tường"}
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in names.items())])


@pytest.mark.parametrize(("part", "total"), [(None, 93), ("numerator", 93), ("denominator", 100), ("rest", 7)])
async def test_of_a_ratio_each_part_is_counted(part: str | None, total: int, api: Client) -> None:
    await with_figures(
        api,
        [
            a_figure(A, "dossier_sync", numerator=48, denominator=50),
            a_figure(B, "dossier_sync", numerator=45, denominator=50),
            a_figure(C, "dossier_sync", value=97),
        ],
    )

    told = await report(api, "counts", **SYNC, **LIVE, **({"part": part} if part else {}))

    assert (told["part"], told["sum"], told["units"], told["missing"]) == (part or "numerator", total, 2, 1)
    assert told["sentence"].startswith("Tỷ lệ hồ sơ đã đồng bộ")


async def test_no_figure_is_not_a_count_of_nought(api: Client) -> None:
    nothing = await report(api, "counts", **OVERDUE, **LIVE)
    await with_figures(api, [a_figure(A, "overdue_dossiers", value=0)])
    none = await report(api, "counts", **OVERDUE, **LIVE)

    assert (nothing["sum"], nothing["units"], nothing["zero"], nothing["missing"]) == (0, 0, 0, 3)
    assert nothing["sentence"] == "Số hồ sơ quá hạn: chưa có số liệu."
    assert (none["sum"], none["units"], none["zero"], none["missing"]) == (0, 0, 1, 2)
    assert none["sentence"] == "Số hồ sơ quá hạn: không có cơ quan, đơn vị nào."
    assert none["items"] == []
    assert (await report(api, "counts", zeros=True, **OVERDUE, **LIVE))["items"][0]["share"] is None


@pytest.mark.parametrize(
    ("sort", "order"), [("count", [C, B, A]), ("name", [C, B, A]), ("code", [A, B, C])], ids=["count", "name", "code"]
)
async def test_the_list_is_in_the_order_asked_for(sort: str, order: list[str], api: Client) -> None:
    """Ân before Đà before Yên; equal counts share a place and stand in the order of a dictionary."""
    await with_figures(
        api, [a_figure(unit, "overdue_dossiers", value=value) for unit, value in ((A, 2), (B, 2), (C, 5))]
    )

    told = await report(api, "counts", sort=sort, **OVERDUE, **LIVE)

    assert list(listed(told)) == order
    assert {item["unit"]["code"]: item["place"] for item in told["items"]} == {C: 1, A: 2, B: 2}


async def test_of_several_sources_the_preferred_one_that_says_how_many_counts(api: Client) -> None:
    system = {"source": "provincial_system"}
    await with_figures(
        api,
        [
            a_figure(A, "dossier_sync", value=96),
            a_figure(A, "dossier_sync", numerator=47, denominator=50, **system),
            a_figure(B, "dossier_sync", numerator=45, denominator=50),
            a_figure(B, "dossier_sync", numerator=1, denominator=50, **system),
        ],
    )

    told = await report(api, "counts", **SYNC, **LIVE)

    assert listed(told) == {A: 47, B: 45}
    assert [item["source"] for item in told["items"]] == ["provincial_system", "national_portal"]


async def test_a_district_and_its_communes_are_not_counted_twice(api: Client) -> None:
    district = a_unit(code="H60.D", name="UBND huyện Yên Sơn", level="district", parent="H60")
    await with_units(api, [district, a_commune("H60.D.1", parent="H60.D"), a_commune("H60.D.2", parent="H60.D")])
    counts = {"H60.D": 27, "H60.D.1": 20, A: 3}
    await with_figures(api, [a_figure(unit, "overdue_dossiers", value=value) for unit, value in counts.items()])

    every = await report(api, "counts", **OVERDUE, **LIVE)
    communes = await report(api, "counts", level="commune", **OVERDUE, **LIVE)

    assert (every["sum"], listed(every), every["flags"]) == (30, {"H60.D": 27, A: 3}, ["levels_overlap"])
    assert every["missing"] == 2
    assert (communes["sum"], listed(communes), communes["flags"]) == (23, {"H60.D.1": 20, A: 3}, [])
    assert communes["missing"] == 3


@pytest.mark.parametrize(("stated", "agrees"), [(5, True), (6, False)])
@pytest.mark.parametrize("over", ["live", "evaluation"])
async def test_the_sum_is_held_against_what_is_stated_for_the_whole(
    over: str, stated: int, agrees: bool, api: Client, clock: Clock
) -> None:
    counts = {A: 2, B: 3, "H60": stated}
    await with_figures(api, [a_figure(unit, "overdue_dossiers", value=value) for unit, value in counts.items()])
    query: dict[str, Any] = LIVE
    if over == "evaluation":
        clock.forward(hours=1)
        order = {"framework": "qd766", **LIVE, "levels": ["commune"]}
        query = {"evaluation": (await api.post("/v1/evaluations", json=order)).json()["id"]}

    told = await report(api, "counts", **OVERDUE, **query)

    assert (told["sum"], told["stated_sum"], told["agrees"]) == (5, stated, agrees)


async def test_a_key_of_a_subtree_counts_its_units_and_is_told_that_they_are_a_part(
    api: Client, as_key: CallerMaker
) -> None:
    counts = {A: 2, B: 3, "H60": 5}
    await with_figures(api, [a_figure(unit, "overdue_dossiers", value=value) for unit, value in counts.items()])

    told = await report(as_key(Scope.VALUES_READ, unit=A), "counts", **OVERDUE, period="2024-07")

    assert (told["sum"], listed(told), told["missing"]) == (2, {A: 2}, 0)
    assert (told["stated_sum"], told["agrees"], told["flags"]) == (None, None, ["cohort_hidden"])


async def test_nothing_is_compared_where_the_whole_country_is_counted(api: Client) -> None:
    await with_figures(api, [a_figure("H60", "overdue_dossiers", value=5), a_figure(A, "overdue_dossiers", value=2)])

    told = await report(api, "counts", period="2024-07", **OVERDUE)

    assert (told["sum"], listed(told), told["stated_sum"]) == (5, {"H60": 5}, None)


@pytest.mark.parametrize(
    ("asked", "code", "parameter"),
    [
        ({"indicator": "total_points"}, "points_not_counted", "indicator"),
        ({"indicator": "overdue_dossiers", "part": "rest"}, "part_not_expected", "part"),
        ({"indicator": "overdue_dossier"}, "indicator_unknown", "indicator"),
    ],
)
async def test_what_cannot_be_counted_is_refused_with_a_way_out(
    asked: dict[str, str], code: str, parameter: str, api: Client
) -> None:
    answer = await api.get("/v1/reports/counts", params={**asked, **LIVE})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert fault.get("suggestion") == ("overdue_dossiers" if code == "indicator_unknown" else None)


async def test_an_indicator_has_to_be_named(api: Client) -> None:
    answer = await api.get("/v1/reports/counts", params=LIVE)

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "indicator")


async def test_fractions_are_added_exactly(api: Client) -> None:
    await with_figures(api, [a_figure(A, "average_days", value="0.1"), a_figure(B, "average_days", value="0.2")])

    told = await report(api, "counts", indicator="average_days", **LIVE)
    rows = await csv_rows(api, "counts", indicator="average_days", **LIVE)

    assert (told["sum"], told["sentence"].partition(":")[0]) == (0.3, "0,3 ngày của 02 cơ quan, đơn vị")
    assert [row["Tỷ trọng (%)"] for row in rows] == ["66.67", "33.33"]
