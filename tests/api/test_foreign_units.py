"""Every unit that a write names lies in the subtree of the key that writes: a request for each place of each write."""

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, some_figures, with_units
from tests.support.unit_fields import DOCUMENT, unit_fields
from tests.support.word_files import SENT, a_template

CallerMaker = Callable[..., httpx.AsyncClient]

OWN, OTHER, FOREIGN = "H60.100", "H60.200", "H19.100"
DAY = "2026-09-01"


class Write(NamedTuple):
    """A request that names FOREIGN in one place, and is right but for that."""

    method: str
    path: str
    body: Any


def an_event(kind: str, **named: Any) -> Write:
    return Write("POST", "/v1/unit-events", {"kind": kind, "effective_on": DAY, "from": [OWN], **named})


def a_task(**named: Any) -> dict[str, Any]:
    return {"kind": "directive", "title": "Việc", "unit": "H60", "assignee": OWN, **named}


def a_profile(code: str, **said: str) -> Write:
    return Write("PUT", f"/v1/letter-profiles/{code}", {"symbol": "VP", **said})


def a_put(code: str, **facts: Any) -> Write:
    unit = a_commune(code, **facts)
    return Write("PUT", f"/v1/units/{code}", {name: fact for name, fact in unit.items() if name != "code"})


def a_finding(unit: str) -> dict[str, Any]:
    return {"rule": "rate_out_of_range", "unit": unit}


LETTER = f"/v1/letters/{FOREIGN}/2024-07/announcement"
TEMPLATE = f"/v1/letter-templates/{FOREIGN}/announcement"
DUTY_OF_ONE = {"period": "2024-07"}
DUTY = {**DUTY_OF_ONE, "level": "commune"}
TARGET = {"indicator": "dossier_sync", "year": 2024, "target": 99}

PROFILE = "/v1/import-profiles/ours"
RATE = {"heading": "B", "indicator": "dossier_sync"}
PROFILE_BODY = {"columns": [{"heading": "A", "field": "unit"}, RATE]}
WORD, SHEET = {"text": "Xã", "unit": FOREIGN}, {"sheet": "Xã", "unit": FOREIGN}

