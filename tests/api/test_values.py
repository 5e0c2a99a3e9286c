"""Values out: what stands, what stood, and what was known when."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units


@pytest.fixture
async def units(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_commune("H60.100"), a_commune("H60.200")])


async def read(api: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("/v1/values", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def numerators(api: httpx.AsyncClient, **query: Any) -> list[int]:
    return [value["numerator"] for value in await read(api, **query)]


@pytest.mark.usefixtures("units")
async def test_a_percentage_that_nobody_states_is_derived_with_two_decimals(api: httpx.AsyncClient) -> None:
    await with_figures(
        api,
        [
            *some_figures(numerator=1, denominator=8),
            *some_figures("H60.100", numerator=2, denominator=3),
            *some_figures("H60.200", numerator=0, denominator=0),
            *some_figures("H61", numerator=1, denominator=2),
        ],
    )

    answer = await api.get("/v1/values")

    assert [value["value"] for value in answer.json()["items"]] == [12.5, 66.67, None, 50]
    assert '"value":12.50,' in answer.text
    assert '"value":50.00,' in answer.text


@pytest.mark.usefixtures("units")
async def test_values_are_filtered_by_everything_they_are_of(api: httpx.AsyncClient) -> None:
    rows = [
        *some_figures("H60", "H61", "H60.100"),
        *some_figures("H60.100", indicator="on_time"),
        *some_figures("H60.100", source="provincial_system"),
        *some_figures("H60.100", period="2024-06"),
    ]
    await with_figures(api, rows)

    async def count(**query: str) -> int:
        return len(await read(api, **query))

    assert await count() == 6
    assert await count(unit="H60.100") == 4
    assert await count(under="H60") == 4
    assert await count(level="province") == 2
    assert await count(under="H60", level="province") == 0
    assert await count(indicator="on_time") == 1
    assert await count(source="provincial_system") == 1
    assert await count(period="2024-06") == 1
    for unknown in ("unit", "under"):
        assert (await api.get("/v1/values", params={unknown: "H99"})).status_code == 404


@pytest.mark.usefixtures("units")
async def test_a_span_holds_every_period_that_lies_in_it(api: httpx.AsyncClient) -> None:
    periods = ["2023", "2024", "2024-01", "2024-12", "2024-H1", "2024-Q2", "2025-01", "2025"]
    await with_figures(api, [some_figures(period=period)[0] for period in periods])

    async def found(**query: str) -> set[str]:
        return {value["period"] for value in await read(api, **query)}

    assert await found(**{"from": "2024", "to": "2024"}) == {"2024", "2024-01", "2024-12", "2024-H1", "2024-Q2"}
    assert await found(**{"from": "2024-02", "to": "2024-H2"}) == {"2024-12", "2024-Q2"}
    assert await found(**{"from": "2025"}) == {"2025-01", "2025"}
    assert await found(to="2023") == {"2023"}
    assert await found(**{"from": "2026"}) == set()


@pytest.mark.parametrize("parameter", ["period", "from", "to"])
async def test_a_period_that_is_none_is_named_with_its_parameter(api: httpx.AsyncClient, parameter: str) -> None:
    answer = await api.get("/v1/values", params={parameter: "T7/2024"})

    (fault,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert (fault["code"], fault["parameter"], fault["suggestion"]) == ("period_invalid", parameter, "2024-07")


@pytest.mark.usefixtures("units")
async def test_the_two_clocks_tell_what_was_looked_up_and_what_was_known(api: httpx.AsyncClient, clock: Clock) -> None:
    """Looked up on the 26th and 28th, the 27th learned last: it joins the history and changes nothing current."""
    known = []
    for day, numerator in ((26, 1), (28, 3), (27, 2)):
        await with_figures(api, some_figures(numerator=numerator, observed_at=f"2024-08-{day}T09:00:00+07:00"))
        known.append(clock.forward(hours=1).isoformat())
        clock.forward(hours=1)

    assert await numerators(api) == [3]
    assert await numerators(api, history=True) == [3, 2, 1]
    assert [await numerators(api, as_of=moment) for moment in known] == [[1], [3], [3]]
    assert await numerators(api, as_of="2020-01-01T00:00:00Z") == []
    by_27th = "2024-08-27T23:00:00+07:00"
    assert await numerators(api, observed_by=by_27th) == [2]
    assert [await numerators(api, observed_by=by_27th, as_of=moment) for moment in known] == [[1], [1], [2]]
    assert await numerators(api, observed_by="2024-08-26T09:00:00+07:00") == [1]
    assert await numerators(api, history=True, as_of=known[1]) == [3, 1]


@pytest.mark.usefixtures("units")
async def test_of_equal_observations_the_one_known_last_stands(api: httpx.AsyncClient, clock: Clock) -> None:
    for numerator in (1, 2):
        await with_figures(api, some_figures(numerator=numerator))
        clock.forward(hours=1)

    assert await numerators(api) == [2]
    assert await numerators(api, history=True) == [2, 1]
    assert await numerators(api, observed_by="2024-08-26T09:00:00+07:00") == [2]


@pytest.mark.usefixtures("units")
async def test_an_unsaid_observation_is_the_moment_of_the_import(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(observed_at=None))

    (value,) = await read(api)
    assert value["observed_at"] == value["known_at"]


@pytest.mark.usefixtures("units")
async def test_a_figure_taken_back_is_seen_by_who_asks_about_before(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_figures(api, some_figures(numerator=5))
    before = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)
    row = {name: some_figures()[0][name] for name in ("unit", "period", "indicator", "source")}
    await with_figures(api, [{**row, "retract": True}])

    assert await numerators(api) == []
    assert await numerators(api, as_of=before) == [5]
    assert await numerators(api, observed_by="2024-08-27T00:00:00Z") == [5]
    await with_figures(api, some_figures(numerator=6, observed_at=clock.forward(hours=1).isoformat()))
    assert await numerators(api) == [6]


@pytest.mark.usefixtures("units")
async def test_an_answer_about_the_past_keeps_the_tree_of_the_past(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_figures(api, some_figures("H60.100", numerator=1))
    before = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)
    await api.patch("/v1/units/H60.100", json={"parent": "H61"}, params={"force": "true"})

    assert await numerators(api, under="H60") == []
    assert await numerators(api, under="H60", as_of=before) == [1]
    assert await numerators(api, under="H61", as_of=before) == []


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("history", [False, True])
async def test_pages_stay_right_while_figures_are_added(api: httpx.AsyncClient, clock: Clock, history: bool) -> None:
    periods = [f"2024-{month:02}" for month in range(2, 12)]
    await with_figures(api, [some_figures(period=period)[0] for period in periods])
    query: dict[str, Any] = {"limit": 3, "history": history}
    seen = []
    for turn in range(9):
        page = (await api.get("/v1/values", params=query)).json()
        seen += [(value["period"], value["known_at"]) for value in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
        clock.forward(hours=1)
        await with_figures(api, some_figures(period="2024-01", numerator=turn))

    assert [period for period, _ in seen] == periods


@pytest.mark.usefixtures("units")
async def test_figures_in_any_order_and_in_any_parts_give_the_same_values(api: httpx.AsyncClient, clock: Clock) -> None:
    rows = [
        *some_figures("H60", "H60.100", numerator=1),
        *some_figures("H60", numerator=2, observed_at="2024-08-27T09:00:00+07:00"),
        *some_figures("H60", numerator=3, observed_at="2024-08-25T09:00:00+07:00"),
    ]
    told = []
    for period, parts in (("2024-05", [rows]), ("2024-06", [rows[::-1]]), ("2024-07", [[row] for row in rows[::-1]])):
        for part in parts:
            clock.forward(seconds=1)
            await with_figures(api, [{**row, "period": period} for row in part])
        shown = (("unit", "numerator", "observed_at"), await read(api, period=period, history=True))
        told.append([tuple(value[name] for name in shown[0]) for value in shown[1]])

    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 4


@pytest.mark.usefixtures("units")
async def test_a_history_says_who_brought_each_revision_and_why(
    api: httpx.AsyncClient, as_key: Callable[..., httpx.AsyncClient], clock: Clock
) -> None:
    await with_figures(api, some_figures(numerator=1))
    clock.forward(minutes=1)
    later = {"observed_at": "2024-08-27T09:00:00+07:00", "note": "Công văn 12"}
    await with_figures(as_key(Scope.VALUES_WRITE, unit="H60"), some_figures(numerator=2, **later))

    history = await read(api, history=True)

    assert [(each["numerator"], each["actor"], each["note"]) for each in history] == [
        (2, "clerk-1", "Công văn 12"),
        (1, "bootstrap", None),
    ]
    assert "actor" not in (await read(api))[0]


@pytest.mark.parametrize(
    ("query", "status", "code", "parameter"),
    [
        ({"from": "2024-06", "to": "2024-04"}, 422, "span_reversed", "from"),
        ({"from": "2024-Q3", "to": "2024-06", "history": "true"}, 422, "span_reversed", "from"),
        ({"source": "national_portl"}, 422, "source_unknown", "source"),
        ({"indicator": "zz"}, 404, "indicator_unknown", None),
    ],
)
async def test_what_can_have_no_answer_is_refused_instead_of_answered_with_nothing(
    api: httpx.AsyncClient, query: dict[str, str], status: int, code: str, parameter: str | None
) -> None:
    answer = await api.get("/v1/values", params=query)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert [error.get("parameter") for error in problem.get("errors", [])] == ([parameter] if parameter else [])
    assert [error.get("suggestion") for error in problem.get("errors", []) if code == "source_unknown"] in (
        [],
        ["national_portal"],
    )


async def test_a_span_within_one_long_period_is_no_reversed_one(api: httpx.AsyncClient) -> None:
    for path in ("/v1/values", "/v1/periods"):
        assert (await api.get(path, params={"from": "2024-06", "to": "2024"})).status_code == 200
        refused = await api.get(path, params={"from": "2025", "to": "2024-06"})
        assert (refused.status_code, refused.json()["code"]) == (422, "span_reversed")


async def test_a_source_with_figures_or_a_name_may_be_asked_for(api: httpx.AsyncClient) -> None:
    for source in ("national_portal", "manual"):
        assert (await api.get("/v1/values", params={"source": source})).status_code == 200


async def test_a_source_that_no_framework_names_any_more_still_has_its_figures(api: httpx.AsyncClient) -> None:
    await api.post("/v1/frameworks", json=a_framework(sources=["zalo"]))
    await with_units(api, [a_unit()])
    await with_figures(api, some_figures(source="zalo"))
    await api.post("/v1/frameworks", json=a_framework())

    answer = await api.get("/v1/values", params={"source": "zalo"})

    assert [item["source"] for item in answer.json()["items"]] == ["zalo"]
