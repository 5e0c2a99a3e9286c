"""A short run of `make fuzz`: no request that the contract lets one think of is answered otherwise than it says."""

from tests.attack.fuzz import fuzz
from tests.attack.service import attacked
from tests.support.databases import Databases, Sqlite

CASES = 4


def test_generated_requests_are_answered_as_the_contract_says(databases: Databases) -> None:
    callers = ("anonymous", "admin") if isinstance(databases, Sqlite) else ("subtree",)

    with attacked(databases) as service:
        found = [fuzz(service, caller, CASES, "examples,fuzzing", seed=766) for caller in callers]

    for each in found:
        assert each.failures == [], each.log
        assert each.cases > CASES * each.operations
