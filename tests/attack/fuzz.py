"""Every operation of the contract under generated requests, good and bad, by three kinds of caller, on both databases.

python -m tests.attack.fuzz [CASES] [sqlite|postgresql] prints a line a run and what was found, and ends with 1 where
anything was. CASES (200) is the least number of random cases an operation, beside those that probe the edges of each
schema.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.attack.service import CALLERS, KINDS, Attacked, attacked, own_databases

CONFIG = Path(__file__).parent / "schemathesis.toml"
PHASES = "examples,coverage,fuzzing,stateful"
WORKERS = 1
"""More of them trip over each other inside the generator of cases."""


@dataclass(frozen=True)
class Fuzzed:
    """What a run found: cases sent, kinds of failure with the operations concerned, and all of it in words."""

    operations: int
    cases: int
    failures: list[str]
    log: str


def fuzz(service: Attacked, caller: str, cases: int, phases: str = PHASES, *, seed: int | None = None) -> Fuzzed:
    """Send generated requests to every operation as a caller; all checks of schemathesis judge the answers."""
    with TemporaryDirectory(prefix="chiso-fuzz-") as home:
        report = Path(home) / "report.json"
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
            *("run", f"{service.address}/openapi.json", "--checks", "all", "--phases", phases),
            *("--max-examples", str(cases), "--workers", str(WORKERS), "--continue-on-failure"),
            *("--report", "json", "--report-json-path", str(report)),
            *(("--seed", str(seed), "--no-shrink") if seed is not None else ()),
            *(word for name, value in service.headers(caller).items() for word in ("--header", f"{name}: {value}")),
        ]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        assert report.exists(), done.stdout + done.stderr
        return _read(json.loads(report.read_bytes()), done.stdout)


def _read(report: dict[str, Any], log: str) -> Fuzzed:
    found = [f"{each['count']} × {each['title']}: {', '.join(each['operations'][:5])}" for each in report["failures"]]
    found += [f"error: {each}" for each in report["errors"]]
    return Fuzzed(report["operations"]["tested"], report["test_cases"]["generated"], found, log)


def main(cases: int, kinds: Sequence[str]) -> int:
    """Fuzz and print; the number of runs that found something."""
    failed = 0
    for kind, caller in product(kinds, CALLERS):
        with own_databases(kind) as databases, attacked(databases) as service:
            found = fuzz(service, caller, cases)
        print(
            f"{kind:10} {caller:9} {found.operations} operations, {found.cases:6} cases: {len(found.failures)} faults"
        )
        if found.failures:
            print("\n".join([*found.failures, found.log]), flush=True)
            failed += 1
    return failed


if __name__ == "__main__":
    words = sys.argv[1:]
    number = next((int(word) for word in words if word.isdigit()), 200)
    sys.exit(main(number, [word for word in words if word in KINDS] or list(KINDS)) > 0)
