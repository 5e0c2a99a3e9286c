"""Events that change the map of units, and what a unit was through time."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from app.answers.examples import load_example
from app.answers.unit_events import Lineage, UnitEventAdded
from app.api.answers import answer, warned
from app.api.deps import PublicReader, ReadSession, UnitsWriter, WriteSession
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.api.unit_schemas import Force, UnitPath
from app.api.warnings import text_warnings
from app.domain.characters import SEVERAL_LINES
from app.domain.day import Day
from app.domain.frameworks.rules import Figure
from app.domain.unit import UnitName
from app.domain.unit_change import UnitChange
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.services import unit_events
from app.services.unit_event_checks import MOST_MEMBERS

router = APIRouter(prefix="/v1", tags=["units"], route_class=StrictRoute)


Share = Annotated[Figure, Field(gt=0, le=1), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1})]


class EventTarget(BaseModel):
    """A unit after the event; `share` of the old one that it takes over, from 0 to 1."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitCode
    share: Share | None = None


class UnitEventBody(BaseModel):
    """A change of the map of units on a day. Units of `from` that are not in `to` end the day before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": load_example("unit_event_request")},
    )

    kind: Literal["merge", "split", "rename", "move", "abolish"]
    effective_on: Day
    from_: Annotated[tuple[UnitCode, ...], BY_PIECES, Field(alias="from", min_length=1, max_length=MOST_MEMBERS)]
    to: Annotated[tuple[EventTarget, ...], BY_PIECES, Field(max_length=MOST_MEMBERS)] = ()
    name: UnitName | None = None
    parent: UnitCode | None = None
    legal_ref: Annotated[str, StringConstraints(min_length=1, max_length=500), SEVERAL_LINES] | None = None


@router.get(
    "/units/{code}/lineage", response_model=Lineage, responses={200: example("unit_lineage"), **problems(401, 404, 422)}
)
@kept
def read_unit_lineage(caller: PublicReader, session: ReadSession, code: UnitPath) -> Response:
    """Where a unit stands, what it was called when, and what it came from and went into."""
    return answer(unit_events.lineage(session, code))


@router.post(
    "/unit-events",
    status_code=201,
    response_model=UnitEventAdded,
    responses={201: example("unit_event", warnings=[]), **problems(400, 401, 403, 409, 413, 415, 422, 503)},
)
def post_unit_event(
    request: Request, caller: UnitsWriter, session: WriteSession, body: UnitEventBody, force: Force = False
) -> Response:
    """Merge, split, rename, move or abolish units from a day on, with the legal reference."""
    event = UnitChange(
        kind=body.kind,
        effective_on=body.effective_on,
        sources=body.from_,
        targets=tuple((each.unit, None if each.share is None else str(each.share)) for each in body.to),
        name=body.name,
        parent=body.parent,
        legal_ref=body.legal_ref,
    )
    added, warnings = unit_events.add_event(session, caller, event, force=force)
    return warned(request, added, [*warnings, *text_warnings(request, body)], 201)
