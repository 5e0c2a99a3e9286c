"""Services killed and worse, hundreds of times, and what must hold all the same: `make torture`.

python -m tests.torture [sqlite] [postgresql]

TORTURE says how many kills a database (300), SEED what is chosen by chance. What it starts is its own, and it
ends that. Exit code 1 where an invariant was broken. A signal (Ctrl+C) ends the kills, not the counting.
"""

import os
import secrets
import signal
import sys
from threading import Event

from tests.torture.run import KINDS, Outcome, torture

FEW = 3
"""So many breaches of an invariant are shown."""


def show(outcome: Outcome) -> None:
    """What befell a database, and each invariant with how often it held and was broken."""
    ledger = outcome.ledger
    print(f"\n{outcome.database}, seed {outcome.seed}, {outcome.seconds:.0f} s")
    print("  " + ", ".join(f"{name} {times}" for name, times in outcome.befell.most_common()))
    kinds = sorted({each.kind for each in ledger.sent.values()})
    print("  acknowledged: " + ", ".join(f"{kind} {len(ledger.of(kind))}" for kind in kinds))
    print("  of them sent more than once: " + str(sum(each.tries > 1 for each in ledger.sent.values())))
    print("  seen meanwhile: " + ", ".join(f"{what} {times}" for what, times in ledger.seen.most_common()))
    print(f"  {'invariant':82}{'held':>8}{'broken':>8}")
    for sentence in sorted(ledger.held.keys() | ledger.broken.keys()):
        print(f"  {sentence:82}{ledger.held[sentence]:8}{len(ledger.broken.get(sentence, ())):8}")
        for found in ledger.broken.get(sentence, ())[:FEW]:
            print(f"      {found}")
    sys.stdout.flush()


def main(kinds: list[str]) -> int:
    kills, seed = int(os.environ.get("TORTURE", "300")), int(os.environ.get("SEED") or secrets.randbelow(10**6))
    print(f"{kills} kills a database; the same again with SEED={seed}", flush=True)
    broken, enough = False, Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: enough.set())
    for kind in kinds or KINDS:
        outcome = torture(kind, kills, seed, enough.is_set)
        show(outcome)
        broken |= not outcome.holds
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
