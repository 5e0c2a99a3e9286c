"""Items of a frozen board: what is frozen of each, and how they are answered again, in any view.

When figures were looked up stands beside the items: the same results have one digest, whenever they were frozen.
"""

from collections.abc import Sequence

from app.answers.scores import ScoreItem
from app.domain.instant import to_datetime, to_instant
from app.store.evaluation_content import FrozenResult, GroupsInView


def timeless_result(result: FrozenResult) -> dict[str, object]:
    """A result without the moments at which its figures were looked up."""
    return {name: member for name, member in result.items() if name != "observed_at"}


def timeless_item(item: ScoreItem) -> ScoreItem:
    """An item without the moment at which its figures were looked up."""
    found: ScoreItem = {**item}
    found.pop("observed_at", None)
    return found


def looked_up(item: ScoreItem) -> int | None:
    """When the figures behind the total were looked up last, as it is frozen."""
    moment = item.get("observed_at")
    return None if moment is None else to_instant(moment)


def grouped(item: ScoreItem) -> GroupsInView:
    """What a view shows otherwise."""
    return {"groups": item["groups"], "change": item["change"]["groups"]}


def in_view(result: FrozenResult, view: str | None) -> Sequence[ScoreItem]:
    """The items of a result with the groups of a view; KeyError where there is no such view.

    Each with the moment of its figures, unless the first edition froze it.
    """
    found = result["items"]
    if "observed_at" in result:
        found = [_timed(item, moment) for item, moment in zip(found, result["observed_at"], strict=True)]
    if view is None:
        return found
    return [_shown_in(each, shown) for each, shown in zip(found, result["views"][view], strict=True)]


def _timed(item: ScoreItem, moment: int | None) -> ScoreItem:
    return {**item, "observed_at": None if moment is None else to_datetime(moment)}


def _shown_in(item: ScoreItem, shown: GroupsInView) -> ScoreItem:
    return {**item, "groups": shown["groups"], "change": {**item["change"], "groups": shown["change"]}}
