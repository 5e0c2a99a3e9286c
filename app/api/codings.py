"""Content codings (RFC 9110, 8.4.1): bytes put into them."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import zstandard

Coding = Literal["zstd", "gzip", "identity"]


GZIP_BITS = 16 + zlib.MAX_WBITS


def zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)


def gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)  # no moment inside: equal bodies stay equal bytes


CODED: Mapping[Coding, Callable[[bytes], bytes]] = {"zstd": zstd, "gzip": gzipped, "identity": bytes}
"""How a body gets into each coding; of equally welcome ones the first."""


class ContentEncoder(Protocol):
    """Puts a body into a coding piece by piece."""

    def compress(self, piece: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def coder(coding: Coding) -> ContentEncoder | None:
    """A new coder; None for a body that leaves as it is."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compressobj()
    return zlib.compressobj(6, wbits=GZIP_BITS) if coding == "gzip" else None
