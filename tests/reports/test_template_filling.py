"""Templates filled: figures stand where fields stood, text stays text, and what is missing is seen."""

import io
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.answers.letter_fields import FieldNote
from app.errors import AppError
from app.reports.templates import template
from app.reports.templates.template import check_template, fill_template
from tests.support.word_files import a_template, comments_of, paragraphs_of, parts_of, rows_of, saved, tampered

FIELDS: Mapping[str, object] = {
    "unit": {"name": "UBND tỉnh Tuyên Quang"},
    "period": {"words": "tháng 7/2024"},
    "on": "2024-08-28",
    "subject": "V/v kết quả tháng 7/2024",
    "total": Decimal("81.77"),
    "rank": None,
    "cohort": 63,
    "change": {"total": Decimal("-4.1"), "rank": 0},
    "groups": {
        "transparency": {"name": "Công khai, minh bạch", "points": Decimal("13.20"), "max": 18},
        "progress": {"name": "Tiến độ", "points": None, "max": 20},
    },
    "below": {"paid_dossiers": {"units": [{"name": "Sở Y tế"}, {"name": None}, {"name": None}]}},
    "fell": [],
}


def filled(*paragraphs: str, fields: Mapping[str, object] | None = None, **more: Any) -> list[str]:
    """The paragraphs of a filled template."""
    return paragraphs_of(fill_template(a_template(*paragraphs, **more), {**FIELDS, **(fields or {})}))


def a_note(detail: str, field: str | None) -> FieldNote:
    return {"code": "a", "detail": detail, "field": field}


def test_fields_print_by_their_filters() -> None:
    assert filled(
        "Đạt {{ total | diem }}/100 điểm, {{ groups['transparency'].points | diem }} của {{ unit.name }}"
    ) == ["Đạt 81,77/100 điểm, 13,20 của UBND tỉnh Tuyên Quang"]


def test_a_tag_that_word_has_split_over_runs_is_one_tag() -> None:
    sent = a_template(["Tổng {", "{ to", "tal |", " diem }", "} điểm; {", "% if cohort %", "}có{% end", "if %}"])

    assert paragraphs_of(fill_template(sent, FIELDS)) == ["Tổng 81,77 điểm; có"]


def test_what_a_field_holds_is_text_whatever_it_looks_like() -> None:
    name = "Sở A & B <xã> \"C\" {{ total }} {% include 'x' %} {# a #} {_{ z }_} {_% z %_} ]]> &amp;"

    assert filled("{{ unit.name }}.", fields={"unit": {"name": name}}) == [name + "."]


def test_text_stays_text_in_heads_and_footnotes_however_many_sections_there_are() -> None:
    document = docx.Document(io.BytesIO(a_template("a", header="{{ unit.name }}")))
    document.add_section()
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "<w:p><w:r><w:t>{{ unit.name }}</w:t></w:r></w:p>"
    notes = f'<w:footnotes xmlns:w="{word}"><w:footnote w:id="1">{text}</w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    sent = tampered(
        {
            "word/footnotes.xml": notes.encode(),
            "[Content_Types].xml": (
                b"</Types>",
                f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode(),
            ),
            "word/_rels/document.xml.rels": (
                b"</Relationships>",
                b'<Relationship Id="rN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
                b' Target="footnotes.xml"/></Relationships>',
            ),
        },
        saved(document),
    )

    file = fill_template(sent, {**FIELDS, "unit": {"name": "{{ total }} & <b>"}})

    assert docx.Document(io.BytesIO(file)).sections[0].header.paragraphs[0].text == "{{ total }} & <b>"
    assert "{{ total }} &amp; &lt;b&gt;" in parts_of(file)["word/footnotes.xml"].decode()


