"""Who has published: a sentence of Tuyên Quang's letter of July 2024, and three orders of Đồng Nai's of Q2/2024.

Tuyên Quang (section 2) prints "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai kết quả …"; its
letter of January 2024 names the seven districts. Đồng Nai (section 4) orders departments and districts to publish the
results (d), districts those of their communes (d), a department and the province's portal the overall ones (e, f); how
many did so it does not say, so the units (2 departments, 2 districts, the portal) and their days are constructed.
"""

from datetime import datetime
from typing import Any

import httpx
import pytest

from app.services.demo import read_publications, read_units
from tests.api.conftest import Clock
from tests.make import a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

SENTENCE = "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai kết quả."
DISTRICTS = {
    "UBND huyện Hàm Yên",
    "UBND huyện Lâm Bình",
    "UBND huyện Chiêm Hóa",
    "UBND huyện Yên Sơn",
    "UBND huyện Na Hang",
    "UBND huyện Sơn Dương",
    "UBND thành phố Tuyên Quang",
}
LIVE = {"period": "2024-07", "under": "H60", "on": "2024-08-28"}


@pytest.fixture
async def tuyen_quang(api: httpx.AsyncClient) -> None:
    """The province with its departments and districts, and what had been published by 28/8/2024."""
    facts = [placed.facts for placed in read_units()]
    units = [each.model_dump(mode="json") for each in facts if each.code.startswith("H60")]
    await with_units(api, units)
    said = [
        {"unit": each.unit, "period": each.period, "published_on": str(each.facts["published_on"])}
        for each in read_publications()
    ]
    answer = await api.put("/v1/publications", json={"items": said})
    assert answer.json()["created"] == 7, answer.text


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, tuyen_quang: None, clock: Clock) -> int:
    """A published evaluation of the province, which scores no district."""
    total = {"indicator": "total_points", "value": "81.77", "source": "national_portal"}
    await with_figures(api, [{"unit": "H60", "period": "2024-07", **total}])
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "levels": ["province"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    await api.post(f"/v1/evaluations/{id}/publish")
    return id


@pytest.mark.usefixtures("tuyen_quang")
async def test_seven_of_seven_districts_have_published(api: httpx.AsyncClient) -> None:
    body = await report(api, "publication", **LIVE)

    ((level,),) = [subject["levels"] for subject in body["subjects"]]
    assert (level["level"], level["of"], level["published"]) == ("district", 7, 7)
    assert (level["late"], level["overdue"], level["pending"]) == (0, 0, 0)
    assert level["sentence"] == SENTENCE
    assert {item["unit"]["name"] for item in level["items"]} == DISTRICTS


@pytest.mark.usefixtures("tuyen_quang")
async def test_the_files_print_what_the_letter_prints(api: httpx.AsyncClient) -> None:
    (count,) = await csv_rows(api, "publication", **LIVE)
    (summed,) = await sheet_rows(api, "publication", "Tổng hợp công khai", **LIVE)
    listed = await sheet_rows(api, "publication", "Danh sách công khai", **LIVE)
    listed_in_csv = await csv_rows(api, "publication", table="units", **LIVE)

    assert (count["Cấp"], count["Đã công khai"], count["Kết quả theo dõi"]) == ("UBND cấp huyện", "07/07", SENTENCE)
    assert (summed["Đã công khai"], summed["Phải công khai"], summed["Kết quả theo dõi"]) == ("07/07", 7, SENTENCE)
    assert {row["Đơn vị"] for row in listed} == {row["Đơn vị"] for row in listed_in_csv} == DISTRICTS
    assert {row["Ngày công khai"] for row in listed} == {datetime(2024, 8, 28)}  # noqa: DTZ001 - a day of a sheet
    assert {row["Tình trạng"] for row in listed_in_csv} == {"Đã công khai"}


@pytest.mark.usefixtures("tuyen_quang")
async def test_the_day_before_nobody_had_published(api: httpx.AsyncClient) -> None:
    body = await report(api, "publication", **{**LIVE, "on": "2024-08-27"})

    ((level,),) = [subject["levels"] for subject in body["subjects"]]
    assert (level["of"], level["published"], level["pending"]) == (7, 0, 7)
    assert level["sentence"] == "Tính đến ngày 27/8/2024: 00/07 cơ quan, đơn vị cấp huyện đã công khai kết quả."
    assert {item["published_on"] for item in level["items"]} == {None}


async def test_everybody_reads_it_over_a_published_evaluation(
    anonymous: httpx.AsyncClient, evaluation: int, api: httpx.AsyncClient, clock: Clock
) -> None:
    before = await report(anonymous, "publication", evaluation=evaluation, on="2024-08-28")
    clock.forward(days=1)
    await api.put("/v1/publications", json={"unit": "H60.XHAMYEN", "period": "2024-07", "retract": True})

    (count,) = await csv_rows(anonymous, "publication", evaluation=evaluation, on="2024-08-28")
    live = await report(api, "publication", **LIVE)

    assert before["subjects"][0]["levels"][0]["sentence"] == SENTENCE
    assert count["Đã công khai"] == "07/07"
    assert live["subjects"][0]["levels"][0]["of"] == 6


def a_duty(unit: str, subject: str, published_on: str | None = None, **overrides: Any) -> dict[str, Any]:
    duty = {"unit": unit, "period": "2024-Q2", "subject": subject, "due_on": "2024-07-31"}
    return {**duty, "published_on": published_on, **overrides}


async def test_the_orders_of_dong_nai_are_counted_each_for_itself(api: httpx.AsyncClient) -> None:
    units = [("H19.01", "department"), ("H19.02", "department"), ("H19.51", "district"), ("H19.52", "district")]
    below = [a_unit(code=code, name=f"Đơn vị {code}", level=level, parent="H19") for code, level in units]
    portal = a_unit(code="H19.90", name="Cổng Thông tin điện tử tỉnh", level="other", parent="H19")
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai"), *below, portal])
    duties = [
        a_duty("H19.01", "results", "2024-07-31"),
        a_duty("H19.02", "results", "2024-08-02"),
        a_duty("H19.51", "results"),
        a_duty("H19.52", "results", due_on=None),
        a_duty("H19.51", "commune_results", "2024-07-20"),
        a_duty("H19.01", "overall_results", "2024-07-10", url="https://dichvucong.dongnai.gov.vn"),
        a_duty("H19.90", "overall_results", "2024-07-10"),
    ]
    assert (await api.put("/v1/publications", json={"items": duties})).json()["created"] == 7

    counts = await csv_rows(api, "publication", period="2024-Q2", under="H19", on="2024-08-05")

    assert [row["Kết quả theo dõi"].partition(": ")[2] for row in counts] == [
        "01/01 cơ quan, đơn vị cấp huyện đã công khai kết quả đánh giá, xếp loại UBND cấp xã.",
        "01/01 cơ quan, đơn vị cấp tỉnh đã công khai kết quả đánh giá chung.",
        "01/01 cơ quan, đơn vị khác đã công khai kết quả đánh giá chung.",
        "02/02 cơ quan, đơn vị cấp tỉnh đã công khai kết quả, trong đó 01 chậm.",
        "00/02 cơ quan, đơn vị cấp huyện đã công khai kết quả; 01 quá hạn.",
    ]
