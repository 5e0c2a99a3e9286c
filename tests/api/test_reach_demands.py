"""`GET /v1/scores/{unit}/{period}/reach` of a class that asks for points in single criteria."""

from typing import Any

import httpx

from tests.api.test_score_reach import COMMUNES, FRAMEWORK, PERIOD, counts, figures
from tests.make import a_commune, a_unit, with_figures, with_units

Client = httpx.AsyncClient


def demanding(least: int) -> dict[str, Any]:
    document: dict[str, Any] = dict(FRAMEWORK)
    good, weak = document["bands"]
    return {**document, "bands": [{**good, "requires": [{"criterion": "late", "min": least}]}, weak]}


async def sentence(api: Client, least: int, rows: list[dict[str, Any]], **query: Any) -> tuple[bool | None, str, str]:
    await with_units(api, [a_unit(), a_commune(COMMUNES[0])])
    assert (await api.post("/v1/frameworks", json=demanding(least))).status_code == 201
    await with_figures(api, rows)
    asked = {"framework": "thu", "band": "good", **query}
    found = (await api.get(f"/v1/scores/{COMMUNES[0]}/{PERIOD}/reach", params=asked)).json()
    return found["reachable"], found["sentence"], found["sentence_en"]


async def test_who_has_points_enough_in_all_is_told_which_criterion_keeps_the_class_away(api: Client) -> None:
    reachable, said, english = await sentence(api, 48, figures(COMMUNES[0], 416, 5))

    assert reachable
    assert said.startswith(
        "Để đạt mức Tốt (80 điểm), đơn vị đã đủ tổng điểm nhưng tiêu chí “Quá hạn” mới được 45 điểm, dưới mức yêu cầu "
        "48 điểm; riêng tiêu chí “Quá hạn” cần giảm 3 trường hợp (từ 5 xuống 2 trên 100 trường hợp)"
    )
    assert english.startswith(
        "To reach the class Good (80 points) the unit has points enough in all, but criterion “Late” has 45 of at "
        "least 48 points; "
    )


async def test_what_a_class_demands_and_no_work_can_bring_is_the_reason_and_not_the_total(
    api: Client,
) -> None:
    rows = [counts(COMMUNES[0], "thu_thanh_toan", 416, 520), counts(COMMUNES[0], "thu_qua_han", 5, 100)]

    reachable, said, _ = await sentence(api, 50, rows, hold="grow", by=20)

    assert reachable is False
    assert said == (
        "Đơn vị không thể đạt mức Tốt (80 điểm) khi có thêm 20 trường hợp mới: dù mọi số liệu ở mức tốt nhất, tiêu chí "
        "“Quá hạn” mới được 45,83 điểm, dưới mức yêu cầu 50 điểm"
    )
