"""For every code that an import can refuse or warn with, one file that shows it, as the bytes that a client sends.

`BROKEN` are refused, `ODD` are stored and warned of. Both rest on what `tests/api/test_broken_files.py` sets up:
H60 with the communes H60.101 and H60.200 (which ended on 30/06/2024, H60.200.1 below it did not), a locked 2024-05.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import MOST_FAULTS
from app.formats.office_archive import COMPOUND_SIGNATURE, ENCRYPTED_PART
from app.formats.workbook_sheet import WorkbookLimits
from tests.support.workbooks import MAIN, a_workbook, packed, parts_of, sheet_xml

CSV, JSON, FORM = "text/csv", "application/json", "multipart/form-data; boundary=x"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Where = Mapping[str, object]
"""Where a fault stands: `row` and `column`, or `pointer`, or `parameter`; nothing where it is the whole file's."""


@dataclass(frozen=True)
class Sent:
    """A request with a file: `unit` is the subtree of its key."""

    body: bytes
    where: Where
    kind: str = CSV
    status: int = 422
    query: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    limits: WorkbookLimits | None = None


def a_row(**cells: str) -> dict[str, str]:
    return {"unit": "H60", "period": "2024-07", "indicator": "dossier_sync", "value": "98.83", **cells}


def table(*rows: Mapping[str, str]) -> bytes:
    """A CSV file; the keys of the first row name the columns."""
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines).encode()


def cell(column: str, written: str, /, **others: str) -> Sent:
    """A table of one row that is wrong in one cell."""
    return Sent(table(a_row(**{**others, column: written})), {"row": 2, "column": column})


def header(*names: str, column: str) -> Sent:
    """A table whose header is wrong in one column."""
    return Sent(",".join(names).encode() + b"\r\n", {"row": 1, "column": column})


