"""Word files from strangers: what runs, fetches or bursts is refused by name; what letters are made of passes."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from app.formats.child_program import reported
from app.formats.docx_guard import guard
from app.formats.docx_texts import REFUSALS, refusal
from app.formats.office_archive import COMPOUND_SIGNATURE, ENCRYPTED_PART, OfficeLimits
from tests.support.word_files import a_template, parts_of, tampered

LIMITS = OfficeLimits(unpacked=8 << 20, entries=100)
DOCUMENT, TYPES, RELATIONS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
BODY, LAST_TYPE, LAST_RELATION = b"<w:body>", b"</Types>", b"</Relationships>"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def code_of(file: bytes, limits: OfficeLimits = LIMITS) -> str:
    """Why a file is refused, as clients are told."""
    report: dict[str, Any] = reported(lambda: guarded(file, limits), limits)
    error = refusal(report["refused"], report["context"])
    assert error.detail("en") != error.detail("vi")
    return error.code


def guarded(file: bytes, limits: OfficeLimits = LIMITS) -> dict[str, Any]:
    guard(io.BytesIO(file), limits)
    return {}


def with_body(xml: str) -> bytes:
    return tampered({DOCUMENT: (BODY, BODY + xml.encode())})


def with_type(part: str, kind: str) -> tuple[bytes, bytes]:
    return LAST_TYPE, f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'.encode()


def with_relation(kind: bytes, target: bytes, mode: bytes = b"External") -> bytes:
    added = b'<Relationship Id="rX" Type="%s" Target="%s" TargetMode="%s"/>' % (OFFICE + kind, target, mode)
    return tampered({RELATIONS: (LAST_RELATION, added + LAST_RELATION)})


def code_field(code: str) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code.split("|"))
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def flat(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def renamed(name: str) -> bytes:
    """A document whose kinds of parts stand under another name."""
    parts = parts_of(a_template("a"))
    return flat({name: parts.pop(TYPES), **parts})


HOSTILE = {
    "a text": (b"Kinh gui", "docx_other"),
    "an archive of other things": (flat({"a.txt": b"a"}), "docx_other"),
    "a PDF": (b"%PDF-1.7", "docx_other"),
    "a rich text": (b"{\\rtf1", "docx_other"),
    "a document of another office": (
        flat({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        "docx_other",
    ),
    "a file that was packed on its way": (gzip.compress(a_template("a")), "docx_other"),
    "a part with a path of Windows": (tampered({"word\\a.xml": b"<a/>"}), "docx_names"),
    "a part with the path of a disk": (tampered({"/word/a.xml": b"<a/>"}), "docx_names"),
    "two parts that differ in capitals": (tampered({"word/Document.xml": b"<a/>"}), "docx_names"),
    "kinds of parts under another name": (renamed("[content_types].xml"), "docx_names"),
    "a field without a name": (with_body('<w:p><w:fldSimple w:instr=" "/></w:p>'), "docx_field"),
    "a document of the old format": (COMPOUND_SIGNATURE + b"\0" * 600, "docx_old"),
    "a password": (COMPOUND_SIGNATURE + b"\0" * 600 + ENCRYPTED_PART, "docx_encrypted"),
    "a workbook": (
        tampered({TYPES: (b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")}),
        "docx_other",
    ),
    "a template of Word": (
        tampered({TYPES: (b"wordprocessingml.document.main", b"wordprocessingml.template.main")}),
        "docx_other",
    ),
    "macros by their kind": (
        tampered(
            {
                TYPES: (
                    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                    b"application/vnd.ms-word.document.macroEnabled.main+xml",
                )
            }
        ),
        "docx_macros",
    ),
    "macros by their part": (tampered({"word/vbaProject.bin": b"\xd0\xcf"}), "docx_macros"),
    "an embedded object": (
        tampered(
            {
                "word/embeddings/oleObject1.bin": b"\xd0\xcf",
                TYPES: with_type(
                    "word/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject"
                ),
            }
        ),
        "docx_embedded",
    ),
    "a part of no known kind": (tampered({"word/media/a.exe": b"MZ"}), "docx_embedded"),
    "another document within it": (with_body('<w:altChunk r:id="rX"/>'), "docx_embedded"),
    "a relation to an object": (with_relation(b"oleObject", b"a.bin", b"Internal"), "docx_embedded"),
    "a drawing that may hold scripts": (
        tampered({"word/media/a.svg": b"<svg/>", TYPES: with_type("word/media/a.svg", "image/svg+xml")}),
        "docx_picture",
    ),
    "a picture from elsewhere": (with_relation(b"image", b"http://192.0.2.1/a.png"), "docx_external"),
    "a link to a file": (with_relation(b"hyperlink", b"file:///etc/passwd"), "docx_external"),
    "a link that runs": (with_relation(b"hyperlink", b"javascript:alert(1)"), "docx_external"),
    "a drawing with a file behind it": (
        with_body('<v:image xmlns:v="urn:schemas-microsoft-com:vml" src="\\\\host\\a.png"/>'),
        "docx_external",
    ),
    "a drawing that an address is behind": (
        with_body('<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://192.0.2.1/a.png"/>'),
        "docx_external",
    ),
    "a drawing that was fetched once": (
        with_body(
            '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
            ' o:href="http://192.0.2.1/a.png"/>'
        ),
        "docx_external",
    ),
    "a program of the office beside the page": (
        tampered(
            {
                "word/webextensions/taskpanes.xml": b"<a/>",
                TYPES: with_type(
                    "word/webextensions/taskpanes.xml", "application/vnd.ms-office.webextensiontaskpanes+xml"
                ),
            }
        ),
        "docx_embedded",
    ),
    "such a program that says it is other XML": (tampered({"word/a.xml": b'<taskpanes xmlns="a"/>'}), "docx_embedded"),
    "a relation to such a program": (with_relation(b"webextension", b"a.xml", b"Internal"), "docx_embedded"),
    "a film from elsewhere": (
        with_body('<wp15:webVideoPr xmlns:wp15="a" embeddedHtml="&lt;iframe src=&quot;http://192.0.2.1&quot;/&gt;"/>'),
        "docx_embedded",
    ),
    "letters from a list of somebody": (
        tampered({"word/settings.xml": (b"<w:zoom", b'<w:mailMerge><w:query w:val="SELECT *"/></w:mailMerge><w:zoom')}),
        "docx_embedded",
    ),
    "a template of its own": (with_relation(b"attachedTemplate", b"http://192.0.2.1/a.dotm"), "docx_attached_template"),
    "a document type": (
        tampered({DOCUMENT: (b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document')}),
        "docx_doctype",
    ),
    "an external entity": (
        tampered({"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        "docx_doctype",
    ),
    "a field that fetches": (with_body(code_field('INCLUDETEXT "/etc/passwd"')), "docx_field"),
    "a field that fetches, split over runs": (
        with_body(code_field(' INCLUDE|PICTURE "http://192.0.2.1/a"')),
        "docx_field",
    ),
    "a field that starts a program": (with_body('<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x"/></w:p>'), "docx_field"),
    "a field whose code another field makes": (
        with_body(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'
        ),
        "docx_field",
    ),
    "a link of a field to a file": (with_body(code_field('HYPERLINK "file:///etc/passwd"')), "docx_field"),
    "a part that is no XML": (tampered({"word/styles.xml": b"<a>"}), "docx_broken"),
    "a bomb": (tampered({"word/media/a.png": b"\0" * 5_000_000}), "docx_too_large"),
    "more than was declared may be": (
        tampered({f"word/media/{each}.png": bytes(range(256)) * 8_000 for each in range(9)}),
        "docx_too_large",
    ),
    "very many parts": (tampered({f"word/{each}.xml": b"<a/>" for each in range(100)}), "docx_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_letter_needs_is_refused_by_name(name: str) -> None:
    file, code = HOSTILE[name]

    assert code_of(file) == code


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a PDF", "a PDF file"),
        ("a rich text", "an RTF file"),
        ("a document of another office", "(.odt)"),
        ("a file that was packed on its way", "without `Content-Encoding`"),
        ("two parts that differ in capitals", "`word/document.xml`"),
        ("a field without a name", "a field of Word without a name"),
    ],
)
def test_what_was_sent_is_called_by_its_name(name: str, said: str) -> None:
    report: dict[str, Any] = reported(lambda: guarded(HOSTILE[name][0]), LIMITS)

    assert said in refusal(report["refused"], report["context"]).detail("en")


def test_every_refusal_of_a_file_has_a_file_that_shows_it() -> None:
    shown = {code for _, code in HOSTILE.values()}

    assert {each.code for each in REFUSALS.values()} - {"docx_too_costly"} == shown


@pytest.mark.parametrize(
    "xml",
    [
        code_field(" PAGE "),
        code_field("NUMPAGES \\* MERGEFORMAT"),
        code_field('HYPERLINK "https://dichvucong.gov.vn"'),
        code_field('HYPERLINK \\l "_Toc1"'),
        code_field("TOC \\o"),
        code_field("=SUM(ABOVE)"),
    ],
)
def test_page_numbers_contents_and_links_pass(xml: str) -> None:
    guarded(with_body(xml))


def test_links_and_pictures_pass() -> None:
    guarded(with_relation(b"hyperlink", b"https://dichvucong.gov.vn"))
    guarded(with_body('<v:shape xmlns:v="urn:schemas-microsoft-com:vml" href="https://dichvucong.gov.vn"/>'))
    guarded(with_relation(b"hyperlink", b"mailto:vanphong@example.vn"))
    guarded(tampered({"docProps/b.jpeg": b"\xff\xd8"}))
    guarded(a_template("{{ total }}"))
