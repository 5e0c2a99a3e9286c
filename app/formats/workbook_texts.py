"""What is said of workbooks and cells that are not read, and what would work."""

from collections.abc import Sequence

from app.errors import ErrorCode, Invalid, Malformed, RefusalCode, Text

REFUSALS = {
    "other": RefusalCode(
        "workbook_other",
        "The file is no XLSX workbook, whatever its name says; save it as “Excel Workbook (.xlsx)” or send CSV.",
        "Tệp không phải sổ làm việc XLSX; hãy lưu dạng “Excel Workbook (.xlsx)” hoặc gửi CSV.",
        Malformed,
    ),
    "old": RefusalCode(
        "workbook_old",
        "The file is a workbook of the old format (.xls); save it as “Excel Workbook (.xlsx)” and send that.",
        "Tệp là sổ làm việc định dạng cũ (.xls); hãy lưu lại dạng “Excel Workbook (.xlsx)” rồi gửi.",
        Malformed,
    ),
    "binary": RefusalCode(
        "workbook_binary",
        "The file is a binary workbook (.xlsb); save it as “Excel Workbook (.xlsx)” and send that.",
        "Tệp là sổ làm việc nhị phân (.xlsb); hãy lưu lại dạng “Excel Workbook (.xlsx)” rồi gửi.",
        Malformed,
    ),
    "encrypted": RefusalCode(
        "workbook_encrypted",
        "The workbook is protected by a password; save it without one and send that.",
        "Sổ làm việc được đặt mật khẩu; hãy bỏ mật khẩu, lưu lại rồi gửi.",
        Malformed,
    ),
    "broken": RefusalCode(
        "workbook_broken",
        "The workbook cannot be read: {why}. Open it, save it anew and send that.",
        "Không đọc được sổ làm việc: {why}. Hãy mở, lưu lại thành tệp mới rồi gửi.",
        Malformed,
    ),
    "too_large": RefusalCode(
        "workbook_too_large",
        "The workbook is not read: {what} ({found}, at most {limit}). Send less at a time, or CSV.",
        "Không đọc sổ làm việc: {what} ({found}, tối đa {limit}). Hãy chia nhỏ hoặc gửi CSV.",
        Malformed,
    ),
    "too_costly": RefusalCode(
        "workbook_too_costly",
        "Reading the workbook takes more time or memory than one may; send less at a time, or CSV.",
        "Đọc sổ làm việc tốn quá nhiều thời gian hoặc bộ nhớ; hãy chia nhỏ hoặc gửi CSV.",
        Malformed,
    ),
    "cells_merged_twice": RefusalCode(
        "cells_merged_twice",
        "The merged cells {one} and {other} overlap, which no spreadsheet allows; unmerge both and save the workbook.",
        "Hai vùng ô gộp {one} và {other} chồng lên nhau; hãy bỏ gộp cả hai rồi lưu lại sổ làm việc.",
        Malformed,
    ),
    "sheet_unknown": RefusalCode(
        "sheet_unknown",
        "The workbook has no sheet `{sheet}`; it has {names}.",
        "Sổ làm việc không có trang `{sheet}`; có các trang {names}.",
        Invalid,
    ),
    "sheet_ambiguous": RefusalCode(
        "sheet_ambiguous",
        "Several sheets hold data: {names}. Name the one meant with `sheet`.",
        "Nhiều trang tính có dữ liệu: {names}. Hãy chỉ rõ trang cần đọc bằng `sheet`.",
        Invalid,
    ),
    "header_missing": RefusalCode(
        "header_missing",
        "The workbook has no header row; the first row of its sheet must name the columns.",
        "Sổ làm việc không có dòng tiêu đề; dòng đầu tiên phải ghi tên các cột.",
        Malformed,
    ),
    "header_invalid": RefusalCode(
        "header_invalid",
        "The header row cannot be read; its cells must be plain text.",
        "Không đọc được dòng tiêu đề; các ô phải chứa chữ.",
        Invalid,
    ),
}

