"""Content codings: the bytes that they make."""

import pytest

from app.api.codings import CODED, Coding


@pytest.mark.parametrize("coding", CODED)
def test_equal_bodies_become_equal_bytes(coding: Coding) -> None:
    body = b"Tuy\xc3\xaan Quang " * 500

    assert CODED[coding](body) == CODED[coding](bytes(body))
