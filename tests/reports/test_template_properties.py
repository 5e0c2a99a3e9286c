"""The properties of a letter: fields in them are filled as text, and what an office says there itself stays."""

import io
from collections.abc import Mapping
from decimal import Decimal

import docx

from app.reports.templates.template import fill_template
from tests.support.word_files import a_template, comments_of, parts_of, saved

FIELDS: Mapping[str, object] = {
    "unit": {"name": "UBND tỉnh Tuyên Quang"},
    "period": {"words": "tháng 7/2024"},
    "subject": "V/v kết quả tháng 7/2024",
    "total": Decimal("81.77"),
    "rank": None,
}


def titled(title: str, **fields: object) -> docx.document.Document:
    """A letter by a template with that title."""
    document = docx.Document(io.BytesIO(a_template("a")))
    document.core_properties.title, document.core_properties.keywords = title, "{{ period.words }}"
    return docx.Document(io.BytesIO(fill_template(saved(document), {**FIELDS, **fields})))


def test_fields_of_properties_are_filled_as_text() -> None:
    name = "Sở A & B <c> {{ total }} {_{ z }_}"

    letter = titled("{{ unit.name }}: {{ rank | hai_chu_so }} &amp;", unit={"name": name})

    assert letter.core_properties.title == name + ": …… &amp;"
    assert letter.core_properties.keywords == "tháng 7/2024"
    assert "&amp;amp;amp;" not in parts_of(saved(letter))["docProps/core.xml"].decode()


def test_a_title_of_the_office_stays_and_one_without_is_the_subject() -> None:
    assert titled("Báo cáo tháng").core_properties.title == "Báo cáo tháng"
    assert titled("").core_properties.title == FIELDS["subject"]


def test_a_title_is_cut_where_no_file_holds_more_of_it() -> None:
    assert titled("{{ subject }}", subject="a" * 300).core_properties.title == "a" * 255


def test_a_note_about_a_field_of_a_property_stands_in_the_text() -> None:
    document = docx.Document(io.BytesIO(a_template("a")))
    document.core_properties.title = "{{ total }}"

    file = fill_template(saved(document), FIELDS, [{"code": "a", "detail": "Tổng là số cộng.", "field": "total"}])

    assert comments_of(file) == ["Tổng là số cộng."]
