"""`/v1/me`: who calls, and what that may; without a key, too."""

from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from tests.make import a_unit, bearer, with_units

Client = httpx.AsyncClient


async def me(client: Client) -> dict[str, Any]:
    answer = await client.get("/v1/me")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_key_learns_its_own_name_rights_and_bounds(api: Client, client_of: Any) -> None:
    await with_units(api, [a_unit()])
    bounds = {"expires_at": "2026-10-13T02:00:00Z", "networks": ["127.0.0.0/8"]}
    body = {"name": "clerk", "scopes": ["values:write", "values:read"], "unit": "H60", **bounds}
    clerk = client_of(**bearer((await api.post("/v1/keys", json=body)).json()["secret"]))

    assert await me(clerk) == {
        "name": "clerk",
        "anonymous": False,
        "scopes": ["values:read", "values:write"],
        "unit": "H60",
        "rate_limit": None,
        "issuer": None,
        "anonymous_read": "published",
        **bounds,
    }


async def test_a_former_secret_learns_when_it_ends(api: Client, client_of: Any) -> None:
    body = {"name": "clerk", "scopes": ["values:read"]}
    former = client_of(**bearer((await api.post("/v1/keys", json=body)).json()["secret"]))
    await api.post("/v1/keys/clerk/rotate", json={"overlap_seconds": 60})

    assert (await me(former))["expires_at"] == "2026-10-12T01:31:00Z"


@pytest.mark.parametrize(("mode", "scopes"), [("published", []), ("all", ["values:read"])])
async def test_nobody_in_particular_learns_what_anybody_may(
    mode: Literal["published", "all"], scopes: list[str], anonymous: Client, service: FastAPI, settings: Settings
) -> None:
    service.state.settings = settings.model_copy(update={"anonymous_read": mode})

    assert await me(anonymous) == {
        "name": "anonymous",
        "anonymous": True,
        "scopes": scopes,
        "unit": None,
        "networks": [],
        "expires_at": None,
        "rate_limit": {"requests": 3000, "seconds": 60},
        "issuer": None,
        "anonymous_read": mode,
    }


async def test_a_key_learns_its_own_rate(api: Client, service: FastAPI, settings: Settings) -> None:
    service.state.settings = settings.model_copy(update={"key_rate": "50/second"})

    assert (await me(api))["rate_limit"] == {"requests": 50, "seconds": 1}


async def test_a_key_that_is_none_learns_that(client_of: Any) -> None:
    answer = await client_of(**bearer("chiso_invented")).get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")
