"""The announcement against the four letters: their own sentences, from what the demonstration holds.

What a letter prints and the service cannot know is named at each letter. It never says anything else in its place.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.services.demo import load_demo, read_letter_profiles
from app.store.db import Database
from tests.golden.test_report_classification import LIVE as QUARTER
from tests.golden.test_report_classification import PRINTED, a_province, constructed
from tests.make import with_figures, with_units
from tests.support.report_files import report

JULY = {"period": "2024-07", "under": "H60", "on": "2024-08-28"}
FEBRUARY = {"period": "2024-02", "under": "H55.XDINHHOA.XBINHTHANH", "on": "2024-03-05"}
JANUARY = {"period": "2024-01", "under": "H60", "on": "2024-03-31"}

OF_JULY = (
    "Theo tra cứu số liệu ngày 26/8/2024, tổng số điểm thực hiện Bộ chỉ số của tỉnh Tuyên Quang tháng 7/2024 đạt "
    "81,77/100 điểm, đứng thứ 14/63 địa phương (thứ hạng bằng tháng 6/2024). Điểm số các nhóm chỉ số tháng 7/2024, cụ "
    "thể như sau:",
    "1.1. Điểm đánh giá công khai, minh bạch: 13,2/18 điểm (tăng 0,9 điểm)",
    "- Số TTHC được công khai đầy đủ các nội dung quy định về các bộ phận cấu thành: 100% (1.746/1.746 TTHC).",
    "- Tỷ lệ TTHC công bố đúng hạn: 60,55%.",
    "- Tỷ lệ TTHC cập nhật, công khai đúng hạn: 41,72%.",
    "- Tỷ lệ hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia:",
    "+ Hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia: 25.775 hồ sơ, đạt 98,83%.",
    "+ Hồ sơ chưa đồng bộ lên Cổng Dịch vụ công quốc gia: 305 hồ sơ, đạt 1,17%.",
    "1.2. Điểm đánh giá tiến độ giải quyết hồ sơ TTHC: 18,3/20 điểm (tăng 0,4 điểm)",
    "- Tỷ lệ hồ sơ xử lý đúng hạn/trong hạn: 91,3%.",
    "- Tỷ lệ hồ sơ xử lý quá hạn: 8,7%.",
    "1.3. Điểm đánh giá TTHC cung cấp dịch vụ công trực tuyến: 7,2/12 điểm (tăng 0,1 điểm)",
    "- Tỷ lệ TTHC cung cấp dịch vụ công trực tuyến một phần: 20 (1,11%).",
    "- Tỷ lệ TTHC cung cấp dịch vụ công trực tuyến toàn trình: 717 (39,9%).",
    "- Còn lại: 1.060 (58,99%).",
    "+ Hồ sơ nộp trực tuyến: 85,99%.",
    "+ Hồ sơ nộp trực tiếp và theo hình thức khác: 14,01%.",
    "+ Hồ sơ xử lý đúng hạn: 96,21%.",
    "+ Hồ sơ xử lý quá hạn: 3,79%.",
    "1.4. Điểm đánh giá thanh toán trực tuyến: 8,3/10 điểm (bằng kỳ trước)",
    "+ Thanh toán trực tuyến: 79 (60,31%).",
    "+ Thanh toán trực tiếp và hình thức khác: 52 (39,69%).",
    "+ Cung cấp trên Cổng Dịch vụ công quốc gia: 225 (55,15%).",
    "+ Chưa tích hợp, cung cấp dịch vụ thanh toán trực tuyến: 183 (44,85%).",
    "+ Thanh toán trực tuyến: 14.103 (63,07%).",
    "+ Thanh toán trực tiếp và hình thức khác: 8.259 (36,93%).",
    "1.5. Điểm đánh giá mức độ hài lòng: 18/18 điểm (bằng kỳ trước)",
    "- Tỷ lệ hài lòng trong xử lý phản ánh, kiến nghị: 100%.",
    "- Tỷ lệ hài lòng trong tiếp nhận, giải quyết TTHC: 91,35%.",
    "1.6. Điểm đánh giá số hóa hồ sơ: 16,8/22 điểm (tăng 0,4 điểm)",
    "- Tỷ lệ hồ sơ cấp kết quả điện tử: 88,68%.",
    "- Tỷ lệ hồ sơ TTHC số hóa hồ sơ, kết quả giải quyết TTHC: 87,78%.",
    "- Tỷ lệ khai thác, sử dụng lại thông tin, dữ liệu số hóa: 2 hồ sơ (0,01%).",
    "- Số lượng tài khoản Cổng Dịch vụ công quốc gia được xác thực với Cơ sở dữ liệu quốc gia về dân cư: 970.209.",
)
"""Section 1 of Tuyên Quang's letter of July 2024, letter for letter, in its order."""

