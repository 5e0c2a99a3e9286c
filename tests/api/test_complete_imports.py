"""`complete=true`: the file is the whole of its periods, sources and indicators, and what is absent is retracted."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient
Row = dict[str, Any]


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    communes = [a_commune(f"H60.10{digit}") for digit in range(4)]
    await with_units(api, [a_unit(), a_unit(code="H61"), *communes])


def a_row(unit: str, value: object = 50, **overrides: Any) -> Row:
    return {"unit": unit, "period": "2024-07", "indicator": "on_time", "value": value, **overrides}


async def sent(api: Client, rows: Sequence[Row], status: int = 200, **query: Any) -> Row:
    """What a complete import answers."""
    answer = await api.post("/v1/imports", json=list(rows), params={"complete": True, **query})
    assert answer.status_code == status, answer.text
    taken: Row = answer.json()
    return taken


async def standing(api: Client, **query: Any) -> list[tuple[str, str, str]]:
    """The figures that stand, by unit, period and indicator."""
    items = (await api.get("/v1/values", params=query)).json()["items"]
    return [(each["unit"], each["period"], each["indicator"]) for each in items]


def codes(found: Sequence[Row]) -> list[str]:
    return [each["code"] for each in found]


JULY = [a_row("H60.100"), a_row("H60.101"), a_row("H60.102")]


async def test_what_is_absent_from_a_complete_file_is_retracted(api: Client) -> None:
    await with_figures(api, JULY)

    taken = await sent(api, [a_row("H60.100"), a_row("H60.102", 60)])

    counts = [taken[name] for name in ("rows", "created", "updated", "unchanged", "rejected", "retracted")]
    assert counts == [2, 0, 1, 1, 0, 1]
    assert await standing(api) == [("H60.100", "2024-07", "on_time"), ("H60.102", "2024-07", "on_time")]
    (warning,) = taken["warnings"]
    assert (warning["code"], warning["value"]) == ("figure_absent", "H60.101")
    record = (await api.get(f"/v1/imports/{taken['id']}")).json()
    assert (record["retracted"], record["warnings"]) == (1, taken["warnings"])


async def test_without_being_said_to_be_complete_a_file_retracts_nothing(api: Client) -> None:
    await with_figures(api, JULY)

    taken = await with_figures(api, [a_row("H60.100")])

    assert taken["retracted"] == 0
    assert len(await standing(api)) == 3


@pytest.mark.parametrize("other", [{"period": "2024-08"}, {"indicator": "dossier_sync"}, {"source": "national_portal"}])
async def test_other_periods_indicators_and_sources_stay(api: Client, other: Row) -> None:
    await with_figures(api, [*JULY, a_row("H60.103", **other)])

    taken = await sent(api, JULY)

    assert (taken["retracted"], taken["unchanged"]) == (0, 3)
    assert len(await standing(api)) == 4


async def test_of_several_scopes_only_those_of_the_file_are_whole(api: Client) -> None:
    """The portal's on_time and the office's dossier_sync are stated; the portal's dossier_sync is neither."""
    portal = {"source": "national_portal"}
    await with_figures(api, [a_row("H60.100", indicator="dossier_sync", **portal)])

    taken = await sent(api, [a_row("H60.101", **portal), a_row("H60.101", indicator="dossier_sync")])

    assert taken["retracted"] == 0


async def test_an_empty_cell_of_a_wide_file_is_absent(api: Client) -> None:
    await with_figures(api, [*JULY, a_row("H60.100", indicator="dossier_sync")])
    wide = "unit,on_time,dossier_sync\nH60.100,50,\nH60.101,,\nH60.102,50,\n"

    query: Row = {"complete": True, "period": "2024-07"}
    answer = await api.post("/v1/imports", content=wide, params=query, headers={"Content-Type": "text/csv"})

    assert answer.json()["retracted"] == 1
    left = [("H60.100", "dossier_sync"), ("H60.100", "on_time"), ("H60.102", "on_time")]
    assert [(unit, indicator) for unit, _, indicator in await standing(api)] == left


