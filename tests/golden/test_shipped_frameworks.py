"""The documents that ship: without fault, true to the decision's numbers as observed, each number with its source."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import app
from app.domain.frameworks.check import canonical, document, read_framework
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.frameworks.rules import Ratio, Reported, Rule, Sum
from app.formats.documents import read_yaml
from app.formats.strict_json import read_json

ROOT = Path(app.__file__).parents[1]
FOLDER = ROOT / "app" / "frameworks"
OF_766 = ["qd766@2022", "qd766@2026", "dongnai@2024"]
SIBLINGS = ["dti@2022", "egdi@2024", "par_index@2022", "par_index_fields@2022", "pci@2019"]
SHIPPED = OF_766 + SIBLINGS
SIX_GROUPS = {"transparency": 18, "progress": 20, "online": 12, "payment": 10, "satisfaction": 18, "digitization": 22}
COMPONENT = re.compile(r"^\| (\d\.\d[ab]?) \| `(\w+)` \|[^|]*\|[^|]*\| (\d+) \| (\d+)% \|", flags=re.M)
"""A row of docs/domain.md: number, indicator, most points, full at."""


def shipped(id: str) -> Framework:
    framework, faults = read_framework(read_yaml((FOLDER / f"{id}.yaml").read_bytes()))
    assert [fault.detail("en") for fault in faults] == []
    assert framework is not None
    return framework


def all_criteria(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield criterion
        yield from all_criteria(criterion.criteria)


def leaves(framework: Framework) -> dict[str, Criterion]:
    return {node.code: node for node in all_criteria(framework.criteria) if not node.criteria}


def reading(rules: tuple[Rule, ...]) -> list[tuple[str, str | None, bool]]:
    """Each rule as (kind, indicator, optional)."""
    return [(str(getattr(rule, "kind", "")), getattr(rule, "indicator", None), rule.optional) for rule in rules]


def test_all_files_of_the_folder_are_known() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(SHIPPED)


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_framework_loads_without_fault_under_its_file_name(id: str) -> None:
    framework = shipped(id)

    assert framework.id == id
    assert framework.total_max == Decimal(1 if id in ("dti@2022", "egdi@2024") else 100)


@pytest.mark.parametrize("id", SHIPPED)
def test_every_number_says_where_it_comes_from(id: str) -> None:
    unsourced: list[str] = []

    def walk(value: Any, pointer: str) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                walk(item, f"{pointer}/{index}")
        if isinstance(value, dict):
            numbers = [name for name, item in value.items() if isinstance(item, int | Decimal) and item is not True]
            written = [name for name in numbers if value[name] is not False and not is_default(value, name)]
            if written and not value.get("legal_ref"):
                unsourced.append(pointer)
            for name, item in value.items():
                walk(item, f"{pointer}/{name}")

    walk(document(shipped(id)), "")

    assert unsourced == []


def is_default(value: dict[str, Any], name: str) -> bool:
    return name == "from" and value[name] == 0


@pytest.mark.parametrize("id", SHIPPED)
def test_every_indicator_says_where_it_comes_from_and_is_named_in_both_languages(id: str) -> None:
    for indicator in shipped(id).indicators:
        assert indicator.legal_ref
        assert indicator.name.en


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_framework_survives_its_canonical_bytes(id: str) -> None:
    framework = shipped(id)

    assert read_framework(read_json(canonical(framework)))[0] == framework


def test_the_shipped_frameworks_agree_on_the_kind_of_every_indicator() -> None:
    known: dict[str, str] = {}
    for id in SHIPPED:
        body = (FOLDER / f"{id}.yaml").read_bytes()
        assert not read_framework(read_yaml(body), known_indicators=known)[1]
        known |= {indicator.code: indicator.kind for indicator in shipped(id).indicators}


@pytest.mark.parametrize("id", OF_766)
def test_exactly_one_hundred_is_excellent_and_nothing_lacks_a_class(id: str) -> None:
    # Đồng Nai's letter of Q2/2024 writes "từ 90 đến dưới 100"; the top band is closed here.
    bands = shipped(id).bands

    assert [band.code for band in bands] == ["excellent", "good", "fair", "average", "weak"]
    assert [band.min for band in bands] == [Decimal(low) for low in (90, 80, 70, 50, 0)]
    assert bands[0].max == Decimal(100)
    assert bands[0].closed


@pytest.mark.parametrize("id", ["qd766@2022", "qd766@2026"])
def test_decision_766_has_six_portal_groups_and_five_legal_ones(id: str) -> None:
    framework = shipped(id)

    maxima = {group.code: framework.max_of(group) for group in framework.criteria}
    assert list(maxima) == list(SIX_GROUPS)
    assert maxima == {code: Decimal(points) for code, points in SIX_GROUPS.items()}
    (view,) = framework.views
    assert view.code == "legal"
    legal = {group.code: sum(maxima[member] for member in group.members) for group in view.groups}
    assert legal == {"transparency": 18, "progress": 20, "online_services": 22, "satisfaction": 18, "digitization": 22}


def test_the_components_of_2026_have_the_weights_and_targets_that_the_page_of_the_domain_states() -> None:
    rows = COMPONENT.findall((ROOT / "docs" / "domain.md").read_text("utf-8"))
    stated = {number: (indicator, int(most), int(full_at)) for number, indicator, most, full_at in rows}

    found: dict[str, tuple[object, ...]] = {}
    for code, leaf in leaves(shipped("qd766@2026")).items():
        (rule,) = leaf.rules
        assert isinstance(rule, Ratio)
        assert rule.from_ == 0
        assert leaf.applies_to is None
        found[code] = (rule.indicator, leaf.max, rule.full_at)

    assert len(stated) == 21
    assert found == stated


def test_a_zero_denominator_earns_what_the_portal_gives_in_each_group() -> None:
    framework = shipped("qd766@2026")
    policy = {"transparency": "none", "digitization": "none"}

    for group in framework.criteria:
        for leaf in group.criteria:
            expected = "full" if leaf.code in ("5.2", "5.3") else policy.get(group.code, "zero")
            assert (leaf.code, leaf.missing.zero_denominator) == (leaf.code, expected)
            assert leaf.missing.no_value == "none"
            assert leaf.missing.legal_ref


def test_a_group_of_2026_is_its_components_else_the_reported_points_else_what_is_known() -> None:
    framework = shipped("qd766@2026")

    for group in framework.criteria:
        assert reading(group.rules) == [
            ("sum", None, True),
            ("reported", f"{group.code}_points", True),
            ("sum", None, False),
        ]
    assert reading(framework.total.rules) == [("sum", None, True), ("reported", "total_points", False)]


def test_until_2025_groups_and_total_are_as_reported() -> None:
    framework = shipped("qd766@2022")

    assert (str(framework.valid_from), str(framework.valid_to)) == ("2022-06-23", "2025-12-31")
    for group in framework.criteria:
        assert reading(group.rules) == [("reported", f"{group.code}_points", False)]
        assert not group.criteria
    assert reading(framework.total.rules) == [("reported", "total_points", True), ("sum", None, False)]


def test_the_two_versions_of_decision_766_meet_without_gap() -> None:
    assert str(shipped("qd766@2026").valid_from) == "2026-01-01"
    assert shipped("qd766@2026").valid_to is None


def test_figures_of_2024_can_be_kept_under_the_older_version() -> None:
    old, new = (
        {indicator.code: indicator.kind for indicator in shipped(id).indicators} for id in ("qd766@2022", "qd766@2026")
    )

    assert old == new
    scored = {
        rule.indicator
        for leaf in leaves(shipped("qd766@2026")).values()
        for rule in leaf.rules
        if isinstance(rule, Ratio)
    }
    assert scored < set(old)
    assert {"average_days": "number", "petition_regulations": "ratio", "petition_staff": "ratio"}.items() < old.items()
    assert {"citizen_accounts": "count", "overdue_dossiers": "count", "reported_rank": "number"}.items() < old.items()


def test_dong_nai_scores_departments_by_group_rate() -> None:
    # Đồng Nai's letter of Q2/2024, section 2: points_i = rate_i × max_i / 100, 18 + 20 + 22 + 22 + 18
    framework = shipped("dongnai@2024")

    assert {node.code: node.max for node in framework.criteria} == {
        "transparency": 18,
        "progress": 20,
        "digitization": 22,
        "online_services": 22,
        "satisfaction": 18,
    }
    for node in framework.criteria:
        rule = next(rule for rule in node.rules if rule.applies_to("department"))
        assert isinstance(rule, Ratio)
        assert rule.indicator == f"{node.code}_rate"
        assert (rule.from_, rule.full_at) == (Decimal(0), Decimal(100))


@pytest.mark.parametrize("level", ["district", "commune", "province"])
def test_dong_nai_takes_the_total_of_other_levels_from_the_portal(level: Any) -> None:
    framework = shipped("dongnai@2024")

    total = next(rule for rule in framework.total.rules if rule.applies_to(level))
    assert isinstance(total, Reported)
    assert total.indicator == "total_points"
    for node in framework.criteria:
        rule = next(rule for rule in node.rules if rule.applies_to(level))
        assert isinstance(rule, Reported)
        assert rule.indicator == f"{node.code}_points"


def test_dong_nai_adds_up_a_department() -> None:
    total = next(rule for rule in shipped("dongnai@2024").total.rules if rule.applies_to("department"))

    assert isinstance(total, Sum)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("3.2", "suy ra"),
        ("3.3", "chưa có số liệu để kiểm chứng"),
        ("3.5", "suy ra"),
        ("3.5b", "chưa có số liệu để kiểm chứng"),
        ("3.6", "chưa biết"),
        ("4.2", "80%"),
        ("4.6", "suy ra"),
    ],
)
def test_a_target_that_is_inferred_or_unknown_says_so(code: str, words: str) -> None:
    (rule,) = leaves(shipped("qd766@2026"))[code].rules

    assert words in (rule.legal_ref or "")
