"""Which totals a letter may publish, and whether two of them compare: a sum of one group of six is no total."""

from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.frameworks.rules import Reported
from app.domain.vocabulary import Level


def lacking(framework: Framework, level: Level, item: ScoreItem) -> list[str]:
    """The groups without points of a total that was added up all the same, by name.

    Where the rules leave an incomplete total without a class and a place, one that has either is complete: the source
    may have stated it beside groups that are not.
    """
    placed = item["rank"] is not None or item["band"] is not None
    if "incomplete" not in item["flags"] or (placed and framework.ranking.incomplete == "unranked"):
        return []
    counted = (top for top in framework.criteria if _counts(framework, top, level))
    return [top.name.vi for top in counted if item["groups"].get(top.code) is None]


def is_published(framework: Framework, level: Level, item: ScoreItem) -> bool:
    """Whether a unit has a total that its framework classes and ranks."""
    if item["total"] is None:
        return False
    return framework.ranking.incomplete == "ranked" or not lacking(framework, level, item)


def stated_total(framework: Framework, level: Level) -> str | None:
    """The indicator of the total that a source states for units of a level; None where the rules know none."""
    rules = (rule for rule in framework.total.rules if rule.applies_to(level))
    return next((rule.indicator for rule in rules if isinstance(rule, Reported)), None)


def _counts(framework: Framework, top: Criterion, level: Level) -> bool:
    """Whether a group is meant for the level, and more than a statistic."""
    return framework.max_of(top) > 0 and (top.applies_to is None or level in top.applies_to)
