"""`POST /v1/check`: the figures of a draft as printed go in, findings come out, and nothing is stored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.errors import Invalid
from app.services.checks import check_document
from app.services.rights import Scope
from app.store.db import Database
from tests.make import a_framework

LETTER = Path(__file__).parents[1] / "golden" / "letter_binh_thanh_2024-02.json"


async def checked(api: httpx.AsyncClient, **draft: Any) -> list[dict[str, Any]]:
    """The findings about a draft of these parts."""
    answer = await api.post("/v1/check", json=draft)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["findings"]
    return found


async def refused(api: httpx.AsyncClient, **draft: Any) -> tuple[int, str, list[tuple[str, str]]]:
    """Status, code, and (code, pointer) of each fault."""
    answer = await api.post("/v1/check", json=draft)
    body = answer.json()
    return answer.status_code, body["code"], [(each["code"], each["pointer"]) for each in body.get("errors", ())]


async def test_an_empty_draft_has_nothing_wrong(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/check", json={})

    assert answer.json() == {"unit": None, "period": None, "framework": None, "findings": []}


async def test_the_letter_of_binh_thanh_is_proof_read_whole(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/check", content=LETTER.read_bytes(), headers={"Content-Type": "application/json"})

    body = answer.json()
    assert (body["unit"], body["period"], body["framework"]) == ("UBND xã Bình Thành", "2024-02", "qd766@2026")
    assert len(body["findings"]) == 19


async def test_a_finding_says_what_was_stated_and_what_follows_in_the_language_asked_for(
    api: httpx.AsyncClient,
) -> None:
    row = {"ref": "3.6", "before": {"rate": "13,9%"}, "now": {"rate": "9,8%"}, "change": "-1,2%"}

    english = await api.post("/v1/check", json={"rows": [row]})
    vietnamese = await api.post("/v1/check", json={"rows": [row]}, headers={"Accept-Language": "vi"})

    assert english.json()["findings"] == [
        {
            "rule": "change_wrong",
            "severity": "error",
            "ref": "3.6",
            "detail": "The change is printed -1,2%, but 9,8% after 13,9% is a change of -4,1%; correct value and sign.",
            "stated": "-1,2%",
            "expected": "-4,1%",
        }
    ]
    assert vietnamese.json()["findings"][0]["detail"] == (
        "Mức tăng, giảm ghi -1,2%, nhưng từ 13,9% đến 9,8% là -4,1%; hãy sửa giá trị và dấu."
    )
    assert vietnamese.headers["content-language"] == "vi"
    assert "Accept-Language" in vietnamese.headers["vary"]


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ({"period": "2024-07"}, "qd766@2022"),
        ({"period": "2026-07"}, "qd766@2026"),
        ({}, "qd766@2026"),
        ({"period": "2024-07", "framework": "qd766@2026"}, "qd766@2026"),
        ({"period": "2024-Q2", "framework": "dongnai"}, "dongnai@2024"),
    ],
)
async def test_the_framework_in_force_is_named(api: httpx.AsyncClient, named: dict[str, str], used: str) -> None:
    answer = await api.post("/v1/check", json={**named, "scores": {"totals": ["81,77"]}})

    assert answer.json()["framework"] == used


async def test_points_over_the_max_of_the_framework_are_found(api: httpx.AsyncClient) -> None:
    legal = {"online_services": {"points": "22,1"}}

    (one,) = await checked(api, period="2024-Q2", scores={"groups": legal})

    assert (one["ref"], one["rule"], one["expected"]) == ("online_services", "points_exceed_max", None)


async def test_periods_under_other_rules_are_not_computed_by_those_of_the_present(api: httpx.AsyncClient) -> None:
    row = {"ref": "2", "indicator": "on_time", "now": {"rate": "100%"}, "before": {"rate": "96,91%"}}
    groups = {"progress": {"points": "20,0", "change": "+0,9"}}

    by_name = await checked(api, period="2026-01", framework="qd766", rows=[row], scores={"groups": groups})
    by_version = await checked(api, period="2026-01", framework="qd766@2026", rows=[row], scores={"groups": groups})

    assert by_name == []
    assert [(each["ref"], each["rule"], each["severity"]) for each in by_version] == [
        ("progress", "points_differ", "warning")
    ]


async def test_numbers_are_read_as_they_stand_beside_printed_figures(api: httpx.AsyncClient) -> None:
    counts = {"now": {"count": 68, "rate": 65.38}, "before": {"count": "3.863", "rate": "70,63%"}, "change": -5.25}
    found = await checked(
        api,
        period="2024-02",
        rows=[{"ref": "1", **counts}, {"ref": "2", "now": {"count": 1.234}}],
        scores={"totals": [86.02, "86,02/100 điểm"], "rank": 24, "rank_before": "24/23"},
        lists=[{"ref": "overdue", "stated_sum": 462, "stated_units": 1, "items": [{"name": "Sở A", "count": 427}]}],
        bands=[{"ref": "good", "min": 50, "max": 90}, {"ref": "weak", "min": 0, "max": 49.5}],
    )

    assert [(each["ref"], each["rule"], each["stated"], each["expected"]) for each in found] == [
        ("2", "number_invalid", "1,234", None),
        ("rank", "rank_exceeds_cohort", "24/23", None),
        ("overdue", "counts_do_not_add_up", "462", "427"),
        ("good", "bands_hole", "90", None),
        ("weak", "bands_hole", "49,5", None),
    ]


@pytest.mark.parametrize("field", ["period", "against"])
async def test_a_period_that_is_none_is_refused_where_it_stands(api: httpx.AsyncClient, field: str) -> None:
    assert await refused(api, **{field: "2024-13"}) == (422, "period_invalid", [("period_invalid", f"/{field}")])


async def test_frameworks_that_are_unknown_or_not_in_force_are_not_found(api: httpx.AsyncClient) -> None:
    assert await refused(api, framework="ddci") == (404, "framework_unknown", [])
    assert await refused(api, framework="qd766@1999") == (404, "framework_unknown", [])
    assert await refused(api, period="2021-07", framework="qd766") == (404, "framework_not_in_force", [])


async def test_a_letter_from_before_any_framework_is_checked_where_it_needs_none(api: httpx.AsyncClient) -> None:
    (one,) = await checked(api, period="2021-07", rows=[{"ref": "1", "now": {"rate": "1000%"}}])

    assert one["rule"] == "rate_out_of_range"


async def test_everything_that_leads_nowhere_is_named(api: httpx.AsyncClient) -> None:
    rows = [{"ref": "1", "indicator": "on_tine", "base": "9"}]

    assert await refused(api, rows=rows, scores={"groups": {"gruppe": {"points": "1"}}}) == (
        422,
        "draft_invalid",
        [
            ("indicator_unknown", "/rows/0/indicator"),
            ("ref_unknown", "/rows/0/base"),
            ("group_unknown", "/scores/groups/gruppe"),
        ],
    )


async def test_a_class_that_the_framework_has_not_is_named_with_the_one_that_was_meant(api: httpx.AsyncClient) -> None:
    draft = {"classes": [{"ref": "sở", "stated_of": "17", "counts": {"good": "15", "goood": "1", "Xuất sắc": "1"}}]}

    answer = await api.post("/v1/check", json={**draft, "framework": "qd766"})

    assert await checked(api, **draft, period="2021-07") == []  # what needs no framework asks for none
    faults = [(each["code"], each["pointer"], each["suggestion"]) for each in answer.json()["errors"]]
    assert faults == [
        ("class_unknown", "/classes/0/counts/goood", "good"),
        ("class_unknown", "/classes/0/counts/Xuất sắc", "excellent"),
    ]


@pytest.mark.parametrize(
    ("draft", "pointer"),
    [
        ({"tables": []}, "/tables"),
        ({"rows": [{"ref": "1", "then": {}}]}, "/rows/0/then"),
        ({"rows": [{}]}, "/rows/0/ref"),
        ({"rows": [{"ref": "1", "now": {"count": True}}]}, "/rows/0/now/count"),
        ({"scores": {"totals": [["86,02"]]}}, "/scores/totals/0"),
        ({"rows": [{"ref": "1"}] * 10_001}, "/rows"),
        ({"scores": {"totals": "86,02"}}, "/scores/totals"),
        ({"framework": "QD766"}, "/framework"),
    ],
)
async def test_what_is_not_of_the_shape_is_refused(api: httpx.AsyncClient, draft: dict[str, Any], pointer: str) -> None:
    status, code, faults = await refused(api, **draft)

    assert (status, code) == (422, "request_invalid")
    assert [place for _, place in faults] == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        b'{"rows": NaN}',
        b'{"unit": "\\ud800"}',
        b'{"unit": "\\u0000"}',
        b'{"unit": "a", "unit": "b"}',
        b"[" * 100_000,
        b"\xff\xfe{",
        b"{",
    ],
)
async def test_what_is_no_json_is_refused(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await api.post("/v1/check", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 415, 422)


@pytest.mark.parametrize("figure", ["9" * 100_000, "６５", "1e400", "NaN", "½", "٣,٥", "-" * 5000, "=1+1"])
async def test_whatever_is_printed_is_found_invalid_and_cut(api: httpx.AsyncClient, figure: str) -> None:
    cells = {"count": figure, "rate": figure}
    draft = {"rows": [{"ref": "1", "now": cells, "change": figure}], "scores": {"totals": [figure], "rank": figure}}

    found = await checked(api, **draft)

    assert {each["rule"] for each in found} == {"number_invalid"}
    assert [each["ref"] for each in found] == ["1", "1", "1", "total", "rank"]
    assert all(len(each["stated"]) <= 100 for each in found)


async def test_who_may_not_read_values_may_not_check(
    anonymous: httpx.AsyncClient, as_key: Callable[..., httpx.AsyncClient]
) -> None:
    assert (await anonymous.post("/v1/check", json={})).status_code == 401
    assert (await as_key(Scope.UNITS_WRITE).post("/v1/check", json={})).status_code == 403
    assert (await as_key(Scope.VALUES_READ).post("/v1/check", json={})).status_code == 200


async def test_a_check_asks_the_database_little_and_leaves_no_trace(
    api: httpx.AsyncClient, database: Database, count_queries: Callable[[], Any]
) -> None:
    before = (await api.get("/v1/audit")).json()

    with count_queries() as queries:
        await api.post("/v1/check", content=LETTER.read_bytes(), headers={"Content-Type": "application/json"})

    assert len(queries) <= 6
    assert (await api.get("/v1/audit")).json() == before


def test_the_same_check_stands_ready_without_http(database: Database, service: object) -> None:
    with database.reading() as session:
        found = check_document(session, json.loads(LETTER.read_text("utf-8")), "qd766")
        with pytest.raises(Invalid) as refusal:
            check_document(session, {"rows": [{"ref": 1}]}, "qd766")

    assert len(found.findings) == 19
    assert [(fault.code, fault.pointer) for fault in refusal.value.faults] == [("text_expected", "/rows/0/ref")]


async def test_points_are_computed_by_indicators_that_another_framework_describes(api: httpx.AsyncClient) -> None:
    [criterion] = a_framework()["criteria"]
    rule = {"kind": "ratio", "indicator": "paid_dossiers", "full_at": 100}
    borrowing = a_framework(indicators=[], criteria=[{**criterion, "rules": [rule]}])
    assert (await api.post("/v1/frameworks", json=borrowing)).status_code == 201
    row = {"ref": "1", "indicator": "paid_dossiers", "now": {"rate": "50%"}}
    scores = {"groups": {criterion["code"]: {"points": "60,0"}}}

    [one] = await checked(api, period="2026-08", framework="mot_cua", rows=[row], scores=scores)

    assert (one["rule"], one["stated"], one["expected"]) == ("points_differ", "60,0", "50,00")


async def test_a_change_against_a_restated_month_is_a_warning(api: httpx.AsyncClient) -> None:
    scores = {"totals": ["62,28"], "total_before": "58,69", "total_change": "tăng 1,29 điểm"}

    (plain,) = await checked(api, period="2024-12", scores=scores)
    (one,) = await checked(api, period="2024-12", scores=scores, restated={"total": ["60,99"]})

    assert (plain["rule"], plain["severity"]) == ("change_wrong", "error")
    assert (one["rule"], one["severity"], one["expected"]) == ("change_wrong", "warning", "+3,59")
    assert "60,99" in one["detail"]


async def test_observations_of_a_row_that_is_not_there_are_refused(api: httpx.AsyncClient) -> None:
    status, code, faults = await refused(api, restated={"rows": {"9": {"rate": ["1%"]}}})

    assert (status, code, faults) == (422, "draft_invalid", [("ref_unknown", "/restated/rows/9")])
