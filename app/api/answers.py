"""Answers: JSON written exactly, its items as NDJSON, the same rows as CSV or XLSX, and figures as JSON-stat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api.deps import write_cursor
from app.api.negotiation import MEDIA, Format, accepted_formats, negotiated
from app.errors import Language, NotAcceptable, Text
from app.formats.answers import Column, to_csv, to_ndjson
from app.formats.jsonstat import Cube, to_dataset
from app.formats.strict_json import write_json
from app.formats.tables import Table
from app.formats.xlsx import to_workbook

TableFormat = Literal["json", "csv", "xlsx", "ndjson"]
FormatParameter = Annotated[
    TableFormat | None,
    Query(description="JSON (default), its items as NDJSON, or the table as CSV or XLSX; else by `Accept`."),
]
DatasetFormat = Literal["json", "csv", "xlsx", "ndjson", "json-stat", "jsonstat"]
DatasetFormatParameter = Annotated[
    DatasetFormat | None,
    Query(
        description="JSON (default), its items as NDJSON, the table as CSV or XLSX, or its figures as JSON-stat 2.0 "
        "(`jsonstat` is the same); else by `Accept`."
    ),
]
LetterFormat = Literal["json", "csv", "xlsx", "ndjson", "docx"]
TABLES: tuple[Format, ...] = ("json", "csv", "xlsx", "ndjson")
DATASETS: tuple[Format, ...] = (*TABLES, "json-stat")
LETTERS: tuple[Format, ...] = (*TABLES, "docx")
Rows = Sequence[Mapping[str, Any]]
ALL_REFUSED = Text(
    "`Accept` refuses everything that this address can send ({kinds}); name one of these, or send `format`.",
    "`Accept` từ chối mọi định dạng mà địa chỉ này có ({kinds}); hãy nêu một trong số đó, hoặc dùng `format`.",
)
WHOLE_TABLE = 100_000
"""Rows of a table that leaves in another format than JSON without `limit`: all of them, up to this."""

DEFAULT_LIMIT = 100
LimitParameter = Annotated[int | None, Query(ge=1, le=1000, description="How many items at most (default 100).")]


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, *, language: Language | None = None
) -> Response:
    """A JSON answer; Decimals as plain numbers, instants in UTC. `language`: the one in which it has its words."""
    return Response(write_json(body), status, {**negotiated(language), **(headers or {})}, "application/json")


def wanted_format(
    request: Request, format: DatasetFormat | LetterFormat | None, known: Sequence[Format] = TABLES
) -> Format:
    """The format by parameter, else the one of `known` that `Accept` prefers; NotAcceptable where it refuses all.

    A client that names only what is not known here gets JSON, as long as it does not refuse that.
    """
    if format is not None:
        return "json-stat" if format == "jsonstat" else format
    accepted = accepted_formats(request.scope["headers"])
    found = next((name for name in accepted if name in known), None)
    if found is None:
        kinds = ", ".join(MEDIA[name].partition(";")[0] for name in known)
        raise NotAcceptable("not_acceptable", ALL_REFUSED, headers={"Vary": "Accept, Accept-Language"}, kinds=kinds)
    return found


class Page:
    """One page of a list: how much to read, and how to send what was read. `datasets`: JSON-stat may be asked for."""

    def __init__(
        self,
        request: Request,
        name: str,
        columns: Sequence[Column] = (),
        limit: int | None = None,
        format: DatasetFormat | None = None,
        *,
        datasets: bool = False,
    ) -> None:
        self.request, self.name, self.columns = request, name, columns
        self.format = wanted_format(request, format, DATASETS if datasets else TABLES)
        self.limit = limit or (DEFAULT_LIMIT if self.format == "json" else WHOLE_TABLE)

    @property
    def reach(self) -> int:
        """Rows to read: one more than are sent, to know whether others follow."""
        return self.limit + 1

    @property
    def flat(self) -> bool:
        """Whether the rows leave as a table for people, one column beside the other."""
        return self.format in ("csv", "xlsx")

    def send(
        self,
        items: Rows,
        place: Callable[[Mapping[str, Any]], Sequence[Any]],
        extra: Mapping[str, Any] | None = None,
        *,
        cursor_name: str | None = None,
        sheets: Callable[[Rows], Sequence[Table]] | None = None,
        cube: Callable[[Rows], Cube] | None = None,
        language: Language | None = None,
    ) -> Response:
        """The page as an answer; `place` gives the sort key of an item, `extra` stands before the items.

        `cursor_name` tells the orders of one list apart, so that a cursor of one is refused in another. `sheets` makes
        a workbook of the rows that are sent where they need more than their columns, `cube` their JSON-stat.
        `language` is the one in which the rows have their words, where that was chosen.
        """
        sent = items[: self.limit]
        cursor = write_cursor(cursor_name or self.name, place(sent[-1])) if len(items) > self.limit else None
        headers = negotiated(language, by_format=True)
        if cursor:
            headers["Link"] = f'<{self._next(cursor)}>; rel="next"'
        if self.format == "json":
            return answer({**(extra or {}), "items": sent, "next_cursor": cursor}, headers=headers)
        if cube is not None and self.format == "json-stat":
            return dataset_answer(cube(sent), cursor, headers)
        if sheets is not None and self.format == "xlsx":
            return file_answer(self.name, "xlsx", to_workbook(sheets(sent)), headers)
        if self.format == "ndjson":
            return lines_answer(self.name, sent, headers)
        shown = Table(self.name, self.name, self.columns, sent)
        return file_answer(self.name, self.format, written(shown, self.format), headers)

    def _next(self, cursor: str) -> str:
        url = self.request.url.include_query_params(cursor=cursor)
        return f"{url.path}?{url.query}"


def dataset_answer(cube: Cube, cursor: str | None, headers: Mapping[str, str]) -> Response:
    """Figures as JSON-stat; where others follow, `extension.next_cursor` leads on."""
    whole = replace(cube, extension={**cube.extension, "next_cursor": cursor})
    return Response(write_json(to_dataset(whole)), 200, dict(headers), MEDIA["json-stat"])


def written(table: Table, format: Format) -> bytes:
    """A table as a file for people: CSV, or a workbook with it alone."""
    return to_workbook([table]) if format == "xlsx" else b"".join(to_csv(table.columns, table.rows))


def lines_answer(name: str, items: Rows, headers: Mapping[str, str] | None = None) -> Response:
    """Objects of the JSON answer, one a line, as they are."""
    return file_answer(name, "ndjson", b"".join(to_ndjson(items)), headers)


def file_answer(name: str, format: Format, content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A file to keep under its name."""
    disposition = f'attachment; filename="{name}.{format}"'
    return Response(content, 200, {"Content-Disposition": disposition, **(headers or {})}, MEDIA[format])
