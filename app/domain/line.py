"""A long row of an import: one figure of a unit and a period, read from loose values without a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal
from unicodedata import category

from app.domain.arithmetic import DECIMALS
from app.domain.figures import Locale, Printed, decimals_of, read_figure, read_scaled
from app.domain.instant import to_instant
from app.domain.place import Place
from app.domain.suggest import Suggester, nearest
from app.domain.vietnamese import nfc
from app.errors import Fault, Text

Kind = Literal["ratio", "count", "points", "number"]

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
PERCENT = 100 * 10_000
EARLIEST = to_instant(datetime(1900, 1, 1, tzinfo=UTC))
"""Nobody looked a figure up before there were periods."""

FIELD_UNKNOWN = Text(
    "There is no field `{name}`; known are {known}.", "Không có trường `{name}`; các trường được nhận: {known}."
)
TEXT_EXPECTED = Text("`{name}` must be text.", "`{name}` phải là văn bản.")
NOT_A_ROW = Text("A row is an object with the fields of a value.", "Mỗi dòng phải là một đối tượng số liệu.")
FIELD_MISSING = Text("`{name}` is missing.", "Thiếu `{name}`.")
VALUE_MISSING = Text(
    "The row has no figure: give `value`, or `numerator` and `denominator`; leave the row out where there is none.",
    "Dòng không có số liệu: ghi `value`, hoặc `numerator` và `denominator`; nếu không có số liệu thì bỏ dòng.",
)
PART_MISSING = Text("`{name}` is missing beside its partner.", "Thiếu `{name}` đi kèm.")
NOT_A_NUMBER = Text("`{name}` must be a number.", "`{name}` phải là số.")
COUNTS_UNEXPECTED = Text(
    "{indicator} is a {kind}, not a ratio: it has a `value` only.",
    "{indicator} là loại {kind}, không phải tỷ lệ: chỉ ghi `value`.",
)
COUNTS_DISAGREE = Text(
    "`{name}` says {stated}, but `value` is written as a fraction with {value}; state one of them.",
    "`{name}` ghi {stated} nhưng `value` là phân số có {value}; chỉ ghi một trong hai.",
)
PERCENT_UNEXPECTED = Text(
    "{indicator} is a {kind}; a percentage cannot be its value.", "{indicator} là loại {kind}; không ghi phần trăm."
)
NEGATIVE = Text("{value} is negative; this figure cannot be.", "{value} là số âm; số liệu này không thể âm.")
NOT_WHOLE = Text("{value} is not whole; {indicator} counts things.", "{value} không nguyên; {indicator} là số đếm.")
EXCEEDS = Text(
    "The numerator {numerator} is larger than the denominator {denominator}.",
    "Tử số {numerator} lớn hơn mẫu số {denominator}.",
)
OUT_OF_RANGE = Text("The rate {value} % is not between 0 and 100.", "Tỷ lệ {value} % không nằm trong khoảng 0–100.")
RATE_DIFFERS = Text(
    "{numerator}/{denominator} is {expected} %, stated is {stated} %; points use the counts.",
    "{numerator}/{denominator} là {expected} %, nhưng ghi {stated} %; điểm được tính theo số lượng.",
)
MOMENT_INVALID = Text(
    "`{value}` is not a moment; write it as 2024-07-08T11:00:00+07:00.",
    "`{value}` không phải là thời điểm; ghi dạng 2024-07-08T11:00:00+07:00.",
)
RETRACT_INVALID = Text("`retract` is true or left out.", "`retract` chỉ nhận true hoặc bỏ trống.")
RETRACT_WITH_FIGURE = Text(
    "The row takes a figure back and states one; do one of both.",
    "Dòng vừa rút số liệu vừa ghi số liệu; chỉ chọn một.",
)
NOTE_UNREADABLE = Text(
    "The note holds a control character that cannot be printed.", "Ghi chú chứa ký tự điều khiển không in được."
)
NOTE_TOO_LONG = Text("The note is longer than 1,000 characters.", "Ghi chú dài quá 1.000 ký tự.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was sent. Figures ×10⁴; `decimals` are those of a stated value; `observed_at` µs, None if unsaid."""

    place: Place
    unit: str
    period: str
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
    if not isinstance(raw, dict):
        return [place.fault("object_expected", NOT_A_ROW, "", {})]
    faults = _unknown_fields(raw, place)
    texts = {name: _text(raw, name, place, faults) for name in ("unit", "period", "indicator", "source", "note")}
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
    observed_at = _moment(raw.get("observed_at"), place, faults)
    retract = _retract(raw.get("retract"), place, faults)
    line = Line(
        place=place,
        unit=texts["unit"] or "",
        period=texts["period"] or "",
        indicator=indicator,
        source=texts["source"] or reading.source,
        observed_at=observed_at,
        note=texts["note"],
        retract=retract,
    )
    if kind is not None:
        line = _with_figures(line, raw, kind, reading.locale, faults)
    return faults or line


def _unknown_fields(raw: Mapping[str, object], place: Place) -> list[Fault]:
    faults = []
    for name in raw:
        if name not in FIELDS and name not in READ_ONLY:
            context = {"name": name[:60], "known": ", ".join(FIELDS)}
            near = nearest(name, FIELDS)
            faults.append(place.fault("field_unknown", FIELD_UNKNOWN, name[:60], context, suggestion=near))
    return faults


