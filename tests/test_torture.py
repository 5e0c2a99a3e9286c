"""The short form of `make torture`: a few kills, and each calamity once. It takes some seconds, most of them starts."""

import pytest

from tests.torture.run import torture

KILLS, SEED = 2, 766


def test_services_are_killed_and_worse_and_every_invariant_holds(database_url: str) -> None:
    outcome = torture("sqlite" if database_url.startswith("sqlite") else "postgresql", KILLS, SEED)

    assert dict(outcome.ledger.broken) == {}
    assert outcome.befell["service killed"] == KILLS
    assert len(outcome.ledger.held) > 15


def test_a_standby_that_takes_over_has_every_acknowledged_write(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a file has no standby")
    outcome = torture("failover", 0, SEED)

    assert dict(outcome.ledger.broken) == {}
    assert outcome.befell["PostgreSQL killed, standby promoted"] == 1
