"""A file of figures imported into the database of the settings, by this process."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from io import SEEK_END
from typing import Any, BinaryIO

from rich.progress import Progress

from app.cli.database import existing
from app.cli.remote import NOTHING, rows_read
from app.cli.stopping import SIGNALS
from app.config import Settings
from app.errors import AppError, Language
from app.formats.row_readers import FileKind, kind_of
from app.services.imports import records as service
from app.services.imports.files import LARGE, ImportFile, ImportProgress, Submission, import_files, rows_in
from app.services.imports.job_steps import fail_expired
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


class ImportInterrupted(Exception):  # noqa: N818 - nothing went wrong
    """A signal of this number has ended an import; `outcome` is what had become of it by then."""

    def __init__(self, number: int, outcome: Mapping[str, Any]) -> None:
        super().__init__(number)
        self.number, self.outcome = number, outcome


def import_here(
    file: BinaryIO, name: str, charset: str | None, query: Mapping[str, Any], language: Language
) -> Mapping[str, Any]:
    """Import into the database of the settings: what is large as a service does that runs it in the background.

    Raises ImportInterrupted where a signal ends that.
    """
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
            large, bar = rows_in(table) > LARGE, _ProgressBar(progress, file, name, table.kind)
            importing = _in_background if large and not options.dry_run else _at_once
            return importing(database, given, bar, language)
        except AppError as error:
            return refused(error, language)


def _at_once(database: Database, given: Submission, watch: ImportProgress, language: Language) -> Mapping[str, Any]:
    opening = database.reading() if given.reads else database.writing()
    with opened_files(database, given) as ready, opening as session:
        session.info["actor"] = OPERATOR.name
        if not given.reads:
            fail_expired(session)  # nobody else may come by to say so
        outcome = service.described(import_files(session, OPERATOR, ready, watch), language)
        if given.options.dry_run:
            session.rollback()
        return outcome


def _in_background(
    database: Database, given: Submission, watch: ImportProgress, language: Language
) -> Mapping[str, Any]:
    """Others write while it is read. Interrupted, it is taken back at once and noted as failed.

    Where it came to an end all the same, ImportInterrupted says so.
    """
    with signals_noted() as signals:
        worker = ImportWorker(database, grace=0)
        worker.start()
        try:
            with worker.accepting(OPERATOR, REQUEST, given, ExitStack()) as (_, row):
                id = row.id or 0
            while not signals and (read := worker.progress(id)) is not None:
                if read:  # else the file may still be where its lines have been counted
                    watch.note(read)
                time.sleep(PAUSE)
        finally:
            worker.stop()
        outcome = _recorded(database, id, language)
    if signals:
        raise ImportInterrupted(signals[0], outcome)
    return outcome


def _recorded(database: Database, id: int, language: Language) -> Mapping[str, Any]:
    with database.reading() as session:
        record = service.record_described(get_import(session, id), language, None)
    reason = record["problem"]
    return record if reason is None else {**record, "detail": reason["detail"]}


@contextmanager
def signals_noted() -> Iterator[list[int]]:
    """While inside, the first signal to end is only noted. A second one does what it did before, and so do all later.

    Those that are ignored, as in the background of a shell, stay so.
    """
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(number: int, _: object) -> None:
        came.append(number)
        restore()

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, note)
    try:
        yield came
    finally:
        restore()


class _ProgressBar(ImportProgress):
    """A watch that moves a progress bar with the part of the file that has been read."""

    def __init__(self, progress: Progress, file: BinaryIO, name: str, kind: FileKind) -> None:
        super().__init__()
        size = None if kind == "xlsx" else file.seek(0, SEEK_END)  # of a workbook another process reads
        self.progress, self.file, self.task = progress, file, progress.add_task(name, total=size, rows=0)

    def note(self, read: int) -> None:
        # asked of the system: another thread may be reading, whose buffer `tell` would confuse
        place = os.lseek(self.file.fileno(), 0, os.SEEK_CUR)
        self.progress.update(self.task, completed=place, rows=read)


def refused(error: AppError, language: Language) -> dict[str, Any]:
    """A refusal as an outcome."""
    errors = [fault.body(language) for fault in error.faults]
    return {**NOTHING, **error.extra, "status": "rejected", "detail": error.detail(language), "errors": errors}
