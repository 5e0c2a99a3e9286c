"""What a report stands on: live data under the clocks and rights of a caller, or what an evaluation froze.

A report asks its ground and nothing else, so that over an evaluation it says the same for ever.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.domain.frameworks.framework import Framework, Indicator
from app.domain.frameworks.rules import LEVELS, Level
from app.domain.instant import to_datetime
from app.domain.period import Period, local_day, read_period
from app.errors import Fault, Invalid, NotFound, Text
from app.services import evaluations, frozen, rights
from app.services.boards import Cohort, Member, load_sheet
from app.services.frameworks import load_framework
from app.services.frozen import Content, Frozen
from app.services.reports.unit_standing import UnitStanding, frozen_standing, live_member, live_standing
from app.services.rights import Caller, Scope
from app.services.scores import NOW, Comparison, Question, earlier_period, in_order, items, places, summarised
from app.services.scores import board as live_board
from app.services.tasks import concerned, members, names_of
from app.store import evaluations as evaluations_store
from app.store import frameworks as frameworks_store
from app.store.db import last_change, now, remembered
from app.store.evaluations import EvaluationRow
from app.store.publications import standing_publications
from app.store.targets import standing_targets
from app.store.tasks import standing_tasks
from app.store.units import UNKNOWN, Moment, ancestors, get_unit_row, in_subtree
from app.store.values import Clocks

EVERY = 1_000_000
"""More indicators than there are."""

PERIOD_NEEDED = Text(
    "Name the `period`, or the `evaluation` whose report is wanted.",
    "Hãy ghi `period` (kỳ), hoặc `evaluation` (kết quả đánh giá) cần lập báo cáo.",
)
FIXED = Text(
    "`{name}` is fixed by evaluation {id}; leave it out.", "`{name}` đã cố định theo kết quả đánh giá {id}; hãy bỏ ra."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked about: an evaluation by its number, or live data. Empty fields are not restricted."""

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
    cohort: Mapping[str, Any]
    summary: Mapping[str, Any]
    items: Sequence[dict[str, Any]]


class Ground(ABC):
    """Where a report finds units, figures, boards, targets, publications and tasks.

    `under` None: everywhere; `levels`: those that may occur; `level`: the one that was asked for; `against` None:
    nothing to compare with. `today`: the local day that it is about where no other is named.
    """

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
    def earlier_board(self, level: Level, view: str | None = None) -> LevelBoard | None:
        """The same cohort in the period compared with; None where there is none, or no rules were in force."""

    @abstractmethod
    def unit(self, code: str) -> Member:
        """A unit as it stood in the period. Raises NotFound for one that the ground does not hold."""

    @abstractmethod
    def standing_of(self, unit: Member, view: str | None = None) -> UnitStanding:
        """The scores of one unit in its cohort, with its changes, and those in the period compared with.

        Its cohort: the frozen one of its level; live the one below `under`, or, where that is left out or the unit
        itself, its siblings. Raises Invalid `view_unknown`, and `unit_outside` for a unit that is not below `under`.
        """

    @abstractmethod
    def units(self, *, earlier: bool = False) -> Sequence[Member]:
        """The units below `under` that the caller may see, as they stood in the period, by code; `under` itself, too.

        Units of every level: the tree is needed to name what stands above a unit. `earlier`, here and below: in the
        period, or at the moment, that is compared with; nothing where there is none.
        """

    @abstractmethod
    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[Any]:
        """Values of the period of the units of `levels` under `under`, every source, by unit, indicator and source.

        Rows have the fields of `Frozen`: figures are integers ×10⁴ or None, `observed_at` µs since 1970.
        """

    @abstractmethod
    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[Any]:
        """Values of one unit, rows as above. Raises NotFound for a unit that the ground does not hold."""

    @abstractmethod
    def indicators(self) -> Mapping[str, Indicator]:
        """What the figures count, by code."""

    @abstractmethod
    def targets(self) -> Sequence[dict[str, Any]]:
        """Targets for the years of the periods that concern the units: rows of `store.targets`, as JSON data."""

    @abstractmethod
    def above(self) -> Sequence[str]:
        """Codes of the units above the tree of `units`, nearest first: what is stated for them holds below, too."""

    @abstractmethod
    def publications(self) -> Sequence[dict[str, Any]]:
        """What the units had to publish about the period: rows of `store.publications`, as JSON data."""

    @abstractmethod
    def tasks(self) -> Sequence[dict[str, Any]]:
        """The tasks of the units for the period: rows of `store.tasks`, as JSON data."""

    @abstractmethod
    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        """What units of tasks were called in the period, in and outside the tree; codes nobody knows are left out."""

    def boards(self, view: str | None = None) -> list[LevelBoard]:
        """The boards of the levels that have units with figures."""
        found = (self.board(level, view) for level in self.levels)
        return [board for board in found if board.cohort["size"]]

    def about(self) -> dict[str, Any]:
        """What stands above every report."""
        return {
            "evaluation": None if self.evaluation is None else self.evaluation.id,
            "period": self.period.code,
            "against": None if self.against is None else self.against.code,
            "under": self.under,
            "as_of": self.as_of,
            "observed_by": self.observed_by,
        }


