"""How the figures of one unit, period and source hang together, as it ships (`app/balances.yaml`)."""

from functools import lru_cache
from pathlib import Path

from app.domain.checks.stored.balances import Balances
from app.formats.documents import read_yaml

BALANCES = Path(__file__).parents[1] / "balances.yaml"


@lru_cache(maxsize=1)
def balances() -> Balances:
    """The balances that stored figures are held to."""
    return Balances.model_validate(read_yaml(BALANCES.read_bytes()))
