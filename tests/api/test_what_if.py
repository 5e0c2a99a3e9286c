"""`POST /v1/scores/what-if`: a board with other figures or other rules, beside the one that is; nothing is stored."""

import csv
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, with_figures, with_units
from tests.support.evaluations import a_province, totals
from tests.support.what_if import BOARD, PATH, a_total, as_read, of, refused, supposed

Client = httpx.AsyncClient
KeyMaker = Callable[..., Client]


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


def rows_of(database: Database) -> dict[str, list[Any]]:
    """All that is stored."""
    with database.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        return {each.name: sorted(map(tuple, session.execute(select(each))), key=repr) for each in tables}


async def test_a_figure_that_is_supposed_moves_the_board(api: Client) -> None:
    found = await supposed(api, a_total("H60.101", 90.5))

    first = of(found, "H60.101")
    assert (first["total"], first["rank"], first["band"]["code"]) == (90.5, 1, "excellent")
    assert first["base"] == {"total": 70, "rank": 3, "band": {"code": "fair", "name": "Khá"}}
    assert first["difference"]["total"] == 20.5
    assert first["difference"]["rank"] == 2
    assert of(found, "H60.102")["difference"]["rank"] == -1
    assert all("hypothetical" in each["flags"] for each in found["items"])


async def test_the_groups_that_change_are_told(api: Client) -> None:
    points = {"unit": "H60.101", "indicator": "payment_points", "source": "national_portal"}
    await with_figures(api, [{**points, "period": "2024-07", "value": 4}])

    found = of(await supposed(api, {**points, "value": 6.5}), "H60.101")

    assert (found["difference"]["groups"]["payment"], found["difference"]["groups"]["online"]) == (2.5, None)


async def test_nothing_is_stored_whatever_is_supposed(api: Client, database: Database) -> None:
    before = rows_of(database)

    answer = await api.post(PATH, json={**BOARD, "values": [a_total("H60.101", 90)], "document": a_framework()})
    assert answer.status_code == 200, answer.text
    await refused(api, a_total("H60.999", 90))

    assert rows_of(database) == before


async def test_the_answer_is_kept_nowhere_and_the_data_keep_their_version(api: Client) -> None:
    version = (await api.get("/v1/units")).headers["chiso-version"]

    answer = await api.post(PATH, json={**BOARD, "values": [a_total("H60.101", 90)]})

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.keys().isdisjoint({"etag", "chiso-version"})
    assert (await api.get("/v1/units")).headers["chiso-version"] == version


@pytest.mark.parametrize("row", [a_total("H60.102", None), a_total("H60.102", None, retract=True)])
async def test_a_figure_that_is_null_is_taken_back(api: Client, row: dict[str, Any]) -> None:
    found = await supposed(api, row)

    assert [each["unit"]["code"] for each in found["items"]] == ["H60.103", "H60.101"]
    assert (found["cohort"]["size"], found["base"]["cohort"]["size"]) == (2, 3)
    assert of(found, "H60.103")["tied"] == 1


async def test_a_row_without_any_figure_is_a_slip(api: Client) -> None:
    problem = await refused(api, {"unit": "H60.102", "indicator": "total_points"})

    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [("value_missing", "/values/0/value")]


async def test_rows_are_refused_as_those_of_an_import_are(api: Client) -> None:
    rows = [
        a_total("H60.10l", 1),
        a_total("H60.101", "85,5x"),
        {**a_total("H60.101", 2), "indicator": "totl_points"},
        {**a_total("H60.101", 2), "source": "nobody"},
        {**a_total("H60.101", 2), "sources": "manual"},
        a_total("H60.103", 2),
        a_total("H60.103", 3),
        7,
    ]
    problem = await refused(api, *rows)
    sent = [{**row, "period": "2024-07"} if isinstance(row, dict) else row for row in rows]
    imported = (await api.post("/v1/imports", json=sent)).json()

    assert problem["code"] == "import_rejected"
    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [
        (each["code"], f"/values{each['pointer']}") for each in imported["errors"]
    ]
    assert len(problem["errors"]) >= 8


async def test_text_is_read_by_its_locale_and_units_by_their_identifiers(api: Client) -> None:
    unit = a_commune("H60.101", identifiers=[{"scheme": "gso", "value": "02203"}])
    await with_units(api, [unit])

    found = await supposed(api, a_total("gso:02203", "90,5"), locale="vi")

    assert of(found, "H60.101")["total"] == 90.5


async def test_warnings_are_those_of_an_import(api: Client) -> None:
    row = {"unit": "H60.101", "indicator": "dossier_sync", "numerator": 3, "denominator": 4, "value": "80"}
    found = await supposed(api, row)
    imported = (await api.post("/v1/imports?dry_run=true", json=[{**row, "period": "2024-07"}])).json()

    assert found["warnings"] != []
    assert [each["code"] for each in found["warnings"]] == [each["code"] for each in imported["warnings"]]


async def test_a_row_of_another_period_is_refused(api: Client) -> None:
    problem = await refused(api, a_total("H60.101", 3, period="2024-06"))

    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [("period_not_asked", "/values/0/period")]


async def test_a_locked_period_may_be_tried(api: Client) -> None:
    assert (await api.put("/v1/periods/2024-07/lock", json={"reason": "Đã công bố"})).status_code == 200

    assert of(await supposed(api, a_total("H60.101", 90)), "H60.101")["total"] == 90


