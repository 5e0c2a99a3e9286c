"""Fields wherever a Word file has text: those that are filled are checked alike, the others are named."""

import io
import resource

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.errors import Fault
from app.reports.templates.template import check_template
from tests.support.word_files import OFFICE, WORD, a_template, saved, tampered, unpacked, with_part


def template_faults(template: bytes) -> list[Fault]:
    return list(check_template(template, {}).faults)


SPREAD = (
    f"<w:p {nsdecls('w')}><w:hyperlink w:anchor='b'><w:r><w:t>{{{{ to</w:t></w:r></w:hyperlink>"
    "<w:r><w:t>tal }}</w:t></w:r></w:p>"
)


@pytest.mark.parametrize("place", ["header", "footer"])
def test_a_field_spread_over_a_link_in_a_head_or_foot_is_named_there(place: str) -> None:
    document = docx.Document(io.BytesIO(a_template("a", header="b", footer="c")))
    getattr(document.sections[0], place)._element.append(parse_xml(SPREAD))

    [fault] = template_faults(saved(document))

    assert (fault.code, fault.column, fault.row, fault.value) == ("tag_torn", place, 2, "{{ total }}")


def test_a_field_spread_over_a_link_between_other_paragraphs_is_found_there() -> None:
    document = docx.Document(io.BytesIO(a_template("{%p if rank %}", "{{ rank }}", "{%p endif %}", "a", "b")))
    document.paragraphs[3]._p.append(parse_xml(SPREAD)[0])
    document.paragraphs[3].add_run("tal }}")

    [fault] = template_faults(saved(document))

    assert (fault.code, fault.row, fault.value) == ("tag_torn", 4, "a{{ total }}")


def notes(kind: str, xml: str) -> bytes:
    """A template with a part of footnotes or endnotes."""
    content = f"<w:{kind}s {nsdecls('w')}><w:{kind} w:id='1'>{xml}</w:{kind}></w:{kind}s>"
    return with_part(f"{kind}s.xml", content.encode(), f"{WORD}{kind}s+xml", f"{kind}s")


def test_a_field_spread_over_a_link_in_a_footnote_is_named_there() -> None:
    found = template_faults(notes("footnote", SPREAD))

    assert [(each.code, each.column, each.row) for each in found] == [("tag_torn", "footnotes", 1)]


@pytest.mark.parametrize(
    ("xml", "codes"),
    [
        ("<w:p><w:r><w:t>{{ totl }} {{</w:t></w:r></w:p>", ["tag_unclosed", "field_unknown"]),
        (
            "<w:p><w:r><w:t>{%% if total %%}</w:t></w:r></w:p><w:p><w:r><w:t>{%% endif %%}</w:t></w:r></w:p>",
            ["block_torn"],
        ),
    ],
)
def test_footnotes_are_checked_as_the_text_is(xml: str, codes: list[str]) -> None:
    assert [each.code for each in template_faults(notes("footnote", xml.replace("%%", "%")))] == codes


def test_a_property_is_filled_or_named() -> None:
    document = docx.Document(io.BytesIO(a_template("a")))
    own = document.core_properties
    own.title, own.keywords, own.author = "{%p set a = total %}", "{{ totl", "{{ signature.name }}"

    found = template_faults(saved(document))

    assert [(each.code, each.column, each.row) for each in found] == [
        ("tag_forbidden", "properties", 1),
        ("tag_unclosed", "properties", 3),
        ("place_not_filled", "properties", 1),
    ]


def commented(text: str) -> bytes:
    document = docx.Document(io.BytesIO(a_template("a")))
    document.add_comment(document.paragraphs[0].runs, text, "a", "a")
    return saved(document)


def linked(target: str) -> bytes:
    document = docx.Document(io.BytesIO(a_template("a")))
    document.part.relate_to(target, f"{OFFICE}hyperlink", is_external=True)
    return saved(document)


def captioned(text: str) -> bytes:
    """A template with a table whose properties hold a text."""
    return tampered({"word/document.xml": (b"<w:tblPr>", f'<w:tblPr><w:tblCaption w:val="{text}"/>'.encode())}, TABLE)


TABLE = a_template("a", rows=[["b"]])
CHART = f"<c:chartSpace {nsdecls('c')}><c:v>{{{{ total }}}}</c:v></c:chartSpace>".encode()
CHART_KIND = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


@pytest.mark.parametrize(
    ("template", "part"),
    [
        (commented("Điền {{ total }} vào đây"), "other"),
        (linked("https://example.vn/{{ unit.code }}"), "other"),
        (linked("https://example.vn/%7B%7B unit.code %7D%7D"), "other"),
        (captioned("{{ total }}"), "body"),
        (with_part("charts/chart1.xml", CHART, CHART_KIND, "chart"), "other"),
        (notes("endnote", "<w:p><w:r><w:t>{{ total }}</w:t></w:r></w:p>"), "endnotes"),
    ],
)
def test_a_field_where_none_is_filled_is_named(template: bytes, part: str) -> None:
    [fault] = template_faults(template)

    assert (fault.code, fault.column) == ("place_not_filled", part)
    assert str(fault.context["field"]).startswith(("{{ total }}", "{{ unit.code }}"))


def test_the_field_of_a_comment_is_told_once_and_its_text_once() -> None:
    [fault] = template_faults(commented("Điền {{ total }} vào đây"))

    assert (fault.context["field"], fault.value) == ("{{ total }}", "{{ total }} vào đây")


@pytest.mark.parametrize("escape", ["{_{", "}_}", "{_%", "%_}"])
def test_what_becomes_a_brace_only_in_the_letter_is_named(escape: str) -> None:
    [fault] = template_faults(a_template(f"a {escape} b"))

    assert (fault.code, fault.context["field"]) == ("tag_forbidden", escape)


@pytest.mark.parametrize(
    "text", ["{{" * 500_000, "}}" * 500_000, "{{ totl }}" * 50_000, "{#" * 200_000 + "{% " * 200_000]
)
def test_a_paragraph_of_very_many_fields_is_one_fault_in_little_time(text: str) -> None:
    loose = unpacked(a_template("{{ rnk }}", text))
    begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    found = template_faults(loose)

    assert [(each.code, each.row) for each in found] == [("field_unknown", 1), ("tags_too_many", 2)]
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin < 5


@pytest.mark.parametrize(
    "text",
    ["{{ total" + ".a" * 20_000 + " }}", "{{ " + "total and " * 20_000 + "total }}", "{{ total" + "|diem" * 200 + "}}"],
)
def test_an_expression_without_end_is_a_fault_of_its_tag(text: str) -> None:
    [fault] = template_faults(unpacked(a_template(text)))

    assert (fault.code, fault.row) == ("tag_invalid", 1)


def test_a_paragraph_may_have_five_hundred_fields() -> None:
    assert not template_faults(a_template("{{ total }}" * 500))
