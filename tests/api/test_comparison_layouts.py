"""In which rows a comparison is printed: of a layout that fits the framework, else of the framework itself."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import report

OURS = "H60.101"
ASKED = {"unit": OURS, "period": "2026-07", "framework": "mot_cua"}


@pytest.fixture(autouse=True)
async def an_index_of_its_own(api: httpx.AsyncClient) -> None:
    """One group of one ratio, with figures of two months."""
    await with_units(api, [a_unit(), a_commune(OURS)])
    assert (await api.post("/v1/frameworks", json=a_framework())).status_code == 201
    stated: dict[str, Any] = {"indicator": "counter_on_time", "observed_at": "2026-08-01T00:00:00Z"}
    before = some_figures(OURS, period="2026-06", numerator=50, denominator=100, **stated)
    now = some_figures(OURS, period="2026-07", numerator=76, denominator=100, **stated)
    await with_figures(api, [*before, *now])


async def test_an_index_without_a_letter_is_printed_by_its_own_criteria(api: httpx.AsyncClient) -> None:
    body = await report(api, "comparison", **ASKED)

    assert body["layout"] == {"code": "framework", "title": "Chỉ số một cửa"}
    rows = [(row["number"], row["heading"], row["now_text"], row["change_text"]) for row in body["rows"]]
    assert rows == [
        ("1", "Đúng hạn", "80/100 điểm", "tăng 27,37 điểm"),
        (None, "Đúng hạn tại quầy", "76 (76%)", "+26 điểm %"),
        (None, "Tổng số điểm", "80/100 điểm", "tăng 27,37 điểm"),
        (None, "Thứ hạng", "01/01", "bằng kỳ trước"),
        (None, "Thứ hạng do nguồn số liệu công bố", None, None),
    ]
    assert not any("not_in_framework" in row["flags"] for row in body["rows"])


async def test_a_layout_that_prints_nothing_of_the_framework_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/reports/comparison", params={**ASKED, "layout": "commune_annex"})

    assert (answer.status_code, answer.json()["code"]) == (422, "layout_without_rows")
    assert "leave `layout` out" in answer.json()["detail"]
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["layout"]


async def test_a_layout_of_indicators_that_have_figures_is_printed(api: httpx.AsyncClient) -> None:
    await with_figures(
        api,
        some_figures(OURS, indicator="overdue_dossiers", period="2026-07", value=3, numerator=None, denominator=None),
    )

    body = await report(api, "comparison", **ASKED, layout="follow_up_note")

    assert [row["now_text"] for row in body["rows"] if row["indicator"] == "overdue_dossiers"] == ["3"]


async def test_the_criteria_of_any_framework_can_be_asked_for(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(OURS, period="2026-07", indicator="on_time", numerator=90, denominator=100))

    asked = {"unit": OURS, "period": "2026-07", "layout": "framework"}
    body = await report(api, "comparison", **asked)

    assert body["layout"]["code"] == "framework"
    assert [row["number"] for row in body["rows"] if row["indicator"] == "on_time"] == ["2.1"]
