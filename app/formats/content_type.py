"""What a `Content-Type` declares."""

from email.message import Message
from typing import NamedTuple

from app.errors import RefusalCode, UnsupportedMedia

LONGEST = 1_000
"""Characters of a content type that are read: reading its parameters takes as long as the square of them."""
TOO_LONG = RefusalCode(
    "content_type_unsupported",
    "The Content-Type has {length} characters; send a media type, with its charset at most.",
    "Content-Type có {length} ký tự; chỉ gửi loại nội dung, kèm charset nếu cần.",
    UnsupportedMedia,
)


class ContentType(NamedTuple):
    """A media type in small letters, empty where none is declared, and its charset."""

    media_type: str
    charset: str | None


def read_content_type(declared: str | None) -> ContentType:
    """What is declared. Raises UnsupportedMedia for what is longer than any is.

    >>> read_content_type('Text/CSV; charset="windows-1258"')
    ContentType(media_type='text/csv', charset='windows-1258')
    """
    text = declared or ""
    if len(text) > LONGEST:
        raise TOO_LONG.error(length=len(text))
    message = Message()
    message["Content-Type"] = text
    charset = message.get_param("charset")
    return ContentType(text.partition(";")[0].strip().lower(), charset if isinstance(charset, str) else None)
