"""The classification report: for whose eyes, of which levels and groups, in which formats, live and frozen."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

Client = httpx.AsyncClient
CallerMaker = Callable[..., Client]

PATH = "/v1/reports/classification"
A, B, C = "H60.101", "H60.102", "H60.103"
FAR = "H19.100"
NASTY = "A & B <xã> =1+1"
LIVE = {"period": "2024-07", "under": "H60", "framework": "qd766@2022"}
GROUPS = {
    "transparency": 16,
    "progress": 18,
    "online": 10,
    "payment": 9,
    "satisfaction": 17,
    "digitization": 20,
}


def points(unit: str, **overrides: Any) -> list[dict[str, Any]]:
    """Reported points of every group: 90 in all."""
    stated = {"unit": unit, "period": "2024-07", "source": "national_portal", **overrides}
    return [{**stated, "indicator": f"{group}_points", "value": value} for group, value in GROUPS.items()]


@pytest.fixture(autouse=True)
async def world(api: Client) -> None:
    """A department and three communes of H60: one with groups, one with a total, one without figures; one of H19."""
    await with_units(
        api,
        [
            a_unit(),
            a_unit(code="H60.01", name="Sở Tư pháp", level="department", parent="H60"),
            *(a_commune(A, name=NASTY), a_commune(B), a_commune(C)),
            *(a_unit(code="H19"), a_commune(FAR)),
        ],
    )
    total = {"unit": B, "period": "2024-07", "indicator": "total_points", "value": 65, "source": "national_portal"}
    await with_figures(api, [*points(A), total, {**total, "unit": FAR, "value": 95}])


async def evaluated(api: Client, clock: Clock, *levels: str, publish: bool = True) -> int:
    """An evaluation of H60, an hour later."""
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": levels or ["commune"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    if publish:
        assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


async def refused(client: Client, **query: Any) -> tuple[int, str, list[str | None]]:
    """Status, code, and the parameters that are named."""
    answer = await client.get(PATH, params=query)
    body = answer.json()
    return answer.status_code, body["code"], [each.get("parameter") for each in body.get("errors", [])]


async def test_a_unit_without_figures_is_missing_and_not_weak(api: Client) -> None:
    (level,) = (await report(api, "classification", **LIVE))["levels"]

    assert (level["level"], level["of"], level["ranked"], level["unclassed"], level["missing"]) == (
        "commune",
        2,
        2,
        0,
        1,
    )
    assert {band["code"]: band["count"] for band in level["bands"]} == {
        "excellent": 1,
        "good": 0,
        "fair": 0,
        "average": 1,
        "weak": 0,
    }
    counted = await csv_rows(api, "classification", **LIVE)
    assert list(counted[-1].values()) == ["UBND cấp xã", "Chưa có số liệu", "1", "2", "", "commune", ""]


async def test_a_unit_without_a_total_has_no_class_and_is_counted_apart(api: Client) -> None:
    await with_figures(api, points(C)[:1])

    (level,) = (await report(api, "classification", **LIVE))["levels"]

    assert (level["of"], level["ranked"], level["unclassed"], level["missing"]) == (3, 2, 1, 0)
    assert [(item["rank"], item["band"] and item["band"]["code"]) for item in level["items"]] == [
        (1, "excellent"),
        (2, "average"),
        (None, None),
    ]
    counted = await csv_rows(api, "classification", **LIVE)
    assert [row["Số cơ quan, đơn vị"] for row in counted] == ["1", "0", "0", "1", "0", "1"]
    assert counted[-1]["Xếp loại"] == "Chưa xếp loại"
    listed = await csv_rows(api, "classification", table="commune", **LIVE)
    assert (listed[-1]["Hạng"], listed[-1]["Xếp loại"]) == ("", "Chưa xếp loại")


async def test_only_the_level_asked_for_is_told_even_where_nobody_has_figures(api: Client, clock: Clock) -> None:
    (empty,) = (await report(api, "classification", level="department", **LIVE))["levels"]
    id = await evaluated(api, clock, "department", "commune")
    frozen = (await report(api, "classification", evaluation=id))["levels"]

    assert (empty["of"], empty["missing"], empty["items"]) == (0, 1, [])
    assert [band["count"] for band in empty["bands"]] == [0] * 5
    assert [level["level"] for level in frozen] == ["department", "commune"]
    assert frozen[0] == empty
    rows = await csv_rows(api, "classification", level="department", **LIVE)
    assert {row["Tỷ lệ (%)"] for row in rows} == {""}


@pytest.mark.parametrize("over", ["live", "evaluation"])
async def test_the_legal_view_shows_five_groups(over: str, api: Client, clock: Clock) -> None:
    query = LIVE if over == "live" else {"evaluation": await evaluated(api, clock)}

    (level,) = (await report(api, "classification", view="legal", **query))["levels"]
    listed = await csv_rows(api, "classification", view="legal", table="commune", **query)

    assert level["items"][0]["groups"]["online_services"] == 19
    assert "payment" not in level["items"][0]["groups"]
    assert listed[0]["Cung cấp dịch vụ trực tuyến"] == "19"


@pytest.mark.parametrize("over", ["live", "evaluation"])
async def test_an_unknown_view_or_table_is_named_with_those_there_are(over: str, api: Client, clock: Clock) -> None:
    query = LIVE if over == "live" else {"evaluation": await evaluated(api, clock)}

    assert await refused(api, view="none", **query) == (422, "view_unknown", ["view"])
    assert await refused(api, table="district", **query) == (422, "table_unknown", ["table"])
    answer = await api.get(PATH, params={"table": "district", **query})
    assert "counts, commune" in answer.json()["detail"]


async def test_a_level_that_was_not_evaluated_is_refused(api: Client, clock: Clock) -> None:
    id = await evaluated(api, clock)

    assert await refused(api, evaluation=id, level="district") == (422, "level_not_evaluated", ["level"])


async def test_what_an_evaluation_fixes_cannot_be_asked_for_beside_it(api: Client, clock: Clock) -> None:
    id = await evaluated(api, clock)
    moment = "2026-10-12T01:00:00Z"
    said = {
        "period": "2024-07",
        "framework": "qd766",
        "under": "H60",
        "against": "2024-06",
        "as_of": moment,
        "observed_by": moment,
        "against_observed_by": moment,
    }

    assert await refused(api, evaluation=id, **said) == (422, "fixed_by_evaluation", list(said))


async def test_live_data_need_a_key_and_a_period(api: Client, anonymous: Client, as_key: CallerMaker) -> None:
    assert (await refused(anonymous, **LIVE))[:2] == (401, "key_required")
    assert (await refused(as_key(Scope.UNITS_WRITE), **LIVE))[:2] == (403, "scope_missing")
    assert await refused(api, under="H60") == (422, "period_needed", ["period"])
    assert (await refused(api, period="2024-07", under="H99"))[:2] == (404, "unit_unknown")


async def test_a_key_of_a_subtree_sees_its_units_without_their_ranks(as_key: CallerMaker) -> None:
    key = as_key(Scope.VALUES_READ, unit=A)

    found = await report(key, "classification", period="2024-07", framework="qd766@2022", level="commune")

    (level,) = found["levels"]
    assert [(item["unit"]["code"], item["rank"], item["total"]) for item in level["items"]] == [(A, None, 90)]
    assert level["items"][0]["flags"] == ["derived_total", "cohort_hidden"]
    assert (level["of"], level["missing"]) == (1, 0)
    for outside in ("H19", "H60"):
        assert (await refused(key, period="2024-07", under=outside))[:2] == (404, "unit_unknown")


async def test_a_draft_is_not_there_for_the_public_and_a_withdrawn_one_is_gone(
    api: Client, anonymous: Client, as_key: CallerMaker, clock: Clock
) -> None:
    id = await evaluated(api, clock, publish=False)

    assert (await refused(anonymous, evaluation=id))[:2] == (404, "evaluation_unknown")
    assert (await refused(as_key(*Scope, unit="H19"), evaluation=id))[:2] == (404, "evaluation_unknown")
    assert (await api.get(PATH, params={"evaluation": id})).headers["cache-control"] == "private, no-cache"
    await api.post(f"/v1/evaluations/{id}/publish")
    assert (await anonymous.get(PATH, params={"evaluation": id})).status_code == 200
    await api.post(f"/v1/evaluations/{id}/withdraw", json={"reason": "Sai số liệu"})
    assert (await refused(anonymous, evaluation=id))[:2] == (410, "withdrawn")
    assert (await api.get(PATH, params={"evaluation": id})).status_code == 200


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "ndjson"])
async def test_a_public_report_may_be_kept_for_good(format: str, api: Client, anonymous: Client, clock: Clock) -> None:
    query: dict[str, Any] = {"evaluation": await evaluated(api, clock), "format": format}

    first = await anonymous.get(PATH, params=query)
    held = {"If-None-Match": first.headers["etag"]}
    again = await anonymous.get(PATH, params=query, headers=held)
    other = await anonymous.get(PATH, params={**query, "view": "legal", "table": "commune"}, headers=held)

    assert first.headers["cache-control"] == "public, max-age=60, immutable"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert other.status_code == 200


async def test_live_data_have_to_be_asked_for_each_time(api: Client) -> None:
    answer = await api.get(PATH, params=LIVE)

    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_nasty_name_passes_unharmed(api: Client) -> None:
    listed = await csv_rows(api, "classification", table="commune", **LIVE)
    sheet = await sheet_rows(api, "classification", "Phụ lục 1 UBND cấp xã", **LIVE)

    assert listed[0]["Đơn vị"] == sheet[0]["Đơn vị"] == NASTY
