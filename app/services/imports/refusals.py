"""Files that are refused: as the answer to a dry run, and with the counts that every refused import carries."""

from app.domain.intake.merge import ACTS
from app.errors import Fault, Invalid
from app.services.imports.records import in_both
from app.store.imports import ImportRow

NOTHING = dict.fromkeys(("rows", *ACTS, "rejected", "retracted"), 0)
"""The counts of a file of which no row was read."""


def counted(refusal: Invalid) -> Invalid:
    """The refusal with the counts of an import of which nothing is stored."""
    refusal.extra = {**NOTHING, "id": None, **refusal.extra}
    return refusal


def rejected(record: ImportRow, refusal: Invalid) -> ImportRow:
    """The answer to a dry run of a file that would be refused: it asked a question, and this is what it asked for."""
    record.status = "rejected"
    for name in NOTHING:
        setattr(record, name, refusal.extra.get(name, 0))
    faults = refusal.faults or [Fault(refusal.error_code, refusal.context)]
    record.errors = [in_both(fault) for fault in faults]
    return record
