"""The Word files that ship say no more than the figures do: sources, moments, classes, points and changes."""

import io
from typing import Any

import docx
import httpx
import pytest

from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, communes, total
from tests.api.test_letter_classes import GROUPS
from tests.make import with_figures
from tests.support.word_files import paragraphs_of

__all__ = ["communes"]  # a fixture of the letter's own tests

pytestmark = pytest.mark.usefixtures("communes")
Client = httpx.AsyncClient
ASKED = {**LIVE, "on": "2024-08-28"}
PORTAL = "- Địa chỉ nguồn số liệu là Cổng Dịch vụ công Quốc gia (https://dichvucong.gov.vn), tại mục"
MOVED = "Tăng, giảm bậc"
NEW = {"period": "2026-04", "framework": "qd766@2026", "under": OURS}


async def written(api: Client, letter: str, **query: Any) -> bytes:
    asked = {**ASKED, "letter": letter, "format": "docx", "force": "true", **query}
    answer = await api.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.content


async def printed(api: Client, letter: str, **query: Any) -> list[str]:
    return [each.replace("\u00a0", " ") for each in paragraphs_of(await written(api, letter, **query))]


async def cells(api: Client, letter: str, **query: Any) -> list[list[str]]:
    """The rows of all tables."""
    tables = docx.Document(io.BytesIO(await written(api, letter, **query))).tables
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for table in tables for row in table.rows]


async def assembled(api: Client) -> list[str]:
    sections = (await api.get(PATH, params=ASKED)).json()["sections"]
    return [each["text"] for section in sections for each in section["paragraphs"]]


async def listed(api: Client) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get(PATH, params=ASKED)).json()["fields"]["listed"]
    return found


def by_hand(unit: str, value: int) -> dict[str, Any]:
    return {"unit": unit, "period": "2024-07", "indicator": "total_points", "value": value, "source": "manual"}


async def test_a_ranking_names_the_portal_where_all_figures_are_from_it(api: Client) -> None:
    await with_figures(api, [total("H60", 81, observed_at="2024-08-27T09:30:00+07:00"), total(OURS, 92)])

    said = await printed(api, "ranking")

    assert any(each.startswith(PORTAL) for each in said)
    assert any(each.endswith("công khai trên Cổng Dịch vụ công Quốc gia).") for each in said)
    assert "- Thời điểm đánh giá, xếp loại vào ngày 26/8/2024." in said  # not that of the province's own figure


async def test_a_ranking_of_other_figures_names_their_sources_and_leaves_a_moment_that_nobody_said_open(
    api: Client,
) -> None:
    stated: dict[str, Any] = {"source": "provincial_system", "observed_at": None}
    await with_figures(api, [total("H60", 81), by_hand(OURS, 92), total(OTHER, 60, **stated)])

    said = await printed(api, "ranking")

    assert (await listed(api))["looked_up_words"] is None
    assert "- Nguồn số liệu: Hệ thống thông tin giải quyết TTHC tỉnh, Nhập thủ công." in said
    assert "- Thời điểm đánh giá, xếp loại vào ngày ……." in said
    assert not any("Cổng Dịch vụ công" in each for each in said if each.startswith(("-", "+")))


async def test_a_ranking_of_figures_of_several_days_says_from_when_to_when(api: Client) -> None:
    days = ("2024-08-05T09:00:00+07:00", "2024-08-20T09:00:00+07:00")
    await with_figures(api, [total(unit, 80, observed_at=day) for unit, day in zip((OURS, OTHER), days, strict=True)])

    moment = "- Thời điểm đánh giá, xếp loại từ ngày 05/8/2024 đến ngày 20/8/2024."
    assert moment in await assembled(api)
    assert moment in await printed(api, "ranking")


async def test_a_ranking_counts_the_units_without_a_class_and_those_without_figures(api: Client) -> None:
    await with_figures(api, [total(OURS, 8, indicator="transparency_points"), total(OTHER, 60)])
    lacking = "Có 01/02 UBND cấp xã chưa xếp loại do thiếu số liệu"
    await api.post("/v1/units/import", json=[_third()])
    missing = "Có 01 UBND cấp xã chưa có số liệu"

    told, said = await assembled(api), await printed(api, "ranking")

    for each in (lacking, missing):
        assert f"+ {each}." in told
        assert f"+ {each}." in said


async def test_a_ranking_of_units_that_all_have_a_class_counts_no_others(api: Client) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])

    assert not any("chưa" in each for each in await printed(api, "ranking"))


def _third() -> dict[str, Any]:
    return {"code": "H60.103", "name": "UBND xã Lâm Bình", "level": "commune", "parent": "H60"}


async def test_a_commune_letter_prints_points_in_rows_of_groups_and_of_the_total(api: Client) -> None:
    stated = {**dict.fromkeys((f"{group}_points" for group in GROUPS), "7.5"), "total_points": "45"}
    rows = [total(OURS, value, period=NEW["period"], indicator=code) for code, value in stated.items()]
    full = {"indicator": "full_content", "numerator": 9, "denominator": 10, "value": None}
    await with_figures(api, [*rows, {**rows[0], **full}])

    tables = await cells(api, "commune", **NEW, on="2026-05-05")

    found = {row[1]: row[4] for row in tables if len(row) == 7 and row[0] != "Số TT"}
    assert found["Công khai, minh bạch"] == "7,5/18"
    assert found["TTHC công khai đầy đủ nội dung"] == "9"
    assert found["Tổng số điểm"] == "45/100"
    assert all(found.values())


async def test_a_commune_letter_names_the_portal_only_where_all_figures_are_from_it(api: Client) -> None:
    await with_figures(api, [total(OURS, 81)])
    public = await printed(api, "commune", under=OURS)
    await with_figures(api, [by_hand(OURS, 81)])
    mixed = await printed(api, "commune", under=OURS)

    heading = "1. Điểm số các trục nội dung Bộ chỉ số"
    assert f"{heading} trên Cổng DVCQG" in public
    assert heading in mixed
    assert "(Chi tiết tại Phụ lục kèm theo)" in mixed


async def test_an_announcement_has_a_column_of_changes_where_some_unit_has_one(api: Client) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])
    alone = await cells(api, "announcement")
    await with_figures(api, [total(OURS, 50, period="2024-06"), total(OTHER, 60, period="2024-06")])
    compared = await cells(api, "announcement")

    for rows, moved in ((alone, []), (compared, [MOVED])):
        heads = [row for row in rows if row[:2] == ["STT", "Đơn vị"]]
        assert heads
        for head in heads:
            assert head[-len(moved) - 3 :] == ["Tổng điểm", "Hạng", "Xếp loại", *moved]
    assert any(row[-1] == "tăng 01 bậc" for row in compared)
