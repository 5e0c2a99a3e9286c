"""The levels below the unit that issues the letter, as fields: classes, ranking lists, and how points are made."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.answers.letter_tables import BandFigures, LevelFigures, RankedUnit, TableHead, WayOfScoring
from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Framework
from app.reports.fields.names import UnitNames
from app.reports.letter.classes import CLASSED, RANKED, PublishedLevel, published_levels, ways
from app.reports.letter.facts import LetterFacts
from app.reports.letter.sentences import BODIES
from app.services.score_items import group_maxima, group_names


def level_fields(facts: LetterFacts, names: UnitNames) -> tuple[dict[str, LevelFigures], list[WayOfScoring]]:
    """Each level of which a total may be published by its code, and how they come to their totals."""
    levels = [level for level in published_levels(facts) if level.published]
    act = CLASSED if facts.data.framework.bands else RANKED
    scored = ways(facts, levels, act)
    return (
        {level.level: _level(facts.data.framework, level, names) for level in levels},
        [{"levels": list(each.levels), "method": each.way.method, "text": each.way.text} for each in scored],
    )


def _level(framework: Framework, level: PublishedLevel, names: UnitNames) -> LevelFigures:
    cohort, summary = level.cohort, level.cohort.board.summary
    counts = {band["code"]: band["count"] for band in summary["bands"]}
    published = {item["unit"]["code"] for item in level.published}
    rows = _rows(cohort.board.items, published, names)
    known = {code for row in rows for code, points in row["groups"].items() if points is not None}
    return {
        "level": level.level,
        "stage": level.words.stage,
        "heading": level.words.heading,
        "scored": level.words.scored,
        "body": BODIES[level.level],
        "of": cohort.size,
        "missing": cohort.missing,
        "unclassed": cohort.unclassed,
        "mean": summary["mean"],
        "bands": list(_bands(framework, counts)),
        "heads": [head for head in heads(framework) if head["code"] in known],
        "rows": rows,
    }


def _bands(framework: Framework, counts: dict[str, int]) -> Iterator[BandFigures]:
    """The classes from the highest down, those without units included."""
    above: Decimal | None = None
    for band in sorted(framework.bands, key=lambda band: band.min, reverse=True):
        top = above is None
        yield {
            "code": band.code,
            "name": band.name.vi,
            "least": band.min,
            "most": framework.total_max if above is None else above,
            "top": top,
            "count": counts.get(band.code, 0),
        }
        above = band.min


def heads(framework: Framework) -> list[TableHead]:
    """The groups of a ranking list."""
    most = group_maxima(framework, None)
    return [{"code": code, "name": name, "max": most[code]} for code, name in group_names(framework, None).items()]


def _rows(items: Sequence[ScoreItem], published: set[str], names: UnitNames) -> list[RankedUnit]:
    """The list in the order of the board; what groups are missing from is no total to be printed."""
    return [
        {
            **names.of_code(item["unit"]["code"], item["unit"]["name"]),
            "place": place,
            "rank": item["rank"],
            "groups": item["groups"],
            "total": item["total"] if item["unit"]["code"] in published else None,
            "band": None if item["band"] is None else item["band"]["name"],
            "change": item["change"]["total"],
            "rank_change": item["change"]["rank"],
        }
        for place, item in enumerate(items, start=1)
    ]
