"""Counts: the overdue dossiers of Tuyên Quang's letter of January 2024, note 1: "462 hồ sơ của 07 cơ quan đơn vị: …".

Units and figures are those of the demonstration, the departments named as the letter names them. The letter gives the
sum in figures of its own, which is stored for the province. Units without overdue dossiers are not in the letter: of
one the figure 0 is constructed here, of all others there is none.
"""

from typing import Any

import httpx
import pytest

from app.services.demo import read_units
from tests.api.conftest import Clock
from tests.golden.test_letters import demo_rows
from tests.make import with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

PRINTED = [
    ("Sở Tài nguyên và Môi trường", 427, "92.42"),
    ("UBND huyện Yên Sơn", 27, "5.84"),
    ("UBND thành phố Tuyên Quang", 4, "0.87"),
    ("Sở Giao thông Vận tải", 1, "0.22"),
    ("UBND huyện Hàm Yên", 1, "0.22"),
    ("UBND huyện Lâm Bình", 1, "0.22"),
    ("UBND huyện Na Hang", 1, "0.22"),
]
SENTENCE = (
    "462 hồ sơ của 07 cơ quan, đơn vị: Sở Tài nguyên và Môi trường 427 hồ sơ; Sở Giao thông Vận tải 01 hồ sơ; UBND các "
    "huyện: Yên Sơn 27 hồ sơ; Hàm Yên 01 hồ sơ; Lâm Bình 01 hồ sơ; Na Hang 01 hồ sơ; thành phố Tuyên Quang 04 hồ sơ."
)
WITHOUT = "H60.XCHIEMHOA"
LIVE = {"period": "2024-01", "under": "H60"}
ASKED = {"indicator": "overdue_dossiers"}


@pytest.fixture
async def tuyen_quang(api: httpx.AsyncClient) -> None:
    facts = [each.facts.model_dump(mode="json") for each in read_units()]
    ours = [each for each in facts if each["code"].startswith("H60") and each["level"] != "commune"]
    await with_units(
        api, [{**each, "name": each["name"].removesuffix(" tỉnh Tuyên Quang")} for each in ours[1:]] + ours[:1]
    )
    rows = [row for row in demo_rows("figures_letters.csv") if row["indicator"] == "overdue_dossiers"]
    stated = [
        {name: row[name] for name in ("unit", "period", "indicator", "value", "source", "observed_at")} for row in rows
    ]
    await with_figures(api, [*stated, {**stated[-1], "unit": WITHOUT, "value": "0"}])


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, tuyen_quang: None, clock: Clock) -> int:
    """A published evaluation of departments and districts."""
    clock.forward(hours=1)
    order = {"framework": "qd766", **LIVE, "levels": ["department", "district"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


@pytest.fixture(params=["live", "frozen"])
async def query(request: pytest.FixtureRequest, evaluation: int) -> dict[str, Any]:
    return {**ASKED, **(LIVE if request.param == "live" else {"evaluation": evaluation})}


async def test_462_dossiers_of_seven_units(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    told = await report(api, "counts", **query)

    assert (told["sum"], told["units"], told["zero"], told["missing"]) == (462, 7, 1, 10)
    assert (told["stated_sum"], told["agrees"], told["flags"]) == (462, True, [])
    assert [(item["unit"]["name"], item["count"]) for item in told["items"]] == [row[:2] for row in PRINTED]
    assert [item["place"] for item in told["items"]] == [1, 2, 3, 4, 4, 4, 4]
    assert told["sentence"] == SENTENCE


async def test_the_files_print_the_same_list(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    listed = await csv_rows(api, "counts", **query)
    sheet = await sheet_rows(api, "counts", "Theo đơn vị", **query)

    assert [(row["Đơn vị"], int(row["Số lượng"]), row["Tỷ trọng (%)"]) for row in listed] == PRINTED
    assert [(row["Đơn vị"], row["Số lượng"], f"{row['Tỷ trọng (%)']:.2f}") for row in sheet] == PRINTED
    assert {(row["Nguồn"], row["Mã nguồn"]) for row in listed} == {("Cổng DVCQG", "national_portal")}
    assert {row["Tra cứu lúc"] for row in listed} == {"2024-03-30T17:00:00Z"}


async def test_the_sum_stands_beside_the_stated_one(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    (listed,) = await csv_rows(api, "counts", table="summary", **query)
    (sheet,) = await sheet_rows(api, "counts", "Tổng hợp", **query)

    assert list(listed.values()) == ["Số hồ sơ quá hạn", "462", "7", "1", "10", "462", "Khớp", "overdue_dossiers", ""]
    assert list(sheet.values()) == ["Số hồ sơ quá hạn", 462, 7, 1, 10, 462, "Khớp"]


async def test_whoever_has_none_is_listed_when_asked_for(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    listed = await csv_rows(api, "counts", zeros=True, **query)

    assert [(row["Hạng"], row["Mã"], row["Số lượng"], row["Tỷ trọng (%)"]) for row in listed[7:]] == [
        ("8", WITHOUT, "0", "0.00")
    ]
    assert (await report(api, "counts", zeros=True, **query))["sentence"] == SENTENCE
