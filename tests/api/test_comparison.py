"""The comparison report beyond the letters: whom it compares with what, what cannot be said, for whose eyes."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

OURS, OTHER, FAR = "H60.101", "H60.102", "H19.100"
NASTY = "A & B <xã> =1+1"
ASKED = {"unit": OURS, "period": "2024-07"}
CallerMaker = Callable[..., httpx.AsyncClient]


def a_rate(unit: str, indicator: str, value: object, **overrides: Any) -> dict[str, Any]:
    return some_figures(unit, indicator=indicator, value=value, numerator=None, denominator=None, **overrides)[0]


def both_months(unit: str, indicator: str, before: object, now: object) -> list[dict[str, Any]]:
    return [a_rate(unit, indicator, before, period="2024-06"), a_rate(unit, indicator, now)]


def row_of(body: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The one row with these members."""
    (found,) = [row for row in body["rows"] if all(row[name] == value for name, value in facts.items())]
    return dict(found)


def rank_row(body: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in body["rows"] if row["kind"] == "rank")


@pytest.fixture(autouse=True)
async def units(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(OTHER), a_unit(code="H19"), a_commune(FAR)])


async def test_the_unit_is_the_one_that_under_names(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures("H60"))

    body = await report(api, "comparison", under="H60", period="2024-07")

    assert (body["unit"]["code"], body["layout"]["code"]) == ("H60", "province_letter")


@pytest.mark.parametrize(
    ("query", "status", "code", "way_out"),
    [
        ({}, 422, "unit_needed", "unit=H60"),
        ({**ASKED, "layout": "no_such"}, 422, "layout_unknown", "commune_annex, follow_up_note"),
        ({**ASKED, "view": "no_such"}, 422, "view_unknown", "legal"),
        ({**ASKED, "under": "H19"}, 422, "unit_outside", "leave `under` out"),
        ({"unit": "H99", "period": "2024-07"}, 404, "unit_unknown", "H99"),
        ({"unit": OTHER, "period": "2024-07"}, 404, "no_figures", "2024-07"),
        ({**ASKED, "only": "risen"}, 422, "request_invalid", ""),
    ],
)
async def test_what_cannot_be_compared_is_refused_with_a_way_out(
    query: dict[str, str], status: int, code: str, way_out: str, api: httpx.AsyncClient
) -> None:
    await with_figures(api, some_figures(OURS))

    answer = await api.get("/v1/reports/comparison", params={"period": "2024-07", **query})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert way_out in answer.json()["detail"]


async def test_a_missing_figure_is_null_on_its_side_and_nothing_changed(api: httpx.AsyncClient) -> None:
    await with_figures(api, [*some_figures(OURS, period="2024-06"), a_rate(OURS, "on_time", 91)])

    body = await report(api, "comparison", **ASKED)
    gone = row_of(body, heading="Hồ sơ đã đồng bộ")
    come = row_of(body, heading="Tỷ lệ hồ sơ giải quyết đúng hạn")

    assert (gone["now"]["count"], gone["now"]["rate"], gone["before"]["count"]) == (None, None, 25775)
    assert (come["now"]["rate"], come["before"]["rate"]) == (91, None)
    assert {value for row in (gone, come) for value in row["change"].values()} == {None}
    assert (gone["declined"], come["declined"]) == (False, False)
    assert (gone["now_text"], come["change_text"]) == (None, None)


