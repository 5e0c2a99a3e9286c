"""What a layout leaves out of a framework, and the rows that a letter prints of one."""

from typing import Any

import pytest

from app.domain.frameworks.check import read_framework
from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import LEVELS, Level
from app.reports.layouts import chosen_layout, known_layouts, layouts
from app.reports.rules.layout_check import fits, layout_faults, unknown_codes, unprinted
from app.reports.rules.layouts import Layout, read_layout
from app.reports.rules.own_layout import own_layout
from tests.make import a_framework
from tests.support.published import shipped

OF_2026, OF_2022 = "qd766@2026", "qd766@2022"


def a_layout(*rows: dict[str, Any], **members: Any) -> Layout:
    document = {"code": "ours", "title": {"vi": "Bảng"}, "source": "Công văn mẫu", "rows": list(rows), **members}
    layout, faults = read_layout(document)
    assert layout is not None, faults
    return layout


def a_row(heading: str = "A", **members: Any) -> dict[str, Any]:
    return {"heading": {"vi": heading}, **members}


def a_counter() -> Framework:
    """One group of one ratio."""
    framework, faults = read_framework(a_framework())
    assert framework is not None, faults
    return framework


def codes(layout: Layout, framework: Framework) -> list[tuple[str | None, str]]:
    return [(each.pointer, each.code) for each in layout_faults(layout, framework)]


def test_the_layouts_of_2024_lack_criteria_of_2026() -> None:
    rules = shipped(OF_2026)

    missing = unprinted(layouts()["province_letter"], rules, "province")

    # that the letter prints the rest of 3.1 beside its two parts says nothing of 3.1 itself
    assert [each.criterion.code for each in missing] == ["3.1", "3.2", "5.2", "4.4", "4.5a", "4.5b", "4.6"]
    assert sum(each.max for each in missing) == 22
    assert not fits(layouts()["province_letter"], rules, "province")


def test_groups_that_are_scored_themselves_are_printed_by_their_points() -> None:
    rules = shipped(OF_2022)

    assert unprinted(layouts()["province_letter"], rules, "province") == []
    assert unprinted(layouts()["legal_groups"], rules, "province") == []
    lost = unprinted(a_layout(a_row(group="progress")), rules, "province")
    assert [each.group for each in lost] == ["transparency", "online", "payment", "satisfaction", "digitization"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", [OF_2026, OF_2022, "dongnai@2024"])
def test_the_framework_itself_prints_all_that_it_scores(name: str, level: Level) -> None:
    rules = shipped(name)

    assert unprinted(own_layout(rules, level), rules, level) == []


def test_a_criterion_for_other_levels_is_not_missed() -> None:
    document = a_framework()
    document["criteria"][0]["applies_to"] = ["commune"]
    framework, _ = read_framework(document)
    assert framework is not None

    assert unprinted(a_layout(a_row()), framework, "province") == []
    assert [each.max for each in unprinted(a_layout(a_row()), framework, "commune")] == [100]


def test_only_the_whole_or_the_rest_of_a_figure_does_not_print_it() -> None:
    rules = a_counter()
    kinds: list[dict[str, Any]] = [{"part": "complement"}, {"part": "denominator", "show": "count"}]

    for kind in kinds:
        assert len(unprinted(a_layout(a_row(indicator="counter_on_time", **kind)), rules, "commune")) == 1
    assert unprinted(a_layout(a_row(indicator="counter_on_time")), rules, "commune") == []


def test_what_is_missing_alone_or_without_a_name_is_told_at_its_place() -> None:
    rules = shipped(OF_2022)
    groups = [a_row(group=top.code) for top in rules.criteria]
    rest = a_row(indicator="on_time", part="complement")

    alone = a_layout(*groups, a_row(rows=[rest]))
    told = a_layout(*groups, a_row(rows=[a_row(indicator="on_time"), rest]))
    counted = a_layout(*groups, a_row(indicator="on_time", show="count"))
    rated = a_layout(*groups, a_row(indicator="on_time", show="count"), a_row(indicator="on_time", show="rate"))

    assert codes(alone, rules) == [("/rows/6/rows/0", "rest_without_part")]
    assert codes(told, rules) == []
    assert codes(counted, shipped(OF_2026))[-1] == ("/rows/6", "fall_not_named")
    assert "fall_not_named" not in {code for _, code in codes(rated, shipped(OF_2026))}


def test_a_missing_criterion_is_named_with_its_points_once() -> None:
    [fault] = layout_faults(a_layout(a_row(), levels=["commune", "province"]), a_counter())

    assert (fault.pointer, fault.code, fault.context["max"]) == ("/rows", "criterion_not_printed", "100")


def test_a_stated_layout_that_fits_goes_before_those_that_ship() -> None:
    rules = shipped(OF_2022)
    groups = [a_row(group=top.code) for top in rules.criteria]
    stated = [
        a_layout(*groups, code="zz", levels=["commune"]),
        a_layout(groups[0], code="yy", levels=["province"]),
    ]
    known = known_layouts([each.model_dump(mode="json", exclude_unset=True) for each in stated])  # type: ignore[misc]

    assert chosen_layout(None, rules, "commune", known, ()).code == "zz"
    assert chosen_layout(None, rules, "province", known, ()).code == "province_letter"


def test_a_code_that_nobody_knows_is_named_at_its_place_with_the_one_that_was_meant() -> None:
    rows = a_row(group="on_tine", rows=[a_row(), a_row(indicator="counter_on_tine"), a_row(indicator="nope")])

    found = unknown_codes(a_layout(rows), a_counter(), ())

    assert [(each.pointer, each.code, each.value, each.suggestion) for each in found] == [
        ("/rows/0/group", "group_unknown", "on_tine", "on_time"),
        ("/rows/0/rows/1/indicator", "indicator_unknown", "counter_on_tine", "counter_on_time"),
        ("/rows/0/rows/2/indicator", "indicator_unknown", "nope", None),
    ]


def test_what_the_framework_or_the_service_knows_is_passed() -> None:
    rows = a_row(group="on_time", rows=[a_row(indicator="counter_on_time"), a_row(indicator="paid_dossiers")])

    assert unknown_codes(a_layout(rows, a_row(total=True)), a_counter(), {"paid_dossiers"}) == []
    assert [each.value for each in unknown_codes(a_layout(rows), a_counter(), ())] == ["paid_dossiers"]


def test_groups_are_those_of_the_view_that_a_layout_takes() -> None:
    rules = shipped(OF_2022)
    [view, *_] = rules.views
    row = a_row(group=next(each.code for each in view.groups if each.code not in {top.code for top in rules.criteria}))

    assert unknown_codes(a_layout(row, view=view.code), rules, ()) == []
    assert [each.code for each in unknown_codes(a_layout(row), rules, ())] == ["group_unknown"]
