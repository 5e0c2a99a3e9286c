"""The short notice: what it tells, what it says of what is not known, and that it always fits into a chat group."""

from collections.abc import Callable
from typing import Any

import pytest

from app.reports.rules.notice_text import MOST
from app.services.rights import Scope
from tests.api.conftest import Clock
from tests.api.test_announcement import Client, total
from tests.make import a_commune, a_unit, with_figures, with_units
from tests.support.report_files import report

PATH = "/v1/reports/notice"
LIVE = {"period": "2024-07", "under": "H60"}
JUNE = "2024-06"
NASTY = "A & B <xã> {{ 7*7 }} =1+1"


def communes(*names: str) -> list[dict[str, Any]]:
    return [a_commune(f"H60.{101 + place}", name=name) for place, name in enumerate(names)]


def overdue(unit: str, count: int, period: str = "2024-07") -> dict[str, Any]:
    return {**total(unit, count, period), "indicator": "overdue_dossiers"}


async def text(client: Client, **query: Any) -> str:
    answer = await client.get(PATH, params={**LIVE, **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(answer.text) <= MOST
    return answer.text


@pytest.fixture
async def province(api: Client) -> None:
    """Three provinces with totals of both months, and three communes."""
    others = [a_unit(code=f"H{number}", name=f"UBND tỉnh {number}") for number in (18, 19)]
    await with_units(api, [a_unit(), *others, *communes("UBND xã A", "UBND xã B", "UBND phường C")])
    july = [total("H60", "81.77"), total("H19", 90), total("H18", 82), total("H60.101", "79.5")]
    july += [total("H60.102", 60), total("H60.103", 60)]
    june = [total("H60", 80, JUNE), total("H19", 90, JUNE), total("H18", "79.5", JUNE)]
    counts = [overdue("H60.101", 27), overdue("H60.102", 1), overdue("H60.103", 2)]
    before = [overdue("H60.101", 0, JUNE), overdue("H60.102", 1, JUNE)]
    await with_figures(api, [*july, *june, *counts, *before])


async def test_it_tells_where_the_unit_stands_and_whom_to_look_at(api: Client, province: None) -> None:
    assert await text(api) == "\n".join(
        (
            "Bộ chỉ số theo Quyết định số 766/QĐ-TTg, tháng 7/2024 – tỉnh Tuyên Quang",
            "Tỉnh Tuyên Quang đạt 81,77/100 điểm, tăng 1,77 điểm so với tháng 6/2024, đứng thứ 03/03 địa phương, giảm "
            "01 bậc so với tháng 6/2024.",
            "Kém đơn vị xếp thứ 02 là 0,23 điểm; thấp hơn bình quân 03 đơn vị dẫn đầu (84,59 điểm) là 2,82 điểm.",
            "Xã, phường: thấp nhất trong 03 đơn vị được xếp hạng:",
            "- UBND phường C: 60 điểm, hạng 02, đồng hạng 02 đơn vị",
            "- UBND xã B: 60 điểm, hạng 02, đồng hạng 02 đơn vị",
            "- UBND xã A: 79,5 điểm, hạng 01",
            "Xã, phường: ngay dưới mức Tốt (80 điểm):",
            "- UBND xã A: 79,5 điểm, thiếu 0,5 điểm",
            "Mới phát sinh hồ sơ quá hạn (kỳ trước không có):",
            "- UBND xã A: 27 hồ sơ",
            "01 đơn vị có hồ sơ quá hạn, kỳ trước chưa có số liệu để đối chiếu.",
        )
    )


async def test_those_who_share_the_last_place_of_the_list_are_counted(api: Client, province: None) -> None:
    said, told = await text(api, lines=1), await report(api, "notice", **LIVE, format="json", lines=1)

    assert "- UBND phường C: 60 điểm, hạng 02, đồng hạng 02 đơn vị\n… và 01 đơn vị khác cùng 60 điểm\n" in said
    [level] = told["levels"]
    assert ([each["unit"]["code"] for each in level["lowest"]], level["tied_lowest"]) == (["H60.103"], 1)
    assert told["text"] == said


async def test_json_has_the_parts_by_parameter_and_by_accept(api: Client, province: None) -> None:
    by_name = await api.get(PATH, params={**LIVE, "format": "json"})
    by_type = await api.get(PATH, params=LIVE, headers={"Accept": "application/json"})

    assert by_name.json() == by_type.json()
    own = by_name.json()["own"]
    assert (own["total"], own["rank"], own["of"], own["rank_change"]) == (81.77, 3, 3, -1)
    assert own["next"] == {"rank": 2, "gap": 0.23}
    assert own["first"] == {"count": 3, "mean": 84.59, "gap": 2.82}
    assert by_name.json()["overdue"][0]["unknown"] == 1


async def test_a_month_without_figures_says_so_and_prints_no_nought(api: Client) -> None:
    await with_units(api, [a_unit(), *communes("UBND xã A")])

    said = await text(api)

    assert said.split("\n")[1:] == [
        "Chưa có số liệu của tỉnh Tuyên Quang tháng 7/2024.",
        "Chưa có đơn vị trực thuộc nào có tổng điểm được xếp hạng tháng 7/2024.",
        "Chưa có số liệu về hồ sơ quá hạn tháng 7/2024.",
    ]
    assert (await report(api, "notice", **LIVE, format="json"))["own"] is None


async def test_a_unit_by_itself_has_no_place_and_no_gap(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [total("H60", 80)])

    said = await text(api)

    assert "Tỉnh Tuyên Quang đạt 80/100 điểm.\nChưa xác định được thứ hạng" in said
    assert "Chưa so sánh được tổng điểm với tháng 6/2024." in said
    assert not any(word in said for word in ("Kém", "bình quân", "trực thuộc"))


async def test_a_total_that_lacks_a_group_is_not_told(api: Client) -> None:
    await with_units(api, [a_unit()])
    await with_figures(api, [{**total("H60", "8.5"), "indicator": "transparency_points"}])

    said = await text(api)

    assert "Chưa có tổng điểm của tỉnh Tuyên Quang: chưa có điểm của nhóm “Tiến độ, kết quả giải quyết”;" in said
    assert "8,5" not in said


async def test_a_stated_place_among_units_that_are_not_known_here_has_no_gap(api: Client) -> None:
    await with_units(api, [a_unit()])
    stated = [
        {**total("H60", value), "indicator": code} for code, value in (("reported_rank", 14), ("reported_rank_of", 63))
    ]
    await with_figures(api, [total("H60", 80), *stated])

    assert "đứng thứ 14/63 địa phương" in await text(api)
    assert "Chưa tính được khoảng cách với các đơn vị xếp trên" in await text(api)


async def test_without_a_unit_it_is_about_the_country(api: Client, province: None) -> None:
    answer = await api.get(PATH, params={"period": "2024-07", "level": "province"})

    lines = answer.text.split("\n")
    assert lines[0].endswith("tháng 7/2024 – cả nước")
    assert lines[1] == "Tỉnh, thành phố: thấp nhất trong 03 đơn vị được xếp hạng:"


async def test_names_stand_as_they_are(api: Client) -> None:
    await with_units(api, [a_unit(), *communes(NASTY)])
    await with_figures(api, [total("H60.101", 60)])

    assert f"- {NASTY}: 60 điểm, hạng 01\n" in await text(api)


async def test_what_does_not_fit_is_left_out_line_by_line_and_counted(api: Client) -> None:
    names = [f"UBND xã {'Rất Dài ' * 20}{number}" for number in range(18)]
    await with_units(api, [a_unit(), *communes(*names)])
    await with_figures(api, [total(f"H60.{101 + place}", 79 + place / 100) for place in range(18)])

    said = await text(api, lines=20)

    assert len(said) > MOST - 400
    for line in said.split("\n"):
        assert line.startswith(("Bộ chỉ số", "Chưa có", "Xã: ", "- UBND xã Rất Dài", "… và ")), line
        assert line.endswith(("điểm", ":", ".", "khác", "Quang", "hạng 18")) or "hạng" in line, line
    left = [int(line.split()[2]) for line in said.split("\n") if line.startswith("…")]
    assert len(left) == 2
    assert said.count("- UBND") + sum(left) == 36


@pytest.mark.parametrize("lines", ["0", "21", "x", "-1"])
async def test_the_number_of_lines_is_bounded(api: Client, lines: str) -> None:
    await with_units(api, [a_unit()])
    answer = await api.get(PATH, params={**LIVE, "lines": lines})

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "lines")


async def test_over_an_evaluation_it_never_changes(
    api: Client, anonymous: Client, clock: Clock, province: None
) -> None:
    clock.forward(hours=1)
    order = {"framework": "qd766", "period": "2024-07", "under": "H60", "levels": ["commune"]}
    id = int((await api.post("/v1/evaluations", json=order)).json()["id"])
    await api.post(f"/v1/evaluations/{id}/publish")
    before = await anonymous.get(PATH, params={"evaluation": id})

    clock.forward(days=1)
    await with_figures(api, [total("H60.101", 10, observed_at="2024-09-01T00:00:00+07:00")])
    await api.patch("/v1/units/H60.101", json={"name": "UBND xã Khác", "short_name": "Khác"})
    after = await anonymous.get(PATH, params={"evaluation": id})

    assert after.content == before.content
    assert "immutable" in after.headers["cache-control"]
    assert "- UBND xã A: 79,5 điểm, thiếu 0,5 điểm" in before.text
    assert "Chưa xác định được thứ hạng" in before.text


async def test_a_key_that_does_not_see_the_others_gets_no_place(
    api: Client, province: None, as_key: Callable[..., Client]
) -> None:
    key = as_key(Scope.VALUES_READ, unit="H60")

    said = (await key.get(PATH, params=LIVE)).text

    assert "Chưa xác định được thứ hạng" in said
    assert "UBND tỉnh 19" not in said
