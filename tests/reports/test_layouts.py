"""Layouts: rows in the order of print, and every fault of a document that is none."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.reports.rules.layouts import Layout, lines_of, read_layout


def a_layout(*rows: Mapping[str, Any], **overrides: Any) -> dict[str, Any]:
    """A layout document of these rows, or of one heading."""
    heading = {"heading": {"vi": "Tiến độ"}}
    return {
        "code": "short",
        "title": {"vi": "Bảng ngắn"},
        "source": "Công văn mẫu",
        "rows": [{**heading, **row} for row in rows] or [heading],
        **overrides,
    }


def faults_of(document: object) -> set[tuple[str | None, str]]:
    layout, faults = read_layout(document)
    assert (layout is None) == bool(faults)
    return {(fault.pointer, fault.code) for fault in faults}


def test_rows_stand_in_the_order_of_print_below_their_headings() -> None:
    document = a_layout({"number": "1", "rows": [{"heading": {"vi": "Đúng hạn"}, "indicator": "on_time"}]}, {})

    layout, _ = read_layout(document)

    assert isinstance(layout, Layout)
    lines = [(line.row.kind, line.depth, line.within) for line in lines_of(layout)]
    assert lines == [("heading", 0, ()), ("indicator", 1, ("Tiến độ",)), ("heading", 0, ())]


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (a_layout({"indicator": "on_time", "group": "progress"}), {("/rows/0", "value_invalid")}),
        (a_layout({"total": True, "rank": "computed"}), {("/rows/0", "value_invalid")}),
        (a_layout({"show": "rate"}), {("/rows/0", "value_invalid")}),
        (a_layout({"group": "progress", "part": "complement"}), {("/rows/0", "value_invalid")}),
        (a_layout({"indicator": "on_time", "part": "denominator"}), {("/rows/0", "value_invalid")}),
        (a_layout({"indicator": "on_time", "show": "percent"}), {("/rows/0/show", "value_not_allowed")}),
        (a_layout({"rank": "guessed"}), {("/rows/0/rank", "value_not_allowed")}),
        (a_layout({"total": False}), {("/rows/0/total", "value_not_allowed")}),
        (a_layout({"colour": "red"}), {("/rows/0/colour", "field_unknown")}),
        (a_layout({"rows": [{"number": "1"}]}), {("/rows/0/rows/0/heading", "field_missing")}),
        (a_layout({"heading": "Tiến độ"}), {("/rows/0/heading", "object_expected")}),
        (a_layout(rows=[]), {("/rows", "value_invalid")}),
        ([], {("", "object_expected")}),
    ],
)
def test_a_row_that_cannot_be_printed_is_refused(document: object, faults: set[tuple[str, str]]) -> None:
    assert faults_of(document) == faults


def test_every_fault_of_a_document_is_named_at_once() -> None:
    document = a_layout({"indicator": "On Time"}, {"colour": "red"}, title={}, levels=["village"], extra=1)

    assert faults_of(document) == {
        ("/title/vi", "field_missing"),
        ("/levels/0", "value_not_allowed"),
        ("/rows/0/indicator", "format_invalid"),
        ("/rows/1/colour", "field_unknown"),
        ("/extra", "field_unknown"),
    }
