"""The layouts that ship fit the frameworks that ship."""

from pathlib import Path

import pytest

from app.domain.frameworks.framework import Indicator
from app.domain.vocabulary import LEVELS, Level
from app.reports.layouts import SHIPPED, chosen_layout, layouts, load
from app.reports.rules.layout_check import layout_faults, unprinted
from app.reports.rules.layouts import PlacedRow, lines_of
from tests.support.published import shipped

FRAMEWORKS = ("qd766@2022", "qd766@2026", "dongnai@2024")
INDICATORS: dict[str, Indicator] = {each.code: each for name in FRAMEWORKS for each in shipped(name).indicators}


def shipped_lines() -> list[tuple[str, PlacedRow]]:
    return [(code, line) for code, layout in layouts().items() for line in lines_of(layout)]


def test_four_layouts_ship_each_under_the_name_of_its_file() -> None:
    assert [*layouts()] == ["commune_annex", "follow_up_note", "legal_groups", "province_letter"]
    assert [path.stem for path in sorted(SHIPPED.glob("*.yaml"))] == [*layouts()]


def test_every_indicator_of_a_layout_is_one_that_a_framework_describes() -> None:
    assert {line.row.indicator for _, line in shipped_lines()} - {None} <= INDICATORS.keys()


def test_only_shares_have_a_rest() -> None:
    rests = [line.row.indicator for _, line in shipped_lines() if line.row.part == "complement"]

    assert len(rests) == 16
    assert {INDICATORS[code or ""].kind for code in rests} == {"ratio"}


def test_only_shares_show_a_rate() -> None:
    wrong = [
        (code, line.row.heading.vi)
        for code, line in shipped_lines()
        if line.row.indicator and line.row.show != "count" and INDICATORS[line.row.indicator].kind != "ratio"
    ]

    assert wrong == []


def test_every_group_of_a_layout_is_one_of_the_framework_or_of_its_view() -> None:
    framework = shipped("qd766@2022")
    known: dict[str | None, set[str | None]] = {None: {top.code for top in framework.criteria}}
    known |= {view.code: {group.code for group in view.groups} for view in framework.views}

    for layout in layouts().values():
        named = {line.row.group for line in lines_of(layout)} - {None}
        assert named <= known[layout.view], layout.code


def test_each_level_has_one_layout_of_its_own() -> None:
    claimed = sorted(level for layout in layouts().values() for level in layout.levels)

    assert claimed == sorted(LEVELS)


@pytest.mark.parametrize(
    ("framework", "level", "code"),
    [
        ("qd766@2022", "commune", "commune_annex"),
        ("qd766@2022", "province", "province_letter"),
        ("qd766@2026", "commune", "framework"),
        ("qd766@2026", "department", "framework"),
        ("dongnai@2024", "department", "legal_groups"),
    ],
)
def test_a_framework_that_ships_is_printed_in_the_layout_that_fits_it(framework: str, level: Level, code: str) -> None:
    assert chosen_layout(None, shipped(framework), level, layouts(), ()).code == code


def test_a_file_that_is_no_layout_names_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("code: broken\ntitle: {vi: Bảng}\nrows: [{heading: {vi: A}, colour: red}]\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"broken\.yaml/source: .*; broken\.yaml/rows/0/colour: "):
        load(path)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_scored_criterion_is_printed_where_no_layout_is_named(framework: str, level: Level) -> None:
    rules = shipped(framework)

    layout = chosen_layout(None, rules, level, layouts(), ())

    assert unprinted(layout, rules, level) == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_rest_stands_alone_and_no_fall_is_without_a_name(framework: str) -> None:
    rules = shipped(framework)

    for layout in layouts().values():
        assert {each.code for each in layout_faults(layout, rules)} <= {"criterion_not_printed"}, layout.code
