"""The letter as files, and over an evaluation: a DOCX that says what the JSON says, and what never changes."""

import io
import json
from collections.abc import Callable
from typing import Any, get_args

import docx
import httpx
import pytest
from sqlalchemy import text

from app.answers.report_letter import LetterSource
from app.formats.strict_json import write_json
from app.reports.announcement import SOURCE_NAMES
from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, codes, communes, letter, total
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

__all__ = ["communes"]  # a fixture of the letter's own tests

Client = httpx.AsyncClient
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def pages(client: Client, **query: Any) -> Any:
    answer = await client.get(PATH, params={**LIVE, "format": "docx", **query})
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX), answer.text
    return docx.Document(io.BytesIO(answer.content))


def plain(text: str) -> str:
    """A printed text with the spaces that data has: paper has some at which no line ends."""
    return text.replace("\u00a0", " ")


def everything(document: Any) -> str:
    """All text of a DOCX, tables included."""
    return "\n".join(each.text or "" for each in document.element.body.iter("{*}t"))


async def test_the_docx_says_what_the_json_says(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", "81.77"), total(OURS, 92), total(OTHER, 60)], locale="en")
    told = await letter(api, on="2024-08-28")

    document = await pages(api, on="2024-08-28")

    said = [plain(paragraph.text) for paragraph in document.paragraphs]
    for printed in (told["opening"], *told["basis"], told["closing"]):
        assert printed["text"] in said
    for section in told["sections"]:
        assert f"{section['number']}. {section['title']}" in said
        assert [each["text"] for each in section["paragraphs"]] == [
            each for each in said if each in [paragraph["text"] for paragraph in section["paragraphs"]]
        ]
    head, addressees, foot, ranked = document.tables
    assert "TỈNH TUYÊN QUANG" in head.cell(0, 0).text
    assert told["subject"] in plain(head.cell(1, 0).text)
    assert plain(head.cell(1, 1).text) == told["letterhead"]["date_line"]
    assert addressees.cell(0, 0).text == "Kính gửi:"
    assert foot.cell(0, 0).text.startswith("Nơi nhận:")
    [appendix] = told["appendices"]
    printed = [[plain(cell.text) for cell in row.cells] for row in ranked.rows]
    assert printed[0] == [column["title"] for column in appendix["columns"]]
    assert printed[1:] == [[row[column["key"]] for column in appendix["columns"]] for row in appendix["rows"]]


async def test_lines_break_no_number_and_no_month_on_paper_alone(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])

    printed = everything(await pages(api))

    assert "tháng\u00a07/2024" in printed
    assert "\u00a0" not in json.dumps(await letter(api), ensure_ascii=False)


async def test_what_is_left_open_is_marked(api: Client, communes: None) -> None:
    document = await pages(api, on="2024-08-28")

    head, _, foot = document.tables[:3]
    cells = (head.cell(1, 0), head.cell(1, 1), foot.cell(0, 1))
    marked = [[run.text for each in cell.paragraphs for run in each.runs if run.font.highlight_color] for cell in cells]
    assert [[len(text.strip()) > 0 for text in texts] for texts in marked] == [[False, True], [False], [True]]


async def test_a_docx_is_answered_to_who_accepts_one(api: Client, communes: None) -> None:
    plain = await api.get(PATH, params=LIVE)
    answer = await api.get(PATH, params=LIVE, headers={"Accept": DOCX})

    assert [each.headers["content-type"] for each in (plain, answer)] == ["application/json", DOCX]
    assert answer.headers["content-disposition"] == 'attachment; filename="CV_H60_2024-07.docx"'
    assert answer.content == (await api.get(PATH, params={**LIVE, "format": "docx"})).content


async def test_other_reports_have_no_docx(api: Client, communes: None) -> None:
    answer = await api.get("/v1/reports/tasks", params={**LIVE, "format": "docx"})

    assert answer.status_code == 422
    assert (await api.get("/v1/reports/tasks", params=LIVE, headers={"Accept": DOCX})).json()["items"] == []


