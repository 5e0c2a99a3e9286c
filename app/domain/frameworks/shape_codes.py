"""What pydantic can find wrong with the shape of a framework document, as codes with words that a clerk can act on."""

from app.errors import ErrorCode

FIELD_UNKNOWN = ErrorCode(
    "field_unknown",
    "{where}: there is no field “{field}”. Remove it or use one of: {allowed}.",
    "{where}: không có trường “{field}”. Hãy bỏ trường này hoặc dùng một trong: {allowed}.",
)
FIELD_MISSING = ErrorCode(
    "field_missing",
    "{where}: the field “{field}” is missing; add it.",
    "{where}: thiếu trường “{field}”; hãy bổ sung.",
)
VALUE_NOT_ALLOWED = ErrorCode(
    "value_not_allowed",
    "{where}: “{value}” is not allowed for “{field}”. Use one of: {allowed}.",
    "{where}: “{value}” không hợp lệ cho “{field}”. Hãy dùng một trong: {allowed}.",
)
CODE_INVALID = ErrorCode(
    "code_invalid",
    "{where}: “{value}” is no valid code for “{field}”. Begin with a lower-case letter, go on with a–z, 0–9 and _, "
    "at most 60 characters; only criteria may also be numbered like 3.5b.",
    "{where}: “{value}” không phải mã hợp lệ cho “{field}”. Bắt đầu bằng chữ thường không dấu, tiếp theo là a–z, "
    "0–9 và _, tối đa 60 ký tự; riêng tiêu chí có thể đánh số như 3.5b.",
)
VERSION_INVALID = ErrorCode(
    "version_invalid",
    "“{value}” is no valid version. Use letters, digits, point, _ and -, at most 31 characters, such as 2026.",
    "“{value}” không phải phiên bản hợp lệ. Dùng chữ không dấu, số, dấu chấm, _ và -, tối đa 31 ký tự, ví dụ 2026.",
)
TEXT_EXPECTED = ErrorCode(
    "text_expected",
    "{where}: “{field}” must be text; put the value in quotes.",
    "{where}: “{field}” phải là chuỗi ký tự; hãy đặt giá trị trong dấu nháy.",
)
TEXT_EMPTY = ErrorCode(
    "text_empty", "{where}: “{field}” is empty; write a text.", "{where}: “{field}” để trống; hãy ghi nội dung."
)
TEXT_TOO_LONG = ErrorCode(
    "text_too_long",
    "{where}: “{field}” is longer than {limit} characters; shorten it.",
    "{where}: “{field}” dài hơn {limit} ký tự; hãy rút ngắn.",
)
NUMBER_INVALID = ErrorCode(
    "number_invalid",
    "{where}: “{field}” must be a plain number such as 12 or 12.5, with a decimal point and no leading zeros.",
    "{where}: “{field}” phải là số thường như 12 hoặc 12.5, dùng dấu chấm thập phân, không có số 0 đứng đầu.",
)
NUMBER_AMBIGUOUS = ErrorCode(
    "number_ambiguous",
    "{where}: “{value}” of “{field}” can be read as thousands; write the number without quotes.",
    "{where}: “{value}” của “{field}” có thể đọc là hàng nghìn; hãy ghi số không có dấu nháy.",
)
NUMBER_TOO_PRECISE = ErrorCode(
    "number_too_precise",
    "{where}: “{field}” has more than four decimals; round it as the legal text does.",
    "{where}: “{field}” có hơn bốn chữ số thập phân; hãy làm tròn theo văn bản quy định.",
)
NUMBER_TOO_LARGE = ErrorCode(
    "number_too_large",
    "{where}: “{field}” has more than 11 digits before the point; check the figure.",
    "{where}: “{field}” có hơn 11 chữ số phần nguyên; hãy kiểm tra lại số.",
)
NUMBER_OUT_OF_RANGE = ErrorCode(
    "number_out_of_range",
    "{where}: “{field}” must be a whole number from 0 to 6.",
    "{where}: “{field}” phải là số nguyên từ 0 đến 6.",
)
SHARE_OUT_OF_RANGE = ErrorCode(
    "number_out_of_range",
    "{where}: “{field}” is {value} and must lie from 0 to 1, such as 0.9 for nine tenths of the figures.",
    "{where}: “{field}” là {value}, phải nằm trong khoảng từ 0 đến 1, ví dụ 0.9 là chín phần mười số liệu.",
)
TRUE_OR_FALSE_EXPECTED = ErrorCode(
    "true_or_false_expected",
    "{where}: “{field}” must be true or false, without quotes.",
    "{where}: “{field}” phải là true hoặc false, không đặt trong dấu nháy.",
)
DATE_INVALID = ErrorCode(
    "date_invalid",
    "{where}: “{field}” must be a day of the calendar written YYYY-MM-DD, such as 2026-01-31.",
    "{where}: “{field}” phải là ngày có thật viết theo dạng YYYY-MM-DD, ví dụ 2026-01-31.",
)
LIST_EXPECTED = ErrorCode(
    "list_expected",
    "{where}: “{field}” must be a list, in square brackets or with dashes.",
    "{where}: “{field}” phải là danh sách, trong ngoặc vuông hoặc gạch đầu dòng.",
)
LIST_EMPTY = ErrorCode(
    "list_empty", "{where}: “{field}” needs at least one entry.", "{where}: “{field}” cần ít nhất một mục."
)
OBJECT_EXPECTED = ErrorCode(
    "object_expected",
    "{where}: “{field}” must be an object with named fields.",
    "{where}: “{field}” phải là đối tượng gồm các trường có tên.",
)
VALUE_INVALID = ErrorCode(
    "value_invalid",
    "{where}: the value of “{field}” cannot be read; compare it with a shipped framework.",
    "{where}: không đọc được giá trị của “{field}”; hãy đối chiếu với một bộ chỉ số có sẵn.",
)
COLOR_INVALID = ErrorCode(
    "color_invalid",
    "{where}: the value of “{field}” is not a colour; write it as `#` and six digits or letters from A to F, such as "
    "`#0072B2`.",
    "{where}: giá trị của “{field}” không phải là màu; hãy ghi dấu `#` và sáu chữ số hoặc chữ cái từ A đến F, ví dụ "
    "`#0072B2`.",
)
RATIO_FLAT = ErrorCode(
    "ratio_flat",
    "{where}: `from` and `full_at` of the rule are both {figure}, so no figure could earn part of the points; "
    "change one of them.",
    "{where}: `from` và `full_at` của quy tắc cùng bằng {figure} nên không số liệu nào đạt được một phần điểm; "
    "hãy sửa một trong hai.",
)
BOUNDS_MISSING = ErrorCode(
    "bounds_missing",
    "{where}: a rule “normalise” by `bounds` needs both bounds; state the figure that earns nothing under `from` and "
    "the one that earns all under `full_at`.",
    "{where}: quy tắc “normalise” theo `bounds` cần cả hai mốc; hãy ghi mức không được điểm ở `from` và mức được đủ "
    "điểm ở `full_at`.",
)

