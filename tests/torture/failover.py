"""A PostgreSQL server and a standby that has every commit before it is acknowledged: one dies, the other takes over."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.torture.calamities import LONGEST_LIFE_S, Calamity, Place
from tests.torture.postgres import DATABASE, PATIENCE_S, PostgresServer

FOLLOWS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
LONGEST_ALONE_S = 1.0
"""Until somebody notices, and promotes the standby."""


class Pair:
    """Two servers at two addresses. Whichever has died comes back as the standby of the other."""

    def __init__(self, home: Path) -> None:
        self.home, self.numbers = home, count(1)
        self.primary = PostgresServer.new(home / "server")
        self.standby = self.followed(self.primary, None)

    @property
    def url(self) -> str:
        ports = sorted((self.primary.port, self.standby.port))
        return f"postgresql://postgres@127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}/{DATABASE}"

    def followed(self, primary: PostgresServer, port: int | None) -> PostgresServer:
        """A new standby of a server, which from then on acknowledges what the standby has."""
        standby = primary.clone(self.home / f"server-{next(self.numbers)}", port)
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.execute("SELECT pg_reload_conf()")
        until = time.monotonic() + PATIENCE_S
        while not primary.execute(FOLLOWS):
            assert time.monotonic() < until, "the standby does not follow"
            time.sleep(0.05)
        return standby

    def fail_over(self, place: Place) -> None:
        time.sleep(place.chance.uniform(0, LONGEST_LIFE_S))
        dead = self.primary
        dead.kill()
        time.sleep(place.chance.uniform(0, LONGEST_ALONE_S))
        self.standby.promote()
        self.primary = self.standby
        time.sleep(place.chance.uniform(0, LONGEST_LIFE_S))
        self.standby = self.followed(self.primary, dead.port)
        shutil.rmtree(dead.home)

    def let_alone(self) -> None:
        """Wait for the standby no more when something is committed."""
        self.primary.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.primary.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        self.primary.kill()
        self.standby.kill()


@contextmanager
def pair(home: Path) -> Iterator[tuple[str, dict[str, Calamity]]]:
    """The address of the two, and what befalls them."""
    both = Pair(home)
    try:
        yield both.url, {"PostgreSQL killed, standby promoted": both.fail_over}
    finally:
        both.kill()