async def test_the_source_that_the_framework_prefers_speaks(api: Client) -> None:
    lesser = {**a_total("H60.101", 99), "source": "manual"}
    assert of(await supposed(api, lesser), "H60.101")["total"] == 70

    taken_back = a_total("H60.101", None)
    assert of(await supposed(api, lesser, taken_back), "H60.101")["total"] == 99


async def test_an_older_observation_changes_nothing(api: Client) -> None:
    old = a_total("H60.101", 99, observed_at="2024-08-01T00:00:00Z")

    assert of(await supposed(api, old), "H60.101")["total"] == 70


async def test_what_is_supposed_lies_on_what_was_known(api: Client, clock: Clock) -> None:
    then = clock.present.isoformat()
    clock.forward(hours=1)
    await with_figures(api, totals("2024-07", {"H60.101": "75", "H60.102": "60"}))

    found = await supposed(api, a_total("H60.103", 50), as_of=then)

    assert {each["unit"]["code"]: each["total"] for each in found["items"]} == {
        "H60.101": 70,
        "H60.102": 81.5,
        "H60.103": 50,
    }
    assert of(found, "H60.103")["base"]["total"] == 81.5
    assert (await refused(api, as_of="2099-01-01T00:00:00Z"))["errors"][0]["pointer"] == "/as_of"


async def test_a_figure_replaced_since_is_still_replaced_then(api: Client, clock: Clock) -> None:
    then = clock.present.isoformat()
    clock.forward(hours=1)
    await with_figures(api, [{**a_total("H60.101", 66), "period": "2024-07"}])

    found = await supposed(api, a_total("H60.101", 66), as_of=then)

    assert (of(found, "H60.101")["total"], of(found, "H60.101")["base"]["total"]) == (66, 70)


async def test_a_key_of_a_subtree_supposes_of_its_own_units_and_sees_no_rank(as_key: KeyMaker) -> None:
    own = as_key(Scope.VALUES_READ, unit="H60.101")

    problem = await refused(own, a_total("H60.102", 1), under=None)
    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [("unit_forbidden", "/values/0/unit")]

    found = await supposed(own, a_total("H60.101", 90), under=None)
    assert [(each["unit"]["code"], each["rank"], each["base"]["rank"]) for each in found["items"]] == [
        ("H60.101", None, None)
    ]
    assert found["items"][0]["difference"] == {"total": 20, "rank": None, "groups": dict.fromkeys(GROUPS)}
    assert "hạng" not in found["sentence"].replace("được xếp hạng", "")
    assert "cohort_hidden" in found["items"][0]["flags"]


GROUPS = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")


async def test_what_a_key_may_not_read_it_may_not_suppose(anonymous: Client, as_key: KeyMaker) -> None:
    await refused(anonymous, status=401)
    await refused(as_key(Scope.VALUES_WRITE), status=403)
    await refused(as_key(Scope.VALUES_READ, unit="H19"), status=404)


async def test_pages_are_those_of_boards(api: Client) -> None:
    first = await supposed(api, a_total("H60.101", 90), query={"limit": 2, "sort": "code"})
    rest = await supposed(
        api, a_total("H60.101", 90), query={"limit": 2, "sort": "code", "cursor": first["next_cursor"]}
    )

    found = [*first["items"], *rest["items"]]
    assert [each["unit"]["code"] for each in found] == ["H60.101", "H60.102", "H60.103"]
    few = await supposed(api, query={"fields": "unit,difference"})
    assert few["items"][0].keys() == {"unit", "difference"}


async def test_a_table_shows_what_is_and_what_would_change(api: Client) -> None:
    body = {**BOARD, "values": [a_total("H60.101", 90)]}

    table = (await api.post(PATH, json=body, params={"format": "csv"})).text
    others = [await api.post(PATH, json=body, params={"format": each}) for each in ("xlsx", "ndjson", "json-stat")]

    row = next(csv.DictReader(table.splitlines()))
    names = ("Tổng điểm hiện nay", "Hạng hiện nay", "Xếp loại hiện nay", "Chênh lệch điểm", "Chênh lệch bậc")
    assert [row[name] for name in names] == ["70", "3", "Khá", "20", "2"]
    assert [each.status_code for each in others] == [200, 200, 200]


async def test_a_sentence_says_what_would_come_of_it(api: Client) -> None:
    found = await supposed(api, a_total("H60.101", 90.5))

    assert found["sentence"] == (
        "Theo giả định, 3 đơn vị được xếp hạng; điểm trung bình là 84,5/100 điểm, tăng 6,83 điểm so với hiện nay; "
        "1 đơn vị thay đổi xếp loại, 3 đơn vị thay đổi thứ hạng."
    )
    assert found["sentence_en"] == (
        "With what is supposed, 3 units would be ranked; the mean would be 84.5 of 100 points, 6.83 more than now; "
        "1 unit would change class, 3 units would change place."
    )


async def test_where_nothing_is_supposed_the_board_is_as_it_is(api: Client) -> None:
    found, board = await supposed(api), (await api.get("/v1/scores", params=BOARD)).json()

    assert [as_read(each) for each in found["items"]] == board["items"]
    assert {name: found[name] for name in ("framework", "cohort", "summary", "groups_meta", "as_of")} == {
        name: board[name] for name in ("framework", "cohort", "summary", "groups_meta", "as_of")
    }
    assert found["sentence"].endswith(
        "bằng hiện nay; không đơn vị nào thay đổi xếp loại, không đơn vị nào thay đổi thứ hạng."
    )
