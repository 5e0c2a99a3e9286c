"""Bodies that are tables: what an address exports as CSV, workbook or NDJSON is taken back where it takes its JSON."""

import re
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from app.api.body import content_type, in_thread, validated
from app.api.deps import concurrency_limits_of
from app.api.problems import REFUSED, from_validation
from app.api.strict_requests import StrictRoute, parameter_errors
from app.api.uploads import XLSX
from app.errors import AppError, Fault, Faults
from app.formats.row_readers import MEDIA_TYPES, FileKind, RecordInput, kind_of, read_rows_in
from app.services.declared_bodies import declaration_located
from app.services.table_records import TableFields

MOST_ITEMS = 5000
ITEM = re.compile(r"/items/([0-9]+)(?:/(.+))?")
ROWS = "rows_of_items"
"""Where the request keeps the row of each of its items."""


class TableRoute(StrictRoute):
    """A route whose body is `{"items": […]}`, or a table (CSV, XLSX, NDJSON) each row of which is one of the items.

    What is wrong with an item is named by its row and column there.
    """

    fields: ClassVar[TableFields]

    def is_missing(self, request: Request, sent: bytes) -> bool:
        """Nothing is a list without items in NDJSON, as our own exports write it."""
        declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return not sent and MEDIA_TYPES.get(declared) != "ndjson"

    async def read_body(self, request: Request, sent: bytes) -> object:
        kind, charset = content_type(request)
        if kind == "application/json" or kind.endswith("+json"):
            return await super().read_body(request, sent)
        table = kind_of(kind)
        opening = concurrency_limits_of(request).openings.place() if table == "xlsx" else nullcontext()
        async with opening:
            rows, items = await in_thread(request, read_items, sent, table, charset, self.fields, large=True)
        request.scope["state"][ROWS] = rows
        assert self.body_field is not None
        other_errors = parameter_errors(request, self.dependant)
        request.state.document = {"items": items}
        return await run_in_threadpool(validated, request.state.document, self.body_field.validate, other_errors)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def in_rows(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                refusal = from_validation(error.errors())
            except AppError as error:
                refusal = error
            refusal.faults = at_rows(request, refusal.faults)
            raise refusal

        return in_rows


def read_items(sent: bytes, kind: FileKind, charset: str | None, fields: TableFields) -> tuple[list[int], list[object]]:
    """The records of a table and the row of each, one more than is taken at most.

    Raises Invalid that names every column and row that is unreadable.
    """
    rows: list[int] = []
    items: list[object] = []
    faults = Faults()
    with TemporaryFile() as file:
        file.write(sent)
        with declaration_located(), read_rows_in(file, kind, charset) as opened:
            if isinstance(opened, RecordInput):
                records: Iterable[tuple[Any, object]] = opened.items
            else:
                names = fields.heads(opened)
                faults = fields.header_faults(names, opened.header_row) or faults
                records = () if faults else fields.records(opened, names)
            for row, record in islice(records, MOST_ITEMS + 1):
                if isinstance(record, Fault):
                    faults.add(replace(record, row=row))
                else:
                    rows.append(row)
                    items.append(record)
    if faults:
        raise REFUSED.error(faults=faults, count=faults.count)
    return rows, items


def at_rows(request: Request, faults: Sequence[Fault]) -> list[Fault]:
    """The faults of items at the rows of the table that was sent; of a JSON body as they are."""
    rows: list[int] | None = request.scope["state"].get(ROWS)
    return list(faults) if rows is None else [_at_row(rows, fault) for fault in faults]


def _at_row(rows: Sequence[int], fault: Fault) -> Fault:
    found = ITEM.match(fault.pointer or "")
    if found is None:
        return replace(fault, pointer=None)
    return replace(fault, pointer=None, row=rows[int(found[1])], column=found[2])


def table_bodies(example: str) -> dict[str, Any]:
    """The tables that a route takes besides JSON, for OpenAPI; `example` is one as CSV."""
    content = {
        "application/x-ndjson": {"schema": {"type": "string"}},
        "text/csv": {"schema": {"type": "string"}, "example": example},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    return {"requestBody": {"content": content}}
