"""What the components of groups earn, and where a framework says that points are reported."""

from fractions import Fraction

import numpy as np

from app.domain.checks.stored.figures import Amount, ReportedGroup, StoredFigure
from app.domain.checks.stored.points import earned, earned_total, most_points, reported_groups, reported_total
from app.domain.figures import DECIMALS
from app.domain.frameworks.framework import Framework
from app.domain.scoring.points import IndicatorColumn
from tests.support.unit_figures import CODES, figure


def a_framework(**rule: object) -> Framework:
    """A group of two components, the second under this rule, or the points that its source reports."""
    second = rule or {"kind": "ratio", "indicator": "b"}
    pay = {
        "code": "pay",
        "name": {"vi": "Thanh toán"},
        "max": 10,
        "rules": [{"kind": "sum", "optional": True}, {"kind": "reported", "indicator": "pay_points", "optional": True}],
        "criteria": [
            {"code": "1", "name": {"vi": "A"}, "max": 6, "rules": [{"kind": "ratio", "indicator": "a"}]},
            {"code": "2", "name": {"vi": "B"}, "max": 4, "rules": [second]},
        ],
    }
    kinds = {"a": "ratio", "b": "ratio", "complaints": "count", "pay_points": "points", "tong": "points"}
    return Framework.model_validate(
        {
            "code": "thu",
            "version": "1",
            "name": {"vi": "Thử"},
            "valid_from": "2024-01-01",
            "indicators": [{"code": code, "kind": kind, "name": {"vi": code}} for code, kind in kinds.items()],
            "criteria": [pay],
            "total": {"rules": [{"kind": "reported", "indicator": "tong", "optional": True}, {"kind": "sum"}]},
        }
    )


def column(*texts: str) -> IndicatorColumn:
    """One indicator over units: a rate, n/d, or nothing where the text is empty."""
    figures = [figure(text) if text else StoredFigure() for text in texts]
    numerator, denominator, value = np.array([[each or 0 for each in row[:3]] for row in figures], dtype=np.int64).T
    counted, stated = (np.array([row[place] is not None for row in figures]) for place in (1, 2))
    return IndicatorColumn(numerator, denominator, value, counted, stated)


def whole_rates(framework: Framework, **texts: str) -> list[dict[str, Amount]]:
    """What one unit earns by figures that are stated without decimals."""
    columns = {code: column(text) for code, text in texts.items()}
    rates = {each.code for each in framework.indicators if each.kind == "ratio"}
    return earned(framework, "province", columns, {code: np.array([0]) for code in columns if code in rates}, 1)


def test_only_groups_that_rest_on_figures_and_miss_none_are_computed() -> None:
    columns = {
        "a": column("82913/98459", "50", "", ""),
        "b": column("1/2", "25", "25", "25"),
        "pay_points": column("9", "9", "9", ""),
    }
    decimals = {code: np.array([DECIMALS, 0, 0, 0]) for code in columns}

    found = earned(a_framework(), "province", columns, decimals, 4)

    # 6 × 82913/98459 + 4 × 1/2 = 5.05 + 2, exactly; 6 × 50% ± 0.03 + 4 × 25% ± 0.02
    assert found == [
        {"pay": Amount(Fraction("7.05"), Fraction(0), 2)},
        {"pay": Amount(Fraction(4), Fraction("0.05"), 2)},
        {},
        {},
    ]


def test_a_group_of_which_a_part_is_reported_is_not_computed() -> None:
    assert whole_rates(a_framework(kind="reported", indicator="tong"), a="50", tong="3") == [{}]


def test_a_rate_is_not_moved_beyond_what_a_rate_can_be() -> None:
    reached = {"kind": "steps", "indicator": "b", "steps": [{"at_least": 0, "points": 4}], "otherwise": 0}

    found = whole_rates(a_framework(**reached), a="100", b="0")

    assert found == [{"pay": Amount(Fraction(10), Fraction("0.03"), 2)}]


def test_a_count_is_exact_however_it_is_printed() -> None:
    complaints = {"kind": "deduction", "indicator": "complaints", "per": 1, "points": 1}

    found = whole_rates(a_framework(**complaints), a="100", complaints="3")

    assert found == [{"pay": Amount(Fraction(7), Fraction("0.03"), 2)}]


def test_a_framework_says_where_its_points_are_reported() -> None:
    assert reported_groups(a_framework(), CODES) == (ReportedGroup("pay", "pay_points", Fraction(10)),)
    assert reported_total(a_framework(), CODES) == ReportedGroup(None, "tong", Fraction(10))


def test_points_are_reported_where_the_rules_say_so_whoever_describes_the_indicator() -> None:
    bare = a_framework().model_copy(update={"indicators": []})

    assert reported_groups(bare, CODES) == (ReportedGroup("pay", "pay_points", Fraction(10)),)
    assert reported_total(bare, CODES) == ReportedGroup(None, "tong", Fraction(10))


def test_a_framework_that_neither_takes_nor_describes_reported_points_has_none() -> None:
    whole = a_framework()
    total, [pay] = whole.total.model_copy(update={"rules": ()}), whole.criteria
    sums = [pay.model_copy(update={"rules": ()})]
    summed = whole.model_copy(update={"indicators": [], "criteria": sums, "total": total})

    assert reported_groups(summed, CODES) == ()
    assert reported_total(summed, CODES) is None


def test_points_of_every_criterion_that_takes_them_as_reported_have_a_most() -> None:
    reported = a_framework(kind="reported", indicator="b_points")
    [pay] = reported.criteria
    bare = [pay.model_copy(update={"rules": ()})]

    assert most_points(a_framework(), CODES) == {"pay_points": 10, "tong": 10}
    assert most_points(reported, CODES) == {"pay_points": 10, "b_points": 4, "tong": 10}
    assert most_points(reported.model_copy(update={"criteria": bare}), CODES) == most_points(reported, CODES)


def test_of_points_that_several_criteria_take_the_largest_can_be_had() -> None:
    reported = a_framework(kind="reported", indicator="pay_points")

    assert most_points(reported, CODES) == {"pay_points": 10, "tong": 10}


def test_points_of_every_level_have_a_most() -> None:
    whole = a_framework()
    [pay] = whole.criteria
    [*_, first] = pay.rules
    group, total = (first.model_copy(update={"indicator": f"commune_{name}"}) for name in ("points", "total"))
    both = whole.model_copy(
        update={
            "criteria": [pay.model_copy(update={"rules": (*pay.rules, group)})],
            "total": whole.total.model_copy(update={"rules": (*whole.total.rules, total)}),
        }
    )

    assert most_points(both, CODES) == {"pay_points": 10, "commune_points": 10, "tong": 10, "commune_total": 10}


def test_what_a_source_reports_as_its_total_is_held_against_the_one_before_adjustments() -> None:
    whole = a_framework().model_dump(mode="json", by_alias=True)
    whole["total"]["adjustments"] = [{"indicator": "complaints", "points": -2}]
    columns = {"a": column("50"), "b": column("50"), "complaints": column("1")}
    decimals = {"a": np.array([0]), "b": np.array([0])}

    (found,) = earned_total(Framework.model_validate(whole), "province", columns, decimals, 1, CODES)

    assert found is not None
    assert found.value == 5
