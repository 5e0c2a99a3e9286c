"""Comparison: what the four letters print of two periods.

That is annex I of Bình Thành's letter of February 2024, section 1 of Tuyên Quang's of July 2024, the opening of Tuyên
Quang's of January 2024 and the criteria of Đồng Nai's of Q2/2024. Figures are those that the demonstration stores. A
letter states a rank without the board behind it, so the cohorts here are constructed: made-up totals around the printed
ones, so that the unit has its printed place in both months (the total of Tuyên Quang for June 2024 is not printed; it
is the sum of its groups). Every misprint of annex I that a comparison could repeat is named in `MISPRINTS` with what is
right.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.figure_parser import Printed, read_figure
from tests.api.conftest import Clock
from tests.make import a_unit, with_figures, with_units
from tests.support.published import ROOT
from tests.support.report_files import csv_rows, report, sheet_rows

TUYEN_QUANG, DINH_HOA = "H60", "H55.XDINHHOA"
BINH_THANH = f"{DINH_HOA}.XBINHTHANH"
SHEET, FALLEN_SHEET = "So sánh hai kỳ", "Nội dung giảm"
PROVINCE = {"unit": TUYEN_QUANG, "period": "2024-07"}
COMMUNE = {"unit": BINH_THANH, "period": "2024-02"}

HEADS = {
    "before_count": "Số liệu kỳ trước",
    "before_rate": "Tỷ lệ kỳ trước (%)",
    "now_count": "Số liệu kỳ này",
    "now_rate": "Tỷ lệ kỳ này (%)",
    "change": "Tăng (+)/Giảm (-) tỷ lệ (điểm %)",
}
ANNEX = (
    ("I", "Công khai, minh bạch", "", "", "", "", ""),
    ("1.1", "Số TTHC công khai trên Cổng DVC quốc gia/tổng số TTHC", "1764/1764", "100%", "1731/1731", "1000%", "0%"),
    ("1.2", "Số hồ sơ tiếp nhận đã đồng bộ", "", "", "", "", ""),
    ("1.2 a)", "Hồ sơ đã đồng bộ", "3.863", "70,63%", "68", "65,38%", "-525%"),
    ("1.2 b)", "Hồ sơ chưa đồng bộ", "1.591", "29,17%", "36", "34,62%", "+5,45%"),
    ("II", "Tiến độ giải quyết", "", "", "", "", ""),
    ("2.1", "Tỷ lệ hồ sơ giải quyết đúng hạn", "", "96,91%", "", "100%", "+3,09%"),
    ("2.2", "Tỷ lệ hồ sơ giải quyết quá hạn", "", "3,09%", "", "0%", "-3,09%"),
    ("III", "Dịch vụ công trực tuyến", "", "", "", "", ""),
    ("3.1", "TTHC cung cấp DVCTT một phần", "3", "1,79%", "3", "1,89%", "-0,13%"),
    ("3.2", "TTHC cung cấp DVCTT toàn trình", "4", "2,38%", "4", "2,52%", "+0,14%"),
    ("3.3", "Còn lại", "161", "95,83%", "152", "95,6%", "-0,23%"),
    ("3.4", "Tỷ lệ nộp hồ sơ trực tuyến", "", "", "", "", ""),
    ("3.4 a)", "Hồ sơ nộp trực tuyến", "", "99,3%", "", "100%", "+0,7%"),
    ("3.4 b)", "Hồ sơ nộp trực tiếp và theo hình thức khác", "", "0,7%", "", "0%", "-0,7%"),
    ("3.5", "Kết quả xử lý hồ sơ nộp trực tuyến với hồ sơ đang xử lý", "", "", "", "", ""),
    ("3.5 a)", "Hồ sơ xử lý đúng hạn", "", "98,63%", "", "100%", "-1,37%"),
    ("3.5 b)", "Hồ sơ xử lý quá hạn", "", "1,37%", "", "0", "1,37%"),
    ("3.6", "Tỷ lệ DVC trực tuyến có phát sinh hồ sơ", "", "13,9%", "", "9,8%", "-1,2%"),
    ("3.7", "Số lượng tăng trưởng DVC trực tuyến", "983", "", "983", "", ""),
    ("IV", "Thanh toán trực tuyến", "", "", "", "", ""),
    ("4.1", "Tỷ lệ TTHC có yêu cầu nghĩa vụ tài chính cung cấp trên Cổng dịch vụ công quốc gia", "", "", "", "", ""),
    ("4.1 a)", "Cung cấp trên cổng DVC Quốc gia", "13", "100%", "14", "100%", "0%"),
    ("4.1 b)", "Chưa tích hợp, cung cấp dịch vụ thanh toán trực tuyến", "0", "0%", "0", "0%", "0%"),
    ("4.2", "Tỷ lệ hồ sơ thanh toán trực tuyến", "", "", "", "", ""),
    ("4.2 a)", "Thanh toán trực tuyến", "2.955", "93,75%", "2588", "94,45%", "+0,7%"),
    ("4.2 b)", "Thanh toán trực tiếp và hình thức khác", "197", "6,25%", "152", "5,55%", "-0,7%"),
    ("4.3", "Tỷ lệ TTHC có giao dịch thanh toán trực tuyến", "", "", "", "", ""),
    ("4.3 a)", "Thanh toán trực tuyến", "105", "59,32%", "92", "56,1%", "-3,22%"),
    ("4.3 b)", "Thanh toán trực tiếp và hình thức khác", "72", "40,68%", "72", "43,9%", "+3,22%"),
    ("V", "Mức độ hài lòng", "", "", "", "", ""),
    ("5.1", "Tỷ lệ hài lòng trong xử lý phản ánh, kiến nghị", "", "100%", "", "100%", "0%"),
    ("5.2", "Tỷ lệ hài lòng trong tiếp nhận, giải quyết TTHC", "", "100%", "", "100%", "0%"),
    ("5.3", "Tỷ lệ xử lý phản ánh, kiến nghị theo phân loại", "", "", "", "", ""),
    ("5.3 a)", "Kiến nghị về những vướng mắc, bất cập về quy định hành chính", "", "", "", "", ""),
    ("5.3 b)", "Phản ánh về hành vi của cán bộ, công chức, viên chức", "", "", "", "", ""),
    ("VI", "Số hóa kết quả hồ sơ TTHC", "", "", "", "", ""),
    ("6.1", "Tỷ lệ hồ sơ, kết quả TTHC được số hóa hồ sơ", "", "99,29%", "", "100%", "0,71%"),
    ("6.2", "Tỷ lệ hồ sơ được cấp kết quả điện tử", "", "100%", "", "100%", "0%"),
    (
        "6.3",
        "Số lượng tài khoản Cổng DVC quốc gia được xác thực với cơ sở dữ liệu quốc gia Dân cư",
        *("837.873", "", "855,589", "", ""),
    ),
    (
        "6.4",
        "Tỷ lệ khai thác, sử dụng lại thông tin, dữ liệu số hóa",
        *("135", "95,74%", "173", "100%", "4,26 %"),
    ),
)
"""Annex I as it is printed, its rows a), b) under the number they belong to."""

MISPRINTS = {
    ("1.1", "now_rate"): "100%",  # 1731/1731 is printed 1000%
    ("1.2 a)", "change"): "-5,25%",  # 65,38 − 70,63, printed -525%
    ("3.1", "change"): "+0,10%",  # 1,79 → 1,89, printed -0,13%
    ("3.5 a)", "change"): "+1,37%",  # 98,63 → 100, printed -1,37%
    ("3.5 b)", "change"): "-1,37%",  # 1,37 → 0, printed 1,37%
    ("3.6", "change"): "-4,1%",  # 13,9 → 9,8, printed -1,2%
    ("6.3", "now_count"): "855.589",  # beside 837.873: thousands, printed 855,589
}
GROUPS_OF_FEBRUARY = {
    "Công khai, minh bạch": "11,8/18 điểm (tăng 3,8 điểm)",
    "Tiến độ giải quyết": "20/20 điểm (tăng 0,9 điểm)",
    "Dịch vụ công trực tuyến": "6,9/12 điểm (giảm 0,3 điểm)",
    "Thanh toán trực tuyến": "10/10 điểm (tăng 0,1 điểm)",
    "Mức độ hài lòng": "18/18 điểm (giữ nguyên)",
    "Số hóa kết quả hồ sơ TTHC": "20,1/22 điểm (giữ nguyên)",
}
GROUPS_OF_JULY = {
    "1.1": "13,2/18 điểm (tăng 0,9 điểm)",
    "1.2": "18,3/20 điểm (tăng 0,4 điểm)",
    "1.3": "7,2/12 điểm (tăng 0,1 điểm)",
    "1.4": "8,3/10 điểm (bằng kỳ trước)",
    "1.5": "18/18 điểm (bằng kỳ trước)",
    "1.6": "16,8/22 điểm (tăng 0,4 điểm)",
}
FIGURES_OF_JULY = (
    "100% (1.746/1.746 TTHC)",
    *("60,55%", "41,72%", "25.775 hồ sơ, đạt 98,83%", "305 hồ sơ, đạt 1,17%"),
    *("91,3%", "8,7%"),
    *("20 (1,11%)", "717 (39,9%)", "1.060 (58,99%)", "85,99%", "14,01%", "96,21%", "3,79%"),
    *("79 (60,31%)", "52 (39,69%)", "225 (55,15%)", "183 (44,85%)", "14.103 (63,07%)", "8.259 (36,93%)"),
    *("100%", "91,35%", "95%", "5%"),
    *("88,68%", "87,78%", "2 hồ sơ (0,01%)", "970.209"),
)
"""Every figure of section 1 behind the points of its group, in the order of print; "2 hồ sơ" has no whole."""


def figures_of(*units: str) -> list[dict[str, str]]:
    """What the demonstration stores of the letters about these units."""
    with (ROOT / "app" / "demo" / "figures_letters.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"] in units]
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def around(total: str, rank: int, codes: Sequence[str], period: str) -> list[dict[str, Any]]:
    """Made-up totals of the others, so many above and below that `total` has that rank."""
    steps = [Decimal(step) / 4 for step in (*range(1, rank), *range(-1, rank - len(codes) - 2, -1))]
    return [
        {
            "unit": code,
            "period": period,
            "indicator": "total_points",
            "value": str(Decimal(total) + step),
            "source": "national_portal",
            "observed_at": "2026-10-01T00:00:00Z",
        }
        for code, step in zip(codes, steps, strict=True)
    ]


@pytest.fixture
async def communes(api: httpx.AsyncClient) -> None:
    """Bình Thành among the 23 communes of Định Hóa, 22nd in January and 8th in February."""
    others = [f"{DINH_HOA}.X{number:02}" for number in range(1, 23)]
    district = a_unit(code=DINH_HOA, name="UBND huyện Định Hóa", level="district", parent="H55")
    ours = a_unit(code=BINH_THANH, name="UBND xã Bình Thành", level="commune", parent=DINH_HOA)
    beside = [a_unit(code=code, name=f"UBND xã {code}", level="commune", parent=DINH_HOA) for code in others]
    await with_units(api, [a_unit(code="H55", name="UBND tỉnh Thái Nguyên"), district, ours, *beside])
    await with_figures(api, [*around("81.96", 22, others, "2024-01"), *around("86.02", 8, others, "2024-02")])
    await with_figures(api, figures_of(BINH_THANH), locale="en")


@pytest.fixture
async def provinces(api: httpx.AsyncClient) -> None:
    """Tuyên Quang among 63 provinces, 14th in June and July."""
    others = [f"P{number:02}" for number in range(1, 63)]
    await with_units(api, [a_unit(), *(a_unit(code=code, name=f"UBND tỉnh {code}") for code in others)])
    await with_figures(api, [*around("80", 14, others, "2024-06"), *around("81.77", 14, others, "2024-07")])
    await with_figures(api, figures_of(TUYEN_QUANG), locale="en")


async def published(api: httpx.AsyncClient, clock: Clock, unit: str, **order: Any) -> int:
    """A published evaluation, drawn up an hour later; after it the figures of the unit are corrected."""
    clock.forward(hours=1)
    id = int((await api.post("/v1/evaluations", json={"framework": "qd766", **order})).json()["id"])
    assert (await api.post(f"/v1/evaluations/{id}/publish")).status_code == 200
    clock.forward(hours=1)
    moved = {"indicator": "transparency_points", "value": 1, "source": "national_portal"}
    await with_figures(api, [{"unit": unit, "period": order["period"], **moved}])
    return id


def expected(row: Sequence[str]) -> dict[str, Decimal | None]:
    """The figures of a printed row, misprints put right."""
    number = row[0]
    printed = dict(zip(HEADS, row[2:], strict=True))
    right = {name: MISPRINTS.get((number, name), text) for name, text in printed.items()}
    return {name: figure(text) for name, text in right.items()}


def figure(text: str) -> Decimal | None:
    read = read_figure(text, "vi")
    assert read is None or isinstance(read, Printed), read
    return None if read is None else read.value


def cells(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Decimal | None]:
    """The numbers of a row of a file; an empty cell has none."""
    found = {name: row[head] for name, head in names.items()}
    return {name: None if cell in (None, "") else Decimal(str(cell)) for name, cell in found.items()}


def sentences(rows: Sequence[Mapping[str, Any]], key: str = "Nội dung") -> dict[str, str]:
    return {row[key]: row["Kết quả"] for row in rows if row["Kết quả"]}


Reading = Callable[..., Any]


async def from_csv(client: httpx.AsyncClient, **query: Any) -> list[Mapping[str, Any]]:
    return [*await csv_rows(client, "comparison", **query)]


async def from_workbook(client: httpx.AsyncClient, **query: Any) -> list[Mapping[str, Any]]:
    return await sheet_rows(client, "comparison", SHEET, **query)


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("read", [from_csv, from_workbook])
async def test_annex_one_stands_in_its_order_with_its_figures_and_without_its_misprints(
    read: Reading, api: httpx.AsyncClient
) -> None:
    rows = await read(api, **COMMUNE)

    assert [(row["Số TT"], row["Nội dung"]) for row in rows[: len(ANNEX)]] == [
        (number.rpartition(" ")[2], heading) for number, heading, *_ in ANNEX
    ]
    for row, printed in zip(rows[: len(ANNEX)], ANNEX, strict=True):
        assert cells(row, HEADS) == expected(printed), printed


@pytest.mark.usefixtures("communes")
@pytest.mark.parametrize("read", [from_csv, from_workbook])
async def test_the_commune_has_the_printed_points_total_and_rank(read: Reading, api: httpx.AsyncClient) -> None:
    rows = await read(api, **COMMUNE)
    said = sentences(rows)

    assert sentences([row for row in rows if row["Điểm tối đa"]]) == {
        **GROUPS_OF_FEBRUARY,
        "Điểm tổng hợp": "86,02/100 điểm (tăng 4,06 điểm)",
    }
    assert said["Xếp hạng"] == said["Xếp hạng do nguồn số liệu công bố"] == "08/23 (tăng 14 bậc)"


@pytest.mark.usefixtures("communes")
async def test_what_really_fell_in_the_commune(api: httpx.AsyncClient) -> None:
    """The letter's own signs would name 3.1 and 3.5 a), which rose, and pass over how far 3.6 fell."""
    body = await report(api, "comparison", only="declined", **COMMUNE)
    fallen = await csv_rows(api, "comparison", only="declined", **COMMUNE)
    in_sheet = await sheet_rows(api, "comparison", FALLEN_SHEET, **COMMUNE)
    of_all = await csv_rows(api, "comparison", table="declined", **COMMUNE)

    online, synced = "Dịch vụ công trực tuyến", "Công khai, minh bạch › Số hồ sơ tiếp nhận đã đồng bộ"
    paid = "Thanh toán trực tuyến › Tỷ lệ TTHC có giao dịch thanh toán trực tuyến"
    assert [(row["Số TT"], row["Thuộc mục"], row["Nội dung"], row["Kết quả"]) for row in fallen] == [
        ("a)", synced, "Hồ sơ đã đồng bộ", "68 (65,38%), -5,25 điểm %"),
        ("b)", synced, "Hồ sơ chưa đồng bộ", "36 (34,62%), +5,45 điểm %"),
        ("III", "", online, "6,9/12 điểm (giảm 0,3 điểm)"),
        ("3.6", online, "Tỷ lệ DVC trực tuyến có phát sinh hồ sơ", "9,8% (-4,1 điểm %)"),
        ("a)", paid, "Thanh toán trực tuyến", "92 (56,1%), -3,22 điểm %"),
        ("b)", paid, "Thanh toán trực tiếp và hình thức khác", "72 (43,9%), +3,22 điểm %"),
    ]
    assert [row["heading"] for row in body["rows"]] == [row["Nội dung"] for row in fallen]
    assert of_all == fallen
    assert [row["Kết quả"] for row in in_sheet] == [row["Kết quả"] for row in fallen]


