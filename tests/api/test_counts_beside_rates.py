"""A rate as its source states it, and how many beside it, where nobody says of how many: "2 hồ sơ (0,01%)"."""

from typing import Any

import httpx
import pytest

from tests.make import RATIO, a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.word_files import SENT, a_template, paragraphs_of

Client = httpx.AsyncClient
STATED = {"numerator": 2, "denominator": None, "value": "0.01"}
UNIT, OTHER = "H60.101", "H60.102"


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(UNIT), a_commune(OTHER)])


async def found(api: Client, path: str, **query: Any) -> Any:
    answer = await api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_count_is_kept_without_its_whole(api: Client) -> None:
    taken = await with_figures(api, some_figures(UNIT, **STATED), locale="en")

    [row] = (await found(api, "/v1/values", unit=UNIT))["items"]
    assert taken["warnings"] == []
    assert (row["numerator"], row["denominator"], row["value"]) == (2, None, 0.01)


@pytest.mark.parametrize(
    ("format", "kind"),
    [
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ndjson", "application/x-ndjson"),
    ],
)
async def test_what_is_read_can_be_sent_back(api: Client, format: str, kind: str) -> None:
    await with_figures(api, some_figures(UNIT, OTHER, **STATED), locale="en")

    file = await api.get("/v1/values", params={"format": format})
    answer = await api.post("/v1/imports", content=file.content, headers={"Content-Type": kind})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows"], answer.json()["unchanged"]) == (2, 2)


async def test_a_table_with_units_as_rows_may_have_the_count_beside_the_rate(api: Client) -> None:
    table = f"unit;{RATIO}.numerator;{RATIO}\n{UNIT};2;0,01\n{OTHER};;0,02\n"
    asked = {"period": "2024-07", "locale": "vi"}

    answer = await api.post("/v1/imports", content=table, params=asked, headers={"Content-Type": "text/csv"})

    assert answer.status_code == 200, answer.text
    rows = (await found(api, "/v1/values"))["items"]
    assert [(row["numerator"], row["value"]) for row in rows] == [(2, 0.01), (None, 0.02)]


async def test_another_count_is_another_figure_and_a_whole_that_becomes_known_too(api: Client) -> None:
    await with_figures(api, some_figures(UNIT, **STATED), locale="en")

    again = await with_figures(api, some_figures(UNIT, **STATED), locale="en")
    more = await with_figures(api, some_figures(UNIT, **{**STATED, "numerator": 3}), locale="en")
    whole = await with_figures(api, some_figures(UNIT, numerator=3, denominator=30_000))

    assert (again["unchanged"], more["updated"], whole["updated"]) == (1, 1, 1)


async def test_points_come_from_the_rate_alone(api: Client) -> None:
    rate = {"numerator": None, "denominator": None, "value": "60"}
    await with_figures(api, [*some_figures(UNIT, **rate), *some_figures(OTHER, **{**rate, "numerator": 2})])

    board = await found(api, "/v1/scores", period="2024-07", level="commune", framework="qd766@2026")
    explained = await found(api, f"/v1/scores/{OTHER}/2024-07", framework="qd766@2026")

    one, other = ({**each, "unit": None} for each in board["items"])
    assert one == other
    [group] = [each for each in explained["criteria"] if each["code"] == "transparency"]
    [criterion] = [each for each in group["criteria"] if each["code"] == "1.4"]
    assert criterion["points"] == 3.6
    [reading] = criterion["inputs"]
    assert (reading["numerator"], reading["denominator"], reading["value"]) == (None, None, 60)


async def test_the_proof_reader_finds_nothing_in_it(api: Client) -> None:
    await with_figures(api, some_figures(UNIT, **STATED), locale="en")
    await with_figures(api, some_figures(UNIT, period="2024-06", numerator=1, denominator=10_000))
    await with_figures(api, some_figures(UNIT, source="provincial_system", **STATED), locale="en")

    assert (await found(api, "/v1/findings", period="2024-07"))["items"] == []


