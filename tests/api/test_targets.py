"""Targets: stated one by one or in bulk, all or none; kept through time; seen by those for whom they hold."""

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units
from tests.support.stated import counts, list_items, put_faults, put_items

PATH = "/v1/targets"
A, B, FOREIGN = "H60.101", "H60.102", "H19.100"
CallerMaker = Callable[..., httpx.AsyncClient]
put, listed, faults = partial(put_items, PATH), partial(list_items, PATH), partial(put_faults, PATH)


def a_target(**overrides: Any) -> dict[str, Any]:
    """What communes of Tuyên Quang should reach in 2024, as a list answers it."""
    target = {"indicator": "online_dossiers", "level": "commune", "year": 2024, "unit": "H60", "target": 50}
    return {**target, "legal_ref": None, **overrides}


@pytest.fixture(autouse=True)
async def units(api: httpx.AsyncClient) -> None:
    """Two communes of Tuyên Quang, one of Đồng Nai, and a district that ended on 30/6/2025."""
    district = a_unit(code="H60.50", name="UBND huyện Na Hang", level="district", parent="H60", valid_to="2025-06-30")
    await with_units(
        api, [a_unit(), a_unit(code="H19"), a_commune(A), a_commune(B, parent="H60"), a_commune(FOREIGN), district]
    )


async def entries(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get("/v1/audit", params={"action": "targets.stated"})).json()["items"]
    return found


async def test_targets_are_created_updated_left_and_taken_back_at_once(api: httpx.AsyncClient) -> None:
    await put(api, a_target(), a_target(year=2025), a_target(unit=A))

    told = await put(
        api,
        a_target(target=60),
        a_target(year=2025),
        a_target(unit=A, target=None),
        a_target(unit=B, target=None),
        a_target(unit=None, level=None, target="12.5"),
    )

    assert counts(told) == (1, 1, 2, 1)
    assert told["items"] == [
        a_target(unit=None, level=None, target=12.5),
        a_target(target=60),
        a_target(year=2025),
    ]
    assert await listed(api) == told["items"]


async def test_what_a_list_answers_can_be_put_back(api: httpx.AsyncClient) -> None:
    await put(api, a_target(target="80.50", legal_ref="Kế hoạch 198/KH-UBND"), a_target(level=None, unit=None))
    answer = (await api.get(PATH)).json()

    told = (await api.put(PATH, json=answer)).json()

    assert counts(told) == (0, 0, 2, 0)
    assert told["items"] == answer["items"]


async def test_decimals_are_printed_as_they_were_written(api: httpx.AsyncClient) -> None:
    await put(api, a_target(target="80.50"))
    assert '"target":80.50,' in (await api.get(PATH)).text

    told = await put(api, a_target(target=80.5))

    assert counts(told) == (0, 0, 1, 0)
    assert '"target":80.50,' in (await api.get(PATH)).text


async def test_a_legal_reference_that_is_left_out_stays_and_null_empties_it(api: httpx.AsyncClient) -> None:
    plain = {name: value for name, value in a_target().items() if name != "legal_ref"}
    await put(api, a_target(legal_ref="Kế hoạch 198/KH-UBND"))

    kept = await put(api, {**plain, "target": 60})
    emptied = await put(api, {**plain, "legal_ref": None, "target": 60})

    assert kept["items"] == [a_target(target=60, legal_ref="Kế hoạch 198/KH-UBND")]
    assert emptied["items"] == [a_target(target=60)]


async def test_every_fault_is_named_at_its_place_and_nothing_is_stored(api: httpx.AsyncClient) -> None:
    items = [
        a_target(),
        a_target(indicator="online_dosiers", target="80.12345"),
        a_target(unit="H6O", target=101),
        a_target(unit="H60.50", level=None, year=2026),
        a_target(unit=A, target=True),
        a_target(unit=B, indicator="overdue_dossiers", target=-1),
        a_target(target=55),
    ]

    assert await faults(api, {"items": items}) == [
        ("/items/1/indicator", "indicator_unknown"),
        ("/items/1/target", "number_too_precise"),
        ("/items/2/target", "rate_out_of_range"),
        ("/items/4/target", "number_invalid"),
        ("/items/5/target", "number_out_of_range"),
        ("/items/2/unit", "unit_unknown"),
        ("/items/3/unit", "unit_not_active"),
        ("/items/0", "duplicate_row"),
        ("/items/6", "duplicate_row"),
    ]


async def test_a_near_code_is_suggested(api: httpx.AsyncClient) -> None:
    answer = (await api.put(PATH, json=a_target(indicator="online_dosiers", unit="H6O"))).json()

    assert [each["suggestion"] for each in answer["errors"]] == ["online_dossiers", "H60"]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"year": 1899}, ("/year", "number_out_of_range")),
        ({"year": 2200}, ("/year", "number_out_of_range")),
        ({"year": "2024"}, ("/year", "number_invalid")),
        ({"level": "village"}, ("/level", "value_not_allowed")),
        ({"unit": "h60"}, ("/unit", "format_invalid")),
        ({"period": "2024-07"}, ("/period", "field_unknown")),
        ({"legal_ref": ""}, ("/legal_ref", "text_too_short")),
    ],
)
async def test_a_body_of_another_shape_is_refused(
    wrong: dict[str, Any], fault: tuple[str, str], api: httpx.AsyncClient
) -> None:
    assert await faults(api, a_target(**wrong)) == [fault]
    assert await faults(api, {"items": [a_target(**wrong)]}) == [(f"/items/0{fault[0]}", fault[1])]


