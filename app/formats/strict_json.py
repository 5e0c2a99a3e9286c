"""JSON read strictly and written exactly.

Read in two passes: the first runs inside json's C scanner and only notices that something is wrong; the second,
taken only then, says what and where. So good bodies cost little more than `json.loads`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, JSONDecoder
from typing import Any, cast

import orjson

from app.errors import Fault, Malformed, Text
from app.formats.charset import decode

MAX_DEPTH = 64
MAX_NUMBER_LENGTH = 40
MAX_DIGITS = 18
"""Digits before the point: what every database and orjson hold exactly, and more than any figure of any index has."""
MAX_DECIMALS = 30

SUSPECT_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")

TOO_LARGE = Text(
    "The number is outside what can be read: at most 18 digits before the point and 30 after it.",
    "Số nằm ngoài phạm vi đọc được: tối đa 18 chữ số phần nguyên và 30 chữ số phần thập phân.",
)
NOT_FINITE = Text(
    "`{value}` is not a number in JSON; write null where there is no figure.",
    "`{value}` không phải là số trong JSON; hãy ghi null nếu không có số liệu.",
)
DUPLICATE_KEY = Text(
    "The key `{key}` occurs twice in one object.", "Khóa `{key}` xuất hiện hai lần trong một đối tượng."
)
TOO_DEEP = Text(
    "The JSON is nested deeper than {limit} levels.",
    "JSON lồng nhau sâu hơn {limit} mức.",
)
BAD_TEXT = Text(
    "The text holds a character that cannot be stored (NUL, or half of a surrogate pair).",
    "Văn bản chứa ký tự không lưu được (NUL hoặc một nửa cặp surrogate).",
)
INVALID = Text(
    "The body is not valid JSON: {reason} (line {line}, column {column}).",
    "Nội dung không phải JSON hợp lệ: {reason} (dòng {line}, cột {column}).",
)
REASONS = {
    "Nothing": Text("it is empty", "không có gì"),
    "Expecting value": Text("a value is missing", "thiếu một giá trị"),
    "Expecting property name": Text("a key in double quotes is missing", "thiếu tên khóa trong dấu nháy kép"),
    "Expecting ':'": Text("a colon is missing", "thiếu dấu hai chấm"),
    "Expecting ','": Text("a comma or a closing bracket is missing", "thiếu dấu phẩy hoặc dấu đóng ngoặc"),
    "Extra data": Text("text follows the end of the document", "còn văn bản sau khi tài liệu kết thúc"),
    "Unterminated string": Text("a string is not closed", "chuỗi chưa được đóng"),
    "Invalid control character": Text("a string holds a raw control character", "chuỗi chứa ký tự điều khiển"),
    "Invalid \\": Text("an escape sequence is wrong", "chuỗi thoát không hợp lệ"),
    "Illegal trailing comma": Text("a comma stands before a closing bracket", "thừa dấu phẩy trước dấu đóng ngoặc"),
}
UNREADABLE = Text("it cannot be read", "không đọc được")


class _Suspicious(Exception):  # noqa: N818 - a signal between the two passes, never seen outside
    """The first pass met something that the second has to name."""


class _Bad:
    """Stands in the second pass's tree where a number could not be read."""

    def __init__(self, code: str, text: Text, value: str) -> None:
        self.code, self.text, self.value = code, text, value


class _Pairs(list[tuple[str, object]]):
    """An object as it was written, repeated keys included."""


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise _Suspicious
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS or "e" in text or "E" in text:
        return _bounded(text)
    return Decimal(text)


def _bounded(text: str) -> Decimal:
    try:
        value = Decimal(text if len(text) <= MAX_NUMBER_LENGTH else "NaN")
    except InvalidOperation:
        raise _Suspicious from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MAX_DECIMALS or value.adjusted() >= MAX_DIGITS:
        raise _Suspicious
    return value


def _constant(_: str) -> object:
    raise _Suspicious


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Suspicious
    return members


def _number_or_bad(text: str) -> object:
    try:
        return _integer(text) if text.lstrip("-").isdigit() else _decimal(text)
    except _Suspicious:
        return _Bad("number_too_large", TOO_LARGE, text[:100])


_FAST = JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
_SLOW = JSONDecoder(
    object_pairs_hook=_Pairs,
    parse_int=_number_or_bad,
    parse_float=_number_or_bad,
    parse_constant=lambda text: _Bad("json_not_finite", NOT_FINITE, text),
)


