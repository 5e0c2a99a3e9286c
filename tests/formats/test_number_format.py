"""Number formats: what a person sees of a number, against what is stored."""

from decimal import Decimal

import pytest

from app.formats.number_format import NumberFormat
from app.formats.number_text import fraction_text
from app.formats.workbook_parts import BUILT_IN

ACCOUNTING = r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)'


@pytest.mark.parametrize(
    ("code", "number", "kind"),
    [
        ("General", "33.3333333333333", "number"),
        ('General" điểm"', "92", "number"),
        ("0.00", "81.77", "number"),
        ("#,##0", "25775", "number"),
        ("#,###", "25775", "number"),
        ('#,##0 "hồ sơ"', "25775", "number"),
        ("#,##0 [$₫-42A]", "25000", "number"),
        ("[Red]0", "5", "number"),
        ("[Red][>100]0;[<=100]0.0", "91.6", "number"),
        ("0.00;[Red]-0.00", "-5.25", "number"),
        ("[<0]-0;0", "-5", "number"),
        ("[>=100]0;[<0](0.0);0.00", "-5.5", "number"),
        ("[>=100]0;[<0]0.0;0.00", "5.25", "number"),
        ("#,##0_);(#,##0)", "-5", "number"),
        (ACCOUNTING, "-5", "number"),
        ("0.00E+00", "12300", "number"),
        ("# ?/?", "5", "number"),
        ("@", "92.5", "number"),
        ("#,##0,", "0", "number"),
        ("# ##0.00", "25775.5", "number"),
        ("0.00_%", "60.55", "number"),
        ("[NatNum0]General", "92.5", "number"),
        ("[$-1010000]0.0", "92.5", "number"),
        ("[$-vi-VN]0.0", "92.5", "number"),
        ("#,##0 [$₫-vi-VN]", "25000", "number"),
        ("0.00%", "0.6055", "percent"),
        ('0.00"%"', "60.55", "percentage"),
        (r"0.0\%", "60.5", "percentage"),
        ('0.0" phần trăm"', "60.5", "percentage"),
        ("0.0[$ %]", "60.5", "percentage"),
        ('General" ％"', "60.5", "percentage"),
        ("[$-F800]dddd, mmmm dd, yyyy", "45530", "date"),
        ("[$-F800]dddd", "45530", "date"),
        ("dd/mm/yyyy", "45530", "date"),
        ("[$-42A]dd mmmm yyyy", "45530", "date"),
        ("d-mmm", "45530", "date"),
        ("mmm-yy", "45530", "month"),
        ("yyyy", "45530", "year"),
        ("dd/mm/yyyy hh:mm", "45530.5", "moment"),
        ("[h]:mm:ss", "1.5", "time"),
        ("mm:ss.0", "0.5", "time"),
    ],
)
def test_a_number_that_is_seen_as_it_is_stored_is_read(code: str, number: str, kind: str) -> None:
    assert NumberFormat(code).seen(number).kind == kind


