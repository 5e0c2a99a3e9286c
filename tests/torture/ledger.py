"""What was sent, what was answered, and what of that was wrong."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Lock

Kind = str
MOST_SHOWN = 3000
"""Characters of what was found."""


@dataclass(slots=True)
class Sent:
    """A write under a key: what it is, and its first answer once there is one."""

    key: str
    kind: Kind
    method: str
    path: str
    body: object
    unit: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    tries: int = 0
    status: int = 0
    answer: bytes = b""


class Ledger:
    """Shared by all writers. `held` and `broken` count by the sentence of an invariant."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.sent: dict[str, Sent] = {}
        self.newest = 0
        self.held: Counter[str] = Counter()
        self.broken: defaultdict[str, list[str]] = defaultdict(list)
        self.seen: Counter[str] = Counter()

    def check(self, sentence: str, holds: bool, found: object = "") -> None:
        """Note that an invariant held once more, or how it was broken."""
        with self.lock:
            if holds:
                self.held[sentence] += 1
            else:
                self.broken[sentence].append(str(found)[:MOST_SHOWN])

    def see(self, what: str) -> None:
        with self.lock:
            self.seen[what] += 1

    def note(self, sent: Sent) -> None:
        with self.lock:
            self.sent[sent.key] = sent

    def saw(self, version: int) -> None:
        """An answer showed this version of the data."""
        with self.lock:
            self.newest = max(self.newest, version)

    def of(self, *kinds: Kind) -> list[Sent]:
        """The writes of these kinds that were answered with success."""
        return [each for each in self.sent.values() if each.kind in kinds and 200 <= each.status < 300]
