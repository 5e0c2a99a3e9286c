"""The ranking of a quarter, as the letter of Đồng Nai of quarter II/2024."""

from app.domain.vietnamese_labels import SOURCES
from app.formats.page_layout import Block, PageGroup, PageParagraph
from app.reports.letter import styles
from tests.support.letters.annexes import ranking_lists
from tests.support.letters.frame import addressees, due, each, either, foot, head, line, orders, tag, when

PORTAL = "Cổng Dịch vụ công Quốc gia"
PUBLISHED = f"listed.sources | noi == '{SOURCES['national_portal']}'"
"""The portal is named where all figures are from it: what somebody typed in has been published nowhere."""
SCORED = "{{ way.levels | noi(', ', ' và ') }}"
LISTED = "{{ way.levels | noi }}"
EXAMPLE = (
    "{% for group in framework.groups if group.code == 'digitization' %} (Ví dụ: Tại thời điểm đánh giá, xếp loại, Sở "
    "A đạt 75% của tiêu chí “{{ group.name }}” thì điểm số tuyệt đối tiêu chí “{{ group.name }}” của Sở A = 75 * "
    "{{ group.max | diem }} / 100 = {{ group.max | phan_tram_cua(75) | diem }} điểm).{% endfor %}"
)
TAKEN = (
    f"Lấy tổng số điểm mà {LISTED} đạt được trên tổng số {{{{ framework.max | diem }}}} điểm tại thời điểm xếp loại để "
    f"đánh giá, xếp loại{{% if {PUBLISHED} %}} (Điểm số tổng hợp {{{{ framework.groups | length | hai_chu_so }}}} "
    f"tiêu chí của {LISTED} đã được tính sẵn và công khai trên {PORTAL}){{% endif %}}."
)
ANNEXES = (
    "Kèm theo các Phụ lục đánh giá, xếp loại và mức điểm cụ thể {% for level in classes | danh_sach %}đối với "
    "{{ level.scored }} (Phụ lục {{ loop.index }}){% if not loop.last %}{{ ' và ' if loop.revindex == 2 else ', ' }}"
    "{% endif %}{% endfor %}."
)


def parts() -> list[PageGroup]:
    """The letter, and a list for each level as its annex."""
    return [PageGroup(blocks()), PageGroup(ranking_lists("PHỤ LỤC {{ loop.index }}", moves=False), lying=True)]


def blocks() -> list[Block]:
    return [
        head(),
        addressees(),
        *each("text in basis", line("{{ text }}")),
        line("{{ opening }}", joined=True),
        *_origin(),
        *_method(),
        *_counts(),
        *when("classes", line(ANNEXES)),
        line("{{ closing | bo_ket }}"),
        *orders("3 if classes else 2"),
        *due(),
        foot(),
    ]


def _origin() -> list[PageParagraph]:
    return [
        line("1. Về nguồn dữ liệu và thời điểm đánh giá, xếp loại", styles.HEADING, joined=True),
        *either(PUBLISHED, _portal(), [line("- Nguồn số liệu: {{ listed.sources | noi }}.")]),
        line(
            "- Thời điểm đánh giá, xếp loại {% if not listed.looked_up_words %}vào ngày {% endif %}"
            "{{ listed.looked_up_words }}."
        ),
    ]


def _portal() -> list[PageParagraph]:
    return [
        line(
            f"- Địa chỉ nguồn số liệu là {PORTAL} (https://dichvucong.gov.vn), tại mục “Kết quả đánh giá Bộ chỉ số "
            "phục vụ người dân và doanh nghiệp của bộ, ngành, địa phương”."
        ),
        line(
            f"- Số liệu dùng để đánh giá, xếp loại là số liệu được công bố, công khai trên {PORTAL} tại thời điểm "
            "đánh giá."
        ),
    ]


def _method() -> list[PageParagraph]:
    """The points of each group, how each level comes to its own, and the classes."""
    law = (
        "- Theo {{ framework.law }} thì tổng điểm đánh giá, xếp loại là {{ framework.max | diem }} điểm bao gồm "
        "{{ framework.groups | length | hai_chu_so }} tiêu chí là:"
    )
    title = "2. Về cách tính điểm đạt được của từng cơ quan, đơn vị, địa phương và cách xếp loại cụ thể như sau"
    return [
        line(title, styles.HEADING, joined=True),
        line(law, joined=True),
        *each(
            "group in framework.groups",
            line("+ {{ group.name }}: {{ group.max | diem }}/{{ framework.max | diem }} điểm"),
        ),
        *when("ways", line("- Cách tính điểm cụ thể đối với từng chỉ tiêu trong nhóm chỉ số như sau:", joined=True)),
        *each(
            "way in ways",
            tag("if way.method == 'rates'"),
            line(f"+ Đối với {SCORED}:", joined=True),
            line("{{ way.text }}." + EXAMPLE),
            tag("elif way.method == 'reported'"),
            line(f"+ Đối với {SCORED}: {TAKEN}"),
            tag("else"),
            line(f"+ Đối với {SCORED}: {{{{ way.text }}}}."),
            tag("endif"),
        ),
        line("- Kết quả phân loại như sau:", joined=True),
        *each("band in framework.bands", line("+ {{ band.text }}.")),
    ]


def _counts() -> list[PageParagraph]:
    counted = (
        "{% if band.count %}+ Có {{ band.count | hai_chu_so }}/{{ level.of | hai_chu_so }} {% else %}+ Không có "
        "{% endif %}{{ level.body }} xếp loại {{ band.name }}."
    )
    unclassed = (
        "+ Có {{ level.unclassed | hai_chu_so }}/{{ level.of | hai_chu_so }} {{ level.body }} chưa xếp loại do thiếu "
        "số liệu."
    )
    return [
        *when("classes", line("3. Kết quả đánh giá, xếp loại:", styles.HEADING, joined=True)),
        *each(
            "level in classes | danh_sach",
            line("- {{ level.stage }}:", joined=True),
            *each("band in level.bands", line(counted)),
            *when("level.unclassed and framework.bands", line(unclassed)),
            *when("level.missing", line("+ Có {{ level.missing | hai_chu_so }} {{ level.body }} chưa có số liệu.")),
        ),
    ]
