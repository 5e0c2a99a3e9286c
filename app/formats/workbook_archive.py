"""The archive that a workbook is, unpacked as a stream and never beyond what was allowed.

Runs in the child process of `workbook`: standard library only.
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

OnStart = Callable[[str, dict[str, str]], None]
OnName = Callable[[str], None]


class Refused(Exception):  # noqa: N818 - named for what happened
    """The workbook is not read; `code` is one of `workbook.REFUSALS`."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code, self.context = code, context


@dataclass(frozen=True, slots=True)
class Limits:
    """What one workbook may cost. Bytes; seconds of processor time, and four times that by the clock."""

    seconds: int = 60
    memory: int = 512 << 20
    unpacked: int = 1 << 30
    output: int = 512 << 20
    ratio: int = 100
    entries: int = 2_000
    columns: int = 1_000
    cells: int = 20_000_000


class Archive:
    """The parts of a workbook by name, whatever the case of their letters."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        _refuse_other_kinds(file)
        self.zip, self.limits, self.unpacked = zipfile.ZipFile(file), limits, 0
        entries = self.zip.infolist()
        if len(entries) > limits.entries:
            raise Refused("workbook_too_large", what="entries", found=len(entries), limit=limits.entries)
        for entry in entries:
            self._check_claim(entry)
        self.entries = {_plain_name(entry.filename): entry for entry in entries}
        if len(self.entries) < len(entries):
            raise Refused("workbook_broken", why="twice")

    def __contains__(self, name: str) -> bool:
        return _plain_name(name) in self.entries

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, counted as they are unpacked. Refused where it is missing or larger than allowed."""
        entry = self.entries.get(_plain_name(name))
        if entry is None:
            raise Refused("workbook_broken", why="missing")
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
            raise Refused("workbook_encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("workbook_broken", why="packing")
        self._check(entry.file_size, entry.compress_size, entry.file_size)

    def _check(self, size: int, packed: int, total: int) -> None:
        if total > self.limits.unpacked:
            raise Refused("workbook_too_large", what="unpacked", found=total, limit=self.limits.unpacked)
        if size > RATIO_GRACE and size > self.limits.ratio * packed:
            found, limit = f"1 : {size // max(packed, 1)}", f"1 : {self.limits.ratio}"
            raise Refused("workbook_too_large", what="ratio", found=found, limit=limit)


def parse(chunks: Iterator[bytes], start: OnStart, end: OnName | None = None, text: OnName | None = None) -> None:
    """Read XML as a stream; names come as `namespace local`. A document type, and so any entity, is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, CHUNK
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    for chunk in chunks:
        parser.Parse(chunk)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise Refused("workbook_broken", why="doctype")


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_other_kinds(file: BinaryIO) -> None:
    head = file.read(len(COMPOUND_SIGNATURE))
    if head == COMPOUND_SIGNATURE:
        raise Refused("workbook_encrypted" if _holds(file, ENCRYPTED_PART) else "workbook_old")
    if not head.startswith(ZIP_SIGNATURES):
        raise Refused("workbook_other")
    file.seek(0)


def _holds(file: BinaryIO, wanted: bytes) -> bool:
    tail = b""
    while chunk := file.read(1 << 20):
        if wanted in tail + chunk:
            return True
        tail = chunk[-len(wanted) :]
    return False
