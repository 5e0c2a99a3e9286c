"""`updated_after`: what has become as it is since a moment, of values and of evaluations."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published

Client = httpx.AsyncClient


async def found(api: Client, path: str, **query: Any) -> list[Any]:
    answer = await api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


@pytest.fixture(autouse=True)
async def communes(api: Client) -> None:
    await with_units(api, [a_unit(), *map(a_commune, ("H60.100", "H60.101", "H60.102"))])


async def test_values_that_became_known_since_are_listed_and_no_others(api: Client, clock: Clock) -> None:
    await with_figures(api, some_figures("H60.100", "H60.101"))
    [first, second] = await found(api, "/v1/values")
    clock.forward(minutes=1)
    await with_figures(api, some_figures("H60.101", numerator=25000) + some_figures("H60.102"))

    since = await found(api, "/v1/values", updated_after=first["known_at"])

    assert [each["unit"] for each in since] == ["H60.101", "H60.102"]
    assert second["unit"] == "H60.101"
    assert await found(api, "/v1/values", updated_after=since[0]["known_at"]) == []
    assert await found(api, "/v1/values", updated_after=since[0]["known_at"], as_of=since[0]["known_at"]) == []


async def test_pages_of_what_became_known_since_go_on_with_the_same_moment(api: Client, clock: Clock) -> None:
    await with_figures(api, some_figures("H60.100"))
    [first] = await found(api, "/v1/values")
    clock.forward(minutes=1)
    await with_figures(api, some_figures("H60.101", "H60.102"))

    page = await api.get("/v1/values", params={"updated_after": first["known_at"], "limit": 1})
    rest = await api.get(page.links["next"]["url"])

    assert [each["unit"] for each in page.json()["items"] + rest.json()["items"]] == ["H60.101", "H60.102"]


async def test_a_value_that_stands_again_since_an_import_was_undone_is_listed(api: Client, clock: Clock) -> None:
    await with_figures(api, some_figures("H60.100", "H60.101"))
    clock.forward(minutes=1)
    changed = await with_figures(api, some_figures("H60.100", numerator=25000))
    [known_at] = [each["known_at"] for each in await found(api, "/v1/values", unit="H60.100")]
    clock.forward(minutes=1)
    await api.post(f"/v1/imports/{changed['id']}/undo")

    [again] = await found(api, "/v1/values", updated_after=known_at)

    assert (again["unit"], again["numerator"]) == ("H60.100", 25775)
    assert await found(api, "/v1/values", updated_after=clock.present.isoformat()) == []


async def test_a_history_tells_what_was_taken_back_and_what_was_undone_since(api: Client, clock: Clock) -> None:
    taken = await with_figures(api, some_figures("H60.100", "H60.101"))
    [moment] = {each["known_at"] for each in await found(api, "/v1/values")}
    clock.forward(minutes=1)
    row = {"unit": "H60.101", "period": "2024-07", "indicator": "dossier_sync", "source": "national_portal"}
    await with_figures(api, [{**row, "retract": True}])
    await api.post(f"/v1/imports/{taken['id']}/undo")

    revisions = await found(api, "/v1/values", history=True, updated_after=moment)

    told = [(each["unit"], each["retracted"], each["undone_at"] is not None) for each in revisions]
    assert told == [("H60.100", False, True), ("H60.101", True, False)]
    assert await found(api, "/v1/values", updated_after=moment) == []


async def test_evaluations_are_listed_whose_state_changed_since(api: Client, anonymous: Client, clock: Clock) -> None:
    await a_province(api, clock)
    first = await published(api)
    clock.forward(minutes=1)
    second = await drafted(api)

    assert [each["id"] for each in await found(api, "/v1/evaluations", updated_after=first["published_at"])] == [2]
    assert await found(anonymous, "/v1/evaluations", updated_after=first["published_at"]) == []
    clock.forward(minutes=1)
    await api.post(f"/v1/evaluations/{second['id']}/publish")

    states = [
        (each["id"], each["status"])
        for each in await found(anonymous, "/v1/evaluations", updated_after=second["created_at"])
    ]
    assert states == [(2, "published"), (1, "superseded")]
    clock.forward(minutes=1)
    moment = clock.present.isoformat()
    assert await found(api, "/v1/evaluations", updated_after=moment) == []
    clock.forward(minutes=1)
    await api.post("/v1/evaluations/2/withdraw", json={"reason": "Sai số liệu"})
    assert [each["id"] for each in await found(api, "/v1/evaluations", updated_after=moment)] == [2]


@pytest.mark.parametrize("path", ["/v1/values", "/v1/evaluations"])
@pytest.mark.parametrize("moment", ["2024-07-08", "2024-07-08T11:00:00", "17", "yesterday"])
async def test_what_is_no_moment_is_refused(api: Client, path: str, moment: str) -> None:
    answer = await api.get(path, params={"updated_after": moment})

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "updated_after")


@pytest.mark.parametrize("path", ["/v1/values", "/v1/evaluations"])
async def test_nothing_has_changed_after_a_moment_that_is_still_to_come(api: Client, path: str) -> None:
    await with_figures(api, some_figures("H60.100"))

    assert await found(api, path, updated_after="2999-01-01T00:00:00Z") == []
