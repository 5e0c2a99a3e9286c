"""The lists of a level behind the letter: its ranking with the groups, and its units beside the single criteria."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.answers.scores import ScoreItem
from app.domain.letter_format import printed_count
from app.domain.vietnamese_labels import period_words
from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.classification import ClassifiedCohort, list_of
from app.reports.comparison_rows import total_change
from app.reports.data import ReportData
from app.reports.letter.facts import LetterFacts
from app.reports.letter.methods import is_published
from app.reports.letter.office_words import LevelWords, level_words
from app.reports.letter.parts import Appendix, Head, appendix
from app.reports.letter.sentences import looked_up
from app.reports.report import Line
from app.reports.rules.criterion_columns import CriterionColumn, pages_of
from app.services.score_names import group_names

SOURCE: Final = "classification"
MOVE = "Tăng (+)/\nGiảm (-)"
CHANGES = {
    "change_total": Column("change_total", "Tăng (+)/Giảm (-) điểm", signed=True),
    "change_rank": Column("change_rank", "Tăng (+)/Giảm (-) bậc", signed=True),
}
MOVES = {"change_total": Head(MOVE, "Điểm"), "change_rank": Head(MOVE, "Bậc")}


@dataclass(frozen=True, slots=True)
class PublishedLevel:
    """A classified level, what it is called, its table, and its units with a total that may be published."""

    cohort: ClassifiedCohort
    words: LevelWords
    table: Table
    published: Sequence[ScoreItem]

    @property
    def level(self) -> Level:
        return self.cohort.board.level


def published_levels(facts: LetterFacts) -> list[PublishedLevel]:
    """The scored levels, with those of their units whose total may be published."""
    data = facts.data
    over = None if data.under is None else data.unit(data.under).level
    names = group_names(data.framework, None)
    return [
        PublishedLevel(
            cohort,
            level_words(cohort.board.level, over),
            list_of(data, cohort, names, place),
            [item for item in cohort.board.items if is_published(data.framework, cohort.board.level, item)],
        )
        for place, cohort in enumerate(facts.classified, start=1)
    ]


def ranked_list(data: ReportData, level: PublishedLevel, act: str) -> Appendix:
    """The ranked list of a level, every class in it, and how each unit moved."""
    board = level.cohort.board
    groups = [column.key for column in level.table.columns if column.key.startswith("group ")]
    published = {item["unit"]["code"] for item in level.published}
    rows = [_with_change(row, item, published) for row, item in zip(level.table.rows, board.items, strict=True)]
    title = f"Kết quả đánh giá, {act} {period_words(data.period.code)}: {level.words.heading}"
    keys = ["stt", "name", *groups, "total", *(["band"] if data.framework.bands else []), "rank", *CHANGES]
    columns = [*level.table.columns, *CHANGES.values()]
    names = {column.key: column.title for column in level.table.columns}
    heads = {**{key: Head("Điểm các nhóm chỉ số", names[key]) for key in groups}, **MOVES}
    return appendix(data, title, SOURCE, replace(level.table, columns=columns, rows=rows), keys, heads)


def _with_change(row: Line, item: ScoreItem, published: Collection[str]) -> Line:
    """A unit of the list; what groups are missing from is no total to be printed, and has no change."""
    change = item["change"]
    if row["code"] not in published:
        return {**row, "total": None, "change_total": None, "change_rank": None}
    return {**row, "change_total": total_change(item), "change_rank": change["rank"]}


def criteria_lists(facts: LetterFacts, levels: Sequence[PublishedLevel]) -> Iterator[Appendix]:
    """The units of each level beside its criteria, those that have any, on as many pages as the columns take.

    The totals stand on the first.
    """
    for level in levels:
        pages = pages_of(facts.criteria[level.level].columns)
        for place, columns in enumerate(pages):
            yield _criteria_list(facts, level, columns, is_first=not place)


def _criteria_list(
    facts: LetterFacts, level: PublishedLevel, columns: Sequence[CriterionColumn], *, is_first: bool
) -> Appendix:
    data, criteria = facts.data, facts.criteria[level.level]
    keys = {f"criterion {column.code}": column for column in columns}
    published = {item["unit"]["code"] for item in level.published}
    items = level.cohort.board.items
    rows = [
        {**_with_change(row, item, published), **{f"criterion {code}": cell.text for code, cell in cells}}
        for row, item in zip(level.table.rows, items, strict=True)
        if (cells := list(criteria.cells(item["unit"]["code"])))
    ]
    ends = ["total", *(["band"] if data.framework.bands else []), "rank", *CHANGES] if is_first else []
    table = replace(
        level.table,
        columns=[
            *level.table.columns,
            *(Column(key, column.name, mixed=True) for key, column in keys.items()),
            *CHANGES.values(),
        ],
        rows=rows,
    )
    heads = {**{key: Head(column.group.name.vi, column.name) for key, column in keys.items()}, **MOVES}
    at = facts.looked_up_of(criteria)
    known = [] if at is None else [f"tra cứu {looked_up(at)}"]
    if len(rows) < len(items):
        known.append(f"{printed_count(len(rows))}/{printed_count(len(items))} đơn vị có số liệu")
    title = f"Kết quả các tiêu chí {period_words(data.period.code)}: {level.words.heading}"
    said = f"{title} ({'; '.join(known)})" if known else title
    return appendix(data, said, SOURCE, table, ["stt", "name", *keys, *ends], heads)
