"""What an officer has to know before a letter goes out: in `notes` with its place, and in the margin of the file."""

import io
from typing import Any

import docx
import httpx
import pytest
from docx.oxml.ns import qn

from tests.api.conftest import Clock
from tests.api.test_announcement import LIVE, OTHER, OURS, PATH, codes, communes, letter, texts, total
from tests.api.test_published_base import restated
from tests.make import with_figures

__all__ = ["communes", "restated"]  # fixtures of other tests

Client = httpx.AsyncClient


def note(told: dict[str, Any], code: str) -> dict[str, Any]:
    [found] = [each for each in told["notes"] if each["code"] == code]
    return found  # type: ignore[no-any-return]


def at(told: Any, pointer: str) -> Any:
    """What stands at a JSON pointer."""
    for part in pointer.strip("/").split("/"):
        told = told[int(part)] if isinstance(told, list) else told[part]
    return told


async def remarks(api: Client, **query: Any) -> list[tuple[str, str]]:
    """The comments of the Word file, each with the text that it stands beside."""
    answer = await api.get(PATH, params={**LIVE, "format": "docx", **query})
    document = docx.Document(io.BytesIO(answer.content))
    beside: dict[str, str] = {}
    for paragraph in document.element.iter(qn("w:p")):
        for start in paragraph.iter(qn("w:commentRangeStart")):
            beside[start.get(qn("w:id"))] = "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
    return [(each.text, beside[str(each.comment_id)]) for each in document.comments]


async def test_the_moment_of_an_import_is_not_printed_as_a_look_up(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81, observed_at=None), total(OURS, 92, observed_at=None)])

    told = await letter(api)

    [own, *_] = texts(told)
    assert own.startswith("Theo tra cứu số liệu ngày ……………, tổng số điểm")
    assert "- Thời điểm đánh giá, xếp loại vào ngày ……………." in texts(told)
    assert not any("12/10/2026" in text for text in texts(told))
    missing = [each["where"] for each in told["notes"] if each["code"] == "looked_up_missing"]
    assert ["ngày ……………" in at(told, where)["text"] for where in missing] == [True, True]


async def test_a_look_up_to_the_millisecond_is_printed(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81, observed_at="2024-08-26T01:00:00.123Z")])

    told = await letter(api)

    assert texts(told)[0].startswith("Theo tra cứu số liệu lúc 08 giờ 00 phút ngày 26/8/2024")
    assert "looked_up_missing" not in codes(told)


async def test_figures_without_a_look_up_take_no_part_in_the_one_that_is_printed(api: Client, communes: None) -> None:
    more = total("H60", 9, indicator="payment_points", observed_at=None)
    await with_figures(api, [total("H60", 81), more])

    told = await letter(api)

    assert texts(told)[0].startswith("Theo tra cứu số liệu ngày 26/8/2024, tổng số điểm")
    assert note(told, "looked_up_missing")["detail"].startswith("01 số liệu chưa nêu thời điểm tra cứu")


async def test_what_the_office_says_of_the_look_up_is_printed(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81, observed_at=None)])
    stated = {"looked_up": "2024-08-27T00:00:00+07:00"}
    assert (await api.put("/v1/letters/H60/2024-07/announcement", json=stated)).status_code in (200, 201)

    told = await letter(api, on="2024-08-28")

    assert texts(told)[0].startswith("Theo tra cứu số liệu ngày 27/8/2024")
    assert not [code for code in codes(told) if code.startswith("looked_up")]


async def test_a_look_up_that_is_stated_for_figures_of_another_day_is_told(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81)])
    stated = {"looked_up": "2024-08-27T00:00:00+07:00"}
    await api.put("/v1/letters/H60/2024-07/announcement", json=stated)

    told = await letter(api, on="2024-08-28")

    assert texts(told)[0].startswith("Theo tra cứu số liệu ngày 27/8/2024")
    detail = note(told, "looked_up_differs")["detail"]
    assert detail.startswith("Văn bản ghi số liệu tra cứu ngày 27/8/2024, còn số liệu được tra cứu vào")
    assert "26/8/2024" in detail


