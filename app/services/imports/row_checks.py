"""What an import's lines are checked against: units, periods, locks, sources, rights, each other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from app.domain.figure_parser import Locale
from app.domain.instant import to_datetime
from app.domain.intake.import_row import Fractions, ImportedRow
from app.domain.intake.merge import FigureKey
from app.domain.intake.row_figures import IndicatorKind
from app.domain.period import Period, local_day, overlaps, read_or_fault
from app.domain.suggest import Suggester
from app.domain.unit import Unit, parent_in
from app.domain.unit_code import written_code
from app.errors import ErrorCode, Fault, Invalid, RefusalCode
from app.services import frameworks
from app.services.imports.limits import USUAL, ImportLimits
from app.services.imports.named_units import NamedUnits
from app.services.rights import OUTSIDE, Caller, outside
from app.services.unit_names import UnitSuggester
from app.store import frameworks as frameworks_store
from app.store import periods as periods_store
from app.store import units as units_store
from app.store.db import now

PERIOD_LOCKED = ErrorCode(
    "period_locked",
    "{period} is locked; an administrator can open it again.",
    "Kỳ {period} đã khóa; quản trị viên có thể mở lại.",
)
SOURCE_UNKNOWN = RefusalCode(
    "source_unknown",
    "No framework names the source {source}; known are {known}. Further ones are set in CHISO_SOURCES.",
    "Không bộ chỉ số nào có nguồn {source}; các nguồn: {known}. Nguồn khác khai báo trong CHISO_SOURCES.",
    Invalid,
)
OTHER_PERIOD = ErrorCode(
    "period_not_asked",
    "This figure is of {period} and changes nothing in {asked}, which is asked about; leave out the row, or its "
    "`period`.",
    "Số liệu này thuộc kỳ {period}, không làm thay đổi kết quả kỳ {asked} đang hỏi; hãy bỏ dòng này, hoặc bỏ `period` "
    "của dòng.",
)
DUPLICATE = ErrorCode(
    "duplicate_row",
    "This figure ({period}, {unit}, {indicator}, {source}) stands in the import more than once; keep one row of it.",
    "Số liệu này ({period}, {unit}, {indicator}, {source}) xuất hiện nhiều lần trong lần nhập; hãy giữ lại một dòng.",
)
NOT_BEGUN = ErrorCode(
    "period_not_begun",
    "The period {period} has not begun yet; is it another one that is meant?",
    "Kỳ {period} chưa bắt đầu; có phải ghi nhầm kỳ không?",
)
PARENT_NOT_ACTIVE = ErrorCode(
    "parent_not_active",
    "{missing}, above {unit}, did not exist in {period}: no board of a unit further above shows this figure. See the "
    "last day of {missing}, or move {unit} by an event.",
    "{missing}, cấp trên của {unit}, không tồn tại trong kỳ {period}: bảng xếp hạng của các cấp trên nữa không có số "
    "liệu này. Hãy kiểm tra ngày kết thúc của {missing}, hoặc chuyển {unit} bằng một sự kiện.",
)
MOST_PERIODS = 10_000
"""Periods that are remembered; then the memory begins anew."""
Remembered = TypeVar("Remembered")

Pair = tuple[str, str]
"""A unit, as a line or as the register names it, and a period."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Rows that are only supposed, and never stored: of the period of the import alone, be it locked or not.

    They lie on what was known at `as_of` (µs; None: now). `kinds`: of indicators that are supposed as well, by code.
    """

    as_of: int | None
    kinds: Mapping[str, IndicatorKind]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import is taken; `sources` are those allowed besides the ones that frameworks name.

    `complete`: what stands and is absent from the file is retracted. `resolve`: units may be named in words. `under`:
    both of units below this one alone.
    """

    dry_run: bool = False
    skip: bool = False
    period: str | None = None
    source: str | None = None
    locale: Locale = "auto"
    plan: str | None = None
    complete: bool = False
    under: str | None = None
    sources: tuple[str, ...] = ()
    fractions: Fractions | None = None
    resolve: Literal["names"] | None = None
    hypothesis: Hypothesis | None = None


