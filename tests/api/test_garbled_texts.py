"""Text that was read in a wrong encoding is refused at every door, with its place and what was probably done to it."""

import json

import httpx
import pytest

from tests.api.test_hidden_characters import DOORS, HIDDEN
from tests.api.test_import_files import XLSX
from tests.make import a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient

DECLARED = "unit;on_time;note\r\nH60;92,4%;"
NOTE = "Sá»‘ liá»‡u"


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit()])


async def test_a_file_in_windows_1258_that_is_declared_as_1252_is_refused_at_its_cell(api: Client) -> None:
    body = DECLARED.encode() + "Sôì liêòu thaìng taìm cuÒa tiÒnh\r\n".encode("cp1252")

    answer = await api.post(
        "/v1/imports?period=2024-07&locale=vi",
        content=body,
        headers={"Content-Type": "text/csv; charset=windows-1252"},
    )

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["row"], fault["column"]) == (422, "text_garbled", 2, "note")
    assert fault["suggestion"] == "Số liệu tháng tám của tỉnh"
    assert "charset=windows-1258" in fault["detail"]


@pytest.mark.parametrize(
    "note", [NOTE, "UBND xÃ£ Há»™i SÆ¡n", "Ä\x90ông SÆ¡n", "UBND x√£", "UBND tß╗ënh", "Li\ufffdu", "Hòa B\u0301nh"]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", XLSX])
async def test_a_garbled_note_is_refused_in_every_kind_of_file(api: Client, kind: str, note: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "value": "92.4", "note": note}
    body = as_xlsx([list(row), list(row.values())]) if kind == XLSX else json.dumps(row).encode()
    body = b"[" + body + b"]" if kind == "application/json" else body

    answer = await api.post("/v1/imports", content=body, headers={"Content-Type": kind})

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"]) == (422, "text_garbled")


@pytest.mark.parametrize("code", ["unit", "source"])
async def test_a_code_with_a_lost_letter_is_told_as_that(api: Client, code: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "value": 92.4} | {code: "H\ufffd60"}

    answer = await api.post("/v1/imports", json=[row])

    assert [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]] == [("text_garbled", f"/0/{code}")]


@pytest.mark.parametrize("garbled", [NOTE, "T\ufffdnh", "SÆ¡n", "x√£"])
@pytest.mark.parametrize("door", [door for door in DOORS if not door.startswith("address")])
async def test_a_garbled_text_is_refused_with_its_place(api: Client, door: str, garbled: str) -> None:
    method, path, body, pointer = DOORS[door]
    sent = json.dumps(body, ensure_ascii=False).replace(HIDDEN, garbled)

    answer = await api.request(method, path, content=sent.encode(), headers={"Content-Type": "application/json"})

    assert answer.status_code == 422, answer.text
    [fault] = answer.json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("text_garbled", pointer)


@pytest.mark.parametrize("garbled", ["https://tuyenquang.gov.vn/Tá»‰nh", "https://tuyenquang.gov.vn/T\ufffdnh"])
async def test_a_garbled_address_of_a_publication_is_refused(api: Client, garbled: str) -> None:
    answer = await api.put("/v1/publications", json={"unit": "H60", "period": "2024-07", "url": garbled})

    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["pointer"]) == (422, "text_garbled", "/url")


async def test_the_sentence_names_no_encoding_that_nobody_can_tell(api: Client) -> None:
    answer = await api.put("/v1/units/H61", json={"name": "Tá»‰nh", "level": "province"})

    [fault] = answer.json()["errors"]
    assert "UTF-8 that was read as another encoding (“Tỉnh”)" in fault["detail"]