async def test_a_unit_named_by_an_identifier_is_not_absent(api: Client) -> None:
    other = {**a_unit(code="H62"), "identifiers": [{"scheme": "demo", "value": "62"}]}
    await with_units(api, [other])
    await with_figures(api, [a_row("H62")])

    taken = await sent(api, [a_row("demo:62")])

    assert (taken["unchanged"], taken["retracted"]) == (1, 0)


async def test_a_dry_run_shows_what_would_be_retracted_and_its_plan_holds_until_that_changes(api: Client) -> None:
    await with_figures(api, JULY)
    rows = [a_row("H60.100"), a_row("H60.101")]
    planned = await sent(api, rows, dry_run=True)
    again = await sent(api, rows, dry_run=True)
    assert (planned["status"], planned["retracted"], codes(planned["warnings"])) == ("planned", 1, ["figure_absent"])
    assert planned["plan"] == again["plan"]
    assert len(await standing(api)) == 3

    await with_figures(api, [a_row("H60.103")])
    refused = await sent(api, rows, 409, plan=planned["plan"])
    renewed = await sent(api, rows, dry_run=True)
    taken = await sent(api, rows, plan=renewed["plan"])

    assert refused["code"] == "plan_changed"
    assert (renewed["retracted"], taken["retracted"]) == (2, 2)
    assert len(await standing(api)) == 2


async def test_the_undo_of_a_complete_import_lets_what_it_retracted_stand(api: Client, clock: Clock) -> None:
    await with_figures(api, JULY)
    clock.forward(minutes=1)
    taken = await sent(api, [a_row("H60.100", 70), a_row("H60.101")])
    clock.forward(minutes=1)

    undone = (await api.post(f"/v1/imports/{taken['id']}/undo")).json()

    assert (undone["rows"], undone["updated"], undone["retracted"]) == (2, 2, 0)
    assert len(await standing(api)) == 3


async def test_the_same_complete_file_again_retracts_nothing_more(api: Client) -> None:
    await with_figures(api, JULY)
    await sent(api, JULY[:2])

    again = await sent(api, JULY[:2])

    assert (again["unchanged"], again["retracted"], again["warnings"]) == (2, 0, [])


async def test_a_figure_whose_row_was_refused_is_not_absent(api: Client) -> None:
    await with_figures(api, JULY)

    taken = await sent(api, [a_row("H60.100"), a_row("H60.101", 150)], on_error="skip")

    assert (taken["rejected"], taken["retracted"]) == (1, 1)
    assert [unit for unit, *_ in await standing(api)] == ["H60.100", "H60.101"]


async def test_figures_that_stand_twice_in_the_file_are_refused_and_not_absent(api: Client) -> None:
    await with_figures(api, JULY)

    taken = await sent(api, [a_row("H60.100"), a_row("H60.101", 60), a_row("H60.101", 61)], on_error="skip")

    assert (taken["rejected"], taken["retracted"]) == (2, 1)
    assert [unit for unit, *_ in await standing(api)] == ["H60.100", "H60.101"]


@pytest.mark.parametrize("untold", [{"unit": "H60.1O1"}, {"period": "2024-13"}, {"source": "by_phone"}, {"unit": ""}])
async def test_while_a_refused_row_does_not_say_of_which_figure_it_is_nothing_is_retracted(
    api: Client, untold: Row
) -> None:
    """It may be the very one that seems to be absent."""
    await with_figures(api, JULY)

    taken = await sent(api, [a_row("H60.100"), {**a_row("H60.101"), **untold}], on_error="skip")

    assert (taken["rejected"], taken["retracted"]) == (1, 0)
    assert codes(taken["warnings"]) == ["retraction_withheld"]
    assert len(await standing(api)) == 3


@pytest.mark.parametrize("rows", [[], [a_row("H60.100", 150)], [a_row("H60.100", None, retract=True)]])
async def test_a_file_that_states_no_figure_retracts_nothing_by_absence(api: Client, rows: list[Row]) -> None:
    await with_figures(api, JULY)

    taken = await sent(api, rows, on_error="skip")

    assert taken["retracted"] == 0


