"""What tests of suppositions share: the board that they ask about, and how they ask."""

from typing import Any

import httpx

Client = httpx.AsyncClient
PATH = "/v1/scores/what-if"
BOARD = {"period": "2024-07", "level": "commune", "under": "H60"}


def a_total(unit: str, value: object, **more: Any) -> dict[str, Any]:
    return {"unit": unit, "indicator": "total_points", "value": value, "source": "national_portal", **more}


async def supposed(client: Client, *values: Any, query: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={**BOARD, "values": list(values), **more}, params=query or {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refused(client: Client, *values: Any, status: int = 422, **more: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={**BOARD, "values": list(values), **more})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(board: dict[str, Any], unit: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in board["items"] if each["unit"]["code"] == unit)
    return found


def as_read(item: dict[str, Any]) -> dict[str, Any]:
    flags = [flag for flag in item["flags"] if flag != "hypothetical"]
    return {name: each for name, each in {**item, "flags": flags}.items() if name not in ("base", "difference")}
