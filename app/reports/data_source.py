"""Which data a report is made from, and whether the caller may read them."""

from sqlalchemy.orm import Session

from app.domain.period import read_period
from app.domain.vocabulary import Level
from app.errors import Fault, Invalid, RefusalCode
from app.reports.data import ReportData, ReportQuery
from app.reports.data_frozen import FIXED, FrozenReportData
from app.reports.data_live import LiveReportData
from app.services import evaluations, rights
from app.services.rights import Caller, Scope
from app.store.evaluations import EvaluationRow
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row

PERIOD_NEEDED = RefusalCode(
    "period_needed",
    "Name the `period`, or the `evaluation` whose report is wanted.",
    "Hãy ghi `period` (kỳ), hoặc `evaluation` (kết quả đánh giá) cần lập báo cáo.",
    Invalid,
)


def report_data_for(session: Session, caller: Caller, query: ReportQuery) -> ReportData:
    """The data of a report: an evaluation that the caller may read, or live data for a key with `values:read`."""
    if query.evaluation is not None:
        return _frozen_report_data(session, caller, query, query.evaluation)
    rights.require(caller, Scope.VALUES_READ)
    if query.period is None:
        raise Fault(PERIOD_NEEDED, parameter="period").error()
    if query.under is not None:
        get_unit_row(session, query.under, UnitMoment(query.clocks.as_of, period=read_period(query.period)))
        rights.require_readable(session, caller, query.under)
    return LiveReportData(session, caller, query)


def _frozen_report_data(session: Session, caller: Caller, query: ReportQuery, id: int) -> "FrozenReportData":
    row = evaluations.get(session, caller, id)
    faults = [Fault(FIXED, {"name": name, "id": id}, parameter=name) for name in query.restrictions()]
    if faults:
        raise FIXED.error(faults=faults, name=faults[0].context["name"], id=id)
    if query.level is not None:
        evaluations.check_level(row, query.level)
    return frozen_data(session, row, query.level)


def frozen_data(session: Session, row: EvaluationRow, level: Level | None = None) -> FrozenReportData:
    """What an evaluation that the caller may read froze: of one level, else of all."""
    return FrozenReportData(session, row, lambda: evaluations.content_of(session, row), level)