async def test_nothing_over_nothing_has_counts_and_no_rate(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(OURS, numerator=0, denominator=0))

    synced = row_of(await report(api, "comparison", **ASKED), heading="Hồ sơ đã đồng bộ")

    assert (synced["now"]["count"], synced["now"]["of"], synced["now"]["rate"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("indicator", "layout", "before", "now", "fallen"),
    [
        ("on_time", "commune_annex", 95, 90, ["2.1", "2.2"]),
        ("on_time", "commune_annex", 90, 95, []),
        ("overdue_dossiers", "follow_up_note", 3, 7, [None]),
        ("overdue_dossiers", "follow_up_note", 7, 3, []),
        ("citizen_accounts", "commune_annex", 100, 99, ["6.3"]),
        ("petition_staff", "commune_annex", 5, 50, []),
        ("total_points", "legal_groups", 80, 79.5, [None]),
        ("transparency_points", "commune_annex", 10, 9.5, ["I"]),
    ],
    ids=[
        "rate",
        "rate rises",
        "overdue rises",
        "overdue falls",
        "count",
        "neither good nor bad",
        "total",
        "group without a whole total",
    ],
)
async def test_a_decline_is_what_its_indicator_calls_worse(
    indicator: str, layout: str, before: object, now: object, fallen: list[str | None], api: httpx.AsyncClient
) -> None:
    await with_figures(api, both_months(OURS, indicator, before, now))

    body = await report(api, "comparison", **ASKED, layout=layout, only="declined")

    assert [row["number"] for row in body["rows"]] == fallen


async def test_a_fallen_rank_is_a_decline(api: httpx.AsyncClient) -> None:
    rows = [*both_months(OURS, "total_points", 80, 80), *both_months(OTHER, "total_points", 70, 90)]
    await with_figures(api, rows)

    body = await report(api, "comparison", **ASKED, only="declined")

    assert [(row["kind"], row["change"]["rank"]) for row in body["rows"]] == [("rank", -1)]
    assert body["rank"] == {"now": {"rank": 2, "of": 2}, "before": {"rank": 1, "of": 2}, "change": -1}


async def test_a_stated_rest_stands_as_stated_and_only_beside_its_own_source(api: httpx.AsyncClient) -> None:
    base = some_figures(OURS, numerator=60, denominator=100, value=60)
    await with_figures(api, [*base, a_rate(OURS, "unsynced_dossiers", 41)])
    other = {"period": "2024-06", "source": "provincial_system"}
    await with_figures(
        api, [*some_figures(OURS, period="2024-06", numerator=60), a_rate(OURS, "unsynced_dossiers", 41, **other)]
    )

    rest = row_of(await report(api, "comparison", **ASKED), heading="Hồ sơ chưa đồng bộ")

    assert (rest["now"]["rate"], rest["now"]["count"]) == (41, None)
    assert rest["before"]["source"] == "national_portal"
    assert rest["before"]["count"] == 26020


async def test_figures_of_two_sources_are_compared_and_marked(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(OURS, period="2024-06", source="provincial_system"))
    await with_figures(api, some_figures(OURS))

    synced = row_of(await report(api, "comparison", **ASKED), heading="Hồ sơ đã đồng bộ")

    assert synced["flags"] == ["source_changed"]
    assert (synced["before"]["source"], synced["change"]["rate"]) == ("provincial_system", 0)


async def test_of_several_sources_the_one_that_the_framework_prefers_is_shown(api: httpx.AsyncClient) -> None:
    await with_figures(api, [*some_figures(OURS, source="manual", numerator=1), *some_figures(OURS)])

    synced = row_of(await report(api, "comparison", **ASKED), heading="Hồ sơ đã đồng bộ")

    assert (synced["now"]["source"], synced["now"]["count"]) == ("national_portal", 25775)


async def test_two_moments_of_one_period_lie_side_by_side(api: httpx.AsyncClient) -> None:
    for day, synced in (("2024-08-01", 90), ("2024-08-02", 85)):
        figure = {"numerator": synced, "denominator": 100, "observed_at": f"{day}T09:00:00+07:00"}
        await with_figures(api, some_figures(OURS, **figure))
        await with_figures(api, [a_rate(OURS, "total_points", synced, observed_at=f"{day}T09:00:00+07:00")])

    asked = {**ASKED, "against_observed_by": "2024-08-01T23:00:00+07:00"}
    body = await report(api, "comparison", **asked)

    synced_row = row_of(body, heading="Hồ sơ đã đồng bộ")
    assert (body["period"], body["against"]) == ("2024-07", "2024-07")
    assert body["moments"] == {"now": "2024-08-02T02:00:00Z", "before": "2024-08-01T02:00:00Z"}
    assert (synced_row["before"]["rate"], synced_row["now"]["rate"], synced_row["change_text"]) == (90, 85, "-5 điểm %")
    assert body["total"] == {"now": 85, "before": 90, "max": 100, "change": -5}


async def test_across_rules_figures_are_compared_and_points_are_not(api: httpx.AsyncClient) -> None:
    for period in ("2025-12", "2026-01"):
        stated = {"period": period, "observed_at": "2026-02-10T09:00:00+07:00"}
        figures = {"transparency_points": 10, "total_points": 60, "on_time": 90, "reported_rank": 3}
        await with_figures(api, [a_rate(OURS, code, value, **stated) for code, value in figures.items()])

    body = await report(api, "comparison", unit=OURS, period="2026-01")
    group, rate = row_of(body, group="transparency"), row_of(body, number="2.1")

    assert (body["framework"], body["against_framework"]) == ("qd766@2026", "qd766@2022")
    assert (group["now"]["points"], group["before"]["points"], group["change"]["points"]) == (10, 10, None)
    assert group["flags"] == ["rules_changed"]
    assert (body["total"]["change"], body["rank"]["change"], body["reported_rank"]["change"]) == (None, None, None)
    assert (rate["change"]["rate"], rate["change_text"]) == (0, "0 điểm %")


async def test_a_rank_among_another_cohort_has_no_move(api: httpx.AsyncClient) -> None:
    await with_figures(api, [*both_months(OURS, "total_points", 80, 81), a_rate(OTHER, "total_points", 90)])
    for period, of in (("2024-06", 23), ("2024-07", 24)):
        ranks = {"reported_rank": 9, "reported_rank_of": of}
        await with_figures(api, [a_rate(OURS, code, value, period=period) for code, value in ranks.items()])

    body = await report(api, "comparison", **ASKED)

    assert body["rank"] == {"now": {"rank": 2, "of": 2}, "before": {"rank": 1, "of": 1}, "change": None}
    assert rank_row(body)["flags"] == ["cohort_changed"]
    assert (body["reported_rank"]["before"]["of"], body["reported_rank"]["change"]) == (23, None)


@pytest.mark.parametrize(("unit", "place"), [("H60.01.01", 1), (OURS, 2)])
async def test_a_rank_is_taken_among_siblings_or_below_the_unit_that_is_named(
    unit: str, place: int, api: httpx.AsyncClient
) -> None:
    district = a_unit(code="H60.01", level="district", parent="H60")
    await with_units(api, [district, a_commune("H60.01.01", parent="H60.01")])
    totals = {"H60.01.01": 90, OURS: 80}
    await with_figures(api, [a_rate(each, "total_points", total) for each, total in totals.items()])

    beside = await report(api, "comparison", unit=unit, period="2024-07")
    below = await report(api, "comparison", unit=unit, period="2024-07", under="H60")

    assert (beside["rank"]["now"], below["rank"]["now"]) == ({"rank": 1, "of": 1}, {"rank": place, "of": 2})


async def test_a_unit_that_moved_is_compared_with_what_it_was_where_it_was(api: httpx.AsyncClient) -> None:
    await with_figures(api, [*both_months(OURS, "total_points", 70, 75), *both_months(OTHER, "total_points", 80, 80)])
    event = {"kind": "move", "effective_on": "2024-07-01", "from": [OURS], "parent": "H19"}
    assert (await api.post("/v1/unit-events", json=event, params={"force": "true"})).status_code == 201

    body = await report(api, "comparison", **ASKED)

    assert body["total"] == {"now": 75, "before": 70, "max": 100, "change": 5}
    assert body["rank"] == {"now": {"rank": 1, "of": 1}, "before": {"rank": 2, "of": 2}, "change": None}


def places(body: dict[str, Any]) -> list[str]:
    return [row["now_text"] for row in body["rows"] if row["kind"] == "rank"]


async def test_a_place_among_one_is_not_printed_above_the_place_that_the_source_states(api: httpx.AsyncClient) -> None:
    stated = [a_rate(OURS, code, value) for code, value in (("reported_rank", 14), ("reported_rank_of", 63))]
    await with_figures(api, [*both_months(OURS, "total_points", 80, 81), *stated])

    alone = await report(api, "comparison", **ASKED, layout="province_letter")
    await with_figures(api, both_months(OTHER, "total_points", 90, 70))
    among_two = await report(api, "comparison", **ASKED, layout="province_letter")

    assert (places(alone), alone["rank"]["now"]) == (["14/63"], {"rank": 1, "of": 1})
    assert places(among_two) == ["01/02", "14/63"]


async def test_a_place_among_one_is_printed_where_no_other_is_known(api: httpx.AsyncClient) -> None:
    await with_figures(api, both_months(OURS, "total_points", 80, 81))

    assert places(await report(api, "comparison", **ASKED)) == ["01/01", None]


async def test_the_first_period_of_a_unit_has_nothing_before_it(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_commune("H60.109", valid_from="2024-07-01")])
    await with_figures(api, some_figures("H60.109"))

    body = await report(api, "comparison", unit="H60.109", period="2024-07")

    assert (body["moments"]["before"], body["total"]["before"], body["rank"]["before"]) == (None, None, None)


