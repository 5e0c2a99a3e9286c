"""A comparison tells no change between figures of two bodies, nor of a figure that was not looked up again."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
OURS, GONE = "H60.101", "H60.102"
ROW = "Hồ sơ đã đồng bộ"
RANKS = {"reported_rank": 3, "reported_rank_of": 23, "total_points": 60}


@pytest.fixture(autouse=True)
async def communes(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_commune(GONE)])


def stated(period: str, figures: Mapping[str, int], observed_at: str = "2024-08-26T09:00:00+07:00") -> list[Any]:
    figure = {"unit": OURS, "period": period, "source": "national_portal", "observed_at": observed_at}
    return [{**figure, "indicator": code, "value": value} for code, value in figures.items()]


async def comparison(api: Client, **query: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report, and its row of a rate."""
    asked = {"unit": OURS, "period": "2024-07", "layout": "commune_annex", **query}
    answer = await api.get("/v1/reports/comparison", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body, next(row for row in body["rows"] if row["heading"].startswith(ROW))


async def test_a_unit_that_took_another_over_has_no_change_of_any_figure(api: Client) -> None:
    for period, counted in (("2024-06", 25780), ("2024-07", 25775)):
        await with_figures(api, [*some_figures(OURS, period=period, numerator=counted), *stated(period, RANKS)])
    before, row_before = await comparison(api)
    event = {"kind": "merge", "effective_on": "2024-07-01", "from": [OURS, GONE], "to": [{"unit": OURS}]}
    assert (await api.post("/v1/unit-events", json=event)).status_code == 201

    after, row = await comparison(api)

    assert (row_before["change"]["count"], row_before["declined"]) == (-5, True)
    assert (row["change"]["count"], row["change"]["rate"], row["declined"]) == (None, None, False)
    assert row["flags"] == ["unit_changed"]
    assert (before["reported_rank"]["change"], after["reported_rank"]["change"]) == (0, None)
    assert (before["total"]["change"], after["total"]["change"]) == (0, None)


async def test_a_figure_that_was_not_looked_up_again_has_no_change(api: Client) -> None:
    first, second = "2024-08-01T09:00:00+07:00", "2024-08-02T09:00:00+07:00"
    await with_figures(api, [*some_figures(OURS, observed_at=first), *stated("2024-07", RANKS, first)])
    moments = {"against_observed_by": "2024-08-01T23:00:00+07:00"}

    stale, row_stale = await comparison(api, **moments)
    await with_figures(api, some_figures(OURS, observed_at=second, numerator=25776))
    fresh, row_fresh = await comparison(api, **moments)

    assert (row_stale["change"]["count"], row_stale["flags"]) == (None, ["not_observed_again"])
    assert (row_fresh["change"]["count"], row_fresh["flags"]) == (1, [])
    assert (stale["reported_rank"]["change"], fresh["reported_rank"]["change"]) == (None, None)
    await with_figures(api, stated("2024-07", RANKS, second))
    assert (await comparison(api, **moments))[0]["reported_rank"]["change"] == 0


async def test_a_group_that_was_looked_up_again_has_its_change_beside_a_total_that_was_not(api: Client) -> None:
    first, second = "2024-08-01T09:00:00+07:00", "2024-08-02T09:00:00+07:00"
    await with_figures(api, stated("2024-07", {"total_points": 80, "transparency_points": 13}, first))
    await with_figures(api, stated("2024-07", {"transparency_points": 14}, second))

    found, _ = await comparison(api, against_observed_by="2024-08-01T23:00:00+07:00")

    rows = {row["group"] or row["kind"]: row for row in found["rows"] if row["kind"] in ("group", "total")}
    assert (rows["transparency"]["change"]["points"], rows["transparency"]["flags"]) == (1, [])
    assert (rows["total"]["change"]["points"], rows["total"]["flags"]) == (None, ["not_observed_again"])
