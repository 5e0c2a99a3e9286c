"""Answers: JSON written exactly, its items as NDJSON, the same rows as CSV or XLSX, and figures as JSON-stat."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Literal, TypeVar

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.answer_limits import USUAL, AnswerLimits, answer_limits_of
from app.api.clients import while_awaited
from app.api.cursors import write_cursor
from app.api.negotiation import MEDIA, Format, accepted_formats, negotiated, preferred_language
from app.errors import Fault, Language
from app.formats.delimited import TOO_MANY_ROWS, Column, to_csv, to_ndjson
from app.formats.jsonstat import Cube, to_dataset
from app.formats.strict_json import write_json
from app.formats.tables import Table
from app.formats.xlsx import to_workbook, write_workbook

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
LetterFormat = Literal["json", "csv", "xlsx", "ndjson", "docx", "pdf"]
NoticeFormat = Literal["text", "json"]
BriefFormat = Literal["json", "csv", "xlsx", "ndjson", "docx"]
TABLES: tuple[Format, ...] = ("json", "csv", "xlsx", "ndjson")
DATASETS: tuple[Format, ...] = (*TABLES, "json-stat")
LETTERS: tuple[Format, ...] = (*TABLES, "docx", "pdf")
BRIEFS: tuple[Format, ...] = (*TABLES, "docx")
NOTICES: tuple[Format, ...] = ("text", "json")
Rows = Sequence[Mapping[str, Any]]
Item = TypeVar("Item", bound=Mapping[str, Any])
WHOLE: tuple[Format, ...] = ("csv", "ndjson", "xlsx")
"""Formats that are written row by row: without `limit` they hold a table of any length, a sheet to its last row."""
DEFAULT_LIMIT = 100
LimitParameter = Annotated[int | None, Query(ge=1, le=1000, description="How many items at most (default 100).")]


def answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, *, language: Language | None = None
) -> Response:
    """A JSON answer; Decimals as plain numbers, instants in UTC. `language`: the one in which it has its words."""
    return Response(write_json(body), status, {**negotiated(language), **(headers or {})}, "application/json")


def warned(request: Request, body: Mapping[str, Any], warnings: Sequence[Fault], status: int = 200) -> Response:
    """What was done, and its warnings in the language of the request."""
    language = preferred_language(request.scope["headers"])
    return answer({**body, "warnings": [each.body(language) for each in warnings]}, status, language=language)


def negotiated_format(
    request: Request,
    format: DatasetFormat | LetterFormat | BriefFormat | NoticeFormat | None,
    known: Sequence[Format] = TABLES,
) -> Format:
    """The format by parameter, else the one of `known` that `Accept` prefers; the route has seen that there is one.

    A client that names only what is not known here gets JSON.
    """
    if format is not None:
        return "json-stat" if format == "jsonstat" else format
    return next(name for name in accepted_formats(request.scope["headers"]) if name in known)


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
        self.format = negotiated_format(request, format, DATASETS if datasets else TABLES)
        self.whole = limit is None and self.format != "json"
        self.limits = answer_limits_of(request)
        self.limit = limit or (self.limits.rows if self.whole else DEFAULT_LIMIT)

    @property
    def reach(self) -> int | None:
        """Rows to read: one more than are sent, to know whether others follow; None: all that there are."""
        return None if self.whole and self.format in WHOLE else self.limit + 1

    @property
    def flat(self) -> bool:
        """Whether the rows leave as a table for people, one column beside the other."""
        return self.format in ("csv", "xlsx")

    def send(
        self,
        items: Iterable[Item],
        place: Callable[[Item], Sequence[object]],
        extra: Mapping[str, Any] | None = None,
        *,
        cursor_name: str | None = None,
        sheets: Callable[[Sequence[Item]], Sequence[Table]] | None = None,
        cube: Callable[[Sequence[Item]], Cube] | None = None,
        language: Language | None = None,
        lines: Callable[[Item], Iterable[Mapping[str, Any]]] | None = None,
    ) -> Response:
        """The page as an answer; `place` gives the sort key of an item, `extra` stands before the items.

        `cursor_name` tells the orders of one list apart, so that a cursor of one is refused in another. `sheets` makes
        a workbook of the rows that are sent where they need more than their columns, `cube` their JSON-stat.
        `language` is the one in which the rows have their words, where that was chosen. `lines`: those that an item
        makes of a table or of NDJSON, where it makes several.
        """
        headers = negotiated(language, by_format=True)
        in_sheets = sheets is not None and self.format == "xlsx"
        if self.reach is None and not in_sheets:
            return self._send_whole(in_lines(items, lines), headers)
        read = list(items)
        sent, further = read[: self.limit], len(read) > self.limit
        if further and self.whole:
            bound: dict[str, object] = {"limit": self.limit, "format": self.format}
            raise Fault(TOO_MANY_ROWS, bound, parameter="format", value=self.format).error()
        cursor = write_cursor(cursor_name or self.name, place(sent[-1])) if further else None
        if cursor:
            headers["Link"] = f'<{self._next(cursor)}>; rel="next"'
        if self.format == "json":
            return answer({**(extra or {}), "items": sent, "next_cursor": cursor}, headers=headers)
        if cube is not None and self.format == "json-stat":
            return dataset_answer(cube(sent), cursor, headers)
        if sheets is not None and self.format == "xlsx":
            return file_answer(self.name, "xlsx", to_workbook(sheets(sent)), headers)
        return self._send_whole(in_lines(sent, lines), headers)

    def _send_whole(self, items: Iterable[Mapping[str, Any]], headers: Mapping[str, str] | None = None) -> Response:
        """The rows as CSV, NDJSON or a sheet, written as they are read, unless the client leaves meanwhile."""
        items = while_awaited(self.request, items, self.limits.rows_between_looks)
        if self.format == "xlsx":
            return filed_answer(self.name, "xlsx", lambda file: self._write_sheet(file, items), headers, self.limits)
        pieces = to_ndjson(items) if self.format == "ndjson" else to_csv(self.columns, items)
        return written_answer(self.name, self.format, pieces, headers, self.limits)

    def _write_sheet(self, file: IO[bytes], items: Iterable[Mapping[str, Any]]) -> None:
        rows = iter(items)
        first = Table(self.name, self.name, self.columns, list(islice(rows, self.limits.first_rows)))
        write_workbook(file, [first], rows, most_rows=self.limits.sheet_rows)

    def _next(self, cursor: str) -> str:
        url = self.request.url.include_query_params(cursor=cursor)
        return f"{url.path}?{url.query}"


def in_lines(
    items: Iterable[Item], lines: Callable[[Item], Iterable[Mapping[str, Any]]] | None
) -> Iterable[Mapping[str, Any]]:
    """The lines that items make, one each where nothing else is said."""
    return items if lines is None else chain.from_iterable(map(lines, items))


def dataset_answer(cube: Cube, cursor: str | None, headers: Mapping[str, str]) -> Response:
    """Figures as JSON-stat; where others follow, `extension.next_cursor` leads on."""
    whole = replace(cube, extension={**cube.extension, "next_cursor": cursor})
    return Response(write_json(to_dataset(whole)), 200, dict(headers), MEDIA["json-stat"])


def table_answer(name: str, table: Table, format: Format) -> Response:
    """A table as a file for people: CSV, or a workbook with it alone."""
    if format == "xlsx":
        return file_answer(name, format, to_workbook([table]))
    return written_answer(name, format, to_csv(table.columns, table.rows))


def lines_answer(name: str, items: Rows) -> Response:
    """Objects of the JSON answer, one a line, as they are."""
    return written_answer(name, "ndjson", to_ndjson(items))


def written_answer(
    name: str,
    format: Format,
    pieces: Iterable[bytes],
    headers: Mapping[str, str] | None = None,
    limits: AnswerLimits = USUAL,
) -> Response:
    """A file written piece by piece."""

    def write(file: IO[bytes]) -> None:
        for piece in pieces:  # `writelines` would hold all of them before any goes to disk
            file.write(piece)

    return filed_answer(name, format, write, headers, limits)


def filed_answer(
    name: str,
    format: Format,
    write: Callable[[IO[bytes]], object],
    headers: Mapping[str, str] | None = None,
    limits: AnswerLimits = USUAL,
) -> Response:
    """What is written into a file: through a temporary one, so that none of it has left when the reading fails."""
    with ExitStack() as closing:
        file = closing.enter_context(SpooledTemporaryFile(limits.in_memory))
        write(file)
        if file.tell() <= limits.in_memory:
            file.seek(0)
            return file_answer(name, format, file.read(), headers)
        closing.pop_all()
        return FileBackedResponse(file, {**disposition(name, format), **(headers or {})}, MEDIA[format], limits.piece)


def file_answer(name: str, format: Format, content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A file to keep under its name."""
    return Response(content, 200, {**disposition(name, format), **(headers or {})}, MEDIA[format])


