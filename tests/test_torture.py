"""The short form of `make torture`: a few kills, and each calamity once. It takes some seconds, most of them starts."""

from tests.torture.run import torture

KILLS, SEED = 2, 766


def test_services_are_killed_and_worse_and_every_invariant_holds(database_url: str) -> None:
    outcome = torture("sqlite" if database_url.startswith("sqlite") else "postgresql", KILLS, SEED)

    assert dict(outcome.ledger.broken) == {}
    assert outcome.befell["service killed"] == KILLS
    assert len(outcome.ledger.held) > 15
