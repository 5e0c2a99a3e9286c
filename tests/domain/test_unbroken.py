"""What no line of a printed page breaks, in words of the four letters; and what it may."""

import pytest

from app.domain.unbroken import unbroken


def shown(text: str) -> str:
    """With signs that are seen: `_` a space and `~` a hyphen at which no line ends."""
    return unbroken(text).replace("\u00a0", "_").replace("\u2011", "~")


@pytest.mark.parametrize(
    "together",
    [
        "Quyết định số_766/QĐ~TTg",
        "Nghị định số_30/2020/NĐ~CP",
        "số_63/2010/NĐ~CP",
        "157/KH~UBND",
        "/UBND~THCBKS",
        "KSTTHC~VPCP",
        "ngày_26/8/2024",
        "ngày_08_tháng_6_năm_2010",
        "tháng_7/2024",
        "tháng_02_năm_2024",
        "Quý_II/2024",
        "quý_2_năm_2024",
        "năm_2024",
        "11_giờ_00_phút",
        "thứ_14/63",
        "hạng_08/23",
        "81,77/100_điểm",
        "+3,09_điểm_%",
        "4,26_%",
        "25.775_hồ_sơ",
        "14_bậc",
        "~4,1%",
        "Phụ_lục_IV",
        "Phụ_lục_số_II",
        "mục_1.6",
        "khoản_14",
    ],
)
def test_what_is_read_as_one_is_not_torn(together: str) -> None:
    plain = together.replace("_", " ").replace("~", "-")

    assert shown(f"theo ({plain}), của") == f"theo ({together}), của"


@pytest.mark.parametrize(
    "said",
    [
        "Sở Lao động - Thương binh và Xã hội",
        "Độc lập - Tự do - Hạnh phúc",
        "a-b 1-2 và/hoặc",
        "UBND các huyện: Hàm Yên, Lâm Bình",
        "số liệu tại mục này",
        "",
    ],
)
def test_lines_may_still_end_between_words(said: str) -> None:
    assert unbroken(said) == said


def test_reading_a_text_twice_changes_nothing_more() -> None:
    once = unbroken("Kế hoạch số 157/KH-UBND ngày 19/8/2022, giảm -0,13 %, tháng 7/2024, mục 1.6")

    assert unbroken(once) == once


@pytest.mark.parametrize("piece", ["1", "số ", "số 1", "1/a", "AB-", "/a-", "ngày 1", "12,", "- 1", "Phụ lục "])
def test_a_very_long_text_takes_no_long_time(piece: str) -> None:
    assert len(unbroken(piece * (1_000_000 // len(piece)))) > 900_000
