"""Templates are checked whole: every fault is named with its paragraph, and what was probably meant."""

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.answers.field_kinds import KnownKeys
from app.errors import LANGUAGES, AppError, Fault
from app.reports.templates.template import check_template
from app.reports.templates.texts import FAULTS
from tests.support.word_files import a_template, saved

BELOW = '{%p for unit in below["paid_dossiers"].units %}'


KEYS: KnownKeys = {
    "group": ["transparency", "progress"],
    "indicator": ["on_time", "paid_dossiers", "overdue_dossiers"],
    "count": ["overdue_dossiers"],
    "level": ["department", "commune"],
}


def template_faults(template: bytes) -> list[Fault]:
    return list(check_template(template, KEYS).faults)


def faults_of(*paragraphs: str, **more: str) -> list[tuple[str, str, str | None]]:
    """The faults of a template: code, what it is about, what was meant."""
    found = template_faults(a_template(*paragraphs, **more))
    assert all(each.detail("en") != each.detail("vi") for each in found)
    return [(each.code, str(each.context["field"]), each.suggestion) for each in found]


def test_a_template_without_faults_tells_the_fields_that_it_names() -> None:
    checked = check_template(
        a_template("Tháng {{ period.words }}: {{ total | diem }}", BELOW, "- {{ unit.name }}", "{%p endfor %}"), KEYS
    )

    assert not checked.faults
    assert checked.fields == ['below["paid_dossiers"].units[].name', "period.words", "total"]


def test_an_unknown_field_is_named_with_its_paragraph_and_what_was_meant() -> None:
    [fault] = template_faults(a_template("Kính gửi:", "Tổng điểm đạt {{ totl | diem }} điểm." + " x" * 100))

    assert (fault.code, fault.context["field"], fault.suggestion) == ("field_unknown", "totl", "total")
    assert (fault.column, fault.row) == ("body", 2)
    assert fault.value == ("Tổng điểm đạt {{ totl | diem }} điểm." + " x" * 100)[:100]


def test_every_fault_is_named_not_the_first_alone() -> None:
    assert faults_of("{{ totl }} {{ rnk | hai_chu }}", "{{ perid.words }}", "{% for a in fel %}{% endfor %}") == [
        ("field_unknown", "totl", "total"),
        ("field_unknown", "rnk", "rank"),
        ("filter_unknown", "hai_chu", "hai_chu_so"),
        ("field_unknown", "perid", "period"),
        ("field_unknown", "fel", "fell"),
    ]


def test_what_a_loop_names_has_the_members_of_its_list() -> None:
    found = faults_of(BELOW, "{{ unit.nmae }} {{ loop.idnex }}", "{%p endfor %}", "{{ unit.name }} {{ unit.valeu }}")

    assert found == [
        ("field_unknown", "unit.nmae", "unit.name"),
        ("field_unknown", "loop.idnex", "loop.index"),
        ("field_unknown", "unit.valeu", None),  # behind the loop it is the unit whose letter it is
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("change.totl", "change.total"),
        ("change['totl']", "change.total"),
        ("period.wrods", "period.words"),
        ("criteria['on_time'].befor.count", "criteria['on_time'].before"),
        ("below.on_time.units[0].nme", "below.on_time.units[0].name"),
        ("rows[0].rows[0].lable", "rows[0].rows[0].label"),
        ("TOTAL", "total"),
        ("total | dim", "diem"),
        ("total.diem", None),
    ],
)
def test_what_was_meant_is_said_with_the_path_that_leads_there(written: str, meant: str | None) -> None:
    [(_, _, suggestion)] = faults_of(f"{{{{ {written} }}}}")

    assert suggestion == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('criteria["on_tme"].rate', 'criteria["on_time"]'),
        ("criteria.on_tme.rate", 'criteria["on_time"]'),
        ('groups["progres"].points', 'groups["progress"]'),
        ('below["paid_dossier"].count', 'below["paid_dossiers"]'),
        ('below["nothing_like_it"].count', None),
        ('counts["on_time"].sum', None),
        ('classes["comune"].of', 'classes["commune"]'),
        ('classes["commune"].rows[0].groups["progres"]', "classes['commune'].rows[0].groups[\"progress\"]"),
        ('by_source["on_tme"][0].source', 'by_source["on_time"]'),
    ],
)
def test_a_code_that_no_letter_has_figures_of_is_named(written: str, meant: str | None) -> None:
    [(code, _, suggestion)] = faults_of(f"{{{{ {written} }}}}")

    assert (code, suggestion) == ("letter_code_unknown", meant)


