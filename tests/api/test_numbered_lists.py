"""Lists of units in workbooks have a number before each row, as offices print them; what programs read has none."""

import httpx
import pytest

from tests.make import RATIO, a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.report_files import csv_rows, sheet_rows

Client = httpx.AsyncClient
LIVE = {"period": "2024-07", "under": "H60"}
UNITS = ("H60.101", "H60.102", "H60.103")


@pytest.fixture(autouse=True)
async def figures(api: Client) -> None:
    await with_units(api, [a_unit(), *map(a_commune, UNITS)])
    await with_figures(api, some_figures(*UNITS))
    await with_figures(api, some_figures(UNITS[0], source="provincial_system", numerator=1))
    totals = [
        some_figures(unit, indicator="total_points", numerator=None, denominator=None, value=80) for unit in UNITS
    ]
    await with_figures(api, [row for rows in totals for row in rows])
    await api.put("/v1/targets", json={"indicator": RATIO, "year": 2024, "target": 99})


@pytest.mark.parametrize(
    ("report", "sheet", "asked", "count"),
    [
        ("classification", "Phụ lục 1 UBND cấp xã", {}, 3),
        ("counts", "Theo đơn vị", {"indicator": RATIO}, 3),
        ("below-target", "Đơn vị không đạt chỉ tiêu", {}, 3),
        ("reconciliation", "Đối chiếu số liệu", {}, 1),
        ("reconciliation", "Chỉ có ở một nguồn", {}, 2),
    ],
)
async def test_rows_of_a_list_are_numbered_where_people_read_it(
    api: Client, report: str, sheet: str, asked: dict[str, str], count: int
) -> None:
    printed = await sheet_rows(api, report, sheet, **LIVE, **asked)
    rows = await csv_rows(api, report, **LIVE, **asked)

    assert [row["STT"] for row in printed] == list(range(1, count + 1))
    assert next(iter(printed[0])) == "STT"
    assert "STT" not in rows[0]


async def test_a_summary_has_no_numbers(api: Client) -> None:
    printed = await sheet_rows(api, "classification", "Tổng hợp xếp loại", **LIVE)

    assert "STT" not in printed[0]
