"""The typed model: what it can reach, and the lax readings that it does not take over from pydantic."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.domain.frameworks.framework import Band, Framework, LegalBasis, Missing, Name, Rounding
from app.domain.frameworks.rules import Ratio


def a_framework(**overrides: object) -> Framework:
    fields: dict[str, object] = {
        "code": "demo",
        "version": "2026",
        "name": {"vi": "Bộ chỉ số"},
        "valid_from": "2026-01-01",
        "criteria": [a_criterion("first", 18), a_criterion("second", 20)],
    }
    return Framework.model_validate({**fields, **overrides})


def a_criterion(code: str, max: int | None, *criteria: object, **fields: object) -> dict[str, object]:
    return {"code": code, "name": {"vi": code}, "max": max, "criteria": list(criteria), **fields}


def test_the_total_is_the_sum_of_the_top_criteria() -> None:
    assert a_framework().total_max == Decimal(38)


def test_the_total_of_a_weighted_mean_is_its_largest_criterion() -> None:
    assert a_framework(total={"rules": [{"kind": "weighted_mean"}]}).total_max == Decimal(20)


def test_a_weighted_mean_that_may_fall_back_on_a_sum_reaches_the_sum() -> None:
    rules = [{"kind": "weighted_mean", "levels": ["commune"]}, {"kind": "sum"}]

    assert a_framework(total={"rules": rules}).total_max == Decimal(38)


def test_a_stated_total_wins() -> None:
    framework = a_framework(total={"rules": [{"kind": "weighted_mean"}], "max": "100"})

    assert framework.total_max == Decimal(100)


def test_a_group_without_a_stated_max_adds_up_its_leaves() -> None:
    group = a_criterion("group", None, a_criterion("1.1", 6), a_criterion("1.2", None, a_criterion("1.2.1", 4)))

    framework = a_framework(criteria=[group])

    assert framework.max_of(framework.criteria[0]) == Decimal(10)
    assert framework.total_max == Decimal(10)


def test_a_framework_is_named_by_code_and_version() -> None:
    assert a_framework().id == "demo@2026"


@pytest.mark.parametrize("written", ["010", "1e3", "1 2", "1_000", "١٢", "1,5", "NaN", "Infinity", "+5", "", 1.5, True])
def test_a_figure_that_can_be_read_two_ways_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Band.model_validate({"code": "good", "name": {"vi": "Tốt"}, "min": written})


@pytest.mark.parametrize("written", [90, Decimal("90.0"), "90", "90.0000", " 90\u200b"])
def test_a_figure_is_exact_however_it_is_written(written: object) -> None:
    assert Band.model_validate({"code": "good", "name": {"vi": "Tốt"}, "min": written}).min == Decimal(90)


@pytest.mark.parametrize("written", [86400, "86400", "2026-01-01T00:00:00", "1/1/2026", "2026-02-30", None, True])
def test_a_day_is_a_day_of_the_calendar_and_nothing_else(written: object) -> None:
    with pytest.raises(ValidationError):
        LegalBasis.model_validate({"number": "766/QĐ-TTg", "date": written})


@pytest.mark.parametrize("written", ["yes", "true", 1, "1"])
def test_a_flag_is_true_or_false(written: object) -> None:
    with pytest.raises(ValidationError):
        Band.model_validate({"code": "good", "name": {"vi": "Tốt"}, "min": 0, "closed": written})


@pytest.mark.parametrize("written", [True, "2", 7, -1, Decimal("1.5")])
def test_decimals_are_a_whole_number_up_to_six(written: object) -> None:
    with pytest.raises(ValidationError):
        Rounding.model_validate({"total": written})


def test_a_decomposed_name_is_kept_composed() -> None:
    assert Name(vi=" Số hóa ").vi == "Số hóa"


def test_a_policy_may_differ_by_level() -> None:
    missing = Missing.model_validate({"zero_denominator": {"default": "zero", "commune": "full"}})

    assert missing.zero_denominator == {"default": "zero", "commune": "full"}
    assert missing.no_value == "none"


def test_a_ratio_that_could_earn_no_part_of_the_points_is_refused() -> None:
    with pytest.raises(ValidationError):
        Ratio.model_validate({"kind": "ratio", "indicator": "on_time", "from": 100})
