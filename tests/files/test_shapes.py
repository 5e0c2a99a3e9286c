"""Files as offices have them, and what comes of each: a table that reads like a specification.

Every file says the same of three units in August 2026: 92,4 / 88,75 / 70 percent on time. What cannot be read as it is
says why, and what to do.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import pytest
import xlsxwriter

from tests.make import a_commune, a_unit, with_units
from tests.support.workbooks import as_xlsx

Client = httpx.AsyncClient
CSV, TSV, JSON, NDJSON = "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNITS = {"H60.101": "UBND xã Trung Môn", "H60.102": "UBND xã Tân Trào", "H60.103": "UBND phường Minh Xuân"}
RATES = ("92,4", "88,75", "70")
NAME = "Tỷ lệ hồ sơ xử lý đúng hạn/trong hạn"
READ = dict(zip(UNITS, (92.4, 88.75, 70), strict=True))


@dataclass(frozen=True)
class Shape:
    """A file, the query it is sent with, and the profile it is read by; what it comes to: nothing but the figures,
    warnings, or errors."""

    body: bytes
    kind: str = CSV
    query: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    profile: dict[str, Any] | None = None


def lines(header: str, *rows: str, rates: tuple[str, ...] = RATES, sign: str = ";") -> str:
    """A table: a row for each unit with its rate behind it, then further rows."""
    return "\n".join([header, *(f"{unit}{sign}{rate}" for unit, rate in zip(UNITS, rates, strict=True)), *rows])


def table(header: str, *rows: str, rates: tuple[str, ...] = RATES, sign: str = ";") -> bytes:
    return lines(header, *rows, rates=rates, sign=sign).encode()


def sheet(*rows: list[Any], head: list[Any] | None = None, **how: Any) -> bytes:
    figures = [[unit, float(rate.replace(",", "."))] for unit, rate in zip(UNITS, RATES, strict=True)]
    return as_xlsx([head or ["Mã đơn vị", "on_time"], *figures, *rows], **how)


RECORDS = [{"unit": unit, "on_time": rate} for unit, rate in READ.items()]
NUMBERED = "\n".join(
    ["STT;Mã đơn vị;Tên đơn vị;on_time"]
    + [f"{n};{code};{UNITS[code]};{rate}" for n, (code, rate) in enumerate(zip(UNITS, RATES, strict=True), 1)]
)
NAMED = "\n".join(["Đơn vị;on_time", *(f"{name};{rate}" for name, rate in zip(UNITS.values(), RATES, strict=True))])
DATED: list[list[object]] = [["Mã", "Kỳ", "on_time"], *([unit, date(2026, 8, 1), rate] for unit, rate in READ.items())]
MONTHS = "Mã;8/2026;9/2026\n" + "\n".join(f"{unit};92;93" for unit in UNITS)
TITLED = "ỦY BAN NHÂN DÂN TỈNH;\nBÁO CÁO THÁNG 8;\n" + lines("unit;on_time")

COUNTS = dict(zip(UNITS, ((231, 250), (71, 80), (7, 10)), strict=True))
UNIT, RATE = {"heading": "Mã", "field": "unit"}, {"heading": "Tỷ lệ", "indicator": "on_time"}
PARTS = [
    {"heading": "Mã", "field": "unit"},
    {"heading": "Đúng hạn Số", "field": "numerator", "indicator": "on_time"},
    {"heading": "Đúng hạn Tổng số", "field": "denominator", "indicator": "on_time"},
]
TWO_ROWS = "Mã;Đúng hạn;\n;Số;Tổng số\n" + "\n".join(f"{unit};{n};{d}" for unit, (n, d) in COUNTS.items())


def sheets(*named: tuple[str, Sequence[Sequence[object]]], merged: str | None = None) -> bytes:
    """A workbook of several sheets, of which the last one may have a merged total."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in named:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        if merged is not None:
            sheet.merge_range(merged, "Tổng cộng")
            sheet.write(len(rows), 2, 83.72)
    return buffer.getvalue()


A_SHEET_A_UNIT = sheets(*((unit, [("Chỉ số", "Tỷ lệ"), ("Đúng hạn", rate)]) for unit, rate in READ.items()))
MERGED_TOTAL = sheets(
    ("T8", [["STT", "Mã", "Tỷ lệ"], *([n, unit, rate] for n, (unit, rate) in enumerate(READ.items(), 1))]),
    merged="A5:B5",
)

