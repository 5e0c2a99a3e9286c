"""The classes of a letter: from the sources that were scored, as points came about, level by level."""

from typing import Any

import pytest

from tests.api.test_announcement import Client, codes, communes, letter, texts, titles, total
from tests.make import a_commune, a_framework, a_unit, with_figures, with_units
from tests.support.report_files import report

__all__ = ["communes"]  # a fixture of the letter's own tests

OURS, OTHER = "H60.101", "H60.102"
GROUPS = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
TYPED_IN: dict[str, Any] = {"source": "manual"}


def groups(unit: str, *of: str, **more: Any) -> list[dict[str, Any]]:
    return [{**total(unit, 5, **more), "indicator": f"{group}_points"} for group in of or GROUPS]


def way(told: dict[str, Any]) -> str:
    [found] = [text for text in texts(told) if text.startswith("+ Đối với")]
    return found


async def plain_framework(api: Client, **more: Any) -> None:
    """A framework without classes, of two groups that are the points of a source."""
    rules = {code: {"kind": "reported", "indicator": f"{code}_points"} for code in ("speed", "care")}
    indicators = [{"code": f"{code}_points", "kind": "points", "name": {"vi": code}} for code in rules]
    criteria = [{"code": code, "name": {"vi": code}, "max": 50, "rules": [rule]} for code, rule in rules.items()]
    document = a_framework(valid_from="2024-01-01", bands=[], indicators=indicators, criteria=criteria, **more)
    assert (await api.post("/v1/frameworks", json=document)).status_code == 201


async def test_a_framework_without_classes_ranks(api: Client, communes: None) -> None:
    await plain_framework(api)
    await with_figures(api, [{**total(OURS, 40), "indicator": f"{code}_points"} for code in ("speed", "care")])
    await with_figures(api, [{**total(OTHER, 40), "indicator": "speed_points"}])

    told = await letter(api, framework="mot_cua")

    assert titles(told) == [
        "Về nguồn dữ liệu và thời điểm đánh giá, xếp hạng",
        "Về cách tính điểm",
        "Kết quả đánh giá, xếp hạng",
    ]
    assert "+ Có 01/02 UBND cấp xã được xếp hạng." in texts(told)
    assert "+ Có 01/02 UBND cấp xã chưa xếp hạng do thiếu số liệu." in texts(told)
    [appendix] = told["appendices"]
    assert "xếp hạng tháng 7/2024" in appendix["title"]
    assert [(row["rank"], row["total"]) for row in appendix["rows"]] == [("1", "80"), ("", "")]
    assert "xếp loại" not in " ".join([*texts(told), *titles(told)])


async def test_a_level_whose_units_all_lack_groups_is_noted(api: Client, communes: None) -> None:
    await with_figures(api, [*groups(OURS, "transparency"), *groups(OTHER, "progress")])

    told = await letter(api)

    assert titles(told) == []
    assert [note["detail"] for note in told["notes"] if note["code"] == "level_incomplete"] == [
        "Cấp xã: 02 cơ quan, đơn vị có số liệu đều thiếu điểm của nhóm chỉ số; văn bản không công bố tổng điểm, không "
        "xếp loại cấp này."
    ]
    assert "no_results" in codes(told)


