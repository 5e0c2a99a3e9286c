"""How the figures of one unit, period and source hang together, as data (`app/balances.yaml`)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.vocabulary import Code

Term = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.(numerator|denominator))?$")]
"""A count: an indicator, or one of the two counts of a share."""
STRICT = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BalancedSum(BaseModel):
    """A count that is the sum of others; of several wholes the parts may make any."""

    model_config = STRICT

    wholes: tuple[Term, ...]
    parts: tuple[Term, ...]


class LeastDenominator(BaseModel):
    """The denominator of a share is at least `least` percent of a count that is at least `from_`."""

    model_config = STRICT

    indicator: Code
    counted_by: tuple[Term, ...]
    least: int
    from_: int = Field(alias="from")


class RateOf(BaseModel):
    """What a rate is a share of."""

    model_config = STRICT

    indicator: Code
    of: Term


class Balances(BaseModel):
    """All that is known of how figures hang together; `additive` are counts that a unit sums up from those below."""

    model_config = STRICT

    sums: tuple[BalancedSum, ...] = ()
    denominators: tuple[LeastDenominator, ...] = ()
    rates: tuple[RateOf, ...] = ()
    additive: frozenset[Code] = frozenset()