@pytest.mark.usefixtures("communes")
async def test_the_commune_as_data(api: httpx.AsyncClient) -> None:
    body = await report(api, "comparison", **COMMUNE)
    synced = next(row for row in body["rows"] if row["heading"] == "Hồ sơ đã đồng bộ")

    assert body["layout"] == {"code": "commune_annex", "title": "Biểu tổng hợp số liệu"}
    assert body["moments"] == {"now": "2024-02-28T17:00:00Z", "before": "2024-01-30T17:00:00Z"}
    assert body["total"] == {"now": 86.02, "before": 81.96, "max": 100, "change": 4.06}
    assert body["rank"] == {"now": {"rank": 8, "of": 23}, "before": {"rank": 22, "of": 23}, "change": 14}
    assert body["reported_rank"]["now"]["rank"] == 8
    assert body["reported_rank"]["change"] == 14
    assert (synced["now"]["count"], synced["now"]["of"], synced["now"]["rate"]) == (68, 104, 65.38)
    assert (synced["before"]["rate"], synced["change"]["rate"], synced["declined"]) == (70.63, -5.25, True)
    assert synced["flags"] == ["rate_differs_from_counts"]  # 3863/5454 is 70,83%


@pytest.mark.usefixtures("provinces")
@pytest.mark.parametrize("read", [from_csv, from_workbook])
async def test_section_one_of_tuyen_quang_has_its_groups_changes_total_and_rank(
    read: Reading, api: httpx.AsyncClient
) -> None:
    rows = await read(api, **PROVINCE)
    said = sentences(rows)

    assert sentences([row for row in rows if row["Số TT"]], "Số TT") == {
        "1": "81,77/100 điểm",  # June has no total that the source states
        **GROUPS_OF_JULY,
    }
    assert said["Thứ hạng"] == said["Thứ hạng do nguồn số liệu công bố"] == "14/63 (bằng kỳ trước)"


