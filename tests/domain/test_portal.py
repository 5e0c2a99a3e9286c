"""Saved answers as long rows: the mapping, the join of ids, and the proofs of what the labels say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

import pytest

from app.domain.frameworks.rules import Level
from app.domain.intake.line import Line, Reading, read_line
from app.domain.intake.line_figures import Kind
from app.domain.place import Unread
from app.domain.portal.codes import INDICATORS, NUMBERS, POINTS, SHARES, Number
from app.domain.portal.rows import Mapped, map_portal
from app.domain.portal.units import level_of
from app.errors import Fault, Text
from tests.support.published import shipped

KINDS = cast(Mapping[str, Kind], {one.code: one.kind for one in shipped("qd766@2026").indicators})
SIX = {"CKMB": "11.45", "TDGQ": "17.72", "CLGQ": "8.83", "TTTT": "6.22", "MDHL": "14.45", "MDSH": "9.65"}
"""Đồng Tháp's groups on 17/9/2026; they add up to its total, 68.32."""
SENTENCE = Text("…", "…")


@dataclass(frozen=True, slots=True)
class AFigure:
    code: str
    numerator: Number | None = None
    denominator: Number | None = None
    value: Number | None = None
    max: Number | None = None
    note: str | None = None
    pointer: str = "/data/evaluation/0"
    pointers: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AUnit:
    figures: tuple[AFigure, ...] = ()
    code: str | None = "H20"
    id: str | None = None
    name: str | None = "UBND tỉnh Đồng Tháp"
    kind: str | None = None
    is_root: bool = False
    pointer: str = "/data/evaluation/0"
    named_at: str = "/data/evaluation/0/departmentCode"
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AFile:
    units: tuple[AUnit, ...]
    pointer: str = ""
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    total: int | None = None
    endpoint: str = "transparency"


def points(code: str, value: str | None, max: int | None = None) -> AFigure:
    at = {"value": f"/data/evaluation/0/groupScores/{code}"}
    return AFigure(code, value=None if value is None else Decimal(value), max=max, pointers=at)


def groups(total: str = "68.32", **overrides: str) -> tuple[AFigure, ...]:
    """The six groups of a unit and its total."""
    return (*(points(code, value) for code, value in {**SIX, **overrides}.items()), points("TOTAL", total))


def a_file(*figures: AFigure, code: str | None = "H20", id: str | None = None) -> AFile:
    return AFile((AUnit(figures, code, id),))


def rows(mapped: Mapped) -> list[dict[str, object]]:
    return [raw for _, raw in mapped.rows if isinstance(raw, dict)]


def refused(mapped: Mapped) -> list[Fault]:
    return [fault for _, raw in mapped.rows if isinstance(raw, Unread) for fault in raw.faults]


def test_every_indicator_of_the_mapping_ships_and_counts_what_is_given() -> None:
    assert {KINDS[indicator] for indicator in POINTS.values()} == {"points"}
    assert {KINDS[indicator] for indicator in SHARES.values()} == {"ratio"}
    assert {NUMBERS[code]: KINDS[NUMBERS[code]] for code in NUMBERS} == {
        "dossiers_received": "count",
        "overdue_dossiers": "count",
        "average_days": "number",
    }


