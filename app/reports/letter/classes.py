"""Where the figures come from, how they become points and classes, and how many units reached each class.

Đồng Nai's letter of Q2/2024: section 1 where and when figures were looked up, section 2 how points and classes are
made, section 3 the result.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.figures import print_figure
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import levels_alike
from app.domain.instant import to_datetime
from app.domain.letter_format import printed_count, printed_list
from app.reports.data import ReportData
from app.reports.letter.facts import LetterFacts
from app.reports.letter.level_lists import (
    SOURCE,
    PublishedLevel,
    criteria_lists,
    published_levels,
    ranked_list,
)
from app.reports.letter.methods import Way, named, way
from app.reports.letter.moments import LookUps, look_ups
from app.reports.letter.office_words import cited
from app.reports.letter.parts import LetterPart, Note, Paragraph, Section, flag_words, items
from app.reports.letter.sentences import BODIES, band_words, class_words, share_words
from app.store.rows import StandingValue

LOOKED_UP: Final = "levels_looked_up"
CLASSED, RANKED = "xếp loại", "xếp hạng"
"""What is done with the units of a framework with bands, and of one without."""
ALL_INCOMPLETE = (
    "{stage}: {count} cơ quan, đơn vị có số liệu đều thiếu điểm của nhóm chỉ số; văn bản không công bố tổng điểm, "
    "không {act} cấp này."
)


def classes(facts: LetterFacts) -> LetterPart:
    """The three sections and a ranked list for each level; nothing where no unit has a total."""
    data, found = facts.data, published_levels(facts)
    levels = [each for each in found if each.published]
    notes = _notes(data, found)
    if not levels:
        return LetterPart((), notes)
    act = CLASSED if data.framework.bands else RANKED
    origin, moments = _origin(facts, levels, act)
    sections = [
        Section(f"Về nguồn dữ liệu và thời điểm đánh giá, {act}", SOURCE, origin),
        Section(_method_title(data.framework), "framework", _method(facts, levels, act)),
        Section(
            f"Kết quả đánh giá, {act}",
            SOURCE,
            [paragraph for level in levels for paragraph in _level(data, level)],
            [*(ranked_list(data, level, act) for level in levels), *criteria_lists(facts, levels)],
        ),
    ]
    return LetterPart(sections, [*moments, *notes])


def _origin(facts: LetterFacts, levels: Sequence[PublishedLevel], act: str) -> tuple[list[Paragraph], Sequence[Note]]:
    """The sources, and when they were looked up, with what to know of that."""
    rows = _rows(facts, levels)
    found = _look_ups(facts, rows)
    [sources] = items([f"Nguồn số liệu: {', '.join(named(facts.scored.sources(rows)))}"], SOURCE)
    moment = Paragraph(f"Thời điểm đánh giá, {act} {found.words()}.", SOURCE, "item", (LOOKED_UP,))
    return [sources, moment], found.notes(facts.on, SOURCE, LOOKED_UP)


def looked_up_words(facts: LetterFacts, levels: Sequence[PublishedLevel]) -> str | None:
    """When what the units were ranked by was looked up; None where nobody has said."""
    found = _look_ups(facts, _rows(facts, levels))
    return None if found.first is None else found.words()


def _rows(facts: LetterFacts, levels: Sequence[PublishedLevel]) -> Sequence[StandingValue]:
    units = {item["unit"]["code"] for level in levels for item in level.published}
    return facts.scored.of(units) or facts.data.values()  # points may be given for nothing that was looked up


def _look_ups(facts: LetterFacts, rows: Sequence[StandingValue]) -> LookUps:
    return look_ups((to_datetime(row.observed_at) for row in rows), facts.looked_up, facts.data.observed_by)


def _method_title(framework: Framework) -> str:
    return "Về cách tính điểm và cách xếp loại" if framework.bands else "Về cách tính điểm"


def _method(facts: LetterFacts, levels: Sequence[PublishedLevel], act: str) -> list[Paragraph]:
    """The points of each group, how levels come to theirs, and the classes, highest first."""
    said = [f"Đối với {printed_list(each.levels)}: {each.way.text}" for each in ways(facts, levels, act)]
    names = {each.level: each.words.scored for each in levels}
    read = [
        ("" if len(alike) == len(names) else f" đối với {printed_list([names[level] for level in alike])}", rules)
        for rules, alike in levels_alike(facts.data.framework, list(names))
    ]
    return [
        *(paragraph for among, rules in read for paragraph in _points(rules, act, among)),
        *items(["Cách tính điểm cụ thể như sau:"], "framework"),
        *items(said, "framework", "subitem"),
        *(paragraph for among, rules in read for paragraph in _classes(rules, among)),
    ]


def _points(framework: Framework, act: str, among: str) -> list[Paragraph]:
    """The total and the points of each group; `among`: for which levels, where they are not the same for all."""
    most = print_figure(framework.total_max)
    law = f"Theo {cited(framework.legal_basis[0].number)} thì tổng" if framework.legal_basis else "Tổng"
    count = printed_count(len(framework.criteria))
    groups = [f"{top.name.vi}: {print_figure(framework.max_of(top))}/{most} điểm" for top in framework.criteria]
    head = f"{law} điểm đánh giá, {act}{among} là {most} điểm bao gồm {count} tiêu chí là:"
    return [*items([head], "framework"), *items(groups, "framework", "subitem")]


def _classes(framework: Framework, among: str) -> list[Paragraph]:
    """The classes and their limits, the highest first; nothing where there are none."""
    if not framework.bands:
        return []
    texts = band_words(framework)
    return [*items([f"Kết quả phân loại{among} như sau:"], "framework"), *items(texts, "framework", "subitem")]


class ScoredBy(NamedTuple):
    """How some levels came to their points: their names, and the way in a sentence without its end."""

    levels: Sequence[str]
    way: Way


def ways(facts: LetterFacts, levels: Sequence[PublishedLevel], act: str) -> list[ScoredBy]:
    """How the levels come to their points, those that do so alike together."""
    of: dict[Way, list[str]] = {}
    for level in levels:
        most = print_figure(facts.data.framework.at(level.level).total_max)
        said = way(facts.scored, level.level, level.published, act, most)
        of.setdefault(said, []).append(level.words.scored)
    return [ScoredBy(scored, said) for said, scored in of.items()]


def _level(data: ReportData, level: PublishedLevel) -> list[Paragraph]:
    """The counts of a level, and of its units those that could not be classed."""
    cohort, body, bands = level.cohort, BODIES[level.level], data.framework.bands
    of, published = cohort.size, len(level.published)
    lines = (
        class_words(level.level, of, cohort.board.summary["bands"])
        if bands
        else [f"Có {share_words(published, of)} {body} được xếp hạng"]
    )
    below = cohort.unclassed - (of - published)
    if bands and below > 0:
        lines.append(f"Có {share_words(below, of)} {body} có điểm dưới mức xếp loại thấp nhất")
    if published < of:
        lines.append(
            f"Có {share_words(of - published, of)} {body} chưa {CLASSED if bands else RANKED} do thiếu số liệu"
        )
    if cohort.missing:
        lines.append(f"Có {printed_count(cohort.missing)} {body} chưa có số liệu")
    return [Paragraph(f"{level.words.stage}:", SOURCE, "item"), *items(lines, SOURCE, "subitem")]


def _notes(data: ReportData, levels: Sequence[PublishedLevel]) -> list[Note]:
    """What to know of the units before their classes are published."""
    counts = Counter(flag for level in levels for item in level.cohort.board.items for flag in item["flags"])
    notes = [
        Note(flag, f"{flag_words(flag)}: {printed_count(count)} cơ quan, đơn vị.", SOURCE)
        for flag, count in counts.items()
        if flag != "cohort_partial"  # the note of those without figures says it
    ]
    act = CLASSED if data.framework.bands else RANKED
    for level in levels:
        size = level.cohort.size
        if size and not level.published:
            said = ALL_INCOMPLETE.format(stage=level.words.stage, count=printed_count(size), act=act)
            notes.append(Note("level_incomplete", said, SOURCE))
    missing = sum(level.cohort.missing for level in levels)
    if missing:
        notes.append(Note("missing", f"Chưa có số liệu: {printed_count(missing)} cơ quan, đơn vị.", SOURCE))
    return notes
