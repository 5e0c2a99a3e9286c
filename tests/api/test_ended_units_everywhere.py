"""What each request that names a unit answers after the end of that unit; none says that it is unknown.

The places where a request names a unit are read off the contract: a new one fails here until it is said what it
answers.
"""

from typing import Any, NamedTuple

import httpx
import pytest

from app.errors import NotFound
from app.store.db import Database
from tests.make import a_commune, a_key, a_unit, some_figures, with_figures, with_units
from tests.support.unit_fields import DOCUMENT, unit_fields
from tests.support.word_files import SENT, a_template

ENDED, LOST, HEIR, OFFICE = "H60.1", "H60.4", "H60.2", "H60.3"
"""Departments: one that ended and was followed by another, one that nobody followed, the heir, and one beside them."""
LAST_DAY, BEFORE, AFTER = "2024-06-30", "2024-05", "2024-07"
LETTER = f"letters/{{}}/{BEFORE}/announcement"
TEMPLATE = "letter-templates/{}/announcement"
ANSWERS, LISTS, NONE_PUBLISHED = "answers", "lists", "evaluation_unknown"
"""It answers as ever; it lists what fits, which may be nothing; none has been published, whatever the unit."""


class Door(NamedTuple):
    """A request that names a unit (`{}`) after its end; it `says` one of the above, or the code that refuses it."""

    says: str
    method: str
    path: str
    body: Any = None


def read(path: str, says: str = "unit_ended") -> Door:
    return Door(says, "GET", f"/v1/{path}")


def listed(path: str) -> Door:
    return read(path, LISTS)


def sent(says: str, method: str, path: str, body: Any) -> Door:
    return Door(says, method, f"/v1/{path}", body)


def event(says: str, **named: Any) -> Door:
    facts = {"kind": "move", "effective_on": "2024-08-01", "from": [OFFICE], **named}
    return sent(says, "POST", "unit-events", facts)


def task(says: str, **named: Any) -> Door:
    return sent(says, "POST", "tasks", {**ORDER, "assignee": OFFICE, **named})


def patched(says: str, **named: Any) -> Door:
    return sent(says, "PATCH", "tasks/1", named)


ORDER = {"kind": "directive", "title": "Việc"}
FINDING = {"rule": "rate_out_of_range", "unit": "{}", "period": BEFORE}
TARGET = {"indicator": "dossier_sync", "year": 2025, "target": 99}
DUTY = {"period": AFTER}
OF_LEVEL = {**DUTY, "level": "commune", "under": "{}"}
RATE = {"heading": "B", "indicator": "dossier_sync"}
PROFILE = {"columns": [{"heading": "A", "field": "unit"}, RATE]}
A_TABLE = b"unit;dossier_sync\nH60;90\n"
AN_OFFICE = {"name": "Sở", "level": "department", "parent": "H60", "valid_to": LAST_DAY}
A_COMMUNE = {"name": "Xã", "level": "commune", "parent": "{}"}

