"""Text for fonts from before Unicode is taken with a warning that names the place and what it would be in Unicode."""

import json

import httpx
import pytest

from tests.api.test_hidden_characters import DOORS, HIDDEN
from tests.api.test_import_files import XLSX
from tests.make import a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
OLD, MEANT = "TØnh Tuyªn Quang ch\xada nép", "Tỉnh Tuyên Quang chưa nộp"


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit()])


@pytest.mark.parametrize("door", [door for door in DOORS if not door.startswith("address")])
async def test_it_is_taken_with_a_warning_at_its_place(api: Client, door: str) -> None:
    method, path, body, pointer = DOORS[door]
    sent = json.dumps(body, ensure_ascii=False).replace(HIDDEN, OLD)

    answer = await api.request(method, path, content=sent.encode(), headers={"Content-Type": "application/json"})

    assert answer.is_success, answer.text
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("text_in_old_font", pointer)
    assert MEANT in warning["suggestion"]
    assert "TCVN3" in warning["detail"]


@pytest.mark.parametrize("door", [door for door in DOORS if not door.startswith("address")])
async def test_letters_that_were_lost_are_warned_of_wherever_an_old_font_is(api: Client, door: str) -> None:
    method, path, body, pointer = DOORS[door]
    sent = json.dumps(body, ensure_ascii=False).replace(HIDDEN, "Ban Qu?n lý Khu kinh t?")

    answer = await api.request(method, path, content=sent.encode(), headers={"Content-Type": "application/json"})

    assert answer.is_success, answer.text
    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("letters_lost", pointer)
    assert "in `Qu?n`" in warning["detail"]


@pytest.mark.parametrize("kind", ["text/csv", XLSX, "application/x-ndjson"])
async def test_a_note_in_a_file_is_warned_of_at_its_row(api: Client, kind: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "value": "92.4", "note": "Soá lieäu"}
    table = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    body = as_xlsx([list(row), list(row.values())]) if kind == XLSX else table.encode()
    body = json.dumps(row).encode() if kind == "application/x-ndjson" else body

    answer = await api.post("/v1/imports", content=body, headers={"Content-Type": kind})

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["suggestion"]) == ("text_in_old_font", "Số liệu")
    assert warning["row"] == (1 if kind == "application/x-ndjson" else 2)


async def test_a_list_of_units_is_warned_of_in_the_language_of_the_reader(api: Client) -> None:
    body = "code,name,level\nH61,Sôû Y teá,department\n".encode()

    headers = {"Content-Type": "text/csv", "Accept-Language": "vi"}
    answer = await api.post("/v1/units/import", content=body, headers=headers)

    [warning] = answer.json()["warnings"]
    assert (warning["row"], warning["column"], warning["suggestion"]) == (2, "name", "Sở Y tế")
    assert "bảng mã cũ VNI" in warning["detail"]


async def test_other_texts_are_answered_without_warnings(api: Client) -> None:
    target = {"indicator": "dossier_sync", "year": 2026, "target": 90, "legal_ref": "QĐ 766/QĐ-TTg"}

    answer = await api.put("/v1/targets", json=target)

    assert "warnings" not in answer.json()
