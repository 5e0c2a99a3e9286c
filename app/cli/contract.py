"""`chiso openapi`: the contract."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.main import create_app

OPENAPI = Path("openapi/openapi.json")


def openapi(
    write: Annotated[bool, typer.Option("--write", help="Write it to openapi/openapi.json instead.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare with that file; exit code 1 if they differ.")] = False,
) -> None:
    """Print the contract as OpenAPI."""
    settings = Settings(_env_file=None, database_url="sqlite:///not-opened.db")
    document = create_app(settings).openapi()
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if check and OPENAPI.read_text("utf-8") != text:
        print(f"{OPENAPI} is not what the code says; run `chiso openapi --write`.", file=sys.stderr)
        raise typer.Exit(1)
    if write:
        OPENAPI.parent.mkdir(exist_ok=True)
        OPENAPI.write_text(text, "utf-8")
    if write or check:
        print(f"{OPENAPI} is what the code says.")
        return
    holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(text if holds_all else json.dumps(document, indent=2) + "\n")
    fail_if_unprinted()
