"""Every text of a body that people write: garbled it is refused, and in an old font it is taken with a warning.

The list is read off the contract, so that a text that is added is looked at as well.
"""

import json
from pathlib import Path

import httpx
import pytest

from tests.api.test_portal_import import REST_ROWS
from tests.make import a_unit, some_figures, with_units
from tests.support.contract import Contract
from tests.support.texts import BODIES, free_texts, pointer, with_texts

Client = httpx.AsyncClient
COMMITTED = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"
TEXTS = sorted(free_texts(Contract(json.loads(COMMITTED.read_text("utf-8")))))
GARBLED, OLD, MEANT = "Tá»‰nh", "TØnh", "Tỉnh"
ETH, CROSSED = "Ðức ðô", "Đức đô"
STORED = [operation for operation in BODIES if operation != "POST /v1/check"]
"""All that keep a text; a draft is read as it was written, and forgotten."""


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit()])


async def address_of(api: Client, operation: str) -> str:
    """Where to send a body; what it speaks of is made first."""
    if "tasks/{id}" in operation:
        made = await api.post("/v1/tasks", json=BODIES["POST /v1/tasks"])
        return f"/v1/tasks/{made.json()['id']}"
    if "evaluations/{id}" in operation:
        made = await api.post("/v1/evaluations", json=BODIES["POST /v1/evaluations"])
        return f"/v1/evaluations/{made.json()['id']}/withdraw"
    codes = {"{code}/lock": "2024-07/lock", "{code}": "H61" if operation.startswith("PUT") else "H60", "{unit}": "H60"}
    codes = {"layouts/{code}": "layouts/ours", **codes}
    codes |= {"{name}": "thang", "{period}": "2024-07", "{kind}": "announcement"}
    path = operation.partition(" ")[2]
    for name, code in codes.items():
        path = path.replace(name, code)
    return path


def test_there_is_a_body_for_every_operation_with_a_text() -> None:
    assert {operation for operation, _ in TEXTS} == BODIES.keys()


@pytest.mark.parametrize("operation", BODIES)
async def test_garbled_texts_are_refused_each_at_its_place(api: Client, operation: str) -> None:
    places = [place for each, place in TEXTS if each == operation]
    body = with_texts(BODIES[operation], places, GARBLED)

    answer = await api.request(operation.partition(" ")[0], await address_of(api, operation), json=body)

    assert answer.status_code == 422, answer.text
    found = {fault["pointer"] for fault in answer.json()["errors"] if fault["code"] == "text_garbled"}
    assert found == set(map(pointer, places))


@pytest.mark.parametrize("operation", BODIES)
async def test_texts_in_an_old_font_are_warned_of_each_at_its_place(api: Client, operation: str) -> None:
    places = [place for each, place in TEXTS if each == operation]
    body = with_texts(BODIES[operation], places, OLD)

    answer = await api.request(operation.partition(" ")[0], await address_of(api, operation), json=body)

    assert answer.is_success, answer.text
    warnings = [each for each in answer.json()["warnings"] if each["code"] == "text_in_old_font"]
    assert {(each["pointer"], each["suggestion"]) for each in warnings} == {(pointer(place), MEANT) for place in places}


@pytest.mark.parametrize("operation", STORED)
async def test_an_eth_is_kept_as_the_letter_that_is_meant_and_warned_of_at_its_place(
    api: Client, operation: str
) -> None:
    places = [place for each, place in TEXTS if each == operation]
    body = with_texts(BODIES[operation], places, ETH)

    answer = await api.request(operation.partition(" ")[0], await address_of(api, operation), json=body)

    assert answer.is_success, answer.text
    warnings = [each for each in answer.json()["warnings"] if each["code"] == "letters_corrected"]
    found = {(each["pointer"], each["value"], each["suggestion"]) for each in warnings}
    assert found == {(pointer(place), ETH, CROSSED) for place in places}
    told = json.dumps({**answer.json(), "warnings": []}, ensure_ascii=False)
    assert ETH not in told