def disposition(name: str, format: Format) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{format}"'}


class FileBackedResponse(StreamingResponse):
    """A 200 whose body stands in a temporary file, sent from there; memory holds a `piece` of it at a time, in bytes.

    `digest` is the SHA-256 of the body. No session is open and no thread is taken while a slow client reads.
    """

    def __init__(self, file: IO[bytes], headers: Mapping[str, str], media_type: str, piece: int) -> None:
        self.file, size = file, file.tell()
        file.seek(0)
        self.digest = sha256_of(file, piece)
        super().__init__(pieces_of(file, piece), 200, {**headers, "Content-Length": str(size)}, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["digest"] = self.digest.hex()  # for the layer that gives tags
        with self.file:  # a client may leave before its end
            await super().__call__(scope, receive, send)


def content_of(answer: Response) -> bytes:
    """What stands for the body of an answer in its tag: the body, or the digest of a large one."""
    return answer.digest if isinstance(answer, FileBackedResponse) else bytes(answer.body)


def sha256_of(file: IO[bytes], size: int) -> bytes:
    digest = sha256()
    while piece := file.read(size):
        digest.update(piece)
    return digest.digest()


def pieces_of(file: IO[bytes], size: int) -> Iterator[bytes]:
    """The file from its beginning, so many bytes at a time; it is closed at the end."""
    with file:
        file.seek(0)
        while piece := file.read(size):
            yield piece