async def test_a_group_that_the_rules_do_not_know_says_so(api: httpx.AsyncClient) -> None:
    await with_figures(api, [a_rate(OURS, "total_points", 80)])

    body = await report(api, "comparison", **ASKED, layout="commune_annex", view="legal")

    assert row_of(body, group="payment")["flags"] == ["not_in_framework"]
    assert row_of(body, group="transparency")["flags"] == []


async def test_a_subtree_key_compares_its_own_unit_and_learns_no_rank(
    api: httpx.AsyncClient, as_key: CallerMaker
) -> None:
    await with_figures(api, [a_rate(unit, "total_points", 80) for unit in (OURS, OTHER, FAR)])
    key = as_key(Scope.VALUES_READ, unit=OURS)

    body = await report(key, "comparison", **ASKED)
    foreign = await key.get("/v1/reports/comparison", params={"unit": OTHER, "period": "2024-07"})

    assert (body["total"]["now"], body["rank"]["now"]) == (80, None)
    assert rank_row(body)["flags"] == ["cohort_hidden"]
    assert (foreign.status_code, foreign.json()["code"]) == (404, "unit_unknown")


async def an_evaluation(api: httpx.AsyncClient, clock: Clock, levels: Sequence[str] = ("commune",)) -> int:
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": [*levels]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


