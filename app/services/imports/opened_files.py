"""What can be known of files before anybody waits for them: whether they can be opened, and what their columns are."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from app.errors import Invalid
from app.services.imports.files import Submission, is_of_request, rows_of, sheets_wanted, with_profile
from app.services.imports.portal_files import refuse_unread
from app.services.imports.refusals import counted
from app.store.db import Database


@contextmanager
def opened_files(database: Database, given: Submission) -> Iterator[Submission]:
    """The files of a submission, opened as far as their first rows, so that the write lock is not held for it.

    Workbooks are extracted, and stay so as long as the context lasts. Raises what `import_files` raises for what a
    file is: its kind, sheet, encoding, header and columns, and of the portal that no answer is one.
    """
    with ExitStack() as closing:
        try:
            ready = given if given.layout == "portal" else _extracted(_with_profile(database, given), closing)
            _read_opening(database, ready)
        except Invalid as refusal:
            raise refusal if is_of_request(refusal) else counted(refusal) from None
        yield ready


def _with_profile(database: Database, given: Submission) -> Submission:
    if given.profile is None:
        return given
    with database.reading() as session:
        return with_profile(session, given)


def _extracted(given: Submission, closing: ExitStack) -> Submission:
    return replace(given, files=[each.extract(closing, sheets_wanted(given)) for each in given.files])


def _read_opening(database: Database, given: Submission) -> None:
    if given.layout == "portal":
        refuse_unread([each.file for each in given.files], given.options)
        return
    with database.reading() as session:
        next(iter(rows_of(session, given)), None)
