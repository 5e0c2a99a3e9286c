"""What imports do to figures, told by a dictionary: the model that the service is held against.

A figure is named by its period and unit; its number is a numerator, or None where it is taken back. Instants in µs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, str]
Shown = tuple[str, str, int, int, int | None, int, int | None]
"""A line of a history: period, unit, observed_at, known_at, number, import, undone_at."""


class Row(NamedTuple):
    """A row of a file; `stated` is the moment of observation, None where the row leaves it out."""

    unit: str
    period: str
    stated: int | None
    number: int | None

    @property
    def key(self) -> Key:
        return self.period, self.unit


@dataclass
class Known:
    """A revision of a figure, and when it was undone."""

    observed_at: int
    known_at: int
    number: int | None
    import_id: int
    undone_at: int | None = None

    @property
    def order(self) -> tuple[int, int]:
        return self.observed_at, self.known_at


class Told(NamedTuple):
    """What is told of a row before it is stored: two equal lists of these are one plan."""

    act: str
    key: Key
    stated: int | None
    number: int | None
    before: int | None


@dataclass
class Model:
    """Per figure its revisions in the order they became known."""

    held: dict[Key, list[Known]] = field(default_factory=dict)

    def take(self, rows: Iterable[Row], known_at: int, id: int) -> Counter[str]:
        """Store the rows of one import; returns how many were created, updated and unchanged."""
        acts: Counter[str] = Counter()
        for row in sorted(rows, key=lambda row: row.stated or known_at):
            act = self._act(row, self.standing(row.key))
            acts[act] += 1
            if act != "unchanged":
                revision = Known(row.stated or known_at, known_at, row.number, id)
                self.held.setdefault(row.key, []).append(revision)
        return acts

    def plan(self, rows: Iterable[Row]) -> list[Told]:
        """What `take` would do to what stands now, in no order."""
        trial = Model({key: list(revisions) for key, revisions in self.held.items()})
        told = []
        for row in sorted(rows, key=lambda row: row.stated or 2**63):
            before = self.standing(row.key)
            act = trial._act(row, trial.standing(row.key))
            trial.take([row], 2**62, 0)
            told.append(Told(act, row.key, row.stated, row.number, None if before is None else before.known_at))
        return sorted(told, key=repr)

    def undo(self, id: int, known_at: int, at: int) -> tuple[int, int]:
        """Take an import's revisions back; returns how many figures that concerns, and how many are left.

        A figure is left where what stands for it became known later.
        """
        undone = left = 0
        for key, revisions in self.held.items():
            own = [revision for revision in revisions if revision.import_id == id and revision.undone_at is None]
            stands = self.standing(key)
            if not own or stands is None:
                continue
            if stands.known_at > known_at:
                left += 1
                continue
            undone += 1
            for revision in own:
                revision.undone_at = at
        return undone, left

    def standing(self, key: Key, as_of: int | None = None, observed_by: int | None = None) -> Known | None:
        """The revision observed last, among equal ones known last, of those in sight."""
        seen = [revision for revision in self._seen(key, as_of, observed_by) if not _gone(revision, as_of)]
        return max(seen, key=lambda revision: revision.order, default=None)

    def values(self, as_of: int | None = None, observed_by: int | None = None) -> dict[Key, int]:
        """The figures that stand, retracted ones left out."""
        found = {key: self.standing(key, as_of, observed_by) for key in self.held}
        return {key: known.number for key, known in found.items() if known is not None and known.number is not None}

    def history(self, as_of: int | None = None, observed_by: int | None = None) -> Sequence[Shown]:
        """Every revision in sight, by figure, the newest observation first."""
        return [
            (*key, known.observed_at, known.known_at, known.number, known.import_id, _undone(known, as_of))
            for key in sorted(self.held)
            for known in sorted(self._seen(key, as_of, observed_by), key=lambda each: each.order, reverse=True)
        ]

    def _act(self, row: Row, stands: Known | None) -> str:
        if stands is None:
            return "unchanged" if row.number is None and row.stated is None else "created"
        equal = [known for known in self.held[row.key] if known.observed_at == row.stated and not _gone(known, None)]
        compared = stands if row.stated is None else max(equal, key=lambda known: known.order, default=None)
        return "unchanged" if compared is not None and compared.number == row.number else "updated"

    def _seen(self, key: Key, as_of: int | None, observed_by: int | None) -> list[Known]:
        return [
            known
            for known in self.held.get(key, [])
            if (as_of is None or known.known_at <= as_of) and (observed_by is None or known.observed_at <= observed_by)
        ]


def _undone(known: Known, as_of: int | None) -> int | None:
    """When a revision was undone, as far as that was known then."""
    hidden = known.undone_at is not None and as_of is not None and known.undone_at > as_of
    return None if hidden else known.undone_at


def _gone(known: Known, as_of: int | None) -> bool:
    return _undone(known, as_of) is not None
