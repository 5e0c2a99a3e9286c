"""Texts for fonts from before Unicode are known by what they would be in Unicode; no other text is taken for one."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from vietnam_provinces import Province, Ward

from app.domain.garbled import find_garbled
from app.domain.old_fonts import find_old_font, old_font_fault
from tests.domain.test_garbled import WHOLE
from tests.support.old_fonts import in_tcvn3, in_vni

DEMO = Path(__file__).parents[2] / "app" / "demo"
SENTENCES = [
    "Uỷ ban nhân dân tỉnh Tuyên Quang",
    "Sở Y tế",
    "Số liệu chưa đầy đủ, đề nghị bổ sung",
    "đơn vị báo cáo nhiều lần trong tháng 7/2024",
    "Hà Nội",
]
FOREIGN = [
    *("5 µm", "Nª Sª del Carmen", "1º", "½", "§ 5 Abs. 2", "Microsoft® Office", "© 2024 VNPT", "n×m", "10 °C", "«quý»"),
    *("Straße über München", "Où est le garçon déjà né ?", "très tôt", "Loïc Le Goff", "Thaï", "laïc", "école laïque"),
    *("El niño aún está aquí", "qué más, señor", "naïve café résumé", "São João não", "perciò più così", "Ñuñoa"),
    *("Search…", "50 ¢", "£5", "« Bonjour »", "A–B", "Côte d’Ivoire", "München", "§ 5", "§5a BGB", "§§ 5–7", "Café"),
    *(
        "Raúl",
        "Israël",
        "Åland",
        "Malmö",
        "Tromsø",
        "København",
        "Genève",
        "Québec",
        "Curaçao",
        "Zoë",
        "Ñuble",
        "Føroyar",
    ),
    *(
        "kW·h",
        "N·m",
        "x·y",
        "3x·4",
        "2x· 5",
        "X · Y",
        "col·lecció",
        "3×4",
        "±5",
        "¾ giờ",
        "Großbritannien",
    ),
]
SHORT = [
    *(
        "Xã",
        "Huyện",
        "Tỉnh",
        "Xã Đắk",
        "Xã Ea Wy",
        "Phường Ea Kao",
        "Đắk Lắk",
        "Krông Pắc",
        "Kon Plông",
        "Huế",
        "Quỳnh Phụ",
    ),
    *("Sở Y tế", "Sở KH&CN", "UBND xã Phú Lộc", "Cần Thơ", "Đợi", "Đã khóa", "Phú Thọ"),
]
HIGHLAND = ["Xã Sông Kôn", "Kôn", "UBND xã Ia Kô", "Xã Kông Bờ La", "Đắk Rơ Ông", "Krông Nô", "A Tiêng", "La Êê"]
FONTS = pytest.mark.parametrize(("font", "typed"), [("TCVN3 (ABC)", in_tcvn3), ("VNI", in_vni)])
Typed = Callable[[str], str]


def names() -> list[str]:
    """The communes of the demonstration with accents, as far as they are Vietnamese and no other people's."""
    with (DEMO / "communes.csv").open(encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file) if not row["name"].isascii()]


@FONTS
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_text_for_an_old_font_is_found_and_suggested_in_unicode(sentence: str, font: str, typed: Typed) -> None:
    fault = old_font_fault(typed(sentence))

    assert fault is not None
    assert (fault.code, fault.context["font"], fault.suggestion) == ("text_in_old_font", font, sentence)
    assert find_garbled(typed(sentence)) is None


@FONTS
@pytest.mark.parametrize("name", SHORT)
def test_a_short_name_is_found_as_well(name: str, font: str, typed: Typed) -> None:
    found = find_old_font(typed(name))

    assert found is not None
    assert (found.font, found.meant) == (font, name)


@FONTS
def test_nearly_all_names_are_found_in_old_fonts(font: str, typed: Typed) -> None:
    known = names()

    found = [name for name in known if find_old_font(typed(name))]

    assert len(found) > 0.999 * len(known), f"{font}: {len(found)} of {len(known)}"


def test_no_name_of_a_unit_is_taken_for_one_in_any_case() -> None:
    known = {each.name for each in Province.iter_all()} | {each.name for each in Ward.iter_all()} | set(names())
    known |= {*HIGHLAND, *(f"UBND {name}" for name in known)}

    typed = [case(name) for name in known for case in (str, str.upper, str.lower, str.title)]

    assert [text for text in typed if find_old_font(text) or find_garbled(text)] == []


def test_no_name_and_no_foreign_text_is_taken_for_one() -> None:
    texts = [*names(), *SENTENCES, *WHOLE, *FOREIGN]

    assert [text for text in texts if find_old_font(text)] == []


@pytest.mark.parametrize(
    ("typed", "place", "meant"),
    [
        ("UBND TØNH", 6, "UBND TỈNH"),
        ("TUY£N QUANG", 1, "TUYÊN QUANG"),
        ("SOÁ LIEÄU", 5, "SỐ LIỆU"),
        ("nhiÒu", 1, "nhiều"),
        ("BÕn Tre", 1, "Bến Tre"),
        ("Sở Y tế (Së Y tÕ)", 10, "Sở Y tế (Sở Y tế)"),
    ],
)
def test_the_place_of_the_first_word_is_named_and_capitals_are_kept(typed: str, place: int, meant: str) -> None:
    found = find_old_font(typed)

    assert found is not None
    assert (found.place, found.meant) == (place, meant)


def test_a_text_that_was_read_as_windows_1258_is_found_as_well() -> None:
    read = "TØnh Tuyªn Quang, §ång V¨n".encode("cp1252").decode("cp1258")

    found = find_old_font(read)

    assert found is not None
    assert found.meant == "Tỉnh Tuyên Quang, Đồng Văn"


def test_a_text_of_which_a_part_says_nothing_suggests_nothing() -> None:
    found = find_old_font("TØnh Tuyªn Quang: déjà-vu Größe")

    assert found is not None
    assert found.meant == ""


@pytest.mark.parametrize("text", ["É" * 10_000, "¨" * 10_000, "aÉ" * 5_000, "a" * 5_000 + "¾" * 5_000])
def test_a_long_run_of_letters_that_end_no_word_is_read_like_any_text(text: str) -> None:
    """Such a run was divided in every way that there is, which for forty letters takes days."""
    assert find_old_font(text) is None
    assert find_old_font(f"{text} Së Y tÕ") is not None
