"""`"retract": true` with a moment: an observation like any other, told and taken back like any other."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
COUNTS = ("created", "updated", "unchanged")
GONE = {
    "unit": "H60",
    "period": "2024-07",
    "indicator": "dossier_sync",
    "source": "national_portal",
    "observed_at": "2024-09-01T09:00:00+07:00",
    "retract": True,
    "note": "Cổng rút số liệu",
}
"""Later than the moment of `some_figures`."""


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100")])


async def values(api: Client, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("/v1/values", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def counts(taken: dict[str, Any]) -> tuple[int, ...]:
    return tuple(taken[name] for name in COUNTS)


async def test_a_retraction_without_a_figure_is_kept_and_told_in_the_history(api: Client) -> None:
    taken = await with_figures(api, [GONE])
    again = await with_figures(api, [GONE])

    assert (counts(taken), counts(again)) == ((1, 0, 0), (0, 0, 1))
    assert await values(api) == []
    (revision,) = await values(api, history=True)
    assert (revision["retracted"], revision["note"], revision["undone_at"]) == (True, GONE["note"], None)
    assert (revision["numerator"], revision["denominator"], revision["value"]) == (None, None, None)
    assert revision["observed_at"] == "2024-09-01T02:00:00Z"


async def test_a_figure_older_than_its_retraction_joins_the_history(api: Client) -> None:
    await with_figures(api, [GONE])

    late = await with_figures(api, some_figures())

    assert counts(late) == (0, 1, 0)
    assert await values(api) == []
    assert [revision["retracted"] for revision in await values(api, history=True)] == [True, False]
    then = await values(api, observed_by="2024-08-31T00:00:00Z")
    assert [value["value"] for value in then] == [98.83]


async def test_an_undone_retraction_lets_the_figure_stand(api: Client, clock: Clock) -> None:
    taken = await with_figures(api, [GONE])
    clock.forward(minutes=1)
    await with_figures(api, some_figures())
    clock.forward(minutes=1)

    undone = (await api.post(f"/v1/imports/{taken['id']}/undo")).json()

    assert (undone["rows"], undone["updated"], undone["warnings"]) == (1, 1, [])
    assert [value["value"] for value in await values(api)] == [98.83]
    gone, _ = await values(api, history=True)
    assert (gone["retracted"], gone["undone_at"]) == (True, "2026-10-12T01:32:00Z")


async def test_a_figure_looked_up_after_its_retraction_stands(api: Client) -> None:
    await with_figures(api, [GONE])

    newer = await with_figures(api, some_figures(observed_at="2024-09-02T09:00:00+07:00"))

    assert counts(newer) == (0, 1, 0)
    assert [value["value"] for value in await values(api)] == [98.83]


async def test_a_dry_run_tells_what_a_retraction_would_count_as(api: Client) -> None:
    answer = await api.post("/v1/imports", json=[GONE], params={"dry_run": True})

    assert (counts(answer.json()), await values(api, history=True)) == ((1, 0, 0), [])


async def test_a_period_holds_data_once_a_figure_of_it_stands(api: Client) -> None:
    await with_figures(api, [GONE])
    empty = (await api.get("/v1/periods")).json()["items"]
    told = await values(api, history=True, **{"from": "2024-07", "to": "2024-07"})
    await with_figures(api, some_figures("H60.100"))

    assert (empty, [revision["retracted"] for revision in told]) == ([], [True])
    assert [period["code"] for period in (await api.get("/v1/periods")).json()["items"]] == ["2024-07"]
