"""An answer as bytes in every coding, and the store that holds such answers."""

import asyncio
import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

from app.api.codings import CODED, Coding
from app.services.rights import Caller
from app.store.memory import Kept, Memory, States
from app.store.topics import Basis, TopicStamps

Headers = list[tuple[bytes, bytes]]

SMALLEST = 1024
"""Bytes below which a body leaves as it is: coded it would hardly be shorter."""
TEXTUAL = (b"text/", b"application/json", b"application/x-ndjson", b"application/vnd.json-stat+json")
"""What becomes shorter when coded; a workbook is an archive already."""
OWN = frozenset({b"content-length", b"etag", b"cache-control", b"vary"})
"""Headers that are written anew for every coding."""
OVERHEAD = 8_000
"""Bytes that a response takes besides its bodies, about: its address of bounded length, in its key and a header."""


class CachedResponse:
    """A 200 with its headers. One that the route lets nobody keep may be kept as long as it is asked for each time.

    `private`: it answers a key, the `caller`'s. Its strong ETag is the route's own or a hash, with the coding behind.
    """

    def __init__(
        self,
        headers: Sequence[tuple[bytes, bytes]],
        body: bytes,
        route: Any,
        *,
        private: bool,
        caller: Caller | None = None,
    ) -> None:
        given = dict(headers)
        self.route, self.caller = route, caller
        route_headers = [pair for pair in headers if pair[0] not in OWN]
        self.codable = len(body) >= SMALLEST and given.get(b"content-type", b"").startswith(TEXTUAL)
        self.route_headers = route_headers
        self.bodies: dict[Coding, bytes] = {"identity": body}
        self.turn = asyncio.Lock()  # for whoever puts it into a coding, so that nobody does so twice
        self.tag = given[b"etag"].strip(b'"').decode() if b"etag" in given else _etag_of(route_headers, body)
        asked_again = b"private, no-cache" if private else b"no-cache"
        hangs_on = [b"Authorization"] if b"cache-control" not in given else []
        hangs_on += [given[b"vary"]] if b"vary" in given else []
        self.lasting: Headers = [
            (b"cache-control", given.get(b"cache-control", asked_again)),
            (b"vary", b", ".join([*hangs_on, b"Accept-Encoding"])),
        ]

    @classmethod
    def large(cls, headers: Headers, digest: bytes, route: Any, *, private: bool) -> "CachedResponse":
        """All about an answer whose body passes by; `digest` stands for that body in its tag."""
        response = cls(headers, digest, route, private=private)
        response.codable = dict(headers).get(b"content-type", b"").startswith(TEXTUAL)
        return response

    def coding(self, accepted: Sequence[Coding]) -> Coding:
        """The coding in which it leaves: the most welcome one, as long as that is of use or no coding is refused."""
        if not accepted or (not self.codable and "identity" in accepted):
            return "identity"
        return accepted[0]

    def tag_in(self, coding: Coding) -> str:
        """The ETag of the response in a coding: other bytes, another tag."""
        return f'"{self.tag}"' if coding == "identity" else f'"{self.tag}-{coding}"'

    def unchanged(self, coding: Coding) -> Headers:
        """What a 304 says."""
        return [*self.lasting, (b"etag", self.tag_in(coding).encode())]

    def headers(self, coding: Coding) -> Headers:
        """What a 200 says, in a coding that it was put into."""
        return [(b"content-length", b"%d" % len(self.bodies[coding])), *self.headers_without_length(coding)]

    def headers_without_length(self, coding: Coding) -> Headers:
        """What a 200 says whose length in this coding is not known."""
        coded = [] if coding == "identity" else [(b"content-encoding", coding.encode())]
        return [*self.route_headers, *coded, *self.unchanged(coding)]

    def code(self, coding: Coding) -> None:
        """Put it into a coding, once."""
        self.bodies[coding] = CODED[coding](self.bodies["identity"])

    @property
    def size(self) -> int:
        return OVERHEAD + sum(map(len, self.bodies.values()))


def _etag_of(headers: Headers, body: bytes) -> str:
    """A hash of all that leaves: of two tables with equal rows one may go on."""
    return hashlib.sha256(repr(headers).encode() + body).hexdigest()[:32]


class AnswerStore:
    """Answers, each for as long as what it rests on stands."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def find(self, now: TopicStamps | None, key: Hashable) -> CachedResponse | None:
        """The answer that still holds, or None."""
        kept = self._kept(key)
        if now is None or kept is None or not kept.basis.stands(now):
            return None
        response: CachedResponse = kept.value
        if kept.basis.state != now.state:  # what is asked for most is compared by the state alone
            self.put(key, response, replace(kept.basis, state=now.state))
        return response

    def put(self, key: Hashable, response: CachedResponse, basis: Basis) -> None:
        self.memory.put(key, States([Kept(response, basis, response.size)]), response.size)

    def note_grown(self, key: Hashable, response: CachedResponse) -> None:
        """Weigh an answer anew that has grown by a coding."""
        kept = self._kept(key)
        if kept is not None and kept.value is response:
            self.put(key, response, kept.basis)

    def _kept(self, key: Hashable) -> Kept | None:
        states: States | None = self.memory.find(key)
        return states[0] if states else None
