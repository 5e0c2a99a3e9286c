"""What if: a board as it would be with other figures or other rules, beside the one that is. Nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from sqlalchemy.orm import Session

from app.answers.faults import FaultBody
from app.answers.scores import BandBrief, ScoreItem
from app.answers.what_if import BaseOut, BaseScore, Difference, WhatIfHead, WhatIfItem
from app.domain.figure_parser import Locale
from app.domain.figures import plain
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.tree import compares_units
from app.domain.input_location import relocated
from app.domain.intake.import_row import Fractions
from app.domain.unit_code import branch_of
from app.errors import Language, NotFound
from app.services import score_items, scores
from app.services.frameworks import check_document, load_framework
from app.services.imports.row_checks import Hypothesis, ImportOptions
from app.services.insight.silent_figures import MOST_TOLD, silent_figures
from app.services.insight.supposed_figures import SupposedFigure, suppose
from app.services.insight.what_if_words import sentence
from app.services.rights import Caller
from app.services.score_names import named_band, named_summary
from app.services.scored_cohorts import (
    Cohort,
    ScoredCohort,
    cohort_units,
    indicators_of,
    load_scored_cohort,
    scored_cohort,
    visible_of,
)
from app.services.scores import CohortComparison, ScoresQuery
from app.store import period_values
from app.store.unit_versions import UnitMoment

FLAG = "hypothetical"


@dataclass(frozen=True, slots=True)
class WhatIfQuery:
    """Which board, and what is supposed: long rows of figures as they were sent, a framework document.

    `sources` are those allowed besides the ones that frameworks name.
    """

    board: ScoresQuery
    values: Sequence[object]
    document: object | None
    sources: tuple[str, ...]
    locale: Locale = "auto"
    fractions: Fractions | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The board as it would be, the same as it is (None where no rules are in force), and what is said above both."""

    compared: CohortComparison
    base: ScoredCohort | None
    about: WhatIfHead
    under_document: bool
    """Whether rules are supposed that were not in force in the period before, so that nothing has changed since."""

    @property
    def rules(self) -> Framework:
        return self.compared.now.framework


def what_if(session: Session, caller: Caller, query: WhatIfQuery) -> WhatIf:
    """The board under what is supposed.

    Invalid `framework_invalid` names every fault of a document, `import_rejected` every fault of the rows; NotFound for
    an `under` that the caller may not see.
    """
    asked = query.board
    scores.require_under(session, caller, asked, UnitMoment(asked.clocks.as_of, period=asked.period))
    cohort = scores.cohort_of(session, caller, asked, asked.period)
    base_rules, rules = _rules(session, query)
    figures = suppose(session, caller, query.values, _options(query, rules))
    base = None if base_rules is None else load_scored_cohort(session, base_rules, asked.period, cohort, asked.clocks)
    now = _supposed(session, asked, rules, cohort, figures.standing.values())
    compared = _compared(session, caller, query, now, hidden=cohort.within is not None)
    silent = islice(silent_figures(now, figures.standing.values()), MOST_TOLD)
    warnings = [each[asked.language] for each in (*figures.warnings, *silent)]
    return WhatIf(compared, base, _head(session, asked, compared, base, warnings), query.document is not None)


def _rules(session: Session, query: WhatIfQuery) -> tuple[Framework | None, Framework]:
    """The rules of the board that is, and those of the one that is supposed.

    A document is held against the version of its code that is in force, else against the default framework.
    """
    asked = query.board
    if query.document is None:
        framework = load_framework(session, asked.framework, asked.period, asked.clocks.as_of)
        return framework, framework
    with relocated(lambda fault: replace(fault, pointer=f"/document{fault.pointer or ''}")):
        rules = check_document(session, query.document).framework
    for name in (rules.code, asked.framework):
        try:
            return load_framework(session, name, asked.period, asked.clocks.as_of), rules
        except NotFound:  # no version of it is in force then
            continue
    return None, rules


def _options(query: WhatIfQuery, rules: Framework) -> ImportOptions:
    kinds = {each.code: each.kind for each in rules.indicators}
    return ImportOptions(
        period=query.board.period.code,
        locale=query.locale,
        fractions=query.fractions,
        sources=(*query.sources, *rules.sources),
        hypothesis=Hypothesis(query.board.clocks.as_of, kinds),
    )


