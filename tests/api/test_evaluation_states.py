"""Evaluations published, superseded and withdrawn; who sees them in which state, and who may move them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import with_figures
from tests.support.evaluations import a_province, an_order, drafted, published, totals

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def test_a_newer_one_supersedes_and_the_older_stays(api: Client, anonymous: Client) -> None:
    first = await published(api)
    board = (await anonymous.get(f"/v1/evaluations/{first['id']}/scores")).content
    await with_figures(api, totals("2024-07", {"H60.101": "95"}, observed_at="2026-10-02T00:00:00Z"))
    second = await published(api, framework="qd766@2022")

    older = (await anonymous.get(f"/v1/evaluations/{first['id']}")).json()

    assert second["supersedes"] == first["id"]
    assert (older["status"], older["superseded_by"]) == ("superseded", second["id"])
    assert (await anonymous.get(f"/v1/evaluations/{first['id']}/scores")).content == board
    assert (await anonymous.get("/v1/evaluations/latest", params={"period": "2024-07"})).json() == second


async def test_the_one_published_later_is_the_newer_one_whichever_was_drawn_up_first(api: Client) -> None:
    first, second = await drafted(api), await drafted(api)
    elsewhere = await drafted(api, under="H19")
    for draft in (elsewhere, second, first):
        answer = await api.post(f"/v1/evaluations/{draft['id']}/publish")
        assert answer.status_code == 200, answer.text

    assert answer.json()["supersedes"] == second["id"]
    assert (await api.get("/v1/evaluations/latest")).json()["id"] == first["id"]
    assert (await api.get("/v1/evaluations/latest", params={"under": "H19"})).json()["id"] == elsewhere["id"]


@pytest.mark.parametrize("other", [{"period": "2024-06"}, {"levels": ["commune", "department"]}, {"under": None}])
async def test_another_scope_supersedes_nothing(api: Client, other: dict[str, Any]) -> None:
    first = await published(api)

    second = await published(api, **other)

    assert second["supersedes"] is None
    assert (await api.get(f"/v1/evaluations/{first['id']}")).json()["status"] == "published"


async def test_the_order_of_the_levels_makes_no_other_scope(api: Client) -> None:
    first = await published(api, levels=["commune", "department"])

    second = await published(api, levels=["department", "commune", "commune"])

    assert second["supersedes"] == first["id"]
    assert second["levels"] == ["department", "commune"]


async def test_states_lead_where_the_table_says_and_refusals_name_the_ways(api: Client) -> None:
    first = await published(api)
    await published(api)
    path = f"/v1/evaluations/{first['id']}"

    again = await api.post(f"{path}/publish", headers={"Accept-Language": "vi"})
    withdrawn = await api.post(f"{path}/withdraw", json={"reason": "x"})

    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")
    assert "đã được thay thế" in again.json()["detail"]
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "transition_not_allowed")
    assert withdrawn.json()["detail"].endswith("it can become nothing else.")


async def test_a_withdrawn_one_is_gone_for_the_public_and_nothing_returns_in_its_place(
    api: Client, anonymous: Client, as_key: CallerMaker
) -> None:
    first = await published(api)
    second = await published(api)
    path = f"/v1/evaluations/{second['id']}"

    answer = await api.post(f"{path}/withdraw", json={"reason": "Sai số liệu"})

    assert (answer.json()["status"], answer.json()["reason"]) == ("withdrawn", "Sai số liệu")
    for client in (anonymous, as_key(Scope.VALUES_READ, unit="H19"), as_key(Scope.UNITS_WRITE)):
        for part in ("", "/scores", "/verify", f"/diff?against={first['id']}"):
            assert (await client.get(path + part)).json()["code"] == "withdrawn"
            assert (await client.get(path + part)).status_code == 410
    assert (await as_key(Scope.VALUES_READ, unit="H60").get(f"{path}/scores")).status_code == 200
    assert (await api.get(f"/v1/evaluations/{first['id']}")).json()["status"] == "superseded"
    assert (await anonymous.get("/v1/evaluations/latest")).status_code == 404


async def test_a_draft_is_nothing_to_those_who_may_not_see_it(
    api: Client, anonymous: Client, as_key: CallerMaker
) -> None:
    draft = await drafted(api)
    path = f"/v1/evaluations/{draft['id']}"
    other = as_key(Scope.VALUES_READ, Scope.EVALUATIONS_PUBLISH, unit="H19")

    for answer in (await anonymous.get(path), await other.get(f"{path}/scores"), await other.post(f"{path}/publish")):
        assert (answer.status_code, answer.json()["code"]) == (404, "evaluation_unknown")
    listed = [(await client.get("/v1/evaluations")).json()["items"] for client in (anonymous, other, api)]
    assert [[item["id"] for item in items] for items in listed] == [[], [], [draft["id"]]]
    assert (await as_key(Scope.EVALUATIONS_WRITE, unit="H60").get(path)).status_code == 200


async def test_a_withdrawn_draft_was_never_public(api: Client, anonymous: Client) -> None:
    draft = await drafted(api)
    await api.post(f"/v1/evaluations/{draft['id']}/withdraw", json={"reason": "x"})

    assert (await anonymous.get(f"/v1/evaluations/{draft['id']}")).status_code == 404


async def test_a_subtree_key_evaluates_its_own_and_nothing_else(api: Client, as_key: CallerMaker) -> None:
    own = as_key(Scope.EVALUATIONS_WRITE, Scope.EVALUATIONS_PUBLISH, unit="H60")
    foreign = await published(api, under="H19")

    assert (await own.post("/v1/evaluations", json=an_order())).status_code == 201
    for under in ("H19", None, "H99"):
        refused = await own.post("/v1/evaluations", json=an_order(under=under))
        assert (refused.status_code, refused.json()["code"]) == (403, "unit_forbidden")
    refused = await own.post(f"/v1/evaluations/{foreign['id']}/withdraw", json={"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "unit_forbidden")
    assert (await own.get(f"/v1/evaluations/{foreign['id']}/scores")).status_code == 200


async def test_if_match_guards_a_state_that_was_read(api: Client) -> None:
    draft = await api.post("/v1/evaluations", json=an_order())
    path = draft.headers["location"]
    done = await api.post(f"{path}/publish", headers={"If-Match": draft.headers["etag"]})

    late = await api.post(f"{path}/withdraw", json={"reason": "x"}, headers={"If-Match": draft.headers["etag"]})
    weak = await api.post(f"{path}/withdraw", json={"reason": "x"}, headers={"If-Match": f"W/{done.headers['etag']}"})
    read = await api.get(path, headers={"If-None-Match": done.headers["etag"]})
    held = await api.post(
        f"{path}/withdraw", json={"reason": "x"}, headers={"If-Match": f'"z", {done.headers["etag"]}'}
    )

    assert [each.status_code for each in (done, late, weak, read, held)] == [200, 412, 412, 304, 200]
    assert late.json()["code"] == "evaluation_changed"


async def test_publishing_says_what_becomes_public_beside_the_scores(api: Client) -> None:
    task = {"kind": "directive", "title": "Tìm nguyên nhân", "assignee": "H60.101"}
    await api.post("/v1/tasks", json={**task, "period": "2024-07"})
    duties = [{"unit": unit, "period": "2024-07"} for unit in ("H60.101", "H60.102")]
    await api.put("/v1/publications", json={"items": [{**duties[0], "note": "Chậm"}, duties[1]]})
    await api.put("/v1/targets", json={"indicator": "dossier_sync", "year": 2024, "target": 99})
    await api.put("/v1/letter-profiles/H60", json={"symbol": "UBND-VP"})
    id = (await drafted(api))["id"]

    published = (await api.post(f"/v1/evaluations/{id}/publish")).json()

    counts = {
        "tasks": 1,
        "publications": 2,
        "notes": 1,
        "targets": 1,
        "letter_profile": 1,
        "letter_texts": 0,
        "letter_templates": 0,
    }
    reports = ("tasks", "publication", "below-target", "announcement")
    assert published["publishes"] == {**counts, "see": [f"/v1/reports/{name}?evaluation={id}" for name in reports]}