DOORS: dict[tuple[str, str], Door] = {
    ("read_units", "parent"): listed("units?parent={}&active_on=2024-08-01"),
    ("read_units", "under"): listed("units?under={}&active_on=2024-08-01"),
    ("read_unit", "code"): read("units/{}?active_on=2024-08-01"),
    ("read_unit_lineage", "code"): read("units/{}/lineage", ANSWERS),  # its history
    ("put_unit", "code"): sent(ANSWERS, "PUT", "units/{}", AN_OFFICE),  # what it was is corrected
    ("put_unit", "/code"): sent(ANSWERS, "PUT", "units/{}", {**AN_OFFICE, "code": "{}"}),
    ("put_unit", "/parent"): sent("unit_ended", "PUT", "units/H60.1.9", A_COMMUNE),
    ("put_unit", "/successors/0"): sent(  # who followed may have ended since
        ANSWERS, "PUT", "units/H60.5", {**AN_OFFICE, "valid_to": "2020-12-31", "successors": ["{}"]}
    ),
    ("patch_unit", "code"): sent(ANSWERS, "PATCH", "units/{}", {"name": "Sở"}),
    ("patch_unit", "/code"): sent(ANSWERS, "PATCH", "units/{}", {"name": "Sở", "code": "{}"}),
    ("patch_unit", "/parent"): sent("unit_ended", "PATCH", f"units/{OFFICE}", {"parent": "{}"}),
    ("patch_unit", "/successors/0"): sent(
        ANSWERS, "PATCH", "units/H60.6", {"valid_to": "2020-12-31", "successors": ["{}"]}
    ),
    ("import_units", "/0/code"): sent(ANSWERS, "POST", "units/import", [{**AN_OFFICE, "code": "{}"}]),
    ("import_units", "/0/parent"): sent("unit_ended", "POST", "units/import", [{**A_COMMUNE, "code": "H60.1.9"}]),
    ("import_units", "/0/successors/0"): sent(
        ANSWERS,
        "POST",
        "units/import",
        [{**AN_OFFICE, "code": "H60.5", "valid_to": "2020-12-31", "successors": ["{}"]}],
    ),
    ("post_unit_event", "/from/0"): event("unit_not_active", **{"from": ["{}"], "parent": HEIR}),
    ("post_unit_event", "/to/0/unit"): event("unit_not_active", kind="merge", to=[{"unit": "{}"}]),
    ("post_unit_event", "/parent"): event("unit_ended", parent="{}"),
    ("post_import", "/0/unit"): sent("unit_not_active", "POST", "imports", some_figures("{}", period=AFTER)),
    ("read_values", "unit"): listed(f"values?unit={{}}&period={AFTER}"),
    ("read_values", "under"): listed(f"values?under={{}}&from={AFTER}&history=true"),
    ("read_scores", "under"): read(f"scores?under={{}}&period={AFTER}&level=commune"),
    ("score_what_if", "/under"): sent(
        "unit_ended", "POST", "scores/what-if", {"period": AFTER, "level": "commune", "under": "{}"}
    ),
    ("read_sensitivity", "under"): read(f"scores/sensitivity?under={{}}&period={AFTER}&level=commune"),
    ("read_overview", "under"): read("overview?under={}"),
    ("read_unit_scores", "unit"): read(f"scores/{{}}?from={AFTER}&to={AFTER}"),
    ("read_unit_score", "unit"): read(f"scores/{{}}/{AFTER}"),
    ("read_score_change", "unit"): read(f"scores/{{}}/{AFTER}/change"),
    ("read_score_reach", "unit"): read(f"scores/{{}}/{AFTER}/reach?total=80"),
    ("read_completeness", "under"): read(f"periods/{AFTER}/completeness?under={{}}&level=commune"),
    ("read_findings", "under"): listed(f"findings?under={{}}&period={AFTER}"),
    ("post_evaluation", "/under"): sent(
        "unit_ended", "POST", "evaluations", {**DUTY, "under": "{}", "levels": ["commune"]}
    ),
    ("read_evaluations", "under"): listed(f"evaluations?under={{}}&period={AFTER}"),
    ("read_latest_evaluation", "under"): read(f"evaluations/latest?under={{}}&period={AFTER}", NONE_PUBLISHED),
    ("read_evaluation_unit_score", "unit"): read("evaluations/1/scores/{}", NONE_PUBLISHED),
    ("read_classification_report", "under"): read(f"reports/classification?under={{}}&period={AFTER}"),
    ("read_comparison_report", "unit"): read(f"reports/comparison?unit={{}}&period={AFTER}"),
    ("read_comparison_report", "under"): read(f"reports/comparison?under={{}}&period={AFTER}"),
    ("read_counts_report", "under"): read(f"reports/counts?under={{}}&period={AFTER}&indicator=dossier_sync"),
    ("read_reconciliation_report", "under"): read(f"reports/reconciliation?under={{}}&period={AFTER}"),
    ("read_movers_report", "under"): read(f"reports/movers?under={{}}&period={AFTER}"),
    ("read_below_target_report", "under"): read(f"reports/below-target?under={{}}&period={AFTER}"),
    ("read_brief_report", "under"): read(f"reports/brief?under={{}}&period={AFTER}"),
    ("read_notice_report", "under"): read(f"reports/notice?under={{}}&period={AFTER}"),
    ("read_announcement_report", "under"): read(f"reports/announcement?under={{}}&period={AFTER}"),
    ("read_publication_report", "under"): read(f"reports/publication?under={{}}&period={AFTER}"),
    ("read_tasks_report", "under"): read(f"reports/tasks?under={{}}&period={AFTER}"),
    ("read_tasks_report", "assignee"): listed(f"reports/tasks?assignee={{}}&period={AFTER}"),
    ("put_targets", "/unit"): sent("unit_not_active", "PUT", "targets", {**TARGET, "unit": "{}"}),
    ("put_targets", "/items/0/unit"): sent("unit_not_active", "PUT", "targets", {"items": [{**TARGET, "unit": "{}"}]}),
    ("read_targets", "unit"): listed("targets?unit={}&year=2025"),
    ("put_publications", "/unit"): sent("unit_not_active", "PUT", "publications", {**DUTY, "unit": "{}"}),
    ("put_publications", "/under"): sent("unit_ended", "PUT", "publications", OF_LEVEL),
    ("put_publications", "/items/0/unit"): sent(
        "unit_not_active", "PUT", "publications", {"items": [{**DUTY, "unit": "{}"}]}
    ),
    ("put_publications", "/items/0/under"): sent("unit_ended", "PUT", "publications", {"items": [OF_LEVEL]}),
    ("read_publications", "unit"): listed(f"publications?unit={{}}&period={AFTER}"),
    ("read_publications", "under"): listed("publications?under={}"),
    ("put_letter_profile", "unit"): sent(  # the letters about its last periods are written after its end
        ANSWERS, "PUT", "letter-profiles/{}", {"symbol": "VP"}
    ),
    ("put_letter_profile", "/unit"): sent(ANSWERS, "PUT", "letter-profiles/{}", {"symbol": "VP", "unit": "{}"}),
    ("read_letter_profile", "unit"): read("letter-profiles/{}", ANSWERS),
    ("put_letter_text", "unit"): sent(ANSWERS, "PUT", LETTER, {"subject": "V/v"}),
    ("put_letter_text", "/unit"): sent(ANSWERS, "PUT", LETTER, {"subject": "V/v", "unit": "{}"}),
    ("read_letter_text", "unit"): read(LETTER, ANSWERS),
    ("delete_letter_text", "unit"): sent(ANSWERS, "DELETE", LETTER, None),
    ("put_letter_template", "unit"): sent(ANSWERS, "PUT", TEMPLATE, a_template("Kính gửi")),
    ("read_letter_template", "unit"): read(TEMPLATE, ANSWERS),
    ("delete_letter_template", "unit"): sent(ANSWERS, "DELETE", TEMPLATE, None),
    ("post_task", "/unit"): task("unit_ended", unit="{}"),
    ("post_task", "/assignee"): task("unit_ended", assignee="{}"),
    ("post_task", "/helpers/0"): task("unit_ended", helpers=["{}"]),
    ("post_task", "/finding/unit"): task(ANSWERS, finding=FINDING),  # what was found in its figures
    ("patch_task", "/unit"): patched("unit_ended", unit="{}"),
    ("patch_task", "/assignee"): patched("unit_ended", assignee="{}"),
    ("patch_task", "/helpers/0"): patched("unit_ended", helpers=["{}"]),
    ("patch_task", "/finding/unit"): patched(ANSWERS, finding=FINDING),
    ("read_tasks", "assignee"): listed("tasks?assignee={}"),
    ("post_key", "/unit"): sent("unit_ended", "POST", "keys", {"name": "sở", "scopes": ["values:read"], "unit": "{}"}),
    ("put_webhook", "/unit"): sent("unit_ended", "PUT", "webhooks/so", {"url": "https://hooks.vn/", "unit": "{}"}),
    # a file of its last periods may come late
    ("put_import_profile", "/unit"): sent(ANSWERS, "PUT", "import-profiles/so", {**PROFILE, "unit": "{}"}),
    ("put_import_profile", "/units/0/unit"): sent(
        ANSWERS, "PUT", "import-profiles/so", {**PROFILE, "units": [{"text": "Sở", "unit": "{}"}]}
    ),
    ("put_import_profile", "/sheets/0/unit"): sent(
        ANSWERS, "PUT", "import-profiles/so", {"columns": [RATE], "sheets": [{"sheet": "Sở", "unit": "{}"}]}
    ),
    ("suggest_import_profile", "under"): sent(ANSWERS, "POST", "import-profiles/suggest?under={}", A_TABLE),
    ("post_import", "under"): sent(  # what units below it had may be sent anew
        ANSWERS, "POST", "imports?under={}", some_figures("{}", period=BEFORE)
    ),
    ("read_audit", "unit"): read("audit?unit={}", ANSWERS),
}
"""By operation and field: a parameter by its name, a member of the body by its JSON pointer."""

