"""Findings: what stored figures show to be wrong or odd, before anybody publishes them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.answers.findings import FindingList
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClocksDep, ReadSession, SettingsDep, ValuesReader
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.kept_routes import kept
from app.api.negotiation import preferred_language
from app.api.periods import get_period
from app.api.problems import problems
from app.api.scores import FrameworkParameter, PeriodParameter
from app.api.strict_requests import StrictRoute
from app.domain.checks.stored.finding import FindingRule, Severity
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.formats.delimited import Column
from app.services import findings as service
from app.services.findings import FindingsQuery

router = APIRouter(prefix="/v1", tags=["findings"], route_class=StrictRoute)

COLUMNS = [
    Column("severity", "Mức độ"),
    Column("rule", "Quy tắc"),
    Column("unit", "Đơn vị"),
    Column("period", "Kỳ"),
    Column("indicator", "Chỉ số"),
    Column("stated", "Đang ghi"),
    Column("expected", "Đúng ra"),
    Column("detail", "Chi tiết"),
]


@router.get(
    "/findings",
    response_model=FindingList,
    responses={200: example("findings"), **problems(401, 403, 404, 422)},
)
@kept
def read_findings(
    request: Request,
    heavy: HeavyWork,
    caller: ValuesReader,
    session: ReadSession,
    clocks: ClocksDep,
    settings: SettingsDep,
    period: PeriodParameter,
    framework: FrameworkParameter = None,
    under: Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")] = None,
    level: Level | None = None,
    rule: FindingRule | None = None,
    severity: Severity | None = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """Check the figures of a period against themselves, each other, the period before and the framework."""
    query = FindingsQuery(
        period=get_period(period),
        framework=framework,
        default_framework=settings.default_framework,
        under=under,
        level=level,
        rule=rule,
        severity=severity,
        clocks=clocks,
    )
    page = Page(request, "findings", COLUMNS, limit, format)
    after = read_cursor("findings", cursor, ["", "", "", ""])
    found = service.find(session, caller, query, after=after, limit=page.reach)
    language = preferred_language(request.scope["headers"])
    items = [service.described(each, query.period.code, language) for each in found.findings]
    about = {"framework": found.framework, "period": query.period.code}
    return page.send(items, lambda _: found.findings[page.limit - 1].key, about, language=language)