OF_JULY_OTHERWISE = {
    "- Tỷ lệ phản ánh kiến nghị theo phân loại:": "- Tỷ lệ phản ánh, kiến nghị theo phân loại:",
    "+ Kiến nghị về những vướng mắc, bất cập: 95%": "+ Kiến nghị về những vướng mắc, bất cập: 95%.",
    "+ Phản ánh về hành vi của cán bộ công chức, viên chức: 5%": (
        "+ Phản ánh về hành vi của cán bộ, công chức, viên chức: 5%."
    ),
}
"""Lines of that letter that say the same in other words: the letter's own, and the service's."""

OF_FEBRUARY = (
    "đạt 11,8/18 điểm, tăng 3,8 điểm so với tháng 01/2024.",
    "đạt 20/20 điểm, tăng 0,9 điểm so với tháng 01/2024.",
    "đạt 6,9/12 điểm, giảm 0,3 điểm so với tháng 01/2024.",
    "đạt 10/10 điểm, tăng 0,1 điểm so với tháng 01/2024.",
    "đạt 18/18 điểm, giữ nguyên so với tháng 01/2024.",  # "giữ nguyên điểm số so với"
    "đạt 20,1/22 điểm, giữ nguyên so với tháng 01/2024.",
)
"""How the sentences 1.1 to 1.6 of Bình Thành's letter of February 2024 end."""

OF_QUARTER = (
    "- Thời điểm đánh giá, xếp loại vào lúc 11 giờ 00 phút ngày 08/7/2024.",
    "- Theo Quyết định số 766/QĐ-TTg thì tổng điểm đánh giá, xếp loại là 100 điểm bao gồm 05 tiêu chí là:",
    "+ Công khai, minh bạch: 18/100 điểm.",
    "+ Tiến độ, kết quả giải quyết: 20/100 điểm.",
    "+ Cung cấp dịch vụ trực tuyến: 22/100 điểm.",
    "+ Số hóa hồ sơ: 22/100 điểm.",
    "+ Mức độ hài lòng: 18/100 điểm.",
    "+ Từ 80 đến dưới 90 điểm xếp loại: Tốt.",
    "+ Từ 70 đến dưới 80 điểm xếp loại: Khá.",
    "+ Từ 50 đến dưới 70 điểm xếp loại: Trung bình.",
    "+ Dưới 50 điểm xếp loại: Yếu.",
    "- Cấp tỉnh:",
    "+ Không có cơ quan xếp loại Xuất sắc.",
    "+ Có 02/17 cơ quan xếp loại Tốt.",
    "+ Có 04/17 cơ quan xếp loại Khá.",
    "+ Có 11/17 cơ quan xếp loại Trung bình.",
    "+ Không có cơ quan xếp loại Yếu.",
    "- Cấp huyện:",
    "+ Không có UBND cấp huyện xếp loại Xuất sắc.",
    "+ Không có UBND cấp huyện xếp loại Tốt.",
    "+ Có 02/11 UBND cấp huyện xếp loại Khá.",  # the letter calls these two and nine "cơ quan"
    "+ Có 09/11 UBND cấp huyện xếp loại Trung bình.",  # printed 9/11, beside 02/11
    "+ Không có UBND cấp huyện xếp loại Yếu.",
    "- Cấp xã:",
    "+ Không có UBND cấp xã xếp loại Xuất sắc.",
    "+ Không có UBND cấp xã xếp loại Tốt.",
    "+ Có 18/170 UBND cấp xã xếp loại Khá.",
    "+ Có 150/170 UBND cấp xã xếp loại Trung bình.",
    "+ Có 02/170 UBND cấp xã xếp loại Yếu.",
)
"""Sections 1 to 3 of Đồng Nai's letter of Q2/2024. Here the highest class ends at 100; there 100 has none."""

