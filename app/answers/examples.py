"""The examples of the contract, a JSON file each: shown in OpenAPI, and run as tests one after the other."""

import json
from pathlib import Path

from pydantic import JsonValue

EXAMPLES = Path(__file__).parent.parent / "examples"


def load_example(name: str, /, **members: JsonValue) -> dict[str, JsonValue]:
    """The request or answer of that name; `members` are added to it, or stand in place of its own."""
    found: dict[str, JsonValue] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return {**found, **members}