def test_a_code_that_some_framework_has_is_no_fault() -> None:
    assert not faults_of(
        '{{ criteria["on_time"].rate }} {{ counts.overdue_dossiers.sum }} {{ published.commune.done }}',
        "{% for head in framework.groups %}{{ groups[head.code].points }}{% endfor %}",
    )


def test_what_a_set_names_is_known_from_there_on() -> None:
    assert faults_of("{% set best = groups | danh_sach | first %}{{ best.points }} {{ best.pointz }}") == [
        ("field_unknown", "best.pointz", "best.points"),
    ]


@pytest.mark.parametrize("place", ["header", "footer"])
def test_heads_and_feet_are_checked_too(place: str) -> None:
    [fault] = template_faults(a_template("Kính gửi", **{place: "{{ perod.words }}"}))

    assert (fault.column, fault.row, fault.suggestion) == (place, 1, "period")


def test_cells_boxes_footnotes_and_properties_are_checked_too() -> None:
    document = docx.Document(io.BytesIO(a_template("Kính gửi", rows=[["{{ totl }}", "{{ rnk }}"]])))
    box = "<w:r %s><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent><w:p><w:r><w:t>{{ cohrt }}"
    box += "</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"
    document.paragraphs[0]._p.append(parse_xml(box % nsdecls("w")))
    document.core_properties.title = "{{ subjct }}"

    found = template_faults(saved(document))

    assert [(each.column, each.suggestion) for each in found] == [
        ("body", "cohort"),
        ("body", "total"),
        ("body", "rank"),
        ("properties", "subject"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ total.__class__ }}", "expression_forbidden"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "expression_forbidden"),
        ("{{ groups.items() }}", "expression_forbidden"),
        ("{{ range(9) }}", "expression_forbidden"),
        ("{{ 'a' * 1000000000 }}", "expression_forbidden"),
        ("{{ 9 ** 9 ** 9 }}", "expression_forbidden"),
        ("{{ total ~ total }}", "expression_forbidden"),
        ("{{ '%s' % total }}", "expression_forbidden"),
        ("{{ '{0.__class__}' | format(total) }}", "filter_unknown"),
        ("{{ total | attr('__class__') }}", "filter_unknown"),
        ("{{ fell | map(attribute='__class__') | first }}", "filter_unknown"),
        ("{{ subject | safe }}", "filter_unknown"),
        ("{{ total | diem(1, 2, 3) }}", "filter_arguments"),
        ("{{ total | diem(*[1]) }}", "filter_arguments"),
        ("{{ total | diem(40) }}", "filter_arguments"),
        ("{{ total | diem(-1) }}", "filter_arguments"),
        ("{{ total | ty_le(decimals=-5) }}", "filter_arguments"),
        ("{{ total | diem(-'a') }}", "filter_arguments"),
        ("{{ addressees | noi(1) }}", "filter_arguments"),
        ("{{ tasks | noi }}", "filter_arguments"),
        ("{{ tasks | ten_gop }}", "filter_arguments"),
        ("{{ groups | diem }}", "filter_arguments"),
        ("{{ total | danh_sach }}", "filter_arguments"),
        ("{{ groups | first }}", "filter_arguments"),
        ("{{ groups }}", "field_not_printable"),
        ("{{ groups | bo_trong }}", "field_not_printable"),
        ("{{ total[:2] }}", "field_not_list"),
        ("{% for a in groups[:2] %}{% endfor %}", "field_not_list"),
        ("{% for a in total %}{% endfor %}", "field_not_list"),
        ("{% for a, b in groups %}{% endfor %}", "expression_forbidden"),
        ("{% for loop in fell %}{% endfor %}", "expression_forbidden"),
        ("{% if total is divisibleby 3 %}{% endif %}", "expression_forbidden"),
        ("{% include 'a' %}", "tag_forbidden"),
        ("{% import 'a' as b %}", "tag_forbidden"),
        ("{% extends 'a' %}", "tag_forbidden"),
        ("{% macro a() %}", "tag_forbidden"),
        ("{% autoescape false %}", "tag_forbidden"),
        ("{% set a %}{{ total }}", "tag_invalid"),
        ("{% raw %}", "tag_forbidden"),
        ("{%- if total %}{% endif %}", "tag_forbidden"),
        ("{% for a in fell recursive %}{% endfor %}", "tag_forbidden"),
        ("{{ total", "tag_unclosed"),
        ("total }}", "tag_unclosed"),
        ("{{ }}", "tag_invalid"),
        ("{{ total diem }}", "tag_invalid"),
        ("{% if total %}", "block_unclosed"),
        ("{% endfor %}", "block_unopened"),
        ("{% if total %}{% endfor %}{% endif %}", "block_unopened"),
        ("a {%p if total %}", "tag_not_alone"),
        ("".join(["{% if total %}"] * 9 + ["{% endif %}"] * 9), "blocks_too_deep"),
    ],
)
def test_what_is_not_the_language_of_letters_is_named(text: str, code: str) -> None:
    assert code in [found for found, *_ in faults_of(text)]


