"""What it takes, said plainly in Vietnamese and in English, to be read aloud."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Name
from app.domain.insight.levers import Growth, Lever
from app.domain.insight.reach import LeafReach, UnitReach
from app.domain.scoring.absences import MOST_NAMED, say_names
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.sentences import say_number
from app.errors import Language, Text

TARGETS = {
    "band": Text("the class {name} ({points} points)", "mức {name} ({points} điểm)"),
    "rank": Text("rank {rank} ({points} points)", "hạng {rank} ({points} điểm)"),
    "total": Text("{points} points", "{points} điểm"),
}
SENTENCES = {
    "reached": Text(
        "With {total} points the unit has reached {target}; nothing more is needed",
        "Đơn vị được {total} điểm, đã đạt {target}, không cần làm thêm",
    ),
    "lacking": Text(
        "To reach {target} the unit lacks {lacking} points", "Để đạt {target}, đơn vị cần thêm {lacking} điểm"
    ),
    "demanded": Text(
        "To reach {target} the unit has points enough in all, but {demands}",
        "Để đạt {target}, đơn vị đã đủ tổng điểm nhưng {demands}",
    ),
    "demands_unmet": Text(
        "The unit cannot reach {target}{held}: even with every figure at its best {demands}",
        "Đơn vị không thể đạt {target}{held}: dù mọi số liệu ở mức tốt nhất, {demands}",
    ),
    "alone": Text("criterion “{name}” alone takes {move}", "riêng tiêu chí “{name}” cần {move}"),
    "none_alone": Text("no criterion suffices alone", "không tiêu chí nào một mình là đủ"),
    "exact": Text(
        "the fewest cases in all are {cases}, of {count} criteria: {moves}",
        "ít nhất là {cases} trường hợp ở {count} tiêu chí: {moves}",
    ),
    "greedy": Text(
        "one way takes {cases} cases of {count} criteria: {moves}",
        "một cách làm là {cases} trường hợp ở {count} tiêu chí: {moves}",
    ),
    "together": Text("several have to improve together", "phải cải thiện nhiều tiêu chí cùng lúc"),
    "not_found": Text(
        "No way was found for the unit to reach {target}{held}; the most that was found are {most} points",
        "Chưa tìm được cách để đơn vị đạt {target}{held}; phương án tốt nhất tìm được là {most} điểm",
    ),
    "out_of_reach": Text(
        "The unit cannot reach {target}{held}: with every figure at its best it would have {most} points",
        "Đơn vị không thể đạt {target}{held}: mọi tiêu chí ở mức tốt nhất cũng chỉ được {most} điểm",
    ),
    "not_of_figures": Text(
        "What {target} takes cannot be computed: the points do not rest on figures of this unit that can be changed",
        "Không tính được cần gì để đạt {target}: điểm hiện có không phụ thuộc số liệu mà đơn vị có thể thay đổi",
    ),
    "open": Text(
        "Whether the unit reaches {target} cannot be told: by the figures that it can change it comes to {most} points "
        "at most{held}, and {names} may still bring others",
        "Chưa xác định được đơn vị có đạt {target} hay không: với các số liệu có thể cải thiện, đơn vị được nhiều nhất "
        "{most} điểm{held}, còn điểm của {names} có thể thay đổi",
    ),
    "incomplete": Text(
        "The unit lacks figures and has no class or rank yet; supply first those of {names}",
        "Đơn vị còn thiếu số liệu nên chưa được xếp loại, xếp hạng; trước hết cần bổ sung số liệu của {names}",
    ),
    "cohort_hidden": Text(
        "What rank {rank} takes cannot be told: the key does not see all units that are ranked together",
        "Không tính được cần gì để đạt hạng {rank}: khóa này không xem được toàn bộ các đơn vị cùng xếp hạng",
    ),
    "cohort_partial": Text(
        "What rank {rank} takes cannot be told: figures of some of the units that are ranked together are missing",
        "Không tính được cần gì để đạt hạng {rank}: còn đơn vị cùng xếp hạng chưa có số liệu",
    ),
}
MOVES = {
    "rise": Text(
        "{more} more {noun} (from {before} to {after} of {whole})",
        "thêm {more} {noun} (từ {before} lên {after} trên {whole} {noun})",
    ),
    "fall": Text(
        "{more} fewer {noun} (from {before} to {after} of {whole})",
        "giảm {more} {noun} (từ {before} xuống {after} trên {whole} {noun})",
    ),
    "count_rise": Text("{more} more (from {before} to {after})", "tăng thêm {more} {noun} (từ {before} lên {after})"),
    "count_fall": Text("{more} fewer (from {before} to {after})", "giảm {more} {noun} (từ {before} xuống {after})"),
    "grow": Text(
        "{more} further {noun} that all count (from {before} of {whole} to {after} of {grown})",
        "thêm {more} {noun} mới đều đạt (từ {before} trên {whole} lên {after} trên {grown} {noun})",
    ),
    "grow_by": Text(
        "{more} of {by} further {noun} to count (from {before} of {whole} to {after} of {grown})",
        "{more} trong {by} {noun} mới phải đạt (từ {before} trên {whole} lên {after} trên {grown} {noun})",
    ),
    "spare": Text(
        "{more} further {noun} none of which counts (from {before} of {whole} to {after} of {grown})",
        "thêm {more} {noun} mới, không {noun} nào bị tính vào tỷ lệ này (từ {before} trên {whole} thành {after} trên "
        "{grown} {noun})",
    ),
    "spare_by": Text(
        "{more} of {by} further {noun} not to count (from {before} of {whole} to {after} of {grown})",
        "{more} trong {by} {noun} mới không bị tính vào tỷ lệ này (từ {before} trên {whole} thành {after} trên "
        "{grown} {noun})",
    ),
    "figure_rise": Text("a rise from {before} to {after}", "tăng từ {before} lên {after}"),
    "figure_fall": Text("a fall from {before} to {after}", "giảm từ {before} xuống {after}"),
}
OF_CRITERION = Text("{move} of “{name}”", "{move} ở tiêu chí “{name}”")
MORE = Text("{names} and {count} more", "{names} và {count} tiêu chí khác")
HELD = {
    "stands": Text(" while the denominators stand", " khi mẫu số giữ nguyên"),
    "by": Text(" with {by} further cases", " khi có thêm {by} trường hợp mới"),
    "grows": Text(" however many further cases come in", " dù có thêm bao nhiêu trường hợp mới"),
}
CASES = Text("cases", "trường hợp")


@dataclass(frozen=True, slots=True)
class Speaker:
    """What sentences need beside the numbers: the language, what cases of an indicator are called, the decimals."""

    language: Language
    nouns: Mapping[str, str]
    decimals: int

    def render(self, text: Text, **words: object) -> str:
        return text.render(self.language, words)

    def number(self, amount: Fraction | Decimal | int) -> str:
        """To four decimals at most, half up."""
        return say_number(unscaled(round_half_up(Fraction(amount) * 10**4), 4), self.language)

    def points(self, units: int) -> str:
        return self.number(unscaled(units, self.decimals))

    def name(self, name: Name) -> str:
        return name.vi if self.language == "vi" or name.en is None else name.en

    def noun(self, indicator: str) -> str:
        own = self.nouns.get(indicator) if self.language == "vi" else None
        return own or self.render(CASES)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a class demands in single criteria and the unit lacks, as a sentence says it: now, and at its best."""

    now: str = ""
    at_best: str = ""


