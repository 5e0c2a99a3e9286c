"""The letter of a commune with two months side by side, as that of Bình Thành of February 2024."""

from app.domain.vietnamese_labels import SOURCES
from app.formats.page_layout import Align, Block, PageGroup, PageStyle, RuledTable
from app.reports.letter import styles
from tests.support.letters.frame import addressees, due, each, foot, head, line, tag, to_order

RESULTS = "https://dichvucong.gov.vn/p/home/dvc-index-tinhthanhpho-tonghop.html"
ADDRESS = PageStyle("LetterAddress", "Địa chỉ trên mạng", 14, indent=True, space=(0, 6))
"""An address cannot be broken: a justified line before it would be drawn out."""
LETTER = line(
    "(Kèm theo Công văn số       /{{ letterhead.symbol }} ngày      /     /{{ period.year }} của {{ unit.name }})",
    styles.ANNEX_LETTER,
)
DIGITISED = "Tỷ lệ hồ sơ TTHC số hóa hồ sơ, kết quả giải quyết TTHC"
COPIES = "Tổng hợp cung cấp dịch vụ chứng thực điện tử bản sao từ bản chính"
CHANGED = "{{ change.total | thay_doi('giữ nguyên điểm số') }}"
TOTAL = (
    "1.{{ groups | length | cong(1) }}. Điểm tổng hợp đạt {{ total | diem }}/{{ max | diem }} điểm"
    "{% if change.total is not none %}, " + CHANGED + "{% endif %}; xếp hạng {{ rank | hai_chu_so }}/{{ cohort | "
    "hai_chu_so }} {{ unit.peers }}{% if change.rank is not none %} và {{ change.rank | bac }} trên bảng xếp hạng"
    "{% endif %} so với {{ against.long }}."
)
GROUP = (
    "1.{{ loop.index }}. {% if 'Điểm' not in group.label %}Điểm số trục nội dung {% endif %}{{ group.label }} đạt "
    "{{ group.text }}{% if group.change.points is not "
    "none %}, {{ group.change.points | thay_doi('giữ nguyên điểm số') }} so với {{ against.words }}{% endif %}."
)
PUBLISHED = f"sources | noi == '{SOURCES['national_portal']}'"
"""The portal is named where all figures are from it."""
ON_PORTAL = f"{{% if {PUBLISHED} %}} trên Cổng DVCQG{{% endif %}}"
ADDRESSED = f"{{% if {PUBLISHED} %}}địa chỉ {RESULTS} và {{% endif %}}"
SIDE = f"Thống kê{{% if {PUBLISHED} %}} trên Cổng dịch vụ công quốc gia{{% endif %}} ngày "
NUMBER = "{{ number }}"
NOW, BEFORE = "{{ looked_up | ngay }}", "{{ looked_up_before | ngay }}"
CHANGE = f"Tăng (+)/Giảm (-) so với ngày {BEFORE}"
ONLINE = "Tỷ lệ hồ sơ trực tuyến", "Tỷ lệ nộp HS trực tuyến"
ALIGNS: tuple[Align, ...] = ("center", "left", "center", "center", "center", "center", "center")
EMPTY = ("", "", "", "", "", "")
"""The cells beside one that holds a tag."""


def parts() -> list[PageGroup]:
    return [PageGroup(each()) for each in (blocks, first_annex, second_annex)]


def blocks() -> list[Block]:
    return [
        head(),
        addressees(),
        line("{{ opening }}", joined=True),
        line(f"1. Điểm số các trục nội dung Bộ chỉ số{ON_PORTAL}", styles.HEADING, joined=True),
        *each("group in rows if group.kind == 'group'", line(GROUP)),
        line(TOTAL),
        line("2. Tổng hợp chi tiết số liệu của {{ unit.office }}", styles.HEADING, joined=True),
        line(f"(Chi tiết tại {ADDRESSED}Phụ lục kèm theo)", ADDRESS),
        line("3. Chủ tịch UBND {{ unit.kind_name }} yêu cầu", styles.HEADING, joined=True),
        *each("order in order_lines", line("{% if order.number %}{{ order.number }}. {% endif %}{{ order.text }}")),
        *to_order("order_lines"),
        *due(),
        line("{{ closing }}"),
        foot(),
    ]


def first_annex() -> list[Block]:
    """Every row of the layout on both sides."""
    sides = [("", 1), ("", 1), (SIDE + BEFORE, 2), (SIDE + NOW, 2), ("", 1)]
    heads = (
        "Số TT",
        "Nội dung",
        "Số liệu",
        "Tỷ lệ (%)",
        "Số liệu",
        "Tỷ lệ (%)",
        f"Tăng (+)/Giảm (-) so với ngày {BEFORE}",
    )
    rows = [
        ("{%tr for group in rows %}", *EMPTY),
        _outermost(),
        ("{%tr for row in group.rows %}", *EMPTY),
        _row("row"),
        ("{%tr for part in row.rows %}", *EMPTY),
        _row("part"),
        *[("{%tr endfor %}", *EMPTY)] * 3,
    ]
    table = RuledTable(heads, rows, (7, 39, 18, 12, 18, 12, 16), ALIGNS, styles.TABLE, above=sides, bold=(1,))
    return [line("PHỤ LỤC I. BIỂU TỔNG HỢP SỐ LIỆU {{ period.long | chu_hoa }}", styles.ANNEX), LETTER, table]


