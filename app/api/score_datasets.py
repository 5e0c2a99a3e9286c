"""Scores as JSON-stat: unit × period × measure, with their classes, methods and rules."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app.api.answers import Rows
from app.api.score_fields import field_of
from app.domain.vietnamese_labels import FLAGS, LEVELS, period_words
from app.formats.jsonstat import Cube, Dimension, Place

MISSING = "Ô không có số liệu là null hoặc không có mặt, không phải 0."
STATUSES = "`status` là những điều cần lưu ý khi dùng số liệu của ô; `extension.status` giải thích từng mã."
MOVES = "Tăng/giảm là kỳ này trừ kỳ so sánh; bậc tăng là số dương."
MEASURES = {
    "rank": ("Hạng", "bậc"),
    "tied": ("Số đơn vị đồng hạng", "đơn vị"),
    "total": ("Tổng điểm", "điểm"),
    "coverage": ("Mức đủ số liệu", "tỷ lệ"),
    "change.total": ("Tăng/giảm tổng điểm", "điểm"),
    "change.rank": ("Tăng/giảm bậc", "bậc"),
}

UNCHANGED: Mapping[str, Any] = {"total": None, "rank": None, "groups": {}}
CHANGES = ("change.",)
RANKS = ("rank", "tied", "change.rank")
CONCERNS: dict[str, tuple[str, ...]] = {
    "incomplete": ("rank", "tied", "total", "coverage", "change.total", "change.rank", "group."),
    "partial": ("rank", "tied", "total", "coverage", "change.total"),
    "points_exceed_max": ("total", "group."),
    "rules_changed": CHANGES,
    "unit_changed": CHANGES,
    "not_observed_again": CHANGES,
    "before_incomplete": ("change.total", "change.group."),
    "basis_changed": ("change.total", "change.group."),
    "method_changed": ("change.total",),
    "derived_total": ("total", "change.total"),
    "cohort_changed": ("change.rank",),
    "cohort_hidden": RANKS,
    "cohort_partial": RANKS,
    "ended": RANKS,
}
"""The measures that a flag says something about, by how their names begin; any other flag concerns them all."""
OF_THE_UNKNOWN = frozenset({"before_incomplete", "basis_changed", "not_observed_again"})
"""Flags that say why a change is not known: a group's that is known they do not concern."""


class _Measured(NamedTuple):
    """The groups that a cube shows, by name, the most points of each, and the fields that are shown (None: all)."""

    groups: Mapping[str, str]
    maxima: Mapping[str, Decimal]
    fields: Collection[str] | None = None

    @property
    def measures(self) -> dict[str, tuple[str, str]]:
        every = measures_of(self.groups)
        return {name: each for name, each in every.items() if self.fields is None or field_of(name) in self.fields}


def board_cube(
    items: Rows,
    about: Mapping[str, Any],
    groups: Mapping[str, str],
    maxima: Mapping[str, Decimal],
    fields: Collection[str],
) -> Cube:
    """One page of a board; of each group the name and the most points."""
    period, cohort = about["period"], about["cohort"]
    found = [(item["unit"]["code"], period, item) for item in items]
    units = {item["unit"]["code"]: item["unit"]["name"] for item in items}
    extension = {
        "framework": about["framework"],
        "cohort": cohort,
        "summary": about["summary"],
        "against": next((item["change"]["against"] for item in items), None),
        "bands": {code: item["band"] and item["band"]["code"] for code, _, item in found},
        "methods": {code: item["method"] for code, _, item in found},
    }
    label = f"Điểm cấp {LEVELS[cohort['level']]}, {period_words(period)}, theo {about['framework']}"
    return _cube(label, found, units, [period], _Measured(groups, maxima, fields), about["as_of"], extension)


def series_cube(
    items: Rows, unit: Mapping[str, Any], groups: Mapping[str, str], maxima: Mapping[str, Decimal], as_of: datetime
) -> Cube:
    """One page of a unit's series; each period names its rules."""
    found = [(unit["code"], item["period"], item) for item in items]
    extension = {
        "frameworks": {period: item["framework"] for _, period, item in found},
        "against": {period: item["change"]["against"] for _, period, item in found},
        "cohorts": {period: item["of"] for _, period, item in found},
        "bands": {period: item["band"] and item["band"]["code"] for _, period, item in found},
        "methods": {period: item["method"] for _, period, item in found},
    }
    periods = [period for _, period, _ in found]
    label = f"Điểm của {unit['name']} theo thời gian"
    return _cube(label, found, {unit["code"]: unit["name"]}, periods, _Measured(groups, maxima), as_of, extension)


