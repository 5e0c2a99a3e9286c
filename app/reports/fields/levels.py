"""The levels below the unit that issues the letter, as fields: classes, ranking lists, and how points are made."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from app.answers.letter_tables import (
    BandFigures,
    CriteriaAnnex,
    CriterionHead,
    LevelFigures,
    ListedUnits,
    RankedUnit,
    TableHead,
    WayOfScoring,
)
from app.domain.frameworks.framework import Framework
from app.domain.sources import in_order
from app.reports.fields.names import UnitNames
from app.reports.fields.own import side
from app.reports.letter.classes import CLASSED, RANKED, looked_up_words, ways
from app.reports.letter.criteria import LevelCriteria
from app.reports.letter.facts import LetterFacts
from app.reports.letter.level_lists import PublishedLevel, published_levels
from app.reports.letter.methods import named
from app.reports.letter.sentences import BODIES
from app.reports.rules.criterion_columns import CriterionColumn, pages_of
from app.services.score_names import group_maxima, group_names


class LevelsFields(TypedDict):
    """The fields of the levels."""

    classes: dict[str, LevelFigures]
    listed: ListedUnits
    criteria_annexes: list[CriteriaAnnex]
    ways: list[WayOfScoring]


def levels_fields(facts: LetterFacts, names: UnitNames) -> LevelsFields:
    """Each level of which a total may be published by its code, its annexes, and how all come to their totals."""
    levels = [level for level in published_levels(facts) if level.published]
    act = CLASSED if facts.data.framework.bands else RANKED
    scored = ways(facts, levels, act)
    classes: dict[str, LevelFigures] = {level.level: _level(facts, level, names) for level in levels}
    return {
        "classes": classes,
        "listed": _listed(facts, levels),
        "criteria_annexes": list(_annexes(facts, levels)),
        "ways": [{"levels": list(each.levels), "method": each.way.method, "text": each.way.text} for each in scored],
    }


def _listed(facts: LetterFacts, levels: Sequence[PublishedLevel]) -> ListedUnits:
    units = {item["unit"]["code"] for level in levels for item in level.cohort.board.items}
    scored = (row.source for row in facts.scored.of(units))
    shown = (source for level in levels for source in facts.criteria[level.level].sources)
    return {
        "count": len(units),
        "sources": named(in_order((*scored, *shown), facts.data.framework.sources)),
        "looked_up_words": looked_up_words(facts, levels),
    }


def _annexes(facts: LetterFacts, levels: Sequence[PublishedLevel]) -> Iterator[CriteriaAnnex]:
    pages = [(level.level, page) for level in levels for page in pages_of(facts.criteria[level.level].columns)]
    begun: set[str] = set()
    for place, (level, columns) in enumerate(pages, start=1):
        decimals = facts.criteria[level].decimals
        heads = [_criterion_head(column, decimals) for column in columns]
        yield {"place": place, "level": level, "first": level not in begun, "heads": heads}
        begun.add(level)


def _level(facts: LetterFacts, level: PublishedLevel, names: UnitNames) -> LevelFigures:
    framework, criteria = facts.data.framework.at(level.level), facts.criteria[level.level]
    cohort, summary = level.cohort, level.cohort.board.summary
    counts = {band["code"]: band["count"] for band in summary["bands"]}
    rows = _rows(level, criteria, names)
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
        "looked_up": facts.looked_up_of(criteria),
        "heads": [head for head in heads(framework) if head["code"] in known],
        "criteria": [_criterion_head(column, criteria.decimals) for column in criteria.columns],
        "with_criteria": sum(bool(row["criteria"]) for row in rows),
        "rows": rows,
        "moved": any(row["rank_change"] is not None for row in rows),
    }


def _criterion_head(column: CriterionColumn, decimals: Mapping[str, int]) -> CriterionHead:
    return {
        "code": column.code,
        "name": column.name,
        "kind": column.kind,
        "noun": column.noun,
        "group": column.group.code,
        "group_name": column.group.name.vi,
        "max": column.max,
        "decimals": decimals[column.code],
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


def _rows(level: PublishedLevel, criteria: LevelCriteria, names: UnitNames) -> list[RankedUnit]:
    """The list in the order of the board; what groups are missing from is no total to be printed."""
    published = {item["unit"]["code"] for item in level.published}
    return [
        {
            **names.of_code(item["unit"]["code"], item["unit"]["name"]),
            "place": place,
            "rank": item["rank"],
            "groups": item["groups"],
            "criteria": {code: side(cell.figure, cell.text) for code, cell in criteria.cells(item["unit"]["code"])},
            "total": item["total"] if item["unit"]["code"] in published else None,
            "band": None if item["band"] is None else item["band"]["name"],
            "change": item["change"]["total"],
            "rank_change": item["change"]["rank"],
        }
        for place, item in enumerate(level.cohort.board.items, start=1)
    ]
