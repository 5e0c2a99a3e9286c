"""The lists and annexes of a letter: classes, tasks, two sources side by side, units beside criteria."""

from typing import Annotated

from typing_extensions import TypedDict

from app.answers.field_kinds import (
    Amount,
    Count,
    Day,
    GroupKey,
    IndicatorKey,
    Moment,
    Points,
    PointsChange,
    RankChange,
    RateChange,
    means,
)
from app.answers.letter_figures import SideFigures, UnitWords


class BandFigures(TypedDict):
    """A class, and how many units of the level reached it."""

    code: Annotated[str, means("Mã xếp loại.", "The code of the class.")]
    name: Annotated[str, means("Tên xếp loại.", "Its name.")]
    least: Annotated[Points, means("Từ bao nhiêu điểm.", "From how many points on.")]
    most: Annotated[Points, means("Đến (dưới) bao nhiêu điểm.", "Up to how many points.")]
    top: Annotated[bool, means("Có tính cả điểm cao nhất hay không.", "Whether the most is included.")]
    count: Annotated[Count, means("Số đơn vị đạt.", "How many units reached it.")]


class CriterionHead(TypedDict):
    """A single criterion of which a unit of the level has a figure, as a column of a list."""

    code: Annotated[str, means("Mã chỉ số.", "The code of its indicator.")]
    name: Annotated[str, means("Tên tiêu chí.", "Its name.")]
    kind: Annotated[str, means("ratio, count, points, number.", "ratio, count, points or number.")]
    noun: Annotated[str | None, means("Danh từ đi sau số lượng.", "What is counted.")]
    group: Annotated[str, means("Mã nhóm.", "The code of its group.")]
    group_name: Annotated[str, means("Tên nhóm.", "The name of its group.")]
    max: Annotated[
        Points | None,
        means(
            "Điểm tối đa; trống: chỉ thống kê, hoặc nhiều tiêu chí cùng tính từ chỉ số.",
            "The most points; none: a statistic, or several criteria are scored from it.",
        ),
    ]
    decimals: Annotated[int, means("Số chữ số thập phân của cột.", "How many decimals the column has.")]


class RankedUnit(UnitWords):
    """A unit of a ranking list."""

    place: Annotated[int, means("Số thứ tự trong danh sách.", "Its number in the list.")]
    rank: Annotated[Count | None, means("Thứ hạng.", "Its rank.")]
    groups: Annotated[dict[GroupKey, Points | None], means("Điểm từng nhóm, theo mã nhóm.", "Points by group.")]
    criteria: Annotated[
        dict[IndicatorKey, SideFigures], means("Số liệu từng tiêu chí, theo mã chỉ số.", "Figures by criterion.")
    ]
    total: Annotated[Points | None, means("Tổng điểm.", "Its total.")]
    band: Annotated[str | None, means("Xếp loại.", "Its class.")]
    change: Annotated[PointsChange | None, means("Mức tăng, giảm tổng điểm.", "The change of its total.")]
    rank_change: Annotated[RankChange | None, means("Số bậc tăng (+), giảm (-).", "Places won.")]


class TableHead(TypedDict):
    """A group of a ranking list."""

    code: Annotated[str, means("Mã nhóm.", "The group's code.")]
    name: Annotated[str, means("Tên nhóm.", "Its name.")]
    max: Annotated[Points | None, means("Điểm tối đa.", "The most points.")]


class LevelFigures(TypedDict):
    """A level: how many reached each class, and its ranking list."""

    level: Annotated[str, means("Mã cấp.", "The code of the level.")]
    stage: Annotated[str, means("Tên cấp: Cấp tỉnh, Cấp huyện, Cấp xã.", "The level in a sentence: Cấp tỉnh.")]
    heading: Annotated[str, means("Tên cấp trên đầu danh sách.", "The level above a list.")]
    scored: Annotated[str, means("Tên cấp trong câu: các Sở, ban ngành tỉnh.", "The level in a sentence: các Sở, …")]
    body: Annotated[str, means("Một đơn vị của cấp: cơ quan, UBND cấp xã.", "One of its units: cơ quan, UBND cấp xã.")]
    of: Annotated[Count, means("Số đơn vị có số liệu.", "Units with figures.")]
    missing: Annotated[Count, means("Số đơn vị chưa có số liệu.", "Units without any.")]
    unclassed: Annotated[Count, means("Số đơn vị chưa xếp loại.", "Units without a class.")]
    mean: Annotated[Points | None, means("Điểm trung bình của cấp.", "The mean total.")]
    bands: Annotated[list[BandFigures], means("Các mức xếp loại, cao nhất trước.", "The classes, highest first.")]
    looked_up: Annotated[
        Moment | None, means("Thời điểm tra cứu số liệu các tiêu chí.", "When the criteria were looked up.")
    ]
    heads: Annotated[list[TableHead], means("Các nhóm điểm của danh sách.", "The groups of the list.")]
    criteria: Annotated[
        list[CriterionHead], means("Các tiêu chí có số liệu, theo thứ tự bộ chỉ số.", "The criteria with figures.")
    ]
    with_criteria: Annotated[Count, means("Số đơn vị có số liệu tiêu chí.", "Units with a figure of a criterion.")]
    rows: Annotated[list[RankedUnit], means("Danh sách xếp hạng.", "The ranking list.")]
    moved: Annotated[
        bool, means("Có đơn vị so được thứ hạng với kỳ trước.", "Whether the change of some unit's rank is known.")
    ]


