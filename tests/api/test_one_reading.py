"""One value is read in one way, through whichever door it comes: the same is stored, or it is refused everywhere."""

from collections.abc import Mapping

import httpx
import pytest

from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support import doors
from tests.support.doors import Door

Client = httpx.AsyncClient
AROUND = ("{}", " {}", "{} ", "\u00a0{}\u202f", "\ufeff{}", "{}\u200b\u2060", "{}\t")
"""What may stand around a text and is not seen."""


@pytest.fixture
async def units(api: Client) -> None:
    numbered = {"identifiers": [{"scheme": "gso", "value": "08"}]}
    await with_units(api, [a_unit(**numbered), a_commune(), a_commune("H60.200")])
    await with_figures(api, some_figures("H60", "H60.100"))


async def outcomes(api: Client, through: Mapping[str, Door], written: str) -> dict[str, object]:
    """What each door makes of it."""
    return {name: await door(api, written) for name, door in through.items()}


KNOWN = {
    "unit": ({**doors.UNITS, **doors.WRITTEN_UNITS}, "H60"),
    "day": (doors.DAYS, "2024-07-31"),
    "period": (doors.PERIODS, "2024-07"),
    "indicator": (doors.INDICATORS, "dossier_sync"),
    "framework": (doors.FRAMEWORKS, "qd766@2022"),
    "number": (doors.NUMBERS, "0.5"),
    "name": (doors.NAMES, "Xã Tân Trào"),
}


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("kind", KNOWN)
async def test_what_nobody_sees_around_a_text_says_nothing_at_any_door(api: Client, kind: str, around: str) -> None:
    through, text = KNOWN[kind]

    found = await outcomes(api, through, around.replace("{}", text))

    assert found == dict.fromkeys(through, 0.5 if kind == "number" else text)


OTHERS = {
    "unit": ("h 60", "H 60", "H60\u200b.100", "Ｈ60", "H６０", "gso:99", "Н60"),
    "day": ("31/7/2024", "2024-7-31", "20240731", "2024-02-30", "2024-07-31T00:00:00", "２０２４-07-31", "1722384000"),
    "period": ("31/7/2024", "7/24", "２０２４-07", "2024-13", "1850", "2024 -07"),
    "indicator": ("Dossier_Sync", "dossier sync", "dossier-sync", "ｄossier_sync", "dossier_syn"),
    "framework": ("QD766", "qd766 @2022", "qd766@", "qd766@1999", "qd766@2022@2022", "ｑd766"),
    "number": ("1.234", "1.000", "12,345", "1e-1", "NaN", "Infinity", "０.5", "1_0", ".5", "0.5.0", "0.12345", "٠"),
}


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(("kind", "written"), [(kind, text) for kind, texts in OTHERS.items() for text in texts])
async def test_what_one_door_refuses_no_other_takes(api: Client, kind: str, written: str) -> None:
    through, _ = KNOWN[kind]

    found = await outcomes(api, through, written)

    assert {name: value for name, value in found.items() if value is not None} == {}


@pytest.mark.usefixtures("units")
async def test_a_name_is_composed_at_every_door(api: Client) -> None:
    found = await outcomes(api, doors.NAMES, "Xã Ta\u0302n Tra\u0300o")

    assert set(found.values()) == {"Xã Tân Trào"}


@pytest.mark.usefixtures("units")
async def test_a_code_in_small_letters_is_read_in_files_alone(api: Client) -> None:
    found = await outcomes(api, doors.UNITS, "h60")

    assert {name: value for name, value in found.items() if value is not None} == {
        name: "H60" for name in doors.UNITS if name.startswith("figure")
    }


@pytest.mark.usefixtures("units")
async def test_a_period_that_only_people_write_so_is_read_in_files_alone(api: Client) -> None:
    by_people = {name for name in doors.PERIODS if name.startswith("figure")}

    for written in ("2024-7", "7/2024", "Tháng 7 năm 2024"):
        found = await outcomes(api, doors.PERIODS, written)

        assert {name for name, value in found.items() if value == "2024-07"} == by_people, written
        assert {name for name, value in found.items() if value is not None} == by_people


