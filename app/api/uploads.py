"""Files as they arrive: the raw body, or the part `file` of a multipart form; in a temporary file, not in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.errors import Fault, Invalid, Malformed, Text
from app.formats.rows_in import Kind, declared_charset, kind_of

IN_MEMORY = 1_000_000

ONE_FILE = Text(
    "Send exactly one file, as the part `file` of the form.", "Gửi đúng một tệp, trong phần `file` của biểu mẫu."
)
BAD_FORM = Text("The multipart form cannot be read: {reason}.", "Không đọc được biểu mẫu multipart: {reason}.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, what kind it is, and the encoding that was declared for it."""

    file: BinaryIO
    kind: Kind
    charset: str | None


async def uploaded(request: Request) -> AsyncIterator[Upload]:
    """The file of a request, gone when the request has ended."""
    declared = request.headers.get("content-type", "")
    if declared.partition(";")[0].strip().lower() == "multipart/form-data":
        async for upload in _of_form(request):
            yield upload
        return
    kind = kind_of(declared)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in request.stream():
            file.write(chunk)
        yield Upload(cast(BinaryIO, file), kind, declared_charset(declared))


async def _of_form(request: Request) -> AsyncIterator[Upload]:
    try:
        form = await request.form(max_files=1, max_fields=0)
    except HTTPException as error:
        raise Malformed("form_invalid", BAD_FORM, reason=error.detail) from error
    try:
        parts = form.multi_items()
        if len(parts) != 1 or parts[0][0] != "file" or not isinstance(parts[0][1], UploadFile):
            raise Invalid("one_file_expected", ONE_FILE, faults=[Fault("one_file_expected", ONE_FILE, pointer="/file")])
        part = parts[0][1]
        yield Upload(part.file, kind_of(part.content_type, part.filename), declared_charset(part.content_type))
    finally:
        await form.close()


UploadDep = Annotated[Upload, Depends(uploaded)]