def target_words(kind: str, points: int | None, rank: int | None, name: Name | None) -> Callable[[Speaker], str]:
    """What is to be reached, as a sentence names it."""

    def say(speaker: Speaker) -> str:
        shown = "" if points is None else speaker.points(points)
        text = TARGETS[kind] if points is not None or kind != "rank" else Text("rank {rank}", "hạng {rank}")
        return speaker.render(text, points=shown, rank=rank, name=speaker.name(name) if name else "")

    return say


def say_move(speaker: Speaker, lever: Lever, steps: int) -> str:
    """What is to be done of one figure."""
    before, after = lever.after(0), lever.after(steps)
    noun, more = speaker.noun(lever.indicator), speaker.number(abs(lever.change(steps)))
    if before.denominator is None:
        unit = "%" if lever.counted_in == "percentage_points" else ""
        kind = f"{'count' if lever.counted_in == 'cases' else 'figure'}_{'rise' if lever.sign > 0 else 'fall'}"
        shown = [f"{speaker.number(each.figure)}{unit}" for each in (before, after)]
        return speaker.render(MOVES[kind], more=more, noun=noun, before=shown[0], after=shown[1])
    counts = (before.numerator, after.numerator, before.denominator, after.denominator)
    words = dict(
        zip(("before", "after", "whole", "grown"), (speaker.number(each or 0) for each in counts), strict=True)
    )
    by = speaker.number(lever.growth.by or 0)
    return speaker.render(MOVES[_kind(lever)], more=more, noun=noun, by=by, **words)


