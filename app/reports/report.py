"""A report as it is answered: a body and its lines for programs, tables for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.page_layout import PagedDocument
from app.formats.tables import Table
from app.store.evaluations import EvaluationRow


@dataclass(frozen=True, slots=True)
class Report:
    """`body` is the JSON answer; `tables`, the first of them the main one, are its CSV and workbook.

    `lines`, by the code of each table, are the objects of the body that the table shows: its NDJSON.
    """

    name: str
    body: Mapping[str, Any]
    tables: Sequence[Table]
    lines: Mapping[str, Sequence[Mapping[str, Any]]]
    evaluation: EvaluationRow | None


@dataclass(frozen=True, slots=True)
class Letter(Report):
    """A report that is a letter as well."""

    document: PagedDocument


def without(told: Mapping[str, Any], *lists: str) -> dict[str, Any]:
    """An object of the body without its lists that are the lines of another table."""
    return {name: value for name, value in told.items() if name not in lists}
