"""`chiso doctor` and `chiso jobs`: what an operator looks at first."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.cli.database import existing
from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.domain.instant import to_datetime
from app.services.doctor import examine
from app.store.jobs import list_jobs

COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]


def doctor(as_json: AsJson = False) -> None:
    """Look at settings, database, disk, clock, trace and evaluations. Exit code 1 where something is bad."""
    settings = Settings()
    checks = []
    for check in examine(settings.database_url, settings.default_framework):
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
