"""Proofs of what the labels of saved answers say, and of what is missing from them."""

from decimal import Decimal

import pytest

from app.domain.portal.units import level_of
from app.domain.vocabulary import Level
from tests.support.portal_answers import SIX, AFigure, AFile, AUnit, a_file, groups, mapping_of, points, refused, rows


@pytest.mark.parametrize(
    ("code", "name", "kind", "level"),
    [
        ("H44.01", "Văn phòng UBND Tỉnh", "PROVINCIAL_DEPARTMENT", "department"),
        ("H44.100", "UBND Phường Việt Trì", None, "commune"),
        ("H44.13", "Sở Ngoại vụ", None, "department"),
        ("H60.21", "UBND huyện Yên Sơn", None, "district"),
        ("H60.20", "UBND thành phố Tuyên Quang", None, "district"),
        ("H17", "UBND thành phố Đà Nẵng", None, "province"),
        ("G12", "Bộ Nội vụ", None, "ministry"),
        ("H44.99", "Trung tâm", "GALAXY", "other"),
    ],
)
def test_the_level_is_what_the_answer_says_else_what_code_and_name_say(
    code: str, name: str, kind: str | None, level: Level
) -> None:
    assert level_of(code, name, kind) == level


def test_groups_that_fit_as_they_are_labelled_are_taken() -> None:
    mapped = mapping_of([a_file(*groups())])

    assert len(rows(mapped)) == 7
    assert mapped.warnings == []


def test_groups_that_fit_both_ways_are_taken_as_labelled() -> None:
    mapped = mapping_of([a_file(*groups(CLGQ="6.22", TTTT="8.83"))])

    assert {"unit": "H20", "indicator": "payment_points", "value": Decimal("8.83")} in rows(mapped)
    assert refused(mapped) == []


@pytest.mark.parametrize("label", ["CLGQ", "ONLINE"])
def test_points_that_fit_only_the_other_way_round_refuse_the_file_with_the_reason(label: str) -> None:
    swapped = (points("CKMB", "11.45"), points(label, "7.5"), points("TTTT", "11.46"), points("TOTAL", "68.32"))

    mapped = mapping_of([AFile((AUnit((points("TTTT", "9"), points(label, "9")), code="H21"), AUnit(swapped)))])

    assert rows(mapped) == []
    assert len(mapped.rows) == 6
    (fault,) = refused(mapped)
    assert (fault.code, fault.pointer) == ("portal_groups_swapped", "/data/evaluation/0/groupScores/TTTT")
    assert "TTTT stands at 11.46 points, over its maximum of 10" in fault.detail("en")
    assert "TTTT là 11.46 điểm, vượt điểm tối đa 10" in fault.detail("vi")


@pytest.mark.parametrize(("label", "stated"), [("TTTT", 12), ("CLGQ", 10)])
def test_the_maximum_of_the_other_group_proves_a_swap_even_for_small_figures(label: str, stated: int) -> None:
    mapped = mapping_of([a_file(points(label, "3", stated), points("CKMB", "3", 18))])

    assert [fault.code for fault in refused(mapped)] == ["portal_groups_swapped"]
    assert f"a maximum of {stated} points" in refused(mapped)[0].detail("en")
    assert rows(mapped) == []


def test_the_other_answers_of_a_request_prove_a_swap_that_the_maxima_allow() -> None:
    trees = [a_file(points("CLGQ", "8.83", 12)), a_file(points("TTTT", "6.22", 10))]

    swapped = mapping_of([a_file(*groups(CLGQ="6.22", TTTT="8.83")), *trees])
    straight = mapping_of([a_file(*groups()), *trees])

    assert [fault.code for fault in refused(swapped)] == ["portal_groups_swapped"]
    assert [row["indicator"] for row in rows(swapped)] == ["online_points", "payment_points"]
    assert "the other answers of this import" in refused(swapped)[0].detail("en")
    assert (refused(straight), len(straight.rows)) == ([], 7)


def test_one_unit_that_agrees_with_the_other_answers_clears_a_file_of_a_swap() -> None:
    def both(online: str, payment: str, code: str) -> AUnit:
        return AUnit((points("CLGQ", online), points("TTTT", payment)), code)

    trees = [
        AFile((AUnit((points("CLGQ", "8"),), "H20"), AUnit((points("CLGQ", "9"),), "H21"))),
        AFile((AUnit((points("TTTT", "6"),), "H20"), AUnit((points("TTTT", "7"),), "H21"))),
    ]

    mapped = mapping_of([AFile((both("6", "8", "H20"), both("9", "7", "H21"))), *trees])

    assert refused(mapped) == []
    assert len(mapped.rows) == 6, "what differs stands twice, and is for the import to refuse"


