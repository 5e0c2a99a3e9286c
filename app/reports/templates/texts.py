"""What is wrong with a template, and what would work."""

from app.errors import ErrorCode, Invalid, RefusalCode

REFUSED = RefusalCode(
    "letter_template_invalid",
    "The template has {count} fault(s), each named in `errors` with its paragraph; mend them in Word.",
    "Mẫu văn bản có {count} lỗi, từng lỗi được nêu trong `errors` kèm đoạn; hãy sửa trong Word rồi gửi lại.",
    Invalid,
)
UNFILLABLE = RefusalCode(
    "letter_template_unfillable",
    "The template cannot be filled: {reason}. Check it with POST /v1/letter-templates/check; look at its comparisons.",
    "Không điền được mẫu văn bản: {reason}. Hãy kiểm tra bằng POST /v1/letter-templates/check và xem các phép so sánh.",
    Invalid,
)
FAULTS = {
    each.code: each
    for each in (
        ErrorCode(
            "field_unknown",
            "There is no field `{field}`; docs/letter-fields.md lists them.",
            "Không có trường `{field}`; danh mục trường ở docs/letter-fields.md.",
        ),
        ErrorCode(
            "letter_code_unknown",
            "No letter has `{field}`: no framework that is known has that code; `GET /v1/indicators` and "
            "`GET /v1/frameworks` list them.",
            "Không văn bản nào có `{field}`: mã này không thuộc bộ chỉ số nào đã biết; danh mục ở `GET /v1/indicators` "
            "và `GET /v1/frameworks`.",
        ),
        ErrorCode(
            "filter_unknown",
            "There is no filter `{field}`; docs/letter-fields.md lists them.",
            "Không có bộ lọc `{field}`; danh mục bộ lọc ở docs/letter-fields.md.",
        ),
        ErrorCode(
            "filter_arguments",
            "The filter in `{field}` is not given what it takes; docs/letter-fields.md shows how it is written.",
            "Bộ lọc trong `{field}` có tham số không đúng; cách viết ở docs/letter-fields.md.",
        ),
        ErrorCode(
            "field_not_printable",
            "`{field}` holds several figures and cannot be printed itself; name one of its members, or use "
            "{{% for … in … %}}.",
            "`{field}` gồm nhiều số liệu nên không in trực tiếp được; hãy chỉ rõ một thành phần hoặc dùng "
            "{{% for … in … %}}.",
        ),
        ErrorCode(
            "field_not_list",
            "`{field}` is a single figure: there is nothing to go through.",
            "`{field}` là một số liệu đơn, không lặp qua được.",
        ),
        ErrorCode(
            "tag_unclosed",
            "`{field}` opens or closes a field alone; write {{{{ … }}}} or {{% … %}} whole, within one paragraph.",
            "`{field}` mở hoặc đóng trường mà thiếu phần kia; hãy viết đủ {{{{ … }}}} hoặc {{% … %}} trong một đoạn.",
        ),
        ErrorCode(
            "tag_invalid",
            "`{field}` is not written as {{{{ field | filter }}}} or {{% … %}}; the reader stumbles over: {reason}.",
            "`{field}` không được viết đúng dạng {{{{ trường | bộ lọc }}}} hoặc {{% … %}}; bộ đọc báo: {reason}.",
        ),
        ErrorCode(
            "tag_forbidden",
            "`{field}` is not used in letters; there are {{{{ … }}}}, for, if, elif, else and set, without “-”.",
            "Không dùng `{field}` trong mẫu; chỉ có {{{{ … }}}}, for, if, elif, else và set, không kèm dấu “-”.",
        ),
        ErrorCode(
            "expression_forbidden",
            "`{field}` calls or computes something; a letter only prints, compares and goes through fields.",
            "`{field}` gọi hàm hoặc tính toán; mẫu văn bản chỉ in, so sánh và lặp qua các trường.",
        ),
        ErrorCode(
            "block_unclosed",
            "`{field}` is never closed; its `endfor` or `endif` is missing.",
            "`{field}` chưa được đóng; thiếu `endfor` hoặc `endif` của nó.",
        ),
        ErrorCode(
            "block_unopened",
            "`{field}` closes or continues nothing that stands open before it.",
            "`{field}` không khớp với thẻ nào đang mở phía trước.",
        ),
        ErrorCode(
            "block_torn",
            "`{field}` belongs to a tag of paragraph {begin} in another place. Write both in one paragraph, or both as "
            "{{%p … %}} in paragraphs, {{%tr … %}} in rows of one table or {{%tc … %}} in cells of one row.",
            "`{field}` thuộc về thẻ ở đoạn {begin} tại chỗ khác. Hãy viết cả hai trong cùng một đoạn, hoặc cùng dạng "
            "{{%p … %}} ở các đoạn, {{%tr … %}} ở các dòng của một bảng, {{%tc … %}} ở các ô của một dòng.",
        ),
        ErrorCode(
            "tag_not_alone",
            "`{field}` takes away the whole paragraph, row or cell that it stands in; move the rest of it elsewhere.",
            "`{field}` sẽ xóa cả đoạn, dòng hoặc ô chứa nó; hãy chuyển nội dung khác đi chỗ khác.",
        ),
        ErrorCode(
            "tag_torn",
            "A field is spread over a link, a box or another element; delete it and type it again in one go.",
            "Có trường bị tách qua liên kết, khung hoặc thành phần khác; hãy xóa rồi gõ lại liền một mạch.",
        ),
        ErrorCode(
            "blocks_too_deep",
            "`{field}` stands within {most} others; letters are not nested deeper.",
            "`{field}` nằm trong {most} thẻ khác; không lồng sâu hơn.",
        ),
        ErrorCode(
            "tags_too_many",
            "The paragraph has more than {tags} fields; go through a list with {{% for … in … %}}, or split it.",
            "Đoạn có hơn {tags} trường; hãy lặp qua danh sách bằng {{% for … in … %}} hoặc tách thành nhiều đoạn.",
        ),
        ErrorCode(
            "place_not_filled",
            "Fields are not filled in endnotes, comments, charts, links, descriptions of pictures or the author "
            "(`{field}`); move it into the text.",
            "Không điền trường trong chú thích cuối, ghi chú (comment), biểu đồ, liên kết, mô tả hình hoặc tên tác giả "
            "(`{field}`); hãy chuyển vào phần chữ.",
        ),
    )
}
"""By their codes; the filling refuses a template for each of them but `HARMLESS`."""
HARMLESS = frozenset({"field_unknown", "letter_code_unknown", "field_not_printable", "place_not_filled"})
"""What prints a marked blank, or stays as it is written."""