def test_no_two_metrics_share_an_indicator_but_the_two_names_of_a_group() -> None:
    shared = {code for code in INDICATORS if list(INDICATORS.values()).count(INDICATORS[code]) > 1}

    assert shared == {"CLGQ", "ONLINE", "DVCTT", "MDSH", "SHHS"}


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (AFigure("DOSSIER_SYNC", 39, 39, value=100), {"indicator": "dossier_sync", "numerator": 39, "denominator": 39}),
        (AFigure("DOSSIER_SYNC", 0, 0, value=0), {"indicator": "dossier_sync", "numerator": 0, "denominator": 0}),
        (AFigure("ELECTRONIC_CERTIFIED_COPY", value=100), {"indicator": "certified_copies", "value": 100}),
        (AFigure("totalReceived", value=654), {"indicator": "dossiers_received", "value": 654}),
        (AFigure("avgProcessingDays", value=Decimal("6.82")), {"indicator": "average_days", "value": Decimal("6.82")}),
        (points("CKMB", "11.79"), {"indicator": "transparency_points", "value": Decimal("11.79")}),
        (points("ONLINE", "8.56"), {"indicator": "online_points", "value": Decimal("8.56")}),
        (
            AFigure("PETITION_CLASSIFICATION_STAFF", 1, 4, value=25),
            {"indicator": "petition_staff", "numerator": 1, "denominator": 4},
        ),
    ],
)
def test_counts_stay_counts_and_a_rate_is_taken_only_where_there_are_none(
    figure: AFigure, said: dict[str, object]
) -> None:
    assert rows(map_portal([a_file(figure)])) == [{"unit": "H20", **said}]


@pytest.mark.parametrize(
    "figure",
    [
        AFigure("DOSSIER_SYNC"),
        AFigure("totalOverdue"),
        AFigure("totalOnTime/totalReceived", None, 5),
        points("TTTT", None),
    ],
)
def test_null_is_no_row(figure: AFigure) -> None:
    assert map_portal([a_file(figure)]).rows == []


def test_a_flag_goes_to_the_note() -> None:
    (row,) = rows(map_portal([a_file(AFigure("DOSSIER_SYNC", 39, 39, note="TEMP_NATIONAL_REPORT_DENOMINATOR"))]))

    assert row["note"] == "TEMP_NATIONAL_REPORT_DENOMINATOR"


def test_a_fault_points_at_the_field_that_the_portal_wrote() -> None:
    at = {"numerator": "/1/data/parent/totalOnTime", "denominator": "/1/data/parent/totalReceived"}
    figure = AFigure("totalOnTime/totalReceived", 5, 4, pointers=at, pointer="/1/data/parent")
    ((place, raw),) = map_portal([a_file(figure)]).rows

    faults = read_line(raw, place, Reading(KINDS, "2026-08"))
    unit = place.at("unit", Fault("unit_unknown", SENTENCE))
    period = place.at("period", Fault("period_locked", SENTENCE))

    assert isinstance(faults, list)
    assert [(fault.code, fault.pointer) for fault in faults] == [
        ("numerator_exceeds_denominator", "/1/data/parent/totalOnTime")
    ]
    assert (unit.pointer, period.pointer) == ("/data/evaluation/0/departmentCode", "/1/data/parent")


def test_a_row_is_a_line_with_the_period_of_the_caller() -> None:
    ((place, raw),) = map_portal([a_file(AFigure("DOSSIER_SYNC", 39, 40))]).rows

    line = read_line(raw, place, Reading(KINDS, "2026-08", "national_portal"))

    assert isinstance(line, Line)
    assert (line.unit, line.period, line.source, line.numerator) == ("H20", "2026-08", "national_portal", 390_000)


def test_a_metric_that_nothing_is_known_of_is_named_and_the_others_are_read() -> None:
    file = AFile((AUnit((AFigure("NEW_METRIC", 1, 2), AFigure("DOSSIER_SYNC", 1, 2))),), "/3", ("KY_SO",))

    mapped = map_portal([file])

    assert [(warning.code, warning.pointer) for warning in mapped.warnings] == [("portal_metric_unknown", "/3")]
    assert "KY_SO, NEW_METRIC" in mapped.warnings[0].detail("en")
    assert [row["indicator"] for row in rows(mapped)] == ["dossier_sync"]


def test_a_province_that_is_overview_and_item_is_one_row_unless_they_differ() -> None:
    same = map_portal([a_file(points("CKMB", "11.79")), a_file(points("CKMB", "11.79"))])
    other = map_portal([a_file(points("CKMB", "11.79")), a_file(points("CKMB", "11.75"))])

    assert (len(same.rows), len(other.rows)) == (1, 2)


