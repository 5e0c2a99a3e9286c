"""What an evaluation makes public beside its scores: what was ordered, published, aimed at and said in letters."""

from typing import Any

from sqlalchemy.orm import Session

from app.services import frozen_content
from app.store import evaluations as store
from app.store.evaluations import EvaluationRow

REPORTS = {
    "tasks": "tasks",
    "publications": "publication",
    "notes": "publication",
    "targets": "below-target",
    "letter_profile": "announcement",
}
"""The report that shows what was counted."""


def becomes_public(session: Session, row: EvaluationRow) -> dict[str, Any]:
    """How much the evaluation froze of each kind, and the reports over it that show what there is."""
    assert row.id is not None
    inputs = frozen_content.read_content(store.load_part(session, row.id, "inputs"))
    publications = inputs.get("publications", ())
    counts = {
        "tasks": len(inputs.get("tasks", ())),
        "publications": len(publications),
        "notes": sum(each["note"] is not None for each in publications),
        "targets": len(inputs.get("targets", ())),
        "letter_profile": int(inputs.get("letter") is not None),
    }
    shown = dict.fromkeys(REPORTS[kind] for kind, count in counts.items() if count)
    return {**counts, "see": [f"/v1/reports/{name}?evaluation={row.id}" for name in shown]}