HISTORY = (
    "units/{}",
    "units?parent={}&active_on=2024-06-30",
    "units?under={}",
    "values?unit={}",
    f"values?unit={{}}&period={BEFORE}",
    "values?unit={}&history=true",
    f"scores?under=H60&period={BEFORE}&level=department",
    "scores/{}",
    f"scores/{{}}/{BEFORE}",
    f"periods/{BEFORE}/completeness?under={{}}&level=commune",
    f"reports/classification?under={{}}&period={BEFORE}",
    "targets?unit={}&year=2024",
    "publications?unit={}",
    f"publications?under=H60&period={BEFORE}",
)
"""What tells of the time before the end."""


def of(unit: str, part: Any) -> Any:
    """A part of a request with the unit named in it."""
    if isinstance(part, dict):
        return {name: of(unit, value) for name, value in part.items()}
    if isinstance(part, list):
        return [of(unit, value) for value in part]
    return part.replace("{}", unit) if isinstance(part, str) else part


def test_it_is_said_of_every_door_what_it_answers_about_a_unit_that_has_ended() -> None:
    found = {(each.id, field) for each in DOCUMENT.operations for field in unit_fields(each)}

    assert found - DOORS.keys() == set()
    assert DOORS.keys() - found == {("post_import", "/0/unit")}  # takes identifiers as well


