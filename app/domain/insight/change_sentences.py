"""Why a total changed, in a few sentences that can be read aloud, in Vietnamese and in English."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.figures import unscaled
from app.domain.frameworks.framework import Name
from app.domain.insight.change import TotalChange
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.sentences import say_number
from app.domain.vietnamese_labels import period_words
from app.errors import Language, Text

MOST_NAMED = 3

_TOTAL = Text(
    "{unit}, {period}: the total is {now}, {move} against {against} ({before}).",
    "{unit}, {period}: tổng điểm là {now}, {move} so với {against} ({before}).",
)
_SAME = Text(
    "{unit}, {period}: the total is {now}, the same as in {against}.",
    "{unit}, {period}: tổng điểm là {now}, bằng {against}.",
)
_NOT_WHOLE = Text(
    "{unit}, {period}: the total is {now}, and was {before} in {against}; figures are missing, so that this is neither "
    "a rise nor a fall.",
    "{unit}, {period}: tổng điểm là {now}, {against} là {before}; do còn thiếu số liệu nên chưa thể coi là tăng hay "
    "giảm.",
)
_WITHHELD = Text(
    "{unit}: the totals of {period} and {against} cannot be compared, because {reason}.",
    "{unit}: không so sánh được tổng điểm {period} với {against} vì {reason}.",
)
_NONE_EARLIER = Text(
    "{unit}, {period}: there is no earlier period to compare with.",
    "{unit}, {period}: không có kỳ trước để so sánh.",
)
REASONS = {
    "rules_changed": Text(
        "they follow different versions of the index", "hai kỳ áp dụng hai phiên bản bộ chỉ số khác nhau"
    ),
    "unit_changed": Text("the unit was reorganised in between", "đơn vị đã được sắp xếp lại giữa hai kỳ"),
    "basis_changed": Text(
        "some of the points are computed on one side and stated by a source on the other",
        "có phần điểm mà một bên được tính từ số liệu, còn bên kia do nguồn công bố",
    ),
    "measured_once": Text(
        "of a group there was nothing to measure on one side, its denominators being zero",
        "có nhóm chỉ số không có gì để chấm ở một trong hai kỳ (mẫu số bằng 0)",
    ),
    "derived_total": Text(
        "a total was added up from points that had been rounded too coarsely",
        "có tổng điểm được cộng từ điểm các nhóm đã làm tròn, không đủ chính xác",
    ),
    "not_observed_again": Text("the figures were not looked up again", "số liệu chưa được tra cứu lại"),
    "no_total": Text("{period} has no total", "{period} chưa có tổng điểm"),
    "no_total_before": Text("{against} has no total of the unit", "{against} chưa có tổng điểm của đơn vị"),
}
"""Why there is no change to tell, mostly by the flag of the board that says so."""

_ROSE = Text(" Up: {names}.", " Tăng: {names}.")
_ROSE_MOST = Text(" Up most: {names}.", " Tăng nhiều nhất: {names}.")
_FELL = Text(" Down: {names}.", " Giảm: {names}.")
_FELL_MOST = Text(" Down most: {names}.", " Giảm nhiều nhất: {names}.")
_NAMED = Text("{name} ({points} points)", "{name} ({points} điểm)")
_COVERAGE = Text(
    " A part ({move}) comes from what is measured on one side alone ({names}) and not from any work done.",
    " Phần {move} là do chỉ có số liệu để chấm ở một trong hai kỳ ({names}), không phải do kết quả thực hiện.",
)
_ADJUSTED = Text(
    " A part ({move}) comes from bonus and penalty points ({names}).",
    " Phần {move} là do điểm cộng, điểm trừ ({names}).",
)
_CUT = Text(
    " A part ({move}) is due to the ends of the scale, beyond which no bonus or penalty goes.",
    " Phần {move} là do tổng điểm chạm mức cao nhất hoặc thấp nhất của thang điểm.",
)
_WEIGHTS = Text(
    " A part ({move}) is due to weights that moved to other criteria ({names}), not to their figures.",
    " Phần {move} là do trọng số chuyển sang tiêu chí khác ({names}), không phải do số liệu của các tiêu chí này.",
)
_COMPARED = Text(
    " A part ({move}) comes from the figures of the units that it is compared with ({names}).",
    " Phần {move} là do số liệu của các đơn vị khác được so sánh cùng ({names}).",
)
_UNEXPLAINED = Text(
    " A part ({move}) is not accounted for by the points of the groups that the source states.",
    " Phần {move} không giải thích được bằng điểm các nhóm do nguồn công bố.",
)
_UP = Text("up {points} points", "tăng {points} điểm")
_DOWN = Text("down {points} points", "giảm {points} điểm")
_LATER = Text("the later look-up", "lần tra cứu sau")
_EARLIER = Text("the earlier look-up", "lần tra cứu trước")

_RANK = Text(
    " Rank {before}, then {now} ({move}), by {whose}.", " Thứ hạng từ {before} {way} {now} ({move}), do {whose}."
)
_OWN = Text("the unit's own total", "điểm của chính đơn vị")
_OTHERS = Text("the totals of the others", "điểm của các đơn vị khác")
_RANK_OF_BOTH = Text(
    " Rank {before}, then {now} ({move}): {own} by the unit's own total, {others} by those of the others.",
    " Thứ hạng từ {before} {way} {now} ({move}): riêng điểm của đơn vị làm {own}, "
    "điểm của các đơn vị khác làm {others}.",
)
_RANK_KEPT = Text(" Rank {now} as before.", " Thứ hạng giữ nguyên: {now}.")
_RANK_KEPT_BY_BOTH = Text(
    " Rank {now} as before: {own} by the unit's own total, {others} by those of the others.",
    " Thứ hạng giữ nguyên: {now}; riêng điểm của đơn vị làm {own}, điểm của các đơn vị khác làm {others}.",
)
_PLACES_UP = Text("up {places}", "tăng {places} bậc")
_PLACES_DOWN = Text("down {places}", "giảm {places} bậc")
_UPWARD, _DOWNWARD = Text("to", "lên"), Text("to", "xuống")


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """What the sentences name: the unit, both periods, and both printed totals. `whole`: their change is a true one."""

    unit: str
    period: str
    against: str | None
    before: Decimal | None
    now: Decimal | None
    decimals: int
    whole: bool

    def spoken(self, language: Language) -> dict[str, object]:
        return {
            "unit": self.unit,
            "period": self._period(self.period, _LATER, language),
            "against": self._period(self.against or self.period, _EARLIER, language),
            **{
                name: "" if total is None else say_number(total, language)
                for name, total in (("before", self.before), ("now", self.now))
            },
        }

    def _period(self, code: str, look_up: Text, language: Language) -> str:
        """As letters name it; of two moments of one period, which of them."""
        words = period_words(code) if language == "vi" else code
        return words if self.against != self.period else f"{words} ({look_up.render(language, {})})"


def say_withheld(words: ChangeWords, reason: str, language: Language) -> str:
    """Why nothing is said of a change."""
    spoken = words.spoken(language)
    if words.against is None:
        return _NONE_EARLIER.render(language, spoken)
    return _WITHHELD.render(language, {**spoken, "reason": REASONS[reason].render(language, spoken)})


def say_change(words: ChangeWords, found: TotalChange, language: Language) -> str:
    """How much the total changed, the criteria that did most to it, and what is nobody's doing."""
    spoken, places = words.spoken(language), words.decimals
    move = _move(found.total, places, language)
    head = _NOT_WHOLE if not words.whole else _SAME if not found.total else _TOTAL
    effects = [(part.of.name, part.figures) for part in found.parts]
    came = sum((each.change for each in found.coverage), Fraction(0))
    said = [
        head.render(language, {**spoken, "move": move}),
        _most([(name, effect) for name, effect in effects if effect > 0], (_ROSE, _ROSE_MOST), places, language),
        _most([(name, -effect) for name, effect in effects if effect < 0], (_FELL, _FELL_MOST), places, language),
    ]
    if _rounded(came, places):
        names = "; ".join(_called(each.name, language) for each in found.coverage)
        said.append(_COVERAGE.render(language, {"move": _move(came, places, language), "names": names}))
    compared = [part for part in found.parts if part.others is not None and _rounded(part.others, places)]
    others = sum((part.others or Fraction(0) for part in compared), Fraction(0))
    if _rounded(others, places):
        names = "; ".join(_called(part.of.name, language) for part in compared[:MOST_NAMED])
        said.append(_COMPARED.render(language, {"move": _move(others, places, language), "names": names}))
    shifted = [part for part in found.parts if _rounded(part.weight, places)]
    weight = sum((part.weight for part in shifted), Fraction(0))
    if _rounded(weight, places):
        names = "; ".join(_called(part.of.name, language) for part in shifted[:MOST_NAMED])
        said.append(_WEIGHTS.render(language, {"move": _move(weight, places, language), "names": names}))
    adjusted = sum((each.effect for each in found.adjustments), Fraction(0))
    if _rounded(adjusted, places):
        moved = [each.name for each in found.adjustments if each.effect]
        names = "; ".join(_called(name, language) for name in moved)
        said.append(_ADJUSTED.render(language, {"move": _move(adjusted, places, language), "names": names}))
    if _rounded(found.cut, places):
        said.append(_CUT.render(language, {"move": _move(found.cut, places, language)}))
    if _rounded(found.unexplained, places):
        said.append(_UNEXPLAINED.render(language, {"move": _move(found.unexplained, places, language)}))
    return "".join(said)


