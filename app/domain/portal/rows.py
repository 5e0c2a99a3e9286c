"""The national portal's saved answers as long rows: its metrics and groups under our indicators, its units by code.

Counts stay counts, a rate is taken only where there are none, and null is no row. What the portal derives from its
own figures (deltas, ratios of points, charts with months to come, the radar) is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.input_location import InputLocation, UnreadableFigure
from app.domain.intake.layouts import Raw
from app.domain.portal.answers import PortalFigure, PortalFile
from app.domain.portal.indicators import PortalIndicators
from app.domain.portal.plausibility import denominator_warnings, over_max, points_in, refusals, total_warnings
from app.domain.portal.units import DescribedUnit, PortalUnits
from app.errors import ErrorCode, Fault

METRICS_UNKNOWN = ErrorCode(
    "portal_metric_unknown",
    "The file also holds {names}, which no indicator is known for; these figures were not read.",
    "Tệp còn có {names}, chưa có chỉ số tương ứng; các số liệu này không được đọc.",
)
INCOMPLETE = ErrorCode(
    "portal_incomplete",
    "The portal has {total} units in this list, the files hold {held}; save its other pages too (`pageSize`, "
    "`currentPage`) and send all of them.",
    "Danh sách này trên Cổng có {total} đơn vị, các tệp chỉ có {held}; hãy lưu cả các trang còn lại (`pageSize`, "
    "`currentPage`) và gửi đủ các trang.",
)


@dataclass(frozen=True, slots=True)
class MappedRows:
    """The figures of a request's answers, the units that they name by code, and what is worth a warning."""

    rows: list[tuple[InputLocation, Raw]]
    units: list[DescribedUnit]
    warnings: list[Fault]


def map_portal(files: Sequence[PortalFile], indicators: PortalIndicators) -> MappedRows:
    """Every figure of the answers of one request as a long row for `read_row` (its period is the caller's to give).

    A row's `unit` is a code, or `dvcqg:<id>` where no answer has one for that id. A figure stated twice alike is one
    row. Rows that must not be read are `UnreadableFigure`: what cannot be read of an answer, all its figures for
    `portal_groups_swapped` and `portal_max_differs`, one figure for `points_exceed_max`, a unit's for `field_missing`
    and `portal_id_ambiguous`; each reason is named once.
    Warnings: `portal_metric_unknown`, `portal_incomplete`, `portal_total_differs`, `portal_denominators_differ`.
    """
    units = PortalUnits(files)
    rows: list[tuple[InputLocation, Raw]] = []
    believed: list[PortalFile] = []
    for file, refusal in zip(files, refusals(files, units, indicators), strict=True):
        believed += [] if refusal else [file]
        rows += _rows(file, units, indicators, refusal)
    points = [each for file in believed for each in points_in(file, units, indicators)]
    warnings = [warning for file in files if (warning := _unknown(file, indicators))]
    warnings += [*_incomplete(files, units), *total_warnings(points, indicators)]
    warnings += [warning for file in files for warning in denominator_warnings(file, units)]
    return MappedRows(_once(rows), units.found(), warnings)


def without(
    rows: Sequence[tuple[InputLocation, Raw]], reasons: Mapping[str, Sequence[Fault]]
) -> list[tuple[InputLocation, Raw]]:
    """The rows, those of units that cannot be taken `UnreadableFigure`; reasons are named with the first row of a unit.

    A reason that has no place stands where the row names the unit. A unit without a row has one for its reasons.
    """
    named_before: set[str] = set()
    kept: list[tuple[InputLocation, Raw]] = []
    for place, raw in rows:
        unit = str(raw.get("unit")) if isinstance(raw, dict) else ""
        if unit not in reasons:
            kept.append((place, raw))
            continue
        new = () if unit in named_before else reasons[unit]
        kept.append((place, UnreadableFigure(tuple(each if each.pointer else place.at("unit", each) for each in new))))
        named_before.add(unit)
    left = (faults for unit, faults in reasons.items() if faults and unit not in named_before)
    return kept + [(InputLocation(faults[0].pointer or ""), UnreadableFigure(tuple(faults))) for faults in left]