UNKNOWABLE = {
    "tuyen_quang_2024-07": (
        "26 cơ quan, đơn vị trên",
        "khai thác trên",
    ),  # its appendices are not at hand: these are illustrations
    "binh_thanh_2024-02": ("dvc-index-tinhthanhpho-tonghop", "Phụ lục kèm theo)", "phụ lục số II, III"),
    "dong_nai_2024-Q2": ("Ví dụ: Tại thời điểm", "https://dichvucong.gov.vn"),
}
"""What a letter prints and the data does not hold: it must not be made up."""


@pytest.fixture
def demonstration(database: Database) -> None:
    load_demo(database)


def texts(told: dict[str, Any]) -> list[str]:
    return [paragraph["text"] for section in told["sections"] for paragraph in section["paragraphs"]]


def words(told: Any) -> Iterator[str]:
    """Every text of a letter."""
    if isinstance(told, str):
        yield told
    members = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    for member in members:
        yield from words(member)


def in_order(wanted: tuple[str, ...], said: list[str]) -> bool:
    """Whether the lines stand among what is said, one behind the other."""
    rest = iter(said)
    return all(any(line == each for each in rest) for line in wanted)


@pytest.mark.usefixtures("demonstration")
async def test_tuyen_quang_in_july(api: httpx.AsyncClient) -> None:
    told = await report(api, "announcement", **JULY)

    said = texts(told)
    assert [line for line in OF_JULY if line not in said] == []
    assert in_order(OF_JULY, said)
    assert [line for line in OF_JULY_OTHERWISE.values() if line not in said] == []
    titles = [section["title"] for section in told["sections"]]
    assert titles[0] == "Công khai kết quả của tỉnh Tuyên Quang đối với Bộ chỉ số trong tháng 7/2024"
    assert titles[3] == "Kết quả đánh giá, xếp loại"  # of units that illustrate
    assert [(each["number"], len(each["rows"])) for each in told["appendices"]] == [
        ("I", 19),
        ("II", 7),
        ("III", 19),
        ("IV", 7),
    ]
    assert titles[5].startswith("Việc theo dõi công khai kết quả Bộ chỉ số của các cơ quan, đơn vị")
    assert "Tính đến ngày 28/8/2024: 07/07 cơ quan, đơn vị cấp huyện đã công khai kết quả." in said
    assert titles[-1].endswith("trước ngày 16/9/2024 đối với các nhiệm vụ sau:")  # in the words of the letter
    assert "không trùng khớp số liệu tỷ lệ nộp hồ sơ trực tuyến giữa Cổng Dịch vụ công quốc gia" in said[-2]
    assert told["letterhead"]["issuer"] == ["ỦY BAN NHÂN DÂN", "TỈNH TUYÊN QUANG"]
    assert told["letterhead"]["number_line"].split() == ["Số:", "/UBND-THCBKS"]
    assert told["letterhead"]["date_line"].split() == ["Tuyên", "Quang,", "ngày", "tháng", "8", "năm", "2024"]
    assert told["subject"].endswith("trong thực hiện TTHC tháng 7/2024")
    assert told["signature"] == {"authority": "TL. CHỦ TỊCH", "office": "CHÁNH VĂN PHÒNG", "name": "Nguyễn Văn An"}
    assert not any(known in text for text in words(told) for known in UNKNOWABLE["tuyen_quang_2024-07"])


