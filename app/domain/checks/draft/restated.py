"""What else was known of the period before, read: a change may be against another observation than the one printed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.checks.draft.cells import PrintedCell, read_count, read_points, read_rank, read_rate
from app.domain.checks.draft.draft import DraftRestated


@dataclass(frozen=True, slots=True)
class ParsedRestated:
    """Observations of the period before besides those printed; `rows` by ref: counts, then rates."""

    total: Sequence[PrintedCell] = ()
    rank: Sequence[PrintedCell] = ()
    groups: Mapping[str, Sequence[PrintedCell]] = field(default_factory=dict)
    rows: Mapping[str, tuple[Sequence[PrintedCell], Sequence[PrintedCell]]] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[str, PrintedCell]]:
        """(ref, cell) of every observation."""
        for ref, (counts, rates) in self.rows.items():
            for cell in (*counts, *rates):
                yield ref, cell
        for code, points in self.groups.items():
            for cell in points:
                yield code, cell
        for cell in self.total:
            yield "total", cell
        for cell in self.rank:
            yield "rank", cell


def read_restated(restated: DraftRestated | None) -> ParsedRestated:
    """Every observation read."""
    if restated is None:
        return ParsedRestated()
    return ParsedRestated(
        total=[read_points(each) for each in restated.total],
        rank=[read_rank(each) for each in restated.rank],
        groups={code: [read_points(each) for each in points] for code, points in restated.groups.items()},
        rows={
            ref: ([read_count(each) for each in row.count], [read_rate(each) for each in row.rate])
            for ref, row in restated.rows.items()
        },
    )
