"""The archive that an office file is (XLSX, DOCX), unpacked as a stream and never beyond what was allowed.

Runs in a child process: standard library only.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

CHUNK = 1 << 16
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
COMPOUND_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The container of the workbooks before 2007 and of every encrypted one."""
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
RATIO_GRACE = 100 * 1024
"""A part below this size may be packed as tightly as it likes; the grace and the ratio are those of Apache POI."""

ENCODINGS = ("utf-8", "utf8", "us-ascii", "utf-16", "utf-16le", "utf-16be")
"""What a part may declare; by ECMA-376, part 2, it is in UTF-8 or UTF-16."""
OF_ENCODING = (
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
)

OnStart = Callable[[str, dict[str, str]], None]
OnName = Callable[[str], None]


class OfficeRefused(Exception):  # noqa: N818 - named for what happened
    """The file is not read; `code` is one of the `REFUSALS` of its kind."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code, self.context = code, context


@dataclass(frozen=True, slots=True)
class OfficeLimits:
    """What one file may cost. Bytes; seconds of processor time, and four times that by the clock."""

    seconds: int = 60
    memory: int = 512 << 20
    unpacked: int = 1 << 30
    output: int = 512 << 20
    ratio: int = 100
    entries: int = 2_000


class OfficeArchive:
    """The parts of a file by name, whatever the case of their letters."""

    def __init__(self, file: BinaryIO, limits: OfficeLimits) -> None:
        _refuse_other_kinds(file)
        self.zip, self.limits, self.unpacked = zipfile.ZipFile(file), limits, 0
        entries = self.zip.infolist()
        if len(entries) > limits.entries:
            raise OfficeRefused("too_large", what="entries", found=len(entries), limit=limits.entries)
        for entry in entries:
            self._check_claim(entry)
        self.entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if (name := _plain_name(entry.filename)) in self.entries:
                raise OfficeRefused("broken", why="twice", part=name[:100])
            self.entries[name] = entry

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self.entries

    def chunks(self, name: str) -> "Chunks":
        """A part's bytes, counted as they are unpacked. Refused where it is missing or larger than allowed."""
        return Chunks(name, self._unpacked(name))

    def _unpacked(self, name: str) -> Iterator[bytes]:
        entry = self.entries.get(_plain_name(name))
        if entry is None:
            raise OfficeRefused("broken", why="missing")
        size = 0
        with self.zip.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                self.unpacked += len(chunk)
                self._check(size, entry.compress_size, self.unpacked)
                yield chunk

    def _check_claim(self, entry: zipfile.ZipInfo) -> None:
        """What the directory says already, also of parts that are never unpacked."""
        if entry.flag_bits & 1:
            raise OfficeRefused("encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise OfficeRefused("broken", why="packing")
        self._check(entry.file_size, entry.compress_size, entry.file_size)

    def _check(self, size: int, packed: int, total: int) -> None:
        if total > self.limits.unpacked:
            raise OfficeRefused("too_large", what="unpacked", found=total, limit=self.limits.unpacked)
        if size > RATIO_GRACE and size > self.limits.ratio * packed:
            found, limit = f"1 : {size // max(packed, 1)}", f"1 : {self.limits.ratio}"
            raise OfficeRefused("too_large", what="ratio", found=found, limit=limit)


@dataclass(frozen=True, slots=True)
class Chunks:
    """The bytes of a part, to be read once."""

    part: str
    pieces: Iterator[bytes]


def parse(chunks: Chunks, start: OnStart, end: OnName | None = None, text: OnName | None = None) -> None:
    """Read XML as a stream; names come as `namespace local`.

    Refused are a document type, and so any entity, and a part that is not in UTF-8 or UTF-16, as every one is.
    """

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise OfficeRefused("broken", why="encoding", part=chunks.part, encoding=encoding[:40])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, CHUNK
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = declared
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    before, chunk = 0, b""
    try:
        for chunk in chunks.pieces:
            parser.Parse(chunk)
            before += len(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        wrong = chunk[max(0, parser.ErrorByteIndex - before) :][:1]
        if error.code in OF_ENCODING or not wrong.isascii():
            raise OfficeRefused("broken", why="bytes", part=chunks.part) from None
        raise


def _refuse_doctype(*_: object) -> None:
    raise OfficeRefused("broken", why="doctype")


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_other_kinds(file: BinaryIO) -> None:
    head = file.read(len(COMPOUND_SIGNATURE))
    if head == COMPOUND_SIGNATURE:
        raise OfficeRefused("encrypted" if _holds(file, ENCRYPTED_PART) else "old")
    if not head.startswith(ZIP_SIGNATURES):
        raise OfficeRefused("other")
    file.seek(0)


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    tail = b""
    while chunk := file.read(1 << 20):
        if wanted in tail + chunk:
            return True
        tail = chunk[-len(wanted) :]
    return False
