"""`GET /v1/findings`: what the stored figures of a period show to be wrong or odd."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.demo import load_demo
from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units

WRONG = {"numerator": 3863, "denominator": 5454, "value": 70.63}
BINH_THANH = "H55.XDINHHOA.XBINHTHANH"


@pytest.fixture
async def units(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.100"), a_commune("H60.200"), a_unit(code="H19")])


async def findings(api: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("/v1/findings", params={"period": "2024-07", **query})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def rules(api: httpx.AsyncClient, **query: Any) -> list[tuple[str, str]]:
    return [(each["unit"], each["rule"]) for each in await findings(api, **query)]


def stated(indicator: str, value: float | str, unit: str = "H60", **overrides: Any) -> dict[str, Any]:
    row: dict[str, Any] = some_figures(unit, indicator=indicator, value=value, **overrides)[0]
    return {name: each for name, each in row.items() if name not in ("numerator", "denominator")}


async def test_the_demonstration_has_the_errors_of_its_letters_and_no_other(
    api: httpx.AsyncClient, database: Database
) -> None:
    load_demo(database)

    january = await findings(api, period="2024-01", severity="error")
    february = await findings(api, period="2024-02", severity="error")

    assert [(each["unit"], each["rule"], each["stated"], each["expected"]) for each in january] == [
        (BINH_THANH, "complements_not_100", "99.80", "100"),
        (BINH_THANH, "rate_differs_from_counts", "70.63", "70.83"),
        (BINH_THANH, "reported_total_differs", "81.96", "82.3"),
    ]
    assert [(each["unit"], each["rule"], each["stated"], each["expected"]) for each in february] == [
        (BINH_THANH, "reported_total_differs", "86.02", "86.8"),
    ]
    assert await findings(api, period="2024-07") == []
    year, august = await findings(api, period="2026", limit=1000), await findings(api, period="2026-08")
    assert {(each["rule"], each["indicator"]) for each in year + august} == {
        ("denominator_below_population", "dossier_sync")  # which the portal calls temporary
    }
    assert [(each["unit"], each["stated"], each["expected"]) for each in august] == [("H44", "138744", "184513")]


@pytest.mark.usefixtures("units")
async def test_a_finding_is_told_in_the_language_asked_for(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(**WRONG))

    english = await api.get("/v1/findings", params={"period": "2024-07"})
    vietnamese = await api.get("/v1/findings", params={"period": "2024-07"}, headers={"Accept-Language": "vi"})

    assert english.json() == {
        "framework": "qd766@2022",
        "period": "2024-07",
        "items": [
            {
                "rule": "rate_differs_from_counts",
                "severity": "error",
                "unit": "H60",
                "period": "2024-07",
                "indicator": "dossier_sync",
                "detail": "national_portal: the rate is stated 70.63%, but 3,863/5,454 is 70.83%, and points use the "
                "counts; correct the rate or the counts.",
                "stated": "70.63",
                "expected": "70.83",
            }
        ],
        "next_cursor": None,
    }
    assert vietnamese.json()["items"][0]["detail"] == (
        "Cổng Dịch vụ công quốc gia: tỷ lệ ghi 70,63%, nhưng 3.863/5.454 là 70,83%, và điểm tính theo số lượng; hãy "
        "sửa tỷ lệ hoặc số lượng."
    )
    assert vietnamese.headers["content-language"] == "vi"
    assert "Accept-Language" in vietnamese.headers["vary"].split(", ")


@pytest.mark.usefixtures("units")
async def test_a_rate_of_nothing_is_found_and_has_none_to_expect(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(numerator=0, denominator=0, value=50))

    answer = await api.get("/v1/findings", params={"period": "2024-07"})

    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    assert (found["rule"], found["stated"], found["expected"]) == ("rate_differs_from_counts", "50", None)
    assert "0/0 has none" in found["detail"]


@pytest.mark.usefixtures("units")
async def test_points_that_components_do_not_earn_are_found(api: httpx.AsyncClient) -> None:
    on_time = some_figures(indicator="on_time", numerator=913, denominator=1000, period="2026-07")
    looked_up = {"period": "2026-07", "observed_at": "2026-08-26T09:00:00+07:00"}
    await with_figures(api, [*on_time, stated("progress_points", 18.3, **looked_up)])
    silent = await findings(api, period="2026-07")
    await with_figures(api, [stated("progress_points", 19.1, **{**looked_up, "observed_at": "2026-09-01T00:00:00Z"})])

    found = await findings(api, period="2026-07")

    assert silent == []
    assert [(each["rule"], each["severity"], each["stated"], each["expected"]) for each in found] == [
        ("points_differ", "warning", "19.1", "18.26")
    ]


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(("rate", "expected"), [("91", []), ("91.35", [("18.37", "18.27")])])
async def test_points_are_held_against_a_rate_as_exactly_as_it_is_printed(
    api: httpx.AsyncClient, rate: str, expected: list[tuple[str, str]]
) -> None:
    looked_up = {"period": "2026-07", "observed_at": "2026-08-26T09:00:00+07:00"}
    points = "18.3" if rate == "91" else "18.37"
    await with_figures(api, [stated("on_time", rate, **looked_up), stated("progress_points", points, **looked_up)])

    found = await findings(api, period="2026-07", rule="points_differ")

    assert [(each["stated"], each["expected"]) for each in found] == expected


@pytest.mark.usefixtures("units")
async def test_the_period_before_and_other_sources_are_looked_at(api: httpx.AsyncClient) -> None:
    await with_figures(
        api,
        [
            stated("on_time", 95),
            stated("on_time", 12, period="2024-06"),
            stated("on_time", 94, source="provincial_system"),
        ],
    )

    found = await findings(api)

    assert [(each["rule"], each["stated"], each["expected"]) for each in found] == [
        ("jump", "95", "12"),
        ("sources_disagree", "94", "95"),
    ]


@pytest.mark.usefixtures("units")
async def test_findings_are_filtered_by_place_rule_and_severity(api: httpx.AsyncClient) -> None:
    await with_figures(
        api,
        [
            *some_figures("H60", "H60.100", "H19", **WRONG),
            stated("on_time", 90, "H60.100"),
            stated("on_time", 80, "H60.100", source="provincial_system"),
        ],
    )

    assert await rules(api, under="H60") == [
        ("H60.100", "rate_differs_from_counts"),
        ("H60.100", "sources_disagree"),
    ]
    assert [unit for unit, _ in await rules(api, level="province")] == ["H19", "H60"]
    assert await rules(api, rule="sources_disagree") == [("H60.100", "sources_disagree")]
    assert await rules(api, severity="warning") == [("H60.100", "sources_disagree")]
    assert [unit for unit, _ in await rules(api, severity="error")] == ["H19", "H60", "H60.100"]
    assert await rules(api, period="2024-08") == []


@pytest.mark.usefixtures("units")
async def test_findings_are_of_what_was_known_and_looked_up_by_then(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_figures(api, some_figures(**WRONG))
    between = clock.forward(minutes=30)
    clock.forward(minutes=30)
    await with_figures(api, some_figures(**WRONG | {"value": 70.83}, observed_at="2024-08-27T09:00:00+07:00"))

    assert await findings(api) == []
    assert await rules(api, as_of=between.isoformat()) == [("H60", "rate_differs_from_counts")]
    assert await rules(api, observed_by="2024-08-26T09:00:00+07:00") == [("H60", "rate_differs_from_counts")]
    assert await rules(api, observed_by="2024-08-26T08:59:59+07:00") == []


@pytest.mark.usefixtures("units")
async def test_pages_hold_every_finding_once_in_order(api: httpx.AsyncClient) -> None:
    sources = ("national_portal", "provincial_system", "manual")
    rows = [some_figures(unit, **WRONG, source=each)[0] for unit in ("H60", "H19", "H60.100") for each in sources]
    await with_figures(api, [*rows, *(stated("on_time", 90 + n, source=each) for n, each in enumerate(sources))])
    whole = await findings(api)

    paged, query = [], {"period": "2024-07", "limit": "2"}
    while True:
        page = (await api.get("/v1/findings", params=query)).json()
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert paged == whole
    assert len(whole) == 11
    assert [each["unit"] for each in whole] == sorted(each["unit"] for each in whole)


@pytest.mark.usefixtures("units")
async def test_a_subtree_key_sees_the_findings_of_its_own(
    api: httpx.AsyncClient, as_key: Callable[..., httpx.AsyncClient]
) -> None:
    await with_figures(api, some_figures("H60", "H60.100", "H60.200", "H19", **WRONG))
    province, commune = (as_key(Scope.VALUES_READ, unit=code) for code in ("H60", "H60.200"))

    own = {"rule": "rate_differs_from_counts"}

    assert [unit for unit, _ in await rules(province, **own)] == ["H60", "H60.100", "H60.200"]
    assert [unit for unit, _ in await rules(commune)] == ["H60.200"]
    for caller, hidden in ((province, "H19"), (province, "H99"), (commune, "H60")):
        refused = await caller.get("/v1/findings", params={"period": "2024-07", "under": hidden})
        assert (refused.status_code, refused.json()["code"]) == (404, "unit_unknown")


@pytest.mark.usefixtures("units")
async def test_figures_of_a_time_without_rules_are_checked_all_the_same(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(**WRONG, period="2021-03"))

    answer = (await api.get("/v1/findings", params={"period": "2021-03"})).json()
    named = await api.get("/v1/findings", params={"period": "2021-03", "framework": "qd766"})

    assert (answer["framework"], [each["rule"] for each in answer["items"]]) == (None, ["rate_differs_from_counts"])
    assert (named.status_code, named.json()["code"]) == (404, "framework_not_in_force")


@pytest.mark.usefixtures("units")
async def test_findings_leave_as_a_table(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures(**WRONG))

    answer = await api.get("/v1/findings", params={"period": "2024-07", "format": "csv"})

    head, row = answer.text.lstrip("\ufeff").splitlines()
    assert head == "Mức độ,Quy tắc,Đơn vị,Kỳ,Chỉ số,Đang ghi,Đúng ra,Chi tiết"
    assert row.startswith("error,rate_differs_from_counts,H60,2024-07,dossier_sync,70.63,70.83,")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "period"),
        ({"period": "2024-13"}, "period"),
        ({"period": "2024-07", "rule": "unknown"}, "rule"),
        ({"period": "2024-07", "severity": "fatal"}, "severity"),
        ({"period": "2024-07", "level": "village"}, "level"),
        ({"period": "2024-07", "as_of": "2199-01-01T00:00:00Z"}, "as_of"),
        ({"period": "2024-07", "cursor": "e30"}, "cursor"),
        ({"period": "2024-07", "unknown": "1"}, "unknown"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    api: httpx.AsyncClient, query: dict[str, str], parameter: str | None
) -> None:
    answer = await api.get("/v1/findings", params=query)

    assert answer.status_code == 422
    assert [each.get("parameter") for each in answer.json()["errors"]] == [parameter]


@pytest.mark.usefixtures("units")
async def test_a_unit_that_reported_last_month_is_missed_beside_its_siblings(api: httpx.AsyncClient) -> None:
    both = some_figures("H60.100", "H60.200", indicator="on_time", numerator=30, denominator=40, period="2024-06")
    later = some_figures("H60.100", indicator="on_time", numerator=35, denominator=42)
    await with_figures(api, [*both, *later])

    (found,) = await findings(api)

    assert (found["unit"], found["rule"], found["severity"]) == ("H60.200", "unit_missing", "warning")
    assert (found["stated"], found["expected"]) == ("0", "1")
    assert await findings(api, level="commune", under="H60") == [found]
    assert await findings(api, level="province") == []


@pytest.mark.usefixtures("units")
async def test_a_province_is_held_against_its_communes_whichever_level_is_asked_for(api: httpx.AsyncClient) -> None:
    await with_figures(
        api,
        [
            stated("dossiers_received", 1045),
            stated("dossiers_received", 900, "H60.100"),
            stated("dossiers_received", 700, "H60.200"),
        ],
    )

    (found,) = await findings(api, level="province")

    assert (found["unit"], found["rule"], found["stated"], found["expected"]) == (
        ("H60", "sum_differs_below", "1045", "1600")
    )
    assert await findings(api) == [found]


@pytest.mark.usefixtures("units")
async def test_reported_points_of_a_single_criterion_are_held_against_its_max(api: httpx.AsyncClient) -> None:
    document = a_framework(valid_from="2024-01-01")
    document["indicators"].append({"code": "cadre_points", "kind": "points", "name": {"vi": "Điểm cán bộ"}})
    leaf = {"code": "1.1", "name": {"vi": "Cán bộ"}, "max": 6}
    leaf["rules"] = [{"kind": "reported", "indicator": "cadre_points"}]
    document["criteria"].append({"code": "staff", "name": {"vi": "Nhân sự"}, "criteria": [leaf]})
    assert (await api.post("/v1/frameworks", json=document)).status_code == 201
    await with_figures(api, [stated("cadre_points", 9.5), stated("cadre_points", 6, "H60.100")])

    (found,) = await findings(api, framework="mot_cua")
    asked = {"period": "2024-07", "framework": "mot_cua", "under": "H60", "format": "docx"}
    letter = await api.get("/v1/reports/announcement", params=asked)

    assert (letter.status_code, letter.json()["code"]) == (409, "letter_has_errors")
    assert (found["unit"], found["rule"], found["severity"]) == ("H60", "points_exceed_max", "error")
    assert (found["indicator"], found["stated"], found["expected"]) == ("cadre_points", "9.5", "6")
