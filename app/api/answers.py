"""Answers: JSON written exactly, and the same rows as CSV, XLSX or NDJSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api.deps import write_cursor
from app.formats.answers import Column, to_csv, to_ndjson
from app.formats.strict_json import write_json
from app.formats.tables import Table
from app.formats.xlsx import to_workbook

TableFormat = Literal["json", "csv", "xlsx", "ndjson"]
FormatParameter = Annotated[
    TableFormat | None, Query(description="The table as JSON (default), CSV, XLSX or NDJSON; else by `Accept`.")
]
MEDIA: dict[TableFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
}
WHOLE_TABLE = 100_000
"""Rows of a table that leaves in another format than JSON without `limit`: all of them, up to this."""

DEFAULT_LIMIT = 100
LimitParameter = Annotated[int | None, Query(ge=1, le=1000, description="How many items at most (default 100).")]


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; Decimals as plain numbers, instants in UTC."""
    return Response(write_json(body), status, dict(headers or {}), "application/json")


def wanted_format(request: Request, format: TableFormat | None) -> TableFormat:
    """The format by parameter, else by the first known type of `Accept`, else JSON."""
    if format is not None:
        return format
    for part in request.headers.get("accept", "").split(","):
        kind = part.partition(";")[0].strip().lower()
        for name, media in MEDIA.items():
            if kind == media.partition(";")[0]:
                return name
    return "json"


class Page:
    """One page of a list: how much to read, and how to send what was read."""

    def __init__(
        self,
        request: Request,
        name: str,
        columns: Sequence[Column] = (),
        limit: int | None = None,
        format: TableFormat | None = None,
    ) -> None:
        self.request, self.name, self.columns = request, name, columns
        self.format = wanted_format(request, format)
        self.limit = limit or (DEFAULT_LIMIT if self.format == "json" else WHOLE_TABLE)

    @property
    def reach(self) -> int:
        """Rows to read: one more than are sent, to know whether others follow."""
        return self.limit + 1

    def send(
        self,
        items: Sequence[Mapping[str, Any]],
        place: Callable[[Mapping[str, Any]], Sequence[Any]],
        extra: Mapping[str, Any] | None = None,
        *,
        cursor_name: str | None = None,
    ) -> Response:
        """The page as an answer; `place` gives the sort key of an item, `extra` stands before the items.

        `cursor_name` tells the orders of one list apart, so that a cursor of one is refused in another.
        """
        sent = items[: self.limit]
        cursor = write_cursor(cursor_name or self.name, place(sent[-1])) if len(items) > self.limit else None
        headers = {"Link": f'<{self._next(cursor)}>; rel="next"'} if cursor else {}
        if self.format == "json":
            return answer({**(extra or {}), "items": sent, "next_cursor": cursor}, headers=headers)
        return table(self.name, self.format, self.columns, sent, headers)

    def _next(self, cursor: str) -> str:
        url = self.request.url.include_query_params(cursor=cursor)
        return f"{url.path}?{url.query}"


def table(
    name: str,
    format: TableFormat,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Rows as a file in one of the tabular formats."""
    content = written(Table(name, name, columns, rows), format)
    return file_answer(name, format, content, headers)


def written(table: Table, format: TableFormat) -> bytes:
    """A table in one of the tabular formats."""
    if format == "xlsx":
        return to_workbook([table])
    if format == "csv":
        return b"".join(to_csv(table.columns, table.rows))
    return b"".join(to_ndjson(table.rows))


def file_answer(name: str, format: TableFormat, content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A file to keep under its name."""
    disposition = f'attachment; filename="{name}.{format}"'
    return Response(content, 200, {"Content-Disposition": disposition, **(headers or {})}, MEDIA[format])
