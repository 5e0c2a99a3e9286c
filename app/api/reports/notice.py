"""The short notice: a text for chat groups, or JSON with its parts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.answers.report_notice import Notice
from app.api.answers import NOTICES, NoticeFormat, answer, negotiated_format
from app.api.deps import SettingsDep
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.negotiation import MEDIA
from app.api.problems import problems
from app.api.reports.common import ComparedDataDep, Sending
from app.api.strict_requests import StrictRoute
from app.reports import notice as service
from app.reports.report import Report

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class NoticeSending(Sending):
    """How the client wants a notice: as a text, or as JSON."""

    def __init__(
        self,
        request: Request,
        settings: SettingsDep,
        format: Annotated[
            NoticeFormat | None,
            Query(
                description="The text (default), or JSON with the text and its parts; else by `Accept`.",
                examples=["json"],
            ),
        ] = None,
    ) -> None:
        # not by `super`, to which a text would be unknown
        self.request, self.settings, self.table = request, settings, None
        self.format = negotiated_format(request, format, NOTICES)

    def in_format(self, report: Report) -> Response:
        if self.format == "json":
            return answer(report.body)
        return Response(str(report.body["text"]), media_type=MEDIA["text"])


@router.get(
    "/notice",
    response_model=Notice,
    responses={200: example("notice"), **problems(401, 403, 404, 410, 422)},
)
@kept
async def read_notice_report(
    data: ComparedDataDep,
    sending: Annotated[NoticeSending, Depends(NoticeSending)],
    lines: Annotated[int, Query(ge=1, le=20, description="How many units each list names at most.")] = 5,
) -> Response:
    """Tell in at most 2,000 characters where `under` stands and which units below it to look at.

    Total, rank and change; what is missing to the next place and to the mean of the first ten; at each level the lowest
    units and those just under a class; whose overdue count rose from none. What is not known is said.
    """
    return await sending.send(data, lambda: service.notice(data, lines))
