"""A unit stands only under one that exists on the day: by every door that states a parent."""

from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, with_units

GONE, HEIR, TO_COME, COMMUNE = "H60.1", "H60.2", "H60.3", "H60.1.7"


@pytest.fixture(autouse=True)
async def offices(api: httpx.AsyncClient) -> None:
    """Three offices: one that has ended, the one that carries on its work, one that begins later; and a commune."""
    office = {"level": "department", "parent": "H60"}
    await with_units(
        api,
        [
            a_unit(),
            a_unit(code=GONE, **office, valid_to="2022-06-30", successors=[HEIR]),
            a_unit(code=HEIR, **office),
            a_unit(code=TO_COME, **office, valid_from="2023-01-01"),
            a_commune(COMMUNE, parent=HEIR),
        ],
    )


def stated(code: str = "H60.1.8", **facts: Any) -> dict[str, Any]:
    return a_commune(code, **facts)


Door = tuple[str, str, Any]


def by_import(**facts: Any) -> Door:
    return "POST", "/v1/units/import", [stated(**facts)]


def by_put(**facts: Any) -> Door:
    unit = stated(**facts)
    return "PUT", f"/v1/units/{unit['code']}", unit


def by_patch(**facts: Any) -> Door:
    return "PATCH", f"/v1/units/{COMMUNE}", facts


def by_event(kind: str = "move", day: str = "2022-07-01", **facts: Any) -> Door:
    return "POST", "/v1/unit-events", {"kind": kind, "effective_on": day, "from": [COMMUNE], **facts}


UNDER_ENDED: dict[str, Door] = {
    "a new one by import": by_import(parent=GONE),
    "a new one by put": by_put(parent=GONE),
    "a later one by import": by_import(parent=GONE, valid_from="2022-07-01"),
    "a known one by patch": by_patch(parent=GONE),
    "a known one by put": by_put(code=COMMUNE, parent=GONE),
    "a move": by_event(parent=GONE),
    "a merger": by_event("merge", to=[{"unit": HEIR}], parent=GONE),
}
UNDER_ONE_TO_COME: dict[str, Door] = {
    "a new one by import": by_import(parent=TO_COME, valid_from="2022-12-31"),
    "a new one by put": by_put(parent=TO_COME, valid_from="2022-01-01"),
    "a known one by patch": by_patch(parent=TO_COME, valid_from="2022-01-01"),
    "a move": by_event(parent=TO_COME),
}
IN_TIME: dict[str, Door] = {
    "one that ended with it": by_import(parent=GONE, valid_to="2022-06-30"),
    "one that began under it": by_put(parent=GONE, valid_from="2020-01-01", valid_to="2022-06-30"),
    "one that begins with it": by_put(parent=TO_COME, valid_from="2023-01-01"),
    "a move on its last day": by_event(day="2022-06-30", parent=GONE),
    "a move on its first day": by_event(day="2023-01-01", parent=TO_COME),
}


def fault_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["pointer"].endswith("/parent")
    told: dict[str, Any] = fault
    return told


@pytest.mark.parametrize("door", UNDER_ENDED)
async def test_nothing_is_put_under_a_unit_that_has_ended(door: str, api: httpx.AsyncClient) -> None:
    method, path, body = UNDER_ENDED[door]

    answer = await api.request(method, path, json=body)
    vietnamese = await api.request(method, path, json=body, headers={"Accept-Language": "vi"})

    fault = fault_of(answer)
    assert (fault["code"], fault["value"], fault["suggestion"]) == ("unit_ended", GONE, HEIR)
    for told in (fault["detail"], fault_of(vietnamese)["detail"]):
        assert "2022-06-30" in told
        assert HEIR in told
    assert "a unit that ends on or before that day may still be stated under it" in fault["detail"]


@pytest.mark.parametrize("door", UNDER_ONE_TO_COME)
async def test_nothing_is_put_under_a_unit_before_that_exists(door: str, api: httpx.AsyncClient) -> None:
    method, path, body = UNDER_ONE_TO_COME[door]

    fault = fault_of(await api.request(method, path, json=body))

    assert (fault["code"], fault["value"]) == ("unit_not_active", TO_COME)
    assert "2023-01-01" in fault["detail"]


@pytest.mark.parametrize("door", IN_TIME)
async def test_a_unit_may_stand_under_one_as_long_as_that_exists(door: str, api: httpx.AsyncClient) -> None:
    method, path, body = IN_TIME[door]

    answer = await api.request(method, path, json=body)

    assert answer.is_success, answer.text


