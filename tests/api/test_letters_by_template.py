"""Letters by Word files: the office's own, else the one that ships, as DOCX and PDF, unless figures contradict."""

import io
from typing import Any

import docx
import httpx
import pytest

from tests.api.conftest import Clock
from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, communes, total
from tests.make import with_figures
from tests.support.word_files import DOCX, SENT, a_template, comments_of, paragraphs_of

__all__ = ["communes"]  # a fixture of the letter's own tests

Client = httpx.AsyncClient
JUNE = {"period": "2024-06"}
OWN = a_template("{{ unit.name }} đạt {{ total | diem }} điểm {{ period.words }}, hạng {{ rank }}")


async def state(api: Client, kind: str, unit: str = "H60", file: bytes = OWN) -> None:
    answer = await api.put(f"/v1/letter-templates/{unit}/{kind}", content=file, headers=SENT)
    assert answer.status_code in (200, 201), answer.text


async def sent(api: Client, **query: Any) -> httpx.Response:
    return await api.get(PATH, params={**LIVE, "format": "docx", "on": "2024-08-28", **query})


async def written(api: Client, **query: Any) -> bytes:
    answer = await sent(api, **query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCX), answer.text
    return answer.content


@pytest.fixture(autouse=True)
async def figures(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", "81.77"), total(OURS, 92), total(OTHER, 60)], locale="en")


async def test_the_file_of_the_office_is_filled_with_the_fields(api: Client) -> None:
    await state(api, "thong_bao")

    file = await written(api, letter="thong_bao")

    [text] = [each.replace("\u00a0", " ") for each in paragraphs_of(file)]
    assert text == "UBND tỉnh Tuyên Quang đạt 81,77 điểm tháng 7/2024, hạng ……"
    assert "Chưa có số liệu: Thứ hạng (rank)" in comments_of(file)


async def test_it_is_named_by_unit_and_period(api: Client) -> None:
    answer = await sent(api, letter="announcement")

    assert answer.headers["content-disposition"] == 'attachment; filename="CV_H60_2024-07.docx"'


@pytest.mark.parametrize("kind", ["announcement", "direction", "ranking", "commune"])
async def test_a_kind_that_ships_needs_no_file_of_the_office(api: Client, kind: str) -> None:
    file = await written(api, letter=kind)

    assert docx.Document(io.BytesIO(file)).paragraphs
    assert "{{" not in "".join(each.text or "" for each in docx.Document(io.BytesIO(file)).element.body.iter("{*}t"))


@pytest.mark.parametrize("kind", ["announcement", "direction", "ranking", "commune"])
async def test_what_is_to_be_done_by_when_stands_in_every_letter_that_ships(api: Client, kind: str) -> None:
    due = {"due_dates": [{"what": "Báo cáo {period}", "on": "2024-09-15"}]}
    assert (await api.put(f"/v1/letters/H60/2024-07/{kind}", json=due)).is_success

    printed = [each.replace("\u00a0", " ") for each in paragraphs_of(await written(api, letter=kind))]

    assert "- Báo cáo tháng 7/2024: chậm nhất ngày 15/9/2024." in printed


@pytest.mark.parametrize("kind", ["direction", "commune"])
async def test_a_letter_that_orders_without_orders_leaves_their_place_open(api: Client, kind: str) -> None:
    file = await written(api, letter=kind)

    assert "……" in paragraphs_of(file)
    [said] = [each for each in comments_of(file) if "Chưa có nội dung chỉ đạo" in each]
    assert "PUT /v1/letters/{unit}/{period}/{kind}" in said


async def test_a_direction_of_an_office_that_has_stated_nothing_opens_as_one(api: Client) -> None:
    file = await written(api, letter="direction")

    assert "Ủy ban nhân dân tỉnh Tuyên Quang có ý kiến chỉ đạo như sau:" in paragraphs_of(file)


async def test_a_total_that_is_missing_is_a_blank_of_so_many_points(api: Client) -> None:
    rows = [total("H60", 13.2, indicator="transparency_points", period="2024-06")]
    await with_figures(api, rows, locale="en")

    printed = [each.replace("\u00a0", " ") for each in paragraphs_of(await written(api, letter="announcement", **JUNE))]

    [said] = [each for each in printed if each.startswith("Theo tra cứu")]
    assert "đạt ……/100 điểm. Điểm số các nhóm chỉ số tháng 6/2024" in said


async def test_a_province_that_takes_the_letter_of_a_commune_calls_its_groups_once(api: Client) -> None:
    await with_figures(api, [total("H60", 13.2, indicator="transparency_points")], locale="en")

    printed = paragraphs_of(await written(api, letter="commune"))

    [said] = [each.replace("\u00a0", " ") for each in printed if "13,2/18" in each]
    assert said.startswith("1.1. Điểm đánh giá công khai, minh bạch đạt 13,2/18 điểm")


async def test_addressees_that_were_stated_with_their_signs_have_them_once(api: Client) -> None:
    stated = {"addressees": ["Các sở;", "Các xã."]}
    assert (await api.put("/v1/letters/H60/2024-07/announcement", json=stated)).is_success

    document = docx.Document(io.BytesIO(await written(api, letter="announcement")))

    names = [each.text for each in document.tables[1].cell(0, 1).paragraphs]
    assert names[:2] == ["- Các sở;", "- Các xã."]


async def test_what_the_office_has_stated_takes_the_place_of_what_ships(api: Client) -> None:
    await state(api, "announcement", file=a_template("Của cơ quan"))

    assert paragraphs_of(await written(api, letter="announcement")) == ["Của cơ quan"]


async def test_a_letter_of_no_kind_is_put_together_as_before(api: Client) -> None:
    await state(api, "announcement", file=a_template("Của cơ quan"))

    assert "Của cơ quan" not in paragraphs_of(await written(api))


async def test_a_kind_that_nobody_knows_is_refused_by_name(api: Client) -> None:
    answer = await sent(api, letter="anouncement")

    assert (answer.status_code, answer.json()["code"]) == (422, "letter_kind_unknown")
    assert "announcement, commune, direction, ranking" in answer.json()["detail"]
    assert answer.json()["errors"][0]["parameter"] == "letter"


@pytest.mark.parametrize("of", [{"letter": "thong_bao"}, {"letter": "announcement"}, {}])
async def test_figures_that_contradict_each_other_stop_the_file_unless_it_is_forced(
    api: Client, of: dict[str, str]
) -> None:
    counts = {"value": "50", "numerator": "9", "denominator": "10"}
    wrong = {"unit": "H60", "period": "2024-07", "indicator": "on_time", **counts}
    await with_figures(api, [wrong], locale="en")
    await state(api, "thong_bao")

    refused = await sent(api, **of)
    as_pdf = await sent(api, **of, format="pdf")
    asked = {**LIVE, "format": "docx", **of}
    vietnamese = await api.get(PATH, params=asked, headers={"Accept-Language": "vi"})

    for each in (refused, as_pdf):
        assert (each.status_code, each.json()["code"]) == (409, "letter_has_errors")
    [error] = refused.json()["errors"]
    assert error["code"] == "letter_error"
    assert "`on_time`" in error["detail"]
    assert error["detail"] != vietnamese.json()["errors"][0]["detail"]
    assert (await sent(api, **of, force="true")).status_code == 200
    for format in ("json", "csv", "xlsx"):
        assert (await sent(api, **of, format=format)).status_code == 200


async def test_a_letter_goes_out_as_it_was_published_whatever_its_figures(
    api: Client, anonymous: Client, clock: Clock
) -> None:
    wrong = {"unit": "H60", "period": "2024-07", "indicator": "on_time", "value": "50"}
    await with_figures(api, [{**wrong, "numerator": "9", "denominator": "10"}], locale="en")
    clock.forward(hours=1)
    order = {"framework": "qd766", "levels": ["commune"], **LIVE}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])

    asked: dict[str, str | int] = {"evaluation": id, "format": "docx"}
    of_the_draft = await api.get(PATH, params=asked)
    await api.post(f"/v1/evaluations/{id}/publish")
    published = await anonymous.get(PATH, params=asked)

    assert (of_the_draft.status_code, of_the_draft.json()["code"]) == (409, "letter_has_errors")
    assert published.status_code == 200, published.text


