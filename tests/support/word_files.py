"""Word files for tests: templates of letters, and files that were tampered with."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENT = {"Content-Type": DOCX}
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
Paragraph = str | Sequence[str]
"""The text of a paragraph, or those of its runs."""


def a_template(*paragraphs: Paragraph, rows: Sequence[Sequence[str]] = (), header: str = "", footer: str = "") -> bytes:
    """A Word file of these paragraphs, behind them a table of these rows."""
    document = docx.Document()
    for paragraph in paragraphs or ("Tổng điểm: {{ totl | diem }}, {{ period.words }}",):
        written = document.add_paragraph()
        for run in [paragraph] if isinstance(paragraph, str) else paragraph:
            written.add_run(run)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for line, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def parts_of(file: bytes) -> dict[str, bytes]:
    """The parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tampered(changes: Mapping[str, bytes | tuple[bytes, bytes]], file: bytes | None = None) -> bytes:
    """A file with parts of its own, or with something in a part replaced, which must be there."""
    parts = parts_of(file or a_template("Kính gửi"))
    for name, change in changes.items():
        if isinstance(change, tuple):
            assert change[0] in parts[name]
            parts[name] = parts[name].replace(*change, 1)
        else:
            parts[name] = change
    return archived(parts)


def archived(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A file of these parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def unpacked(file: bytes) -> bytes:
    """The same file with nothing in it packed, so that no ratio stops it."""
    return archived(parts_of(file), zipfile.ZIP_STORED)


def with_part(name: str, content: bytes, kind: str, relation: str, file: bytes | None = None) -> bytes:
    """A file with a further part, which its document is related to."""
    related = f'<Relationship Id="rP" Type="{OFFICE}{relation}" Target="{name}"/></Relationships>'
    return tampered(
        {
            f"word/{name}": content,
            "[Content_Types].xml": (
                b"</Types>",
                f'<Override PartName="/word/{name}" ContentType="{kind}"/></Types>'.encode(),
            ),
            "word/_rels/document.xml.rels": (b"</Relationships>", related.encode()),
        },
        file,
    )


def paragraphs_of(file: bytes) -> list[str]:
    """The texts of the paragraphs of the body, without those in tables."""
    return [each.text for each in docx.Document(io.BytesIO(file)).paragraphs]


def rows_of(file: bytes) -> list[list[str]]:
    """The texts of the cells of the first table."""
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(file)).tables[0].rows]


def comments_of(file: bytes) -> list[str]:
    """What the comments of a file say."""
    return [each.text for each in docx.Document(io.BytesIO(file)).comments]
