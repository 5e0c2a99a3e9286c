"""What a report rests on: live data under the clocks and rights of a caller, or what an evaluation froze.

A report reads this and nothing else, so that over an evaluation it says the same for ever (ADR 12).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterText
from app.answers.reports import Base, ComparedBase, ReportHead
from app.answers.scores import BandBrief, CohortOut, ScoreItem, Summary
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.period import Period
from app.domain.targets import Target
from app.domain.vocabulary import Level
from app.reports.rules.layouts import Layout
from app.reports.unit_standing import UnitStanding
from app.services.score_items import items
from app.services.score_order import ordered_rows
from app.services.scored_cohorts import CohortUnit, ScoredCohort
from app.services.scores import NOW, CohortComparison, cohort_counts, summary_of
from app.store.evaluations import EvaluationRow
from app.store.publications import Publication
from app.store.rows import StandingValue
from app.store.tasks import Task
from app.store.values import Clocks


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """The data of a report: an evaluation by its number, or live data. Empty fields are not restricted."""

    default_framework: str
    evaluation: int | None = None
    period: str | None = None
    framework: str | None = None
    under: str | None = None
    level: Level | None = None
    against: str | None = None
    clocks: Clocks = NOW
    against_observed_by: int | None = None

    def restrictions(self) -> dict[str, object]:
        """What was said that an evaluation says already."""
        said: dict[str, object] = {
            "period": self.period,
            "framework": self.framework,
            "under": self.under,
            "against": self.against,
            "as_of": self.clocks.as_of,
            "observed_by": self.clocks.observed_by,
            "against_observed_by": self.against_observed_by,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class LevelBoard:
    """The scored cohort of a level: its items as `/v1/scores` answers them, best first, and what stands above them."""

    level: Level
    framework: Framework
    cohort: CohortOut
    summary: Summary
    items: Sequence[ScoreItem]


class ReportData(ABC):
    """Where a report finds units, figures, boards, targets, publications, tasks and what letters always say.

    `under` None: everywhere; `levels`: those that may occur; `level`: the one that was asked for; `against` None:
    nothing to compare with. `today`: the local day that it is about where no other is named.
    """

    session: Session
    evaluation: EvaluationRow | None
    period: Period
    against: Period | None
    under: str | None
    levels: tuple[Level, ...]
    level: Level | None
    as_of: datetime
    today: date
    observed_by: datetime | None

    @property
    @abstractmethod
    def framework(self) -> Framework:
        """The rules of the period. Raises NotFound where none were in force."""

    @property
    @abstractmethod
    def hidden(self) -> bool:
        """Whether there are units that the caller may not see: what is counted is a part of the whole."""

    @abstractmethod
    def board(self, level: Level, view: str | None = None) -> LevelBoard:
        """The cohort of a level in the period, with its changes."""

    @abstractmethod
    def scored_cohort(self, level: Level) -> ScoredCohort:
        """The same cohort with the points of every criterion."""

    @abstractmethod
    def bands_before(self, level: Level) -> Mapping[str, BandBrief]:
        """The classes of a level's units in the period, or at the moment, that is compared with, by code."""

    @abstractmethod
    def a_period_earlier(self) -> "ReportData | None":
        """The same data about the period that is compared with; None where they do not hold what came before it."""

    @abstractmethod
    def unit(self, code: str) -> CohortUnit:
        """A unit as it stood in the period. Raises NotFound for one that the data do not hold."""

    @abstractmethod
    def standing_of(self, unit: CohortUnit, view: str | None = None) -> UnitStanding:
        """The scores of one unit in its cohort, with its changes, and those in the period compared with.

        Its cohort: the frozen one of its level; live the one below `under`, or, where that is left out or the unit
        itself, its siblings. Raises Invalid `view_unknown`, and `unit_outside` for a unit that is not below `under`.
        """

    @abstractmethod
    def based_on(self, base: Base | None) -> "ReportData":
        """The same data, compared with what was published or with current figures; None: what was, where it was.

        Raises Invalid where that is not to be chosen: by an evaluation, or of two moments of one period.
        """

    @abstractmethod
    def peers_of(self, unit: CohortUnit) -> LevelBoard | None:
        """The board of the units among which `standing_of` ranks a unit; None where the data do not hold all of them,
        or the caller may not see them."""

    @abstractmethod
    def base_of(self, unit: CohortUnit) -> ComparedBase | None:
        """What a unit is compared with; None where it is with nothing. Raises NotFound for a base that is not there."""

    @abstractmethod
    def siblings(self, unit: CohortUnit) -> Sequence[CohortUnit]:
        """The units of its level that stood below the same other in the period, itself among them; of an evaluation
        those that it holds."""

    @abstractmethod
    def units(self, *, earlier: bool = False) -> Sequence[CohortUnit]:
        """The units below `under` that the caller may see, as they stood in the period, by code; `under` itself, too.

        Units of every level: the tree is needed to name what stands above a unit. `earlier`, here and below: in the
        period, or at the moment, that is compared with; nothing where there is none.
        """

    @abstractmethod
    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[StandingValue]:
        """Values of the period of the units of `levels` under `under`, every source, by unit, indicator and source."""

    @abstractmethod
    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[StandingValue]:
        """Values of one unit. Raises NotFound for a unit that the data do not hold."""

    @abstractmethod
    def indicators(self) -> Mapping[str, Indicator]:
        """What the figures count, by code."""

    @abstractmethod
    def targets(self) -> Sequence[Target]:
        """Targets for the years of the periods that concern the units."""

    @abstractmethod
    def above(self) -> Sequence[str]:
        """Codes of the units above the tree of `units`, nearest first: what is stated for them holds below, too."""

    @abstractmethod
    def publications(self) -> Sequence[Publication]:
        """What the units had to publish about the period."""

    @abstractmethod
    def tasks(self) -> Sequence[Task]:
        """The tasks of the units for the period."""

    @abstractmethod
    def letter(self) -> LetterProfile | None:
        """What the letters of `under` always say; None where nobody has stated it."""

    @abstractmethod
    def letter_text(self, kind: str) -> LetterText | None:
        """What a letter of `under` says of the period; None where nobody has stated it."""

    @abstractmethod
    def letter_template(self, kind: str) -> bytes | None:
        """The Word file that a letter of `under` is made from: its own or that of the nearest unit above; else None."""

    @abstractmethod
    def layouts(self) -> Mapping[str, Layout]:
        """The layouts that rows may be printed in, by code: those that were stated, then those that ship."""

    @abstractmethod
    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        """What units of tasks, and those above the tree, were called in the period; codes nobody knows are left out."""

    @cached_property
    def office(self) -> str | None:
        """The name of the unit whose letter this would be; None where it is about the whole country."""
        return None if self.under is None else self.unit(self.under).name

    def boards(self, view: str | None = None) -> list[LevelBoard]:
        """The boards of the levels that have units with figures."""
        found = (self.board(level, view) for level in self.levels)
        return [board for board in found if board.cohort["size"]]

    def about(self) -> ReportHead:
        """What stands above every report."""
        return {
            "evaluation": None if self.evaluation is None else self.evaluation.id,
            "period": self.period.code,
            "against": None if self.against is None else self.against.code,
            "under": self.under,
            "as_of": self.as_of,
            "observed_by": self.observed_by,
        }


def level_board(compared: CohortComparison, under: str | None) -> LevelBoard:
    scored = compared.now
    ordered = items(compared, (row for _, row in ordered_rows(compared, "rank")))
    about, summary = cohort_counts(scored, under), summary_of(scored)
    return LevelBoard(scored.board.level, scored.framework, about, summary, ordered)
