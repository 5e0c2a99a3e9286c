"""How a body was declared: the readers of its bytes find what is wrong with that, the request says where it stands."""

from contextlib import AbstractContextManager
from dataclasses import replace

from app.domain.input_location import relocated
from app.errors import ErrorCode, Fault
from app.formats.charset import CHARSET_UNKNOWN
from app.formats.text_stream import DIFFERS
from app.formats.workbook_texts import REFUSALS

DECLARED_IN: dict[ErrorCode, str] = {
    CHARSET_UNKNOWN: "Content-Type",
    DIFFERS: "Content-Type",
    REFUSALS["sheet_unknown"]: "sheet",
    REFUSALS["sheet_ambiguous"]: "sheet",
}
"""The header or parameter that is to be mended, where it is not the body."""


def declaration_located() -> AbstractContextManager[None]:
    """Give what is raised inside the parameter that it complains of; what is wrong with the body itself has none."""
    return relocated(_at_declaration)


def _at_declaration(fault: Fault) -> Fault:
    return replace(fault, parameter=DECLARED_IN.get(fault.error_code, fault.parameter))
