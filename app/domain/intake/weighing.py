"""What lines do to the revisions that stand: the rule of the two clocks.

The current value of a source is the one observed last, among equal observations the one known last; an older
observation that arrives late joins the history and changes nothing current. A retraction whose moment is stated is an
observation like any other, also where nothing is known yet: it counts as `created`, and a figure observed before it
that arrives after it does not stand. What is left undated says what holds now: where that is known, it is `unchanged`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal, NamedTuple

from app.domain.intake.line import Line

Act = Literal["created", "updated", "unchanged"]
FOREVER = 2**63 - 1
ACTS: tuple[Act, ...] = ("created", "updated", "unchanged")


class Key(NamedTuple):
    """What one figure is of."""

    period: str
    unit: str
    indicator: str
    source: str


class Stored(NamedTuple):
    """A revision of a figure without its key; figures ×10⁴, instants in µs."""

    numerator: int | None
    denominator: int | None
    value: int | None
    decimals: int | None
    observed_at: int
    known_at: int
    import_id: int
    note: str | None
    retracted: bool


def key_of(line: Line) -> Key:
    """Which figure a line is of."""
    return tuple.__new__(Key, (line.period, line.unit, line.indicator, line.source))


bare_key = attrgetter(*Key._fields)
"""The same of a line as a bare tuple, in a third of the time; it equals the key and has its hash."""


@dataclass(slots=True)
class Weighed:
    """What the lines would do: the revisions that stand afterwards, and those that join the history."""

    acts: Counter[Act] = field(default_factory=Counter)
    current: dict[Key, Stored] = field(default_factory=dict)
    past: list[tuple[Key, Stored]] = field(default_factory=list)
    added: list[tuple[Key, Stored]] = field(default_factory=list)
    said: list[tuple[object, ...]] = field(default_factory=list)

    def parts(self) -> tuple[Iterable[tuple[Key, Stored]], ...]:
        """`current`, `past` and `added`, each as keys and revisions."""
        return self.current.items(), self.past, self.added

    @property
    def plan(self) -> str:
        """A hash of what would be done to what: another one as soon as another write changed one of the figures."""
        return hashlib.sha256(repr(self.said).encode()).hexdigest()


def created(lines: Iterable[Line], known_at: int, import_id: int) -> list[tuple[object, ...]]:
    """Lines of figures of which nothing is known, each once, as key and revision in one.

    An undated line that takes back what is not there does nothing.
    """
    return [
        (
            *(period, unit, indicator, source, numerator, denominator, value, decimals),
            *(known_at if at is None else at, known_at, import_id, note, back),
        )
        for _, unit, period, indicator, source, numerator, denominator, value, decimals, at, note, back in lines
        if not back or at is not None
    ]


def weigh(
    lines: Iterable[Line],
    standing: Mapping[Key, Stored],
    past: Mapping[tuple[Key, int], Stored],
    known_at: int,
    import_id: int,
    *,
    planned: bool = True,
) -> Weighed:
    """The lines against what stands; `past` holds earlier observations of figures that have late lines.

    Several lines of one figure are weighed in the order of their observation, those without one last, so that
    the order in which they were sent changes nothing. Who wants no plan need not pay for it.
    """
    weighed = Weighed()
    for line in sorted(lines, key=_observed):
        key = key_of(line)
        before = standing.get(key)
        new = _revision(line, known_at, import_id)
        act = _weigh(weighed, key, new, weighed.current.get(key, before), past, stated=line.observed_at is not None)
        weighed.acts[act] += 1
        if planned:
            weighed.said.append((act, key, _figures(new), line.observed_at, before and before.known_at))
    return weighed


def _observed(line: Line) -> int:
    return FOREVER if line.observed_at is None else line.observed_at


def _weigh(
    weighed: Weighed,
    key: Key,
    new: Stored,
    stands: Stored | None,
    past: Mapping[tuple[Key, int], Stored],
    *,
    stated: bool,
) -> Act:
    if stands is None:
        if new.retracted and not stated:
            return "unchanged"
        _add(weighed, key, new, None)
        return "created"
    if stated and new.observed_at < stands.observed_at:
        held = past.get((key, new.observed_at))
        if held is not None and _same(held, new):
            return "unchanged"
        weighed.past.append((key, new))
        weighed.added.append((key, new))
        return "updated"
    if _same(stands, new) and (not stated or new.observed_at == stands.observed_at):
        return "unchanged"
    _add(weighed, key, new, stands)
    return "updated"


def _add(weighed: Weighed, key: Key, new: Stored, stands: Stored | None) -> None:
    if stands is not None:
        weighed.past.append((key, stands))
    weighed.current[key] = new
    weighed.added.append((key, new))


def _revision(line: Line, known_at: int, import_id: int) -> Stored:
    observed_at = known_at if line.observed_at is None else line.observed_at
    return Stored(
        line.numerator,
        line.denominator,
        line.value,
        line.decimals,
        observed_at,
        known_at,
        import_id,
        line.note,
        line.retract,
    )


def _figures(revision: Stored) -> tuple[int | None, int | None, int | None, bool]:
    return revision.numerator, revision.denominator, revision.value, revision.retracted


def _same(held: Stored, new: Stored) -> bool:
    """The same figure as it is answered; a note that is left out says nothing against the one that is held.

    A rate that says what its counts say is no news: so what was read from the service can be sent back.
    """
    if held.numerator != new.numerator or held.denominator != new.denominator or held.retracted != new.retracted:
        return False
    if new.note is not None and new.note != held.note:
        return False
    return held.value == new.value or _answered(held) == _answered(new)


def _answered(revision: Stored) -> int | None:
    return derived_rate(revision.numerator, revision.denominator) if revision.value is None else revision.value


def derived_rate(numerator: int | None, denominator: int | None) -> int | None:
    """100 × numerator / denominator in percent ×10⁴, half up to the two decimals that letters and portal print.

    >>> derived_rate(25775, 26080), derived_rate(0, 0)
    (988300, None)
    """
    if numerator is None or not denominator:
        return None
    return (2 * 10_000 * numerator + denominator) // (2 * denominator) * 100