def test_a_control_shows_what_was_filled_in_and_not_what_it_was_bound_to() -> None:
    bound = f"<w:sdt {nsdecls('w')}><w:sdtPr><w:dataBinding w:xpath='/a' w:storeItemID='b'/></w:sdtPr><w:sdtContent>"
    control = f"{bound}<w:p><w:r><w:t>{{{{ total }}}}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document = docx.Document(io.BytesIO(a_template("a", header="b")))
    document.element.body.insert(0, parse_xml(control))
    document.sections[0].header._element.append(parse_xml(control))

    parts = parts_of(fill_template(saved(document), FIELDS))

    assert b"81,77" in parts["word/document.xml"]
    assert b"81,77" in parts["word/header1.xml"]
    assert not [name for name, content in parts.items() if b"dataBinding" in content]


def test_characters_that_no_xml_can_hold_are_replaced() -> None:
    assert filled("{{ unit.name }}", fields={"unit": {"name": "a\x00b\x0cc\ue0f00\ue0f1d\ue0f0"}}) == ["a�b�cd"]


def test_rows_and_paragraphs_are_repeated() -> None:
    rows = [["{%tr for each in groups %}", ""], ["{{ loop.index }}", "{{ each.name }}"], ["{%tr endfor %}", ""]]
    paragraphs = ["{%p for unit in below.paid_dossiers.units %}", "- {{ unit.name | default('a') }};", "{%p endfor %}"]

    file = fill_template(a_template(*paragraphs, rows=rows), FIELDS)

    assert paragraphs_of(file) == ["- Sở Y tế;", "- a;", "- a;"]
    assert rows_of(file) == [["1", "Công khai, minh bạch"], ["2", "Tiến độ"]]


def test_what_is_left_of_a_table_and_a_cell_is_whole() -> None:
    rows = [["{%tr for each in fell %}"], ["{{ each.label }}"], ["{%tr endfor %}"]]
    cells = docx.Document(io.BytesIO(a_template("a", rows=[["{%p if rank %}"]])))
    cell = cells.tables[0].cell(0, 0)
    cell.add_paragraph("b")
    cell.add_paragraph("{%p endif %}")

    assert not docx.Document(io.BytesIO(fill_template(a_template("a", rows=rows), FIELDS))).tables
    assert rows_of(fill_template(saved(cells), FIELDS)) == [[""]]


def test_a_head_that_falls_away_leaves_an_empty_one() -> None:
    document = docx.Document(io.BytesIO(a_template("a", header="{%p if rank %}")))
    for text in ("b", "{%p endif %}"):
        document.sections[0].header.add_paragraph(text)

    head = docx.Document(io.BytesIO(fill_template(saved(document), FIELDS))).sections[0].header

    assert [each.text for each in head.paragraphs] == [""]


def test_what_has_no_figure_is_a_highlighted_blank_never_none_or_nought() -> None:
    file = fill_template(
        a_template("Hạng {{ rank | hai_chu_so }}/{{ cohort }}, {{ groups.progress.points | diem }}"), FIELDS
    )

    [paragraph] = docx.Document(io.BytesIO(file)).paragraphs
    assert paragraph.text == "Hạng ……/63, ……"
    assert [run.text for run in paragraph.runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW] == ["……", "……"]


def test_a_blank_says_beside_its_paragraph_what_is_missing_once_for_each_field() -> None:
    loop = ["{%p for each in below.paid_dossiers.units %}", "{{ each.name }}", "{%p endfor %}"]

    file = fill_template(a_template("Kính gửi", "{{ rank }} {{ rank }}", *loop), FIELDS)

    assert comments_of(file) == [
        "Chưa có số liệu: Thứ hạng (rank)",
        "Chưa có số liệu: Tên đầy đủ (below.paid_dossiers.units[].name)",
    ]
    marked = [each for each in docx.Document(io.BytesIO(file)).paragraphs if each._p.xpath(".//w:commentReference")]
    assert [each.text for each in marked] == ["…… ……", "……"]


def test_a_field_that_is_not_known_any_more_is_a_blank_too() -> None:
    file = fill_template(a_template("{{ totl }}"), FIELDS)

    assert (paragraphs_of(file), comments_of(file)) == (["……"], ["Chưa có số liệu: totl"])