TITLE_ABOVE = ErrorCode(
    "header_missing",
    "Row {row} holds a title, `{title}`, over the merged cells {cells}; delete all rows above the one that names the "
    "columns, so that the sheet begins with it, or read the file by an import profile (`profile=`).",
    "Dòng {row} là tựa đề `{title}` trên vùng ô gộp {cells}; hãy xóa mọi dòng phía trên dòng ghi tên cột để trang tính "
    "bắt đầu bằng dòng đó, hoặc nhập theo mẫu nhập (`profile=`).",
)
HEADER_MERGED = ErrorCode(
    "cell_merged",
    "{cell} of the header belongs to the merged cells {value}; the header is one row with a name for each column: "
    "unmerge them, and bring the names into one row, or read the file by an import profile (`profile=`).",
    "{cell} của dòng tiêu đề thuộc vùng ô gộp {value}; tiêu đề phải là một dòng, mỗi cột một tên: hãy bỏ gộp ô và đưa "
    "tên các cột về cùng một dòng, hoặc nhập theo mẫu nhập (`profile=`).",
)
NOTE_MERGED = ErrorCode(
    "cell_merged",
    "Row {row} holds `{title}` over the merged cells {value}: a note, a heading or a signature, and no figures. Delete "
    "the row, or move it to another sheet, or read the file by an import profile (`profile=`).",
    "Dòng {row} ghi `{title}` trên vùng ô gộp {value}: đây là ghi chú, tựa đề hoặc phần ký tên, không phải số liệu. "
    "Hãy xóa dòng này hoặc chuyển sang trang tính khác, hoặc nhập theo mẫu nhập (`profile=`).",
)
MERGED_ACROSS = ErrorCode(
    "cell_merged",
    "{cell} belongs to the merged cells {value}, which join several columns; unmerge them and fill in each cell, or "
    "delete row {row} if it is a note, a heading or a signature; an import profile (`profile=`) reads it as a label.",
    "{cell} thuộc vùng ô gộp {value} nối nhiều cột; hãy bỏ gộp ô và điền từng ô, hoặc xóa dòng {row} nếu đó là ghi "
    "chú, tựa đề hoặc phần ký tên; khi nhập theo mẫu nhập (`profile=`), ô gộp được đọc là nhãn.",
)
SHOWS_NOTHING = Text("(nothing)", "(trống)")
"""What stands for an empty text in a sentence on what a cell shows."""

DATE_PARTS = {
    "year": Text("the year", "năm"),
    "month": Text("the month", "tháng"),
    "day": Text("the day", "ngày"),
    "time": Text("the time", "giờ phút"),
    "calendar": Text("the Gregorian year", "năm dương lịch"),
}

BROKEN_PARTS = {
    "encoding": RefusalCode(
        "workbook_broken",
        "The workbook's part {part} is declared to be in {encoding}, while workbooks are in UTF-8; its texts may come "
        "out garbled. Open the file in Excel, see whether the texts are right, save it anew as “Excel Workbook "
        "(.xlsx)” and send that.",
        "Phần {part} của sổ làm việc khai báo bảng mã {encoding}, trong khi sổ làm việc phải dùng UTF-8, nên chữ có "
        "thể bị lỗi. Hãy mở tệp bằng Excel, kiểm tra chữ có hiển thị đúng không, lưu lại dạng “Excel Workbook "
        "(.xlsx)” rồi gửi.",
        Malformed,
    ),
    "bytes": RefusalCode(
        "workbook_broken",
        "The workbook's part {part} is not in the encoding that it declares; the program that made the file probably "
        "wrote it in another one, such as windows-1258. Make the file anew, save it in Excel as “Excel Workbook "
        "(.xlsx)” and send that.",
        "Phần {part} của sổ làm việc không đúng bảng mã đã khai báo; có lẽ phần mềm tạo tệp đã ghi bằng bảng mã khác, "
        "ví dụ windows-1258. Hãy xuất lại tệp, lưu bằng Excel dạng “Excel Workbook (.xlsx)” rồi gửi.",
        Malformed,
    ),
}

WHYS = {
    "damaged": Text("it is damaged or incomplete", "tệp bị hỏng hoặc không đầy đủ"),
    "missing": Text("a part that it names is missing", "thiếu một phần mà tệp nhắc đến"),
    "twice": Text("a part occurs twice", "có phần xuất hiện hai lần"),
    "packing": Text("it is packed in an unknown way", "tệp được nén theo cách không được hỗ trợ"),
    "doctype": Text("it holds a document type with entities", "tệp chứa khai báo kiểu tài liệu (DOCTYPE)"),
    "order": Text("its rows or cells are out of order", "các dòng hoặc ô không theo thứ tự"),
}

WHATS = {
    "entries": Text("it has too many parts", "có quá nhiều phần"),
    "unpacked": Text("it is too large when unpacked, in bytes", "dung lượng sau khi giải nén quá lớn (byte)"),
    "ratio": Text("it is packed too tightly to be a table", "tỷ lệ nén quá cao so với một bảng số liệu"),
    "columns": Text("its header has too many columns", "tiêu đề có quá nhiều cột"),
    "cells": Text("its rows and columns make too many cells", "số dòng nhân số cột quá lớn"),
    "row": Text("a row is too long, in characters", "có dòng quá dài (ký tự)"),
    "merged": Text("it has too many merged cells", "có quá nhiều ô gộp"),
    "output": Text("its cells hold too much text, in bytes", "nội dung các ô quá lớn (byte)"),
}

