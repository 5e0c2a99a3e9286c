"""What stored figures show to be wrong or odd: by which rule, of what, and the sentence that says how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from app.domain.figures import print_figure
from app.domain.vietnamese_labels import SOURCES
from app.errors import Language, Text

Severity = Literal["error", "warning"]
FindingRule = Literal[
    "balance_differs",
    "complements_not_100",
    "counts_repeated_across_units",
    "denominator_below_population",
    "exceeds_population",
    "figures_repeated",
    "jump",
    "numerator_exceeds_denominator",
    "points_differ",
    "points_exceed_max",
    "rank_exceeds_cohort",
    "rate_differs_from_counts",
    "rate_of_nothing",
    "rate_out_of_range",
    "reported_total_differs",
    "rows_swapped",
    "sources_disagree",
    "sum_differs_below",
    "unit_missing",
    "value_of_ended_unit",
]
WARNINGS: frozenset[FindingRule] = frozenset(
    {
        "counts_repeated_across_units",
        "denominator_below_population",
        "figures_repeated",
        "jump",
        "points_differ",
        "rows_swapped",
        "sources_disagree",
        "sum_differs_below",
        "unit_missing",
    }
)
"""Rules that compare figures of different origin, either of which may be right, or name what is only unlikely.

All others name a contradiction.
"""

Number = Decimal | tuple[Decimal, Decimal]
"""A figure with the decimals it is shown with, or n/d."""

SENTENCES: dict[FindingRule, Text] = {
    "balance_differs": Text(
        "{source}: `{whole}` is {stated}, but {parts} add up to {expected}; correct one of them.",
        "{source}: `{whole}` là {stated}, nhưng {parts} cộng lại bằng {expected}; hãy sửa một trong các số liệu.",
    ),
    "counts_repeated_across_units": Text(
        "{source}: {stated} stands for {units} as well, and {count} figure(s) in all; look whether a figure, or a "
        "whole row, was pasted.",
        "{source}: {stated} cũng là số liệu của {units}, tất cả {count} số liệu trùng nhau; hãy kiểm tra xem có chép "
        "nhầm số liệu hoặc cả dòng không.",
    ),
    "denominator_below_population": Text(
        "{source}: the share is of {stated}, while `{population}` counts {expected}; the rate speaks for a part of "
        "them. Take both from one look-up, or expect another rate when the rest is counted.",
        "{source}: tỷ lệ tính trên {stated}, trong khi `{population}` là {expected}; tỷ lệ mới tính trên một phần. "
        "Hãy lấy hai số liệu cùng một lần tra cứu; tỷ lệ sẽ thay đổi khi có mẫu số đầy đủ.",
    ),
    "figures_repeated": Text(
        "{source}: all {stated} figures are those of {before} to the last digit; look whether its file was sent again.",
        "{source}: tất cả {stated} số liệu giống hệt kỳ {before}; hãy kiểm tra xem có gửi nhầm tệp của kỳ trước không.",
    ),
    "rate_of_nothing": Text(
        "{source}: the rate is stated {stated}%, but it is a share of nothing (`{of}` is 0): state the counts, 0/0.",
        "{source}: tỷ lệ ghi {stated}%, nhưng không có gì để tính (`{of}` là 0); hãy ghi số lượng 0/0.",
    ),
    "rows_swapped": Text(
        "{source}: {stated} after {expected} in {before}, and {other} went the other way, in {count} figure(s); look "
        "whether the rows of the two were swapped.",
        "{source}: ghi {stated}, kỳ {before} là {expected}, còn {other} thay đổi ngược lại, ở {count} số liệu; hãy "
        "kiểm tra xem hai dòng có bị đổi chỗ không.",
    ),
    "sum_differs_below": Text(
        "{source}: {stated} are counted, but {count} of the {of} units below count {expected} together; look which of "
        "them is wrong, or of another day.",
        "{source}: ghi {stated}, nhưng {count} trong {of} đơn vị trực thuộc cộng lại bằng {expected}; hãy kiểm tra "
        "số liệu nào sai hoặc khác ngày tra cứu.",
    ),
    "unit_missing": Text(
        "{source}: {stated} figures are stated, where {expected} were in {before}; {siblings} unit(s) beside it have "
        "theirs. Send those of this unit, or state that it has ended.",
        "{source}: có {stated} số liệu, trong khi kỳ {before} có {expected}; {siblings} đơn vị cùng cấp đã có số liệu. "
        "Hãy gửi số liệu của đơn vị này, hoặc ghi nhận đơn vị đã kết thúc hoạt động.",
    ),
    "complements_not_100": Text(
        "{source}: {part} and its complement `{other}` ({rest}%) add up to {stated}%, not to {expected}%; correct "
        "one of the two.",
        "{source}: tỷ lệ {part} và phần còn lại `{other}` ({rest}%) cộng lại bằng {stated}%, không phải {expected}%; "
        "hãy sửa một trong hai tỷ lệ.",
    ),
    "exceeds_population": Text(
        "{source}: {stated} are counted among only {expected} (`{population}`); take both from one population.",
        "{source}: số liệu ghi {stated}, trong khi tổng thể (`{population}`) chỉ có {expected}; hãy lấy số liệu của "
        "cùng một phạm vi.",
    ),
    "jump": Text(
        "{source}: {stated} after {expected} in {before}; look whether figure, unit and period are right.",
        "{source}: ghi {stated}, trong khi kỳ {before} là {expected}; hãy kiểm tra lại số liệu, đơn vị và kỳ.",
    ),
    "numerator_exceeds_denominator": Text(
        "{source}: the numerator {stated} is larger than the denominator {expected}; correct one of the two.",
        "{source}: tử số {stated} lớn hơn mẫu số {expected}; hãy sửa một trong hai số.",
    ),
    "points_differ": Text(
        "{source} reports {stated} points, but the components earn {expected} under {framework}; check both.",
        "{source} công bố {stated} điểm, nhưng các chỉ số thành phần được {expected} điểm theo {framework}; hãy kiểm "
        "tra cả hai.",
    ),
    "points_exceed_max": Text(
        "{source}: {stated} points are not between 0 and the {expected} that can be had; correct the points.",
        "{source}: {stated} điểm không nằm trong khoảng từ 0 đến {expected} điểm tối đa; hãy sửa điểm.",
    ),
    "rank_exceeds_cohort": Text(
        "{source}: {stated} is no rank among {expected} units; correct the rank or the number of units.",
        "{source}: {stated} không phải là thứ hạng trong số {expected} đơn vị; hãy sửa thứ hạng hoặc tổng số đơn vị.",
    ),
    "rate_differs_from_counts": Text(
        "{source}: the rate is stated {stated}%, but {numerator}/{denominator} is {expected}%, and points use the "
        "counts; correct the rate or the counts.",
        "{source}: tỷ lệ ghi {stated}%, nhưng {numerator}/{denominator} là {expected}%, và điểm tính theo số lượng; "
        "hãy sửa tỷ lệ hoặc số lượng.",
    ),
    "rate_out_of_range": Text(
        "{source}: {stated}% lies outside 0–100%; look for a slipped comma or digit.",
        "{source}: {stated}% nằm ngoài khoảng 0–100%; hãy xem lại dấu phẩy hoặc chữ số thừa.",
    ),
    "reported_total_differs": Text(
        "{source} reports a total of {stated}, but the groups add up to {expected} (±{tolerance} by rounding); correct "
        "the total or a group.",
        "{source} công bố tổng điểm {stated}, nhưng các nhóm cộng lại bằng {expected} (sai số làm tròn ±{tolerance}); "
        "hãy sửa tổng điểm hoặc điểm nhóm.",
    ),
    "sources_disagree": Text(
        "{source} states {stated}, {other} states {expected}; find out which is right and correct the other.",
        "{source} ghi {stated}, {other} ghi {expected}; hãy xác định số liệu đúng rồi rút hoặc sửa số liệu còn lại.",
    ),
    "value_of_ended_unit": Text(
        "{source}: {stated} is stated for a unit that has ended on {valid_to}, and no board shows it; take the figure "
        "back or correct the unit's last day. Its work is carried on by: {successors}.",
        "{source}: ghi {stated} cho đơn vị đã chấm dứt hoạt động ngày {valid_to} nên không lên bảng nào; hãy rút số "
        "liệu hoặc sửa ngày kết thúc của đơn vị. Đơn vị kế tục: {successors}.",
    ),
}
NOT_BEGUN = Text(
    "{source}: {stated} is stated for a unit that exists from {valid_from} on, and no board shows it; take the figure "
    "back or correct the unit's first day.",
    "{source}: ghi {stated} cho đơn vị tồn tại từ ngày {valid_from} nên không lên bảng nào; hãy rút số liệu hoặc sửa "
    "ngày bắt đầu của đơn vị.",
)
UNDER_ENDED = Text(
    "{source}: {stated} is stated for a unit under {above}, which has ended on {valid_to}: no board of a unit above "
    "{above} shows it. Move the unit (an event of the kind `move`) or correct the last day of {above}. The work of "
    "{above} is carried on by: {successors}.",
    "{source}: ghi {stated} cho đơn vị trực thuộc {above}, trong khi {above} đã chấm dứt hoạt động ngày {valid_to} nên "
    "số liệu không lên bảng của cấp cao hơn. Hãy chuyển đơn vị (sự kiện `move`) hoặc sửa ngày kết thúc của {above}. "
    "Đơn vị kế tục {above}: {successors}.",
)
UNDER_NOT_BEGUN = Text(
    "{source}: {stated} is stated for a unit under {above}, which exists from {valid_from} on: no board of a "
    "unit above {above} shows it. Correct the first day of {above}, or under whom the unit stood before.",
    "{source}: ghi {stated} cho đơn vị trực thuộc {above}, trong khi {above} tồn tại từ ngày {valid_from} nên số liệu "
    "không lên bảng của cấp cao hơn. Hãy sửa ngày bắt đầu của {above}, hoặc đơn vị cấp trên trước đó.",
)
NO_RATE = Text(
    "{source}: the rate is stated {stated}%, but {numerator}/{denominator} has none; correct the rate or the counts.",
    "{source}: tỷ lệ ghi {stated}%, nhưng {numerator}/{denominator} không có tỷ lệ; hãy sửa tỷ lệ hoặc số lượng.",
)
"""Where a rate is stated of nothing."""
NONE_BESIDE_RATE = Text(
    "{source}: the rate is stated {stated}%, but 0 is counted beside it, which is {expected}%; correct the rate or the "
    "count.",
    "{source}: tỷ lệ ghi {stated}%, nhưng tử số ghi kèm là 0, tức {expected}%; hãy sửa tỷ lệ hoặc tử số.",
)
"""Where a numerator of 0 stands without its whole."""
COUNTS_DISAGREE = Text(
    "{source} counts {stated} in the numerator, {other} counts {expected}; find out which is right and correct the "
    "other.",
    "{source} ghi tử số {stated}, {other} ghi tử số {expected}; hãy xác định số liệu đúng rồi rút hoặc sửa số liệu "
    "còn lại.",
)
"""`sources_disagree` where a numerator stands without its whole, so that the rates alone may look alike."""
ABSENT_TEXTS: dict[tuple[bool, bool], Text | None] = {
    (True, True): None,
    (True, False): NOT_BEGUN,
    (False, True): UNDER_ENDED,
    (False, False): UNDER_NOT_BEGUN,
}
"""The words of `value_of_ended_unit`: is it the unit itself that did not exist (else one above it), has that begun?"""
NOBODY = Text("nobody that is stated", "chưa ghi đơn vị nào")
OUT_OF_REACH = Text(
    "{source} reports a total of {stated}, but with the groups that are known it can only be {expected}, whatever the "
    "others hold (±{tolerance} by rounding); correct the total or a group.",
    "{source} công bố tổng điểm {stated}, nhưng theo các nhóm đã biết chỉ có thể là {expected}, dù các nhóm còn lại "
    "được bao nhiêu điểm (sai số làm tròn ±{tolerance}); hãy sửa tổng điểm hoặc điểm nhóm.",
)
"""`reported_total_differs` where some groups have no points: `expected` is the nearest total that they allow."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a figure of a source: what is stated, and what follows from the rest (None: nothing)."""

    rule: FindingRule
    unit: str
    indicator: str
    source: str
    stated: Number | None
    expected: Number | None
    context: Mapping[str, object] = field(default_factory=dict)
    text: Text | None = None
    indicators: tuple[str, ...] = ()
    """All indicators that it is about, where there are several."""

    @property
    def severity(self) -> Severity:
        return "warning" if self.rule in WARNINGS else "error"

    @property
    def key(self) -> list[str]:
        """The order of findings."""
        return [self.unit, self.rule, self.indicator, self.source]

    def detail(self, language: Language) -> str:
        """The sentence, its figures as the language writes them; Vietnamese calls sources by their names."""
        said = {"source": self.source, "stated": self.stated, "expected": self.expected, **self.context}
        text = self.text or SENTENCES[self.rule]
        words = {name: as_text(each, language) for name, each in said.items()}
        if language == "vi":
            words |= {
                name: SOURCES.get(code, code)
                for name in ("source", "other")
                if isinstance(code := words.get(name), str)
            }
        return text.render(language, words)


def as_text(said: object, language: Language) -> object:
    """A figure as the language writes it; anything else as it is.

    >>> as_text(Decimal("70.63"), "vi"), as_text((Decimal(3863), Decimal(5454)), "en")
    ('70,63', '3,863/5,454')
    """
    if isinstance(said, tuple):
        return "/".join(str(as_text(each, language)) for each in said)
    return print_figure(said, language) if isinstance(said, Decimal) else said


def plain(number: Number | None) -> str | None:
    """A figure as a program reads it, with the decimals it was printed with.

    >>> plain(Decimal("70.60")), plain((Decimal(3863), Decimal(5454)))
    ('70.60', '3863/5454')
    """
    if number is None:
        return None
    return "/".join(format(each, "f") for each in (number if isinstance(number, tuple) else (number,)))
