"""The classification report: counts per class and level, and the lists behind them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.answers.scores import BandBrief, BandCount
from app.api.examples import example
from app.api.problems import problems
from app.api.reports.common import GroundDep, ReportHead, SendingDep
from app.api.strict_requests import StrictRoute
from app.domain.vocabulary import Code, Level
from app.reports import classification as service

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class ClassifiedUnit(BaseModel):
    rank: int | None
    tied: int | None
    unit: UnitBrief
    groups: dict[str, float | None]
    total: float | None
    band: BandBrief | None
    method: str | None
    flags: list[str]


class ClassifiedLevel(BaseModel):
    """A level: its units by class, classes without units included; `unclassed` ones have no total to class.

    `of` are the units with figures; those that were active in the period and have none are `missing`.
    """

    level: Level
    name: str
    of: int
    ranked: int
    unclassed: int
    missing: int
    bands: list[BandCount]
    items: list[ClassifiedUnit]


class Classification(ReportHead):
    """How many units of each level fall into each class, and which."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("classification")})

    framework: str
    levels: list[ClassifiedLevel]


@router.get(
    "/classification",
    response_model=Classification,
    responses={200: example("classification"), **problems(401, 403, 404, 410, 422)},
)
async def read_classification_report(
    data: GroundDep,
    sending: SendingDep,
    view: Annotated[Code | None, Query(description="Another official grouping, such as `legal`.")] = None,
) -> Response:
    """Count the units of each level in each class, classes without units included, and list them behind the counts."""
    return await sending.send(data, lambda: service.classification(data, view))