async def test_a_name_that_looks_like_a_field_stays_a_name(api: Client) -> None:
    name = "UBND xã A & B <c> {{ total }} {% if x %}"
    await api.patch("/v1/units/H60", json={"name": name})
    await state(api, "thong_bao", file=a_template("{{ unit.name }}"))

    assert paragraphs_of(await written(api, letter="thong_bao", force="true")) == [name]


async def test_a_file_with_faults_is_not_stated(api: Client) -> None:
    answer = await api.put("/v1/letter-templates/H60/a", content=a_template("{{ totl }}"), headers=SENT)

    assert (answer.status_code, answer.json()["code"]) == (422, "letter_template_invalid")
    [fault] = answer.json()["errors"]
    assert (fault["code"], fault["suggestion"], fault["row"]) == ("field_unknown", "total", 1)


async def test_the_letter_of_a_public_evaluation_has_no_remarks_and_stays_as_it_was(
    api: Client, anonymous: Client, clock: Clock
) -> None:
    await state(api, "thong_bao")
    clock.forward(hours=1)
    order = {"framework": "qd766", "levels": ["commune"], **LIVE}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    query: dict[str, str | int] = {"evaluation": id, "format": "docx", "letter": "thong_bao"}
    remarked = comments_of((await api.get(PATH, params=query)).content)
    await api.post(f"/v1/evaluations/{id}/publish")

    first = await anonymous.get(PATH, params=query)
    await state(api, "thong_bao", file=a_template("Khác"))

    assert remarked
    assert comments_of(first.content) == []
    assert "……" in paragraphs_of(first.content)[0]
    assert (await anonymous.get(PATH, params=query)).content == first.content
