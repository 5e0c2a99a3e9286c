"""`chiso doctor` and `chiso jobs`: what an operator looks at first."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import existing
from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.domain.instant import to_datetime
from app.services.doctor import Check, examine
from app.services.settings_checks import faults_of_scopes
from app.store.db import microseconds
from app.store.jobs import list_jobs

COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


def doctor(as_json: AsJson = False) -> None:
    """Look at settings, database, disk, clock, trace and evaluations. Exit code 1 where something is bad."""
    settings = Settings()
    checks = []
    for check in chain(examine(settings.database_url, settings.default_framework), identity(settings)):
        checks.append(check)
        if not as_json:
            way_out = f" [{check.way_out}]" if check.way_out else ""
            line = f"[{COLOURS[check.state]}]{check.state:5}[/]{check.name:12}{escape(check.said + way_out)}"
            Console().print(line, soft_wrap=True, highlight=False)
    if as_json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    fail_if_unprinted()
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(1)


def identity(settings: Settings) -> Iterator[Check]:
    """The identity provider, where there is one: what its roles stand for, and whether its keys can be read."""
    if settings.oidc_jwks is None:
        return
    from app.services.identity.key_set import KeySet  # with libraries that cost a moment

    if faults := list(faults_of_scopes(settings.oidc_scopes)):
        yield Check("roles", "bad", " ".join(faults), "set CHISO_OIDC_SCOPES anew")
    keys = KeySet(settings.oidc_jwks, microseconds)
    asyncio.run(keys.read())
    if keys.problem is not None:
        way_out = "set CHISO_OIDC_JWKS to what the provider calls `jwks_uri`, or let the service reach it"
        yield Check("identity", "bad", f"no keys at {keys.place}: {keys.problem}", way_out)
    else:
        yield Check("identity", "ok", f"{len(keys.keys or ())} keys of {settings.oidc_issuer}")


def jobs(
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the newest first.")] = 50, as_json: AsJson = False
) -> None:
    """List the imports that wait or run in the background, and those that failed there."""
    with existing(Settings()) as database, database.reading() as session:
        found = list_jobs(session, limit)
    rows = [
        {
            "id": job.id,
            "status": job.status,
            "actor": job.actor,
            "requested_at": f"{to_datetime(job.requested_at):%Y-%m-%d %H:%M:%S}Z" if job.requested_at else "",
            "lease_until": f"{to_datetime(job.lease_until):%Y-%m-%d %H:%M:%S}Z" if job.lease_until else "",
            "problem": job.problem["en"]["detail"] if job.problem else "",
        }
        for job in found
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        table = Table("id", "status", "actor", "requested_at", "lease_until", "problem")
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row.values()))
        Console().print(table)
    fail_if_unprinted()
