"""A long row of an import: one figure of a unit and a period, read from loose values without a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Literal, NamedTuple

from app.domain import instant
from app.domain.booleans import read_flag
from app.domain.characters import trimmed, unseen_fault
from app.domain.day import read_printed_day
from app.domain.figure_parser import Locale, Spelling
from app.domain.input_location import HeaderColumns, InputLocation, RowWithoutFigure, UnreadableFigure
from app.domain.instant import to_instant
from app.domain.intake.row_figures import (
    IndicatorKind,
    RowFigureCells,
    read_figures,
    shown_value,
    unreadable_figures,
)
from app.domain.intake.row_texts import read_text
from app.domain.period import LOCAL
from app.domain.suggest import Suggester
from app.domain.written_periods import written_period
from app.errors import ErrorCode, Fault

Fractions = Literal["yes", "no"]

FIELDS = (
    "unit",
    "period",
    "indicator",
    "numerator",
    "denominator",
    "value",
    "source",
    "observed_at",
    "note",
    "retract",
)
READ_ONLY = ("known_at", "import_id")
"""Fields of a read value that say when and how it became known here; a row that carries them back is taken."""

EARLIEST = to_instant(datetime(1900, 1, 1, tzinfo=UTC))
"""Nobody looked a figure up before there were periods."""

FIELD_UNKNOWN = ErrorCode(
    "field_unknown",
    "There is no field `{name}`; known are {known}.",
    "Không có trường `{name}`; các trường được nhận: {known}.",
)
NOT_A_ROW = ErrorCode(
    "object_expected",
    "A row is an object with the fields of a value: unit, period, indicator and its figure.",
    "Mỗi dòng phải là một đối tượng số liệu: unit, period, indicator và số liệu.",
)
FIELD_MISSING = ErrorCode("field_missing", "`{name}` is missing.", "Thiếu `{name}`.")
MOMENT_INVALID = ErrorCode(
    "moment_invalid",
    "`{value}` is not a moment; write day, time and zone, as 2024-07-08T11:00:00+07:00.",
    "`{value}` không phải là thời điểm; ghi đủ ngày, giờ và múi giờ, dạng 2024-07-08T11:00:00+07:00.",
)
IN_FUTURE = ErrorCode(
    "moment_in_future",
    "The figure cannot have been looked up in the future; give the moment when it was, with its zone.",
    "Thời điểm tra cứu không thể ở tương lai; hãy ghi đúng thời điểm đã tra cứu, kèm múi giờ.",
)
RETRACT_INVALID = ErrorCode(
    "retract_invalid", "`retract` is true, false or left out.", "`retract` chỉ nhận true, false hoặc bỏ trống."
)


class ImportedRow(NamedTuple):
    """A row as it was sent. Figures ×10⁴; `decimals` are those of a stated value; `observed_at` µs, None if unsaid.

    `percent`: the stated value is a percentage without doubt, by its sign or because it was read from here.
    A tuple, because files have a million of them: its place, then the key and the facts of a revision in their order.
    """

    place: InputLocation
    period: str
    unit: str
    indicator: str
    source: str
    numerator: int | None = None
    denominator: int | None = None
    value: int | None = None
    decimals: int | None = None
    observed_at: int | None = None
    note: str | None = None
    retract: bool = False
    percent: bool = False


class RowFaults(list[Fault]):
    """All that is wrong with a row that cannot be read.

    `about` is what could be read of which figure it is, blank where it could not, so that what is wrong with that is
    named at once too; `is_whole` where all of it could. `is_unfilled`: the row is a wide one in which every figure is
    empty, which by itself is no fault.
    """

    about: ImportedRow | None = None
    is_whole = False
    is_unfilled = False


@dataclass(frozen=True, slots=True)
class RowReadOptions:
    """How rows are read: what stands for absent fields, the locale of text, and what is known of indicators.

    `fractions`: whether rates without a percent sign are parts of 1 (`yes`), or percentages as they stand.
    Nothing has been looked up after `present` (µs).
    """

    kinds: Mapping[str, IndicatorKind]
    period: str | None = None
    source: str = "manual"
    locale: Locale = "auto"
    fractions: Fractions | None = None
    present: int = 2**63 - 1
    suggest: Suggester = field(init=False)
    near_field: Suggester = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "suggest", Suggester(self.kinds))
        object.__setattr__(self, "near_field", Suggester(FIELDS))

    def spelling(self, columns: HeaderColumns | None) -> Spelling:
        """How a table writes figures. Our own exports print a point, which is no sign of thousands under `vi`."""
        if columns is None or not columns.is_export:
            return self.locale
        return "exact" if self.locale == "en" else "auto"


INDICATOR_UNKNOWN = ErrorCode("indicator_unknown", "There is no indicator {code}.", "Không có chỉ số {code}.")


def read_row(raw: object, place: InputLocation, reading: RowReadOptions) -> ImportedRow | RowFaults:
    """One long row; every fault of it where it cannot be read. A field may be a Fault already, of a cell.

    Codes: `object_expected`, `field_unknown`, `field_missing`, `text_expected`, `text_too_long`, `text_invalid`,
    `indicator_unknown`, the faults of figures, `value_missing`, `numerator_exceeds_denominator`,
    `rate_out_of_range`, `number_out_of_range`, `number_not_whole`, `counts_not_expected`,
    `counts_disagree`, `percent_not_expected`, `moment_invalid`, `moment_in_future`, `retract_invalid`,
    `retract_with_figure`.
    """
    if isinstance(raw, UnreadableFigure):
        return RowFaults(raw.faults)
    if isinstance(raw, RowWithoutFigure):
        faults = RowFaults()
        return unfilled_row(_about(raw.fields, place, reading, faults, needed=()), faults)
    if not isinstance(raw, dict):
        return RowFaults([place.fault(NOT_A_ROW, "", {}, value=shown_value(raw))])
    faults = RowFaults(unknown_fields(raw, place, reading.near_field))
    line, spelling = _about(raw, place, reading, faults), reading.spelling(place.columns)
    if line.indicator:
        row = RowFigureCells(place, line.indicator, reading.kinds[line.indicator], line.retract, raw)
        read = read_figures(row, spelling, faults, shares=reading.fractions == "yes")
        figures = {name: getattr(read, name) for name in ("numerator", "denominator", "value", "decimals", "percent")}
        if (place.columns is not None and place.columns.is_export) or not raw.keys().isdisjoint(READ_ONLY):
            figures["percent"] = True
        line = line._replace(**figures)
    else:
        faults += unreadable_figures(raw, place, spelling)
    if not faults:
        return line
    faults.about = line
    return faults


def unfilled_row(about: ImportedRow, found: Sequence[Fault] = ()) -> RowFaults:
    """A wide row in which every figure is empty: what it names all the same, and what is wrong with that."""
    faults = RowFaults(found)
    faults.about, faults.is_unfilled = about, True
    return faults


def _about(
    raw: Mapping[str, object],
    place: InputLocation,
    reading: RowReadOptions,
    faults: RowFaults,
    needed: Sequence[str] = ("unit", "period", "indicator"),
) -> ImportedRow:
    """A line without its figures."""
    texts = {name: read_text(raw, name, place, faults) for name in ("unit", "period", "indicator", "source", "note")}
    texts["period"] = as_code(texts["period"]) or reading.period
    for name in needed:
        said = raw.get(name)
        if not texts[name] and (said is None or (isinstance(said, str) and not trimmed(said))):
            faults.append(place.fault(FIELD_MISSING, name, {"name": name}))
    indicator = texts["indicator"] or ""
    if indicator and indicator not in reading.kinds:
        context = {"code": indicator[:60]}
        near = reading.suggest(indicator)
        faults.append(place.fault(INDICATOR_UNKNOWN, "indicator", context, value=indicator, suggestion=near))
        indicator = ""
    before = len(faults)
    observed_at = read_moment(raw.get("observed_at"), place, faults)
    key = texts["period"] or "", texts["unit"] or "", indicator, texts["source"] or reading.source
    faults.is_whole = all(key) and len(faults) == before
    if observed_at is not None and observed_at > reading.present:
        said = shown_value(raw["observed_at"])
        faults.append(place.fault(IN_FUTURE, "observed_at", {}, value=said))
    retract = _retract(raw.get("retract"), place, faults)
    return ImportedRow(place, *key, observed_at=observed_at, note=texts["note"], retract=retract)


def as_code(period: str | None) -> str | None:
    """A period by its code where a file writes it otherwise; what is no period stays as it is, to be refused."""
    return period and (written_period(period) or period)


def unknown_fields(raw: Mapping[str, object], place: InputLocation, near: Suggester) -> list[Fault]:
    """`field_unknown` for every name that no value has; a Fault under such a name as it is."""
    faults = []
    for name, value in raw.items():
        if name in FIELDS or name in READ_ONLY:
            continue
        if isinstance(value, Fault):
            faults.append(value)
        else:
            context = {"name": name[:60], "known": ", ".join(FIELDS)}
            faults.append(place.fault(FIELD_UNKNOWN, name[:60], context, suggestion=near(name)))
    return faults


def read_moment(value: object, place: InputLocation, faults: list[Fault]) -> int | None:
    """An instant in µs; None where nothing is said or where it is faulty."""
    if value is None or (isinstance(value, str) and not trimmed(value)):
        return None
    if isinstance(value, Fault):
        faults.append(value)
        return None
    moment = instant.read_moment(value) if isinstance(value, str) else None
    unseen = unseen_fault(value) if moment is None and isinstance(value, str) else None
    if unseen is not None:
        faults.append(place.at("observed_at", unseen))
        return None
    if moment is None or moment.tzinfo is None or to_instant(moment) < EARLIEST:
        shown = str(value)[:100]
        near = near_moment(value) if isinstance(value, str) else None
        context = {"value": shown}
        faults.append(place.fault(MOMENT_INVALID, "observed_at", context, value=shown, suggestion=near))
        return None
    return to_instant(moment)


def near_moment(text: str) -> str | None:
    """The moment that a day or a local time probably means: a day says no time, so it begins at midnight.

    >>> near_moment("26/8/2024"), near_moment("2024-07-08T11:00:00"), near_moment("yesterday")
    ('2024-08-26T00:00:00+07:00', '2024-07-08T11:00:00+07:00', None)
    """
    day = read_printed_day(text)
    moment = instant.read_moment(text) if isinstance(day, Fault) else datetime.combine(day, time())
    if moment is None or moment.tzinfo is not None:
        return None
    local = moment.replace(tzinfo=LOCAL)
    return local.isoformat() if to_instant(local) >= EARLIEST else None


def _retract(value: object, place: InputLocation, faults: list[Fault]) -> bool:
    if value is None or (isinstance(value, str) and not trimmed(value)):
        return False
    flag = read_flag(value) if isinstance(value, str) else value
    if isinstance(flag, bool):
        return flag
    if isinstance(value, Fault):
        faults.append(value)
        return False
    faults.append(place.fault(RETRACT_INVALID, "retract", {}, value=shown_value(value)))
    return False
