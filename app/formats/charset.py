"""Which encoding bytes are in: UTF-8 unless another one is declared, and never a guess that is then stored."""

import codecs
import re
from collections.abc import Iterable, Iterator

from app.errors import AppError, Fault, Malformed, RefusalCode
from app.normal_form import composed

ONE_BYTE = ("cp1258", "cp1252", "iso8859-1")
"""Alphabets in which every byte, or nearly every one, is a letter: text of another encoding does not fail in them."""
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
DECLARABLE = ("utf-8", "utf-8-sig", "ascii", *WIDE, *ONE_BYTE)
"""Codec names, as Python normalises them, that a caller may declare."""

NAMES = {"cp1258": "windows-1258", "cp1252": "windows-1252", "iso8859-1": "ISO-8859-1"}
"""How people call a codec, where Python does otherwise."""
MARKED = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
"""Encodings whose order of bytes is declared, and the mark that may stand there all the same."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
MARK = "\ufeff"
"""The byte order mark that Windows writes before UTF-8 too; it is no part of the text, nor is a second one."""
END_MARKS = "\0\x1a"
"""What DOS writes behind the end of a text, or a disk that was not ready."""
VIETNAMESE_1258 = frozenset("ĂăĐđƠơƯư\u0300\u0301\u0303\u0309\u0323")
"""What windows-1258 can hold and windows-1252 cannot."""

ASCII = bytes(range(128))
OF_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A letter beyond ASCII in UTF-8."""
CUT = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")
"""What may be the beginning of one, at the end of a chunk."""

UTF_8_AFTER_ALL = RefusalCode(
    "encoding_invalid",
    "The bytes prove to be UTF-8, although {encoding} was declared; declare charset=utf-8, or leave the charset out.",
    "Dữ liệu là UTF-8 trong khi khai báo {encoding}; hãy khai báo charset=utf-8 hoặc bỏ phần charset.",
    Malformed,
)
WIDE_AFTER_ALL = RefusalCode(
    "encoding_invalid",
    "The bytes prove to be {likely}, although {encoding} was declared; declare charset={likely}, or save the text as "
    "UTF-8 and leave the charset out.",
    "Dữ liệu là {likely} trong khi khai báo {encoding}; hãy khai báo charset={likely}, hoặc lưu dưới dạng UTF-8 rồi bỏ "
    "phần charset.",
    Malformed,
)
NOT_AS_DECLARED = RefusalCode(
    "encoding_invalid",
    "The bytes are not {encoding}, although that was declared; save the text as UTF-8 and leave the charset out.",
    "Dữ liệu không đúng bảng mã {encoding} như đã khai báo; hãy lưu dưới dạng UTF-8 rồi bỏ phần charset.",
    Malformed,
)
CHARSET_UNKNOWN = RefusalCode(
    "encoding_unknown",
    "The charset `{charset}` is not read here; send UTF-8, UTF-16 or windows-1258.",
    "Không đọc được bảng mã `{charset}`; hãy gửi UTF-8, UTF-16 hoặc windows-1258.",
    Malformed,
)
NOT_UTF_8 = RefusalCode(
    "encoding_not_utf8",
    "The text is not plain UTF-8; it looks like {encoding}. Save it as UTF-8, or declare its charset.",
    "Nội dung không phải UTF-8 chuẩn; có vẻ là {encoding}. Hãy lưu dưới dạng UTF-8 hoặc khai báo bảng mã (charset).",
    Malformed,
)


