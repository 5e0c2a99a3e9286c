"""What is wrong in a JSON document, and where: the second pass over one that `strict_json` has refused.

It goes through the tokens up to the first fault and keeps nothing but the way to where it is: a document costs a small
multiple of reading it, whatever it holds.
"""

import re
from decimal import Decimal, InvalidOperation
from json import JSONDecodeError, JSONDecoder, loads

from app.errors import Fault, Malformed, RefusalCode, Text

MAX_DEPTH = 64
MAX_NUMBER_LENGTH = 40
MAX_DIGITS = 18
"""Digits before the point: what every database and orjson hold exactly, and more than any figure of any index has."""
MAX_DECIMALS = 30

MAX_MEMBERS = 1_000
MAX_NAME = 1_000
"""Fields of an object, and letters of their names: the limit of columns, for records. Names stand in every place that a
fault names, so long ones would cost each of them."""

SUSPECT_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
TOKEN = re.compile(r"""[\[\]{},]|"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:[0-9][0-9.eE+-]*|NaN|Infinity)""")
"""What can be wrong in valid JSON, or says where it stands. Colons, `true`, `false` and `null` do neither."""

TOO_LARGE = RefusalCode(
    "number_too_large",
    "The number is outside what can be read: at most 18 digits before the point and 30 after it.",
    "Số nằm ngoài phạm vi đọc được: tối đa 18 chữ số phần nguyên và 30 chữ số phần thập phân.",
    Malformed,
)
NOT_FINITE = RefusalCode(
    "json_not_finite",
    "`{value}` is not a number in JSON; write null where there is no figure.",
    "`{value}` không phải là số trong JSON; hãy ghi null nếu không có số liệu.",
    Malformed,
)
DUPLICATE_KEY = RefusalCode(
    "json_duplicate_key",
    "The key `{key}` occurs twice in one object; keep one of them.",
    "Trường `{key}` xuất hiện hai lần trong một đối tượng; hãy giữ lại một.",
    Malformed,
)
TOO_WIDE = RefusalCode(
    "json_too_wide",
    "An object has more than {limit} fields; send the figures as rows, one object each.",
    "Một đối tượng có hơn {limit} trường; hãy gửi số liệu thành từng dòng, mỗi dòng một đối tượng.",
    Malformed,
)
NAME_TOO_LONG = RefusalCode(
    "json_name_too_long",
    "The name of a field is longer than {limit} characters.",
    "Tên của một trường dài hơn {limit} ký tự.",
    Malformed,
)
TOO_DEEP = RefusalCode(
    "json_too_deep", "The JSON is nested deeper than {limit} levels.", "JSON lồng nhau sâu hơn {limit} mức.", Malformed
)
BAD_TEXT = RefusalCode(
    "text_invalid",
    "The text holds a character that cannot be stored (NUL, or half of a surrogate pair); take it out.",
    "Nội dung chứa ký tự không lưu được (NUL hoặc một nửa cặp surrogate); hãy xóa ký tự này.",
    Malformed,
)
INVALID = RefusalCode(
    "json_invalid",
    "The body is not valid JSON: {reason} (line {line}, column {column}).",
    "Nội dung không phải JSON hợp lệ: {reason} (dòng {line}, cột {column}).",
    Malformed,
)
REASONS = {
    "Nothing": Text("it is empty", "không có gì"),
    "Expecting value": Text("a value is missing", "thiếu một giá trị"),
    "Expecting property name": Text("a key in double quotes is missing", "thiếu tên trường trong dấu nháy kép"),
    "Expecting ':'": Text("a colon is missing", "thiếu dấu hai chấm"),
    "Expecting ','": Text("a comma or a closing bracket is missing", "thiếu dấu phẩy hoặc dấu đóng ngoặc"),
    "Extra data": Text("text follows the end of the document", "còn nội dung sau khi tài liệu kết thúc"),
    "Unterminated string": Text("a string is not closed", "chuỗi chưa được đóng"),
    "Invalid control character": Text("a string holds a raw control character", "chuỗi chứa ký tự điều khiển"),
    "Invalid \\": Text("an escape sequence is wrong", "chuỗi thoát không hợp lệ"),
    "Illegal trailing comma": Text("a comma stands before a closing bracket", "thừa dấu phẩy trước dấu đóng ngoặc"),
}
UNREADABLE = Text("it cannot be read", "không đọc được")