def cohort_cube(items: Rows, about: Mapping[str, Any], fields: Collection[str]) -> Cube:
    """One page of a cohort's series, along every period of it."""
    found: list[tuple[str, str, Mapping[str, Any]]] = [
        (item["unit"]["code"], each["period"], {**each, "change": UNCHANGED})
        for item in items
        for each in item["series"]
        if each["coverage"] is not None
    ]
    names = {each["code"]: each["name"] for each in about["groups_meta"]}
    maxima = {each["code"]: Decimal(each["max"]) for each in about["groups_meta"]}
    cohorts = about["cohorts"]
    extension = {
        "frameworks": {each["period"]: each["framework"] for each in cohorts},
        "cohorts": {each["period"]: each for each in cohorts},
        "bands": {f"{code} {period}": each["band"] and each["band"]["code"] for code, period, each in found},
    }
    units = {item["unit"]["code"]: item["unit"]["name"] for item in items}
    label = f"Điểm cấp {LEVELS[about['level']]} theo thời gian"
    measured = _Measured(names, maxima, {*fields} - {"change"})
    return _cube(label, found, units, about["periods"], measured, about["as_of"], extension)


def _cube(
    label: str,
    found: list[tuple[str, str, Mapping[str, Any]]],
    units: Mapping[str, str],
    periods: Iterable[str],
    measured: _Measured,
    as_of: datetime,
    extension: Mapping[str, Any],
) -> Cube:
    groups, maxima, measures = measured.groups, measured.maxima, measured.measures
    figures: dict[Place, int | Decimal | None] = {}
    flags: dict[Place, str] = {}
    for unit, period, item in found:
        known = figures_of(item, groups)
        for measure, figure in ((name, known[name]) for name in measures):
            figures[unit, period, measure] = figure
            most = maxima.get(measure.removeprefix("group."))
            concerning = [flag for flag in item["flags"] if _concerns(flag, measure, figure, most)]
            if concerning:
                flags[unit, period, measure] = " ".join(concerning)
    used = sorted({flag for _, _, item in found for flag in item["flags"]})
    return Cube(
        label=label,
        dimensions=[
            Dimension("unit", "Đơn vị", units),
            Dimension("period", "Kỳ", {code: period_words(code) for code in periods}, "time"),
            Dimension(
                "measure",
                "Chỉ tiêu",
                {code: name for code, (name, _) in measures.items()},
                "metric",
                {code: counted for code, (_, counted) in measures.items()},
            ),
        ],
        figures=figures,
        flags=flags,
        source="chiso",
        updated=as_of,
        notes=[MISSING, MOVES, STATUSES],
        extension={**extension, "status": {flag: FLAGS.get(flag, flag) for flag in used}},
    )


def _concerns(flag: str, measure: str, figure: int | Decimal | None, most: Decimal | None) -> bool:
    """Whether a flag of a unit says something about one of its figures, of which there are `most` to be had."""
    if flag in OF_THE_UNKNOWN and figure is not None:
        return False
    if measure.startswith("group."):
        if flag == "points_exceed_max":
            return figure is not None and most is not None and figure > most
        if flag == "incomplete":
            return figure is None
    return measure.startswith(CONCERNS.get(flag, ("",)))


def measures_of(groups: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is measured, code to name and what it counts; groups stand under names of their own, `group.payment`."""
    points = {f"group.{code}": (name, "điểm") for code, name in groups.items()}
    moves = {f"change.group.{code}": (f"Tăng/giảm: {name}", "điểm") for code, name in groups.items()}
    return {**MEASURES, **points, **moves}


def figures_of(item: Mapping[str, Any], groups: Iterable[str]) -> dict[str, int | Decimal | None]:
    """The figures of one unit in one period by measure."""
    change = item["change"]
    return {
        "rank": item["rank"],
        "tied": item["tied"],
        "total": item["total"],
        "coverage": item["coverage"],
        "change.total": change["total"],
        "change.rank": change["rank"],
        **{f"group.{code}": item["groups"].get(code) for code in groups},
        **{f"change.group.{code}": change["groups"].get(code) for code in groups},
    }
