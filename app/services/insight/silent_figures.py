"""Supposed figures that a board does not read: said, lest they be taken for figures that make no difference."""

from collections.abc import Iterable, Iterator, Mapping

from app.answers.faults import FaultBody
from app.errors import ErrorCode, Fault, Language
from app.services.imports.records import in_both
from app.services.insight.supposed_figures import SupposedFigure
from app.services.scored_cohorts import ScoredCohort, indicators_of

UNIT_ELSEWHERE = ErrorCode(
    "supposed_unit_elsewhere",
    "{unit} is not among the units of this board, so its figure of {indicator} changes nothing here; ask for the level "
    "and the unit above it.",
    "{unit} không thuộc bảng này nên số liệu {indicator} của đơn vị không làm thay đổi gì; hãy chọn đúng cấp và đơn vị "
    "cấp trên.",
)
INDICATOR_UNREAD = ErrorCode(
    "supposed_indicator_unread",
    "{framework} does not read {indicator}, so the figure of {unit} changes nothing.",
    "{framework} không dùng {indicator} nên số liệu của {unit} không làm thay đổi gì.",
)
SOURCE_SILENT = ErrorCode(
    "supposed_source_silent",
    "Of {unit}, {indicator} is read from {speaking}, which comes before {source}; to suppose another figure, write "
    "`source: {speaking}`.",
    "Số liệu {indicator} của {unit} được lấy từ nguồn {speaking}, ưu tiên hơn {source}; muốn giả định số khác, hãy ghi "
    "`source: {speaking}`.",
)
MOST_TOLD = 50
"""A supposition of thousands of figures says the same of each."""


def silent_figures(now: ScoredCohort, figures: Iterable[SupposedFigure]) -> Iterator[Mapping[Language, FaultBody]]:
    """What is to be said of each figure that changes nothing, in both languages."""
    read, rows = set(indicators_of(now.framework)), {member.code: row for row, member in enumerate(now.members)}
    for figure in figures:
        words = {"unit": figure.unit, "indicator": figure.indicator, "source": figure.source}
        if figure.indicator not in read:
            yield in_both(Fault(INDICATOR_UNREAD, {**words, "framework": now.framework.id}))
        elif figure.unit not in rows:
            if not figure.retracted:
                yield in_both(Fault(UNIT_ELSEWHERE, words))
        elif (speaking := _source(now, figure.indicator, rows[figure.unit])) not in (None, figure.source):
            yield in_both(Fault(SOURCE_SILENT, {**words, "speaking": speaking}))


def _source(now: ScoredCohort, indicator: str, row: int) -> str | None:
    """The source that speaks of a unit; None where none does."""
    column = now.figures.get(indicator)
    found: str | None = None if column is None else column.source[row]
    return found