@pytest.mark.parametrize("operation", STORED)
async def test_nothing_is_said_of_texts_that_are_kept_as_they_are_meant(api: Client, operation: str) -> None:
    places = [place for each, place in TEXTS if each == operation]
    body = with_texts(BODIES[operation], places, f" {CROSSED} ")

    answer = await api.request(operation.partition(" ")[0], await address_of(api, operation), json=body)

    assert answer.is_success, answer.text
    assert "letters_corrected" not in answer.text


async def test_the_letters_of_a_framework_are_right_wherever_it_is_read(api: Client) -> None:
    places = [place for each, place in TEXTS if each == "POST /v1/frameworks"]
    sent = with_texts(BODIES["POST /v1/frameworks"], places, ETH)

    stored = await api.post("/v1/frameworks", json=sent)
    read = await api.get(f"/v1/frameworks/{sent['code']}@{sent['version']}")

    assert stored.status_code == 201, stored.text
    assert "Ð" not in read.text
    assert CROSSED in read.text


async def test_a_text_of_a_table_is_warned_of_in_its_cell(api: Client) -> None:
    table = f"unit,period,note\nH60,2024-07,{ETH}\n"

    answer = await api.put("/v1/publications", content=table.encode(), headers={"Content-Type": "text/csv"})

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["row"], warning["column"]) == ("letters_corrected", 2, "note")
    assert warning["suggestion"] == CROSSED


@pytest.mark.parametrize("text", ["xÐt duyÖt", "phÐp"])
async def test_a_text_in_an_old_font_is_not_put_right_letter_by_letter(api: Client, text: str) -> None:
    answer = await api.post("/v1/tasks", json={**BODIES["POST /v1/tasks"], "title": text})

    told = answer.json()
    assert told["title"] == text
    assert [each["code"] for each in told["warnings"]] == ["text_in_old_font"]


async def test_the_reason_of_a_query_is_put_right_and_warned_of(api: Client) -> None:
    answer = await api.delete("/v1/periods/2024-07/lock", params={"reason": ETH})

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["parameter"], warning["suggestion"]) == ("letters_corrected", "reason", CROSSED)


async def test_the_note_of_a_figure_is_put_right_and_warned_of(api: Client) -> None:
    [figure] = some_figures("H60")

    answer = await api.post("/v1/imports", json=[{**figure, "note": ETH}])
    again = await api.post("/v1/imports", json=[{**figure, "note": CROSSED}])
    stored = await api.get("/v1/values")

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"], warning["suggestion"]) == ("letters_corrected", "/0/note", CROSSED)
    assert (again.json()["unchanged"], again.json()["warnings"]) == (1, [])
    assert [item["note"] for item in stored.json()["items"]] == [CROSSED]


@pytest.mark.parametrize("odd", [("Xaõ Vaân Canh", "text_in_old_font"), ("Xã Ðắk", "letters_corrected")])
async def test_the_name_of_a_unit_that_a_file_of_the_portal_makes_is_warned_of(
    api: Client, odd: tuple[str, str]
) -> None:
    name, code = odd
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    answer = await api.post("/v1/imports", json=[{**REST_ROWS[0], "TEN": name}], params=query)

    assert answer.status_code == 200, answer.text
    assert [(each["code"], each["pointer"]) for each in answer.json()["warnings"] if each["code"] == code] == [
        (code, "/0")
    ]


async def test_a_reason_in_the_query_is_warned_of_as_well(api: Client) -> None:
    answer = await api.delete("/v1/periods/2024-07/lock", params={"reason": OLD})

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["parameter"]) == ("text_in_old_font", "reason")


async def test_what_is_wrong_with_a_ref_that_stands_alone_is_said_of_its_place(api: Client) -> None:
    answer = await api.post("/v1/check", json={"rows": [{"ref": "1", "same_as": GARBLED}, {"ref": "2", "same_as": ""}]})

    found = {(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]}
    assert found == {("text_garbled", "/rows/0/same_as"), ("text_too_short", "/rows/1/same_as")}
