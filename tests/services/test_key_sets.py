"""The keys of a provider: what is read, within which bounds, how often, and what stays when reading fails."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from app.errors import AppError
from app.services.identity.claims import IdentityTerms
from app.services.identity.key_set import LARGEST, MOST_KEYS, KeySet, KeysUnreadable, usable_keys
from app.services.identity.provider import IdentityProvider
from tests.api.conftest import Clock
from tests.support.identity import (
    AUDIENCE,
    ISSUER,
    KeyServer,
    ec_key,
    public_jwk,
    rsa_key,
    send,
    serving_keys,
    token,
    trickle,
)


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with serving_keys() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


def document(*keys: Any) -> bytes:
    return json.dumps({"keys": keys}).encode()


def a_provider(place: str, clock: Clock) -> IdentityProvider:
    terms = IdentityTerms(
        issuer=ISSUER,
        audience=AUDIENCE,
        jwks=place,
        algorithms=frozenset({"RS256"}),
        scopes_claim="scope",
        scopes={},
        unit_claim="unit",
        whole=frozenset(),
        name_claim="preferred_username",
    )
    return IdentityProvider(terms, clock)


async def test_keys_are_read_once_for_all_who_wait(server: KeyServer, clock: Clock) -> None:
    keys = KeySet(server.url, clock)

    await asyncio.gather(*(keys.have("one") for _ in range(50)))
    await keys.have("one")

    assert server.asked == 1
    assert keys.find("one") is not None


async def test_a_flood_of_keys_that_nobody_has_is_one_question_a_minute(server: KeyServer, clock: Clock) -> None:
    provider = a_provider(server.url, clock)

    for _ in range(3):
        for number in range(200):
            await provider.prepare(token(kid=f"forged-{number}", key=rsa_key(7)))
        clock.forward(seconds=59)

    assert server.asked == 2


async def test_a_token_of_another_issuer_or_algorithm_asks_nothing(server: KeyServer, clock: Clock) -> None:
    provider = a_provider(server.url, clock)

    for said in ({"iss": "https://evil.example"}, {"algorithm": "RS512"}):
        with pytest.raises(AppError):
            await provider.prepare(token(**said))

    assert server.asked == 0


async def test_a_new_key_is_found_and_one_that_was_taken_away_goes(server: KeyServer, clock: Clock) -> None:
    keys = KeySet(server.url, clock)
    await keys.have("one")
    server.keys = [public_jwk(rsa_key(1), "two")]

    await keys.have("two")
    too_early = keys.find("two")
    clock.forward(seconds=60)
    await keys.have("two")

    assert too_early is None
    assert (keys.find("one"), keys.find("two") is None, keys.generation) == (None, False, 2)


async def test_a_clock_that_is_set_back_does_not_keep_new_keys_away(server: KeyServer, clock: Clock) -> None:
    keys = KeySet(server.url, clock)
    await keys.have("one")
    server.keys = [public_jwk(rsa_key(1), "two")]

    clock.forward(days=-1)
    await keys.have("two")

    assert keys.find("two") is not None


def huge(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b" " * (LARGEST + 1))


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 302)


def broken(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"<html>")


def failing(handler: BaseHTTPRequestHandler) -> None:
    send(handler, document(public_jwk(rsa_key(1), "two")), 500)


def compressed(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"\x1f\x8b" + b"\0" * 100, encoding="gzip")


@pytest.mark.parametrize("answer", [huge, elsewhere, broken, failing, compressed])
async def test_what_was_read_stays_where_reading_fails(
    answer: Callable[[BaseHTTPRequestHandler], None], server: KeyServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    keys = KeySet(server.url, clock)
    await keys.have("one")
    server.answer = answer
    clock.forward(minutes=1)

    await keys.have("two")

    assert server.asked == 2
    assert keys.find("one") is not None
    assert keys.problem is not None
    assert server.url in caplog.text


async def test_a_provider_that_trickles_is_left_after_some_seconds(
    server: KeyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.identity.key_set.TOTAL_S", 0.5)
    server.answer = trickle
    keys = KeySet(server.url, clock)

    began = time.monotonic()
    await keys.have("one")

    assert time.monotonic() - began < 3
    assert (keys.keys, keys.problem) == (None, "no answer within 0 s")


async def test_a_provider_that_is_away_is_a_503_that_says_when_to_come_back(server: KeyServer, clock: Clock) -> None:
    provider = a_provider(server.url, clock)
    server.answer = failing

    await provider.prepare(token())
    with pytest.raises(AppError) as caught:
        provider.verify(token())
    server.answer = server.send_keys
    clock.forward(seconds=5)
    await provider.prepare(token())

    assert (caught.value.status, caught.value.code) == (503, "identity_provider_unavailable")
    assert caught.value.headers == {"Retry-After": "5"}
    assert provider.verify(token()).unit == "H60"


async def test_keys_are_read_from_a_file_and_anew_when_it_has_changed(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "keys.json"
    keys = KeySet(str(file), clock)
    await keys.have("one")
    absent = keys.problem
    file.write_bytes(document(public_jwk(rsa_key())))
    clock.forward(seconds=5)

    await keys.have("one")

    assert absent is not None
    assert "FileNotFoundError" in absent
    assert keys.find("one") is not None


async def test_keys_are_read_now_and_then_while_nobody_asks(
    server: KeyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.identity.key_set.RENEWED_EACH_S", 0.05)
    keys = KeySet(server.url, clock)

    reading = asyncio.create_task(keys.always())
    await asyncio.sleep(0.5)
    server.keys = [public_jwk(rsa_key(1), "two")]
    await asyncio.sleep(0.5)
    reading.cancel()

    assert keys.find("one") is None
    assert keys.find("two") is not None


def test_only_public_keys_for_signatures_are_taken_and_others_passed_over() -> None:
    good = public_jwk(rsa_key())
    kept = usable_keys(
        document(
            good,
            public_jwk(rsa_key(1), "encrypts", use="enc"),
            public_jwk(rsa_key(1), "encrypts too", alg="RSA-OAEP"),
            public_jwk(rsa_key(9, 1024), "short"),
            {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
            {**good, "kid": "broken", "n": 5},
            {**good, "kid": "empty", "n": ""},
            {"kty": "RSA", "kid": "bare"},
            {"kty": "EC", "kid": "off", "crv": "P-256", "x": "AA", "y": "AA"},
            {"kid": "none"},
            "text",
            public_jwk(ec_key(), "curve"),
            {**public_jwk(rsa_key(2)), "kid": "one"},
        )
    )

    assert list(kept) == ["one", "curve"]
    assert kept["one"].key == rsa_key().public_key()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"keys": {}}', document(), document(*[{}] * (MOST_KEYS + 1)), b'{"keys":' + b"[" * 2000],
)
def test_what_is_no_set_of_keys_is_refused(content: bytes) -> None:
    with pytest.raises(KeysUnreadable):
        usable_keys(content)