def _text(raw: Mapping[str, object], name: str, place: Place, faults: list[Fault]) -> str | None:
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


def _moment(value: object, place: Place, faults: list[Fault]) -> int | None:
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


def _with_figures(line: Line, raw: Mapping[str, object], kind: Kind, locale: Locale, faults: list[Fault]) -> Line:
    """The line with its figures, checked against what its indicator counts."""
    before = len(faults)
    read = {
        name: _figure(raw.get(name), name, line, kind, locale, faults) for name in ("numerator", "denominator", "value")
    }
    if len(faults) > before:
        return line
    numerator, denominator, value = read["numerator"], read["denominator"], read["value"]
    if value is not None and value.denominator is not None:
        faults += _beside_fraction(line, value, numerator, denominator)
        numerator, denominator, value = replace(value, denominator=None), Printed(value.denominator, 0), None
    line = replace(
        line,
        numerator=_scaled(numerator),
        denominator=_scaled(denominator),
        value=_scaled(value),
        decimals=None if value is None else max(value.decimals, 0),
    )
    faults += _missing(line) + (_ratio_faults(line) if kind == "ratio" else _plain_faults(line, kind))
    return line


def _beside_fraction(line: Line, value: Printed, numerator: Printed | None, denominator: Printed | None) -> list[Fault]:
    """Counts stated beside a value that is written as a fraction of other counts."""
    pairs = (("numerator", numerator, value.value), ("denominator", denominator, value.denominator))
    return [
        line.place.fault(
            "counts_disagree", COUNTS_DISAGREE, name, {"name": name, "stated": stated.value, "value": told}
        )
        for name, stated, told in pairs
        if stated is not None and stated.value != told
    ]


def _figure(value: object, name: str, line: Line, kind: Kind, locale: Locale, faults: list[Fault]) -> Printed | None:
    """One figure: JSON numbers are exact as they stand, text is read by the locale."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        faults.append(line.place.fault("number_invalid", NOT_A_NUMBER, name, {"name": name}))
        return None
    if isinstance(value, str):
        found = read_figure(value, locale, count=kind == "count" or name != "value")
    else:
        exact = read_scaled(value)
        written = min(decimals_of(Decimal(value)), DECIMALS)  # zeros behind the fourth decimal say nothing
        found = exact if isinstance(exact, Fault) else Printed(Decimal(value), written)
    if isinstance(found, Fault):
        faults.append(line.place.at(name, found))
        return None
    if found is not None and (found.percent or found.denominator is not None) and (kind != "ratio" or name != "value"):
        text, code = (
            (PERCENT_UNEXPECTED, "percent_not_expected")
            if found.percent
            else (COUNTS_UNEXPECTED, "counts_not_expected")
        )
        faults.append(line.place.fault(code, text, name, {"indicator": line.indicator, "kind": kind}))
        return None
    return found


def _scaled(figure: Printed | None) -> int | None:
    return None if figure is None else int(figure.value.scaleb(4))


def _missing(line: Line) -> list[Fault]:
    """A line states a figure or takes one back; counts come in pairs."""
    place = line.place
    stated = line.value is not None or line.numerator is not None or line.denominator is not None
    if line.retract:
        return [place.fault("retract_with_figure", RETRACT_WITH_FIGURE, "retract", {})] if stated else []
    if not stated:
        return [place.fault("value_missing", VALUE_MISSING, "value", {})]
    for name, other in (("numerator", line.denominator), ("denominator", line.numerator)):
        if getattr(line, name) is None and other is not None:
            return [place.fault("field_missing", PART_MISSING, name, {"name": name})]
    return []


def _ratio_faults(line: Line) -> list[Fault]:
    faults = []
    if line.numerator is not None and line.denominator is not None:
        for name, figure in (("numerator", line.numerator), ("denominator", line.denominator)):
            if figure < 0:
                faults.append(line.place.fault("number_out_of_range", NEGATIVE, name, {"value": plain(figure)}))
        if line.numerator > line.denominator:
            context = {"numerator": plain(line.numerator), "denominator": plain(line.denominator)}
            faults.append(line.place.fault("numerator_exceeds_denominator", EXCEEDS, "numerator", context))
    if line.value is not None and not 0 <= line.value <= PERCENT:
        faults.append(line.place.fault("rate_out_of_range", OUT_OF_RANGE, "value", {"value": plain(line.value)}))
    return faults


def _plain_faults(line: Line, kind: Kind) -> list[Fault]:
    if line.numerator is not None or line.denominator is not None:
        context = {"indicator": line.indicator, "kind": kind}
        return [line.place.fault("counts_not_expected", COUNTS_UNEXPECTED, "numerator", context)]
    if line.value is None:
        return []
    if kind != "number" and line.value < 0:
        return [line.place.fault("number_out_of_range", NEGATIVE, "value", {"value": plain(line.value)})]
    if kind == "count" and line.value % 10_000:
        context = {"value": plain(line.value), "indicator": line.indicator}
        return [line.place.fault("number_not_whole", NOT_WHOLE, "value", context)]
    return []


def plain(scaled: int) -> str:
    """A figure ×10⁴ as a person writes it.

    >>> plain(605500), plain(1000000)
    ('60.55', '100')
    """
    return format((Decimal(scaled).scaleb(-4)).normalize() + 0, "f")


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
