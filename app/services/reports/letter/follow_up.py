"""Who misses what, what disagrees, who has published and what was ordered: the follow-up of seeds 000 and 002."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.figures import print_figure
from app.domain.frameworks.framework import Indicator
from app.domain.printed import continued, printed_count, printed_fraction, printed_rate
from app.domain.reports.below_target import summed as summed_below
from app.domain.reports.counts import summed
from app.domain.reports.publications import PublicationState
from app.domain.reports.reconciliation import SOURCES, State
from app.domain.reports.tasks import TaskState
from app.services.reports import counts as counts_report
from app.services.reports import reconciliation as reconciliation_report
from app.services.reports.below_target import below_target
from app.services.reports.ground import Ground
from app.services.reports.indicators import known_indicators
from app.services.reports.letter.parts import (
    Appendix,
    Chapter,
    Note,
    Paragraph,
    Section,
    Source,
    appendix,
    items,
)
from app.services.reports.publication import publication
from app.services.reports.report import Report
from app.services.reports.tasks import Wish, tasks

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
MISSED = "Các cơ quan, đơn vị không đạt chỉ tiêu"
PERFORMANCE = "Kết quả theo dõi của các cơ quan, đơn vị"
DIFFERENT = "Về số liệu không trùng khớp giữa các nguồn"
PUBLISHED = "Việc theo dõi công khai kết quả Bộ chỉ số của các cơ quan, đơn vị"
ORDERED = "Việc thực hiện nhiệm vụ được giao"
SUM_DIFFERS = "{name}: cộng từng đơn vị được {sum}, nguồn số liệu công bố {stated} cho toàn đơn vị."
OVERLAP = "{name}: có đơn vị đã nằm trong số liệu của đơn vị cấp trên, không cộng hai lần."


def performance(ground: Ground) -> Chapter:
    """What is counted that should be less, and who misses a target."""
    counted = _counted(ground)
    report = below_target(ground)
    held = [each for each in report.body["indicators"] if each["sentence"] is not None]
    told = items((_count_text(each, found.body) for each, found in counted), "counts")
    missed = items((f"Về {continued(each['name'])}: {_missed(each)}" for each in held), "below-target")
    if not told and not missed:
        return Chapter()
    annexes = [_listed(ground, each, found) for each, found in counted if found.body["units"] > MOST_NAMED]
    if any(each["below"] for each in held):
        annexes.append(appendix(ground, MISSED, "below-target", report.tables[0], BELOW))
    source: Source = "below-target" if missed else "counts"
    notes = [note for each, found in counted for note in _count_notes(each, found.body)]
    return Chapter([Section(PERFORMANCE, source, [*told, *missed], annexes)], notes)


def _missed(indicator: Mapping[str, Any]) -> str:
    below: int = indicator["below"]
    return summed_below(below) if below > MOST_NAMED else str(indicator["sentence"])


def _counted(ground: Ground) -> list[tuple[Indicator, Report]]:
    """Every count that should be less, over the units that have one: overdue dossiers, say."""
    known = known_indicators(ground)
    found = {row.indicator for row in ground.values() if row.unit != ground.under}
    chosen = [known[code] for code in sorted(found) if code in known and _should_be_less(known[code])]
    return [(each, counts_report.counts(ground, counts_report.Asked(each.code))) for each in chosen]


def _count_text(indicator: Indicator, body: Mapping[str, Any]) -> str:
    name, counts = indicator.name.vi, [item["count"] for item in body["items"]]
    said = summed(name, indicator.unit, counts) if body["units"] > MOST_NAMED else str(body["sentence"])
    return f"Về {continued(name)}: {said}"


def _listed(ground: Ground, indicator: Indicator, report: Report) -> Appendix:
    return appendix(ground, f"{indicator.name.vi} theo đơn vị", "counts", report.tables[0], COUNTED)


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


def differences(ground: Ground) -> Chapter:
    """What two sources say differently, of the unit itself and of those below it."""
    report = reconciliation_report.reconciliation(ground, reconciliation_report.Asked(state=State.DIFFERS))
    first, second = (SOURCES.get(report.body[name], report.body[name]) for name in ("source", "other"))
    own = reconciliation_report.own_differences(ground, report.body["source"], report.body["other"])
    found = [*own, *report.body["items"]]
    if not found:
        return Chapter()
    known = known_indicators(ground)
    by_indicator: dict[str, list[Mapping[str, Any]]] = {}
    for item in found:
        by_indicator.setdefault(item["indicator"], []).append(item)
    between = f"không trùng khớp giữa {first} với {second}"
    told = [f"{known[code].name.vi} {between}: {_units(known[code], of)}" for code, of in by_indicator.items()]
    annex = [appendix(ground, DIFFERENT, "reconciliation", report.tables[0], DIFFER)] if report.body["items"] else []
    return Chapter([Section(DIFFERENT, "reconciliation", items(told, "reconciliation"), annex)])


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


def published(ground: Ground, on: date) -> Chapter:
    """Who had to publish and has, and by name who has not."""
    subjects = publication(ground, on=on).body["subjects"]
    told = [paragraph for subject in subjects for level in subject["levels"] for paragraph in _publication(level)]
    return Chapter([Section(PUBLISHED, "publication", told)]) if told else Chapter()


def _publication(level: Mapping[str, Any]) -> list[Paragraph]:
    out = (PublicationState.PUBLISHED, PublicationState.LATE)
    open_ = [item["unit"]["name"] for item in level["items"] if item["state"] not in out]
    told = items([level["sentence"]], "publication", "text")
    return [*told, *items([f"Chưa công khai: {'; '.join(open_)}"] if open_ else [], "publication")]


def ordered(ground: Ground, on: date) -> Chapter:
    """What was ordered, the one due first at the top, and what became of it; what was cancelled is not told."""
    found = tasks(ground, Wish(on=on)).body["items"]
    told = items((_task(item) for item in found if item["state"] is not TaskState.CANCELLED), "tasks")
    return Chapter([Section(ORDERED, "tasks", told)]) if told else Chapter()


def _task(item: Mapping[str, Any]) -> str:
    """An open task as it is ordered, another as it was reported, by whom where the report does not say so."""
    name, report = item["assignee"]["name"], str(item["report"])
    if item["state"] is not TaskState.OPEN:
        return report if name in report else f"{name}: {continued(report)}"
    said = str(item["sentence"]).rstrip(".")
    return f"{said} (quá hạn {printed_count(item['days_late'])} ngày)" if item["overdue"] else said
