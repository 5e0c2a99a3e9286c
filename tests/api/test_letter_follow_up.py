"""The follow-up of a letter: counts without doubled words, long lists as appendices, and nobody else's orders."""

from typing import Any

from tests.api.test_announcement import OTHER, OURS, Client, communes, letter, texts
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import report

__all__ = ["communes"]  # a fixture of the letter's own tests

OVERDUE: dict[str, Any] = {"indicator": "overdue_dossiers", "numerator": None, "denominator": None}
TASK = {"kind": "directive", "title": "Báo cáo", "period": "2024-07"}


async def test_a_count_of_nothing_is_named_once(api: Client, communes: None) -> None:
    await with_figures(api, some_figures(OURS, **OVERDUE, value=0))

    assert texts(await letter(api)) == ["- Về số hồ sơ quá hạn: không có cơ quan, đơn vị nào."]


async def test_a_count_without_a_noun_is_named_once(api: Client, communes: None) -> None:
    letters = {"code": "late_letters", "kind": "count", "direction": "down", "name": {"vi": "Số thư chậm"}}
    framework = a_framework(valid_from="2024-01-01")
    await api.post("/v1/frameworks", json={**framework, "indicators": [*framework["indicators"], letters]})
    await with_figures(api, some_figures(OURS, **{**OVERDUE, "indicator": "late_letters"}, value=3))

    said = texts(await letter(api, framework="mot_cua"))

    assert said == ["- Về số thư chậm: 03 của 01 cơ quan, đơn vị: UBND xã Na Hang 03."]


async def test_a_long_list_of_who_has_not_published_is_an_appendix(api: Client) -> None:
    many = [f"H60.{number}" for number in range(200, 225)]
    await with_units(api, [a_unit(), *map(a_commune, many)])
    for unit in many:
        await api.put("/v1/publications", json={"unit": unit, "period": "2024-07", "due_on": "2024-08-31"})
    await api.put("/v1/publications", json={"unit": many[0], "period": "2024-07", "published_on": "2024-08-30"})

    told = await letter(api, on="2024-09-02")

    assert texts(told)[1:] == [
        "- Chưa công khai: 24 cơ quan, đơn vị.",
        "(Chi tiết tại Phụ lục I kèm theo văn bản này)",
    ]
    [appendix] = told["appendices"]
    assert (appendix["title"], appendix["source"]) == ("Các cơ quan, đơn vị chưa công khai kết quả", "publication")
    assert [row["unit_code"] for row in appendix["rows"]] == many[1:]
    assert [column["key"] for column in appendix["columns"]] == [
        "subject",
        "level",
        "name",
        "due_on",
        "state",
        "days_late",
    ]


async def test_an_order_from_above_is_not_given_again(api: Client, communes: None) -> None:
    await with_units(api, [a_unit(code="H60.1", name="Sở Tư pháp", level="department", parent="H60")])
    for unit, assignee in (("H60", "H60.1"), ("H60.1", OURS), (None, OTHER), (None, "H60")):
        answer = await api.post("/v1/tasks", json={**TASK, "unit": unit, "assignee": assignee})
        assert answer.status_code == 201, answer.text

    department, province = await letter(api, under="H60.1"), await letter(api)
    national = await report(api, "announcement", period="2024-07")

    assert texts(department) == ["- Giao UBND xã Na Hang: báo cáo."]
    assert (len(texts(province)), len(texts(national))) == (3, 4)


async def test_units_with_a_target_and_no_figure_are_noted(api: Client, communes: None) -> None:
    target = {"indicator": "dossier_sync", "year": 2024, "target": 90, "level": "commune"}
    assert (await api.put("/v1/targets", json=target)).is_success
    await with_figures(api, some_figures(OURS))

    notes = (await letter(api))["notes"]

    [said] = [note["detail"] for note in notes if note["code"] == "target_without_figure"]
    assert said.endswith(": 01 cơ quan, đơn vị có chỉ tiêu mà chưa có số liệu.")


async def test_a_target_that_the_unit_itself_misses_is_told(api: Client) -> None:
    await with_units(api, [a_unit()])
    await api.put("/v1/targets", json={"indicator": "dossier_sync", "year": 2024, "target": 99})
    await with_figures(api, some_figures())

    [section] = [each for each in (await letter(api))["sections"] if each["source"] == "below-target"]

    assert section["paragraphs"][0]["text"].endswith(
        ": tỉnh Tuyên Quang 25.775/26.080, đạt 98,83%, không đạt chỉ tiêu 99%."
    )
