"""Examples of answers, as OpenAPI wants them."""

from typing import Any

from pydantic import JsonValue

from app.answers.examples import load_example


def example(name: str, /, **members: JsonValue) -> dict[str, Any]:
    """The content of an answer: the example of that name, with other `members` where some are given."""
    return {"content": {"application/json": {"example": load_example(name, **members)}}}


def example_page(name: str) -> dict[str, Any]:
    """The content of a list that holds the example of that name and nothing else."""
    return {"content": {"application/json": {"example": {"items": [load_example(name)], "next_cursor": None}}}}
