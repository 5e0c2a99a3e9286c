"""What is said of Word files that are not read, and what would work."""

from collections.abc import Mapping

from app.errors import AppError, Fault, Invalid, Malformed, RefusalCode, Text

REFUSALS = {
    "other": RefusalCode(
        "docx_other",
        "The file is no Word document, whatever its name says; save it as “Word Document (.docx)” and send that.",
        "Tệp không phải văn bản Word (.docx); hãy lưu dạng “Word Document (.docx)” rồi gửi.",
        Malformed,
    ),
    "format": RefusalCode(
        "docx_other",
        "The file is {kind}; open it in Word, save it as “Word Document (.docx)” and send that.",
        "Tệp là {kind}; hãy mở bằng Word, lưu dạng “Word Document (.docx)” rồi gửi.",
        Malformed,
    ),
    "packed": RefusalCode(
        "docx_other",
        "The file is packed with gzip; send the Word file (.docx) as it is, without `Content-Encoding`.",
        "Tệp bị nén gzip; hãy gửi nguyên tệp Word (.docx), không dùng `Content-Encoding`.",
        Malformed,
    ),
    "names": RefusalCode(
        "docx_names",
        "The document holds a part whose name Word would not write, or not twice (`{part}`); open it in Word, save it "
        "anew and send that.",
        "Văn bản có thành phần bị trùng tên hoặc có tên mà Word không ghi (`{part}`); hãy mở bằng Word, lưu lại thành "
        "tệp mới rồi gửi.",
        Malformed,
    ),
    "old": RefusalCode(
        "docx_old",
        "The file is a document of the old format (.doc); save it as “Word Document (.docx)” and send that.",
        "Tệp là văn bản định dạng cũ (.doc); hãy lưu lại dạng “Word Document (.docx)” rồi gửi.",
        Malformed,
    ),
    "encrypted": RefusalCode(
        "docx_encrypted",
        "The document is protected by a password; save it without one and send that.",
        "Văn bản được đặt mật khẩu; hãy bỏ mật khẩu, lưu lại rồi gửi.",
        Malformed,
    ),
    "broken": RefusalCode(
        "docx_broken",
        "The document cannot be read: it is damaged or incomplete. Open it in Word, save it anew and send that.",
        "Không đọc được văn bản: tệp bị hỏng hoặc không đầy đủ. Hãy mở bằng Word, lưu lại thành tệp mới rồi gửi.",
        Malformed,
    ),
    "doctype": RefusalCode(
        "docx_doctype",
        "The document holds a document type with entities, which no letter needs; save it anew in Word and send that.",
        "Văn bản chứa khai báo kiểu tài liệu (DOCTYPE) mà không phần mềm nào ghi; hãy lưu lại bằng Word rồi gửi.",
        Malformed,
    ),
    "too_large": RefusalCode(
        "docx_too_large",
        "The document is not read: {what} ({found}, at most {limit}). Leave out pictures and pages that it can spare.",
        "Không đọc văn bản: {what} ({found}, tối đa {limit}). Hãy bỏ bớt hình ảnh và các trang không cần thiết.",
        Malformed,
    ),
    "too_costly": RefusalCode(
        "docx_too_costly",
        "Reading or filling the document takes more time or memory than one may; put fewer loops and pages into it.",
        "Đọc hoặc điền văn bản tốn quá nhiều thời gian hoặc bộ nhớ; hãy bớt vòng lặp và số trang.",
        Invalid,
    ),
    "macros": RefusalCode(
        "docx_macros",
        "The document holds macros, which are not taken; save it as “Word Document (.docx)” without them.",
        "Văn bản chứa macro nên không được nhận; hãy lưu dạng “Word Document (.docx)” không có macro.",
        Invalid,
    ),
    "embedded": RefusalCode(
        "docx_embedded",
        "The document holds an embedded object ({part}), which is not taken; put in its text, a table or a picture.",
        "Văn bản chứa đối tượng nhúng ({part}) nên không được nhận; hãy thay bằng chữ, bảng hoặc hình ảnh.",
        Invalid,
    ),
    "picture": RefusalCode(
        "docx_picture",
        "The document holds a picture of a kind that is not taken ({part}); save it as PNG or JPEG and insert that.",
        "Văn bản chứa hình ảnh thuộc loại không được nhận ({part}); hãy lưu hình dạng PNG hoặc JPEG rồi chèn lại.",
        Invalid,
    ),
    "external": RefusalCode(
        "docx_external",
        "The document fetches something from outside ({target}); insert it. Links (http, https, mailto) may stay.",
        "Văn bản lấy nội dung từ bên ngoài ({target}); hãy chèn hẳn vào. Liên kết http, https, mailto được giữ.",
        Invalid,
    ),
    "attached_template": RefusalCode(
        "docx_attached_template",
        "The document hangs on another template; in Word, Developer, Document Template, attach Normal and save it.",
        "Văn bản gắn với một tệp mẫu khác; trong Word, thẻ Developer, Document Template, hãy gắn Normal rồi lưu lại.",
        Invalid,
    ),
    "field_code": RefusalCode(
        "docx_field",
        "The document holds a field of Word that is not taken (`{field}`); put in its text. Page numbers, tables of "
        "contents and links may stay.",
        "Văn bản chứa trường (field) của Word không được nhận (`{field}`); hãy thay bằng chữ. Số trang, mục lục "
        "và liên kết được giữ.",
        Invalid,
    ),
    "field_code_none": RefusalCode(
        "docx_field",
        "The document holds a field of Word without a name, which is not taken; delete it and put in its text.",
        "Văn bản chứa trường (field) của Word không có tên nên không được nhận; hãy xóa và thay bằng chữ.",
        Invalid,
    ),
}
KINDS = {
    "pdf": Text("a PDF file", "tệp PDF"),
    "rtf": Text("an RTF file", "tệp RTF"),
    "odt": Text("an OpenDocument file (.odt)", "tệp OpenDocument (.odt)"),
}
WHATS = {
    "entries": Text("it has too many parts", "có quá nhiều phần"),
    "unpacked": Text("it is too large when unpacked, in bytes", "dung lượng sau khi giải nén quá lớn (byte)"),
    "ratio": Text("it is packed too tightly to be a letter", "tỷ lệ nén quá cao so với một văn bản"),
    "output": Text("what comes out is too large, in bytes", "văn bản tạo ra quá lớn (byte)"),
    "size": Text("the file is too large, in bytes", "tệp quá lớn (byte)"),
}


def refusal(code: str, context: Mapping[str, object]) -> AppError:
    """Why a Word file is not read, with the way out."""
    words = {**context, "what": WHATS.get(str(context.get("what"))), "kind": KINDS.get(str(context.get("kind")))}
    return Fault(REFUSALS[_told_as(code, context)], words).error()


def _told_as(code: str, context: Mapping[str, object]) -> str:
    """The refusal that says more of it."""
    if code == "broken":
        return {"doctype": "doctype", "twice": "names"}.get(str(context.get("why")), code)
    if code == "format" and context["kind"] == "gzip":
        return "packed"
    return "field_code_none" if code == "field_code" and not context["field"] else code
