"""The text of a body as a stream, once it is sure that it is text and in which encoding; nothing garbled comes out."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import Fault, RefusalCode, Text, UnsupportedMedia
from app.formats.charset import (
    MARKED,
    as_declared,
    charset_of,
    likely_encoding,
    not_as_declared,
    not_utf8,
    refuse_other_width,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 1 << 16

DIFFERS = RefusalCode(
    "content_type_differs",
    "The body is no text but {what}.",
    "Nội dung không phải chữ mà là {what}.",
    UnsupportedMedia,
)
XLSX = Text(
    "a workbook or another ZIP archive; send an XLSX workbook as "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, or as a file named .xlsx",
    "sổ làm việc hoặc tệp nén ZIP; hãy gửi sổ làm việc XLSX với kiểu "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, hoặc đặt đuôi tệp là .xlsx",
)
XLS = Text(
    "a workbook of the old format (.xls); save it as “Excel Workbook (.xlsx)” and send that as XLSX",
    "sổ làm việc định dạng cũ (.xls); hãy lưu lại dạng “Excel Workbook (.xlsx)” rồi gửi dưới dạng XLSX",
)
GZIP = Text(
    "a file packed by gzip; unpack it and send what is inside", "tệp nén gzip; hãy giải nén rồi gửi tệp bên trong"
)
PDF = Text(
    "a PDF; send the table that it was made from, as CSV or XLSX",
    "tệp PDF; hãy gửi bảng gốc dưới dạng CSV hoặc XLSX",
)
SIGNATURES = {b"PK\x03\x04": XLSX, b"\xd0\xcf\x11\xe0": XLS, b"\x1f\x8b": GZIP, b"%PDF-": PDF}
"""How files that are no text begin, and what they are. No CSV and no JSON begins so."""


@contextmanager
def text_of(chunks: Iterable[bytes], charset: str | None = None) -> Iterator[io.TextIOWrapper]:
    """The text of a body that comes in chunks, without its byte order mark; line ends stay as they are.

    Raises, at once or while the text is read, UnsupportedMedia `content_type_differs` for a workbook and its like, and
    Malformed `encoding_not_utf8` naming the likely encoding, `encoding_unknown`, `encoding_invalid`.
    """
    codec = charset_of(charset)
    buffered = io.BufferedReader(_Stream(as_declared(chunks, codec)), BUFFER)
    head = buffered.peek()
    refuse_other_kinds(head)
    refuse_other_width(head, codec)
    if codec is None and (likely := likely_encoding(head.rstrip(b"\0\x1a"))).startswith("UTF-"):
        raise not_utf8(likely)
    try:
        yield io.TextIOWrapper(buffered, _of_stream(codec, head), errors="strict", newline="")
    except UnicodeError as error:  # no UnicodeDecodeError: a declared UTF-16 without its byte order mark
        seen = error.object if isinstance(error, UnicodeDecodeError) else b""
        raise (not_utf8(likely_encoding(seen)) if codec is None else not_as_declared(codec)) from None


def _of_stream(codec: str | None, head: bytes) -> str:
    """The codec that also takes the byte order mark away."""
    if codec is None:
        return "utf-8-sig"
    return codec[:6] if codec in MARKED and head.startswith(MARKED[codec]) else codec


def refuse_other_kinds(head: bytes) -> None:
    """Refuse what begins as a file that is no text: UnsupportedMedia `content_type_differs`."""
    what = next((what for signature, what in SIGNATURES.items() if head.startswith(signature)), None)
    if what is not None:
        raise Fault(DIFFERS, {"what": what}).error()


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file that io's buffered, decoding readers can take."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        while not self.rest:
            chunk = next(self.chunks, None)
            if chunk is None:
                return 0
            self.rest = memoryview(chunk)
        size = min(len(view), len(self.rest))
        view[:size], self.rest = self.rest[:size], self.rest[size:]
        return size
