"""Which encoding bytes are in: UTF-8 unless another one is declared, and never a guess that is then stored."""

import codecs
import unicodedata

from app.errors import Fault, Malformed, Text

DECLARABLE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258", "cp1252", "iso8859-1", "ascii")
"""Codec names, as Python normalises them, that a caller may declare."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
VIETNAMESE_1258 = frozenset("ĂăĐđƠơƯư\u0300\u0301\u0303\u0309\u0323")
"""What windows-1258 can hold and windows-1252 cannot."""


def charset_of(declared: str | None) -> str | None:
    """The codec of a declared charset, or None where UTF-8 is meant. Raises Malformed `encoding_unknown`."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        name = ""
    if name not in DECLARABLE:
        text = Text(
            "The charset `{charset}` is not read here; send UTF-8, UTF-16 or windows-1258.",
            "Không đọc được bảng mã `{charset}`; hãy gửi UTF-8, UTF-16 hoặc windows-1258.",
        )
        shown = declared[:100]
        fault = Fault("encoding_unknown", text, {"charset": shown}, parameter="Content-Type", value=shown)
        raise Malformed("encoding_unknown", text, faults=[fault], charset=shown)
    return None if name in ("utf-8", "utf-8-sig", "ascii") else name


def likely_encoding(body: bytes) -> str:
    """The likely name of the encoding of bytes that are not plain UTF-8, from their first 4 KB."""
    head = body[:4096]
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    if head[1::2].count(0) > len(head) // 4:
        return "UTF-16LE"
    if head[0::2].count(0) > len(head) // 4:
        return "UTF-16BE"
    # Undefined bytes become a mark that neither alphabet holds.
    return "windows-1258" if VIETNAMESE_1258 & set(body.decode("cp1258", errors="replace")) else "windows-1252"


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a whole body, composed (NFC) where windows-1258 left tone marks apart.

    Raises Malformed `encoding_not_utf8` naming the likely encoding, or `encoding_unknown`, or `encoding_invalid`
    where the declared charset cannot be what the bytes are in.
    """
    codec = charset_of(charset)
    try:
        text = body.decode(codec or "utf-8")
    except UnicodeError:
        raise (not_utf8(likely_encoding(body)) if codec is None else not_as_declared(codec)) from None
    return unicodedata.normalize("NFC", text) if codec == "cp1258" else text


def not_utf8(encoding: str) -> Malformed:
    text = Text(
        "The text is not plain UTF-8; it looks like {encoding}. Save it as UTF-8, or declare its charset.",
        "Văn bản không phải UTF-8 chuẩn; có vẻ là {encoding}. Hãy lưu dưới dạng UTF-8 hoặc khai báo bảng mã (charset).",
    )
    fault = Fault("encoding_not_utf8", text, {"encoding": encoding}, suggestion=f"charset={encoding}")
    return Malformed("encoding_not_utf8", text, faults=[fault], encoding=encoding)


def not_as_declared(codec: str) -> Malformed:
    text = Text(
        "The bytes are not {encoding}, although that was declared.",
        "Dữ liệu không đúng bảng mã {encoding} như đã khai báo.",
    )
    fault = Fault("encoding_invalid", text, {"encoding": codec})
    return Malformed("encoding_invalid", text, faults=[fault], encoding=codec)
