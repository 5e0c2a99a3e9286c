"""What lines do to the revisions that stand: the rule of the two clocks.

The current value of a source is the one observed last, among equal observations the one known last; an older
observation that arrives late joins the history and changes nothing current. A retraction whose moment is stated is an
observation like any other, also where nothing is known yet: it counts as `created`, and a figure observed before it
that arrives after it does not stand. What is left undated says what holds now: where that is known, it is `unchanged`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter, lt
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


_OBSERVED_AT = itemgetter(Line._fields.index("observed_at"))
_STOOD_AT = itemgetter(Stored._fields.index("observed_at"))
bare_key = itemgetter(*map(Line._fields.index, Key._fields))
"""The same of a line as a bare tuple, in a third of the time; it equals the key and has its hash."""


period_of = itemgetter(Line._fields.index("period"))
"""The period of a line, for `map`."""


def are_in_order(lines: Iterable[Line]) -> bool:
    """Whether the keys rise from line to line, so that none occurs twice either."""
    keys = list(map(bare_key, lines))
    return all(map(lt, keys, islice(keys, 1, None)))


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


def late_keys(lines: Iterable[Line], standing: Mapping[Key, Stored]) -> set[Key]:
    """The figures of lines that are older than what stands: only their past has a say."""
    newest = max(map(_STOOD_AT, standing.values()), default=0)
    late = (line for line in lines if line.observed_at is not None and line.observed_at < newest)
    return {key_of(line) for line in late if _is_late(line, standing.get(key_of(line)))}


def _is_late(line: Line, stands: Stored | None) -> bool:
    return stands is not None and line.observed_at is not None and line.observed_at < stands.observed_at


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
    acts, stamp = list[Act](), (known_at, import_id)
    for line in _in_time(lines):
        key: Key = bare_key(line)
        before = standing.get(key)
        stands = weighed.current.get(key, before)
        acts.append(_weigh(weighed, key, line, stands, past, stamp))
        if planned:
            figures = line.numerator, line.denominator, line.value, line.retract
            weighed.said.append((acts[-1], key, figures, line.observed_at, before and before.known_at))
    weighed.acts.update(acts)
    return weighed


def _in_time(lines: Iterable[Line]) -> Sequence[Line]:
    """The lines in the order of their observation; mostly all of a file were looked up at one moment."""
    lines = list(lines)
    return lines if len(set(map(_OBSERVED_AT, lines))) < 2 else sorted(lines, key=_observed)


def _observed(line: Line) -> int:
    return FOREVER if line.observed_at is None else line.observed_at


def _weigh(
    weighed: Weighed,
    key: Key,
    line: Line,
    stands: Stored | None,
    past: Mapping[tuple[Key, int], Stored],
    stamp: tuple[int, int],
) -> Act:
    """What one line does; `stamp` is the instant and the number of its import. A revision is made where it adds one."""
    at = line.observed_at
    if stands is None:
        if line.retract and at is None:
            return "unchanged"
        _add(weighed, key, _revision(line, *stamp), None)
        return "created"
    if at is not None and at < stands.observed_at:
        held = past.get((key, at))
        if held is not None and _same(held, line):
            return "unchanged"
        new = _revision(line, *stamp)
        weighed.past.append((key, new))
        weighed.added.append((key, new))
        return "updated"
    if (at is None or at == stands.observed_at) and _same(stands, line):
        return "unchanged"
    _add(weighed, key, _revision(line, *stamp), stands)
    return "updated"


def _add(weighed: Weighed, key: Key, new: Stored, stands: Stored | None) -> None:
    if stands is not None:
        weighed.past.append((key, stands))
    weighed.current[key] = new
    weighed.added.append((key, new))


def _revision(line: Line, known_at: int, import_id: int) -> Stored:
    _, _, _, _, _, numerator, denominator, value, decimals, at, note, back = line
    figures = numerator, denominator, value, decimals, known_at if at is None else at, known_at, import_id, note, back
    return tuple.__new__(Stored, figures)


def _same(held: Stored, new: Line) -> bool:
    """The same figure as it is answered; a note that is left out says nothing against the one that is held.

    A rate that says what its counts say is no news: so what was read from the service can be sent back.
    """
    if held.numerator != new.numerator or held.denominator != new.denominator or held.retracted != new.retract:
        return False
    if new.note is not None and new.note != held.note:
        return False
    return held.value == new.value or _answered(held) == _answered(new)


def _answered(revision: Stored | Line) -> int | None:
    return derived_rate(revision.numerator, revision.denominator) if revision.value is None else revision.value


def derived_rate(numerator: int | None, denominator: int | None) -> int | None:
    """100 × numerator / denominator in percent ×10⁴, half up to the two decimals that letters and portal print.

    >>> derived_rate(25775, 26080), derived_rate(0, 0)
    (988300, None)
    """
    if numerator is None or not denominator:
        return None
    return (2 * 10_000 * numerator + denominator) // (2 * denominator) * 100
