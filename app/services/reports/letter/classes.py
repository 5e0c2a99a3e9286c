"""Where the figures come from, how they become points and classes, and how many units reached each class.

Seed 004: §1 where and when figures were looked up, §2 how points and classes are made, §3 the result.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.figures import print_figure
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.rules import Level
from app.domain.instant import to_datetime
from app.domain.printed import printed_count
from app.domain.reports.announcement import (
    BODIES,
    SCORED,
    STAGES,
    band_words,
    class_words,
    looked_up,
    rate_formula,
    share_words,
)
from app.domain.reports.letter_words import cited
from app.domain.reports.reconciliation import SOURCES
from app.domain.words import FLAGS, period_words
from app.formats.tables import Table
from app.services.boards import indicators_of
from app.services.reports.classification import classification
from app.services.reports.ground import Ground
from app.services.reports.letter.parts import Appendix, Chapter, Note, Paragraph, Section, appendix, items

SOURCE: Final = "classification"
TAKEN = (
    "Lấy tổng số điểm đạt được trên tổng số {most} điểm tại thời điểm xếp loại, đã được tính sẵn và công khai trên "
    "{source}"
)
BY_COMPONENTS = "Tính từ các chỉ số thành phần theo {name}, phiên bản {version}"
BOTH = "Tính từ các chỉ số thành phần; nơi không đủ số liệu thì lấy điểm đã công khai trên {source}"
SECTIONS = (
    "Về nguồn dữ liệu và thời điểm đánh giá, xếp loại",
    "Về cách tính điểm và cách xếp loại",
    "Kết quả đánh giá, xếp loại",
)
Told = Mapping[str, Any]


def classes(ground: Ground) -> Chapter:
    """The three sections and a ranked list for each level; nothing where no unit has a total."""
    report = classification(ground)
    levels = [level for level in report.body["levels"] if level["unclassed"] < level["of"]]
    if not levels:
        return Chapter()
    tables = {table.code: table for table in report.tables}
    rows = ground.values(indicators_of(ground.framework))
    source = _preferred(ground.framework, {row.source for row in rows})
    sections = [
        Section(SECTIONS[0], SOURCE, _origin(ground, rows)),
        Section(SECTIONS[1], "framework", _method(ground.framework, levels, source)),
        Section(
            SECTIONS[2],
            SOURCE,
            [paragraph for level in levels for paragraph in _level(level)],
            [_list(ground, level, tables[level["level"]]) for level in levels],
        ),
    ]
    return Chapter(sections, _notes(levels))


def _preferred(framework: Framework, found: set[str]) -> str:
    """What the source is called that comes first among those with figures."""
    code = next((each for each in framework.sources if each in found), min(found))
    return SOURCES.get(code, code)


def _origin(ground: Ground, rows: Sequence[Any]) -> list[Paragraph]:
    """The sources, and when they were looked up."""
    found = {row.source for row in rows}
    known = [code for code in ground.framework.sources if code in found]
    named = [SOURCES.get(code, code) for code in [*known, *sorted(found.difference(known))]]
    moment = ground.observed_by or to_datetime(max(row.observed_at for row in rows))
    told = (f"Nguồn số liệu: {', '.join(named)}", f"Thời điểm đánh giá, xếp loại vào {looked_up(moment)}")
    return items(told, SOURCE)


def _method(framework: Framework, levels: Sequence[Told], source: str) -> list[Paragraph]:
    """The points of each group, how levels come to theirs, and the classes, highest first."""
    most = print_figure(framework.total_max)
    law = f"Theo {cited(framework.legal_basis[0].number)} thì tổng" if framework.legal_basis else "Tổng"
    count = printed_count(len(framework.criteria))
    groups = [f"{top.name.vi}: {print_figure(framework.max_of(top))}/{most} điểm" for top in framework.criteria]
    ways = _ways(framework, levels, most, source)
    told = [
        *items([f"{law} điểm đánh giá, xếp loại là {most} điểm bao gồm {count} tiêu chí là:"], "framework"),
        *items(groups, "framework", "subitem"),
        *items(["Cách tính điểm cụ thể như sau:"], "framework"),
        *items(ways, "framework", "subitem"),
    ]
    if framework.bands:
        told += items(["Kết quả phân loại như sau:"], "framework")
        told += items(band_words(framework.bands, framework.total_max), "framework", "subitem")
    return told


def _ways(framework: Framework, levels: Sequence[Told], most: str, source: str) -> list[str]:
    """How the levels come to their points; levels that do so alike in one sentence."""
    of: dict[str, list[str]] = {}
    for level in levels:
        of.setdefault(_way(framework, level, most, source), []).append(SCORED[level["level"]])
    return [f"Đối với {' và '.join(named)}: {way}" for way, named in of.items()]


def _way(framework: Framework, level: Told, most: str, source: str) -> str:
    methods = {item["method"] for item in level["items"] if item["method"] is not None}
    if methods == {"reported"}:
        return TAKEN.format(most=most, source=source)
    if methods == {"computed"}:
        formula = rate_formula(framework, level["level"])
        return formula or BY_COMPONENTS.format(name=framework.name.vi, version=framework.version)
    return BOTH.format(source=source)


def _level(level: Told) -> list[Paragraph]:
    """The counts of a level, and of its units those that could not be classed."""
    at: Level = level["level"]
    lines = class_words(at, level["of"], level["bands"])
    if level["unclassed"]:
        lines.append(f"Có {share_words(level['unclassed'], level['of'])} {BODIES[at]} chưa xếp loại do thiếu số liệu")
    if level["missing"]:
        lines.append(f"Có {printed_count(level['missing'])} {BODIES[at]} chưa có số liệu")
    return [Paragraph(f"{STAGES[at]}:", SOURCE, "item"), *items(lines, SOURCE, "subitem")]


def _list(ground: Ground, level: Told, table: Table) -> Appendix:
    """The ranked list of a level, every class in it."""
    groups = [column.key for column in table.columns if column.key.startswith("group ")]
    title = f"Kết quả đánh giá, xếp loại {period_words(ground.period.code)}: {level['name']}"
    return appendix(title, SOURCE, table, ["rank", "name", *groups, "total", "band"])


def _notes(levels: Sequence[Told]) -> list[Note]:
    """What to know of the units before their classes are published."""
    counts = Counter(flag for level in levels for item in level["items"] for flag in item["flags"])
    notes = [
        Note(flag, f"{_flag(flag)}: {printed_count(count)} cơ quan, đơn vị.", SOURCE) for flag, count in counts.items()
    ]
    missing = sum(level["missing"] for level in levels)
    if missing:
        notes.append(Note("missing", f"Chưa có số liệu: {printed_count(missing)} cơ quan, đơn vị.", SOURCE))
    return notes


def _flag(flag: str) -> str:
    words = FLAGS.get(flag, flag)
    return words[:1].upper() + words[1:]