def test_what_is_missing_is_neither_more_nor_less_and_not_nought() -> None:
    assert filled(
        "{% if rank > 5 %}a{% elif rank < 5 %}b{% elif rank == 0 %}c{% elif rank is none %}d{% endif %}",
        "{% if rank %}e{% endif %}{% if rank is defined %}f{% endif %}{% for each in rank.a.b %}g{% endfor %}h",
    ) == ["d", "h"]


def test_filters_print_figures_as_people_write_them_and_blanks_for_what_is_none() -> None:
    assert filled(
        "{{ total | bo_trong }};{{ rank | bo_trong }};{{ total | cong(1) }};{{ 'NaN' | hai_chu_so }}",
        "{{ addressees | noi }};{{ fell | length | hai_chu_so }};{{ below.paid_dossiers.units | ten_gop }};"
        "{{ '0001-01-01T00:00:00+14:00' | ngay }}",
        fields={"addressees": ["Sở A", None, "Sở B"]},
    ) == ["81,77;;……;……", "Sở A, Sở B;00;……;……"]


def test_two_figures_that_nobody_knows_are_neither_alike_nor_unlike() -> None:
    asked = "{% if before.rank == rank %}giữ nguyên{% endif %}{% if before.rank != cohort %}khác{% endif %}."

    assert filled(asked, "{% if rank == none %}chưa có{% endif %}") == [".", "chưa có"]


def test_a_filter_that_fails_is_named() -> None:
    with pytest.raises(AppError) as refused:
        fill_template(a_template("{% set a = cohort %}{{ total | diem(a) }}"), FIELDS)

    assert refused.value.code == "letter_template_unfillable"
    assert "`| diem`" in refused.value.detail("vi")


def test_notes_stand_beside_what_they_are_about_the_others_at_the_beginning() -> None:
    said = [
        a_note("Tổng là số cộng.", "total"),
        a_note("Nhóm.", "groups"),
        a_note("Chung.", None),
        a_note("?", "looked_up"),
    ]
    sent = a_template("Kính gửi", "Đạt {{ total | diem }}", "{{ groups.transparency.points }} {{ total }}")

    file = fill_template(sent, FIELDS, said)

    assert comments_of(file) == ["Chung.", "?", "Tổng là số cộng.", "Nhóm."]
    marked = [len(each._p.xpath(".//w:commentReference")) for each in docx.Document(io.BytesIO(file)).paragraphs]
    assert marked == [2, 1, 1]


def test_a_blank_in_a_head_or_a_box_is_told_in_the_text() -> None:
    document = docx.Document(io.BytesIO(a_template("Kính gửi", header="{{ rank }}")))
    text = "<w:p><w:r><w:t>{{ looked_up }}</w:t></w:r></w:p>"
    box = f"<w:txbxContent>{text}</w:txbxContent>"
    box = f"<w:r %s><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'>{box}</v:textbox></w:pict></w:r>"
    document.paragraphs[0]._p.append(parse_xml(box % nsdecls("w")))

    file = fill_template(saved(document), FIELDS)

    assert docx.Document(io.BytesIO(file)).sections[0].header.paragraphs[0].text == "……"
    assert len(comments_of(file)) == 2
    assert "commentReference" not in parts_of(file)["word/header1.xml"].decode()


def test_numbers_of_documents_days_and_signs_hold_together_in_what_fields_print() -> None:
    [text] = filled("{{ subject }} (a-b) {{ change.total | diem }}", fields={"subject": "số 766/QĐ-TTg tháng 7/2024"})

    assert text == "số\u00a0766/QĐ-TTg tháng\u00a07/2024 (a-b) -4,1"
    file = fill_template(a_template("{{ subject }}"), {**FIELDS, "subject": "766/QĐ-TTg"})
    assert "noBreakHyphen" in parts_of(file)["word/document.xml"].decode()


