"""The fields of a letter: one vocabulary for templates in Word and for the JSON of `reports/announcement`."""

from typing import Annotated

from typing_extensions import TypedDict

from app.answers.field_kinds import (
    Count,
    CountKey,
    Day,
    GroupKey,
    IndicatorKey,
    LevelKey,
    Moment,
    Points,
    Year,
    means,
)
from app.answers.letter_figures import (
    BelowFigures,
    CountFigures,
    CriterionFigures,
    FallenFigure,
    LetterGroup,
    LetterRow,
    NextPlace,
    PublishedFigures,
    StandingBefore,
    StandingChange,
    TenBest,
    UnitWords,
)
from app.answers.letter_tables import (
    CriteriaAnnex,
    LevelFigures,
    ListedUnits,
    SourceSides,
    TableHead,
    TaskFigures,
    TwoSources,
    WayOfScoring,
)


class IssuingUnit(UnitWords):
    """The unit whose letter it is."""

    office: Annotated[str, means("Tên trong câu: tỉnh Tuyên Quang.", "Its name in a sentence: tỉnh Tuyên Quang.")]
    place: Annotated[str | None, means("Địa danh: Tuyên Quang.", "Its place: Tuyên Quang.")]
    peers: Annotated[str, means("Đơn vị cùng cấp gọi là gì: địa phương.", "What its like are called: địa phương.")]


class PeriodWords(TypedDict):
    """A period in words."""

    code: Annotated[str, means("Mã kỳ: 2024-07, 2024-Q2.", "The code: 2024-07, 2024-Q2.")]
    words: Annotated[str, means("Kỳ bằng chữ: tháng 7/2024.", "In words: tháng 7/2024.")]
    long: Annotated[str, means("Kỳ viết đủ: tháng 02 năm 2024.", "In full: tháng 02 năm 2024.")]
    year: Annotated[Year, means("Năm.", "The year.")]
    starts_on: Annotated[Day, means("Ngày đầu kỳ.", "Its first day.")]
    ends_on: Annotated[Day, means("Ngày cuối kỳ.", "Its last day.")]


class BandOfFramework(TypedDict):
    """A class as the framework declares it."""

    code: Annotated[str, means("Mã xếp loại.", "The code of the class.")]
    name: Annotated[str, means("Tên xếp loại.", "Its name.")]
    text: Annotated[str, means("Từ 80 đến dưới 90 điểm xếp loại: Tốt.", "Its limits and name as letters print them.")]


class FrameworkWords(TypedDict):
    """The rules of the period."""

    id: Annotated[str, means("Bộ chỉ số và phiên bản.", "The framework and its version.")]
    name: Annotated[str, means("Tên bộ chỉ số.", "Its name.")]
    law: Annotated[str | None, means("Căn cứ: Quyết định số 766/QĐ-TTg.", "Its legal basis: Quyết định số 766/QĐ-TTg.")]
    max: Annotated[Points, means("Tổng điểm tối đa.", "The most points in all.")]
    groups: Annotated[list[TableHead], means("Các nhóm chỉ số.", "Its groups.")]
    bands: Annotated[list[BandOfFramework], means("Các mức xếp loại, cao nhất trước.", "Its classes, highest first.")]


class LetterheadWords(TypedDict):
    """The head of the letter."""

    superior: Annotated[str | None, means("Cơ quan chủ quản.", "The body above.")]
    issuer: Annotated[list[str], means("Cơ quan ban hành, từng dòng.", "Who writes, line by line.")]
    motto: Annotated[list[str], means("Quốc hiệu, tiêu ngữ.", "The name of the state and its motto.")]
    symbol: Annotated[str | None, means("Ký hiệu văn bản.", "The symbol of the letter.")]
    number_line: Annotated[str, means("Số, ký hiệu.", "The line of number and symbol.")]
    place: Annotated[str | None, means("Địa danh.", "The place.")]
    date_line: Annotated[str, means("Địa danh, ngày tháng năm.", "The line of place and date.")]


class SignatureWords(TypedDict):
    """Who signs."""

    authority: Annotated[str | None, means("Quyền hạn: TL. CHỦ TỊCH.", "By what authority: TL. CHỦ TỊCH.")]
    office: Annotated[str | None, means("Chức vụ: CHÁNH VĂN PHÒNG.", "In which office: CHÁNH VĂN PHÒNG.")]
    name: Annotated[str | None, means("Họ và tên.", "The signer's name.")]


class OrderWords(TypedDict):
    """An order, with those that stand below it."""

    number: Annotated[str | None, means("Số: 1, 1.1, a), –.", "Its number: 1, 1.1, a), –.")]
    text: Annotated[str, means("Nội dung.", "What it says.")]
    depth: Annotated[int, means("Bậc: 0 là ngoài cùng.", "How deep it stands, from 0.")]
    orders: Annotated[list["OrderWords"], means("Các ý bên dưới.", "The orders below it.")]


class OrderLine(TypedDict):
    """An order as a line of the letter."""

    number: Annotated[str | None, means("Số: 1, 1.1, a), –.", "Its number: 1, 1.1, a), –.")]
    text: Annotated[str, means("Nội dung.", "What it says.")]
    depth: Annotated[int, means("Bậc: 0 là ngoài cùng.", "How deep it stands, from 0.")]


class DueWords(TypedDict):
    """Something that is to be done, and its last day."""

    what: Annotated[str, means("Việc phải làm.", "What is to be done.")]
    on: Annotated[Day, means("Hạn cuối.", "Its last day.")]


