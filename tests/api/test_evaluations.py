"""`/v1/evaluations`: drafts, publication, what the public may keep, and what stays when everything else moves."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from app.config import Settings
from app.services.rights import Scope
from app.store.audit import AuditEntry, broken_links
from app.store.db import Database
from app.store.evaluations import EvaluationPart
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]
JULY = {"H60.101": "70", "H60.102": "81.5", "H60.103": "81.5"}
JUNE = {"H60.101": "60", "H60.102": "90", "H60.103": "80"}


def totals(period: str, points: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    """Reported totals, one a unit, looked up after every period of these tests."""
    figure = {"period": period, "indicator": "total_points", "source": "national_portal"}
    return [
        {"unit": unit, "value": value, "observed_at": "2026-10-01T00:00:00Z", **figure, **more}
        for unit, value in points.items()
    ]


def an_order(**overrides: Any) -> dict[str, Any]:
    """An evaluation as a request asks for it: the communes of Tuyên Quang in July 2024."""
    return {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"], **overrides}


async def drafted(api: Client, **overrides: Any) -> dict[str, Any]:
    answer = await api.post("/v1/evaluations", json=an_order(**overrides))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(api: Client, **overrides: Any) -> dict[str, Any]:
    draft = await drafted(api, **overrides)
    answer = await api.post(f"/v1/evaluations/{draft['id']}/publish")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    """Two provinces; the communes of one have totals of two months."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.10{n}") for n in (1, 2, 3)), a_unit(code="H19")])
    await with_figures(api, totals("2024-06", JUNE))
    await with_figures(api, totals("2024-07", JULY))
    clock.forward(hours=1)


async def test_a_draft_says_what_it_froze(api: Client) -> None:
    answer = await api.post("/v1/evaluations", json=an_order(title="  Tháng 7/2024 "))

    draft = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/evaluations/{draft['id']}"
    assert draft["status"] == "draft"
    assert (draft["framework"], draft["period"], draft["against"]) == ("qd766@2022", "2024-07", "2024-06")
    assert (draft["under"], draft["levels"], draft["title"]) == ("H60", ["commune"], "Tháng 7/2024")
    assert draft["cohorts"] == [{"level": "commune", "size": 3, "ranked": 3}]
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

    assert here["cohorts"] == [{"level": "commune", "size": 3, "ranked": 3}]
    assert there["cohorts"] == [{"level": "commune", "size": 1, "ranked": 1}]


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


@pytest.mark.parametrize(
    ("order", "status", "code", "pointer"),
    [
        ({"under": "H99"}, 422, "unit_unknown", "/under"),
        ({"period": "2024-13"}, 422, "period_invalid", "/period"),
        ({"against": "T6"}, 422, "period_invalid", "/against"),
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


async def test_every_write_leaves_one_entry_and_superseding_names_both(api: Client, database: Database) -> None:
    with database.reading() as session:
        held = len(session.execute(select(AuditEntry)).all())
    first, second = await published(api), await published(api)
    await api.post(f"/v1/evaluations/{second['id']}/withdraw", json={"reason": "Sai"})

    with database.reading() as session:
        entries = session.execute(select(AuditEntry).order_by("id")).scalars().all()[held:]
        assert list(broken_links(session)) == []
    assert [(each.action, each.subject) for each in entries] == [
        ("evaluation.created", f"evaluation:{first['id']}"),
        ("evaluation.published", f"evaluation:{first['id']}"),
        ("evaluation.created", f"evaluation:{second['id']}"),
        ("evaluation.published", f"evaluation:{second['id']}"),
        ("evaluation.withdrawn", f"evaluation:{second['id']}"),
    ]
    assert entries[3].after["supersedes"] == first["id"]
    assert entries[4].after["reason"] == "Sai"


async def test_a_refused_write_leaves_no_entry(api: Client, database: Database) -> None:
    first = await published(api)
    with database.reading() as session:
        held = len(session.execute(select(AuditEntry)).all())

    await api.post(f"/v1/evaluations/{first['id']}/publish")
    await api.post(f"/v1/evaluations/{first['id']}/withdraw", json={"reason": " "})

    with database.reading() as session:
        assert len(session.execute(select(AuditEntry)).all()) == held


async def test_a_difference_between_two_is_told_with_the_figures_behind_it(api: Client) -> None:
    first = await published(api)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, observed_at="2026-10-02T00:00:00Z"))
    second = await published(api)

    found = (await api.get(f"/v1/evaluations/{second['id']}/diff", params={"against": first["id"]})).json()
    same = (await api.get(f"/v1/evaluations/{first['id']}/diff", params={"against": first["id"]})).json()

    told = {(each["unit"], each["member"]): (each["before"], each["now"]) for each in found["differences"]}
    assert told["H60.101", "total"] == (70, 85)
    assert told["H60.101", "rank"] == (3, 1)
    assert told["H60.101", "band.code"] == ("fair", "good")
    assert told["H60.102", "rank"] == (1, 2)
    assert told[None, "summary.mean"] == (77.67, 82.67)
    assert ("H60.102", "total") not in told
    assert found["figures"] == [
        {
            "period": "2024-07",
            "unit": "H60.101",
            "indicator": "total_points",
            "source": "national_portal",
            "before": {"numerator": None, "denominator": None, "value": 70},
            "now": {"numerator": None, "denominator": None, "value": 85},
        }
    ]
    assert same["differences"] == same["figures"] == []


async def test_a_tampered_result_is_named_by_verify(api: Client, anonymous: Client, database: Database) -> None:
    done = await published(api)
    with database.writing() as session:
        part = EvaluationPart(evaluation=done["id"], part="results:commune", content="")
        held = session.get(EvaluationPart, (part.evaluation, part.part))
        assert held is not None
        changed = held.content.replace('"total":70,', '"total":96.5,')
        assert changed != held.content
        session.execute(update(EvaluationPart).where(EvaluationPart.part == "results:commune").values(content=changed))  # type: ignore[arg-type]

    found = (await anonymous.get(f"/v1/evaluations/{done['id']}/verify")).json()

    assert found["matches"] is False
    assert {
        "level": "commune",
        "unit": "H60.101",
        "member": "total",
        "frozen": 96.5,
        "recomputed": 70,
    } in found["differences"]
