"""`CHISO_ANONYMOUS_READ`: what a service that answers keys only still shows, and what its contract says of keys."""

from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app
from app.services.rights import Scope
from app.store.db import Database
from tests.api.conftest import NOT_OPENED
from tests.make import a_key, bearer
from tests.support.contract import Contract

Mode = Literal["published", "all", "none"]


def contract_of(mode: Mode) -> Contract:
    return Contract(create_app(Settings(_env_file=None, database_url=NOT_OPENED, anonymous_read=mode)).openapi())


def securities(mode: Mode) -> dict[str, Any]:
    return {each.id: each.spec["security"] for each in contract_of(mode).operations}


KEY: list[Any] = [{"HTTPBearer": []}]
OPTIONAL: list[Any] = [{}, *KEY]


@pytest.mark.parametrize("path", ["/metrics", "/openapi.json"])
async def test_a_service_that_answers_keys_only_says_nothing_of_itself_without_one(
    path: str, service: FastAPI, settings: Settings, anonymous: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    service.state.settings = settings.model_copy(update={"anonymous_read": "none"})

    refused, taken = await anonymous.get(path), await api.get(path)

    assert (refused.status_code, refused.json()["code"]) == (401, "key_required")
    assert taken.status_code == 200


async def test_a_closed_service_shows_its_metrics_to_every_valid_key_and_to_no_other(
    service: FastAPI, settings: Settings, database: Database, anonymous: httpx.AsyncClient
) -> None:
    service.state.settings = settings.model_copy(update={"anonymous_read": "none"})
    least = a_key(database, Scope.VALUES_READ)

    answers = [await anonymous.get("/metrics", headers=bearer(secret)) for secret in (least, "no-such-key")]

    assert [each.status_code for each in answers] == [200, 401]


@pytest.mark.parametrize("path", ["/metrics", "/openapi.json", "/docs", "/", "/livez"])
async def test_an_open_service_shows_itself(path: str, anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get(path)).status_code == 200


async def test_the_served_contract_is_the_one_of_the_settings(api: httpx.AsyncClient, service: FastAPI) -> None:
    assert (await api.get("/openapi.json")).json() == service.openapi()


@pytest.mark.parametrize(
    ("mode", "public", "live"), [("published", OPTIONAL, KEY), ("all", OPTIONAL, OPTIONAL), ("none", KEY, KEY)]
)
def test_security_follows_the_setting(mode: Mode, public: Any, live: Any) -> None:
    found = securities(mode)

    assert (found["read_units"], found["read_evaluations"], found["read_scores"]) == (public, public, live)
    assert (found["check_draft"], found["read_imports"], found["put_unit"], found["read_audit"]) == (
        live,
        KEY,
        KEY,
        KEY,
    )
    assert found["read_livez"] == []


async def test_an_operation_says_in_words_what_it_needs(contract: Contract) -> None:
    said = {each.id: each.spec["description"].rpartition("\n\n")[2] for each in contract.operations}

    assert said["read_units"] == "Answered without a key, unless `CHISO_ANONYMOUS_READ` is `none`."
    assert said["read_scores"] == ("Needs a key with the scope `values:read`, unless `CHISO_ANONYMOUS_READ` is `all`.")
    assert said["lock_period"] == "Needs a key with the scope `admin` that is bound to no unit."
