"""What the letter publishes of its own unit: no total without its groups, no place among a few, no false movement."""

from collections.abc import Mapping
from typing import Any

import httpx

from tests.api.test_announcement import Client, codes, letter, texts, titles, total
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units

GROUPS = {"transparency": 15, "progress": 18, "online": 10, "payment": 8, "satisfaction": 16, "digitization": 13}
JUNE = "2024-06"


def points(groups: Mapping[str, Any], period: str = "2024-07", **more: Any) -> list[dict[str, Any]]:
    """Points that a source reports of H60's groups."""
    return [{**total("H60", value, period, **more), "indicator": f"{group}_points"} for group, value in groups.items()]


def detail(told: dict[str, Any], code: str) -> str:
    return next(str(note["detail"]) for note in told["notes"] if note["code"] == code)


async def test_a_total_does_not_rise_from_one_that_lacks_groups(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [*points(GROUPS), *points({"transparency": 8}, JUNE)])

    told = await letter(api)

    assert "đạt 80/100 điểm. Điểm số các nhóm" in texts(told)[0]
    assert "(tăng 7 điểm)" in texts(told)[1]
    assert detail(told, "total_incomplete").startswith(
        "Tổng điểm tháng 6/2024 chưa có điểm của nhóm “Tiến độ, kết quả giải quyết”; “Cung cấp"
    )


async def test_a_total_that_lacks_groups_is_not_published(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [*points({"transparency": "8.5"}), *points(GROUPS, JUNE)])

    told = await letter(api)

    said = " ".join(texts(told))
    assert said.startswith("Theo tra cứu số liệu ngày 26/8/2024, kết quả thực hiện Bộ chỉ số của tỉnh Tuyên Quang")
    assert "8,5/18 điểm (giảm 6,5 điểm)" in said
    assert "/100" not in said
    note = detail(told, "total_incomplete")
    assert "“Tiến độ, kết quả giải quyết”; “Cung cấp dịch vụ công trực tuyến”" in note
    assert "cộng được 8,5/100 điểm" in note
    assert "incomplete" not in codes(told)


async def test_the_total_that_a_source_states_beside_an_incomplete_sum_is_noted(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [*points({"transparency": "8.5"}, "2026-07"), total("H60", 71, "2026-07")])

    assert "Nguồn số liệu công bố tổng điểm là 71 điểm." in detail(
        await letter(api, period="2026-07"), "total_incomplete"
    )


async def test_the_annex_holds_no_total_that_the_text_must_not_say(api: Client) -> None:
    commune = a_commune("H60.101", name="UBND xã Na Hang")
    await with_units(api, [a_unit(), commune])
    figures = [*points({"transparency": 8}), *points(GROUPS, JUNE), *some_figures(period=JUNE), *some_figures()]
    await with_figures(api, [{**each, "unit": "H60.101"} for each in figures])
    incomplete = await letter(api, under="H60.101")
    complete = await letter(api, under="H60.101", period=JUNE, against="2024-07")

    [annex], [other] = incomplete["appendices"], complete["appendices"]
    assert [row for row in annex["rows"] if row["kind"] == "total"] == []
    [row] = [row for row in other["rows"] if row["kind"] == "total"]
    assert (row["before_points"], row["now_points"], row["change_points"]) == ("", "80", "")


async def test_a_place_among_the_few_that_are_known_is_not_printed(api: Client) -> None:
    others = [a_unit(code=f"H{number}", name=f"UBND tỉnh {number}") for number in (18, 19)]
    await with_units(api, [a_unit(), *others])
    await with_figures(api, [total("H60", 80), total("H19", 90)])

    told = await letter(api)

    assert "đứng thứ" not in texts(told)[0]
    assert "02/03 đơn vị cùng cấp" in detail(told, "cohort_partial")
    assert "computed_rank" not in codes(told)


async def test_no_earlier_place_stands_in_the_fields_without_the_present_one(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H18", name="UBND tỉnh 18"), a_unit(code="H19", name="UBND tỉnh 19")])
    await with_figures(api, [total("H60", 80), total("H19", 90), total("H60", 70, JUNE), total("H19", 75, JUNE)])

    told = (await letter(api))["fields"]

    assert (told["rank"], told["cohort"]) == (None, None)
    assert told["before"] == {"total": 70, "rank": None, "cohort": None}


async def test_a_period_is_compared_with_an_earlier_look_up_of_itself_by_its_day(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [total("H60", 80, observed_at="2024-08-10T00:00:00+07:00")])
    await with_figures(api, [total("H60", "80.6")])
    await api.put("/v1/letter-profiles/H60", json={"subject": "V/v kết quả so với {against}"})

    told = await letter(api, against_observed_by="2024-08-20T00:00:00+07:00")

    assert "đạt 80,6/100 điểm, tăng 0,6 điểm so với ngày 10/8/2024" in texts(told)[0]
    assert told["subject"] == "V/v kết quả so với ngày 10/8/2024"


async def test_the_rest_that_rose_is_not_listed_beside_the_part_that_fell(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [*some_figures(period=JUNE), *some_figures(numerator=25000)])

    told = await letter(api)

    [fallen] = [each for each in told["sections"] if "giảm" in each["title"]]
    assert fallen["title"] == "Các chỉ số, số lượng, tỷ lệ giảm so với tháng 6/2024"
    figures = [each["text"].rpartition(" – ")[2] for each in fallen["paragraphs"] if each["text"].endswith("%).")]
    assert figures == ["Hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia: 25.000 hồ sơ, đạt 95,86% (-2,97 điểm %)."]


async def test_what_got_worse_by_rising_has_its_word_in_the_title(api: Client) -> None:
    framework = a_framework(valid_from="2024-01-01")
    framework["indicators"][0]["direction"] = "down"
    await api.post("/v1/frameworks", json=framework)
    await with_units(api, [a_unit()])
    rate = {"indicator": "counter_on_time", "denominator": 100}
    await with_figures(api, [*some_figures(period=JUNE, **rate, numerator=5), *some_figures(**rate, numerator=9)])

    told = await letter(api, framework="mot_cua")

    assert "Các chỉ số, số lượng, tỷ lệ giảm hoặc chuyển biến xấu so với tháng 6/2024" in titles(told)


async def test_a_flag_begins_its_note_as_a_sentence(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    await with_figures(api, [total("H60", 80), total("H19", 90), total("H60", 81, JUNE)])

    assert detail(await letter(api), "cohort_changed").startswith("Hai kỳ xếp hạng trong số các đơn vị khác nhau: ")


async def test_places_that_the_source_states_among_as_many_are_of_one_cohort(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    ranks = [
        {**total("H60", value, period), "indicator": indicator}
        for period, rank in ((JUNE, 20), ("2024-07", 14))
        for indicator, value in (("reported_rank", rank), ("reported_rank_of", 63))
    ]
    await with_figures(api, [total("H60", 80), total("H19", 90), total("H60", 81, JUNE), *ranks])

    told = await letter(api)

    assert told["fields"]["change"]["rank"] == 6
    assert "cohort_changed" not in codes(told)