async def test_a_body_without_a_target_takes_nothing_back(api: httpx.AsyncClient) -> None:
    await put(api, a_target())
    without = {name: value for name, value in a_target().items() if name != "target"}

    assert await faults(api, without) == [("/target", "field_missing")]


async def test_the_target_of_a_unit_that_is_gone_can_be_taken_back(api: httpx.AsyncClient) -> None:
    gone = a_target(unit="H60.50", level=None)
    await put(api, gone)
    ended = {"name": "UBND huyện Na Hang", "level": "district", "parent": "H60", "valid_to": "2023-12-31"}
    assert (await api.put("/v1/units/H60.50", json=ended)).status_code == 200

    assert await faults(api, {**gone, "target": 60}) == [("/unit", "unit_not_active")]
    assert counts(await put(api, {**gone, "target": None})) == (0, 0, 0, 1)


async def test_a_subtree_key_states_targets_for_its_own_units_alone(
    api: httpx.AsyncClient, as_key: CallerMaker
) -> None:
    clerk = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit="H60")

    refused = await clerk.put(
        PATH, json={"items": [a_target(), a_target(unit=FOREIGN), a_target(unit=None), a_target(unit="H99")]}
    )
    taken = await put(clerk, a_target(), a_target(unit=A))

    assert refused.status_code == 403
    assert refused.json()["code"] == "unit_forbidden"
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/items/1/unit", "/items/2/unit"]
    assert counts(taken) == (2, 0, 0, 0)


async def test_a_subtree_key_sees_the_targets_that_hold_within_it(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    places = [None, "H19", "H60", A, B, FOREIGN]
    await put(api, *(a_target(unit=unit) for unit in places))
    clerk = as_key(Scope.VALUES_READ, unit=A)

    assert [each["unit"] for each in await listed(clerk)] == [None, "H60", A]
    assert [each["unit"] for each in await listed(clerk, unit="H60")] == ["H60"]
    assert [each["unit"] for each in await listed(as_key(Scope.VALUES_READ, unit="H60"))] == [None, "H60", A, B]
    for hidden in (B, "H19", "H99"):
        answer = await clerk.get(PATH, params={"unit": hidden})
        assert (answer.status_code, answer.json()["code"]) == (404, "unit_unknown")


async def test_targets_are_filtered_by_what_they_are_stated_for(api: httpx.AsyncClient) -> None:
    one, two, three = a_target(), a_target(year=2025, level=None), a_target(indicator="paid_dossiers", unit=A)
    await put(api, one, two, three)

    assert await listed(api, year=2025) == [two]
    assert await listed(api, indicator="paid_dossiers") == [three]
    assert await listed(api, unit=A) == [three]
    assert await listed(api, level="commune") == [one, three]
    assert await listed(api, level="district") == []


async def test_the_past_is_answered_as_it_was(api: httpx.AsyncClient, clock: Clock) -> None:
    await put(api, a_target(), a_target(unit=A))
    then = clock.forward(hours=1)
    clock.forward(days=1)

    await put(api, a_target(target=60), a_target(unit=A, target=None))

    assert await listed(api) == [a_target(target=60)]
    assert await listed(api, as_of=then.isoformat()) == [a_target(), a_target(unit=A)]


async def test_a_list_is_walked_page_by_page(api: httpx.AsyncClient) -> None:
    stated = [a_target(unit=unit, level=level) for unit in (None, "H60", A) for level in (None, "commune")]
    await put(api, *stated)
    every, found = await listed(api), []

    answer = (await api.get(PATH, params={"limit": 4})).json()
    found += answer["items"]
    answer = (await api.get(PATH, params={"limit": 4, "cursor": answer["next_cursor"]})).json()
    found += answer["items"]

    assert answer["next_cursor"] is None
    assert found == every
    assert len(found) == len(stated)


async def test_the_list_leaves_as_a_table(api: httpx.AsyncClient) -> None:
    await put(api, a_target(target="80.50", legal_ref="=1+1"))

    answer = await api.get(PATH, params={"format": "csv"})

    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert row == {
        "Chỉ số": "online_dossiers",
        "Cấp": "commune",
        "Năm": "2024",
        "Mã": "H60",
        "Chỉ tiêu": "80.50",
        "Căn cứ": "'=1+1",
    }


async def test_a_put_is_one_entry_in_the_trace_and_one_that_changes_nothing_is_none(api: httpx.AsyncClient) -> None:
    await put(api, a_target())
    await put(api, a_target(target=60), a_target(unit=A))
    await put(api, a_target(target=60), a_target(unit=B, target=None))
    await put(api, a_target(target=None))

    removed, both, created = await entries(api)

    key, other = "2024/online_dossiers/commune/H60", f"2024/online_dossiers/commune/{A}"
    assert (created["subject"], created["before"]) == (f"target:{key}", None)
    assert created["after"] == {key: {"target": "50", "legal_ref": None}}
    assert both["subject"] == "targets"
    assert both["before"] == {key: {"target": "50", "legal_ref": None}}
    assert both["after"] == {key: {"target": "60", "legal_ref": None}, other: {"target": "50", "legal_ref": None}}
    assert (removed["before"], removed["after"]) == ({key: {"target": "60", "legal_ref": None}}, {key: None})


async def test_a_repeated_put_with_its_key_is_replayed(api: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "targets-2024"}
    first = await api.put(PATH, json=a_target(), headers=headers)

    again = await api.put(PATH, json=a_target(), headers=headers)

    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert counts(again.json()) == (1, 0, 0, 0)