def _kind(lever: Lever) -> str:
    if not lever.growth.grows:
        return "rise" if lever.sign > 0 else "fall"
    return ("grow" if lever.sign > 0 else "spare") + ("" if lever.growth.by is None else "_by")


def say_reach(speaker: Speaker, found: UnitReach, target: str, lacking: int, demands: Demands) -> str:
    """The sentence for a target that is not reached yet."""
    if not found.reachable:
        return _out_of_reach(speaker, found, target, demands)
    if lacking <= 0 and demands.now:
        parts = [speaker.render(SENTENCES["demanded"], target=target, demands=demands.now)]
    else:
        parts = [speaker.render(SENTENCES["lacking"], target=target, lacking=speaker.points(lacking))]
    able = [each for each in found.leaves if each.lever is not None and each.alone is not None and each.alone.steps]
    alone = min(able, key=_effort, default=None)
    if alone is None:
        parts.append(speaker.render(SENTENCES["none_alone"]))
    elif alone.lever is not None and alone.alone is not None and alone.alone.steps is not None:
        move = say_move(speaker, alone.lever, alone.alone.steps)
        parts.append(speaker.render(SENTENCES["alone"], name=speaker.name(alone.leaf.criterion.name), move=move))
    if len(found.steps) > 1 or (alone is None and found.steps):
        parts.append(_say_set(speaker, found))
    elif alone is None:
        parts.append(speaker.render(SENTENCES["together"]))
    return "; ".join(parts)


def _effort(each: LeafReach) -> tuple[bool, int]:
    """Cases before other figures, few before many."""
    assert each.lever is not None
    assert each.alone is not None
    return each.lever.counted_in != "cases", each.alone.steps or 0


def _say_set(speaker: Speaker, found: UnitReach) -> str:
    assert found.least is not None
    moves = [
        speaker.render(
            OF_CRITERION,
            move=say_move(speaker, each.lever, each.steps),
            name=speaker.name(each.leaves[0].criterion.name),
        )
        for each in sorted(found.steps, key=lambda each: -each.steps)
    ]
    told = ", ".join(moves[:MOST_NAMED])
    if len(moves) > MOST_NAMED:
        told = speaker.render(MORE, names=told, count=len(moves) - MOST_NAMED)
    cases = speaker.number(sum(each.steps for each in found.steps))
    return speaker.render(SENTENCES[found.least.method], cases=cases, count=len(moves), moves=told)


def _out_of_reach(speaker: Speaker, found: UnitReach, target: str, demands: Demands) -> str:
    levers = [each.lever for each in found.leaves if each.lever is not None]
    if not levers:
        return speaker.render(SENTENCES["not_of_figures"], target=target)
    growth: Growth = levers[0].growth
    way = "stands" if not growth.grows else "grows" if growth.by is None else "by"
    held = speaker.render(HELD[way], by=speaker.number(growth.by or 0))
    if found.certain and demands.at_best:
        return speaker.render(SENTENCES["demands_unmet"], target=target, held=held, demands=demands.at_best)
    kind = "out_of_reach" if found.certain else "open" if found.open else "not_found"
    names = say_names([leaf.criterion.name for leaf in found.open], speaker.language)
    return speaker.render(SENTENCES[kind], target=target, held=held, most=speaker.points(found.most), names=names)


def say_incomplete(speaker: Speaker, names: Sequence[Name]) -> str:
    return speaker.render(SENTENCES["incomplete"], names=say_names(names, speaker.language))
