"""Who misses what, what disagrees, who has published and what was ordered: as Tuyên Quang's letters follow up."""

from collections.abc import Sequence
from dataclasses import replace

from app.answers.report_letter import LetterSource
from app.domain.figures import print_figure
from app.domain.frameworks.framework import Indicator
from app.domain.letter_format import continued, printed_count, printed_fraction, printed_rate
from app.domain.publications import OUT
from app.domain.tasks import TaskState
from app.domain.unit_names import grouped_names
from app.domain.vietnamese_labels import SOURCES
from app.reports.below_target import misses_table
from app.reports.counts import CountedIndicator, units_table
from app.reports.data import ReportData
from app.reports.indicators import PrintedFigure, printed_figure
from app.reports.letter.facts import LetterFacts
from app.reports.letter.office_words import office_of
from app.reports.letter.parts import Appendix, LetterPart, Note, Paragraph, Section, appendix, items
from app.reports.missed_targets import MeasuredIndicator, Miss, own_misses
from app.reports.publication import Duty, LevelDuties, duties_table
from app.reports.reconciliation import pairs_table
from app.reports.rules.below_target import summed as summed_below
from app.reports.rules.counts import summed
from app.reports.source_pairs import SourcePair
from app.reports.tasks import DatedTask
from app.store.rows import StandingValue

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
MISSED = "Các cơ quan, đơn vị không đạt chỉ tiêu"
PERFORMANCE = "Kết quả theo dõi của các cơ quan, đơn vị"
DIFFERENT = "Về số liệu không trùng khớp giữa các nguồn"
UNPUBLISHED = "Các cơ quan, đơn vị chưa công khai kết quả"
PUBLISHED = "Việc theo dõi công khai kết quả Bộ chỉ số của các cơ quan, đơn vị"
ORDERED = "Việc thực hiện nhiệm vụ được giao"
SUM_DIFFERS = "{name}: cộng từng đơn vị được {sum}, nguồn số liệu công bố {stated} cho toàn đơn vị."
OVERLAP = "{name}: có đơn vị đã nằm trong số liệu của đơn vị cấp trên, không cộng hai lần."


def performance(facts: LetterFacts) -> LetterPart:
    """What is counted that should be less, and who misses a target."""
    data, counted, measured = facts.data, facts.counted, facts.measured
    shown = [(each, sentence) for each in measured if (sentence := each.sentence) is not None]
    counts = items(map(_count_text, counted), "counts")
    own = (_own_missed(indicator, miss) for indicator, miss in own_misses(data))
    of_others = (f"Về {continued(each.indicator.name.vi)}: {_missed(each, sentence)}" for each, sentence in shown)
    missed = items([*own, *of_others], "below-target")
    notes = [note for each in counted for note in _count_notes(each)]
    notes += [_without_figure(each) for each in measured if each.missing]
    if not counts and not missed:
        return LetterPart((), notes)
    annexes = [_listed(data, each) for each in counted if each.units > MOST_NAMED]
    if any(each.below for each in measured):
        annexes.append(appendix(data, MISSED, "below-target", misses_table(measured), BELOW))
    source: LetterSource = "below-target" if missed else "counts"
    return LetterPart([Section(PERFORMANCE, source, [*counts, *missed], annexes)], notes)


def _missed(measured: MeasuredIndicator, sentence: str) -> str:
    below = len(measured.below)
    return summed_below(below) if below > MOST_NAMED else sentence


def _own_missed(indicator: Indicator, miss: Miss) -> str:
    """A target that the unit itself misses, with what it has reached."""
    target = miss.measured.target_figure
    aim = printed_rate(target) if indicator.kind == "ratio" else print_figure(target)
    reached = f"{office_of(miss.measured.unit.name).name} {_figure_words(indicator, miss.printed)}"
    return f"Về {continued(indicator.name.vi)}: {reached}, không đạt chỉ tiêu {aim}"


def _without_figure(measured: MeasuredIndicator) -> Note:
    name, count = measured.indicator.name.vi, printed_count(len(measured.missing))
    return Note(
        "target_without_figure", f"{name}: {count} cơ quan, đơn vị có chỉ tiêu mà chưa có số liệu.", "below-target"
    )


def _count_text(counted: CountedIndicator) -> str:
    name, counts = counted.indicator.name.vi, [each.count for each in counted.listed]
    said = summed(name, counted.indicator.unit, counts) if counted.units > MOST_NAMED else counted.sentence
    return f"Về {continued(name)}: {said.removeprefix(f'{name}: ')}"  # it leads with the name where no noun follows


def _listed(data: ReportData, counted: CountedIndicator) -> Appendix:
    return appendix(data, f"{counted.indicator.name.vi} theo đơn vị", "counts", units_table(counted), COUNTED)


