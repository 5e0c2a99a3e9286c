"""What a Word file may hold that is to be filled and handed on: text, tables, pictures. Nothing that runs or fetches.

Runs in a child process: standard library only.
"""

import re
from collections.abc import Iterator
from posixpath import basename, splitext
from typing import BinaryIO

from app.formats.docx_fields import FieldCodes
from app.formats.office_archive import OfficeArchive, OfficeLimits, OfficeRefused, parse

TYPES, MAIN_RELATIONS = "[Content_Types].xml", "_rels/.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
DOCUMENT = f"{WORD}document.main+xml"
MACROS = re.compile(r"macroenabled|vbaproject|vbadata|keymapcustomizations", re.IGNORECASE)
BINARY = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/jpg",
        "image/gif",
        f"{WORD}printersettings",
        "application/vnd.openxmlformats-officedocument.obfuscatedfont",
        "application/x-fontdata",
    }
)
"""What parts that are no XML may be, in small letters."""
XML = re.compile(
    "application/(xml"
    r"|vnd\.openxmlformats-package\.(relationships|core-properties)\+xml"
    r"|vnd\.openxmlformats-officedocument\.((extended|custom|customxml)-?properties|theme|themeoverride)\+xml"
    r"|vnd\.openxmlformats-officedocument\.drawingml\.(chart|chartshapes|diagram(data|layout|style|colors))\+xml"
    r"|vnd\.openxmlformats-officedocument\.wordprocessingml\.(document\.(main|glossary)|styles|settings|websettings"
    r"|fonttable|numbering|footnotes|endnotes|header|footer|comments(extended|ids|extensible)?|people)\+xml"
    r"|vnd\.ms-word\.styleswitheffects\+xml|vnd\.ms-office\.(chartstyle|chartcolorstyle|classificationlabels)\+xml"
    r"|vnd\.ms-office\.drawingml\.diagramdrawing\+xml)|text/xml"
)
"""What parts that are XML may be, in small letters: what Word writes by itself for text, tables and drawings."""
EMBEDDING = frozenset(
    {
        "oleobject",
        "package",
        "control",
        "afchunk",
        "subdocument",
        "frame",
        "activexcontrolbinary",
        "mailmergesource",
        "mailmergeheadersource",
        "webextension",
        "webextensiontaskpanes",
    }
)
"""Relations to what another program would open; by the last word of their type, in small letters."""
EMBEDDED = frozenset(
    {
        "altChunk",
        "subDoc",
        "object",
        "control",
        "OLEObject",
        "frameset",
        "mailMerge",
        "webVideoPr",
        "taskpanes",
        "webextension",
    }
)
"""Elements that stand for such content."""
FORMATS = {b"%PDF-": "pdf", b"{\\rtf": "rtf", b"\x1f\x8b": "gzip"}
LONGEST_SIGNATURE = max(map(len, FORMATS))
LINKS = ("http://", "https://", "mailto:")
REFERENCES = frozenset({"src", "href", "althref"})
"""Attributes by which drawings name a file or an address; a plain `href` is a link that waits for a click."""


def guard(file: BinaryIO, limits: OfficeLimits) -> None:
    """Read the whole file once. Raises OfficeRefused for what it must not hold, or where it is no Word file."""
    _refuse_other_formats(file)
    archive = OfficeArchive(file, limits)
    _require_names(archive)
    types = _types(archive)
    _require_document(archive, types)
    for name in archive.entries:
        _check_part(archive, name, types)


def _refuse_other_formats(file: BinaryIO) -> None:
    """Tell apart what people send instead of a Word file."""
    head = file.read(LONGEST_SIGNATURE)
    file.seek(0)
    for signature, kind in FORMATS.items():
        if head.startswith(signature):
            raise OfficeRefused("format", kind=kind)


