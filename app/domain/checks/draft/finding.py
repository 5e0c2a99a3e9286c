"""What a check found: which rule, where, what was printed, what follows from the rest, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.errors import MOST_FAULTS, Language, Text

Severity = Literal["error", "warning"]

NOW = Text("this period", "kỳ này")
BEFORE = Text("the period before", "kỳ trước")
WARNINGS = frozenset(
    {"changes_do_not_add_up", "decimals_differ", "previous_total_differs", "points_differ", "rank_cohorts_differ"}
)
"""Rules that rest on figures which are not printed themselves, or on custom; all others name a contradiction."""

MEND = {
    "rate_differs_from_counts": Text(
        "The rate of {side} is printed {stated}, but its counts {counts} make {expected}; correct rate or counts.",
        "Tỷ lệ của {side} ghi {stated}, nhưng số liệu {counts} cho {expected}; hãy sửa tỷ lệ hoặc số lượng.",
    ),
    "complements_not_100": Text(
        "The shares of {side} add up to {stated}, not to {expected}; one of the {count} rates is wrong.",
        "Các tỷ lệ của {side} cộng lại bằng {stated}, không phải {expected}; có tỷ lệ sai trong {count} dòng.",
    ),
    "change_wrong": Text(
        "The change is printed {stated}, but {now} after {before} is a change of {expected}; correct value and sign.",
        "Mức tăng, giảm ghi {stated}, nhưng từ {before} đến {now} là {expected}; hãy sửa giá trị và dấu.",
    ),
    "change_unit_wrong": Text(
        "The change is printed {stated}, but points change by points, ranks by places, and only rates by %; print "
        "{expected}.",
        "Mức tăng, giảm ghi {stated}, nhưng điểm tăng, giảm theo điểm, thứ hạng theo bậc, chỉ tỷ lệ theo %; hãy ghi "
        "{expected}.",
    ),
    "total_differs_from_groups": Text(
        "The total is printed {stated}, but the groups add up to {expected} (±{tolerance} by rounding); correct the "
        "total or a group.",
        "Tổng điểm ghi {stated}, nhưng các nhóm cộng lại bằng {expected} (sai số làm tròn ±{tolerance}); hãy sửa tổng "
        "điểm hoặc điểm nhóm.",
    ),
    "totals_disagree": Text(
        "The total is printed {stated} in one place and {expected} in another; print the same in both.",
        "Tổng điểm nơi ghi {stated}, nơi ghi {expected}; hãy ghi thống nhất.",
    ),
    "points_exceed_max": Text(
        "{stated} points are not between 0 and the {expected} that can be had; correct the points.",
        "{stated} điểm không nằm trong khoảng từ 0 đến {expected} điểm tối đa; hãy sửa điểm.",
    ),
    "changes_do_not_add_up": Text(
        "The total is said to change by {stated}, but the groups change by {expected} (±{tolerance} by rounding); "
        "correct a change.",
        "Tổng điểm ghi thay đổi {stated}, nhưng các nhóm thay đổi tổng cộng {expected} (sai số làm tròn ±{tolerance}); "
        "hãy sửa mức tăng, giảm.",
    ),
    "previous_total_differs": Text(
        "The total before is printed {stated}, but points less changes of the groups add up to {expected} "
        "(±{tolerance} by rounding); correct a change or the total before.",
        "Tổng điểm kỳ trước ghi {stated}, nhưng điểm trừ mức tăng, giảm của các nhóm cộng lại bằng {expected} (sai số "
        "làm tròn ±{tolerance}); hãy sửa mức tăng, giảm hoặc tổng điểm kỳ trước.",
    ),
    "rank_change_wrong": Text(
        "The rank is said to move by {stated}, but from {before} to {now} is {expected} (up is positive); correct it.",
        "Thứ hạng ghi thay đổi {stated}, nhưng từ {before} đến {now} là {expected} (tăng bậc là dương); hãy sửa lại.",
    ),
    "rank_cohorts_differ": Text(
        "The rank is said to move by {stated}, but {before} and {now} are places among different numbers of units: no "
        "move can be concluded. Leave the move out, or say that the cohorts differ.",
        "Thứ hạng ghi thay đổi {stated}, nhưng {before} và {now} là thứ hạng trong số đơn vị khác nhau nên không so "
        "sánh được; hãy bỏ mức thay đổi hoặc ghi rõ số đơn vị khác nhau.",
    ),
    "unit_repeated": Text(
        "`{stated}` stands {count} times in one list; name it once.",
        "`{stated}` được nêu {count} lần trong một danh sách; hãy chỉ nêu một lần.",
    ),
    "decimals_differ": Text(
        "{stated} is printed with fewer decimals than {finest} in the same list; print all of them with {decimals}.",
        "{stated} ghi ít chữ số thập phân hơn {finest} trong cùng danh sách; hãy ghi thống nhất {decimals} chữ số.",
    ),
    "against_not_earlier": Text(
        "The draft of {period} is compared with {stated}, which is no earlier period; compare it with {expected}.",
        "Bản thảo của kỳ {period} so sánh với {stated}, không phải kỳ trước đó; hãy so sánh với {expected}.",
    ),
    "counts_do_not_add_up": Text(
        "The text states {stated}, but the counts of the list add up to {expected}; correct the sum or a count.",
        "Văn bản ghi tổng {stated}, nhưng số liệu trong danh sách cộng lại bằng {expected}; hãy sửa tổng hoặc số liệu.",
    ),
    "list_length_wrong": Text(
        "The text states {stated} units, but the list names {expected}; correct the number or the list.",
        "Văn bản ghi {stated} đơn vị, nhưng danh sách có {expected}; hãy sửa số lượng hoặc danh sách.",
    ),
    "classes_do_not_add_up": Text(
        "The classes are said to be of {stated} units, but they count {expected}; correct a count or the whole.",
        "Văn bản ghi xếp loại {stated} đơn vị, nhưng các mức cộng lại bằng {expected}; hãy sửa số lượng hoặc tổng số.",
    ),
    "exceeds_population": Text(
        "{stated} of {side} are counted among only {expected} (`{base}`); the figures are of different populations.",
        "Số liệu {side} ghi {stated}, trong khi tổng thể (`{base}`) chỉ có {expected}; số liệu không cùng một phạm vi.",
    ),
    "figures_disagree": Text(
        "{stated} of {side} stands as {expected} in `{other}`, which is the same quantity; find out which is right.",
        "Số liệu {side} ghi {stated} nhưng tại `{other}`, cùng một nội dung, ghi {expected}; hãy kiểm tra lại.",
    ),
    "points_differ": Text(
        "{stated} points of {side} are stated, but the rates printed earn {expected} under {framework}; check both.",
        "Điểm {side} ghi {stated}, nhưng theo {framework} các tỷ lệ đã ghi được {expected} điểm; hãy kiểm tra cả hai.",
    ),
    "moment_outside_period": Text(
        "{stated} lies before {period} begins ({expected}) and does not close the period compared with; mend it.",
        "{stated} trước ngày bắt đầu kỳ {period} ({expected}) và không phải ngày chốt kỳ so sánh; hãy sửa ngày.",
    ),
}
"""Each rule's sentence, except where a figure cannot be used at all: its reading says why."""


