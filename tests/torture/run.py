"""A database tortured: services killed and worse, again and again, while clients write; then the reckoning."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Thread

from tests.support.services import Services
from tests.torture.calamities import Calamity, Place, of_postgres, of_sqlite
from tests.torture.clients import Reader, StallingClients, ended
from tests.torture.failover import pair
from tests.torture.invariants import Reckoning
from tests.torture.ledger import Ledger
from tests.torture.postgres import PostgresServer
from tests.torture.writers import PATIENCE_S, WRITERS, Writer, filling

KINDS = ("sqlite", "postgresql", "failover")
KILLS_A_CALAMITY = 12
"""So many kills come to one of the other calamities; of each there is one at least."""
LEASE_S = 10
SETTINGS = {"CHISO_LEASE_SECONDS": str(LEASE_S), "CHISO_CLIENT_SECONDS": "2", "CHISO_DATABASE_CONNECTIONS": "10"}


@dataclass
class Outcome:
    """What befell a database, what was written meanwhile, and what of it was as it must be."""

    database: str
    seed: int
    ledger: Ledger
    befell: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return not self.ledger.broken


def torture(kind: str, kills: int, seed: int, enough: Callable[[], bool] = lambda: False) -> Outcome:
    """Kill services on a database of this kind so often, or until it is enough. The same seed chooses the same."""
    outcome, began = Outcome(kind, seed, Ledger()), time.monotonic()
    with ExitStack() as closing:
        home = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="chiso-torture-", dir=roomy())))
        services = Services()
        closing.callback(services.close)
        url, calamities = closing.enter_context(database(kind, home))
        chance = Random(f"{seed} {kind}")
        place = Place(url, services, chance, outcome.ledger, {**SETTINGS, **also(kind, url)})
        closing.callback(place.end)
        with traffic(place, seed, outcome.ledger):
            for turn in schedule(kills, calamities, chance):
                if enough():
                    break
                outcome.befell[turn] += 1
                calamities.get(turn, Place.kill)(place)
        last = place.start()
        closing.callback(last.end)
        Reckoning(last, url, outcome.ledger, chance, LEASE_S).make(home)
    outcome.seconds = time.monotonic() - began
    return outcome


def also(kind: str, url: str) -> dict[str, str]:
    """Where there are two servers, reads go to the standby."""
    return {"CHISO_DATABASE_READ_URL": f"{url}?target_session_attrs=prefer-standby"} if kind == "failover" else {}


def roomy() -> str | None:
    """In memory, where there is such a place: what is tortured is the service, not the disk of this machine."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def schedule(kills: int, calamities: Mapping[str, Calamity], chance: Random) -> list[str]:
    """What befalls the database, in this order."""
    others = [name for name in calamities for _ in range(max(1, kills // KILLS_A_CALAMITY // len(calamities) * 2))]
    turns = [*others, *["service killed"] * kills]
    chance.shuffle(turns)
    return turns


@contextmanager
def database(kind: str, home: Path) -> Iterator[tuple[str, dict[str, Calamity]]]:
    """The address of a new database, and what may befall it."""
    if kind == "sqlite":
        yield f"sqlite:///{home / 'tortured.db'}", of_sqlite()
        return
    home.chmod(0o711)
    if kind == "failover":
        with pair(home) as both:
            yield both
        return
    server = PostgresServer.new(home / "server")
    try:
        yield server.url, of_postgres(server)
    finally:
        server.kill()


@contextmanager
def traffic(place: Place, seed: int, ledger: Ledger) -> Iterator[None]:
    """While inside, clients write, read and stall; on leaving, what was begun is answered."""
    first = Writer(0, Random(seed), place.hosts, ledger, LEASE_S)
    with first.client:
        for sent in filling():
            first.finish(sent)
    writers = [
        Writer(number, Random(f"{seed} writer {number}"), place.hosts, ledger, LEASE_S) for number in range(WRITERS)
    ]
    others = [each(Random(f"{seed} {each.__name__}"), place.hosts, ledger) for each in (Reader, StallingClients)]
    threads: list[Thread] = [*writers, *others]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in (*writers, *others):
            each.over.set()
        ledger.check("every client came to its end", ended(threads, 2 * PATIENCE_S))
