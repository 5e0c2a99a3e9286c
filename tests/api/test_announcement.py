"""The announcement: what stands in it and what is left out, as JSON and as a DOCX, live and frozen."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import report

Client = httpx.AsyncClient
PATH = "/v1/reports/announcement"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIVE = {"period": "2024-07", "under": "H60"}
OURS, OTHER = "H60.101", "H60.102"
NAMES = {OURS: "UBND xã Na Hang", OTHER: "UBND xã Yên Sơn"}


def total(unit: str, value: Any, period: str = "2024-07", **more: Any) -> dict[str, Any]:
    stated = {"source": "national_portal", "observed_at": "2024-08-26T00:00:00+07:00"}
    return {"unit": unit, "period": period, "indicator": "total_points", "value": value, **stated, **more}


@pytest.fixture
async def communes(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in NAMES.items())])


async def letter(api: Client, **query: Any) -> dict[str, Any]:
    return await report(api, "announcement", **{**LIVE, **query})


def titles(told: dict[str, Any]) -> list[str]:
    return [section["title"] for section in told["sections"]]


def texts(told: dict[str, Any]) -> list[str]:
    return [paragraph["text"] for section in told["sections"] for paragraph in section["paragraphs"]]


def codes(told: dict[str, Any]) -> list[str]:
    return [note["code"] for note in told["notes"]]


async def test_a_letter_of_nothing_has_a_head_a_foot_and_no_empty_heading(api: Client) -> None:
    await with_units(api, [a_unit()])

    told = await letter(api)

    assert (told["sections"], told["appendices"]) == ([], [])
    assert told["letterhead"]["issuer"] == ["ỦY BAN NHÂN DÂN", "TỈNH TUYÊN QUANG"]
    assert told["signature"] == {"authority": "TM. ỦY BAN NHÂN DÂN", "office": "CHỦ TỊCH", "name": None}
    assert told["basis"][0]["text"].startswith("Căn cứ Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ")
    assert codes(told) == ["fill_in", "profile_missing", "no_results"]


async def test_a_department_stands_below_its_province(api: Client) -> None:
    department = a_unit(code="H60.1", name="Sở Tư pháp", level="department", parent="H60")
    await with_units(api, [a_unit(), department])

    told = await letter(api, under="H60.1")

    assert told["letterhead"]["superior"] == "ỦY BAN NHÂN DÂN TỈNH TUYÊN QUANG"
    assert (told["letterhead"]["issuer"], told["letterhead"]["place"]) == (["SỞ TƯ PHÁP"], "Tuyên Quang")


async def test_without_a_unit_the_head_is_left_to_a_human(api: Client, communes: None) -> None:
    told = await report(api, "announcement", period="2024-07")

    assert (told["unit"], told["letterhead"]["place"]) == (None, None)
    assert codes(told) == ["fill_in", "unit_missing", "no_results"]


async def test_a_unit_that_did_not_exist_in_the_period_writes_no_letter(api: Client) -> None:
    await with_units(api, [a_unit(valid_from="2025-07-01")])

    answer = await api.get(PATH, params=LIVE)

    assert (answer.status_code, answer.json()["code"]) == (404, "unit_not_active")


async def test_a_profile_speaks_and_its_places_are_filled(api: Client, communes: None) -> None:
    profile = {
        "symbol": "UBND-THCBKS",
        "subject": "V/v kết quả {period}",
        "opening": "So với {against}:",
        "basis": ["Căn cứ Kế hoạch số 157/KH-UBND"],
        "orders": ["Khắc phục", "Báo cáo trước ngày 16/9/2024."],
        "closing": "Yêu cầu thực hiện.",
        "recipients": ["Lưu: VT, {period}."],
        "signature": {"office": "CHÁNH VĂN PHÒNG", "name": "Nguyễn Văn An"},
    }
    await api.put("/v1/letter-profiles/H60", json=profile)

    told = await letter(api)

    assert told["letterhead"]["number_line"].endswith("/UBND-THCBKS")
    assert (told["subject"], told["opening"]["text"]) == ("V/v kết quả tháng 7/2024", "So với tháng 6/2024:")
    assert [each["source"] for each in told["basis"]] == ["framework", "profile"]
    assert titles(told) == ["Tổ chức thực hiện"]
    assert texts(told) == ["1.1. Khắc phục.", "1.2. Báo cáo trước ngày 16/9/2024."]
    assert told["closing"]["text"] == "Yêu cầu thực hiện./."
    assert told["signature"] == {"authority": None, "office": "CHÁNH VĂN PHÒNG", "name": "Nguyễn Văn An"}
    assert told["recipients"] == ["Lưu: VT, tháng 7/2024."]
    assert codes(told) == ["fill_in", "no_results"]


async def test_a_unit_without_a_figure_is_counted_beside_the_classes_not_among_them(
    api: Client, communes: None
) -> None:
    await with_figures(api, [total(OURS, 82)])

    told = await letter(api)

    assert "+ Có 01/01 UBND cấp xã xếp loại Tốt." in texts(told)
    assert "+ Có 01 UBND cấp xã chưa có số liệu." in texts(told)
    assert "missing" in codes(told)


async def test_the_profile_is_that_of_the_unit_alone(api: Client, communes: None) -> None:
    await api.put("/v1/letter-profiles/H60", json={"symbol": "UBND-THCBKS"})

    assert (await letter(api, under=OURS))["letterhead"]["symbol"] is None


async def test_the_date_is_left_open_in_the_month_of_the_day(api: Client, communes: None) -> None:
    assert (await letter(api, on="2024-08-28"))["letterhead"]["date_line"].endswith("tháng 8 năm 2024")
    assert (await letter(api))["on"] == "2026-10-12"


async def test_what_is_said_under_changed_rules_is_noted_and_no_move_is_told(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [total("H60", 80, "2025-12"), total("H60", 81, "2026-01")])

    told = await letter(api, period="2026-01")

    [said] = texts(told)
    assert "đạt 81/100 điểm" in said
    assert "so với" not in said
    assert "rules_changed" in codes(told)


async def test_a_moment_with_its_hour_is_told_with_it(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [total("H60", 80, observed_at="2024-07-08T11:00:00+07:00")])

    assert texts(await letter(api))[0].startswith("Theo tra cứu số liệu lúc 11 giờ 00 phút ngày 08/7/2024, tổng số")


async def test_a_place_that_is_computed_here_is_noted(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    await with_figures(api, [total("H60", 80), total("H19", 90)])

    told = await letter(api)

    assert "đạt 80/100 điểm, đứng thứ 02/02 địa phương." in texts(told)[0]
    assert "computed_rank" in codes(told)


async def test_the_total_is_compared_where_the_source_states_both(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [total("H60", 80, "2024-06"), total("H60", 81)])

    assert "đạt 81/100 điểm, tăng 1 điểm so với tháng 6/2024." in texts(await letter(api))[0]


async def test_a_stated_total_is_not_compared_with_a_sum(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [{**total("H60", 10, "2024-06"), "indicator": "transparency_points"}, total("H60", 81)])

    told = await letter(api)

    assert "so với" not in texts(told)[0]
    assert "total_added" in codes(told)


async def test_who_misses_a_target_is_named_and_listed(api: Client, communes: None) -> None:
    await api.put("/v1/targets", json={"indicator": "dossier_sync", "year": 2024, "target": 99})
    await with_figures(api, some_figures(OURS, OTHER))

    told = await letter(api)

    assert texts(told)[0].endswith("02 cơ quan, đơn vị không đạt: UBND xã Na Hang và Yên Sơn.")
    assert texts(told)[1] == "(Chi tiết tại Phụ lục I kèm theo văn bản này)"
    assert [row["gap"] for row in told["appendices"][0]["rows"]] == ["-0,17", "-0,17"]
    assert told["sections"][0]["source"] == told["appendices"][0]["source"] == "below-target"


async def test_a_long_list_stands_in_an_appendix(api: Client) -> None:
    many = [f"H60.{number}" for number in range(200, 225)]
    await with_units(api, [a_unit(), *map(a_commune, many)])
    overdue = {"indicator": "overdue_dossiers", "numerator": None, "denominator": None, "value": 2}
    await with_figures(api, some_figures(*many, **overdue))

    told = await letter(api)

    assert texts(told)[0] == "- Về số hồ sơ quá hạn: 50 hồ sơ của 25 cơ quan, đơn vị."
    assert [len(each["rows"]) for each in told["appendices"]] == [25]


async def test_a_sum_that_is_not_what_the_source_states_is_noted(api: Client, communes: None) -> None:
    overdue = {"indicator": "overdue_dossiers", "numerator": None, "denominator": None}
    await with_figures(api, [*some_figures(OURS, **overdue, value=3), *some_figures(**overdue, value=5)])

    told = await letter(api)

    assert "03 hồ sơ của 01 cơ quan, đơn vị: UBND xã Na Hang 03 hồ sơ." in texts(told)[-1]
    assert [note["detail"] for note in told["notes"] if note["code"] == "sum_differs"] == [
        "Số hồ sơ quá hạn: cộng từng đơn vị được 3, nguồn số liệu công bố 5 cho toàn đơn vị."
    ]


async def test_two_sources_that_disagree_are_told_of_the_unit_and_of_those_below(api: Client, communes: None) -> None:
    rate = {"indicator": "online_dossiers", "numerator": None, "denominator": None}
    here, there = {**rate, "value": "85.99"}, {**rate, "value": "82.4", "source": "provincial_system"}
    await with_figures(api, [*some_figures("H60", OURS, **here), *some_figures("H60", OURS, **there)], locale="en")

    told = await letter(api)

    [section] = [each for each in told["sections"] if each["source"] == "reconciliation"]
    assert section["paragraphs"][0]["text"].endswith(
        "không trùng khớp giữa Cổng Dịch vụ công quốc gia với Hệ thống thông tin giải quyết TTHC tỉnh: "
        "UBND tỉnh Tuyên Quang (85,99% và 82,4%); UBND xã Na Hang (85,99% và 82,4%)."
    )
    assert "sources_disagree" in codes(told)


async def test_any_index_has_its_letter_whatever_its_sources_and_law(api: Client, communes: None) -> None:
    """No legal basis, no layout of a letter, and a first source that is the one compared with elsewhere."""
    await api.post("/v1/frameworks", json=a_framework(valid_from="2024-01-01", sources=["provincial_system"]))
    rate = {"indicator": "counter_on_time", "source": "provincial_system", "numerator": 90, "denominator": 100}
    await with_figures(api, some_figures("H60", OURS, **rate))

    told = await letter(api, framework="mot_cua")

    assert told["basis"] == []
    said = texts(told)
    assert said[0].startswith("Theo tra cứu số liệu lúc 09 giờ 00 phút ngày 26/8/2024, tổng số điểm")
    assert "đạt 94,74/100 điểm. Điểm số" in said[0]
    assert said[1:3] == ["1.1. Đúng hạn: 94,74/100 điểm", "- Đúng hạn tại quầy: 90 (90%)."]
    assert "- Tổng điểm đánh giá, xếp loại là 100 điểm bao gồm 01 tiêu chí là:" in said
    assert "+ Đối với UBND cấp xã: Tính từ các chỉ số thành phần theo Chỉ số một cửa, phiên bản 2026." in said
    assert "+ Từ 50 đến 100 điểm xếp loại: Đạt." in said


async def test_who_has_not_published_is_named(api: Client, communes: None) -> None:
    for unit, day in ((OURS, "2024-08-28"), (OTHER, None)):
        body = {"unit": unit, "period": "2024-07", "due_on": "2024-08-31", "published_on": day}
        await api.put("/v1/publications", json=body)

    assert texts(await letter(api, on="2024-09-02")) == [
        "Tính đến ngày 02/9/2024: 01/02 cơ quan, đơn vị cấp xã đã công khai kết quả; 01 quá hạn.",
        "- Chưa công khai: UBND xã Yên Sơn.",
    ]


async def test_tasks_are_told_as_they_stand_and_cancelled_ones_are_not(api: Client, communes: None) -> None:
    task = {"kind": "directive", "title": "Tìm nguyên nhân", "assignee": OURS, "period": "2024-07"}
    ended = {"state": "done", "report": "Đã khắc phục", "reported_on": "2024-09-01"}
    await api.post("/v1/tasks", json={**task, "due_on": "2024-09-15"})
    await api.post("/v1/tasks", json={**task, **ended})
    await api.post("/v1/tasks", json={**task, "state": "cancelled", "reason": "Trùng"})

    assert texts(await letter(api, on="2024-09-18")) == [
        "- Giao UBND xã Na Hang trước ngày 16/9/2024: tìm nguyên nhân (quá hạn 03 ngày).",
        "- UBND xã Na Hang: đã khắc phục.",
    ]


async def test_findings_are_notes_those_of_the_unit_in_full(api: Client, communes: None) -> None:
    wrong = [total("H60", 101), total(OURS, 102), total(OTHER, 103)]
    await with_figures(api, wrong)

    notes = [each["detail"] for each in (await letter(api))["notes"] if each["source"] == "findings"]

    assert notes == [
        "UBND tỉnh Tuyên Quang: Điểm tổng hợp: Cổng Dịch vụ công quốc gia: 101 điểm không nằm trong khoảng từ 0 đến "
        "100 điểm tối đa; hãy sửa điểm.",
        "02 phát hiện về số liệu của 02 cơ quan, đơn vị trực thuộc; chi tiết tại /v1/findings?rule=points_exceed_max.",
    ]
