"""Units of a file by their names, where that is asked for."""

from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_commune, a_unit, with_units

Client = httpx.AsyncClient


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    here = [a_unit(), a_commune("H60.101", name="UBND xã Trung Môn"), a_commune("H60.102", name="UBND xã Tân Trào")]
    there = [a_unit(code="H19", name="UBND tỉnh Đồng Nai"), a_commune("H19.101", name="UBND xã Tân Trào", parent="H19")]
    twice = a_commune("H60.103", name="UBND phường Tân Trào")
    ended = a_commune("H60.104", name="UBND xã Trung Môn", valid_to="2025-06-30")
    await with_units(api, [*here, *there, twice, ended])


async def sent(api: Client, *units: str, **query: Any) -> httpx.Response:
    table = "\n".join(["Đơn vị;on_time", *(f"{unit};92,4" for unit in units)])
    asked = {"period": "2026-08", "locale": "vi", "resolve": "names", **query}
    asked = {name: value for name, value in asked.items() if value is not None}
    return await api.post("/v1/imports", content=table, headers={"Content-Type": "text/csv"}, params=asked)


async def stored(api: Client) -> list[str]:
    return sorted(item["unit"] for item in (await api.get("/v1/values")).json()["items"])


@pytest.mark.parametrize("written", ["UBND xã Trung Môn", "xa trung mon", "Trung Môn", "Ủy ban nhân dân xã Trung Môn"])
async def test_a_name_that_one_unit_bears_is_that_unit(api: Client, written: str) -> None:
    answer = await sent(api, written, under="H60")

    assert answer.status_code == 200, answer.text
    assert await stored(api) == ["H60.101"]


@pytest.mark.parametrize("written", ["Xã Trung Mòn", "xã trung mon", "Xá Trung Môn"])
async def test_a_name_whose_accents_contradict_is_no_name_of_the_unit_but_a_hint_to_it(
    api: Client, written: str
) -> None:
    answer = await sent(api, written, under="H60")

    assert [(each["code"], each["suggestion"]) for each in answer.json()["errors"]] == [("unit_unknown", "H60.101")]
    assert await stored(api) == []


async def test_units_whose_names_differ_in_accents_alone_are_told_apart_by_them(api: Client) -> None:
    names = {"H60.105": "UBND xã Hoà Bình", "H60.106": "UBND xã Hóa Bình", "H60.107": "UBND xã Hoa Bình"}
    await with_units(api, [a_commune(code, name=name) for code, name in names.items()])

    await sent(api, "Xã Hòa Bình", "UBND XÃ HOÁ BÌNH", "Hoa Bình", under="H60")
    bare = await sent(api, "xa hoa binh", under="H60")

    assert await stored(api) == ["H60.105", "H60.106", "H60.107"]
    assert [each["code"] for each in bare.json()["errors"]] == ["unit_name_ambiguous"]


async def test_codes_may_stand_among_names(api: Client) -> None:
    await sent(api, "h60.102", "H60.103", "Xã Trung Môn")

    assert await stored(api) == ["H60.101", "H60.102", "H60.103"]


async def test_a_name_that_several_bear_is_refused_with_their_codes_until_under_parts_them(api: Client) -> None:
    everywhere, here = await sent(api, "Xã Tân Trào"), await sent(api, "Xã Tân Trào", under="H60")

    [error] = everywhere.json()["errors"]
    assert (error["code"], error["value"]) == ("unit_name_ambiguous", "Xã Tân Trào")
    assert "H19.101, H60.102" in error["detail"]
    assert here.status_code == 200
    assert await stored(api) == ["H60.102"]


async def test_the_own_name_of_several_kinds_is_none(api: Client) -> None:
    answer = await sent(api, "Tân Trào", under="H60")

    assert [each["code"] for each in answer.json()["errors"]] == ["unit_name_ambiguous"]


async def test_a_name_and_its_code_are_a_figure_twice(api: Client) -> None:
    answer = await sent(api, "Xã Trung Môn", "H60.101", under="H60")

    assert [each["code"] for each in answer.json()["errors"]] == ["duplicate_row", "duplicate_row"]


async def test_a_name_that_nobody_bears_is_unknown(api: Client) -> None:
    answer = await sent(api, "Xã Tân Trào Hạ", under="H60")

    assert [each["code"] for each in answer.json()["errors"]] == ["unit_unknown"]


async def test_unasked_a_name_is_refused_with_the_code_that_it_means(api: Client) -> None:
    answer = await sent(api, "UBND xã Trung Môn", resolve=None)

    assert [(each["code"], each["suggestion"]) for each in answer.json()["errors"]] == [("unit_unknown", "H60.101")]


async def test_a_key_of_a_subtree_names_the_units_of_its_own(api: Client, as_key: Any) -> None:
    office = as_key(Scope.VALUES_WRITE, unit="H60")

    assert (await sent(office, "Xã Tân Trào")).status_code == 200
    foreign = await sent(office, "Xã Tân Trào", under="H19")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "unit_forbidden")


async def test_a_unit_under_which_there_are_none_is_not_found(api: Client) -> None:
    assert (await sent(api, "Xã Trung Môn", under="H99")).status_code == 404
