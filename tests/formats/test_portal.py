"""Saved answers of the national portal: known by shape, read as they stand, named where they are something else."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Fault
from app.formats.portal import PortalFigureRecord, PortalFileRecord, answers_in, read_portal

Object = dict[str, Any]


def an_answer(**data: object) -> Object:
    return {"code": "OK", "data": data, "message": "OK"}


def a_unit(**overrides: object) -> Object:
    return {"departmentId": "id-1", "departmentName": "UBND xã", "departmentCode": "H21.227", **overrides}


def a_metric(code: str, **overrides: object) -> Object:
    return {"code": code, "name": "…", "numerator": 1, "denominator": 2, "ratio": 50, "score": 3, **overrides}


def read(document: object, pointer: str = "") -> PortalFileRecord:
    file = read_portal(document, pointer)
    assert faults_in(file) == []
    return file


def faults_in(file: PortalFileRecord) -> list[Fault]:
    """What is wrong with an answer, with its units, and with their figures."""
    units = [fault for unit in file.units for fault in unit.faults]
    figures = [fault for unit in file.units for figure in unit.figures for fault in figure.faults]
    return [*file.faults, *units, *figures]


def refused(document: object) -> list[tuple[str, str | None]]:
    """(code, pointer) of each fault."""
    faults = faults_in(read_portal(document))
    assert all(fault.detail("en") and fault.detail("vi") for fault in faults)
    return [(fault.code, fault.pointer) for fault in faults]


def figure(file: PortalFileRecord, code: str, unit: int = 0) -> PortalFigureRecord:
    (found,) = (one for one in file.units[unit].figures if one.code == code)
    return found


TREES = {
    "dvc-progress-tree": {"totalReceived": 4, "totalOnTime": 3},
    "provide-online-tree": {"authorityCount": 89, "partialCount": 31, "fullCount": 21},
    "formality-online-payment-tree": {"totalDossierFinancialObligation": 0, "totalDossierOnlinePaymentSuccess": 0},
}
METRICS = {
    "transparency": "DOSSIER_SYNC",
    "dossier-digitized": "REUSED_DIGITIZED_DATA",
    "handling-satisfaction": "PETITION_PROCESSING_ON_TIME",
}


@pytest.mark.parametrize("endpoint", TREES)
def test_a_tree_is_known_by_the_counts_of_its_parent(endpoint: str) -> None:
    answer = an_answer(parent=a_unit(departmentCode="H21", **TREES[endpoint]), children=[a_unit(totalScore=1)])

    assert read(answer).endpoint == endpoint


@pytest.mark.parametrize("endpoint", METRICS)
def test_a_list_with_metrics_is_known_by_their_codes(endpoint: str) -> None:
    answer = an_answer(overview=None, evaluation=[a_unit(metrics=[a_metric(METRICS[endpoint])])])

    assert read(answer).endpoint == endpoint


@pytest.mark.parametrize("mark", [{"childGroup": "COMMUNE"}, {"groupScores": {}}, {}])
def test_a_list_without_metrics_is_the_service_results(mark: Object) -> None:
    assert read(an_answer(evaluation=[a_unit(totalScore=68, **mark)])).endpoint == "service-results"


def test_an_empty_month_of_service_results_is_known_by_its_charts() -> None:
    answer = an_answer(overview=None, radar=[], donuts={"onlineProvision": None}, evaluation=[])

    assert read(answer).units == ()


def test_rows_of_the_older_interface_are_known_by_their_names_and_read_with_a_point() -> None:
    row = {
        "ID": "398126",
        "TEN": "UBND tỉnh An Giang",
        "MA_COQUAN": "H01",
        "CKMB": "13.2",
        "TTTT": "",
        "TONG_SCORE": "81.77",
    }

    file = read([row])

    assert (file.endpoint, file.units[0].code, file.units[0].id) == ("rest.jsp", "H01", "398126")
    assert figure(file, "CKMB").value == Decimal("13.2")
    assert figure(file, "TTTT").value is None
    assert figure(file, "TOTAL").pointers == {"value": "/0/TONG_SCORE"}


def test_a_decimal_comma_in_the_older_rows_is_named_and_never_guessed() -> None:
    assert refused([{"ID": "1", "CKMB": "13,2"}]) == [("number_invalid", "/0/CKMB")]


def test_unknown_columns_of_the_older_rows_are_kept_by_name() -> None:
    assert read([{"ID": "1", "CKMB": "13.2", "DVCTT_MOI": "4", "ROW_STT": "1"}]).unread == ("DVCTT_MOI",)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        None,
        "OK",
        7,
        [{"unit": "H21"}],
        {"code": "OK", "data": None},
        {"code": "OK", "data": []},
        an_answer(items=[{"id": "…", "code": "6.006776"}], pagination={}),
        an_answer(evaluation=[]),
        an_answer(evaluation=[a_unit(metrics=[a_metric("SOMETHING_ELSE")])]),
        an_answer(evaluation=[a_unit(metrics=[a_metric("DOSSIER_SYNC"), a_metric("REUSED_DIGITIZED_DATA")])]),
        an_answer(parent={}, children=[]),
    ],
)
def test_what_is_no_answer_is_refused_with_what_would_be_one(document: object) -> None:
    (fault,) = faults_in(read_portal(document))

    assert fault.code == "portal_unrecognised"
    assert "dossier-digitized" in fault.detail("vi")
    assert "rest.jsp" in fault.detail("en")


@pytest.mark.parametrize("rest", [{"data": None}, {}])
def test_an_answer_that_is_not_ok_is_refused_with_what_the_portal_says(rest: Object) -> None:
    (fault,) = faults_in(read_portal({"code": "INTERNAL_ERROR", "message": "Hệ thống đang bận", **rest}, "/1"))

    assert (fault.code, fault.pointer, fault.value) == ("portal_unrecognised", "/1/code", "INTERNAL_ERROR")
    assert "`INTERNAL_ERROR` (Hệ thống đang bận)" in fault.detail("en")


def test_a_metric_keeps_its_nulls_and_its_flag() -> None:
    metric = a_metric(
        "DOSSIER_SYNC",
        numerator=0,
        denominator=0,
        ratio=None,
        dataQualityStatus="NO_NATIONAL_REPORT_DATA",
        dataQualityMessage="Không có dữ liệu.",
    )
    answer = an_answer(evaluation=[a_unit(), a_unit(metrics=[metric])])

    read_back = figure(read(answer), "DOSSIER_SYNC", unit=1)

    assert (read_back.numerator, read_back.denominator, read_back.value) == (0, 0, None)
    assert read_back.note == "NO_NATIONAL_REPORT_DATA: Không có dữ liệu."
    assert read_back.pointers["numerator"] == "/data/evaluation/1/metrics/0/numerator"


def test_counts_of_a_tree_are_named_by_their_fields_and_point_at_them() -> None:
    answer = an_answer(parent=a_unit(**TREES["provide-online-tree"]), children=[])

    provision = figure(read(answer, "/2"), "partialCount+fullCount/authorityCount")

    assert (provision.numerator, provision.denominator) == (52, 89)
    assert provision.pointers == {
        "numerator": "/2/data/parent/partialCount",
        "denominator": "/2/data/parent/authorityCount",
    }


def test_a_sum_with_a_missing_part_is_missing() -> None:
    answer = an_answer(parent=a_unit(authorityCount=89, partialCount=31, fullCount=None), children=[])

    assert figure(read(answer), "partialCount+fullCount/authorityCount").numerator is None


def test_children_of_the_progress_tree_state_their_score_under_another_name_than_the_parent() -> None:
    counts = TREES["dvc-progress-tree"]
    answer = an_answer(
        parent=a_unit(totalScore=17, totalMaxScore=20, **counts), children=[a_unit(score=19, maxScore=20, **counts)]
    )

    file = read(answer)

    assert [(figure(file, "TDGQ", unit).value, figure(file, "TDGQ", unit).max) for unit in (0, 1)] == [
        (17, 20),
        (19, 20),
    ]
    assert figure(file, "TDGQ", 1).pointers["value"] == "/data/children/0/score"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"departmentType": "PROVINCE", "departmentLevel": "PROVINCE"}, "PROVINCE"),
        ({"departmentType": "PROVINCIAL_DEPARTMENT"}, "PROVINCIAL_DEPARTMENT"),
        ({"departmentType": "COMMUNE_PEOPLE_COMMITTEE"}, "COMMUNE_PEOPLE_COMMITTEE"),
        ({"childGroup": "AGENCY"}, "PROVINCIAL_DEPARTMENT"),
        ({"childGroup": "COMMUNE"}, "COMMUNE_PEOPLE_COMMITTEE"),
        ({"level": "PROVINCE"}, "PROVINCIAL_DEPARTMENT"),
        ({"level": "COMMUNE"}, "COMMUNE_PEOPLE_COMMITTEE"),
        ({"level": "GALAXY"}, None),
        ({}, None),
    ],
)
def test_what_a_unit_is_reads_the_same_in_every_answer(said: Object, kind: str | None) -> None:
    assert read(an_answer(evaluation=[a_unit(**said)])).units[0].kind == kind


def test_the_overview_is_a_unit_and_the_whole_country_is_none() -> None:
    province = an_answer(overview={"departmentCode": "H21"}, evaluation=[a_unit()])
    country = an_answer(overview={"departmentCode": None, "departmentName": "Cả nước"}, evaluation=[a_unit()])

    assert [unit.is_root for unit in read(province).units] == [True, False]
    assert [unit.is_root for unit in read(country).units] == [False]


@pytest.mark.parametrize(
    ("pages", "total"),
    [({"total": 163, "currentPage": 1, "pageSize": 1}, 163), ({"total": "163"}, None), ([], None), (None, None)],
)
def test_an_answer_in_pages_says_how_many_units_there_are(pages: object, total: int | None) -> None:
    assert read(an_answer(evaluation=[a_unit()], pagination=pages)).total == total


def test_a_unit_is_named_where_its_name_stands() -> None:
    file = read(an_answer(evaluation=[a_unit(), a_unit(departmentCode=None)]))

    assert [unit.named_at for unit in file.units] == [
        "/data/evaluation/0/departmentCode",
        "/data/evaluation/1/departmentId",
    ]


@pytest.mark.parametrize(
    ("unit", "fault"),
    [
        (a_unit(totalScore="68.32"), ("number_invalid", "/data/evaluation/0/totalScore")),
        (a_unit(totalScore=True), ("number_invalid", "/data/evaluation/0/totalScore")),
        (a_unit(departmentCode=["H21"]), ("text_expected", "/data/evaluation/0/departmentCode")),
        (a_unit(groupScores=[]), ("object_expected", "/data/evaluation/0/groupScores")),
        (a_unit(groupScores={"C/K": "1"}), ("number_invalid", "/data/evaluation/0/groupScores/C~1K")),
        (a_unit(metrics={}), ("list_expected", "/data/evaluation/0/metrics")),
        ("H21", ("object_expected", "/data/evaluation/0")),
    ],
)
def test_a_field_of_the_wrong_kind_is_named_where_it_stands(unit: object, fault: tuple[str, str]) -> None:
    assert refused(an_answer(radar=[], evaluation=[unit])) == [fault]


def test_a_field_that_cannot_be_read_costs_only_its_figure() -> None:
    groups = {"CKMB": "11,45", "TDGQ": 17}

    file = read_portal(an_answer(radar=[], evaluation=[a_unit(totalScore=68, groupScores=groups)]))

    assert [figure.code for figure in file.units[0].figures if figure.faults] == ["CKMB"]
    assert (file.faults, file.units[0].faults) == ((), ())


def test_a_unit_whose_code_cannot_be_read_says_so_itself() -> None:
    file = read_portal(an_answer(radar=[], evaluation=[a_unit(departmentCode=["H21"]), a_unit()]))

    assert [[fault.code for fault in unit.faults] for unit in file.units] == [["text_expected"], []]


def test_a_metric_without_a_code_is_named() -> None:
    metrics = [a_metric("DOSSIER_SYNC"), {"numerator": 1}]

    assert refused(an_answer(evaluation=[a_unit(metrics=metrics)])) == [
        ("text_expected", "/data/evaluation/0/metrics/1/code")
    ]


def test_one_body_may_hold_several_answers() -> None:
    body = [an_answer(evaluation=[a_unit()]), [{"ID": "1", "CKMB": "13.2"}]]

    assert [(at, read(one, at).endpoint) for at, one in answers_in(body)] == [
        ("/0", "service-results"),
        ("/1", "rest.jsp"),
    ]


def test_rows_of_the_older_interface_are_one_answer() -> None:
    rows = [{"ID": "1", "CKMB": "13.2"}, {"ID": "2", "CKMB": "13.3"}]

    assert answers_in(rows) == [("", rows)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["OK", "DOSSIER_SYNC", "", "1.5"]),
    lambda inside: st.lists(inside, max_size=3)
    | st.dictionaries(
        st.sampled_from(["code", "data", "evaluation", "children", "parent", "overview", "metrics", "groupScores",
                         "totalReceived", "departmentCode", "ID", "CKMB", "numerator", "radar", "level"]),
        inside,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(data=JSON)
def test_nothing_that_json_can_say_breaks_the_reader(data: object) -> None:
    for document in (data, {"code": "OK", "data": data}, [data]):
        assert all(fault.detail("vi") for fault in faults_in(read_portal(document)))


def test_procedures_with_a_payment_are_shares_of_fee_procedures_counted_once_where_the_answer_counts_so() -> None:
    name = "totalDossierOnlineFormalityPaymentSuccess/totalFeeFormality"
    fields = {"departmentCode": "H44", "totalFeeFormality": 41, "totalDossierOnlineFormalityPaymentSuccess": 18}
    fields |= {
        "totalDossierFinancialObligation": 0,
        "totalDossierOnlinePaymentSuccess": 0,
        "totalFeeDossierFormality": 9,
    }

    def read(**more: int) -> PortalFileRecord:
        return read_portal({"code": "OK", "data": {"parent": {**fields, **more}, "children": []}})

    once, plain = figure(read(totalFeeDossierFormalityDistinct=38), name), figure(read(), name)

    assert (once.numerator, once.denominator, once.other) == (18, 38, 41)
    assert once.pointers["denominator"] == "/data/parent/totalFeeDossierFormalityDistinct"
    assert (plain.denominator, plain.other) == (41, None)
    offered = figure(read(totalFeeDossierFormalityDistinct=38), "totalFeeDossierFormality/totalFeeFormality")
    assert (offered.numerator, offered.denominator) == (9, 41)
