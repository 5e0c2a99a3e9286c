"""Short names and kinds of units: stated, kept through time and events, exported, frozen with what letters need."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units
from tests.support.evaluations import a_province, drafted

Client = httpx.AsyncClient
WARD = "H60.101"


async def names(client: Client, unit: str = WARD, **query: str) -> tuple[Any, Any]:
    answer = (await client.get(f"/v1/units/{unit}", params=query)).json()
    return answer["short_name"], answer["kind"]


async def test_a_unit_says_what_was_stated_and_null_where_nothing_was(api: Client) -> None:
    await with_units(api, [a_unit()])

    put = await api.put("/v1/units/H60.101", json=a_commune(WARD, name="UBND phường Minh Xuân", parent="H60"))
    assert (put.json()["short_name"], put.json()["kind"]) == (None, None)

    patched = await api.patch(f"/v1/units/{WARD}", json={"short_name": "phường Minh Xuân", "kind": "ward"})
    assert (patched.json()["short_name"], patched.json()["kind"]) == ("phường Minh Xuân", "ward")

    await api.patch(f"/v1/units/{WARD}", json={"kind": None})
    assert await names(api) == ("phường Minh Xuân", None)


@pytest.mark.parametrize(
    ("sent", "meant"), [("phường", "ward"), ("wrad", "ward"), ("PHƯỜNG", "ward"), ("hành tinh", None)]
)
async def test_a_kind_that_is_none_is_refused_and_the_near_one_named(api: Client, sent: str, meant: str | None) -> None:
    answer = await api.post("/v1/units/import", json=[a_unit(kind=sent)])

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["pointer"]) == (422, "value_not_allowed", "/0/kind")
    assert fault.get("suggestion") == meant


@pytest.mark.parametrize("short_name", ["", " ", "x" * 301, 7, ["x"]])
async def test_a_short_name_is_a_text_like_a_name(api: Client, short_name: object) -> None:
    answer = await api.put("/v1/units/H60", json=a_unit(short_name=short_name))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/short_name"


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
async def test_an_export_can_be_sent_back_and_changes_nothing(api: Client, format: str) -> None:
    await with_units(api, [a_unit(), a_commune(WARD, short_name='P. "Minh & Xuân" <1>', kind="ward")])
    export = await api.get("/v1/units", params={"format": format})
    body = export.json()["items"] if format == "json" else None

    sent = (
        {"json": body}
        if body
        else {"content": export.content, "headers": {"Content-Type": export.headers["content-type"]}}
    )
    again = await api.post("/v1/units/import", **sent)

    assert (again.status_code, again.json()["unchanged"]) == (200, 2)
    assert await names(api) == ('P. "Minh & Xuân" <1>', "ward")


async def test_a_table_without_the_columns_keeps_them_and_a_blank_cell_takes_them_away(api: Client) -> None:
    await with_units(api, [a_unit(short_name="Tỉnh", kind="province")])

    async def imported(text: str) -> None:
        sent = {"content": text.encode(), "headers": {"Content-Type": "text/csv"}}
        assert (await api.post("/v1/units/import", **sent)).status_code == 200  # type: ignore[arg-type]

    await imported("code,name,level\nH60,UBND tỉnh Tuyên Quang,province\n")
    assert await names(api, "H60") == ("Tỉnh", "province")

    await imported("code,name,level,Loại đơn vị,short_name\nH60,UBND tỉnh Tuyên Quang,province,city,\n")
    assert await names(api, "H60") == (None, "city")


async def test_a_move_carries_them_on_and_a_new_name_says_them_anew(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H19"), a_commune(WARD, short_name="Minh Xuân", kind="commune")])
    move = {"kind": "move", "effective_on": "2025-01-01", "from": [WARD], "parent": "H19"}
    rename = {"kind": "rename", "effective_on": "2025-07-01", "from": [WARD], "name": "UBND phường Minh Xuân"}
    for event in (rename, move):
        assert (await api.post("/v1/unit-events", json=event)).status_code == 201
    versions = (await api.get(f"/v1/units/{WARD}/lineage")).json()["versions"]
    assert [(each["short_name"], each["kind"]) for each in versions] == [
        ("Minh Xuân", "commune"),
        ("Minh Xuân", "commune"),
        (None, None),
    ]

    await api.patch(f"/v1/units/{WARD}", json={"kind": "ward"})

    assert await names(api, WARD) == (None, "ward")
    assert await names(api, active_on="2025-06-30") == ("Minh Xuân", "commune")


async def test_as_of_reads_what_was_stated_then(api: Client, clock: Clock) -> None:
    await with_units(api, [a_unit(short_name="Cũ", kind="province")])
    then = clock.forward(days=1).isoformat()
    clock.forward(days=1)

    await api.patch("/v1/units/H60", json={"short_name": "Mới", "kind": "city"})

    assert await names(api, "H60", as_of=then) == ("Cũ", "province")
    assert await names(api, "H60") == ("Mới", "city")


async def test_the_trace_notes_before_and_after(api: Client) -> None:
    await with_units(api, [a_unit(short_name="Cũ")])

    await api.patch("/v1/units/H60", json={"short_name": "Mới", "kind": "city"})

    newest = (await api.get("/v1/audit", params={"limit": 1})).json()["items"][0]
    sides = [newest[side]["H60"]["versions"][0][-2:] for side in ("before", "after")]
    assert sides == [["Cũ", None], ["Mới", "city"]]


async def test_an_evaluation_freezes_them_with_what_letters_need(api: Client, clock: Clock) -> None:
    await a_province(api, clock)
    plain = await drafted(api)
    await api.patch("/v1/units/H60.101", json={"short_name": "Minh Xuân", "kind": "ward"})

    named = await drafted(api)
    await api.patch("/v1/units/H60.101", json={"short_name": "Khác", "kind": None})

    assert named["digest"] == plain["digest"]
    assert named["letter_digest"] != plain["letter_digest"]
    frozen = [await letter_content(api, each["id"]) for each in (plain, named)]
    assert "unit_names" not in frozen[0]
    assert frozen[1]["unit_names"][named["period"]] == {"H60.101": ["Minh Xuân", "ward"]}
    for each in (plain, named):
        assert (await api.get(f"/v1/evaluations/{each['id']}/verify")).json()["matches"] is True


async def letter_content(api: Client, id: int) -> dict[str, Any]:
    content: dict[str, Any] = (await api.get(f"/v1/evaluations/{id}/content", params={"part": "letter"})).json()
    return content
