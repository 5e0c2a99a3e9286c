"""Single criteria as columns: which there are for a level, on which page, and what their cells say."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.frameworks.framework import Criterion, Framework
from app.reports.rules.comparison import ShownFigure
from app.reports.rules.criterion_columns import CriterionColumn, cell_text, criterion_columns, pages_of
from app.reports.rules.layouts import Layout
from tests.make import a_framework

RATE = {"kind": "ratio", "full_at": 100}


def a_layout(*rows: dict[str, Any]) -> Layout:
    return Layout.model_validate({"code": "mau", "title": {"vi": "Mẫu"}, "source": "Thử", "rows": rows})


def a_framework_of(*criteria: dict[str, Any]) -> Framework:
    return Framework.model_validate(a_framework(criteria=criteria))


def a_column(code: str = "a", group: str = "g", **more: Any) -> CriterionColumn:
    top = Criterion.model_validate({"code": group, "name": {"vi": group}})
    return CriterionColumn(**{"code": code, "name": code, "kind": "ratio", "noun": None, "group": top, **more})


def test_points_of_a_group_as_its_source_states_them_are_no_single_criterion() -> None:
    stated = {"kind": "reported", "indicator": "speed_points"}
    framework = a_framework_of({"code": "speed", "name": {"vi": "Tốc độ"}, "max": 5, "rules": [stated]})

    columns = criterion_columns(framework, "commune", a_layout({"heading": {"vi": "Tốc độ"}, "group": "speed"}), {})

    assert columns == []


def test_what_a_layout_prints_of_a_group_besides_its_points_is_a_column_with_its_noun() -> None:
    """As the letters of 2024 do, whose rules read the points of groups alone."""
    stated = {"kind": "reported", "indicator": "speed_points"}
    framework = a_framework_of({"code": "speed", "name": {"vi": "Tốc độ"}, "max": 5, "rules": [stated]})
    late = {"heading": {"vi": "Còn lại"}, "indicator": "paid", "part": "complement"}
    soon = {"heading": {"vi": "Đúng hạn"}, "indicator": "on_time", "noun": "hồ sơ", "rows": [late]}
    layout = a_layout(
        {"heading": {"vi": "Tốc độ"}, "group": "speed", "rows": [{"heading": {"vi": "x"}, "rows": [soon]}]}
    )

    columns = criterion_columns(framework, "commune", layout, {})

    found = [(each.code, each.noun, each.group.code, each.criterion) for each in columns]
    assert found == [("on_time", "hồ sơ", "speed", None), ("paid", None, "speed", None)]  # not only what is left of it


def test_a_level_has_the_columns_of_its_own_rules() -> None:
    rules = [{**RATE, "indicator": "at_desk", "levels": ["commune"]}, {**RATE, "indicator": "online"}]
    leaf = {"code": "1", "name": {"vi": "Một"}, "max": 5, "rules": rules}
    only = {**leaf, "code": "2", "applies_to": ["department"], "rules": [{**RATE, "indicator": "other"}]}
    framework = a_framework_of({"code": "speed", "name": {"vi": "Tốc độ"}, "criteria": [leaf, only]})
    layout = a_layout({"heading": {"vi": "Tốc độ"}, "group": "speed"})

    found = {level: [each.code for each in criterion_columns(framework, level, layout, {})] for level in LEVELS}

    assert found == {"commune": ["at_desk", "online"], "department": ["online", "other"]}


LEVELS: Any = ("commune", "department")


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ({"a": 3, "b": 5}, [8]),
        ({"a": 3, "b": 6}, [3, 6]),
        ({"a": 4, "b": 3, "c": 2, "d": 8, "e": 2}, [7, 10, 2]),
        ({"a": 23}, [8, 10, 5]),
        ({}, []),
    ],
)
def test_a_page_holds_whole_groups_and_no_more_than_it_has_room_for(sizes: dict[str, int], pages: list[int]) -> None:
    columns = [a_column(f"{group}{place}", group) for group, size in sizes.items() for place in range(size)]

    found = pages_of(columns)

    assert [len(page) for page in found] == pages
    assert [column for page in found for column in page] == columns


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (ShownFigure(count=Decimal(9), of=Decimal(10), rate=Decimal(90)), "90,00%"),
        (ShownFigure(count=Decimal(2), rate=Decimal("0.01")), "2 hồ sơ (0,01%)"),
        (ShownFigure(count=Decimal(0), of=Decimal(0)), "0/0"),
        (ShownFigure(points=Decimal("3.5")), "3,5 điểm"),
        (ShownFigure(), None),
        (ShownFigure(rate=Decimal(0)), "0,00%"),
    ],
)
def test_a_cell_says_what_is_known_with_the_decimals_of_its_column(figure: ShownFigure, text: str | None) -> None:
    assert cell_text(a_column(noun="hồ sơ"), figure, 2) == text


def test_counts_and_points_have_no_percent_sign() -> None:
    assert cell_text(a_column(kind="count"), ShownFigure(count=Decimal(1746)), 0) == "1.746"
    assert cell_text(a_column(kind="points"), ShownFigure(points=Decimal(4)), 1) == "4,0"
