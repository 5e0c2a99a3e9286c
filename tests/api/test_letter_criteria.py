"""Units beside single criteria: as fields of letters, in annexes of the letter, in an office's own file, and frozen."""

import io
from typing import Any

import docx
import httpx
import pytest
from docx.document import Document

from app.reports.letter import criteria
from tests.make import a_framework, a_unit, with_figures, with_units
from tests.support.evaluations import published
from tests.support.word_files import SENT, rows_of, saved

Client = httpx.AsyncClient
OFFICE, MONTH = "H77", "2026-04"
NAMES = {
    "H77.1": "Sở A & B <C> {{ d }}",
    "H77.2": "Sở Tư pháp",
    "H77.3": "Sở Y tế",
    "H77.101": "UBND xã Một",
    "H77.102": "UBND xã Hai",
}
PATH, TEMPLATE = "/v1/reports/announcement", f"/v1/letter-templates/{OFFICE}/phu_luc"
LIVE = {"under": OFFICE, "period": MONTH, "framework": "tieu_chi", "on": "2026-05-05"}
LOOKED_UP = "2026-05-02T00:00:00+07:00"


def a_leaf(code: str, most: int, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "name": {"vi": f"Tiêu chí {code}"}, "max": most, "rules": list(rules), **more}


def a_ratio(indicator: str) -> dict[str, Any]:
    return {"kind": "ratio", "indicator": indicator, "full_at": 100}


