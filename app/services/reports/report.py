"""A report as it is answered: a body for programs, tables for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.tables import Table
from app.store.evaluations import EvaluationRow


@dataclass(frozen=True, slots=True)
class Report:
    """`body` is the JSON answer; `tables`, the first of them the main one, are its CSV, NDJSON and workbook."""

    name: str
    body: Mapping[str, Any]
    tables: Sequence[Table]
    evaluation: EvaluationRow | None