@pytest.mark.usefixtures("provinces")
async def test_section_one_prints_every_figure_behind_the_points_in_its_order(api: httpx.AsyncClient) -> None:
    body = await report(api, "comparison", **PROVINCE)
    rows = await from_csv(api, **PROVINCE)

    told = [row["now_text"] for row in body["rows"] if row["kind"] == "indicator"]
    assert told == [*FIGURES_OF_JULY]
    assert [row["Kết quả"] for row in rows if row["Kết quả"] in FIGURES_OF_JULY] == [*FIGURES_OF_JULY]
    assert {row["change_text"] for row in body["rows"] if row["kind"] == "indicator"} == {None}


@pytest.mark.usefixtures("provinces")
async def test_the_rest_of_a_whole_comes_out_of_the_part_where_nobody_states_it(
    api: httpx.AsyncClient,
) -> None:
    gone = {"unit": TUYEN_QUANG, "period": "2024-07", "source": "national_portal", "retract": True}
    await with_figures(api, [{**gone, "indicator": "unsynced_dossiers"}])

    rows = await from_csv(api, **PROVINCE)

    assert sentences(rows)["Hồ sơ chưa đồng bộ lên Cổng Dịch vụ công quốc gia"] == "305 hồ sơ, đạt 1,17%"


@pytest.mark.usefixtures("provinces")
async def test_the_opening_of_january_has_its_total_and_its_fallen_rank(api: httpx.AsyncClient) -> None:
    asked = {"unit": TUYEN_QUANG, "period": "2024-01", "layout": "follow_up_note"}
    said = sentences(await from_csv(api, **asked))
    (fallen,) = await csv_rows(api, "comparison", table="declined", **asked)

    assert said["Tổng số điểm"] == "67,7/100 điểm"
    assert said["Thứ hạng do nguồn số liệu công bố"] == fallen["Kết quả"] == "28/63 (giảm 07 bậc)"
    assert said["Hồ sơ quá hạn"] == "462"


