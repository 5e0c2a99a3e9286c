"""Publications: stated one by one, in bulk or for a level, kept through time, listed by what they were on a day."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, with_units
from tests.support.stated import counts, list_items, put_faults, put_items

PATH = "/v1/publications"
A, B, C = "H60.101", "H60.102", "H60.103"
CallerMaker = Callable[..., httpx.AsyncClient]
put, listed, faults = partial(put_items, PATH), partial(list_items, PATH), partial(put_faults, PATH)


def a_duty(unit: str = A, **overrides: Any) -> dict[str, Any]:
    """What a commune has to publish of July 2024."""
    return {"unit": unit, "period": "2024-07", "due_on": "2024-08-28", **overrides}


@pytest.fixture(autouse=True)
async def communes(api: httpx.AsyncClient) -> None:
    """Three communes of Tuyên Quang and one of Đồng Nai."""
    await with_units(api, [a_unit(), a_unit(code="H19"), *map(a_commune, (A, B, C)), a_commune("H19.100")])


async def test_what_is_left_out_stays_and_null_empties(api: httpx.AsyncClient) -> None:
    await put(api, a_duty(legal_ref="Kế hoạch 198"))
    published = {"unit": A, "period": "2024-07", "published_on": "2024-08-20", "url": "https://a.vn/1"}

    told = await put(api, published)
    emptied = await put(api, {"unit": A, "period": "2024-07", "due_on": None})

    (item,) = told["items"]
    assert (item["due_on"], item["published_on"], item["legal_ref"]) == ("2024-08-28", "2024-08-20", "Kế hoạch 198")
    assert emptied["items"] == [{**item, "due_on": None}]
    assert item["subject"] == "results"


async def test_a_list_can_be_sent_back_and_changes_nothing(api: httpx.AsyncClient) -> None:
    await put(api, a_duty(A, note="Hai dòng\nvăn bản"), a_duty(B, url="http://b.vn", published_on="2024-08-30"))
    held = (await api.get(PATH)).json()
    trace = (await api.get("/v1/audit")).json()

    told = (await api.put(PATH, json=held)).json()

    assert counts(told) == (0, 0, 2, 0)
    assert told["items"] == held["items"]
    assert (await api.get("/v1/audit")).json() == trace


async def test_a_whole_level_is_obliged_in_one_go(api: httpx.AsyncClient) -> None:
    everybody = {"level": "commune", "under": "H60", "period": "2024-07", "due_on": "2024-08-28"}
    first = await put(api, everybody)
    await put(api, {"unit": A, "period": "2024-07", "published_on": "2024-08-20"})

    later = await put(api, {**everybody, "due_on": "2024-09-05"})

    assert (counts(first), counts(later)) == ((3, 0, 0, 0), (0, 3, 0, 0))
    assert [(item["unit"], item["due_on"], item["published_on"]) for item in later["items"]] == [
        (A, "2024-09-05", "2024-08-20"),
        (B, "2024-09-05", None),
        (C, "2024-09-05", None),
    ]


async def test_a_level_everywhere_needs_no_unit_above(api: httpx.AsyncClient) -> None:
    told = await put(api, {"level": "province", "period": "2024-07"})

    assert [item["unit"] for item in told["items"]] == ["H19", "H60"]


async def test_an_obligation_can_be_taken_back(api: httpx.AsyncClient) -> None:
    await put(api, a_duty(A), a_duty(B))

    first = await put(api, {"unit": A, "period": "2024-07", "retract": True})
    again = await put(api, {"unit": A, "period": "2024-07", "retract": True})
    restated = await put(api, {"unit": A, "period": "2024-07", "published_on": "2024-09-01"})

    assert (counts(first), counts(again), counts(restated)) == ((0, 0, 0, 1), (0, 0, 1, 0), (1, 0, 0, 0))
    assert (first["items"], restated["items"][0]["due_on"]) == ([], None)
    assert [item["unit"] for item in await listed(api)] == [A, B]


async def test_every_fault_is_named_and_nothing_is_stored(api: httpx.AsyncClient) -> None:
    ended = {**a_commune("H60.900"), "valid_to": "2024-06-30"}
    await with_units(api, [ended])
    items = [
        a_duty(A),
        a_duty("H6O.101"),
        a_duty(B, period="2024-13"),
        a_duty(C, published_on="2026-10-13"),
        a_duty("H60.900"),
        a_duty(A, level="commune"),
        {"period": "2024-07"},
        {"unit": B, "under": "H60", "period": "2024-07"},
        {"level": "district", "under": "H60", "period": "2024-07"},
    ]

    found = await faults(api, {"items": items})

    assert sorted(found) == [
        ("/items/1/unit", "unit_unknown"),
        ("/items/2/period", "period_invalid"),
        ("/items/3/published_on", "day_in_future"),
        ("/items/4/unit", "unit_not_active"),
        ("/items/5/unit", "unit_or_level"),
        ("/items/6/unit", "unit_or_level"),
        ("/items/7/unit", "unit_or_level"),
        ("/items/8/level", "units_none"),
    ]
    answer = await api.put(PATH, json=a_duty("H60.1O1"))
    assert [(each["pointer"], each["suggestion"]) for each in answer.json()["errors"]] == [("/unit", A)]


async def test_a_publication_stated_twice_is_refused_at_both_places(api: httpx.AsyncClient) -> None:
    everybody = {"level": "commune", "under": "H60", "period": "2024-07"}

    assert await faults(api, {"items": [everybody, a_duty(A), a_duty(A, subject="hotline")]}) == [
        ("/items/0/level", "publication_repeated"),
        ("/items/1/unit", "publication_repeated"),
    ]


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"url": "javascript:alert(1)"}, "format_invalid"),
        ({"url": "ftp://a.vn/kq"}, "format_invalid"),
        ({"url": "https:///kq"}, "format_invalid"),
        ({"url": "https://a.vn/kết quả"}, "format_invalid"),
        ({"url": "x" * 2001}, "text_too_long"),
        ({"due_on": 20240828}, "date_invalid"),
        ({"due_on": "28/8/2024"}, "date_invalid"),
        ({"subject": "Kết quả"}, "format_invalid"),
        ({"note": "a\u0007b"}, "text_invalid"),
        ({"note": " "}, "text_too_short"),
        ({"published": True}, "field_unknown"),
        ({"retract": "yes"}, "value_invalid"),
    ],
)
async def test_a_fact_that_cannot_be_is_refused_where_it_stands(
    fact: dict[str, Any], code: str, api: httpx.AsyncClient
) -> None:
    (name,) = fact

    alone = await faults(api, a_duty(**fact))
    among = await faults(api, {"items": [a_duty(B), a_duty(**fact)]})

    assert (alone, among) == ([(f"/{name}", code)], [(f"/items/1/{name}", code)])


async def test_a_state_follows_from_the_days_and_is_not_stated(api: httpx.AsyncClient) -> None:
    assert await faults(api, a_duty(state="published")) == [("/state", "field_unknown")]
    assert counts(await put(api, a_duty(A), a_duty(B, state="published"))) == (2, 0, 0, 0)

    assert [item["state"] for item in await listed(api, on="2024-08-28")] == ["pending", "pending"]


async def test_a_row_carries_its_state_on_the_day(api: httpx.AsyncClient) -> None:
    told = await put(api, a_duty(A, published_on="2024-08-30"), a_duty(B))

    assert [item["state"] for item in told["items"]] == ["late", "overdue"]
    assert [item["state"] for item in await listed(api, on="2024-08-29")] == ["overdue", "overdue"]
    assert [item["state"] for item in await listed(api, on="2024-08-30", state="late")] == ["late"]


@pytest.mark.parametrize("body", [[], "x", 3, None, {"items": {}}, {"items": [3]}, {"item": []}])
async def test_a_body_of_another_shape_is_refused(body: Any, api: httpx.AsyncClient) -> None:
    answer = await api.put(PATH, json=body)

    assert answer.status_code == 422, answer.text


async def test_today_is_no_future_in_local_time(api: httpx.AsyncClient, clock: Clock) -> None:
    clock.set(datetime(2026, 10, 12, 16, 59, tzinfo=UTC))  # 23:59 in Việt Nam
    assert await faults(api, a_duty(published_on="2026-10-13")) == [("/published_on", "day_in_future")]

    clock.forward(minutes=1)

    assert counts(await put(api, a_duty(published_on="2026-10-13"))) == (1, 0, 0, 0)


async def test_a_list_shows_what_is_asked_for(api: httpx.AsyncClient) -> None:
    await put(
        api,
        a_duty(A, published_on="2024-08-28"),
        a_duty(B, published_on="2024-08-30"),
        a_duty(C),
        a_duty(C, period="2024-06", subject="hotline", due_on=None),
        a_duty("H19.100"),
    )

    async def units(**query: Any) -> list[str]:
        return [item["unit"] for item in await listed(api, **query)]

    assert await units() == [C, "H19.100", A, B, C]
    assert await units(period="2024-07", under="H60") == [A, B, C]
    assert await units(subject="hotline") == [C]
    assert await units(unit=C) == [C, C]
    assert await units(state="published") == [A]
    assert await units(state="late") == [B]
    assert await units(state="overdue") == ["H19.100", C]
    assert await units(state="pending") == [C]
    assert await units(state="overdue", on="2024-08-28") == []
    assert await units(state="overdue", on="2024-08-29", period="2024-07") == ["H19.100", B, C]


async def test_a_long_list_comes_in_pages(api: httpx.AsyncClient) -> None:
    duties = [a_duty(unit, period=period) for unit in (A, B, C) for period in ("2024-06", "2024-07")]
    await put(api, *duties, a_duty("H19.100", published_on="2024-08-01"))
    whole = await listed(api, state="overdue")

    page = (await api.get(PATH, params={"state": "overdue", "limit": 4})).json()
    rest = (await api.get(PATH, params={"state": "overdue", "limit": 4, "cursor": page["next_cursor"]})).json()

    assert len(whole) == 6
    assert page["items"] + rest["items"] == whole
    assert rest["next_cursor"] is None


async def test_what_was_known_before_is_still_told(api: httpx.AsyncClient, clock: Clock) -> None:
    await put(api, a_duty(A))
    before = clock.forward(hours=1).isoformat()
    clock.forward(days=2)
    await put(api, a_duty(A, published_on="2026-10-13"))
    await put(api, a_duty(B))

    then = await listed(api, as_of=before)

    assert [(item["unit"], item["published_on"]) for item in then] == [(A, None)]
    assert await listed(api, as_of=before, state="overdue") == then
    assert len(await listed(api)) == 2


async def test_the_trace_says_how_it_was_and_how_it_is(api: httpx.AsyncClient) -> None:
    await put(api, a_duty(A), a_duty(B))
    await put(api, a_duty(A, published_on="2024-08-20"), {"unit": B, "period": "2024-07", "retract": True})
    await put(api, a_duty(A, due_on="2024-08-30"))

    newest, middle, oldest = (await api.get("/v1/audit")).json()["items"][:3]

    assert newest["subject"] == f"publication:2024-07/results/{A}"
    assert (middle["action"], middle["subject"]) == ("publications.stated", "publications")
    assert middle["before"][f"2024-07/results/{A}"]["published_on"] is None
    assert middle["after"][f"2024-07/results/{A}"]["published_on"] == "2024-08-20"
    assert middle["after"][f"2024-07/results/{B}"] is None
    assert oldest["before"] is None


async def test_a_key_states_for_its_own_units_only(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    own = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit="H60")
    everywhere = {"level": "commune", "period": "2024-07"}

    refused = await own.put(PATH, json={"items": [a_duty(A), a_duty("H19.100"), {**everywhere, "subject": "hotline"}]})
    taken = await put(own, {**everywhere, "under": "H60"})

    assert refused.status_code == 403
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/items/1/unit", "unit_forbidden"),
        ("/items/2/level", "unit_forbidden"),
    ]
    assert counts(taken) == (3, 0, 0, 0)


async def test_a_key_sees_its_own_units_only(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    await put(api, a_duty(A), a_duty("H19.100"))
    own = as_key(Scope.VALUES_READ, unit="H60")

    assert [item["unit"] for item in await listed(own)] == [A]
    for query in ({"unit": "H19.100"}, {"under": "H19"}, {"unit": "H99"}):
        answer = await own.get(PATH, params=query)
        assert (answer.status_code, answer.json()["code"]) == (404, "unit_unknown")
