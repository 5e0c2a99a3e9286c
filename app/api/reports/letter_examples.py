"""The examples of letters: head and foot of Tuyên Quang's of July 2024, and a letter of the other examples' unit."""

from typing import Any

from app.api.examples import SCORES
from app.api.order_examples import SENTENCE
from app.api.reports.examples import HEAD

INDEX = (
    "Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh nghiệp trong thực hiện thủ tục hành "
    "chính, dịch vụ công theo thời gian thực trên môi trường điện tử"
)
LETTER_PROFILE_STATED: dict[str, Any] = {
    "symbol": "UBND-THCBKS",
    "addressees": ["Sở, Ban, ngành thuộc UBND tỉnh", "Ủy ban nhân dân huyện, thành phố"],
    "opening": "Chủ tịch Ủy ban nhân dân tỉnh có ý kiến như sau:",
    "orders": ["Yêu cầu các cơ quan, đơn vị khắc phục các chỉ số giảm so với {against}."],
    "signature": {"authority": "TL. CHỦ TỊCH", "office": "CHÁNH VĂN PHÒNG", "name": "Tạ Văn Dũng"},
    "recipients": ["Chủ tịch, các PCT UBND tỉnh;", "Lưu: VT, THCBKS(Tr)."],
}
LETTER_PROFILE: dict[str, Any] = {
    "unit": "H60",
    "superior": None,
    "issuer": None,
    "place": None,
    "subject": None,
    "basis": [],
    "closing": None,
    **LETTER_PROFILE_STATED,
}
LETTER_PROFILES: dict[str, Any] = {"items": [LETTER_PROFILE], "next_cursor": None}
ANNOUNCEMENT: dict[str, Any] = {
    **HEAD,
    "framework": SCORES["framework"],
    "unit": None,
    "on": "2024-09-16",
    "letterhead": {
        "superior": None,
        "issuer": ["……………"],
        "motto": ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
        "symbol": None,
        "number_line": "Số:       /…",
        "place": None,
        "date_line": "……………, ngày        tháng 9 năm 2024",
    },
    "subject": f"V/v kết quả thực hiện {INDEX} tháng 7/2024",
    "addressees": ["Ủy ban nhân dân các tỉnh, thành phố"],
    "basis": [
        {
            "kind": "text",
            "text": "Căn cứ Quyết định số 766/QĐ-TTg ngày 23/6/2022 của Thủ tướng Chính phủ phê duyệt " + INDEX + ";",
            "source": "framework",
        }
    ],
    "opening": {
        "kind": "text",
        "text": "…………… thông báo kết quả thực hiện Bộ chỉ số tháng 7/2024 như sau:",
        "source": "default",
    },
    "sections": [
        {
            "number": 3,
            "title": "Kết quả đánh giá, xếp loại",
            "source": "classification",
            "paragraphs": [
                {"kind": "item", "text": "- Tỉnh, thành phố:", "source": "classification"},
                {
                    "kind": "subitem",
                    "text": "+ Có 01/01 tỉnh, thành phố xếp loại Tốt.",
                    "source": "classification",
                },
                {
                    "kind": "text",
                    "text": "(Chi tiết tại Phụ lục I kèm theo văn bản này)",
                    "source": "classification",
                },
            ],
        },
        {
            "number": 5,
            "title": "Việc theo dõi công khai kết quả Bộ chỉ số của các cơ quan, đơn vị",
            "source": "publication",
            "paragraphs": [{"kind": "text", "text": SENTENCE, "source": "publication"}],
        },
    ],
    "closing": {
        "kind": "text",
        "text": "Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện./.",
        "source": "default",
    },
    "recipients": ["Như trên;", "Lưu: VT."],
    "signature": {"authority": None, "office": None, "name": None},
    "appendices": [
        {
            "number": "I",
            "title": "Kết quả đánh giá, xếp loại tháng 7/2024: Tỉnh, thành phố",
            "source": "classification",
            "columns": [
                {"key": "rank", "title": "Hạng"},
                {"key": "name", "title": "Đơn vị"},
                {"key": "group_transparency", "title": "Công khai, minh bạch"},
                {"key": "total", "title": "Tổng điểm"},
                {"key": "band", "title": "Xếp loại"},
            ],
            "rows": [
                {
                    "rank": "1",
                    "name": "UBND tỉnh Tuyên Quang",
                    "group_transparency": "13,2",
                    "total": "81,77",
                    "band": "Tốt",
                    "unit_code": "H60",
                    "band_code": "good",
                }
            ],
        }
    ],
    "notes": [
        {
            "code": "unit_missing",
            "detail": "Chưa nêu cơ quan ban hành: hãy ghi `under`, hoặc điền tay phần thể thức.",
            "source": "default",
        }
    ],
}
