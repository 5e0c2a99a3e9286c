"""An identity provider at 127.0.0.1: real keys, real tokens, and a server of its public keys that can be ill."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.api.conftest import START

ISSUER = "https://dang-nhap.example.vn/realms/chiso"
AUDIENCE = "chiso"
START_S = int(START.timestamp())
Json = dict[str, Any]


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A private key, the same for the same number."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, kid: str | None = "one", **members: str) -> Json:
    """The public half of a key as a JWK."""
    public = key.public_key()
    algorithm = RSAAlgorithm if isinstance(public, rsa.RSAPublicKey) else ECAlgorithm
    found: Json = json.loads(algorithm.to_jwk(public))  # type: ignore[arg-type]
    return {**found, **({} if kid is None else {"kid": kid}), "use": "sig", **members}


def claims(**overrides: Any) -> Json:
    """The claims of a clerk whose token is good for five minutes of a test; None leaves one out."""
    usual = {
        "iss": ISSUER,
        "aud": ["account", AUDIENCE],
        "sub": "f3b1-77",
        "iat": START_S,
        "exp": START_S + 300,
        "scope": "openid values:read values:write",
        "preferred_username": "an.nguyen",
        "unit": "H60",
    }
    return {name: value for name, value in {**usual, **overrides}.items() if value is not None}


def token(
    *, key: Any = None, algorithm: str | None = "RS256", kid: str | None = "one", typ: str = "JWT", **said: Any
) -> str:
    """A token that says this besides the usual claims."""
    headers: Json = {"typ": typ} if kid is None else {"kid": kid, "typ": typ}
    return jwt.encode(claims(**said), key if key is not None else rsa_key(), algorithm, headers=headers)


class KeyServer(ThreadingHTTPServer):
    """Serves a JWK set, or whatever `answer` does; counts how often it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = 0
        self.keys: list[Json] = [public_jwk(rsa_key())]
        self.answer: Callable[[BaseHTTPRequestHandler], None] = self.send_keys

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/certs"

    def send_keys(self, handler: BaseHTTPRequestHandler) -> None:
        send(handler, json.dumps({"keys": self.keys}).encode())


def send(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, *, encoding: str | None = None) -> None:
    handler.send_response(status)
    usual = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Location": "/certs"}
    for name, value in {**usual, **({} if encoding is None else {"Content-Encoding": encoding})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """An answer that never ends, a byte at a time."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


class _Handler(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.asked += 1
        try:
            self.server.answer(self)
        except OSError:
            self.close_connection = True  # the service has gone, as it should

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at the counts."""


@contextmanager
def serving_keys() -> Iterator[KeyServer]:
    """A server of keys in a thread of this process."""
    with KeyServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def moment(seconds: float) -> str:
    """So many seconds after the beginning of a test, as answers write it."""
    return datetime.fromtimestamp(START_S + seconds, UTC).isoformat().replace("+00:00", "Z")
