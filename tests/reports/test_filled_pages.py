"""What a filled letter shows: what is left open marked, the foot beside the text, notes with their marks."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph

from app.formats.docx import to_docx
from app.formats.docx_notes import MARK, OWN_MARK
from app.formats.page_layout import Block, NewPages, PagedDocument, PageGroup, PageParagraph, Run, SideBySide
from app.reports.templates.template import fill_template
from tests.support.word_files import a_template, comments_of, paragraphs_of, parts_of

MADE = datetime(2024, 8, 28, tzinfo=UTC)
FOOT = SideBySide([[[PageParagraph([Run("Nơi nhận:")])], [PageParagraph([Run("CHỦ TỊCH")])]]], (50, 50))


def a_letter(*paragraphs: PageParagraph) -> bytes:
    """A template of these paragraphs above a foot, and an annex."""
    annex = PageGroup([PageParagraph([Run("PHỤ LỤC")])])
    return to_docx(PagedDocument("a", MADE, [PageGroup([*paragraphs, FOOT]), annex]))


def a_line(text: str) -> PageParagraph:
    return PageParagraph([Run(text)])


def highlighted(file: bytes) -> list[list[str]]:
    """What is marked in each paragraph."""
    found = docx.Document(io.BytesIO(file)).paragraphs
    return [[run.text for run in each.runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW] for each in found]


def test_what_a_text_leaves_open_is_marked_and_needs_no_comment() -> None:
    fields = {"letterhead": {"number_line": "Số:       /…"}, "addressees": ["……………"], "opening": "Xem 1/2… a b"}

    file = fill_template(a_template("{{ letterhead.number_line }}", "{{ addressees[0] }}", "{{ opening }}"), fields)

    assert paragraphs_of(file) == ["Số:       /…", "……………", "Xem 1/2… a b"]
    assert highlighted(file) == [[" " * 6, "…"], ["……………"], []]
    assert comments_of(file) == []


def test_orders_that_nobody_has_stated_are_a_blank_that_says_how_to_state_them() -> None:
    asked = a_template("{%p if not orders %}", "{{ orders[0].text }}", "{%p endif %}")

    file, ordered = (fill_template(asked, {"orders": each}) for each in ([], [{"text": "Khắc phục"}]))

    assert highlighted(file) == [["……"]]
    [said] = comments_of(file)
    assert "PUT /v1/letters/{unit}/{period}/{kind}" in said
    assert (paragraphs_of(ordered), comments_of(ordered)) == ([""], [])


def test_the_last_paragraph_stays_on_the_page_of_the_foot() -> None:
    orders = [a_line("{%p for each in orders %}"), a_line("{{ each.text }}"), a_line("{%p endfor %}")]
    fields = {"orders": [{"text": "Khắc phục"}, {"text": "Báo cáo"}]}

    file = fill_template(a_letter(a_line("Yêu cầu:"), *orders), fields)

    kept = {each.text: each.paragraph_format.keep_with_next for each in docx.Document(io.BytesIO(file)).paragraphs}
    assert (kept["Yêu cầu:"], kept["Khắc phục"], kept["Báo cáo"], kept["PHỤ LỤC"]) == (None, None, True, None)


def test_lists_in_a_loop_are_numbered_each_by_itself_on_pages_of_their_own() -> None:
    between: list[Block] = [a_line("{%p if not loop.first %}"), NewPages(), a_line("{%p endif %}")]
    lists: list[Block] = [
        a_line("{%p for each in tasks %}"),
        *between,
        a_line("{{ each.title }}"),
        a_line("{%p endfor %}"),
    ]
    group = PageGroup(lists, lying=True)
    sent = to_docx(PagedDocument("a", MADE, [PageGroup([a_line("Văn bản")]), group]))

    found = docx.Document(
        io.BytesIO(fill_template(sent, {"tasks": [{"title": "I"}, {"title": "II"}, {"title": "III"}]}))
    )

    written = [
        [each for each in section.iter_inner_content() if isinstance(each, Paragraph)] for section in found.sections
    ]
    assert [[each.text for each in part if each.text] for part in written] == [["Văn bản"], ["I"], ["II"], ["III"]]
    assert [section._sectPr.xpath("./w:pgNumType/@w:start") for section in found.sections] == [["1"]] * 4
    assert [section.orientation for section in found.sections] == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 3]


def noted(fields: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """The numbers of the marks in the text, and the paragraphs of the notes, `#` where their number is shown."""
    late = [a_line("{%p if overdue %}"), a_line("- Quá hạn: {{ overdue.sum | so_luong }}"), a_line("{%p endif %}")]
    missed = [a_line("{%p if below %}"), a_line("- Không đạt"), a_line("{%p endif %}")]
    said = PageParagraph([Run("Còn thấp"), Run("", note=[*late, *missed]), Run(",")])
    other = PageParagraph([Run("Theo dõi", note=[a_line("Khác: {{ rank }}")])])
    file = fill_template(a_letter(said, other), fields)
    assert [each for each in paragraphs_of(file) if each][:2] == ["Còn thấp,", "Theo dõi"]
    marks = docx.Document(io.BytesIO(file)).element.body.iter(MARK)
    notes = parse_xml(parts_of(file)["word/footnotes.xml"])
    shown = [("#" if next(each.iter(OWN_MARK), None) is not None else "") + each.text for each in notes.iter("{*}p")]
    return [str(each.values()[0]) for each in marks], [text for text in shown if text]


def test_every_note_has_its_mark_and_begins_with_its_number() -> None:
    assert noted({"overdue": {"sum": 462}, "below": {"a": {}}}) == (
        ["1", "2"],
        ["# - Quá hạn: 462", "- Không đạt", "# Khác: ……"],
    )
    assert noted({"below": {"a": {}}})[1] == ["# - Không đạt", "# Khác: ……"]


def test_a_note_of_which_nothing_is_left_goes_with_its_mark() -> None:
    assert noted({}) == (["2"], ["# Khác: ……"])
