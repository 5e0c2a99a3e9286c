"""Many units at once: all or none, parents in any order, in a number of statements that does not grow with them."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from random import Random
from typing import Any

import httpx
import pytest
import xlsxwriter
from vietnam_provinces import Province, Ward

from app.services.rights import Scope
from app.store.db import Database
from tests.make import a_commune, a_unit, with_units

HEADER = "code,name,level,parent,valid_from,valid_to\n"


async def imported(api: httpx.AsyncClient, units: list[dict[str, Any]], **query: Any) -> dict[str, Any]:
    answer = await api.post("/v1/units/import", json=units, params=query)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json()
    assert taken["created"] + taken["updated"] + taken["unchanged"] + taken["rejected"] == taken["rows"]
    return taken


async def post_csv(api: httpx.AsyncClient, text: str | bytes, kind: str = "text/csv", **query: Any) -> httpx.Response:
    content = text.encode() if isinstance(text, str) else text
    return await api.post("/v1/units/import", content=content, headers={"Content-Type": kind}, params=query)


async def everything(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get("/v1/units", params={"limit": 1000})).json()["items"]
    return items


def places(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]]


def cells(answer: httpx.Response) -> list[tuple[str, int, str]]:
    return [(fault["code"], fault["row"], fault["column"]) for fault in answer.json()["errors"]]


async def test_parents_may_come_after_their_children(api: httpx.AsyncClient) -> None:
    taken = await imported(api, [a_commune("H60.100"), a_unit(code="H22"), a_unit()])

    assert (taken["status"], taken["rows"], taken["created"]) == ("applied", 3, 3)
    assert [unit["parent"] for unit in await everything(api)] == [None, None, "H60"]


async def test_the_same_list_again_changes_nothing(api: httpx.AsyncClient) -> None:
    units = [a_unit(identifiers=[{"scheme": "gso", "value": "08"}], valid_from="2004-01-01"), a_commune()]
    await imported(api, units)
    before = await everything(api), (await api.get("/v1/audit")).json()

    again = await imported(api, units)

    assert (again["unchanged"], again["updated"]) == (2, 0)
    assert (await everything(api), (await api.get("/v1/audit")).json()) == before


async def test_what_a_list_leaves_out_stays_as_it_is_known(api: httpx.AsyncClient) -> None:
    await imported(api, [a_unit(identifiers=[{"scheme": "gso", "value": "08"}], valid_from="2004-01-01")])

    await imported(api, [a_unit(name="Tỉnh Tuyên Quang")])

    (unit,) = await everything(api)
    assert (unit["name"], unit["valid_from"]) == ("Tỉnh Tuyên Quang", "2004-01-01")
    assert unit["identifiers"] == [{"scheme": "gso", "value": "08"}]


async def test_a_dry_run_tells_what_would_happen_and_stores_nothing(api: httpx.AsyncClient) -> None:
    await imported(api, [a_unit()])
    before = await everything(api), (await api.get("/v1/audit")).json()

    plan = await imported(api, [a_unit(name="Mới"), a_commune()], dry_run=True)

    assert (plan["status"], plan["created"], plan["updated"]) == ("planned", 1, 1)
    assert (await everything(api), (await api.get("/v1/audit")).json()) == before


async def test_every_fault_of_a_list_is_named_and_nothing_is_stored(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/units/import",
        json=[
            a_unit(),
            a_unit(code="h61"),
            a_commune("H60.1", name="", valid_from=5),
            "H62",
            {"code": "H63", "name": "X", "level": "province", "surprise": 1},
        ],
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "units_refused")
    assert places(answer) == [
        ("format_invalid", "/1/code"),
        ("text_too_short", "/2/name"),
        ("date_invalid", "/2/valid_from"),
        ("object_expected", "/3"),
        ("field_unknown", "/4/surprise"),
    ]
    assert await everything(api) == []


async def test_units_are_held_against_each_other(api: httpx.AsyncClient) -> None:
    gso = [{"scheme": "gso", "value": "08"}]
    answer = await api.post(
        "/v1/units/import",
        json=[
            a_unit(identifiers=gso),
            a_unit(code="H61", identifiers=gso),
            a_unit(code="H62"),
            a_unit(code="H62"),
            a_commune("H60.1", parent="H6O"),
            a_commune("H60.2", parent="H60.3"),
            a_commune("H60.3", parent="H60.2"),
            a_commune("H60.4", valid_from="2025-07-01", valid_to="2025-01-01"),
        ],
    )

    assert sorted(places(answer)) == [
        ("duplicate_row", "/2/code"),
        ("duplicate_row", "/3/code"),
        ("identifier_taken", "/1/identifiers"),
        ("parent_cycle", "/5/parent"),
        ("unit_unknown", "/4/parent"),
        ("validity_reversed", "/7/valid_to"),
    ]
    suggestions = [fault["suggestion"] for fault in answer.json()["errors"] if "suggestion" in fault]
    assert suggestions == ["H60"]


@pytest.mark.parametrize("body", [b"{}", b'"H60"', b"5", b"null"])
async def test_a_body_that_is_no_list_is_refused(api: httpx.AsyncClient, body: bytes) -> None:
    answer = await post_csv(api, body, "application/json")

    assert (answer.status_code, answer.json()["code"]) == (422, "list_expected")


async def test_an_empty_list_is_taken(api: httpx.AsyncClient) -> None:
    assert (await imported(api, []))["rows"] == 0


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_csv_file_is_read_with_the_delimiter_of_its_header(api: httpx.AsyncClient, delimiter: str) -> None:
    text = HEADER + "H60.100,Xã Na Hang,commune,H60,2025-07-01,\n\nH60,UBND tỉnh Tuyên Quang,province,,,\n"

    answer = await post_csv(api, text.replace(",", delimiter))

    assert answer.json()["created"] == 2
    assert (await api.get("/v1/units/H60.100")).json() == {
        **a_commune(name="Xã Na Hang", valid_from="2025-07-01", valid_to=None),
        "identifiers": [],
        "successors": [],
        "short_name": None,
        "kind": None,
    }


async def test_a_csv_file_needs_only_code_name_and_level(api: httpx.AsyncClient) -> None:
    answer = await post_csv(api, "level,name,code\nprovince,Tuyên Quang,H60\n")

    assert answer.json()["created"] == 1


async def test_faults_of_a_csv_file_are_named_as_a_spreadsheet_shows_them(api: httpx.AsyncClient) -> None:
    rows = ["h60,A,province,,,", "H61,,province,,,", "H62,B,planet,,1/7/2025,", "H63,C", "H64,D,commune,H99,,"]
    answer = await post_csv(api, HEADER + "\n".join(rows))

    assert answer.status_code == 422
    found = [(fault["code"], fault["row"], fault.get("column")) for fault in answer.json()["errors"]]
    assert found == [
        ("format_invalid", 2, "code"),
        ("field_missing", 3, "name"),
        ("value_not_allowed", 4, "level"),
        ("date_invalid", 4, "valid_from"),
        ("field_missing", 5, "level"),
        ("unit_unknown", 6, "parent"),
    ]


async def test_what_cannot_be_read_hides_nothing_of_what_cannot_be_stored(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/units/import",
        json=[
            a_unit(level="planet"),
            a_unit(name=5),
            a_commune("H60.1", parent="H6O", valid_to="1/7/2025"),
            a_commune("H60.2", parent="H60.3", name=""),
            a_commune("H60.3", parent="H60.2"),
            a_commune("H60.4", level=None, valid_from="2025-07-01", valid_to="2025-01-01"),
        ],
    )

    assert places(answer) == [
        ("value_not_allowed", "/0/level"),
        ("duplicate_row", "/0/code"),
        ("text_expected", "/1/name"),
        ("duplicate_row", "/1/code"),
        ("date_invalid", "/2/valid_to"),
        ("unit_unknown", "/2/parent"),
        ("text_too_short", "/3/name"),
        ("parent_cycle", "/3/parent"),
        ("value_not_allowed", "/5/level"),
        ("validity_reversed", "/5/valid_to"),
    ]


async def test_a_fault_that_only_follows_from_another_is_not_named(
    api: httpx.AsyncClient, as_key: Callable[..., httpx.AsyncClient]
) -> None:
    await with_units(api, [a_unit()])
    steward = as_key(Scope.UNITS_WRITE, unit="H60")

    answer = await steward.post(
        "/v1/units/import",
        json=[a_commune("h60.1", parent="H60"), a_commune("H60.1.1", parent="H60.1"), a_commune(parent="h60")],
    )

    assert places(answer) == [("format_invalid", "/0/code"), ("format_invalid", "/2/parent")]


async def test_a_fault_shows_what_was_written_and_what_was_probably_meant(api: httpx.AsyncClient) -> None:
    rows = ["h60\u200b,A,Tỉnh,,1/7/2025,", "H61,B,comune,H6O,,", "H62,C,province,,2025-07-01,2025-01-01"]
    answer = await post_csv(api, HEADER + "\n".join(rows))

    shown = [(fault["column"], fault["value"], fault.get("suggestion")) for fault in answer.json()["errors"]]
    assert shown == [
        ("code", "h60\u200b", "H60"),
        ("level", "Tỉnh", "province"),
        ("valid_from", "1/7/2025", "2025-07-01"),
        ("level", "comune", "commune"),
        ("parent", "H6O", "H60"),
        ("valid_to", "2025-01-01", None),
    ]


async def test_columns_that_are_unknown_repeated_or_missing_are_named(api: httpx.AsyncClient) -> None:
    answer = await post_csv(api, "code,nmae,parent,parent\nH60,A,,\n")

    assert sorted(cells(answer)) == [
        ("column_missing", 1, "level"),
        ("column_missing", 1, "name"),
        ("column_repeated", 1, "parent"),
        ("column_unknown", 1, "nmae"),
    ]
    assert [f["suggestion"] for f in answer.json()["errors"] if "suggestion" in f] == ["name"]


async def test_a_declared_encoding_is_read_and_any_other_than_utf_8_named(api: httpx.AsyncClient) -> None:
    text = HEADER + "H60,Tuyên Quang,province,,,\n"

    declared = await post_csv(api, text.encode("utf-16"), "text/csv; charset=utf-16")
    guessed = await post_csv(api, text.encode("cp1258", "replace"))

    assert declared.json()["created"] == 1
    assert (guessed.status_code, guessed.json()["code"]) == (400, "encoding_not_utf8")


async def test_another_kind_of_content_is_refused(api: httpx.AsyncClient) -> None:
    answer = await post_csv(api, HEADER, "application/pdf")

    assert (answer.status_code, answer.json()["code"]) == (415, "content_type_unsupported")


def provinces() -> list[dict[str, Any]]:
    return [a_unit(code=f"P{each.code.value:02}", name=each.name) for each in Province.iter_all()]


def communes() -> list[dict[str, Any]]:
    return [
        a_commune(
            f"P{each.province_code.value:02}.{each.code.value:05}",
            name=each.name,
            parent=f"P{each.province_code.value:02}",
            identifiers=[{"scheme": "gso", "value": f"{each.code.value:05}"}],
            valid_from="2025-07-01",
        )
        for each in Ward.iter_all()
    ]


async def test_the_communes_of_2025_load_in_one_request_and_are_found_in_one_query(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, count_queries: Callable[[], Any]
) -> None:
    units = [*provinces(), *communes()]
    Random(766).shuffle(units)

    with count_queries() as loading:
        taken = await imported(api, units)
    with count_queries() as searching:
        found = await anonymous.get("/v1/units?under=P08&level=commune&q=na hang")
    with count_queries() as again:
        unchanged = await imported(api, units)

    assert (taken["created"], unchanged["unchanged"]) == (3355, 3355)
    assert len(loading) <= 18
    assert len(again) <= 9  # one of them tells PostgreSQL how long the transaction may stand still
    assert [unit["name"] for unit in found.json()["items"]] == ["Xã Nà Hang"]
    assert len(searching) == 1


async def test_a_workbook_of_units_is_read_with_its_dates(api: httpx.AsyncClient) -> None:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Đơn vị")
        sheet.write_row(0, 0, ["code", "name", "level", "parent", "valid_from"])
        sheet.write_row(1, 0, ["H60.101", "UBND xã Na Hang", "commune", "H60"])
        sheet.write_datetime(1, 4, datetime(2025, 7, 1), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
        sheet.write_row(2, 0, ["H60", "UBND tỉnh Tuyên Quang", "province"])

    answer = await api.post("/v1/units/import", files={"file": ("donvi.xlsx", buffer.getvalue())})

    assert answer.status_code == 200, answer.text
    assert answer.json()["created"] == 2
    assert (await api.get("/v1/units/H60.101")).json()["valid_from"] == "2025-07-01"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_an_exported_list_of_units_can_be_sent_back(api: httpx.AsyncClient, format: str) -> None:
    await with_units(api, [a_unit(), a_commune("H60.101")])
    exported = await api.get("/v1/units", params={"format": format})

    answer = await api.post("/v1/units/import", files={"file": (f"units.{format}", exported.content)})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows"], answer.json()["unchanged"]) == (2, 2)


async def test_a_list_that_is_only_tried_waits_for_no_writer_and_moves_no_version(
    api: httpx.AsyncClient, database: Database
) -> None:
    before = await api.get("/v1/units")

    with database.writing() as session:
        tried = await asyncio.wait_for(api.post("/v1/units/import?dry_run=true", json=[a_unit()]), 20)
        session.rollback()
    after = await api.get("/v1/units")

    assert (tried.status_code, tried.json()["status"], tried.json()["created"]) == (200, "planned", 1)
    assert before.headers["chiso-version"] == after.headers["chiso-version"]
