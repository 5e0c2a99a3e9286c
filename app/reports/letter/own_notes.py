"""What to know of the unit's own result before it is published."""

from collections.abc import Sequence
from typing import Final

from app.domain.figures import print_figure
from app.domain.letter_format import printed_count, printed_points, printed_rank
from app.reports.letter.own import OwnResult
from app.reports.letter.parts import Note, flag_words
from app.reports.letter.totals import stated_total

SOURCE: Final = "comparison"
DOUBTFUL = {
    "source_changed": "hai kỳ lấy từ hai nguồn khác nhau",
    "rate_differs_from_counts": "tỷ lệ không khớp với số lượng",
}
"""What the flags of a row say against its figures."""
NO_MOVE = "văn bản không in mức tăng, giảm tổng điểm"
ADDED = f"Nguồn chỉ công bố tổng điểm của một trong hai kỳ, kỳ kia là tổng điểm các nhóm: {NO_MOVE}."
PARTIAL = (
    "Tổng điểm chưa đủ: chưa có điểm của nhóm {groups}. Các nhóm đã có số liệu cộng được {points}, không xếp loại, xếp "
    "hạng; văn bản không công bố tổng điểm."
)
STATED = " Nguồn số liệu công bố tổng điểm là {points} điểm."
UNEQUAL = "Tổng điểm {side} chưa có điểm của nhóm {groups}: {no_move}."
OWN_RANK = "Thứ hạng {rank} do hệ thống xếp trong số các đơn vị cùng cấp."
FEW_RANKED = (
    "Ở đây mới có tổng điểm của {known} đơn vị cùng cấp: văn bản không in thứ hạng do hệ thống xếp trong số đó."
)
STATED_RANK = "Thứ hạng {rank} là thứ hạng do nguồn số liệu công bố, không phải do hệ thống xếp."
FLAG_TEXTS = {
    "provisional": "Số liệu của kỳ chưa kết thúc: chỉ dùng để theo dõi, chưa dùng để công bố.",
    "incomplete": "Thiếu số liệu: tổng điểm chưa đủ.",
    "rules_changed": "Kỳ này và kỳ trước áp dụng bộ chỉ số khác nhau: không kết luận tăng, giảm.",
    "method_changed": f"Tổng điểm kỳ này và kỳ trước không cùng cách tính: {NO_MOVE}.",
}
"""What the flags of the unit's scores say; any other in the words of the boards."""
NO_RANK = "cohort_not_evaluated"
"""A flag of ranks that a letter does not print."""


def own_notes(own: OwnResult) -> list[Note]:
    """What speaks against single figures, what is not published, and what is not the service's own."""
    doubtful = [
        Note(flag, f"{row['heading']}: {DOUBTFUL[flag]}.", SOURCE)
        for row in own.body["rows"]
        for flag in row["flags"]
        if flag in DOUBTFUL
    ]
    untold = {NO_RANK, *(["incomplete"] if own.lacks else [])}
    flags = [flag for flag in own.body["flags"] if flag not in untold]
    flagged = [Note(flag, FLAG_TEXTS.get(flag) or f"{flag_words(flag)}.", SOURCE) for flag in flags]
    return [*doubtful, *flagged, *_total_notes(own), *_rank_notes(own)]


def _total_notes(own: OwnResult) -> list[Note]:
    """Why there is no total, or no movement of it."""
    total = own.total
    if total is None:
        return [_partial(own)] if own.lacks else []
    if own.body["total"]["change"] is None:
        return []
    notes = []
    if not own.totals_alike:
        notes.append(Note("total_added", ADDED, SOURCE))
    if own.lacks != own.lacked:
        side, groups = (own.against, own.lacked) if own.lacked else (own.period, own.lacks)
        said = UNEQUAL.format(side=side, groups=_listed(groups), no_move=NO_MOVE)
        notes.append(Note("total_incomplete", said, SOURCE))
    return notes


def _partial(own: OwnResult) -> Note:
    """The groups that are missing, what the others come to, and the total that the source states beside them."""
    total, most = own.body["total"]["now"], own.body["total"]["max"]
    said = PARTIAL.format(groups=_listed(own.lacks), points=printed_points(total, most))
    indicator = stated_total(own.data.framework, own.level)
    stated = None if indicator is None or indicator not in own.compared.now else own.compared.now[indicator].points
    said += "" if stated is None else STATED.format(points=print_figure(stated))
    return Note("total_incomplete", said, SOURCE)


def _listed(groups: Sequence[str]) -> str:
    return "; ".join(f"“{group}”" for group in groups)


def _rank_notes(own: OwnResult) -> list[Note]:
    """Whose rank it is that the letter prints, or why it prints none."""
    computed = own.body["rank"]["now"]
    if own.total is None:
        return []
    if own.place is not None:
        code, said = ("reported_rank", STATED_RANK) if own.stated else ("computed_rank", OWN_RANK)
        return [Note(code, said.format(rank=printed_rank(*own.place)), SOURCE)]
    if computed is not None and computed["of"] is not None and computed["of"] < own.sibling_count:
        known = f"{printed_count(computed['of'])}/{printed_count(own.sibling_count)}"
        return [Note("cohort_partial", FEW_RANKED.format(known=known), SOURCE)]
    return []
