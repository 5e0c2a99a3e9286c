"""What happened at a node, said plainly in Vietnamese and in English: one sentence for each way to get points."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Name
from app.domain.scoring.arithmetic import round_half_up
from app.errors import Language, Text

SENTENCES: dict[str, Text] = {
    "ratio": Text(
        "{name}: {figure} of {max} points {equals} {points} points",
        "{name}: đạt {figure}, được {points}/{max} điểm",
    ),
    "ratio_target": Text(
        "{name}: {figure}, full marks ({max} points) at {full}: {points} points",
        "{name}: đạt {figure}, đủ {max} điểm khi đạt {full}: được {points} điểm",
    ),
    "ratio_from": Text(
        "{name}: {figure}, points from {start} up to full marks ({max} points) at {full}: {points} points",
        "{name}: đạt {figure}, tính điểm từ {start} đến đủ {max} điểm tại {full}: được {points} điểm",
    ),
    "steps": Text(
        "{name}: {figure} reaches the step of {threshold}: {points} of {max} points",
        "{name}: {figure} đạt mức từ {threshold}: được {points}/{max} điểm",
    ),
    "steps_none": Text(
        "{name}: {figure} reaches no step: {points} of {max} points",
        "{name}: {figure} chưa đạt mức nào: được {points}/{max} điểm",
    ),
    "piecewise": Text(
        "{name}: {figure} lies between {low} ({low_points} points) and {high} ({high_points} points): {points} of "
        "{max} points",
        "{name}: {figure} nằm giữa mức {low} ({low_points} điểm) và mức {high} ({high_points} điểm), được "
        "{points}/{max} điểm",
    ),
    "piecewise_below": Text(
        "{name}: {figure} is below {low}, where the points begin: {points} of {max} points",
        "{name}: {figure} thấp hơn mức bắt đầu {low}, được {points}/{max} điểm",
    ),
    "piecewise_above": Text(
        "{name}: {figure} has come to {high}, from where the points no longer change: {points} of {max} points",
        "{name}: {figure} đạt mức {high} trở lên, điểm không thay đổi nữa, được {points}/{max} điểm",
    ),
    "min_max": Text(
        "{name}: {figure}, between the lowest {least} and the highest {most} of {compared} units: {points} of {max} "
        "points",
        "{name}: đạt {figure}, trong khoảng từ mức thấp nhất {least} đến mức cao nhất {most} của {compared} đơn vị, "
        "được {points}/{max} điểm",
    ),
    "z": Text(
        "{name}: {figure}, {position} standard deviations from {mean}, the mean of {compared} units: {points} of {max} "
        "points",
        "{name}: đạt {figure}, lệch {position} lần độ lệch chuẩn so với mức trung bình {mean} của {compared} đơn vị, "
        "được {points}/{max} điểm",
    ),
    "percentile": Text(
        "{name}: {figure}, more than {lower} of {others} other units and as much as {equal}: {points} of {max} points",
        "{name}: đạt {figure}, cao hơn {lower} và bằng {equal} trong số {others} đơn vị khác, được {points}/{max} điểm",
    ),
    "compared": Text(
        "{name}: {figure}, {points} of {max} points in comparison with other units",
        "{name}: đạt {figure}, tính điểm so với các đơn vị khác, được {points}/{max} điểm",
    ),
    "reported": Text(
        "{name}: {points} of {max} points as the source reports them",
        "{name}: {points}/{max} điểm theo số điểm nguồn công bố",
    ),
    "deduction": Text(
        "{name}: {figure}, {deducted} points off {max} for every {per}: {points} points",
        "{name}: {figure}, cứ {per} trừ {deducted} điểm trong {max} điểm: còn {points} điểm",
    ),
    "sum": Text(
        "{name}: the components add up to {points} of {max} points",
        "{name}: tổng các tiêu chí thành phần là {points}/{max} điểm",
    ),
    "sum_shared": Text(
        "{name}: {points} of {max} points, the weight of what is left out being shared among the rest",
        "{name}: {points}/{max} điểm sau khi chia trọng số của phần không xét cho các tiêu chí còn lại",
    ),
    "sum_applicable": Text(
        "{name}: the components add up to {points} of the {applicable} points that apply",
        "{name}: tổng các tiêu chí thành phần là {points} điểm trên {applicable} điểm được áp dụng",
    ),
    "share_of_applicable": Text(
        "{name}: {earned} of the {applicable} points that apply, which is {points} of {max} points",
        "{name}: đạt {earned} điểm trên {applicable} điểm được áp dụng, quy đổi thành {points}/{max} điểm",
    ),
    "weighted_mean": Text(
        "{name}: the weighted mean of the components is {points} of {max} points",
        "{name}: trung bình có trọng số của các tiêu chí thành phần là {points}/{max} điểm",
    ),
    "geometric_mean": Text(
        "{name}: the geometric mean of the components is {points} of {max} points",
        "{name}: trung bình nhân của các tiêu chí thành phần là {points}/{max} điểm",
    ),
    "best": Text(
        "{name}: the best of the components counts: {points} of {max} points",
        "{name}: tính theo tiêu chí thành phần cao nhất, được {points}/{max} điểm",
    ),
    "worst": Text(
        "{name}: the lowest of the components counts: {points} of {max} points",
        "{name}: tính theo tiêu chí thành phần thấp nhất, được {points}/{max} điểm",
    ),
    "partial": Text(
        "{name}: only part of the figures is known, without {absent}; what is known comes to {points} of {max} points",
        "{name}: mới có một phần số liệu, chưa có {absent}; phần đã biết được {points}/{max} điểm",
    ),
    "nothing_known": Text(
        "{name}: no component has points, so there are none",
        "{name}: chưa tiêu chí thành phần nào có điểm nên không có điểm",
    ),
    "all_excluded": Text(
        "{name}: every component is left out, so this is left out as well",
        "{name}: mọi tiêu chí thành phần đều không xét nên cũng không xét",
    ),
}
"""By what the node did; the sentences of the policies are put together below."""

_ABSENCES = {
    "missing": Text("there is no figure", "chưa có số liệu"),
    "zero_denominator": Text("the denominator is zero", "mẫu số bằng 0"),
    "zero_denominators": Text("every denominator below it is zero", "mọi mẫu số bên dưới đều bằng 0"),
    "nothing_to_compare": Text(
        "there is no other unit whose figure differs", "không có đơn vị nào khác có số liệu khác để so sánh"
    ),
    "not_applicable": Text("not meant for units of this level", "không áp dụng cho đơn vị cấp này"),
}
_EARNED = {
    "none": Text("no points", "không có điểm"),
    "zero": Text("0 of {max} points", "tính 0/{max} điểm"),
    "full": Text("all {max} points", "tính đủ {max} điểm"),
    "exclude": Text(
        "left out, its weight being shared among the rest", "không xét, trọng số chia cho các tiêu chí còn lại"
    ),
}

_ONE = re.compile(r"(?<![\d.,])1 points\b")

Words = Mapping[str, "str | Decimal | Quantity"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as a sentence shows it: a number with its unit, or counts with the percentage they make.

    To so many `places` at most; a percentage that counts make, to two.
    """

    exact: Fraction
    percent: bool
    counts: tuple[Decimal, Decimal] | None = None
    places: int = 4

    def say(self, language: Language) -> str:
        places = 2 if self.counts else self.places
        rounded = unscaled(round_half_up(self.exact * 10**places), places)
        sign = "" if Fraction(rounded) == self.exact else "≈ "
        number = f"{sign}{say_number(rounded, language)}{'%' if self.percent else ''}"
        if not self.counts:
            return number
        return f"{'/'.join(say_number(count, language) for count in self.counts)} ({number})"