def ground_of(session: Session, caller: Caller, asked: Asked) -> Ground:
    """The ground of a report: an evaluation that the caller may read, or live data for a key with `values:read`."""
    if asked.evaluation is not None:
        return _frozen_ground(session, caller, asked, asked.evaluation)
    rights.require(caller, Scope.VALUES_READ)
    if asked.period is None:
        fault = Fault("period_needed", PERIOD_NEEDED, parameter="period")
        raise Invalid("period_needed", PERIOD_NEEDED, faults=[fault])
    if asked.under is not None:
        get_unit_row(session, asked.under, Moment(asked.clocks.as_of))
        if not rights.sees_some(session, caller, asked.under):
            raise NotFound("unit_unknown", UNKNOWN, code=asked.under)
    return LiveGround(session, caller, asked)


class LiveGround(Ground):
    """Data as it stands, or stood at the moments asked for; a subtree key sees its own units."""

    def __init__(self, session: Session, caller: Caller, asked: Asked) -> None:
        assert asked.period is not None
        self.session, self.caller, self.asked = session, caller, asked
        self.evaluation = None
        self.period = read_period(asked.period)
        self.question = Question(
            period=self.period,
            framework=asked.framework or asked.default_framework,
            level="other",
            under=asked.under,
            against=asked.against,
            clocks=asked.clocks,
            against_observed_by=asked.against_observed_by,
        )
        self.against = earlier_period(self.question)
        self.under = asked.under
        self.level = asked.level
        self.levels = LEVELS if asked.level is None else (asked.level,)
        self.as_of = to_datetime(asked.clocks.as_of or last_change(session)[1])
        self.today = local_day(to_datetime(asked.clocks.as_of or now(session)))
        self.observed_by = None if asked.clocks.observed_by is None else to_datetime(asked.clocks.observed_by)

    @cached_property
    def within(self) -> str | None:
        """The subtree that the caller is kept to."""
        return None if rights.sees_all(self.session, self.caller, self.under) else self.caller.unit

    @cached_property
    def framework(self) -> Framework:
        return load_framework(self.session, self.question.framework, self.period)

    @property
    def hidden(self) -> bool:
        return self.within is not None

    def _clocks(self, *, earlier: bool) -> Clocks:
        seen = self.asked.against_observed_by
        return self.asked.clocks if not earlier or seen is None else replace(self.asked.clocks, observed_by=seen)

    def board(self, level: Level, view: str | None = None) -> LevelBoard:
        question = replace(self.question, level=level, view=view)
        compared, _ = live_board(self.session, self.caller, question)
        return _level_board(compared, self.under)

    def earlier_board(self, level: Level, view: str | None = None) -> LevelBoard | None:
        if self.against is None:
            return None
        try:
            framework = load_framework(self.session, self.question.framework, self.against)
        except NotFound:
            return None
        cohort = Cohort(level, self.under, self.within)
        sheet = load_sheet(self.session, framework, self.against, cohort, self._clocks(earlier=True))
        alone = Comparison(sheet, None, None, None, view, hidden=self.within is not None)
        return _level_board(alone, self.under)

    def unit(self, code: str) -> Member:
        rights.require_readable(self.session, self.caller, code)
        return live_member(self.session, code, self.question)

    def standing_of(self, unit: Member, view: str | None = None) -> UnitStanding:
        under = None if self.under == unit.code else self.under
        question = replace(self.question, level=unit.level, under=under, view=view)
        return live_standing(self.session, self.caller, unit, question)

    def units(self, *, earlier: bool = False) -> Sequence[Member]:
        period = self.against if earlier else self.period
        if period is None:
            return []
        moment = Moment(self.asked.clocks.as_of, period=period)
        found = [Member(*row) for row in evaluations_store.tree(self.session, self.under, moment)]
        if self.within is None:
            return found
        seen = in_subtree(self.session, self.within, [member.code for member in found])
        return [member for member in found if member.code in seen]

    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[Any]:
        period = self.against if earlier else self.period
        if period is None:
            return []
        return evaluations_store.figures(
            self.session,
            period,
            self.under,
            self.levels,
            self._clocks(earlier=earlier),
            within=self.within,
            indicators=indicators,
        )

    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[Any]:
        rights.require_readable(self.session, self.caller, unit)
        get_unit_row(self.session, unit, Moment(self.asked.clocks.as_of))
        period = self.against if earlier else self.period
        if period is None:
            return []
        return evaluations_store.unit_figures(self.session, period.code, unit, self._clocks(earlier=earlier))

    def indicators(self) -> Mapping[str, Indicator]:
        return remembered(self.session, ("indicators",), self._indicators)

    def _indicators(self) -> dict[str, Indicator]:
        rows = frameworks_store.list_indicators(self.session, after=None, limit=EVERY)
        return {row.code: Indicator.model_validate_json(row.document) for row in rows}

    def above(self) -> Sequence[str]:
        top = self.within or self.under
        moment = Moment(self.asked.clocks.as_of, period=self.period)
        return [] if top is None else ancestors(self.session, top, moment)

    def targets(self) -> Sequence[dict[str, Any]]:
        years = {each.starts_on.year for each in (self.period, self.against) if each is not None}
        codes = {member.code for member in self.units()}.union(self.above())
        return standing_targets(self.session, self.asked.clocks.as_of, years=years, units=codes)

    def publications(self) -> Sequence[dict[str, Any]]:
        codes = {member.code for member in self.units()}
        found = standing_publications(self.session, self.asked.clocks.as_of, period=self.period.code)
        return [each for each in found if each["unit"] in codes]

    def tasks(self) -> Sequence[dict[str, Any]]:
        codes = concerned(self.session, self.under, self.asked.clocks.as_of, self.period)
        if self.within is not None:
            codes = in_subtree(self.session, self.within, codes)
        found = standing_tasks(self.session, self.asked.clocks.as_of, period=self.period.code)
        return [each for each in found if codes & members(each)]

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        return names_of(self.session, codes, self.asked.clocks.as_of, self.period)


