"""What an import's lines are checked against: units, periods, locks, sources, rights, each other."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from app.domain.figures import Locale
from app.domain.line import Line
from app.domain.period import Period, read_period
from app.domain.suggest import Suggester
from app.errors import Fault, Invalid, Text
from app.services import frameworks
from app.services.rights import OUTSIDE, Caller, outside
from app.store import frameworks as frameworks_store
from app.store import periods as periods_store
from app.store import units as units_store
from app.store.db import now

UNIT_UNKNOWN = Text("There is no unit {code}.", "Không có đơn vị {code}.")
UNIT_NOT_ACTIVE = Text(
    "{code} did not exist in {period} (from {valid_from} to {valid_to}).",
    "{code} không tồn tại trong kỳ {period} (từ {valid_from} đến {valid_to}).",
)
PERIOD_LOCKED = Text(
    "{period} is locked; an administrator can open it again.", "Kỳ {period} đã khóa; quản trị viên có thể mở lại."
)
SOURCE_UNKNOWN = Text(
    "No framework names the source {source}; known are {known}. Further ones are set in CHISO_SOURCES.",
    "Không bộ chỉ số nào có nguồn {source}; các nguồn: {known}. Nguồn khác khai báo trong CHISO_SOURCES.",
)
DUPLICATE = Text(
    "This figure ({period}, {unit}, {indicator}, {source}) stands in the import more than once.",
    "Số liệu này ({period}, {unit}, {indicator}, {source}) xuất hiện nhiều lần trong lần nhập.",
)
IN_FUTURE = Text("The figure cannot have been looked up in the future.", "Thời điểm tra cứu không thể ở tương lai.")


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is taken; `sources` are those allowed beside the ones that frameworks name."""

    dry_run: bool = False
    skip: bool = False
    period: str | None = None
    source: str | None = None
    locale: Locale = "auto"
    plan: str | None = None
    sources: tuple[str, ...] = ()


class Checks:
    """Everything that the lines name, looked up in bulk before the first line is judged."""

    def __init__(self, session: Session, caller: Caller, options: Options, lines: Iterable[Line]) -> None:
        self.session, self.caller = session, caller
        lines = list(lines)
        named = {line.unit for line in lines}
        identifiers = {split(name) for name in named if ":" in name}
        self.codes = {f"{s}:{v}": code for (s, v), code in units_store.identified(session, identifiers).items()}
        self.codes |= {name: name for name in named if ":" not in name}
        self.lives = units_store.lives(session, set(self.codes.values()))
        self.foreign = outside(session, caller, set(self.lives))
        self.periods = {line.period: read_or_fault(line.period) for line in lines}
        self.locked = periods_store.locked_periods(
            session, [p.code for p in self.periods.values() if isinstance(p, Period)]
        )
        self.sources = known_sources(session) | {*options.sources, "manual"}
        self.near_source = Suggester(self.sources)
        self.present = now(session)
        self.times = Counter(self.key(line) for line in lines)

    def key(self, line: Line) -> tuple[str, str, str, str, int | None]:
        """What tells two lines of one import apart."""
        return line.period, self.codes.get(line.unit, line.unit), line.indicator, line.source, line.observed_at

    def resolved(self, line: Line) -> Line:
        """The line with its unit's code in place of an identifier."""
        return line if line.unit in self.lives else replace(line, unit=self.codes[line.unit])

    def faults_of(self, line: Line) -> list[Fault]:
        """`unit_unknown`, `unit_forbidden`, `unit_not_active`, `period_invalid`, `period_locked`, `source_unknown`,
        `moment_in_future`, `duplicate_row`."""
        faults = [*self._unit(line), *self._period(line)]
        place = line.place
        if line.source not in self.sources:
            context = {"source": line.source[:60], "known": ", ".join(sorted(self.sources))}
            near = self.near_source(line.source)
            faults.append(
                place.fault("source_unknown", SOURCE_UNKNOWN, "source", context, value=line.source, suggestion=near)
            )
        if line.observed_at is not None and line.observed_at > self.present:
            faults.append(place.fault("moment_in_future", IN_FUTURE, "observed_at", {}))
        if self.times[self.key(line)] > 1:
            period, unit, indicator, source, _ = self.key(line)
            context = {"period": period, "unit": unit, "indicator": indicator, "source": source}
            faults.append(place.fault("duplicate_row", DUPLICATE, "unit", context))
        return faults

    def _unit(self, line: Line) -> list[Fault]:
        code = self.codes.get(line.unit)
        if code is None or code not in self.lives:
            near = self.near_unit(line.unit)
            context = {"code": line.unit[:100]}
            return [line.place.fault("unit_unknown", UNIT_UNKNOWN, "unit", context, value=line.unit, suggestion=near)]
        if code in self.foreign:
            context = {"name": self.caller.name, "unit": str(self.caller.unit), "code": code}
            return [line.place.fault("unit_forbidden", OUTSIDE, "unit", context, value=line.unit)]
        begins, ends = self.lives[code]
        period = self.periods[line.period]
        if isinstance(period, Period) and not overlaps(period, begins, ends):
            life = {"valid_from": str(begins or "…"), "valid_to": str(ends or "…")}
            context = {"code": code, "period": line.period, **life}
            return [line.place.fault("unit_not_active", UNIT_NOT_ACTIVE, "unit", context, value=line.unit)]
        return []

    def _period(self, line: Line) -> list[Fault]:
        period = self.periods[line.period]
        if isinstance(period, Fault):
            return [line.place.at("period", period)]
        if line.period in self.locked:
            context = {"period": line.period}
            return [line.place.fault("period_locked", PERIOD_LOCKED, "period", context, value=line.period)]
        return []

    @cached_property
    def near_unit(self) -> Suggester:
        """Suggests unit codes; they are read only where one is not known."""
        return Suggester(set(units_store.parents(self.session)))


def split(name: str) -> tuple[str, str]:
    """`gso:08` as (scheme, value)."""
    scheme, _, value = name.partition(":")
    return scheme, value


def read_or_fault(code: str) -> Period | Fault:
    try:
        return read_period(code)
    except Invalid as error:
        return error.faults[0]


def overlaps(period: Period, begins: date | None, ends: date | None) -> bool:
    """Whether a validity and a period share a day."""
    return (begins is None or begins <= period.ends_on) and (ends is None or ends >= period.starts_on)


def known_sources(session: Session) -> set[str]:
    """The sources that any version of any framework names."""
    return {s for row in frameworks_store.list_frameworks(session) for s in frameworks.load(row).sources}
