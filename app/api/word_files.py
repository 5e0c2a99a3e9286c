"""A Word file as it arrives: the raw body, or the part `file` of a multipart form."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import Depends, Request

from app.answers.field_kinds import KnownKeys
from app.api.body import content_type
from app.api.deps import database_of
from app.api.negotiation import MEDIA
from app.api.uploads import FILE_FORM, ONE_FILE, form_files
from app.errors import Fault, RefusalCode, UnsupportedMedia
from app.services.letter_keys import known_keys

DOCX = MEDIA["docx"]
READ = frozenset(
    {
        DOCX,
        "",
        "application/octet-stream",
        "application/msword",
        "application/pdf",
        "application/rtf",
        "application/vnd.ms-word.document.macroenabled.12",
        "application/vnd.oasis.opendocument.text",
    }
)
"""What is declared of files that are looked into: they tell themselves what they are, and what to do about it."""
WORD_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            DOCX: {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {"schema": FILE_FORM},
        },
    }
}
"""The body of a route that takes a Word file, for OpenAPI."""
NOT_WORD = RefusalCode(
    "content_type_unsupported",
    "Send the Word file (.docx) as the body, declared as `Content-Type: {docx}`, or as the part `file` of a form.",
    "Gửi tệp Word (.docx) làm nội dung, khai báo `Content-Type: {docx}`, hoặc trong phần `file` của biểu mẫu.",
    UnsupportedMedia,
)


async def sent_word_file(request: Request) -> bytes:
    """The bytes of the file. Raises UnsupportedMedia, Malformed and Invalid; of the file itself nothing is read."""
    declared, _ = content_type(request)
    if declared in READ:
        return await request.body()
    if declared != "multipart/form-data":
        raise NOT_WORD.error(docx=DOCX)
    with ExitStack() as closing:
        [file, *others] = await form_files(request, closing)
        if others:
            raise Fault(ONE_FILE, pointer="/file").error()
        return await file.read()


def known_letter_keys(request: Request) -> KnownKeys:
    """The codes that a letter can have figures under, read in a transaction that ends before a file is looked at."""
    with database_of(request).reading() as session:
        return known_keys(session)


LetterKeys = Annotated[KnownKeys, Depends(known_letter_keys)]
SentWordFile = Annotated[bytes, Depends(sent_word_file)]
