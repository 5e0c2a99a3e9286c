"""What tests of targets and publications share: lists that are stated with PUT, all of it or nothing."""

from typing import Any

import httpx

COUNTS = ("created", "updated", "unchanged", "removed", "retracted")


async def put_items(path: str, client: httpx.AsyncClient, *items: dict[str, Any]) -> dict[str, Any]:
    """State these and see them taken."""
    answer = await client.put(path, json=items[0] if len(items) == 1 else {"items": items})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def list_items(path: str, client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def counts(told: dict[str, Any]) -> tuple[int, ...]:
    """How many were created, updated, left and withdrawn."""
    return tuple(told[name] for name in COUNTS if name in told)


async def put_faults(path: str, client: httpx.AsyncClient, body: Any) -> list[tuple[str, str]]:
    """Where the body is refused and why; nothing of it may be stored."""
    before = await list_items(path, client)
    answer = await client.put(path, json=body)
    assert answer.status_code == 422, answer.text
    assert await list_items(path, client) == before
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
