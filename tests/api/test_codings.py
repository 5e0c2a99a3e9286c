"""`Accept-Encoding`: what is preferred by weight, and that nothing else is ever sent."""

import pytest

from app.api.codings import CODED, Coding, wanted_coding


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0.9", "gzip"),
        ("gzip;q=0.2, zstd;q=0.8", "zstd"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip ; q=0.001", "gzip"),
        ("br, deflate", "identity"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("gzip;q=0, zstd;q=0.0", "identity"),
        ("gzip;q=0, *", "zstd"),
        ("identity;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=2, zstd;q=1.5", "identity"),
        ("gzip;q=0.1234", "identity"),
        ("gzip;level=9", "identity"),
        (",;,,gzip,", "gzip"),
        ("gzip;q=0, gzip", "identity"),
    ],
)
def test_the_coding_is_the_one_that_is_most_welcome(accepted: str, coding: Coding) -> None:
    assert wanted_coding(accepted) == coding


@pytest.mark.parametrize("coding", CODED)
def test_equal_bodies_become_equal_bytes(coding: Coding) -> None:
    body = b"Tuy\xc3\xaan Quang " * 500

    assert CODED[coding](body) == CODED[coding](bytes(body))
