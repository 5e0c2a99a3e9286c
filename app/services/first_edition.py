"""Results of the first edition, recomputed as far as every edition defines them alike.

Points, classes and ranks follow from the same figures under the same rules. What the first edition said besides
(changes, flags, coverage, who is ranked at all) is defined otherwise today and is taken as it was frozen; that nobody
has touched it is what digest, seal and trace are for (ADR 26).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from app.answers.common import Number
from app.answers.scores import BandBrief, ScoreItem, Summary
from app.domain.frameworks.framework import Framework
from app.domain.scoring.ranking import competition_ranks, ordinal_ranks
from app.store.evaluation_content import FrozenResult, GroupsInView

Groups = Mapping[str, Number | None]


def points_recomputed(frozen: FrozenResult, fresh: FrozenResult, framework: Framework) -> FrozenResult:
    """The frozen result with the points of the fresh one, and the places that follow from them.

    Units that only the fresh one has are added, those that it lacks left out: each is a difference.
    """
    now = {item["unit"]["code"]: item for item in fresh["items"]}
    stood = {item["unit"]["code"] for item in frozen["items"]}
    items = [_with_points(item, now[code]) for item in frozen["items"] if (code := item["unit"]["code"]) in now]
    items = [*_placed(items, framework), *(item for item in fresh["items"] if item["unit"]["code"] not in stood)]
    ranked = [item for item in items if item["rank"] is not None]
    return {
        **frozen,
        "cohort": {**frozen["cohort"], "size": len(items), "ranked": len(ranked)},
        "summary": _summary(ranked, framework),
        "items": items,
        "views": {code: _view(shown, frozen, fresh, code) for code, shown in frozen["views"].items()},
    }


def _with_points(item: ScoreItem, now: ScoreItem) -> ScoreItem:
    """The frozen item with the points of today, where both editions know the same groups."""
    same = [(points is None) == (now["groups"].get(code) is None) for code, points in item["groups"].items()]
    known = all(same) and (item["total"] is None) == (now["total"] is None)
    total = now["total"] if known else item["total"]
    return {**item, "total": total, "max": now["max"], "groups": _alike(item["groups"], now["groups"])}


def _alike(then: Groups, now: Groups) -> dict[str, Number | None]:
    """The points of today of the groups that are known to both; else as frozen."""
    return {code: points if points is None or now.get(code) is None else now[code] for code, points in then.items()}


def _placed(items: Sequence[ScoreItem], framework: Framework) -> list[ScoreItem]:
    """The ranked among the items with the class and rank that follow from their totals.

    Where ranks follow from totals before rounding they are taken as frozen.
    """
    rows = [row for row, item in enumerate(items) if item["rank"] is not None and item["total"] is not None]
    found = list(items)
    for row in rows:
        found[row] = {**found[row], "band": _band(framework, _total(items[row]))}
    if framework.ranking.basis == "exact":
        return found
    keys = [int(_total(items[row]).scaleb(framework.rounding.total)) for row in rows]
    if framework.ranking.ties == "ordinal":
        units = [items[row]["unit"] for row in rows]
        ranks, tied = ordinal_ranks(keys, [(unit["name"], unit["code"]) for unit in units])
    else:
        ranks, tied = competition_ranks(keys, dense=framework.ranking.ties == "dense")
    for row, rank, sharing in zip(rows, ranks, tied, strict=True):
        found[row] = {**found[row], "rank": rank, "tied": sharing}
    return found


def _total(item: ScoreItem) -> Decimal:
    total = item["total"]
    assert total is not None
    return Decimal(total)


def _band(framework: Framework, total: Decimal) -> BandBrief | None:
    reached = [band for band in framework.bands if band.min <= total]
    band = max(reached, key=lambda each: each.min, default=None)
    return None if band is None else {"code": band.code, "name": band.name.vi}


def _summary(ranked: Sequence[ScoreItem], framework: Framework) -> Summary:
    """The mean of the ranked units, half up, and how many of them fell into each class."""
    totals = [_total(item) for item in ranked]
    step = Decimal(1).scaleb(-framework.rounding.total)
    classes = [None if item["band"] is None else item["band"]["code"] for item in ranked]
    return {
        "mean": (sum(totals, Decimal(0)) / len(totals)).quantize(step, ROUND_HALF_UP) if totals else None,
        "bands": [
            {"code": band.code, "name": band.name.vi, "count": classes.count(band.code)} for band in framework.bands
        ],
    }


def _view(shown: Sequence[GroupsInView], frozen: FrozenResult, fresh: FrozenResult, code: str) -> list[GroupsInView]:
    """The groups of a view: points of today for the units that both have, the changes as frozen."""
    units = [item["unit"]["code"] for item in fresh["items"]]
    now = dict(zip(units, fresh["views"].get(code, []), strict=False))
    found: list[GroupsInView] = []
    for item, each in zip(frozen["items"], shown, strict=True):
        fresh_groups = now[item["unit"]["code"]]["groups"] if item["unit"]["code"] in now else each["groups"]
        found.append({**each, "groups": _alike(each["groups"], fresh_groups)})
    return found