async def test_a_refused_file_retracts_nothing(api: Client) -> None:
    await with_figures(api, JULY)

    refused = await sent(api, [a_row("H60.100"), a_row("H60.101", 150)], 422)

    assert (refused["code"], refused["retracted"]) == ("import_rejected", 0)
    assert len(await standing(api)) == 3


async def test_a_key_of_a_subtree_retracts_only_there(api: Client, as_key: Callable[..., Client]) -> None:
    await with_figures(api, [*JULY, a_row("H61")])
    province = as_key(Scope.VALUES_WRITE, unit="H60")

    taken = await sent(province, [a_row("H60.100")])

    assert taken["retracted"] == 2
    assert [unit for unit, *_ in await standing(api)] == ["H60.100", "H61"]


async def test_under_a_unit_only_figures_of_those_below_it_are_retracted(api: Client) -> None:
    await with_figures(api, [*JULY, a_row("H60"), a_row("H61")])

    taken = await sent(api, [a_row("H60.100")], under="H60")

    assert taken["retracted"] == 2
    assert [unit for unit, *_ in await standing(api)] == ["H60", "H60.100", "H61"]


async def test_under_is_a_unit_that_is_known_and_may_be_written(api: Client, as_key: Callable[..., Client]) -> None:
    province = as_key(Scope.VALUES_WRITE, unit="H60")

    assert (await sent(api, JULY, 404, under="H99"))["code"] == "unit_unknown"
    assert (await sent(province, JULY, 403, under="H61"))["code"] == "unit_forbidden"


async def test_more_than_half_retracted_is_warned_of_first(api: Client) -> None:
    await with_figures(api, JULY)

    taken = await sent(api, [a_row("H60.100")])

    assert codes(taken["warnings"]) == ["most_figures_absent", "figure_absent", "figure_absent"]
    assert "2 figures" in taken["warnings"][0]["detail"]


async def test_figures_beyond_a_thousand_are_counted(api: Client) -> None:
    await with_units(api, [a_commune(f"H60.{number}") for number in range(1000, 2100)])
    await with_figures(api, [a_row(f"H60.{number}") for number in range(1000, 2100)])

    taken = await sent(api, [a_row("H60.1000")])

    assert (taken["retracted"], len(await standing(api, limit=10))) == (1099, 1)
    assert codes(taken["warnings"])[-2:] == ["figure_absent", "further_warnings"]
    assert "100 further" in taken["warnings"][-1]["detail"]


async def test_a_dated_file_retracts_as_of_its_moment_and_not_what_was_looked_up_later(api: Client) -> None:
    early, later = {"observed_at": "2024-08-01T09:00:00+07:00"}, {"observed_at": "2024-08-03T09:00:00+07:00"}
    at = {"observed_at": "2024-08-02T09:00:00+07:00"}
    await with_figures(api, [a_row("H60.101", **early), a_row("H60.102", **later)])

    taken = await sent(api, [a_row("H60.100", **at)])

    assert taken["retracted"] == 1
    assert [unit for unit, *_ in await standing(api)] == ["H60.100", "H60.102"]
    assert [unit for unit, *_ in await standing(api, observed_by="2024-08-01T12:00:00Z")] == ["H60.101"]


async def test_an_import_in_the_background_retracts_too(api: Client, service: FastAPI) -> None:
    await with_figures(api, JULY)
    service.state.jobs.start()

    query, preferred = {"complete": True}, {"Prefer": "respond-async"}
    answer = await api.post("/v1/imports", json=[a_row("H60.100")], params=query, headers=preferred)
    while (record := (await api.get(answer.headers["Location"])).json())["status"] == "running":
        await asyncio.sleep(0.01)
    service.state.jobs.stop()

    assert (record["status"], record["retracted"], record["unchanged"]) == ("applied", 2, 1)
    assert [unit for unit, *_ in await standing(api)] == ["H60.100"]
