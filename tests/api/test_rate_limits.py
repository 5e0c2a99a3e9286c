"""Clients that ask too often: without a key by address, with one by key; bounded in memory, told in headers."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.api.rate_limits import BoundedCounts, network_of
from app.config import Settings
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_key, a_unit, bearer, with_units
from tests.support.boards import rate_limits_of
from tests.support.contract import Contract
from tests.support.evaluations import a_province, published

Client = httpx.AsyncClient


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        anonymous_rate="30/minute",
        key_rate="40/minute",
    )


def caller(service: FastAPI, address: str = "203.0.113.7", **headers: str) -> Client:
    """A client at an address."""
    transport = httpx.ASGITransport(app=service, client=(address, 5000))
    return Client(transport=transport, base_url="http://test", headers=headers)


async def statuses(client: Client, times: int, path: str = "/v1/units", **more: Any) -> list[int]:
    return [(await client.get(path, **more)).status_code for _ in range(times)]


async def test_whoever_asks_too_often_is_told_when_to_come_back(
    service: FastAPI, clock: Clock, contract: Contract
) -> None:
    client = caller(service)
    first = await client.get("/v1/units")
    clock.forward(seconds=20)
    await statuses(client, 29)

    refused = await client.get("/v1/units")
    clock.forward(seconds=40)
    later = await client.get("/v1/units")

    contract.check(refused)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "40"
    assert first.headers["ratelimit-policy"] == refused.headers["ratelimit-policy"] == '"anonymous";q=30;w=60'
    assert [each.headers["ratelimit"] for each in (first, refused, later)] == [
        '"anonymous";r=29;t=60',
        '"anonymous";r=0;t=40',
        '"anonymous";r=29;t=60',
    ]
    assert refused.headers["x-request-id"] == refused.json()["request_id"]


async def test_addresses_are_counted_each_for_itself(service: FastAPI) -> None:
    await statuses(caller(service), 31)

    assert await statuses(caller(service, "203.0.113.8"), 1) == [200]
    assert await statuses(caller(service), 1) == [429]


async def test_health_counts_and_assets_are_never_refused(service: FastAPI) -> None:
    client = caller(service)
    await statuses(client, 31)

    for path in ("/livez", "/readyz", "/metrics", "/static/page/main.js"):
        assert "ratelimit" not in (await client.get(path)).headers
        assert await statuses(client, 1, path) == [200]
    assert await statuses(client, 1, "/") == [429]


async def test_a_key_is_counted_for_itself_wherever_it_comes_from(service: FastAPI, database: Database) -> None:
    mine = bearer(a_key(database))
    await statuses(caller(service, **mine), 1)

    asked = [await statuses(caller(service, f"203.0.113.{n}", **mine), 10) for n in range(5)]

    assert asked == [[200] * 10] * 4 + [[429] * 10]
    assert (await caller(service).get("/v1/units")).headers["ratelimit"] == '"anonymous";r=29;t=60'


async def test_keys_that_nobody_knows_are_limited_by_address_apart_from_requests_without_one(service: FastAPI) -> None:
    asked = [await statuses(caller(service, **bearer(f"invented-{n}")), 1) for n in range(31)]

    last = await caller(service, **bearer("invented")).get("/v1/units")

    assert asked == [[401]] * 30 + [[429]]
    assert last.headers["ratelimit"] == '"unproven";r=0;t=60'
    assert await statuses(caller(service), 1) == [200]
    assert await statuses(caller(service, "203.0.113.8", **bearer("invented")), 1) == [401]


async def test_neighbours_without_a_key_never_shut_out_a_key(service: FastAPI, database: Database) -> None:
    keys = [bearer(a_key(database, name=f"clerk-{n}")) for n in range(5)]
    assert (await statuses(caller(service), 31))[-1] == 429

    answers = [await caller(service, **key).get("/v1/reports/counts?period=2024-07") for key in keys]

    assert 429 not in {each.status_code for each in answers}
    assert await statuses(caller(service, **keys[0]), 1) == [200]


async def test_a_key_is_told_of_its_own_quota_from_the_first_answer_on(service: FastAPI, database: Database) -> None:
    client = caller(service, **bearer(a_key(database)))

    answers = [await client.get("/v1/units/H60") for _ in range(2)]

    assert [each.headers["ratelimit"] for each in answers] == ['"key";r=40;t=1', '"key";r=39;t=60']


async def test_a_key_that_was_forgotten_is_known_again_by_an_answer_that_is_held(
    service: FastAPI, database: Database
) -> None:
    rate_limits_of(service).clients = 1
    mine, other = (caller(service, **bearer(a_key(database, name=name))) for name in ("mine", "other"))
    await statuses(mine, 1)
    await statuses(other, 1)

    told = [(await mine.get("/v1/units")).headers["ratelimit"].partition(";")[0] for _ in range(2)]

    assert told == ['"key"', '"key"']
    assert len(rate_limits_of(service).known) == 1


async def test_a_key_that_was_revoked_counts_against_the_address_again(service: FastAPI, database: Database) -> None:
    from app.services.keys import revoke_key

    client = caller(service, **bearer(a_key(database, name="gone")))
    known = [await client.get("/v1/units/H60") for _ in range(2)]
    with database.writing() as session:
        revoke_key(session, "gone")

    refused = [await client.get("/v1/units/H60") for _ in range(2)]

    policies = [each.headers["ratelimit-policy"].partition(";")[0] for each in (*known, *refused)]
    assert policies == ['"key"', '"key"', '"key"', '"unproven"']
    assert {each.status_code for each in refused} == {401}


async def test_an_answer_that_is_kept_or_refused_costs_no_more_than_any_other(
    service: FastAPI, api: Client, clock: Clock
) -> None:
    await a_province(api, clock)
    address = f"/v1/evaluations/{(await published(api))['id']}/verify"
    client = caller(service)

    answers = [await client.get(each) for each in (address, address, address, "/v1/evaluations/99/verify")]

    assert [each.status_code for each in answers] == [200, 200, 200, 404]
    assert answers[-1].headers["ratelimit"] == '"anonymous";r=6;t=60'


async def test_heavy_work_takes_no_more_than_a_small_window_holds(database_url: str, clock: Clock) -> None:
    from app.main import create_app

    app = create_app(Settings(_env_file=None, database_url=database_url, anonymous_rate="5/minute"), now=clock)
    client = caller(app)
    answers = [await client.get(f"/v1/units?format={format}") for format in ("csv", "xlsx")]
    app.state.database.dispose()

    assert [each.status_code for each in answers] == [200, 429]


async def test_heavy_work_counts_for_more(service: FastAPI) -> None:
    client = caller(service)

    first = await client.get("/v1/units?format=csv")
    second = await client.get("/v1/units?format=xlsx")
    light = await client.get("/v1/units")

    assert [first.status_code, second.status_code, light.status_code] == [200, 429, 200]
    assert light.headers["ratelimit"] == '"anonymous";r=7;t=60'
    assert first.headers["ratelimit"] == '"anonymous";r=9;t=60'


async def test_a_write_that_came_too_often_may_be_sent_again_under_its_idempotency_key(
    service: FastAPI, api: Client, clock: Clock
) -> None:
    await with_units(api, [a_unit()])
    writer = caller(service, **bearer(BOOTSTRAP_KEY), **{"Idempotency-Key": "again"})
    await statuses(writer, 40, "/v1/units/H60")

    refused = await writer.put("/v1/units/H61", json={"name": "A", "level": "province"})
    clock.forward(minutes=2)
    done = await writer.put("/v1/units/H61", json={"name": "A", "level": "province"})

    assert (refused.status_code, done.status_code) == (429, 201)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "unix", False),
    ],
)
def test_an_ipv6_client_counts_by_what_it_has_to_itself(one: str, other: str, *, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_a_crowd_of_addresses_takes_a_bounded_memory() -> None:
    counts = BoundedCounts(lambda: 0.0, clients=100)

    for number in range(1000):
        counts.incr(f"client {number}", 60)
        counts.incr("the first", 60)

    assert len(counts.windows) == 100
    assert counts.get("the first") == 1000


@pytest.mark.parametrize("rate", ["", "5/second", "100 per hour"])
def test_a_rate_is_read_from_the_settings(rate: str) -> None:
    assert Settings(_env_file=None, anonymous_rate=rate).anonymous_rate == rate


@pytest.mark.parametrize("rate", ["many", "3000", "-1/minute"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="3000/minute"):
        Settings(_env_file=None, key_rate=rate)


async def test_nothing_is_counted_where_no_rate_is_set(database_url: str) -> None:
    from app.main import create_app

    app = create_app(Settings(_env_file=None, database_url=database_url, anonymous_rate=""))
    answer = await caller(app).get("/v1/units")
    app.state.database.dispose()

    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers
