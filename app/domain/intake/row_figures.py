"""The figures of a long row: read exactly, checked against what their indicator counts."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from app.domain.characters import trimmed
from app.domain.figure_parser import NOTHING, Printed, Spelling, read_figure, read_number, read_share
from app.domain.input_location import InputLocation
from app.domain.rates import percent_of
from app.errors import ErrorCode, Fault

IndicatorKind = Literal["ratio", "count", "points", "number"]

PERCENT = 100 * 10_000

VALUE_MISSING = ErrorCode(
    "value_missing",
    "The row has no figure: give `value`, or `numerator` and `denominator`; leave the row out where there is none.",
    "Dòng không có số liệu: ghi `value`, hoặc `numerator` và `denominator`; nếu không có số liệu thì bỏ dòng.",
)
PART_MISSING = ErrorCode(
    "field_missing",
    "`{name}` is missing: give numerator and denominator together, `value` alone, or a numerator beside its `value`.",
    "Thiếu `{name}`: hãy ghi cả tử số và mẫu số, hoặc chỉ ghi `value`, hoặc ghi tử số kèm `value`.",
)
NOT_A_NUMBER = ErrorCode(
    "number_invalid",
    "`{value}` is no figure; write a number such as 92.4, or leave the figure out.",
    "`{value}` không phải là số liệu; hãy ghi số, ví dụ 92.4, hoặc bỏ trống nếu không có số liệu.",
)
COUNTS_UNEXPECTED = ErrorCode(
    "counts_not_expected",
    "{indicator} is a {kind}, not a ratio: give its `value`, and leave numerator and denominator out.",
    "{indicator} là loại {kind}, không phải tỷ lệ: hãy ghi `value`, bỏ tử số và mẫu số.",
)
COUNTS_DISAGREE = ErrorCode(
    "counts_disagree",
    "`{name}` says {stated}, but `value` is written as a fraction with {value}; state one of them.",
    "`{name}` ghi {stated} nhưng `value` là phân số có {value}; chỉ ghi một trong hai.",
)
PERCENT_UNEXPECTED = ErrorCode(
    "percent_not_expected",
    "{indicator} is a {kind}; a percentage cannot be its value. Write the figure without a percent sign.",
    "{indicator} là loại {kind}, không nhận phần trăm; hãy ghi số liệu không có dấu %.",
)
DATE_MADE = ErrorCode(
    "number_invalid",
    "The spreadsheet has made the date {value} of what was typed here, as it does with 7/12; format the cell as "
    "text, then type the figure again (two counts as n/d).",
    "Phần mềm bảng tính đã tự đổi nội dung ô này thành ngày {value}, như khi gõ 7/12; hãy định dạng cột là văn bản "
    "(Text) rồi nhập lại số liệu (hai số đếm ghi dạng n/d).",
)
TIME_MADE = ErrorCode(
    "number_invalid",
    "`{value}` is a time, which spreadsheets make of a figure that is typed with a colon; format the cell as text, "
    "then type the figure again: a decimal as 9.5, two counts as 9/30.",
    "`{value}` là giờ phút, do phần mềm bảng tính tự đổi khi gõ dấu hai chấm; hãy định dạng ô là văn bản (Text) "
    "rồi nhập lại số liệu: số thập phân ghi 9,5, hai số đếm ghi 9/30.",
)
MADE_TIME = re.compile(r"[0-9]{1,6}:[0-9]{2}(:[0-9]{2})?")
MADE_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?([T ].*)?|[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2,4}"
    r"|[0-9]{1,2}[- ][^\W\d_]{3,4}[0-9]{0,2}([- ][0-9]{2,4})?|[^\W\d_]{3,4}[0-9]{0,2}[- ][0-9]{2,4}"
)
"""A date as spreadsheets print one, `07-Jul`, `Thg7-24`, `2024-07`: no figure is written so."""
NEGATIVE = ErrorCode(
    "number_out_of_range",
    "{value} is negative; this figure cannot be: look at its sign.",
    "{value} là số âm; số liệu này không thể âm: hãy kiểm tra lại dấu.",
)
NOT_WHOLE = ErrorCode(
    "number_not_whole",
    "{value} is not whole; {indicator} counts things: write the whole number.",
    "{value} không nguyên; {indicator} là số đếm: hãy ghi số nguyên.",
)
PART_NOT_WHOLE = ErrorCode(
    "number_not_whole",
    "{value} is not whole; `numerator` counts things: write the whole number, without a sign between thousands.",
    "{value} không nguyên; tử số là số đếm: hãy ghi số nguyên, không có dấu ngăn hàng nghìn.",
)
EXCEEDS = ErrorCode(
    "numerator_exceeds_denominator",
    "The numerator {numerator} is larger than the denominator {denominator}; are they swapped?",
    "Tử số {numerator} lớn hơn mẫu số {denominator}; có phải hai số ghi ngược không?",
)
OUT_OF_RANGE = ErrorCode(
    "rate_out_of_range",
    "The rate {value}% is not between 0 and 100; is the decimal sign in its place?",
    "Tỷ lệ {value}% không nằm trong khoảng 0–100; hãy kiểm tra dấu thập phân.",
)
RETRACT_WITH_FIGURE = ErrorCode(
    "retract_with_figure",
    "The row takes a figure back and states one; do one of both.",
    "Dòng vừa rút số liệu vừa ghi số liệu; chỉ chọn một.",
)


@dataclass(frozen=True, slots=True)
class RowFigureCells:
    """The figures of a row, ×10⁴, with what they are read by and from; `decimals` are those of a stated value,
    `percent` whether it has a percent sign.
    """

    place: InputLocation
    indicator: str
    kind: IndicatorKind
    retract: bool
    raw: Mapping[str, object]
    numerator: int | None = None
    denominator: int | None = None
    value: int | None = None
    decimals: int | None = None
    percent: bool = False

    def fault(self, error_code: ErrorCode, name: str, context: Mapping[str, object]) -> Fault:
        """A fault of a figure, as it is written: counts may stand in `value`, as a fraction."""
        name = "value" if says_nothing(self.raw.get(name)) else name
        return self.place.fault(error_code, name, context, value=shown_value(self.raw.get(name)))


def says_nothing(cell: object) -> bool:
    """Whether a cell states no figure: it is blank, or holds the dash that letters print for none."""
    return cell is None or (isinstance(cell, str) and trimmed(cell) in NOTHING)


def shown_value(value: object) -> str | None:
    """A value as a row holds it, for a fault to show.

    >>> shown_value(True), shown_value("9/8"), shown_value([1]), shown_value(Fraction(1, 8))
    ('true', '9/8', '[1]', '12.5%')
    """
    if isinstance(value, Fraction):
        return f"{percent_of(value):f}%"
    if value is None or isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else json.dumps(value)


def read_figures(row: RowFigureCells, locale: Spelling, faults: list[Fault], *, shares: bool = False) -> RowFigureCells:
    """The row with its figures, checked against what its indicator counts; what is wrong is added to `faults`.

    `shares`: the value of a ratio is a part of 1 where it has no percent sign.
    """
    before = len(faults)
    shares &= row.kind == "ratio"
    read = {
        name: _figure(name, row, locale, faults, share=shares and name == "value")
        for name in ("numerator", "denominator", "value")
    }
    if len(faults) > before:
        return row
    numerator, denominator, value = read["numerator"], read["denominator"], read["value"]
    if value is not None and value.denominator is not None:
        faults += _beside_fraction(row, value, numerator, denominator)
        numerator, denominator, value = replace(value, denominator=None), Printed(value.denominator, 0), None
    row = replace(
        row,
        numerator=_scaled(numerator),
        denominator=_scaled(denominator),
        value=_scaled(value),
        decimals=None if value is None else max(value.decimals, 0),
        percent=value is not None and value.percent,
    )
    faults += _missing(row) + (_ratio_faults(row) if row.kind == "ratio" else _plain_faults(row))
    return row


def unreadable_figures(raw: Mapping[str, object], place: InputLocation, locale: Spelling) -> list[Fault]:
    """What is wrong with figures of which it is not known what they count: those that could be none at all."""
    faults: list[Fault] = []
    for name in ("numerator", "denominator", "value"):
        found = raw.get(name)
        read = read_figure(found, locale) if isinstance(found, str) else found
        if isinstance(read, Fault):
            faults.append(
                read if read is found else place.at(name, replace(read, value=read.value or shown_value(found)))
            )
    return faults


def _beside_fraction(
    row: RowFigureCells, value: Printed, numerator: Printed | None, denominator: Printed | None
) -> list[Fault]:
    """Counts stated with a value that is written as a fraction of other counts."""
    pairs = (("numerator", numerator, value.value), ("denominator", denominator, value.denominator))
    return [
        row.fault(COUNTS_DISAGREE, name, {"name": name, "stated": stated.value, "value": counted})
        for name, stated, counted in pairs
        if stated is not None and stated.value != counted
    ]


def _figure(name: str, row: RowFigureCells, locale: Spelling, faults: list[Fault], *, share: bool) -> Printed | None:
    """One figure: JSON numbers are exact as they stand, text is read by the locale."""
    value = row.raw.get(name)
    if value is None:
        return None
    if isinstance(value, Fault):
        faults.append(value)
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str | Fraction):
        faults.append(row.fault(NOT_A_NUMBER, name, {"value": (shown_value(value) or "")[:60]}))
        return None
    if isinstance(value, Fraction):
        found = _shown_as_percentage(value)
    elif share:
        found = read_share(value, locale)
    else:
        found = read_number(value, locale, count=row.kind == "count" or name != "value")
    if isinstance(found, Fault):
        if isinstance(value, str) and found.code == "number_invalid":
            found = _made_by_spreadsheet(trimmed(value)) or found
        faults.append(row.place.at(name, replace(found, value=found.value or shown_value(value))))
        return None
    if (
        found is not None
        and (found.percent or found.denominator is not None)
        and (row.kind != "ratio" or name != "value")
    ):
        unexpected = PERCENT_UNEXPECTED if found.percent else COUNTS_UNEXPECTED
        faults.append(row.fault(unexpected, name, {"indicator": row.indicator, "kind": row.kind}))
        return None
    return found


def _shown_as_percentage(cell: Fraction) -> Printed | Fault | None:
    found = read_number(percent_of(cell))
    return replace(found, percent=True) if isinstance(found, Printed) else found


def _made_by_spreadsheet(text: str) -> Fault | None:
    """What is said of a date or a time in the place of a figure."""
    made = DATE_MADE if MADE_DATE.fullmatch(text) else TIME_MADE if MADE_TIME.fullmatch(text) else None
    return None if made is None else Fault(made, {"value": text[:60]})


def _scaled(figure: Printed | None) -> int | None:
    return None if figure is None else int(figure.value.scaleb(4))


def _missing(row: RowFigureCells) -> list[Fault]:
    """A row states a figure or takes one back; counts come in pairs, but for one beside a stated rate."""
    place = row.place
    stated = row.value is not None or row.numerator is not None or row.denominator is not None
    if row.retract:
        return [place.fault(RETRACT_WITH_FIGURE, "retract", {})] if stated else []
    if not stated:
        return [place.fault(VALUE_MISSING, "value", {}, value=shown_value(row.raw.get("value")))]
    if row.numerator is None and row.denominator is not None:
        return [place.fault(PART_MISSING, "numerator", {"name": "numerator"})]
    if row.numerator is not None and row.denominator is None and row.value is None:
        return [place.fault(PART_MISSING, "denominator", {"name": "denominator"})]
    return []


def _ratio_faults(row: RowFigureCells) -> list[Fault]:
    counts = ("numerator", row.numerator), ("denominator", row.denominator)
    faults = [
        row.fault(NEGATIVE, name, {"value": plain(figure)})
        for name, figure in counts
        if figure is not None and figure < 0
    ]
    if row.numerator is not None and row.denominator is not None and row.numerator > row.denominator:
        context = {"numerator": plain(row.numerator), "denominator": plain(row.denominator)}
        faults.append(row.fault(EXCEEDS, "numerator", context))
    if row.numerator is not None and row.denominator is None and row.numerator % 10_000:
        faults.append(row.fault(PART_NOT_WHOLE, "numerator", {"value": plain(row.numerator)}))
    if row.value is not None and not 0 <= row.value <= PERCENT:
        faults.append(row.fault(OUT_OF_RANGE, "value", {"value": plain(row.value)}))
    return faults


def _plain_faults(row: RowFigureCells) -> list[Fault]:
    if row.numerator is not None or row.denominator is not None:
        context = {"indicator": row.indicator, "kind": row.kind}
        stated = "denominator" if row.numerator is None else "numerator"
        return [row.fault(COUNTS_UNEXPECTED, stated, context)]
    if row.value is None:
        return []
    if row.kind != "number" and row.value < 0:
        return [row.fault(NEGATIVE, "value", {"value": plain(row.value)})]
    if row.kind == "count" and row.value % 10_000:
        context = {"value": plain(row.value), "indicator": row.indicator}
        return [row.fault(NOT_WHOLE, "value", context)]
    return []


def plain(scaled: int) -> str:
    """A figure ×10⁴ as a person writes it.

    >>> plain(605500), plain(1000000)
    ('60.55', '100')
    """
    return format((Decimal(scaled).scaleb(-4)).normalize() + 0, "f")
