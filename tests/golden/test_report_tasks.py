"""What was ordered of whom by when: orders and an apology of Tuyên Quang, from the demonstration's own files.

The letter of July 2024, section 3: "Giao Sở Thông tin và Truyền thông báo cáo Ủy ban nhân dân tỉnh trước ngày 16/9/2024
đối với các nhiệm vụ sau: 3.1. Chủ trì, phối hợp với Sở Kế hoạch và Đầu tư, Sở Giao thông Vận tải, Sở Giáo dục và đào
tạo tìm nguyên nhân …".
"""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest

from app.services.demo import DEMO, read_units
from tests.api.conftest import Clock
from tests.make import with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

LIVE = {"period": "2024-07", "under": "H60", "on": "2024-09-16"}
DEPARTMENT = "Sở Thông tin và Truyền thông tỉnh Tuyên Quang"
HELPERS = [
    f"Sở {name} tỉnh Tuyên Quang" for name in ("Kế hoạch và Đầu tư", "Giao thông Vận tải", "Giáo dục và Đào tạo")
]
CALLED = "Sở Thông tin và Truyền thông"
OTHERS = "Sở Kế hoạch và Đầu tư, Sở Giao thông Vận tải, Sở Giáo dục và Đào tạo"
"""Without the province, whose own letter it is."""
ORDERS = [
    f"Giao {CALLED} báo cáo UBND tỉnh Tuyên Quang trước ngày 16/9/2024: chủ trì, phối hợp với {OTHERS} "
    "tìm nguyên nhân, có giải pháp khắc phục tình trạng không trùng khớp số liệu tỷ lệ nộp hồ sơ trực tuyến giữa Cổng "
    "Dịch vụ công quốc gia với Hệ thống thông tin giải quyết thủ tục hành chính tỉnh.",
    f"Giao {CALLED} báo cáo UBND tỉnh Tuyên Quang trước ngày 16/9/2024: khẩn trương có giải pháp khắc phục tỷ lệ "
    "khai thác, sử dụng lại thông tin, dữ liệu số hóa.",
]


@pytest.fixture
async def ordered(api: httpx.AsyncClient) -> None:
    """The units of the letters and their three tasks: the apology (1), the two orders (2, 3)."""
    facts = [placed.facts for placed in read_units()]
    await with_units(api, [each.model_dump(mode="json") for each in facts if each.code.startswith("H60")])
    tasks: list[Any] = json.loads((DEMO / "tasks.json").read_text(encoding="utf-8"))
    for task in tasks:
        answer = await api.post("/v1/tasks", json=task)
        assert answer.status_code == 201, answer.text


@pytest.fixture
async def evaluation(api: httpx.AsyncClient, ordered: None, clock: Clock) -> int:
    """A published evaluation under the province; `as_of` is 12/10/2026."""
    total = {"indicator": "total_points", "value": "80", "source": "national_portal"}
    await with_figures(api, [{"unit": "H60.XHAMYEN", "period": "2024-07", **total}])
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["district"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    await api.post(f"/v1/evaluations/{id}/publish")
    return id


@pytest.mark.usefixtures("ordered")
async def test_the_orders_read_as_the_letter_prints_them(api: httpx.AsyncClient) -> None:
    body = await report(api, "tasks", **LIVE)

    assert [item["sentence"] for item in body["items"]] == ORDERS
    assert [helper["name"] for helper in body["items"][0]["helpers"]] == HELPERS
    assert body["items"][0]["finding"]["rule"] == "sources_disagree"
    assert body["counts"] == {"of": 2, "open": 2, "reported": 0, "done": 0, "cancelled": 0, "overdue": 2}


@pytest.mark.usefixtures("ordered")
async def test_before_the_sixteenth_is_overdue_on_the_sixteenth_and_not_the_day_before(api: httpx.AsyncClient) -> None:
    on_the_last_day = await report(api, "tasks", **{**LIVE, "on": "2024-09-15"})
    on_the_day_named = await report(api, "tasks", **LIVE)

    assert [(item["overdue"], item["days_late"]) for item in on_the_last_day["items"]] == [(False, 0)] * 2
    assert [(item["overdue"], item["days_late"]) for item in on_the_day_named["items"]] == [(True, 1)] * 2


@pytest.mark.usefixtures("ordered")
async def test_the_files_print_the_orders(api: httpx.AsyncClient) -> None:
    rows = await csv_rows(api, "tasks", **LIVE)
    sheet = await sheet_rows(api, "tasks", "Danh sách nhiệm vụ", **LIVE)
    counts = await csv_rows(api, "tasks", table="counts", **LIVE)

    assert [row["Nội dung giao"] for row in rows] == [row["Nội dung giao"] for row in sheet] == ORDERS
    assert rows[0]["Đơn vị phối hợp"] == "; ".join(HELPERS)
    assert {row["Ngày cuối của thời hạn"] for row in sheet} == {datetime(2024, 9, 15)}  # noqa: DTZ001 - a day
    assert {(row["Tình trạng"], row["Số nhiệm vụ"]) for row in counts} >= {("đang thực hiện", "2"), ("quá hạn", "2")}


@pytest.mark.usefixtures("ordered")
async def test_the_apology_of_ham_yen_is_done(api: httpx.AsyncClient) -> None:
    (row,) = await csv_rows(api, "tasks", period="2024-01", under="H60")

    assert (row["Loại"], row["Đơn vị thực hiện"], row["Tình trạng"]) == ("xin lỗi", "UBND huyện Hàm Yên", "hoàn thành")
    assert row["Nội dung giao"] == "Giao UBND huyện Hàm Yên: thực hiện việc xin lỗi người dân theo quy định."
    assert "UBND huyện Hàm Yên thực hiện việc xin lỗi người dân theo quy định" in row["Nội dung báo cáo"]


async def test_over_an_evaluation_the_orders_stand_as_they_stood(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, evaluation: int, clock: Clock
) -> None:
    path, query = "/v1/reports/tasks", {"evaluation": str(evaluation), "on": "2024-09-16"}
    before = [await anonymous.get(path, params={**query, "format": kind}) for kind in ("json", "csv", "xlsx")]
    clock.forward(days=1)
    done = {"state": "reported", "report": "Đã khắc phục", "reported_on": "2024-09-12"}
    assert (await api.patch("/v1/tasks/2", json=done)).status_code == 200
    await api.patch("/v1/units/H60.XSKHDT", json={"name": "Sở Tài chính"})

    after = [await anonymous.get(path, params={**query, "format": kind}) for kind in ("json", "csv", "xlsx")]
    live = await report(api, "tasks", **LIVE)

    assert [answer.content for answer in after] == [answer.content for answer in before]
    assert [item["sentence"] for item in before[0].json()["items"]] == ORDERS
    assert [(item["state"], item["overdue"]) for item in live["items"]] == [("reported", False), ("open", True)]
    assert live["items"][0]["helpers"][0]["name"] == "Sở Tài chính"
