"""Imports of files that are said to be complete: what stands and is not in the file is retracted.

A file is the whole of each period, source and indicator of which it states a figure. A retraction is an observation
like any other: it is dated as the file's figures are, so a figure that was looked up later than the file stays.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import ImportedRow
from app.domain.intake.merge import FOREVER, FigureKey
from app.errors import ErrorCode, Fault, Faults
from app.services.imports.fault_log import as_warnings
from app.services.imports.repeated_figures import SeenKeys
from app.services.rights import Caller, require_writable
from app.services.values import within_rights
from app.store.absent_figures import StandingFigure, list_standing
from app.store.units import get_unit_row
from app.store.values import ValueFilter

PAGE = 20_000
"""Figures that are held at once."""

Pair = tuple[str, str]
"""A source and an indicator."""

ABSENT = ErrorCode(
    "figure_absent",
    "The file is said to be complete and has no {indicator} of {unit} in {period} from {source}: that figure is "
    "retracted.",
    "Tệp được khai là đầy đủ nhưng không có {indicator} của {unit} kỳ {period}, nguồn {source}: số liệu này được rút.",
)
MOST_ABSENT = ErrorCode(
    "most_figures_absent",
    "{retracted} figures are retracted because the file does not have them, more than the {kept} that stood and are in "
    "it. If it is not the whole, undo the import, or send it without `complete=true`.",
    "Có {retracted} số liệu được rút vì không có trong tệp, nhiều hơn {kept} số liệu đã có và còn trong tệp. Nếu tệp "
    "không đầy đủ, hãy hoàn tác lần nhập, hoặc gửi lại không kèm `complete=true`.",
)
WITHHELD = ErrorCode(
    "retraction_withheld",
    "{count} refused row(s) do not say of which figure they are; so nobody knows what is absent from the file, and "
    "nothing was retracted. Mend them and send the file again.",
    "Có {count} dòng bị từ chối không cho biết là số liệu nào; vì vậy không thể biết tệp thiếu gì và chưa rút số liệu "
    "nào. Hãy sửa các dòng đó rồi gửi lại tệp.",
)


class StatedScopes:
    """The periods, sources and indicators of which a file states figures, and when these were looked up last."""

    def __init__(self) -> None:
        self.moments: dict[tuple[str, str, str], int] = {}

    def note(self, lines: Iterable[ImportedRow]) -> None:
        """Take in lines that may be stored. One that is undated says what holds now; one that retracts states none."""
        for line in lines:
            if not line.retract:
                scope = line.period, line.source, line.indicator
                at = FOREVER if line.observed_at is None else line.observed_at
                self.moments[scope] = max(at, self.moments.get(scope, at))

    def by_period(self) -> Iterator[tuple[str, dict[Pair, int]]]:
        """Each period with its sources and indicators and their moments; `FOREVER`: now."""
        for period, scopes in groupby(sorted(self.moments), itemgetter(0)):
            yield (
                period,
                {(source, indicator): self.moments[period, source, indicator] for _, source, indicator in scopes},
            )


def check_under(session: Session, caller: Caller, under: str | None) -> None:
    """Raise NotFound for a unit that nobody knows, Forbidden for one outside the caller's subtree."""
    if under is not None:
        get_unit_row(session, under)
        require_writable(session, caller, under)


def retractions_of(
    session: Session, caller: Caller, under: str | None, scopes: StatedScopes, stored: Collection[str], seen: SeenKeys
) -> Iterator[list[ImportedRow]]:
    """Lines that retract what stands and is absent from a file, page by page.

    Of periods that were `stored` before, and of units that the caller may write for, `under` that unit where it is
    named. `seen` are all figures that rows of the file are of, refused ones included.
    """
    periods = {period: pairs for period, pairs in scopes.by_period() if period in stored}
    where = within_rights(session, caller, ValueFilter(under=under, periods=tuple(periods)), (), None)
    for period, pairs in periods.items():
        after: FigureKey | None = None
        while page := list_standing(session, period, pairs, where, after=after, limit=PAGE):
            yield list(_absent(page, pairs, seen))
            after = page[-1].key


def _absent(page: Sequence[StandingFigure], pairs: Mapping[Pair, int], seen: SeenKeys) -> Iterator[ImportedRow]:
    missing = seen.lacks([figure.key for figure in page])
    for (key, observed_at), is_missing in zip(page, missing, strict=True):
        moment = pairs.get((key.source, key.indicator))
        if is_missing and moment is not None and observed_at <= moment:
            dated = None if moment == FOREVER else moment
            yield ImportedRow(InputLocation(), *key, observed_at=dated, retract=True)


class AbsenceLog:
    """What is said of the figures that an import retracts because its file does not have them."""

    def __init__(self) -> None:
        self.count, self.named = 0, as_warnings()

    def add(self, lines: Sequence[ImportedRow]) -> None:
        for line in lines[: max(0, self.named.most - len(self.named.named))]:
            context = {name: getattr(line, name) for name in FigureKey._fields}
            self.named.add(Fault(ABSENT, context, value=line.unit))
        self.count += len(lines)

    def warnings(self, kept: int) -> Faults:
        """Each figure, many of them by their number; first that they are most, where fewer that stood were `kept`."""
        most = [Fault(MOST_ABSENT, {"retracted": self.count, "kept": kept})] if self.count > kept else []
        self.named.add_unnamed(self.count - len(self.named.named))
        return as_warnings(most).followed_by(self.named)
