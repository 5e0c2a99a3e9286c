"""What classes demand in single criteria: of criteria that exist, no more than can be had, and never of everybody."""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.frameworks.criteria import max_of, nodes
from app.domain.frameworks.document_part import DocumentPart, fault, plain
from app.domain.frameworks.rule_numbers import POINTS_OUT_OF_RANGE
from app.domain.suggest import Speller
from app.errors import ErrorCode, Fault

CRITERION_UNKNOWN = ErrorCode(
    "criterion_unknown",
    "{where} requires points in the criterion “{code}”, which the document does not have; correct the code.",
    "{where} yêu cầu điểm ở tiêu chí “{code}” mà tài liệu không có; hãy sửa mã.",
)
LOWEST_BAND_REQUIRES = ErrorCode(
    "lowest_band_requires",
    "{where} is the lowest band, so a unit that misses its `requires` would have no class; remove them there.",
    "{where} là mức xếp loại thấp nhất nên đơn vị không đạt `requires` sẽ không được xếp loại; hãy bỏ yêu cầu ở mức "
    "này.",
)


def requirement_faults(document: DocumentPart) -> Iterator[Fault]:
    """Every fault of what the bands require."""
    criteria = {node.part.text("code"): node.part for node in nodes(document) if not node.is_total}
    named, spell = [code for code in criteria if code is not None], Speller().near
    for band in document.parts("bands"):
        for each in band.parts("requires"):
            code, least = each.text("criterion"), each.figure("min")
            if code is None:
                continue
            if code not in criteria:
                place, near = f"{each.pointer}/criterion", spell(code, named)
                yield fault(CRITERION_UNKNOWN, place, where=band.label, code=code[:60], suggestion=near)
                continue
            most = max_of(criteria[code])
            if least is not None and most is not None and not 0 <= least <= most:
                high, shown = plain(most), plain(least)
                yield fault(POINTS_OUT_OF_RANGE, f"{each.pointer}/min", where=band.label, figure=shown, high=high)
    yield from _lowest(document)


def _lowest(document: DocumentPart) -> Iterator[Fault]:
    placed: list[tuple[Decimal, DocumentPart]] = [
        (least, band) for band in document.parts("bands") if (least := band.figure("min")) is not None
    ]
    if placed and len(placed) == len(document.parts("bands")):
        _, lowest = min(placed, key=lambda pair: pair[0])
        if lowest.parts("requires"):
            yield fault(LOWEST_BAND_REQUIRES, f"{lowest.pointer}/requires", where=lowest.label)