def test_the_same_template_and_fields_are_the_same_bytes() -> None:
    sent, notes = a_template("{{ rank }} {{ total }}"), [a_note("a", None)]

    first = fill_template(sent, FIELDS, notes)
    time.sleep(2.1)  # an archive knows two seconds apart

    assert fill_template(sent, FIELDS, notes) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {each.date_time[:3] for each in archive.infolist()} == {(2024, 8, 27)}
    assert docx.Document(io.BytesIO(first)).core_properties.title == FIELDS["subject"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ ''.__class__.__mro__ }}", "letter_template_invalid"),
        ("{{ total.as_tuple() }}", "letter_template_invalid"),
        ("{% include '/etc/passwd' %}", "letter_template_invalid"),
        ("{{ 'a' * 1000000000 }}", "letter_template_invalid"),
        ("{{ range(1000000000) }}", "letter_template_invalid"),
        ("{{ total | batch(9) }}", "letter_template_invalid"),
        ("{% if period.words > 5 %}{% endif %}", "letter_template_unfillable"),
    ],
)
def test_a_template_that_does_something_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(AppError) as refused:
        fill_template(a_template(text), FIELDS)

    assert (refused.value.code, refused.value.status) == (code, 422)


def a_code(*runs: str) -> bytes:
    """A template with a field of Word whose code, up to its result, is written in these runs."""
    document = docx.Document(io.BytesIO(a_template("a")))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    code = "".join(f"<w:r>{run}</w:r>" for run in runs)
    for run in parse_xml(f"<w:p {nsdecls('w')}>{begin}{code}{end}</w:p>"):
        document.paragraphs[0]._p.append(run)
    return saved(document)


PAGE, DDE = (f"<w:instrText>{code}</w:instrText>" for code in ("PAGE ", "DDEAUTO c:\\\\x"))


@pytest.mark.parametrize(
    "runs",
    [
        ("<w:t>{% if 1 == 2 %}</w:t>", PAGE, "<w:t>{% endif %}</w:t>", DDE),
        ("<w:t>{# a</w:t>", PAGE, "<w:t>b #}</w:t>", DDE),
        ("<w:instrText>PAGE {% if 1 == 2 %}</w:instrText>", "<w:instrText>{% endif %}</w:instrText>"),
    ],
)
def test_no_tag_stands_in_the_code_of_a_field_of_word(runs: Sequence[str]) -> None:
    with pytest.raises(AppError) as refused:
        check_template(a_code(*runs), {})

    assert refused.value.code == "docx_field"


def test_what_only_the_filling_would_bring_in_is_refused() -> None:
    """docxtpl takes `<` as it is written between `{{` and `}}`, be they in comments."""
    smuggled = '{# {{ #}<w:fldSimple w:instr="DDEAUTO c:\\x"/>{# }} #}'

    with pytest.raises(AppError) as refused:
        fill_template(a_template(smuggled), FIELDS)

    assert refused.value.code == "docx_field"


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "FILL", replace(template.FILL, seconds=2))


@pytest.mark.usefixtures("little_time")
def test_a_template_that_never_ends_costs_a_child_and_a_refusal() -> None:
    loops = "".join(f"{{% for a{each} in fell %}}" for each in range(8))
    endless = a_template(loops + "{{ a7.label }}" + "{% endfor %}" * 8)

    with pytest.raises(AppError) as refused:
        fill_template(endless, {**FIELDS, "fell": [{"label": "a"}] * 60})

    assert refused.value.code == "docx_too_costly"


@pytest.mark.usefixtures("little_time")
def test_a_letter_that_grows_without_bound_is_refused() -> None:
    loops = "".join(f"{{% for a{each} in fell %}}" for each in range(3))
    growing = a_template(loops + "{{ a2.label }}" + "{% endfor %}" * 3)

    with pytest.raises(AppError) as refused:
        fill_template(growing, {**FIELDS, "fell": [{"label": "a" * 3_000}] * 60})

    assert refused.value.code in ("docx_too_costly", "docx_too_large")
