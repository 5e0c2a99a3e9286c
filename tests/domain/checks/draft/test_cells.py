"""Figures as letters print them, with the words that stand around them, and what no figure is."""

from datetime import date
from fractions import Fraction

import pytest

from app.domain.checks.draft.cells import read_change, read_count, read_days, read_points, read_rank, read_rate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("60,55%", Fraction("60.55")),
        ("4,26 %", Fraction("4.26")),
        ("4,26\u00a0%", Fraction("4.26")),
        ("0", Fraction(0)),
        ("7,0", Fraction(7)),
        ("100", Fraction(100)),
        ("đạt 98,83%", Fraction("98.83")),
        ("ĐẠT 98,83 %.", Fraction("98.83")),
        ("(39,9%)", Fraction("39.9")),
        ("chiếm tỷ lệ 8,7%", Fraction("8.7")),
        ("98,83 phần trăm", Fraction("98.83")),
        ("", None),
        (" - ", None),
        (None, None),
    ],
)
def test_rates(text: str | None, value: Fraction | None) -> None:
    cell = read_rate(text)

    assert (cell.value, cell.fault) == (value, None)


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("25.775", 25775, None),
        ("2955", 2955, None),
        ("1.746/1.746 TTHC", 1746, 1746),
        ("0/0", 0, 0),
        ("427 hồ sơ", 427, None),
        ("07/07 cơ quan, đơn vị", 7, 7),
        ("Không có", 0, None),
        ("KHÔNG", 0, None),
        ("Không có cơ quan xếp loại Xuất sắc.", 0, None),
        ("Có 02/17 cơ quan xếp loại Tốt", 2, 17),
        ("Có 150/170 UBND cấp xã xếp loại Trung bình.", 150, 170),
        ("bốn", 4, None),
        ("BỐN cơ quan, đơn vị", 4, None),
        ("bo\u0302\u0301n", 4, None),
        ("mười", 10, None),
        ("mười một đơn vị", 11, None),
        ("hai mươi mốt", 21, None),
        ("một trăm linh năm", 105, None),
        ("bốn (04) đơn vị", 4, None),
        ("04 (bốn)", 4, None),
    ],
)
def test_counts(text: str, value: int, whole: int | None) -> None:
    cell = read_count(text)

    assert (cell.value, cell.fault) == (Fraction(value), None)
    assert cell.whole == (None if whole is None else Fraction(whole))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+3,09%", "3.09"),
        ("-0,13%", "-0.13"),
        ("−0,13%", "-0.13"),
        ("– 7", "-7"),
        ("+ 0,7 %", "0.7"),
        ("tăng 14 bậc", "14"),
        ("Giảm 07 bậc", "-7"),
        ("Tăng 4,06 điểm", "4.06"),
        ("ta\u0306ng 0,9 đie\u0302\u0309m", "0.9"),
        ("bằng kỳ trước", "0"),
        ("giữ nguyên", "0"),
        ("(tăng 0,9 điểm)", "0.9"),
        ("(TĂNG 0,9 ĐIỂM)", "0.9"),
        ("tăng 3,8 điểm so với tháng 01/2024.", "3.8"),
        ("giảm 07 bậc so với tháng 12/2023", "-7"),
        ("tăng 14 bậc trên bảng xếp hạng so với tháng 01 năm 2024", "14"),
        ("tăng bốn bậc", "4"),
        ("giữ nguyên điểm số", "0"),
        ("giữ nguyên điểm số so với tháng 01/2024", "0"),
        ("(bằng kỳ trước)", "0"),
        ("bằng  kỳ\u00a0trước", "0"),
        ("thứ hạng bằng tháng 6/2024", "0"),
        ("(Thứ hạng bằng tháng 6/2024)", "0"),
        ("thu\u031b\u0301 ha\u0323ng ba\u0306\u0300ng tha\u0301ng 6/2024", "0"),
        ("+1,69 điểm %", "1.69"),
        ("giảm 1,69 điểm phần trăm", "-1.69"),
        ("▲14", "14"),
    ],
)
def test_changes(text: str, value: str) -> None:
    cell = read_change(text)

    assert (cell.value, cell.fault) == (Fraction(value), None)


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("08/23", 8, 23),
        ("8", 8, None),
        ("08/23 xã, thị trấn", 8, 23),
        ("thứ 14/63", 14, 63),
        ("đứng thứ 14/63 tỉnh, thành phố", 14, 63),
        ("Xếp hạng: 08/23", 8, 23),
        ("vị trí thứ 8", 8, None),
        ("đu\u031b\u0301ng thu\u031b\u0301 14/63", 14, 63),
    ],
)
def test_ranks(text: str, value: int, whole: int | None) -> None:
    cell = read_rank(text)

    assert cell.value == Fraction(value)
    assert cell.whole == (None if whole is None else Fraction(whole))


