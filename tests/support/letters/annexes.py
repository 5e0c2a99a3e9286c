"""Annexes that several letters have: units beside the groups of the framework, units below target, two sources."""

from collections.abc import Sequence

from app.formats.page_layout import Align, Block, NewPages, PageStyle, RuledTable
from app.reports.letter import styles
from tests.support.letters.frame import line, tag, when

LETTER = line(
    "(Kèm theo Văn bản số       /{{ letterhead.symbol }} ngày      /     /{{ period.year }} của {% if "
    "letterhead.issuer | length == 1 %}{{ letterhead.issuer | noi }}{% else %}{{ unit.name }}{% endif %})",
    styles.ANNEX_LETTER,
)
MEASURED = PageStyle("Measured", "Chỉ số của phụ lục", align="justify", indent=True, space=(12, 6))
CENTER: Align = "center"
COUNTED = "{{ classes[annex.level].with_criteria | hai_chu_so }}/{{ classes[annex.level].of | hai_chu_so }}"
"""Of how many units of the level an annex has figures."""


def ranking_lists(title: str, *, moves: bool) -> list[Block]:
    """The ranking list of each level with its groups, total, rank and class; `moves`: and what became of the rank."""
    moved, end = "{%tc if level.moved %}", "{%tc endif %}"
    tail = ["Tổng điểm", "Hạng", "Xếp loại", *([moved, "Tăng, giảm bậc", end] if moves else [])]
    cells = [
        "{{ row.total | diem(2) | bo_trong }}",
        "{{ row.rank | hai_chu_so | bo_trong }}",
        "{{ row.band | default('Chưa xếp loại') }}",
        *([moved, "{{ row.rank_change | bac | bo_trong }}", end] if moves else []),
    ]
    blank = [""] * (5 + len(tail) - 1)
    columns = "{%tc for head in level.heads %}"
    table = RuledTable(
        ("STT", "Đơn vị", columns, "{{ head.name }}", "{%tc endfor %}", *tail),
        [
            ("{%tr for row in level.rows %}", *blank),
            (
                "{{ row.place }}",
                "{{ row.short_name }}",
                columns,
                "{{ row.groups[head.code] | diem(2) | bo_trong }}",
                "{%tc endfor %}",
                *cells,
            ),
            ("{%tr endfor %}", *blank),
        ],
        (6, 34, 11, 11, 11, *[11] * len(tail)),
        (CENTER, "left", *[CENTER] * (3 + len(tail))),
        styles.LYING_TABLE,
    )
    return [
        tag("for level in classes | danh_sach"),
        tag("if not loop.first"),
        NewPages(),
        tag("endif"),
        line(title, styles.ANNEX),
        line("KẾT QUẢ {{ period.words | chu_hoa }}: {{ level.heading | chu_hoa }}", styles.ANNEX_TITLE),
        LETTER,
        table,
        tag("endfor"),
    ]