class FieldNote(TypedDict):
    """What must be known before the letter is signed."""

    code: Annotated[str, means("Mã lưu ý.", "The code of the note.")]
    detail: Annotated[str, means("Nội dung lưu ý.", "What it says.")]
    field: Annotated[str | None, means("Trường số liệu liên quan.", "The field that it is about.")]


class LetterFields(TypedDict):
    """Every field of a letter. Null: there is no figure; a template prints a marked blank in its place."""

    unit: Annotated[IssuingUnit | None, means("Đơn vị ban hành.", "The unit whose letter it is.")]
    period: Annotated[PeriodWords, means("Kỳ đánh giá.", "The period.")]
    against: Annotated[PeriodWords | None, means("Kỳ so sánh.", "The period compared with.")]
    on: Annotated[Day, means("Ngày lập văn bản.", "The day of the letter.")]
    framework: Annotated[FrameworkWords, means("Bộ chỉ số đang áp dụng.", "The rules in force.")]
    letterhead: Annotated[LetterheadWords, means("Phần đầu văn bản.", "The head of the letter.")]
    subject: Annotated[str, means("Trích yếu.", "The subject.")]
    addressees: Annotated[list[str], means("Kính gửi.", "To whom it goes.")]
    basis: Annotated[list[str], means("Căn cứ.", "What it rests on.")]
    opening: Annotated[str, means("Câu mở đầu.", "Its first sentence.")]
    closing: Annotated[str, means("Câu kết thúc.", "Its last sentence.")]
    recipients: Annotated[list[str], means("Nơi nhận.", "Who gets a copy.")]
    signature: Annotated[SignatureWords, means("Người ký.", "Who signs.")]
    orders: Annotated[list[OrderWords], means("Nội dung chỉ đạo, nhiều bậc.", "The orders, nested.")]
    order_lines: Annotated[list[OrderLine], means("Nội dung chỉ đạo, từng dòng.", "The orders, line by line.")]
    due_dates: Annotated[list[DueWords], means("Thời hạn của nội dung chỉ đạo.", "What is to be done by when.")]
    looked_up: Annotated[Moment | None, means("Thời điểm tra cứu số liệu.", "When the figures were looked up.")]
    looked_up_before: Annotated[Moment | None, means("Thời điểm tra cứu kỳ trước.", "When the earlier ones were.")]
    sources: Annotated[list[str], means("Tên các nguồn số liệu.", "The sources by name.")]
    total: Annotated[Points | None, means("Tổng điểm.", "The unit's total.")]
    max: Annotated[Points, means("Tổng điểm tối đa.", "Of how many points.")]
    rank: Annotated[Count | None, means("Thứ hạng.", "The unit's rank.")]
    cohort: Annotated[Count | None, means("Số đơn vị được xếp hạng.", "Among how many.")]
    rank_is_stated: Annotated[bool, means("Thứ hạng do nguồn số liệu công bố.", "Whether a source states the rank.")]
    band: Annotated[str | None, means("Xếp loại của đơn vị.", "The unit's class.")]
    before: Annotated[StandingBefore, means("Tổng điểm, thứ hạng kỳ trước.", "The earlier total and rank.")]
    change: Annotated[StandingChange, means("Tăng, giảm so với kỳ trước.", "What became of them.")]
    groups: Annotated[dict[GroupKey, LetterGroup], means("Các nhóm chỉ số, theo mã.", "The groups by code.")]
    criteria: Annotated[
        dict[IndicatorKey, CriterionFigures], means("Các chỉ số, theo mã.", "The unit's figures by indicator.")
    ]
    rows: Annotated[list[LetterRow], means("Các dòng của mẫu bảng.", "The rows of the layout.")]
    fell: Annotated[list[FallenFigure], means("Các nhóm, chỉ số giảm.", "What got worse.")]
    classes: Annotated[dict[LevelKey, LevelFigures], means("Kết quả xếp loại từng cấp.", "The classes of each level.")]
    listed: Annotated[ListedUnits, means("Các đơn vị trong các danh sách.", "The units in the lists of all levels.")]
    criteria_annexes: Annotated[
        list[CriteriaAnnex], means("Các phụ lục đơn vị × tiêu chí.", "The annexes of units and criteria.")
    ]
    ways: Annotated[list[WayOfScoring], means("Cách tính điểm.", "How points are made.")]
    below: Annotated[
        dict[IndicatorKey, BelowFigures], means("Đơn vị không đạt chỉ tiêu, theo mã chỉ số.", "Who misses a target.")
    ]
    counts: Annotated[dict[CountKey, CountFigures], means("Số lượng theo đơn vị, theo mã.", "Counts over units.")]
    overdue: Annotated[CountFigures | None, means("Hồ sơ quá hạn.", "Overdue dossiers.")]
    published: Annotated[
        dict[LevelKey, PublishedFigures], means("Việc công khai kết quả.", "Who has published, by level.")
    ]
    tasks: Annotated[list[TaskFigures], means("Nhiệm vụ đã giao.", "What was ordered.")]
    next_place: Annotated[NextPlace | None, means("Thứ hạng liền trước.", "The place before.")]
    first_ten_mean: Annotated[TenBest | None, means("Mười đơn vị dẫn đầu.", "The first ten.")]
    two_sources: Annotated[TwoSources | None, means("Số liệu hai nguồn không khớp.", "Where two sources differ.")]
    by_source: Annotated[
        dict[IndicatorKey, list[SourceSides]], means("Số liệu từng nguồn, hai kỳ.", "Figures by source.")
    ]
    notes: Annotated[list[FieldNote], means("Lưu ý trước khi ký.", "What to know before it is signed.")]
