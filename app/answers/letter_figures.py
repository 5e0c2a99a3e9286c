"""The figures that a letter can print, by the names under which its template asks for them. Null: there is none."""

from typing import Annotated

from typing_extensions import TypedDict

from app.answers.field_kinds import Amount, Count, Day, Points, PointsChange, RankChange, Rate, RateChange, means


class UnitWords(TypedDict):
    """A unit as a letter names it."""

    code: Annotated[str, means("Mã đơn vị.", "The unit's code.")]
    name: Annotated[str, means("Tên đầy đủ.", "Its full name.")]
    short_name: Annotated[
        str, means("Tên gọi tắt; nơi chưa khai báo là tên đầy đủ.", "Its short name, or the full one.")
    ]
    kind: Annotated[str | None, means("Mã loại: commune, ward, …", "The code of its kind: commune, ward, …")]
    kind_name: Annotated[str | None, means("Loại: xã, phường, huyện, sở, …", "Its kind: xã, phường, huyện, sở, …")]
    level: Annotated[str, means("Mã cấp: province, department, district, commune, …", "The code of its level.")]


class StandingBefore(TypedDict):
    """Where the unit stood in the period compared with."""

    total: Annotated[Points | None, means("Tổng điểm kỳ trước.", "The earlier total.")]
    rank: Annotated[Count | None, means("Thứ hạng kỳ trước.", "The earlier rank.")]
    cohort: Annotated[Count | None, means("Số đơn vị được xếp hạng kỳ trước.", "Among how many that rank was.")]


class StandingChange(TypedDict):
    """What became of total and rank; null where nothing true can be said."""

    total: Annotated[PointsChange | None, means("Mức tăng, giảm tổng điểm.", "The change of the total.")]
    rank: Annotated[RankChange | None, means("Số bậc tăng (+), giảm (-).", "Places won, positive upwards.")]


class LetterGroup(TypedDict):
    """A group of the framework."""

    code: Annotated[str, means("Mã nhóm.", "The group's code.")]
    number: Annotated[str | None, means("Số thứ tự trong mẫu bảng.", "Its number in the layout.")]
    name: Annotated[str, means("Tên nhóm.", "Its name.")]
    points: Annotated[Points | None, means("Điểm đạt được.", "Its points.")]
    max: Annotated[Points | None, means("Điểm tối đa.", "The most it can have.")]
    share: Annotated[Rate | None, means("Tỷ lệ điểm đạt trên điểm tối đa.", "Points in percent of the most.")]
    before: Annotated[Points | None, means("Điểm kỳ trước.", "Its earlier points.")]
    change: Annotated[PointsChange | None, means("Mức tăng, giảm điểm.", "The change of its points.")]


class SideFigures(TypedDict):
    """What one side of a row shows."""

    count: Annotated[Amount | None, means("Số lượng.", "How many.")]
    of: Annotated[Amount | None, means("Trên tổng số.", "Of how many.")]
    rate: Annotated[Rate | None, means("Tỷ lệ (%).", "The rate in percent.")]
    points: Annotated[Points | None, means("Điểm.", "Points.")]
    max: Annotated[Points | None, means("Điểm tối đa.", "The most points.")]
    rank: Annotated[Count | None, means("Thứ hạng.", "A rank.")]
    text: Annotated[str | None, means("Như in trong văn bản.", "As letters print it.")]


class SideChange(TypedDict):
    """This side less the earlier one."""

    count: Annotated[Amount | None, means("Chênh lệch số lượng.", "The change of the count.")]
    rate: Annotated[RateChange | None, means("Chênh lệch tỷ lệ (điểm %).", "The change of the rate.")]
    points: Annotated[PointsChange | None, means("Chênh lệch điểm.", "The change of the points.")]
    rank: Annotated[RankChange | None, means("Số bậc tăng (+), giảm (-).", "Places won.")]
    text: Annotated[str | None, means("Như in trong văn bản.", "As letters print it.")]


class CriterionFigures(SideFigures):
    """A figure of the unit that issues the letter, and what is left of its whole."""

    code: Annotated[str, means("Mã chỉ số.", "The indicator's code.")]
    name: Annotated[str, means("Tên chỉ số.", "Its name.")]
    noun: Annotated[str | None, means("Danh từ đi sau số lượng: hồ sơ, TTHC.", "What is counted: hồ sơ, TTHC.")]
    rest: Annotated[SideFigures, means("Phần còn lại của tổng số.", "What is left of the whole.")]
    before: Annotated[SideFigures, means("Số liệu kỳ trước.", "The earlier figure.")]
    change: Annotated[SideChange, means("Chênh lệch so với kỳ trước.", "The change.")]
    fell: Annotated[bool, means("Kết quả có giảm so với kỳ trước hay không.", "Whether it got worse.")]


class LetterRow(SideFigures):
    """A printed row of the layout, with the rows that stand below it."""

    number: Annotated[str | None, means("Số thứ tự: 1.1, a).", "Its number: 1.1, a).")]
    label: Annotated[str, means("Nội dung dòng.", "What the row is about.")]
    kind: Annotated[str, means("heading, indicator, group, total, rank.", "heading, indicator, group, total or rank.")]
    depth: Annotated[int, means("Dòng nằm sâu mấy bậc (0 là ngoài cùng).", "How deep it stands, from 0.")]
    code: Annotated[str | None, means("Mã chỉ số hoặc mã nhóm.", "The code of its indicator or group.")]
    noun: Annotated[str | None, means("Danh từ đi sau số lượng.", "What is counted.")]
    show: Annotated[str | None, means("In gì: rate, count, both, fraction, …", "What it shows: rate, count, both, …")]
    before: Annotated[SideFigures, means("Số liệu kỳ trước.", "The earlier figure.")]
    change: Annotated[SideChange, means("Chênh lệch so với kỳ trước.", "The change.")]
    fell: Annotated[bool, means("Kết quả có giảm hay không.", "Whether it got worse.")]
    rows: Annotated[list["LetterRow"], means("Các dòng bên dưới.", "The rows below it.")]


