"""The named styles of a letter; sizes and positions as appendix I of Nghị định 30/2020/NĐ-CP sets them."""

from typing import Final

from app.formats.page_layout import PageStyle

SUPERIOR: Final = PageStyle("Superior", "Cơ quan chủ quản", 13, align="center")
ISSUER: Final = PageStyle("Issuer", "Cơ quan ban hành", 13, bold=True, align="center")
STATE: Final = PageStyle("State", "Quốc hiệu", 13, bold=True, align="center")
MOTTO: Final = PageStyle("Motto", "Tiêu ngữ", 14, bold=True, align="center")
NUMBER: Final = PageStyle("Number", "Số, ký hiệu", 13, align="center")
DATE: Final = PageStyle("PlaceAndDate", "Địa danh và ngày tháng", 13, italic=True, align="center")
SUBJECT: Final = PageStyle("Subject", "Trích yếu", 12, align="center", space=(6, 0))
TO: Final = PageStyle("To", "Kính gửi", align="right", space=(12, 12))
ADDRESSEE: Final = PageStyle("Addressee", "Nơi gửi", space=(12, 0))
ADDRESSEES: Final = PageStyle("Addressees", "Nơi gửi tiếp theo")
BASIS: Final = PageStyle("Basis", "Căn cứ", italic=True, align="justify", indent=True, space=(0, 6))
OPENING: Final = PageStyle("Opening", "Mở đầu", bold=True, align="justify", indent=True, space=(0, 6))
HEADING: Final = PageStyle("SectionHeading", "Đề mục", bold=True, align="justify", indent=True, space=(0, 6), outline=1)
BODY: Final = PageStyle("LetterBody", "Nội dung", align="justify", indent=True, space=(0, 6))
RECIPIENTS: Final = PageStyle("Recipients", "Nơi nhận", 12, bold=True, italic=True)
RECIPIENT: Final = PageStyle("Recipient", "Danh sách nơi nhận", 11)
AUTHORITY: Final = PageStyle("Authority", "Quyền hạn, chức vụ", bold=True, align="center")
SIGNER: Final = PageStyle("Signer", "Họ tên người ký", bold=True, align="center", space=(70, 0))
"""Above it is the room to sign."""
ANNEX: Final = PageStyle("Annex", "Phụ lục", bold=True, align="center", outline=1)
ANNEX_TITLE: Final = PageStyle("AnnexTitle", "Tiêu đề phụ lục", bold=True, align="center")
ANNEX_LETTER: Final = PageStyle("AnnexLetter", "Văn bản kèm theo", 13, italic=True, align="center", space=(0, 12))
TABLE: Final = PageStyle("AnnexTable", "Bảng phụ lục", 12)
LYING_TABLE: Final = PageStyle("LyingAnnexTable", "Bảng phụ lục khổ ngang", 11)