def test_an_id_is_joined_to_the_code_that_another_file_gives_it_in_any_order() -> None:
    without = a_file(points("CKMB", "11.79"), code=None, id="019d")
    with_code = a_file(points("TDGQ", "17"), code="H21.20", id="019d")

    for files in ([without, with_code], [with_code, without]):
        assert {row["unit"] for row in rows(map_portal(files))} == {"H21.20"}


def test_an_id_without_a_code_stays_an_identifier_and_cannot_be_created() -> None:
    mapped = map_portal([a_file(points("CKMB", "11.79"), code=None, id="398126")])

    assert [row["unit"] for row in rows(mapped)] == ["dvcqg:398126"]
    assert mapped.units == []


def test_a_unit_without_code_and_id_is_missing_by_name() -> None:
    mapped = map_portal([a_file(points("CKMB", "11.79"), points("TDGQ", "17"), code=None)])

    (fault,) = refused(mapped)
    assert (fault.code, fault.pointer) == ("field_missing", "/data/evaluation/0/departmentCode")
    assert len(mapped.rows) == 2


def a_fault(pointer: str, code: str = "number_invalid") -> Fault:
    return Fault(code, SENTENCE, pointer=pointer)


def test_a_figure_that_cannot_be_read_costs_no_other_and_a_field_of_two_figures_is_named_once() -> None:
    broken = (a_fault("/data/evaluation/0/totalReceived"),)
    figures = (AFigure("totalReceived", faults=broken), AFigure("totalOnTime/totalReceived", 5, None, faults=broken))

    mapped = map_portal([a_file(*figures, points("TDGQ", "17"))])

    assert [row["indicator"] for row in rows(mapped)] == ["progress_points"]
    assert (refused(mapped), len(mapped.rows)) == (list(broken), 3)


def test_what_cannot_be_read_of_a_metric_that_nothing_is_known_of_is_no_matter() -> None:
    mapped = map_portal([a_file(AFigure("NEW_METRIC", faults=(a_fault("/data/evaluation/0/metrics/0"),)))])

    assert (mapped.rows, [warning.code for warning in mapped.warnings]) == ([], ["portal_metric_unknown"])


@pytest.mark.parametrize("figures", [(points("CKMB", "3"), points("TDGQ", "4")), (points("CKMB", None),)])
def test_a_unit_whose_name_cannot_be_read_costs_its_figures_and_is_named_once(figures: tuple[AFigure, ...]) -> None:
    nameless = AUnit(figures, code=None, id="019d", faults=(a_fault("/data/evaluation/0/departmentCode"),))

    mapped = map_portal([AFile((nameless, AUnit((points("CKMB", "11.79"),))))])

    assert [row["unit"] for row in rows(mapped)] == ["H20"]
    assert refused(mapped) == list(nameless.faults)
    assert [unit.code for unit in mapped.units] == ["H20"]


def test_what_is_no_answer_at_all_is_a_row_of_its_own_beside_the_others() -> None:
    none = AFile((), faults=(a_fault("/1", "portal_unrecognised"),))

    mapped = map_portal([a_file(points("CKMB", "11.79")), none])

    assert ([row["unit"] for row in rows(mapped)], refused(mapped)) == (["H20"], list(none.faults))


def test_an_answer_that_is_not_believed_says_why_even_where_it_holds_no_figure() -> None:
    mapped = map_portal([a_file(points("MDSH", None, 20))])

    assert [fault.code for fault in refused(mapped)] == ["portal_max_differs"]


def test_a_unit_whose_id_stands_beside_two_codes_is_not_made() -> None:
    one = a_file(points("CKMB", "11.79"), code="H21.20", id="019d")

    assert map_portal([one, a_file(points("MDSH", "2"), code="H21.26", id="019d")]).units == []


def test_an_id_beside_two_codes_is_refused_with_all_figures_of_the_unit() -> None:
    one = a_file(points("CKMB", "11.79"), points("TDGQ", "17"), code="H21.20", id="019d")
    other = a_file(points("MDSH", "2"), code="H21.26", id="019d")

    mapped = map_portal([one, other])

    assert rows(mapped) == []
    assert len(mapped.rows) == 3
    assert [fault.code for fault in refused(mapped)] == ["portal_id_ambiguous"] * 2, "once for each of the units"
    assert "H21.20, H21.26" in refused(mapped)[0].detail("vi")


