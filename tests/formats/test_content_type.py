"""Content types as they are declared."""

import pytest

from app.errors import UnsupportedMedia
from app.formats.content_type import LONGEST, read_content_type


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (None, None),
        ("text/csv", None),
        ("text/csv; charset=UTF-16", "UTF-16"),
        ('text/csv; header=present; CHARSET="windows-1258"', "windows-1258"),
    ],
)
def test_the_charset_is_the_declared_one(content_type: str | None, charset: str | None) -> None:
    assert read_content_type(content_type).charset == charset


def test_a_type_longer_than_any_is_refused_unread() -> None:
    longest = "text/csv; a=".ljust(LONGEST, "x")

    assert read_content_type(longest).media_type == "text/csv"
    with pytest.raises(UnsupportedMedia, match=r"1001 characters"):
        read_content_type(longest + "x")
