"""What an officer must know before a letter goes out: findings against its figures, and what is left out of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from app.domain.checks.stored.across import PeriodUnits, Place
from app.domain.checks.stored.checks import findings_in
from app.domain.checks.stored.finding import Finding
from app.domain.letter_format import printed_count
from app.domain.vocabulary import LEVELS, Level
from app.reports.data import ReportData
from app.reports.indicators import known_indicators
from app.reports.letter.parts import Note
from app.services.findings import silent_units, terms_of, unit_figures_of
from app.services.scored_cohorts import CohortUnit
from app.store.rows import StandingValue

SOURCE: Final = "findings"
OTHERS = "{count} phát hiện về số liệu của {units} cơ quan, đơn vị trực thuộc; chi tiết tại /v1/findings?rule={rule}."
HIDDEN = "Khóa truy cập chỉ xem được một phần các đơn vị: số đếm trong văn bản không phải của toàn bộ."


def data_notes(data: ReportData) -> list[Note]:
    """Findings against the figures, those of the unit itself one by one; and whether all units are seen."""
    units = {unit.code: unit for unit in data.units()}
    found = _findings(data, units)
    own = [each for each in found if each.unit == data.under]
    known = known_indicators(data)
    notes = [
        Note(
            each.rule,
            f"{units[each.unit].name}: {known[each.indicator].name.vi}: {each.detail('vi')}",
            SOURCE,
            each.indicator,
            each,
        )
        for each in own
    ]
    notes += _counted([each for each in found if each.unit != data.under])
    return [*notes, Note("cohort_hidden", HIDDEN, SOURCE)] if data.hidden else notes


def _findings(data: ReportData, units: dict[str, CohortUnit]) -> list[Finding]:
    """Every finding about the figures, of units alone and of units beside each other."""
    indicators = known_indicators(data)
    before = None if data.against is None else data.against.code
    terms = terms_of(indicators, data.framework, before)
    now, earlier = (_by_level(_rows(data, earlier=each), units) for each in (False, True))
    figures = [
        each
        for level in LEVELS
        for each in unit_figures_of(now[level], earlier[level], data.framework, level, terms.kinds)
    ]
    silent = {code: of for level in LEVELS for code, of in silent_units(now[level], earlier[level]).items()}
    places = {code: Place(unit.parent, unit.level) for code, unit in units.items()}
    return findings_in(PeriodUnits(figures, silent, places), terms)


def _rows(data: ReportData, *, earlier: bool) -> list[StandingValue]:
    """Every value of the units below, and of the unit itself."""
    own = [] if data.under is None else data.values_of(data.under, earlier=earlier)
    return [*data.values(earlier=earlier), *own]


def _by_level(rows: Sequence[StandingValue], units: dict[str, CohortUnit]) -> dict[Level, list[StandingValue]]:
    found: dict[Level, list[StandingValue]] = {level: [] for level in LEVELS}
    for row in rows:
        if row.unit in units:
            found[units[row.unit].level].append(row)
    return found


def _counted(found: Sequence[Finding]) -> list[Note]:
    """Findings about other units, how many by each rule."""
    counts = Counter(each.rule for each in found)
    return [
        Note(
            rule,
            OTHERS.format(
                count=printed_count(count),
                units=printed_count(len({each.unit for each in found if each.rule == rule})),
                rule=rule,
            ),
            SOURCE,
        )
        for rule, count in sorted(counts.items())
    ]
