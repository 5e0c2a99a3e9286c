"""What names of units say: their kinds, their short names, and lists of them."""

import pytest

from app.domain.unit_names import KIND_NAMES, KINDS, ListedUnit, grouped_names, kind_of, kinds_in_words, short_name_in

TUYEN_QUANG = "UBND tỉnh Tuyên Quang"


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_begins_with_the_word_for_a_kind_is_of_that_kind(kind: str) -> None:
    word = KIND_NAMES[kind]  # type: ignore[index]

    assert kind_of(f"{word} Tân Lập") == kind
    assert kind_of(f"{word.upper()} TÂN LẬP") == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UBND thị trấn Chợ Chu", "township"),
        ("Uỷ ban nhân dân thị xã Phú Thọ", "town"),
        ("Ủy ban nhân dân thành phố Tuyên Quang", "city"),
        ("UBND TP Huế", "city"),
        ("Quận 1", "urban_district"),
        ("Ban Quản lý Khu kinh tế - tỉnh Gia Lai", "board"),
        ("Thanh tra tỉnh - tỉnh Gia Lai", "inspectorate"),
        ("Văn phòng UBND Tỉnh - Tỉnh Phú Thọ", "office"),
    ],
)
def test_a_committee_in_front_of_the_kind_does_not_hide_it(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    "name",
    ["", "UBND", "Xã", "UBND xã", "Xã hội học", "Tỉnh đoàn Cà Mau", "Bản Liền", "Sơ Ro", "Quân Chu", "UBND Sở X"],
)
def test_a_name_that_only_resembles_a_kind_says_none(name: str) -> None:
    assert kind_of(name) is None


def test_a_stated_kind_and_short_name_hold_whatever_the_name_says() -> None:
    assert kind_of("UBND xã Bình Thành", "ward") == "ward"
    assert short_name_in("Sở Tư pháp tỉnh Tuyên Quang", TUYEN_QUANG, "STP") == "STP"
    assert short_name_in("Sở Tư pháp tỉnh Tuyên Quang", None, "STP") == "Sở Tư pháp tỉnh Tuyên Quang"


@pytest.mark.parametrize(
    ("name", "above", "short"),
    [
        ("Sở Tư pháp - Tỉnh Tuyên Quang", TUYEN_QUANG, "Sở Tư pháp"),
        ("Ban Dân tộc tỉnh Tuyên Quang", TUYEN_QUANG, "Ban Dân tộc"),
        ("Thanh tra tỉnh Tuyên Quang", TUYEN_QUANG, "Thanh tra tỉnh"),
        ("Sở Tư pháp TP. Cần Thơ", "UBND thành phố Cần Thơ", "Sở Tư pháp"),
        ("Sở Y tế thành phố Cần Thơ", "UBND thành phố Cần Thơ", "Sở Y tế"),
        ("UBND xã Bình Thành, huyện Định Hoá", "UBND huyện Định Hóa", "UBND xã Bình Thành"),
    ],
)
def test_the_name_of_the_unit_above_is_left_out(name: str, above: str, short: str) -> None:
    assert short_name_in(name, above) == short


@pytest.mark.parametrize(
    ("name", "above"),
    [
        (TUYEN_QUANG, TUYEN_QUANG),
        ("UBND thành phố Tuyên Quang", TUYEN_QUANG),
        ("Sở Tư pháp tỉnh Hà Giang", TUYEN_QUANG),
        ("Bưu điện tỉnh Tuyên Quang", TUYEN_QUANG),
        ("Sở Tư pháp tỉnh Tuyên Quang", None),
        ("Sở Tư pháp tỉnh Tuyên Quang", "Tổng cục Thuế"),
        ("tỉnh Tuyên Quang", TUYEN_QUANG),
        ("Tuyên Quang", TUYEN_QUANG),
        ("", TUYEN_QUANG),
    ],
)
def test_a_name_without_the_unit_above_behind_it_stays_whole(name: str, above: str | None) -> None:
    assert short_name_in(name, above) == name


def test_kinds_are_listed_as_letters_do() -> None:
    assert kinds_in_words(["city", "town", "district"]) == "huyện, thị xã, thành phố"
    assert kinds_in_words(["township", "ward", "commune"]) == "xã, phường, thị trấn"


def test_the_list_of_tuyen_quangs_letter_of_january_2024_is_written_as_it_stands_there() -> None:
    districts = ["Hàm Yên", "Lâm Bình", "Chiêm Hóa", "Yên Sơn", "Na Hang", "Sơn Dương"]
    offices = ["Sở Tài nguyên và Môi trường", "Sở Giao thông Vận tải"]
    units = [*offices, *(f"UBND huyện {name}" for name in districts), "UBND thành phố Tuyên Quang"]

    assert grouped_names([ListedUnit(name) for name in units]) == (
        "Sở Tài nguyên và Môi trường; Sở Giao thông Vận tải; UBND các huyện: Hàm Yên, Lâm Bình, Chiêm Hóa, Yên Sơn, "
        "Na Hang, Sơn Dương, thành phố Tuyên Quang"
    )


def test_counts_stand_behind_each_name_as_in_that_letter() -> None:
    units = [
        ListedUnit("Sở Tài nguyên và Môi trường", tail="427 hồ sơ"),
        ListedUnit("UBND huyện Hàm Yên", tail="01 hồ sơ"),
        ListedUnit("UBND huyện Yên Sơn", tail="27 hồ sơ"),
        ListedUnit("UBND thành phố Tuyên Quang", tail="04 hồ sơ"),
    ]

    assert grouped_names(units) == (
        "Sở Tài nguyên và Môi trường 427 hồ sơ; UBND các huyện: Hàm Yên 01 hồ sơ; Yên Sơn 27 hồ sơ; "
        "thành phố Tuyên Quang 04 hồ sơ"
    )


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["UBND huyện Na Hang"], "UBND huyện Na Hang"),
        (["Phường 1", "Phường 2", "Phường 3"], "các phường: 1, 2, 3"),
        (["UBND xã A", "UBND xã B", "UBND phường C", "UBND phường D"], "UBND các xã: A, B; UBND các phường: C, D"),
        (["UBND thành phố C", "UBND huyện A"], "UBND huyện A; UBND thành phố C"),
        (["UBND huyện A, B", "UBND huyện C", "UBND huyện D"], "UBND huyện A, B; UBND huyện C và D"),
        (["UBND huyện C", "UBND huyện D", "UBND thị xã E"], "UBND các huyện: C, D, thị xã E"),
        (["Bưu điện tỉnh", "Sở Y tế"], "Bưu điện tỉnh; Sở Y tế"),
        (["UBND xã {{ x }} & <b>", "UBND xã Y"], "UBND xã {{ x }} & <b> và Y"),
    ],
)
def test_lists_of_any_length_read_as_a_sentence(names: list[str], said: str) -> None:
    assert grouped_names([ListedUnit(name) for name in names]) == said


def test_a_name_without_a_kind_is_grouped_under_the_stated_one() -> None:
    units = [ListedUnit(name, "commune") for name in ("Bình Thành", "Phú Đình", "Quy Kỳ")]

    assert grouped_names(units) == "các xã: Bình Thành, Phú Đình, Quy Kỳ"
