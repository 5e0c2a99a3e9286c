"""The codes that an import can refuse or warn with, found in the source of what a file passes through."""

from collections.abc import Iterator
from pathlib import Path

from tests.support.error_codes import ROOT, found_in

PASSED = (
    "api/uploads.py",
    "domain/figures.py",
    "domain/intake/*.py",
    "domain/characters.py",
    "domain/garbled.py",
    "domain/old_fonts.py",
    "domain/period.py",
    "domain/portal/*.py",
    "formats/*.py",
    "services/imports/*.py",
    "services/unit_names.py",
)
"""What a file passes through on its way in, under `app/`."""

NOT_PASSED = (
    "formats/delimited.py",
    "formats/documents.py",
    "formats/tables.py",
    "formats/xlsx.py",
    "services/imports/undo.py",
)
"""Formats that are written, or that hold frameworks; and the way back, which takes no file."""

NOT_OF_FILES = {
    "date_invalid": "dates in letters, which `POST /v1/check` reads",
    "import_failed": "tells of the service, when it fails in the background",
    "import_interrupted": "tells of the process that imported in the background",
    "imports_waiting": "tells of the queue of background imports, when it is full",
    "import_unknown": "names an import's record",
    "period_type_differs": "tells of the periods that scores compare",
    "span_reversed": "tells of `from` and `to` in a question",
}
"""Codes of these modules that no file leads to, and what does."""

COUNTING = {"further_errors", "further_warnings"}
"""Codes of `app.errors`, at the end of lists that are too long."""


def modules() -> Iterator[Path]:
    for pattern in PASSED:
        found = sorted((ROOT / "app").glob(pattern))
        assert found, pattern
        yield from (path for path in found if path.relative_to(ROOT / "app").as_posix() not in NOT_PASSED)


def of_imports() -> set[str]:
    """Every code that a file can lead to."""
    return {each.code for each in found_in(modules())} - NOT_OF_FILES.keys() | COUNTING
