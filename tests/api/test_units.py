"""Units over HTTP: stated, corrected, found, sorted and paged."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.domain.unit import MOST_IDENTIFIERS, MOST_SUCCESSORS
from app.domain.unit_trees import MOST_LEVELS
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units

NAMES = {"H60.100": "Xã Bình Thành", "H60.101": "Xã Na Hang", "H60.102": "Xã Định Hóa", "H60.103": "Xã An Khê"}


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/v1/units", params=query)
    assert answer.status_code == 200, answer.text
    return [unit["code"] for unit in answer.json()["items"]]


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(fault["code"], fault.get("pointer", "")) for fault in answer.json()["errors"]]


async def test_a_new_unit_is_created_and_a_known_one_restated(api: httpx.AsyncClient) -> None:
    body = {**a_unit(), "identifiers": [{"scheme": "gso", "value": "08"}], "valid_from": "2004-01-01"}

    first = await api.put("/v1/units/H60", json=body)
    again = await api.put("/v1/units/H60", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    left_out: dict[str, Any] = {"parent": None, "valid_to": None, "successors": [], "short_name": None, "kind": None}
    assert first.json() == again.json() == {**body, **left_out}


async def test_putting_states_the_whole_and_patching_a_part(api: httpx.AsyncClient) -> None:
    await api.put("/v1/units/H60", json=a_unit(valid_from="2004-01-01"))

    patched = await api.patch("/v1/units/H60", json={"valid_to": "2030-12-31"})
    put = await api.put("/v1/units/H60", json=a_unit(name="Tỉnh Tuyên Quang"))

    assert (patched.json()["valid_from"], patched.json()["valid_to"]) == ("2004-01-01", "2030-12-31")
    assert (put.json()["name"], put.json()["valid_from"], put.json()["valid_to"]) == ("Tỉnh Tuyên Quang", None, None)


async def test_an_unchanged_unit_leaves_no_trace(api: httpx.AsyncClient) -> None:
    await api.put("/v1/units/H60", json=a_unit())
    before = (await api.get("/v1/audit")).json()["items"]

    await api.put("/v1/units/H60", json=a_unit())

    assert (await api.get("/v1/audit")).json()["items"] == before


async def test_what_cannot_be_a_unit_is_named(api: httpx.AsyncClient) -> None:
    answer = await api.put(
        "/v1/units/H60", json={"name": " ", "level": "planet", "parent": "x", "valid_from": 20250701, "surprise": 1}
    )

    assert answer.status_code == 422
    assert sorted(codes(answer)) == [
        ("date_invalid", "/valid_from"),
        ("field_unknown", "/surprise"),
        ("format_invalid", "/parent"),
        ("text_too_short", "/name"),
        ("value_not_allowed", "/level"),
    ]


async def test_a_body_that_names_another_unit_than_its_address_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/units/H61", json=a_unit(code="H60"))

    assert (answer.status_code, answer.json()["code"]) == (422, "code_differs")


async def test_an_unknown_unit_is_not_found(api: httpx.AsyncClient) -> None:
    for answer in (
        await api.get("/v1/units/H99"),
        await api.get("/v1/units/H99/lineage"),
        await api.patch("/v1/units/H99", json={"name": "X"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unit_unknown")


async def test_a_parent_must_exist_and_a_near_one_is_suggested(api: httpx.AsyncClient) -> None:
    await api.put("/v1/units/H60", json=a_unit())

    answer = await api.put("/v1/units/H60.100", json=a_commune(parent="H6O"))

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["pointer"], fault["value"], fault["suggestion"]) == (
        "unit_unknown",
        "/parent",
        "H6O",
        "H60",
    )


async def test_no_unit_may_stand_below_itself(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune(), a_commune("H60.100.1", parent="H60.100")])

    above_itself = await api.patch("/v1/units/H60", json={"parent": "H60"})
    in_a_circle = await api.patch("/v1/units/H60", json={"parent": "H60.100.1"})

    assert codes(above_itself) == codes(in_a_circle) == [("parent_cycle", "/parent")]
    assert "H60 → H60.100.1 → H60.100 → H60" in in_a_circle.json()["errors"][0]["detail"]


def a_line(count: int, **overrides: Any) -> list[dict[str, Any]]:
    """Units each of which stands below the one before it: L0, L1, …"""
    return [
        a_unit(**{"code": f"L{n}", "level": "other", "parent": f"L{n - 1}" if n else None, **overrides})
        for n in range(count)
    ]


async def test_units_stand_no_deeper_than_there_are_levels(api: httpx.AsyncClient) -> None:
    await with_units(api, [*a_line(MOST_LEVELS), a_unit(), a_commune()])

    one_more = await api.put("/v1/units/L", json=a_unit(code="L", level="other", parent=f"L{MOST_LEVELS - 1}"))
    moved = await api.patch("/v1/units/L0", json={"parent": "H60"})
    event = {"kind": "move", "effective_on": "2025-07-01", "from": ["L1"], "to": [], "parent": "H60"}
    deeper = await api.post("/v1/unit-events", json={**event, "parent": "H60.100"})
    fits = await api.post("/v1/unit-events", json=event)

    assert codes(one_more) == codes(moved) == codes(deeper) == [("hierarchy_too_deep", "/parent")]
    assert fits.status_code == 201, fits.text


async def test_of_a_line_without_end_the_first_unit_that_is_too_deep_is_named(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/units/import", json=a_line(20_000))

    assert codes(answer) == [("hierarchy_too_deep", f"/{MOST_LEVELS}/parent")]


async def test_a_life_cannot_end_before_it_begins(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/units/H60", json=a_unit(valid_from="2025-07-01", valid_to="2025-06-30"))

    assert codes(answer) == [("validity_reversed", "/valid_to")]


async def test_a_unit_does_not_succeed_itself(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/units/H60", json=a_unit(valid_to="2025-06-30", successors=["H60"]))

    assert codes(answer) == [("successor_itself", "/successors")]


async def test_an_identifier_belongs_to_one_unit_and_can_be_handed_on(api: httpx.AsyncClient) -> None:
    gso = [{"scheme": "gso", "value": "08"}]
    await with_units(api, [a_unit(identifiers=gso), a_unit(code="H61")])

    taken = await api.patch("/v1/units/H61", json={"identifiers": gso})
    handed_on = await api.post(
        "/v1/units/import", json=[a_unit(code="H61", identifiers=gso), a_unit(code="H60", identifiers=[])]
    )

    assert codes(taken) == [("identifier_taken", "/identifiers")]
    assert handed_on.json()["updated"] == 2
    assert (await api.get("/v1/units/H61")).json()["identifiers"] == gso


async def test_the_tree_is_listed_by_parent_and_by_everything_under(api: httpx.AsyncClient) -> None:
    await with_units(
        api,
        [
            a_unit(),
            a_unit(code="H60.07", level="district", parent="H60"),
            a_commune("H60.07.01", parent="H60.07"),
            a_unit(code="H61"),
        ],
    )

    assert await listed(api, under="H60") == ["H60.07", "H60.07.01"]
    assert await listed(api, parent="H60") == ["H60.07"]
    assert await listed(api, under="H60", level="commune") == ["H60.07.01"]
    assert await listed(api, level="province") == ["H60", "H61"]
    assert await listed(api, under="H99") == []


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("binh thanh", ["H60.100"]),
        ("BÌNH  THÀNH", ["H60.100"]),
        ("na hang", ["H60.101"]),
        ("dinh hoa", ["H60.102"]),
        ("Định Hoá", ["H60.102"]),
        ("đinh hoa", ["H60.102"]),
        ("Bi\u0300nh", ["H60.100"]),
        ("h60.10", ["H60.100", "H60.101", "H60.102", "H60.103"]),
        ("%", []),
        ("_", []),
        ("---", []),
        ("", ["H60", "H60.100", "H60.101", "H60.102", "H60.103"]),
    ],
)
async def test_names_are_found_without_accents_and_case(api: httpx.AsyncClient, q: str, found: list[str]) -> None:
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in NAMES.items())])

    assert await listed(api, q=q) == found


async def test_people_get_names_in_the_order_of_a_vietnamese_dictionary(api: httpx.AsyncClient) -> None:
    names = ["Đà Nẵng", "Dầu Tiếng", "Ân Thi", "An Giang", "Ăn Mòn", "Bà Rịa", "Bá Thước", "Quận 10", "Quận 2"]
    await with_units(api, [a_unit(code=f"H{n:02}", name=name) for n, name in enumerate(names)])

    answer = await api.get("/v1/units", params={"sort": "name"})

    assert [unit["name"] for unit in answer.json()["items"]] == [
        "An Giang", "Ăn Mòn", "Ân Thi", "Bà Rịa", "Bá Thước", "Dầu Tiếng", "Đà Nẵng", "Quận 2", "Quận 10",
    ]  # fmt: skip


async def test_units_are_listed_as_they_stood_on_a_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(valid_to="2025-06-30"), a_unit(code="H61", valid_from="2025-07-01")])

    assert await listed(api, active_on="2025-06-30") == ["H60"]
    assert await listed(api, active_on="2025-07-01") == ["H61"]
    assert (await api.get("/v1/units/H61", params={"active_on": "2025-06-30"})).status_code == 404
    assert (await api.get("/v1/units", params={"active_on": "1719792000"})).status_code == 422


async def test_units_are_listed_as_they_were_known_at_an_instant(api: httpx.AsyncClient, clock: Clock) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_commune()])
    known = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)
    await api.patch("/v1/units/H60.100", json={"parent": "H61", "name": "Xã Khác"})
    clock.forward(hours=1)

    assert await listed(api, under="H60") == []
    assert await listed(api, under="H60", as_of=known) == ["H60.100"]
    assert (await api.get("/v1/units/H60.100", params={"as_of": known})).json()["name"] == "UBND xã H60.100"
    future = await api.get("/v1/units", params={"as_of": clock.forward(days=1).isoformat()})
    assert future.status_code == 200
    ahead = await api.get("/v1/units", params={"as_of": "2099-01-01T00:00:00Z"})
    assert (ahead.status_code, ahead.json()["code"]) == (422, "moment_in_future")


@pytest.mark.parametrize("sort", ["code", "name"])
async def test_pages_stay_right_while_units_come_and_go(api: httpx.AsyncClient, sort: str) -> None:
    """What stood all the time comes exactly once, whatever is added or removed meanwhile."""
    await with_units(api, [a_unit(code=f"H{n:02}", name=f"Tỉnh {n:02}") for n in range(10, 40)])
    seen: list[str] = []
    query: dict[str, Any] = {"sort": sort, "limit": 7, "active_on": "2026-10-01"}

    for turn in range(9):
        page = await api.get("/v1/units", params=query)
        seen += [unit["code"] for unit in page.json()["items"]]
        if page.json()["next_cursor"] is None:
            break
        assert f"cursor={page.json()['next_cursor']}" in page.headers["Link"]
        query["cursor"] = page.json()["next_cursor"]
        await api.put(f"/v1/units/H0{turn}", json=a_unit(code=f"H0{turn}", name=f"Tỉnh 0{turn}"))
        await api.put(f"/v1/units/H5{turn}", json=a_unit(code=f"H5{turn}", name=f"Tỉnh 5{turn}"))
        await api.patch(f"/v1/units/{seen[-1]}", json={"valid_to": "2026-01-01"})

    lasting = [f"H{n}" for n in range(10, 40)]
    assert len(seen) == len(set(seen))
    assert [code for code in seen if code in lasting] == lasting
    assert "H00" not in seen


async def test_equal_names_are_paged_by_their_codes(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(code=f"H{n}", name="Bình Thành") for n in range(10, 15)])
    first = await api.get("/v1/units", params={"sort": "name", "limit": 2})

    rest = await listed(api, sort="name", cursor=first.json()["next_cursor"])

    assert rest == ["H12", "H13", "H14"]


async def test_a_cursor_of_another_order_is_refused(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61")])
    cursor = (await api.get("/v1/units", params={"limit": 1})).json()["next_cursor"]

    answer = await api.get("/v1/units", params={"sort": "name", "cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


async def test_a_deep_tree_is_walked_to_its_end(api: httpx.AsyncClient) -> None:
    chain = [a_unit(code=f"T{n}", parent=f"T{n - 1}" if n else None) for n in range(300)]
    await with_units(api, list(reversed(chain)))

    assert len(await listed(api, under="T0", limit=1000)) == 299
    assert (await api.get("/v1/units/T299/lineage")).json()["ancestors"][-1] == "T0"


async def test_a_search_in_a_province_is_one_query(
    anonymous: httpx.AsyncClient, api: httpx.AsyncClient, count_queries: Callable[[], Any]
) -> None:
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in NAMES.items())])

    with count_queries() as queries:
        found = await listed(anonymous, under="H60", level="commune", q="na hang")

    assert found == ["H60.101"]
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("field", "members"),
    [
        ("successors", [f"X{n}" for n in range(MOST_SUCCESSORS + 1)]),
        ("identifiers", [{"scheme": "gso", "value": str(n)} for n in range(MOST_IDENTIFIERS + 1)]),
    ],
)
async def test_lists_of_a_unit_have_an_end(api: httpx.AsyncClient, field: str, members: list[Any]) -> None:
    """Every later change of the unit writes them into the trace once more."""
    await with_units(api, [a_unit()])

    answers = [
        await api.patch("/v1/units/H60", json={field: members}),
        await api.put("/v1/units/H60", json=a_unit(**{field: members})),
        await api.post("/v1/units/import", json=[a_unit(**{field: members})]),
    ]

    assert [each.status_code for each in answers] == [422] * 3
    faults = [each.json()["errors"][0] for each in answers]
    assert [(each["code"], each["pointer"]) for each in faults] == [
        ("value_invalid", f"/{field}"),
        ("value_invalid", f"/{field}"),
        ("value_invalid", f"/0/{field}"),
    ]
    assert (await api.patch("/v1/units/H60", json={field: members[1:]})).status_code == 200