def say_rank(before: int, now: int, own: int, language: Language) -> str:
    """The old and the new place, and by whose totals; `own`: the places that the unit gained itself."""
    change, others = before - now, before - now - own
    both = own != 0 != others
    spoken = {
        "before": before,
        "now": now,
        "way": (_UPWARD if change > 0 else _DOWNWARD).render(language, {}),
        "move": _places(change, language),
        "whose": (_OWN if own else _OTHERS).render(language, {}),
        "own": _places(own, language),
        "others": _places(others, language),
    }
    if not change:
        return (_RANK_KEPT_BY_BOTH if both else _RANK_KEPT).render(language, spoken)
    return (_RANK_OF_BOTH if both else _RANK).render(language, spoken)


def _places(change: int, language: Language) -> str:
    return (_PLACES_UP if change > 0 else _PLACES_DOWN).render(language, {"places": abs(change)})


def _most(found: Sequence[tuple[Name, Fraction]], texts: tuple[Text, Text], places: int, language: Language) -> str:
    """The criteria that did most, the greatest first; nothing of those that round to nothing."""
    shown = sorted((pair for pair in found if _rounded(pair[1], places)), key=lambda pair: -pair[1])
    named = [
        _NAMED.render(language, {"name": _called(name, language), "points": _points(effect, places, language)})
        for name, effect in shown[:MOST_NAMED]
    ]
    if not named:
        return ""
    return texts[len(shown) > MOST_NAMED].render(language, {"names": "; ".join(named)})


def _called(name: Name, language: Language) -> str:
    return name.vi if language == "vi" or name.en is None else name.en


def _move(change: Fraction, places: int, language: Language) -> str:
    return (_UP if change > 0 else _DOWN).render(language, {"points": _points(abs(change), places, language)})


def _points(amount: Fraction, places: int, language: Language) -> str:
    return say_number(_rounded(amount, places), language)


def _rounded(amount: Fraction, places: int) -> Decimal:
    return unscaled(round_half_up(amount * 10**places), places)
