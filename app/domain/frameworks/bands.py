"""Bands cover every total that can occur, once (docs/domain.md, Classes)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from app.domain.frameworks.document_part import DocumentPart, fault, plain
from app.domain.frameworks.readable import has_known_fields, is_whole, stated_decimals
from app.errors import ErrorCode, Fault

BANDS_HOLE = ErrorCode(
    "bands_hole",
    "Totals from {low} up to {high} have no band. Lower the `min` of the band above, or raise the `max` of the one "
    "below.",
    "Tổng điểm từ {low} đến {high} không thuộc mức xếp loại nào. Hãy hạ `min` của mức trên hoặc nâng `max` của mức "
    "dưới.",
)
BANDS_HOLE_AT_TOP = ErrorCode(
    "bands_hole",
    "A total of exactly {high} has no band, since {where} ends before it. Add `closed: true` to that band, or "
    "leave its `max` out.",
    "Tổng điểm đúng bằng {high} không thuộc mức xếp loại nào vì {where} chỉ đến dưới mức đó. Hãy thêm "
    "`closed: true` cho mức này hoặc bỏ `max`.",
)
BANDS_OVERLAP = ErrorCode(
    "bands_overlap",
    "A total of {low} belongs both to {where} and to {other}. Let the lower band end where the next begins.",
    "Tổng điểm {low} thuộc cả {where} lẫn {other}. Hãy cho mức dưới kết thúc đúng chỗ mức trên bắt đầu.",
)
BAND_DUPLICATE = ErrorCode(
    "band_duplicate",
    "{where} and {other} both begin at {low}; give them different `min`.",
    "{where} và {other} cùng bắt đầu từ {low}; hãy đặt `min` khác nhau.",
)
BAND_OUT_OF_RANGE = ErrorCode(
    "band_out_of_range",
    "{where}: {figure} lies outside the scale from 0 to {high}; correct it.",
    "{where}: {figure} nằm ngoài thang điểm từ 0 đến {high}; hãy sửa lại.",
)
BAND_EMPTY = ErrorCode(
    "band_empty",
    "{where} ends at {high} without holding any total from its `min` {low} on; correct `max` or `min`.",
    "{where} kết thúc ở {high} nên không chứa tổng điểm nào kể từ `min` {low}; hãy sửa `max` hoặc `min`.",
)

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BandRange:
    """A band as far as it can be read: totals from `min` to `max`, itself only where `closed`."""

    part: DocumentPart
    min: Decimal
    max: Decimal | None
    closed: bool

    @property
    def label(self) -> str:
        return self.part.label

    @property
    def is_empty(self) -> bool:
        return self.max is not None and (self.max < self.min or (self.max == self.min and not self.closed))

    def first_after(self, step: Decimal) -> Decimal | None:
        """The lowest total above the band, totals being multiples of `step`; None where the band has no `max`.

        So `90–94 closed, then from 94.01` leaves nothing out when totals have two decimals.
        """
        if self.max is None:
            return None
        if self.closed:
            return (self.max / step).to_integral_value(ROUND_FLOOR) * step + step
        return (self.max / step).to_integral_value(ROUND_CEILING) * step


def band_faults(document: DocumentPart, total_max: Decimal | None) -> Iterator[Fault]:
    """Every fault of the bands on a scale from 0 to `total_max` (None where that is unknown)."""
    bands = document.parts("bands")
    ranges = sorted((band for part in bands if (band := _range(part)) is not None), key=lambda band: band.min)
    for band in ranges:
        yield from _scale_faults(band, total_max)
    decimals = stated_decimals(document, "total")
    is_clear = is_whole(document, "bands") and len(ranges) == len(bands)
    if not ranges or decimals is None or not is_clear or any(band.is_empty for band in ranges):
        return  # a band that cannot be read may fill any hole
    step = Decimal(1).scaleb(-decimals)
    if ranges[0].min > ZERO:
        yield fault(BANDS_HOLE, f"{ranges[0].part.pointer}/min", low="0", high=plain(ranges[0].min))
    for low, high in pairwise(ranges):
        yield from _seam_faults(low, high, step)
    if total_max is not None:
        yield from _top_faults(ranges, total_max, step)


def _range(part: DocumentPart) -> BandRange | None:
    low, high = part.figure("min"), part.figure("max")
    closed = part.field("closed") if part.has("closed") else False
    if (
        not has_known_fields(part, "bands")
        or low is None
        or (high is None and part.has("max"))
        or not isinstance(closed, bool)
    ):
        return None
    return BandRange(part, low, high, closed)


def _scale_faults(band: BandRange, total_max: Decimal | None) -> Iterator[Fault]:
    for name, figure in (("min", band.min), ("max", band.max)):
        if figure is not None and total_max is not None and not ZERO <= figure <= total_max:
            place = f"{band.part.pointer}/{name}"
            yield fault(BAND_OUT_OF_RANGE, place, where=band.label, figure=plain(figure), high=plain(total_max))
    if band.max is not None and band.is_empty:
        place = f"{band.part.pointer}/max"
        yield fault(BAND_EMPTY, place, where=band.label, low=plain(band.min), high=plain(band.max))


def _seam_faults(low: BandRange, high: BandRange, step: Decimal) -> Iterator[Fault]:
    """Between a band and the next one up."""
    if low.min == high.min:
        place = f"{high.part.pointer}/min"
        yield fault(BAND_DUPLICATE, place, where=low.label, other=high.label, low=plain(low.min))
        return
    after = low.first_after(step)
    if low.max is None or after is None:
        return
    place = f"{low.part.pointer}/max"
    if after < high.min:
        yield fault(BANDS_HOLE, place, low=plain(low.max), high=plain(high.min))
    elif low.max > high.min or (low.max == high.min and low.closed):
        yield fault(BANDS_OVERLAP, place, low=plain(high.min), where=low.label, other=high.label)


def _top_faults(ranges: Sequence[BandRange], total_max: Decimal, step: Decimal) -> Iterator[Fault]:
    """From the highest band to the highest total."""
    top = ranges[-1]
    after = top.first_after(step)
    if top.max is None or after is None or after > total_max:
        return
    place = f"{top.part.pointer}/max"
    if after == total_max:
        yield fault(BANDS_HOLE_AT_TOP, place, where=top.label, high=plain(total_max))
    else:
        yield fault(BANDS_HOLE, place, low=plain(top.max), high=plain(total_max))
