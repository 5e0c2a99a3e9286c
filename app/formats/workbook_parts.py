"""What a workbook says besides its cells: sheets, shared texts, and how numbers are shown.

Runs in the child process of `workbook`: standard library only.
"""

import json
import posixpath
import re
from dataclasses import dataclass

from app.formats.office_archive import OfficeArchive, OfficeRefused, parse
from app.normal_form import composed

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)
RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML cannot hold, and its own underscores."""
ESCAPED = frozenset("\t\n\r_")
GENERAL = "General"

MONEY = ("#,##0_);(#,##0)", "#,##0.00_);(#,##0.00)")
ACCOUNTS = ('#,##0;(#,##0);"-"', '#,##0.00;(#,##0.00);"-"')
DAY, MONTH, CLOCK, SECONDS, MOMENT = "dd/mm/yyyy", "mmm-yy", "h:mm", "h:mm:ss", "dd/mm/yyyy h:mm"
BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    59: "0",
    60: "0.00",
    61: "#,##0",
    62: "#,##0.00",
    5: MONEY[0],
    6: MONEY[0],
    7: MONEY[1],
    8: MONEY[1],
    37: MONEY[0],
    38: MONEY[0],
    39: MONEY[1],
    40: MONEY[1],
    41: ACCOUNTS[0],
    42: ACCOUNTS[0],
    43: ACCOUNTS[1],
    44: ACCOUNTS[1],
    49: "@",
    9: "0%",
    10: "0.00%",
    67: "0%",
    68: "0.00%",
    11: "0.00E+00",
    48: "##0.0E+0",
    12: "# ?/?",
    13: "# ??/??",
    69: "# ?/?",
    70: "# ??/??",
    **dict.fromkeys((14, 15, *range(27, 32), 36, *range(50, 55), 57, 58, 71, 72, 73, 81), DAY),
    16: "d-mmm",
    17: MONTH,
    74: MONTH,
    22: MOMENT,
    77: MOMENT,
    46: "[h]:mm:ss",
    79: "[h]:mm:ss",
    **dict.fromkeys((18, 20, 32, 34, 55, 75), CLOCK),
    **dict.fromkeys((19, 21, 33, 35, 45, 47, 56, 76, 78, 80), SECONDS),
}
"""ECMA-376 part 1, 18.8.30: the formats that a file names without spelling them out, those of Asian locales too."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    name: str
    part: str
    visible: bool


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """`styles`: the number format of each cell style; `strings`: the shared texts, each as JSON."""

    sheets: list[SheetEntry]
    styles: list[str]
    strings: list[str]
    from_1904: bool


def local_names(*names: str) -> dict[str, str]:
    """From an element's full name to the short one, in either of the two namespaces."""
    return {f"{space} {name}": name for space in MAIN for name in names}


def read_book(archive: OfficeArchive) -> WorkbookParts:
    """Everything but the cells. Refused where the archive holds no workbook."""
    part = next((target for kind, target in _relations(archive, "").values() if kind == "officeDocument"), "")
    if part.lower().endswith(".bin"):
        raise OfficeRefused("binary")
    if part not in archive:
        raise OfficeRefused("other")
    relations = _relations(archive, part)
    sheets, from_1904 = _sheets(archive, part, relations)
    parts = {kind: target for kind, target in relations.values() if target in archive}
    styles = _styles(archive, parts["styles"]) if "styles" in parts else []
    strings = _strings(archive, parts["sharedStrings"]) if "sharedStrings" in parts else []
    return WorkbookParts(sheets, styles, strings, from_1904)


def _relations(archive: OfficeArchive, part: str) -> dict[str, tuple[str, str]]:
    """The (kind, part) that each id means in `part`; links to outside the file mean nothing here."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == RELATIONSHIP and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive:
        raise OfficeRefused("other")
    parse(archive.chunks(relations), start)
    return found


def _sheets(archive: OfficeArchive, part: str, relations: dict[str, tuple[str, str]]) -> tuple[list[SheetEntry], bool]:
    """The worksheets in their order (charts and macros left out), and whether days are counted from 1904."""
    names = local_names("workbook", "sheet", "workbookPr")
    sheets: list[SheetEntry] = []
    is_workbook = from_1904 = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal is_workbook, from_1904
        local = names.get(element)
        if local == "workbook":
            is_workbook = True
        elif local == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true", "on")
        elif local == "sheet":
            id = next((attributes[key] for space in RELATIONS if (key := f"{space} id") in attributes), "")
            kind, target = relations.get(id, ("", ""))
            if kind == "worksheet":
                visible = attributes.get("state", "visible") == "visible"
                sheets.append(SheetEntry(composed(attributes.get("name", "")), target, visible))

    parse(archive.chunks(part), start)
    if not is_workbook:
        raise OfficeRefused("other")
    return sheets, from_1904


def _styles(archive: OfficeArchive, part: str) -> list[str]:
    """The number format of each cell style, by its index."""
    names = local_names("numFmt", "cellXfs", "xf")
    formats: dict[str, str] = {}
    ids: list[str] = []
    inside = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        local = names.get(element)
        if local == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            ids.append(attributes.get("numFmtId", "0"))

    def end(element: str) -> None:
        nonlocal inside
        inside = inside and names.get(element) != "cellXfs"

    parse(archive.chunks(part), start, end)
    return [formats[id] if id in formats else BUILT_IN.get(int(id), GENERAL) for id in ids]


def _strings(archive: OfficeArchive, part: str) -> list[str]:
    """The shared texts as JSON; of rich text its runs, without the reading aids of East Asian texts."""
    names = local_names("si", "t", "rPh")
    found: list[str] = []
    pieces: list[str] = []
    listening = aside = False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal listening, aside
        local = names.get(element)
        aside = aside or local == "rPh"
        listening = local == "t" and not aside

    def end(element: str) -> None:
        nonlocal listening, aside
        local = names.get(element)
        listening = False
        if local == "rPh":
            aside = False
        elif local == "si":
            found.append(text_json("".join(pieces)))
            pieces.clear()

    def text(piece: str) -> None:
        if listening:
            pieces.append(piece)

    parse(archive.chunks(part), start, end, text)
    return found


def text_json(text: str) -> str:
    """A cell's text as JSON: composed (NFC), its escapes resolved; `null` where it is blank."""
    if "_x" in text:
        text = ESCAPE.sub(_unescaped, text)
    return json.dumps(composed(text), ensure_ascii=False) if text.strip() else "null"


def _unescaped(match: re.Match[str]) -> str:
    """The character meant, where it is one that may stand in a text."""
    character = chr(int(match[1], 16))
    return character if character in ESCAPED else match[0]