class RowChecker:
    """What the lines name, looked up in bulk: `learn` a chunk of lines before they are judged.

    What exists is remembered for the lines to come; a name that nobody knows is looked up with every chunk.
    """

    def __init__(self, session: Session, caller: Caller, options: ImportOptions, limits: ImportLimits = USUAL) -> None:
        self.session, self.caller, self.options, self.limits = session, caller, options, limits
        self.codes: dict[str, str] = {}
        self.lives: dict[str, tuple[date | None, date | None]] = {}
        self.foreign: set[str] = set()
        self.units: dict[str, Unit] = {}
        self.periods: dict[str, Period | Fault] = {}
        self.locked: set[str] = set()
        self.fit: dict[Pair, str] = {}
        self.missing: dict[Pair, str | None] = {}
        self.sources = known_sources(session) | {*options.sources, "manual"}
        self.sources_told = ", ".join(sorted(self.sources))
        self.near_source = Suggester(self.sources)
        self.today = local_day(to_datetime(now(session)))
        self.names = UnitSuggester(session)
        self.named: NamedUnits | None = None
        if options.resolve is not None:
            self.named = NamedUnits(session, options.under or caller.unit, self.today)

    def learn(self, lines: Collection[ImportedRow]) -> None:
        """Look up the units and periods that are new."""
        named = {line.unit for line in lines if line.unit} - self.codes.keys()
        if named:
            self._learn_units(named)
        periods = {line.period for line in lines if line.period}
        if len(self.periods) > MOST_PERIODS:
            self.periods.clear()
        periods -= self.periods.keys()
        if periods:
            self.periods |= {code: read_or_fault(code) for code in periods}
            held = [code for code in periods if isinstance(self.periods[code], Period)]
            if self.options.hypothesis is None:
                self.locked |= periods_store.locked_periods(self.session, held)

    def _learn_units(self, named: set[str]) -> None:
        plain = {name for name in named if ":" not in name}
        identified = units_store.identified(self.session, {split(name) for name in named - plain})
        codes = {f"{scheme}:{value}": code for (scheme, value), code in identified.items()}
        written = {name: code for name in plain if (code := written_code(name))}
        lives = units_store.lives(self.session, {*plain, *codes.values(), *written.values()})
        self.lives |= lives
        self._learn_units_above(lives.keys())
        self.foreign |= outside(self.session, self.caller, set(lives))
        by_scheme = {name: code for name, code in written.items() if code in lives}
        self.codes |= codes | by_scheme | {name: name for name in plain if name in lives}
        if self.named is not None:
            by_name = self.named.codes(plain - self.codes.keys())
            if new := set(by_name.values()) - self.codes.keys():
                self._learn_units(new)
            self.codes |= by_name

    def _learn_units_above(self, codes: Collection[str]) -> None:
        """Units and those that ever stood above them, with a query a level."""
        new = set(codes) - self.units.keys()
        while new:
            found = units_store.load_units(self.session, new)
            self.units |= found
            new = {each.parent for unit in found.values() for each in unit.versions if each.parent} - self.units.keys()

    def missing_above(self, code: str, period: Period) -> str | None:
        """The nearest unit above one that did not exist in a period, though the one below it did; None: all did."""
        pair = code, period.code
        if pair not in self.missing:
            make_room(self.missing, self.limits.pairs)
            self.missing[pair] = self._missing_above(code, period)
        return self.missing[pair]

    def _missing_above(self, code: str, period: Period) -> str | None:
        unit, passed = self.units.get(code), set[str]()
        while unit is not None and unit.code not in passed:
            if not overlaps(period, unit.valid_from, unit.valid_to):
                return unit.code if passed else None
            passed.add(unit.code)
            unit = self.units.get(parent_in(unit, period) or "")
        return None

    def cut_off_warning(self, line: ImportedRow) -> Fault | None:
        """`parent_not_active` for a figure of a unit that stands below one which did not exist in the period."""
        period, code = self.periods.get(line.period), self.codes.get(line.unit)
        if code is None or code in self.foreign or not isinstance(period, Period):
            return None
        missing = self.missing_above(code, period)
        if missing is None:
            return None
        context = {"unit": code, "period": line.period, "missing": missing}
        return line.place.fault(PARENT_NOT_ACTIVE, "unit", context, value=line.unit)

    def key(self, line: ImportedRow) -> FigureKey:
        """Which figure a line is of, its unit by its code where that is known."""
        return FigureKey(line.period, self.codes.get(line.unit, line.unit), line.indicator, line.source)

    def unit_of(self, line: ImportedRow) -> str | None:
        """The code of the line's unit where nothing is wrong with the line, else None."""
        code = self.fit.get((line.unit, line.period))
        if code is None or line.source not in self.sources:
            if self.faults_of(line):
                return None
            code = self.codes[line.unit]
            make_room(self.fit, self.limits.pairs)
            self.fit[line.unit, line.period] = code
        return code

    def is_told(self, line: ImportedRow) -> bool:
        """Whether it is certain which figure a line is of, whatever else is wrong with it."""
        known_period = isinstance(self.periods.get(line.period), Period)
        return known_period and line.unit in self.codes and line.source in self.sources

    def is_early(self, code: str) -> bool:
        """Whether a period has not begun."""
        period = self.periods.get(code)
        return isinstance(period, Period) and period.starts_on > self.today

    def faults_of(self, line: ImportedRow) -> list[Fault]:
        """`unit_unknown`, `unit_ended`, `unit_forbidden`, `unit_not_active`, `period_invalid`, `period_locked` and
        `source_unknown`; of what is only supposed `period_not_asked`.

        Of a line that could be read in part, for what could be read.
        """
        faults = [*(self._unit(line) if line.unit else ()), *(self._period(line) if line.period else ())]
        place = line.place
        if line.source and line.source not in self.sources:
            context = {"source": line.source[:60], "known": self.sources_told}
            near = self.near_source(line.source)
            faults.append(place.fault(SOURCE_UNKNOWN, "source", context, value=line.source, suggestion=near))
        return faults

    def _unit(self, line: ImportedRow) -> list[Fault]:
        code = self.codes.get(line.unit)
        said = self.periods.get(line.period)
        period = said if isinstance(said, Period) else None
        if code is None and self.named is not None and (ambiguous := self.named.ambiguous(line.place, line.unit)):
            return [ambiguous]
        if code is None or code not in self.lives:
            return [self.names.unknown(line.place, line.unit, period=period)]
        if code in self.foreign:
            context = {"name": self.caller.name, "unit": str(self.caller.unit), "code": code}
            return [line.place.fault(OUTSIDE, "unit", context, value=line.unit)]
        if period is not None and not overlaps(period, *self.lives[code]):
            return [self.names.not_active(line.place, code, period, self.lives[code], said=line.unit)]
        return []

    def _period(self, line: ImportedRow) -> list[Fault]:
        period = self.periods[line.period]
        if isinstance(period, Fault):
            return [line.place.at("period", period)]
        if line.period in self.locked:
            context = {"period": line.period}
            return [line.place.fault(PERIOD_LOCKED, "period", context, value=line.period)]
        if self.options.hypothesis is not None and line.period != self.options.period:
            asked = {"period": line.period, "asked": self.options.period}
            return [line.place.fault(OTHER_PERIOD, "period", asked, value=line.period)]
        return []


def make_room(pairs: dict[Pair, Remembered] | set[Pair], most: int) -> None:
    """Forget the pairs that are remembered where they are too many."""
    if len(pairs) >= most:
        pairs.clear()


def duplicate_fault(line: ImportedRow, key: FigureKey) -> Fault:
    """`duplicate_row`: at every row of a key that occurs twice."""
    return line.place.fault(DUPLICATE, "unit", key._asdict())


def early_warning(line: ImportedRow) -> Fault:
    """`period_not_begun`: nothing forbids it, but it is mostly a slip of the hand."""
    return line.place.fault(NOT_BEGUN, "period", {"period": line.period}, value=line.period)


def split(name: str) -> tuple[str, str]:
    """`gso:08` as (scheme, value)."""
    scheme, _, value = name.partition(":")
    return scheme, value


def known_sources(session: Session) -> set[str]:
    """The sources that any version of any framework names."""
    return {s for row in frameworks_store.list_frameworks(session) for s in frameworks.load(row).sources}