@pytest.fixture(autouse=True)
async def offices(api: httpx.AsyncClient) -> None:
    """The departments, under each that has ended a commune that ended with it, and what was stored before the end."""
    office, ended = {"level": "department", "parent": "H60"}, {"valid_to": LAST_DAY}
    departments = [a_unit(code=HEIR, **office), a_unit(code=OFFICE, **office), a_unit(code="H60.6", **office)]
    communes = [a_commune(f"{code}.1", parent=code, **ended) for code in (ENDED, LOST)]
    gone = [a_unit(code=ENDED, **office, **ended, successors=[HEIR]), a_unit(code=LOST, **office, **ended)]
    await with_units(api, [a_unit(), *departments, *gone, *communes])
    await with_figures(api, some_figures(ENDED, LOST, period=BEFORE))
    await api.post("/v1/tasks", json={**ORDER, "assignee": OFFICE})
    for code in (ENDED, LOST):
        stated = [
            await api.put("/v1/targets", json={**TARGET, "year": 2024, "unit": code}),
            await api.put("/v1/publications", json={"period": BEFORE, "unit": code}),
            await api.put(f"/v1/letter-profiles/{code}", json={"symbol": "VP"}),
            await api.put(f"/v1/{LETTER.format(code)}", json={"subject": "V/v"}),
            await api.put(f"/v1/{TEMPLATE.format(code)}", content=a_template("Kính gửi"), headers=SENT),
        ]
        assert all(each.is_success for each in stated), [each.text for each in stated]