def test_units_stand_below_the_root_of_their_answer_with_the_ids_of_all() -> None:
    root = AUnit(code=None, id="root", name="UBND tỉnh Gia Lai", kind="PROVINCE", is_root=True)
    commune = AUnit(code="H21.227", id="019d", name="UBND xã Vân Canh", kind="COMMUNE_PEOPLE_COMMITTEE")
    named = AUnit(code="H21", id="root", name="UBND tỉnh Gia Lai", kind="PROVINCE", is_root=True)
    older = AUnit(code="H21.227", id="4711", name="Vân Canh")

    units = map_portal([AFile((root, commune)), AFile((named,)), AFile((older,))]).units

    assert [(unit.code, unit.name, unit.level, unit.parent, unit.portal_ids) for unit in units] == [
        ("H21", "UBND tỉnh Gia Lai", "province", None, ("root",)),
        ("H21.227", "UBND xã Vân Canh", "commune", "H21", ("019d", "4711")),
    ]


def test_a_root_above_the_next_part_of_the_code_is_believed() -> None:
    root = AUnit(code="H19", name="UBND tỉnh Đồng Nai", kind="PROVINCE", is_root=True)

    units = map_portal([AFile((root, AUnit(code="H19.07.01", name="UBND xã Phú Túc")))]).units

    assert [unit.parent for unit in units] == [None, "H19"]


def test_without_a_root_a_unit_stands_below_what_its_code_begins_with() -> None:
    units = map_portal(
        [AFile((AUnit(code="H19.07.01", name="UBND xã Phú Túc"), AUnit(code="H19", name="Đồng Nai")))]
    ).units

    assert [(unit.code, unit.level, unit.parent) for unit in units] == [
        ("H19.07.01", "commune", "H19.07"),
        ("H19", "province", None),
    ]


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
    mapped = map_portal([a_file(*groups())])

    assert len(rows(mapped)) == 7
    assert mapped.warnings == []


def test_groups_that_fit_both_ways_are_taken_as_labelled() -> None:
    mapped = map_portal([a_file(*groups(CLGQ="6.22", TTTT="8.83"))])

    assert {"unit": "H20", "indicator": "payment_points", "value": Decimal("8.83")} in rows(mapped)
    assert refused(mapped) == []


@pytest.mark.parametrize("label", ["CLGQ", "ONLINE"])
def test_points_that_fit_only_the_other_way_round_refuse_the_file_with_the_reason(label: str) -> None:
    swapped = (points("CKMB", "11.45"), points(label, "7.5"), points("TTTT", "11.46"), points("TOTAL", "68.32"))

    mapped = map_portal([AFile((AUnit((points("TTTT", "9"), points(label, "9")), code="H21"), AUnit(swapped)))])

    assert rows(mapped) == []
    assert len(mapped.rows) == 6
    (fault,) = refused(mapped)
    assert (fault.code, fault.pointer) == ("portal_groups_swapped", "/data/evaluation/0/groupScores/TTTT")
    assert "TTTT stands at 11.46 points, over its maximum of 10" in fault.detail("en")
    assert "TTTT là 11.46 điểm, vượt điểm tối đa 10" in fault.detail("vi")


@pytest.mark.parametrize(("label", "stated"), [("TTTT", 12), ("CLGQ", 10)])
def test_the_maximum_of_the_other_group_proves_a_swap_even_for_small_figures(label: str, stated: int) -> None:
    mapped = map_portal([a_file(points(label, "3", stated), points("CKMB", "3", 18))])

    assert [fault.code for fault in refused(mapped)] == ["portal_groups_swapped"]
    assert f"a maximum of {stated} points" in refused(mapped)[0].detail("en")
    assert rows(mapped) == []


