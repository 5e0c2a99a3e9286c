"""Which units of a board stand in the lists of commendation and of follow-up, and what is said of each list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.answers.report_movers import MoverItem, MoverListCode
from app.domain.figures import print_figure
from app.domain.vietnamese_labels import period_words
from app.errors import Language, Text


@dataclass(frozen=True, slots=True)
class MoverKind:
    """A list: its name, the sentence that leads it, what is said of each unit, and the one where there is none."""

    name: str
    lead: Text
    each: Text
    none: Text


_POINTS = Text("{unit} ({total_change}, {total} points)", "{unit} ({total_change}, đạt {total} điểm)")
_PLACES = Text("{unit} ({rank_change}, rank {rank})", "{unit} ({rank_change}, xếp thứ {rank})")
_CLASS = Text("{unit} ({band_before} to {band})", "{unit} (từ {band_before} thành {band})")
_PLACE = Text("{unit} (rank {rank}, {total} points)", "{unit} (thứ {rank}, {total} điểm)")
_KEPT = Text("{unit} (rank {rank})", "{unit} (thứ {rank})")
_RANKS = Text("{unit} (ranks {ranks})", "{unit} (thứ {ranks})")

KINDS: Mapping[MoverListCode, MoverKind] = {
    "rose_points": MoverKind(
        "Tăng điểm nhiều nhất",
        Text("Gained most points since {against}", "So với {against}, tăng điểm nhiều nhất"),
        _POINTS,
        Text("No unit gained points since {against}.", "So với {against}, không có đơn vị nào tăng điểm."),
    ),
    "fell_points": MoverKind(
        "Giảm điểm nhiều nhất",
        Text("Lost most points since {against}", "So với {against}, giảm điểm nhiều nhất"),
        _POINTS,
        Text("No unit lost points since {against}.", "So với {against}, không có đơn vị nào giảm điểm."),
    ),
    "rose_rank": MoverKind(
        "Tăng hạng nhiều nhất",
        Text("Rose most places since {against}", "So với {against}, tăng hạng nhiều nhất"),
        _PLACES,
        Text("No unit rose in rank since {against}.", "So với {against}, không có đơn vị nào tăng hạng."),
    ),
    "fell_rank": MoverKind(
        "Giảm hạng nhiều nhất",
        Text("Fell most places since {against}", "So với {against}, giảm hạng nhiều nhất"),
        _PLACES,
        Text("No unit fell in rank since {against}.", "So với {against}, không có đơn vị nào giảm hạng."),
    ),
    "class_up": MoverKind(
        "Được nâng loại",
        Text("In a better class than in {against}", "So với {against}, được xếp loại cao hơn"),
        _CLASS,
        Text("No unit is in a better class.", "So với {against}, không có đơn vị nào được xếp loại cao hơn."),
    ),
    "class_down": MoverKind(
        "Bị hạ loại",
        Text("In a worse class than in {against}", "So với {against}, bị xếp loại thấp hơn"),
        _CLASS,
        Text("No unit is in a worse class.", "So với {against}, không có đơn vị nào bị xếp loại thấp hơn."),
    ),
    "first": MoverKind(
        "Dẫn đầu",
        Text("First in {period}{among}", "Dẫn đầu {period}{among}"),
        _PLACE,
        Text("No unit is ranked in {period}.", "{Period} chưa có đơn vị nào được xếp hạng."),
    ),
    "last": MoverKind(
        "Xếp cuối",
        Text("Last in {period}{among}", "Xếp cuối {period}{among}"),
        _PLACE,
        Text("No unit is ranked below the first in {period}.", "{Period} không có đơn vị nào xếp sau đơn vị dẫn đầu."),
    ),
    "kept_rank": MoverKind(
        "Giữ nguyên thứ hạng",
        Text("The same rank in {periods} periods{row}", "Giữ nguyên thứ hạng trong {periods} kỳ{row}"),
        _KEPT,
        Text("No unit kept its rank.", "Không có đơn vị nào giữ nguyên thứ hạng trong {periods} kỳ{row}."),
    ),
    "kept_first": MoverKind(
        "Giữ nhóm dẫn đầu",
        Text(
            "Among the first {n} in {periods} periods{row}{among}",
            "Trong nhóm {n} vị trí dẫn đầu cả {periods} kỳ{row}{among}",
        ),
        _RANKS,
        Text(
            "No unit stayed among the first {n}.", "Không có đơn vị nào giữ được nhóm {n} vị trí dẫn đầu {periods} kỳ."
        ),
    ),
    "kept_last": MoverKind(
        "Ở lại nhóm cuối",
        Text(
            "Among the last {n} in {periods} periods{row}{among}",
            "Trong nhóm {n} vị trí cuối cả {periods} kỳ{row}{among}",
        ),
        _RANKS,
        Text("No unit stayed among the last {n}.", "Không có đơn vị nào ở nhóm {n} vị trí cuối cả {periods} kỳ."),
    ),
}
"""Every list, in the order in which they are shown."""

NOT_COMPARED = Text("No unit can be compared with {against}.", "Chưa so sánh được đơn vị nào với {against}.")
NOT_THROUGH = Text(
    "Ranks cannot be compared through {periods} periods.", "Chưa so sánh được thứ hạng qua {periods} kỳ{row}."
)
ALONE = Text(
    "{ranked} of {active} is ranked in {period}, so none leads or comes last.",
    "{Period} chỉ có {ranked}/{active} đơn vị được xếp hạng nên không xác định đơn vị dẫn đầu, xếp cuối.",
)
AMONG = Text(
    " among the {ranked} of {active} units that are ranked", " trong số {ranked}/{active} đơn vị được xếp hạng"
)
"""Said of places where other units have none: the first of two known provinces is not the first of 34."""
IN_A_ROW = Text(" in a row", " liên tiếp")
HIDDEN = Text(
    "No ranks are shown, since not every unit of the cohort may be seen.",
    "Không hiển thị thứ hạng vì không xem được toàn bộ các đơn vị trong nhóm.",
)

_MOVES = {
    "total_change": (Text("up {by} points", "tăng {by} điểm"), Text("down {by} points", "giảm {by} điểm")),
    "rank_change": (Text("up {by}", "tăng {by} bậc"), Text("down {by}", "giảm {by} bậc")),
}


def greatest(
    items: Iterable[MoverItem], amount: Callable[[MoverItem], Decimal | int | None], n: int
) -> list[MoverItem]:
    """The `n` items of the greatest positive amount, and all that tie with the last of them; then by code."""
    found = sorted(((amount(item) or 0, item) for item in items), key=lambda pair: (-pair[0], pair[1]["unit"]["code"]))
    found = [pair for pair in found if pair[0] > 0]
    return [item for each, item in found if len(found) <= n or each >= found[n - 1][0]]


def ends(ranks: Mapping[str, int], n: int) -> tuple[set[str], set[str]]:
    """The first and the last `n` by rank, and all that tie with the last of them inwards; who leads is not last."""
    ordered = sorted(ranks.values())
    inner, outer = (ordered[n - 1], ordered[-n]) if len(ordered) > n else (len(ordered), 1)
    return (
        {code for code, rank in ranks.items() if rank <= inner},
        {code for code, rank in ranks.items() if rank >= outer and rank > 1},
    )


def say_list(
    code: MoverListCode,
    items: Sequence[MoverItem],
    about: Mapping[str, object],
    language: Language,
    silent: Text | None = None,
) -> str:
    """The list in one sentence. `about`: codes of the `period` and of the one `against`, `n`, `periods`, whether these
    are `consecutive`, and how many are `ranked` of the `active` units.

    `silent`: why an empty list says nothing, where it does not mean that there is no such unit.
    """
    kind = KINDS[code]
    words = {**about, **{name: _period(about[name], language) for name in ("period", "against")}}
    words["Period"] = str(words["period"]).capitalize()
    words["row"] = IN_A_ROW.render(language, {}) if about["consecutive"] else ""
    words["among"] = AMONG.render(language, words) if about["ranked"] != about["active"] else ""
    if not items:
        return (silent or kind.none).render(language, words)
    named = "; ".join(kind.each.render(language, _of_item(item, language)) for item in items)
    return f"{kind.lead.render(language, words)}: {named}."


def _period(code: object, language: Language) -> str:
    if code is None:
        return "the period before" if language == "en" else "kỳ trước"
    return period_words(str(code)) if language == "vi" else str(code)


def _of_item(item: MoverItem, language: Language) -> dict[str, object]:
    """What a sentence may say of a unit, its numbers as the language writes them."""
    return {
        "unit": item["unit"]["name"],
        "rank": item["rank"],
        "total": "" if item["total"] is None else print_figure(Decimal(item["total"]), language),
        "band": item["band"] and item["band"]["name"],
        "band_before": item["band_before"] and item["band_before"]["name"],
        "ranks": ", ".join(map(str, reversed(item["ranks"]))),
        "total_change": _move("total_change", item["total_change"], language),
        "rank_change": _move("rank_change", item["rank_change"], language),
    }


def _move(of: str, change: Decimal | int | None, language: Language) -> str:
    if change is None:
        return ""
    return _MOVES[of][change < 0].render(language, {"by": print_figure(abs(Decimal(change)), language)})