def test_what_is_negative_may_stand_behind_a_filter() -> None:
    assert faults_of("{{ total | cong(-1) }}", "{{ total | diem(-total) }}") == []


@pytest.mark.parametrize(
    "written",
    [
        "groups if rank else total",
        "total if rank else groups",
        "total if rank else (1 if total else groups)",
        "(total if rank else groups) | bo_trong",
    ],
)
def test_each_branch_of_a_choice_has_to_be_printable(written: str) -> None:
    assert [code for code, *_ in faults_of(f"{{{{ {written} }}}}")] == ["field_not_printable"]


def test_a_fault_of_a_choice_names_its_branches() -> None:
    [(_, field, _)] = faults_of("{{ total if rank else groups }}")

    assert field == "total if rank else groups"


def test_choices_of_what_can_be_printed_are_no_fault() -> None:
    assert faults_of("{{ total if rank else 'a' }} {{ total if rank }}") == []
    assert faults_of("{% for each in (fell if rank else '') %}{{ loop.index }}{% endfor %}") == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{% for each in (total if rank else fell) %}{% endfor %}", "field_not_list"),
        ("{% for each in (fell if rank else total) %}{% endfor %}", "field_not_list"),
        ("{% for each in (fell if rank else 'a') %}{% endfor %}", "field_not_list"),
        ("{% set chosen = total if rank else fell %}{% for each in chosen %}{% endfor %}", "field_not_list"),
        ("{% for each in (fell if rank else total) | bo_trong %}{% endfor %}", "field_not_list"),
        ("{% for each in (fell if rank else tasks) %}{{ each.subject }}{% endfor %}", "field_unknown"),
        ("{{ (total if rank else fell) | length }}", "filter_arguments"),
        ("{{ (fell if rank else total) | diem }}", "filter_arguments"),
        ("{{ (unit if rank else total).name }}", "field_unknown"),
        ("{{ (fell if rank else total)[:1] | length }}", "field_not_list"),
    ],
)
def test_each_branch_of_a_choice_has_to_be_what_is_made_of_it(written: str, code: str) -> None:
    assert faults_of(written)[0][0] == code


