"""Look-alike letters: found, suggested, read in headings, and put right in names with a warning."""

import unicodedata

import httpx
import pytest

from tests.make import a_unit, with_units

Client = httpx.AsyncClient
CITY = a_unit(code="H17", name="UBND thành phố Đà Nẵng")


@pytest.fixture
async def city(api: Client) -> None:
    await with_units(api, [CITY, a_unit()])


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("q", ["Ðà Nẵng", "ðà", "Ɖa nang", "Đ\u0061\u0300 Nẵng", "Ｄａ Ｎａｎｇ", "Н17", "Ｈ１７"])
async def test_a_search_finds_what_looks_alike(api: Client, q: str) -> None:
    found = (await api.get("/v1/units", params={"q": q})).json()["items"]

    assert [unit["code"] for unit in found] == ["H17"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("unit", ["TP Ðà Nẵng", "Ðà Nẵng", "UBND TP Đà Nẵng", "Thành phố Ðà Nẵng"])
async def test_a_name_with_look_alikes_is_suggested(api: Client, unit: str) -> None:
    city = "H17" if unit != "Ðà Nẵng" else None  # no city is said, and it might be another body's name
    row = {"unit": unit, "period": "2024-07", "indicator": "dossier_sync", "value": 90}

    answer = await api.post("/v1/imports", json=[row])

    [fault] = answer.json()["errors"]
    assert (fault["code"], fault.get("suggestion")) == ("unit_unknown", city)


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("head", ["Ðơn vị", unicodedata.normalize("NFD", "Đơn vị"), "Đơn\u00a0vị", "ｕｎｉｔ"])
async def test_a_heading_with_look_alikes_is_read(api: Client, head: str) -> None:
    body = f"{head},dossier_sync\nH60,90\n".encode()

    answer = await api.post("/v1/imports?period=2024-07", content=body, headers={"Content-Type": "text/csv"})

    assert answer.json()["created"] == 1, answer.text


async def test_a_list_of_units_keeps_the_right_letters_and_says_so(api: Client) -> None:
    body = "Mã,Tên,Cấp\nH60,Sở Y tế Ðồng Nai,province\nH61,Cần Thơ,province\n".encode()

    answer = await api.post("/v1/units/import", content=body, headers={"Content-Type": "text/csv"})

    [warning] = answer.json()["warnings"]
    assert (warning["code"], warning["row"], warning["column"]) == ("letters_corrected", 2, "name")
    assert warning["suggestion"] == "Sở Y tế Đồng Nai"
    assert (await api.get("/v1/units/H60")).json()["name"] == "Sở Y tế Đồng Nai"


@pytest.mark.usefixtures("city")
async def test_a_new_name_of_an_event_is_put_right_and_said_so(api: Client) -> None:
    event = {"kind": "rename", "effective_on": "2026-01-01", "from": ["H17"], "name": "Ðà Nẵng"}

    answer = await api.post("/v1/unit-events", json=event)

    assert answer.json()["name"] == "Đà Nẵng"
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["letters_corrected"]


@pytest.mark.usefixtures("city")
async def test_other_doors_put_a_name_right_as_well(api: Client) -> None:
    patched = await api.patch("/v1/units/H17", json={"name": "Ðà Nẵng"})
    put = await api.put("/v1/units/H18", json={"name": "Ðà Lạt", "level": "province"})

    assert (patched.json()["name"], put.json()["name"]) == ("Đà Nẵng", "Đà Lạt")
    assert [each.json()["warnings"][0]["code"] for each in (patched, put)] == ["letters_corrected"] * 2


@pytest.mark.parametrize("written", ["2024-07-08t11:00:00z", "2024-07-08 11:00:00Z", " 2024-07-08T18:00:00+0700 "])
async def test_a_moment_is_read_alike_in_an_import_and_a_query(api: Client, city: None, written: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "dossier_sync", "value": 90, "observed_at": written}

    taken = await api.post("/v1/imports", json=[row])
    asked = await api.get("/v1/values", params={"observed_by": written})

    assert taken.status_code == 200, taken.text
    assert [item["observed_at"] for item in asked.json()["items"]] == ["2024-07-08T11:00:00Z"]
