"""Evaluations under examination: do the numbers follow from what was frozen, and what differs between two of them."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import true
from sqlalchemy.orm import Session

from app.answers.evaluations import (
    EvaluationDiff,
    FigureDifference,
    FrozenFigure,
    ResultDifference,
    Verification,
    VerifyDifference,
)
from app.domain.evaluation import Place, ValueDifference, changed, differences, numbers
from app.domain.figures import DECIMALS, unscaled
from app.errors import MOST_FAULTS, AppError
from app.services import frozen_content
from app.services.evaluations import get, subject
from app.services.frozen_content import EvaluationContent
from app.services.rights import Caller
from app.store import evaluations as store
from app.store.audit import list_entries
from app.store.evaluation_content import FrozenValue
from app.store.evaluations import EvaluationFilter, EvaluationRow

DAMAGED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, AppError)
"""What computing may run into where the content is not what was frozen."""


def verify(session: Session, caller: Caller, id: int) -> Verification:
    """Whether the results follow from the frozen figures, and row, content and trace are as they were written."""
    row = get(session, caller, id)
    parts = store.load_parts(session, id)
    found = [*_trace_differences(session, row, id), *_pair("content", row.seal, frozen_content.content_digest(parts))]
    recomputed = None
    try:
        content = EvaluationContent.of(parts)
        fresh = content.recomputed()
        found += differences(numbers(content.results), numbers(fresh.results))
        found += _row_differences(row, fresh)
        found += _pair("letter_digest", row.letter_digest, content.letter_digest())
        recomputed = fresh.digest()
    except DAMAGED as damage:
        found += _pair("content", "readable", type(damage).__name__)
    return {
        "id": id,
        "digest": row.digest,
        "recomputed": recomputed,
        "matches": not found and recomputed == row.digest,
        "differences": [_verify_difference(each) for each in _few(found)],
    }


def damaged(session: Session) -> Iterator[int]:
    """The evaluations of which row or content are not as the trace noted them; results are not computed anew."""
    for row in store.list_evaluations(session, EvaluationFilter(), true(), before=None, limit=None):
        assert row.id is not None
        seal = frozen_content.content_digest(store.load_parts(session, row.id))
        if seal != row.seal or _trace_differences(session, row, row.id):
            yield row.id


def _few(found: Sequence[ValueDifference]) -> Sequence[ValueDifference]:
    """The first differences; where there are more, the last one tells how many (`further_differences`)."""
    if len(found) <= MOST_FAULTS:
        return found
    beyond = len(found) - MOST_FAULTS
    return [*found[:MOST_FAULTS], ValueDifference((None, None, "further_differences"), None, beyond)]


def fingerprint(session: Session, caller: Caller, id: int) -> str:
    """A hash of all that `verify` looks at, as it stands in the database now."""
    row = get(session, caller, id)
    found = sha256(repr([row.model_dump(), _noted(session, id)]).encode())
    for part, content in sorted(store.load_parts(session, id).items()):
        found.update(f"{part} {len(content)} ".encode())
        found.update(content.encode())
    return found.hexdigest()


def _trace_differences(session: Session, row: EvaluationRow, id: int) -> list[ValueDifference]:
    """Where the row says something else than the trace noted when it was drawn up."""
    noted = _noted(session, id)
    said = {"digest": row.digest, "letter_digest": row.letter_digest, "seal": row.seal, "scope": row.scope}
    return [each for name, value in said.items() for each in _pair(f"trace.{name}", value, noted.get(name))]


def _noted(session: Session, id: int) -> Mapping[str, object]:
    """What the trace noted when the evaluation was drawn up."""
    filters = {"subject": subject(id), "action": "evaluation.created"}
    entries = list(list_entries(session, filters=filters, since=None, until=None, before=None, limit=1))
    return entries[0].after if entries else {}


def _row_differences(row: EvaluationRow, content: EvaluationContent) -> list[ValueDifference]:
    """Where the row is about something else than what was frozen."""
    said: dict[str, object] = {"framework": f"{row.framework}@{row.version}", "levels": list(row.level_list())}
    said |= {"period": row.period, "under": row.under, "against": row.against, "cohorts": row.cohorts}
    frozen = {**content.inputs, "cohorts": frozen_content.cohorts(content.results)}
    return [each for name, value in said.items() for each in _pair(f"scope.{name}", value, frozen[name])]


def _pair(member: str, before: object, after: object) -> list[ValueDifference]:
    return [] if before == after else [ValueDifference((None, None, member), before, after)]


def _verify_difference(each: ValueDifference) -> VerifyDifference:
    level, unit, member = each.place
    return {"level": level, "unit": unit, "member": member, "frozen": each.before, "recomputed": each.after}


def _result_difference(each: ValueDifference) -> ResultDifference:
    level, unit, member = each.place
    return {"level": level, "unit": unit, "member": member, "before": each.before, "now": each.after}


def diff(session: Session, caller: Caller, id: int, against: int) -> EvaluationDiff:
    """What changed from the evaluation `against` to this one: numbers of the results, and the figures behind them."""
    then, now = _content(session, caller, against), _content(session, caller, id)
    return {
        "id": id,
        "against": against,
        "differences": [
            _result_difference(each)
            for each in differences(numbers(then.results), numbers(now.results))
            if each.place[2] != "places"  # the stored order, which follows from the totals that are named
        ],
        "figures": [_figure_difference(each) for each in changed(_figures(then), _figures(now))],
    }


def _content(session: Session, caller: Caller, id: int) -> EvaluationContent:
    get(session, caller, id)
    return EvaluationContent.of(store.load_parts(session, id))


def _figures(content: EvaluationContent) -> dict[Place, object]:
    """Every frozen figure: numerator, denominator and value ×10⁴, by period, unit, and indicator with source."""
    found: dict[Place, object] = {}
    for period, inputs in content.inputs["periods"].items():
        for value in inputs["values"]:
            one = FrozenValue(*value)
            place = (period, one.unit, f"{one.indicator} {one.source}")
            found[place] = (one.numerator, one.denominator, one.value)
    return found


def _figure_difference(each: ValueDifference) -> FigureDifference:
    period, unit, which = each.place
    indicator, _, source = which.partition(" ")
    assert period is not None
    assert unit is not None
    return {
        "period": period,
        "unit": unit,
        "indicator": indicator,
        "source": source,
        "before": _stated(each.before),
        "now": _stated(each.after),
    }


def _stated(figure: object) -> FrozenFigure | None:
    """A figure in its own unit; None where there is none."""
    if not isinstance(figure, tuple):
        return None
    numerator, denominator, value = (None if each is None else unscaled(each, DECIMALS) for each in figure)
    return {"numerator": numerator, "denominator": denominator, "value": value}
