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
from itertools import compress, islice
from operator import eq, itemgetter, lt, ne
from typing import Literal, NamedTuple

from app.domain.figures import derived_rate
from app.domain.intake.import_row import ImportedRow

Act = Literal["created", "updated", "unchanged"]
FOREVER = 2**63 - 1
ACTS: tuple[Act, ...] = ("created", "updated", "unchanged")


class FigureKey(NamedTuple):
    """What one figure is of."""

    period: str
    unit: str
    indicator: str
    source: str


class StoredRevision(NamedTuple):
    """A revision of a figure without its key; figures ×10⁴, instants in µs."""

    numerator: int | None
    denominator: int | None
    value: int | None
    decimals: int | None
    observed_at: int
    note: str | None
    retracted: bool
    known_at: int
    import_id: int


def key_of(line: ImportedRow) -> FigureKey:
    """Which figure a line is of."""
    return tuple.__new__(FigureKey, (line.period, line.unit, line.indicator, line.source))


AT = ImportedRow._fields.index("observed_at")
END = ImportedRow._fields.index("percent")
"""Behind the last field that is kept of a line."""
FACTS = END - 1
"""How many fields of a row a line states: key and revision but for what the import stamps on it."""
_OBSERVED_AT = itemgetter(AT)
_said = itemgetter(slice(1, END))
_facts = itemgetter(slice(FACTS))
_key = itemgetter(slice(len(FigureKey._fields)))
_STOOD_AT = itemgetter(StoredRevision._fields.index("observed_at"))
bare_key = itemgetter(*map(ImportedRow._fields.index, FigureKey._fields))
"""The same of a line as a bare tuple, in a third of the time; it equals the key and has its hash."""


period_of = itemgetter(ImportedRow._fields.index("period"))
"""The period of a line, for `map`."""


def are_sorted(lines: Iterable[ImportedRow]) -> bool:
    """Whether the keys rise from line to line, so that none occurs twice either."""
    keys = list(map(bare_key, lines))
    return all(map(lt, keys, islice(keys, 1, None)))


Row = tuple[object, ...]
"""A key and a revision in one."""


@dataclass(slots=True)
class MergeResult:
    """What the lines would do: the revisions that stand afterwards, and rows that join the history.

    `added` are the revisions that the lines bring, current and past. `twice` where lines of one import say something
    of a figure for one moment: they are duplicates.
    """

    acts: Counter[Act] = field(default_factory=Counter)
    current: dict[FigureKey, StoredRevision] = field(default_factory=dict)
    late: dict[tuple[FigureKey, int], StoredRevision] = field(default_factory=dict)
    past: list[Row] = field(default_factory=list)
    added: list[Row] = field(default_factory=list)
    said: list[tuple[object, ...]] = field(default_factory=list)
    twice: bool = False

    @property
    def plan(self) -> str:
        """A hash of what would be done to what: another one as soon as another write changed one of the figures."""
        return hashlib.sha256(repr(self.said).encode()).hexdigest()


def new_revisions(lines: Iterable[ImportedRow], known_at: int, import_id: int) -> list[Row]:
    """Lines of figures of which nothing is known, each once, as key and revision in one.

    An undated line that takes back what is not there does nothing.
    """
    stamp = known_at, import_id
    return [
        line[1:END] + stamp if line[AT] is not None else (*line[1:AT], known_at, *line[AT + 1 : END], *stamp)
        for line in lines
        if line[AT] is not None or not line.retract
    ]


def changed_rows(
    lines: Sequence[ImportedRow], standing: Sequence[Row]
) -> tuple[Sequence[ImportedRow], dict[FigureKey, StoredRevision]]:
    """The lines that do not say to the letter what stands already, and the revisions that stand of their figures.

    `standing` are rows in the order of their keys. What is left out would be found `unchanged`, in much longer time:
    most of a file that is sent again is such.
    """
    if not standing:
        return lines, {}
    if len(standing) == len(lines):  # of a file that is sent again line lies beside row
        differ = list(map(ne, map(_said, lines), map(_facts, standing)))
        changed, left = list(compress(lines, differ)), list(compress(standing, differ))
        if all(map(eq, map(bare_key, changed), map(_key, left))):
            return changed, by_key(left)
    said = set(map(_facts, standing))
    changed = [line for line in lines if line[1:END] not in said]
    keys: set[object] = set(map(bare_key, changed))
    return changed, by_key(row for row in standing if row[:4] in keys)