def _count_notes(counted: CountedIndicator) -> list[Note]:
    name, notes = counted.indicator.name.vi, []
    if counted.stated is not None and not counted.agrees:
        said = SUM_DIFFERS.format(name=name, sum=print_figure(counted.sum), stated=print_figure(counted.stated))
        notes.append(Note("sum_differs", said, "counts"))
    if "levels_overlap" in counted.flags:
        notes.append(Note("levels_overlap", OVERLAP.format(name=name), "counts"))
    return notes


def differences(facts: LetterFacts) -> LetterPart:
    """What two sources say differently, of the unit itself and of those below it."""
    reconciled, pairs = facts.reconciled, facts.differing
    if not pairs:
        return LetterPart()
    by_indicator: dict[str, list[SourcePair]] = {}
    for pair in pairs:
        by_indicator.setdefault(pair.indicator.code, []).append(pair)
    first, second = (SOURCES.get(source, source) for source in (reconciled.source, reconciled.other))
    between = f"không trùng khớp giữa {first} với {second}"
    texts = [f"{of[0].indicator.name.vi} {between}: {_units(of, facts.data.office)}" for of in by_indicator.values()]
    annex = []
    if reconciled.listed:
        annex.append(appendix(facts.data, DIFFERENT, "reconciliation", pairs_table(reconciled), DIFFER))
    return LetterPart([Section(DIFFERENT, "reconciliation", items(texts, "reconciliation"), annex)])


def _units(pairs: Sequence[SourcePair], office: str | None) -> str:
    """The units with both figures, or how many they are."""
    if len(pairs) > MOST_NAMED:
        return f"{printed_count(len(pairs))} cơ quan, đơn vị"
    said = [(pair, _row_words(pair.indicator, pair.here), _row_words(pair.indicator, pair.there)) for pair in pairs]
    return "; ".join(f"{pair.unit.called_in(office)} ({here} và {there})" for pair, here, there in said)


def _row_words(indicator: Indicator, row: StandingValue | None) -> str:
    return "" if row is None else _figure_words(indicator, printed_figure(row))


def _figure_words(indicator: Indicator, figure: PrintedFigure) -> str:
    """A rate with its counts where they are known; else the figure as it is."""
    value = figure.value
    said = None if value is None else printed_rate(value) if indicator.kind == "ratio" else print_figure(value)
    if figure.numerator is None:
        return said or ""
    if figure.denominator is None:
        return f"{print_figure(figure.numerator)} ({said})"
    counts = printed_fraction(figure.numerator, figure.denominator)
    return counts if said is None else f"{counts}, đạt {said}"


def published(facts: LetterFacts) -> LetterPart:
    """Who had to publish and has, and by name who has not."""
    levels = facts.duties
    paragraphs = [paragraph for level in levels for paragraph in _publication(level, facts.data.office)]
    if not paragraphs:
        return LetterPart()
    return LetterPart([Section(PUBLISHED, "publication", paragraphs, _unpublished_list(facts.data, levels))])


def _publication(level: LevelDuties, office: str | None) -> list[Paragraph]:
    """The counts of a level, and who has not published: by name, or how many where they stand in the appendix."""
    names = [duty.unit.listed_in(office) for duty in _unpublished(level)]
    who = grouped_names(names) if len(names) <= MOST_NAMED else f"{printed_count(len(names))} cơ quan, đơn vị"
    missing = [f"Chưa công khai: {who}"] if names else []
    return [*items([level.sentence], "publication", "text"), *items(missing, "publication")]


def _unpublished(level: LevelDuties) -> list[Duty]:
    return [duty for duty in level.duties if duty.state not in OUT]


def _unpublished_list(data: ReportData, levels: Sequence[LevelDuties]) -> list[Appendix]:
    """The units that have not published, of the levels that have too many of them to be named in the text."""
    long = [replace(level, duties=_unpublished(level)) for level in levels if len(_unpublished(level)) > MOST_NAMED]
    return [appendix(data, UNPUBLISHED, "publication", duties_table(long), OPEN)] if long else []


def ordered(facts: LetterFacts) -> LetterPart:
    """What was ordered, the one due first at the top, and what became of it."""
    paragraphs = items(map(_task, facts.ordered), "tasks")
    return LetterPart([Section(ORDERED, "tasks", paragraphs)]) if paragraphs else LetterPart()


def _task(task: DatedTask) -> str:
    """An open task as it is ordered, another as it was reported, by whom where the report does not say so."""
    if task.state is not TaskState.OPEN:
        name, report = task.called(task.assignee), str(task.report)
        return report if name in report else f"{name}: {continued(report)}"
    said = task.sentence.rstrip(".")
    return f"{said} (quá hạn {printed_count(task.days_late or 0)} ngày)" if task.overdue else said
