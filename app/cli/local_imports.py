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
from app.cli.keyed_imports import OPERATOR, KeyedImport, keyed
from app.cli.remote import ImportCommand, rows_read
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
from app.store.db import Database
from app.store.imports import get_import

REQUEST = "chiso import"
"""What stands in the trace, and in the log, where others have the id of a request."""
PAUSE = 0.1
"""Seconds between two looks at how far it is."""


class ImportInterrupted(Exception):  # noqa: N818 - nothing went wrong
    """A signal of this number has ended an import; `answer` is what had become of it by then."""

    def __init__(self, number: int, answer: Mapping[str, Any]) -> None:
        super().__init__(number)
        self.number, self.answer = number, answer


def import_here(asked: ImportCommand, file: BinaryIO) -> Mapping[str, Any]:
    """Import into the database of the settings: what is large as a service does that runs it in the background.

    Answers as a service does, a refusal too. Raises ImportInterrupted where a signal ends that.
    """
    settings, query = Settings(), asked.query
    options = ImportOptions(
        dry_run="dry_run" in query,
        skip="on_error" in query,
        period=query.get("period"),
        source=query.get("source"),
        locale=query["locale"],
        plan=query.get("plan"),
        complete="complete" in query,
        under=query.get("under"),
        sources=settings.sources,
        fractions=query.get("fractions"),
        resolve=query.get("resolve"),
    )
    with existing(settings) as database, rows_read() as progress:
        try:
            table = ImportFile(file, kind_of("", asked.path.name), asked.charset)
            sheet, profile = query.get("sheet"), query.get("profile")
            given = Submission([table], options, query["layout"], sheet, "create_units" in query, profile)
            once = None if asked.key is None or options.dry_run else keyed(asked, file)
            if once is not None and (answered := once.answered(database)):
                return _current(database, answered, asked.language)
            large, bar = rows_in(table) > LARGE, _ProgressBar(progress, file, asked.path.name, table.kind)
            importing = _in_background if large and not options.dry_run else _at_once
            return importing(database, given, bar, once, asked.language)
        except AppError as error:
            return refused(error, asked.language)


def _current(database: Database, answered: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """What was answered under an Idempotency-Key; of an import in the background what has become of it by now."""
    return answered if "status" in answered else _recorded(database, answered["id"], language)


def _at_once(
    database: Database, given: Submission, watch: ImportProgress, once: KeyedImport | None, language: Language
) -> Mapping[str, Any]:
    opening = database.reading() if given.reads else database.writing()
    with opened_files(database, given) as ready, opening as session:
        session.info["actor"] = OPERATOR.name
        if not given.reads:
            fail_expired(session)  # nobody else may come by to say so
        answer = service.described(import_files(session, OPERATOR, ready, watch), language)
        if once is not None:
            once.keep(session, answer)
        if given.options.dry_run:
            session.rollback()
        return answer


def _in_background(
    database: Database, given: Submission, watch: ImportProgress, once: KeyedImport | None, language: Language
) -> Mapping[str, Any]:
    """Others write while it is read. Interrupted, it is taken back at once and noted as failed.

    Where it came to an end all the same, ImportInterrupted says so.
    """
    with signals_noted() as signals:
        worker = ImportWorker(database, grace=0)
        worker.start()
        try:
            with worker.accepting(OPERATOR, REQUEST, given, ExitStack()) as (session, row):
                id = row.id or 0
                if once is not None:
                    once.keep(session, {"id": id})
            while not signals and (read := worker.progress(id)) is not None:
                if read:  # else the file may still be where its lines have been counted
                    watch.note(read)
                time.sleep(PAUSE)
        finally:
            worker.stop()
        answer = _recorded(database, id, language)
    if signals:
        raise ImportInterrupted(signals[0], answer)
    return answer


def _recorded(database: Database, id: int, language: Language) -> Mapping[str, Any]:
    with database.reading() as session:
        return service.record_described(get_import(session, id), language, None)


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
    """A refusal as a service answers it (RFC 9457)."""
    body = {**error.summary(language), "request_id": REQUEST, **error.extra}
    return {**body, "errors": [fault.body(language) for fault in error.faults]} if error.faults else body