@pytest.mark.usefixtures("demonstration")
async def test_binh_thanh_in_february(api: httpx.AsyncClient) -> None:
    told = await report(api, "announcement", **FEBRUARY)

    said = texts(told)
    ends = [line for line in said if line.startswith("1.")]
    assert [line.endswith(end) for line, end in zip(ends, OF_FEBRUARY, strict=False)] == [True] * 6
    assert ends[6] == (
        "1.7. Điểm tổng hợp đạt 86,02/100 điểm, tăng 4,06 điểm; xếp hạng 08/23 xã, thị trấn và tăng 14 bậc trên bảng "
        "xếp hạng so với tháng 01/2024."
    )
    assert told["sections"][1]["title"] == "Các chỉ số, số lượng, tỷ lệ giảm so với tháng 01/2024"
    assert "- Dịch vụ công trực tuyến: 6,9/12 điểm (giảm 0,3 điểm)." in said
    [annex] = told["appendices"]
    synced = next(row for row in annex["rows"] if row["heading"] == "Hồ sơ đã đồng bộ")
    assert [synced[key] for key in ("before_count", "before_rate", "now_count", "now_rate", "change_rate")] == [
        *("3.863", "70,63", "68", "65,38"),
        "-5,25",  # printed -525%
    ]
    assert {"rate_differs_from_counts", "reported_total_differs"} <= {note["code"] for note in told["notes"]}
    assert not any(known in text for text in words(told) for known in UNKNOWABLE["binh_thanh_2024-02"])


@pytest.mark.usefixtures("demonstration")
async def test_tuyen_quang_in_january(api: httpx.AsyncClient) -> None:
    told = await report(api, "announcement", **JANUARY)

    said = texts(told)
    assert "đạt 67,7/100 điểm, đứng thứ 28/63 địa phương, giảm 07 bậc so với tháng 12/2023" in said[0]
    [late] = [line for line in said if line.startswith("- Về số hồ sơ quá hạn")]
    assert late.startswith("- Về số hồ sơ quá hạn: 462 hồ sơ của 07 cơ quan, đơn vị: Sở Tài nguyên và Môi trường")
    for one in ("Tài nguyên và Môi trường 427", "Yên Sơn 27", "Hàm Yên 01", "Na Hang 01", "Quang 04"):
        assert f"{one} hồ sơ" in late
    assert "- Trong quá trình theo dõi, có UBND huyện Hàm Yên thực hiện việc xin lỗi người dân theo quy định." in said
    assert any("11 cơ quan, đơn vị không đạt" in line for line in said)  # by figures that say that they illustrate


async def test_dong_nai_in_the_second_quarter(api: httpx.AsyncClient) -> None:
    """The letter prints no figure of any unit: the cohorts are those constructed to have its counts."""
    units, rows = a_province(constructed())
    await with_units(api, units)
    await with_figures(api, rows)
    await api.put("/v1/letter-profiles/H19", json=read_letter_profiles()["H19"])

    told = await report(api, "announcement", **QUARTER, on="2024-07-10")

    said = texts(told)
    assert [line for line in OF_QUARTER if line not in said] == []
    assert in_order(OF_QUARTER[-18:], said)
    ways = [line for line in said if line.startswith("+ Đối với")]
    assert ways[0] == (
        "+ Đối với các Sở, ban ngành tỉnh: Điểm chỉ tiêu thứ i = (Tỷ lệ đạt được của chỉ tiêu thứ i * Mức điểm tối đa "
        "của chỉ tiêu thứ i) / 100."
    )
    assert ways[1].startswith(
        "+ Đối với UBND cấp huyện và UBND cấp xã: Lấy tổng số điểm đạt được trên tổng số 100 điểm"
    )
    assert [section["title"] for section in told["sections"]][:3] == [
        "Về nguồn dữ liệu và thời điểm đánh giá, xếp loại",
        "Về cách tính điểm và cách xếp loại",
        "Kết quả đánh giá, xếp loại",
    ]
    lists = [(number, of) for number, (_, of, _) in zip(("I", "II", "III"), PRINTED.values(), strict=True)]
    rates = ("IV", 17)  # of the groups, from which departments have their points
    assert [(each["number"], len(each["rows"])) for each in told["appendices"]] == [*lists, rates]
    assert (told["letterhead"]["superior"], told["letterhead"]["issuer"]) == ("UBND tỉnh Đồng Nai", ["Văn phòng"])
    assert told["subject"] == (
        "V/v công khai kết quả Bộ chỉ số phục vụ người dân, doanh nghiệp quý II/2024 theo Quyết định số 766/QĐ-TTg"
    )
    assert not any(known in text for text in words(told) for known in UNKNOWABLE["dong_nai_2024-Q2"])
