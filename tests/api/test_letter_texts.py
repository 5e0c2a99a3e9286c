"""What one letter says of one period: stated as a whole, kept through time, printed over the profile, frozen."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import report

Client = httpx.AsyncClient
OURS, FOREIGN = "H60.101", "H19"
PATH = "/v1/letters/H60/2024-07/announcement"
LIVE = {"period": "2024-07", "under": "H60"}
NOBODY = {"authority": None, "office": None, "name": None}
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("subject", "opening", "closing", "looked_up")),
    **{name: [] for name in ("addressees", "basis", "orders", "recipients", "due_dates")},
    "signature": NOBODY,
}
KEY = {"unit": "H60", "period": "2024-07", "kind": "announcement"}


def an_order(text: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"text": text, "items": list(items)}


FULL: dict[str, Any] = {
    "subject": "V/v kết quả {period}",
    "addressees": ["Sở Tư pháp"],
    "basis": ["Căn cứ Kế hoạch số 157/KH-UBND;"],
    "opening": "Chủ tịch có ý kiến:",
    "orders": [an_order("Sở Tư pháp:", an_order("Rà soát."), an_order("Báo cáo."))],
    "closing": "Yêu cầu thực hiện./.",
    "signature": {"authority": "KT. CHỦ TỊCH", "office": "PHÓ CHỦ TỊCH", "name": "Lê Thị Cúc"},
    "recipients": ["Như trên;"],
    "looked_up": "2024-08-26T11:00:00+07:00",
    "due_dates": [{"what": "Báo cáo", "on": "2024-09-15"}],
}


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_unit(code=FOREIGN, name="UBND tỉnh Đồng Nai")])


async def put(client: Client, path: str = PATH, **text: Any) -> httpx.Response:
    return await client.put(path, json=text)


async def entries(api: Client) -> list[dict[str, Any]]:
    answer = await api.get("/v1/audit", params={"action": "letter_texts.stated"})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def letter(api: Client, **query: Any) -> dict[str, Any]:
    return await report(api, "announcement", **(query or LIVE))


async def test_a_text_is_new_then_replaced_as_a_whole(api: Client) -> None:
    first, second = await put(api, **FULL), await put(api, subject="V/v")

    assert (first.status_code, first.json()) == (201, {**KEY, **FULL})
    assert (second.status_code, second.json()) == (200, {**KEY, **EMPTY, "subject": "V/v"})
    assert (await api.get(PATH)).json() == second.json()


async def test_the_same_again_changes_nothing(api: Client) -> None:
    await put(api, **FULL)
    read = await api.get(PATH)

    again = await api.put(PATH, json=read.json())

    assert (again.status_code, again.content) == (200, read.content)
    assert len(await entries(api)) == 1


async def test_every_write_leaves_what_stood_and_what_stands(api: Client) -> None:
    await put(api, subject="A")
    await put(api, subject="B")
    await api.delete(PATH)

    named = "H60/2024-07/announcement"
    told = [(each["before"], each["after"]) for each in await entries(api)]
    said = {letter: {named: {**EMPTY, "subject": letter}} for letter in "AB"}
    assert told == [(said["B"], {named: None}), (said["A"], said["B"]), (None, said["A"])]
    assert {each["subject"] for each in await entries(api)} == {f"letter_text:{named}"}


async def test_what_is_taken_back_is_answered_and_read_as_of_then(api: Client, clock: Clock) -> None:
    await put(api, **FULL)
    then = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)

    taken, again = await api.delete(PATH), await api.delete(PATH)

    assert (taken.status_code, taken.json()) == (200, {**KEY, **FULL})
    assert (again.status_code, again.json()["code"]) == (404, "letter_text_unknown")
    assert (await api.get(PATH)).json()["code"] == "letter_text_unknown"
    assert (await api.get(PATH, params={"as_of": then})).json() == taken.json()


async def test_a_text_that_was_changed_meanwhile_is_not_written_over(api: Client) -> None:
    read = (await put(api, subject="A")).headers["etag"]
    await put(api, subject="B")

    answers = [
        await api.put(PATH, json={"subject": "C"}, headers={"If-Match": read}),
        await api.delete(PATH, headers={"If-Match": read}),
        await api.put(PATH, json={"subject": "C"}, headers={"If-None-Match": "*"}),
    ]

    assert [each.status_code for each in answers] == [412, 412, 412]
    assert (await api.get(PATH)).json()["subject"] == "B"


async def test_texts_are_listed_page_by_page_and_as_files(api: Client) -> None:
    paths = [f"/v1/letters/{unit}/{period}/direction" for unit in ("H60", OURS) for period in ("2024-07", "2024-08")]
    for path in (PATH, *paths):
        await put(api, path, **FULL)

    first = (await api.get("/v1/letters", params={"limit": 2})).json()
    second = (await api.get("/v1/letters", params={"limit": 9, "cursor": first["next_cursor"]})).json()
    of_period = (await api.get("/v1/letters", params={"period": "2024-08"})).json()["items"]
    table = await api.get("/v1/letters", params={"format": "csv"})

    keys = [(each["unit"], each["period"], each["kind"]) for each in (*first["items"], *second["items"])]
    assert keys == sorted(keys)
    assert len(keys) == 5
    assert [each["unit"] for each in of_period] == ["H60", OURS]
    row = next(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline="")))
    assert (row["Yêu cầu"], row["Thời hạn"]) == ("Sở Tư pháp:; Rà soát.; Báo cáo.", "Báo cáo: 2024-09-15")
    for format in ("xlsx", "ndjson"):
        assert (await api.get("/v1/letters", params={"format": format})).status_code == 200


def deep(levels: int) -> dict[str, Any]:
    return an_order("x", *([deep(levels - 1)] if levels > 1 else []))


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"symbol": "x"}, "/symbol", "field_unknown"),
        ({"subject": "{total}"}, "/subject", "place_unknown"),
        ({"orders": ["x"]}, "/orders/0", "object_expected"),
        ({"orders": [an_order("x", an_order("{who}"))]}, "/orders/0/items/0/text", "place_unknown"),
        ({"orders": [deep(5)]}, "/orders", "orders_too_deep"),
        ({"orders": [an_order("x")] * 101}, "/orders", "value_invalid"),
        ({"looked_up": "26/8/2024"}, "/looked_up", "moment_invalid"),
        ({"looked_up": "2024-08-26T11:00:00"}, "/looked_up", "moment_invalid"),
        ({"due_dates": [{"what": "x", "on": "16/9/2024"}]}, "/due_dates/0/on", "date_invalid"),
        ({"due_dates": [{"what": "x"}]}, "/due_dates/0/on", "field_missing"),
    ],
)
async def test_what_no_letter_could_print_is_refused_by_its_place(
    api: Client, body: Any, pointer: str, code: str
) -> None:
    answer = await api.put(PATH, json=body)

    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    assert await entries(api) == []


async def test_orders_may_be_four_deep(api: Client) -> None:
    assert (await put(api, orders=[deep(4)])).status_code == 201


async def test_orders_without_end_are_refused_and_the_service_lives(api: Client) -> None:
    nested = '{"text":"x","items":[' * 20_000 + "]}" * 20_000

    answer = await api.put(PATH, content=f'{{"orders":[{nested}]}}', headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert (await api.get("/livez")).status_code == 200


@pytest.mark.parametrize(("member", "other"), [("unit", OURS), ("period", "2024-08"), ("kind", "direction")])
async def test_a_text_of_another_letter_is_not_taken_for_this_one(api: Client, member: str, other: str) -> None:
    answer = await put(api, **{member: other})

    assert (answer.status_code, answer.json()["code"]) == (422, "code_differs")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/letters/H60/2024-13/announcement", 422),
        ("/v1/letters/H60/2024-07/Công%20văn", 422),
        ("/v1/letters/H99/2024-07/announcement", 404),
    ],
)
async def test_an_address_that_names_nothing_is_refused(api: Client, path: str, status: int) -> None:
    answers = [await put(api, path, subject="x"), await api.get(path), await api.delete(path)]

    assert [each.status_code for each in answers] == [status] * 3


async def test_a_subtree_key_writes_and_sees_its_own(api: Client, as_key: Callable[..., Client]) -> None:
    ours = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit="H60")
    foreign = f"/v1/letters/{FOREIGN}/2024-07/announcement"
    await put(api, foreign, subject="F")

    written = await put(ours, f"/v1/letters/{OURS}/2024-07/announcement", subject="O")
    refused = [await put(ours, foreign, subject="X"), await ours.delete(foreign)]
    hidden, listed = await ours.get(foreign), (await ours.get("/v1/letters")).json()["items"]

    assert written.status_code == 201
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(403, "unit_forbidden")] * 2
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unit_unknown")
    assert [each["unit"] for each in listed] == [OURS]
    assert (await api.get(foreign)).json()["subject"] == "F"


async def test_the_letter_says_the_text_of_its_period_and_the_profile_what_that_leaves_out(api: Client) -> None:
    profile = {"symbol": "VP", "subject": "P", "opening": "P:", "orders": ["P"], "signature": {"name": "P"}}
    await api.put("/v1/letter-profiles/H60", json=profile)
    await put(api, **{**FULL, "opening": None})

    told = await letter(api)

    assert (told["subject"], told["addressees"]) == ("V/v kết quả tháng 7/2024", ["Sở Tư pháp"])
    assert (told["opening"]["text"], told["opening"]["source"]) == ("P:", "profile")
    assert (told["closing"]["source"], told["basis"][-1]["source"]) == ("letter", "letter")
    assert told["letterhead"]["symbol"] == "VP"
    assert told["signature"] == FULL["signature"]
    assert [(each["number"], each["title"]) for each in told["sections"]] == [
        (1, "Sở Tư pháp:"),
        (2, "Thời hạn thực hiện"),
    ]
    assert [each["text"] for each in told["sections"][0]["paragraphs"]] == ["1.1. Rà soát.", "1.2. Báo cáo."]
    assert [each["text"] for each in told["sections"][1]["paragraphs"]] == ["- Báo cáo: chậm nhất ngày 15/9/2024."]


async def test_the_text_of_another_period_or_kind_is_not_said(api: Client) -> None:
    await put(api, "/v1/letters/H60/2024-08/announcement", subject="August")
    await put(api, "/v1/letters/H60/2024-07/direction", subject="Direction")
    await put(api, f"/v1/letters/{OURS}/2024-07/announcement", subject="Commune")

    assert (await letter(api))["subject"].startswith("V/v kết quả thực hiện")


async def test_orders_are_numbered_lettered_and_dashed(api: Client) -> None:
    point = an_order("Điểm", an_order("Gạch"))
    tree = an_order("Khoản", an_order("Mục", point, an_order("Điểm hai")), an_order("Mục hai"))
    await put(api, orders=[tree, an_order("Đơn", an_order("Một mình tháng {period}")), an_order("Không có gì")])

    sections = (await letter(api))["sections"]

    assert [each["title"] for each in sections] == ["Khoản", "Đơn", "Không có gì."]
    assert [[line["text"] for line in each["paragraphs"]] for each in sections] == [
        ["1.1. Mục.", "a) Điểm.", "- Gạch.", "b) Điểm hai.", "1.2. Mục hai."],
        ["Một mình tháng tháng 7/2024."],
        [],
    ]


async def test_an_order_with_a_mark_of_its_own_has_no_other_before_it(api: Client) -> None:
    points = an_order("1. Sở Tư pháp", an_order("a) Rà soát", an_order("– Ngay")), an_order("b) Báo cáo"))
    await put(api, orders=[an_order("1. Giao", points, an_order("2. Sở Nội vụ")), an_order("2. Đôn đốc")])

    told = await letter(api)

    assert [each["title"] for each in told["sections"]] == ["Giao", "Đôn đốc."]
    lines = [line["text"] for line in told["sections"][0]["paragraphs"]]
    assert lines == ["1. Sở Tư pháp.", "a) Rà soát.", "– Ngay.", "b) Báo cáo.", "2. Sở Nội vụ."]
    assert {line["number"] for line in told["fields"]["order_lines"]} == {None}


async def test_a_number_that_an_order_begins_with_is_no_mark(api: Client) -> None:
    await put(api, orders=[an_order("Giao", an_order("100.000 hồ sơ tồn"), an_order("30.9.2024 là hạn cuối"))])

    told = await letter(api)

    [section] = told["sections"]
    assert [line["text"] for line in section["paragraphs"]] == [
        "1.1. 100.000 hồ sơ tồn.",
        "1.2. 30.9.2024 là hạn cuối.",
    ]
    assert [line["number"] for line in told["fields"]["order_lines"]] == [None, "1.1", "1.2"]


@pytest.mark.parametrize(
    ("here", "signed"),
    [
        ({"name": "B"}, {"authority": "TL. CHỦ TỊCH", "office": "CHÁNH VĂN PHÒNG", "name": "B"}),
        ({"office": "PHÓ CHỦ TỊCH"}, {"authority": None, "office": "PHÓ CHỦ TỊCH", "name": None}),
        ({}, {"authority": "TL. CHỦ TỊCH", "office": "CHÁNH VĂN PHÒNG", "name": "A"}),
    ],
)
async def test_nobody_signs_under_the_office_of_another(
    api: Client, here: dict[str, str], signed: dict[str, str | None]
) -> None:
    always = {"authority": "TL. CHỦ TỊCH", "office": "CHÁNH VĂN PHÒNG", "name": "A"}
    await api.put("/v1/letter-profiles/H60", json={"signature": always})
    await put(api, signature=here)

    assert (await letter(api))["signature"] == signed


async def test_the_moment_of_look_up_is_the_one_that_the_office_states(api: Client) -> None:
    seen = {"observed_at": "2024-08-20T00:00:00+07:00", "source": "national_portal"}
    for unit in ("H60", OURS):
        rows = some_figures(unit, indicator="total_points", numerator=None, denominator=None, value=80, **seen)
        await with_figures(api, rows)
    await put(api, looked_up="2024-08-26T00:00:00+07:00")

    texts = [line["text"] for each in (await letter(api))["sections"] for line in each["paragraphs"]]

    assert any(text.startswith("Theo tra cứu số liệu ngày 26/8/2024") for text in texts)
    assert "- Thời điểm đánh giá, xếp loại vào ngày 26/8/2024." in texts


async def test_an_evaluation_keeps_the_text_that_stood_when_it_was_drawn_up(api: Client) -> None:
    await with_figures(api, some_figures(OURS))
    await put(api, subject="Before")
    order = {"period": "2024-07", "under": "H60", "levels": ["commune"]}
    drawn = (await api.post("/v1/evaluations", json=order)).json()
    await put(api, subject="After")
    second = (await api.post("/v1/evaluations", json=order)).json()

    assert (await letter(api, evaluation=drawn["id"]))["subject"] == "Before"
    assert drawn["digest"] == second["digest"]
    assert drawn["letter_digest"] != second["letter_digest"]
    assert (await api.get(f"/v1/evaluations/{drawn['id']}/verify")).json()["matches"] is True
    published = (await api.post(f"/v1/evaluations/{drawn['id']}/publish")).json()
    assert published["publishes"]["letter_texts"] == 1
    assert f"/v1/reports/announcement?evaluation={drawn['id']}" in published["publishes"]["see"]
