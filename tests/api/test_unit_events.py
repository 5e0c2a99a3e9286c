"""Mergers, splits, renamings, moves and abolitions: the map of units through time."""

from typing import Any

import httpx
import pytest

from app.domain.unit import MOST_SUCCESSORS
from tests.make import a_commune, a_unit, with_units

DAY, EVE = "2025-07-01", "2025-06-30"


def an_event(kind: str, *sources: str, to: tuple[str, ...] = (), **overrides: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "effective_on": DAY,
        "from": list(sources),
        "to": [{"unit": code} for code in to],
        **overrides,
    }


async def added(api: httpx.AsyncClient, event: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post("/v1/unit-events", json=event)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    del told["warnings"]
    return told


async def refused(api: httpx.AsyncClient, event: dict[str, Any]) -> list[tuple[str, str]]:
    answer = await api.post("/v1/unit-events", json=event)
    assert (answer.status_code, answer.json()["code"]) == (422, "event_refused"), answer.text
    return [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]]


async def versions(api: httpx.AsyncClient, code: str) -> list[tuple[str, str | None, str | None]]:
    lineage = (await api.get(f"/v1/units/{code}/lineage")).json()
    return [(version["name"], version["valid_from"], version["valid_to"]) for version in lineage["versions"]]


async def test_a_merger_ends_what_vanishes_and_leaves_what_survives(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H22", name="UBND tỉnh Hà Giang")])

    event = await added(api, an_event("merge", "H60", "H22", to=("H60",), legal_ref="Nghị quyết 202/2025/QH15"))

    kept, gone = (await api.get("/v1/units/H60")).json(), (await api.get("/v1/units/H22")).json()
    assert (kept["valid_to"], kept["successors"]) == (None, [])
    assert (gone["valid_to"], gone["successors"]) == (EVE, ["H60"])
    lineage = (await api.get("/v1/units/H60/lineage")).json()
    assert lineage["predecessors"] == ["H22"]
    assert lineage["events"] == [event]
    assert event["from"] == ["H22", "H60"]
    assert (await api.get("/v1/units", params={"active_on": DAY})).json()["items"] == [kept]


async def test_a_split_hands_shares_to_its_successors(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.1"), a_commune("H60.2"), a_commune("H60.3")])

    event = await added(
        api,
        an_event("split", "H60.1") | {"to": [{"unit": "H60.2", "share": 0.75}, {"unit": "H60.3", "share": 0.25}]},
    )

    assert event["to"] == [{"unit": "H60.2", "share": 0.75}, {"unit": "H60.3", "share": 0.25}]
    assert (await api.get("/v1/units/H60.1")).json()["successors"] == ["H60.2", "H60.3"]
    assert (await api.get("/v1/units/H60.2/lineage")).json()["predecessors"] == ["H60.1"]


async def test_a_renamed_unit_has_its_old_name_on_the_eve_and_its_new_one_from_the_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(name="Tỉnh Tuyên Quang")])

    await added(api, an_event("rename", "H60", name="Thành phố Tuyên Quang"))

    for day, name in ((EVE, "Tỉnh Tuyên Quang"), (DAY, "Thành phố Tuyên Quang")):
        listed = (await api.get("/v1/units", params={"active_on": day})).json()["items"]
        assert [unit["name"] for unit in listed] == [name]
        assert (await api.get("/v1/units/H60", params={"active_on": day})).json()["name"] == name
    assert (await api.get("/v1/units/H60")).json()["valid_from"] is None


async def test_a_moved_unit_stands_under_its_new_parent_from_the_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H22"), a_commune("H22.1", parent="H22")])

    await added(api, an_event("move", "H22.1", parent="H60"))

    for day, parent in ((EVE, "H22"), (DAY, "H60")):
        listed = (await api.get("/v1/units", params={"under": parent, "active_on": day})).json()["items"]
        assert [unit["code"] for unit in listed] == ["H22.1"]


async def test_a_merger_may_name_and_place_the_unit_that_comes_of_it(api: httpx.AsyncClient) -> None:
    await with_units(
        api, [a_unit(), a_commune("H60.1"), a_commune("H60.2"), a_commune("H60.3", valid_from=DAY, name="Xã Mới")]
    )

    await added(api, an_event("merge", "H60.1", "H60.2", to=("H60.3",), name="Xã Minh Xuân"))

    assert await versions(api, "H60.3") == [("Xã Minh Xuân", DAY, None)]


async def test_a_unit_that_was_stated_as_gone_may_still_be_merged(api: httpx.AsyncClient) -> None:
    """Old units are often stated with their last day before anybody tells the event."""
    await with_units(api, [a_unit(), a_unit(code="H22", valid_to=EVE)])

    await added(api, an_event("merge", "H22", to=("H60",)))

    gone = (await api.get("/v1/units/H22")).json()
    assert (gone["valid_to"], gone["successors"]) == (EVE, ["H60"])


