"""What is wrong or odd among the figures of a period: every rule, and their findings in order."""

from collections.abc import Callable, Iterator

from app.domain.checks.stored.across import (
    PeriodUnits,
    counts_repeated_across_units,
    rows_swapped,
    sum_differs_below,
    unit_missing,
)
from app.domain.checks.stored.agreement import sources_disagree
from app.domain.checks.stored.balanced import (
    balance_differs,
    denominator_below_population,
    figures_repeated,
    rate_of_nothing,
)
from app.domain.checks.stored.figures import (
    Check,
    CheckContext,
    UnitFigures,
    complements_not_100,
    exceeds_population,
    jump,
    numerator_exceeds_denominator,
    rank_exceeds_cohort,
    rate_differs_from_counts,
    rate_out_of_range,
)
from app.domain.checks.stored.finding import Finding, FindingRule
from app.domain.checks.stored.points import points_differ, points_exceed_max, reported_total_differs

CHECKS: dict[FindingRule, Check] = {
    "balance_differs": balance_differs,
    "complements_not_100": complements_not_100,
    "denominator_below_population": denominator_below_population,
    "exceeds_population": exceeds_population,
    "figures_repeated": figures_repeated,
    "jump": jump,
    "numerator_exceeds_denominator": numerator_exceeds_denominator,
    "points_differ": points_differ,
    "points_exceed_max": points_exceed_max,
    "rank_exceeds_cohort": rank_exceeds_cohort,
    "rate_differs_from_counts": rate_differs_from_counts,
    "rate_of_nothing": rate_of_nothing,
    "rate_out_of_range": rate_out_of_range,
    "reported_total_differs": reported_total_differs,
    "sources_disagree": sources_disagree,
}


CheckAcross = Callable[[PeriodUnits, CheckContext], Iterator[Finding]]
ACROSS: dict[FindingRule, CheckAcross] = {
    "counts_repeated_across_units": counts_repeated_across_units,
    "rows_swapped": rows_swapped,
    "sum_differs_below": sum_differs_below,
    "unit_missing": unit_missing,
}


def findings_of(unit: UnitFigures, context: CheckContext) -> list[Finding]:
    """Every finding about a unit, by rule, indicator and source."""
    return sorted((found for check in CHECKS.values() for found in check(unit, context)), key=lambda found: found.key)


def findings_in(period: PeriodUnits, context: CheckContext) -> list[Finding]:
    """Every finding about the units of a period; jumps that come of swapped rows are named as these alone."""
    across = [found for check in ACROSS.values() for found in check(period, context)]
    swapped = {
        (unit, indicator)
        for found in across
        if found.rule == "rows_swapped"
        for unit in (found.unit, found.context["other"])
        for indicator in found.indicators
    }
    own = (found for unit in period.units for found in findings_of(unit, context))
    return [*across, *(found for found in own if found.rule != "jump" or (found.unit, found.indicator) not in swapped)]