@pytest.mark.usefixtures("units")
async def test_a_number_that_only_people_write_so_is_refused_in_documents_and_never_another_one(api: Client) -> None:
    by_people = {name for name in doors.NUMBERS if name == "target" or name.startswith("figure")}

    for written in ("+0.5", "00.5", "0,5", "0,50"):
        found = await outcomes(api, doors.NUMBERS, written)

        assert {name for name, value in found.items() if value == 0.5} == by_people, written
        assert {value for name, value in found.items() if name not in by_people} == {None}


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("written", ["1.234", "12.345", "1.000"])
async def test_which_of_two_numbers_a_text_means_is_asked_at_every_door(api: Client, written: str) -> None:
    leaf = {**doors.LEAF, "rules": [{**doors.LEAF["rules"][0], "full_at": written}]}  # type: ignore[index]
    share = [{"unit": "H60.100", "share": written}, {"unit": "H60.200"}]

    answers = [
        await api.put("/v1/targets", json={"indicator": "average_days", "year": 2026, "target": written}),
        await api.post("/v1/imports", json=some_figures(value=written, numerator=None, denominator=None)),
        await api.post("/v1/frameworks", json=a_framework(criteria=[leaf])),
        await api.post("/v1/unit-events", json={**doors.SHARED, "to": share}),
    ]

    codes = [{fault["code"] for fault in answer.json()["errors"]} for answer in answers]
    assert codes == [{"number_ambiguous"}] * 4


@pytest.mark.usefixtures("units")
async def test_a_number_of_a_query_is_written_as_programs_do(api: Client) -> None:
    report = {"period": "2024-07", "under": "H60", "level": "commune"}

    for written, status in (("1.234", 200), ("1,5", 422), ("1e-1", 422), ("01", 422)):
        answer = await api.get("/v1/reports/reconciliation", params={**report, "tolerance": written})

        assert answer.status_code == status, answer.text


@pytest.mark.usefixtures("units")
async def test_an_identifier_stands_for_its_unit_where_units_are_read(api: Client) -> None:
    found = await outcomes(api, doors.UNITS, " gso:08\u200b")
    unknown = await outcomes(api, doors.UNITS, "gso:99")

    assert found == dict.fromkeys(doors.UNITS, "H60")
    assert unknown == dict.fromkeys(doors.UNITS)


@pytest.mark.usefixtures("units")
async def test_where_units_are_written_the_way_to_the_code_of_an_identifier_is_told(api: Client) -> None:
    answer = await api.put("/v1/publications", json={"unit": "gso:08", "period": "2024-07"})

    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["code"], fault["pointer"]) == (422, "format_invalid", "/unit")
    assert "GET /v1/units/gso:08" in fault["detail"]


async def test_a_kept_board_follows_an_identifier_to_another_unit(api: Client) -> None:
    mine = {"identifiers": [{"scheme": "gso", "value": "08"}]}
    await with_units(api, [a_unit(**mine), a_unit(code="H61", name="UBND tỉnh Phú Thọ")])
    before = await api.get("/v1/units/gso:08")

    await with_units(api, [a_unit(identifiers=[]), a_unit(code="H61", name="UBND tỉnh Phú Thọ", **mine)])
    after = await api.get("/v1/units/gso:08")

    assert (before.json()["code"], after.json()["code"]) == ("H60", "H61")
    assert before.headers["etag"] != after.headers["etag"]


@pytest.mark.usefixtures("units")
async def test_the_next_page_of_an_identifier_goes_by_the_code(api: Client) -> None:
    first = await api.get("/v1/units", params={"under": "gso:08", "limit": 1})
    second = await api.get(first.links["next"]["url"])

    assert [unit["code"] for page in (first, second) for unit in page.json()["items"]] == ["H60.100", "H60.200"]


YES, NO = ("true", "TRUE", " True ", "1", "yes", "on\u200b"), ("false", "FALSE", "0", "no", "off")


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize("written", [*YES, *NO, "maybe", "2", "có", "tru e"])
async def test_yes_and_no_are_the_same_words_in_a_query_and_in_a_cell(api: Client, written: str) -> None:
    row = {"unit": "H60", "period": "2024-07", "indicator": "dossier_sync", "source": "manual", "retract": written}
    body = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    stated = some_figures(source="manual", retract=written)

    history = await api.get("/v1/values", params={"history": written})
    cell = await api.post("/v1/imports", content=body, headers=doors.CSV, params={"dry_run": "true"})
    text = await api.post("/v1/imports", json=stated, params={"dry_run": "true"})

    asked = None if history.status_code == 422 else "actor" in history.json()["items"][0]
    assert asked == (True if written in YES else False if written in NO else None)
    assert retraction(cell, without_figure=True) == asked
    assert retraction(text, without_figure=False) == asked


def retraction(answer: httpx.Response, *, without_figure: bool) -> bool | None:
    """How `retract` was read: a row says either that or a figure, and is refused for the other."""
    codes = {fault["code"] for fault in answer.json()["errors"]}
    if "retract_invalid" in codes:
        return None
    return (codes == set()) == without_figure


@pytest.mark.parametrize("value", ["yes", "true", 1, 0])
async def test_a_framework_document_says_true_and_false_itself(api: Client, value: object) -> None:
    bands = [{"code": "x", "name": {"vi": "X"}, "min": 0, "max": 100, "closed": value}]

    answer = await api.post("/v1/frameworks/validate", json={**a_framework(), "bands": bands})

    assert {fault["code"] for fault in answer.json()["errors"]} == {"true_or_false_expected"}
