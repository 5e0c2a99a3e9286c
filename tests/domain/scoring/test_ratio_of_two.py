"""One indicator for each hundred of another: what is read of each, and what is said of it."""

from typing import Any

import pytest

from app.domain.scoring.explain import Explained, explain
from tests.domain.scoring.test_explain import assert_true
from tests.support.cohorts import Cell, a_criterion, a_framework, columns_of, decimals, points, ratio, scored
from tests.support.framework_documents import a_document, faults_of, found

ON_TIME = ratio("on_time", of="received")


def earned_of(part: list[Cell], whole: list[Cell], **overrides: Any) -> list[object]:
    framework = a_framework(a_criterion("one", 20, ON_TIME | overrides, missing={"zero_denominator": "full"}))
    return list(points(scored(framework, {"on_time": part, "received": whole}), "one"))


def explained(**cells: Cell) -> Explained:
    names = {"on_time": "Hồ sơ đúng hạn", "received": "Hồ sơ tiếp nhận"}
    indicators = [{"code": code, "kind": "count", "name": {"vi": name}} for code, name in names.items()]
    name = {"vi": "Giải quyết đúng hạn", "en": "On time"}
    framework = a_framework(a_criterion("one", 20, ON_TIME, name=name), indicators=indicators)
    columns = columns_of({code: [cell] for code, cell in cells.items()})
    return explain(scored(framework, {code: [cell] for code, cell in cells.items()}), columns, 0, {}, {})


def test_two_counts_make_a_rate() -> None:
    assert earned_of(["38", "50", "1"], ["40", "40", "3"]) == decimals("19", "20", "6.67")


def test_what_is_given_a_head_has_its_own_bounds() -> None:
    assert earned_of(["30"], ["20"], **{"from": 100, "full_at": 200}) == decimals("10")


def test_two_losses_make_a_rate_as_two_gains_do() -> None:
    assert earned_of(["-38", "-38"], ["-40", "40"]) == decimals("19", "0")


def test_without_either_count_there_is_no_figure() -> None:
    assert earned_of(["38", None, None, None], [None, "40", None, "0"]) == decimals(None, None, None, None)


def test_nothing_out_of_nothing_is_a_zero_denominator() -> None:
    assert earned_of(["0", "3"], ["0", "0"]) == decimals("20", "20")


def test_the_counts_of_a_rate_are_not_read() -> None:
    assert earned_of(["1/2=38"], ["3/4=40"]) == decimals("19")


def test_an_optional_one_gives_way_where_either_is_missing() -> None:
    framework = a_framework(a_criterion("one", 20, ON_TIME | {"optional": True}, ratio("rate")))

    board = scored(framework, {"on_time": ["38", "38"], "received": ["40", None], "rate": ["50", "50"]})

    assert points(board, "one") == decimals("19", "10")


def test_both_figures_are_shown_and_worked_out() -> None:
    node = explained(on_time="38", received="40").criteria[0]

    assert node.arithmetic == "100 × 38 / 40 × 20 / 100 = 19"
    assert node.sentence == "Giải quyết đúng hạn: đạt 38/40 (95%), được 19/20 điểm"
    assert [read.indicator for read in node.inputs] == ["on_time", "received"]


@pytest.mark.parametrize("whole", ["3", "7", "200"])
def test_the_printed_equation_is_true(whole: str) -> None:
    node = explained(on_time="2", received=whole).criteria[0]

    assert node.arithmetic is not None
    assert node.points is not None
    assert_true(node.arithmetic, node.points, 2)


def a_quotient(**overrides: object) -> dict[str, Any]:
    """The document with a criterion of late dossiers over another count."""
    whole = a_document()
    whole["indicators"].append({"code": "received", "kind": "count", "name": {"vi": "Hồ sơ tiếp nhận"}})
    whole["criteria"][1]["rules"] = [{"kind": "ratio", "indicator": "late_dossiers", "of": "received", **overrides}]
    return whole


def test_a_document_may_divide_two_counts() -> None:
    assert faults_of(a_quotient()) == []


def test_an_unknown_divisor_is_named_with_the_nearest_code() -> None:
    (fault,) = faults_of(a_quotient(of="receivd"))

    assert (fault.code, fault.pointer) == ("indicator_unknown", "/criteria/1/rules/0/of")
    assert fault.suggestion == "received"


def test_nothing_is_divided_by_itself() -> None:
    (fault,) = faults_of(a_quotient(of="late_dossiers"))

    assert fault.code == "ratio_of_itself"
    assert "chia cho chính nó" in fault.detail("vi")


def test_a_rate_is_no_part_of_another_ratio() -> None:
    whole = a_quotient()
    whole["indicators"][-1]["kind"] = "ratio"

    assert found(whole) == {("indicator_kind_wrong", "/criteria/1/rules/0/of")}
