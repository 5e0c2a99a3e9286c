"""Sections in which nobody sees anything leave no empty page behind."""

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.formats.docx_sections import drop_empty_sections


def a_document(*texts: str) -> Document:
    """A document with a section for each text, those at uneven places lying."""
    document = docx.Document()
    for place, text in enumerate(texts):
        section = document.add_section() if place else document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE if place % 2 else WD_ORIENT.PORTRAIT
        document.add_paragraph(text)
    return document


def shown(document: Document) -> list[tuple[str, bool]]:
    """The text of each section, and whether it lies."""
    lying = [section.orientation is WD_ORIENT.LANDSCAPE for section in document.sections]
    texts = [
        "".join(each.text for each in section.iter_inner_content() if not hasattr(each, "rows"))
        for section in document.sections
    ]
    return list(zip(texts, lying, strict=True))


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (["letter", "", ""], [("letter", False)]),
        (["letter", "annex", ""], [("letter", False), ("annex", True)]),
        (["letter", "", "annex"], [("letter", False), ("annex", False)]),
        (["letter", " "], [("letter", False)]),
        (["letter", "annex"], [("letter", False), ("annex", True)]),
        (["", ""], [("", False)]),
    ],
)
def test_what_has_nothing_to_show_goes(texts: list[str], left: list[tuple[str, bool]]) -> None:
    document = a_document(*texts)

    drop_empty_sections(document)

    assert shown(document) == left


def test_a_table_is_seen() -> None:
    document = a_document("letter", "")
    document.add_table(1, 1)

    drop_empty_sections(document)

    assert len(document.sections) == 2


@pytest.mark.parametrize(
    "shown", ['<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"]
)
def test_a_symbol_and_a_formula_are_seen(shown: str) -> None:
    document = a_document("letter", "")
    paragraph = parse_xml(f"<w:p {nsdecls('w', 'm')}>{shown}</w:p>")
    document.paragraphs[-1]._p.append(paragraph[0])

    drop_empty_sections(document)

    assert len(document.sections) == 2
