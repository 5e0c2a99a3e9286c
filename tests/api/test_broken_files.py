"""Every code of an import with a file that shows it: what is told, where, in both languages, what is left behind."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.formats import workbook
from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_units
from tests.support.broken_files import BROKEN, FORM, ODD, Sent
from tests.support.import_codes import of_imports

Client = httpx.AsyncClient
PLACES = ("row", "column", "pointer", "parameter")
ENVELOPES = {"import_rejected", "header_invalid", "plan_changed", "form_invalid", "content_type_unsupported"}
"""Codes of the refusal itself: they stand in `code` and need no entry of their own in `errors`."""

OF_CONTENT = [
    code for code, sent in BROKEN.items() if sent.status == 422 and sent.kind != FORM and "parameter" not in sent.where
]
"""Those that no other request could send."""
SHARED = ("id", "rows", "created", "updated", "unchanged", "rejected", "errors")


@pytest.fixture
async def sender(api: Client, as_key: Callable[..., Client]) -> Callable[[Sent], Client]:
    gone = a_commune("H60.200", valid_from="2010-01-01", valid_to="2024-06-30")
    left = a_commune("H60.200.1", name="UBND xã Tân Trào", parent="H60.200", valid_from="2010-01-01")
    await with_units(api, [a_unit(), a_commune("H60.101", name="UBND xã Tân Trào"), gone, left])
    assert (await api.put("/v1/periods/2024-05/lock", json={"reason": "Đã công bố"})).status_code == 200

    def choose(sent: Sent) -> Client:
        return api if sent.unit is None else as_key(Scope.VALUES_WRITE, unit=sent.unit)

    return choose


async def post(client: Client, sent: Sent, language: str) -> httpx.Response:
    headers = {"Content-Type": sent.kind, "Accept-Language": language}
    return await client.post("/v1/imports", content=sent.body, headers=headers, params=dict(sent.query))


def told(body: dict[str, Any], code: str, where: object) -> str:
    """What is said of the code at this place."""
    found = [fault for fault in (*body.get("errors", ()), *body.get("warnings", ())) if fault["code"] == code]
    if code in ENVELOPES:
        assert body["code"] == code
        return str(body["detail"])
    assert where in [{name: fault[name] for name in PLACES if name in fault} for fault in found], body
    return str(found[-1]["detail"])


def assert_said_twice(english: str, vietnamese: str) -> None:
    """Both languages say something, each its own, with every blank filled in."""
    for said in (english, vietnamese):
        assert len(said) > 10
        assert not re.search(r"\{\w+\}", said)
    assert english != vietnamese
    assert re.search(r"[à-ỹđ]", vietnamese.lower())


async def left_behind(api: Client) -> tuple[list[Any], list[Any]]:
    values = await api.get("/v1/values", params={"history": "true"})
    return values.json()["items"], (await api.get("/v1/imports")).json()["items"]


@pytest.mark.parametrize("code", BROKEN)
async def test_a_broken_file_is_refused_at_its_place_and_leaves_nothing(
    api: Client, sender: Callable[[Sent], Client], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = BROKEN[code]
    limit(monkeypatch, sent)
    before = (await api.get("/v1/audit")).json()
    client = sender(sent)

    english, vietnamese = await post(client, sent, "en"), await post(client, sent, "vi")

    assert (english.status_code, vietnamese.status_code) == (sent.status, sent.status), english.text
    assert_said_twice(told(english.json(), code, sent.where), told(vietnamese.json(), code, sent.where))
    assert_counts_add_up(english.json())
    assert await left_behind(api) == ([], [])
    if sent.unit is None:
        assert (await api.get("/v1/audit")).json() == before


@pytest.mark.parametrize("code", OF_CONTENT)
async def test_a_dry_run_of_a_broken_file_answers_with_what_the_refusal_says(
    api: Client, sender: Callable[[Sent], Client], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = BROKEN[code]
    limit(monkeypatch, sent)
    client = sender(sent)

    refused = (await post(client, sent, "vi")).json()
    asked = await post(client, replace(sent, query={**sent.query, "dry_run": "true"}), "vi")

    assert asked.status_code == 200, asked.text
    assert (asked.json()["status"], asked.json()["plan"]) == ("rejected", None)
    assert {name: asked.json()[name] for name in SHARED} == {name: refused[name] for name in SHARED}


@pytest.mark.parametrize("code", ODD)
async def test_an_odd_file_is_stored_and_warned_of(
    api: Client, sender: Callable[[Sent], Client], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = ODD[code]
    limit(monkeypatch, sent)
    client = sender(sent)

    english, vietnamese = await post(client, sent, "en"), await post(client, sent, "vi")

    assert (english.status_code, english.json()["status"]) == (200, "applied"), english.text
    assert_said_twice(told(english.json(), code, sent.where), told(vietnamese.json(), code, sent.where))
    assert english.json()["created"] == english.json()["rows"] == vietnamese.json()["unchanged"]


OF_COMPLETE_FILES = {"figure_absent", "most_figures_absent", "retraction_withheld"}
"""Codes of what stood before and is not in a file: `test_complete_imports` shows each."""

OF_PROFILES = {
    "layout_with_profile",
    "period_with_profile",
    "profile_without_table",
    "profile_without_workbook",
    "rows_left_out",
    "sheets_absent",
    "sheets_left_out",
    "sheets_not_named",
}
"""Codes of files that are read by a profile: `test_import_profiles` shows each."""


def test_every_code_of_an_import_has_a_file_that_shows_it() -> None:
    """A new code needs an example in `tests/support/broken_files.py`."""
    assert sorted(BROKEN.keys() | ODD.keys() | OF_COMPLETE_FILES | OF_PROFILES) == sorted(of_imports())


def limit(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    """Make dear what would else take long to show."""
    if sent.limits is not None:
        monkeypatch.setattr(workbook, "WorkbookLimits", lambda: sent.limits)


def assert_counts_add_up(body: dict[str, Any]) -> None:
    if "rows" in body:
        assert body["rejected"] == body["rows"]
        assert body["rows"] > 0 or body["code"] != "import_rejected"
        assert (body["created"], body["updated"], body["unchanged"], body["id"]) == (0, 0, 0, None)