@pytest.mark.parametrize("door", DOORS, ids="-".join)
async def test_a_unit_that_has_ended_is_never_unknown(door: tuple[str, str], api: httpx.AsyncClient) -> None:
    for unit in (ENDED, LOST):
        says, method, path, body = of(unit, list(DOORS[door]))

        given: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        kind = {} if not isinstance(body, bytes) else {"Content-Type": "text/csv"} if body == A_TABLE else SENT

        answer = await api.request(method, path, **given, headers=kind)
        vietnamese = await api.request(method, path, **given, headers={**kind, "Accept-Language": "vi"})

        if says in (ANSWERS, LISTS):
            assert answer.is_success, answer.text
            assert says == LISTS or answer.json().get("items") != []
        else:
            asks = method == "GET" or door[0] == "score_what_if"
            assert answer.status_code == (404 if asks else 422), answer.text
            assert_says(says, unit, door[1], answer.json())
            assert_says(says, unit, door[1], vietnamese.json())


def assert_says(code: str, unit: str, field: str, told: dict[str, Any]) -> None:
    """A refusal has one fault of this code at this field; it says when the unit ended, and who carries on its work."""
    (fault,) = [each for each in told.get("errors") or [told] if each["code"] == code]
    assert fault.get("pointer") in (None, field)
    if code != NONE_PUBLISHED:
        assert LAST_DAY in fault["detail"]
        assert (HEIR in fault["detail"]) is (unit == ENDED)


@pytest.mark.parametrize("unit", [ENDED, LOST])
def test_no_key_is_made_for_a_unit_that_has_ended(unit: str, database: Database) -> None:
    with pytest.raises(NotFound) as refused:
        a_key(database, unit=unit)

    assert refused.value.code == "unit_ended"
    assert refused.value.extra == {"successors": [HEIR] if unit == ENDED else []}


async def test_an_evaluation_says_of_a_unit_that_it_does_not_hold_why(api: httpx.AsyncClient) -> None:
    stated = await api.post("/v1/evaluations", json={**DUTY, "under": "H60", "levels": ["department"]})
    assert stated.status_code == 201, stated.text

    ended = await api.get(f"/v1/reports/comparison?evaluation=1&unit={ENDED}")
    unknown = await api.get("/v1/reports/comparison?evaluation=1&unit=H61")

    assert [(each.status_code, each.json()["code"]) for each in (ended, unknown)] == [
        (404, "unit_ended"),
        (404, "unit_unknown"),
    ]
    assert ended.json()["successors"] == [HEIR]


async def test_the_successors_are_those_of_the_time_that_is_asked_about(api: httpx.AsyncClient) -> None:
    await api.patch(f"/v1/units/{HEIR}", json={"valid_to": "2025-06-30", "successors": [OFFICE]})

    soon = await api.get(f"/v1/scores/{ENDED}/{AFTER}")
    later = await api.get(f"/v1/scores/{ENDED}/2025-07")

    assert [each.json()["successors"] for each in (soon, later)] == [[HEIR], [OFFICE]]


@pytest.mark.parametrize("path", HISTORY)
async def test_the_time_before_the_end_is_told(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/v1/{path.replace('{}', ENDED)}")

    assert answer.status_code == 200, answer.text
    assert answer.json().get("items") != []


async def test_a_series_that_an_ended_unit_lived_in_partly_is_told(api: httpx.AsyncClient) -> None:
    partly = await api.get(f"/v1/scores/{ENDED}", params={"from": BEFORE, "to": AFTER})

    assert (partly.status_code, [item["period"] for item in partly.json()["items"]]) == (200, [BEFORE])
