"""The reports of publications and tasks: of which day, for whose eyes, in which formats, at what cost."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import csv_rows, report, sheet_rows

A, B, FAR = "H60.101", "H60.102", "H19.100"
NASTY = "A & B <xã> =1+1"
FORMULA = '=HYPERLINK("https://a.vn","x")'
LIVE = {"period": "2024-07", "under": "H60"}
CallerMaker = Callable[..., httpx.AsyncClient]


def a_duty(unit: str, **overrides: Any) -> dict[str, Any]:
    return {"unit": unit, "period": "2024-07", "due_on": "2024-08-28", **overrides}


def an_order(assignee: str = A, **overrides: Any) -> dict[str, Any]:
    return {"kind": "directive", "title": "Rà soát", "assignee": assignee, "period": "2024-07", **overrides}


async def state(api: httpx.AsyncClient, *duties: dict[str, Any]) -> None:
    assert (await api.put("/v1/publications", json={"items": duties})).status_code == 200


async def order(api: httpx.AsyncClient, **overrides: Any) -> None:
    assert (await api.post("/v1/tasks", json=an_order(**overrides))).status_code == 201


async def evaluated(api: httpx.AsyncClient, clock: Clock) -> int:
    """A published evaluation of the communes of H60, an hour later."""
    await with_figures(api, some_figures(A))
    clock.forward(hours=1)
    asked = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    id = int((await api.post("/v1/evaluations", json=asked)).json()["id"])
    await api.post(f"/v1/evaluations/{id}/publish")
    return id


def units(body: dict[str, Any]) -> list[str]:
    """The units of a publication report, level by level."""
    return [
        item["unit"]["code"] for subject in body["subjects"] for level in subject["levels"] for item in level["items"]
    ]


@pytest.fixture(autouse=True)
async def world(api: httpx.AsyncClient) -> None:
    """Two communes of Tuyên Quang, one with a nasty name, and one of Đồng Nai."""
    await with_units(
        api,
        [a_unit(), a_commune(A), a_commune(B, name=NASTY), a_unit(code="H19"), a_commune(FAR, name="=1+1")],
    )


async def test_without_a_day_live_data_are_told_as_of_today_and_of_the_moment_asked_for(
    api: httpx.AsyncClient, clock: Clock
) -> None:
    await state(api, a_duty(A, due_on="2026-10-12"))
    await order(api, due_on="2026-10-12")
    asked = clock.forward(hours=1).isoformat()
    clock.forward(hours=15)  # past midnight in Việt Nam

    for name in ("publication", "tasks"):
        today, then = await report(api, name, **LIVE), await report(api, name, as_of=asked, **LIVE)
        assert (today["on"], then["on"]) == ("2026-10-13", "2026-10-12")
        overdue = [body.get("counts") or body["subjects"][0]["levels"][0] for body in (today, then)]
        assert [each["overdue"] for each in overdue] == [1, 0]


async def test_over_an_evaluation_the_day_is_that_of_its_data(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await state(api, a_duty(A, due_on="2026-10-12"))
    await order(api, due_on="2026-10-12")
    id = await evaluated(api, clock)
    before = [await anonymous.get(f"/v1/reports/{name}?evaluation={id}") for name in ("publication", "tasks")]

    clock.forward(days=30)
    await state(api, a_duty(A, published_on="2026-11-01"), a_duty(B))
    await api.patch("/v1/tasks/1", json={"state": "reported", "report": "Xong"})
    after = [await anonymous.get(f"/v1/reports/{name}?evaluation={id}") for name in ("publication", "tasks")]

    assert {each.json()["on"] for each in before} == {"2026-10-12"}
    assert [each.content for each in after] == [each.content for each in before]
    held = {"If-None-Match": before[0].headers["etag"]}
    assert (await anonymous.get(f"/v1/reports/publication?evaluation={id}", headers=held)).status_code == 304


async def test_what_came_out_later_was_not_out_yet(api: httpx.AsyncClient) -> None:
    await state(api, a_duty(A, published_on="2024-08-30", url="https://a.vn/kq"))

    (then,) = (await report(api, "publication", on="2024-08-29", **LIVE))["subjects"][0]["levels"][0]["items"]
    (later,) = (await report(api, "publication", on="2024-08-30", **LIVE))["subjects"][0]["levels"][0]["items"]

    assert (then["state"], then["days_late"], then["published_on"], then["url"]) == ("overdue", 1, None, None)
    assert (later["state"], later["days_late"], later["published_on"]) == ("late", 2, "2024-08-30")
    assert later["url"] == "https://a.vn/kq"


async def test_what_was_reported_later_was_still_open(api: httpx.AsyncClient) -> None:
    done = {"state": "done", "report": "Đã thống nhất cách đếm.", "reported_on": "2024-09-18"}
    await order(api, due_on="2024-09-15", **done)

    (then,) = (await report(api, "tasks", on="2024-09-17", **LIVE))["items"]
    (later,) = (await report(api, "tasks", on="2024-09-18", **LIVE))["items"]

    told = ("state", "report", "reported_on", "overdue", "days_late")
    assert [then[name] for name in told] == ["open", None, None, True, 2]
    assert [later[name] for name in told] == ["done", done["report"], "2024-09-18", False, 3]


async def test_who_published_late_counts_among_those_that_have_published(api: httpx.AsyncClient) -> None:
    await state(api, a_duty(A, published_on="2024-08-28"), a_duty(B, published_on="2024-08-30"))

    (level,) = (await report(api, "publication", **LIVE))["subjects"][0]["levels"]
    (row,) = await csv_rows(api, "publication", **LIVE)
    (printed,) = await sheet_rows(api, "publication", "Tổng hợp công khai", **LIVE)

    assert [level[name] for name in ("published_total", "of", "published", "late")] == [2, 2, 1, 1]
    assert (row["Số đã công khai"], row["Phải công khai"], row["Đã công khai"]) == ("2", "2", "02/02")
    assert "Số đã công khai" not in printed


async def test_duties_are_told_by_subject_and_level(api: httpx.AsyncClient) -> None:
    await state(api, a_duty(A), a_duty(B, subject="hotline"), a_duty("H60"), a_duty(FAR))

    whole = await report(api, "publication", period="2024-07")
    below = await report(api, "publication", **LIVE)
    hotline = await report(api, "publication", subject="hotline", **LIVE)
    provinces = await report(api, "publication", period="2024-07", level="province")
    nothing = await report(api, "publication", subject="hotline", period="2024-07", level="province")

    assert [each["subject"] for each in whole["subjects"]] == ["hotline", "results"]
    assert units(whole) == [B, "H60", FAR, A]
    assert units(below) == [B, A]  # the unit itself is above its own list
    assert units(hotline) == [B]
    assert units(provinces) == ["H60"]
    assert nothing["subjects"] == []


async def test_names_are_those_of_the_period(api: httpx.AsyncClient) -> None:
    await state(api, a_duty(A))
    await order(api, helpers=[FAR])
    for unit in (A, FAR):
        renamed = {"kind": "rename", "effective_on": "2025-07-01", "from": [unit], "name": "UBND phường Mới"}
        assert (await api.post("/v1/unit-events", json=renamed)).status_code == 201
    await with_units(api, [a_commune("H60.700", name="UBND xã Sinh Sau", valid_from="2025-07-01")])
    await order(api, assignee="H60.700", helpers=[FAR])

    duties = await report(api, "publication", **LIVE)
    first, second = (await report(api, "tasks", **LIVE))["items"]

    assert duties["subjects"][0]["levels"][0]["items"][0]["unit"]["name"] == f"UBND xã {A}"
    assert first["sentence"] == f"Giao UBND xã {A}: chủ trì, phối hợp với =1+1 rà soát."
    assert second["assignee"]["name"] == "UBND xã Sinh Sau"  # it came after the period, and answers for it


async def test_an_evaluation_keeps_the_names_of_units_outside_it(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await order(api, unit="H19", helpers=[FAR])
    await with_units(api, [a_commune("H60.700", name="UBND xã Sinh Sau", valid_from="2025-07-01")])
    await order(api, assignee="H60.700")
    id = await evaluated(api, clock)
    await api.patch(f"/v1/units/{FAR}", json={"name": "UBND phường Khác"})

    item, after = (await report(anonymous, "tasks", evaluation=id))["items"]

    assert item["helpers"] == [{"code": FAR, "name": "=1+1"}]
    assert item["unit"] == {"code": "H19", "name": "UBND tỉnh Tuyên Quang"}
    assert after["assignee"]["name"] == "UBND xã Sinh Sau"


async def test_an_evaluation_leaves_out_what_its_units_only_help_with(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await order(api, unit="H19", assignee=FAR, helpers=[A], detail="Nội bộ")
    await order(api, unit="H60", assignee=FAR)
    id = await evaluated(api, clock)

    assert [item["id"] for item in (await report(anonymous, "tasks", evaluation=id))["items"]] == [2]
    assert [item["id"] for item in (await report(api, "tasks", **LIVE))["items"]] == [1, 2]


async def test_a_task_list_is_narrowed_and_begins_with_what_is_due_first(api: httpx.AsyncClient) -> None:
    await order(api, title="Sau", due_on="2024-10-01")
    await order(api, title="Không hạn", assignee=B)
    await order(api, title="Trước", due_on="2024-09-01", kind="explanation")
    await order(api, title="Kỳ khác", period="2024-08")
    await order(api, title="Nơi khác", assignee=FAR)

    async def titles(**query: Any) -> list[str]:
        body = await report(api, "tasks", **LIVE, on="2024-09-15", **query)
        assert body["counts"]["of"] == len(body["items"])
        return [item["title"] for item in body["items"]]

    assert await titles() == ["Trước", "Sau", "Không hạn"]
    assert await titles(overdue=True) == ["Trước"]
    assert await titles(overdue=False) == ["Sau", "Không hạn"]
    assert await titles(assignee=B) == ["Không hạn"]
    assert await titles(kind="explanation") == ["Trước"]
    assert await titles(state="done") == []


async def test_a_subtree_key_is_told_of_its_own_units(api: httpx.AsyncClient, as_key: CallerMaker) -> None:
    await state(api, a_duty(A), a_duty(FAR))
    await order(api, assignee=FAR)
    await order(api, assignee=FAR, unit=A)
    await order(api, assignee=B, helpers=[FAR])
    own = as_key(Scope.VALUES_READ, unit=A)

    duties = await report(own, "publication", period="2024-07")
    tasks = await report(own, "tasks", period="2024-07")

    assert units(duties) == [A]
    assert [item["id"] for item in tasks["items"]] == [2]


@pytest.mark.parametrize("name", ["publication", "tasks"])
async def test_a_nasty_name_passes_every_format_unharmed(name: str, api: httpx.AsyncClient) -> None:
    await state(api, a_duty(B, note=FORMULA))
    await order(api, assignee=B, helpers=[FAR], title=FORMULA)
    table, sheet = ("units", "Danh sách công khai") if name == "publication" else ("tasks", "Danh sách nhiệm vụ")
    column, told = ("Đơn vị", "Ghi chú") if name == "publication" else ("Đơn vị thực hiện", "Nhiệm vụ")

    (row,) = await csv_rows(api, name, table=table, **LIVE)
    (cells,) = await sheet_rows(api, name, sheet, **LIVE)
    lines = await api.get(f"/v1/reports/{name}", params={**LIVE, "table": table, "format": "ndjson"})

    assert row[column] == cells[column] == NASTY
    assert (row[told], cells[told]) == (f"'{FORMULA}", FORMULA)
    assert NASTY in lines.text
