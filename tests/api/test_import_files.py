"""`POST /v1/imports` with files: every kind, as the body itself or in a form; sent twice; taken back."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, some_figures, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG = [["unit", "period", "indicator", "value"], ["H60.101", "2024-07", "on_time", "91,3%"]]
WIDE = [["unit", "total_points", "on_time"], ["H60.101", "81,77", "91,3%"], ["H60.102", "-", "88%"]]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    quoted = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    return "\r\n".join(quoted).encode()


def as_ndjson(rows: list[dict[str, Any]]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


@pytest.fixture(autouse=True)
async def communes(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101"), a_commune("H60.102")])


async def values(api: Client) -> dict[tuple[str, str], Any]:
    answer = await api.get("/v1/values")
    return {(item["unit"], item["indicator"]): item["value"] for item in answer.json()["items"]}


async def imported(api: Client, body: bytes, kind: str, **query: Any) -> dict[str, Any]:
    answer = await api.post("/v1/imports", content=body, headers={"Content-Type": kind}, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", as_csv(LONG)),
        ("text/csv", as_csv(LONG, ";")),
        ("text/csv; charset=utf-16", as_csv(LONG).decode().encode("utf-16")),
        (XLSX, as_xlsx(LONG)),
        ("application/x-ndjson", as_ndjson([dict(zip(LONG[0], LONG[1], strict=True))])),
        ("application/json", json.dumps([dict(zip(LONG[0], LONG[1], strict=True))]).encode()),
    ],
)
async def test_a_long_file_of_every_kind_stores_the_same_figure(api: Client, kind: str, body: bytes) -> None:
    done = await imported(api, body, kind, locale="vi")

    assert (done["status"], done["rows"], done["created"]) == ("applied", 1, 1)
    assert await values(api) == {("H60.101", "on_time"): 91.3}


WIDE_RECORDS: list[dict[str, Any]] = [dict(zip(WIDE[0], row, strict=True)) for row in WIDE[1:]]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", as_csv(WIDE)),
        (XLSX, as_xlsx(WIDE)),
        ("application/json", json.dumps(WIDE_RECORDS).encode()),
        ("application/x-ndjson", as_ndjson(WIDE_RECORDS)),
    ],
)
async def test_a_wide_table_counts_figures_and_a_dash_says_nothing(api: Client, kind: str, body: bytes) -> None:
    done = await imported(api, body, kind, locale="vi", period="2024-07", source="provincial_system")

    assert (done["rows"], done["created"]) == (3, 3)
    assert await values(api) == {
        ("H60.101", "total_points"): 81.77,
        ("H60.101", "on_time"): 91.3,
        ("H60.102", "on_time"): 88,
    }


async def test_a_file_can_be_sent_as_the_part_of_a_form(api: Client) -> None:
    answer = await api.post(
        "/v1/imports",
        params={"locale": "vi"},
        files={"file": ("thang-7.xlsx", as_xlsx(LONG), "application/octet-stream")},
    )

    assert answer.status_code == 200, answer.text
    assert await values(api) == {("H60.101", "on_time"): 91.3}


@pytest.mark.parametrize(
    "parts",
    [
        {"file": ("a.csv", b"unit\n"), "other": ("b.csv", b"unit\n")},
        {"figures": ("a.csv", b"unit\n")},
    ],
)
async def test_a_form_with_anything_but_one_file_is_refused(api: Client, parts: Any) -> None:
    answer = await api.post("/v1/imports", files=parts)

    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("file_part_expected", "form_invalid")


async def test_mistakes_in_a_table_are_named_by_row_and_column(api: Client) -> None:
    rows = [WIDE[0], ["H6O.101", "81,77", "130%"], ["H60.102", "855,589,1", "88%"]]

    answer = await api.post(
        "/v1/imports",
        content=as_csv(rows),
        headers={"Content-Type": "text/csv"},
        params={"locale": "vi", "period": "2024-07"},
    )

    assert answer.status_code == 422
    found = {(fault["row"], fault["column"], fault["code"]) for fault in answer.json()["errors"]}
    assert found == {
        (2, "unit", "unit_unknown"),
        (2, "on_time", "rate_out_of_range"),
        (3, "total_points", "number_invalid"),
    }
    assert await values(api) == {}


async def test_a_unit_that_costs_several_figures_of_a_row_is_named_once(api: Client) -> None:
    rows = [WIDE[0], ["H6O.101", "81,77", "91,3%"]]

    answer = await api.post(
        "/v1/imports",
        content=as_csv(rows),
        headers={"Content-Type": "text/csv"},
        params={"locale": "vi", "period": "2024-07"},
    )

    problem = answer.json()
    assert (problem["rows"], problem["rejected"]) == (2, 2)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]] == [
        (2, "unit", "unit_unknown")
    ]


async def test_good_rows_can_be_stored_and_the_others_named(api: Client) -> None:
    rows = [LONG[0], LONG[1], ["H60.999", "2024-07", "on_time", "90%"]]

    done = await imported(api, as_csv(rows), "text/csv", locale="vi", on_error="skip")

    assert (done["rows"], done["created"], done["rejected"]) == (2, 1, 1)
    assert [(fault["row"], fault["code"]) for fault in done["errors"]] == [(3, "unit_unknown")]


async def test_a_table_with_a_header_alone_is_applied_and_an_empty_body_is_refused(api: Client) -> None:
    done = await imported(api, as_csv([LONG[0]]), "text/csv")
    empty = await api.post("/v1/imports", content=b"", headers={"Content-Type": "text/csv"})

    assert (done["status"], done["rows"]) == ("applied", 0)
    assert empty.status_code == 400
    assert empty.json()["code"] == "header_missing"


async def test_a_request_sent_twice_under_one_key_is_carried_out_once(api: Client) -> None:
    headers = {"Idempotency-Key": "thang-7-2024"}
    body = some_figures("H60.101", "H60.102")

    first = await api.post("/v1/imports", json=body, headers=headers)
    again = await api.post("/v1/imports", json=body, headers=headers)
    listed = await api.get("/v1/imports")

    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(listed.json()["items"]) == 1


async def test_a_form_sent_again_with_another_boundary_is_the_same_request(api: Client) -> None:
    headers = {"Idempotency-Key": "form"}
    file = ("a.csv", as_csv(LONG), "text/csv")

    first = await api.post("/v1/imports?locale=vi", files={"file": file}, headers=headers)
    again = await api.post("/v1/imports?locale=vi", files={"file": file}, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("change", ["body", "query", "path"])
async def test_an_idempotency_key_under_another_request_is_refused(api: Client, change: str) -> None:
    headers = {"Idempotency-Key": "k-1"}
    await api.post("/v1/imports", json=some_figures("H60.101"), headers=headers)

    body = some_figures("H60.102") if change == "body" else some_figures("H60.101")
    path = "/v1/units/import" if change == "path" else "/v1/imports"
    answer = await api.post(path, json=body, headers=headers, params={"on_error": "skip"} if change == "query" else {})

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"


async def test_a_refused_import_is_answered_alike_again_and_a_key_belongs_to_its_caller(
    api: Client, as_key: Callable[..., Client]
) -> None:
    headers = {"Idempotency-Key": "k-2"}
    bad = some_figures("H60.999")

    first = await api.post("/v1/imports", json=bad, headers=headers)
    again = await api.post("/v1/imports", json=bad, headers=headers)
    other = await as_key(Scope.VALUES_WRITE).post("/v1/imports", json=some_figures("H60.101"), headers=headers)

    assert first.status_code == again.status_code == 422
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 200


async def test_a_kept_answer_is_forgotten_after_thirty_days(api: Client, clock: Any) -> None:
    headers = {"Idempotency-Key": "k-4"}
    await api.post("/v1/imports", json=some_figures("H60.101"), headers=headers)

    clock.forward(days=31)
    answer = await api.post("/v1/imports", json=some_figures("H60.102"), headers=headers)

    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer.headers


async def test_an_undone_import_leaves_every_figure_as_it_was_before(api: Client, clock: Any) -> None:
    await api.post("/v1/imports", json=some_figures("H60.101"))
    clock.forward(minutes=1)
    later = {"observed_at": "2024-09-01T00:00:00Z"}
    changed = some_figures("H60.101", numerator=1, **later) + some_figures("H60.102", **later)
    done = (await api.post("/v1/imports", json=changed)).json()
    clock.forward(minutes=1)

    answer = await api.post(f"/v1/imports/{done['id']}/undo")

    assert answer.status_code == 200, answer.text
    undone = answer.json()
    assert (undone["undoes"], undone["rows"], undone["updated"]) == (done["id"], 2, 2)
    assert await values(api) == {("H60.101", "dossier_sync"): 98.83}
    again = await api.post(f"/v1/imports/{done['id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")


async def test_a_figure_changed_since_is_left_by_an_undo_and_named(api: Client, clock: Any) -> None:
    first = (await api.post("/v1/imports", json=some_figures("H60.101", "H60.102"))).json()
    clock.forward(minutes=1)
    newer = some_figures("H60.101", numerator=13040, observed_at="2024-09-01T00:00:00Z")
    await api.post("/v1/imports", json=newer)
    clock.forward(minutes=1)

    undone = (await api.post(f"/v1/imports/{first['id']}/undo")).json()

    assert (undone["rows"], undone["updated"], undone["unchanged"]) == (2, 1, 1)
    [warning] = undone["warnings"]
    assert warning["code"] == "changed_since"
    assert warning["detail"].startswith("national_portal: dossier_sync of H60.101 in 2024-07 was changed since")
    assert await values(api) == {("H60.101", "dossier_sync"): 50}


async def test_a_unit_whose_only_figures_were_undone_still_tells_its_history(api: Client) -> None:
    done = (await api.post("/v1/imports", json=some_figures("H60.101", "H60.102"))).json()
    await api.post(f"/v1/imports/{done['id']}/undo")

    history = await api.get("/v1/values", params={"unit": "H60.101", "history": True})

    assert await values(api) == {}
    assert [revision["undone_at"] is None for revision in history.json()["items"]] == [False]


async def test_what_was_known_before_an_undo_can_still_be_read(api: Client, clock: Any) -> None:
    done = (await api.post("/v1/imports", json=some_figures("H60.101"))).json()
    known = clock.forward(minutes=1).isoformat()
    clock.forward(minutes=1)
    await api.post(f"/v1/imports/{done['id']}/undo")

    then = await api.get("/v1/values", params={"as_of": known})
    now = await api.get("/v1/values")

    assert [item["value"] for item in then.json()["items"]] == [98.83]
    assert now.json()["items"] == []


async def test_an_import_of_a_locked_period_is_not_undone(api: Client) -> None:
    done = (await api.post("/v1/imports", json=some_figures("H60.101"))).json()
    await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})

    answer = await api.post(f"/v1/imports/{done['id']}/undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "period_locked")


async def test_an_import_of_another_subtree_is_not_found_to_undo(api: Client, as_key: Callable[..., Client]) -> None:
    done = (await api.post("/v1/imports", json=some_figures("H60.101"))).json()

    answer = await as_key(Scope.VALUES_WRITE, unit="H60.102").post(f"/v1/imports/{done['id']}/undo")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [({"sheet": "Số liệu"}, "sheet_without_workbook"), ({"create_units": "true"}, "units_not_created")],
)
async def test_what_would_have_no_effect_is_refused(query: dict[str, str], code: str, api: Client) -> None:
    answer = await api.post("/v1/imports", json=some_figures("H60.101"), params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [each["parameter"] for each in answer.json()["errors"]] == list(query)
    assert (await api.get("/v1/imports")).json()["items"] == []


@pytest.mark.parametrize("unseen", ["\u200b", "\u200c", "\ufeff", "\u00a0", "\u00ad", "\u200e", "\u2066"])
@pytest.mark.parametrize("kind", ["text/csv", XLSX, "application/json", "application/x-ndjson"])
async def test_what_nobody_sees_around_a_cell_is_as_if_absent(api: Client, kind: str, unseen: str) -> None:
    around = [LONG[0], [f"{unseen}{cell}{unseen}" for cell in LONG[1]]]
    records = [dict(zip(LONG[0], around[1], strict=True))]
    bodies = {"text/csv": as_csv([[f"{unseen}{name}" for name in LONG[0]], around[1]]), XLSX: as_xlsx(around)}
    bodies |= {"application/json": json.dumps(records).encode(), "application/x-ndjson": as_ndjson(records)}

    done = await imported(api, bodies[kind], kind, locale="vi")

    assert done["created"] == 1
    assert await values(api) == {("H60.101", "on_time"): 91.3}


async def test_what_nobody_sees_inside_codes_and_figures_is_named_at_its_cell(api: Client) -> None:
    body = "unit;on_time;observed_at\nH60.\u200b101;91\u00ad,3%;2024-07-01T00:00:00\u200eZ\n".encode()

    answer = await api.post("/v1/imports?period=2024-07&locale=vi", content=body, headers={"Content-Type": "text/csv"})

    faults = answer.json()["errors"]
    assert {(fault["column"], fault["code"], fault.get("suggestion")) for fault in faults} == {
        ("unit", "text_invalid", "H60.101"),
        ("on_time", "text_invalid", "91,3%"),
        ("observed_at", "text_invalid", "2024-07-01T00:00:00Z"),
    }
    assert all("U+20" in fault["detail"] or "U+00AD" in fault["detail"] for fault in faults)


async def test_rows_whose_last_cells_excel_left_out_or_added_are_read(api: Client) -> None:
    body = "unit;on_time;note\r\nH60.101;92,4%;Theo báo cáo\r\nH60.102;90%\r\n;;;;\r\nH60;91%;;;;\r\n".encode()

    done = await imported(api, body, "text/csv", locale="vi", period="2024-07")

    assert (done["created"], done["errors"]) == (3, [])


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
async def test_marks_at_the_ends_of_json_are_no_part_of_it(api: Client, kind: str) -> None:
    rows = [dict(zip(LONG[0], LONG[1], strict=True))]
    body = as_ndjson(rows) if kind.endswith("ndjson") else json.dumps(rows).encode()

    done = await imported(api, b"\xef\xbb\xbf" * 2 + body + b"\r\n\x1a\0\0", kind, locale="vi")

    assert done["created"] == 1