async def test_a_look_up_after_the_day_of_the_letter_is_told(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81)])

    told = await letter(api, on="2024-08-20")

    after = note(told, "looked_up_later")
    assert after["detail"] == "Số liệu được tra cứu ngày 26/8/2024, sau ngày của văn bản (20/8/2024)."
    assert after["where"] == "/sections/0/paragraphs/0"
    assert "looked_up_later" not in codes(await letter(api, on="2024-08-26"))


async def test_what_two_places_of_a_letter_rest_on_is_told_once_of_its_field(api: Client, communes: None) -> None:
    await with_figures(api, [total("H60", 81), total(OURS, 92)])

    told = await letter(api, on="2024-08-20")

    assert codes(told).count("looked_up_later") == 2
    assert [each["code"] for each in told["fields"]["notes"]].count("looked_up_later") == 1


async def test_units_that_were_looked_up_on_different_days_are_told(api: Client, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total(OTHER, 60, observed_at="2024-08-27T08:00:00+07:00")])

    told = await letter(api, on="2024-09-01")

    differs = note(told, "looked_up_differs")
    assert differs["detail"] == "Số liệu được tra cứu vào các ngày khác nhau, từ ngày 26/8/2024 đến ngày 27/8/2024."
    assert at(told, differs["where"])["text"].startswith("- Thời điểm đánh giá")


async def test_a_base_that_its_source_has_changed_since_it_was_published_is_told(
    api: Client, restated: dict[str, Any]
) -> None:
    told = await letter(api, under="H60.101")
    unchanged = await letter(api, under="H60.102")

    assert note(told, "base_restated")["detail"].startswith("Nguồn số liệu đã sửa số liệu tháng 6/2024 sau khi")
    assert "(01 số liệu của đơn vị)" in note(told, "base_restated")["detail"]
    assert "base" in codes(unchanged)
    assert "base_restated" not in codes(unchanged)


async def test_a_total_that_is_a_sum_is_told_beside_it(api: Client, communes: None) -> None:
    groups = ("transparency", "progress", "online", "payment", "satisfaction", "digitization")
    await with_figures(api, [total("H60", 10, indicator=f"{group}_points") for group in groups])

    told = await letter(api)

    derived = note(told, "derived_total")
    assert "60/100 điểm" in at(told, derived["where"])["text"]
    assert "không phải tổng điểm do nguồn công bố" in derived["detail"]  # which may state one that is not used


async def test_every_note_stands_in_the_margin_beside_its_place(api: Client, communes: None) -> None:
    wrong = total("H60", 63.07, indicator="paid_dossiers", numerator=1, denominator=2)
    await with_figures(api, [total("H60", 81, observed_at=None), wrong], locale="en")

    told = await letter(api)
    margin = await remarks(api, force="true")

    assert sorted(text for text, _ in margin) == sorted(each["detail"] for each in told["notes"])
    for each in told["notes"]:
        [beside] = {place for text, place in margin if text == each["detail"]}
        if each["where"] is None:
            assert beside == told["opening"]["text"].replace("tháng 7", "tháng\u00a07")
        elif each["where"].startswith("/sections"):
            assert at(told, each["where"])["text"] == beside.replace("\u00a0", " ")
    [filled] = [place for text, place in margin if text.startswith("Cần điền")]
    assert filled.startswith("Số:")


@pytest.mark.parametrize("is_public", [False, True])
async def test_a_public_letter_has_no_remarks(is_public: bool, api: Client, clock: Clock, communes: None) -> None:
    await with_figures(api, [total(OURS, 92), total("H60", 81, observed_at=None)])
    order = {"framework": "qd766", "levels": ["commune"], **LIVE}
    id = (await api.post("/v1/evaluations", json=order)).json()["id"]
    if is_public:
        assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200

    answer = await api.get(PATH, params={"evaluation": id, "format": "docx"})

    comments = list(docx.Document(io.BytesIO(answer.content)).comments)
    assert bool(comments) is not is_public