async def test_none_beside_a_rate_is_taken_with_a_warning_and_found(api: Client) -> None:
    taken = await with_figures(api, some_figures(UNIT, **{**STATED, "numerator": 0, "value": "5"}), locale="en")

    [warning] = taken["warnings"]
    [finding] = (await found(api, "/v1/findings", period="2024-07"))["items"]
    assert (warning["code"], warning["pointer"]) == ("rate_differs_from_counts", "/0/value")
    assert (finding["rule"], finding["severity"], finding["stated"]) == ("rate_differs_from_counts", "error", "5")


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_part_of_a_thing_beside_a_rate_is_refused(api: Client, dry_run: bool) -> None:
    table = f"unit,period,indicator,numerator,value\n{UNIT},2024-07,{RATIO},1.5,5\n"
    answer = await api.post(
        "/v1/imports", content=table, params={"locale": "en", "dry_run": dry_run}, headers={"Content-Type": "text/csv"}
    )

    assert answer.status_code == (200 if dry_run else 422)
    assert [(each["code"], each["column"]) for each in answer.json()["errors"]] == [("number_not_whole", "numerator")]


async def test_it_is_counted_where_units_are_counted_and_the_rest_is_not_known(api: Client) -> None:
    await with_figures(api, some_figures(UNIT, **STATED), locale="en")
    await with_figures(api, some_figures(OTHER, numerator=3, denominator=10))
    asked = {"period": "2024-07", "under": "H60", "indicator": RATIO}

    counted = await found(api, "/v1/reports/counts", **asked)
    rest = await found(api, "/v1/reports/counts", **asked, part="rest")

    assert (counted["sum"], counted["missing"]) == (5, 0)
    assert (rest["sum"], rest["missing"]) == (7, 1)


async def test_a_letter_prints_it_with_its_rate(api: Client) -> None:
    await with_figures(api, some_figures("H60", **STATED), locale="en")
    await with_figures(api, some_figures("H60", period="2024-06", **{**STATED, "numerator": 5, "value": "0.02"}))
    asked = {"period": "2024-07", "under": "H60"}

    compared = await found(api, "/v1/reports/comparison", **asked, layout="commune_annex")
    told = await found(api, "/v1/reports/announcement", **asked)

    [row] = [each for each in compared["rows"] if each["indicator"] == RATIO and each["part"] == "numerator"]
    assert (row["before_text"], row["now_text"]) == ("5 (0,02%)", "2 (0,01%)")
    assert row["change"]["count"] == -3
    [printed] = [each for each in told["appendices"][0]["rows"] if each.get("part") == "numerator"]
    assert [printed[f"now_{each}"] for each in ("count", "rate")] == ["2", "0,01"]


async def test_a_word_file_of_an_office_prints_it_with_its_rate(api: Client) -> None:
    await with_figures(api, some_figures("H60", **STATED), locale="en")
    field = f'criteria["{RATIO}"]'
    file = a_template(f"{{{{ {field}.count | so_luong }}}} hồ sơ ({{{{ {field}.rate | ty_le }}}})")
    await api.put("/v1/letter-templates/H60/thong_bao", content=file, headers=SENT)
    asked = {"period": "2024-07", "under": "H60", "letter": "thong_bao", "format": "docx"}

    letter = await api.get("/v1/reports/announcement", params=asked)

    assert [each.replace("\u00a0", " ") for each in paragraphs_of(letter.content)] == ["2 hồ sơ (0,01%)"]


async def test_a_letter_says_how_another_source_counts(api: Client) -> None:
    await with_figures(api, some_figures("H60", **STATED), locale="en")
    await with_figures(api, some_figures("H60", source="provincial_system", **{**STATED, "value": "5"}))

    told = await found(api, "/v1/reports/announcement", period="2024-07", under="H60")

    assert "2 (0,01%)" in str(told["sections"])
    assert "2 (5%)" in str(told["sections"])
