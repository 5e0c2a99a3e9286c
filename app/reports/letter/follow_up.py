"""Who misses what, what disagrees, who has published and what was ordered: as Tuyên Quang's letters follow up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.answers.report_letter import LetterSource
from app.answers.report_reconciliation import State
from app.domain.figures import print_figure
from app.domain.frameworks.framework import Indicator
from app.domain.letter_format import continued, printed_count, printed_fraction, printed_rate
from app.domain.publications import PublicationState
from app.domain.tasks import TaskState
from app.reports import counts as counts_report
from app.reports import reconciliation as reconciliation_report
from app.reports.below_target import below_target, own_misses
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.letter.office_words import office_of
from app.reports.letter.parts import (
    Appendix,
    LetterPart,
    Note,
    Paragraph,
    Section,
    appendix,
    items,
)
from app.reports.publication import publication
from app.reports.report import Report
from app.reports.rules.below_target import summed as summed_below
from app.reports.rules.counts import summed
from app.reports.rules.reconciliation import SOURCES
from app.reports.tasks import TasksFilter, tasks

MOST_NAMED = 20
"""Units that still stand in the text by name; more are named in the appendix alone."""
COUNTED = ("rank", "name", "count", "share")
BELOW = ("indicator", "name", "numerator", "denominator", "value", "target", "gap")
DIFFER = (
    "name",
    "indicator",
    "here numerator",
    "here denominator",
    "here value",
    "there numerator",
    "there denominator",
    "there value",
    "difference value",
)
OPEN = ("subject", "level", "name", "due_on", "state", "days_late")
OUT = (PublicationState.PUBLISHED, PublicationState.LATE)
MISSED = "Các cơ quan, đơn vị không đạt chỉ tiêu"
PERFORMANCE = "Kết quả theo dõi của các cơ quan, đơn vị"
DIFFERENT = "Về số liệu không trùng khớp giữa các nguồn"
UNPUBLISHED = "Các cơ quan, đơn vị chưa công khai kết quả"
PUBLISHED = "Việc theo dõi công khai kết quả Bộ chỉ số của các cơ quan, đơn vị"
ORDERED = "Việc thực hiện nhiệm vụ được giao"
SUM_DIFFERS = "{name}: cộng từng đơn vị được {sum}, nguồn số liệu công bố {stated} cho toàn đơn vị."
OVERLAP = "{name}: có đơn vị đã nằm trong số liệu của đơn vị cấp trên, không cộng hai lần."


def performance(data: ReportData) -> LetterPart:
    """What is counted that should be less, and who misses a target."""
    counted = _counted(data)
    report = below_target(data)
    held = [each for each in report.body["indicators"] if each["sentence"] is not None]
    told = items((_count_text(each, found.body) for each, found in counted), "counts")
    own = (_own_missed(data, each) for each in own_misses(data))
    missed = items([*own, *(f"Về {continued(each['name'])}: {_missed(each)}" for each in held)], "below-target")
    notes = [note for each, found in counted for note in _count_notes(each, found.body)]
    notes += [_without_figure(each) for each in report.body["indicators"] if each["missing"]]
    if not told and not missed:
        return LetterPart((), notes)
    annexes = [_listed(data, each, found) for each, found in counted if found.body["units"] > MOST_NAMED]
    if any(each["below"] for each in held):
        annexes.append(appendix(data, MISSED, "below-target", report.tables[0], BELOW))
    source: LetterSource = "below-target" if missed else "counts"
    return LetterPart([Section(PERFORMANCE, source, [*told, *missed], annexes)], notes)


def _missed(indicator: Mapping[str, Any]) -> str:
    below: int = indicator["below"]
    return summed_below(below) if below > MOST_NAMED else str(indicator["sentence"])


def _own_missed(data: ReportData, missed: Mapping[str, Any]) -> str:
    """A target that the unit itself misses, with what it has reached."""
    indicator = known_indicators(data)[missed["indicator"]]
    target = printed_rate(missed["target"]) if indicator.kind == "ratio" else print_figure(missed["target"])
    reached = f"{office_of(missed['unit']['name']).name} {_figure(indicator, missed)}"
    return f"Về {continued(indicator.name.vi)}: {reached}, không đạt chỉ tiêu {target}"


def _without_figure(indicator: Mapping[str, Any]) -> Note:
    said = f"{indicator['name']}: {printed_count(indicator['missing'])} cơ quan, đơn vị có chỉ tiêu mà chưa có số liệu."
    return Note("target_without_figure", said, "below-target")


def _counted(data: ReportData) -> list[tuple[Indicator, Report]]:
    """Every count that should be less, over the units that have one: overdue dossiers, say."""
    known = known_indicators(data)
    found = {row.indicator for row in data.values() if row.unit != data.under}
    chosen = [known[code] for code in sorted(found) if code in known and _should_be_less(known[code])]
    return [(each, counts_report.counts(data, counts_report.CountsQuery(each.code))) for each in chosen]


def _count_text(indicator: Indicator, body: Mapping[str, Any]) -> str:
    name, counts = indicator.name.vi, [item["count"] for item in body["items"]]
    said = summed(name, indicator.unit, counts) if body["units"] > MOST_NAMED else str(body["sentence"])
    return f"Về {continued(name)}: {said.removeprefix(f'{name}: ')}"  # it leads with the name where no noun follows


def _listed(data: ReportData, indicator: Indicator, report: Report) -> Appendix:
    return appendix(data, f"{indicator.name.vi} theo đơn vị", "counts", report.tables[0], COUNTED)


def _should_be_less(indicator: Indicator) -> bool:
    return indicator.kind == "count" and indicator.direction == "down"


def _count_notes(indicator: Indicator, body: Mapping[str, Any]) -> list[Note]:
    name, notes = indicator.name.vi, []
    if body["agrees"] is False:
        said = {"sum": print_figure(body["sum"]), "stated": print_figure(body["stated_sum"])}
        notes.append(Note("sum_differs", SUM_DIFFERS.format(name=name, **said), "counts"))
    if "levels_overlap" in body["flags"]:
        notes.append(Note("levels_overlap", OVERLAP.format(name=name), "counts"))
    return notes


def differences(data: ReportData) -> LetterPart:
    """What two sources say differently, of the unit itself and of those below it."""
    report = reconciliation_report.reconciliation(data, reconciliation_report.ReconciliationQuery(state=State.DIFFERS))
    first, second = (SOURCES.get(report.body[name], report.body[name]) for name in ("source", "other"))
    own = reconciliation_report.own_differences(data, report.body["source"], report.body["other"])
    found = [*own, *report.body["items"]]
    if not found:
        return LetterPart()
    known = known_indicators(data)
    by_indicator: dict[str, list[Mapping[str, Any]]] = {}
    for item in found:
        by_indicator.setdefault(item["indicator"], []).append(item)
    between = f"không trùng khớp giữa {first} với {second}"
    told = [f"{known[code].name.vi} {between}: {_units(known[code], of)}" for code, of in by_indicator.items()]
    annex = [appendix(data, DIFFERENT, "reconciliation", report.tables[0], DIFFER)] if report.body["items"] else []
    return LetterPart([Section(DIFFERENT, "reconciliation", items(told, "reconciliation"), annex)])


def _units(indicator: Indicator, found: Sequence[Mapping[str, Any]]) -> str:
    """The units with both figures, or how many they are."""
    if len(found) > MOST_NAMED:
        return f"{printed_count(len(found))} cơ quan, đơn vị"
    both = (
        (item["unit"]["name"], _figure(indicator, item["here"]), _figure(indicator, item["there"])) for item in found
    )
    return "; ".join(f"{name} ({here} và {there})" for name, here, there in both)


def _figure(indicator: Indicator, side: Mapping[str, Any]) -> str:
    """A rate with its counts where they are known; else the figure as it is."""
    value = side["value"]
    said = None if value is None else printed_rate(value) if indicator.kind == "ratio" else print_figure(value)
    if side["numerator"] is None or side["denominator"] is None:
        return said or ""
    counts = printed_fraction(side["numerator"], side["denominator"])
    return counts if said is None else f"{counts}, đạt {said}"


def published(data: ReportData, on: date) -> LetterPart:
    """Who had to publish and has, and by name who has not."""
    report = publication(data, on=on)
    levels = [level for subject in report.body["subjects"] for level in subject["levels"]]
    told = [paragraph for level in levels for paragraph in _publication(level)]
    if not told:
        return LetterPart()
    long = {(level["subject"], level["level"]) for level in levels if len(_unpublished(level)) > MOST_NAMED}
    return LetterPart([Section(PUBLISHED, "publication", told, _unpublished_list(data, report, long))])


def _publication(level: Mapping[str, Any]) -> list[Paragraph]:
    """The counts of a level, and who has not published: by name, or how many where they stand in the appendix."""
    told, names = items([level["sentence"]], "publication", "text"), _unpublished(level)
    who = "; ".join(names) if len(names) <= MOST_NAMED else f"{printed_count(len(names))} cơ quan, đơn vị"
    return [*told, *items([f"Chưa công khai: {who}"] if names else [], "publication")]


def _unpublished(level: Mapping[str, Any]) -> list[str]:
    return [item["unit"]["name"] for item in level["items"] if item["state"] not in OUT]


def _unpublished_list(data: ReportData, report: Report, long: Collection[tuple[str, str]]) -> list[Appendix]:
    """The units that have not published, of the levels that have too many of them to be named in the text."""
    listed = next(table for table in report.tables if table.code == "units")
    rows = [
        row for row in listed.rows if row["state_code"] not in OUT and (row["subject_code"], row["level_code"]) in long
    ]
    return [appendix(data, UNPUBLISHED, "publication", replace(listed, rows=rows), OPEN)] if long else []


def ordered(data: ReportData, on: date) -> LetterPart:
    """What was ordered, the one due first at the top, and what became of it; what was cancelled is not told.

    Only what the unit itself or one below it has ordered: an order from above, to it or others, is not its to give.
    """
    own = {unit.code for unit in data.units()}
    found = [
        item
        for item in tasks(data, TasksFilter(on=on)).body["items"]
        if item["state"] is not TaskState.CANCELLED and (item["unit"] is None or item["unit"]["code"] in own)
    ]
    told = items(map(_task, found), "tasks")
    return LetterPart([Section(ORDERED, "tasks", told)]) if told else LetterPart()


def _task(item: Mapping[str, Any]) -> str:
    """An open task as it is ordered, another as it was reported, by whom where the report does not say so."""
    name, report = item["assignee"]["name"], str(item["report"])
    if item["state"] is not TaskState.OPEN:
        return report if name in report else f"{name}: {continued(report)}"
    said = str(item["sentence"]).rstrip(".")
    return f"{said} (quá hạn {printed_count(item['days_late'])} ngày)" if item["overdue"] else said
