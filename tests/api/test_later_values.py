"""Units that end, begin, merge or move so that figures stored for them would lose their board: refused, or named."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, with_figures, with_units

ENDED, STAYS, HEIR = "H60.1", "H60.2", "H60.3"
PERIODS = ("2022-06", "2022-07", "2022-08")
DAY = "2022-07-01"
MERGE = {"kind": "merge", "effective_on": DAY, "from": [ENDED], "to": [{"unit": HEIR}]}


def figures_of(*units: str) -> list[dict[str, Any]]:
    return [
        {"unit": unit, "period": period, "indicator": "total_points", "value": 80, "source": "national_portal"}
        for unit in units
        for period in PERIODS
    ]


@pytest.fixture(autouse=True)
async def world(api: httpx.AsyncClient) -> None:
    """A commune with figures of three months, another one, and one that carries the work of the first on."""
    communes = [a_commune(code) for code in (ENDED, STAYS, HEIR)]
    await with_units(api, [a_unit(), a_unit(code="H19"), *communes])
    await with_figures(api, figures_of(ENDED, STAYS))


Change = tuple[str, str, Any]


def an_import(**facts: Any) -> Change:
    return "POST", "/v1/units/import", [a_commune(HEIR), a_commune(ENDED, **facts)]


def a_put(**facts: Any) -> Change:
    unit = a_commune(ENDED, **facts)
    return "PUT", f"/v1/units/{ENDED}", {name: fact for name, fact in unit.items() if name != "code"}


def a_patch(**facts: Any) -> Change:
    return "PATCH", f"/v1/units/{ENDED}", facts


def an_event(kind: str, **facts: Any) -> Change:
    return "POST", "/v1/unit-events", {"kind": kind, "effective_on": DAY, "from": [ENDED], **facts}


LOSES: dict[str, tuple[Change, int, str]] = {
    "merge": (an_event("merge", to=[{"unit": HEIR}]), 2, "/from/0"),
    "split": (an_event("split", to=[{"unit": HEIR}, {"unit": STAYS}]), 2, "/from/0"),
    "abolish": (an_event("abolish"), 2, "/from/0"),
    "move": (an_event("move", parent="H19"), 2, "/from/0"),
    "move by patch": (a_patch(parent="H19"), 3, ""),
    "another level by patch": (a_patch(level="department"), 3, ""),
    "another level by put": (a_put(level="department"), 3, ""),
    "end by patch": (a_patch(valid_to="2022-07-15"), 1, ""),
    "begin by patch": (a_patch(valid_from="2022-07-15"), 1, ""),
    "end by put": (a_put(valid_to="2022-05-31"), 3, ""),
    "begin by put": (a_put(valid_from="2022-09-01"), 3, ""),
    "end by import": (an_import(valid_to="2022-06-30"), 2, "/1"),
    "begin by import": (an_import(valid_from="2022-07-01"), 1, "/1"),
    "move by import": (an_import(parent="H19"), 3, "/1"),
}
"""Changes, how many figures each would leave without a board, and where its fault stands."""

LOSES_NONE: dict[str, Change] = {
    "ends with its last figure": a_patch(valid_to="2022-08-01"),
    "begins within its first": a_patch(valid_from="2022-06-30"),
    "renaming": an_event("rename", name="UBND xã Một"),
    "survivor of a merger": an_event("merge", **{"from": [ENDED, HEIR], "to": [{"unit": ENDED}]}),
    "moves within its last": an_event("move", parent="H19", effective_on="2022-08-15"),
    "the same again": a_put(),
}


@pytest.mark.parametrize("change", LOSES)
async def test_figures_that_would_lose_their_board_refuse_a_change_unless_it_is_forced(
    change: str, api: httpx.AsyncClient
) -> None:
    (method, path, body), count, pointer = LOSES[change]
    before = (await api.get(f"/v1/units/{ENDED}/lineage")).json()

    refused = await api.request(method, path, json=body)
    left = (await api.get(f"/v1/units/{ENDED}/lineage")).json()
    forced = await api.request(method, path, json=body, params={"force": "true"})

    assert (refused.status_code, refused.json()["code"], left) == (409, "unit_has_later_values", before)
    assert "force=true" in refused.json()["detail"]
    (fault,) = refused.json()["errors"]
    assert (fault["code"], fault["pointer"], fault["value"]) == ("unit_has_later_values", pointer, ENDED)
    assert f"{count} figure(s)" in fault["detail"]
    assert fault["detail"].count("total_points (national_portal)") == count
    assert forced.is_success, forced.text
    assert forced.json()["warnings"] == [fault]


@pytest.mark.parametrize("change", LOSES_NONE)
async def test_a_change_that_leaves_every_figure_on_its_board_needs_no_force(
    change: str, api: httpx.AsyncClient
) -> None:
    method, path, body = LOSES_NONE[change]

    answer = await api.request(method, path, json=body)

    assert answer.is_success, answer.text
    assert answer.json().get("warnings", []) == []


async def test_a_figure_that_was_taken_back_holds_nobody(api: httpx.AsyncClient) -> None:
    taken = [{**each, "retract": True} for each in figures_of(ENDED)]
    await with_figures(api, [{name: said for name, said in each.items() if name != "value"} for each in taken])

    answer = await api.post("/v1/unit-events", json=MERGE)

    assert (answer.status_code, answer.json()["warnings"]) == (201, [])


async def test_a_dry_run_says_what_would_lose_its_board(api: httpx.AsyncClient) -> None:
    _, path, body = an_import(valid_to="2022-06-30")

    refused = await api.post(path, json=body, params={"dry_run": "true"})
    planned = await api.post(path, json=body, params={"dry_run": "true", "force": "true"})

    assert (refused.status_code, refused.json()["code"]) == (409, "unit_has_later_values")
    assert (planned.json()["status"], len(planned.json()["warnings"])) == ("planned", 1)


async def test_the_figures_are_counted_in_as_many_queries_for_many_units_as_for_one(
    api: httpx.AsyncClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    sent = []
    for codes in ((ENDED,), (ENDED, STAYS)):
        with count_queries() as queries:
            await api.post("/v1/units/import", json=[a_commune(code, valid_to="2022-06-30") for code in codes])
        sent.append(len(queries))

    assert sent[0] == sent[1]


async def test_a_figure_of_a_unit_that_had_ended_is_a_finding(api: httpx.AsyncClient) -> None:
    await api.post("/v1/unit-events", json=MERGE, params={"force": "true"})
    await api.patch(f"/v1/units/{STAYS}", json={"valid_from": "2022-09-01"}, params={"force": "true"})

    found = (await api.get("/v1/findings", params={"period": "2022-08", "under": "H60"})).json()["items"]
    before = (await api.get("/v1/findings", params={"period": "2022-06", "rule": "value_of_ended_unit"})).json()[
        "items"
    ]

    told = [(each["unit"], each["rule"], each["severity"], each["indicator"], each["stated"]) for each in found]
    assert told == [(unit, "value_of_ended_unit", "error", "total_points", "80") for unit in (ENDED, STAYS)]
    assert "2022-06-30" in found[0]["detail"]
    assert HEIR in found[0]["detail"]
    assert "2022-09-01" in found[1]["detail"]
    assert [each["unit"] for each in before] == [STAYS]


async def test_a_unit_that_has_ended_is_never_an_unknown_one(api: httpx.AsyncClient) -> None:
    await api.post("/v1/unit-events", json=MERGE, params={"force": "true"})
    asked = {"period": "2022-08", "level": "commune"}

    answers = [
        await api.get(f"/v1/scores/{ENDED}/2022-08"),
        await api.get("/v1/scores", params={**asked, "under": ENDED}),
        await api.get("/v1/periods/2022-08/completeness", params={"under": ENDED, "level": "commune"}),
        await api.get("/v1/reports/classification", params={"period": "2022-08", "under": ENDED}),
        await api.get("/v1/reports/comparison", params={"period": "2022-08", "unit": ENDED}),
        await api.get(f"/v1/units/{ENDED}", params={"active_on": "2022-08-01"}),
    ]
    for answer in answers:
        told = answer.json()
        assert (answer.status_code, told["code"], told["successors"]) == (404, "unit_ended", [HEIR]), answer.url
    draft = await api.post("/v1/evaluations", json={"period": "2022-08", "under": ENDED, "levels": ["commune"]})
    assert [(each["code"], each["pointer"]) for each in draft.json()["errors"]] == [("unit_ended", "/under")]
    assert (await api.get(f"/v1/units/{ENDED}")).json()["valid_to"] == "2022-06-30"


async def test_nothing_is_ordered_of_a_unit_that_has_ended(api: httpx.AsyncClient) -> None:
    task = {"kind": "directive", "title": "Việc", "assignee": ENDED, "helpers": [STAYS]}
    past = await api.post("/v1/tasks", json={**task, "period": "2022-06"})
    await api.post("/v1/unit-events", json=MERGE, params={"force": "true"})

    late = await api.post("/v1/tasks", json=task)
    handed = await api.patch(f"/v1/tasks/{past.json()['id']}", json={"title": "Việc cũ"})
    after_the_fact = await api.post("/v1/tasks", json={**task, "due_on": "2022-05-01"})

    (fault,) = late.json()["errors"]
    assert (late.status_code, fault["code"], fault["pointer"], fault["suggestion"]) == (
        422,
        "unit_ended",
        "/assignee",
        HEIR,
    )
    assert (handed.status_code, after_the_fact.status_code) == (200, 201)


OFFICE, BUREAU, BELOW = "H60.9", "H60.8", "H60.9.1"


async def an_office_with_communes(api: httpx.AsyncClient) -> None:
    """An office with a ward below it and a commune below that, which has the figures."""
    office = a_unit(code=OFFICE, level="department", parent="H60")
    bureau = a_unit(code=BUREAU, level="department", parent="H60")
    ward = a_unit(code="H60.9.0", level="district", parent=OFFICE)
    await with_units(api, [office, bureau, ward, a_commune(BELOW, parent="H60.9.0")])
    await with_figures(api, figures_of(BELOW))


def of_the_office(change: Change) -> Change:
    """The change, of the office instead of the commune."""
    method, path, body = change
    return method, path.replace(ENDED, OFFICE), {**body, "from": [OFFICE]} if "from" in body else body


TAKES_ALONG: dict[str, tuple[Change, int]] = {
    "merge": (of_the_office(an_event("merge", to=[{"unit": BUREAU}])), 2),
    "split": (of_the_office(an_event("split", to=[{"unit": BUREAU}, {"unit": STAYS}])), 2),
    "abolish": (of_the_office(an_event("abolish")), 2),
    "move": (of_the_office(an_event("move", parent="H19")), 2),
    "move by patch": (of_the_office(a_patch(parent="H19")), 3),
    "end by patch": (of_the_office(a_patch(valid_to="2022-07-15")), 1),
    "begin by patch": (of_the_office(a_patch(valid_from="2022-07-15")), 1),
    "end by import": (
        (
            "POST",
            "/v1/units/import",
            [a_unit(code=OFFICE, level="department", parent="H60", valid_to="2022-06-30")],
        ),
        2,
    ),
}
"""Changes of an office, and how many figures of the commune below it each would take off boards above."""


async def board(api: httpx.AsyncClient, under: str, period: str = "2022-08") -> list[str]:
    """The communes that the board of a unit shows."""
    answer = await api.get("/v1/scores", params={"period": period, "level": "commune", "under": under})
    return [each["unit"]["code"] for each in answer.json()["items"]]


@pytest.mark.parametrize("change", TAKES_ALONG)
async def test_figures_of_units_below_refuse_a_change_that_takes_them_off_boards_above(
    change: str, api: httpx.AsyncClient
) -> None:
    await an_office_with_communes(api)
    (method, path, body), count = TAKES_ALONG[change]

    refused = await api.request(method, path, json=body)
    board_before = await board(api, "H60", "2022-06" if "begin" in change else "2022-08")
    forced = await api.request(method, path, json=body, params={"force": "true"})
    board_after = await board(api, "H60", "2022-06" if "begin" in change else "2022-08")

    assert (refused.status_code, refused.json()["code"]) == (409, "unit_has_later_values"), refused.text
    (fault,) = refused.json()["errors"]
    assert (fault["value"], fault["detail"].count("total_points (national_portal)")) == (BELOW, count)
    assert OFFICE in fault["detail"]
    assert forced.is_success, forced.text
    assert fault in forced.json()["warnings"]
    assert (BELOW in board_before, BELOW in board_after) == (True, False)


@pytest.mark.parametrize(
    ("change", "warnings"),
    [
        (an_event("rename", name="Sở Mới"), []),
        (a_patch(level="other"), []),
        (a_patch(valid_to="2022-08-31"), ["children_left"]),  # after their figures
    ],
)
async def test_a_change_above_that_leaves_the_tree_of_the_figures_needs_no_force(
    change: Change, warnings: list[str], api: httpx.AsyncClient
) -> None:
    await an_office_with_communes(api)
    method, path, body = of_the_office(change)

    answer = await api.request(method, path, json=body)

    assert answer.is_success, answer.text
    assert [each["code"] for each in answer.json().get("warnings", [])] == warnings
    assert BELOW in await board(api, "H60")


async def test_units_below_are_looked_at_in_as_many_queries_for_many_as_for_one(
    api: httpx.AsyncClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await an_office_with_communes(api)
    method, path, body = TAKES_ALONG["abolish"][0]
    sent = []
    for codes in ((), ("H60.9.2", "H60.9.3")):
        await with_units(api, [a_commune(code, parent=OFFICE) for code in codes])
        await with_figures(api, figures_of(*codes) or figures_of(BELOW))
        with count_queries() as queries:
            answer = await api.request(method, path, json=body)
        sent.append((len(queries), len(answer.json()["errors"])))

    assert (sent[0][0], sent[0][1], sent[1][1]) == (sent[1][0], 1, 3)


async def test_a_figure_under_a_unit_that_had_ended_is_a_finding_on_the_boards_that_lose_it(
    api: httpx.AsyncClient,
) -> None:
    await an_office_with_communes(api)
    method, path, body = TAKES_ALONG["merge"][0]
    await api.request(method, path, json=body, params={"force": "true"})

    for under in ("H60", OFFICE, None):
        asked = {"rule": "value_of_ended_unit", **({"under": under} if under else {})}
        found = (await api.get("/v1/findings", params={"period": "2022-08", **asked})).json()["items"]
        assert [(each["unit"], each["indicator"]) for each in found] == [(BELOW, "total_points")], under
        assert all(told in found[0]["detail"] for told in (OFFICE, "2022-06-30", BUREAU))
        assert not (await api.get("/v1/findings", params={"period": "2022-06", **asked})).json()["items"]
    vietnamese = await api.get("/v1/findings", params={"period": "2022-08"}, headers={"Accept-Language": "vi"})
    assert f"trực thuộc {OFFICE}" in vietnamese.text


async def test_a_finding_names_the_first_of_many_successors(api: httpx.AsyncClient) -> None:
    heirs = [f"X{n:02}" for n in range(25)]
    ends = {"valid_to": "2022-06-30", "successors": heirs}
    assert (await api.patch(f"/v1/units/{ENDED}", json=ends, params={"force": "true"})).status_code == 200

    (found,) = (await api.get("/v1/findings", params={"period": "2022-08", "under": "H60"})).json()["items"]

    assert ", ".join(heirs[:20]) + "…" in found["detail"]
    assert "X20" not in found["detail"]