def criteria_lists(title: str) -> list[Block]:
    """The units of each level that have any beside its criteria, by groups; total, class and rank on its first page."""
    loop, end = "{%tc for head in annex.heads %}", "{%tc endfor %}"
    first, others = "{%tc if annex.first %}", "{%tc endif %}"
    moved = "{%tc if annex.first and classes[annex.level].moved %}"
    tail = (first, "Tổng điểm", "Hạng", "Xếp loại", others, moved, "Tăng, giảm bậc", others)
    above = [("", 1), ("", 1), *((each, 1) for each in (loop, "{{ head.group_name }}", end))]
    above += [(each if each.startswith("{") else "", 1) for each in tail]
    cells = (
        "{{ loop.index }}",
        "{{ row.short_name }}",
        loop,
        "{{ row.criteria[head.code].text | bo_trong }}",
        end,
        first,
        "{{ row.total | diem(2) | bo_trong }}",
        "{{ row.rank | hai_chu_so | bo_trong }}",
        "{{ row.band | default('Chưa xếp loại') }}",
        others,
        moved,
        "{{ row.rank_change | bac('giữ nguyên') | bo_trong }}",
        others,
    )
    blank = [""] * (len(cells) - 1)
    table = RuledTable(
        ("STT", "Đơn vị", loop, "{{ head.name }}", end, *tail),
        [("{%tr for row in classes[annex.level].rows if row.criteria %}", *blank), cells, ("{%tr endfor %}", *blank)],
        (20, 69, 1, 39, 1, 1, 26, 25, 28, 1, 1, 28, 1),
        (CENTER, "left", *[CENTER] * 11),
        styles.LYING_TABLE,
        above,
    )
    return [
        tag("for annex in criteria_annexes"),
        tag("if not loop.first"),
        NewPages(),
        tag("endif"),
        line(title, styles.ANNEX),
        line(
            "KẾT QUẢ CÁC TIÊU CHÍ {{ period.words | chu_hoa }}: {{ classes[annex.level].heading | chu_hoa }}",
            styles.ANNEX_TITLE,
        ),
        *when(
            "classes[annex.level].looked_up",
            line("(Số liệu tra cứu {{ classes[annex.level].looked_up | thoi_diem }})", styles.ANNEX_TITLE),
        ),
        *when(
            "classes[annex.level].with_criteria < classes[annex.level].of",
            line(f"({COUNTED} đơn vị có số liệu)", styles.ANNEX_TITLE),
        ),
        LETTER,
        table,
        tag("endfor"),
    ]


def missed_targets(title: str) -> list[Block]:
    """A block for each indicator that some unit misses its target in."""
    heads = ("STT", "Đơn vị", "Kết quả", "Chỉ tiêu", "Chênh lệch")
    cells = ("{{ unit.value | diem }}", "{{ unit.target | diem }}", "{{ unit.gap | diem_phan_tram('') }}")
    row = ("{{ loop.index }}", "{{ unit.short_name }}", *cells)
    table = _rows("unit in missed.units", heads, row, (8, 60, 18, 18, 18))
    return [
        tag("for missed in below | danh_sach if missed.units"),
        *when(
            "loop.first",
            line(title, styles.ANNEX),
            line("ĐƠN VỊ KHÔNG ĐẠT CHỈ TIÊU {{ period.words | chu_hoa }}", styles.ANNEX_TITLE),
            LETTER,
        ),
        line(
            "{{ missed.name }}: {{ missed.count | hai_chu_so }}/{{ missed.of | hai_chu_so }} đơn vị",
            MEASURED,
            joined=True,
        ),
        table,
        tag("endfor"),
    ]


def two_sources(title: str) -> list[Block]:
    """Figures of two sources that differ, side by side."""
    heads = ("STT", "Đơn vị", "Chỉ số", "{{ two_sources.here }}", "{{ two_sources.there }}", "Chênh lệch")
    cells = ("{{ row.here.text | bo_trong }}", "{{ row.there.text | bo_trong }}")
    row = ("{{ loop.index }}", "{{ row.short_name }}", "{{ row.indicator }}", *cells)
    difference = "{{ row.difference | diem_phan_tram('') | bo_trong }}"
    table = _rows("row in two_sources.rows", heads, [*row, difference], (6, 30, 38, 20, 20, 14))
    return [
        tag("if two_sources"),
        line(title, styles.ANNEX),
        line("SỐ LIỆU KHÔNG TRÙNG KHỚP GIỮA HAI NGUỒN {{ period.words | chu_hoa }}", styles.ANNEX_TITLE),
        LETTER,
        table,
        tag("endif"),
    ]


def _rows(loop: str, heads: Sequence[str], cells: Sequence[str], widths: Sequence[int]) -> RuledTable:
    """A table with a row for each item."""
    blank = [""] * (len(heads) - 1)
    rows = [(f"{{%tr for {loop} %}}", *blank), cells, ("{%tr endfor %}", *blank)]
    aligns: list[Align] = [CENTER, "left", *[CENTER] * (len(heads) - 2)]
    return RuledTable(heads, rows, widths, aligns, styles.TABLE)
