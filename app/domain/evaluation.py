"""Evaluations: the states they pass through, what they are about, and the one spelling that their digest is taken of.

draft ──▸ published ──▸ superseded
  │           │
  └───────────┴──────▸ withdrawn
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.vocabulary import LEVELS, Level
from app.errors import Conflict, RefusalCode, Text


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


ALLOWED: dict[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.PUBLISHED, Status.WITHDRAWN),
    Status.PUBLISHED: (Status.SUPERSEDED, Status.WITHDRAWN),
    Status.SUPERSEDED: (),
    Status.WITHDRAWN: (),
}
PUBLIC = (Status.PUBLISHED, Status.SUPERSEDED)
"""What everybody may read: a superseded result was cited, and stays."""

NAMES: dict[Status, Text] = {
    Status.DRAFT: Text("draft", "dự thảo"),
    Status.PUBLISHED: Text("published", "đã công bố"),
    Status.SUPERSEDED: Text("superseded", "đã được thay thế"),
    Status.WITHDRAWN: Text("withdrawn", "đã thu hồi"),
}
NOT_ALLOWED = RefusalCode(
    "transition_not_allowed",
    "A {current} evaluation cannot become {requested}; it can become {ways}.",
    "Kết quả đánh giá ở trạng thái {current} không thể chuyển thành {requested}; chỉ có thể chuyển thành {ways}.",
    Conflict,
)
NO_WAY = Text("nothing else", "không trạng thái nào khác")

Place = tuple[str | None, str | None, str]
"""Where a number stands in a result: level, unit (None: of the whole), and the way to it, such as `groups.payment`."""


@dataclass(frozen=True, slots=True)
class EvaluationScope:
    """What an evaluation is about; of one scope at most one evaluation is published."""

    framework: str
    period: str
    under: str | None
    levels: tuple[Level, ...]

    @property
    def key(self) -> str:
        """The scope as one text: another order of the levels, or another version of the framework, is the same scope.

        >>> EvaluationScope("qd766", "2024-07", None, ("commune", "province")).key
        'qd766 2024-07 * province+commune'
        """
        return f"{self.framework} {self.period} {self.under or '*'} {'+'.join(in_order(self.levels))}"


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """One number that is not the same on both sides; None where a side does not have it."""

    place: Place
    before: object
    after: object


def in_order(levels: Collection[Level]) -> tuple[Level, ...]:
    """Each of the levels once, from the highest down."""
    return tuple(level for level in LEVELS if level in levels)


def advance(current: Status, requested: Status) -> Status:
    """The requested state, where the present one leads to it; else Conflict `transition_not_allowed` names the ways.

    >>> advance(Status.DRAFT, Status.PUBLISHED)
    <Status.PUBLISHED: 'published'>
    """
    ways = [NAMES[way] for way in ALLOWED[current]]
    if requested not in ALLOWED[current]:
        either = Text(" or ".join(way.en for way in ways), " hoặc ".join(way.vi for way in ways)) if ways else NO_WAY
        now, then = NAMES[current], NAMES[requested]
        raise NOT_ALLOWED.error(current=now, requested=then, ways=either)
    return requested


def canonical(content: object) -> bytes:
    """The one spelling of JSON data: members by name, no blanks, UTF-8.

    Whole figures are numbers, others text, so that no reader on the way can make a binary fraction of them.

    >>> canonical({"total": Decimal("81.77"), "max": Decimal("1E+2"), "code": "H60"})
    b'{"code":"H60","max":100,"total":"81.77"}'
    """
    text = json.dumps(content, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _plain(value: object) -> object:
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} has no canonical spelling")
    whole = value.to_integral_value()
    return int(whole) if value == whole else format(value.normalize(), "f")


def members(value: object, way: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of JSON data with the way to it; a list of plain values is a leaf.

    >>> list(members({"rank": 1, "groups": {"payment": None}, "flags": []}))
    [('rank', 1), ('groups.payment', None), ('flags', [])]
    """
    if isinstance(value, Mapping):
        below = list(value.items())
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        below = list(enumerate(value))
    else:
        yield way, value
        return
    for name, member in below:
        yield from members(member, f"{way}.{name}" if way else str(name))


def numbers(results: Mapping[str, Mapping[str, object]]) -> dict[Place, object]:
    """Every number of results but times by its place: level → `{"items": [{"unit": {"code": …}, …}], …}`."""
    found: dict[Place, object] = {}
    for level, result in results.items():
        about = {name: member for name, member in result.items() if name not in ("items", "observed_at")}
        found |= {(level, None, way): value for way, value in members(about)}
        for item in _list(result["items"]):
            code = str(item["unit"]["code"])
            found |= {(level, code, way): value for way, value in members(item)}
    return found


def _list(items: object) -> list[dict[str, dict[str, object]]]:
    assert isinstance(items, list)
    return items


def differences(before: Mapping[Place, object], after: Mapping[Place, object]) -> list[ValueDifference]:
    """Numbers that are not the same. A unit that only one side has is one difference: its name there."""
    units = [{place[:2] for place in side if place[1] is not None} for side in (before, after)]
    lone = units[0] ^ units[1]
    return [each for each in changed(before, after) if each.place[:2] not in lone or each.place[2] == "unit.name"]


def changed(before: Mapping[Place, object], after: Mapping[Place, object]) -> list[ValueDifference]:
    """Whatever is not the same on both sides, by place."""
    places = sorted(before.keys() | after.keys(), key=_order)
    found = (ValueDifference(place, before.get(place), after.get(place)) for place in places)
    return [each for each in found if each.before != each.after]


def _order(place: Place) -> tuple[str, str, str]:
    level, unit, way = place
    return level or "", unit or "", way
