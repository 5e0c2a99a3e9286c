"""The examples of letters: the head and foot of seed 000."""

from typing import Any

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
