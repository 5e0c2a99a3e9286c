"""What pydantic finds wrong with the shape of a document, said in our codes and in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Fault, Text

# pydantic's error type → (public code, sentence). What is not listed reads as `value_invalid`.
SENTENCES: dict[str, tuple[str, Text]] = {
    "missing": ("field_missing", Text("This is required.", "Thiếu nội dung bắt buộc.")),
    "extra_forbidden": ("field_unknown", Text("There is no such field here.", "Không có trường này.")),
    "string_type": ("text_expected", Text("Text is expected here.", "Ở đây phải là văn bản.")),
    "string_pattern_mismatch": (
        "format_invalid",
        Text("This does not have the form {pattern}.", "Không đúng dạng {pattern}."),
    ),
    "string_too_short": ("text_too_short", Text("At least {min_length} characters.", "Ít nhất {min_length} ký tự.")),
    "string_too_long": ("text_too_long", Text("At most {max_length} characters.", "Nhiều nhất {max_length} ký tự.")),
    "literal_error": ("value_not_allowed", Text("Allowed are {expected}.", "Chỉ nhận {expected}.")),
    "enum": ("value_not_allowed", Text("Allowed are {expected}.", "Chỉ nhận {expected}.")),
    "int_parsing": ("number_invalid", Text("A whole number is expected here.", "Ở đây phải là số nguyên.")),
    "int_type": ("number_invalid", Text("A whole number is expected here.", "Ở đây phải là số nguyên.")),
    "greater_than_equal": ("number_out_of_range", Text("At least {ge}.", "Không nhỏ hơn {ge}.")),
    "less_than_equal": ("number_out_of_range", Text("At most {le}.", "Không lớn hơn {le}.")),
    "date_from_datetime_parsing": ("date_invalid", Text("Write the date as 2024-07-31.", "Ghi ngày dạng 2024-07-31.")),
    "date_parsing": ("date_invalid", Text("Write the date as 2024-07-31.", "Ghi ngày dạng 2024-07-31.")),
    "date_type": ("date_invalid", Text("Write the date as 2024-07-31.", "Ghi ngày dạng 2024-07-31.")),
    "datetime_from_date_parsing": (
        "moment_invalid",
        Text("Write the moment as 2024-07-08T11:00:00+07:00.", "Ghi thời điểm dạng 2024-07-08T11:00:00+07:00."),
    ),
    "timezone_aware": (
        "moment_invalid",
        Text(
            "The moment needs an offset, as in 2024-07-08T11:00:00+07:00.", "Thời điểm phải kèm múi giờ +07:00 hoặc Z."
        ),
    ),
    "bool_parsing": ("value_not_allowed", Text("Allowed are true and false.", "Chỉ nhận true hoặc false.")),
    "list_type": ("list_expected", Text("A list is expected here.", "Ở đây phải là danh sách.")),
    "tuple_type": ("list_expected", Text("A list is expected here.", "Ở đây phải là danh sách.")),
    "model_attributes_type": ("object_expected", Text("An object is expected here.", "Ở đây phải là một đối tượng.")),
    "model_type": ("object_expected", Text("An object is expected here.", "Ở đây phải là một đối tượng.")),
    "dict_type": ("object_expected", Text("An object is expected here.", "Ở đây phải là một đối tượng.")),
}
OTHER = Text("This cannot be taken: {reason}.", "Giá trị không hợp lệ ({reason}).")


def pointer_to(path: Sequence[object]) -> str:
    """A JSON pointer (RFC 6901).

    >>> pointer_to(["rows", 3, "a/b"])
    '/rows/3/a~1b'
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def shape_fault(found: Mapping[str, Any], path: Sequence[object]) -> Fault:
    """One of pydantic's findings as a fault at `path`; what was sent is never echoed."""
    reason = str(found["msg"]).removeprefix("Value error, ")
    code, text = SENTENCES.get(found["type"], ("value_invalid", OTHER))
    return Fault(code, text, {**found.get("ctx", {}), "reason": reason}, pointer=pointer_to(path))
