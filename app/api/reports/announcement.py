"""The announcement: the letter that publishes results, as JSON or as a DOCX to complete and sign."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.answers.common import UnitBrief
from app.answers.examples import load_example
from app.api.answers import LETTERS, LetterFormat, file_answer, negotiated_format
from app.api.deps import SettingsDep
from app.api.examples import example
from app.api.letter_profiles import Signature
from app.api.problems import problems
from app.api.publications import OnDay
from app.api.reports.common import GroundDep, ReportHead, Sending, TableParameter
from app.api.strict_requests import StrictRoute
from app.formats.docx import to_docx
from app.reports import announcement as service
from app.reports.letter.parts import Kind, Source
from app.reports.report import Letter, Report

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=StrictRoute)


class Letterhead(BaseModel):
    """The head of the letter: `issuer` line by line; number and day are left blank for the registry."""

    superior: str | None
    issuer: list[str]
    motto: list[str]
    symbol: str | None
    number_line: str
    place: str | None
    date_line: str


class LetterParagraph(BaseModel):
    """A paragraph as it is printed, and the report (or `profile`, `framework`, `default`) that it comes from."""

    kind: Kind
    text: str
    source: Source


class LetterSection(BaseModel):
    """A numbered section; one that has nothing to say is left out."""

    number: int
    title: str
    source: Source
    paragraphs: list[LetterParagraph]


class AppendixColumn(BaseModel):
    key: str
    title: str


class LetterAppendix(BaseModel):
    """A table behind the letter under a Roman number; its cells are text as letters print it, by the column's key.

    Rows have codes beside what is printed: that of their unit, `unit_code`, first of all.
    """

    number: str
    title: str
    source: Source
    columns: list[AppendixColumn]
    rows: list[dict[str, str]]


class LetterNote(BaseModel):
    """What the officer must know before the letter goes out; no part of it, and none over a public evaluation."""

    code: str
    detail: str
    source: Source


class Announcement(ReportHead):
    """The letter of the unit `under`, drawn up as of the day `on`."""

    model_config = ConfigDict(json_schema_extra={"example": load_example("announcement")})

    framework: str
    unit: UnitBrief | None
    on: date
    letterhead: Letterhead
    subject: str
    addressees: list[str]
    basis: list[LetterParagraph]
    opening: LetterParagraph
    sections: list[LetterSection]
    closing: LetterParagraph
    recipients: list[str]
    signature: Signature
    appendices: list[LetterAppendix]
    notes: list[LetterNote]


class LetterSending(Sending):
    """How the client wants a letter: as a report, or as a DOCX."""

    def __init__(
        self,
        request: Request,
        settings: SettingsDep,
        format: Annotated[
            LetterFormat | None,
            Query(description="JSON (default), DOCX, or its paragraphs as NDJSON, CSV, XLSX; else by `Accept`."),
        ] = None,
        table: TableParameter = None,
    ) -> None:
        # not by `super`, to which a letter's DOCX would be unknown
        self.request, self.settings, self.table = request, settings, table
        self.format = negotiated_format(request, format, LETTERS)

    def in_format(self, report: Report) -> Response:
        if self.format != "docx" or not isinstance(report, Letter):
            return super().in_format(report)
        return file_answer(report.name, "docx", to_docx(report.document))


@router.get(
    "/announcement",
    response_model=Announcement,
    responses={200: example("announcement"), **problems(401, 403, 404, 410, 422)},
)
async def read_announcement_report(
    data: GroundDep, sending: Annotated[LetterSending, Depends(LetterSending)], on: OnDay = None
) -> Response:
    """The letter itself with its appendices: a draft that needs a number, a signature and perhaps a few orders.

    `under` is the unit that writes it: its own result stands first, then what is told of the units below it. A section
    that has nothing to say is left out; what stands in the letter profile of the unit is said as it is stated there.
    """
    return await sending.send(data, lambda: service.announcement(data, on))