WRITES: dict[tuple[str, str], Write] = {
    ("put_unit", "code"): a_put(FOREIGN, parent="H60"),
    ("put_unit", "/code"): Write("PUT", f"/v1/units/{FOREIGN}", a_commune(FOREIGN, parent="H60")),
    ("put_unit", "/parent"): a_put(OWN, parent="H19"),
    ("put_unit", "/successors/0"): a_put(OWN, successors=[FOREIGN]),
    ("patch_unit", "code"): Write("PATCH", f"/v1/units/{FOREIGN}", {"name": "Xã"}),
    ("patch_unit", "/code"): Write("PATCH", f"/v1/units/{FOREIGN}", {"code": FOREIGN, "name": "Xã"}),
    ("patch_unit", "/parent"): Write("PATCH", f"/v1/units/{OWN}", {"parent": "H19"}),
    ("patch_unit", "/successors/0"): Write("PATCH", f"/v1/units/{OWN}", {"successors": [FOREIGN]}),
    ("import_units", "/0/code"): Write("POST", "/v1/units/import", [a_commune(FOREIGN, parent="H60")]),
    ("import_units", "/0/parent"): Write("POST", "/v1/units/import", [a_commune(OWN, parent="H19")]),
    ("import_units", "/0/successors/0"): Write("POST", "/v1/units/import", [a_commune(OWN, successors=[FOREIGN])]),
    ("post_unit_event", "/from/0"): an_event("rename", **{"from": [FOREIGN], "name": "Xã"}),
    ("post_unit_event", "/to/0/unit"): an_event("merge", to=[{"unit": FOREIGN}]),
    ("post_unit_event", "/parent"): an_event("move", parent="H19"),
    ("post_import", "/0/unit"): Write("POST", "/v1/imports", some_figures(FOREIGN)),
    ("put_letter_profile", "unit"): a_profile(FOREIGN),
    ("put_letter_profile", "/unit"): a_profile(FOREIGN, unit=FOREIGN),
    ("put_letter_text", "unit"): Write("PUT", LETTER, {"subject": "V/v"}),
    ("put_letter_text", "/unit"): Write("PUT", LETTER, {"subject": "V/v", "unit": FOREIGN}),
    ("delete_letter_text", "unit"): Write("DELETE", LETTER, None),
    ("put_letter_template", "unit"): Write("PUT", TEMPLATE, a_template("Kính gửi")),
    ("delete_letter_template", "unit"): Write("DELETE", TEMPLATE, None),
    ("put_targets", "/unit"): Write("PUT", "/v1/targets", {**TARGET, "unit": FOREIGN}),
    ("put_targets", "/items/0/unit"): Write("PUT", "/v1/targets", {"items": [{**TARGET, "unit": FOREIGN}]}),
    ("put_publications", "/unit"): Write("PUT", "/v1/publications", {**DUTY_OF_ONE, "unit": FOREIGN}),
    ("put_publications", "/under"): Write("PUT", "/v1/publications", {**DUTY, "under": FOREIGN}),
    ("put_publications", "/items/0/unit"): Write(
        "PUT", "/v1/publications", {"items": [{**DUTY_OF_ONE, "unit": FOREIGN}]}
    ),
    ("put_publications", "/items/0/under"): Write("PUT", "/v1/publications", {"items": [{**DUTY, "under": "H19"}]}),
    ("post_task", "/unit"): Write("POST", "/v1/tasks", a_task(unit=FOREIGN)),
    ("post_task", "/assignee"): Write("POST", "/v1/tasks", a_task(assignee=FOREIGN)),
    ("post_task", "/helpers/0"): Write("POST", "/v1/tasks", a_task(helpers=[FOREIGN])),
    ("post_task", "/finding/unit"): Write("POST", "/v1/tasks", a_task(finding=a_finding(FOREIGN))),
    ("patch_task", "/unit"): Write("PATCH", "/v1/tasks/1", {"unit": FOREIGN}),
    ("patch_task", "/assignee"): Write("PATCH", "/v1/tasks/1", {"assignee": FOREIGN}),
    ("patch_task", "/helpers/0"): Write("PATCH", "/v1/tasks/1", {"helpers": [FOREIGN]}),
    ("patch_task", "/finding/unit"): Write("PATCH", "/v1/tasks/1", {"finding": a_finding(FOREIGN)}),
    ("put_import_profile", "/unit"): Write("PUT", PROFILE, {**PROFILE_BODY, "unit": FOREIGN}),
    ("put_import_profile", "/units/0/unit"): Write("PUT", PROFILE, {**PROFILE_BODY, "units": [WORD]}),
    ("put_import_profile", "/sheets/0/unit"): Write("PUT", PROFILE, {"columns": [RATE], "sheets": [SHEET]}),
    ("post_import", "under"): Write("POST", "/v1/imports?under=H19", some_figures(OWN)),
    ("put_webhook", "/unit"): Write("PUT", "/v1/webhooks/ours", {"url": "https://hooks.vn/", "unit": FOREIGN}),
    ("post_evaluation", "/under"): Write(
        "POST", "/v1/evaluations", {"period": "2024-07", "under": "H19", "levels": ["commune"]}
    ),
}
"""By operation and field: a path parameter by its name, a member of the body by its JSON pointer."""

STORES_NOTHING = {"check_draft", "suggest_import_profile", "score_what_if"}
"""Operations that are no writes: their units are only echoed, or refused as those of reads and rows are."""
OF_THE_WHOLE = {"post_key"}
"""Operations that no subtree key may carry out, whatever the unit."""
BY_ROW = {"import_units", "post_import"}
"""Operations that refuse a row where others refuse the request."""


def test_there_is_a_request_for_every_place_where_a_write_names_a_unit() -> None:
    writing = [each for each in DOCUMENT.operations if each.writes and each.id not in STORES_NOTHING | OF_THE_WHOLE]

    found = {(each.id, field) for each in writing for field in unit_fields(each)}

    assert found - WRITES.keys() == set()