async def test_the_five_criteria_of_a_department_have_their_points_and_maxima(api: httpx.AsyncClient) -> None:
    """Đồng Nai's example: 75% of "Số hóa hồ sơ" are 75 × 22 / 100 = 16,5 points; the other rates are made up."""
    await with_units(api, [a_unit(code="H19"), a_unit(code="H19.01", name="Sở A", level="department", parent="H19")])
    rates = {"transparency": 100, "progress": 90, "digitization": 75, "online_services": 50, "satisfaction": 80}
    await with_figures(
        api,
        [
            {"unit": "H19.01", "period": "2024-Q2", "indicator": f"{group}_rate", "value": rate}
            for group, rate in rates.items()
        ],
    )

    asked = {"unit": "H19.01", "period": "2024-Q2", "framework": "dongnai", "layout": "legal_groups"}
    rows = await from_csv(api, **asked)

    assert [(row["Nội dung"], row["Điểm kỳ này"], row["Điểm tối đa"]) for row in rows[:6]] == [
        ("Công khai, minh bạch", "18", "18"),
        ("Tiến độ, kết quả giải quyết", "18", "20"),
        ("Số hóa hồ sơ", "16.5", "22"),
        ("Cung cấp dịch vụ trực tuyến", "11", "22"),
        ("Mức độ hài lòng", "14.4", "18"),
        ("Tổng số điểm", "77.9", "100"),
    ]


@pytest.mark.parametrize("read", [from_csv, from_workbook])
@pytest.mark.usefixtures("communes")
async def test_the_annex_stands_over_a_published_evaluation_for_everybody(
    read: Reading, api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    live = await report(api, "comparison", **COMMUNE)
    rows = await read(api, **COMMUNE)

    id = await published(api, clock, BINH_THANH, period="2024-02", under=DINH_HOA, levels=["commune"])

    frozen = await report(anonymous, "comparison", evaluation=id, unit=BINH_THANH)
    assert {name: frozen[name] for name in ("rows", "total", "rank", "reported_rank", "moments")} == {
        name: live[name] for name in ("rows", "total", "rank", "reported_rank", "moments")
    }
    assert await read(anonymous, evaluation=id, unit=BINH_THANH) == rows


@pytest.mark.usefixtures("provinces")
async def test_section_one_stands_over_a_published_evaluation_of_the_provinces(
    api: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    live = await from_csv(api, **PROVINCE)

    id = await published(api, clock, TUYEN_QUANG, period="2024-07", levels=["province"])

    assert await from_csv(anonymous, evaluation=id, unit=TUYEN_QUANG) == live
    assert await from_csv(api, **PROVINCE) != live