def a_group(code: str, *leaves: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": {"vi": f"Nhóm {code}"}, "rules": [{"kind": "sum"}], "criteria": list(leaves)}


def of_three_groups() -> dict[str, Any]:
    """A framework of three groups: rates, points as a source states them, full points where there was nothing to do."""
    kinds = {"published": "ratio", "complete": "ratio", "petitions": "ratio", "reused": "ratio", "speed": "points"}
    indicators = [{"code": code, "kind": kind, "name": {"vi": f"Chỉ số {code}"}} for code, kind in kinds.items()]
    indicators[3]["unit"] = "hồ sơ"
    speed = {"kind": "reported", "indicator": "speed"}
    nothing_to_do = {"zero_denominator": "full"}
    groups = [
        a_group("open", a_leaf("1.1", 6, a_ratio("published")), a_leaf("1.2", 4, a_ratio("complete"))),
        a_group("serve", a_leaf("2.1", 6, a_ratio("petitions"), missing=nothing_to_do), a_leaf("2.2", 4, speed)),
        a_group("data", a_leaf("3.1", 5, a_ratio("reused"))),
    ]
    bands = [{"code": "passed", "name": {"vi": "Đạt"}, "min": 0}]
    ranking = {"incomplete": "ranked"}
    return a_framework(code="tieu_chi", indicators=indicators, criteria=groups, bands=bands, ranking=ranking)


def figures() -> list[dict[str, Any]]:
    """Two departments, one of them without a figure of 1.2, and a commune with one figure; another has none."""
    stated: dict[str, dict[str, dict[str, Any]]] = {
        "H77.1": {
            "published": {"numerator": 9, "denominator": 10},
            "complete": {"value": "100"},
            "petitions": {"numerator": 0, "denominator": 0},
            "speed": {"value": "3.5"},
            "reused": {"numerator": 2, "value": "0.01"},
        },
        "H77.2": {
            "published": {"value": "85.25"},
            "petitions": {"numerator": 3, "denominator": 4},
            "speed": {"value": "4"},
            "reused": {"numerator": 1500, "denominator": 6000},
        },
        "H77.101": {"published": {"value": "50"}},
    }
    common = {"period": MONTH, "source": "national_portal", "observed_at": LOOKED_UP}
    return [
        {"unit": unit, "indicator": indicator, **figure, **common}
        for unit, each in stated.items()
        for indicator, figure in each.items()
    ]


@pytest.fixture(autouse=True)
async def a_small_province(api: Client) -> None:
    levels = {code: "commune" if len(code) > len("H77.1") else "department" for code in NAMES}
    units = [a_unit(code=code, name=name, level=levels[code], parent=OFFICE) for code, name in NAMES.items()]
    await with_units(api, [a_unit(code=OFFICE, name="UBND tỉnh Thử"), *units])
    answer = await api.post("/v1/frameworks", json=of_three_groups())
    assert answer.status_code == 201, answer.text
    await with_figures(api, figures(), locale="en")


async def told(api: Client, **query: Any) -> dict[str, Any]:
    answer = await api.get(PATH, params={**LIVE, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_unit_has_what_it_was_scored_from_and_its_points(api: Client) -> None:
    levels = (await told(api))["fields"]["classes"]

    first, second = levels["department"]["rows"]
    keys = ("count", "of", "rate", "points", "max", "text")
    assert {code: tuple(each[key] for key in keys) for code, each in first["criteria"].items()} == {
        "published": (9, 10, 90, 5.4, 6, "90,00%"),
        "complete": (None, None, 100, 4, 4, "100%"),
        "petitions": (0, 0, None, 6, 6, "0/0"),
        "speed": (None, None, None, 3.5, 4, "3,5"),
        "reused": (2, None, 0.01, 0, 5, "2 hồ sơ (0,01%)"),
    }
    assert {code: tuple(each[key] for key in keys) for code, each in second["criteria"].items()} == {
        "published": (None, None, 85.25, 5.12, 6, "85,25%"),
        "complete": (None, None, None, None, None, None),
        "petitions": (3, 4, 75, 4.5, 6, "75%"),
        "speed": (None, None, None, 4, 4, "4,0"),
        "reused": (1500, 6000, 25, 1.25, 5, "25,00%"),
    }


async def test_points_stand_at_the_figure_that_earned_them(api: Client) -> None:
    framework = of_three_groups()
    framework["code"] = "hai_cach"
    framework["indicators"].append({"code": "checked", "kind": "ratio", "name": {"vi": "Chỉ số checked"}})
    framework["criteria"][0]["criteria"][1]["rules"].insert(0, {**a_ratio("checked"), "optional": True})
    framework["criteria"][2]["criteria"].append(a_leaf("3.2", 7, a_ratio("published")))
    assert (await api.post("/v1/frameworks", json=framework)).status_code == 201
    checked = {"unit": "H77.1", "indicator": "checked", "value": "25", "source": "national_portal"}
    await with_figures(api, [{**checked, "period": MONTH, "observed_at": LOOKED_UP}], locale="en")

    level = (await told(api, framework="hai_cach"))["fields"]["classes"]["department"]

    rows = {row["code"]: {code: each["points"] for code, each in row["criteria"].items()} for row in level["rows"]}
    assert (rows["H77.1"]["checked"], rows["H77.1"]["complete"]) == (1, None)
    assert (rows["H77.1"]["published"], rows["H77.1"]["petitions"]) == (None, 6)
    assert next(each["max"] for each in level["criteria"] if each["code"] == "published") is None


async def test_a_figure_in_points_stands_beside_what_it_earned(api: Client) -> None:
    framework = of_three_groups()
    framework["code"] = "theo_diem"
    framework["criteria"][1]["criteria"][1]["rules"] = [{"kind": "ratio", "indicator": "speed", "full_at": 10}]
    assert (await api.post("/v1/frameworks", json=framework)).status_code == 201

    level = (await told(api, framework="theo_diem"))["fields"]["classes"]["department"]

    found = {row["code"]: row["criteria"]["speed"] for row in level["rows"]}
    assert {code: (each["text"], each["points"]) for code, each in found.items()} == {
        "H77.1": ("3,5", 1.4),
        "H77.2": ("4,0", 1.6),
    }


async def test_look_ups_and_sources_of_another_framework_are_not_told(api: Client) -> None:
    elsewhere = {"unit": OFFICE, "indicator": "transparency_points", "value": "12", "source": "national_portal"}
    told_here = {"unit": OFFICE, "indicator": "published", "value": "90", "source": "manual"}
    rows = [{**elsewhere, "observed_at": LOOKED_UP}, told_here]
    await with_figures(api, [{**row, "period": MONTH} for row in rows], locale="en")

    fields = (await told(api))["fields"]

    assert (fields["looked_up"], fields["sources"]) == (None, ["Nhập thủ công"])


async def test_the_heads_are_the_criteria_with_a_figure_in_the_order_of_the_framework(api: Client) -> None:
    levels = (await told(api))["fields"]["classes"]

    heads = [(each["code"], each["name"], each["group_name"], each["max"]) for each in levels["department"]["criteria"]]
    assert heads == [
        ("published", "Tiêu chí 1.1", "Nhóm open", 6),
        ("complete", "Tiêu chí 1.2", "Nhóm open", 4),
        ("petitions", "Tiêu chí 2.1", "Nhóm serve", 6),
        ("speed", "Tiêu chí 2.2", "Nhóm serve", 4),
        ("reused", "Tiêu chí 3.1", "Nhóm data", 5),
    ]
    assert [each["code"] for each in levels["commune"]["criteria"]] == ["published"]
    assert [each["decimals"] for each in levels["department"]["criteria"]] == [2, 0, 0, 1, 2]


async def test_the_letter_has_an_annex_for_each_level(api: Client) -> None:
    annexes = (await told(api))["appendices"]

    assert [(each["number"], each["title"]) for each in annexes[2:]] == [
        ("III", "Kết quả các tiêu chí tháng 4/2026: Sở, ban, ngành (tra cứu ngày 02/5/2026)"),
        ("IV", "Kết quả các tiêu chí tháng 4/2026: UBND cấp xã (tra cứu ngày 02/5/2026)"),
    ]
    columns = [(each["above"], each["title"]) for each in annexes[2]["columns"]]
    assert columns == [
        (None, "STT"),
        (None, "Đơn vị"),
        ("Nhóm open", "Tiêu chí 1.1"),
        ("Nhóm open", "Tiêu chí 1.2"),
        ("Nhóm serve", "Tiêu chí 2.1"),
        ("Nhóm serve", "Tiêu chí 2.2"),
        ("Nhóm data", "Tiêu chí 3.1"),
        (None, "Tổng điểm"),
        (None, "Xếp loại"),
        (None, "Hạng"),
    ]
    keys = [each["key"] for each in annexes[2]["columns"]]
    assert [[row[key] for key in keys] for row in annexes[2]["rows"]] == [
        [
            *("1", NAMES["H77.1"], "90,00%", "100%", "0/0", "3,5", "2 hồ sơ (0,01%)"),
            *("18,90", "Đạt", "1"),
        ],
        ["2", NAMES["H77.2"], "85,25%", "", "75%", "4,0", "25,00%", "14,87", "Đạt", "2"],
    ]
    assert [row["name"] for row in annexes[3]["rows"]] == ["UBND xã Một"]


async def test_a_unit_whose_source_states_points_of_groups_alone_stands_in_no_annex(api: Client) -> None:
    framework = of_three_groups()
    framework["code"] = "neu_san"
    framework["indicators"].append({"code": "open_points", "kind": "points", "name": {"vi": "Điểm nhóm open"}})
    framework["criteria"][0]["rules"].insert(0, {"kind": "reported", "indicator": "open_points", "optional": True})
    answer = await api.post("/v1/frameworks", json=framework)
    assert answer.status_code == 201, answer.text
    stated = {"unit": "H77.102", "indicator": "open_points", "value": "7", "source": "national_portal"}
    await with_figures(api, [{**stated, "period": MONTH, "observed_at": LOOKED_UP}], locale="en")

    letter = await told(api, framework="neu_san")

    level, annex = letter["fields"]["classes"]["commune"], letter["appendices"][3]
    assert [(row["name"], list(row["criteria"])) for row in level["rows"]] == [
        ("UBND xã Hai", []),
        ("UBND xã Một", ["published"]),
    ]
    assert (level["of"], level["with_criteria"]) == (2, 1)
    assert [(row["stt"], row["name"], row["rank"]) for row in annex["rows"]] == [("1", "UBND xã Một", "2")]
    assert annex["title"].endswith("UBND cấp xã (tra cứu ngày 02/5/2026; 01/02 đơn vị có số liệu)")


async def test_the_pages_lie_under_a_head_of_two_rows(api: Client) -> None:
    answer = await api.get(PATH, params={**LIVE, "format": "docx"})

    document = docx.Document(io.BytesIO(answer.content))
    table = document.tables[-2]
    upper = [cell.text.replace("\u00a0", " ") for cell in table.rows[0].cells]
    assert upper[2:7] == ["Nhóm open", "Nhóm open", "Nhóm serve", "Nhóm serve", "Nhóm data"]
    assert table.rows[0].cells[2]._tc is table.rows[0].cells[3]._tc
    assert table.rows[2].cells[1].text == NAMES["H77.1"]


async def test_many_criteria_stand_on_several_pages_by_whole_groups(api: Client) -> None:
    sizes = {"a": 5, "b": 4, "c": 7}
    codes = {group: [f"{group}{place}" for place in range(size)] for group, size in sizes.items()}
    document = a_framework(
        code="rong",
        bands=[{"code": "passed", "name": {"vi": "Đạt"}, "min": 0}],
        indicators=[
            {"code": code, "kind": "ratio", "name": {"vi": code}} for of_group in codes.values() for code in of_group
        ],
        criteria=[
            a_group(group, *(a_leaf(f"leaf_{code}", 1, a_ratio(code)) for code in of_group))
            for group, of_group in codes.items()
        ],
    )
    answer = await api.post("/v1/frameworks", json=document)
    assert answer.status_code == 201, answer.text
    stated = [code for of_group in codes.values() for code in of_group]
    await with_figures(
        api, [{"unit": "H77.1", "period": MONTH, "indicator": code, "value": 50, "source": "manual"} for code in stated]
    )

    found = await told(api, framework="rong")

    annexes = found["appendices"][1:]
    heads = [[each["title"] for each in annex["columns"] if each["above"]] for annex in annexes]
    assert [len(each) for each in heads] == [5, 4, 7]
    ends = [[each["key"] for each in annex["columns"]][-2:] for annex in annexes]
    assert ends == [["band", "rank"], ["criterion_b2", "criterion_b3"], ["criterion_c5", "criterion_c6"]]
    assert all(annex["rows"][0]["stt"] == "1" and annex["rows"][0]["name"] == NAMES["H77.1"] for annex in annexes)
    fields = found["fields"]["criteria_annexes"]
    assert [(each["place"], each["level"], each["first"], len(each["heads"])) for each in fields] == [
        (1, "department", True, 5),
        (2, "department", False, 4),
        (3, "department", False, 7),
    ]


async def test_a_level_with_too_many_units_to_print_has_none(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(criteria, "MOST_UNITS", 1)

    fields = (await told(api))["fields"]

    department, commune = (fields["classes"][level] for level in ("department", "commune"))
    assert (department["criteria"], [row["criteria"] for row in department["rows"]]) == ([], [{}, {}])
    assert [each["code"] for each in commune["criteria"]] == ["published"]
    assert [each["level"] for each in fields["criteria_annexes"]] == ["commune"]


async def test_a_frozen_letter_says_the_same_whatever_comes_after(api: Client) -> None:
    live = await told(api)
    evaluation = await published(
        api, framework="tieu_chi", period=MONTH, under=OFFICE, levels=["department", "commune"]
    )
    row = {"unit": "H77.2", "period": MONTH, "indicator": "complete", "value": "12", "source": "national_portal"}
    await with_figures(api, [row])

    answer = await api.get(PATH, params={"evaluation": evaluation["id"], "on": "2026-05-05"})

    frozen = answer.json()
    for level in ("department", "commune"):
        then, now = (each["fields"]["classes"][level] for each in (frozen, live))
        assert then["criteria"] == now["criteria"]
        assert [each["criteria"] for each in then["rows"]] == [each["criteria"] for each in now["rows"]]
    assert frozen["appendices"][2:] == live["appendices"][2:]


def of_an_office(misspelt: str = "published") -> Document:
    """A table with a row for each unit and a column for each criterion, drawn up in Word."""
    columns = '{%tc for each in classes["department"].criteria %}'
    cells = [
        ["STT", "Đơn vị", columns, "{{ each.name }}", "{%tc endfor %}"],
        ['{%tr for row in classes["department"].rows %}', "", "", "", ""],
        [
            "{{ row.place }}",
            "{{ row.name }}",
            columns,
            "{{ row.criteria[each.code].rate | ty_le(each.decimals) | bo_trong }}",
            "{%tc endfor %}",
        ],
        ["{%tr endfor %}", "", "", "", ""],
    ]
    document = docx.Document()
    points = f'{{{{ row.criteria["{misspelt}"].points | diem }}}}; '
    document.add_paragraph(f'{{% for row in classes["department"].rows %}}{points}{{% endfor %}}')
    table = document.add_table(len(cells), len(cells[0]))
    for line, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(line.cells, texts, strict=True):
            cell.text = text
    return document


async def test_an_office_loops_over_rows_and_columns(api: Client) -> None:
    file = saved(of_an_office())

    checked = await api.post("/v1/letter-templates/check", content=file, headers=SENT)
    stated = await api.put(TEMPLATE, content=file, headers=SENT)
    sent = await api.get(PATH, params={**LIVE, "letter": "phu_luc", "format": "docx"})

    assert (checked.json()["faults"], stated.status_code, sent.status_code) == ([], 201, 200)
    assert rows_of(sent.content) == [
        ["STT", "Đơn vị", "Tiêu chí 1.1", "Tiêu chí 1.2", "Tiêu chí 2.1", "Tiêu chí 2.2", "Tiêu chí 3.1"],
        ["1", NAMES["H77.1"], "90,00%", "100%", "", "", "0,01%"],
        ["2", NAMES["H77.2"], "85,25%", "", "75%", "", "25,00%"],
    ]
    [points, *_] = docx.Document(io.BytesIO(sent.content)).paragraphs
    assert points.text == "5,4; 5,12; "


async def test_a_criterion_that_no_framework_knows_is_a_fault(api: Client) -> None:
    file = saved(of_an_office(misspelt="publised"))

    checked = await api.post("/v1/letter-templates/check", content=file, headers=SENT)

    [fault] = checked.json()["faults"]
    assert (fault["code"], fault["suggestion"]) == ("letter_code_unknown", 'row.criteria["published"]')


async def test_the_announcement_that_ships_has_the_annexes(api: Client) -> None:
    answer = await api.get(PATH, params={**LIVE, "letter": "announcement", "format": "docx"})

    document = docx.Document(io.BytesIO(answer.content))
    numbers = [each.text for each in document.paragraphs if each.text.startswith("PHỤ LỤC")]
    assert numbers == ["PHỤ LỤC I", "PHỤ LỤC II", "PHỤ LỤC III", "PHỤ LỤC IV"]
    [details] = [each.text for each in document.paragraphs if each.text.startswith("(Chi tiết")]
    assert "03 cơ quan, đơn vị trên địa bàn tỉnh" in details.replace("\u00a0", " ")
    table = document.tables[-2]
    upper, lower, first, _ = ([cell.text for cell in row.cells] for row in table.rows)
    assert upper[:7] == ["STT", "Đơn vị", "Nhóm open", "Nhóm open", "Nhóm serve", "Nhóm serve", "Nhóm data"]
    assert table.rows[0].cells[4]._tc is table.rows[0].cells[5]._tc
    assert lower[2:7] == [f"Tiêu chí {code}" for code in ("1.1", "1.2", "2.1", "2.2", "3.1")]
    assert first[1:7] == [NAMES["H77.1"], "90,00%", "100%", "0/0", "3,5", "2\u00a0hồ\u00a0sơ (0,01%)"]
