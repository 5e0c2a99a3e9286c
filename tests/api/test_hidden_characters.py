"""Characters that nobody sees are refused in every text that people read, with their place and code point."""

from typing import Any

import httpx
import pytest

from app.domain.instant import to_instant
from app.domain.unit import Unit, Version
from app.store import units as units_store
from app.store.db import Database
from tests.api.conftest import START
from tests.make import a_framework, a_unit, some_figures, with_units

Client = httpx.AsyncClient
HIDDEN = "Sở\u200bA"
TASK = {"kind": "directive", "title": "Khắc phục", "assignee": "H60", "due_on": "2026-12-01"}
EVENT = {"kind": "rename", "effective_on": "2026-01-01", "from": ["H60"], "name": "UBND"}
EVALUATION = {"period": "2024-07", "levels": ["province"]}
DOORS: dict[str, tuple[str, str, Any, str]] = {
    "name of a unit": ("PUT", "/v1/units/H61", {"name": HIDDEN, "level": "province"}, "/name"),
    "name in a patch": ("PATCH", "/v1/units/H60", {"name": HIDDEN}, "/name"),
    "name in a list of units": ("POST", "/v1/units/import", [a_unit(name=HIDDEN)], "/0/name"),
    "name in an event": ("POST", "/v1/unit-events", {**EVENT, "name": HIDDEN}, "/name"),
    "reference of an event": ("POST", "/v1/unit-events", {**EVENT, "legal_ref": HIDDEN}, "/legal_ref"),
    "title of an evaluation": ("POST", "/v1/evaluations", {**EVALUATION, "title": HIDDEN}, "/title"),
    "title of a task": ("POST", "/v1/tasks", {**TASK, "title": HIDDEN}, "/title"),
    "detail of a task": ("POST", "/v1/tasks", {**TASK, "detail": f"Một\n{HIDDEN}"}, "/detail"),
    "reference of a task": ("POST", "/v1/tasks", {**TASK, "legal_ref": HIDDEN}, "/legal_ref"),
    "note of a publication": (
        "PUT",
        "/v1/publications",
        {"unit": "H60", "period": "2024-07", "note": HIDDEN},
        "/note",
    ),
    "address of a publication": (
        "PUT",
        "/v1/publications",
        {"unit": "H60", "period": "2024-07", "url": "https://a\u200b.vn/"},
        "/url",
    ),
    "reference of a target": (
        "PUT",
        "/v1/targets",
        {"indicator": "dossier_sync", "year": 2026, "target": 90, "legal_ref": HIDDEN},
        "/legal_ref",
    ),
    "letter profile": ("PUT", "/v1/letter-profiles/H60", {"orders": ["Một.\nHai.", HIDDEN]}, "/orders/1"),
    "signature": ("PUT", "/v1/letter-profiles/H60", {"signature": {"name": HIDDEN}}, "/signature/name"),
    "reason of a lock": ("PUT", "/v1/periods/2024-07/lock", {"reason": HIDDEN}, "/reason"),
    "name of a framework": ("POST", "/v1/frameworks", a_framework(name={"vi": HIDDEN}), "/name/vi"),
    "name of a band": (
        "POST",
        "/v1/frameworks/validate",
        a_framework(bands=[{"code": "all", "name": {"vi": HIDDEN}, "min": 0}]),
        "/bands/0/name/vi",
    ),
    "note of a figure": ("POST", "/v1/imports", some_figures(note=HIDDEN), "/0/note"),
}


@pytest.mark.parametrize("door", DOORS)
async def test_a_character_that_nobody_sees_is_refused_with_its_place(api: Client, door: str) -> None:
    method, path, body, pointer = DOORS[door]
    await with_units(api, [a_unit()])

    answer = await api.request(method, path, json=body)

    assert answer.status_code == 422, answer.text
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert "U+200B (ZERO WIDTH SPACE)" in fault["detail"]


async def test_a_newline_stays_in_a_note_and_is_one_whatever_system_wrote_it(api: Client) -> None:
    await with_units(api, [a_unit()])

    answer = await api.post("/v1/imports", json=some_figures(note="Một\r\nhai\rba\tbốn"))

    assert answer.status_code == 200, answer.text
    [row] = (await api.get("/v1/values")).json()["items"]
    assert row["note"] == "Một\nhai\nba\tbốn"


async def test_a_name_that_was_taken_before_can_be_left_as_it_is(api: Client, database: Database) -> None:
    old = Unit("H60", (Version(HIDDEN, "province", None),))
    with database.writing() as session:
        units_store.replace_units(session, [old], to_instant(START))

    answer = await api.patch("/v1/units/H60", json={"level": "department"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == HIDDEN
