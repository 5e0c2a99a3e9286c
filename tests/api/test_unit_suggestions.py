"""What an import suggests for a unit that is not known, or is no more."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.unit_names import MOST_SEARCHES
from tests.make import a_commune, a_unit, some_figures, with_units

Client = httpx.AsyncClient


async def suggested(api: Client, unit: str, **figure: Any) -> tuple[str, str | None]:
    """(code, suggestion) of the one error of a figure."""
    answer = await api.post("/v1/imports", json=some_figures(unit, **figure))
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    return fault["code"], fault.get("suggestion")


@pytest.mark.parametrize("name", ["UBND tỉnh Tuyên Quang", "ubnd TINH tuyen quang", "UBND  tỉnh Tuyên Quang\u200b"])
async def test_the_name_of_a_unit_suggests_its_code_and_is_never_taken_for_it(api: Client, name: str) -> None:
    await with_units(api, [a_unit(), a_unit(code="H22", name="UBND tỉnh Hà Giang")])

    assert await suggested(api, name) == ("unit_unknown", "H60")


async def test_a_name_that_two_units_have_suggests_neither(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune("H60.1", name="UBND xã Tân Tiến"), a_commune("H60.2")])
    await api.patch("/v1/units/H60.2", json={"name": "UBND xã Tân Tiến"})

    assert await suggested(api, "UBND xã Tân Tiến") == ("unit_unknown", None)


async def test_a_name_of_a_unit_that_is_no_more_leaves_the_one_of_today(api: Client) -> None:
    await with_units(api, [a_unit(), a_unit(code="H22", valid_to="2025-06-30")])

    assert await suggested(api, "UBND tỉnh Tuyên Quang") == ("unit_unknown", "H60")


OLD = a_commune(
    "H60.1",
    name="UBND xã Trung Môn",
    identifiers=[{"scheme": "gso", "value": "02287"}],
    valid_to="2025-06-30",
    successors=["H60.2"],
)


@pytest.mark.parametrize("written", ["UBND xã Trung Môn", "xa TRUNG MON", "h60_1", "H60_1", "GSO:02287", "gso: 02287"])
@pytest.mark.parametrize("wide", [False, True])
async def test_a_unit_that_has_ended_is_never_unknown_however_it_is_written(
    api: Client, written: str, wide: bool
) -> None:
    await with_units(api, [a_unit(), OLD, a_commune("H60.2", name="UBND phường Minh Xuân")])
    figure = {"dossier_sync": 90} if wide else {"indicator": "dossier_sync", "value": 90}
    row = {"unit": written, "period": "2025-08", **figure}

    answer = await api.post("/v1/imports", json=[row])
    vietnamese = await api.post("/v1/imports", json=[row], headers={"Accept-Language": "vi"})

    (fault,) = answer.json()["errors"]
    assert (fault["code"], fault["value"], fault["suggestion"]) == ("unit_ended", written.strip(), "H60.2")
    for told in (fault["detail"], vietnamese.json()["errors"][0]["detail"]):
        assert "H60.1" in told.replace(written, "") or written == "H60.1"
        assert "2025-06-30" in told
        assert "H60.2" in told


async def test_for_a_period_in_which_it_existed_the_code_of_an_ended_unit_is_suggested(api: Client) -> None:
    await with_units(api, [a_unit(), OLD, a_commune("H60.2", name="UBND phường Minh Xuân")])

    assert await suggested(api, "UBND xã Trung Môn", period="2025-06") == ("unit_ended", "H60.1")
    assert await suggested(api, "UBND xã Trung Môn", period="2025-07") == ("unit_ended", "H60.2")


async def test_a_name_that_two_ended_units_had_suggests_neither(api: Client) -> None:
    await with_units(
        api, [a_unit(), OLD, {**OLD, "code": "H60.3", "identifiers": []}, a_commune("H60.2", name="UBND xã Mới")]
    )

    assert await suggested(api, "UBND xã Trung Môn") == ("unit_unknown", None)


@pytest.mark.parametrize("written", ["GSO:08", "gso: 08"])
async def test_an_identifier_written_otherwise_suggests_the_known_one(api: Client, written: str) -> None:
    await with_units(api, [a_unit(identifiers=[{"scheme": "gso", "value": "08"}])])

    assert await suggested(api, written) == ("unit_unknown", "gso:08")
    assert await suggested(api, "GSO:09") == ("unit_unknown", None)


async def test_a_unit_that_has_ended_suggests_those_who_carry_its_work_on(api: Client) -> None:
    await with_units(
        api,
        [
            a_unit(),
            a_commune("H60.1", valid_to="2019-12-31", successors=["H60.2"]),
            a_commune("H60.2", valid_to="2024-06-30", successors=["H60.3", "H60.4"]),
            a_commune("H60.3"),
            a_commune("H60.4"),
        ],
    )

    assert await suggested(api, "H60.1", period="2024-07") == ("unit_not_active", "H60.3, H60.4")
    assert await suggested(api, "H60.1", period="2024-06") == ("unit_not_active", "H60.2")


async def test_a_unit_that_has_not_begun_or_has_no_heir_suggests_nobody(api: Client) -> None:
    early = a_commune("H60.1", valid_from="2025-07-01", successors=["H60"])
    await with_units(api, [a_unit(), early, a_commune("H60.2", valid_to="2019-12-31")])

    assert await suggested(api, "H60.1") == ("unit_not_active", None)
    assert await suggested(api, "H60.2") == ("unit_not_active", None)


async def test_a_file_full_of_unknown_names_costs_a_bounded_number_of_queries(
    api: Client, count_queries: Callable[[], Any]
) -> None:
    await with_units(api, [a_unit()])
    names = [f"Xã {number}" for number in range(200)]

    with count_queries() as asked:
        answer = await api.post("/v1/imports", json=some_figures(*names))

    assert len(answer.json()["errors"]) == 200
    assert len(asked) < MOST_SEARCHES + 20


async def test_many_successors_that_have_ended_themselves_cost_no_more_queries_than_one(
    api: Client, count_queries: Callable[[], Any]
) -> None:
    many = [f"H60.3.{number}" for number in range(30)]
    ended = {"valid_to": "2019-12-31"}
    await with_units(
        api,
        [
            a_unit(),
            a_commune("H60.9"),
            a_commune("H60.1", **ended, successors=["H60.2"]),
            a_commune("H60.2", **ended, successors=["H60.9"]),
            a_commune("H60.3", **ended, successors=many),
            *(a_commune(code, **ended, successors=["H60.9"]) for code in many),
        ],
    )

    with count_queries() as of_one:
        after_one = await suggested(api, "H60.1")
    with count_queries() as of_many:
        after_many = await suggested(api, "H60.3")

    assert after_one == after_many == ("unit_not_active", "H60.9")
    assert len(of_many) == len(of_one)


async def test_targets_and_publications_of_a_unit_that_has_ended_suggest_its_heirs_too(api: Client) -> None:
    await with_units(
        api, [a_unit(), a_commune("H60.1", valid_to="2019-12-31", successors=["H60.2"]), a_commune("H60.2")]
    )
    target = {"indicator": "on_time", "year": 2024, "unit": "H60.1", "level": None, "target": 90}
    publication = {"unit": "H60.1", "period": "2024-07", "published_on": "2024-08-28"}

    for path, body in (("/v1/targets", target), ("/v1/publications", publication)):
        (fault,) = (await api.put(path, json=body)).json()["errors"]
        assert (fault["code"], fault["suggestion"]) == ("unit_not_active", "H60.2")
        told = (await api.put(path, json=body, headers={"Accept-Language": "vi"})).json()["errors"][0]["detail"]
        for detail in (fault["detail"], told):
            assert "2019-12-31" in detail
            assert "H60.2" in detail.partition("H60.1")[2]
