"""The leader's brief: one page as DOCX, a workbook, or JSON."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.answers.report_brief import Brief
from app.api.answers import BRIEFS, BriefFormat, file_answer, negotiated_format
from app.api.deps import SettingsDep
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.reports.common import ComparedDataDep, Sending, TableParameter
from app.api.strict_requests import StrictRoute
from app.formats.docx import to_docx
from app.reports import brief as service
from app.reports.report import PagedReport, Report

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class BriefSending(Sending):
    """How the client wants a brief: as a report, or as a DOCX."""

    def __init__(
        self,
        request: Request,
        settings: SettingsDep,
        format: Annotated[
            BriefFormat | None,
            Query(description="JSON (default), DOCX, or its lists as NDJSON, CSV, XLSX; else by `Accept`."),
        ] = None,
        table: TableParameter = None,
    ) -> None:
        # not by `super`, to which a DOCX would be unknown
        self.request, self.settings, self.table = request, settings, table
        self.format = negotiated_format(request, format, BRIEFS)

    def in_format(self, report: Report) -> Response:
        if self.format != "docx" or not isinstance(report, PagedReport):
            return super().in_format(report)
        return file_answer(report.name, "docx", to_docx(report.document))


@router.get(
    "/brief",
    response_model=Brief,
    responses={200: example("brief"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_brief_report(data: ComparedDataDep, sending: Annotated[BriefSending, Depends(BriefSending)]) -> Response:
    """Put on one page where `under` stands: total, rank, its groups against before, what fell, whom to watch.

    Three figures and three units that fell most, three units nearest below a class or a target, who is below target.
    """
    return await sending.send(data, lambda: service.brief(data))
