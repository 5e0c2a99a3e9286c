"""Evaluations as the release before editions stored them, with the boards that it answered over them.

They stand in `tests/golden/data/evaluations_first_edition.json` and cannot be made again: provinces, departments and
communes of the demonstration, and units of a framework with every policy for what is missing. Among them are changes,
flags, coverage and ranks that are defined otherwise today.
"""

import json
from pathlib import Path
from typing import Any

from app.store.audit import record
from app.store.db import Database
from app.store.evaluations import EvaluationRow, add_evaluation

STORED = Path(__file__).parent.parent / "golden" / "data" / "evaluations_first_edition.json"


def first_edition() -> list[dict[str, Any]]:
    """`row`, `parts` and `boards` (the text answered, by level) of each."""
    found: list[dict[str, Any]] = json.loads(STORED.read_text())
    return found


def store_first_edition(database: Database, stored: dict[str, Any]) -> int:
    """Store one as it stood, with its entry in the trace; its number here."""
    with database.writing() as session:
        row = EvaluationRow(**stored["row"], letter_digest=None)
        id = add_evaluation(session, row, stored["parts"])
        noted = {"scope": row.scope, "digest": row.digest, "seal": row.seal}
        record(session, "evaluation.created", f"evaluation:{id}", after=noted)
    return id
