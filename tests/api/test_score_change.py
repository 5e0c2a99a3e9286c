"""`GET /v1/scores/{unit}/{period}/change`: why a total and a place changed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, with_figures, with_units
from tests.support.framework_documents import an_indicator

Client = httpx.AsyncClient
JUNE, JULY = "2026-06", "2026-07"
LOOKED_UP = "2026-10-01T00:00:00Z"


def figure(unit: str, period: str, indicator: str, written: str, **more: Any) -> dict[str, Any]:
    """A figure as people write it: counts, "3/4", or a value."""
    above, _, below = written.partition("/")
    counted: dict[str, Any] = {"numerator": above, "denominator": below} if below else {"value": written}
    given = {"source": "national_portal", "observed_at": LOOKED_UP, **more}
    return {"unit": unit, "period": period, "indicator": indicator, **counted, **given}


def figures(period: str, units: Mapping[str, Mapping[str, str]], **more: Any) -> list[dict[str, Any]]:
    return [figure(unit, period, code, one, **more) for unit, each in units.items() for code, one in each.items()]


def rules(**overrides: Any) -> dict[str, Any]:
    """Two criteria of 60 and 40 points, of counts."""
    leaves = [
        {"code": code, "name": {"vi": name, "en": english}, "max": top, "rules": [{"kind": "ratio", "indicator": read}]}
        for code, name, english, top, read in (
            ("g", "Tiến độ giải quyết", "Progress", 60, "progress_rate_x"),
            ("h", "Số hóa hồ sơ", "Digitised files", 40, "digital_rate_x"),
        )
    ]
    leaves[1] |= overrides.pop("second", {})
    indicators = [an_indicator(code) for code in ("progress_rate_x", "digital_rate_x")]
    return a_framework(code="mine", version="1", criteria=leaves, indicators=indicators, views=[], **overrides)


def rates(g: str | None, h: str | None) -> dict[str, str]:
    found = {"progress_rate_x": g, "digital_rate_x": h}
    return {code: rate for code, rate in found.items() if rate is not None}


async def asked(api: Client, unit: str = "H60.101", period: str = JULY, **query: Any) -> dict[str, Any]:
    query = {"framework": "mine", **query}
    answer = await api.get(f"/v1/scores/{unit}/{period}/change", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json(parse_float=Decimal)
    return found


def adds_up(found: Mapping[str, Any]) -> bool:
    effects = [part["effect"]["figures"] + part["effect"]["weight"] for part in found["parts"]]
    return bool(sum(effects) + found["coverage"] + found["unexplained"] + found["rounding"] == found["total"])


@pytest.fixture(autouse=True)
async def province(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in (101, 102, 103))])


async def with_rules(api: Client, **overrides: Any) -> None:
    answer = await api.post("/v1/frameworks", json=rules(**overrides))
    assert answer.status_code in (200, 201), answer.text


async def test_criteria_counts_and_others_account_for_a_change_and_for_a_place(api: Client) -> None:
    await with_rules(api)
    before = {"H60.101": rates("40/80", "1/2"), "H60.102": rates("30/60", "8/10"), "H60.103": rates("9/10", "9/10")}
    now = {"H60.101": rates("60/100", "1/2"), "H60.102": rates("30/60", "11/20"), "H60.103": rates("91/100", "9/10")}
    await with_figures(api, [*figures(JUNE, before), *figures(JULY, now)])

    found = await asked(api)

    assert (found["before"], found["now"], found["total"], found["max"]) == (50, 56, 6, 100)
    assert adds_up(found)
    [part, still] = found["parts"]
    assert (part["criterion"], part["before"], part["now"], part["points"]) == ("g", 30, 36, 6)
    assert part["effect"] == {"figures": 6, "weight": 0}
    assert (part["numerator"], part["denominator"]) == (Decimal("13.5"), Decimal("-7.5"))
    assert (still["points"], still["flags"]) == (0, [])
    [read] = part["inputs"]["before"]
    assert (read["numerator"], read["denominator"], read["source"]) == (40, 80, "national_portal")
    assert read["observed_at"] == LOOKED_UP
    assert [pair["indicator"] for pair in found["figures"]] == ["digital_rate_x", "progress_rate_x"]
    assert found["figures"][1]["now"]["numerator"] == 60
    assert found["rank"] == {"before": 3, "now": 2, "change": 1, "own": 1, "others": 0}
    assert found["sentence"] == (
        "UBND xã H60.101, tháng 7/2026: tổng điểm là 56, tăng 6 điểm so với tháng 6/2026 (50). "
        "Tăng: Tiến độ giải quyết (6 điểm). Thứ hạng từ 3 lên 2 (tăng 1 bậc), do điểm của chính đơn vị."
    )
    assert found["sentence_en"] == (
        "UBND xã H60.101, 2026-07: the total is 56, up 6 points against 2026-06 (50). Up: Progress (6 points). "
        "Rank 3, then 2 (up 1), by the unit's own total."
    )


async def test_a_place_that_the_others_gave_is_told_from_what_the_unit_did(api: Client) -> None:
    await with_rules(api)
    before = {"H60.101": rates("50", "50"), "H60.102": rates("60", "60"), "H60.103": rates("70", "70")}
    now = {"H60.101": rates("45", "45"), "H60.102": rates("10", "10"), "H60.103": rates("20", "20")}
    await with_figures(api, [*figures(JUNE, before), *figures(JULY, now)])

    found = await asked(api)
    beside = await asked(api, "H60.103")

    assert found["rank"] == {"before": 3, "now": 1, "change": 2, "own": 0, "others": 2}
    assert found["sentence"].endswith(
        "Giảm: Tiến độ giải quyết (3 điểm); Số hóa hồ sơ (2 điểm). "
        "Thứ hạng từ 3 lên 1 (tăng 2 bậc), do điểm của các đơn vị khác."
    )
    assert beside["rank"] == {"before": 1, "now": 2, "change": -1, "own": -1, "others": 0}


async def test_a_figure_of_one_period_alone_is_coverage_and_neither_rise_nor_fall(api: Client) -> None:
    await with_rules(api)
    await with_figures(api, figures(JUNE, {"H60.101": rates("50", None), "H60.102": rates("50", "50")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("55", "80"), "H60.102": rates("50", "50")}))

    found = await asked(api)

    assert (found["total"], found["coverage"], [part["criterion"] for part in found["parts"]]) == (35, 32, ["g"])
    [came] = found["coverage_parts"]
    assert (came["criterion"], came["before"], came["now"], came["effect"]) == ("h", None, 32, 32)
    assert came["flags"] == ["missing"]
    assert "before_incomplete" in found["flags"]
    assert adds_up(found)
    assert found["sentence"] == (
        "UBND xã H60.101, tháng 7/2026: tổng điểm là 65, tháng 6/2026 là 30; do còn thiếu số liệu nên chưa thể coi là "
        "tăng hay giảm. Tăng: Tiến độ giải quyết (3 điểm). Phần tăng 32 điểm là do chỉ có số liệu để chấm ở một trong "
        "hai kỳ (Số hóa hồ sơ), không phải do kết quả thực hiện."
    )


async def test_a_weight_that_grows_where_another_is_left_out_adds_up_with_what_was_left_out(api: Client) -> None:
    await with_rules(api, second={"missing": {"no_value": "exclude"}})
    await with_figures(api, figures(JUNE, {"H60.101": rates("1/3", "80")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("2/3", None)}))

    found = await asked(api)

    assert (found["before"], found["now"], found["coverage"]) == (52, Decimal("66.67"), -32)
    [part] = found["parts"]
    assert part["effect"] == {"figures": Decimal("26.6667"), "weight": 20}
    assert adds_up(found)
    assert found["rounding"] == Decimal("0.0033")


async def test_all_points_on_both_sides_are_saturated(api: Client) -> None:
    await with_rules(api)
    await with_figures(api, figures(JUNE, {"H60.101": rates("100", "80")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("100", "90")}))

    found = await asked(api)

    assert [part["flags"] for part in found["parts"]] == [["saturated"], []]
    assert found["parts"][0]["effect"] == {"figures": 0, "weight": 0}


async def test_the_groups_of_a_stated_total_leave_a_rest_that_nobody_explains(api: Client) -> None:
    before = {"transparency_points": "12.3", "progress_points": "17.9", "total_points": "79.97"}
    now = {"transparency_points": "13.2", "progress_points": "18.3", "total_points": "81.77"}
    await with_figures(api, figures("2024-06", {"H60": before}))
    await with_figures(api, figures("2024-07", {"H60": now}))

    found = await asked(api, "H60", "2024-07", framework="qd766")

    assert {part["criterion"]: part["effect"]["figures"] for part in found["parts"]} == {
        "transparency": Decimal("0.9"),
        "progress": Decimal("0.4"),
    }
    assert (found["total"], found["unexplained"], found["rounding"]) == (Decimal("1.8"), Decimal("0.5"), 0)
    assert "Phần tăng 0,5 điểm không giải thích được bằng điểm các nhóm do nguồn công bố." in found["sentence"]


async def test_other_rules_have_no_change_and_both_figures_side_by_side(api: Client) -> None:
    await with_rules(api)
    answer = await api.post("/v1/frameworks", json={**rules(), "version": "2", "valid_from": JULY + "-01"})
    assert answer.status_code == 201, answer.text
    await with_figures(api, figures(JUNE, {"H60.101": rates("1/2", "80")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("2/3", None)}))

    found = await asked(api)

    assert (found["total"], found["parts"], found["coverage"], found["rounding"]) == (None, [], None, None)
    assert (found["framework"], found["against_framework"]) == ("mine@2", "mine@1")
    assert "rules_changed" in found["flags"]
    [digital, progress] = found["figures"]
    assert (digital["now"], progress["before"]["numerator"], progress["now"]["numerator"]) == (None, 1, 2)
    assert found["sentence"] == (
        "UBND xã H60.101: không so sánh được tổng điểm tháng 7/2026 với tháng 6/2026 vì hai kỳ áp dụng hai phiên bản "
        "bộ chỉ số khác nhau."
    )


async def test_another_body_has_no_change(api: Client) -> None:
    await with_rules(api)
    both = {"H60.101": rates("1/2", "80"), "H60.102": rates("1/2", "80")}
    await with_figures(api, figures(JUNE, both))
    merged = {"kind": "merge", "effective_on": "2026-07-01", "from": ["H60.102"], "to": [{"unit": "H60.101"}]}
    answer = await api.post("/v1/unit-events", json=merged)
    assert answer.status_code == 201, answer.text
    await with_figures(api, figures(JULY, {"H60.101": rates("1/3", "80")}))

    found = await asked(api)

    assert (found["total"], found["parts"], len(found["figures"])) == (None, [], 2)
    assert "unit_changed" in found["flags"]
    assert found["sentence"].endswith("vì đơn vị đã được sắp xếp lại giữa hai kỳ.")


async def test_a_unit_that_moved_keeps_its_change_and_has_none_of_its_place(api: Client) -> None:
    await with_rules(api)
    await with_units(api, [a_unit(code="H61", name="Tỉnh khác"), a_commune("H61.101", parent="H61")])
    await with_figures(api, figures(JUNE, {"H60.101": rates("1/2", "80"), "H61.101": rates("1/3", "80")}))
    moved = {"kind": "move", "effective_on": "2026-07-01", "from": ["H60.101"], "parent": "H61"}
    answer = await api.post("/v1/unit-events", json=moved)
    assert answer.status_code == 201, answer.text
    await with_figures(api, figures(JULY, {"H60.101": rates("2/3", "80"), "H61.101": rates("1/3", "80")}))

    found = await asked(api)
    explained = (await api.get(f"/v1/scores/H60.101/{JULY}", params={"framework": "mine"})).json()

    assert (found["before"], found["now"], found["total"]) == (62, 72, 10)
    assert (found["rank"]["now"], found["rank"]["change"]) == (1, None)
    assert explained["change"]["total"] == 10


async def test_a_group_with_nothing_to_measure_on_one_side_is_the_reason_and_no_source(api: Client) -> None:
    await with_rules(api)
    await with_figures(api, figures(JUNE, {"H60.101": rates("1/2", "0/0")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("1/2", "8/10")}))

    found = await asked(api)

    assert found["total"] is None
    assert found["sentence"].endswith("vì có nhóm chỉ số không có gì để chấm ở một trong hai kỳ (mẫu số bằng 0).")


async def test_points_that_a_source_states_now_and_that_were_computed_have_no_change(api: Client) -> None:
    await with_figures(api, figures("2026-06", {"H60.101": {"total_points": "80"}}))
    groups = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
    await with_figures(api, figures("2026-07", {"H60.101": {f"{group}_points": "10" for group in groups}}))

    found = await asked(api, framework="qd766")

    assert (found["before"], found["now"], found["total"]) == (80, 60, None)
    assert "basis_changed" in found["flags"]


async def test_without_an_earlier_total_the_answer_says_so(api: Client) -> None:
    await with_rules(api)
    await with_figures(api, figures(JULY, {"H60.101": rates("1/3", "80")}))

    found = await asked(api)

    assert (found["before"], found["now"], found["total"], found["against"]) == (None, 52, None, JUNE)
    assert found["rank"] == {"before": None, "now": 1, "change": None, "own": None, "others": None}
    assert found["sentence"].endswith("vì tháng 6/2026 chưa có tổng điểm của đơn vị.")


async def test_another_period_and_two_moments_of_one_can_be_compared(api: Client) -> None:
    await with_rules(api)
    await with_figures(api, figures("2026-03", {"H60.101": rates("50", "80")}))
    await with_figures(api, figures(JULY, {"H60.101": rates("60", "80")}))
    later = "2026-10-02T00:00:00Z"
    await with_figures(api, figures(JULY, {"H60.101": rates("70", "80")}, observed_at=later))

    quarter = await asked(api, against="2026-03")
    moments = await asked(api, against_observed_by=LOOKED_UP)

    assert (quarter["against"], quarter["total"]) == ("2026-03", 12)
    assert (moments["against"], moments["total"]) == (JULY, 6)
    assert moments["parts"][0]["inputs"]["before"][0]["observed_at"] == LOOKED_UP
    assert "tháng 7/2026 (lần tra cứu sau)" in moments["sentence"]
    assert "tháng 7/2026 (lần tra cứu trước)" in moments["sentence"]


async def test_a_key_of_a_unit_reads_its_own_change_without_a_place_among_others(
    api: Client, as_key: Any, clock: Clock
) -> None:
    await with_rules(api)
    both = {"H60.101": rates("1/2", "80"), "H60.102": rates("1/2", "80")}
    await with_figures(api, [*figures(JUNE, both), *figures(JULY, both)])
    own = as_key(Scope.VALUES_READ, unit="H60.101")

    found = await asked(own)
    foreign = await own.get(f"/v1/scores/H60.102/{JULY}/change")

    assert (found["total"], found["parts"][0]["points"]) == (0, 0)
    assert found["rank"] == {"before": None, "now": None, "change": None, "own": None, "others": None}
    assert "cohort_hidden" in found["flags"]
    assert foreign.status_code == 404
    assert found["sentence"] == "UBND xã H60.101, tháng 7/2026: tổng điểm là 62, bằng tháng 6/2026."


async def test_the_total_and_the_rank_are_those_of_the_unit_itself(api: Client) -> None:
    await with_rules(api)
    before = {"H60.101": rates("1/2", "80"), "H60.102": rates("1/3", "80")}
    await with_figures(api, [*figures(JUNE, before), *figures(JULY, {**before, "H60.102": rates("9/10", "9/13")})])

    for unit in before:
        found = await asked(api, unit)
        shown = (await api.get(f"/v1/scores/{unit}/{JULY}", params={"framework": "mine"})).json(parse_float=Decimal)
        assert (found["total"], found["now"]) == (shown["change"]["total"], shown["total"])
        assert (found["rank"]["change"], found["flags"]) == (shown["change"]["rank"], shown["flags"])
