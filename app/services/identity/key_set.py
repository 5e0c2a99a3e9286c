"""The public keys of an identity provider: read from a file or an address, kept, and read anew now and then.

A token that names a key which is not held has them read at once, but not twice within a minute, whatever number of
tokens do so. Where they cannot be read, those that were read before stay.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWTError
from jwt.algorithms import AllowedPublicKeys
from starlette.concurrency import run_in_threadpool

log = logging.getLogger("chiso.identity")

RENEWED_EACH_S = 600
PAUSE_S, FIRST_PAUSE_S = 60, 5
"""Seconds between two readings; the second while none has been read ever."""
SECOND = 1_000_000
"""µs."""
TOTAL_S = 5.0
"""Seconds from the beginning of a reading to its end, however it trickles in."""
LARGEST = 256_000
"""Bytes of a set of keys; usual ones have two or three thousand."""
MOST_KEYS = 100
LEAST_RSA_BITS = 2048
ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""What a key of each kind signs with; secrets that both sides share are none of a provider's."""
PUBLIC = frozenset({"kty", "n", "e", "crv", "x", "y"})


class SigningKey(NamedTuple):
    """A public key, and the algorithms that it may have signed with."""

    key: AllowedPublicKeys
    algorithms: frozenset[str]


class KeysUnreadable(ValueError):  # noqa: N818 - named for what is so
    """What is said to be a set of keys is none."""


class KeySet:
    """The keys of one provider in this process; `now` gives µs since 1970. It lives on the event loop.

    `keys`: by their `kid`; None until they were read for the first time. `generation` grows when they change.
    """

    def __init__(self, place: str, now: Callable[[], int]) -> None:
        self.place, self.now = place, now
        self.keys: Mapping[str, SigningKey] | None = None
        self.generation = 0
        self.problem: str | None = None
        self.tried_at: int | None = None
        self.reading: asyncio.Task[None] | None = None

    async def always(self) -> None:
        """Read the keys now and then, so that none is trusted for long that its provider has taken away."""
        while True:
            await asyncio.wait([self.renewal()])
            await asyncio.sleep(RENEWED_EACH_S if self.problem is None else PAUSE_S)

    async def have(self, kid: str) -> None:
        """Try to have the key of that name, if there was time enough since the last reading."""
        if self.find(kid) is None and (self.reading is not None or self.is_due()):
            await asyncio.wait([self.renewal()])

    def find(self, kid: str) -> SigningKey | None:
        """The key of that name; for no name the only one that there is."""
        keys = self.keys or {}
        return next(iter(keys.values())) if kid == "" and len(keys) == 1 else keys.get(kid)

    def is_due(self) -> bool:
        """Whether enough time has passed; a clock that was set back does not stop it."""
        pause = FIRST_PAUSE_S if self.keys is None else PAUSE_S
        return self.tried_at is None or not 0 <= self.now() - self.tried_at < pause * SECOND

    def renewal(self) -> asyncio.Task[None]:
        """The reading that is under way, begun if there is none: many wait for one."""
        if self.reading is None:
            self.reading = asyncio.create_task(self.read())
        return self.reading

    async def read(self) -> None:
        """Read the keys, or note why that failed."""
        self.tried_at = self.now()
        try:
            async with asyncio.timeout(TOTAL_S):
                keys = usable_keys(await content_of(self.place))
        except TimeoutError:
            self.problem = f"no answer within {TOTAL_S:.0f} s"
        except (OSError, httpx.HTTPError, httpx.InvalidURL, KeysUnreadable) as error:
            self.problem = f"{type(error).__name__}: {error}"[:200]
        else:
            self.problem = None
            if keys != self.keys:
                self.keys, self.generation = keys, self.generation + 1
        finally:
            self.reading = None
        if self.problem is not None:
            log.warning("the keys of the identity provider cannot be read from %s: %s", self.place, self.problem)


async def content_of(place: str) -> bytes:
    """What stands in the file or at the address, in at most `LARGEST` bytes. Redirects are not followed."""
    if not place.startswith(("https://", "http://")):
        return await run_in_threadpool(_content_of_file, place)
    trusted = await run_in_threadpool(httpx.create_ssl_context)
    is_near = place.startswith("http://")  # on this machine, where no proxy stands between
    client = httpx.AsyncClient(verify=trusted, timeout=TOTAL_S, trust_env=not is_near, follow_redirects=False)
    headers = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}
    async with client, client.stream("GET", place, headers={**headers, "User-Agent": "chiso"}) as answer:
        if answer.status_code != httpx.codes.OK:
            raise KeysUnreadable(f"it was answered with {answer.status_code}")
        content = b""
        async for part in answer.aiter_raw():
            content = _within_bound(content + part)
    return content


def _content_of_file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return _within_bound(file.read(LARGEST + 1))


def _within_bound(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise KeysUnreadable(f"there are more than {LARGEST} bytes")
    return content


def usable_keys(content: bytes) -> dict[str, SigningKey]:
    """The keys of a JWK set (RFC 7517) that signatures can be judged with, by name; KeysUnreadable where none is."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise KeysUnreadable(f"it is no JSON: {error}") from error
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise KeysUnreadable(f"it is no JWK set of at most {MOST_KEYS} keys")
    found: dict[str, SigningKey] = {}
    for kid, key in _signing_keys(listed):
        found.setdefault(kid, key)
    if not found:
        raise KeysUnreadable("none of its keys signs with an algorithm that is known here")
    return found


def is_short(key: AllowedPublicKeys) -> bool:
    """Whether a key of RSA is one that could be guessed."""
    return isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS


def _signing_keys(listed: list[object]) -> Iterator[tuple[str, SigningKey]]:
    """Those of the keys that are public ones for signatures; others, as for encryption, are passed over."""
    for each in listed:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        algorithms = ALGORITHMS.get(str(each.get("kty")), frozenset())
        if "alg" in each:
            algorithms &= {str(each["alg"])}
        try:
            key = PyJWK({name: value for name, value in each.items() if name in PUBLIC}).key if algorithms else None
        except PyJWTError:
            continue
        if key is not None and not is_short(key):
            yield str(each.get("kid", "")), SigningKey(key, algorithms)
