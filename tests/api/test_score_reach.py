"""`GET /v1/scores/{unit}/{period}/reach`: what it would take a unit to reach a class, a total or a rank."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.chance import ROUNDS

Client = httpx.AsyncClient
COMMUNES = ("H60.101", "H60.102", "H60.103")
PERIOD = "2026-08"
FRAMEWORK = {
    "code": "thu",
    "version": "1",
    "name": {"vi": "Bộ chỉ số thử"},
    "valid_from": "2024-01-01",
    "bands": [
        {"code": "good", "name": {"vi": "Tốt", "en": "Good"}, "min": 80},
        {"code": "weak", "name": {"vi": "Yếu", "en": "Weak"}, "min": 0},
    ],
    "indicators": [
        {"code": "thu_ho_so", "kind": "count", "name": {"vi": "Hồ sơ tiếp nhận"}, "unit": "hồ sơ"},
        {"code": "thu_thanh_toan", "kind": "ratio", "name": {"vi": "Tỷ lệ thanh toán"}, "population": "thu_ho_so"},
        {"code": "thu_qua_han", "kind": "ratio", "name": {"vi": "Tỷ lệ quá hạn"}, "direction": "down"},
    ],
    "criteria": [
        {
            "code": "pay",
            "name": {"vi": "Thanh toán trực tuyến", "en": "Online payment"},
            "max": 50,
            "rules": [{"kind": "ratio", "indicator": "thu_thanh_toan"}],
        },
        {
            "code": "late",
            "name": {"vi": "Quá hạn", "en": "Late"},
            "max": 50,
            "rules": [{"kind": "ratio", "indicator": "thu_qua_han", "from": 50, "full_at": 0}],
        },
    ],
}


def counts(unit: str, indicator: str, numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "unit": unit,
        "period": PERIOD,
        "indicator": indicator,
        "numerator": numerator,
        "denominator": denominator,
        "source": "manual",
    }


def stated(unit: str, indicator: str, value: object) -> dict[str, Any]:
    return {"unit": unit, "period": PERIOD, "indicator": indicator, "value": value, "source": "manual"}


def figures(unit: str, paid: int, late: int) -> list[dict[str, Any]]:
    """Of 520 dossiers so many paid online, of 100 so many late."""
    return [counts(unit, "thu_thanh_toan", paid, 520), counts(unit, "thu_qua_han", late, 100)]


@pytest.fixture
async def communes(api: Client) -> None:
    """Three communes with 73.85, 90 and 96.15 points."""
    await with_units(api, [a_unit(), *(a_commune(code) for code in COMMUNES)])
    answer = await api.post("/v1/frameworks", json=FRAMEWORK)
    assert answer.status_code == 201, answer.text
    first, second, third = COMMUNES
    await with_figures(api, [*figures(first, 300, 5), *figures(second, 416, 0), *figures(third, 480, 0)])


async def reach(api: Client, unit: str = COMMUNES[0], status: int = 200, **query: Any) -> dict[str, Any]:
    answer = await api.get(f"/v1/scores/{unit}/{PERIOD}/reach", params={"framework": "thu", **query})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


pytestmark = pytest.mark.usefixtures("communes")


async def test_each_criterion_says_how_many_cases_of_it_alone_are_enough(api: Client) -> None:
    found = await reach(api, band="good")

    pay, late = found["criteria"]
    assert (found["total"], found["reached"], found["reachable"], found["max_reachable"]) == (73.85, False, True, 100)
    assert found["target"] == {"band": {"code": "good", "name": "Tốt"}, "rank": None, "total": 80, "points": 6.15}
    told = ("criterion", "indicator", "gain_possible", "numerator_from", "numerator_to", "more", "feasible", "needed")
    assert [pay[name] for name in told] == ["pay", "thu_thanh_toan", 21.15, 300, 364, 64, True, 70]
    assert (pay["denominator_from"], pay["denominator_to"], pay["counted_in"], pay["least"]) == (
        520,
        520,
        "cases",
        True,
    )
    assert (late["gain_possible"], late["feasible"], late["more"], late["numerator_to"]) == (5, False, None, None)


async def test_the_sentence_can_be_read_aloud(api: Client) -> None:
    found = await reach(api, band="good")

    assert found["sentence"] == (
        "Để đạt mức Tốt (80 điểm), đơn vị cần thêm 6,15 điểm; "
        "riêng tiêu chí “Thanh toán trực tuyến” cần thêm 64 hồ sơ (từ 300 lên 364 trên 520 hồ sơ); "
        "ít nhất là 17 trường hợp ở 2 tiêu chí: thêm 12 hồ sơ (từ 300 lên 312 trên 520 hồ sơ) ở tiêu chí “Thanh toán "
        "trực tuyến”, giảm 5 trường hợp (từ 5 xuống 0 trên 100 trường hợp) ở tiêu chí “Quá hạn”"
    )
    assert found["sentence_en"].startswith("To reach the class Good (80 points) the unit lacks 6.15 points; criterion")


async def test_the_least_set_is_exact_and_its_figures_reach_the_target_once_they_are_imported(api: Client) -> None:
    found = await reach(api, band="good")
    least = found["least"]
    assert (least["cases"], least["exact"], least["method"], least["total"]) == (17, True, "exact", 80)
    await imported(api, least["steps"])

    after = await reach(api, band="good")

    assert (after["reached"], after["total"], after["least"]["cases"]) == (True, 80, 0)
    assert [each["more"] for each in after["criteria"]] == [0, 0]
    assert after["sentence"] == "Đơn vị được 80 điểm, đã đạt mức Tốt (80 điểm), không cần làm thêm"


async def imported(api: Client, moves: list[dict[str, Any]], fewer: int = 0) -> None:
    """Figures of an answer as somebody would write them, the first with so many cases fewer."""
    rows = [
        counts(COMMUNES[0], each["indicator"], each["numerator_to"], each["denominator_to"])
        for each in moves
        if each["numerator_to"] is not None
    ]
    rows[0]["numerator"] -= fewer
    await with_figures(api, rows)


@pytest.mark.parametrize("query", [{"band": "good"}, {"total": 77.5}, {"rank": 2}, {"total": 80, "hold": "grow"}])
async def test_the_figure_of_one_criterion_reaches_the_target_and_one_case_fewer_does_not(
    api: Client, query: dict[str, Any]
) -> None:
    pay = next(each for each in (await reach(api, **query))["criteria"] if each["feasible"])

    await imported(api, [pay], fewer=1)
    assert (await reach(api, **query))["reached"] is False
    await imported(api, [pay])
    assert (await reach(api, **query))["reached"] is True


async def test_a_rank_freezes_the_totals_of_the_others(api: Client) -> None:
    found = await reach(api, rank=2)

    assert found["target"] == {"band": None, "rank": 2, "total": 90, "points": 16.15}
    await imported(api, [found["criteria"][0]])
    explained = (await api.get(f"/v1/scores/{COMMUNES[0]}/{PERIOD}", params={"framework": "thu"})).json()
    assert explained["ranks"]["siblings"] == {"rank": 2, "tied": 2, "of": 3}


async def test_a_rank_beyond_the_cohort_is_refused_with_its_size(api: Client) -> None:
    assert (await reach(api, status=422, rank=4))["code"] == "rank_beyond_cohort"


async def test_a_key_that_does_not_see_all_siblings_learns_nothing_of_their_ranks(
    api: Client, as_key: Callable[..., Client]
) -> None:
    own = as_key(Scope.VALUES_READ, unit=COMMUNES[0])

    found = await reach(own, rank=1)

    assert "cohort_hidden" in found["flags"]
    assert (found["target"]["total"], found["target"]["points"], found["reached"]) == (None, None, None)
    assert found["sentence"].startswith("Không tính được cần gì để đạt hạng 1: khóa này")
    assert (await reach(own, total=80))["target"]["points"] == 6.15
    assert (await reach(own, unit=COMMUNES[1], status=404, total=80))["code"] == "unit_unknown"


async def test_the_province_is_not_ranked_while_others_have_no_figures(api: Client) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai")])
    await with_figures(api, figures("H60", 100, 10))

    found = await reach(api, unit="H60", rank=1)

    assert ("cohort_partial" in found["flags"], found["target"]["total"], found["reached"]) == (True, None, None)


async def test_a_figure_of_nothing_leaves_what_can_be_reached_to_the_others(api: Client) -> None:
    await with_figures(api, [counts(COMMUNES[0], "thu_thanh_toan", 0, 0)])

    found = await reach(api, total=60)

    pay = found["criteria"][0]
    assert (found["total"], found["reachable"], found["max_reachable"], found["least"]) == (45, False, 50, None)
    assert (pay["not_actionable"], pay["feasible"], pay["gain_possible"]) == ("zero_denominator", False, 0)


async def test_a_target_above_all_points_is_out_of_reach(api: Client) -> None:
    found = await reach(api, total=101)

    assert (found["reachable"], found["max_reachable"], found["least"]) == (False, 100, None)
    assert found["sentence"] == (
        "Đơn vị không thể đạt 101 điểm khi mẫu số giữ nguyên: mọi tiêu chí ở mức tốt nhất cũng chỉ được 100 điểm"
    )


async def test_an_incomplete_unit_is_told_which_figure_to_supply_first(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, [counts("H60.104", "thu_qua_han", 5, 100)])

    found = await reach(api, unit="H60.104", band="good")

    assert [(each["criterion"], each["indicator"], each["max"]) for each in found["supply_first"]] == [
        ("pay", "thu_thanh_toan", 50)
    ]
    assert (found["reached"], found["reachable"], found["max_reachable"], found["least"]) == (None, None, None, None)
    assert [each["needed"] for each in found["criteria"]] == [None, None]
    assert found["sentence"] == (
        "Đơn vị còn thiếu số liệu nên chưa được xếp loại, xếp hạng; trước hết cần bổ sung số liệu của "
        "Thanh toán trực tuyến"
    )


async def test_a_rate_without_counts_is_told_in_percentage_points(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])
    await with_figures(api, [stated("H60.104", "thu_thanh_toan", "52,5"), counts("H60.104", "thu_qua_han", 5, 100)])

    found = await reach(api, unit="H60.104", band="good")

    pay = found["criteria"][0]
    assert (pay["figure"], pay["needed"], pay["more"], pay["counted_in"]) == (52.5, 70, 17.5, "percentage_points")
    assert (pay["numerator_from"], pay["numerator_to"]) == (None, None)
    assert "riêng tiêu chí “Thanh toán trực tuyến” cần tăng từ 52,5% lên 70%" in found["sentence"]


async def test_of_cases_that_come_in_the_answer_says_how_many_must_count(api: Client) -> None:
    found = await reach(api, total=80, hold="grow", by=1000)

    pay = found["criteria"][0]
    assert (found["hold"], found["by"]) == ("grow", 1000)
    assert (pay["denominator_to"], pay["numerator_to"], pay["more"]) == (1520, 1064, 764)
    assert "cần 764 trong 1.000 hồ sơ mới phải đạt" in found["sentence"]


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ({}, "reach_target", "band"),
        ({"band": "good", "total": 80}, "reach_target", "total"),
        ({"band": "god"}, "value_not_allowed", "band"),
        ({"total": 80, "by": 10}, "by_without_grow", "by"),
        ({"total": "80,5"}, "value_invalid", "total"),
        ({"rank": 0}, "number_out_of_range", "rank"),
        ({"total": 80, "hold": "nothing"}, "value_not_allowed", "hold"),
    ],
)
async def test_what_says_nothing_is_refused_with_the_way_out(
    api: Client, query: dict[str, Any], code: str, parameter: str
) -> None:
    problem = await reach(api, status=422, **query)

    assert [(each["code"], each["parameter"]) for each in problem["errors"]] == [(code, parameter)]


async def test_an_unknown_class_is_answered_with_the_nearest(api: Client) -> None:
    [error] = (await reach(api, status=422, band="god"))["errors"]

    assert error["suggestion"] == "good"


async def test_a_unit_without_figures_is_not_found(api: Client) -> None:
    await with_units(api, [a_commune("H60.104")])

    assert (await reach(api, unit="H60.104", status=404, band="good"))["code"] == "no_figures"


@given(counted=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=21, max_size=21))
@settings(
    max_examples=2 * ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_what_decision_766_takes_is_enough_once_it_is_imported_and_one_case_fewer_is_not(
    api: Client, counted: list[tuple[int, int]]
) -> None:
    document = (await api.get("/v1/frameworks/qd766@2026")).json()
    leaves = [leaf for top in document["criteria"] for leaf in top["criteria"]]
    codes = [leaf["rules"][0]["indicator"] for leaf in leaves]
    before = [
        counts("H60.101", code, done, done + left or 1) for code, (done, left) in zip(codes, counted, strict=True)
    ]
    await with_figures(api, before)
    total = (await reach(api, framework="qd766@2026", total=0))["total"]
    query = {"framework": "qd766@2026", "total": total + 0.5}
    found = await reach(api, **query)
    answers = [[each] for each in found["criteria"] if each["feasible"]][:2]
    exact = found["least"] is not None and found["least"]["exact"]

    for moves in [*answers, *([found["least"]["steps"]] if exact else [])]:
        await imported(api, moves, fewer=1)
        assert (await reach(api, **query))["reached"] is False
        await imported(api, moves)
        assert (await reach(api, **query))["reached"] is True
        await with_figures(api, before)


async def reported_index(api: Client, **total: Any) -> None:
    """An index of points that a source states, of both criteria and, where `total` says so, of the total."""
    kinds = [{"code": code, "kind": "points", "name": {"vi": code}} for code in ("thu_mot", "thu_hai", "thu_tong")]
    tops = [
        {"code": code, "name": {"vi": code}, "max": 50, "rules": [{"kind": "reported", "indicator": f"thu_{code}"}]}
        for code in ("mot", "hai")
    ]
    document = {**FRAMEWORK, "code": "cong_bo", "indicators": kinds, "criteria": tops, **total}
    assert (await api.post("/v1/frameworks", json=document)).status_code == 201


async def test_missing_points_of_a_source_are_told_as_what_to_supply(api: Client) -> None:
    await reported_index(api)
    await with_figures(api, [stated(COMMUNES[0], "thu_mot", 40)])

    found = await reach(api, band="good", framework="cong_bo")

    assert found["reachable"] is None
    assert [(each["criterion"], each["indicator"]) for each in found["supply_first"]] == [("hai", "thu_hai")]
    assert found["sentence"].endswith("trước hết cần bổ sung số liệu của hai")


async def test_of_a_total_that_a_source_states_nobody_can_tell_what_is_reachable(api: Client) -> None:
    await reported_index(api, total={"rules": [{"kind": "reported", "indicator": "thu_tong"}]})
    await with_figures(api, [stated(COMMUNES[0], "thu_mot", 40)])

    missing = await reach(api, band="good", framework="cong_bo")
    await with_figures(api, [stated(COMMUNES[0], "thu_tong", 70)])
    found = await reach(api, band="good", framework="cong_bo")

    assert [(each["criterion"], each["indicator"]) for each in missing["supply_first"]] == [("total", "thu_tong")]
    assert (found["total"], found["reachable"], found["supply_first"]) == (70, None, [])
    assert found["sentence"].startswith("Không tính được cần gì để đạt mức Tốt")