@pytest.mark.parametrize(("text", "value"), [("13,2", "13.2"), ("13,2/18 điểm", "13.2"), ("81,77/100", "81.77")])
def test_points(text: str, value: str) -> None:
    assert read_points(text).value == Fraction(value)


@pytest.mark.parametrize(
    ("read", "text", "rule"),
    [
        (read_rate, "1000%", "rate_out_of_range"),
        (read_rate, "-1%", "rate_out_of_range"),
        (read_rate, "68/104", "number_invalid"),
        (read_rate, "65.38%", "number_invalid"),
        (read_rate, "６５%", "number_invalid"),
        (read_rate, "٦٥%", "number_invalid"),
        (read_count, "855,589", "number_ambiguous"),
        (read_count, "12,5", "number_invalid"),
        (read_count, "65%", "number_invalid"),
        (read_count, "-5", "number_invalid"),
        (read_count, "12 triệu", "number_invalid"),
        (read_count, "gần bốn", "number_invalid"),
        (read_count, "mười năm", "number_invalid"),
        (read_count, "bốn rưỡi", "number_invalid"),
        (read_count, "bốn (05)", "number_ambiguous"),
        (read_rate, "khoảng 60%", "number_invalid"),
        (read_change, "(0,3)", "number_invalid"),
        (read_change, "tăng lên 81,77 điểm", "number_invalid"),
        (read_change, "tăng 0,9 điểm so với mục tiêu", "number_invalid"),
        (read_change, "bằng Hà Giang", "number_invalid"),
        (read_change, "tăng nhẹ", "number_invalid"),
        (read_count, "1e5", "number_invalid"),
        (read_count, "9" * 10_000, "number_invalid"),
        (read_count, "105/104", "numerator_exceeds_denominator"),
        (read_change, "1/2", "number_invalid"),
        (read_change, "giảm -0,3", "number_invalid"),
        (read_points, "60%", "number_invalid"),
        (read_rank, "0/23", "rank_exceeds_cohort"),
        (read_rank, "24/23", "rank_exceeds_cohort"),
        (read_rank, "thứ nhất", "number_invalid"),
    ],
)
def test_what_cannot_be_used_says_why_and_has_no_value(read: object, text: str, rule: str) -> None:
    assert callable(read)
    cell = read(text)

    assert cell.value is None
    assert cell.fault.code == rule
    assert len(cell.shown) <= 100


def test_every_day_of_a_head_is_read() -> None:
    head = "Tăng (+)/Giảm (-) từ ngày 31/01/2024 đến 29 tháng 02 năm 2024"

    assert read_days(head) == [date(2024, 1, 31), date(2024, 2, 29)]


@pytest.mark.parametrize(
    ("read", "text", "way"),
    [
        (read_rate, "khoảng 60%", "đạt 60,55%"),
        (read_count, "vài đơn vị", "bốn"),
        (read_change, "tăng nhẹ", "tăng 0,9 điểm"),
        (read_points, "khá", "13,2/18 điểm"),
        (read_rank, "thứ nhất", "14/63"),
    ],
)
def test_what_is_not_read_is_named_as_it_was_printed_with_the_way_out(read: object, text: str, way: str) -> None:
    assert callable(read)
    fault = read(text).fault

    for language in ("en", "vi"):
        assert f"`{text}`" in fault.detail(language)
        assert way in fault.detail(language)
