"""Workbooks written by hand, part by part, so that they can be as wrong as wished."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>unit</t></is></c><c r="B1" t="inlineStr"><is><t>value</t></is></c></row>'
)
FORMATS = (
    *("General", "0.00%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "mm/yyyy", "#,##0,", "[h]:mm", "yyyy", "# ??/??", "0"),
    *("0.00&quot;%&quot;", "[DBNum1]0", "0&quot;{a}&quot;", "0%", ";;;", "[&gt;=1000]#,##0;0"),
)
"""The number formats of the cell styles 0, 1, 2 …"""


def as_xlsx(
    rows: Sequence[Sequence[Any]], merged: Iterable[tuple[int, int, int, int]] = (), *, dates: str | None = None
) -> bytes:
    """A workbook of one sheet; `merged` are first row, first column, last row and last column of merged cells.

    `dates` is the number format of dates.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": dates}) as book:
        sheet = book.add_worksheet("Số liệu")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for corners in merged:
            sheet.merge_range(*corners, "")
    return buffer.getvalue()


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def relations(*targets: tuple[str, str], mode: str = "") -> str:
    links = "".join(
        f'<Relationship Id="r{place}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
        for place, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def parts_of(sheets: Mapping[str, str], *, from_1904: bool = False, strings: str | None = None) -> dict[str, str]:
    """The parts of a workbook whose sheets are these; a name that begins with `~` is hidden."""
    names = [(name.removeprefix("~"), name.startswith("~")) for name in sheets]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{place + 1}" r:id="r{place}" state="{"hidden" if hidden else "visible"}"/>'
        for place, (name, hidden) in enumerate(names)
    )
    formats = "".join(f'<numFmt numFmtId="{200 + place}" formatCode="{code}"/>' for place, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{200 + place}"/>' for place in range(len(FORMATS)))
    links = [("worksheet", f"worksheets/sheet{place + 1}.xml") for place in range(len(sheets))]
    shared = {} if strings is None else {"xl/sharedStrings.xml": strings}
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *links, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        **{f"xl/worksheets/sheet{place + 1}.xml": xml for place, xml in enumerate(sheets.values())},
        **shared,
    }


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def a_workbook(rows: str, after: str = "", *, from_1904: bool = False, strings: str | None = None) -> bytes:
    """A workbook of one sheet `Bảng` with these rows."""
    return packed(parts_of({"Bảng": sheet_xml(rows, after)}, from_1904=from_1904, strings=strings))


def written(body: bytes, file: BinaryIO) -> BinaryIO:
    file.write(body)
    file.flush()
    return file
