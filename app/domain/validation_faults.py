"""What pydantic finds wrong with the shape of a document, said in our codes and in both languages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError, PydanticKnownError
from pydantic_core.core_schema import ErrorType

from app.domain.characters import HIDDEN_CHARACTER, unseen_fault
from app.domain.figure_parser import TEXT_AMBIGUOUS
from app.domain.garbled import LETTER_LOST, READ_WRONGLY
from app.errors import MOST_FAULTS, ErrorCode, Fault, Faults

WHOLE = ErrorCode("number_invalid", "A whole number is expected here.", "Ở đây phải là số nguyên.")
NUMBER = ErrorCode(
    "value_invalid", "A plain number such as 12 or 12.5 is expected here.", "Ở đây phải là một số, ví dụ 12 hoặc 12.5."
)
DAY = ErrorCode("date_invalid", "Write the date as 2024-07-31.", "Ghi ngày dạng 2024-07-31.")
MOMENT = ErrorCode(
    "moment_invalid", "Write the moment as 2024-07-08T11:00:00+07:00.", "Ghi thời điểm dạng 2024-07-08T11:00:00+07:00."
)
LIST = ErrorCode("list_expected", "A list is expected here.", "Ở đây phải là danh sách.")
OBJECT = ErrorCode("object_expected", "An object is expected here.", "Ở đây phải là một đối tượng.")
ALLOWED = ErrorCode("value_not_allowed", "Allowed are {expected}.", "Chỉ nhận {expected}.")
TRUE_OR_FALSE = ErrorCode("value_not_allowed", "Allowed are true and false.", "Chỉ nhận true hoặc false.")
PLACES = ErrorCode(
    "value_invalid", "At most {decimal_places} decimal places.", "Nhiều nhất {decimal_places} chữ số thập phân."
)
CODE_EXPECTED = ErrorCode(
    "format_invalid",
    "Write the unit's own code here, such as H60. An identifier such as gso:08 stands for it where figures are "
    "imported and where units are read; GET /v1/units/gso:08 tells the code.",
    "Ở đây hãy ghi mã của đơn vị, ví dụ H60. Mã của hệ thống khác như gso:08 chỉ dùng khi nhập số liệu và khi tra cứu; "
    "xem mã đơn vị tại GET /v1/units/gso:08.",
)
DIGITS = ErrorCode("value_invalid", "This number has too many digits.", "Số này có quá nhiều chữ số.")

# pydantic's error type, or one of our own → (public code, sentence). A test walks what our models can raise.
SENTENCES: dict[str, ErrorCode] = {
    "missing": ErrorCode("field_missing", "This is required.", "Thiếu nội dung bắt buộc."),
    "extra_forbidden": ErrorCode("field_unknown", "There is no such field here.", "Không có trường này."),
    "string_type": ErrorCode("text_expected", "Text is expected here.", "Ở đây phải là chuỗi ký tự."),
    "figure_type": ErrorCode(
        "text_expected",
        "The figure must be text as it is printed, or a number.",
        "Số liệu phải là chuỗi ký tự như đã in, hoặc là số.",
    ),
    "string_pattern_mismatch": ErrorCode(
        "format_invalid", "This does not have the form {pattern}.", "Không đúng dạng {pattern}."
    ),
    "identifier_unexpected": CODE_EXPECTED,
    "string_too_short": ErrorCode("text_too_short", "At least {min_length} characters.", "Ít nhất {min_length} ký tự."),
    "string_too_long": ErrorCode("text_too_long", "At most {max_length} characters.", "Nhiều nhất {max_length} ký tự."),
    "string_unicode": ErrorCode("value_invalid", "This is no readable text.", "Không đọc được chuỗi ký tự này."),
    "hidden_character": HIDDEN_CHARACTER,
    "text_garbled": READ_WRONGLY,
    "letter_lost": LETTER_LOST,
    "place_unknown": ErrorCode(
        "place_unknown",
        "Between braces stands a place to be filled, and known are `period` and `against` alone.",
        "Trong dấu ngoặc nhọn là chỗ điền, chỉ nhận `period` hoặc `against`.",
    ),
    "orders_too_deep": ErrorCode(
        "orders_too_deep",
        "Orders are at most {limit} deep: 1, 1.1, a) and –.",
        "Các yêu cầu lồng nhau nhiều nhất {limit} cấp: 1, 1.1, a) và –.",
    ),
    "row_prints_several": ErrorCode(
        "value_invalid",
        "A row prints one of `indicator`, `group`, `total` and `rank`.",
        "Mỗi dòng chỉ in một trong các nội dung `indicator`, `group`, `total`, `rank`.",
    ),
    "row_without_indicator": ErrorCode(
        "value_invalid",
        "`part`, `show` and `noun` belong to an `indicator`.",
        "`part`, `show`, `noun` chỉ dùng cùng `indicator`.",
    ),
    "whole_has_no_rate": ErrorCode(
        "value_invalid",
        "The whole is a count: write `show: count` beside it.",
        "Tổng số là số lượng: hãy ghi kèm `show: count`.",
    ),
    "layout_empty": ErrorCode("value_invalid", "A layout has at least one row.", "Mẫu bảng phải có ít nhất một dòng."),
    "layout_too_large": ErrorCode(
        "layout_too_large",
        "A layout has at most {limit} rows, {depth} deep.",
        "Mẫu bảng có nhiều nhất {limit} dòng, lồng nhau nhiều nhất {depth} cấp.",
    ),
    "literal_error": ALLOWED,
    "enum": ALLOWED,
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "int_from_float": replace(WHOLE, code="value_invalid"),
    "int_parsing_size": DIGITS,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "number_invalid": NUMBER,
    "number_ambiguous": TEXT_AMBIGUOUS,
    "finite_number": NUMBER,
    "decimal_max_digits": DIGITS,
    "decimal_whole_digits": DIGITS,
    "decimal_max_places": PLACES,
    "greater_than": ErrorCode("value_invalid", "More than {gt}.", "Lớn hơn {gt}."),
    "greater_than_equal": ErrorCode("number_out_of_range", "At least {ge}.", "Không nhỏ hơn {ge}."),
    "less_than_equal": ErrorCode("number_out_of_range", "At most {le}.", "Không lớn hơn {le}."),
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": replace(DAY, code="value_invalid"),
    "date_parsing": DAY,
    "date_type": DAY,
    "datetime_from_date_parsing": MOMENT,
    "datetime_parsing": replace(MOMENT, code="value_invalid"),
    "datetime_object_invalid": replace(MOMENT, code="value_invalid"),
    "datetime_type": replace(MOMENT, code="value_invalid"),
    "timezone_aware": ErrorCode(
        "moment_invalid",
        "The moment needs an offset, as in 2024-07-08T11:00:00+07:00.",
        "Thời điểm phải kèm múi giờ +07:00 hoặc Z.",
    ),
    "bool_parsing": TRUE_OR_FALSE,
    "bool_type": replace(TRUE_OR_FALSE, code="value_invalid"),
    "list_type": LIST,
    "tuple_type": LIST,
    "too_short": ErrorCode("value_invalid", "At least {min_length} item(s).", "Ít nhất {min_length} mục."),
    "too_long": ErrorCode("value_invalid", "At most {max_length} items.", "Nhiều nhất {max_length} mục."),
    "model_attributes_type": OBJECT,
    "model_type": OBJECT,
    "dict_type": OBJECT,
}
OTHER = ErrorCode("value_invalid", "This cannot be taken: {reason}.", "Giá trị không hợp lệ ({reason}).")
OF_FORM = ("string_pattern_mismatch", "literal_error", "enum", "date_parsing", "datetime_parsing", "decimal_parsing")
"""Findings that a character which nobody sees may be the reason of."""
QUOTED = re.compile(r"'([^']*)'")


def pointer_to(path: Sequence[object]) -> str:
    """A JSON pointer (RFC 6901).

    >>> pointer_to(["rows", 3, "a/b"])
    '/rows/3/a~1b'
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def shape_fault(found: ErrorDetails, path: Sequence[object]) -> Fault:
    """One of pydantic's findings as a fault at `path`; what was sent is never echoed."""
    said = found.get("input")
    unseen = unseen_fault(said) if found["type"] in OF_FORM and isinstance(said, str) else None
    if unseen is not None:
        return replace(unseen, pointer=pointer_to(path), value=None, suggestion=None)
    error_code = SENTENCES.get(found["type"], OTHER)
    context = {**found.get("ctx", {}), "reason": str(found["msg"]).removeprefix("Value error, ")}
    if "expected" in context:  # pydantic joins them with an English "or"
        context["expected"] = ", ".join(QUOTED.findall(context["expected"]))
    return Fault(error_code, context, pointer=pointer_to(path))


