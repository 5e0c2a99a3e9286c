"""A Word file as it arrives: the raw body, or the part `file` of a multipart form."""

from contextlib import ExitStack
from typing import Annotated

from fastapi import Depends, Request

from app.api.body import content_type
from app.api.negotiation import MEDIA
from app.api.uploads import FILE_FORM, ONE_FILE, form_files
from app.errors import Fault, RefusalCode, UnsupportedMedia

DOCX = MEDIA["docx"]
UNSAID = ("", "application/octet-stream")
"""What programs declare that know no better; the file itself tells."""
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
    if declared == DOCX or declared in UNSAID:
        return await request.body()
    if declared != "multipart/form-data":
        raise NOT_WORD.error(docx=DOCX)
    with ExitStack() as closing:
        [file, *others] = await form_files(request, closing)
        if others:
            raise Fault(ONE_FILE, pointer="/file").error()
        return await file.read()


SentWordFile = Annotated[bytes, Depends(sent_word_file)]
