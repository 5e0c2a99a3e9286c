"""Who may do what: a row for every operation of the document, a column for every kind of caller."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from app.services.rights import Scope
from tests.api.conftest import NOT_OPENED
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract
from tests.support.word_files import SENT, a_template

CallerMaker = Callable[..., httpx.AsyncClient]

OWN = "H60.100"
"""What every request is about: a unit below the subtree of the own key, outside that of the other one."""


@dataclass(frozen=True)
class Row:
    """What a request answers to: nobody, a key without `scope`, one of another subtree, one of its own, an admin.

    The keys of the subtrees hold every scope, `admin` included: what they may not do, they may not for their subtree.
    """

    scope: Scope | None
    anonymous: int
    unscoped: int
    other: int
    own: int
    admin: int
    request: tuple[str, str]
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    keyed: bool = False


def public(path: str, **query: str) -> Row:
    return Row(None, 200, 200, 200, 200, 200, ("GET", path), query=query)


def read(path: str, other: int = 404, **query: str) -> Row:
    """Unpublished data: a thing named outside the subtree is not there."""
    return Row(Scope.VALUES_READ, 401, 403, other, 200, 200, ("GET", path), query=query)


def record(path: str, other: int = 404, **query: str) -> Row:
    """A record of the office: unpublished data that needs a key whatever anybody may read."""
    return replace(read(path, other, **query), keyed=True)


def whole(scope: Scope, method: str, path: str, body: Any = None, done: int = 200) -> Row:
    """What concerns the whole service is for no subtree key."""
    return Row(scope, 401, 403, 403, 403, done, (method, path), body)


def webhook(method: str, path: str, done: int = 200) -> Row:
    """A webhook of the own subtree: for others it is not there."""
    return Row(Scope.ADMIN, 401, 403, 404, done, done, (method, f"/v1/webhooks/ours{path}"))


HEARD = {"url": "https://hooks.example.vn/", "unit": "H60"}
EVENT = {"kind": "rename", "effective_on": "2025-07-01", "from": [OWN], "name": "UBND xã Na Hang"}
PERIOD_LOCK = "/v1/periods/2024-07/lock"
EVALUATION = {"period": "2024-07", "under": "H60", "levels": ["commune"]}
PUBLISHED = "/v1/evaluations/1"
LETTER = f"/v1/letters/{OWN}/2024-07/announcement"
TEMPLATE = f"/v1/letter-templates/{OWN}/announcement"
LAYOUT = {"title": {"vi": "Bảng"}, "source": "Công văn", "rows": [{"heading": {"vi": "Tổng"}, "total": True}]}
PROFILE = "/v1/import-profiles/thang"
PROFILE_BODY = {"columns": [{"heading": "A", "field": "unit"}, {"heading": "B", "indicator": "dossier_sync"}]}
A_TABLE = "unit;dossier_sync\nH60.100;90\n"
DUTY = {"unit": OWN, "period": "2024-07"}
BOARD = {"level": "commune", "period": "2024-07"}
TASK = {"kind": "directive", "title": "Tìm nguyên nhân", "unit": "H60", "assignee": OWN}

MATRIX = {
    "read_livez": public("/livez"),
    "read_readyz": public("/readyz"),
    "read_units": public("/v1/units", under="H60"),
    "read_unit": public(f"/v1/units/{OWN}"),
    "read_unit_lineage": public(f"/v1/units/{OWN}/lineage"),
    "put_unit": Row(
        Scope.UNITS_WRITE, 401, 403, 403, 200, 200, ("PUT", f"/v1/units/{OWN}"), a_commune(OWN, name="UBND xã Na Hang")
    ),
    "patch_unit": Row(
        Scope.UNITS_WRITE, 401, 403, 403, 200, 200, ("PATCH", f"/v1/units/{OWN}"), {"name": "UBND xã Na Hang"}
    ),
    "import_units": Row(
        Scope.UNITS_WRITE, 401, 403, 422, 200, 200, ("POST", "/v1/units/import"), [a_commune(OWN, name="UBND xã A")]
    ),
    # what the own key has made happen cannot happen again
    "post_unit_event": Row(Scope.UNITS_WRITE, 401, 403, 403, 201, 422, ("POST", "/v1/unit-events"), EVENT),
    "read_periods": public("/v1/periods"),
    "read_period": public("/v1/periods/2024-07"),
    "read_completeness": read("/v1/periods/2024-07/completeness", under="H60", level="commune"),
    "put_period_due": whole(Scope.ADMIN, "PUT", "/v1/periods/2024-07/due", {"due_on": "2024-08-15"}),
    "lock_period": whole(Scope.ADMIN, "PUT", PERIOD_LOCK),
    "unlock_period": whole(Scope.ADMIN, "DELETE", PERIOD_LOCK),
    "read_indicators": public("/v1/indicators"),
    "read_indicator": public("/v1/indicators/paid_dossiers"),
    "read_frameworks": public("/v1/frameworks"),
    "read_framework": public("/v1/frameworks/qd766@2026"),
    "post_framework": whole(Scope.FRAMEWORKS_WRITE, "POST", "/v1/frameworks", a_framework(), 201),
    # what writes nothing a subtree key may ask for
    "validate_framework": replace(
        whole(Scope.FRAMEWORKS_WRITE, "POST", "/v1/frameworks/validate", a_framework()), other=200, own=200
    ),
    "read_changes": public("/v1/changes", kinds="units"),
    "read_values": read("/v1/values", unit=OWN),
    "read_scores": read("/v1/scores", under="H60", level="commune", period="2024-07"),
    "read_sensitivity": read("/v1/scores/sensitivity", under="H60", level="commune", period="2024-07", draws="5"),
    "read_overview": public("/v1/overview", under="H60"),
    "read_unit_scores": read(f"/v1/scores/{OWN}"),
    "read_unit_score": read(f"/v1/scores/{OWN}/2024-07"),
    "read_score_change": read(f"/v1/scores/{OWN}/2024-07/change"),
    "read_score_reach": read(f"/v1/scores/{OWN}/2024-07/reach", total="80"),
    "post_import": Row(
        Scope.VALUES_WRITE, 401, 403, 422, 200, 200, ("POST", "/v1/imports"), some_figures(OWN, numerator=1)
    ),
    # a profile is of whoever stated it first, and read by whoever imports
    "put_import_profile": Row(Scope.VALUES_WRITE, 401, 403, 403, 200, 200, ("PUT", PROFILE), PROFILE_BODY),
    "read_import_profiles": replace(record("/v1/import-profiles", other=200), unscoped=200),
    "read_import_profile": replace(record(PROFILE, other=200), unscoped=200),
    # what the own key has taken back is not there any more
    "delete_import_profile": Row(Scope.VALUES_WRITE, 401, 403, 403, 200, 404, ("DELETE", PROFILE)),
    "suggest_import_profile": Row(
        Scope.VALUES_READ, 401, 200, 200, 200, 200, ("POST", "/v1/import-profiles/suggest"), A_TABLE, keyed=True
    ),
    "read_imports": record("/v1/imports", other=200),
    # an import of others is not there for whoever only writes values
    "read_import": replace(record("/v1/imports/1"), unscoped=404),
    "read_findings": read("/v1/findings", under="H60", period="2024-07"),
    "read_classification_report": read("/v1/reports/classification", under="H60", period="2024-07"),
    "read_comparison_report": read("/v1/reports/comparison", unit=OWN, period="2024-07"),
    "read_report_layouts": public("/v1/reports/layouts"),
    "read_counts_report": read("/v1/reports/counts", under="H60", period="2024-07", indicator="dossier_sync"),
    "read_reconciliation_report": read("/v1/reports/reconciliation", under="H60", period="2024-07"),
    "read_movers_report": read("/v1/reports/movers", under="H60", period="2024-07"),
    "read_below_target_report": read("/v1/reports/below-target", under="H60", period="2024-07"),
    "read_publication_report": read("/v1/reports/publication", under="H60", period="2024-07"),
    "read_tasks_report": read("/v1/reports/tasks", under="H60", period="2024-07"),
    "read_announcement_report": read("/v1/reports/announcement", under="H60", period="2024-07"),
    "read_brief_report": read("/v1/reports/brief", under="H60", period="2024-07"),
    "read_notice_report": read("/v1/reports/notice", under="H60", period="2024-07"),
    "put_letter_profile": Row(
        Scope.EVALUATIONS_WRITE, 401, 403, 403, 201, 200, ("PUT", "/v1/letter-profiles/H60"), {"symbol": "UBND-THCBKS"}
    ),
    "read_letter_profiles": record("/v1/letter-profiles", other=200),
    "read_letter_profile": record(f"/v1/letter-profiles/{OWN}"),
    "put_letter_text": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 200, ("PUT", LETTER), {"subject": "V/v"}),
    "read_letter_texts": record("/v1/letters", other=200),
    "read_letter_text": record(LETTER),
    # what the own key has taken back is not there any more
    "delete_letter_text": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 404, ("DELETE", LETTER)),
    "put_letter_template": Row(
        Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 200, ("PUT", TEMPLATE), a_template("Kính gửi")
    ),
    "read_letter_templates": record("/v1/letter-templates", other=200),
    "read_letter_template": record(TEMPLATE),
    "delete_letter_template": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 404, ("DELETE", TEMPLATE)),
    # a layout holds for everybody; what the own key may not state an admin can take back
    "put_layout": whole(Scope.EVALUATIONS_WRITE, "PUT", "/v1/layouts/ours", LAYOUT),
    "read_layouts": public("/v1/layouts"),
    "read_layout": public("/v1/layouts/ours"),
    "delete_layout": whole(Scope.EVALUATIONS_WRITE, "DELETE", "/v1/layouts/ours"),
    "put_targets": Row(
        Scope.EVALUATIONS_WRITE,
        401,
        403,
        403,
        200,
        200,
        ("PUT", "/v1/targets"),
        {"indicator": "dossier_sync", "year": 2024, "unit": OWN, "target": 99.5},
    ),
    "read_targets": record("/v1/targets", unit=OWN),
    "put_publications": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 200, ("PUT", "/v1/publications"), DUTY),
    "read_publications": record("/v1/publications", unit=OWN),
    "post_task": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 201, 201, ("POST", "/v1/tasks"), TASK),
    "read_tasks": record("/v1/tasks", other=200),
    "read_task": record("/v1/tasks/1"),
    "patch_task": Row(
        Scope.EVALUATIONS_WRITE, 401, 403, 403, 200, 200, ("PATCH", "/v1/tasks/1"), {"due_on": "2024-09-15"}
    ),
    "check_letter_template": Row(
        Scope.VALUES_READ, 401, 403, 200, 200, 200, ("POST", "/v1/letter-templates/check"), a_template(), keyed=True
    ),
    "check_draft": Row(Scope.VALUES_READ, 401, 403, 200, 200, 200, ("POST", "/v1/check"), {"unit": OWN}),
    "score_what_if": Row(
        Scope.VALUES_READ, 401, 403, 404, 200, 200, ("POST", "/v1/scores/what-if"), {**BOARD, "under": OWN}
    ),
    "undo_import": Row(Scope.VALUES_WRITE, 401, 403, 404, 200, 409, ("POST", "/v1/imports/1/undo")),
    "read_me": public("/v1/me"),
    "read_keys": whole(Scope.ADMIN, "GET", "/v1/keys"),
    "post_key": whole(Scope.ADMIN, "POST", "/v1/keys", {"name": "một cửa", "scopes": ["values:read"]}, 201),
    "read_key": whole(Scope.ADMIN, "GET", "/v1/keys/clerk-1"),
    "patch_key": whole(Scope.ADMIN, "PATCH", "/v1/keys/clerk-1", {"networks": ["127.0.0.1"]}),
    "rotate_key": whole(Scope.ADMIN, "POST", "/v1/keys/clerk-1/rotate", {"overlap_seconds": 60}),
    "revoke_key": whole(Scope.ADMIN, "DELETE", "/v1/keys/clerk-1"),
    "read_audit": whole(Scope.ADMIN, "GET", "/v1/audit"),
    "post_evaluation": Row(Scope.EVALUATIONS_WRITE, 401, 403, 403, 201, 201, ("POST", "/v1/evaluations"), EVALUATION),
    "read_evaluations": public("/v1/evaluations"),
    "read_latest_evaluation": public("/v1/evaluations/latest"),
    "read_evaluation": public(f"{PUBLISHED}"),
    "read_evaluation_scores": public(f"{PUBLISHED}/scores"),
    "read_evaluation_unit_score": public(f"{PUBLISHED}/scores/{OWN}"),
    "verify_evaluation": public(f"{PUBLISHED}/verify"),
    "read_evaluation_content": public(f"{PUBLISHED}/content"),
    # a published one is seen by everybody, what sources say now by keys that read values, each of its own units
    "read_evaluation_restated": read(f"{PUBLISHED}/restated", other=200),
    "diff_evaluations": public(f"{PUBLISHED}/diff", against="1"),
    # a foreign draft is not there; what the own key has published or withdrawn cannot be so again
    "publish_evaluation": Row(
        Scope.EVALUATIONS_PUBLISH, 401, 403, 404, 200, 409, ("POST", "/v1/evaluations/2/publish")
    ),
    "unschedule_evaluation": Row(
        Scope.EVALUATIONS_PUBLISH, 401, 403, 404, 200, 200, ("DELETE", "/v1/evaluations/2/publish")
    ),
    "withdraw_evaluation": Row(
        Scope.EVALUATIONS_PUBLISH, 401, 403, 403, 200, 409, ("POST", f"{PUBLISHED}/withdraw"), {"reason": "Sai số liệu"}
    ),
    # whoever may do everything below a unit may let others hear of it
    "put_webhook": Row(Scope.ADMIN, 401, 403, 403, 201, 200, ("PUT", "/v1/webhooks/another"), HEARD),
    "read_webhooks": replace(webhook("GET", ""), other=200, request=("GET", "/v1/webhooks")),
    "read_webhook": webhook("GET", ""),
    "read_webhook_deliveries": webhook("GET", "/deliveries"),
    "test_webhook": webhook("POST", "/test", done=202),
    "retry_webhook_delivery": webhook("POST", "/deliveries/1/retry"),
    # what the own key has deleted is not there any more
    "delete_webhook": replace(webhook("DELETE", ""), admin=404),
}
READS = sorted(name for name, row in MATRIX.items() if row.request[0] == "GET")
"""Operations that only read by their method; each is asked in every mode of CHISO_ANONYMOUS_READ."""

DOCUMENT = Contract(create_app(Settings(_env_file=None, database_url=NOT_OPENED)).openapi())


@pytest.fixture
async def world(api: httpx.AsyncClient, as_key: CallerMaker) -> dict[str, httpx.AsyncClient]:
    """Two provinces with a commune each, both keys; of the own one a figure, evaluations (published, draft), a task,
    a letter profile, the text and the file of a letter."""
    await with_units(api, [a_unit(), a_commune(OWN), a_unit(code="H19"), a_commune("H19.100")])
    keys = {"own": as_key(*Scope, unit="H60"), "other": as_key(*Scope, unit="H19")}
    await with_figures(keys["own"], some_figures(OWN))
    for _ in range(2):
        await keys["own"].post("/v1/evaluations", json=EVALUATION)
    await keys["own"].post(f"{PUBLISHED}/publish")
    await keys["own"].post("/v1/tasks", json=TASK)
    await keys["own"].put(f"/v1/letter-profiles/{OWN}", json={"symbol": "UBND-VP"})
    await keys["own"].put(LETTER, json={"subject": "V/v"})
    await keys["own"].put(PROFILE, json=PROFILE_BODY)
    await api.put("/v1/layouts/ours", json=LAYOUT)
    await keys["own"].put("/v1/webhooks/ours", json=HEARD)
    await keys["own"].post("/v1/webhooks/ours/test")
    await keys["own"].put(TEMPLATE, content=a_template("Kính gửi"), headers=SENT)
    return keys


def ask(client: httpx.AsyncClient, row: Row) -> Any:
    method, path = row.request
    if isinstance(row.body, bytes):
        return client.request(method, path, params=row.query, content=row.body, headers=SENT)
    if isinstance(row.body, str):
        headers = {"Content-Type": "text/csv"}
        return client.request(method, path, params=row.query, content=row.body, headers=headers)
    return (
        client.request(method, path, params=row.query, json=row.body)
        if row.body
        else client.request(method, path, params=row.query)
    )


def test_every_operation_has_a_row_that_asks_for_it() -> None:
    asked = {}
    for name, row in MATRIX.items():
        operation = DOCUMENT.find(*row.request)
        asked[name] = operation.id if operation else None

    assert asked == {each.id: each.id for each in DOCUMENT.operations}


@pytest.mark.parametrize("name", sorted(MATRIX))
async def test_an_operation_is_open_to_whom_it_should_be(
    name: str,
    world: dict[str, httpx.AsyncClient],
    anonymous: httpx.AsyncClient,
    api: httpx.AsyncClient,
    as_key: CallerMaker,
) -> None:
    row = MATRIX[name]
    unscoped = as_key(*(scope for scope in Scope if scope not in (row.scope, Scope.ADMIN)))

    answers = [await ask(who, row) for who in (anonymous, unscoped, world["other"], world["own"], api)]

    expected = [row.anonymous, row.unscoped, row.other, row.own, row.admin]
    assert [each.status_code for each in answers] == expected, [each.text[:200] for each in answers]


@pytest.mark.parametrize("mode", ["published", "all", "none"])
@pytest.mark.usefixtures("world")
async def test_what_nobody_in_particular_may_read_is_a_setting(
    mode: Literal["published", "all", "none"], service: FastAPI, settings: Settings, anonymous: httpx.AsyncClient
) -> None:
    service.state.settings = settings.model_copy(update={"anonymous_read": mode})
    live = {name for name in READS if MATRIX[name].scope == Scope.VALUES_READ and not MATRIX[name].keyed}
    public = {name for name in READS if MATRIX[name].scope is None}
    expected = {"published": public, "all": public | live, "none": {"read_livez", "read_readyz"}}

    answers = {name: await ask(anonymous, MATRIX[name]) for name in READS}

    assert {name for name, answer in answers.items() if answer.is_success} == expected[mode]
    refused = [answer for answer in answers.values() if not answer.is_success]
    assert {(each.status_code, each.headers["www-authenticate"]) for each in refused} == {(401, "Bearer")}


@pytest.mark.usefixtures("world")
async def test_what_is_not_public_yet_or_any_more_needs_a_key_whatever_anybody_may_read(
    service: FastAPI, settings: Settings, anonymous: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    service.state.settings = settings.model_copy(update={"anonymous_read": "all"})
    await api.post(f"{PUBLISHED}/withdraw", json={"reason": "Sai số liệu"})

    for number, expected in ((2, (404, "evaluation_unknown")), (1, (410, "withdrawn"))):
        path = f"/v1/evaluations/{number}"
        paths = [path, f"{path}/scores", f"{path}/scores/{OWN}", f"{path}/verify", f"{path}/diff?against={number}"]
        answers = [await anonymous.get(each) for each in (*paths, f"/v1/reports/classification?evaluation={number}")]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {expected}
    assert (await anonymous.get("/v1/evaluations")).json()["items"] == []


async def test_lists_show_a_subtree_key_its_own(world: dict[str, httpx.AsyncClient], api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures("H19", "H19.100", "H60"))

    seen = {}
    for name, key in {**world, "admin": api}.items():
        seen[name] = sorted(each["unit"] for each in (await key.get("/v1/values")).json()["items"])

    assert seen == {"own": ["H60", OWN], "other": ["H19", "H19.100"], "admin": ["H19", "H19.100", "H60", OWN]}


async def test_imports_for_others_are_not_listed(world: dict[str, httpx.AsyncClient], api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures("H60"))

    listed = {name: (await key.get("/v1/imports")).json()["items"] for name, key in {**world, "admin": api}.items()}

    assert {name: [each["actor"] for each in items] for name, items in listed.items()} == {
        "own": ["bootstrap", "clerk-1"],  # what wrote only for its units, whoever sent it
        "other": [],
        "admin": ["bootstrap", "clerk-1"],
    }


async def test_a_unit_outside_is_not_told_apart_from_one_that_is_unknown(world: dict[str, httpx.AsyncClient]) -> None:
    outside = (await world["other"].get("/v1/values", params={"unit": OWN})).json()
    unknown = (await world["other"].get("/v1/values", params={"unit": "H99"})).json()

    assert outside["code"] == unknown["code"] == "unit_unknown"
    assert outside["detail"].replace(OWN, "H99") == unknown["detail"]


async def test_who_only_writes_values_reads_the_imports_that_it_made(
    world: dict[str, httpx.AsyncClient], as_key: CallerMaker
) -> None:
    writer = as_key(Scope.VALUES_WRITE, unit="H60")
    made = (await writer.post("/v1/imports", json=some_figures(OWN, numerator=2))).json()["id"]

    own, foreign, listed = [await writer.get(f"/v1/imports{path}") for path in (f"/{made}", "/1", "")]

    assert (own.status_code, own.json()["actor"]) == (200, "clerk-3")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "import_unknown")
    assert listed.status_code == 403


ROOTS_AND_MOVES: list[dict[str, Any]] = [
    {"code": "H61", "name": "Tỉnh mới", "level": "province"},
    {"code": "H60.200", "name": "Xã mới", "level": "commune"},
    {"code": "H60.200", "name": "Xã mới", "level": "commune", "parent": "H19"},
    {"code": "H60", "name": "Tuyên Quang", "level": "province", "parent": "H19"},
    {"code": OWN, "name": "Xã", "level": "commune", "parent": "H19"},
    {"code": OWN, "name": "Xã", "level": "commune", "parent": None},
    {"code": "H19.100", "name": "Xã", "level": "commune", "parent": "H60"},
]


@pytest.mark.parametrize("unit", ROOTS_AND_MOVES, ids=lambda unit: f"{unit['code']}-{unit.get('parent', 'left-out')}")
async def test_a_subtree_key_makes_no_root_and_moves_nothing_in_or_out(
    unit: dict[str, Any], world: dict[str, httpx.AsyncClient], api: httpx.AsyncClient
) -> None:
    before = (await api.get("/v1/units")).json()
    path, body = f"/v1/units/{unit['code']}", _without_code(unit)

    put = await world["own"].put(path, json=body)
    patched = await world["own"].patch(path, json=body)
    imported = await world["own"].post("/v1/units/import", json=[unit])

    known = unit["code"] in [each["code"] for each in before["items"]]
    assert put.status_code == 403, put.text
    assert patched.status_code == (403 if known else 404), patched.text
    assert imported.status_code == 422
    assert {each["code"] for each in imported.json()["errors"]} == {"unit_forbidden"}
    assert (await api.get("/v1/units")).json() == before


def _without_code(unit: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in unit.items() if name != "code"}


async def test_a_subtree_key_moves_nothing_out_by_an_event(
    world: dict[str, httpx.AsyncClient], api: httpx.AsyncClient
) -> None:
    moved = {"kind": "move", "effective_on": "2025-07-01", "from": [OWN], "parent": "H19"}
    merged = {"kind": "merge", "effective_on": "2025-07-01", "from": [OWN], "to": [{"unit": "H19.100"}]}

    assert (await world["own"].post("/v1/unit-events", json=moved)).status_code == 403
    assert (await world["own"].post("/v1/unit-events", json=merged)).status_code == 403
    assert (await api.get(f"/v1/units/{OWN}/lineage")).json()["events"] == []


async def test_a_subtree_key_adds_a_unit_below_its_own(world: dict[str, httpx.AsyncClient]) -> None:
    new = await world["own"].put("/v1/units/H60.200", json=_without_code(a_commune("H60.200")))

    assert new.status_code == 201


async def test_a_foreign_row_of_an_import_is_named(world: dict[str, httpx.AsyncClient]) -> None:
    answer = await world["own"].post("/v1/imports", json=some_figures(OWN, "H19.100"))

    assert answer.status_code == 422
    assert [(each["code"], each["pointer"]) for each in answer.json()["errors"]] == [("unit_forbidden", "/1/unit")]