async def test_an_evaluation_ranks_a_unit_in_its_frozen_cohort_alone(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await with_figures(api, [*both_months(OURS, "total_points", 70, 75), *both_months(OTHER, "total_points", 80, 74)])
    id = await an_evaluation(api, clock)
    await with_figures(api, [a_rate(OTHER, "total_points", 99, observed_at="2024-09-01T09:00:00+07:00")])

    body = await report(anonymous, "comparison", evaluation=id, unit=OURS)

    assert body["rank"] == {"now": {"rank": 1, "of": 2}, "before": {"rank": 2, "of": 2}, "change": 1}
    assert body["total"] == {"now": 75, "before": 70, "max": 100, "change": 5}


@pytest.mark.parametrize("levels", [["commune"], ["province", "commune"]])
async def test_over_an_evaluation_the_unit_evaluated_under_has_its_points_and_no_rank(
    levels: list[str], api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await with_figures(api, [*both_months("H60", "total_points", 80, 81.77), *both_months("H60", "on_time", 90, 91.3)])
    await with_figures(api, some_figures(OURS))
    id = await an_evaluation(api, clock, levels)

    body = await report(anonymous, "comparison", evaluation=id)

    assert body["unit"]["code"] == "H60"
    assert body["total"] == {"now": 81.77, "before": 80, "max": 100, "change": 1.77}
    assert body["rank"] == {"now": None, "before": None, "change": None}
    assert rank_row(body)["flags"] == ["cohort_not_evaluated"]
    assert row_of(body, indicator="on_time", part="numerator")["change_text"] == "+1,3 điểm %"


@pytest.mark.parametrize(
    ("query", "status", "code", "why"),
    [
        ({"unit": OURS, "view": "no_such"}, 422, "view_unknown", "there are legal"),
        ({"unit": FAR}, 404, "unit_unknown", f"is not about {FAR}, which is of another place"),
        ({"unit": "H99"}, 404, "unit_unknown", "No unit has the code H99"),
        ({"unit": OTHER}, 404, "no_figures", OTHER),
        ({"unit": OURS, "period": "2024-07"}, 422, "fixed_by_evaluation", "leave it out"),
    ],
)
async def test_what_an_evaluation_does_not_hold_is_refused(
    query: dict[str, str],
    status: int,
    code: str,
    why: str,
    api: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    clock: Clock,
) -> None:
    await with_figures(api, some_figures(OURS))
    id = await an_evaluation(api, clock)

    answer = await anonymous.get("/v1/reports/comparison", params={"evaluation": id, **query})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert why in answer.json()["detail"]


async def test_a_view_sums_the_groups_of_an_evaluation(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    rows = [*both_months(OURS, "online_points", 7, 7.5), *both_months(OURS, "payment_points", 8, 8.3)]
    await with_figures(api, rows)
    id = await an_evaluation(api, clock)

    body = await report(anonymous, "comparison", evaluation=id, unit=OURS, layout="legal_groups")
    online = row_of(body, group="online_services")

    assert (body["view"], online["now"]["points"], online["before"]["points"]) == ("legal", 15.8, 15)
    assert (online["now"]["max"], online["change"]["points"]) == (22, 0.8)


async def test_a_name_that_looks_like_a_formula_passes_through_every_format(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_commune(OURS, name=NASTY)])
    await with_figures(api, some_figures(OURS))

    body = await report(api, "comparison", **ASKED)
    sheet = await api.get("/v1/reports/comparison", params={**ASKED, "format": "xlsx"})
    lines = await api.get("/v1/reports/comparison", params={**ASKED, "format": "ndjson"})

    assert body["unit"]["name"] == NASTY
    assert sheet.status_code == lines.status_code == 200
    assert len(lines.text.splitlines()) == len(body["rows"]) == len(await csv_rows(api, "comparison", **ASKED))
    assert len(await sheet_rows(api, "comparison", "So sánh hai kỳ", **ASKED)) == len(body["rows"])


async def test_a_report_costs_the_same_whatever_it_prints(
    api: httpx.AsyncClient, database: Database, count_queries: Callable[[], Any]
) -> None:
    await with_figures(api, both_months(OURS, "on_time", 7, 8))
    database.memory.entries.clear()
    with count_queries() as few:
        await report(api, "comparison", **ASKED, layout="legal_groups")
    codes = ("on_time", "online_dossiers", "paid_dossiers", "total_points", "transparency_points")
    rows = [row for code in codes for unit in (OURS, OTHER) for row in both_months(unit, code, 7, 8)]
    await with_figures(api, rows)

    database.memory.entries.clear()
    with count_queries() as many:
        body = await report(api, "comparison", **ASKED, layout="commune_annex")

    assert len(body["rows"]) == 45
    assert len(many) == len(few) <= 28


async def test_everybody_reads_the_layouts_and_their_rows(anonymous: httpx.AsyncClient) -> None:
    items = (await anonymous.get("/v1/reports/layouts")).json()["items"]

    assert [item["code"] for item in items] == ["commune_annex", "follow_up_note", "legal_groups", "province_letter"]
    annex = items[0]["rows"]
    assert [row["number"] for row in annex[:5]] == ["I", "1.1", "1.2", "a)", "b)"]
    assert [(row["indicator"], row["part"]) for row in annex[3:5]] == [
        ("dossier_sync", "numerator"),
        ("dossier_sync", "complement"),
    ]
