"""A file of figures imported into the database of the settings, by this process."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from io import SEEK_END
from typing import Any, BinaryIO

from rich.progress import Progress

from app.cli.database import existing
from app.cli.remote import NOTHING, rows_read
from app.config import Settings
from app.errors import AppError, Language
from app.formats.row_readers import FileKind, kind_of
from app.services.imports import records as service
from app.services.imports.files import LARGE, ImportFile, ImportProgress, Submission, import_files, rows_in
from app.services.imports.jobs import ImportWorker
from app.services.imports.opened_files import opened_files
from app.services.imports.row_checks import ImportOptions
from app.services.rights import Caller, Scope
from app.store.db import Database
from app.store.imports import get_import

OPERATOR = Caller("chiso", frozenset({Scope.ADMIN}))
"""Whoever may run commands on the machine of the database may do everything."""
REQUEST = "chiso import"
"""What stands in the trace, and in the log, where others have the id of a request."""
PAUSE = 0.1
"""Seconds between two looks at how far it is."""


def import_here(
    file: BinaryIO, name: str, charset: str | None, query: Mapping[str, Any], language: Language
) -> Mapping[str, Any]:
    """Import into the database of the settings: what is large as a service does that runs it in the background."""
    settings = Settings()
    options = ImportOptions(
        dry_run="dry_run" in query,
        skip="on_error" in query,
        period=query.get("period"),
        source=query.get("source"),
        locale=query["locale"],
        sources=settings.sources,
    )
    with existing(settings) as database, rows_read() as progress:
        try:
            table = ImportFile(file, kind_of("", name), charset)
            given = Submission([table], options, query["layout"], query.get("sheet"), "create_units" in query)
            if rows_in(table) > LARGE and not options.dry_run:
                return _in_background(database, given, progress, name, language)
            return _at_once(database, given, _ProgressBar(progress, file, name, table.kind), language)
        except AppError as error:
            return refused(error, language)


def _at_once(database: Database, given: Submission, watch: ImportProgress, language: Language) -> Mapping[str, Any]:
    with opened_files(database, given) as ready, database.writing() as session:
        session.info["actor"] = OPERATOR.name
        outcome = service.described(import_files(session, OPERATOR, ready, watch), language)
        if given.options.dry_run:
            session.rollback()
        return outcome


def _in_background(
    database: Database, given: Submission, progress: Progress, name: str, language: Language
) -> Mapping[str, Any]:
    """Others write while it is read. Interrupted, it is taken back and noted as failed."""
    worker, task = ImportWorker(database), progress.add_task(name, total=None, rows=0)
    worker.start()
    try:
        with worker.accepting(OPERATOR, REQUEST, given, ExitStack()) as (_, row):
            id = row.id or 0
        while (read := worker.progress(id)) is not None:
            progress.update(task, rows=read)
            time.sleep(PAUSE)
    finally:
        worker.stop()
    with database.reading() as session:
        record = service.record_described(get_import(session, id), language, None)
    reason = record["problem"]
    return record if reason is None else {**record, "detail": reason["detail"]}


class _ProgressBar(ImportProgress):
    """A watch that moves a progress bar with the part of the file that has been read."""

    def __init__(self, progress: Progress, file: BinaryIO, name: str, kind: FileKind) -> None:
        super().__init__()
        size = None if kind == "xlsx" else file.seek(0, SEEK_END)  # of a workbook another process reads
        self.progress, self.file, self.task = progress, file, progress.add_task(name, total=size, rows=0)

    def note(self, read: int) -> None:
        self.progress.update(self.task, completed=self.file.tell(), rows=read)


def refused(error: AppError, language: Language) -> dict[str, Any]:
    """A refusal as an outcome."""
    errors = [fault.body(language) for fault in error.faults]
    return {**NOTHING, **error.extra, "status": "rejected", "detail": error.detail(language), "errors": errors}