def charset_of(declared: str | None) -> str | None:
    """The codec of a declared charset, or None where UTF-8 is meant. Raises Malformed `encoding_unknown`."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        name = ""
    if name not in DECLARABLE:
        shown = declared[:100]
        raise Fault(CHARSET_UNKNOWN, {"charset": shown}, value=shown).error()
    return None if name in ("utf-8", "utf-8-sig", "ascii") else name


def likely_encoding(body: bytes) -> str:
    """The likely name of the encoding of bytes that are not plain UTF-8; that it is a wide one the first 4 KB tell."""
    head = body[:4096]
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > len(head) // 4:
        return "UTF-32LE" if even > len(head) // 8 else "UTF-16LE"
    if even > len(head) // 4:
        return "UTF-32BE" if odd > len(head) // 8 else "UTF-16BE"
    # Undefined bytes become a mark that neither alphabet holds.
    return "windows-1258" if VIETNAMESE_1258 & set(body.decode("cp1258", errors="replace")) else "windows-1252"


def decode(body: bytes, charset: str | None = None) -> str:
    """The text of a whole body without its byte order mark, composed (NFC) where windows-1258 left tone marks apart.

    Raises Malformed `encoding_not_utf8` naming the likely encoding, or `encoding_unknown`, or `encoding_invalid`
    where the declared charset cannot be what the bytes are in.
    """
    codec = charset_of(charset)
    refuse_other_width(body, codec)
    try:
        text = b"".join(as_declared([body], codec)).decode(codec or "utf-8").lstrip(MARK).rstrip(END_MARKS)
    except UnicodeError:
        raise (not_utf8(likely_encoding(body)) if codec is None else not_as_declared(codec)) from None
    return composed(text) if codec == "cp1258" else text


def as_declared(chunks: Iterable[bytes], codec: str | None) -> Iterator[bytes]:
    """The chunks as they are; Malformed `encoding_invalid` once they prove to be UTF-8 under a one-byte alphabet.

    Those alphabets take nearly any bytes, so `Số` in UTF-8 would be stored as `Sá»‘`. Text is UTF-8 where more
    of it so far are whole letters of UTF-8 than other bytes beyond ASCII. In true windows-1258 a letter of UTF-8 is
    a capital or a tone mark with a sign behind it (`Đ”`, `chỉ…`), a small accented letter with two signs, and
    nothing else: all vowels and đ before letters, spaces and ASCII signs, and the quotes that open, are other bytes, so
    that they outnumber the rest in any text of a few words. What is refused wrongly, a file whose only accents stand
    before such signs, stores nothing and can be sent as UTF-8; what is taken wrongly would stay.
    """
    if codec not in ONE_BYTE:
        yield from chunks
        return
    rest, letters, others = b"", 0, 0
    for chunk in chunks:
        seen = rest + chunk
        end = cut.start() if (cut := CUT.search(seen)) else len(seen)
        rest = seen[end:]
        letters, others = _tallied(seen[:end], letters, others, codec)
        yield chunk
    _tallied(rest, letters, others, codec)


def _tallied(seen: bytes, letters: int, others: int, codec: str) -> tuple[int, int]:
    """How many letters of UTF-8 and how many other bytes beyond ASCII there are with those that are seen now."""
    found = OF_SEVERAL_BYTES.findall(seen)
    letters += len(found)
    others += len(seen.translate(None, ASCII)) - sum(map(len, found))
    if letters > others:
        raise _refused(UTF_8_AFTER_ALL, codec, "utf-8")
    return letters, others


def not_utf8(encoding: str) -> AppError:
    return Fault(NOT_UTF_8, {"encoding": encoding}, suggestion=f"charset={encoding}").error()


def not_as_declared(codec: str) -> AppError:
    return _refused(NOT_AS_DECLARED, codec)


def refuse_other_width(head: bytes, codec: str | None) -> None:
    """Malformed `encoding_invalid` where bytes begin as UTF-16 or UTF-32 and another charset, or order, is declared."""
    if codec is None:
        return
    likely = likely_encoding(head[:4096].rstrip(END_MARKS.encode()))
    if not likely.startswith("UTF-"):
        return
    if codec != codecs.lookup(likely).name and not (codec in MARKED and head.startswith(MARKED[codec])):
        raise _refused(WIDE_AFTER_ALL, codec, likely)


def _refused(error_code: RefusalCode, codec: str, likely: str | None = None) -> AppError:
    name, suggestion = NAMES.get(codec, codec.upper()), f"charset={likely}" if likely else None
    return Fault(error_code, {"encoding": name, "likely": likely or ""}, suggestion=suggestion).error()