def shape_faults(error: ValidationError) -> Faults:
    """All that pydantic found, each at its own place."""
    faults = Faults()
    for found in error.errors(include_url=False, include_input=False):
        if found["type"] == UNNAMED:
            faults.add_unnamed(found["ctx"]["count"])
        else:
            faults.add(shape_fault(found, found["loc"]))
    return faults


UNNAMED = "unnamed"
"""The type of a finding that stands for others, by their `count`."""
PIECE = 10
KNOWN_TYPES = frozenset(get_args(ErrorType))


def _by_pieces(items: object, read: ValidatorFunctionWrapHandler) -> object:
    """The items of a list; beyond the first findings the others are only counted.

    pydantic alone holds every finding: of a megabyte of empty objects more than a million, in a gigabyte of memory.
    """
    if not isinstance(items, list | tuple) or len(items) <= PIECE:
        return read(items)
    whole, made = list[Any](), list
    found, unnamed = list[InitErrorDetails](), 0
    for start in range(0, len(items), PIECE):
        try:
            piece = read(items[start : start + PIECE])
            whole += piece
            made = type(piece)
        except ValidationError as error:
            if len(found) >= MOST_FAULTS:
                unnamed += error.error_count()
                continue
            for each in error.errors(include_url=False):
                if each["type"] == UNNAMED:
                    unnamed += each["ctx"]["count"]
                else:
                    found.append(_moved(each, start))
    if unnamed:
        found.append({"type": PydanticCustomError(UNNAMED, "others", {"count": unnamed}), "input": None})
    if found:
        raise ValidationError.from_exception_data("list", found)
    return made(whole)


BY_PIECES = WrapValidator(_by_pieces)
"""Stands on every list that a client sends, before limits of its length."""


def alone(error: ValidationError) -> PydanticCustomError | PydanticKnownError:
    """The first finding of a list of one, to be raised of what stands there without the list."""
    found = error.errors(include_url=False)[0]
    kind, context = found["type"], found.get("ctx", {})
    if kind in KNOWN_TYPES:
        return PydanticKnownError(cast(ErrorType, kind), context)
    return PydanticCustomError(kind, found["msg"], context)


def _moved(found: ErrorDetails, start: int) -> InitErrorDetails:
    """A finding of a piece as one of the whole list."""
    place, *path = found["loc"] or (0,)
    kind, context = found["type"], found.get("ctx", {})
    known = kind if kind in KNOWN_TYPES else PydanticCustomError(kind, found["msg"], context)
    details: InitErrorDetails = {"type": known, "loc": (start + int(place), *path), "input": found["input"]}
    return {**details, "ctx": context} if kind in KNOWN_TYPES else details