async def test_an_abolished_unit_is_gone_from_the_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H60.07", level="district", parent="H60")])

    await added(api, an_event("abolish", "H60.07"))

    assert await versions(api, "H60.07") == [("UBND tỉnh Tuyên Quang", None, EVE)]


@pytest.mark.parametrize("event", [an_event("abolish", "H22"), an_event("merge", "H22", "H60", to=("H60",))])
async def test_units_under_one_that_ends_are_named(api: httpx.AsyncClient, event: dict[str, Any]) -> None:
    await with_units(
        api,
        [a_unit(), a_unit(code="H22"), a_commune("H22.1"), a_commune("H22.2", valid_to=EVE), a_commune("H60.1")],
    )

    answer = await api.post("/v1/unit-events", json=event)

    assert answer.status_code == 201, answer.text
    (warning,) = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"], warning["value"]) == ("children_left", "/from/0", "H22")
    assert "1 unit(s) still stand under H22, which ends: H22.1;" in warning["detail"]


async def test_a_unit_that_ends_with_all_that_stood_under_it_leaves_nothing(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_commune("H60.1")])

    answer = await api.post("/v1/unit-events", json=an_event("abolish", "H60", "H60.1"))

    assert (answer.status_code, answer.json()["warnings"]) == (201, [])


async def test_stating_a_unit_after_its_renaming_keeps_the_old_name_before_the_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(name="Cũ")])
    await added(api, an_event("rename", "H60", name="Mới"))

    await api.put("/v1/units/H60", json=a_unit(name="Mới nhất"))
    await api.patch("/v1/units/H60", json={"identifiers": [{"scheme": "gso", "value": "08"}]})

    assert await versions(api, "H60") == [("Cũ", None, EVE), ("Mới nhất", DAY, None)]


async def test_an_event_told_late_leaves_later_ones_in_force(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(name="Một"), a_unit(code="H99")])
    await added(api, an_event("move", "H60", parent="H99"))

    await added(api, an_event("rename", "H60", name="Hai", effective_on="2024-01-01"))

    assert await versions(api, "H60") == [("Một", None, "2023-12-31"), ("Hai", "2024-01-01", EVE), ("Hai", DAY, None)]


@pytest.mark.parametrize("day", ["2025-01-01", "2024-12-31"])
async def test_a_unit_cannot_end_on_or_before_the_day_it_began(api: httpx.AsyncClient, day: str) -> None:
    await with_units(api, [a_unit(valid_from="2025-01-01"), a_unit(code="H61")])

    assert await refused(api, an_event("merge", "H60", to=("H61",), effective_on=day)) == [
        ("unit_not_active", "/from/0")
    ]
    assert await refused(api, an_event("abolish", "H60", effective_on=day)) == [("unit_not_active", "/from/0")]


@pytest.mark.parametrize("day", ["0001-01-01", "2024-12-31", "2026-01-02", "9999-12-31"])
async def test_a_unit_cannot_change_outside_its_life(api: httpx.AsyncClient, day: str) -> None:
    await with_units(api, [a_unit(valid_from="2025-01-01", valid_to="2026-01-01")])

    assert await refused(api, an_event("rename", "H60", name="X", effective_on=day)) == [("unit_not_active", "/from/0")]


