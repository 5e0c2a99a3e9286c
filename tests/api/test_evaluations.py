"""`/v1/evaluations`: drafts, what they freeze, and what stays when everything else moves."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.config import Settings
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, some_figures, with_figures, with_units
from tests.support.evaluations import a_province, an_order, drafted, published, totals

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def test_a_draft_says_what_it_froze(api: Client) -> None:
    answer = await api.post("/v1/evaluations", json=an_order(title="  Tháng 7/2024 "))

    draft = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/evaluations/{draft['id']}"
    assert draft["status"] == "draft"
    assert (draft["framework"], draft["period"], draft["against"]) == ("qd766@2022", "2024-07", "2024-06")
    assert (draft["under"], draft["levels"], draft["title"]) == ("H60", ["commune"], "Tháng 7/2024")
    assert draft["cohorts"] == [{"level": "commune", "active": 3, "size": 3, "ranked": 3}]
    assert len(draft["digest"]) == 64


@pytest.mark.parametrize("sort", ["rank", "-rank", "code", "-name", "total", "-change"])
@pytest.mark.parametrize("view", [None, "legal"])
async def test_frozen_scores_are_the_body_of_live_ones(api: Client, sort: str, view: str | None) -> None:
    parts = {"H60.101": "13.2", "H60.102": "12"}
    await with_figures(api, totals("2024-07", parts, indicator="transparency_points"))
    draft = await drafted(api)
    query = {"level": "commune", "sort": sort, **({"view": view} if view else {})}

    frozen = await api.get(f"/v1/evaluations/{draft['id']}/scores", params=query)
    live = await api.get("/v1/scores", params={**query, "period": "2024-07", "under": "H60", "as_of": draft["as_of"]})

    assert frozen.content == live.content
    assert [item["change"]["rank"] for item in frozen.json()["items"]].count(None) == 0


async def test_a_unit_without_figures_of_the_framework_is_frozen_but_not_in_the_cohort(api: Client) -> None:
    await api.post("/v1/frameworks", json=a_framework(valid_from="2024-01-01"))
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, some_figures("H60.104", indicator="counter_on_time", numerator=9, denominator=10))

    here, there = await drafted(api), await drafted(api, framework="mot_cua")

    assert here["cohorts"] == [{"level": "commune", "active": 4, "size": 3, "ranked": 3}]
    assert there["cohorts"] == [{"level": "commune", "active": 4, "size": 1, "ranked": 1}]


async def test_pages_and_files_are_those_of_a_board(api: Client) -> None:
    draft = await drafted(api)
    path = f"/v1/evaluations/{draft['id']}/scores"

    first = await api.get(path, params={"limit": 2})
    second = await api.get(first.headers["link"].partition(">")[0].lstrip("<"))
    table = await api.get(path, params={"format": "csv"})

    pages = [item["unit"]["code"] for page in (first, second) for item in page.json()["items"]]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert pages == [row["Mã"] for row in rows] == ["H60.102", "H60.103", "H60.101"]


async def test_what_is_renamed_imported_and_retracted_later_changes_no_byte(
    api: Client, anonymous: Client, clock: Clock
) -> None:
    done = await published(api)
    path = f"/v1/evaluations/{done['id']}"
    before = await anonymous.get(f"{path}/scores")

    clock.forward(days=1)
    await api.patch("/v1/units/H60.101", json={"name": "UBND phường Minh Xuân"})
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, totals("2024-07", {"H60.101": "99", "H60.104": "1"}, observed_at="2026-10-02T00:00:00Z"))
    await with_figures(api, [{**totals("2024-07", {"H60.102": "0"})[0], "value": None, "retract": True}])
    after = await anonymous.get(f"{path}/scores")

    assert before.content == after.content
    assert before.headers["etag"] == after.headers["etag"]
    assert (await anonymous.get(f"{path}/verify")).json()["matches"] is True


async def test_undoing_the_imports_behind_it_changes_no_byte_and_it_still_verifies(api: Client) -> None:
    done = await published(api)
    address = f"/v1/evaluations/{done['id']}"
    before = await api.get(f"{address}/scores")

    imports = (await api.get("/v1/imports")).json()["items"]
    undone = [await api.post(f"/v1/imports/{each['id']}/undo") for each in imports]
    after = await api.get(f"{address}/scores")

    assert {answer.status_code for answer in undone} == {200}
    assert (await api.get("/v1/values")).json()["items"] == []
    assert after.content == before.content
    assert (await api.get(f"{address}/verify")).json()["matches"] is True


async def test_the_public_may_keep_a_published_board_and_is_told_when_it_stands(api: Client, anonymous: Client) -> None:
    path = f"/v1/evaluations/{(await published(api))['id']}/scores"
    first = await anonymous.get(path)
    tag = first.headers["etag"]

    again = await anonymous.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    table = await anonymous.get(path, params={"format": "csv"})

    assert first.headers["cache-control"] == "public, max-age=60, immutable"
    assert not tag.startswith("W/")
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == "public, max-age=60, immutable"
    assert table.headers["etag"] != tag


async def test_a_draft_may_not_be_kept(api: Client) -> None:
    answer = await api.get(f"/v1/evaluations/{(await drafted(api))['id']}/scores")

    assert answer.headers["cache-control"] == "private, no-cache"


async def test_where_only_keys_are_answered_nobody_else_may_keep_a_board(
    api: Client, anonymous: Client, settings: Settings
) -> None:
    path = f"/v1/evaluations/{(await published(api))['id']}/scores"
    object.__setattr__(settings, "anonymous_read", "none")

    assert (await api.get(path)).headers["cache-control"] == "private, max-age=60, immutable"
    assert (await anonymous.get(path)).status_code == 401


@pytest.mark.parametrize(
    ("order", "status", "code", "pointer"),
    [
        ({"under": "H99"}, 422, "unit_unknown", "/under"),
        ({"period": "2024-13"}, 422, "period_invalid", "/period"),
        ({"against": "T6"}, 422, "period_invalid", "/against"),
        ({"against": "2024-Q2"}, 422, "period_type_differs", "/against"),
        ({"levels": []}, 422, "request_invalid", "/levels"),
        ({"levels": ["village"]}, 422, "request_invalid", "/levels/0"),
        ({"as_of": "2999-01-01T00:00:00Z"}, 422, "moment_in_future", "/as_of"),
        ({"observed_by": 1720000000}, 422, "request_invalid", "/observed_by"),
        ({"title": "a\u0007b"}, 422, "request_invalid", "/title"),
        ({"note": "x"}, 422, "request_invalid", "/note"),
        ({"framework": "nope"}, 404, "framework_unknown", None),
        ({"period": "2019"}, 404, "framework_not_in_force", None),
    ],
)
async def test_an_order_that_cannot_be_carried_out_is_refused_at_its_place(
    api: Client, order: dict[str, Any], status: int, code: str, pointer: str | None
) -> None:
    answer = await api.post("/v1/evaluations", json=an_order(**order))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [each["pointer"] for each in answer.json().get("errors", ())] == ([pointer] if pointer else [])
    assert (await api.get("/v1/evaluations")).json()["items"] == []


async def test_lists_are_filtered_and_paged(api: Client) -> None:
    commune = await drafted(api)
    both = await published(api, levels=["commune", "department"], framework="qd766@2026")
    year = await drafted(api, period="2024", under=None)

    async def ids(**query: Any) -> list[int]:
        return [item["id"] for item in (await api.get("/v1/evaluations", params=query)).json()["items"]]

    assert await ids() == [year["id"], both["id"], commune["id"]]
    assert await ids(framework="qd766@2026") == await ids(level="department") == await ids(status="published")
    assert await ids(period="2024-07", under="H60") == [both["id"], commune["id"]]
    assert await ids(framework="dongnai") == []
    first = await api.get("/v1/evaluations", params={"limit": 2})
    rest = await api.get("/v1/evaluations", params={"limit": 2, "cursor": first.json()["next_cursor"]})
    assert [item["id"] for item in rest.json()["items"]] == [commune["id"]]


async def test_a_level_has_to_be_named_where_there_are_several(api: Client) -> None:
    draft = await drafted(api, levels=["commune", "department"])
    path = f"/v1/evaluations/{draft['id']}/scores"

    unnamed, foreign, view = [
        await api.get(path, params=query) for query in ({}, {"level": "ministry"}, {"level": "commune", "view": "x"})
    ]

    assert [each.json()["code"] for each in (unnamed, foreign, view)] == [
        "level_not_evaluated",
        "level_not_evaluated",
        "view_unknown",
    ]
    assert "several levels; name one of them in `level`: department, commune." in unnamed.json()["detail"]
    assert "is not about the level ministry; it is about department, commune." in foreign.json()["detail"]
    assert (await api.get(path, params={"level": "department"})).json()["items"] == []


async def test_rules_that_an_evaluation_rests_on_never_change_again(api: Client) -> None:
    rules = a_framework(valid_from="2024-01-01")
    await api.post("/v1/frameworks", json=rules)
    await drafted(api, framework="mot_cua")

    answer = await api.post("/v1/frameworks", json={**rules, "name": {"vi": "Khác"}})

    assert (answer.status_code, answer.json()["code"]) == (409, "framework_used")


async def test_as_of_and_observed_by_freeze_what_was_known_then(api: Client, clock: Clock) -> None:
    earlier = clock.present
    clock.forward(hours=1)
    await with_figures(api, totals("2024-07", {"H60.101": "99"}, observed_at="2026-10-09T00:00:00Z"))

    async def total(**order: Any) -> Any:
        path = f"/v1/evaluations/{(await drafted(api, **order))['id']}/scores"
        items = (await api.get(path)).json()["items"]
        return next(item["total"] for item in items if item["unit"]["code"] == "H60.101")

    assert await total() == 99
    assert await total(as_of=earlier.isoformat()) == 70
    assert await total(observed_by="2026-10-05T00:00:00+07:00") == 70
    assert await total(as_of=clock.present.isoformat(), observed_by="2026-10-09T07:00:00+07:00") == 99


async def test_the_digest_tells_figures_apart_and_nothing_else(api: Client, clock: Clock) -> None:
    first = await drafted(api, title="A")
    clock.forward(days=3)
    second = await drafted(api, title="B", against="2024-06", as_of=first["as_of"])
    await with_figures(api, totals("2024-07", {"H60.101": "70.01"}, observed_at="2026-10-02T00:00:00Z"))
    third = await drafted(api)
    await api.patch("/v1/units/H60.101", json={"name": "UBND phường Minh Xuân"})
    fourth = await drafted(api)

    assert first["digest"] == second["digest"]
    assert len({each["digest"] for each in (first, third, fourth)}) == 3