@pytest.mark.parametrize(
    ("code", "number", "kind", "shown"),
    [
        ("0", "91.6", "other", "92"),
        ("#,##0", "25775.4", "other", "25775"),
        ("0%", "0.6055", "percent_otherwise", "61%"),
        ("0,%", "92.4", "percent_otherwise", "9%"),
        ("0!0", "50", "other", "500"),
        ("0.00E+00", "12345", "other", "1.23E+04"),
        ("0.00E+00", "0.00012345", "other", "1.23E-04"),
        ("##0.0E+0", "123456", "other", "123.5E+3"),
        (r"0\/0", "23", "other", "2/3"),
        ("0-0", "23", "other", "2-3"),
        ("000-000", "1123456", "other", "1123-456"),
        ("?/100", "0.235", "fraction", "24/100"),
        ("?/100", "0.23", "fraction", "23/100"),
        ("0/0", "1.5", "fraction", "3/2"),
        ("# ?/?", "1.5", "fraction", "1 1/2"),
        ("# ?/?", "-1.5", "fraction", "-1 1/2"),
        ("#,##0,", "25775", "thousands", "26"),
        ("0.0,,", "2500000", "thousands", "2.5"),
        (r"#\ ??/??", "0.02", "fraction", "1/50"),
        ("# ??/50", "0.02", "fraction", "1/50"),
        ("# ?/?", "0.5", "fraction", "1/2"),
        (";;;", "5", "other", ""),
        ("0;-0;", "0", "other", ""),
        ('0;-0;"-"', "0", "other", "-"),
        (ACCOUNTING, "0", "other", "-"),
        ("0;0", "-5", "other", "5"),
        ("0.00;[Red]0.00", "-5", "other", "5.00"),
        ('[=1]"Có";[=0]"Không"', "1", "other", "Có"),
        ("#,###", "0", "other", ""),
        ("#", "0", "other", ""),
        ("??", "0", "other", ""),
        ('"<"0', "92", "other", "<92"),
        ('"~"0', "92", "other", "~92"),
        ('0"²"', "9", "other", "9²"),
        ('0" triệu"', "92", "other", "92 triệu"),
        ('0" trăm"', "5", "other", "5 trăm"),
        ('0" chục"', "5", "other", "5 chục"),
        ("0‱", "5", "other", "5‱"),
        ('0" nghìn đồng"', "92", "other", "92 nghìn đồng"),
        ('"H"0', "60", "other", "H60"),
        ('0"/50"', "1", "other", "1/50"),
        ('"-"0', "5", "other", "-5"),
        ('0"0"', "5", "other", "50"),
        ("[>100]0", "5", "other", "####"),
        ("[<0]0;0", "-5", "other", "5"),
        ("[>=100]0;[<0]0.0;0.00", "-5.5", "other", "5.5"),
        ("[>=100]0;0.0", "-5.5", "unsigned", ""),
        ("[>=1000]#,##0;0", "-5", "unsigned", ""),
        ("[>=1000]#,##0;0", "92.4", "other", "92"),
        ("00", "7", "text", "07"),
        ("0.0.0", "5.25", "other", "5.2.5"),
        ("0.0.0", "5", "other", "5.0.0"),
        ("0.0-0", "5.25", "other", "5.2-5"),
        ('0.0"x"0', "5.25", "other", "5.2x5"),
        ("0 0", "55", "other", "5 5"),
        ("00 00 00", "123456", "other", "12 34 56"),
        ("[DBNum1]0", "50", "other", "五〇"),
        ("[DBNum2][$-804]General", "5", "other", "伍"),
        ("[DBNum3]0.0", "5.5", "other", "５.５"),
        ("[$-D00041E]0", "10", "other", "๑๐"),
        ("[$-2000000]#,##0", "25", "other", "٢٥"),
        ("[NatNum1]0", "5", "other", "?"),
        ("0%%", "0.5", "percent_otherwise", "5000%%"),
        ('0%"%"', "0.5", "percent_otherwise", "50%%"),
        ("0.0*%", "60.5", "other", "60.5%%"),
        ('0"½"', "5", "other", "5½"),
        ('0"①"', "5", "other", "5①"),
        ('0" mươi"', "5", "other", "5 mươi"),
        ('0" tá"', "5", "other", "5 tá"),
        ('0" dozen"', "5", "other", "5 dozen"),
        ("0B", "5", "other", "5B"),
    ],
)
def test_a_number_that_is_shown_as_another_one_is_told_from_it(code: str, number: str, kind: str, shown: str) -> None:
    assert NumberFormat(code).seen(number) == (kind, shown)


@pytest.mark.parametrize(
    ("code", "shown"),
    [(";;;", ""), ("@", "x"), ('0;0;0;"a "@', "a x"), (ACCOUNTING, "x"), ("0.00", "x"), ('@" y"', "x y")],
)
def test_texts_have_a_section_of_their_own(code: str, shown: str) -> None:
    assert NumberFormat(code).shown_text("x") == shown


def test_formats_that_a_file_need_not_spell_out_are_known() -> None:
    kinds = {id: NumberFormat(code).seen("0.5").kind for id, code in BUILT_IN.items()}

    assert {id for id, kind in kinds.items() if kind == "fraction"} == {12, 13, 69, 70}
    assert {id for id, kind in kinds.items() if kind == "percent"} == {9, 10, 67, 68}
    assert {14, 22, 27, 36, 50, 58, 71} <= {id for id, kind in kinds.items() if kind in ("date", "moment")}


@pytest.mark.parametrize("code", ["", ";", ";;;;;;", '"', "[", "\\", "[$", "*", "_", "0" * 5_000, "[h", "e+", ",", "."])
def test_what_is_no_format_breaks_nothing(code: str) -> None:
    for number in ("0", "-1", "0.02", "1E+300", "1E-300", "123456789012345"):
        NumberFormat(code).seen(number)


@pytest.mark.parametrize("code", ["0.00E+00", "##0.0E+0", "# ?/?", "?/100", "000-000", f"0.{'0' * 60}E+00"])
@pytest.mark.parametrize("number", ["1E+308", "-1E-308", "123456789012345678901234567890", "0", "99999.5"])
def test_no_number_is_too_large_or_too_small_to_be_told(code: str, number: str) -> None:
    assert len(NumberFormat(code).seen(number).text) <= 60


def test_no_fraction_is_looked_for_in_a_format_longer_than_any() -> None:
    longest, longer = "0" * 253 + "/0", "0" * 254 + "/0"

    assert [fraction_text(code, Decimal("1.5")) for code in (longest, longer)] == ["3/2", ""]