def _level_board(compared: Comparison, under: str | None) -> LevelBoard:
    sheet = compared.now
    ordered = [item for _, item in in_order(items(compared), places(sheet), "rank")]
    return LevelBoard(sheet.board.level, sheet.framework, **summarised(sheet, under), items=ordered)


def _frozen_ground(session: Session, caller: Caller, asked: Asked, id: int) -> "FrozenGround":
    row = evaluations.get(session, caller, id)
    faults = [
        Fault("fixed_by_evaluation", FIXED, {"name": name, "id": id}, parameter=name) for name in asked.restrictions()
    ]
    if faults:
        raise Invalid("fixed_by_evaluation", FIXED, faults=faults, name=faults[0].context["name"], id=id)
    if asked.level is not None:
        evaluations.check_level(row, asked.level)
    content = remembered(
        session, ("evaluation content", id), lambda: Content.of(evaluations_store.load_parts(session, id))
    )
    return FrozenGround(row, content, asked.level)


class FrozenGround(Ground):
    """What an evaluation froze; no question reaches the database."""

    def __init__(self, row: EvaluationRow, content: Content, level: Level | None) -> None:
        self.evaluation, self.content, inputs = row, content, content.inputs
        self.period = read_period(inputs["period"])
        self.against = None if inputs["against"] is None else read_period(inputs["against"])
        self.under = inputs["under"]
        self.level = level
        self.levels = row.level_list() if level is None else (level,)
        self.as_of = to_datetime(row.as_of)
        self.today = local_day(self.as_of)
        self.observed_by = None if row.observed_by is None else to_datetime(row.observed_by)

    @cached_property
    def framework(self) -> Framework:
        return frozen.framework_of(self.content.frameworks, self.content.inputs["framework"])

    @property
    def hidden(self) -> bool:
        return False

    def board(self, level: Level, view: str | None = None) -> LevelBoard:
        result = self.content.results[level]
        ordered = in_order(frozen.in_view(result, view), result["places"], "rank")
        board_items = [item for _, item in ordered]
        return LevelBoard(level, self.framework, result["cohort"], result["summary"], board_items)

    def earlier_board(self, level: Level, view: str | None = None) -> LevelBoard | None:
        if self.against is None or self.against.code not in self.content.inputs["periods"]:
            return None
        sheet = frozen.sheet(self.content.frameworks, self.content.inputs, self.against.code, level)
        return _level_board(Comparison(sheet, None, None, None, view, hidden=False), self.under)

    def unit(self, code: str) -> Member:
        found = next((member for member in self.units() if member.code == code), None)
        if found is None:
            raise NotFound("unit_unknown", UNKNOWN, code=code)
        return found

    def standing_of(self, unit: Member, view: str | None = None) -> UnitStanding:
        return frozen_standing(self.content, unit, view)

    def _held(self, *, earlier: bool) -> Mapping[str, Any]:
        period = self.against if earlier else self.period
        held: Mapping[str, Any] = {} if period is None else self.content.inputs["periods"].get(period.code, {})
        return held

    def units(self, *, earlier: bool = False) -> Sequence[Member]:
        return [Member(*unit) for unit in self._held(earlier=earlier).get("units", ())]

    def values(self, indicators: Sequence[str] | None = None, *, earlier: bool = False) -> Sequence[Any]:
        at_levels = {unit.code for unit in self.units(earlier=earlier) if unit.level in self.levels}
        rows = (Frozen(*value) for value in self._held(earlier=earlier).get("values", ()))
        return [row for row in rows if row.unit in at_levels and (indicators is None or row.indicator in indicators)]

    def values_of(self, unit: str, *, earlier: bool = False) -> Sequence[Any]:
        if all(member.code != unit for member in self.units()):
            raise NotFound("unit_unknown", UNKNOWN, code=unit)
        held = self._held(earlier=earlier)
        values = (value for name in frozen.VALUES for value in held.get(name, ()))
        return [row for value in values if (row := Frozen(*value)).unit == unit]

    def indicators(self) -> Mapping[str, Indicator]:
        documents = self.content.inputs.get("indicators", {})
        return {code: Indicator.model_validate(document) for code, document in documents.items()}

    def targets(self) -> Sequence[dict[str, Any]]:
        return self._beside("targets")

    def above(self) -> Sequence[str]:
        codes: Sequence[str] = self.content.inputs.get("above", ())
        return codes

    def publications(self) -> Sequence[dict[str, Any]]:
        return self._beside("publications")

    def tasks(self) -> Sequence[dict[str, Any]]:
        return self._beside("tasks")

    def names(self, codes: Collection[str]) -> Mapping[str, str]:
        known = {**self.content.inputs.get("names", {}), **{unit.code: unit.name for unit in self.units()}}
        return {code: known[code] for code in codes if code in known}

    def _beside(self, name: str) -> Sequence[dict[str, Any]]:
        """What was frozen beside the figures; an evaluation of the first release froze nothing there."""
        found: Sequence[dict[str, Any]] = self.content.inputs.get(name, ())
        return found
