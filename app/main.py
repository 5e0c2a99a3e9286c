"""Assembly: settings in, an application out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from app.api import (
    admin,
    changes,
    check,
    completeness,
    evaluation_checks,
    evaluation_content,
    evaluation_states,
    evaluations,
    findings,
    frameworks,
    import_profiles,
    imports,
    indicators,
    keys,
    layouts,
    letter_profiles,
    letter_templates,
    letter_texts,
    overview,
    page,
    periods,
    publications,
    restatement,
    score_change,
    score_reach,
    scores,
    sensitivity,
    service,
    targets,
    tasks,
    template_check,
    unit_events,
    units,
    values,
    webhooks,
    what_if,
)
from app.api.answer_limits import AnswerLimits
from app.api.change_waits import ChangeWaits
from app.api.concurrency_limits import THREADS, ConcurrencyLimits
from app.api.contract import describe
from app.api.cross_origin import CrossOrigin
from app.api.data_version import DataVersion
from app.api.evaluation_cache import EvaluationCache
from app.api.exposition import Measured
from app.api.freed_memory import keep_for_arrays, limit_arenas
from app.api.identity_terms import identity_terms
from app.api.kept_routes import kept_paths
from app.api.key_uses import KeyUses
from app.api.path_prefix import PathPrefix
from app.api.problems import install
from app.api.rate_limits import RateLimits
from app.api.reports import (
    announcement,
    below_target,
    brief,
    classification,
    comparison,
    counts,
    movers,
    notice,
    publication,
    reconciliation,
)
from app.api.reports import tasks as tasks_report
from app.api.request_middleware import RequestMiddleware
from app.api.response_cache import ResponseCache
from app.config import Settings
from app.services.frameworks import ship
from app.services.imports.jobs import ImportWorker
from app.services.publication_schedule import PublicationSchedule
from app.services.webhooks.delivery import WebhookSender
from app.store.db import USUAL, Database, DatabaseLimits, microseconds
from app.store.memory import Memory
from app.store.schema import migrate

if TYPE_CHECKING:
    from app.services.identity.provider import IdentityProvider

SECOND = 1_000_000
"""µs."""
VERSION = "0.1.0"
DESCRIPTION = """Scores public bodies by Decision 766/QĐ-TTg and any index like it: units, periods, figures and
index frameworks in; scores, classes, ranks, changes and tables out. Refusals are `application/problem+json`, in
Vietnamese with `Accept-Language: vi`."""

ROUTERS = (
    service.router,
    service.metrics_router,
    page.router,
    units.router,
    unit_events.router,
    periods.router,
    completeness.router,
    indicators.router,
    frameworks.router,
    values.router,
    scores.router,
    score_change.router,
    sensitivity.router,
    score_reach.router,
    overview.router,
    what_if.router,
    evaluations.router,
    evaluation_states.router,
    evaluation_checks.router,
    evaluation_content.router,
    restatement.router,
    classification.router,
    comparison.router,
    counts.router,
    movers.router,
    reconciliation.router,
    below_target.router,
    targets.router,
    publications.router,
    publication.router,
    import_profiles.router,
    import_profiles.bulk_router,
    layouts.router,
    letter_profiles.router,
    letter_texts.router,
    letter_templates.router,
    template_check.router,
    tasks.router,
    tasks_report.router,
    announcement.router,
    notice.router,
    brief.router,
    findings.router,
    imports.router,
    check.router,
    webhooks.router,
    keys.router,
    admin.router,
    changes.router,
    units.bulk_router,
    imports.bulk_router,
)


class Service(FastAPI):
    """FastAPI with the edge around everything, the layers that FastAPI itself puts outermost included."""

    def openapi(self) -> dict[str, Any]:
        self.openapi_schema = self.openapi_schema or describe(self)
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        inside = super().build_middleware_stack()
        database, settings = self.state.database, self.state.settings
        provider = self.state.identity
        cache = ResponseCache(inside, kept_paths(self), database, self.state.data_version, provider and provider.keys)
        used = self.state.key_uses.note
        limited = RateLimits(cache, settings, lambda: database.now() / SECOND, used)
        edge: ASGIApp = RequestMiddleware(limited, settings.client_seconds)
        if settings.cors_origins:
            edge = CrossOrigin(edge, settings.cors_origins)
        return PathPrefix(edge, settings.root_path)


def create_app(settings: Settings, *, now: Callable[[], int] = microseconds, limits: DatabaseLimits = USUAL) -> FastAPI:
    """The service on the database of the settings, which has these limits; `now` gives µs since 1970."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        limit_arenas()
        keep_for_arrays()
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        app.state.jobs.start()
        app.state.schedule.start()
        app.state.webhooks.start()
        always = [app.state.measured.always(), app.state.key_uses.always()]
        if app.state.identity is not None:
            always.append(app.state.identity.keys.always())
        tasks = [asyncio.create_task(each) for each in always]
        yield
        for each in tasks:
            each.cancel()
        await run_in_threadpool(app.state.webhooks.stop)
        await run_in_threadpool(app.state.schedule.stop)
        await run_in_threadpool(app.state.jobs.stop)
        app.state.database.dispose()

    app = Service(
        title="chiso",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
    )
    app.state.settings = settings
    limits = replace(
        limits,
        connections=settings.database_connections,
        lease_s=settings.lease_seconds,
        statement_s=settings.statement_seconds,
    )
    memory = Memory(settings.memory_bytes)
    app.state.database = Database(
        settings.database_url, now=now, limits=limits, memory=memory, read_url=settings.database_read_url
    )
    app.state.key_uses = KeyUses(app.state.database)
    app.state.identity = identity_provider(settings, now)
    app.state.data_version = DataVersion(app.state.database.versions)
    app.state.evaluation_cache = EvaluationCache(memory)
    app.state.concurrency_limits = ConcurrencyLimits(app.state.database, settings.waiting_writers)
    app.state.answer_limits = AnswerLimits()
    app.state.jobs = ImportWorker(app.state.database, grace=settings.stop_seconds / 2)
    app.state.change_waits = ChangeWaits(app.state.data_version, app.state.jobs.stopping.is_set)
    app.state.schedule = PublicationSchedule(app.state.database)
    app.state.webhooks = WebhookSender(app.state.database, webhooks.rules_of(settings))
    app.state.measured = Measured(app.state.database, app.state.concurrency_limits, app.state.jobs, CapacityLimiter(1))
    install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", page.Assets(directory=service.STATIC), name="static")
    return app


def identity_provider(settings: Settings, now: Callable[[], int]) -> "IdentityProvider | None":
    """The provider of the settings; its libraries are loaded where there is one."""
    terms = identity_terms(settings)
    if terms is None:
        return None
    from app.services.identity.provider import IdentityProvider

    return IdentityProvider(terms, now)


def operation_id(route: APIRoute) -> str:
    """The name of the function: stable, and what generated clients call."""
    return route.name


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of the settings, at the present schema and with the frameworks that ship."""
    migrate(settings.database_url)
    database = Database(settings.database_url)
    try:
        ship(database)
        yield database
    finally:
        database.dispose()
