"""What the routes of reports share: the data they rest on, and how a report leaves."""

from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.answers.reports import Base
from app.api.answers import TableFormat, answer, file_answer, lines_answer, negotiated_format, table_answer
from app.api.deps import ClockParameter, ClocksDep, PublicReader, ReadSession, SettingsDep, instant
from app.api.evaluation_cache import frozen_answer
from app.api.evaluations import lasting
from app.api.heavy_places import heavy_place
from app.api.periods import period_code
from app.api.scores import FrameworkParameter
from app.config import Settings
from app.domain.period import PeriodCode
from app.domain.unit_code import UnitCode
from app.domain.vocabulary import Level
from app.errors import Fault, Invalid, RefusalCode
from app.formats.tables import Table, with_numbers
from app.formats.xlsx import to_workbook
from app.reports.data import ReportData, ReportQuery
from app.reports.data_source import report_data_for
from app.reports.report import Report

Made = TypeVar("Made")
NO_TABLE = RefusalCode(
    "table_unknown",
    "The report has no table {table}; it has {known}.",
    "Báo cáo không có bảng {table}; có {known}.",
    Invalid,
)

OfEvaluation = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="Over what this evaluation froze; then no period, framework or moment."),
]
OfPeriod = Annotated[
    PeriodCode | None, Query(description="2024-07, 2024-Q3, 2024-H2, 2024; over live data.", examples=["2024-07"])
]
OfUnder = Annotated[UnitCode | None, Query(description="Units below this one, itself excluded.")]
OfLevel = Annotated[Level | None, Query(description="Only this level.")]
OfAgainst = Annotated[PeriodCode | None, Query(description="The period compared with; else the one before.")]
TableParameter = Annotated[
    str | None, Query(max_length=50, description="Which table as CSV or NDJSON; else the first. XLSX holds all.")
]


async def heavy_live_report(request: Request, evaluation: OfEvaluation = None) -> AsyncIterator[None]:
    """A place among the few that compute for seconds; one over an evaluation takes it where it is not kept."""
    async with heavy_place(request) if evaluation is None else nullcontext():
        yield


HeavyLiveReport = Annotated[None, Depends(heavy_live_report, scope="function")]


def report_data(
    heavy: HeavyLiveReport,
    session: ReadSession,
    caller: PublicReader,
    settings: SettingsDep,
    clocks: ClocksDep,
    evaluation: OfEvaluation = None,
    period: OfPeriod = None,
    framework: FrameworkParameter = None,
    under: OfUnder = None,
    level: OfLevel = None,
    against: OfAgainst = None,
    against_observed_by: ClockParameter = None,
) -> ReportData:
    """What the report stands on: an evaluation, or live data for a key with `values:read`."""
    query = ReportQuery(
        default_framework=settings.default_framework,
        evaluation=evaluation,
        period=period_code(period),
        framework=framework,
        under=under,
        level=level,
        against=period_code(against, "against"),
        clocks=clocks,
        against_observed_by=instant("against_observed_by", against_observed_by, session),
    )
    data = report_data_for(session, caller, query)
    if evaluation is not None:
        session.close()  # so that nobody who waits holds a connection; it opens another transaction by itself
    return data


ReportDataDep = Annotated[ReportData, Depends(report_data, scope="function")]


def compared_report_data(
    data: ReportDataDep,
    base: Annotated[
        Base | None,
        Query(
            description="What the earlier period is taken from: what was `published` of it, or `current` figures; else "
            "what was published, where it was."
        ),
    ] = None,
) -> ReportData:
    """Data whose earlier side may be chosen."""
    return data.based_on(base)


ComparedDataDep = Annotated[ReportData, Depends(compared_report_data, scope="function")]


class Sending:
    """How the client wants a report: its format, and which table."""

    def __init__(
        self,
        request: Request,
        settings: SettingsDep,
        format: Annotated[
            TableFormat | None,
            Query(description="JSON (default), its objects as NDJSON, or CSV, XLSX; else by `Accept`."),
        ] = None,
        table: TableParameter = None,
    ) -> None:
        self.request = request
        self.settings: Settings = settings
        self.format = negotiated_format(request, format)
        self.table = table

    async def send(self, data: ReportData, make: Callable[[], Report]) -> Response:
        """The report as an answer, in the format that is asked for."""
        return await self.send_as(self.in_format, data, make)

    async def send_as(self, form: Callable[[Made], Response], data: ReportData, make: Callable[[], Made]) -> Response:
        """What is made of the data, as an answer that may hang on `Accept`.

        Over an evaluation it is made once, over a public one it may be kept for good. Nobody holds a connection while
        the answer gets its form: a workbook or a letter takes seconds.
        """

        def sent() -> Response:
            made = make()
            data.session.close()
            answer = form(made)
            answer.headers.add_vary_header("Accept")
            return answer

        row = data.evaluation
        if row is None:
            return await run_in_threadpool(sent)
        return await frozen_answer(self.request, lambda: lasting(sent(), row, self.settings), row)

    def in_format(self, report: Report) -> Response:
        """The report in the format that is asked for."""
        chosen = chosen_table(report, self.table)
        if self.format == "json":
            return answer(report.body)
        if self.format == "xlsx":
            sheets = [table for table in report.tables if not table.csv_only]
            tables = sheets if self.table is None else [chosen]
            return file_answer(report.name, "xlsx", to_workbook(list(map(with_numbers, tables))))
        name = report.name if chosen is report.tables[0] else f"{report.name}-{chosen.code}"
        if self.format == "ndjson":
            return lines_answer(name, report.lines[chosen.code])
        return table_answer(name, chosen, self.format)


SendingDep = Annotated[Sending, Depends(Sending)]


def chosen_table(report: Report, code: str | None) -> Table:
    """The table of that code, the first without one; Invalid `table_unknown` where the report has none such."""
    found = next((table for table in report.tables if code in (None, table.code)), None)
    if found is None:
        known = ", ".join(table.code for table in report.tables)
        raise Fault(NO_TABLE, {"table": code, "known": known}, parameter="table").error()
    return found
