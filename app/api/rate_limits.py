"""How often one client may ask: without a key by its address, with one by the key.

A key is proven once a request with it was let in. Until then it counts by its address as well, but apart from requests
without a key: neighbours behind one address who ask a lot shut nobody out who has a key.

The counts stand in this process, for a bounded number of clients. The address is the one that uvicorn tells: behind a
proxy that it trusts (FORWARDED_ALLOW_IPS) the client's, else that of whoever connected.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.http_errors import TooManyRequests
from app.api.problems import problem
from app.config import Settings
from app.errors import RefusalCode
from app.services.rights import Caller

CLIENTS = 10_000
"""Clients that are counted at a time; of more, the one that has asked least recently begins anew."""
HEAVY_COST = 20
"""Requests that one counts for, besides itself, where it computes for seconds."""
UNLIMITED = frozenset({"/livez", "/readyz", "/metrics"})
ASSETS = "/static/"
HEAVY_QUOTA, IDENTIFIED = "heavy_quota", "identified"
"""In the request's state: asked what heavy work counts against, and whether its key was found to be known."""

TOO_MANY = RefusalCode(
    "too_many_requests",
    "More than {amount} requests in {seconds} seconds; ask again in {wait} seconds, or with a key of your own.",
    "Đã vượt quá {amount} yêu cầu trong {seconds} giây; hãy thử lại sau {wait} giây, hoặc dùng khóa truy cập riêng.",
    TooManyRequests,
)

Now = Callable[[], float]
"""Seconds since 1970."""