def _supposed(
    session: Session, asked: ScoresQuery, rules: Framework, cohort: Cohort, figures: Iterable[SupposedFigure]
) -> ScoredCohort:
    """The cohort with the supposed figures on top of those that stand, each in the place of the one of its source.

    Nothing of it is kept: another document may bear the same name.
    """
    read = indicators_of(rules)
    whole = replace(cohort, within=None) if compares_units(rules) else cohort
    units = cohort_units(session, asked.period, whole, asked.clocks.as_of)
    stand = period_values.figures_below(
        session, asked.period, whole.under, [whole.level], asked.clocks, within=whole.within, indicators=read
    )
    supposed = {(each.unit, each.indicator, each.source): each for each in figures if each.indicator in set(read)}
    kept = [row for row in stand if (row.unit, row.indicator, row.source) not in supposed]
    rows = [*kept, *(each for each in supposed.values() if not each.retracted)]
    reporting = {row.unit for row in rows}
    members = [unit for unit in units if unit.code in reporting]
    active = sum(not unit.ended for unit in units)
    scored = scored_cohort(rules, asked.period, cohort.level, members, rows, active)
    scored = replace(scored, branches=frozenset(branch_of(unit.code) for unit in units))
    if whole == cohort:
        return scored
    return visible_of(scored, cohort_units(session, asked.period, cohort, asked.clocks.as_of))


def _compared(
    session: Session, caller: Caller, query: WhatIfQuery, now: ScoredCohort, *, hidden: bool
) -> CohortComparison:
    """The supposed board beside the period before; rules that are only supposed were none then."""
    if query.document is not None:
        return CohortComparison(now, None, None, None, None, hidden)
    return scores.compared_with(session, caller, now, query.board, hidden=hidden)


def _head(
    session: Session,
    asked: ScoresQuery,
    compared: CohortComparison,
    base: ScoredCohort | None,
    warnings: Sequence[FaultBody],
) -> WhatIfHead:
    about = scores.list_header(session, compared, asked)
    before: BaseOut | None = None
    if base is not None:
        summary = named_summary(scores.summary_of(base), base.framework, asked.language)
        before = {"framework": base.framework.id, "cohort": scores.cohort_counts(base, asked.under), "summary": summary}
    return {
        **about,
        "base": before,
        "warnings": list(warnings),
        "sentence": sentence(compared, base, "vi"),
        "sentence_en": sentence(compared, base, "en"),
    }


def items(found: WhatIf, rows: Sequence[int], language: Language) -> list[WhatIfItem]:
    """Units of the supposed board as they are answered, each with what it is now and what would change."""
    places = {} if found.base is None else {member.code: row for row, member in enumerate(found.base.members)}
    shown = score_items.items(found.compared, rows)
    return [_item(found, each, places.get(each["unit"]["code"]), language) for each in shown]


def _item(found: WhatIf, item: ScoreItem, row: int | None, language: Language) -> WhatIfItem:
    base: BaseScore = {"total": None, "rank": None, "band": None}
    groups: Mapping[str, Decimal | None] = {}
    if found.base is not None and row is not None:
        result = score_items.result(found.base, score_items.shown_groups(found.base, None), row)
        base = {"total": result["total"], "rank": _rank(found, row), "band": _band(found.base, row, language)}
        groups = result["groups"]
    return {
        **item,
        "flags": [*item["flags"], *(["rules_changed"] if found.under_document else []), FLAG],
        "base": base,
        "difference": _difference(item, base, groups),
    }


def _difference(item: ScoreItem, base: BaseScore, groups: Mapping[str, Decimal | None]) -> Difference:
    """Of what is shown: a group that either side lacks has none."""
    before, rank = base["rank"], item["rank"]
    return {
        "total": _minus(item["total"], base["total"]),
        "rank": None if before is None or rank is None else before - rank,
        "groups": {code: _minus(points, groups.get(code)) for code, points in item["groups"].items()},
    }


def _minus(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if now is None or before is None else plain(now - before)


def _rank(found: WhatIf, row: int) -> int | None:
    """The rank that a unit has, where the caller may see the whole cohort."""
    assert found.base is not None
    standing = found.base.standing
    return int(standing.rank[row]) if standing.ranked[row] and not found.compared.hidden else None


def _band(base: ScoredCohort, row: int, language: Language) -> BandBrief | None:
    return named_band(score_items.band_of(base, row), base.framework, language)
