"""The codes that an import can refuse or warn with, declared by the modules that a file passes through."""

from collections.abc import Iterator
from pathlib import Path

import app
from app.api.contract_vocabulary import declared

APP = Path(app.__file__).parent

PASSED = (
    "api/uploads.py",
    "domain/figure_parser.py",
    "domain/intake/*.py",
    "domain/characters.py",
    "domain/garbled.py",
    "domain/lost_letters.py",
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
    "formats/docx_texts.py",
    "formats/pdf.py",
    "formats/tables.py",
    "formats/xlsx_sheet.py",
    "services/imports/undo.py",
)
"""Formats that are written, that hold frameworks, or letters; and the way back, which takes no file."""

NOT_OF_FILES = {
    "date_invalid": "dates in letters, which `POST /v1/check` reads",
    "import_failed": "tells of the service, when it fails in the background",
    "import_interrupted": "tells of the process that imported in the background",
    "imports_waiting": "tells of the queue of background imports, when it is full",
    "import_unknown": "names an import's record",
    "period_not_asked": "tells of figures that are only supposed",
    "period_type_differs": "tells of the periods that scores compare",
}
"""Codes of these modules that no file leads to, and what does."""

COUNTING = {"further_errors", "further_warnings"}
"""Codes of `app.errors`, at the end of lists that are too long."""


def modules() -> Iterator[str]:
    for pattern in PASSED:
        found = sorted(path.relative_to(APP) for path in APP.glob(pattern))
        assert found, pattern
        yield from (
            ".".join(["app", *path.with_suffix("").parts]) for path in found if path.as_posix() not in NOT_PASSED
        )


def of_imports() -> set[str]:
    """Every code that a file can lead to."""
    return {each.code for name in modules() for each in declared(name)} - NOT_OF_FILES.keys() | COUNTING
