"""`POST /v1/imports?layout=portal`: the national portal's saved answers as they are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_unit, with_units

Client = httpx.AsyncClient
GIA_LAI = sorted((Path(__file__).parent.parent / "golden" / "data").glob("portal_gia_lai_*.json"))
REST_ROWS: list[dict[str, Any]] = [
    {
        "ID": "398126",
        "TEN": "UBND tỉnh An Giang",
        "MA_COQUAN": "H01",
        "LOAI_COQUAN": "1",
        "CKMB": "13.2",
        "TDGQ": "18.3",
        "CLGQ": "7.2",
        "TTTT": "8.3",
        "MDHL": "18",
        "MDSH": "16.8",
        "TONG_SCORE": "81.77",
        "ROW_STT": "14",
    }
]


async def board(api: Client, **query: Any) -> dict[str, dict[str, Any]]:
    answer = await api.get("/v1/scores", params=query)
    assert answer.status_code == 200, answer.text
    return {item["unit"]["code"]: item for item in answer.json()["items"]}


async def test_the_older_rows_are_read_and_their_unit_is_made_on_demand(api: Client) -> None:
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    answer = await api.post("/v1/imports", json=REST_ROWS, params=query)

    assert answer.status_code == 200, answer.text
    assert answer.json()["created"] == 7
    unit = (await api.get("/v1/units/H01")).json()
    assert unit["identifiers"] == [{"scheme": "dvcqg", "value": "398126"}]
    [item] = (await board(api, period="2024-07", level="province")).values()
    assert (item["total"], item["groups"]["online"], item["groups"]["payment"]) == (81.77, 7.2, 8.3)


async def test_a_dry_run_that_would_make_units_leaves_none(api: Client) -> None:
    query = {"layout": "portal", "period": "2024-07", "create_units": "true", "dry_run": "true"}

    answer = await api.post("/v1/imports", json=REST_ROWS, params=query)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["created"]) == ("planned", 7)
    assert (await api.get("/v1/units/H01")).status_code == 404


def told(answer: httpx.Response) -> list[tuple[str, str, str | None]]:
    """(code, pointer, suggestion) of each error."""
    return [(each["code"], each["pointer"], each.get("suggestion")) for each in answer.json()["errors"]]


async def test_without_the_wish_an_unknown_unit_is_named_once_with_the_way_out(api: Client) -> None:
    await with_units(api, [a_unit(code="H10")])

    answer = await api.post("/v1/imports", json=REST_ROWS, params={"layout": "portal", "period": "2024-07"})

    assert (answer.status_code, answer.json()["rejected"]) == (422, 7)
    assert told(answer) == [("unit_unknown", "/0/MA_COQUAN", "create_units=true")]


async def test_a_unit_without_a_code_can_be_linked_and_not_made(api: Client) -> None:
    nameless = [{**REST_ROWS[0], "MA_COQUAN": None}]
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    answer = await api.post("/v1/imports", json=nameless, params=query)

    assert told(answer) == [("unit_unknown", "/0/ID", None)]
    assert "hold no code" in answer.json()["errors"][0]["detail"]
    await with_units(api, [a_unit(code="H01", identifiers=[{"scheme": "dvcqg", "value": "398126"}])])
    assert (await api.post("/v1/imports", json=nameless, params=query)).json()["created"] == 7


def a_commune_row(code: str, id: str) -> dict[str, Any]:
    return {**REST_ROWS[0], "MA_COQUAN": code, "ID": id, "TEN": f"UBND xã {code}"}


async def test_a_unit_that_cannot_be_made_is_an_error_of_the_import(api: Client) -> None:
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}
    rows = [*REST_ROWS, a_commune_row("H02.100", "2"), {**a_commune_row("H02.100.1", "3"), "CKMB": "99"}]

    refused = await api.post("/v1/imports", json=rows, params=query)
    asked = await api.post("/v1/imports", json=rows, params={**query, "dry_run": "true"})
    skipped = await api.post("/v1/imports", json=rows, params={**query, "on_error": "skip"})

    assert (refused.status_code, refused.json()["code"]) == (422, "import_rejected")
    assert told(refused) == [("unit_unknown", "/1", None), ("points_exceed_max", "/2/CKMB", None)]
    assert (asked.status_code, asked.json()["status"], told(asked)) == (200, "rejected", told(refused))
    assert (refused.json()["rows"], skipped.json()["created"], skipped.json()["rejected"]) == (21, 7, 14)
    assert [unit["code"] for unit in (await api.get("/v1/units")).json()["items"]] == ["H01"]


async def test_a_steward_makes_only_units_below_the_own_one(
    api: Client, as_key: Callable[..., httpx.AsyncClient]
) -> None:
    await with_units(api, [a_unit(code="H01"), a_unit(code="H02")])
    steward = as_key(Scope.UNITS_WRITE, Scope.VALUES_WRITE, unit="H01")
    rows = [a_commune_row("H01.100", "1"), a_commune_row("H02.100", "2")]
    query = {"layout": "portal", "period": "2024-07", "create_units": "true", "dry_run": "true"}

    answer = await steward.post("/v1/imports", json=rows, params=query)

    assert (answer.status_code, answer.json()["status"]) == (200, "rejected"), answer.text
    assert told(answer) == [("unit_forbidden", "/1", None)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"MA_COQUAN": "Sở Y tế"}, "format_invalid"),
        ({"ID": "số 7"}, "format_invalid"),
        ({"TEN": "x" * 301}, "text_too_long"),
        ({"TEN": "UBND\a"}, "text_invalid"),
        ({"TEN": "UBND tá»‰nh An Giang"}, "text_garbled"),
        ({"TEN": "UBND t\ufffdnh An Giang"}, "text_garbled"),
    ],
)
async def test_words_of_a_file_that_cannot_be_a_units_are_named(api: Client, words: dict[str, str], code: str) -> None:
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    answer = await api.post("/v1/imports", json=[{**REST_ROWS[0], **words}], params=query)

    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["pointer"]) == (code, "/0")
    assert [fault["value"]] == [word[:100] for word in words.values()]


async def test_a_unit_that_cannot_be_made_is_named_even_without_a_figure(api: Client) -> None:
    bare = {"ID": "1", "MA_COQUAN": "H02.100", "TEN": "UBND xã", "CKMB": ""}
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    assert told(await api.post("/v1/imports", json=[bare], params=query)) == [("unit_unknown", "/0", None)]


async def test_one_portal_id_under_two_codes_is_told_as_what_it_is(api: Client) -> None:
    rows = [*REST_ROWS, {**REST_ROWS[0], "MA_COQUAN": "H02"}]
    query = {"layout": "portal", "period": "2024-07", "create_units": "true"}

    answer = await api.post("/v1/imports", json=rows, params=query)

    assert {code for code, _, _ in told(answer)} == {"portal_id_ambiguous"}


async def test_a_known_unit_keeps_its_name_and_learns_its_portal_id(api: Client) -> None:
    await with_units(
        api, [a_unit(code="H01", name="UBND tỉnh An Giang (mới)", identifiers=[{"scheme": "gso", "value": "91"}])]
    )

    await api.post(
        "/v1/imports", json=REST_ROWS, params={"layout": "portal", "period": "2024-07", "create_units": "true"}
    )

    unit = (await api.get("/v1/units/H01")).json()
    assert unit["name"] == "UBND tỉnh An Giang (mới)"
    assert unit["identifiers"] == [{"scheme": "dvcqg", "value": "398126"}, {"scheme": "gso", "value": "91"}]


async def test_two_groups_the_wrong_way_round_are_refused_with_the_reason(api: Client) -> None:
    swapped = [{**REST_ROWS[0], "CLGQ": "8.3", "TTTT": "11.2", "TONG_SCORE": "85.8"}]

    answer = await api.post(
        "/v1/imports", json=swapped, params={"layout": "portal", "period": "2024-07", "create_units": "true"}
    )

    assert answer.status_code == 422
    assert "portal_groups_swapped" in {fault["code"] for fault in answer.json()["errors"]}


async def test_what_can_be_read_of_a_file_is_stored_where_faults_are_to_be_skipped(api: Client) -> None:
    query = {"layout": "portal", "period": "2024-07", "create_units": "true", "on_error": "skip"}
    broken = [{**REST_ROWS[0], "CKMB": "13,2"}]

    answer = await api.post("/v1/imports", json=[broken, {"status": 502}], params=query)

    taken = answer.json()
    assert (answer.status_code, taken["rows"], taken["created"], taken["rejected"]) == (200, 8, 6, 2)
    assert [(each["code"], each["pointer"], each.get("value")) for each in taken["errors"]] == [
        ("number_invalid", "/0/0/CKMB", "13,2"),
        ("portal_unrecognised", "/1", None),
    ]


async def test_the_period_is_asked_for(api: Client) -> None:
    answer = await api.post("/v1/imports", json=REST_ROWS, params={"layout": "portal"})

    assert (answer.status_code, answer.json()["code"]) == (422, "period_missing")


async def test_several_saved_answers_in_one_form_give_the_board_that_they_show(api: Client) -> None:
    files = [("file", (path.name, path.read_bytes(), "application/json")) for path in GIA_LAI]

    answer = await api.post(
        "/v1/imports", files=files, params={"layout": "portal", "period": "2026", "create_units": "true"}
    )

    assert answer.status_code == 200, answer.text
    found = await board(api, period="2026", level="department", under="H21")
    assert found["H21.17"]["total"] == 79.27