_SYNTAX = JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Reads what is valid whatever its numbers and keys are."""


class NeedsSecondPass(Exception):  # noqa: N818 - a signal between the two passes, never seen outside
    """The first pass met something that the second has to name."""


def read_integer(text: str) -> int:
    """A number without point and exponent; NeedsSecondPass where it is longer than any figure."""
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise NeedsSecondPass
    return int(text)


def read_decimal(text: str) -> Decimal:
    """A number with a point or exponent, exactly as written; NeedsSecondPass where no figure is like it."""
    if len(text) > MAX_DIGITS or "e" in text or "E" in text:
        return _bounded(text)
    return Decimal(text)


def _bounded(text: str) -> Decimal:
    try:
        value = Decimal(text if len(text) <= MAX_NUMBER_LENGTH else "NaN")
    except InvalidOperation:
        raise NeedsSecondPass from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MAX_DECIMALS or value.adjusted() >= MAX_DIGITS:
        raise NeedsSecondPass
    return value


def first_fault(text: str) -> Fault:
    """The second pass: what is wrong, and where, in a document that the first pass refused."""
    try:
        _SYNTAX.decode(text)
    except JSONDecodeError as error:
        return syntax_fault(error)
    except RecursionError:
        pass  # so it is too deep, and that comes before whatever follows
    return fault_in(text)


def fault_in(text: str) -> Fault:
    """The first fault in the order of the text, which is valid JSON up to there."""
    place = _Place()
    for token in TOKEN.finditer(text):
        fault = place.move(token[0])
        if fault is not None:
            return fault
    raise AssertionError("the first pass refused a document in which the second finds no fault")


class _Place:
    """Where the second pass is: the way from the root of the document, and the keys of the objects that are open."""

    def __init__(self) -> None:
        self.steps: list[int | str | None] = []  # None: in an object, before a key
        self.keys: list[set[str] | None] = []  # None: in a list

    def move(self, token: str) -> Fault | None:
        """Go on behind a token; what is wrong with it."""
        first = token[0]
        if first in "[{":
            return self._open(first)
        if first in "]}":
            self.steps.pop()
            self.keys.pop()
        elif first == ",":
            step = self.steps[-1]
            self.steps[-1] = step + 1 if isinstance(step, int) else None
        elif first == '"':
            return self._text(token)
        else:
            return self._number(token)
        return None

    def _open(self, bracket: str) -> Fault | None:
        if len(self.steps) == MAX_DEPTH:
            return Fault(TOO_DEEP, {"limit": MAX_DEPTH}, pointer=self.pointer())
        self.steps.append(0 if bracket == "[" else None)
        self.keys.append(None if bracket == "[" else set())
        return None

    def _text(self, token: str) -> Fault | None:
        text = loads(token) if "\\" in token else token[1:-1]
        if not is_storable(text):
            return Fault(BAD_TEXT, pointer=self.pointer())
        keys = self.keys[-1] if self.keys else None
        if keys is None or self.steps[-1] is not None:
            return None
        if len(text) > MAX_NAME:
            return Fault(NAME_TOO_LONG, {"limit": MAX_NAME}, pointer=self.pointer())
        if len(keys) == MAX_MEMBERS:
            return Fault(TOO_WIDE, {"limit": MAX_MEMBERS}, pointer=self.pointer())
        self.steps[-1] = text
        if text in keys:
            return Fault(DUPLICATE_KEY, {"key": text[:100]}, pointer=self.pointer())
        keys.add(text)
        return None

    def _number(self, token: str) -> Fault | None:
        if token.endswith(("NaN", "y")):
            error_code = NOT_FINITE
        elif _is_readable(token):
            return None
        else:
            error_code = TOO_LARGE
        value = token[:100]
        return Fault(error_code, {"value": value}, pointer=self.pointer(), value=value)

    def pointer(self) -> str:
        """The way as a JSON pointer; before a key it is the object's."""
        return "".join(f"/{_escape(str(step))}" for step in self.steps if step is not None)


def _is_readable(number: str) -> bool:
    try:
        return read_integer(number) is not None if number.lstrip("-").isdigit() else read_decimal(number) is not None
    except NeedsSecondPass:
        return False


def is_storable(text: str) -> bool:
    """Whether every database takes the text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def syntax_fault(error: JSONDecodeError) -> Fault:
    """What json's own scanner says, in our words."""
    message = error.msg if error.doc.strip() else "Nothing"
    reason = next((text for start, text in REASONS.items() if message.startswith(start)), UNREADABLE)
    return Fault(INVALID, {"reason": reason, "line": error.lineno, "column": error.colno})