def test_one_of_two_lists_may_be_gone_through() -> None:
    assert faults_of("{% for each in (fell if rank else order_lines) %}{{ loop.index }}{% endfor %}") == []
    assert faults_of("{% for each in (fell[:2] if rank else fell) | danh_sach %}{{ each.label }}{% endfor %}") == []
    assert faults_of("{{ (unit if rank else signature).name }}") == []


def test_choices_of_choices_are_checked_in_little_time() -> None:
    chosen = ["{% set a = fell if rank else tasks %}", *["{% set a = a if rank else (a if total else a) %}"] * 400]

    assert faults_of("".join([*chosen, "{% for each in a %}{{ loop.index }}{% endfor %}"])) == []


@pytest.mark.parametrize(
    ("first", "choices"),
    [
        ("rwos", [f"a.b{each}" for each in range(8)]),
        ("rows", [f"a[{each}].rows" for each in range(8)]),
    ],
)
def test_loops_over_choices_of_each_others_items_are_checked_to_the_end(first: str, choices: list[str]) -> None:
    chosen = " if rank else ".join(choices)
    loops = [f"{{% set a = {first} %}}", *[f"{{% for a in ({chosen}) %}}"] * 7, "{{ totl }}", "{% endfor %}" * 7]

    assert faults_of("".join(loops))[-1] == ("field_unknown", "totl", "total")


def test_a_block_ends_where_it_began() -> None:
    assert faults_of("a {% if total %}", "b {% endif %}") == [("block_torn", "{% endif %}", None)]
    assert faults_of("{%p if total %}", "b", "{% endif %}") == [("block_torn", "{% endif %}", None)]
    assert faults_of("{%p if total %}", "b", "{%p else %}", "c", "{%p endif %}") == []


def test_rows_of_a_table_are_gone_through_by_rows_of_their_own() -> None:
    good = [["{%tr for each in fell %}", ""], ["{{ loop.index }}", "{{ each.label }}"], ["{%tr endfor %}", ""]]
    crowded = [["{%tr for each in fell %}", "x"], ["", "{{ each.label }}"], ["{%tr endfor %}", ""]]

    assert not template_faults(a_template("a", rows=good))
    assert [each.code for each in template_faults(a_template("a", rows=crowded))] == ["tag_not_alone"]


def test_a_field_in_a_link_or_spread_over_one_is_named() -> None:
    document = docx.Document(io.BytesIO(a_template("a")))
    link = "<w:hyperlink %s w:anchor='{{ total }}'><w:r><w:t>a</w:t></w:r></w:hyperlink>"
    document.paragraphs[0]._p.append(parse_xml(link % nsdecls("w")))
    spread = "<w:hyperlink %s w:anchor='b'><w:r><w:t>{{ to</w:t></w:r></w:hyperlink>"
    torn = docx.Document(io.BytesIO(a_template("")))
    torn.paragraphs[0]._p.append(parse_xml(spread % nsdecls("w")))
    torn.paragraphs[0].add_run("tal }}")

    assert [each.code for each in template_faults(saved(document))] == ["place_not_filled"]
    assert [each.code for each in template_faults(saved(torn))] == ["tag_torn"]


def test_every_fault_of_a_template_can_be_told() -> None:
    found = {"code": "", "field": "a", "reason": "b", "begin": 1, "most": 8, "tags": 9}

    said = [code.text.render(language, found) for code in FAULTS.values() for language in LANGUAGES]

    assert not [each for each in said if "{{{" in each or "{%%" in each]


def test_of_very_many_faults_a_thousand_are_named() -> None:
    assert len(template_faults(a_template(*["{{ nothing }}" * 300] * 10))) == 1_000


def test_a_template_may_have_two_megabytes() -> None:
    with pytest.raises(AppError) as refused:
        template_faults(b"PK\x03\x04" + b"\0" * (2 << 20))

    assert refused.value.code == "docx_too_large"