@pytest.mark.parametrize("name", ["UBND xã <w:t>&amp;", "UBND xã {period}", "X" * 300, "=1+1"])
async def test_names_break_no_letter(api: Client, name: str) -> None:
    await with_units(api, [a_unit(name=name), a_commune(OURS, name=name)])
    await with_figures(api, [total(OURS, 92)])

    assert name.replace("\ufffe", "\ufffd") in everything(await pages(api))


async def test_the_paragraphs_and_appendices_are_tables_too(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])
    told = await letter(api)

    rows = await csv_rows(api, "announcement", **LIVE)
    sheet = await sheet_rows(api, "announcement", "Phụ lục I", **LIVE)
    lines = (await api.get(PATH, params={**LIVE, "format": "ndjson", "table": "appendix_1"})).text.splitlines()

    assert [each["text"] for section in told["sections"] for each in section["paragraphs"]] == [
        row["Nội dung"].removeprefix("'")
        for row in rows
        if row["Phần"].startswith("Mục ") and not row["Nội dung"][0].isdigit()
    ]
    assert [row["Đơn vị"] for row in sheet] == ["UBND xã Na Hang", "UBND xã Yên Sơn"]
    assert len(lines) == 2


@pytest.fixture
async def evaluation(api: Client, clock: Clock, communes: None) -> int:
    """A published evaluation of two communes, with the letter profile of their province."""
    await with_figures(api, [total(OURS, 92), total(OTHER, 60), total("H60", 81)])
    await api.put("/v1/letter-profiles/H60", json={"symbol": "CŨ"})
    clock.forward(hours=1)
    order = {"framework": "qd766", "levels": ["commune"], **LIVE}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    return id


@pytest.mark.parametrize("format", ["json", "docx"])
async def test_the_letter_of_a_published_evaluation_never_changes(
    format: str, api: Client, anonymous: Client, clock: Clock, evaluation: int
) -> None:
    query: dict[str, str | int] = {"evaluation": evaluation, "format": format}
    before = await anonymous.get(PATH, params=query)

    clock.forward(days=30)
    await api.put("/v1/letter-profiles/H60", json={"symbol": "MỚI"})
    await with_figures(api, [total(OURS, 10, observed_at="2024-09-01T00:00:00+07:00")])
    after = await anonymous.get(PATH, params=query)
    held = await anonymous.get(PATH, params=query, headers={"If-None-Match": before.headers["etag"]})
    head = await anonymous.head(PATH, params=query)

    assert after.content == before.content
    assert "immutable" in after.headers["cache-control"]
    assert (held.status_code, held.content) == (304, b"")
    assert (head.headers["etag"], head.content) == (before.headers["etag"], b"")
    assert (await letter(api))["letterhead"]["symbol"] == "MỚI"


async def test_the_formats_of_a_letter_have_tags_of_their_own(anonymous: Client, evaluation: int) -> None:
    found = [await anonymous.get(PATH, params={"evaluation": evaluation, "format": each}) for each in ("json", "docx")]

    assert len({each.headers["etag"] for each in found}) == 2


async def test_the_profile_is_under_the_digest_of_the_letter_and_not_of_the_scores(
    api: Client, clock: Clock, evaluation: int
) -> None:
    order = {"framework": "qd766", "levels": ["commune"], **LIVE}
    same = (await api.post("/v1/evaluations", json=order)).json()
    await api.put("/v1/letter-profiles/H60", json={"symbol": "MỚI"})
    other = (await api.post("/v1/evaluations", json=order)).json()

    first = (await api.get(f"/v1/evaluations/{evaluation}")).json()
    assert first["digest"] == same["digest"] == other["digest"]
    assert first["letter_digest"] == same["letter_digest"] != other["letter_digest"]
    for id in (evaluation, other["id"]):
        assert (await api.get(f"/v1/evaluations/{id}/verify")).json()["matches"]


