"""What evaluations are asked for with."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from app.answers.examples import load_example
from app.api.deps import instant
from app.api.periods import ReasonText, period_code
from app.api.schemas import KeptMoment, Moment
from app.config import Settings
from app.domain.characters import NAME
from app.domain.input_location import located
from app.domain.instant import to_instant
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import FrameworkName, Level
from app.services.evaluation_states import EvaluationRequest
from app.store.true_times import instant_of
from app.store.values import Clocks

EvaluationId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of an evaluation.", examples=[1])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300), NAME]


class EvaluationBody(BaseModel):
    """What to evaluate; what is left out is the default framework, everywhere, the period before, and now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("evaluation_request")})

    framework: FrameworkName | None = None
    period: PeriodCode
    under: UnitCode | None = None
    levels: Annotated[list[Level], BY_PIECES, Field(min_length=1, max_length=6)]
    as_of: Moment | None = None
    observed_by: Moment | None = None
    against: PeriodCode | None = None
    title: Title | None = None
    publish_at: KeptMoment | None = Field(
        None, description="When it is to be published by itself, as `POST /v1/evaluations/{id}/publish` takes it."
    )


class PublishBody(BaseModel):
    """When to publish: now, where nothing is said; null takes back what was scheduled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {}})

    publish_at: KeptMoment | None = Field(None, examples=["2030-08-26T07:00:00+07:00"])

    @property
    def is_now(self) -> bool:
        """Whether no moment was named, not even that there shall be none."""
        return "publish_at" not in self.model_fields_set


class WithdrawalBody(BaseModel):
    """Why it is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("withdrawal")})

    reason: ReasonText


def body_moment(name: str, moment: datetime | None, session: Session) -> int | None:
    """A moment of the body in µs since 1970; the fault points into the body."""
    with located(pointer=f"/{name}"):
        return instant(name, moment, session)


def scheduled_instant(body: EvaluationBody | PublishBody) -> int | None:
    """When it is to be published, in µs since 1970."""
    return None if body.publish_at is None else to_instant(body.publish_at)


def body_period(name: str, code: str | None) -> str | None:
    """A period of the body; the fault points into the body."""
    with located(pointer=f"/{name}"):
        return period_code(code)


def order_of(body: EvaluationBody, session: Session, settings: Settings) -> EvaluationRequest:
    """What the body asks for."""
    moment = body_moment("as_of", body.as_of, session)
    as_of = None if moment is None else instant_of(session, moment)
    clocks = Clocks(as_of, body_moment("observed_by", body.observed_by, session))
    return EvaluationRequest(
        framework=body.framework or settings.default_framework,
        period=body_period("period", body.period) or "",
        under=body.under,
        levels=body.levels,
        against=body_period("against", body.against),
        clocks=clocks,
        title=body.title,
        publish_at=scheduled_instant(body),
    )
