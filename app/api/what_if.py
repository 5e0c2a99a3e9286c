"""What if: the scores of a cohort with other figures or other rules, of which nothing is stored."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.answers.examples import load_example
from app.answers.what_if import WhatIfList
from app.api.boards import BoardParameters
from app.api.deps import ReadSession, SettingsDep, ValuesReader
from app.api.evaluation_bodies import body_moment
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.periods import get_period
from app.api.problems import problems
from app.api.schemas import Moment
from app.api.score_fields import ITEM_FIELDS, fields_named
from app.api.score_tables import SUPPOSED
from app.api.strict_requests import StrictRoute
from app.api.uploads import REF
from app.domain.figure_parser import Locale
from app.domain.input_location import located
from app.domain.intake.import_row import Fractions
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import FrameworkName, Level
from app.errors import Fault, Invalid, RefusalCode
from app.services.insight import what_if as service
from app.services.insight.what_if import WhatIfQuery
from app.services.score_order import ordered_rows
from app.services.scores import ScoresQuery
from app.store.true_times import instant_of
from app.store.values import Clocks

router = APIRouter(prefix="/v1", tags=["scores"], route_class=StrictRoute)

TWO_RULES = RefusalCode(
    "framework_twice",
    "`framework` and `document` both say by which rules to score; leave one of them out.",
    "`framework` và `document` đều chỉ định bộ chỉ số để chấm điểm; hãy bỏ một trong hai.",
    Invalid,
)
Row = Annotated[Any, WithJsonSchema({"$ref": REF.format(model="ImportRow")})]
Document = Annotated[dict[str, Any], WithJsonSchema({"$ref": REF.format(model="FrameworkOut")})]


class WhatIfBody(BaseModel):
    """A board, and what is supposed: figures as long rows of an import, rules as a framework document.

    A row whose figure is null, or with `retract`, takes it back. Rows without a `period` are of that of the board.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("what_if_request")})

    period: PeriodCode
    level: Level
    under: UnitCode | None = None
    framework: FrameworkName | None = Field(None, description="As of boards. Not with `document`.")
    document: Document | None = Field(None, description="Rules that are checked, used and forgotten.")
    values: list[Row] = Field([], description="Each is the newest figure of its source unless it was looked up before.")
    locale: Locale = "auto"
    fractions: Fractions | None = Field(None, description="As of imports.")
    as_of: Moment | None = Field(None, description="The figures lie on what was known at this moment.")


@dataclass(frozen=True)
class WhatIfParameters(BoardParameters):
    """What a board may be asked for; `fields` may name what is, and what would change."""

    @cached_property
    def chosen_fields(self) -> frozenset[str]:
        return fields_named(self.fields, (*ITEM_FIELDS, "base", "difference"))


@router.post(
    "/scores/what-if",
    response_model=WhatIfList,
    responses={200: example("what_if"), **problems(400, 401, 403, 404, 413, 415, 422)},
)
def score_what_if(
    heavy: HeavyWork,
    caller: ValuesReader,
    session: ReadSession,
    settings: SettingsDep,
    shown: Annotated[WhatIfParameters, Depends(scope="function")],
    body: WhatIfBody,
) -> Response:
    """Score one cohort as it would be with other figures or other rules, beside what it is. Nothing is stored.

    Rows are checked as those of an import are, document as one that is posted is; locked periods may be tried.
    """
    found = service.what_if(session, caller, _query(body, shown, session, settings))
    keyed = ordered_rows(found.compared, shown.sort, shown.filter(found.rules, None))
    items_of = partial(service.items, found, language=shown.language)
    sent = shown.answer(keyed, items_of, found.about, found.rules, None, SUPPOSED)
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _query(body: WhatIfBody, shown: BoardParameters, session: ReadSession, settings: SettingsDep) -> WhatIfQuery:
    if body.framework is not None and body.document is not None:
        raise Fault(TWO_RULES, pointer="/framework").error()
    moment = body_moment("as_of", body.as_of, session)
    with located(pointer="/period"):
        period = get_period(body.period)
    board = ScoresQuery(
        period=period,
        framework=body.framework or settings.default_framework,
        level=body.level,
        under=body.under,
        clocks=Clocks(None if moment is None else instant_of(session, moment)),
        language=shown.language,
    )
    return WhatIfQuery(board, body.values, body.document, settings.sources, body.locale, body.fractions)
