"""The letter that directs after a low result, as that of Tuyên Quang of January 2024."""

from app.formats.page_layout import Block, PageParagraph, PageStyle, Run
from app.reports.letter import styles
from tests.support.letters.frame import addressees, due, each, foot, head, line, orders, to_order, when

NOTE = PageStyle("LetterNote", "Chú thích", 11, align="justify", indent=True)
INDEX = "Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh nghiệp trong thực hiện"
FOLLOWED = (
    f"Qua theo dõi kết quả {INDEX} thủ tục hành chính (TTHC), dịch vụ công theo thời gian thực trên Cổng Dịch vụ công "
    "quốc gia của {{ unit.kind_name }} trong {{ period.words }} {% if change.rank is not none and change.rank < 0 %}"
    "còn thấp {% endif %}(đạt {{ total | diem }}/{{ max | diem }} điểm, đứng thứ "
    "{{ rank | hai_chu_so }}/{{ cohort | hai_chu_so }} {{ unit.peers }}{% if change.rank is not none %}"
    ", {{ change.rank | bac }} so với {{ against.words }}{% endif %})"
)
WISHED = (
    f"Để kịp thời có giải pháp khắc phục, góp phần nâng cao kết quả thực hiện {INDEX} TTHC, dịch vụ công theo thời "
    "gian thực (Bộ chỉ số),"
)
LATE = (
    "- Về hồ sơ quá hạn: {{ overdue.sum | so_luong }} hồ sơ của {{ overdue.count | hai_chu_so }} cơ quan đơn vị: "
    "{{ overdue.units | ten_gop('hồ sơ') }}.{% for task in tasks if task.kind == 'apology' and task.report %} "
    "{{ task.report | bo_ket }}{% endfor %}"
)
MISSED = {
    "updated_on_time": "Về công khai TTHC trên Cơ sở dữ liệu quốc gia về TTHC: {count} thực hiện chậm",
    "online_dossiers": "Về tỷ lệ dịch vụ công trực tuyến: {count} không đạt",
    "paid_dossiers": "Về tỷ lệ thanh toán trực tuyến: {count} chưa đạt",
    "digitised_input": "Tỷ lệ số hóa hồ sơ đầu vào: {count} không đạt",
    "digitised_results": "Tỷ lệ số hóa kết quả giải quyết TTHC: {count} không đạt",
}
"""How the letter names the indicators that it counts units by; `{count}`: how many they are."""


def blocks() -> list[Block]:
    return [
        head(),
        addressees(),
        PageParagraph([*line(FOLLOWED).runs, Run("", note=_note()), Run(",")], styles.BODY),
        line(WISHED),
        line("{{ opening }}", styles.OPENING, joined=True),
        *orders("0"),
        *to_order("orders"),
        *due(),
        line("{{ closing }}", joined=True),
        foot(),
    ]


def _note() -> list[PageParagraph]:
    """What lies behind the result: who is late, and who misses which target."""
    return [
        *_missed("updated_on_time"),
        *when("overdue.units", line(LATE, NOTE)),
        *(paragraph for code in list(MISSED)[1:] for paragraph in _missed(code)),
        *_others(),
    ]


def _missed(code: str) -> list[PageParagraph]:
    """Who misses the target of an indicator; nothing where nobody does."""
    count = f'{{{{ below["{code}"].count | hai_chu_so }}}} cơ quan, đơn vị'
    said = MISSED[code].replace("{count}", count)
    return when(f'below["{code}"].units', line(f'- {said}: {{{{ below["{code}"].units | ten_gop }}}}.', NOTE))


def _others() -> list[PageParagraph]:
    """The same of every other indicator with a target."""
    named = ", ".join(f"'{code}'" for code in MISSED)
    count = "{{ each.count | hai_chu_so }} cơ quan, đơn vị"
    said = f"- Về {{{{ each.name | giua_cau }}}}: {count} không đạt: {{{{ each.units | ten_gop }}}}."
    return each(f"each in below | danh_sach if each.units and each.code not in [{named}]", line(said, NOTE))
