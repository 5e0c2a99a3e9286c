"""How sure ranks are, said in a sentence: of a board, and of each of its units."""

from decimal import Decimal
from fractions import Fraction

from typing_extensions import TypedDict

from app.domain.figures import plain, unscaled
from app.domain.insight.sensitivity import Sensitivity
from app.domain.scoring.arithmetic import round_half_up
from app.domain.scoring.sentences import say_number
from app.errors import Language, Text
from app.services.score_names import name_in
from app.services.scored_cohorts import ScoredCohort

WEIGHTS = Text(
    "With the weights of the groups changed at random by up to ±{spread}%",
    "Khi trọng số các nhóm thay đổi ngẫu nhiên trong khoảng ±{spread}%",
)
NO_SPREAD = Text("With the weights of the groups as they are", "Khi trọng số các nhóm giữ nguyên")
BOARD = Text(
    "{weights} ({draws} draws), the place of a unit moves by {mean} on average ({units} units).",
    "{weights} ({draws} lần thử), thứ hạng của {units} đơn vị xê dịch trung bình {mean} bậc.",
)
NOBODY = Text(
    "No unit of the cohort has a total that follows from the weights of groups, so nothing can be said of its place.",
    "Không đơn vị nào có tổng điểm được tính từ trọng số các nhóm nên chưa thể đánh giá độ chắc chắn của thứ hạng.",
)
HIDDEN = Text(
    "{weights} ({draws} draws): places are not told, as the whole cohort may not be seen.",
    "{weights} ({draws} lần thử): không nêu thứ hạng vì không xem được toàn nhóm.",
)
MOVES = Text(
    "{weights}, {name} stands from place {low} to place {high} in at least 90% of the draws (now {rank}){band}.",
    "{weights}, {name} đứng từ hạng {low} đến hạng {high} trong ít nhất 90% số lần thử (hiện nay hạng {rank}){band}.",
)
STAYS = Text(
    "{weights}, {name} stands in place {low} in at least 90% of the draws (now {rank}){band}.",
    "{weights}, {name} đứng hạng {low} trong ít nhất 90% số lần thử (hiện nay hạng {rank}){band}.",
)
NO_PLACE = Text("{weights}, {name}{band}.", "{weights}, {name}{band}.")
CLASSED = Text("; class {name} in {share}% of them", "; xếp loại {name} trong {share}% số lần thử")
CLASS_ALONE = Text(" is in class {name} in {share}% of the draws", " xếp loại {name} trong {share}% số lần thử")


class Sentences(TypedDict):
    sentence: str
    sentence_en: str


def of_board(found: Sensitivity, spread: Decimal, mean: Decimal | None) -> Sentences:
    """How far places move on average; `mean` None where the places may not be told."""

    def say(language: Language) -> str:
        text = NOBODY if not found.rows.size else HIDDEN if mean is None else BOARD
        told = {
            "weights": _weights(spread, language),
            "draws": say_number(Decimal(found.draws), language),
            "units": say_number(Decimal(found.rows.size), language),
            "mean": "" if mean is None else say_number(_two_decimals(Fraction(mean)), language),
        }
        return text.render(language, told)

    return {"sentence": say("vi"), "sentence_en": say("en")}


def of_unit(scored: ScoredCohort, row: int, at: tuple[Sensitivity, int], spread: Decimal, *, hidden: bool) -> Sentences:
    """Between which places a unit stands, and how often in its class; `at`: the draws, and its position in them."""
    found, place = at
    low, _, high = found.ranks[:, place].tolist()

    def say(language: Language) -> str:
        text = NO_PLACE if hidden else STAYS if low == high else MOVES
        told = {
            "weights": _weights(spread, language),
            "name": scored.members[row].name,
            "low": say_number(Decimal(low), language),
            "high": say_number(Decimal(high), language),
            "rank": say_number(Decimal(int(scored.standing.rank[row])), language),
            "band": _band(scored, row, at, CLASS_ALONE if hidden else CLASSED, language),
        }
        return text.render(language, told)

    return {"sentence": say("vi"), "sentence_en": say("en")}


def _band(scored: ScoredCohort, row: int, at: tuple[Sensitivity, int], text: Text, language: Language) -> str:
    """How often a unit is in the class that it has; nothing where it has none."""
    found, place = at
    band = int(scored.standing.band[row])
    if band < 0:
        return ""
    share = _two_decimals(Fraction(100 * int(found.classes[band, place]), found.draws))
    name = name_in(scored.framework.bands[band].name, language)
    return text.render(language, {"name": name, "share": say_number(share, language)})


def _weights(spread: Decimal, language: Language) -> str:
    text = WEIGHTS if spread else NO_SPREAD
    return text.render(language, {"spread": say_number(plain(spread * 100), language)})


def _two_decimals(amount: Fraction) -> Decimal:
    return unscaled(round_half_up(amount * 100), 2)