async def test_a_list_is_held_against_what_it_says_itself(api: httpx.AsyncClient) -> None:
    ended = a_unit(code="H60.5", level="department", parent="H60", valid_to="2020-12-31", successors=["H60.6"])
    heir = a_unit(code="H60.6", level="department", parent="H60")

    answer = await api.post("/v1/units/import", json=[a_commune("H60.5.1", parent="H60.5"), ended, heir])

    fault = fault_of(answer)
    assert (fault["code"], fault["pointer"], fault["suggestion"]) == ("unit_ended", "/0/parent", "H60.6")


async def test_a_unit_that_was_left_under_one_that_ended_is_taken_back_as_it_was_read(api: httpx.AsyncClient) -> None:
    merge = {"kind": "merge", "effective_on": "2024-01-01", "from": [HEIR], "to": [{"unit": TO_COME}]}
    await api.post("/v1/unit-events", json=merge)
    read = (await api.get(f"/v1/units/{COMMUNE}")).json()

    same = await api.put(f"/v1/units/{COMMUNE}", json=read)
    renamed = await api.patch(f"/v1/units/{COMMUNE}", json={"name": "UBND xã Mới", "valid_to": "2024-06-30"})

    assert (same.status_code, renamed.status_code) == (200, 200)


def ending(code: str, **facts: Any) -> dict[str, Any]:
    return a_unit(code=code, level="department", parent="H60", valid_to="2024-12-31", **facts)


LEFT_BEHIND: dict[str, tuple[Door, str, str]] = {
    "one that ends by put": (("PUT", f"/v1/units/{HEIR}", ending(HEIR)), HEIR, COMMUNE),
    "one that ends by patch": (("PATCH", f"/v1/units/{HEIR}", {"valid_to": "2024-12-31"}), HEIR, COMMUNE),
    "one that ends by import": (("POST", "/v1/units/import", [ending(HEIR)]), HEIR, COMMUNE),
    "one that stays longer by put": (by_put(parent=GONE, valid_from="2020-01-01"), GONE, "H60.1.8"),
    "one that stays longer by import": (by_import(parent=GONE, valid_from="2020-01-01"), GONE, "H60.1.8"),
}
TOGETHER: dict[str, list[dict[str, Any]]] = {
    "both end": [ending(HEIR), a_commune(COMMUNE, parent=HEIR, valid_to="2024-12-31")],
    "the one below ends before": [a_commune(COMMUNE, parent=HEIR, valid_to="2023-12-31"), ending(HEIR)],
    "the one below moves away": [ending(HEIR), a_commune(COMMUNE, parent="H60")],
}


@pytest.mark.parametrize("door", LEFT_BEHIND)
async def test_who_is_left_under_a_unit_that_ends_is_told_by_every_door(door: str, api: httpx.AsyncClient) -> None:
    (method, path, body), above, below = LEFT_BEHIND[door]

    answer = await api.request(method, path, json=body)

    assert answer.is_success, answer.text
    (warning,) = answer.json()["warnings"]
    assert (warning["code"], warning["value"]) == ("children_left", above)
    assert f"1 unit(s) still stand under {above}, which ends: {below};" in warning["detail"]


@pytest.mark.parametrize("units", TOGETHER.values(), ids=TOGETHER)
async def test_nobody_is_left_where_one_list_ends_or_moves_them_too(
    units: list[dict[str, Any]], api: httpx.AsyncClient
) -> None:
    answer = await api.post("/v1/units/import", json=units)

    assert (answer.status_code, answer.json()["warnings"]) == (200, []), answer.text


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_an_import_warns_once_of_each_unit_left_below_one_that_has_ended(
    query: str, api: httpx.AsyncClient
) -> None:
    merge = {"kind": "merge", "effective_on": "2024-01-01", "from": [HEIR], "to": [{"unit": TO_COME}]}
    assert (await api.post("/v1/unit-events", json=merge)).status_code == 201
    figure = {"unit": COMMUNE, "indicator": "dossier_sync", "value": 90}

    rows = [{**figure, "period": "2023-12"}, {**figure, "period": "2024-02"}]
    answer = await api.post(f"/v1/imports{query}", json=rows)

    assert answer.is_success, answer.text
    (warning,) = answer.json()["warnings"]
    assert (warning["code"], warning["pointer"], warning["value"]) == ("parent_not_active", "/1/unit", COMMUNE)
    assert f"{HEIR}, above {COMMUNE}, did not exist in 2024-02" in warning["detail"]
