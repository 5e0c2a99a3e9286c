"""Proof-reading a letter before it is published: rules over the figures of a draft as printed.

What the letters get wrong stands in docs/domain.md, What letters get wrong.

A rule is a function over the draft, read once, and a line in CHECKS; a figure found invalid takes no part in the
rules that rest on figures. Findings come as the draft is read, and at one place in the order of CHECKS.
"""

from collections.abc import Callable, Iterator
from heapq import nsmallest
from itertools import count

from app.domain.checks.draft.decimals import decimals_differ
from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.finding import LetterFinding, further
from app.domain.checks.draft.lists import (
    against_not_earlier,
    bands_hole,
    bands_overlap,
    classes_do_not_add_up,
    counts_do_not_add_up,
    date_invalid,
    list_length_wrong,
    list_rates_differ,
    moment_outside_period,
    unit_repeated,
)
from app.domain.checks.draft.one_fault import (
    changes_do_not_add_up,
    points_differ,
    previous_total_differs,
    total_change_wrong,
    total_differs_from_groups,
)
from app.domain.checks.draft.parsed_draft import CheckOptions, ParsedDraft, read_draft
from app.domain.checks.draft.rows import (
    change_wrong,
    complements_not_100,
    exceeds_population,
    figures_disagree,
    rate_differs_from_counts,
)
from app.domain.checks.draft.scores import rank_change_wrong, rank_cohorts_differ, totals_disagree
from app.errors import MOST_FAULTS

Check = Callable[[ParsedDraft], Iterator[LetterFinding]]


def found_invalid(rule: str) -> Check:
    """The check that reports figures which their reading found invalid for this reason."""

    def check(proof: ParsedDraft) -> Iterator[LetterFinding]:
        for ref, place, cell in proof.cells():
            if cell.fault is not None and cell.fault.code == rule:
                fault = cell.fault
                yield LetterFinding(
                    rule, ref, place, fault.error_code.text, cell.shown, fault.suggestion, fault.context
                )

    return check


def every_change_wrong(proof: ParsedDraft) -> Iterator[LetterFinding]:
    """Changes of rows and of the total."""
    yield from change_wrong(proof)
    yield from total_change_wrong(proof)


def every_rate_differs(proof: ParsedDraft) -> Iterator[LetterFinding]:
    """Rates of rows and of lists."""
    yield from rate_differs_from_counts(proof)
    yield from list_rates_differ(proof)


CHECKS: dict[str, Check] = {
    "number_invalid": found_invalid("number_invalid"),
    "number_ambiguous": found_invalid("number_ambiguous"),
    "number_too_precise": found_invalid("number_too_precise"),
    "number_too_large": found_invalid("number_too_large"),
    "date_invalid": date_invalid,
    "against_not_earlier": against_not_earlier,
    "rate_out_of_range": found_invalid("rate_out_of_range"),
    "numerator_exceeds_denominator": found_invalid("numerator_exceeds_denominator"),
    "change_unit_wrong": found_invalid("change_unit_wrong"),
    "points_exceed_max": found_invalid("points_exceed_max"),
    "rank_exceeds_cohort": found_invalid("rank_exceeds_cohort"),
    "rate_differs_from_counts": every_rate_differs,
    "complements_not_100": complements_not_100,
    "change_wrong": every_change_wrong,
    "exceeds_population": exceeds_population,
    "figures_disagree": figures_disagree,
    "total_differs_from_groups": total_differs_from_groups,
    "totals_disagree": totals_disagree,
    "changes_do_not_add_up": changes_do_not_add_up,
    "previous_total_differs": previous_total_differs,
    "points_differ": points_differ,
    "rank_change_wrong": rank_change_wrong,
    "rank_cohorts_differ": rank_cohorts_differ,
    "counts_do_not_add_up": counts_do_not_add_up,
    "list_length_wrong": list_length_wrong,
    "unit_repeated": unit_repeated,
    "decimals_differ": decimals_differ,
    "classes_do_not_add_up": classes_do_not_add_up,
    "moment_outside_period": moment_outside_period,
    "bands_hole": bands_hole,
    "bands_overlap": bands_overlap,
}


def check(draft: Draft, rules: CheckOptions) -> list[LetterFinding]:
    """What is wrong with the draft, the first 1,000 findings by name, the others by their number.

    Refs and groups must be known (`references.reference_faults`).

    Scores are checked where `rules` has a framework, moments where it has a period.
    """
    proof, number = read_draft(draft, rules), count()
    found = (finding for rule in CHECKS.values() for finding in rule(proof))
    numbered = zip(found, number, strict=False)
    named = [finding for finding, _ in nsmallest(MOST_FAULTS, numbered, key=lambda each: each[0].place)]
    beyond = next(number) - len(named)
    return [*named, further(beyond, named[-1].place)] if beyond else named
