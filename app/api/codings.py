"""Content codings: which one a reader wants (RFC 9110, 12.5.3), and bytes put into it."""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

import zstandard

Coding = Literal["zstd", "gzip", "identity"]

WEIGHTED = re.compile(r"([^\s;]+)\s*(?:;\s*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?")
ALIASES = {"x-gzip": "gzip"}
UNASKED = 0.0001
"""The weight of a body as it is where nobody speaks of it: acceptable, and less welcome than what is named."""


def zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)  # no moment inside: equal bodies stay equal bytes


CODED: Mapping[Coding, Callable[[bytes], bytes]] = {"zstd": zstd, "gzip": gzipped, "identity": bytes}
"""How a body gets into each coding; of equally welcome ones the first."""


@lru_cache(64)
def wanted_coding(accepted: str) -> Coding:
    """The coding that an `Accept-Encoding` prefers; the body as it is where none that it accepts is known here.

    >>> wanted_coding("gzip, deflate, br, zstd"), wanted_coding("gzip, zstd;q=0.5"), wanted_coding("br")
    ('zstd', 'gzip', 'identity')
    """
    weights = _weights(accepted)
    rest = weights.get("*")
    welcome = {name: weights.get(name, rest or 0.0) for name in CODED}
    if "identity" not in weights and rest is None:
        welcome["identity"] = UNASKED
    best = max(CODED, key=welcome.__getitem__)
    return best if welcome[best] > 0 else "identity"


def _weights(accepted: str) -> dict[str, float]:
    """The weight of every coding that is named; what cannot be read is as if it were not there."""
    found: dict[str, float] = {}
    for part in accepted.split(","):
        named = WEIGHTED.fullmatch(part.strip())
        if named is not None:
            name = named[1].lower()
            found.setdefault(ALIASES.get(name, name), float(named[2] or 1))
    return found
