"""Saved answers as long rows: the mapping, and the join of ids."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from app.domain.intake.import_row import ImportedRow, RowReadOptions, read_row
from app.domain.intake.row_figures import IndicatorKind
from app.errors import ErrorCode, Fault
from app.services.imports.portal_files import portal_indicators
from tests.support.portal_answers import AFigure, AFile, AUnit, a_file, mapping_of, points, refused, rows
from tests.support.published import shipped

KINDS = cast(Mapping[str, IndicatorKind], {one.code: one.kind for one in shipped("qd766@2026").indicators})
PORTAL = portal_indicators()
ANY = ErrorCode("any", "…", "…")


def test_every_indicator_of_the_mapping_ships_and_counts_what_is_given() -> None:
    assert {KINDS[indicator] for indicator in PORTAL.points.values()} == {"points"}
    assert {KINDS[indicator] for indicator in PORTAL.shares.values()} == {"ratio"}
    assert {indicator: KINDS[indicator] for indicator in PORTAL.numbers.values()} == {
        "dossiers_received": "count",
        "overdue_dossiers": "count",
        "average_days": "number",
    }


def test_no_two_metrics_share_an_indicator_but_the_two_names_of_a_group() -> None:
    shared = {name for name, code in PORTAL.by_name.items() if list(PORTAL.by_name.values()).count(code) > 1}

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
    assert rows(mapping_of([a_file(figure)])) == [{"unit": "H20", **said}]


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
    assert mapping_of([a_file(figure)]).rows == []


def test_a_flag_goes_to_the_note() -> None:
    (row,) = rows(mapping_of([a_file(AFigure("DOSSIER_SYNC", 39, 39, note="TEMP_NATIONAL_REPORT_DENOMINATOR"))]))

    assert row["note"] == "TEMP_NATIONAL_REPORT_DENOMINATOR"


def test_a_fault_points_at_the_field_that_the_portal_wrote() -> None:
    at = {"numerator": "/1/data/parent/totalOnTime", "denominator": "/1/data/parent/totalReceived"}
    figure = AFigure("totalOnTime/totalReceived", 5, 4, pointers=at, pointer="/1/data/parent")
    ((place, raw),) = mapping_of([a_file(figure)]).rows

    faults = read_row(raw, place, RowReadOptions(KINDS, "2026-08"))
    unit = place.at("unit", Fault(replace(ANY, code="unit_unknown")))
    period = place.at("period", Fault(replace(ANY, code="period_locked")))

    assert isinstance(faults, list)
    assert [(fault.code, fault.pointer) for fault in faults] == [
        ("numerator_exceeds_denominator", "/1/data/parent/totalOnTime")
    ]
    assert (unit.pointer, period.pointer) == ("/data/evaluation/0/departmentCode", "/1/data/parent")


def test_a_row_is_a_line_with_the_period_of_the_caller() -> None:
    ((place, raw),) = mapping_of([a_file(AFigure("DOSSIER_SYNC", 39, 40))]).rows

    line = read_row(raw, place, RowReadOptions(KINDS, "2026-08", "national_portal"))

    assert isinstance(line, ImportedRow)
    assert (line.unit, line.period, line.source, line.numerator) == ("H20", "2026-08", "national_portal", 390_000)


def test_a_metric_that_nothing_is_known_of_is_named_and_the_others_are_read() -> None:
    file = AFile((AUnit((AFigure("NEW_METRIC", 1, 2), AFigure("DOSSIER_SYNC", 1, 2))),), "/3", ("KY_SO",))

    mapped = mapping_of([file])

    assert [(warning.code, warning.pointer) for warning in mapped.warnings] == [("portal_metric_unknown", "/3")]
    assert "KY_SO, NEW_METRIC" in mapped.warnings[0].detail("en")
    assert [row["indicator"] for row in rows(mapped)] == ["dossier_sync"]


def test_a_province_that_is_overview_and_item_is_one_row_unless_they_differ() -> None:
    same = mapping_of([a_file(points("CKMB", "11.79")), a_file(points("CKMB", "11.79"))])
    other = mapping_of([a_file(points("CKMB", "11.79")), a_file(points("CKMB", "11.75"))])

    assert (len(same.rows), len(other.rows)) == (1, 2)


def test_an_id_is_joined_to_the_code_that_another_file_gives_it_in_any_order() -> None:
    without = a_file(points("CKMB", "11.79"), code=None, id="019d")
    with_code = a_file(points("TDGQ", "17"), code="H21.20", id="019d")

    for files in ([without, with_code], [with_code, without]):
        assert {row["unit"] for row in rows(mapping_of(files))} == {"H21.20"}


def test_an_id_without_a_code_stays_an_identifier_and_cannot_be_created() -> None:
    mapped = mapping_of([a_file(points("CKMB", "11.79"), code=None, id="398126")])

    assert [row["unit"] for row in rows(mapped)] == ["dvcqg:398126"]
    assert mapped.units == []


def test_a_unit_without_code_and_id_is_missing_by_name() -> None:
    mapped = mapping_of([a_file(points("CKMB", "11.79"), points("TDGQ", "17"), code=None)])

    (fault,) = refused(mapped)
    assert (fault.code, fault.pointer) == ("field_missing", "/data/evaluation/0/departmentCode")
    assert len(mapped.rows) == 2


def a_fault(pointer: str, code: str = "number_invalid") -> Fault:
    return Fault(replace(ANY, code=code), pointer=pointer)


def test_a_figure_that_cannot_be_read_costs_no_other_and_a_field_of_two_figures_is_named_once() -> None:
    broken = (a_fault("/data/evaluation/0/totalReceived"),)
    figures = (AFigure("totalReceived", faults=broken), AFigure("totalOnTime/totalReceived", 5, None, faults=broken))

    mapped = mapping_of([a_file(*figures, points("TDGQ", "17"))])

    assert [row["indicator"] for row in rows(mapped)] == ["progress_points"]
    assert (refused(mapped), len(mapped.rows)) == (list(broken), 3)


def test_what_cannot_be_read_of_a_metric_that_nothing_is_known_of_is_no_matter() -> None:
    mapped = mapping_of([a_file(AFigure("NEW_METRIC", faults=(a_fault("/data/evaluation/0/metrics/0"),)))])

    assert (mapped.rows, [warning.code for warning in mapped.warnings]) == ([], ["portal_metric_unknown"])


@pytest.mark.parametrize("figures", [(points("CKMB", "3"), points("TDGQ", "4")), (points("CKMB", None),)])
def test_a_unit_whose_name_cannot_be_read_costs_its_figures_and_is_named_once(figures: tuple[AFigure, ...]) -> None:
    nameless = AUnit(figures, code=None, id="019d", faults=(a_fault("/data/evaluation/0/departmentCode"),))

    mapped = mapping_of([AFile((nameless, AUnit((points("CKMB", "11.79"),))))])

    assert [row["unit"] for row in rows(mapped)] == ["H20"]
    assert refused(mapped) == list(nameless.faults)
    assert [unit.code for unit in mapped.units] == ["H20"]


def test_what_is_no_answer_at_all_is_a_row_of_its_own_beside_the_others() -> None:
    none = AFile((), faults=(a_fault("/1", "portal_unrecognised"),))

    mapped = mapping_of([a_file(points("CKMB", "11.79")), none])

    assert ([row["unit"] for row in rows(mapped)], refused(mapped)) == (["H20"], list(none.faults))


def test_an_answer_that_is_not_believed_says_why_even_where_it_holds_no_figure() -> None:
    mapped = mapping_of([a_file(points("MDSH", None, 20))])

    assert [fault.code for fault in refused(mapped)] == ["portal_max_differs"]


def test_a_unit_whose_id_stands_beside_two_codes_is_not_made() -> None:
    one = a_file(points("CKMB", "11.79"), code="H21.20", id="019d")

    assert mapping_of([one, a_file(points("MDSH", "2"), code="H21.26", id="019d")]).units == []


def test_an_id_beside_two_codes_is_refused_with_all_figures_of_the_unit() -> None:
    one = a_file(points("CKMB", "11.79"), points("TDGQ", "17"), code="H21.20", id="019d")
    other = a_file(points("MDSH", "2"), code="H21.26", id="019d")

    mapped = mapping_of([one, other])

    assert rows(mapped) == []
    assert len(mapped.rows) == 3
    assert [fault.code for fault in refused(mapped)] == ["portal_id_ambiguous"] * 2, "once for each of the units"
    assert "H21.20, H21.26" in refused(mapped)[0].detail("vi")
