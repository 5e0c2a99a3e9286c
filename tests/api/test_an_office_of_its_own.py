"""An office that is in no demonstration: 55 units, two months, a Word file of its own, and the letter it gets."""

import io
from typing import Any

import docx
import httpx
import pytest
from docx.document import Document

from tests.make import a_unit, with_figures, with_units
from tests.support.word_files import SENT, comments_of, paragraphs_of, rows_of, saved

Client = httpx.AsyncClient
OFFICE, PATH = "H91", "/v1/letter-templates/H91/thong_bao_thang"
COMMUNES = [f"{OFFICE}.{100 + place}" for place in range(40)]
DEPARTMENTS = [f"{OFFICE}.{10 + place}" for place in range(15)]
MONTHS = {"2026-03": "tháng 3/2026", "2026-04": "tháng 4/2026"}
ROWS = [
    ["STT", "Đơn vị", "Điểm", "Xếp loại", "So với kỳ trước"],
    ['{%tr for each in classes["commune"].rows %}', "", "", "", ""],
    [
        "{{ each.place }}",
        "{{ each.name }}",
        "{{ each.totl | diem }}",
        "{{ each.band }}",
        "{{ each.change | thay_doi }}",
    ],
    ["{%tr endfor %}", "", "", "", ""],
]


def drawn_up(*, misspelt: bool) -> Document:
    """What the office has drawn up in Word."""
    document = docx.Document()
    document.add_paragraph("Kết quả {{ period.words }} của {{ unit.name }}")
    document.add_paragraph("{%p for level in classes %}")
    document.add_paragraph("{{ level.heading }}: {{ level.of | hai_chu_so }} đơn vị, ")
    document.paragraphs[-1].add_run("{% for band in level.bands %}{{ band.name }} {{ band.count | hai_chu_so }}")
    document.paragraphs[-1].add_run("{% if not loop.last %}; {% endif %}{% endfor %}.")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if looked_up %}")
    document.add_paragraph("Số liệu tra cứu {{ looked_up | thoi_diem }}.")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("Số liệu tra cứu ngày {{ looked_up | ngay }}.")
    document.add_paragraph("{%p endif %}")
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text if misspelt else text.replace("totl", "total")
    return document


@pytest.fixture(autouse=True)
async def two_months(api: Client) -> None:
    """Totals that fall from one unit to the next, each a tenth of a point better in the second month."""
    below = [
        a_unit(code=code, name=f"{kind} {place}", level=level, parent=OFFICE)
        for kind, level, codes in (("UBND xã", "commune", COMMUNES), ("Sở", "department", DEPARTMENTS))
        for place, code in enumerate(codes, start=1)
    ]
    await with_units(api, [a_unit(code=OFFICE, name="UBND tỉnh Bình Minh & <Phú>"), *below])
    rows = [
        {"unit": code, "period": period, "indicator": "total_points", "value": f"{95 - place}.{month}"}
        for month, period in enumerate(MONTHS, start=1)
        for codes in (COMMUNES, DEPARTMENTS)
        for place, code in enumerate(codes)
    ]
    await with_figures(api, rows, locale="en", source="national_portal")


async def letter(api: Client, **query: Any) -> httpx.Response:
    asked = {"period": "2026-04", "under": OFFICE, "on": "2026-05-05", "format": "docx", "letter": "thong_bao_thang"}
    return await api.get("/v1/reports/announcement", params={**asked, **query})


async def test_an_office_draws_up_a_file_mends_it_and_gets_its_letter(api: Client) -> None:
    misspelt, mended = (saved(drawn_up(misspelt=each)) for each in (True, False))

    [fault] = (await api.post("/v1/letter-templates/check", content=misspelt, headers=SENT)).json()["faults"]
    refused = await api.put(PATH, content=misspelt, headers=SENT)
    stated = await api.put(PATH, content=mended, headers=SENT)
    sent = await letter(api)

    assert (fault["field"], fault["suggestion"], fault["text"]) == ("each.totl", "each.total", "{{ each.totl | diem }}")
    assert (refused.status_code, stated.status_code, sent.status_code) == (422, 201, 200)
    assert sent.headers["content-disposition"] == 'attachment; filename="CV_H91_2026-04.docx"'
    head, *said = [each.replace("\u00a0", " ") for each in paragraphs_of(sent.content)]
    assert head == "Kết quả tháng 4/2026 của UBND tỉnh Bình Minh & <Phú>"
    assert [each.partition(": ")[2] for each in said[:2]] == [
        "15 đơn vị, Xuất sắc 06; Tốt 09; Khá 00; Trung bình 00; Yếu 00.",
        "40 đơn vị, Xuất sắc 06; Tốt 10; Khá 10; Trung bình 14; Yếu 00.",
    ]
    heads, first, *_, last = rows_of(sent.content)
    assert heads == ROWS[0]
    assert len(rows_of(sent.content)) == 41
    assert [each.replace("\u00a0", " ") for each in first] == ["1", "UBND xã 1", "95,2", "Xuất sắc", "tăng 0,1 điểm"]
    assert [each.replace("\u00a0", " ") for each in last] == ["40", "UBND xã 40", "56,2", "Trung bình", "tăng 0,1 điểm"]


async def test_what_it_lacks_is_marked_and_said(api: Client) -> None:
    await api.put(PATH, content=saved(drawn_up(misspelt=False)), headers=SENT)

    file = (await letter(api)).content

    assert paragraphs_of(file)[-1] == "Số liệu tra cứu ngày ……."
    marked = docx.Document(io.BytesIO(file)).paragraphs[-1]
    assert [each.text for each in marked.runs if each.font.highlight_color] == ["……"]
    assert any(each.startswith("Chưa có số liệu: ") and "(looked_up)" in each for each in comments_of(file))
