"""YAML read as strictly as JSON: the same values, nothing that YAML would change silently.

The tree is built from the parser's events, never by a YAML constructor: so `no` stays text, `1:30` is no number of
seconds, `010` no eight, and an alias cannot unfold into a billion copies. Plain `null`, `true`, `false` and numbers
as JSON writes them are values; everything else is text.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from app.errors import AppError, Fault, Malformed, RefusalCode, Text
from app.formats.charset import decode

MAX_DEPTH = 64
DEEPER_THAN_PARSED = "exceeded maximum nesting depth"
"""What the parser says of brackets that it meets while it looks ahead, before it tells of any of them."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,29})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|NaN|-?Infinity")
CONSTANTS: dict[str, object] = {"null": None, "~": None, "": None, "true": True, "false": False}

INVALID = RefusalCode(
    "yaml_invalid",
    "The document is not valid YAML: {reason} (line {line}, column {column}).",
    "Tài liệu không phải YAML hợp lệ: {reason} (dòng {line}, cột {column}).",
    Malformed,
)
TAB = "tab character"
REASONS = {
    TAB: Text("a tab stands where only spaces may", "có ký tự tab ở chỗ chỉ được dùng dấu cách"),
    "cannot start any token": Text(
        "text that begins with this sign must be in quotes",
        "chuỗi ký tự bắt đầu bằng ký hiệu này phải đặt trong dấu nháy",
    ),
    "mapping values are not allowed": Text(
        "a colon stands where no field can begin; put text that contains a colon in quotes",
        "có dấu hai chấm ở chỗ không thể bắt đầu một trường; hãy đặt chuỗi ký tự chứa dấu hai chấm trong dấu nháy",
    ),
    "could not find expected ':'": Text("a field has no colon after its name", "thiếu dấu hai chấm sau tên trường"),
    "did not find expected ',' or": Text(
        "a comma or a closing bracket is missing", "thiếu dấu phẩy hoặc dấu đóng ngoặc"
    ),
    "found unexpected end of stream": Text(
        "a quote or a bracket is not closed", "dấu nháy hoặc dấu ngoặc chưa được đóng"
    ),
    "did not find expected": Text(
        "the indentation or a dash does not fit the lines above",
        "thụt dòng hoặc dấu gạch đầu dòng không khớp với các dòng trên",
    ),
    "invalid Unicode character": Text("half of a surrogate pair is written", "có nửa cặp surrogate"),
    "control characters": Text("it holds a control character", "có ký tự điều khiển"),
    "special characters": Text("it holds a control character", "có ký tự điều khiển"),
}
UNREADABLE = Text("it cannot be read here", "không đọc được tại đây")

PLACE_EN, PLACE_VI = " (line {line}, column {column}).", " (dòng {line}, cột {column})."
TEXTS = {
    "yaml_empty": RefusalCode(
        "yaml_empty",
        "The document is empty; send a framework with its fields.",
        "Tài liệu trống; hãy gửi bộ chỉ số kèm các trường của nó.",
        Malformed,
    ),
    "yaml_alias": RefusalCode(
        "yaml_alias",
        "Anchors and aliases (`&name`, `*name`) are not read; write the part out again" + PLACE_EN,
        "Không đọc neo và bí danh (`&ten`, `*ten`); hãy viết lại đầy đủ phần đó" + PLACE_VI,
        Malformed,
    ),
    "yaml_tag": RefusalCode(
        "yaml_tag",
        "Tags such as `{value}` are not read; leave the tag out" + PLACE_EN,
        "Không đọc thẻ như `{value}`; hãy bỏ thẻ đó" + PLACE_VI,
        Malformed,
    ),
    "yaml_merge_key": RefusalCode(
        "yaml_merge_key",
        "The merge key `<<` is not read; write the fields out" + PLACE_EN,
        "Không đọc khóa gộp `<<`; hãy viết đầy đủ các trường" + PLACE_VI,
        Malformed,
    ),
    "yaml_key_not_text": RefusalCode(
        "yaml_key_not_text",
        "A field's name must be plain text, not a list or an object" + PLACE_EN,
        "Tên trường phải là chuỗi ký tự, không phải danh sách hay đối tượng" + PLACE_VI,
        Malformed,
    ),
    "yaml_duplicate_key": RefusalCode(
        "yaml_duplicate_key",
        "The field `{value}` occurs twice in one object; keep one of them" + PLACE_EN,
        "Trường `{value}` xuất hiện hai lần trong một đối tượng; hãy giữ lại một" + PLACE_VI,
        Malformed,
    ),
    "yaml_not_finite": RefusalCode(
        "yaml_not_finite",
        "`{value}` is not a number that can be computed with; write a number, or null where there is none" + PLACE_EN,
        "`{value}` không phải là số tính được; hãy ghi một số, hoặc null nếu không có" + PLACE_VI,
        Malformed,
    ),
    "yaml_too_deep": RefusalCode(
        "yaml_too_deep",
        "The document is nested deeper than {limit} levels" + PLACE_EN,
        "Tài liệu lồng nhau sâu hơn {limit} mức" + PLACE_VI,
        Malformed,
    ),
    "yaml_several_documents": RefusalCode(
        "yaml_several_documents",
        "The file holds several documents divided by `---`; send one at a time" + PLACE_EN,
        "Tệp chứa nhiều tài liệu ngăn bằng `---`; hãy gửi từng tài liệu một" + PLACE_VI,
        Malformed,
    ),
    "text_invalid": RefusalCode(
        "text_invalid",
        "The text holds a character that cannot be stored (NUL, or half of a surrogate pair)" + PLACE_EN,
        "Nội dung chứa ký tự không lưu được (NUL hoặc một nửa cặp surrogate)" + PLACE_VI,
        Malformed,
    ),
}