def _outermost() -> tuple[str, ...]:
    """A group above rows has no figure where total and rank have a heading of their own, as in the letter."""
    number, label, *figures = _row("group")
    bare = "{% for each in rows if each.kind == 'heading' and group.rows %}{% else %}"
    return (number, label, *(f"{bare}{cell}{{% endfor %}}" for cell in figures))


def _row(name: str) -> tuple[str, ...]:
    """A row with its figures on both sides; a total and a place stand where others have their count."""

    def count(side: str) -> str:
        of = f"{{% if {name}.show == 'fraction' %}}/{{{{ {side}.of | so_luong | bo_trong }}}}{{% endif %}}"
        counted = f"{{{{ {side}.count | so_luong | bo_trong }}}}{of}"
        total = f"{{{{ {side}.points | diem }}}}/{{{{ {side}.max | diem }}}}"
        return (
            f"{{% if {name}.kind == 'indicator' %}}{counted}{{% elif {side}.points is not none %}}{total}{{% else %}}"
            f"{{{{ {side}.text | bo_trong }}}}{{% endif %}}"
        )

    return (
        f"{{{{ {name}.number | bo_trong }}}}",
        f"{{{{ {name}.label }}}}",
        count(f"{name}.before"),
        f"{{{{ {name}.before.rate | ty_le | bo_trong }}}}",
        count(name),
        f"{{{{ {name}.rate | ty_le | bo_trong }}}}",
        f"{{% if {name}.change.rate is not none %}}{{{{ {name}.change.rate | diem_phan_tram }}}}{{% else %}}"
        f"{{{{ {name}.change.text | bo_trong }}}}{{% endif %}}",
    )


def second_annex() -> list[Block]:
    """Four small tables, each where there is a figure for it."""
    title = "PHỤ LỤC SỐ II. THỐNG KÊ CHI TIẾT CỦA {{ unit.short_name | chu_hoa }} {{ period.long | chu_hoa }}"
    return [
        line(title, styles.ANNEX),
        LETTER,
        tag("set number = 0"),
        *_shown('by_source["overdue_dossiers"]', _overdue()),
        *_shown('criteria["online_dossiers"]', _rates(*ONLINE, "online_dossiers")),
        *_shown('criteria["certified_copies_issued"]', _copies()),
        *_shown('criteria["digitised_papers"]', _rates(DIGITISED, DIGITISED, "digitised_papers")),
    ]


def _shown(condition: str, table: RuledTable) -> list[Block]:
    apart = line("", styles.ANNEX_LETTER)  # tables without a paragraph between them become one
    return [tag(f"if {condition}"), tag("set number = number | cong"), table, apart, tag("endif")]


def _overdue() -> RuledTable:
    """Overdue dossiers as each source has them."""
    late = "Số lượng hồ sơ quá hạn ngày"
    heads = (NUMBER, "Số lượng hồ sơ quá hạn", f"{late} {BEFORE}", f"{late} {NOW}", CHANGE)
    rows = [
        ('{%tr for each in by_source["overdue_dossiers"] %}', "", "", "", ""),
        (
            "",
            "{{ each.source }}",
            "{{ each.before.count | so_luong }}",
            "{{ each.now.count | so_luong }}",
            "{{ each.count_change | so_luong }}",
        ),
        ("{%tr endfor %}", "", "", "", ""),
    ]
    return RuledTable(heads, rows, (8, 46, 24, 24, 24), ALIGNS[:5], styles.TABLE)


def _rates(title: str, rate: str, code: str) -> RuledTable:
    """A rate on both sides."""
    figure = f'criteria["{code}"]'
    heads = (NUMBER, title, f"{rate} ngày {BEFORE} (%)", f"{rate} ngày {NOW} (%)", f"{CHANGE} (%)")
    cells = (
        f"{{{{ {figure}.before.rate | ty_le }}}}",
        f"{{{{ {figure}.rate | ty_le }}}}",
        f"{{{{ {figure}.change.rate | diem_phan_tram }}}}",
    )
    return RuledTable(heads, [("", "", *cells)], (8, 46, 24, 24, 24), ALIGNS[:5], styles.TABLE)


def _copies() -> RuledTable:
    """How far certified copies are offered, and how many have been issued."""
    offered, issued = 'criteria["certified_copies"]', 'criteria["certified_copies_issued"]'

    def cells(side: str) -> tuple[str, str]:
        share = f"{{{{ {offered}{side}.count | so_luong }}}}/{{{{ {offered}{side}.of | so_luong }}}}"
        return share, f"{{{{ {issued}{side}.count | so_luong }}}}"

    both = ("Đã triển khai", "Số lượng hoàn thành")
    row = ("", "", *cells(".before"), *cells(""), f"{{{{ {issued}.change.text }}}}")
    sides = (("", 1), ("", 1), (SIDE + BEFORE, 2), (SIDE + NOW, 2), ("", 1))
    heads = (NUMBER, COPIES, *both, *both, CHANGE)
    return RuledTable(heads, [row], (8, 40, 14, 14, 14, 14, 22), ALIGNS, styles.TABLE, above=sides)
