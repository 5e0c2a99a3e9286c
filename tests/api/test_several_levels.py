"""`/v1/scores?level=department,commune`: the boards of several levels in one answer, each ranked by itself."""

from typing import Any

import httpx
import pytest

from tests.api.test_scores import totals, with_figures
from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient
ORDER = ["H60.01", "H60.02", "H60.102", "H60.101"]
POINTS = {"H60.01": "90", "H60.02": "60", "H60.101": "55", "H60.102": "95"}


@pytest.fixture(autouse=True)
async def departments_and_communes(api: Client) -> None:
    departments = [a_commune(code, level="department") for code in ("H60.01", "H60.02")]
    await with_units(api, [a_unit(), *departments, a_commune("H60.101"), a_commune("H60.102")])
    await with_figures(api, [*totals("2024-06", {"H60.01": 70}), *totals("2024-07", POINTS)])


async def asked(api: Client, query: str, path: str = "/v1/scores?period=2024-07&under=H60") -> Any:
    answer = await api.get(path + ("&" if "?" in path else "?") + query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("levels", ["level=department,commune", "level=department&level=commune"])
async def test_several_levels_are_their_boards_one_behind_the_other(levels: str, api: Client) -> None:
    alone = [await asked(api, f"level={each}") for each in ("department", "commune")]

    both = await asked(api, levels)

    assert [each["unit"]["code"] for each in both["items"]] == ORDER
    assert both["items"] == [item for each in alone for item in each["items"]]
    assert both["cohorts"] == [{"cohort": each["cohort"], "summary": each["summary"]} for each in alone]
    assert (both["cohort"], both["summary"]) == (alone[0]["cohort"], alone[0]["summary"])
    assert "cohorts" not in alone[0]


@pytest.mark.parametrize("sort", ["rank", "-total", "name", "change"])
async def test_pages_of_several_levels_are_the_whole(sort: str, api: Client) -> None:
    whole = await asked(api, f"level=department,commune&sort={sort}")

    found, cursor = [], ""
    while True:
        page = await asked(api, f"level=department,commune&sort={sort}&limit=1{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert found == whole["items"]


async def test_a_frozen_result_of_several_levels_is_read_as_the_live_boards_were(api: Client) -> None:
    live = await asked(api, "level=department,commune")
    order = {"period": "2024-07", "under": "H60", "levels": ["commune", "department"]}
    drawn = (await api.post("/v1/evaluations", json=order)).json()
    path = f"/v1/evaluations/{drawn['id']}/scores"

    frozen = await asked(api, "level=department,commune", path)
    first = await asked(api, "level=department,commune&limit=3", path)
    rest = await asked(api, f"level=department,commune&limit=3&cursor={first['next_cursor']}", path)

    assert (frozen["items"], frozen["cohorts"]) == (live["items"], live["cohorts"])
    assert first["items"] + rest["items"] == live["items"]
    assert "cohorts" not in await asked(api, "level=commune", path)


async def test_a_table_of_several_levels_tells_the_level_of_each_line(api: Client) -> None:
    answer = await api.get("/v1/scores?period=2024-07&under=H60&level=commune,department&format=csv&fields=rank,unit")

    head, *lines = answer.text.lstrip("\ufeff").splitlines()
    levels = [line.split(",")[head.split(",").index("Mã cấp")] for line in lines]
    assert levels == ["commune", "commune", "department", "department"]


async def test_a_level_that_is_named_twice_is_told_once(api: Client) -> None:
    assert await asked(api, "level=commune,commune") == await asked(api, "level=commune")


@pytest.mark.parametrize("more", ["&period=2024-07&format=xlsx", "&period=2024-07&format=json-stat", "&from=2024-06"])
async def test_what_tells_of_one_level_alone_refuses_several(more: str, api: Client) -> None:
    answer = await api.get(f"/v1/scores?under=H60&level=commune,department{more}")

    assert answer.status_code == 422
    assert [(each["code"], each["parameter"]) for each in answer.json()["errors"]] == [("several_levels", "level")]


@pytest.mark.parametrize("level", ["commune,village", "village", "commune,", ","])
async def test_each_level_must_be_one(level: str, api: Client) -> None:
    answer = await api.get(f"/v1/scores?period=2024-07&level={level}")

    assert answer.status_code == 422
    assert {(each["code"], each["parameter"]) for each in answer.json()["errors"]} == {("value_not_allowed", "level")}
