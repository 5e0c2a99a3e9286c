"""How letters call units: without the province behind its departments, communes by the kinds that are there."""

from typing import Any

import httpx
import pytest

from tests.api.test_announcement import Client, letter, texts, total
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

SERVICE = "Sở Tư pháp tỉnh Tuyên Quang"
DISTRICT = a_unit(code="H60.1", name="UBND huyện Hàm Yên", level="district", parent="H60")


def below(name: str, number: int, **more: Any) -> dict[str, Any]:
    return a_commune(f"H60.1.{number}", name=name, parent="H60.1", **more)


async def test_a_department_stands_without_its_province_in_the_text_and_the_annexes(api: Client) -> None:
    departments = [
        a_unit(code=f"H60.{n}", name=name, level="department", parent="H60")
        for n, name in enumerate((SERVICE, "Sở Y tế"), 5)
    ]
    await with_units(api, [a_unit(), *departments])
    await api.put("/v1/targets", json={"indicator": "dossier_sync", "year": 2024, "target": 99})
    await with_figures(api, [*some_figures("H60.5", "H60.6"), total("H60.5", 80)])

    told = await letter(api)

    assert "không đạt: Sở Tư pháp; Sở Y tế." in " ".join(texts(told))
    names = {row["name"] for annex in told["appendices"] for row in annex["rows"] if row.get("unit_code") == "H60.5"}
    assert names == {"Sở Tư pháp"}
    assert SERVICE not in str([told["sections"], told["appendices"]])


async def test_a_stated_short_name_and_kind_go_before_the_name(api: Client) -> None:
    await with_units(
        api,
        [
            a_unit(),
            DISTRICT,
            below("Bình An", 1, kind="ward"),
            below("UBND phường Tân Hà", 2, short_name="UBND phường Hà"),
        ],
    )
    await api.put("/v1/targets", json={"indicator": "dossier_sync", "year": 2024, "target": 99})
    await with_figures(api, some_figures("H60.1.1", "H60.1.2"))

    told = await letter(api, under="H60.1")

    assert "02 cơ quan, đơn vị không đạt: Bình An; UBND phường Hà." in texts(told)[0]


@pytest.mark.parametrize(
    ("names", "peers"),
    [
        (["UBND xã Bình Thành", "UBND thị trấn Chợ Chu"], "xã, thị trấn"),
        (["UBND xã Bình Thành", "UBND xã Phú Đình"], "xã"),
        (["UBND xã Bình Thành", "Chợ Chu"], "đơn vị cấp xã"),
    ],
)
async def test_a_commune_stands_among_the_kinds_that_are_there(api: Client, names: list[str], peers: str) -> None:
    units = [below(name, number) for number, name in enumerate(names, 1)]
    await with_units(api, [a_unit(), DISTRICT, *units])
    await with_figures(api, [total(unit["code"], 90 - number) for number, unit in enumerate(units)])

    told = await letter(api, under="H60.1.1")

    assert f"xếp hạng 01/02 {peers}." in texts(told)[0]


async def test_a_stated_place_among_units_that_are_not_all_known_names_their_level(api: Client) -> None:
    await with_units(api, [a_unit(), DISTRICT, below("UBND xã Bình Thành", 1)])
    stated = [("reported_rank", 8), ("reported_rank_of", 23)]
    figures = [{**total("H60.1.1", value), "indicator": indicator} for indicator, value in stated]
    await with_figures(api, [total("H60.1.1", 86), *figures])

    told = await letter(api, under="H60.1.1")

    assert "xếp hạng 08/23 đơn vị cấp xã." in texts(told)[0]


async def test_the_letter_is_addressed_to_the_kinds_that_are_there(api: httpx.AsyncClient) -> None:
    await with_units(
        api, [a_unit(), DISTRICT, below("UBND xã Bình Thành", 1), below("Côn Đảo", 2, kind="special_zone")]
    )

    told = await letter(api, under="H60.1")

    assert told["addressees"] == ["Ủy ban nhân dân các xã, đặc khu"]