def _rows(
    file: PortalFile, units: PortalUnits, indicators: PortalIndicators, refusal: Fault | None
) -> list[tuple[InputLocation, Raw]]:
    """The rows of one answer; what cannot be read and stands for no figure is a row of its own."""
    rows: list[tuple[InputLocation, Raw]] = [
        (InputLocation(fault.pointer or ""), UnreadableFigure((fault,))) for fault in file.faults
    ]
    named_before: set[tuple[str, str | None]] = set()

    def unread(faults: Sequence[Fault]) -> UnreadableFigure:
        new = tuple(each for each in faults if (each.code, each.pointer) not in named_before)
        named_before.update((each.code, each.pointer) for each in new)
        return UnreadableFigure(new)

    for unit in file.units:
        faults, before = units.faults_of(unit), len(rows)
        for figure in unit.figures:
            raw = _raw(figure, units.named(unit), indicators)
            if raw is None:
                continue
            place = InputLocation(figure.pointer, pointers={"unit": unit.named_at, **figure.pointers})
            wrong = faults or figure.faults or _doubts(figure, indicators, refusal)
            rows.append((place, unread(wrong) if wrong else raw))
        if unit.faults and len(rows) == before:
            rows.append((InputLocation(unit.pointer), unread(unit.faults)))
    if refusal and not rows:
        rows.append((InputLocation(refusal.pointer or ""), unread((refusal,))))
    return rows


def _doubts(figure: PortalFigure, indicators: PortalIndicators, refusal: Fault | None) -> Sequence[Fault]:
    """Why a figure that can be read is not believed: the reason of its answer, else its own."""
    own = over_max(figure, indicators) if refusal is None else refusal
    return () if own is None else (own,)


def _raw(figure: PortalFigure, unit: str | None, indicators: PortalIndicators) -> dict[str, object] | None:
    """The long row of a figure; None where it is none of ours, or the answer holds null for it.

    What cannot be read stays a row, so that it is counted.
    """
    indicator = indicators.by_name.get(figure.code)
    if figure.faults and (indicator or not figure.code):
        return {}
    if indicator is None:
        return None
    row: dict[str, object] = {"unit": unit, "indicator": indicator}
    if figure.code in indicators.shares and figure.numerator is not None and figure.denominator is not None:
        row |= {"numerator": figure.numerator, "denominator": figure.denominator}
    elif figure.value is not None:
        row["value"] = figure.value
    else:
        return None
    return row | ({"note": figure.note} if figure.note else {})


def _once(rows: Sequence[tuple[InputLocation, Raw]]) -> list[tuple[InputLocation, Raw]]:
    """The rows without those that say again what one before them said: a province is its answer's overview and an
    item of its list."""
    seen: set[frozenset[tuple[str, object]]] = set()
    kept: list[tuple[InputLocation, Raw]] = []
    for place, raw in rows:
        if isinstance(raw, UnreadableFigure):
            kept.append((place, raw))
            continue
        said = frozenset(raw.items())
        if said not in seen:
            seen.add(said)
            kept.append((place, raw))
    return kept


def _unknown(file: PortalFile, indicators: PortalIndicators) -> Fault | None:
    codes = {figure.code for unit in file.units for figure in unit.figures if figure.code}
    names = sorted((codes - indicators.by_name.keys()) | set(file.unread))
    if not names:
        return None
    context = {"names": ", ".join(name[:60] for name in names)}
    return Fault(METRICS_UNKNOWN, context, pointer=file.pointer)


def _incomplete(files: Sequence[PortalFile], units: PortalUnits) -> Iterator[Fault]:
    """`portal_incomplete` for each list of which the files do not hold every page, at the first of them."""
    lists: dict[tuple[str, str | None], list[PortalFile]] = {}
    for file in files:
        if file.total is not None:
            root = next((units.named(unit) for unit in file.units if unit.is_root), None)
            lists.setdefault((file.endpoint, root), []).append(file)
    for pages in lists.values():
        held = {units.named(unit) or unit.pointer for page in pages for unit in page.units if not unit.is_root}
        total = max(page.total or 0 for page in pages)
        if len(held) < total:
            context = {"total": total, "held": len(held)}
            pointer = f"{pages[0].pointer}/data/pagination"
            yield Fault(INCOMPLETE, context, pointer=pointer, value=str(total))
