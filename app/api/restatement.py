"""What current figures would give otherwise than a frozen result says."""

from fastapi import APIRouter, Request, Response

from app.answers.restatement import Restated, Restatement
from app.api.answers import FormatParameter, LimitParameter, Page
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ClocksDep, PublicReader, ReadSession
from app.api.evaluation_bodies import EvaluationId
from app.api.examples import example
from app.api.heavy_places import HeavyWork
from app.api.kept_routes import kept
from app.api.problems import problems
from app.api.strict_requests import StrictRoute
from app.domain.vietnamese_labels import SHORT_SOURCES
from app.formats.delimited import Column
from app.services.restatement import restatement

router = APIRouter(prefix="/v1", tags=["evaluations"], route_class=StrictRoute)

COLUMNS = [
    Column("unit", "Đơn vị"),
    Column("name", "Tên"),
    Column("period", "Kỳ"),
    Column("figure", "Đại lượng"),
    Column("indicator", "Chỉ số"),
    Column("source", "Nguồn"),
    Column("old", "Đã công bố", mixed=True),
    Column("new", "Theo số liệu hiện nay", mixed=True),
    Column("old_counts", "Số đếm đã công bố"),
    Column("new_counts", "Số đếm hiện nay"),
    Column("observed_at", "Thời điểm tra cứu"),
    Column("known_at", "Thời điểm ghi nhận"),
    Column("import_id", "Lần nhập"),
    Column("actor", "Khóa"),
    Column("source_code", "Mã nguồn", csv_only=True),
]


@router.get(
    "/evaluations/{id}/restated",
    response_model=Restatement,
    responses={200: example("restatement"), **problems(401, 403, 404, 410, 422)},
)
@kept
def read_evaluation_restated(
    request: Request,
    heavy: HeavyWork,
    caller: PublicReader,
    session: ReadSession,
    clocks: ClocksDep,
    id: EvaluationId,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """Every value, total, class and rank that current figures would give otherwise; needs `values:read`.

    Rules and units are the frozen ones, so that every difference comes from figures that sources restated.
    """
    page = Page(request, "restated", COLUMNS, limit, format)
    after = read_cursor("restated", cursor, ["", "", "", "", ""])
    about, found = restatement(session, caller, id, clocks)
    rest = [pair for pair in found if after is None or pair[0] > list(after)][: page.reach]
    items = [item for _, item in rest]
    if page.flat:
        return page.send(list(map(_flat, items)), lambda _: rest[page.limit - 1][0], about)
    return page.send(items, lambda _: rest[page.limit - 1][0], about)


def _flat(item: Restated) -> dict[str, object]:
    """A row for people, who read the source by its name."""
    source = item["source"]
    name = None if source is None else SHORT_SOURCES.get(source, source)
    return {**item, "unit": item["unit"]["code"], "name": item["unit"]["name"], "source": name, "source_code": source}