def by_key(standing: Iterable[Row]) -> dict[FigureKey, StoredRevision]:
    """Rows that stand, by their keys."""
    return {row[:4]: tuple.__new__(StoredRevision, row[4:]) for row in standing}  # type: ignore[misc]


def late_keys(lines: Iterable[ImportedRow], standing: Mapping[FigureKey, StoredRevision]) -> set[FigureKey]:
    """The figures of lines that are older than what stands: only their past has a say."""
    newest = max(map(_STOOD_AT, standing.values()), default=0)
    late = (line for line in lines if line.observed_at is not None and line.observed_at < newest)
    return {key_of(line) for line in late if _is_late(line, standing.get(key_of(line)))}


def _is_late(line: ImportedRow, stands: StoredRevision | None) -> bool:
    return stands is not None and line.observed_at is not None and line.observed_at < stands.observed_at


def merge(
    lines: Iterable[ImportedRow],
    standing: Mapping[FigureKey, StoredRevision],
    past: Mapping[tuple[FigureKey, int], StoredRevision],
    known_at: int,
    import_id: int,
    *,
    planned: bool = True,
) -> MergeResult:
    """The lines against what stands; `past` holds earlier observations of figures that have late lines.

    Several lines of one figure are merged in the order of their observation, those without one last, so that
    the order in which they were sent changes nothing. Who wants no plan need not pay for it.
    """
    merged, acts = MergeResult(), list[Act]()
    for line in _in_time(lines):
        key: FigureKey = bare_key(line)
        before = standing.get(key)
        acts.append(_merge_row(merged, key, line, merged.current.get(key, before), past, (known_at, import_id)))
        if planned:
            merged.said.append((acts[-1], key, line[5:END], before and before.known_at))
    merged.acts.update(acts)
    return merged


def _in_time(lines: Iterable[ImportedRow]) -> Sequence[ImportedRow]:
    """The lines in the order of their observation; mostly all of a file were looked up at one moment."""
    lines = list(lines)
    return lines if len(set(map(_OBSERVED_AT, lines))) < 2 else sorted(lines, key=_observed)


def _observed(line: ImportedRow) -> int:
    return FOREVER if line.observed_at is None else line.observed_at


def _merge_row(
    merged: MergeResult,
    key: FigureKey,
    line: ImportedRow,
    stands: StoredRevision | None,
    past: Mapping[tuple[FigureKey, int], StoredRevision],
    stamp: tuple[int, int],
) -> Act:
    """What one line does; `stamp` is the instant and the number of its import. A revision is made where it adds one."""
    at = line.observed_at
    is_late = stands is not None and at is not None and at < stands.observed_at
    against = _earlier(merged, past, (key, at)) if is_late and at is not None else stands
    if _says_nothing(line, against):
        return "unchanged"
    new = _revision(line, *stamp)
    merged.twice |= (
        against is not None and against.import_id == new.import_id and against.observed_at == new.observed_at
    )
    row = key + new
    merged.added.append(row)
    if is_late:
        merged.late[key, new.observed_at] = new
        merged.past.append(row)
        return "updated"
    merged.current[key] = new
    if stands is None:
        return "created"
    merged.past.append(key + stands)
    return "updated"


def _earlier(
    merged: MergeResult, past: Mapping[tuple[FigureKey, int], StoredRevision], observation: tuple[FigureKey, int]
) -> StoredRevision | None:
    """What is known of a figure for a moment before the one that stands."""
    return merged.late.get(observation) or past.get(observation)


def _says_nothing(line: ImportedRow, against: StoredRevision | None) -> bool:
    """Whether a line repeats a revision, or undated takes back what is not there."""
    at = line.observed_at
    if against is None:
        return line.retract and at is None
    return (at is None or at == against.observed_at) and _same(against, line)


def _revision(line: ImportedRow, known_at: int, import_id: int) -> StoredRevision:
    at = line.observed_at
    facts = line[5:END] if at is not None else (*line[5:AT], known_at, *line[AT + 1 : END])
    return tuple.__new__(StoredRevision, (*facts, known_at, import_id))


def _same(held: StoredRevision, new: ImportedRow) -> bool:
    """The same figure as it is answered; a note that is left out says nothing against the one that is held.

    A rate that says what its counts say is no news: so what was read from the service can be sent back.
    """
    if held.numerator != new.numerator or held.denominator != new.denominator or held.retracted != new.retract:
        return False
    if new.note is not None and new.note != held.note:
        return False
    return held.value == new.value or _answered(held) == _answered(new)


def _answered(revision: StoredRevision | ImportedRow) -> int | None:
    return derived_rate(revision.numerator, revision.denominator) if revision.value is None else revision.value