@dataclass(frozen=True, slots=True)
class LetterFinding:
    """One thing wrong in a draft. `place` orders findings as the draft is read: part, item. Texts are as printed."""

    rule: str
    ref: str
    place: tuple[int, int]
    text: Text
    stated: str | None
    expected: str | None
    context: Mapping[str, object] = field(default_factory=dict)
    weight: Severity | None = None
    """What it is here, where that is not what its rule is: another figure says the same, or explains it."""

    @property
    def severity(self) -> Severity:
        return self.weight or ("warning" if self.rule in WARNINGS else "error")

    def detail(self, language: Language) -> str:
        return self.text.render(language, self.context)


def finding(
    rule: str, ref: str, place: tuple[int, int], stated: str, expected: str | None, **context: object
) -> LetterFinding:
    """The finding of a rule of MEND."""
    shown = {"stated": stated, "expected": expected, **context}
    return LetterFinding(rule, ref, place, MEND[rule], stated, expected, shown)


AGAINST_RESTATED = Text(
    "The change is printed {stated}, which is against {restated}, as the period before was also stated; against "
    "{before}, which is printed, it is {expected}. Say which of the two it is against.",
    "Mức tăng, giảm ghi {stated} là so với {restated}, số liệu khác đã biết của kỳ trước; so với {before} đã ghi thì "
    "là {expected}. Hãy ghi rõ so với số liệu nào.",
)
"""Of a change that fits another known observation of the period before."""


def against_restated(found: LetterFinding, restated: str) -> LetterFinding:
    """The finding about a change as a warning, since it fits another observation of the period before."""
    return replace(found, text=AGAINST_RESTATED, context={**found.context, "restated": restated}, weight="warning")


FURTHER = Text(
    "{count} further thing(s) are wrong; only the first {most} are named.",
    "Còn {count} chỗ khác cần xem lại; chỉ liệt kê {most} chỗ đầu tiên.",
)


def further(count: int, place: tuple[int, int]) -> LetterFinding:
    """`further_findings`: how many there are besides those that are named."""
    return LetterFinding("further_findings", "", place, FURTHER, None, None, {"count": count, "most": MOST_FAULTS})
