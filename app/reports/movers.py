"""Movers: who rose and fell most, changed class, leads, comes last and kept a place, for commendation and follow-up.

Only true changes count: where a board gives none, because of other rules, missing figures or another basis, a unit is
in no list of changes and is counted apart.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.answers.report_movers import MoverItem, MoverList, MoverListCode, MoversLevel, MoversReport
from app.answers.scores import BandBrief, ScoreItem
from app.domain.vocabulary import Level
from app.errors import Fault, Invalid, RefusalCode, Text
from app.formats.delimited import Column
from app.formats.tables import Table
from app.reports.classification import LEVEL_NAMES
from app.reports.data import LevelBoard, ReportData
from app.reports.report import Line, Lines, Report, heading, without
from app.reports.rules.movers import ALONE, HIDDEN, KINDS, NOT_COMPARED, NOT_THROUGH, ends, greatest, say_list
from app.services.board_changes import REASONS

WHY = (*REASONS, "incomplete", "partial", "not_observed_again")
"""The flags that may say why a unit has no change."""
NOT_FROZEN = RefusalCode(
    "periods_not_frozen",
    "Evaluation {id} holds its period and the one compared with; ask for `periods=2`, or of live data for more.",
    "Kết quả đánh giá {id} chỉ có kỳ đánh giá và kỳ so sánh; hãy dùng `periods=2`, hoặc xem số liệu hiện nay để so "
    "nhiều kỳ hơn.",
    Invalid,
)
OF_TOTALS: tuple[MoverListCode, ...] = ("rose_points", "fell_points", "class_up", "class_down")
OF_RANKS: tuple[MoverListCode, ...] = ("rose_rank", "fell_rank")
ENDS: tuple[MoverListCode, ...] = ("first", "last")
KEPT: tuple[MoverListCode, ...] = ("kept_rank", "kept_first", "kept_last")
ROWS = [
    Column("level", "Cấp"),
    Column("list", "Danh sách"),
    Column("code", "Mã"),
    Column("name", "Đơn vị"),
    Column("rank", "Hạng"),
    Column("rank_change", "Tăng, giảm hạng", signed=True),
    Column("total", "Tổng điểm"),
    Column("total_change", "Tăng, giảm điểm", signed=True),
    Column("band", "Xếp loại"),
    Column("band_before", "Xếp loại kỳ trước"),
    Column("ranks", "Hạng các kỳ, kỳ gần nhất trước"),
    Column("level_code", "Mã cấp", csv_only=True),
    Column("list_code", "Mã danh sách", csv_only=True),
    Column("band_code", "Mã xếp loại", csv_only=True),
]
SENTENCES = [
    Column("level", "Cấp"),
    Column("list", "Danh sách"),
    Column("sentence", "Nội dung"),
    Column("level_code", "Mã cấp", csv_only=True),
    Column("list_code", "Mã danh sách", csv_only=True),
]


def movers(data: ReportData, n: int, periods: int) -> Report:
    """The lists of every level with figures. Invalid for more periods than an evaluation holds."""
    if data.evaluation is not None and periods > 2:
        raise Fault(NOT_FROZEN, {"id": data.evaluation.id}, parameter="periods").error()
    boards = [data.board(data.level)] if data.level is not None else data.boards()
    levels = [_level(data, board, n, periods) for board in boards]
    framework = data.framework.id
    body: MoversReport = {**data.about(), "framework": framework, "n": n, "periods": periods, "levels": levels}
    pairs = [(level, each) for level in levels for each in level["lists"]]
    lines: Lines = {
        "movers": [item for _, each in pairs for item in each["items"]],
        "sentences": [without(each, "items") for _, each in pairs],
    }
    above = heading(data, "Đơn vị tăng, giảm điểm và thứ hạng")
    classes = [band.name.vi for band in data.framework.bands]
    rows = [row for level, each in pairs for row in _rows(level, each)]
    said = [{**_named(level, each), "sentence": each["sentence"]} for level, each in pairs]
    tables = [
        Table("movers", "Danh sách", ROWS, rows, above, classes=classes),
        Table("sentences", "Nội dung", SENTENCES, said, above),
    ]
    return Report("movers", body, tables, lines, data.evaluation)


def _level(data: ReportData, board: LevelBoard, n: int, periods: int) -> MoversLevel:
    ranks = list(_ranks(data, board, periods))
    before = data.bands_before(board.level)
    items = [_item(each, before) for each in board.items]
    against = None if data.against is None else data.against.code
    ranked, active = board.cohort["ranked"], board.cohort.get("active", board.cohort["ranked"])
    about = {
        "period": data.period.code,
        "against": against,
        "n": n,
        "periods": periods,
        "consecutive": against == data.period.previous,
        "ranked": ranked,
        "active": active,
    }
    withheld = [each for each in board.items if each["change"]["total"] is None]
    flagged = Counter(flag for each in withheld for flag in each["flags"] if flag in WHY)
    found = {**_by_change(items, n), **_by_class(board, items), **_by_place(items, ranks, n, periods)}
    if ranked == 1:
        found |= {code: [] for code in (*ENDS, *KEPT)}
    silent = _silent(board, items, through=len(ranks) == periods)
    return {
        "level": board.level,
        "name": LEVEL_NAMES[board.level],
        "ranked": board.cohort["ranked"],
        "withheld": len(withheld),
        "reasons": [{"flag": flag, "count": flagged[flag]} for flag in WHY if flagged[flag]],
        "lists": [_list(board.level, code, found[code], about, silent.get(code)) for code in KINDS],
    }


def _silent(board: LevelBoard, items: Sequence[MoverItem], *, through: bool) -> dict[MoverListCode, Text]:
    """Which lists say nothing where they are empty, and why: what cannot be compared has neither risen nor fallen."""
    found: dict[MoverListCode, Text] = {}
    if all(item["total_change"] is None for item in items):
        found |= dict.fromkeys(OF_TOTALS, NOT_COMPARED)
    if all(item["rank_change"] is None for item in items):
        found |= dict.fromkeys(OF_RANKS, NOT_COMPARED)
    if not board.cohort["ranked"]:
        found["last"] = KINDS["first"].none
    if board.cohort["ranked"] == 1:
        found |= dict.fromkeys((*ENDS, *KEPT), ALONE)
    elif not through:
        found |= dict.fromkeys(KEPT, NOT_THROUGH)
    if board.cohort["ranked"] and all(item["rank"] is None for item in items):
        found |= dict.fromkeys((*OF_RANKS, *ENDS, *KEPT), HIDDEN)
    return found


def _list(
    level: Level, code: MoverListCode, items: list[MoverItem], about: Mapping[str, object], silent: Text | None
) -> MoverList:
    return {
        "level": level,
        "code": code,
        "name": KINDS[code].name,
        "items": [{**item, "list_code": code} for item in items],
        "sentence": say_list(code, items, about, "vi", silent),
        "sentence_en": say_list(code, items, about, "en", silent),
    }


def _item(each: ScoreItem, before: Mapping[str, BandBrief]) -> MoverItem:
    change = each["change"]
    return {
        "list_code": "first",
        "unit": each["unit"],
        "rank": each["rank"],
        "total": each["total"],
        "band": each["band"],
        "total_change": change["total"],
        "rank_change": change["rank"],
        "band_before": None if change["total"] is None else before.get(each["unit"]["code"]),
        "ranks": [],
    }


def _by_change(items: Sequence[MoverItem], n: int) -> dict[MoverListCode, list[MoverItem]]:
    return {
        "rose_points": greatest(items, lambda item: item["total_change"], n),
        "fell_points": greatest(items, lambda item: -(item["total_change"] or 0), n),
        "rose_rank": greatest(items, lambda item: item["rank_change"], n),
        "fell_rank": greatest(items, lambda item: -(item["rank_change"] or 0), n),
    }


def _by_class(board: LevelBoard, items: Sequence[MoverItem]) -> dict[MoverListCode, list[MoverItem]]:
    """Who stands in another class than before; all of them, as a class is not a matter of more or less."""
    least = {band.code: band.min for band in board.framework.bands}
    moved = [
        (least[item["band"]["code"]] - least[item["band_before"]["code"]], item)
        for item in items
        if item["band"] is not None and item["band_before"] is not None
    ]
    return {
        "class_up": [item for step, item in moved if step > 0],
        "class_down": [item for step, item in moved if step < 0],
    }


def _by_place(
    items: Sequence[MoverItem], ranks: Sequence[Mapping[str, int]], n: int, periods: int
) -> dict[MoverListCode, list[MoverItem]]:
    """The two ends of the board, and who kept a rank, or stayed at an end, in all of the periods."""
    sides = [ends(each, n) for each in ranks]
    here = [item for item in items if item["unit"]["code"] in ranks[0]]
    whole = len(ranks) == periods
    kept = [item for item in here if whole and all(item["unit"]["code"] in each for each in ranks)]

    def through(item: MoverItem) -> list[int]:
        return [each[item["unit"]["code"]] for each in ranks]

    def stayed(end: int) -> list[MoverItem]:
        found = [item for item in kept if all(item["unit"]["code"] in each[end] for each in sides)]
        return [{**item, "ranks": through(item)} for item in found]

    return {
        "first": [item for item in here if item["unit"]["code"] in sides[0][0]],
        "last": [item for item in reversed(here) if item["unit"]["code"] in sides[0][1]],
        "kept_rank": [{**item, "ranks": through(item)} for item in kept if len(set(through(item))) == 1],
        "kept_first": stayed(0),
        "kept_last": stayed(1),
    }


def _ranks(data: ReportData, board: LevelBoard, periods: int) -> Iterator[Mapping[str, int]]:
    """The ranks by unit, period after period, the latest first, as far back as changes of ranks are true."""
    yield {item["unit"]["code"]: item["rank"] for item in board.items if item["rank"] is not None}
    for place in range(periods - 1):
        was = {
            item["unit"]["code"]: item["rank"] + item["change"]["rank"]
            for item in board.items
            if item["rank"] is not None and item["change"]["rank"] is not None
        }
        if not was:
            return
        yield was
        earlier = data.a_period_earlier() if place < periods - 2 else None
        if earlier is None:
            return
        data, board = earlier, earlier.board(board.level)


def _named(level: MoversLevel, each: MoverList) -> Line:
    return {"level": level["name"], "level_code": level["level"], "list": each["name"], "list_code": each["code"]}


def _rows(level: MoversLevel, each: MoverList) -> list[Line]:
    return [
        {
            **_named(level, each),
            **item,
            "code": item["unit"]["code"],
            "name": item["unit"]["name"],
            "band": item["band"] and item["band"]["name"],
            "band_code": item["band"] and item["band"]["code"],
            "band_before": item["band_before"] and item["band_before"]["name"],
            "ranks": ", ".join(map(str, item["ranks"])) or None,
        }
        for item in each["items"]
    ]