def read_json(body: bytes, charset: str | None = None) -> object:
    """The value of a JSON document; numbers with a point or exponent become Decimal exactly as written.

    UTF-8 unless `charset` declares another; a byte order mark is skipped, as RFC 8259 allows. Raises
    Malformed with one Fault: `encoding_not_utf8`, `json_invalid` (line and column in the context), and with a pointer
    `json_duplicate_key`, `json_not_finite`, `json_too_deep`, `number_too_large`, `text_invalid`.
    """
    text = decode(body, charset)
    try:
        value = _FAST.decode(text)
    except _Suspicious:
        raise _refusal(_first_fault(text)) from None
    except JSONDecodeError as error:
        raise _refusal(_syntax_fault(error)) from None
    except RecursionError:
        raise _refusal(_too_deep()) from None
    if _is_too_deep(value):
        raise _refusal(_first_fault(text))
    if SUSPECT_ESCAPE.search(text) and any(not _storable(string) for string in _strings(value)):
        raise _refusal(_first_fault(text))
    return value


def iter_ndjson(lines: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """(line number from 1, value) of each line that is not blank. Raises Malformed, its fault naming the row."""
    for number, line in enumerate(lines, start=1):
        if line.isspace() or not line:
            continue
        try:
            value = read_json(line.rstrip(b"\r\n"))  # what breaks off, breaks off on this line
        except Malformed as error:
            raise _of_line(error, number) from None
        yield number, value


def _of_line(error: Malformed, number: int) -> Malformed:
    """The refusal of a line as one of the whole body, of which it is the only line that is told."""
    line = {"line": number} if "line" in error.context else {}
    faults = [replace(fault, row=number, context={**fault.context, **line}) for fault in error.faults]
    return Malformed(error.code, error.text, faults=faults, **cast("dict[str, Any]", {**error.context, **line}))


def write_json(value: object) -> bytes:
    """Bytes of an answer: Decimals as plain numbers exactly as they are, instants in UTC with `Z`, dates ISO.

    Raises TypeError for what has no exact form: a naive datetime, a Decimal that is not finite.

    >>> write_json({"total": Decimal("83.10"), "max": Decimal("1E+2")})
    b'{"total":83.10,"max":100}'
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


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


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _first_fault(text: str) -> Fault:
    """The second pass: what is wrong, and where, in a document that the first pass refused."""
    try:
        tree = _SLOW.decode(text)
    except JSONDecodeError as error:
        return _syntax_fault(error)
    except RecursionError:
        return _too_deep()
    stack: list[tuple[str, int, object]] = [("", 0, tree)]
    while stack:
        pointer, depth, node = stack.pop()
        fault = _fault_at(pointer, depth, node)
        if fault is not None:
            return fault
        stack.extend((f"{pointer}/{_escape(key)}", depth + 1, child) for key, child in reversed(_members(node)))
    raise AssertionError("the first pass refused a document in which the second finds no fault")


def _members(node: object) -> list[tuple[str, object]]:
    if isinstance(node, _Pairs):
        return node
    return [(str(index), child) for index, child in enumerate(node)] if isinstance(node, list) else []


def _fault_at(pointer: str, depth: int, node: object) -> Fault | None:
    if isinstance(node, _Bad):
        return Fault(node.code, node.text, {"value": node.value}, pointer=pointer, value=node.value)
    if isinstance(node, str):
        return None if _storable(node) else Fault("text_invalid", BAD_TEXT, pointer=pointer)
    if not isinstance(node, list):
        return None
    if depth >= MAX_DEPTH:
        return _too_deep(pointer)
    return _key_fault(pointer, node) if isinstance(node, _Pairs) else None


def _key_fault(pointer: str, pairs: _Pairs) -> Fault | None:
    seen: set[str] = set()
    for key, _ in pairs:
        if not _storable(key):
            return Fault("text_invalid", BAD_TEXT, pointer=pointer)
        if key in seen:
            place = f"{pointer}/{_escape(key)}"
            return Fault("json_duplicate_key", DUPLICATE_KEY, {"key": key[:100]}, pointer=place)
        seen.add(key)
    return None


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _too_deep(pointer: str | None = None) -> Fault:
    return Fault("json_too_deep", TOO_DEEP, {"limit": MAX_DEPTH}, pointer=pointer)


def _syntax_fault(error: JSONDecodeError) -> Fault:
    message = error.msg if error.doc.strip() else "Nothing"
    reason = next((text for start, text in REASONS.items() if message.startswith(start)), UNREADABLE)
    text = Text(INVALID.en.replace("{reason}", reason.en), INVALID.vi.replace("{reason}", reason.vi))
    return Fault("json_invalid", text, {"line": error.lineno, "column": error.colno})


def _refusal(fault: Fault) -> Malformed:
    return Malformed(fault.code, fault.text, faults=[fault], **cast("dict[str, Any]", fault.context))