async def test_a_unit_cannot_end_before_it_last_changed(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    await added(api, an_event("rename", "H60", name="Mới"))

    assert await refused(api, an_event("abolish", "H60", effective_on="2025-01-01")) == [
        ("event_out_of_order", "/from/0")
    ]


async def test_a_successor_must_exist_on_the_day(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61", valid_from="2026-01-01"), a_unit(code="H62", valid_to=EVE)])

    assert await refused(api, an_event("split", "H60", to=("H61", "H62"))) == [
        ("unit_not_active", "/to/0/unit"),
        ("unit_not_active", "/to/1/unit"),
    ]


@pytest.mark.parametrize(
    ("event", "faults"),
    [
        (an_event("merge", "H60"), [("field_missing", "/to")]),
        (an_event("split", "H60"), [("field_missing", "/to")]),
        (an_event("rename", "H60"), [("field_missing", "/name")]),
        (an_event("move", "H60"), [("field_missing", "/parent")]),
        (an_event("abolish", "H60", to=("H61",)), [("field_unknown", "/to")]),
        (an_event("abolish", "H60", name="X"), [("field_unknown", "/name")]),
        (an_event("rename", "H60", to=("H61",), name="X"), [("field_unknown", "/to")]),
        (an_event("rename", "H60", "H61", name="X"), [("name_ambiguous", "/name")]),
        (an_event("split", "H60", to=("H61", "H62"), name="X"), [("name_ambiguous", "/name")]),
        (an_event("merge", "H60", "H61", to=("H61", "H60")), [("event_changes_nothing", "/to")]),
        (an_event("split", "H60", to=("H60",)), [("event_changes_nothing", "/to")]),
        (
            an_event("split", "H60") | {"to": [{"unit": "H61", "share": 0.6}, {"unit": "H62", "share": 0.6}]},
            [("shares_exceed_whole", "/to")],
        ),
        (an_event("abolish", "H60", "H60"), [("unit_repeated", "/from")]),
        (an_event("merge", "H60", to=("H61", "H61")), [("unit_repeated", "/to")]),
        (an_event("move", "H60", parent="H60"), [("parent_cycle", "/parent")]),
        (an_event("move", "H60", parent="H60.1"), [("parent_cycle", "/parent")]),
        (
            an_event("merge", "H98", to=("H99",), parent="H97"),
            [("unit_unknown", "/from/0"), ("unit_unknown", "/to/0/unit"), ("unit_unknown", "/parent")],
        ),
    ],
)
async def test_an_event_that_cannot_be_is_refused_with_every_fault(
    api: httpx.AsyncClient, event: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    await with_units(api, [a_unit(), a_unit(code="H61"), a_unit(code="H62"), a_commune("H60.1")])

    assert await refused(api, event) == faults
    assert (await api.get("/v1/units/H60")).json()["valid_to"] is None


async def test_the_same_event_is_kept_once(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), a_unit(code="H22")])
    event = an_event("merge", "H22", to=("H60",))
    await added(api, event)

    assert await refused(api, event) == [("event_known", "")]
    assert len((await api.get("/v1/units/H60/lineage")).json()["events"]) == 1


async def test_an_event_leaves_one_entry_in_the_trace_with_what_it_changed(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(name="Cũ")])
    before = len((await api.get("/v1/audit")).json()["items"])

    event = await added(api, an_event("rename", "H60", name="Mới"))

    newest, *older = (await api.get("/v1/audit")).json()["items"]
    assert len(older) == before
    assert (newest["action"], newest["subject"]) == ("unit_event.added", f"unit_event:{event['id']}")
    assert [version[0] for version in newest["before"]["units"]["H60"]["versions"]] == ["Cũ"]
    assert [version[0] for version in newest["after"]["units"]["H60"]["versions"]] == ["Cũ", "Mới"]


@pytest.mark.parametrize("day", [20250701, "1/7/2025", None, "2025-06-31"])
async def test_the_day_of_an_event_is_written_with_hyphens(api: httpx.AsyncClient, day: object) -> None:
    answer = await api.post("/v1/unit-events", json=an_event("abolish", "H60", effective_on=day))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/effective_on"]


def office_units(side: str, count: int) -> list[dict[str, Any]]:
    return [a_unit(code=f"{side}.{n}", level="other") for n in range(count)]


def codes_of(units: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(unit["code"] for unit in units)


async def test_an_event_has_so_many_successions(api: httpx.AsyncClient) -> None:
    """Each unit that ends keeps all that follow it: a thousand by a thousand were a million, of a body of 36 KB."""
    before, after = office_units("A", 51), office_units("B", 100)
    await with_units(api, [*before, *after])
    too_large = an_event("merge", *codes_of(before), to=codes_of(after))

    english = await api.post("/v1/unit-events", json=too_large)
    vietnamese = await api.post("/v1/unit-events", json=too_large, headers={"Accept-Language": "vi"})
    await added(api, an_event("merge", *codes_of(before[1:]), to=codes_of(after)))
    trace = await api.get("/v1/audit", params={"limit": 1})

    (fault,) = english.json()["errors"]
    assert (english.status_code, fault["code"], fault["pointer"]) == (422, "event_too_large", "/to")
    assert "51 unit(s) that end and 100 that follow each of them make 5100" in fault["detail"]
    assert "51 đơn vị kết thúc, mỗi đơn vị có 100 đơn vị kế tục" in vietnamese.json()["errors"][0]["detail"]
    assert (await api.get("/v1/units/A.0")).json()["successors"] == []
    assert len(trace.content) < 200_000


async def test_units_that_stay_make_no_event_too_large(api: httpx.AsyncClient) -> None:
    staying = office_units("A", 100)
    await with_units(api, [*staying, *office_units("B", 2)])
    codes = codes_of(staying)

    event = await added(api, an_event("merge", *codes, "B.0", to=(*codes, "B.1")))

    assert len(event["to"]) == 101


async def test_event_by_event_a_unit_gains_no_more_successors_than_it_may_have(api: httpx.AsyncClient) -> None:
    heirs = [f"B.{n}" for n in range(MOST_SUCCESSORS)]
    await with_units(api, [a_unit(valid_to=EVE, successors=heirs), a_unit(code="H22"), *office_units("B", 1)])

    assert await refused(api, an_event("merge", "H60", to=("H22",))) == [("event_too_large", "/from/0")]
    await added(api, an_event("merge", "H60", to=("B.0",)))