def test_the_other_answers_of_a_request_prove_a_swap_that_the_maxima_allow() -> None:
    trees = [a_file(points("CLGQ", "8.83", 12)), a_file(points("TTTT", "6.22", 10))]

    swapped = map_portal([a_file(*groups(CLGQ="6.22", TTTT="8.83")), *trees])
    straight = map_portal([a_file(*groups()), *trees])

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

    mapped = map_portal([AFile((both("6", "8", "H20"), both("9", "7", "H21"))), *trees])

    assert refused(mapped) == []
    assert len(mapped.rows) == 6, "what differs stands twice, and is for the import to refuse"


def test_points_over_the_maximum_of_their_group_are_refused_alone() -> None:
    mapped = map_portal([a_file(*groups(MDSH="22.01"))])

    (fault,) = refused(mapped)
    assert (fault.code, fault.value, fault.context["max"]) == ("points_exceed_max", "22.01", 22)
    assert len(rows(mapped)) == 6


def test_figures_that_fit_neither_way_are_over_their_maximum_and_not_swapped() -> None:
    mapped = map_portal([a_file(points("CLGQ", "11"), points("TTTT", "10.5"))])

    assert [fault.code for fault in refused(mapped)] == ["points_exceed_max"]


def test_an_answer_filtered_by_one_procedure_is_not_the_units() -> None:
    mapped = map_portal([a_file(points("MDSH", "12", 20), AFigure("REUSED_DIGITIZED_DATA", 1, 2))])

    assert [fault.code for fault in refused(mapped)] == ["portal_max_differs"]
    assert rows(mapped) == []


@pytest.mark.parametrize(
    ("total", "differs"),
    [("68.32", False), ("68.35", False), ("68.29", False), ("68.36", True), ("68.28", True)],
)
def test_six_groups_with_two_decimals_may_miss_the_total_by_three_hundredths(total: str, differs: bool) -> None:
    mapped = map_portal([a_file(*groups(total))])

    assert [warning.code for warning in mapped.warnings] == ["portal_total_differs"] * differs
    assert len(rows(mapped)) == 7, "a warning keeps both as they stand"


@pytest.mark.parametrize(("total", "differs"), [("81.77", False), ("81.5", False), ("82.2", True), ("86.8", True)])
def test_six_groups_with_one_decimal_may_miss_the_total_by_three_tenths(total: str, differs: bool) -> None:
    tuyen_quang = {"CKMB": "13.2", "TDGQ": "18.3", "CLGQ": "7.2", "TTTT": "8.3", "MDHL": "18", "MDSH": "16.8"}

    mapped = map_portal([a_file(*groups(total, **tuyen_quang))])

    assert [warning.code for warning in mapped.warnings] == ["portal_total_differs"] * differs
    assert not differs or "81.8" in mapped.warnings[0].detail("vi")


def test_groups_and_total_are_added_up_across_the_answers_of_a_request() -> None:
    groups_apart = [a_file(points(code, value)) for code, value in SIX.items()]

    assert map_portal([*groups_apart, a_file(points("TOTAL", "68.32"))]).warnings == []
    assert [
        (warning.code, warning.context["unit"])
        for warning in map_portal([*groups_apart, a_file(points("TOTAL", "70"))]).warnings
    ] == [("portal_total_differs", "H20")]


def test_a_missing_group_leaves_nothing_to_add_up() -> None:
    five = [figure for figure in groups("90") if figure.code != "MDHL"]

    assert map_portal([a_file(*five)]).warnings == []


def a_page(*codes: str, total: int | None = 3, root: str = "H21") -> AFile:
    province = AUnit(code=root, is_root=True)
    return AFile((province, *(AUnit((points("CKMB", "11.79"),), code) for code in codes)), total=total)


def test_a_list_without_its_other_pages_is_warned_of() -> None:
    (warning,) = map_portal([a_page("H21.01")]).warnings

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
    assert map_portal(files).warnings == []


def test_a_page_that_is_sent_twice_is_one_page() -> None:
    mapped = map_portal([a_page("H21.01", "H21.02"), a_page("H21.01", "H21.02")])

    assert [warning.code for warning in mapped.warnings] == ["portal_incomplete"]