CELLS = {
    "cell_formula": ErrorCode(
        "cell_formula",
        "{cell} is a formula; its figure may be out of date. Paste it as a value.",
        "{cell} là công thức; số liệu có thể chưa cập nhật. Hãy dán dưới dạng giá trị.",
    ),
    "cell_error": ErrorCode(
        "cell_error",
        "{cell} shows the error {value}; type the figure that is meant in its place, or clear the cell.",
        "{cell} đang báo lỗi {value}; hãy nhập số đúng vào ô hoặc xóa nội dung ô.",
    ),
    "cell_merged": ErrorCode(
        "cell_merged",
        "{cell} belongs to the merged cells {value}; unmerge them and fill in each cell.",
        "{cell} thuộc vùng ô gộp {value}; hãy bỏ gộp ô và điền từng ô.",
    ),
    "cell_not_number": ErrorCode(
        "cell_not_number",
        "{cell} is marked as a number and holds none (NaN or infinite).",
        "{cell} được đánh dấu là số nhưng không chứa số (NaN hoặc vô cực).",
    ),
    "cell_not_date": ErrorCode(
        "cell_not_date",
        "{cell} is shown as a date, and {value} is none; set its number format to General if it is a figure, else type "
        "the date as text, such as 2024-07-01.",
        "{cell} có định dạng ngày, nhưng {value} không phải là ngày; nếu đây là số liệu, hãy đặt định dạng số là "
        "General, nếu là ngày, hãy nhập dạng văn bản (Text), ví dụ 2024-07-01.",
    ),
    "cell_thousands": ErrorCode(
        "cell_thousands",
        "{cell} shows `{shown}`, which leaves thousands out of {value}; set its number format to General, so that "
        "{value} is seen, and type the figure anew if another one is meant.",
        "{cell} hiển thị `{shown}` theo đơn vị nghìn, trong khi ô chứa {value}; hãy đặt định dạng số là General để ô "
        "hiện {value}, rồi nhập lại nếu số cần báo cáo là số khác.",
    ),
    "cell_fraction": ErrorCode(
        "cell_fraction",
        "{cell} shows the fraction {shown} and holds the number {value}: the figure {value}, a rate of {percent}% or "
        "two counts may be meant. Format the cell as text, then type what is meant: a figure or rate as 24, two counts "
        "as 12/50.",
        "{cell} hiển thị phân số {shown} nhưng chứa số {value}: không rõ là số {value}, tỷ lệ {percent}% hay hai số "
        "đếm; hãy định dạng ô là văn bản (Text) rồi nhập rõ: số hoặc tỷ lệ ghi 24, hai số đếm ghi 12/50.",
    ),
    "cell_shown_otherwise": ErrorCode(
        "cell_shown_otherwise",
        "{cell} shows `{shown}`, but what it holds is {value}, and that would be stored; set its number format to "
        "General and type in full what is meant, a rate of 92.4% as 92.4.",
        "{cell} hiển thị `{shown}` nhưng nội dung thật của ô, tức là số sẽ được lưu, là {value}; hãy đặt định dạng số "
        "là General rồi nhập đầy đủ số cần báo cáo, tỷ lệ 92,4% thì nhập 92,4.",
    ),
    "percent_shown_otherwise": ErrorCode(
        "cell_shown_otherwise",
        "{cell} shows `{shown}`, but what it holds is {percent}%. If that is meant, set its number format to "
        "{format}, so that all of it is seen; else type what is meant with its percent sign, such as 92.4%.",
        "{cell} hiển thị `{shown}` nhưng nội dung thật của ô là {percent}%. Nếu đó là số đúng, hãy đặt định dạng số "
        "là {format} để hiện đủ; nếu không, hãy nhập lại số đúng kèm dấu phần trăm, ví dụ 92,4%.",
    ),
    "minus_unsure": ErrorCode(
        "cell_shown_otherwise",
        "{cell} holds {value}, and its number format has conditions under which some programs leave the minus out; set "
        "its number format to General, see whether {value} is meant, and type the figure anew if it is not.",
        "{cell} chứa {value}, nhưng định dạng số có điều kiện nên có phần mềm không hiện dấu trừ; hãy đặt định dạng số "
        "là General, kiểm tra {value} có đúng là số cần báo cáo không, nếu không thì nhập lại.",
    ),
    "date_shown_otherwise": ErrorCode(
        "cell_shown_otherwise",
        "{cell} holds the date {date}, of which its number format `{format}` hides {hidden}. Format it as {whole}, so "
        "that all of it is seen, or format it as text and type what is meant: a month as {month}, a day as {day}.",
        "{cell} chứa ngày {date}, nhưng định dạng số `{format}` không hiện {hidden}. Hãy định dạng ô là {whole} để "
        "hiện đủ, hoặc định dạng ô là văn bản (Text) rồi nhập nội dung cần ghi: tháng ghi {month}, ngày ghi {day}.",
    ),
    "text_too_long": ErrorCode(
        "text_too_long", "The text of {cell} is longer than a cell holds.", "Nội dung trong {cell} quá dài."
    ),
    "cell_outside": ErrorCode(
        "cell_outside",
        "{cell} stands beside the table, under no header; give its column a name or clear it.",
        "{cell} nằm ngoài bảng, không có tiêu đề; hãy đặt tên cột hoặc xóa ô.",
    ),
}


def listed_parts(parts: Sequence[str]) -> Text:
    """The parts of a date, to stand in a sentence.

    >>> listed_parts(["year", "time"]).en
    'the year and the time'
    """
    named = [DATE_PARTS[part] for part in parts]
    return Text(_listed([part.en for part in named], " and "), _listed([part.vi for part in named], " và "))


def _listed(words: Sequence[str], last: str) -> str:
    return last.join(filter(None, (", ".join(words[:-1]), words[-1])))