class ListedUnits(TypedDict):
    """What stands in the lists of all levels."""

    count: Annotated[Count, means("Số cơ quan, đơn vị.", "How many units.")]
    sources: Annotated[list[str], means("Tên các nguồn số liệu.", "The sources of their figures.")]
    looked_up_words: Annotated[
        str | None,
        means(
            "Thời điểm tra cứu, thành chữ: vào ngày 26/8/2024, từ ngày … đến ngày ….",
            "When the figures were looked up, in words; null: nobody has said.",
        ),
    ]


class CriteriaAnnex(TypedDict):
    """An annex of units and criteria, no wider than a page: of a level with many there are several, by whole groups."""

    place: Annotated[int, means("Số thứ tự, từ 1, qua tất cả các cấp.", "Its number, from 1, over all levels.")]
    level: Annotated[str, means("Mã cấp.", "The code of the level.")]
    first: Annotated[bool, means("Là phụ lục đầu của cấp.", "Whether it is the first one of its level.")]
    heads: Annotated[list[CriterionHead], means("Các tiêu chí của phụ lục.", "Its criteria.")]


class WayOfScoring(TypedDict):
    """How some levels come to their points."""

    levels: Annotated[list[str], means("Các cấp tính như nhau.", "The levels that do so alike.")]
    method: Annotated[str, means("rates, components, reported, mixed.", "rates, components, reported or mixed.")]
    text: Annotated[str, means("Cách tính, thành câu.", "How, as a sentence.")]


class TaskFigures(TypedDict):
    """What was ordered of a unit."""

    kind: Annotated[str, means("directive, apology, explanation, other.", "directive, apology, explanation or other.")]
    title: Annotated[str, means("Nội dung nhiệm vụ.", "What was ordered.")]
    assignee: Annotated[UnitWords, means("Đơn vị chủ trì.", "Who has to do it.")]
    helpers: Annotated[list[UnitWords], means("Các đơn vị phối hợp.", "Who helps.")]
    due_on: Annotated[Day | None, means("Ngày cuối của thời hạn.", "The last day in time.")]
    before: Annotated[Day | None, means("“Trước ngày”: ngày liền sau thời hạn.", "The day before which it is due.")]
    state: Annotated[str, means("open, reported, done.", "open, reported or done.")]
    overdue: Annotated[bool, means("Đã quá hạn hay chưa.", "Whether it is overdue.")]
    days_late: Annotated[Count | None, means("Số ngày chậm.", "How many days late.")]
    report: Annotated[str | None, means("Nội dung báo cáo.", "What was reported.")]
    text: Annotated[str, means("Nhiệm vụ thành câu.", "The order as a sentence.")]


class SourceDifference(UnitWords):
    """One figure from two sources."""

    indicator: Annotated[str, means("Tên chỉ số.", "The indicator's name.")]
    indicator_code: Annotated[str, means("Mã chỉ số.", "The indicator's code.")]
    here: Annotated[SideFigures, means("Số liệu nguồn thứ nhất.", "The first source's figure.")]
    there: Annotated[SideFigures, means("Số liệu nguồn thứ hai.", "The second source's figure.")]
    difference: Annotated[RateChange | None, means("Chênh lệch.", "The first less the second.")]


class TwoSources(TypedDict):
    """Two sources side by side, of the unit itself and those below it."""

    here: Annotated[str, means("Tên nguồn thứ nhất.", "The first source.")]
    there: Annotated[str, means("Tên nguồn thứ hai.", "The second source.")]
    rows: Annotated[list[SourceDifference], means("Các số liệu không trùng khớp.", "The figures that differ.")]


class SourceSides(TypedDict):
    """A figure of the unit from one source in both periods."""

    source: Annotated[str, means("Tên nguồn.", "The source.")]
    now: Annotated[SideFigures, means("Kỳ này.", "Now.")]
    before: Annotated[SideFigures, means("Kỳ trước.", "Before.")]
    count_change: Annotated[Amount | None, means("Chênh lệch số lượng.", "The change of the count.")]
    rate_change: Annotated[RateChange | None, means("Chênh lệch tỷ lệ (điểm %).", "The change of the rate.")]