def read_yaml(body: bytes) -> object:
    """The value of one YAML document: dict, list, str, int, Decimal (exactly as written), bool or None; dates are text.

    UTF-8 only, with or without a byte order mark. Raises Malformed with one Fault: `encoding_not_utf8`,
    `yaml_invalid`, or one of `TEXTS`; all but `yaml_empty` say line and column.

    >>> read_yaml(b"{max: 22.50, lunch: no, from: 010, at: 1:30}")
    {'max': Decimal('22.50'), 'lunch': 'no', 'from': '010', 'at': '1:30'}
    """
    text = decode(body, None)
    try:
        return _document(yaml.parse(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        raise _invalid(error.problem, error.problem_mark, text) from None
    except yaml.YAMLError as error:  # the reader's own: a character that YAML does not allow
        raise _invalid(str(error), None, text) from None


def _document(events: Iterator[Event]) -> object:
    """The value of the only document in the stream."""
    if not isinstance(next(events), StreamStartEvent) or isinstance(next(events), StreamEndEvent):
        _refuse("yaml_empty", None)
    value = _node(next(events), events, 0)
    next(events)
    after = next(events)
    if isinstance(after, DocumentStartEvent):
        _refuse("yaml_several_documents", after)
    return value


def _node(event: Event, events: Iterator[Event], depth: int) -> object:
    """The value that begins with `event`; consumes its events. The depth bounds the recursion."""
    _plain_node(event)
    if isinstance(event, ScalarEvent):
        return _scalar(event)
    if depth >= MAX_DEPTH:
        _refuse("yaml_too_deep", event, limit=MAX_DEPTH)
    if isinstance(event, SequenceStartEvent):
        return _items(events, depth)
    return _members(events, depth)


def _items(events: Iterator[Event], depth: int) -> list[object]:
    items = []
    while not isinstance(event := next(events), SequenceEndEvent):
        items.append(_node(event, events, depth + 1))
    return items


def _members(events: Iterator[Event], depth: int) -> dict[str, object]:
    members: dict[str, object] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        key = _key(event)
        if key in members:
            _refuse("yaml_duplicate_key", event, value=key)
        members[key] = _node(next(events), events, depth + 1)
    return members


def _key(event: Event) -> str:
    """A field's name as it is written: `1.10` and `no` are names too."""
    _plain_node(event)
    if not isinstance(event, ScalarEvent):
        _refuse("yaml_key_not_text", event)
    if event.value == "<<" and event.implicit[0]:
        _refuse("yaml_merge_key", event)
    return _storable(event)


def _plain_node(event: Event) -> None:
    """Refuse what can make a document mean more than it shows: aliases, anchors, tags."""
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
        _refuse("yaml_alias", event)
    if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag is not None:
        _refuse("yaml_tag", event, value=event.tag)


def _scalar(event: ScalarEvent) -> object:
    text = _storable(event)
    if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if NOT_FINITE.fullmatch(text):
        _refuse("yaml_not_finite", event, value=text)
    if INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) else text


def _storable(event: ScalarEvent) -> str:
    text = str(event.value)
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        _refuse("text_invalid", event)
    return text


def _refuse(code: str, event: Event | None, **context: object) -> NoReturn:
    mark = None if event is None else event.start_mark
    place = {} if mark is None else {"line": mark.line + 1, "column": mark.column + 1}
    shown = {name: value[:100] if isinstance(value, str) else value for name, value in context.items()}
    raise Fault(TEXTS[code], {**place, **shown}).error()


def _invalid(problem: str | None, mark: Any, text: str) -> AppError:
    """A syntax error of the parser, in words of both languages."""
    said = TAB if mark is not None and _is_tab(text, mark) else problem or ""
    reason = next((words for start, words in REASONS.items() if start in said), UNREADABLE)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else _unprintable(text)
    if DEEPER_THAN_PARSED in (problem or ""):
        return Fault(TEXTS["yaml_too_deep"], {"line": line, "column": column, "limit": MAX_DEPTH}).error()
    return Fault(INVALID, {"reason": reason, "line": line, "column": column}).error()


def _is_tab(text: str, mark: Any) -> bool:
    """Whether the sign that the parser stopped at is a tab, which it may only call a sign that begins nothing."""
    line = text.splitlines()[mark.line : mark.line + 1]
    return bool(line) and line[0].startswith("\t", mark.column)


def _unprintable(text: str) -> tuple[int, int]:
    """Line and column of the first character that YAML does not allow."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    before = text[: found.start()] if found else ""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
