"""The appendices of a letter: heads of two rows, bold groups, one number of decimals, places among how many."""

import io
from typing import Any

import docx
import httpx

from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, communes, letter, total
from tests.make import a_commune, a_unit, with_figures, with_units

__all__ = ["communes"]  # a fixture of the letter's own tests

Client = httpx.AsyncClient
PUBLISHED = "Số TTHC công khai trên Cổng DVC quốc gia/tổng số TTHC"
COMMUNE, FEBRUARY, JANUARY = "H55.XBINHTHANH", "2024-02", "2024-01"


async def compared(api: Client) -> dict[str, Any]:
    """The annex of a commune in two months, with groups, rates, a part of a whole, a total and a stated place."""
    await with_units(api, [a_unit(code="H55", name="UBND tỉnh Thái Nguyên"), a_commune(COMMUNE, parent="H55")])
    figures = {
        JANUARY: ({"transparency_points": 8, "on_time": "96.91", "total_points": "81.96", "reported_rank": 22}, 31),
        FEBRUARY: ({"transparency_points": "11.8", "on_time": "98.5", "total_points": "86.02", "reported_rank": 8}, 29),
    }
    for period, (values, day) in figures.items():
        stated = {"source": "national_portal", "observed_at": f"{period}-{day}T00:00:00+07:00"}
        rows = [{"indicator": code, "value": value} for code, value in {**values, "reported_rank_of": 23}.items()]
        rows.append({"indicator": "full_content", "numerator": 1731, "denominator": 1731})
        await with_figures(api, [{"unit": COMMUNE, "period": period, **row, **stated} for row in rows], locale="en")
    told = await letter(api, under=COMMUNE, period=FEBRUARY)
    [annex] = told["appendices"]
    found: dict[str, Any] = annex
    return found


def row_of(annex: dict[str, Any], heading: str) -> dict[str, str]:
    return next(row for row in annex["rows"] if row["heading"] == heading)


async def test_each_side_stands_under_its_month_and_the_day_of_its_look_up(api: Client) -> None:
    annex = await compared(api)

    heads = {column["key"]: (column["above"], column["title"]) for column in annex["columns"]}
    assert heads["before_rate"] == ("Tháng 01/2024\n(tra cứu ngày 31/01/2024)", "Tỷ lệ (%)")
    assert heads["now_rate"] == ("Tháng 02/2024\n(tra cứu ngày 29/02/2024)", "Tỷ lệ (%)")
    assert heads["change_rate"] == ("Tăng (+)/\nGiảm (-)", "Tỷ lệ (điểm %)")
    assert heads["heading"] == (None, "Nội dung")


async def test_places_and_parts_stand_with_the_number_that_they_are_of(api: Client) -> None:
    annex = await compared(api)

    place = row_of(annex, "Xếp hạng do nguồn số liệu công bố")
    assert (place["before_count"], place["now_count"], place["change_count"]) == ("22/23", "08/23", "+14")
    part = row_of(annex, PUBLISHED)
    assert part["now_count"] == "1.731/1.731"


async def test_the_rates_of_a_column_have_the_same_number_of_decimals(api: Client) -> None:
    annex = await compared(api)

    on_time, part = (row_of(annex, heading) for heading in ("Tỷ lệ hồ sơ giải quyết đúng hạn", PUBLISHED))
    assert (on_time["before_rate"], on_time["now_rate"], on_time["change_rate"]) == ("96,91", "98,5", "+1,59")
    assert (part["before_rate"], part["now_rate"], part["change_rate"]) == ("100,00", "100,0", "0,00")


async def test_groups_and_the_total_are_bold(api: Client) -> None:
    annex = await compared(api)

    bold = [annex["rows"][place]["heading"] for place in annex["bold"]]
    assert "Công khai, minh bạch" in bold
    assert "Điểm tổng hợp" in bold
    assert "Tỷ lệ hồ sơ giải quyết đúng hạn" not in bold


async def test_the_page_has_the_head_in_two_rows(api: Client) -> None:
    annex = await compared(api)
    answer = await api.get(PATH, params={"under": COMMUNE, "period": FEBRUARY, "format": "docx"})

    table = docx.Document(io.BytesIO(answer.content)).tables[-1]
    upper, lower = (
        [cell.text.replace("\u00a0", " ").replace("\u2011", "-") for cell in row.cells] for row in table.rows[:2]
    )
    assert upper == [column["above"] or column["title"] for column in annex["columns"]]
    assert lower == [column["title"] for column in annex["columns"]]


async def test_the_list_of_a_level_is_numbered_and_tells_how_each_unit_moved(api: Client, communes: None) -> None:
    june = {OURS: 60, OTHER: 70}
    await with_figures(api, [total(code, value, "2024-06") for code, value in june.items()])
    await with_figures(api, [total(OURS, "80.5"), total(OTHER, 72)], locale="en")

    [annex] = (await letter(api, **LIVE))["appendices"]

    told = [tuple(row[key] for key in ("stt", "name", "total", "band", "rank")) for row in annex["rows"]]
    assert told == [("1", "UBND xã Na Hang", "80,5", "Tốt", "1"), ("2", "UBND xã Yên Sơn", "72,0", "Khá", "2")]
    assert [(row["change_total"], row["change_rank"]) for row in annex["rows"]] == [("+20,5", "+1"), ("+2,0", "-1")]
    above = {column["key"]: column["above"] for column in annex["columns"]}
    assert (above["change_total"], above["change_rank"], above["total"]) == ("Tăng (+)/\nGiảm (-)",) * 2 + (None,)
