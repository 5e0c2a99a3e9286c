"""Layouts as a resource: stated, checked, kept through time, printed in, frozen; those that ship stay."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_framework, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import report

Client = httpx.AsyncClient
OURS = "H60.101"
PATH = "/v1/layouts/ours"
ASKED = {"unit": OURS, "period": "2026-07", "framework": "mot_cua"}
HEADING = {"heading": {"vi": "Đúng hạn"}}
RATE = {"heading": {"vi": "Tại quầy"}, "indicator": "counter_on_time", "show": "rate"}


def a_layout(*rows: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"title": {"vi": "Bảng của xã"}, "source": "Công văn mẫu", "rows": list(rows) or [RATE], **members}


@pytest.fixture(autouse=True)
async def an_index_of_its_own(api: Client) -> None:
    """One group of one ratio, with figures of two months."""
    await with_units(api, [a_unit(), a_commune(OURS)])
    assert (await api.post("/v1/frameworks", json=a_framework())).status_code == 201
    stated: dict[str, Any] = {"indicator": "counter_on_time", "observed_at": "2026-08-01T00:00:00Z"}
    for period, numerator in (("2026-06", 50), ("2026-07", 76)):
        rows = some_figures(OURS, period=period, numerator=numerator, denominator=100, **stated)
        await with_figures(api, rows)


async def put(client: Client, path: str = PATH, layout: dict[str, Any] | None = None, **query: str) -> httpx.Response:
    return await client.put(path, json=layout or a_layout(), params={"framework": "mot_cua", **query})


async def entries(api: Client) -> list[dict[str, Any]]:
    answer = await api.get("/v1/audit", params={"action": "layouts.stated"})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_layout_is_new_then_replaced_and_read_as_it_was_stated(api: Client) -> None:
    first = await put(api)
    second = await put(api, layout=a_layout(RATE, levels=["commune"], figures="annex"))
    read = await api.get(PATH)
    again = await put(api, layout=read.json())

    assert (first.status_code, first.json()) == (201, {"code": "ours", **a_layout()})
    assert second.status_code == again.status_code == 200
    assert read.content == second.content == again.content
    assert len(await entries(api)) == 2


async def test_every_write_leaves_what_stood_and_what_stands(api: Client) -> None:
    await put(api)
    await api.delete(PATH)

    newest, oldest = await entries(api)
    document = {"ours": {"code": "ours", **a_layout()}}
    assert (oldest["before"], oldest["after"]) == (None, document)
    assert (newest["before"], newest["after"]) == (document, {"ours": None})
    assert {each["subject"] for each in (newest, oldest)} == {"layout:ours"}


async def test_what_is_taken_back_is_answered_and_read_as_of_then(api: Client, clock: Clock) -> None:
    await put(api)
    then = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)

    taken, again = await api.delete(PATH), await api.delete(PATH)

    assert (taken.status_code, taken.json()) == (200, {"code": "ours", **a_layout()})
    assert (again.status_code, again.json()["code"]) == (404, "layout_unknown")
    assert (await api.get(PATH)).status_code == 404
    assert (await api.get(PATH, params={"as_of": then})).json() == taken.json()
    listed = (await api.get("/v1/layouts", params={"as_of": then})).json()["items"]
    assert "ours" in [each["code"] for each in listed]


async def test_a_layout_that_was_changed_meanwhile_is_not_written_over(api: Client) -> None:
    read = (await put(api)).headers["etag"]
    await put(api, layout=a_layout(HEADING, RATE))

    sent: dict[str, Any] = {"params": {"framework": "mot_cua"}, "json": a_layout()}
    answers = [
        await api.put(PATH, headers={"If-Match": read}, **sent),
        await api.put(PATH, headers={"If-None-Match": "*"}, **sent),
        await api.delete(PATH, headers={"If-Match": read}),
    ]

    assert [each.status_code for each in answers] == [412, 412, 412]


@pytest.mark.parametrize("code", ["province_letter", "framework"])
async def test_what_ships_is_read_and_stays(api: Client, code: str) -> None:
    path = f"/v1/layouts/{code}"

    refused = [await put(api, path), await api.delete(path)]
    vietnamese = await api.delete(path, headers={"Accept-Language": "vi"})

    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "layout_ships")] * 2
    assert f"{code}_2" in refused[0].json()["detail"]
    assert "hãy dùng mã khác" in vietnamese.json()["detail"]


async def test_a_layout_that_ships_can_be_stated_under_another_code_as_it_is_read(api: Client) -> None:
    read = (await api.get("/v1/layouts/province_letter")).json()

    answer = await put(api, layout={**read, "code": "ours"}, framework="qd766@2026")

    assert answer.status_code == 201
    warned = [each["code"] for each in answer.json()["warnings"]]
    assert warned == ["criterion_not_printed"] * 7
    assert {**answer.json(), "warnings": [], "code": "province_letter"} == {**read, "warnings": []}


async def test_layouts_are_listed_page_by_page_without_their_rows(api: Client) -> None:
    await put(api)

    first = (await api.get("/v1/layouts", params={"limit": 3})).json()
    second = (await api.get("/v1/layouts", params={"cursor": first["next_cursor"]})).json()

    listed = [(each["code"], each["shipped"]) for each in (*first["items"], *second["items"])]
    shipped = ("commune_annex", "follow_up_note", "legal_groups", "province_letter")
    assert listed == sorted([("ours", False), *((code, True) for code in shipped)])
    assert all("rows" not in each for each in first["items"])
    for format in ("csv", "xlsx", "ndjson"):
        assert (await api.get("/v1/layouts", params={"format": format})).status_code == 200


@pytest.mark.parametrize(
    ("rows", "pointer", "code"),
    [
        ([{"heading": {"vi": "A"}, "group": "a", "total": True}], "/rows/0", "value_invalid"),
        ([{"heading": {"vi": "A"}, "show": "rate"}], "/rows/0", "value_invalid"),
        ([{"heading": {"vi": "A"}, "colour": "red"}], "/rows/0/colour", "field_unknown"),
        ([{"heading": {"en": "A"}}], "/rows/0/heading/vi", "field_missing"),
        ([{"heading": {"vi": "A"}, "indicator": "On Time"}], "/rows/0/indicator", "format_invalid"),
        ([], "/rows", "value_invalid"),
        ([HEADING] * 301, "/rows", "value_invalid"),
        ([{**HEADING, "rows": [HEADING] * 299}] * 2, "/rows", "layout_too_large"),
        ([{**HEADING, "rows": [{**HEADING, "rows": [RATE, {"number": 1}]}]}], "/rows/0/rows/0/rows/1/number", None),
    ],
)
async def test_what_no_letter_could_print_is_refused_by_its_place(
    api: Client, rows: list[Any], pointer: str, code: str | None
) -> None:
    answer = await api.put(PATH, json={**a_layout(), "rows": rows})

    assert answer.status_code == 422
    found = {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert (pointer, code) in found or (code is None and pointer in {place for place, _ in found})
    assert await entries(api) == []


async def test_rows_without_end_are_refused_and_the_service_lives(api: Client) -> None:
    deep = '{"heading":{"vi":"A"},"rows":[' * 20_000 + "]}" * 20_000
    many = ",".join(["{}"] * 200_000)

    for rows in (deep, many):
        sent = f'{{"title":{{"vi":"A"}},"source":"B","rows":[{rows}]}}'
        answer = await api.put(PATH, content=sent.encode(), headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
    assert (await api.get("/livez")).status_code == 200


async def test_a_refusal_is_told_in_vietnamese(api: Client) -> None:
    body = {**a_layout(), "rows": [{"heading": {"vi": "A"}, "group": "a", "total": True}]}

    answer = await api.put(PATH, json=body, headers={"Accept-Language": "vi"})

    assert answer.json()["detail"] == "Có 1 lỗi: đây không phải là mẫu bảng."
    assert answer.json()["errors"][0]["detail"].startswith("Mỗi dòng chỉ in một")


async def test_fifty_layouts_may_stand_and_no_more(api: Client) -> None:
    for number in range(50):
        assert (await put(api, f"/v1/layouts/l{number}")).status_code == 201

    beyond, again = await put(api), await put(api, "/v1/layouts/l7", a_layout(HEADING, RATE))
    await api.delete("/v1/layouts/l7")

    assert (beyond.status_code, beyond.json()["code"]) == (409, "layouts_too_many")
    assert again.status_code == 200
    assert (await put(api)).status_code == 201


async def test_a_key_of_a_subtree_states_no_layout_for_everybody(api: Client, as_key: Callable[..., Client]) -> None:
    ours = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit="H60")

    assert (await put(ours)).status_code == 403
    assert (await put(as_key(Scope.EVALUATIONS_WRITE))).status_code == 201
    assert (await ours.get(PATH)).status_code == 200


async def test_rows_are_printed_in_the_layout_that_was_stated(api: Client) -> None:
    assert (await report(api, "comparison", **ASKED))["layout"]["code"] == "framework"
    await put(api)

    named = await report(api, "comparison", **ASKED, layout="ours")
    fitting = await report(api, "comparison", **ASKED)
    known = (await api.get("/v1/reports/layouts")).json()["items"]

    assert [(each["heading"], each["now_text"]) for each in named["rows"]] == [("Tại quầy", "76%")]
    assert fitting["layout"] == {"code": "ours", "title": "Bảng của xã"}
    assert known[0]["code"] == "ours"


async def test_a_layout_that_leaves_out_a_scored_criterion_is_printed_by_name_alone(api: Client) -> None:
    answer = await put(api, layout=a_layout({"heading": {"vi": "Tổng"}, "total": True}, levels=["commune"]))

    assert [each["code"] for each in answer.json()["warnings"]] == ["criterion_not_printed"]
    assert (await report(api, "comparison", **ASKED))["layout"]["code"] == "framework"


async def test_a_misspelt_indicator_or_group_is_warned_of_in_both_languages(api: Client) -> None:
    known = {**RATE, "indicator": "paid_dossiers"}
    layout = a_layout({**HEADING, "group": "on_tine", "rows": [{**RATE, "indicator": "counter_on_tine"}]}, RATE, known)

    english = (await put(api, layout=layout)).json()["warnings"]
    asked: dict[str, Any] = {"params": {"framework": "mot_cua"}, "headers": {"Accept-Language": "vi"}}
    vietnamese = (await api.put(PATH, json=layout, **asked)).json()["warnings"]

    assert [(each["pointer"], each["code"], each["suggestion"]) for each in english] == [
        ("/rows/0/group", "group_unknown", "on_time"),
        ("/rows/0/rows/0/indicator", "indicator_unknown", "counter_on_time"),
    ]
    assert "mot_cua@2026 has no group “on_tine”" in english[0]["detail"]
    assert "it has on_time." in english[0]["detail"]
    assert "There is no indicator “counter_on_tine”" in english[1]["detail"]
    assert "không có nhóm “on_tine”" in vietnamese[0]["detail"]
    assert "Không có chỉ số “counter_on_tine”" in vietnamese[1]["detail"]


async def test_an_evaluation_keeps_the_layouts_that_stood(api: Client) -> None:
    await put(api)
    order = {"period": "2026-07", "framework": "mot_cua", "under": "H60", "levels": ["commune"]}
    drawn = (await api.post("/v1/evaluations", json=order)).json()
    await api.delete(PATH)
    second = (await api.post("/v1/evaluations", json=order)).json()

    asked = {"unit": OURS}
    assert (await report(api, "comparison", evaluation=drawn["id"], **asked))["layout"]["code"] == "ours"
    assert (await report(api, "comparison", evaluation=second["id"], **asked))["layout"]["code"] == "framework"
    assert drawn["digest"] == second["digest"]
    assert drawn["letter_digest"] != second["letter_digest"]
    assert (await api.get(f"/v1/evaluations/{drawn['id']}/verify")).json()["matches"] is True


async def test_a_letter_prints_no_row_without_a_figure_and_no_rest_alone(api: Client) -> None:
    rest = {"heading": {"vi": "Còn lại"}, "indicator": "online_provision", "part": "complement"}
    part = {"heading": {"vi": "Toàn trình"}, "indicator": "full_online_procedures"}
    empty = {"heading": {"vi": "Chưa có gì"}, "rows": [{"heading": {"vi": "Trống"}, "indicator": "paid_dossiers"}]}
    online = {"heading": {"vi": "Trực tuyến"}, "rows": [part, rest]}
    await put(api, layout=a_layout(HEADING | {"rows": [RATE]}, online, empty, levels=["commune"], figures="annex"))
    stated: dict[str, Any] = {"indicator": "online_provision", "observed_at": "2026-08-01T00:00:00Z"}
    for period in ("2026-06", "2026-07"):
        await with_figures(api, some_figures(OURS, period=period, numerator=4, denominator=10, **stated))

    asked = {"period": "2026-07", "framework": "mot_cua", "under": OURS}
    [annex] = (await report(api, "announcement", **asked))["appendices"]
    count = {**stated, "indicator": "full_online_procedures", "numerator": None, "denominator": None, "value": 4}
    counted = some_figures(OURS, period="2026-07", **count)
    await with_figures(api, counted)
    [later] = (await report(api, "announcement", **asked))["appendices"]

    assert [row["heading"] for row in annex["rows"]] == ["Đúng hạn", "Tại quầy"]
    assert [row["heading"] for row in later["rows"]] == ["Đúng hạn", "Tại quầy", "Trực tuyến", "Toàn trình", "Còn lại"]
