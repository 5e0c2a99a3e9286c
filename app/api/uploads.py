"""Files as they arrive: the raw body, or parts `file` of a multipart form; in temporary files, not in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.errors import Fault, Invalid, Malformed, Text
from app.formats.rows_in import Kind, declared_charset, kind_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}
"""The form that takes a file, for OpenAPI."""

IN_MEMORY = 1_000_000

MOST_FILES = 20

ONLY_FILES = Text(
    "Send the file as the part `file` of the form, and nothing beside it.",
    "Gửi tệp trong phần `file` của biểu mẫu, không kèm phần nào khác.",
)
ONE_FILE = Text("Send one file at a time.", "Mỗi lần chỉ gửi một tệp.")
BAD_FORM = Text("The multipart form cannot be read: {reason}.", "Không đọc được biểu mẫu multipart: {reason}.")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, what kind it is, and the encoding that was declared for it."""

    file: BinaryIO
    kind: Kind
    charset: str | None


async def uploaded(request: Request) -> AsyncIterator[list[Upload]]:
    """The files of a request, at least one, gone when the request has ended."""
    declared = request.headers.get("content-type", "")
    if declared.partition(";")[0].strip().lower() == "multipart/form-data":
        async for files in _of_form(request):
            yield files
        return
    kind = kind_of(declared)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        async for chunk in request.stream():
            file.write(chunk)
        yield [Upload(cast(BinaryIO, file), kind, declared_charset(declared))]


async def _of_form(request: Request) -> AsyncIterator[list[Upload]]:
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=0)
    except HTTPException as error:
        raise Malformed("form_invalid", BAD_FORM, reason=error.detail) from error
    try:
        parts = form.multi_items()
        files = [part for name, part in parts if name == "file" and isinstance(part, UploadFile)]
        if not files or len(files) != len(parts):
            fault = Fault("file_part_expected", ONLY_FILES, pointer="/file")
            raise Invalid("file_part_expected", ONLY_FILES, faults=[fault])
        yield [
            Upload(part.file, kind_of(part.content_type, part.filename), declared_charset(part.content_type))
            for part in files
        ]
    finally:
        await form.close()


def only(uploads: list[Upload]) -> Upload:
    """The one file of a request; Invalid where there are several."""
    if len(uploads) > 1:
        raise Invalid("one_file_expected", ONE_FILE, faults=[Fault("one_file_expected", ONE_FILE, pointer="/file")])
    return uploads[0]


UploadsDep = Annotated[list[Upload], Depends(uploaded)]
