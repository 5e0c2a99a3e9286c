"""Objects of a saved answer, read field by field: a field that holds the wrong kind of thing is named, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.errors import ErrorCode, Fault

PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?")

NOT_AN_OBJECT = ErrorCode("object_expected", "An object is expected here.", "Ở đây phải là một đối tượng.")
NOT_A_LIST = ErrorCode("list_expected", "A list is expected here.", "Ở đây phải là danh sách.")
NOT_TEXT = ErrorCode("text_expected", "`{name}` must be text.", "`{name}` phải là chuỗi ký tự.")
NOT_A_NUMBER = ErrorCode(
    "number_invalid",
    "`{name}` must be a number or null, as the portal writes it.",
    "`{name}` phải là số hoặc null như Cổng ghi.",
)
NOT_WRITTEN = ErrorCode(
    "number_invalid",
    "`{name}` must be a number with a decimal point, as rest.jsp writes it.",
    "`{name}` phải là số với dấu chấm thập phân như rest.jsp ghi.",
)


@dataclass(frozen=True, slots=True)
class JsonNode:
    """An object and where it stands."""

    fields: Mapping[str, object]
    pointer: str

    def at(self, name: str) -> str:
        """Where a field of it stands (RFC 6901)."""
        return f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}"


class JsonNodeReader:
    """Reads fields of nodes; what is wrong is read as absent.

    `faults` are objects and lists that are none; a number or text that is none is kept until it is `taken` for what
    it was read for.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.unread: list[Fault] = []

    def taken(self) -> tuple[Fault, ...]:
        """What was wrong with the numbers and texts read since this was asked last."""
        taken, self.unread = tuple(self.unread), []
        return taken

    def optional(self, node: JsonNode, name: str) -> JsonNode | None:
        """The object in a field, None where there is none."""
        value = node.fields.get(name)
        return None if value is None else self._object(value, node.at(name))

    def listed(self, node: JsonNode, name: str) -> list[JsonNode]:
        """The objects of the list in a field; none where there is no list."""
        value = node.fields.get(name)
        if value is None:
            return []
        at = node.at(name)
        if not isinstance(value, list):
            self.faults.append(_fault(NOT_A_LIST, at, name, value))
            return []
        found = [self._object(item, f"{at}/{index}") for index, item in enumerate(value)]
        return [each for each in found if each is not None]

    def number(self, node: JsonNode, name: str) -> int | Decimal | None:
        """The JSON number in a field, exact as it stands."""
        value = node.fields.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return value
        if value is not None:
            self._unread(NOT_A_NUMBER, node.at(name), name, value)
        return None

    def written_number(self, node: JsonNode, name: str) -> int | Decimal | None:
        """The number in a field of rest.jsp: text with a decimal point, a blank where there is none."""
        value = node.fields.get(name)
        if not isinstance(value, str):
            return self.number(node, name)
        if not value.strip():
            return None
        if PLAIN.fullmatch(value.strip()):
            return Decimal(value.strip())
        self._unread(NOT_WRITTEN, node.at(name), name, value)
        return None

    def text(self, node: JsonNode, name: str) -> str | None:
        """The text in a field without spaces around it; a whole number, as old ids may stand, as its digits."""
        value = node.fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        self._unread(NOT_TEXT, node.at(name), name, value)
        return None

    def required_text(self, node: JsonNode, name: str) -> str:
        """The text in a field that every such object has."""
        before = len(self.unread)
        value = self.text(node, name)
        if value is None and len(self.unread) == before:
            self._unread(NOT_TEXT, node.at(name), name, None)
        return value or ""

    def _object(self, value: object, at: str) -> JsonNode | None:
        if isinstance(value, dict):
            return JsonNode(value, at)
        self.faults.append(_fault(NOT_AN_OBJECT, at, "", value))
        return None

    def _unread(self, error_code: ErrorCode, at: str, name: str, value: object) -> None:
        self.unread.append(_fault(error_code, at, name, value))


def _fault(error_code: ErrorCode, at: str, name: str, value: object) -> Fault:
    is_plain = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
    return Fault(error_code, {"name": name[:60]}, pointer=at, value=str(value)[:100] if is_plain else None)