@pytest.fixture
async def key(api: httpx.AsyncClient, as_key: CallerMaker) -> httpx.AsyncClient:
    """A key of one of two provinces, with every scope; a task of its own."""
    communes = [a_commune(code) for code in (OWN, OTHER, FOREIGN)]
    await with_units(api, [a_unit(), a_unit(code="H19"), *communes])
    found = as_key(*Scope, unit="H60")
    assert (await found.post("/v1/tasks", json=a_task())).status_code == 201
    return found


def given(body: Any) -> dict[str, Any]:
    """A body as it is sent: a file, or JSON."""
    return {"content": body, "headers": SENT} if isinstance(body, bytes) else {"json": body}


async def test_no_write_of_a_subtree_key_names_a_unit_outside(key: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    before = (await api.get("/v1/audit")).json()

    answers = {name: await key.request(each.method, each.path, **given(each.body)) for name, each in WRITES.items()}

    for (operation, field), answer in answers.items():
        refused = answer.json()
        told = {(each["code"], each.get("pointer")) for each in refused.get("errors", ())}
        place = field.removesuffix("/0") if "successors" in field else field
        assert answer.status_code == (422 if operation in BY_ROW and field.startswith("/") else 403), (
            operation,
            field,
            answer.text,
        )
        assert "unit_forbidden" in {refused["code"], *(code for code, _ in told)}, (operation, field)
        assert place in {pointer for _, pointer in told} or not told, (operation, field, told)
    assert (await api.get("/v1/audit")).json() == before


async def test_what_a_write_leaves_as_it_was_needs_no_right(key: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    await api.patch(f"/v1/units/{OWN}", json={"valid_to": "2026-06-30", "successors": [FOREIGN]})
    held = (await api.get(f"/v1/units/{OWN}")).json()

    answer = await key.put(f"/v1/units/{OWN}", json=held)

    assert (answer.status_code, answer.json()) == (200, held)


async def test_an_order_that_names_a_unit_that_has_left_is_changed_only_so_that_it_does_not(
    key: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await key.patch("/v1/tasks/1", json={"helpers": [OTHER]})
    await api.post("/v1/unit-events", json=an_event("move", **{"from": [OTHER], "parent": "H19"}).body)

    renamed = await key.patch("/v1/tasks/1", json={"title": "Việc khác"})
    without = await key.patch("/v1/tasks/1", json={"title": "Việc khác", "helpers": []})

    assert (renamed.status_code, renamed.json()["code"]) == (403, "unit_forbidden")
    assert (without.status_code, without.json()["title"]) == (200, "Việc khác")


FREE_CODES = {
    "H60.300": 201,
    "H60.100.1": 201,
    "H60.400.1": 201,
    "H19.300": 403,
    "H19.100.1": 403,
    "H61": 403,
    "XA": 403,
    "H6.1": 403,
    "H60.200.1": 403,
}
"""New codes that a key of H60 asks for below H60, after H60.200 has moved away, and whether it gets them."""


async def test_a_free_code_is_for_whoever_writes_for_the_unit_above_it(
    key: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await api.post("/v1/unit-events", json=an_event("move", **{"from": [OTHER], "parent": "H19"}).body)

    answers = {code: await key.put(f"/v1/units/{code}", json=a_put(code, parent="H60").body) for code in FREE_CODES}
    listed = await key.post("/v1/units/import", json=[a_commune(code, parent="H60") for code in ("H60.9", "H19.9")])

    assert {code: answer.status_code for code, answer in answers.items()} == FREE_CODES
    assert [(each["code"], each["pointer"]) for each in listed.json()["errors"]] == [("unit_forbidden", "/1/code")]


async def test_an_identifier_of_a_unit_outside_stays_its_own(key: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    theirs = [{"scheme": "gso", "value": "75"}]
    await api.patch("/v1/units/H19", json={"identifiers": theirs})

    taken = await key.patch(f"/v1/units/{OWN}", json={"identifiers": theirs})
    sent = await key.post("/v1/imports", json=some_figures("gso:75"))

    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (422, "identifier_taken")
    assert sent.json()["errors"][0]["code"] == "unit_forbidden"