class BoundedCounts(Storage):
    """Counts of fixed windows for the clients that asked last. (The one that `limits` ships knows no bound.)"""

    STORAGE_SCHEME = None

    def __init__(self, now: Now, clients: int = CLIENTS) -> None:
        super().__init__()
        self.now, self.clients = now, clients
        self.windows: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        count, end = self.window(key) or (0, self.now() + expiry)
        self.windows[key] = count + amount, end
        self.windows.move_to_end(key)
        if len(self.windows) > self.clients:
            self.windows.popitem(last=False)
        return count + amount

    def window(self, key: str) -> tuple[int, float] | None:
        """How much was counted in the window that runs, and when it ends (seconds since 1970)."""
        window = self.windows.get(key)
        return window if window is not None and window[1] > self.now() else None

    def get(self, key: str) -> int:
        return (self.window(key) or (0, 0))[0]

    def get_expiry(self, key: str) -> float:
        return (self.window(key) or (0, self.now()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        gone = len(self.windows)
        self.windows.clear()
        return gone

    def clear(self, key: str) -> None:
        self.windows.pop(key, None)


class RatePolicy:
    """A rate for clients of one kind, and what they have asked so far."""

    def __init__(self, name: str, rate: RateLimitItem, counts: BoundedCounts) -> None:
        self.name, self.rate, self.counts = name, rate, counts
        self.limiter = FixedWindowRateLimiter(counts)
        self.header = f'"{name}";q={rate.amount};w={rate.get_expiry()}'.encode()


class Quota(NamedTuple):
    """What one client may still ask in its window."""

    policy: RatePolicy
    client: str

    def spend(self, cost: int = 1) -> None:
        """Count a request. Raises TooManyRequests where the window has no room for it, which takes nothing of it."""
        name, rate, limiter = self.policy.name, self.policy.rate, self.policy.limiter
        if not limiter.test(rate, name, self.client, cost=cost) or not limiter.hit(rate, name, self.client, cost=cost):
            _, wait = self.left()
            raise TOO_MANY.error(
                headers={"Retry-After": str(wait)},
                amount=rate.amount,
                seconds=rate.get_expiry(),
                wait=wait,
            )

    def left(self) -> tuple[int, int]:
        """Requests left in the window, and whole seconds until it ends."""
        rate, counts = self.policy.rate, self.policy.counts
        count, end = counts.window(rate.key_for(self.policy.name, self.client)) or (0, counts.now())
        return max(0, rate.amount - count), max(1, math.ceil(end - counts.now()))

    def headers(self) -> list[tuple[bytes, bytes]]:
        """`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers)."""
        left, seconds = self.left()
        quota = f'"{self.policy.name}";r={left};t={seconds}'
        return [(b"ratelimit-policy", self.policy.header), (b"ratelimit", quota.encode())]


class RateLimits:
    """The layer that counts requests, by key where it is known, else by address; `used` is given the names of keys."""

    def __init__(
        self, app: ASGIApp, settings: Settings, now: Now, used: Callable[[str], object], *, clients: int = CLIENTS
    ) -> None:
        self.app, self.used, self.clients = app, used, clients
        counts = BoundedCounts(now, clients)
        self.anonymous = policy_of("anonymous", settings.anonymous_rate, counts)
        self.unproven = policy_of("unproven", settings.anonymous_rate, counts)
        self.keyed = policy_of("key", settings.key_rate, counts)
        self.known: OrderedDict[str, str] = OrderedDict()
        """Names of callers by the hashes of what they send."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED or scope["path"].startswith(ASSETS):
            await self.app(scope, receive, send)
            return
        key = next((sha256(value).hexdigest() for name, value in scope["headers"] if name == b"authorization"), None)
        try:
            await self.count(key, scope, receive, send)
        finally:
            if key is not None and IDENTIFIED in scope["state"]:
                self.note(key, scope["state"])

    async def count(self, key: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, and tell with its answer what is left to the next one."""
        quota = self.quota(key, scope)

        def quota_let_in() -> Quota | None:
            """What counts once it is known who asks: several secrets of one caller are counted as one."""
            state = scope["state"]
            return quota_of(self.keyed, state["caller"].name) if state.get(IDENTIFIED) else quota

        async def send_with_quota(message: Message) -> None:
            counted = quota_let_in()
            if message["type"] == "http.response.start" and counted is not None:
                message = {**message, "headers": [*message["headers"], *counted.headers()]}
            await send(message)

        try:
            if quota is not None:
                quota.spend()
        except TooManyRequests as error:
            await problem(error, scope)(scope, receive, send_with_quota)
            return
        scope["state"][HEAVY_QUOTA] = quota_let_in
        await self.app(scope, receive, send_with_quota)

    def quota(self, key: str | None, scope: Scope) -> Quota | None:
        """What a request counts against; None where nothing limits it."""
        if key is not None and key in self.known:
            self.known.move_to_end(key)
            return quota_of(self.keyed, self.known[key])
        policy = self.anonymous if key is None else self.unproven
        return quota_of(policy, network_of(address_of(scope)))

    def note(self, key: str, state: MutableMapping[str, Any]) -> None:
        """Remember a key that was found to be known, of a bounded number; forget one that is no more."""
        self.known.pop(key, None)
        if not state[IDENTIFIED]:
            return
        caller: Caller = state["caller"]
        if caller.issuer is None:
            self.used(caller.name)
        self.known[key] = caller.name
        if len(self.known) > self.clients:
            self.known.popitem(last=False)


def policy_of(name: str, rate: str, counts: BoundedCounts) -> RatePolicy | None:
    """The policy of a setting; None where it is empty."""
    return RatePolicy(name, parse(rate), counts) if rate else None


def quota_of(policy: RatePolicy | None, client: str) -> Quota | None:
    """The quota of a client; None where there is no policy."""
    return Quota(policy, client) if policy is not None else None


def address_of(scope: Scope) -> str:
    """The address of a client, as far as it is known; empty where there is none."""
    return str((scope.get("client") or ("",))[0])


@lru_cache(CLIENTS)
def network_of(host: str) -> str:
    """What an address counts as: itself, or the /64 that one IPv6 client has to itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:100]
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or ip_network((int(address) >> 64 << 64, 64)))


def spend_heavy(scope: Scope) -> None:
    """Count a request that computes for seconds for what it costs, a smaller window in full. Raises TooManyRequests."""
    quota_let_in: Callable[[], Quota | None] | None = scope["state"].get(HEAVY_QUOTA)
    quota = None if quota_let_in is None else quota_let_in()
    if quota is not None:
        quota.spend(min(HEAVY_COST, quota.policy.rate.amount - 1))