def items(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def in_json(field: str, value: object) -> Sent:
    return Sent(items({**a_row(), field: value}), {"pointer": f"/0/{field}"}, JSON)


def written(body: str, where: Where, status: int = 400) -> Sent:
    """A JSON body as it is written."""
    return Sent(body.encode(), where, JSON, status)


LONG = ("unit", "period", "indicator", "value")
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>H60</t></is></c><c r="B2"><v>1</v></c></row>'


def names(*texts: str, row: int = 1) -> str:
    """A row of texts."""
    cells = (f'<c r="{"ABCDEF"[n]}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(texts))
    return f'<row r="{row}">{"".join(cells)}</row>'


def in_sheet(value: str, after: str = "", column: str = "value", outside: str = "") -> Sent:
    """A workbook of one row whose fourth cell, of the column `value`, is given as it stands in the file."""
    row = names("H60", "2024-07", "dossier_sync", row=2).replace("</row>", f"{value}{outside}</row>")
    where = {"row": 2, "column": column} if column else {"row": 2}
    return Sent(a_workbook(names(*LONG) + row, after), where, XLSX)


def book(body: bytes, status: int = 400, **request: Any) -> Sent:
    """A workbook that is refused as a whole."""
    return Sent(body, {}, XLSX, status, **request)


GOOD = a_workbook(names("unit", "on_time") + ROW)
TWO_SHEETS = packed(parts_of({"a": sheet_xml(names(*LONG)), "b": sheet_xml(names(*LONG))}))
BINARY = {"_rels/.rels": parts_of({})["_rels/.rels"].replace("workbook.xml", "workbook.bin")}
COSTLY = a_workbook(names(*LONG), strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 60_000_000}</t></si></sst>')


def form(*parts: str) -> bytes:
    return "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts).encode() + b"--x--\r\n"


PART = 'name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nunit\r\n'
REST = {"ID": "1", "TEN": "UBND tỉnh An Giang", "MA_COQUAN": "H01", "LOAI_COQUAN": "1"}
POINTS = {"CKMB": "13.2", "TDGQ": "18.3", "CLGQ": "7.2", "TTTT": "8.3", "MDHL": "18", "MDSH": "16.8"}


PORTAL = {"layout": "portal", "create_units": "true"}
COUNTED_TWICE = {
    "departmentId": "1",
    "departmentName": "UBND tỉnh An Giang",
    "departmentCode": "H01",
    "totalMaxScore": 10,
    "totalScore": 5,
    "totalDossierOnlineFormalityPaymentSuccess": 18,
    "totalFeeDossierFormalityDistinct": 38,
    "totalFeeFormality": 41,
}
FILTERED = {
    "departmentId": "1",
    "departmentName": "UBND tỉnh An Giang",
    "departmentCode": "H01",
    "totalMaxScore": 6,
    "totalScore": 5,
}
"""What the portal answers for payments in one procedure."""


def answered(pointer: str, *rows: Mapping[str, str], status: int = 422, **query: str) -> Sent:
    """The older rows of the national portal."""
    body = items(*({**REST, **POINTS, **row} for row in rows))
    return Sent(body, {"pointer": pointer}, JSON, status, {**PORTAL, "period": "2024-07", **query})


def payments(pointer: str, unit: Mapping[str, object], status: int = 422) -> Sent:
    """The portal's tree of payments."""
    document = {"code": "OK", "data": {"parent": unit, "children": [{**unit, "totalFeeFormality": 1}]}}
    return Sent(json.dumps(document).encode(), {"pointer": pointer}, JSON, status, {**PORTAL, "period": "2024-07"})


def paged(unit: Mapping[str, object]) -> Sent:
    """The first page of the portal's satisfaction list of 163 units."""
    metric = {"code": "PETITION_PROCESSING_ON_TIME", "numerator": 1, "denominator": 2, "ratio": 50}
    data = {"evaluation": [{**unit, "totalMaxScore": 18, "metrics": [metric]}], "pagination": {"total": 163}}
    body = json.dumps({"code": "OK", "data": data}).encode()
    return Sent(body, {"pointer": "/data/pagination"}, JSON, 200, {**PORTAL, "period": "2024-07"})


BROKEN: dict[str, Sent] = {
    # a row names what is not there, or not for this row
    "unit_unknown": cell("unit", "H6O"),
    "unit_not_active": cell("unit", "H60.200"),
    "unit_ended": cell("unit", "H60_200"),
    "unit_forbidden": Sent(table(a_row()), {"row": 2, "column": "unit"}, unit="H60.101"),
    "period_invalid": cell("period", "31/7/2024"),
    "period_locked": cell("period", "2024-05"),
    "indicator_unknown": cell("indicator", "dosier_sync"),
    "source_unknown": cell("source", "cong_tinh"),
    "moment_invalid": cell("observed_at", "26/8/2024"),
    "moment_in_future": cell("observed_at", "2099-01-01T00:00:00Z"),
    "duplicate_row": Sent(table(a_row(), a_row(unit="H60.101"), a_row(value="98")), {"row": 4, "column": "unit"}),
    "field_missing": cell("unit", ""),
    "retract_invalid": cell("retract", "có", value=""),
    "retract_with_figure": cell("retract", "true"),
    "text_too_long": cell("note", "a" * 1001),
    "text_invalid": cell("note", "a\ab"),
    "text_garbled": cell("note", "Sá»‘ liá»‡u"),
    # a figure is none, or not one of this indicator
    "number_invalid": cell("value", "12,5 điểm"),
    "number_ambiguous": cell("value", "25.775"),
    "number_too_large": cell("value", "100000000000", indicator="average_days"),
    "number_too_precise": cell("value", "81.12345"),
    "number_not_whole": cell("value", "1.5", indicator="citizen_accounts"),
    "number_out_of_range": cell("value", "-1", indicator="total_points"),
    "rate_out_of_range": cell("value", "100.5"),
    "rate_looks_like_fraction": Sent(
        table(*(a_row(period=f"2024-0{month}", value="0.9") for month in (1, 2, 3))), {"row": 2, "column": "value"}
    ),
    "unit_name_ambiguous": replace(cell("unit", "UBND xã Tân Trào"), query={"resolve": "names"}),
    "value_missing": cell("value", "-"),
    "numerator_exceeds_denominator": cell("numerator", "5", denominator="4", value=""),
    "counts_disagree": cell("denominator", "5", numerator="1", value="1/4"),
    "counts_not_expected": cell("value", "1/2", indicator="total_points"),
    "percent_not_expected": cell("value", "81%", indicator="total_points"),
    # a row of JSON is no row
    "object_expected": Sent(items(a_row(), 5), {"pointer": "/1"}, JSON),
    "field_unknown": in_json("units", "H60"),
    "text_expected": in_json("unit", 60),
    # a header that cannot be read
    "column_unknown": header(*LONG, "valeu", column="valeu"),
    "column_duplicate": header(*LONG, "Giá trị", column="Giá trị"),
    "column_missing": header("period", "indicator", "value", column="unit"),
    "pair_incomplete": header("unit", "on_time.numerator", column="on_time.numerator"),
    "columns_too_many": Sent(b",".join([b"unit"] * 1001) + b"\r\n", {"row": 1}, status=400),
    "header_missing": Sent(b"\r\n", {"row": 1}, status=400),
    # a table that cannot be read
    "row_ragged": Sent(table(a_row()) + b"H60,2024-07,dossier_sync,98,83\r\n", {"row": 3}),
    "csv_invalid": Sent(table(a_row()) + b'"H60,2024-07\r\n', {"row": 3}, status=400),
    "encoding_not_utf8": Sent(table(a_row(note="Số đã chốt")).decode().encode("utf-16"), {}, status=400),
    "encoding_unknown": Sent(table(a_row()), {"parameter": "Content-Type"}, "text/csv; charset=koi8-r", status=400),
    "encoding_invalid": Sent(table(a_row()) + b"\x81\xff", {}, "text/csv; charset=utf-16", status=400),
    "content_type_differs": Sent(b"PK\x03\x04", {"parameter": "Content-Type"}, status=415),
    "content_type_unsupported": Sent(b"%PDF-1.7", {}, "application/pdf", status=415),
    # JSON that cannot be read
    "list_expected": written("{}", {"pointer": ""}, status=422),
    "json_invalid": written("[{]", {}),
    "json_duplicate_key": written('[{"unit": "H60", "unit": "H61"}]', {"pointer": "/0/unit"}),
    "json_not_finite": written('[{"unit": "H60", "value": NaN}]', {"pointer": "/0/value"}),
    "json_too_deep": written("[" * 100 + "]" * 100, {"pointer": "/0" * 65}),
    "json_too_wide": written(json.dumps([dict.fromkeys(map(str, range(1001)))]), {"pointer": "/0"}),
    "json_name_too_long": written(json.dumps([{"n" * 1001: 1}]), {"pointer": "/0"}),
    "json_item_too_long": written(f'[{{"note": "{"a" * 1_500_000}"}}]', {"pointer": "/0"}),
    # cells of a workbook
    "cell_formula": in_sheet('<c r="D2"><f>1+1</f><v>2</v></c>'),
    "cell_error": in_sheet('<c r="D2" t="e"><v>#DIV/0!</v></c>'),
    "cell_not_number": in_sheet('<c r="D2"><v>NaN</v></c>'),
    "cell_not_date": in_sheet('<c r="D2" s="2"><v>60</v></c>'),
    "cell_thousands": in_sheet('<c r="D2" s="5"><v>25775</v></c>'),
    "cell_fraction": in_sheet('<c r="D2" s="8"><v>0.02</v></c>'),
    "cell_shown_otherwise": in_sheet('<c r="D2" s="9"><v>91.6</v></c>'),
    "cell_merged": in_sheet('<c r="D2"><v>1</v></c>', '<mergeCells><mergeCell ref="D2:D3"/></mergeCells>'),
    "cell_outside": in_sheet('<c r="D2"><v>1</v></c>', column="", outside='<c r="XFD2"><v>1</v></c>'),
    # workbooks that are none
    "sheet_without_workbook": Sent(table(a_row()), {"parameter": "sheet"}, query={"sheet": "a"}),
    "units_not_created": Sent(table(a_row()), {"parameter": "create_units"}, query={"create_units": "true"}),
    "workbook_other": book(b"unit,value\nH60,1\n"),
    "workbook_old": book(COMPOUND_SIGNATURE + b"\0" * 600),
    "workbook_encrypted": book(COMPOUND_SIGNATURE + b"\0" * 600 + ENCRYPTED_PART),
    "workbook_binary": book(packed(BINARY)),
    "workbook_broken": book(GOOD[:-50]),
    "workbook_too_large": book(a_workbook(names(*LONG) + " " * 5_000_000)),
    "workbook_too_costly": book(COSTLY, limits=WorkbookLimits(memory=100 << 20, ratio=10_000)),
    "cells_merged_twice": book(
        a_workbook(names(*LONG) + ROW, '<mergeCells><mergeCell ref="A8:B9"/><mergeCell ref="B9:C9"/></mergeCells>')
    ),
    "sheet_unknown": Sent(TWO_SHEETS, {"parameter": "sheet"}, XLSX, query={"sheet": "c"}),
    "sheet_ambiguous": Sent(TWO_SHEETS, {"parameter": "sheet"}, XLSX),
    "header_invalid": Sent(a_workbook(names(*LONG).replace("</row>", '<c r="E1"><f>1</f></c></row>')), {}, XLSX),
    # the national portal's answers
    "portal_unrecognised": Sent(items({}), {"pointer": ""}, JSON, query={**PORTAL, "period": "2024-07"}),
    "portal_groups_swapped": answered("/0/TTTT", {"CLGQ": "8.3", "TTTT": "11.2"}),
    "points_exceed_max": answered("/0/CKMB", {"CKMB": "18.1"}),
    "portal_id_ambiguous": answered("/0/MA_COQUAN", {}, {"MA_COQUAN": "H02"}, create_units="false"),
    "portal_max_differs": payments("/data/parent/totalMaxScore", FILTERED),
    "period_missing": Sent(items({**REST, **POINTS}), {"parameter": "period"}, JSON, query=PORTAL),
    # forms and plans
    "form_invalid": Sent(form('filename="a.csv"\r\n\r\na\r\n'), {}, FORM, status=400),
    "file_part_expected": Sent(form(PART.replace('"file"', '"other"')), {"pointer": "/file"}, FORM),
    "one_file_expected": Sent(form(PART, PART), {"pointer": "/file"}, FORM),
    "plan_changed": Sent(table(a_row()), {}, status=409, query={"plan": "0" * 64}),
    # the whole of it
    "import_rejected": Sent(table(a_row(unit="H61")), {"row": 2, "column": "unit"}),
    "further_errors": Sent(table(*[a_row(unit="H61")] * (MOST_FAULTS + 1)), {}),
}

MONTHS = [f"{1900 + number // 12}-{1 + number % 12:02}" for number in range(MOST_FAULTS + 1)]
COUNTS = {"numerator": "3863", "denominator": "5454", "value": "70.63"}
ODD: dict[str, Sent] = {
    "title_rows_left_out": Sent(
        "BÁO CÁO,,,\nunit,period,indicator,value\nH60,2024-07,dossier_sync,98.83\n".encode(), {"row": 1}
    ),
    "column_left_out": Sent(b"STT,unit,period,on_time\n1,H60,2024-07,90\n", {"row": 1, "column": "STT"}),
    "total_rows_left_out": Sent(b"unit,period,on_time\nH60,2024-07,90\nTotal,2024-07,90\n", {"row": 3}),
    "portal_denominators_differ": payments("/data/parent/totalFeeDossierFormalityDistinct", COUNTED_TWICE, status=200),
    "rate_differs_from_counts": Sent(table(a_row(**COUNTS)), {"row": 2, "column": "value"}, status=200),
    "parent_not_active": Sent(table(a_row(unit="H60.200.1")), {"row": 2, "column": "unit"}, status=200),
    "period_not_begun": Sent(table(a_row(period="2199-01")), {"row": 2, "column": "period"}, status=200),
    "count_not_whole": Sent(
        table(a_row(numerator="1.5", denominator="3")), {"row": 2, "column": "numerator"}, status=200
    ),
    "letters_corrected": Sent(table(a_row(note="Ðà Nẵng")), {"row": 2, "column": "note"}, status=200),
    "text_in_old_font": Sent(table(a_row(note="Sè liÖu th¸ng 7")), {"row": 2, "column": "note"}, status=200),
    "letters_lost": Sent(table(a_row(note="S? li?u tháng 7")), {"row": 2, "column": "note"}, status=200),
    "further_warnings": Sent(table(*(a_row(period=each, **COUNTS) for each in MONTHS)), {}, status=200),
    "rows_without_figure": Sent(b"unit,period,dossier_sync\nH60,2024-07,\n", {"row": 2}, status=200),
    "portal_metric_unknown": answered("", {"MOI": "1"}, status=200),
    "portal_incomplete": paged(FILTERED),
    "portal_total_differs": answered("/0/TONG_SCORE", {"TONG_SCORE": "80"}, status=200),
}
