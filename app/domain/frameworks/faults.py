"""What can be wrong with a framework document, in words that a clerk can act on, in both languages.

The keys are the public codes; a few codes have a second sentence, keyed `code:variant`.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from app.domain.characters import HIDDEN_CHARACTER
from app.domain.suggest import FUZZY_SEARCHES
from app.errors import ErrorCode, Fault, Text

TEXTS: dict[str, ErrorCode] = {
    # the shape of the document
    "document_too_deep": ErrorCode(
        "document_too_deep",
        "The document is nested deeper than {limit} levels; flatten the tree of criteria.",
        "Tài liệu lồng nhau sâu hơn {limit} mức; hãy giảm số cấp của cây tiêu chí.",
    ),
    "document_too_large": ErrorCode(
        "document_too_large",
        "The document holds more than {limit} values; divide it into several frameworks.",
        "Tài liệu có hơn {limit} giá trị; hãy chia thành nhiều bộ chỉ số.",
    ),
    "name_too_long": ErrorCode(
        "name_too_long",
        "A field's name is longer than {limit} characters; no field here has such a name.",
        "Có tên trường dài hơn {limit} ký tự; không trường nào có tên như vậy.",
    ),
    "field_unknown": ErrorCode(
        "field_unknown",
        "{where}: there is no field “{field}”. Remove it or use one of: {allowed}.",
        "{where}: không có trường “{field}”. Hãy bỏ trường này hoặc dùng một trong: {allowed}.",
    ),
    "field_missing": ErrorCode(
        "field_missing",
        "{where}: the field “{field}” is missing; add it.",
        "{where}: thiếu trường “{field}”; hãy bổ sung.",
    ),
    "value_not_allowed": ErrorCode(
        "value_not_allowed",
        "{where}: “{value}” is not allowed for “{field}”. Use one of: {allowed}.",
        "{where}: “{value}” không hợp lệ cho “{field}”. Hãy dùng một trong: {allowed}.",
    ),
    "code_invalid": ErrorCode(
        "code_invalid",
        "{where}: “{value}” is no valid code for “{field}”. Begin with a lower-case letter, go on with a–z, 0–9 and _, "
        "at most 60 characters; only criteria may also be numbered like 3.5b.",
        "{where}: “{value}” không phải mã hợp lệ cho “{field}”. Bắt đầu bằng chữ thường không dấu, tiếp theo là a–z, "
        "0–9 và _, tối đa 60 ký tự; riêng tiêu chí có thể đánh số như 3.5b.",
    ),
    "version_invalid": ErrorCode(
        "version_invalid",
        "“{value}” is no valid version. Use letters, digits, point, _ and -, at most 31 characters, such as 2026.",
        "“{value}” không phải phiên bản hợp lệ. Dùng chữ không dấu, số, dấu chấm, _ và -, tối đa 31 ký tự, ví dụ 2026.",
    ),
    "text_expected": ErrorCode(
        "text_expected",
        "{where}: “{field}” must be text; put the value in quotes.",
        "{where}: “{field}” phải là văn bản; hãy đặt giá trị trong dấu nháy.",
    ),
    "text_empty": ErrorCode(
        "text_empty", "{where}: “{field}” is empty; write a text.", "{where}: “{field}” để trống; hãy ghi nội dung."
    ),
    "text_too_long": ErrorCode(
        "text_too_long",
        "{where}: “{field}” is longer than {limit} characters; shorten it.",
        "{where}: “{field}” dài hơn {limit} ký tự; hãy rút ngắn.",
    ),
    "number_invalid": ErrorCode(
        "number_invalid",
        "{where}: “{field}” must be a plain number such as 12 or 12.5, with a decimal point and no leading zeros.",
        "{where}: “{field}” phải là số thường như 12 hoặc 12.5, dùng dấu chấm thập phân, không có số 0 đứng đầu.",
    ),
    "number_ambiguous": ErrorCode(
        "number_ambiguous",
        "{where}: “{value}” of “{field}” can be read as thousands; write the number without quotes.",
        "{where}: “{value}” của “{field}” có thể đọc là hàng nghìn; hãy ghi số không có dấu nháy.",
    ),
    "number_too_precise": ErrorCode(
        "number_too_precise",
        "{where}: “{field}” has more than four decimals; round it as the legal text does.",
        "{where}: “{field}” có hơn bốn chữ số thập phân; hãy làm tròn theo văn bản quy định.",
    ),
    "number_too_large": ErrorCode(
        "number_too_large",
        "{where}: “{field}” has more than 11 digits before the point; check the figure.",
        "{where}: “{field}” có hơn 11 chữ số phần nguyên; hãy kiểm tra lại số.",
    ),
    "number_out_of_range": ErrorCode(
        "number_out_of_range",
        "{where}: “{field}” must be a whole number from 0 to 6.",
        "{where}: “{field}” phải là số nguyên từ 0 đến 6.",
    ),
    "true_or_false_expected": ErrorCode(
        "true_or_false_expected",
        "{where}: “{field}” must be true or false, without quotes.",
        "{where}: “{field}” phải là true hoặc false, không đặt trong dấu nháy.",
    ),
    "date_invalid": ErrorCode(
        "date_invalid",
        "{where}: “{field}” must be a day of the calendar written YYYY-MM-DD, such as 2026-01-31.",
        "{where}: “{field}” phải là ngày có thật viết theo dạng YYYY-MM-DD, ví dụ 2026-01-31.",
    ),
    "list_expected": ErrorCode(
        "list_expected",
        "{where}: “{field}” must be a list, in square brackets or with dashes.",
        "{where}: “{field}” phải là danh sách, trong ngoặc vuông hoặc gạch đầu dòng.",
    ),
    "list_empty": ErrorCode(
        "list_empty", "{where}: “{field}” needs at least one entry.", "{where}: “{field}” cần ít nhất một mục."
    ),
    "object_expected": ErrorCode(
        "object_expected",
        "{where}: “{field}” must be an object with named fields.",
        "{where}: “{field}” phải là đối tượng gồm các trường có tên.",
    ),
    "value_invalid": ErrorCode(
        "value_invalid",
        "{where}: the value of “{field}” cannot be read; compare it with a shipped framework.",
        "{where}: không đọc được giá trị của “{field}”; hãy đối chiếu với một bộ chỉ số có sẵn.",
    ),
    "text_invalid": HIDDEN_CHARACTER,
    "ratio_flat": ErrorCode(
        "ratio_flat",
        "{where}: `from` and `full_at` of the rule are both {figure}, so no figure could earn part of the points; "
        "change one of them.",
        "{where}: `from` và `full_at` của quy tắc cùng bằng {figure} nên không số liệu nào đạt được một phần điểm; "
        "hãy sửa một trong hai.",
    ),
    # codes and references
    "code_duplicate": ErrorCode(
        "code_duplicate",
        "The code “{code}” stands here and at {first}; give each its own code.",
        "Mã “{code}” dùng cả ở đây và tại {first}; hãy đặt mỗi nơi một mã riêng.",
    ),
    "source_duplicate": ErrorCode(
        "source_duplicate",
        "The source “{code}” is listed twice, so its place in the order is unclear; keep one.",
        "Nguồn “{code}” được nêu hai lần nên không rõ thứ tự ưu tiên; hãy giữ lại một.",
    ),
    "indicator_unknown": ErrorCode(
        "indicator_unknown",
        "{where} names the indicator “{code}”, which neither this document nor the service has; correct the code or "
        "add it under `indicators`.",
        "{where} nêu chỉ tiêu “{code}” mà cả tài liệu này lẫn hệ thống đều không có; hãy sửa mã hoặc bổ sung vào "
        "`indicators`.",
    ),
    "indicator_differs": ErrorCode(
        "indicator_differs",
        "The indicator {where} is kept as “{known}” and cannot become “{kind}”, since figures are stored under it; "
        "use “{known}” or a new code.",
        "Chỉ tiêu {where} đang được lưu với loại “{known}”, không thể đổi thành “{kind}” vì đã gắn với số liệu; hãy "
        "dùng “{known}” hoặc đặt mã mới.",
    ),
    "indicator_kind_wrong": ErrorCode(
        "indicator_kind_wrong",
        "{where}: a rule “{rule}” cannot use the indicator “{code}” of kind “{kind}”; it needs {allowed}.",
        "{where}: quy tắc “{rule}” không dùng được chỉ tiêu “{code}” thuộc loại “{kind}”; cần loại {allowed}.",
    ),
    "complement_kind_differs": ErrorCode(
        "complement_kind_differs",
        "The indicator {where} ({kind}) completes “{code}” ({other}) to a whole, which only figures of one kind can; "
        "give both one kind.",
        "Chỉ tiêu {where} ({kind}) là phần bù của “{code}” ({other}), nhưng chỉ các chỉ tiêu cùng loại mới bù nhau "
        "được; hãy đặt cùng một loại.",
    ),
    "cycle": ErrorCode(
        "cycle",
        "`{field}` leads in a circle: {path}. Remove one of these references.",
        "`{field}` dẫn thành vòng lặp: {path}. Hãy bỏ một trong các tham chiếu này.",
    ),
    "cycle:object": ErrorCode(
        "cycle",
        "This part of the document contains itself; write the inner part out, or remove it.",
        "Phần này của tài liệu chứa chính nó; hãy viết rõ phần bên trong hoặc bỏ đi.",
    ),
    # bands
    "bands_hole": ErrorCode(
        "bands_hole",
        "Totals from {low} up to {high} have no band. Lower the `min` of the band above, or raise the `max` of the one "
        "below.",
        "Tổng điểm từ {low} đến {high} không thuộc mức xếp loại nào. Hãy hạ `min` của mức trên hoặc nâng `max` của mức "
        "dưới.",
    ),
    "bands_hole:at_max": ErrorCode(
        "bands_hole",
        "A total of exactly {high} has no band, since {where} ends before it. Add `closed: true` to that band, or "
        "leave its `max` out.",
        "Tổng điểm đúng bằng {high} không thuộc mức xếp loại nào vì {where} chỉ đến dưới mức đó. Hãy thêm "
        "`closed: true` cho mức này hoặc bỏ `max`.",
    ),
    "bands_overlap": ErrorCode(
        "bands_overlap",
        "A total of {low} belongs both to {where} and to {other}. Let the lower band end where the next begins.",
        "Tổng điểm {low} thuộc cả {where} lẫn {other}. Hãy cho mức dưới kết thúc đúng chỗ mức trên bắt đầu.",
    ),
    "band_duplicate": ErrorCode(
        "band_duplicate",
        "{where} and {other} both begin at {low}; give them different `min`.",
        "{where} và {other} cùng bắt đầu từ {low}; hãy đặt `min` khác nhau.",
    ),
    "band_out_of_range": ErrorCode(
        "band_out_of_range",
        "{where}: {figure} lies outside the scale from 0 to {high}; correct it.",
        "{where}: {figure} nằm ngoài thang điểm từ 0 đến {high}; hãy sửa lại.",
    ),
    "band_empty": ErrorCode(
        "band_empty",
        "{where} ends at {high} without holding any total from its `min` {low} on; correct `max` or `min`.",
        "{where} kết thúc ở {high} nên không chứa tổng điểm nào kể từ `min` {low}; hãy sửa `max` hoặc `min`.",
    ),
    # weights
    "weights_miss_total": ErrorCode(
        "weights_miss_total",
        "{where} states {stated} points, but its criteria add up to {added}. Correct one of the numbers.",
        "{where} ghi {stated} điểm nhưng các tiêu chí thành phần cộng lại là {added}. Hãy sửa một trong các số.",
    ),
    "weights_miss_total:total": ErrorCode(
        "weights_miss_total",
        "`total.max` states {stated} points, but the top criteria add up to {added}. Correct one of the numbers.",
        "`total.max` ghi {stated} điểm nhưng các tiêu chí cấp trên cùng cộng lại là {added}. Hãy sửa một trong các số.",
    ),
    "max_missing": ErrorCode(
        "max_missing",
        "Criterion {where} has no `max`; state how many points it is worth.",
        "Tiêu chí {where} không có `max`; hãy ghi số điểm tối đa.",
    ),
    "number_not_positive": ErrorCode(
        "number_not_positive",
        "{where}: “{field}” is {figure} and must be above 0.",
        "{where}: “{field}” là {figure}, phải lớn hơn 0.",
    ),
    "weight_missing": ErrorCode(
        "weight_missing",
        "Criterion {where} stands under a weighted mean and has no `weight`; state it.",
        "Tiêu chí {where} nằm dưới quy tắc trung bình có trọng số nhưng không có `weight`; hãy ghi trọng số.",
    ),
    # rules
    "rule_missing": ErrorCode(
        "rule_missing",
        "Criterion {where} has no rule for: {levels}. Add a rule for these levels, or list under `applies_to` only "
        "the levels that it is meant for.",
        "Tiêu chí {where} không có quy tắc cho: {levels}. Hãy thêm quy tắc cho các cấp này, hoặc chỉ nêu trong "
        "`applies_to` những cấp áp dụng.",
    ),
    "rule_unreachable": ErrorCode(
        "rule_unreachable",
        "{where}: this rule never applies, since earlier rules without `optional` take all its levels, or the "
        "criterion has none of them. Move it up, mark the earlier ones `optional: true`, or remove it.",
        "{where}: quy tắc này không bao giờ được dùng vì các quy tắc trước không có `optional` đã áp dụng cho mọi cấp "
        "của nó, hoặc tiêu chí không có cấp nào trong đó. Hãy đưa lên trước, thêm `optional: true` cho quy tắc trước, "
        "hoặc bỏ đi.",
    ),
    "rule_needs_children": ErrorCode(
        "rule_needs_children",
        "{where}: a rule “{rule}” needs criteria below, and there are none. Add them, or use a rule with an indicator.",
        "{where}: quy tắc “{rule}” cần các tiêu chí thành phần nhưng không có. Hãy bổ sung, hoặc dùng quy tắc có "
        "chỉ tiêu.",
    ),
    "step_duplicate": ErrorCode(
        "step_duplicate",
        "{where}: two steps begin at {figure}; keep one of them.",
        "{where}: có hai bậc cùng bắt đầu từ {figure}; hãy giữ lại một.",
    ),
    "points_out_of_range": ErrorCode(
        "points_out_of_range",
        "{where}: {figure} points lie outside 0 to {high}, the criterion's `max`; correct one of the numbers.",
        "{where}: {figure} điểm nằm ngoài khoảng từ 0 đến {high} là `max` của tiêu chí; hãy sửa một trong các số.",
    ),
    "levels_empty": ErrorCode(
        "levels_empty",
        "{where}: `{field}` is an empty list, so it holds for no unit. List levels, or leave the field out for all.",
        "{where}: `{field}` là danh sách trống nên không áp dụng cho đơn vị nào. Hãy nêu các cấp, hoặc bỏ trường này "
        "để áp dụng cho tất cả.",
    ),
    "policy_missing": ErrorCode(
        "policy_missing",
        "{where}: `missing.{field}` says nothing for: {levels}. Add these levels, or a `default`.",
        "{where}: `missing.{field}` chưa quy định cho: {levels}. Hãy bổ sung các cấp này hoặc `default`.",
    ),
    "validity_reversed": ErrorCode(
        "validity_reversed",
        "`valid_to` ({end}) lies before `valid_from` ({start}); correct one of them.",
        "`valid_to` ({end}) trước `valid_from` ({start}); hãy sửa một trong hai.",
    ),
    # views
    "member_unknown": ErrorCode(
        "member_unknown",
        "View group {where} names “{code}”, which is no top criterion; use one of: {allowed}.",
        "Nhóm {where} nêu “{code}” không phải tiêu chí cấp trên cùng; hãy dùng một trong: {allowed}.",
    ),
    "member_missing": ErrorCode(
        "member_missing",
        "View {where} leaves out {codes}, so its groups do not add up to the total; add them to a group.",
        "Cách nhóm {where} bỏ sót {codes} nên tổng các nhóm không bằng tổng điểm; hãy đưa vào một nhóm.",
    ),
    "member_duplicate": ErrorCode(
        "member_duplicate",
        "View {where} counts “{code}” twice (also at {first}); keep it in one group.",
        "Cách nhóm {where} tính “{code}” hai lần (cả tại {first}); hãy giữ ở một nhóm.",
    ),
}

LEVEL_NAMES = {
    "ministry": Text("ministry", "bộ, ngành"),
    "province": Text("province", "cấp tỉnh"),
    "department": Text("department", "sở, ban, ngành"),
    "district": Text("district", "cấp huyện"),
    "commune": Text("commune", "cấp xã"),
    "other": Text("other", "khác"),
}
THE_DOCUMENT = Text("The document", "Tài liệu")


def fault(key: str, pointer: str, *, suggestion: str | None = None, **context: object) -> Fault:
    """The fault of a key of TEXTS at a place of the document; a context value may be a Text of our own."""
    value = context.get("value", context.get("code"))
    shown = None if value is None else str(value)[:100]
    return Fault(TEXTS[key], context, pointer=pointer, value=shown, suggestion=suggestion)


def level_list(levels: Iterable[str]) -> Text:
    names = [LEVEL_NAMES[level] for level in levels]
    return Text(", ".join(name.en for name in names), "; ".join(name.vi for name in names))


class Speller:
    """Suggests what a misspelt word may have meant, within a budget of words and of comparisons.

    Each comparison costs some ten microseconds, and a hostile document can hold thousands of unknown words next to
    thousands of known ones: faults beyond the budget are named without a suggestion.
    """

    def __init__(self, budget: int = 20_000) -> None:
        self.budget, self.words = budget, FUZZY_SEARCHES

    def near(self, word: str, known: Iterable[str]) -> str | None:
        if not self.words or len(word) > 60:
            return None
        candidates = list(known)
        self.words -= 1
        self.budget -= len(candidates)
        if self.budget < 0:
            return None
        return next(iter(get_close_matches(word, candidates, n=1, cutoff=0.6)), None)