def say_number(number: Decimal, language: Language) -> str:
    """With digits grouped: 1.746 and 16,5 in Vietnamese, 1,746 and 16.5 in English.

    >>> say_number(Decimal("25775.5"), "vi"), say_number(Decimal("25775.5"), "en")
    ('25.775,5', '25,775.5')
    """
    english = f"{number:,f}"
    english = english.rstrip("0").rstrip(".") if "." in english else english
    return english.translate({ord(","): ".", ord("."): ","}) if language == "vi" else english


def name_in(name: Name, language: Language) -> str:
    """In the language, where the framework has it in that."""
    return name.vi if language == "vi" or name.en is None else name.en


def say(kind: str, language: Language, words: Words) -> str:
    """The sentence of that kind, its numbers as the language writes them."""
    said = SENTENCES[kind].render(language, _localised(language, words))
    return _ONE.sub("1 point", said) if language == "en" else said


def say_policy(absence: str, policy: str, language: Language, words: Words) -> str:
    """Why there is no figure to score, and what the criterion earns all the same."""
    spoken = _localised(language, words)
    why, what = _ABSENCES[absence].render(language, spoken), _EARNED[policy].render(language, spoken)
    return f"{spoken['name']}: {why}, {what}"


def _localised(language: Language, words: Words) -> dict[str, object]:
    spoken: dict[str, object] = {}
    for key, word in words.items():
        if isinstance(word, Decimal):
            spoken[key] = say_number(word, language)
        else:
            spoken[key] = word.say(language) if isinstance(word, Quantity) else word
    return spoken
