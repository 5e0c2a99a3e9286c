"""The announcement: the letter that publishes results, as JSON, as a DOCX to complete and sign, or as PDF."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.answers.report_letter import Announcement
from app.api.answers import LETTERS, LetterFormat, file_answer, negotiated_format
from app.api.deps import SettingsDep
from app.api.examples import example
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.publications import OnDay
from app.api.reports.common import ComparedDataDep, Sending, TableParameter
from app.api.strict_requests import StrictRoute
from app.domain.booleans import QueryFlag
from app.domain.vocabulary import Code
from app.formats.pdf import to_pdf
from app.reports import announcement as service
from app.reports.data import ReportData
from app.reports.letter.office_file import LetterFile

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


OfLetter = Annotated[
    Code | None,
    Query(
        description="By the Word file of this kind, the office's own or the one that ships: `announcement`, "
        "`direction`, `ranking`, `commune`, or a code of the office's own; else put together by the service."
    ),
]


class LetterSending(Sending):
    """How the client wants a letter: as a report, or as a DOCX or PDF."""

    def __init__(
        self,
        request: Request,
        settings: SettingsDep,
        format: Annotated[
            LetterFormat | None,
            Query(
                description="JSON (default), DOCX, PDF where LibreOffice is installed, or its paragraphs as NDJSON, "
                "CSV, XLSX; else by `Accept`."
            ),
        ] = None,
        table: TableParameter = None,
        force: Annotated[
            QueryFlag, Query(description="A file (DOCX, PDF) although the figures of the unit have errors.")
        ] = False,
    ) -> None:
        # not by `super`, to which a letter's DOCX would be unknown
        self.request, self.settings, self.table = request, settings, table
        self.format = negotiated_format(request, format, LETTERS)
        self.force = force

    async def send_letter(self, data: ReportData, on: date | None, kind: str | None) -> Response:
        """The letter as an answer; what is made of it is what the format shows."""
        if self.format in ("docx", "pdf"):
            return await self.send_as(self.as_file, data, lambda: service.letter_file(data, on, kind))
        has_fields = self.format == "json"
        return await self.send(data, lambda: service.announcement(data, on, kind, fields=has_fields))

    def as_file(self, letter: LetterFile) -> Response:
        written = letter.docx(force=self.force)
        if self.format == "pdf":
            written = to_pdf(written, self.settings.pdf_program)
        return file_answer(letter.name, self.format, written)


@router.get(
    "/announcement",
    response_model=Announcement,
    responses={200: example("announcement"), **problems(401, 403, 404, 409, 410, 422, 501)},
)
@kept
async def read_announcement_report(
    data: ComparedDataDep,
    sending: Annotated[LetterSending, Depends(LetterSending)],
    on: OnDay = None,
    letter: OfLetter = None,
) -> Response:
    """The letter itself with its appendices: a draft that needs a number, a signature and perhaps a few orders.

    `under` is the unit that writes it: its own result stands first, then the units below it. A section
    that has nothing to say is left out; what stands in the letter profile of the unit is said as it is stated there.
    With `letter` the file (DOCX, PDF) is the template of that kind, filled with the `fields`. While the figures of the
    unit have errors there is a file by `force` alone; that of a published evaluation goes out as it stands.
    """
    return await sending.send_letter(data, on, letter)