CODES: dict[str, ErrorCode] = {
    "missing": FIELD_MISSING,
    "extra_forbidden": FIELD_UNKNOWN,
    "literal_error": VALUE_NOT_ALLOWED,
    "union_tag_invalid": VALUE_NOT_ALLOWED,
    "union_tag_not_found": FIELD_MISSING,
    "string_pattern_mismatch": CODE_INVALID,
    "string_type": TEXT_EXPECTED,
    "string_too_short": TEXT_EMPTY,
    "string_too_long": TEXT_TOO_LONG,
    "number_invalid": NUMBER_INVALID,
    "number_ambiguous": NUMBER_AMBIGUOUS,
    "decimal_parsing": NUMBER_INVALID,
    "decimal_type": NUMBER_INVALID,
    "finite_number": NUMBER_INVALID,
    "decimal_max_places": NUMBER_TOO_PRECISE,
    "decimal_max_digits": NUMBER_TOO_LARGE,
    "decimal_whole_digits": NUMBER_TOO_LARGE,
    "int_type": NUMBER_OUT_OF_RANGE,
    "greater_than_equal": NUMBER_OUT_OF_RANGE,
    "less_than_equal": NUMBER_OUT_OF_RANGE,
    "bool_type": TRUE_OR_FALSE_EXPECTED,
    "date_parsing": DATE_INVALID,
    "tuple_type": LIST_EXPECTED,
    "too_short": LIST_EMPTY,
    "model_type": OBJECT_EXPECTED,
    "dict_type": OBJECT_EXPECTED,
    "model_attributes_type": OBJECT_EXPECTED,
    "ratio_flat": RATIO_FLAT,
    "bounds_missing": BOUNDS_MISSING,
}
"""By the type of pydantic's error."""
