"""The service below a path of a host, behind a real nginx and looked at with a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.browser import seen_at
from tests.support.nginx import proxied
from tests.support.readme import KEY, PATIENCE, served

BEARER = {"Authorization": f"Bearer {KEY}"}
TOLD = "proxy_set_header X-Forwarded-Prefix /chiso;"


@pytest.fixture(scope="module", params=["", "/chiso/"], ids=["told", "set"])
def root_path(request: pytest.FixtureRequest) -> str:
    """What the service is set to; where it is nothing, the proxy says it."""
    return str(request.param)


@pytest.fixture(scope="module")
def service(root_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = {"CHISO_ANONYMOUS_READ": "all", "CHISO_ROOT_PATH": root_path}
    with served(tmp_path_factory.mktemp("prefix"), settings=own) as address:
        yield address


@pytest.fixture(scope="module", params=["/", ""], ids=["taken_off", "left"])
def address(request: pytest.FixtureRequest, root_path: str, service: str) -> Iterator[str]:
    """Where the demonstration stands below `/chiso`, behind a proxy that takes the path off or leaves it."""
    place = "/chiso/" if request.param else "/chiso"
    told = "" if root_path else TOLD
    with proxied(f"location {place} {{ proxy_pass {service}{request.param}; {told} }}") as proxy:
        yield f"{proxy}/chiso"


def test_the_page_below_a_path_shows_a_ranking(address: str) -> None:
    page = seen_at(f"{address}/?period=2024-07&level=province")

    assert "UBND tỉnh Tuyên Quang" in page
    assert "81,77" in page


def test_the_operations_below_a_path_are_shown(address: str) -> None:
    shown = seen_at(f"{address}/docs")

    assert "/v1/scores/{unit}/{period}" in re.sub(r"<[^>]+>|\u200b", "", shown)


def test_the_path_without_its_slash_leads_to_the_page(address: str) -> None:
    answer = httpx.get(timeout=PATIENCE, url=f"{address}?period=2024-07", follow_redirects=True)

    assert answer.status_code == 200
    assert answer.url.raw_path == b"/chiso/?period=2024-07"


def test_every_address_in_a_header_can_be_followed(address: str) -> None:
    first = httpx.get(timeout=PATIENCE, url=f"{address}/v1/units?limit=2", headers=BEARER)
    again = httpx.get(
        timeout=PATIENCE, url=f"{address}/v1/units?limit=2", headers={**BEARER, "If-None-Match": first.headers["etag"]}
    )
    second = httpx.get(timeout=PATIENCE, url=first.url.join(first.links["next"]["url"]), headers=BEARER)
    value = {"unit": "H60", "period": "2024-08", "indicator": "total_points", "value": 82.15}
    sent = httpx.post(
        timeout=PATIENCE,
        url=f"{address}/v1/imports",
        json=[value],
        headers={**BEARER, "Prefer": "respond-async", "Idempotency-Key": "one"},
    )
    followed = httpx.get(timeout=PATIENCE, url=sent.url.join(sent.headers["location"]), headers=BEARER)

    assert first.links["next"]["url"].startswith("/chiso/v1/units?")
    assert (again.status_code, second.status_code) == (304, 200)
    assert second.json()["items"][0] not in first.json()["items"]
    assert sent.headers["location"].startswith("/chiso/v1/imports/")
    assert (followed.status_code, followed.json()["id"]) == (200, sent.json()["id"])


def test_the_servers_of_the_contract_are_below_the_path(address: str) -> None:
    answer = httpx.get(timeout=PATIENCE, url=f"{address}/openapi.json")

    assert [str(answer.url.join(each["url"])) for each in answer.json()["servers"]] == [f"{address}/"]


def next_page(service: str, claimed: str) -> str:
    """The path of the next page, as it is told to somebody who says what a proxy would say."""
    answer = httpx.get(
        timeout=PATIENCE, url=f"{service}/v1/frameworks?limit=1", headers={"X-Forwarded-Prefix": claimed}
    )
    return urlsplit(answer.links["next"]["url"]).path


def test_a_prefix_counts_from_trusted_proxies_alone_and_where_it_leads_nowhere_else(tmp_path: Path) -> None:
    with served(tmp_path, demo=False) as trusting:
        assert next_page(trusting, "/a/chiso/") == "/a/chiso/v1/frameworks"
        for claimed in ("//evil.example", "/a b", "chiso", "/../x", "/"):
            assert next_page(trusting, claimed) == "/v1/frameworks", claimed

    with served(tmp_path, demo=False, settings={"FORWARDED_ALLOW_IPS": "192.0.2.1"}) as wary:
        assert next_page(wary, "/chiso") == "/v1/frameworks"
