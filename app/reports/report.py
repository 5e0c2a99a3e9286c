"""A report as it is answered: a body and its lines for programs, tables for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.answers.common import UnitBrief
from app.domain.letter_format import printed_moment
from app.domain.vietnamese_labels import period_words
from app.formats.page_layout import PagedDocument
from app.formats.tables import Table
from app.reports.data import ReportData
from app.services.scored_cohorts import CohortUnit
from app.store.evaluations import EvaluationRow

Line = Mapping[str, object]
"""An object of a body, or a row of a table."""
Lines = Mapping[str, Sequence[Line]]
"""Objects of a body by the code of the table that shows them."""


@dataclass(frozen=True, slots=True)
class Report:
    """`body` is the JSON answer; `tables`, the first of them the main one, are its CSV and workbook.

    `lines`, by the code of each table, are the objects of the body that the table shows: its NDJSON.
    """

    name: str
    body: Line
    tables: Sequence[Table]
    lines: Lines
    evaluation: EvaluationRow | None


@dataclass(frozen=True, slots=True)
class PagedReport(Report):
    """A report that is printed pages as well."""

    document: PagedDocument


def without(line: Line, *lists: str) -> Line:
    """An object of the body without its lists that are the lines of another table."""
    return {name: value for name, value in line.items() if name not in lists}


def brief(unit: CohortUnit) -> UnitBrief:
    """A unit as reports answer it."""
    return {"code": unit.code, "name": unit.name, "level": unit.level}


def heading(data: ReportData, title: str, *more: str) -> list[str]:
    """What stands above a table in a workbook: the title, the period with the moment of look-up, and what else is said.

    The moment stands there where one was asked for.
    """
    period = f"Kỳ đánh giá: {period_words(data.period.code)}"
    if data.observed_by is not None:
        period += f"; số liệu tra cứu đến {printed_moment(data.observed_by)}"
    return [title, period, *more]
