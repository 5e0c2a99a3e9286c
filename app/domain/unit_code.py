"""What units are called by machines: their codes, and what other registers call them."""

import re
from typing import Annotated

from pydantic import StringConstraints
from pydantic_core import PydanticCustomError

from app.domain.characters import of_text, trimmed
from app.domain.look_alikes import as_latin
from app.domain.suggest import visible

CODE = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+)*")
LONGEST_CODE = 35
IDENTIFIER = re.compile(r"([a-z][a-z0-9_]{0,29}):([!-~]{1,100})")


def bare_code(text: str) -> str:
    """A unit's code without what nobody sees around it; refused where it is an identifier of another register."""
    bare = trimmed(text)
    if IDENTIFIER.fullmatch(bare):
        raise PydanticCustomError("identifier_unexpected", "the code of the unit is expected, not an identifier")
    return bare


def branch_of(code: str) -> str:
    """The part of a unit's code before the first point, in a province that of the province; empty where there is none.

    It sorts units whatever the tree says: what is known of one branch stays when another's figures are written.

    >>> branch_of("H60.10.1"), branch_of("H60")
    ('H60', '')
    """
    return code.partition(".")[0] if "." in code else ""


BARE_CODE = of_text(bare_code)
UnitCode = Annotated[str, StringConstraints(pattern=rf"^{CODE.pattern}$", max_length=LONGEST_CODE), BARE_CODE]


def plain_code(text: str) -> str | None:
    """The code that a text is but for small letters, spaces and characters that nobody sees; None where it is none.

    >>> plain_code("h60_100\u200b"), plain_code("Tuyên Quang")
    ('H60.100', None)
    """
    code = "".join(as_latin(visible(text)).split()).replace("_", ".").replace("-", ".").upper()
    return code if CODE.fullmatch(code) and len(code) <= LONGEST_CODE else None


NATIONAL = re.compile(r"(?:[A-Z0-9]{2,3}\.){1,3}[A-Y][0-9]{2}")


def written_code(text: str) -> str | None:
    """The code that a file writes by its scheme: in small letters, or lowest level first as 000.00.16.H21.

    >>> written_code("h60.100"), written_code("000.00.16.H21"), written_code("003.02.16.H21"), written_code("H6O ")
    ('H60.100', 'H21.16', 'H21.16.02.003', None)
    """
    code = text.upper()
    if NATIONAL.fullmatch(code):
        parts = code.split(".")
        while len(parts) > 1 and not parts[0].strip("0"):
            parts.pop(0)
        return ".".join(reversed(parts))
    return code if code != text and CODE.fullmatch(code) and len(code) <= LONGEST_CODE else None


def read_identifier(text: str) -> tuple[str, str] | None:
    """Scheme and value of what another register calls a unit, None for what is no identifier.

    >>> read_identifier(" gso:08"), read_identifier("H60")
    (('gso', '08'), None)
    """
    match = IDENTIFIER.fullmatch(trimmed(text))
    return None if match is None else (match[1], match[2])


def codes_above(code: str) -> list[str]:
    """The codes that a code lies below, nearest first.

    >>> codes_above("H60.100.5")
    ['H60.100', 'H60']
    """
    parts = code.split(".")
    return [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
