"""A long row of an import: one figure of a unit and a period, read from loose values without a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from unicodedata import category

from app.domain.figures import Locale
from app.domain.instant import to_instant
from app.domain.intake.line_figures import PERCENT, Figures, Kind, plain, read_figures
from app.domain.place import Place, Unread
from app.domain.suggest import Suggester, nearest
from app.domain.vietnamese import nfc
from app.errors import Fault, Text

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

LONGEST_NOTE = 1000
EARLIEST = to_instant(datetime(1900, 1, 1, tzinfo=UTC))
"""Nobody looked a figure up before there were periods."""

FIELD_UNKNOWN = Text(
    "There is no field `{name}`; known are {known}.", "Không có trường `{name}`; các trường được nhận: {known}."
)
TEXT_EXPECTED = Text("`{name}` must be text.", "`{name}` phải là văn bản.")
NOT_A_ROW = Text("A row is an object with the fields of a value.", "Mỗi dòng phải là một đối tượng số liệu.")
FIELD_MISSING = Text("`{name}` is missing.", "Thiếu `{name}`.")
RATE_DIFFERS = Text(
    "{numerator}/{denominator} is {expected} %, stated is {stated} %; points use the counts.",
    "{numerator}/{denominator} là {expected} %, nhưng ghi {stated} %; điểm được tính theo số lượng.",
)
MOMENT_INVALID = Text(
    "`{value}` is not a moment; write it as 2024-07-08T11:00:00+07:00.",
    "`{value}` không phải là thời điểm; ghi dạng 2024-07-08T11:00:00+07:00.",
)
RETRACT_INVALID = Text("`retract` is true or left out.", "`retract` chỉ nhận true hoặc bỏ trống.")
NOTE_UNREADABLE = Text(
    "The note holds a control character that cannot be printed.", "Ghi chú chứa ký tự điều khiển không in được."
)
NOTE_TOO_LONG = Text("The note is longer than 1,000 characters.", "Ghi chú dài quá 1.000 ký tự.")


class Line(NamedTuple):
    """A row as it was sent. Figures ×10⁴; `decimals` are those of a stated value; `observed_at` µs, None if unsaid.

    A tuple, because files have a million of them: its place, then the key and the facts of a revision in their order.
    """

    place: Place
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


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: what stands for absent fields, the locale of text, and what is known of indicators."""

    kinds: Mapping[str, Kind]
    period: str | None = None
    source: str = "manual"
    locale: Locale = "auto"
    suggest: Suggester = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "suggest", Suggester(self.kinds))


INDICATOR_UNKNOWN = Text("There is no indicator {code}.", "Không có chỉ số {code}.")


def read_line(raw: object, place: Place, reading: Reading) -> Line | list[Fault]:
    """One long row; every fault of it where it cannot be read.

    Codes: `object_expected`, `field_unknown`, `field_missing`, `text_expected`, `text_too_long`, `text_invalid`,
    `indicator_unknown`, the faults of figures, `value_missing`, `numerator_exceeds_denominator`,
    `rate_out_of_range`, `number_out_of_range`, `number_not_whole`, `counts_not_expected`,
    `counts_disagree`, `percent_not_expected`, `moment_invalid`, `retract_invalid`, `retract_with_figure`.
    """
    if isinstance(raw, Unread):
        return list(raw.faults)
    if not isinstance(raw, dict):
        return [place.fault("object_expected", NOT_A_ROW, "", {})]
    faults = unknown_fields(raw, place)
    texts = {name: read_text(raw, name, place, faults) for name in ("unit", "period", "indicator", "source", "note")}
    texts["period"] = texts["period"] or reading.period
    for name in ("unit", "period", "indicator"):
        if not texts[name] and (raw.get(name) is None or isinstance(raw[name], str)):
            faults.append(place.fault("field_missing", FIELD_MISSING, name, {"name": name}))
    indicator = texts["indicator"] or ""
    kind = reading.kinds.get(indicator)
    if indicator and kind is None:
        near = reading.suggest(indicator)
        context = {"code": indicator[:60]}
        faults.append(
            place.fault("indicator_unknown", INDICATOR_UNKNOWN, "indicator", context, value=indicator, suggestion=near)
        )
    observed_at = read_moment(raw.get("observed_at"), place, faults)
    retract = _retract(raw.get("retract"), place, faults)
    if kind is None:
        return faults
    read = read_figures(raw, Figures(place, indicator, kind, retract), reading.locale, faults)
    return faults or Line(
        place=place,
        period=texts["period"] or "",
        unit=texts["unit"] or "",
        indicator=indicator,
        source=texts["source"] or reading.source,
        numerator=read.numerator,
        denominator=read.denominator,
        value=read.value,
        decimals=read.decimals,
        observed_at=observed_at,
        note=texts["note"],
        retract=retract,
    )


def unknown_fields(raw: Mapping[str, object], place: Place) -> list[Fault]:
    """`field_unknown` for every name that no value has."""
    faults = []
    for name in raw:
        if name not in FIELDS and name not in READ_ONLY:
            context = {"name": name[:60], "known": ", ".join(FIELDS)}
            near = nearest(name, FIELDS)
            faults.append(place.fault("field_unknown", FIELD_UNKNOWN, name[:60], context, suggestion=near))
    return faults


def read_text(raw: Mapping[str, object], name: str, place: Place, faults: list[Fault]) -> str | None:
    """A field that holds text, composed and stripped; None where it is absent, blank or faulty."""
    value = raw.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        faults.append(place.fault("text_expected", TEXT_EXPECTED, name, {"name": name}))
        return None
    if name == "note" and len(value) > LONGEST_NOTE:
        faults.append(place.fault("text_too_long", NOTE_TOO_LONG, name, {}))
        return None
    if name == "note" and any(category(letter) == "Cc" and letter not in "\n\r\t" for letter in value):
        faults.append(place.fault("text_invalid", NOTE_UNREADABLE, name, {}))
        return None
    return nfc(value).strip() or None


def read_moment(value: object, place: Place, faults: list[Fault]) -> int | None:
    """An instant in µs; None where nothing is said or where it is faulty."""
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or to_instant(moment) < EARLIEST:
        shown = str(value)[:100]
        faults.append(place.fault("moment_invalid", MOMENT_INVALID, "observed_at", {"value": shown}, value=shown))
        return None
    return to_instant(moment)


def _retract(value: object, place: Place, faults: list[Fault]) -> bool:
    if value is None or value is False or value in ("", "false"):
        return False
    if value is True or value == "true":
        return True
    faults.append(place.fault("retract_invalid", RETRACT_INVALID, "retract", {}))
    return False


def rate_warning(line: Line) -> Fault | None:
    """What to say where a stated percentage is not that of its counts, within half a unit of its last decimal."""
    if line.value is None or not line.denominator or line.numerator is None or line.decimals is None:
        return None
    unit = 10 ** (4 - line.decimals)
    distance = abs(line.value * line.denominator - PERCENT * line.numerator)
    if 2 * distance <= unit * line.denominator:
        return None
    step = 10**line.decimals
    rounded = (2 * 100 * step * line.numerator + line.denominator) // (2 * line.denominator)
    context = {
        "numerator": plain(line.numerator),
        "denominator": plain(line.denominator),
        "expected": plain(rounded * unit),
        "stated": plain(line.value),
    }
    return line.place.fault("rate_differs_from_counts", RATE_DIFFERS, "value", context)