class FallenFigure(TypedDict):
    """A group or figure that got worse."""

    label: Annotated[str, means("Nội dung giảm.", "What fell.")]
    within: Annotated[
        list[str], means("Các tiêu đề bên trên, từ ngoài vào.", "The headings above it, outermost first.")
    ]
    kind: Annotated[str, means("group hoặc indicator.", "group or indicator.")]
    code: Annotated[str | None, means("Mã chỉ số hoặc mã nhóm.", "The code of its indicator or group.")]
    text: Annotated[str | None, means("Kết quả kỳ này như in trong văn bản.", "What it is now, as letters print it.")]
    change: Annotated[SideChange, means("Chênh lệch so với kỳ trước.", "The change.")]


class MissingUnit(UnitWords):
    """A unit that misses a target."""

    target: Annotated[Amount | None, means("Chỉ tiêu được giao.", "Its target.")]
    value: Annotated[Amount | None, means("Kết quả đạt được.", "What it reached.")]
    numerator: Annotated[Amount | None, means("Tử số.", "The numerator.")]
    denominator: Annotated[Amount | None, means("Mẫu số.", "The denominator.")]
    gap: Annotated[RateChange | None, means("Còn thiếu so với chỉ tiêu.", "What it reached less the target.")]


class BelowFigures(TypedDict):
    """An indicator, and the units that miss their target in it."""

    code: Annotated[str, means("Mã chỉ số.", "The indicator's code.")]
    name: Annotated[str, means("Tên chỉ số.", "Its name.")]
    target: Annotated[Amount | None, means("Chỉ tiêu, nếu mọi đơn vị như nhau.", "The target, if all have the same.")]
    of: Annotated[Count, means("Số đơn vị có chỉ tiêu và số liệu.", "Units with a target and a figure.")]
    count: Annotated[Count, means("Số đơn vị không đạt.", "How many miss it.")]
    missing: Annotated[Count, means("Số đơn vị chưa có số liệu.", "How many have no figure.")]
    units: Annotated[list[MissingUnit], means("Các đơn vị không đạt.", "The units that miss it.")]


class CountingUnit(UnitWords):
    """A unit that has some of what is counted."""

    count: Annotated[Amount, means("Số lượng của đơn vị.", "How many it has.")]
    share: Annotated[Rate | None, means("Tỷ trọng trong tổng số.", "Its share of the sum.")]


class CountFigures(TypedDict):
    """A count over units."""

    code: Annotated[str, means("Mã chỉ số.", "The indicator's code.")]
    name: Annotated[str, means("Tên chỉ số.", "Its name.")]
    noun: Annotated[str | None, means("Danh từ đi sau số lượng.", "What is counted.")]
    sum: Annotated[Amount, means("Tổng cộng.", "The sum.")]
    stated: Annotated[Amount | None, means("Tổng số do nguồn công bố.", "The sum that the source states.")]
    count: Annotated[Count, means("Số đơn vị có.", "How many units have any.")]
    missing: Annotated[Count, means("Số đơn vị chưa có số liệu.", "How many units have no figure.")]
    units: Annotated[list[CountingUnit], means("Các đơn vị có, nhiều nhất trước.", "The units, the most first.")]


class OpenUnit(UnitWords):
    """A unit that has not published."""

    due_on: Annotated[Day | None, means("Hạn công khai.", "The last day in time.")]


class PublishedFigures(TypedDict):
    """Who of a level has published the results."""

    level: Annotated[str, means("Mã cấp.", "The code of the level.")]
    body: Annotated[str, means("Các đơn vị gọi là gì trong câu.", "What its units are called in a sentence.")]
    kinds: Annotated[str | None, means("Các loại: huyện, thành phố.", "The kinds of them: huyện, thành phố.")]
    done: Annotated[Count, means("Số đơn vị đã công khai.", "How many have published.")]
    of: Annotated[Count, means("Số đơn vị phải công khai.", "How many had to.")]
    missing: Annotated[list[OpenUnit], means("Các đơn vị chưa công khai.", "Those that have not.")]


class NextPlace(TypedDict):
    """The place before that of the unit."""

    rank: Annotated[Count, means("Thứ hạng liền trước.", "The place before.")]
    total: Annotated[Points, means("Tổng điểm của thứ hạng đó.", "Its total.")]
    gap: Annotated[Points, means("Còn kém bao nhiêu điểm.", "How many points are missing to it.")]


class TenBest(TypedDict):
    """The mean of the first ten, or of all where there are fewer."""

    of: Annotated[Count, means("Số đơn vị được tính.", "Of how many it is the mean.")]
    mean: Annotated[Points, means("Điểm trung bình mười đơn vị dẫn đầu.", "The mean total of the first ten.")]
    gap: Annotated[PointsChange, means("Tổng điểm của đơn vị trừ số đó.", "The unit's total less that.")]
