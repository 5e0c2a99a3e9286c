"""What `POST /v1/scores/what-if` says of figures that change nothing, and where there is nothing to compare with."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import a_framework, a_unit, with_units
from tests.support.evaluations import a_province
from tests.support.what_if import BOARD, PATH, a_total, supposed

Client = httpx.AsyncClient


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


def said(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["detail"]) for each in found["warnings"]]


async def test_a_figure_of_a_source_that_another_comes_before_is_said_to_change_nothing(api: Client) -> None:
    found = await supposed(api, a_total("H60.101", 90, source="manual"))

    (warning,) = said(found)
    assert warning[0] == "supposed_source_silent"
    assert "`source: national_portal`" in warning[1]


async def test_a_figure_that_counts_is_said_nothing_of(api: Client) -> None:
    assert said(await supposed(api, a_total("H60.101", 90), a_total("H60.102", None))) == []


async def test_a_figure_of_a_unit_that_is_not_on_the_board_is_said_to_change_nothing(api: Client) -> None:
    await with_units(api, [a_unit(code="H19", name="UBND tỉnh Đồng Nai")])

    (warning,) = said(await supposed(api, a_total("H19", 90)))

    assert warning[0] == "supposed_unit_elsewhere"
    assert warning[1].startswith("H19 không thuộc bảng này")


async def test_a_figure_that_the_rules_do_not_read_is_said_to_change_nothing(api: Client) -> None:
    answer = await api.post(PATH, json={**BOARD, "values": [a_total("H60.101", 90)], "document": a_framework()})

    assert [each["code"] for each in answer.json()["warnings"]] == ["supposed_indicator_unread"]


async def test_a_board_that_ranks_nobody_now_is_compared_with_nothing(api: Client) -> None:
    found = await supposed(api, a_total("H60.101", 90), period="2024-03")

    assert found["sentence"] == (
        "Theo giả định, 1 đơn vị được xếp hạng; điểm trung bình là 90/100 điểm; hiện chưa có đơn vị nào được xếp hạng "
        "để so sánh."
    )
