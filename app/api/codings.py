"""Content codings (RFC 9110, 8.4.1): bytes put into them."""

import gzip
from collections.abc import Callable, Mapping
from typing import Literal

import zstandard

Coding = Literal["zstd", "gzip", "identity"]


def zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)  # no moment inside: equal bodies stay equal bytes


CODED: Mapping[Coding, Callable[[bytes], bytes]] = {"zstd": zstd, "gzip": gzipped, "identity": bytes}
"""How a body gets into each coding; of equally welcome ones the first."""
