"""`chiso openapi`: the contract."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.api.client_contract import for_clients
from app.cli.output import fail_if_unprinted
from app.config import Settings
from app.main import create_app

OPENAPI = Path("openapi/openapi.json")
CLIENTS = Path("openapi/clients.json")


def openapi(
    write: Annotated[bool, typer.Option("--write", help=f"Write {OPENAPI} and {CLIENTS} instead.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare with these files; exit code 1 if they differ.")
    ] = False,
    reader: Annotated[
        Literal["clients"] | None, typer.Option("--for", help="Only JSON bodies and answers, for makers of clients.")
    ] = None,
) -> None:
    """Print the contract as OpenAPI."""
    settings = Settings(_env_file=None, database_url="sqlite:///not-opened.db")
    document = create_app(settings).openapi()
    documents = {OPENAPI: document, CLIENTS: for_clients(document)}
    if write or check:
        for path, each in documents.items():
            write_or_compare(path, text_of(each), write=write)
        return
    document = documents[CLIENTS if reader else OPENAPI]
    holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(text_of(document) if holds_all else json.dumps(document, indent=2) + "\n")
    fail_if_unprinted()


def text_of(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_or_compare(path: Path, text: str, *, write: bool) -> None:
    """Make a file say what the code says, or end the command where it does not."""
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    elif path.read_text("utf-8") != text:
        print(f"{path} is not what the code says; run `chiso openapi --write`.", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{path} is what the code says.")
