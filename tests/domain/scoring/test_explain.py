"""Explanations say what was computed: every printed equation is worked out again, every situation has its sentence."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.frameworks.framework import Framework
from app.domain.scoring.explain import Explained, explain
from app.domain.scoring.node_facts import Origin
from app.domain.scoring.score import score
from tests.domain.scoring.test_score_oracle import CELL, frameworks, indicators
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, exact_half_up, ratio, reported


def explained(framework: Framework, level: Any = "commune", **cells: Cell) -> Explained:
    columns = columns_of({code: [cell] for code, cell in cells.items()})
    return explain(score(framework, level, columns, 1), columns, 0, {}, kinds(framework))


def kinds(framework: Framework) -> dict[str, str]:
    return {each.code: each.kind for each in framework.indicators}


def only(rule: dict[str, Any] | None, cell: Cell, **overrides: Any) -> Explained:
    """The single criterion of a framework, worth 22 points, scored from the indicator `x`."""
    name = {"vi": "Số hóa hồ sơ", "en": "Digitization"}
    indicators = [{"code": "x", "kind": overrides.pop("indicator_kind", "ratio"), "name": {"vi": "x"}}]
    criterion = a_criterion("one", 22, *([rule] if rule else []), **{"name": name, **overrides})
    return explained(a_framework(criterion, indicators=indicators), x=cell).criteria[0]


def every(node: Explained) -> Iterator[Explained]:
    yield node
    for child in node.criteria:
        yield from every(child)


def worked_out(expression: str) -> Any:
    """A printed expression, evaluated by fractions."""
    code = re.sub(r"\d+(\.\d+)?", lambda number: f"Fraction('{number[0]}')", expression)
    return eval(code.replace("×", "*").replace("−", "-").replace("≥", ">="), {"Fraction": Fraction})


def assert_root(written: str, sign: str, points: Decimal, places: int) -> None:
    """A product of roots of one degree is what it was rounded to: both sides to the power of that degree."""
    top, *_ = written.split(" × ")
    shares = re.findall(r"\(([^()]+)\)\^\((\d+) / (\d+)\)", written)
    degree, half = int(shares[0][2]), Fraction(1, 2 * 10**places)
    power = Fraction(top) ** degree
    for share, part, _ in shares:
        power *= Fraction(worked_out(share)) ** int(part)
    assert sum(int(part) for _, part, _ in shares) == degree
    assert points == 0 or (Fraction(points) - half) ** degree <= power
    assert power < (Fraction(points) + half) ** degree
    assert (power == Fraction(points) ** degree) == (sign == "=")


def assert_true(arithmetic: str, points: Decimal, places: int) -> None:
    test, arrow, given = arithmetic.partition(" → ")
    if arrow:
        assert worked_out(test) is True
        arithmetic = given if "≈" in given else f"{given} = {given}"
    left, sign, right = re.fullmatch(r"(.*) ([=≈]) (.*)", arithmetic).groups()  # type: ignore[union-attr]
    if "^" in left:
        assert_root(left, sign, points, places)
        return
    exact = Fraction(worked_out(left))
    assert exact_half_up(exact, places) == worked_out(right) == Fraction(points)
    assert (exact == Fraction(points)) == (sign == "=")


def test_seventy_five_percent_of_twenty_two_points_is_explained_as_in_the_letter() -> None:
    node = only(ratio("x"), "75")

    assert node.arithmetic == "75 × 22 / 100 = 16.5"
    assert node.sentence == "Số hóa hồ sơ: đạt 75%, được 16,5/22 điểm"
    assert node.sentence_en == "Digitization: 75% of 22 points = 16.5 points"


def test_one_point_is_no_points_in_english() -> None:
    assert only(ratio("x"), "1/22").sentence_en == "Digitization: 1/22 (≈ 4.55%) of 22 points = 1 point"
    assert only(ratio("x"), "0.5").sentence_en == "Digitization: 0.5% of 22 points = 0.11 points"


def test_counts_are_shown_with_the_rate_they_make_and_the_rounding() -> None:
    node = only(ratio("x"), "25775/26080")

    assert node.arithmetic == "100 × 25775 / 26080 × 22 / 100 ≈ 21.74"
    assert node.sentence == "Số hóa hồ sơ: đạt 25.775/26.080 (≈ 98,83%), được 21,74/22 điểm"


def test_what_exceeds_the_target_is_cut_there_in_the_equation_too() -> None:
    assert only(ratio("x", full_at=80), "95").arithmetic == "min(95, 80) × 22 / 80 = 22"
    assert only(ratio("x", **{"from": 50}), "75").arithmetic == "(75 − 50) × 22 / (100 − 50) = 11"
    assert only(ratio("x", **{"from": 50}), "20").arithmetic == "(max(20, 50) − 50) × 22 / (100 − 50) = 0"
    assert only(ratio("x", **{"from": 60}, full_at=20), "50").arithmetic == "(60 − 50) × 22 / (60 − 20) = 5.5"


MEANINGS: list[tuple[str, dict[str, Any] | None, Cell, dict[str, Any], str, tuple[str, ...]]] = [
    ("target", ratio("x", full_at=80), "60", {}, "đạt 60%, đủ 22 điểm khi đạt 80%: được 16,5 điểm", ()),
    ("over 100", ratio("x"), "120", {}, "đạt 120%, đủ 22 điểm khi đạt 100%: được 22 điểm", ()),
    (
        "from",
        ratio("x", **{"from": 50}),
        "75",
        {},
        "đạt 75%, tính điểm từ 50% đến đủ 22 điểm tại 100%: được 11 điểm",
        (),
    ),
    ("reported", reported("x"), "13.2", {}, "13,2/22 điểm theo số điểm nguồn công bố", ()),
    (
        "step",
        {"kind": "steps", "indicator": "x", "steps": [{"at_least": 50, "points": 10}]},
        "50",
        {},
        "50% đạt mức từ 50%: được 10/22 điểm",
        (),
    ),
    (
        "no step",
        {"kind": "steps", "indicator": "x", "steps": [{"at_least": 50, "points": 10}]},
        "49.99",
        {},
        "49,99% chưa đạt mức nào: được 0/22 điểm",
        (),
    ),
    (
        "deduction",
        {"kind": "deduction", "indicator": "x", "points": "0.5", "per": 2},
        "3",
        {"indicator_kind": "count"},
        "3, cứ 2 trừ 0,5 điểm trong 22 điểm: còn 21,25 điểm",
        (),
    ),
    ("missing", ratio("x"), None, {}, "chưa có số liệu, không có điểm", ("missing",)),
    (
        "missing, zero",
        ratio("x"),
        None,
        {"missing": {"no_value": "zero"}},
        "chưa có số liệu, tính 0/22 điểm",
        ("missing",),
    ),
    (
        "missing, full",
        ratio("x"),
        None,
        {"missing": {"no_value": "full"}},
        "chưa có số liệu, tính đủ 22 điểm",
        ("missing",),
    ),
    (
        "missing, excluded",
        ratio("x"),
        None,
        {"missing": {"no_value": "exclude"}},
        "chưa có số liệu, không xét, trọng số chia cho các tiêu chí còn lại",
        ("missing", "excluded"),
    ),
    ("0/0", ratio("x"), "0/0", {}, "mẫu số bằng 0, không có điểm", ("zero_denominator",)),
    (
        "0/0, full",
        ratio("x"),
        "0/0",
        {"missing": {"zero_denominator": "full"}},
        "mẫu số bằng 0, tính đủ 22 điểm",
        ("zero_denominator",),
    ),
    (
        "not for communes",
        ratio("x"),
        "75",
        {"applies_to": ["department"], "otherwise": "full"},
        "không áp dụng cho đơn vị cấp này, tính đủ 22 điểm",
        ("not_applicable",),
    ),
]


@pytest.mark.parametrize(
    ("rule", "cell", "overrides", "sentence", "flags"), [case[1:] for case in MEANINGS], ids=[c[0] for c in MEANINGS]
)
def test_each_situation_has_a_sentence_of_its_own(
    rule: dict[str, Any] | None, cell: Cell, overrides: dict[str, Any], sentence: str, flags: tuple[str, ...]
) -> None:
    node = only(rule, cell, **overrides)

    assert node.sentence == f"Số hóa hồ sơ: {sentence}"
    assert node.flags == flags


def test_a_group_says_whether_it_is_whole_in_part_shared_out_or_empty() -> None:
    parts = [
        a_criterion("1.1", 6, ratio("a")),
        a_criterion("1.2", 4, ratio("b"), missing={"zero_denominator": "exclude"}),
    ]
    framework = a_framework(a_criterion("g", None, criteria=parts))

    assert explained(framework, a="50", b="100").criteria[0].arithmetic == "3 + 4 = 7"
    assert explained(framework, a="50").criteria[0].sentence == (
        "Tiêu chí g: mới có một phần số liệu, chưa có Tiêu chí 1.2; phần đã biết được 3/10 điểm"
    )
    assert explained(framework, a="50", b="0/0").criteria[0].arithmetic == "(3) × 10 / 6 = 5"
    assert explained(framework).criteria[0].sentence == (
        "Tiêu chí g: chưa tiêu chí thành phần nào có điểm nên không có điểm"
    )


def test_the_total_says_by_name_what_is_absent() -> None:
    group = a_criterion("g", None, criteria=[a_criterion(code, 5, ratio(code)) for code in "abcd"])
    silent = a_criterion("h", None, criteria=[a_criterion(code, 5, ratio(code)) for code in "ef"])
    framework = a_framework(group, silent, a_criterion("i", 10, ratio("i"), missing={"no_value": "zero"}))

    lacking = explained(framework, a="100", b="100", c="100", d="100")
    more = explained(framework, a="100", i="100")

    assert lacking.sentence == (
        "Tổng điểm: mới có một phần số liệu, chưa có Tiêu chí h và Tiêu chí i; phần đã biết được 20/40 điểm"
    )
    assert lacking.flags == ("incomplete",)
    assert more.sentence_en == (
        "Total: only part of the figures is known, without Criterion b, Criterion c, Criterion d and 1 more; "
        "what is known comes to 15 of 40 points"
    )
    assert more.flags == ("incomplete", "partial")


def test_a_total_that_lacks_nothing_names_nothing() -> None:
    rules = {"rules": [reported("total", optional=True), {"kind": "sum"}]}
    leaves = [a_criterion("a", 10, ratio("a"), missing={"no_value": "exclude"}), a_criterion("b", 10, ratio("b"))]
    framework = a_framework(*leaves, total=rules)

    assert "chưa có" not in explained(framework, total="15").sentence
    assert "chưa có" not in explained(framework, b="0/0").sentence
    assert "chưa có" not in explained(framework, b="50").sentence


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("none", "mọi mẫu số bên dưới đều bằng 0, không có điểm"),
        ("full", "mọi mẫu số bên dưới đều bằng 0, tính đủ 10 điểm"),
    ],
)
def test_a_group_of_zero_denominators_says_so(policy: str, sentence: str) -> None:
    leaves = [a_criterion(code, 5, ratio(code)) for code in "ab"]
    group = a_criterion("g", 10, criteria=leaves, missing={"zero_denominator": policy})

    node = explained(a_framework(group), a="0/0", b="0/0").criteria[0]

    assert node.sentence == f"Tiêu chí g: {sentence}"
    assert node.flags == ("zero_denominator",)


def test_a_group_that_its_policy_leaves_out_is_not_said_to_have_no_points() -> None:
    group = a_criterion("g", 10, criteria=[a_criterion("a", 10, ratio("a"))], missing={"no_value": "exclude"})

    node = explained(a_framework(group)).criteria[0]

    assert node.sentence == "Tiêu chí g: chưa có số liệu, không xét, trọng số chia cho các tiêu chí còn lại"


def test_the_root_is_called_the_total_and_not_by_the_name_of_the_framework() -> None:
    root = explained(a_framework(a_criterion("g", 10, ratio("a"))), a="50")

    assert (root.name.vi, root.name.en) == ("Tổng điểm", "Total")
    assert root.sentence == "Tổng điểm: tổng các tiêu chí thành phần là 5/10 điểm"
    assert root.sentence_en == "Total: the components add up to 5 of 10 points"


def test_a_weighted_mean_prints_weights_points_and_maxima() -> None:
    children = [a_criterion("a", 5, ratio("a"), weight="0.3"), a_criterion("b", 10, ratio("b"), weight="0.7")]
    framework = a_framework(*children, total={"rules": [{"kind": "weighted_mean"}], "max": 100})

    assert explained(framework, a="80", b="80").arithmetic == "100 × (0.3 × 4 / 5 + 0.7 × 8 / 10) / (0.3 + 0.7) = 80"


def test_inputs_carry_figures_source_moment_and_the_rules_legal_reference() -> None:
    moment = datetime(2024, 7, 8, 4, 0, tzinfo=UTC)
    framework = a_framework(a_criterion("one", 6, ratio("x", legal_ref="766/QĐ-TTg"), legal_ref="criterion"))
    columns = columns_of({"x": ["3/4=75.1"]})

    node = explain(score(framework, "commune", columns, 1), columns, 0, {"x": Origin("manual", moment)}, {}).criteria[0]

    read = node.inputs[0]
    assert (read.indicator, read.value) == ("x", Decimal("75.1"))
    assert (read.numerator, read.denominator) == (Decimal(3), Decimal(4))
    assert (read.source, read.observed_at, node.legal_ref) == ("manual", moment, "766/QĐ-TTg")


@pytest.mark.parametrize(("cell", "value"), [("49/647", Decimal("7.57")), ("0/0", None), ("0/5", Decimal(0))])
def test_bare_counts_carry_the_percentage_that_they_make(cell: Cell, value: Decimal | None) -> None:
    [read] = only(ratio("x"), cell).inputs

    assert read.value == value


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_every_printed_equation_is_what_was_computed(data: st.DataObject) -> None:
    framework = data.draw(frameworks())
    columns = columns_of({code: [data.draw(CELL)] for code in sorted(indicators(framework))})

    root = explain(score(framework, "commune", columns, 1), columns, 0, {}, kinds(framework))

    for node in every(root):
        places = framework.rounding.total if node is root else framework.rounding.component
        assert node.sentence
        assert node.sentence_en
        assert (node.arithmetic is None) or node.points is not None
        if node.arithmetic is not None and node.points is not None:
            assert_true(node.arithmetic, node.points, places)
