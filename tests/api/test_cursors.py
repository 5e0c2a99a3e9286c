"""Cursors: right while rows are added, refused when they are not ours."""

import base64
import json
from typing import Any

import httpx
import pytest

from tests.make import a_commune, a_unit, some_figures, with_figures, with_units

LISTS: dict[str, list[Any]] = {
    "/v1/units": ["units by code", ""],
    "/v1/units?sort=name": ["units by name", "", ""],
    "/v1/values": ["values", "", "", "", ""],
    "/v1/values?history=true": ["revisions", "", "", "", "", 0, 0],
    "/v1/periods": ["periods", "2024-07"],
    "/v1/indicators": ["indicators", ""],
    "/v1/imports": ["imports", 9],
    "/v1/audit": ["audit", 9],
    "/v1/scores/H60": ["series", "2024-01"],
}
"""Every list with a cursor, and a place that its cursors can stand for."""


async def ask(api: httpx.AsyncClient, path: str, **query: Any) -> httpx.Response:
    """A list with further parameters. (Given by `params=` they would replace those of the path.)"""
    return await api.get(httpx.URL(path).copy_merge_params(query))


def cursor_of(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


async def pages(api: httpx.AsyncClient, path: str, **query: Any) -> list[list[dict[str, Any]]]:
    """The items of every page, each fetched by the cursor of the one before."""
    found: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while cursor or not found:
        answer = await ask(api, path, **query, **({"cursor": cursor} if cursor else {}))
        body = answer.json()
        found.append(body["items"])
        cursor = body["next_cursor"]
        assert ("link" in answer.headers) == (cursor is not None)
    return found


@pytest.fixture
async def some(api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{number}") for number in range(100, 107))])
    await with_figures(api, some_figures("H60", "H60.100"))
    await with_figures(api, some_figures("H60", numerator=1, observed_at="2024-08-27T09:00:00+07:00"))


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("path", LISTS)
async def test_pages_joined_are_the_whole_list(path: str, api: httpx.AsyncClient) -> None:
    whole = (await api.get(path)).json()["items"]

    joined = await pages(api, path, limit=2)

    assert [item for page in joined for item in page] == whole
    assert all(len(page) == 2 for page in joined[:-1])


@pytest.mark.usefixtures("some")
async def test_the_link_leads_to_the_next_page(api: httpx.AsyncClient) -> None:
    first = await api.get("/v1/units", params={"q": "xã h60", "limit": 3})

    address, relation = first.headers["link"].split("; ")
    second = await api.get(address.strip("<>"))

    assert relation == 'rel="next"'
    assert [each["code"] for each in second.json()["items"]] == ["H60.103", "H60.104", "H60.105"]


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("sort", ["code", "name"])
async def test_rows_added_meanwhile_neither_repeat_nor_hide_others(sort: str, api: httpx.AsyncClient) -> None:
    first = (await api.get("/v1/units", params={"limit": 4, "sort": sort})).json()
    await with_units(api, [a_commune("H60.0", name="A"), a_commune("H60.999", name="UBND xã Z")])

    rest = (await api.get("/v1/units", params={"cursor": first["next_cursor"], "sort": sort})).json()

    expected = ["H60.104", "H60.105", "H60.106"] if sort == "name" else ["H60.103", "H60.104", "H60.105", "H60.106"]
    seen = [each["code"] for each in rest["items"]]
    assert set(expected) <= set(seen)
    assert not {each["code"] for each in first["items"]} & set(seen)
    assert "H60.999" in seen
    assert "H60.0" not in seen


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_is_taken_only_as_it_was_given(path: str, api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    name, *place = LISTS[path]
    wrong: list[str] = ["", "x", "%", "é", "A" * 5, "A" * 2001, "bnVsbA", cursor_of(), cursor_of("other", *place)]
    wrong += [cursor_of(name), cursor_of(name, *place, 1), base64.b64encode(b"\xff\xfe\xfd").decode()]
    for index, part in enumerate(place):
        others: list[Any] = [None, True, 1.5, [], {}, 2**63, -(2**64), 10**30]
        others += [7] if isinstance(part, str) else ["7"]
        others += ["a\0b", "\ud800"] if isinstance(part, str) else []
        wrong += [cursor_of(name, *place[:index], other, *place[index + 1 :]) for other in others]

    answers = {each: await ask(api, path, cursor=each) for each in wrong}

    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 422} == {}
    assert {answer.json()["errors"][0]["parameter"] for answer in answers.values()} == {"cursor"}


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_behind_everything_gives_an_empty_page(path: str, api: httpx.AsyncClient) -> None:
    await with_units(api, [a_unit()])
    name, *place = LISTS[path]
    last = [part if name in ("periods", "series") else "~" if isinstance(part, str) else 0 for part in place]

    answer = await ask(api, path, cursor=cursor_of(name, *last))

    assert answer.json()["items"] == []
    assert answer.json()["next_cursor"] is None


@pytest.mark.usefixtures("some")
async def test_a_period_that_is_none_is_no_place(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/periods", params={"cursor": cursor_of("periods", "2024-13")})

    assert answer.status_code == 422