def _require_names(archive: OfficeArchive) -> None:
    """Refuse parts that programs find under different names, or not at all."""
    for name in archive.zip.namelist():
        if "\\" in name or name.startswith("/") or (name != TYPES and name.lower() == TYPES.lower()):
            raise OfficeRefused("names", part=name[:100])


class ContentTypes:
    """What the parts of a file are, in small letters."""

    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.endings: dict[str, str] = {}

    def add(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if name.endswith(" Override"):
            self.parts[attributes.get("PartName", "").lstrip("/").lower()] = kind
        elif name.endswith(" Default"):
            self.endings[attributes.get("Extension", "").lower()] = kind

    def of(self, part: str) -> str:
        return self.parts.get(part) or self.endings.get(splitext(part)[1][1:], "")

    def __iter__(self) -> Iterator[str]:
        yield from self.parts.values()
        yield from self.endings.values()


def _types(archive: OfficeArchive) -> ContentTypes:
    types = ContentTypes()
    if "mimetype" in archive:
        raise OfficeRefused("format", kind="odt")
    if TYPES not in archive:
        raise OfficeRefused("other")
    parse(archive.chunks(TYPES), types.add)
    return types


def _require_document(archive: OfficeArchive, types: ContentTypes) -> None:
    """Refuse what is not a document of Word in the usual form; one with macros is told apart."""
    mains: list[str] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship") and attributes.get("Type") == f"{OFFICE}officeDocument":
            mains.append(attributes.get("Target", "").lstrip("/").lower())

    if any(MACROS.search(kind) for kind in types):
        raise OfficeRefused("macros")
    if MAIN_RELATIONS not in archive:
        raise OfficeRefused("other")
    parse(archive.chunks(MAIN_RELATIONS), relation)
    if len(mains) != 1 or mains[0] not in archive or types.of(mains[0]) != DOCUMENT:
        raise OfficeRefused("other")


def _check_part(archive: OfficeArchive, name: str, types: ContentTypes) -> None:
    """Refuse a part of a foreign kind, or an element of it; its bytes are counted as they are unpacked."""
    kind = types.of(name)
    if name.endswith("/"):
        return
    if MACROS.search(basename(name)):
        raise OfficeRefused("macros")
    if name.endswith(".rels"):
        parse(archive.chunks(name), _check_relation)
    elif name == TYPES.lower() or XML.fullmatch(kind):
        _check_xml(archive, name)
    elif kind in BINARY:
        for _ in archive.chunks(name).pieces:
            pass
    else:
        raise OfficeRefused("picture" if kind.startswith("image/") else "embedded", part=name[:100])


def _check_xml(archive: OfficeArchive, name: str) -> None:
    fields = FieldCodes()

    def start(element: str, attributes: dict[str, str]) -> None:
        _check_element(element.rpartition(" ")[2], attributes, name)
        fields.start(element, attributes)

    parse(archive.chunks(name), start, fields.end, fields.text)
    fields.close()


def _check_element(local: str, attributes: dict[str, str], part: str) -> None:
    if local in EMBEDDED:
        raise OfficeRefused("embedded", part=part[:100])
    if local == "attachedTemplate":
        raise OfficeRefused("attached_template")
    for name, value in attributes.items():
        if name.rpartition(" ")[2] in REFERENCES and value and not (name == "href" and _is_link(value)):
            raise OfficeRefused("external", target=value[:100])


def _check_relation(name: str, attributes: dict[str, str]) -> None:
    if not name.endswith(" Relationship"):
        return
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "")
    if MACROS.search(kind):
        raise OfficeRefused("macros")
    if kind == "attachedtemplate":
        raise OfficeRefused("attached_template")
    if kind in EMBEDDING:
        raise OfficeRefused("embedded", part=target[:100])
    if attributes.get("TargetMode", "").lower() == "external" and not (kind == "hyperlink" and _is_link(target)):
        raise OfficeRefused("external", target=target[:100])


def _is_link(target: str) -> bool:
    return target.strip().lower().startswith(LINKS)
