"""Live data as reports read them, under the clocks and rights of a caller."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property

from sqlalchemy.orm import Session

from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterText
from app.answers.reports import Base, ComparedBase
from app.answers.scores import BandBrief
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.domain.period import Period, local_day, read_period
from app.domain.targets import Target
from app.domain.vocabulary import LEVELS, Level
from app.errors import Fault
from app.reports.data import LevelBoard, ReportData, ReportQuery, level_board
from app.reports.layouts import known_layouts
from app.reports.published_base import NOT_PUBLISHED, OF_MOMENTS, PublishedBase, find_base
from app.reports.rules.layouts import Layout
from app.reports.unit_standing import UnitStanding, live_member, live_peers, live_standing
from app.services import rights
from app.services.frameworks import indicators_known, load_framework
from app.services.layouts import stated_layouts
from app.services.rights import Caller
from app.services.score_items import bands_of
from app.services.scored_cohorts import CohortUnit, ScoredCohort, load_scored_cohort
from app.services.scores import ScoresQuery, cohort_of, earlier_period
from app.services.scores import board as live_board
from app.services.tasks import concerned, names_of
from app.store import period_values, unit_tree
from app.store.cache import RULES, UNITS, figures_in, known_at
from app.store.db import now
from app.store.letter_profiles import find_profile
from app.store.letter_templates import get_file, nearest_templates
from app.store.letter_texts import find_letter_text
from app.store.publications import Publication, standing_publications
from app.store.rows import StandingValue
from app.store.targets import standing_targets
from app.store.tasks import Task, standing_tasks
from app.store.unit_tree import Subtree, ancestors, directly_below, in_subtree
from app.store.unit_versions import UnitMoment
from app.store.units import get_unit_row
from app.store.values import Clocks

OF_LETTERS = ("letter_profiles", "letter_texts", "letter_templates", "layouts")
STATED = ("targets", "publications", "tasks", *OF_LETTERS, "evaluations")
"""The topics of what reports show besides the figures."""


class LiveReportData(ReportData):
    """Data as it stands, or stood at the moments asked for; a subtree key sees its own units."""

    def __init__(self, session: Session, caller: Caller, query: ReportQuery) -> None:
        assert query.period is not None
        self.session, self.caller, self.query = session, caller, query
        self.evaluation = None
        self.base: Base | None = None
        self._bases: dict[str, PublishedBase | None] = {}
        self.period = read_period(query.period)
        self.scores_query = ScoresQuery(
            period=self.period,
            framework=query.framework or query.default_framework,
            level="other",
            under=query.under,
            against=query.against,
            clocks=query.clocks,
            against_observed_by=query.against_observed_by,
        )
        self.against = earlier_period(self.scores_query)
        self.under = query.under
        self.level = query.level
        self.levels = LEVELS if query.level is None else (query.level,)
        self.as_of = to_datetime(query.clocks.as_of or self._known_at())
        self.today = local_day(to_datetime(query.clocks.as_of or now(session)))
        self.observed_by = None if query.clocks.observed_by is None else to_datetime(query.clocks.observed_by)

    def _known_at(self) -> int:
        """The last change of anything that a report may show."""
        against = None if self.against is None else self.against.code
        return known_at(self.session, [*UNITS, *RULES, *STATED, *figures_in(self.period.code, against)])

    @cached_property
    def within(self) -> Subtree | None:
        """The subtree that the caller is kept to."""
        return rights.subtree_of(self.session, self.caller)

    @cached_property
    def framework(self) -> Framework:
        return load_framework(self.session, self.scores_query.framework, self.period, self.query.clocks.as_of)

    @cached_property
    def hidden(self) -> bool:
        return any(self._is_cut(each) for each in (self.period, self.against) if each is not None)

    def _is_cut(self, period: Period) -> bool:
        """Whether units stood there in the period that the caller may not see."""
        moment = UnitMoment(self.query.clocks.as_of, period=period)
        return rights.kept_to(self.session, self.caller, self.under, moment) is not None

    def _clocks(self, *, earlier: bool) -> Clocks:
        seen = self.query.against_observed_by
        return self.query.clocks if not earlier or seen is None else replace(self.query.clocks, observed_by=seen)

    def board(self, level: Level, view: str | None = None) -> LevelBoard:
        query = replace(self.scores_query, level=level, view=view)
        compared, _ = live_board(self.session, self.caller, query)
        return level_board(compared, self.under)

    def scored_cohort(self, level: Level) -> ScoredCohort:
        cohort = cohort_of(self.session, self.caller, replace(self.scores_query, level=level), self.period)
        return load_scored_cohort(self.session, self.framework, self.period, cohort, self.query.clocks)

    def bands_before(self, level: Level) -> Mapping[str, BandBrief]:
        query = replace(self.scores_query, level=level)
        compared, _ = live_board(self.session, self.caller, query)
        return {} if compared.before is None else bands_of(compared.before)

    def a_period_earlier(self) -> "LiveReportData | None":
        if self.against is None or self._of_moments:
            return None
        return LiveReportData(self.session, self.caller, replace(self.query, period=self.against.code, against=None))

    def unit(self, code: str) -> CohortUnit:
        rights.require_readable(self.session, self.caller, code)
        return live_member(self.session, code, self.scores_query)

    def standing_of(self, unit: CohortUnit, view: str | None = None) -> UnitStanding:
        under = None if self.under == unit.code else self.under
        query = replace(self.scores_query, level=unit.level, under=under, view=view)
        return live_standing(self.session, self.caller, unit, query, self._published(unit))

    def peers_of(self, unit: CohortUnit) -> LevelBoard | None:
        under = None if self.under == unit.code else self.under
        found = live_peers(self.session, self.caller, unit, replace(self.scores_query, level=unit.level, under=under))
        return None if found is None else level_board(found, under)

    def based_on(self, base: Base | None) -> "LiveReportData":
        if base == "published" and self._of_moments:
            raise Fault(OF_MOMENTS, parameter="base").error()
        found = copy(self)
        found.base, found._bases = base, {}
        return found

    @property
    def _of_moments(self) -> bool:
        """Whether two moments of one period are compared."""
        return self.against == self.period or self.query.against_observed_by is not None

    def base_of(self, unit: CohortUnit) -> ComparedBase | None:
        if self.against is None:
            return None
        found = self._published(unit)
        if found is None:
            return {"kind": "current", "evaluation": None}
        return {"kind": "published", "evaluation": found.evaluation.id}

    def _published(self, unit: CohortUnit) -> PublishedBase | None:
        """The published evaluation that a unit is compared with; None where it is compared with current figures."""
        if unit.code not in self._bases:
            self._bases[unit.code] = self._find_base(unit)
        return self._bases[unit.code]

    def _find_base(self, unit: CohortUnit) -> PublishedBase | None:
        if self.against is None or self.base == "current" or self._of_moments:
            return None
        root = unit.parent if self.under in (None, unit.code) else self.under
        framework, as_of = self.scores_query.framework, self.query.clocks.as_of
        found = find_base(self.session, unit, framework, self.against, root, as_of)
        if found is None and self.base == "published":
            raise Fault(NOT_PUBLISHED, {"period": self.against.code, "unit": unit.code}, parameter="base").error()
        return found

    def siblings(self, unit: CohortUnit) -> Sequence[CohortUnit]:
        moment = UnitMoment(self.query.clocks.as_of, period=self.period)
        found = directly_below(self.session, unit.level, unit.parent, moment)
        return [CohortUnit.of(row, self.period) for row in found]

    def units(self, *, earlier: bool = False) -> Sequence[CohortUnit]:
        period = self.against if earlier else self.period
        if period is None:
            return []
        moment = UnitMoment(self.query.clocks.as_of, period=period)
        found = [CohortUnit.of(row, period) for row in unit_tree.tree(self.session, self.under, moment)]
        if self.within is None:
            return found
        seen = in_subtree(self.session, self.within, [member.code for member in found])
        return [member for member in found if member.code in seen]

    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[StandingValue]:
        period = self.against if earlier else self.period
        if period is None:
            return []
        return period_values.figures_below(
            self.session,
            period,
            self.under,
            self.levels,
            self._clocks(earlier=earlier),
            within=self.within,
            indicators=indicators,
        )

    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[StandingValue]:
        rights.require_readable(self.session, self.caller, unit)
        get_unit_row(self.session, unit, UnitMoment(self.query.clocks.as_of))
        period = self.against if earlier else self.period
        if period is None:
            return []
        base = self._published(self.unit(unit)) if earlier else None
        if base is not None:
            return base.values_of(unit)
        return period_values.unit_figures(self.session, period.code, unit, self._clocks(earlier=earlier))

    def indicators(self) -> Mapping[str, Indicator]:
        return indicators_known(self.session, self.query.clocks.as_of)

    def above(self) -> Sequence[str]:
        top = self.under or self.caller.unit
        moment = UnitMoment(self.query.clocks.as_of, period=self.period)
        found = [] if top is None else ancestors(self.session, top, moment)
        if self.within is None:
            return found
        seen = {*rights.above(self.session, self.caller), *in_subtree(self.session, self.within, found)}
        return [code for code in found if code in seen]

    def targets(self) -> Sequence[Target]:
        years = {each.starts_on.year for each in (self.period, self.against) if each is not None}
        codes = {member.code for member in self.units()}.union(self.above())
        return standing_targets(self.session, self.query.clocks.as_of, years=years, units=codes)

    def publications(self) -> Sequence[Publication]:
        codes = {member.code for member in self.units()}
        found = standing_publications(self.session, self.query.clocks.as_of, period=self.period.code)
        return [each for each in found if each.unit in codes]

    def tasks(self) -> Sequence[Task]:
        codes = concerned(self.session, self.under, self.query.clocks.as_of, self.period)
        if self.within is not None:
            codes = in_subtree(self.session, self.within, codes)
        found = standing_tasks(self.session, self.query.clocks.as_of, period=self.period.code)
        return [task for task in found if codes & task.members]

    def letter(self) -> LetterProfile | None:
        return None if self.under is None else find_profile(self.session, self.under, self.query.clocks.as_of)

    def letter_text(self, kind: str) -> LetterText | None:
        if self.under is None:
            return None
        return find_letter_text(self.session, (self.under, self.period.code, kind), self.query.clocks.as_of)

    def letter_template(self, kind: str) -> bytes | None:
        if self.under is None:
            return None
        as_of = self.query.clocks.as_of
        above = ancestors(self.session, self.under, UnitMoment(as_of, period=self.period))
        found = nearest_templates(self.session, [self.under, *above], as_of, kind).get(kind)
        return None if found is None else get_file(self.session, found.record.sha256)

    def layouts(self) -> Mapping[str, Layout]:
        return known_layouts(stated_layouts(self.session, self.query.clocks.as_of))

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        return names_of(self.session, codes, self.query.clocks.as_of, self.period)