async def test_sources_and_moments_are_those_of_the_figures_that_were_scored(api: Client, communes: None) -> None:
    beside = {"source": "provincial_system", "observed_at": "2024-09-05T00:00:00+07:00"}
    await with_figures(api, [total(OURS, 82), total(OURS, 70, **beside)])
    await with_figures(api, [total(OTHER, 60, observed_at="2024-08-28T09:00:00+07:00")])

    told = await letter(api)

    assert texts(told)[:2] == [
        "- Nguồn số liệu: Cổng Dịch vụ công quốc gia.",
        "- Thời điểm đánh giá, xếp loại từ ngày 26/8/2024 đến ngày 28/8/2024.",
    ]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (
            [total(OURS, 82)],
            "Lấy tổng số điểm đạt được trên tổng số 100 điểm tại thời điểm xếp loại, đã được tính sẵn và công khai "
            "trên Cổng Dịch vụ công quốc gia.",
        ),
        (
            [total(OURS, 82, **TYPED_IN)],
            "Lấy tổng số điểm đạt được trên tổng số 100 điểm tại thời điểm xếp loại, theo số liệu nhập thủ công.",
        ),
        (groups(OURS), "Cộng điểm của các nhóm chỉ số đã công khai trên Cổng Dịch vụ công quốc gia."),
        (groups(OURS, **TYPED_IN), "Cộng điểm của các nhóm chỉ số theo số liệu nhập thủ công."),
        (
            [total(OURS, 82), *groups(OTHER, **TYPED_IN)],
            "Lấy tổng số điểm đạt được trên tổng số 100 điểm tại thời điểm xếp loại; nơi không có tổng số điểm thì "
            "cộng điểm của các nhóm chỉ số theo số liệu của Cổng Dịch vụ công quốc gia và số liệu nhập thủ công.",
        ),
    ],
)
async def test_how_points_came_about_is_told_as_it_was(
    api: Client, communes: None, figures: list[dict[str, Any]], said: str
) -> None:
    await with_figures(api, figures)

    assert way(await letter(api)) == f"+ Đối với UBND cấp xã: {said}"


async def test_a_stated_total_is_not_what_was_taken_where_the_rules_add_up(api: Client, communes: None) -> None:
    """Since 2026 the sum of the groups comes first."""
    figures = [*groups(OURS), total(OURS, 82)]
    await with_figures(api, [{**figure, "period": "2026-07"} for figure in figures])

    assert ": Cộng điểm của các nhóm chỉ số đã công khai trên" in way(await letter(api, period="2026-07"))


async def test_levels_are_listed_with_one_and(api: Client, communes: None) -> None:
    others = [a_unit(code="H60.1", name="Sở Tư pháp", level="department", parent="H60")]
    others.append(a_unit(code="H60.2", name="UBND huyện Na Hang", level="district", parent="H60"))
    await with_units(api, others)
    await with_figures(api, [total(unit, 82) for unit in ("H60.1", "H60.2", OURS)])

    assert way(await letter(api)).startswith("+ Đối với các Sở, ban ngành tỉnh, UBND cấp huyện và UBND cấp xã: ")


async def test_units_of_several_others_say_below_which_they_stand(api: Client, communes: None) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai"), a_commune("H19.101", name="UBND xã Na Hang")])
    await with_figures(api, [total(OURS, 92), total("H19.101", 60)])

    national, own = await report(api, "announcement", period="2024-07"), await letter(api)

    [listed] = [each for each in national["appendices"] if each["title"].endswith("UBND cấp xã")]
    assert [column["key"] for column in listed["columns"]][1:3] == ["name", "above"]
    assert [(row["above"], row["unit_code"]) for row in listed["rows"]] == [
        ("UBND tỉnh Tuyên Quang", OURS),
        ("UBND tỉnh Đồng Nai", "H19.101"),
    ]
    assert "above" not in own["appendices"][0]["rows"][0]


async def test_the_departments_of_a_ministry_are_its_own(api: Client) -> None:
    ministry = a_unit(code="G01", name="Bộ Công an", level="ministry")
    await with_units(api, [ministry, a_unit(code="G01.1", name="Cục A", level="department", parent="G01")])
    await with_figures(api, [total("G01.1", 82)])

    told = await letter(api, under="G01")

    assert told["addressees"] == ["Các cơ quan, đơn vị trực thuộc"]
    assert "- Cơ quan, đơn vị trực thuộc:" in texts(told)
    assert way(told).startswith("+ Đối với các cơ quan, đơn vị trực thuộc: ")
    assert told["appendices"][0]["title"].endswith(": Cơ quan, đơn vị trực thuộc")
