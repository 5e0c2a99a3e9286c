"""Figures in: all or none, every fault named, counts that add up, two clocks."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.config import Settings
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, some_figures, with_figures, with_units

MOMENT = "2024-08-26T09:00:00+07:00"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(_env_file=None, database_url=database_url, bootstrap_key=BOOTSTRAP_KEY, sources=("so_noi_vu",))


@pytest.fixture
async def units(api: httpx.AsyncClient) -> None:
    gone = a_commune("H60.200", valid_from="2010-01-01", valid_to="2024-06-30")
    await with_units(api, [a_unit(identifiers=[{"scheme": "gso", "value": "08"}]), a_commune("H60.100"), gone])


async def post(api: httpx.AsyncClient, rows: object, **query: Any) -> httpx.Response:
    return await api.post("/v1/imports", json=rows, params=query)


async def post_raw(api: httpx.AsyncClient, body: str | bytes, **query: Any) -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return await api.post("/v1/imports", content=body, headers=headers, params=query)


async def values(api: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get("/v1/values", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def places(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]]


def counts(body: dict[str, Any]) -> tuple[int, int, int, int, int]:
    found = tuple(body[name] for name in ("rows", "created", "updated", "unchanged", "rejected"))
    assert found[0] == sum(found[1:])
    return found


@pytest.mark.usefixtures("units")
async def test_an_import_stores_its_figures_and_keeps_a_record(api: httpx.AsyncClient) -> None:
    taken = await with_figures(api, some_figures("H60", "H60.100"))

    assert counts(taken) == (2, 2, 0, 0, 0)
    assert (taken["status"], taken["errors"], taken["warnings"], taken["plan"]) == ("applied", [], [], None)
    record = (await api.get(f"/v1/imports/{taken['id']}")).json()
    at_once = {"requested_at": None, "progress": None, "problem": None, "profile": None}
    assert record == {**taken, "actor": "bootstrap", "known_at": record["known_at"], **at_once}
    (first, second) = await values(api)
    assert [first["unit"], second["unit"]] == ["H60", "H60.100"]
    assert (first["numerator"], first["denominator"], first["import_id"]) == (25775, 26080, taken["id"])
    assert first["observed_at"] == "2024-08-26T02:00:00Z"


@pytest.mark.usefixtures("units")
async def test_one_fault_keeps_everything_out(api: httpx.AsyncClient) -> None:
    answer = await post(api, [*some_figures("H60"), *some_figures("H60.100", numerator=5, denominator=4)])

    assert (answer.status_code, answer.json()["code"]) == (422, "import_rejected")
    assert counts(answer.json()) == (2, 0, 0, 0, 2)
    assert answer.json()["id"] is None
    assert places(answer) == [("numerator_exceeds_denominator", "/1/numerator")]
    assert await values(api) == []
    assert (await api.get("/v1/imports")).json()["items"] == []


@pytest.mark.usefixtures("units")
async def test_skipping_stores_the_good_rows_and_names_the_others(api: httpx.AsyncClient) -> None:
    rows = [*some_figures("H60"), *some_figures("H61"), *some_figures("H60.100")]

    answer = await post(api, rows, on_error="skip")

    assert answer.status_code == 200
    assert counts(answer.json()) == (3, 2, 0, 0, 1)
    assert places(answer) == [("unit_unknown", "/1/unit")]
    assert len(await values(api)) == 2


@pytest.mark.usefixtures("units")
async def test_every_fault_of_every_row_is_told_with_value_and_suggestion(api: httpx.AsyncClient) -> None:
    await api.put("/v1/periods/2024-05/lock", json={"reason": "Đã công bố"})
    answer = await post(
        api,
        [
            *some_figures("H6O", indicator="dosier_sync"),
            *some_figures("H6O", period="31/7/2024", source="portal"),
            *some_figures("H60", period="2024-05", denominator=4, numerator=5),
            *some_figures("H60.200", observed_at="2024-08-26"),
            *some_figures("H60", observed_at="2099-01-01T00:00:00Z"),
            *some_figures("gso:09"),
            5,
        ],
    )

    found = [(f["pointer"], f["code"], f.get("value"), f.get("suggestion")) for f in answer.json()["errors"]]
    assert found == [
        ("/0/indicator", "indicator_unknown", "dosier_sync", "dossier_sync"),
        ("/0/unit", "unit_unknown", "H6O", "H60"),
        ("/1/unit", "unit_unknown", "H6O", "H60"),
        ("/1/period", "period_invalid", "31/7/2024", "2024-07"),
        ("/1/source", "source_unknown", "portal", None),
        ("/2/numerator", "numerator_exceeds_denominator", "5", None),
        ("/2/period", "period_locked", "2024-05", None),
        ("/3/observed_at", "moment_invalid", "2024-08-26", "2024-08-26T00:00:00+07:00"),
        ("/3/unit", "unit_not_active", "H60.200", None),
        ("/4/observed_at", "moment_in_future", "2099-01-01T00:00:00Z", None),
        ("/5/unit", "unit_unknown", "gso:09", None),
        ("/6", "object_expected", "5", None),
    ]


@pytest.mark.usefixtures("units")
async def test_faults_are_told_in_vietnamese_to_who_asks_for_it(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/imports", json=some_figures("H99"), headers={"Accept-Language": "vi"})

    assert answer.json()["errors"][0]["detail"] == "Không có đơn vị H99."
    assert "chưa lưu" in answer.json()["detail"]


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("second", ["H60", "gso:08"])
async def test_every_row_of_a_figure_that_occurs_twice_is_named(api: httpx.AsyncClient, second: str) -> None:
    answer = await post(api, [*some_figures("H60"), *some_figures("H60.100"), *some_figures(second, numerator=1)])

    assert places(answer) == [("duplicate_row", "/0/unit"), ("duplicate_row", "/2/unit")]


@pytest.mark.usefixtures("units")
async def test_two_observations_of_one_figure_are_no_duplicates(api: httpx.AsyncClient) -> None:
    later = "2024-08-27T09:00:00+07:00"

    taken = await with_figures(
        api, [*some_figures("H60", observed_at=later, numerator=2), *some_figures("H60", numerator=1)]
    )

    assert counts(taken) == (2, 1, 1, 0, 0)
    assert [value["numerator"] for value in await values(api)] == [2]
    assert [value["numerator"] for value in await values(api, history=True)] == [2, 1]


@pytest.mark.usefixtures("units")
async def test_a_unit_may_be_named_by_another_registers_code(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures("gso:08"))

    assert [value["unit"] for value in await values(api)] == ["H60"]


@pytest.mark.usefixtures("units")
async def test_a_unit_takes_figures_for_periods_that_touch_its_life(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures("H60.200", period="2024-06"))
    await with_figures(api, some_figures("H60.200", period="2024-Q2"))
    await with_figures(api, some_figures("H60.200", period="2024"))

    answer = await post(api, some_figures("H60.200", period="2024-H2"))

    assert places(answer) == [("unit_not_active", "/0/unit")]


@pytest.mark.usefixtures("units")
async def test_sources_are_those_of_frameworks_of_the_settings_and_manual(api: httpx.AsyncClient) -> None:
    rows = [some_figures(source=source)[0] for source in ("provincial_system", "so_noi_vu", "manual", None)]
    rows[3] = {**rows[3], "period": "2024-06"}

    await with_figures(api, rows)

    found = [(value["period"], value["source"]) for value in await values(api)]
    assert found == [
        ("2024-06", "manual"),
        ("2024-07", "manual"),
        ("2024-07", "provincial_system"),
        ("2024-07", "so_noi_vu"),
    ]


@pytest.mark.usefixtures("units")
async def test_period_and_source_may_be_given_once_for_all_rows(api: httpx.AsyncClient) -> None:
    row = {"unit": "H60", "indicator": "dossier_sync", "value": 98.83}

    await with_figures(api, [row, {**row, "period": "2024-06"}], period="2024-07", source="national_portal")

    found = [(value["period"], value["source"]) for value in await values(api)]
    assert found == [("2024-06", "national_portal"), ("2024-07", "national_portal")]


@pytest.mark.usefixtures("units")
async def test_a_period_of_the_address_that_is_none_is_named_as_the_parameter(api: httpx.AsyncClient) -> None:
    answer = await post(api, some_figures(), period="2024-7")

    (fault,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert (fault["code"], fault["parameter"], fault["suggestion"]) == ("period_invalid", "period", "2024-07")


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("81.770000000000001", "number_too_precise"),
        ("100000000000", "number_too_large"),
        ('"1.234"', "number_ambiguous"),
        ('"12,5 điểm"', "number_invalid"),
        ("true", "number_invalid"),
        ("[81]", "number_invalid"),
        ("null", "value_missing"),
        ('"-"', "value_missing"),
        ("100.5", "rate_out_of_range"),
    ],
)
async def test_a_figure_is_taken_exactly_or_refused(api: httpx.AsyncClient, written: str, code: str) -> None:
    body = f'[{{"unit":"H60","period":"2024-07","indicator":"dossier_sync","value":{written}}}]'

    answer = await post_raw(api, body)

    assert [fault["code"] for fault in answer.json()["errors"]] == [code]
    assert answer.json()["errors"][0]["pointer"] == "/0/value"


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("91.30", "91.30"),
        ("91.3", "91.3"),
        ("9.13e1", "91.3"),
        ("90", "90"),
        ('"91,30%"', "91.30"),
        ('"25.775/26.080"', "98.83"),
        ('"0/0"', "null"),
        ("0.0001", "0.0001"),
        ("65.380000", "65.3800"),
    ],
)
async def test_a_value_comes_back_with_the_decimals_it_was_stated_with(
    api: httpx.AsyncClient, written: str, printed: str
) -> None:
    body = f'[{{"unit":"H60","period":"2024-07","indicator":"dossier_sync","value":{written}}}]'
    assert (await post_raw(api, body, locale="vi")).status_code == 200

    answer = await api.get("/v1/values")

    assert f'"value":{printed},' in answer.text


@pytest.mark.usefixtures("units")
async def test_big_counts_come_back_digit_by_digit(api: httpx.AsyncClient) -> None:
    counts = '"numerator":99999999998.9999,"denominator":99999999999'
    await post_raw(api, f'[{{"unit":"H60","period":"2024-07","indicator":"dossier_sync",{counts}}}]')

    answer = await api.get("/v1/values")

    assert f'{counts},"value":100.00,' in answer.text


@pytest.mark.usefixtures("units")
async def test_a_stated_rate_that_disagrees_with_its_counts_is_kept_and_warned_of(api: httpx.AsyncClient) -> None:
    taken = await with_figures(api, some_figures(numerator=3863, denominator=5454, value="70,63%"))

    (warning,) = taken["warnings"]
    assert (warning["code"], warning["pointer"]) == ("rate_differs_from_counts", "/0/value")
    assert "70.83" in warning["detail"]
    assert (await api.get(f"/v1/imports/{taken['id']}")).json()["warnings"] == [warning]
    assert [value["value"] for value in await values(api)] == [70.63]


@pytest.mark.usefixtures("units")
async def test_a_figure_taken_back_is_gone_and_stays_in_the_history(api: httpx.AsyncClient) -> None:
    await with_figures(api, some_figures())

    row = {"unit": "H60", "period": "2024-07", "indicator": "dossier_sync", "source": "national_portal"}
    taken = await with_figures(api, [{**row, "retract": True}])
    again = await with_figures(api, [{**row, "retract": True}])

    assert (counts(taken), counts(again)) == ((1, 0, 1, 0, 0), (1, 0, 0, 1, 0))
    assert await values(api) == []
    assert [revision["retracted"] for revision in await values(api, history=True)] == [True, False]


@pytest.mark.usefixtures("units")
async def test_the_same_figures_again_make_no_revisions(api: httpx.AsyncClient, clock: Clock) -> None:
    row = some_figures()[0]
    unstated = {name: cell for name, cell in row.items() if name != "observed_at"}
    await with_figures(api, [row])
    clock.forward(days=1)

    assert counts(await with_figures(api, [row])) == (1, 0, 0, 1, 0)
    assert counts(await with_figures(api, [unstated])) == (1, 0, 0, 1, 0)
    assert len(await values(api, history=True)) == 1
    later = await with_figures(api, [{**row, "observed_at": "2024-08-27T09:00:00+07:00"}])
    assert counts(later) == (1, 0, 1, 0, 0)


@pytest.mark.usefixtures("units")
async def test_what_is_read_can_be_sent_back_and_changes_nothing(api: httpx.AsyncClient) -> None:
    await with_figures(api, [*some_figures("H60", note="Số đã chốt", value=98.83), *some_figures("H60.100")])

    again = await with_figures(api, await values(api))

    assert counts(again) == (2, 0, 0, 2, 0)


@pytest.mark.usefixtures("units")
async def test_a_dry_run_stores_nothing_and_its_plan_holds_until_the_world_moves(api: httpx.AsyncClient) -> None:
    rows = some_figures("H60", "H60.100")
    before = (await api.get("/v1/audit")).json()
    dry = await post(api, rows, dry_run=True)

    assert (dry.status_code, dry.json()["status"], dry.json()["id"]) == (200, "planned", None)
    assert counts(dry.json()) == (2, 2, 0, 0, 0)
    assert "Chiso-Version" not in dry.headers
    assert (await values(api), (await api.get("/v1/imports")).json()["items"]) == ([], [])
    assert (await api.get("/v1/audit")).json() == before
    await with_figures(api, some_figures("H60", numerator=1))
    moved = await post(api, rows, plan=dry.json()["plan"])
    assert (moved.status_code, moved.json()["code"]) == (409, "plan_changed")
    fresh = (await post(api, rows, dry_run=True)).json()["plan"]
    assert counts(await with_figures(api, rows, plan=fresh)) == (2, 1, 1, 0, 0)


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("spelled", ["true", "1", "yes", "on", "t", "y", "TRUE"])
async def test_a_dry_run_waits_for_no_writer_however_it_is_spelled(
    api: httpx.AsyncClient, database: Database, spelled: str
) -> None:
    with database.writing():
        answer = await post(api, some_figures(), dry_run=spelled)

    assert answer.json()["status"] == "planned"


@pytest.mark.usefixtures("units")
async def test_a_dry_run_of_a_faulty_file_is_an_answer_not_a_failure(api: httpx.AsyncClient) -> None:
    answer = await post(api, [*some_figures("H60"), *some_figures("H99")], dry_run=True)

    assert (answer.status_code, answer.json()["status"], answer.json()["plan"]) == (200, "rejected", None)
    assert counts(answer.json()) == (2, 0, 0, 0, 2)
    assert places(answer) == [("unit_unknown", "/1/unit")]


@pytest.mark.usefixtures("units")
async def test_no_row_at_all_is_an_import_too(api: httpx.AsyncClient) -> None:
    assert counts(await with_figures(api, [])) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("body", ["{}", '"H60"', "5", "null"])
async def test_a_body_that_is_no_list_is_refused(api: httpx.AsyncClient, body: str) -> None:
    answer = await post_raw(api, body)

    assert (answer.status_code, answer.json()["code"]) == (422, "list_expected")


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    "body",
    ['[{"unit":NaN}]', '[{"value":1e400}]', '[{"unit":"\\ud800"}]', '[{"unit":"\\u0000"}]', '[{"a":1,"a":2}]', "[", ""],
)
async def test_a_body_that_is_no_json_is_refused(api: httpx.AsyncClient, body: str) -> None:
    assert (await post_raw(api, body)).status_code == 400


ODD_CELLS = (["H60"], 60, {"code": "H60"}, True, "", "  ", "a:", ":", "H60\u0007", "x" * 5000)


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("field", ["unit", "period", "indicator", "source", "observed_at", "note", "retract"])
async def test_no_cell_of_a_row_can_bring_the_service_down(api: httpx.AsyncClient, field: str) -> None:
    for cell in ODD_CELLS:
        answer = await post(api, [{**some_figures()[0], field: cell}])

        assert answer.status_code in (200, 422), (cell, answer.text)


def twenty_thousand() -> list[dict[str, Any]]:
    indicators = [f"{group}_points" for group in ("transparency", "progress", "online", "payment", "satisfaction")]
    return [
        {"unit": f"H60.{unit}", "period": period, "indicator": indicator, "value": unit % 10}
        for unit in range(1000)
        for period in ("2024-06", "2024-07", "2024-08", "2024-Q3")
        for indicator in indicators
    ]


async def test_twenty_thousand_rows_take_a_handful_of_statements(
    api: httpx.AsyncClient, count_queries: Callable[[], Any]
) -> None:
    await with_units(api, [a_unit(), *(a_commune(f"H60.{unit}") for unit in range(1000))])
    rows = twenty_thousand()

    with count_queries() as first:
        taken = await with_figures(api, rows)
    with count_queries() as second:
        changed = await with_figures(api, [{**row, "value": 1} for row in rows])

    assert (taken["created"], changed["updated"] + changed["unchanged"]) == (20_000, 20_000)
    assert changed["unchanged"] == 2000
    assert len(first) <= 35
    assert len(second) <= 35


async def test_a_file_full_of_unknown_units_is_refused_in_seconds(api: httpx.AsyncClient) -> None:
    """Every unknown code compared with every known one would take minutes."""
    await with_units(api, [a_unit(), *(a_commune(f"H60.{unit}") for unit in range(1000))])

    answer = await post(api, [some_figures(f"H60.{unit}X")[0] for unit in range(2000)])

    assert len(answer.json()["errors"]) == 1001


async def test_a_layout_that_there_is_not_is_one_fault_that_names_all(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/imports?layout=foo", json=[], headers={"Accept-Language": "vi"})

    assert [each["detail"] for each in answer.json()["errors"]] == ["Chỉ nhận auto, long, wide, portal."]