def test_points_over_the_maximum_of_their_group_are_refused_alone() -> None:
    mapped = mapping_of([a_file(*groups(MDSH="22.01"))])

    (fault,) = refused(mapped)
    assert (fault.code, fault.value, fault.context["max"]) == ("points_exceed_max", "22.01", 22)
    assert len(rows(mapped)) == 6


def test_figures_that_fit_neither_way_are_over_their_maximum_and_not_swapped() -> None:
    mapped = mapping_of([a_file(points("CLGQ", "11"), points("TTTT", "10.5"))])

    assert [fault.code for fault in refused(mapped)] == ["points_exceed_max"]


def test_an_answer_filtered_by_one_procedure_is_not_the_units() -> None:
    mapped = mapping_of([a_file(points("MDSH", "12", 20), AFigure("REUSED_DIGITIZED_DATA", 1, 2))])

    assert [fault.code for fault in refused(mapped)] == ["portal_max_differs"]
    assert rows(mapped) == []


@pytest.mark.parametrize(
    ("total", "differs"),
    [("68.32", False), ("68.35", False), ("68.29", False), ("68.36", True), ("68.28", True)],
)
def test_six_groups_with_two_decimals_may_miss_the_total_by_three_hundredths(total: str, differs: bool) -> None:
    mapped = mapping_of([a_file(*groups(total))])

    assert [warning.code for warning in mapped.warnings] == ["portal_total_differs"] * differs
    assert len(rows(mapped)) == 7, "a warning keeps both as they stand"


@pytest.mark.parametrize(("total", "differs"), [("81.77", False), ("81.5", False), ("82.2", True), ("86.8", True)])
def test_six_groups_with_one_decimal_may_miss_the_total_by_three_tenths(total: str, differs: bool) -> None:
    tuyen_quang = {"CKMB": "13.2", "TDGQ": "18.3", "CLGQ": "7.2", "TTTT": "8.3", "MDHL": "18", "MDSH": "16.8"}

    mapped = mapping_of([a_file(*groups(total, **tuyen_quang))])

    assert [warning.code for warning in mapped.warnings] == ["portal_total_differs"] * differs
    assert not differs or "81.8" in mapped.warnings[0].detail("vi")


def test_groups_and_total_are_added_up_across_the_answers_of_a_request() -> None:
    groups_apart = [a_file(points(code, value)) for code, value in SIX.items()]

    assert mapping_of([*groups_apart, a_file(points("TOTAL", "68.32"))]).warnings == []
    assert [
        (warning.code, warning.context["unit"])
        for warning in mapping_of([*groups_apart, a_file(points("TOTAL", "70"))]).warnings
    ] == [("portal_total_differs", "H20")]


def test_a_missing_group_leaves_nothing_to_add_up() -> None:
    five = [figure for figure in groups("90") if figure.code != "MDHL"]

    assert mapping_of([a_file(*five)]).warnings == []


def a_page(*codes: str, total: int | None = 3, root: str = "H21") -> AFile:
    province = AUnit(code=root, is_root=True)
    return AFile((province, *(AUnit((points("CKMB", "11.79"),), code) for code in codes)), total=total)


def test_a_list_without_its_other_pages_is_warned_of() -> None:
    (warning,) = mapping_of([a_page("H21.01")]).warnings

    assert (warning.code, warning.pointer) == ("portal_incomplete", "/data/pagination")
    assert "3 units in this list, the files hold 1" in warning.detail("en")


@pytest.mark.parametrize(
    "files",
    [
        [a_page("H21.01", "H21.02", "H21.03")],
        [a_page("H21.01", "H21.02"), a_page("H21.03")],
        [a_page("H21.01", total=None)],
        [a_page("H21.01", total=1), a_page("H44.01", "H44.02", "H44.03", root="H44")],
    ],
)
def test_all_pages_of_a_list_are_nothing_to_warn_of(files: list[AFile]) -> None:
    assert mapping_of(files).warnings == []


def test_a_page_that_is_sent_twice_is_one_page() -> None:
    mapped = mapping_of([a_page("H21.01", "H21.02"), a_page("H21.01", "H21.02")])

    assert [warning.code for warning in mapped.warnings] == ["portal_incomplete"]


def test_a_denominator_that_the_answer_counts_in_two_ways_is_warned_of() -> None:
    name = "totalDossierOnlineFormalityPaymentSuccess/totalFeeFormality"
    same, differs = (
        AFile((AUnit((AFigure(name, 18, 38, other=other),), "H44.100"),), endpoint="formality-online-payment-tree")
        for other in (38, 41)
    )

    assert mapping_of([same]).warnings == []
    (warning,) = mapping_of([differs]).warnings
    assert warning.code == "portal_denominators_differ"
    assert "38" in warning.detail("en")
    assert "41" in warning.detail("vi")
    assert rows(mapping_of([differs]))[0]["denominator"] == 38
