"""The announcement of a month, as the letter of Tuyên Quang of July 2024."""

from app.domain.vietnamese_labels import SOURCES
from app.formats.page_layout import Block, PageGroup, PageParagraph
from app.reports.letter import styles
from tests.support.letters.annexes import criteria_lists, missed_targets, ranking_lists, two_sources
from tests.support.letters.frame import addressees, due, each, foot, head, line, orders, tag, when

MOVED = (
    "{% if change.rank == 0 %} (thứ hạng bằng {{ against.words }}){% elif change.rank %}, {{ change.rank | bac }} so "
    "với {{ against.words }}{% endif %}"
)
GAINED = (
    "{% if change.total is not none %}, {{ change.total | thay_doi('giữ nguyên điểm số') }} so với {{ against.words }}"
    "{% endif %}"
)
REACHED = (
    "Theo tra cứu số liệu {{ looked_up | thoi_diem }}, tổng số điểm thực hiện Bộ chỉ số của "
    "{{ unit.office }} {{ period.words }} đạt {{ total | diem }}/{{ max | diem }} điểm"
    + GAINED
    + "{% if rank is not none %}, đứng thứ {{ rank | hai_chu_so }}/{{ cohort | hai_chu_so }} {{ unit.peers }}"
    + MOVED
    + "{% endif %}.{% for group in rows if group.kind == 'group' %}{% if loop.first %} Điểm số các nhóm chỉ số "
    "{{ period.words }}, cụ thể như sau:{% endif %}{% endfor %}"
)
PUBLISHED = (
    "Tính đến ngày {{ on | ngay }}: {{ level.done | hai_chu_so }}/{{ level.of | hai_chu_so }} {{ level.body }} đã công "
    "khai kết quả của các cơ quan, đơn vị trên địa bàn{% if level.kinds %} {{ level.kinds }}{% endif %} theo quy định."
)
BODIES = "{% for level in published | danh_sach %}{{ level.body }}{% if not loop.last %}, {% endif %}{% endfor %}"


LISTED = (
    "{% for level in classes | danh_sach %}{% if not loop.first %}, {% endif %}Phụ lục {{ loop.index | la_ma }}"
    "{% endfor %}{% for annex in criteria_annexes %}, Phụ lục {{ classes | length | cong(annex.place) | la_ma }}"
    "{% endfor %}"
)
PUBLIC = f"'{SOURCES['manual']}' not in listed.sources"
ON_PORTAL = f"{{% if {PUBLIC} %}} được khai thác trên {{{{ listed.sources | noi }}}}{{% endif %}}"
DETAILS = (
    "(Chi tiết một số kết quả tiêu chí đánh giá của {{ listed.count | hai_chu_so }} cơ quan, đơn vị trên địa bàn"
    f"{{% if unit.kind_name %}} {{{{ unit.kind_name }}}}{{% endif %}} tại {LISTED} ban hành kèm theo văn bản này"
    f"{ON_PORTAL})."
)
OTHERS = "(Chi tiết tại Phụ lục ban hành kèm theo văn bản này)."
"""Where there are annexes, but no lists of units."""
LISTS = "classes | length | cong(criteria_annexes | length)"
TWO = f"{{{{ {LISTS} | cong | la_ma }}}}"
MISSED = f"{{{{ {LISTS} | cong(2 if two_sources else 1) | la_ma }}}}"
"""The number of the annex of two sources, and that of units below target: lists of levels come first."""


def parts() -> list[PageGroup]:
    """The letter, its ranking lists, units beside criteria, where two sources differ, and units below target."""
    return [
        PageGroup(blocks()),
        PageGroup(ranking_lists("PHỤ LỤC {{ loop.index | la_ma }}", moves=True), lying=True),
        PageGroup(criteria_lists("PHỤ LỤC {{ classes | length | cong(annex.place) | la_ma }}"), lying=True),
        PageGroup(two_sources(f"PHỤ LỤC {TWO}")),
        PageGroup(missed_targets(f"PHỤ LỤC {MISSED}")),
    ]


def blocks() -> list[Block]:
    return [
        head(),
        addressees(),
        *each("text in basis", line("{{ text }}", styles.BASIS)),
        line("{{ opening }}", styles.OPENING, joined=True),
        *_result(),
        *_details(),
        *_publications(),
        *orders("2 if published else 1"),
        *due(),
        line("{{ closing }}", joined=True),
        foot(),
    ]


def _result() -> list[PageParagraph]:
    """The unit's own result, group by group, with the figures behind each."""
    title = "1. Công khai kết quả của {{ unit.office }} đối với Bộ chỉ số trong {{ period.words }}"
    said = "{{ part.label }}{% if part.kind != 'heading' %}: {{ part.text }}.{% else %}:{% endif %}"
    return [
        line(title, styles.HEADING, joined=True),
        line(REACHED),
        *each(
            "group in rows if group.kind == 'group'",
            line(
                "{{ group.number }}. {{ group.label }}: {{ group.text }}"
                "{% if group.change.text %} ({{ group.change.text }}){% endif %}"
            ),
            *when("loop.first", line("Trong đó:", joined=True)),
            *each(
                "part in group.rows",
                line(f"- {said}"),
                *each("rest in part.rows", line("+ {{ rest.label }}: {{ rest.text }}.")),
            ),
        ),
    ]


def _details() -> list[PageParagraph]:
    """Where the annexes are told of: of targets there is one where some unit misses its own."""
    missed = "each in below | danh_sach if each.units and not classes and not two_sources"
    return [
        *when("classes", line(DETAILS)),
        *when("two_sources and not classes", line(OTHERS)),
        *each(missed, *when("loop.first", line(OTHERS))),
    ]


def _publications() -> list[PageParagraph]:
    title = f"2. Việc theo dõi công khai kết quả Bộ chỉ số của các {BODIES}"
    return [
        tag("if published"),
        line(title, styles.HEADING, joined=True),
        *each(
            "level in published | danh_sach",
            line(PUBLISHED),
            *when("level.missing", line("Chưa công khai: {{ level.missing | ten_gop }}.")),
        ),
        tag("endif"),
    ]
