"""A route that is to go says so with every answer, and in the contract; no other route does."""

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response

from app.api.answers import answer
from app.api.deprecation import deprecated
from app.api.deps import PublicReader, ReadSession, ValuesReader
from app.api.kept_routes import kept
from app.api.strict_requests import StrictRoute
from app.config import Settings
from app.main import create_app

SINCE, UNTIL = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SAID = {
    "deprecation": "@1798761600",
    "sunset": "Sat, 01 Jan 2028 00:00:00 GMT",
    "link": '</v1/units>; rel="successor-version"',
}


@pytest.fixture
def own(database_url: str) -> FastAPI:
    """A service with a route of the old kind, kept, and one that needs a key."""
    router = APIRouter(prefix="/v1", tags=["units"], route_class=StrictRoute)

    @router.get("/old-units")
    @kept
    @deprecated(SINCE, UNTIL, "/v1/units")
    def read_old_units(caller: PublicReader, session: ReadSession) -> Response:
        return answer({"items": []})

    @router.get("/old-values")
    @deprecated(SINCE, UNTIL, "/v1/units")
    def read_old_values(caller: ValuesReader) -> Response:
        return answer({"items": []})

    app = create_app(Settings(_env_file=None, database_url=database_url))
    app.include_router(router)
    return app


def said(response: httpx.Response) -> dict[str, str]:
    return {name: response.headers[name] for name in SAID if name in response.headers}


async def test_every_answer_of_such_a_route_says_so_kept_and_refused_ones_too(own: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(own), base_url="http://test") as client:
        answers = [await client.get("/v1/old-units") for _ in range(2)]
        answers += [await client.get("/v1/old-values"), await client.get("/v1/old-units?what=1")]
        other = await client.get("/v1/units")
    own.state.database.dispose()

    assert [each.status_code for each in answers] == [200, 200, 401, 422]
    assert [said(each) for each in answers] == [SAID] * 4
    assert said(other) == {}


async def test_the_contract_says_so(own: FastAPI) -> None:
    paths = own.openapi()["paths"]
    own.state.database.dispose()
    old, other = paths["/v1/old-units"]["get"], paths["/v1/units"]["get"]

    assert old["deprecated"] is True
    assert "it goes on 2028-01-01. Use `/v1/units` instead." in old["description"]
    assert {"Deprecation", "Sunset", "Link"} <= old["responses"]["200"]["headers"].keys()
    assert "deprecated" not in other
