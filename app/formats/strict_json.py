"""JSON read strictly and written exactly.

Read in two passes: the first runs inside json's C scanner and only notices that something is wrong; the second,
taken only then, says what and where (`json_faults`). So good bodies cost little more than `json.loads`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from json import JSONDecodeError, JSONDecoder

import orjson

from app.errors import Fault, Malformed
from app.formats.charset import decode
from app.formats.json_faults import (
    MAX_DEPTH,
    MAX_MEMBERS,
    MAX_NAME,
    SUSPECT_ESCAPE,
    NeedsSecondPass,
    fault_in,
    first_fault,
    is_storable,
    read_decimal,
    read_integer,
    syntax_fault,
)

BLANK = b" \t\r\n\x0b\x0c\0\x1a\xef\xbb\xbf"
"""What a line of NDJSON holds that says nothing: the marks at the two ends of a file among it."""


def _constant(_: str) -> object:
    raise NeedsSecondPass


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    size = len(members)
    if size != len(pairs) or size > MAX_MEMBERS or (size and max(map(len, members)) > MAX_NAME):
        raise NeedsSecondPass
    return members


_FAST = JSONDecoder(
    object_pairs_hook=_object, parse_int=read_integer, parse_float=read_decimal, parse_constant=_constant
)


def read_json(body: bytes, charset: str | None = None) -> object:
    """The value of a JSON document; numbers with a point or exponent become Decimal exactly as written.

    UTF-8 unless `charset` declares another; a byte order mark is skipped, as RFC 8259 allows. Raises
    Malformed with one Fault: `encoding_not_utf8`, `json_invalid` (line and column in the context), and with a pointer
    `json_duplicate_key`, `json_not_finite`, `json_too_deep`, `json_too_wide`, `json_name_too_long`, `number_too_large`,
    `text_invalid`.
    """
    text = decode(body, charset)
    try:
        value = _FAST.decode(text)
    except NeedsSecondPass:
        raise _refusal(first_fault(text)) from None
    except JSONDecodeError as error:
        raise _refusal(syntax_fault(error)) from None
    except RecursionError:
        raise _refusal(fault_in(text)) from None
    if _is_too_deep(value):
        raise _refusal(first_fault(text))
    if SUSPECT_ESCAPE.search(text) and any(not is_storable(string) for string in _strings(value)):
        raise _refusal(first_fault(text))
    return value


def iter_ndjson(lines: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """(line number from 1, value) of each line that is not blank. Raises Malformed, its fault naming the row."""
    for number, line in enumerate(lines, start=1):
        if not line.strip(BLANK):
            continue
        try:
            value = read_json(line.rstrip(b"\r\n"))  # what breaks off, breaks off on this line
        except Malformed as error:
            raise _of_line(error, number) from None
        yield number, value


def _of_line(error: Malformed, number: int) -> Malformed:
    """The refusal of a line as one of the whole body, of which no other line is named."""
    line = {"line": number} if "line" in error.context else {}
    faults = [replace(fault, row=number, context={**fault.context, **line}) for fault in error.faults]
    return Malformed(error.error_code, {**error.context, **line}, faults=faults)


def write_json(value: object) -> bytes:
    """Bytes of an answer: Decimals as plain numbers exactly as they are, instants in UTC with `Z`, dates ISO.

    Raises TypeError for what has no exact form: a naive datetime, a Decimal that is not finite.

    >>> write_json({"total": Decimal("83.10"), "max": Decimal("1E+2")})
    b'{"total":83.10,"max":100}'
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


@lru_cache(maxsize=1024)
def rfc3339(moment: datetime) -> str:
    """An aware datetime in UTC with `Z`; microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _plain(value: object) -> object:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, datetime) and value.tzinfo is not None:
        return rfc3339(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no exact form in JSON")


def _is_too_deep(value: object) -> bool:
    """Whether containers nest deeper than MAX_DEPTH, level by level and so without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _strings(value: object) -> Iterator[str]:
    """Every key and every text in a value of bounded depth."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            stack.extend(node)
            stack.extend(node.values())


def _refusal(fault: Fault) -> Malformed:
    return Malformed(fault.error_code, fault.context, faults=[fault])
