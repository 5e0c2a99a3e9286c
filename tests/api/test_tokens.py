"""Tokens of an identity provider: which are taken, which are not, and how whoever sends one learns why."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from app.config import Settings
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_unit, bearer, some_figures, with_figures, with_units
from tests.support.identity import (
    AUDIENCE,
    ISSUER,
    START_S,
    KeyServer,
    claims,
    ec_key,
    moment,
    public_jwk,
    rsa_key,
    serving_keys,
    token,
)

Client = httpx.AsyncClient
Maker = Callable[..., Client]


@pytest.fixture
def provider() -> Iterator[KeyServer]:
    with serving_keys() as server:
        yield server


@pytest.fixture
def settings(database_url: str, provider: KeyServer) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        oidc_issuer=ISSUER,
        oidc_audience=AUDIENCE,
        oidc_jwks=provider.url,
        oidc_scopes={"officer": ("values:read", "values:write"), "boss": ("admin",)},
        oidc_whole=("boss", "reader"),
        key_rate="4/minute",
    )


DEEP = b'{"alg":' + b"[" * 4000


def segment(part: object) -> str:
    sent = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(sent).rstrip(b"=").decode()


def signed_by_the_public_key() -> str:
    """A token under HS256 whose secret is what everybody can read: the public key."""
    secret = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{segment({'alg': 'HS256', 'kid': 'one'})}.{segment(claims())}"
    return f"{signed}.{segment(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def altered(sent: str, **said: Any) -> str:
    """A token whose claims were changed after it was signed."""
    header, _, signature = sent.split(".")
    return f"{header}.{segment(claims(**said))}.{signature}"


async def me(client_of: Maker, sent: str) -> httpx.Response:
    return await client_of(**bearer(sent)).get("/v1/me")


async def test_a_person_with_a_token_is_a_caller_like_any_other(api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit()])

    answer = await me(client_of, token())

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "name": "oidc:an.nguyen (f3b1-77)",
        "anonymous": False,
        "scopes": ["values:read", "values:write"],
        "unit": "H60",
        "networks": [],
        "expires_at": moment(330),
        "rate_limit": {"requests": 4, "seconds": 60},
        "issuer": ISSUER,
        "anonymous_read": "published",
    }


async def test_keys_work_beside_tokens(api: Client) -> None:
    assert (await api.get("/v1/me")).json()["issuer"] is None
    assert (await api.get("/v1/keys")).status_code == 200


REFUSED = {
    "no algorithm": (lambda: token(algorithm="none", key=""), "token_invalid"),
    "a secret that everybody knows": (signed_by_the_public_key, "token_invalid"),
    "an algorithm that is not allowed": (lambda: token(algorithm="RS512"), "token_invalid"),
    "an algorithm of another kind of key": (lambda: token(key=ec_key(), algorithm="ES256"), "token_invalid"),
    "the key of somebody else": (lambda: token(key=rsa_key(7)), "token_invalid"),
    "claims that were changed": (lambda: altered(token(), sub="other"), "token_invalid"),
    "a signature that was cut": (lambda: token()[:-4], "token_invalid"),
    "no token but the beginning of one": (lambda: "eyJhbGciOiJSUzI1NiJ9.e30", "token_invalid"),
    "claims that are none": (lambda: f"{segment({'alg': 'RS256'})}.{segment([1])}.", "token_invalid"),
    "a header without an end": (lambda: f"{segment(DEEP)}.{segment({})}.", "token_invalid"),
    "a list for an algorithm": (lambda: f"{segment({'alg': ['RS256']})}.{segment(claims())}.", "token_invalid"),
    "a token that ends a session": (lambda: token(typ="logout+jwt"), "token_invalid"),
    "no subject": (lambda: token(sub=None), "token_invalid"),
    "a subject of two words": (lambda: token(sub="a (b)"), "token_invalid"),
    "a subject that is no text": (lambda: token(sub=7), "token_invalid"),
    "no end": (lambda: token(exp=None), "token_invalid"),
    "an end without an end": (lambda: token(exp=10**400), "token_invalid"),
    "an end that is a text": (lambda: token(exp="soon"), "token_invalid"),
    "a beginning that is none": (lambda: token(nbf="now"), "token_invalid"),
    "an end that has passed": (lambda: token(exp=START_S - 31), "token_expired"),
    "a beginning to come": (lambda: token(nbf=START_S + 31), "token_not_yet_valid"),
    "an issue to come": (lambda: token(iat=START_S + 31), "token_not_yet_valid"),
    "another issuer": (lambda: token(iss="https://evil.example"), "token_issuer_unknown"),
    "no issuer": (lambda: token(iss=None), "token_issuer_unknown"),
    "another audience": (lambda: token(aud="account"), "token_audience_wrong"),
    "no audience": (lambda: token(aud=None), "token_audience_wrong"),
    "a key that the provider does not have": (lambda: token(kid="two"), "token_key_unknown"),
    "too many claims": (lambda: token(roles=["r" * 100] * 100), "token_too_long"),
}


@pytest.mark.parametrize(("sent", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_token_that_is_not_good_is_refused_and_told_why(
    sent: Callable[[], str], code: str, api: Client, client_of: Maker
) -> None:
    await with_units(api, [a_unit()])

    answer = await me(client_of, sent())

    assert (answer.status_code, answer.json()["code"]) == (401, code), answer.text
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="invalid_token", error_description="')
    assert challenge.isascii()


@pytest.mark.parametrize("said", [{"exp": START_S - 29}, {"nbf": START_S + 29}, {"aud": AUDIENCE}, {"kid": None}])
async def test_clocks_may_differ_a_little_and_optional_things_may_be_absent(
    said: dict[str, Any], api: Client, client_of: Maker
) -> None:
    await with_units(api, [a_unit()])

    assert (await me(client_of, token(**said))).status_code == 200


async def test_a_bootstrap_key_that_looks_like_a_token_is_the_bootstrap_key(service: FastAPI, client_of: Maker) -> None:
    service.state.settings = service.state.settings.model_copy(update={"bootstrap_key": "eyJ0aGlz.is-no-token-at-all"})

    assert (await me(client_of, "eyJ0aGlz.is-no-token-at-all")).json()["name"] == "bootstrap"
    assert (await me(client_of, "eyJ0aGlz.is-no-token-either")).json()["code"] == "token_invalid"


async def test_a_token_under_a_curve_is_taken_by_the_key_of_its_name(
    api: Client, client_of: Maker, provider: KeyServer
) -> None:
    await with_units(api, [a_unit()])
    provider.keys = [public_jwk(rsa_key()), public_jwk(ec_key(), "curve")]

    assert (await me(client_of, token(key=ec_key(), algorithm="ES256", kid="curve"))).status_code == 200
    assert (await me(client_of, token(kid=None))).json()["code"] == "token_key_unknown"


async def test_a_key_signs_only_with_the_algorithm_that_it_names(
    api: Client, client_of: Maker, provider: KeyServer, service: FastAPI
) -> None:
    await with_units(api, [a_unit()])
    provider.keys = [public_jwk(rsa_key(), alg="PS256"), public_jwk(rsa_key(), "two", alg="RS256")]

    assert (await me(client_of, token())).json()["code"] == "token_invalid"
    assert (await me(client_of, token(kid="two"))).status_code == 200


async def test_a_token_that_was_taken_ends_when_it_ends(api: Client, client_of: Maker, clock: Clock) -> None:
    await with_units(api, [a_unit()])
    clerk = client_of(**bearer(token()))
    kept = [(await clerk.get("/v1/units")).status_code for _ in range(2)]

    clock.forward(seconds=331)
    ended = [await clerk.get(path) for path in ("/v1/units", "/v1/me", "/v1/units/H60")]

    assert kept == [200, 200]
    assert [(each.status_code, each.json()["code"]) for each in ended] == [(401, "token_expired")] * 3


async def test_a_token_is_verified_once_until_the_keys_change(
    api: Client, client_of: Maker, service: FastAPI, provider: KeyServer, clock: Clock
) -> None:
    await with_units(api, [a_unit()])
    clerk = client_of(**bearer(token(exp=START_S + 9_000)))
    await clerk.get("/v1/units")
    held = service.state.identity.find(token(exp=START_S + 9_000))
    provider.keys = [public_jwk(rsa_key(1), "two")]
    clock.forward(minutes=10)

    await me(client_of, token(key=rsa_key(1), kid="two", exp=START_S + 9_000))
    gone = [await clerk.get(path) for path in ("/v1/units", "/v1/me")]

    assert held is not None
    assert [each.json()["code"] for each in gone] == ["token_key_unknown"] * 2


async def test_the_trace_and_the_import_name_the_person_and_nothing_holds_the_token(
    api: Client, client_of: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    await with_units(api, [a_unit()])
    sent = token()
    with caplog.at_level(logging.DEBUG):
        taken = await with_figures(client_of(**bearer(sent)), some_figures())
        await client_of(**bearer(sent[:-4])).get("/v1/values")

    trace = (await api.get("/v1/audit?action=import.applied")).json()["items"]
    record = (await api.get(f"/v1/imports/{taken['id']}")).json()
    assert {each["actor"] for each in trace} == {"oidc:an.nguyen (f3b1-77)"} == {record["actor"]}
    assert sent.rpartition(".")[2][:40] not in caplog.text + json.dumps([trace, record])
    assert "oidc:an.nguyen (f3b1-77)" in caplog.text


async def test_a_person_is_counted_for_himself_whatever_token_he_sends(api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit()])
    mine = [client_of(**bearer(token(jti=str(number)))) for number in range(2)]
    other = client_of(**bearer(token(sub="other")))
    for client in (*mine, other):
        await client.get("/v1/units")

    statuses = [(await mine[number % 2].get("/v1/units")).status_code for number in range(5)]

    assert statuses == [200, 200, 200, 200, 429]
    assert (await other.get("/v1/units")).status_code == 200


async def test_a_repeated_write_is_known_again_under_another_token(api: Client, client_of: Maker) -> None:
    await with_units(api, [a_unit()])
    again = {"Idempotency-Key": "monthly"}

    first, second = [
        await client_of(**bearer(token(jti=jti)), **again).post("/v1/imports", json=some_figures()) for jti in "ab"
    ]

    assert (first.status_code, second.status_code) == (200, 200)
    assert (second.headers.get("idempotency-replayed"), second.json()) == ("true", first.json())


async def test_where_no_provider_is_named_a_token_is_a_key_that_nobody_knows(database_url: str) -> None:
    from app.main import create_app

    app = create_app(Settings(_env_file=None, database_url=database_url))
    async with Client(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        answer = await client.get("/v1/me", headers=bearer(token()))
    app.state.database.dispose()

    assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")


def test_the_tokens_of_the_tests_are_what_the_library_takes_for_good() -> None:
    said = jwt.decode(
        token(),
        rsa_key().public_key(),
        ["RS256"],
        audience=AUDIENCE,
        options={"verify_exp": False, "verify_iat": False},
    )

    assert said == claims()
