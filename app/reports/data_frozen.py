"""What an evaluation froze, as reports read it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

from sqlalchemy.orm import Session
from typing_extensions import override

from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterText
from app.answers.reports import Base, ComparedBase
from app.answers.scores import BandBrief
from app.domain.frameworks.framework import Framework, Indicator
from app.domain.instant import to_datetime
from app.domain.period import local_day, read_period
from app.domain.targets import Target
from app.domain.vocabulary import Level
from app.errors import AppError, Fault, Invalid, NotFound, RefusalCode
from app.reports.data import LevelBoard, ReportData
from app.reports.layouts import known_layouts
from app.reports.rules.layouts import Layout
from app.reports.unit_standing import UnitStanding, frozen_standing
from app.services import frozen_content, frozen_items
from app.services.frozen_content import EvaluationContent
from app.services.score_items import bands_of
from app.services.score_order import ordered_items
from app.services.scored_cohorts import CohortUnit, ScoredCohort
from app.store.evaluation_content import FrozenPeriod, FrozenValue
from app.store.evaluations import EvaluationRow
from app.store.letter_templates import get_file
from app.store.publications import Publication, publication_of
from app.store.rows import StandingValue
from app.store.targets import target_of
from app.store.tasks import Task, task_of
from app.store.units import get_unit_row, refuse_ended

FIXED = RefusalCode(
    "fixed_by_evaluation",
    "`{name}` is fixed by evaluation {id}; leave it out.",
    "`{name}` đã cố định theo kết quả đánh giá {id}; hãy bỏ ra.",
    Invalid,
)
NOT_HELD = RefusalCode(
    "unit_unknown",
    "Evaluation {id} of {period} is not about {code}, which is of another place or level. Name a unit of "
    "`/v1/evaluations/{id}/scores`, or ask for what is known today.",
    "Kết quả đánh giá {id} của kỳ {period} không xét {code}, đơn vị thuộc phạm vi hoặc cấp khác. Hãy ghi đơn vị có tại "
    "`/v1/evaluations/{id}/scores`, hoặc xem số liệu hiện nay.",
    NotFound,
)


class FrozenReportData(ReportData):
    """What an evaluation froze; the database is asked only for files by their digests, and why a unit is not in it.

    An evaluation of the first release froze nothing besides its figures.
    """

    def __init__(
        self, session: Session, row: EvaluationRow, load: Callable[[], EvaluationContent], level: Level | None
    ) -> None:
        self.session, self.row, self.load = session, row, load
        self.evaluation = row
        self.period = read_period(row.period)
        self.against = None if row.against is None else read_period(row.against)
        self.under = row.under
        self.level = level
        self.levels = row.level_list() if level is None else (level,)
        self.as_of = to_datetime(row.as_of)
        self.today = local_day(self.as_of)
        self.observed_by = None if row.observed_by is None else to_datetime(row.observed_by)

    @cached_property
    def content(self) -> EvaluationContent:
        """What was frozen, loaded when it is first needed: most answers over an evaluation are kept ready."""
        return self.load()

    @cached_property
    def framework(self) -> Framework:
        return frozen_content.framework_of(self.content.frameworks, self.content.inputs["framework"])

    @property
    def hidden(self) -> bool:
        return False

    def board(self, level: Level, view: str | None = None) -> LevelBoard:
        result = self.content.results[level]
        ordered = ordered_items(frozen_items.in_view(result, view), result["places"], "rank")
        board_items = [item for _, item in ordered]
        return LevelBoard(level, self.framework.at(level), result["cohort"], result["summary"], board_items)

    def scored_cohort(self, level: Level) -> ScoredCohort:
        return frozen_content.frozen_cohort(self.content.frameworks, self.content.inputs, self.period.code, level)

    def bands_before(self, level: Level) -> Mapping[str, BandBrief]:
        if self.against is None or self.against.code not in self.content.inputs["periods"]:
            return {}
        found = frozen_content.frozen_cohort(self.content.frameworks, self.content.inputs, self.against.code, level)
        return bands_of(found)

    def a_period_earlier(self) -> None:
        return None

    def unit(self, code: str) -> CohortUnit:
        found = next((member for member in self.units() if member.code == code), None)
        if found is None:
            raise self.not_held(code)
        return found

    def standing_of(self, unit: CohortUnit, view: str | None = None) -> UnitStanding:
        return frozen_standing(self.content, unit, view)

    def peers_of(self, unit: CohortUnit) -> LevelBoard | None:
        outside = unit.code == self.under or unit.level not in self.content.results
        return None if outside else self.board(unit.level)

    def based_on(self, base: Base | None) -> "FrozenReportData":
        if base is not None:
            raise Fault(FIXED, {"name": "base", "id": self.row.id}, parameter="base").error()
        return self

    @override
    def base_of(self, unit: CohortUnit) -> ComparedBase | None:
        return None if self.against is None else {"kind": "current", "evaluation": None}

    def siblings(self, unit: CohortUnit) -> Sequence[CohortUnit]:
        alike = (each for each in self.units() if (each.level, each.parent) == (unit.level, unit.parent))
        return [each for each in alike if not each.ended]

    def _period_inputs(self, *, earlier: bool) -> FrozenPeriod | None:
        period = self.against if earlier else self.period
        return None if period is None else self.content.inputs["periods"].get(period.code)

    def units(self, *, earlier: bool = False) -> Sequence[CohortUnit]:
        inputs, period = self._period_inputs(earlier=earlier), self.against if earlier else self.period
        if inputs is None or period is None:
            return []
        return frozen_content.units_of(inputs, self.content.inputs.get("unit_names", {}).get(period.code, {}))

    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[StandingValue]:
        at_levels = {unit.code for unit in self.units(earlier=earlier) if unit.level in self.levels}
        inputs = self._period_inputs(earlier=earlier)
        rows = [] if inputs is None else [FrozenValue(*value) for value in inputs["values"]]
        return [row for row in rows if row.unit in at_levels and (indicators is None or row.indicator in indicators)]

    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[StandingValue]:
        if all(member.code != unit for member in self.units()):
            raise self.not_held(unit)
        inputs = self._period_inputs(earlier=earlier)
        return [] if inputs is None else [row for row in frozen_content.frozen_values(inputs) if row.unit == unit]

    def not_held(self, code: str) -> AppError:
        """Why the evaluation does not hold a unit."""
        get_unit_row(self.session, code)
        refuse_ended(self.session, code, self.period.starts_on)
        return NOT_HELD.error(id=self.row.id, period=self.period.code, code=code)

    def indicators(self) -> Mapping[str, Indicator]:
        return self._indicators

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        documents = self.content.inputs.get("indicators", {})
        return {code: Indicator.model_validate(document) for code, document in documents.items()}

    def targets(self) -> Sequence[Target]:
        return [target_of(each) for each in self.content.inputs.get("targets", ())]

    def above(self) -> Sequence[str]:
        return self.content.inputs.get("above", [])

    def publications(self) -> Sequence[Publication]:
        return [publication_of(each) for each in self.content.inputs.get("publications", ())]

    def tasks(self) -> Sequence[Task]:
        return [task_of(each) for each in self.content.inputs.get("tasks", ())]

    def letter(self) -> LetterProfile | None:
        return self.content.inputs.get("letter")

    def letter_text(self, kind: str) -> LetterText | None:
        return self.content.inputs.get("letter_texts", {}).get(kind)

    def letter_template(self, kind: str) -> bytes | None:
        found = self.content.inputs.get("letter_templates", {}).get(kind)
        return None if found is None else get_file(self.session, found["sha256"])

    def layouts(self) -> Mapping[str, Layout]:
        return known_layouts(self.content.inputs.get("layouts", ()))

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        known = {**self.content.inputs.get("names", {}), **{unit.code: unit.name for unit in self.units()}}
        return {code: known[code] for code in codes if code in known}
