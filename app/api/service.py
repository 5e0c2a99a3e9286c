"""The service itself: is it alive, is it ready, how busy is it, what does it offer."""

import secrets
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse

from app.answers.service import Alive, Ready
from app.api.answers import answer
from app.api.data_version import DataVersion
from app.api.deps import PublicReader, settings_of
from app.api.examples import example
from app.api.exposition import Exposition, Measured
from app.api.kept_routes import kept
from app.api.problems import AWAY, NO_ROOM, problems
from app.api.strict_requests import StrictRoute
from app.errors import RefusalCode, Unavailable
from app.store.schema import newest_schema, refuse_newer

router = APIRouter(tags=["service"], route_class=StrictRoute)
STATIC = Path(__file__).parent.parent / "static"
INSTANCE = secrets.token_hex(8)
"""A random name of this process's start: the same as long as it lives."""

DOCS_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
"""Swagger UI sets style attributes and draws its icons from data URLs; scripts come from files only."""

RETRY = {"Retry-After": "2"}
NOT_MIGRATED = RefusalCode(
    "schema_outdated",
    "The database's schema is not the one of this version; run `chiso migrate`.",
    "Lược đồ cơ sở dữ liệu không khớp phiên bản này; hãy chạy `chiso migrate`.",
    Unavailable,
)
READ_ONLY = RefusalCode(
    "read_only",
    "The database can only be read: a standby, a server set to read only, or a file that may not be written.",
    "Cơ sở dữ liệu chỉ đọc được: máy chủ dự phòng, máy chủ đặt chế độ chỉ đọc, hoặc tệp không được phép ghi.",
    Unavailable,
)


@router.get("/livez", response_model=Alive, responses={200: example("alive"), **problems(422, asks_database=False)})
async def read_livez() -> Response:
    """The process answers."""  # on the event loop: threads may all be waiting for a writer
    alive: Alive = {"status": "alive"}
    return answer(alive)


@router.get("/readyz", response_model=Ready, responses={200: example("ready"), **problems(422)})
async def read_readyz(request: Request) -> Response:
    """The database is reachable, its schema current, it can be written, and there is room on the disk."""
    data_version: DataVersion = request.app.state.data_version
    settings = settings_of(request)  # no dependency: it would wait for a thread
    health = await data_version.health()
    if health.schema is None:
        raise AWAY.error(headers=RETRY)
    refuse_newer(health.schema)
    if health.schema != newest_schema():
        raise NOT_MIGRATED.error(headers=RETRY)
    if health.read_only:
        raise READ_ONLY.error(headers=RETRY)
    if health.free < settings.least_free_bytes:
        raise NO_ROOM.error(headers=RETRY)
    ready: Ready = {"status": "ready", "instance": INSTANCE}
    return answer(ready)


class MeasuredRoute(StrictRoute):
    """A route that tells how busy the service is, while it is."""

    def threads_of_keys(self, request: Request) -> CapacityLimiter:
        measured: Measured = request.app.state.measured
        return measured.telling


metrics_router = APIRouter(tags=["service"], route_class=MeasuredRoute)


@metrics_router.get("/metrics", include_in_schema=False, response_class=PlainTextResponse)
async def read_metrics(request: Request, caller: PublicReader) -> Response:
    """What the service measures of itself, for Prometheus."""
    data_version: DataVersion = request.app.state.data_version
    measured: Measured = request.app.state.measured
    measured.now()
    database = measured.database
    now, free = database.now(), await to_thread.run_sync(database.versions.free, limiter=measured.telling)
    backlog = await data_version.backlog(now)
    exposition = Exposition(request.app.version, database.engine.dialect.name, now, free, backlog)
    content, media_type = await to_thread.run_sync(exposition.text, limiter=measured.telling)
    return Response(content, media_type=media_type)


@router.get("/openapi.json", include_in_schema=False)
@kept
def read_openapi(request: Request, caller: PublicReader) -> Response:
    """The contract, as the settings of this service make it."""
    return answer(request.app.openapi())


@router.get("/docs", include_in_schema=False, response_class=HTMLResponse)
def read_docs() -> Response:
    """The operations to read and try, from assets that ship."""
    return FileResponse(STATIC / "docs" / "index.html", headers={"Content-Security-Policy": DOCS_POLICY})