async def test_an_evaluation_frozen_before_there_were_profiles_is_read(
    api: Client, anonymous: Client, database: Database, evaluation: int
) -> None:
    """What it froze knows nothing of letters: the head is made from the unit's name."""
    with database.writing() as session:
        where = {"id": evaluation}
        select = "SELECT content FROM evaluation_parts WHERE evaluation = :id AND part = 'inputs'"
        inputs = json.loads(session.execute(text(select), where).scalar_one())
        del inputs["letter"]
        update = "UPDATE evaluation_parts SET content = :new WHERE evaluation = :id AND part = 'inputs'"
        session.execute(text(update), {**where, "new": write_json(inputs).decode()})

    told = await report(anonymous, "announcement", evaluation=evaluation)

    assert (told["letterhead"]["symbol"], told["unit"]["code"]) == (None, "H60")


async def test_notes_are_for_the_officer_and_stay_with_the_draft(
    api: Client, anonymous: Client, communes: None
) -> None:
    await with_figures(api, [total("H60", 101), total(OURS, 92)])
    id = (await api.post("/v1/evaluations", json={"framework": "qd766", "levels": ["commune"], **LIVE})).json()["id"]
    draft = await report(api, "announcement", evaluation=id)
    await api.post(f"/v1/evaluations/{id}/publish")

    query = {"evaluation": id}
    by_officer, by_anybody = [await client.get(PATH, params=query) for client in (api, anonymous)]

    assert {"fill_in", "points_exceed_max"} <= set(codes(draft))
    assert (by_officer.content, by_officer.headers["etag"]) == (by_anybody.content, by_anybody.headers["etag"])
    assert by_officer.json() == {**draft, "notes": [], "fields": {**draft["fields"], "notes": []}}
    assert await csv_rows(anonymous, "announcement", evaluation=id, table="notes") == []


async def test_codes_stand_in_the_last_columns_of_csv_and_not_on_paper(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60)])

    rows = await csv_rows(api, "announcement", **LIVE, table="appendix_1")
    [appendix] = (await letter(api))["appendices"]
    ranked = (await pages(api)).tables[-1]

    assert [(row["Mã"], list(row)[-2:]) for row in rows] == [(code, ["Mã", "Mã xếp loại"]) for code in (OURS, OTHER)]
    assert [row["unit_code"] for row in appendix["rows"]] == [OURS, OTHER]
    assert "Mã" not in [cell.text for cell in ranked.rows[0].cells]


async def test_a_subtree_key_writes_the_letter_of_its_own_and_of_no_other(
    api: Client, communes: None, as_key: Callable[..., Client]
) -> None:
    ours = as_key(Scope.VALUES_READ, unit=OURS)

    assert (await ours.get(PATH, params={**LIVE, "under": OURS})).status_code == 200
    assert (await ours.get(PATH, params={**LIVE, "under": OTHER})).status_code == 404


async def test_people_read_by_name_where_a_part_comes_from_and_programs_by_code(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", "81.77", observed_at=None), total(OURS, 92)], locale="en")
    asked = {**LIVE, "on": "2024-08-28"}

    sheets = [await sheet_rows(api, "announcement", sheet, **asked) for sheet in ("Văn bản", "Lưu ý")]
    rows = await csv_rows(api, "announcement", **asked, table="notes")
    told = await letter(api, on="2024-08-28")

    printed = {row["Nguồn lập"] for sheet in sheets for row in sheet} - {None}
    assert {"Báo cáo so sánh hai kỳ", "Báo cáo xếp loại"} <= printed <= set(SOURCE_NAMES.values())
    assert [row["Mã nguồn lập"] for row in rows] == [each["source"] for each in told["notes"]]


def test_every_place_that_a_part_comes_from_has_a_name() -> None:
    assert set(SOURCE_NAMES) == set(get_args(LetterSource))
