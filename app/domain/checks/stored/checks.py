"""What is wrong or odd among the figures of a unit in a period: every rule, and their findings in order."""

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
    sources_disagree,
)
from app.domain.checks.stored.finding import Finding, FindingRule
from app.domain.checks.stored.points import points_differ, points_exceed_max, reported_total_differs

CHECKS: dict[FindingRule, Check] = {
    "complements_not_100": complements_not_100,
    "exceeds_population": exceeds_population,
    "jump": jump,
    "numerator_exceeds_denominator": numerator_exceeds_denominator,
    "points_differ": points_differ,
    "points_exceed_max": points_exceed_max,
    "rank_exceeds_cohort": rank_exceeds_cohort,
    "rate_differs_from_counts": rate_differs_from_counts,
    "rate_out_of_range": rate_out_of_range,
    "reported_total_differs": reported_total_differs,
    "sources_disagree": sources_disagree,
}


def findings_of(unit: UnitFigures, context: CheckContext) -> list[Finding]:
    """Every finding about a unit, by rule, indicator and source."""
    return sorted((found for check in CHECKS.values() for found in check(unit, context)), key=lambda found: found.key)