SHAPES = {
    "01 codes and a column an indicator": Shape(table("unit;on_time")),
    "02 commas between cells, figures in quotes": Shape(
        table("unit,on_time", rates=('"92,4"', '"88,75"', '"70"'), sign=",")
    ),
    "03 tabs between cells": Shape(table("unit\ton_time", sign="\t"), TSV),
    "04 the line sep=; of a spreadsheet": Shape(b"sep=;\n" + table("unit;on_time")),
    "05 UTF-8 with a byte order mark": Shape(b"\xef\xbb\xbf" + table("Mã đơn vị;on_time")),
    "06 UTF-16 with a byte order mark": Shape(lines("unit;on_time").encode("utf-16"), "text/csv; charset=utf-16"),
    "07 windows-1258 that says so": Shape(
        lines("Ky\u0300;unit;on_time").replace("\nH", "\n8/2026;H").encode("cp1258"), "text/csv; charset=windows-1258"
    ),
    "08 one unit a row, one figure a row": Shape(
        "\n".join(
            ["unit;indicator;value", *(f"{unit};on_time;{rate}" for unit, rate in zip(UNITS, RATES, strict=True))]
        ).encode()
    ),
    "09 JSON records": Shape(json.dumps(RECORDS).encode(), JSON),
    "10 NDJSON records": Shape("\n".join(map(json.dumps, RECORDS)).encode(), NDJSON),
    "11 a sheet with numbers": Shape(sheet(), XLSX),
    "12 percent signs": Shape(table("unit;on_time", rates=("92,4%", "88,75 %", "70%"))),
    "13 counts as n/d": Shape(table("unit;on_time", rates=("231/250", "71/80", "7/10"))),
    "14 codes in small letters": Shape(table("unit;on_time").lower()),
    "15 identifiers of the national scheme": Shape(
        "\n".join(
            ["Mã;on_time", *(f"000.00.{unit[4:]}.H60;{rate}" for unit, rate in zip(UNITS, RATES, strict=True))]
        ).encode()
    ),
    "16 the indicator by its name": Shape(table(f"Mã đơn vị;{NAME}")),
    "17 ordinals and names beside codes": Shape(NUMBERED.encode(), warnings=("column_left_out", "column_left_out")),
    "18 names alone, asked to be resolved": Shape(NAMED.encode(), query={"resolve": "names", "under": "H60"}),
    "19 names alone": Shape(NAMED.encode(), errors=("unit_unknown",) * 3),
    "20 a total and a mean below": Shape(
        table("unit;on_time", "Tổng cộng;83,72", "Trung bình;83,72"), warnings=("total_rows_left_out",)
    ),
    "21 a total by formula": Shape(sheet(["Tổng cộng", "=SUM(B2:B4)"]), XLSX, warnings=("total_rows_left_out",)),
    "22 signatures below": Shape(
        table("unit;on_time", "Người lập biểu;"), warnings=("rows_without_figure", "unit_unknown")
    ),
    "23 months as date cells": Shape(as_xlsx(DATED, dates="mm/yyyy"), XLSX),
    "24 the period in words": Shape(
        "\n".join(
            ["unit;Kỳ;on_time", *(f"{unit};Tháng 8 năm 2026;{rate}" for unit, rate in zip(UNITS, RATES, strict=True))]
        ).encode()
    ),
    "25 fractions, said to be": Shape(
        table("unit;on_time", rates=("0,924", "0,8875", "0,7")), query={"fractions": "yes"}
    ),
    "26 fractions": Shape(
        table("unit;on_time", rates=("0,924", "0,8875", "0,7")), errors=("rate_looks_like_fraction",)
    ),
    "27 titles above the heading": Shape(TITLED.encode(), warnings=("title_rows_left_out",)),
    "28 months in columns": Shape(MONTHS.encode(), errors=("column_unknown", "column_unknown")),
    "29 a formula among the figures": Shape(
        as_xlsx([["Mã", "on_time"], *([unit, "=A1"] for unit in UNITS)]), XLSX, errors=("cell_formula",) * 3
    ),
    "30 headings of two rows": Shape(TWO_ROWS.encode(), errors=("column_unknown",)),
    "31 headings of two rows, by a profile": Shape(TWO_ROWS.encode(), profile={"heading_rows": 2, "columns": PARTS}),
    "32 months in columns, by a profile": Shape(
        table("Mã;8/2026"),
        profile={"indicator": "on_time", "columns": [UNIT, {"heading": "8/2026", "period": "2026-08"}]},
    ),
    "33 a sheet a unit, by a profile": Shape(
        A_SHEET_A_UNIT,
        XLSX,
        profile={
            "columns": [{"heading": "Chỉ số", "field": "indicator"}, {"heading": "Tỷ lệ"}],
            "indicators": [{"text": "Đúng hạn", "indicator": "on_time"}],
            "sheets": [{"sheet": unit, "unit": unit} for unit in UNITS],
        },
    ),
    "34 a merged total": Shape(MERGED_TOTAL, XLSX, errors=("column_unknown",)),
    "35 a merged total, by a profile": Shape(
        MERGED_TOTAL,
        XLSX,
        warnings=("total_rows_left_out",),
        profile={"columns": [{"heading": "STT", "field": "ignored"}, UNIT, RATE]},
    ),
    "36 fractions and names, by a profile": Shape(
        "\n".join(
            ["Báo cáo", "Mã;Tỷ lệ"]
            + [f"{name};{rate}" for name, rate in zip(UNITS.values(), ("0,924", "0,8875", "0,7"), strict=True)]
        ).encode(),
        profile={
            "skip_rows": 1,
            "columns": [UNIT, {**RATE, "scale": "fraction"}],
            "units": [{"text": name, "unit": code} for code, name in UNITS.items()],
        },
    ),
}


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), *(a_commune(code, name=name) for code, name in UNITS.items())])


@pytest.mark.parametrize("name", SHAPES)
async def test_the_file_comes_to_what_the_table_says(api: Client, name: str) -> None:
    shape = SHAPES[name]
    asked = {"period": "2026-08", "locale": "vi", **shape.query}
    if shape.profile is not None:
        stated = await api.put("/v1/import-profiles/office", json=shape.profile)
        assert stated.status_code == 201, stated.text
        asked["profile"] = "office"

    answer = await api.post("/v1/imports", content=shape.body, headers={"Content-Type": shape.kind}, params=asked)

    body = answer.json()
    codes = {kind: tuple(each["code"] for each in body.get(kind, ())) for kind in ("warnings", "errors")}
    assert codes == {"warnings": shape.warnings, "errors": shape.errors}, answer.text
    values = (await api.get("/v1/values")).json()["items"]
    assert {item["unit"]: item["value"] for item in values} == ({} if shape.errors else READ)
    assert {item["period"] for item in values} <= {"2026-08"}
