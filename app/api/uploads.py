"""Files as they arrive: the raw body, or parts `file` of a multipart form; in temporary files, not in memory."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Annotated, BinaryIO, cast

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.api.body import content_type
from app.errors import Fault, Invalid, Malformed, RefusalCode
from app.formats.content_type import read_content_type
from app.formats.row_readers import kind_of
from app.services.imports.files import ImportFile, rows_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REF = "#/components/schemas/{model}"
FORMS = {
    "FileForm": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}
FILE_FORM = {"$ref": REF.format(model="FileForm")}
"""The form that takes a file, for OpenAPI."""

IN_MEMORY = 1_000_000

MOST_FILES = 20

ONLY_FILES = RefusalCode(
    "file_part_expected",
    "Send the file as the part `file` of the form, with its `filename`, and nothing else; a part without one is text.",
    "Gửi tệp trong phần `file` của biểu mẫu, có `filename`, không kèm phần nào khác; phần không có `filename` là chữ.",
    Invalid,
)
ONE_FILE = RefusalCode("one_file_expected", "Send one file at a time.", "Mỗi lần chỉ gửi một tệp.", Invalid)
BAD_FORM = RefusalCode(
    "form_invalid",
    "The multipart form cannot be read: {reason}.",
    "Không đọc được biểu mẫu multipart: {reason}.",
    Malformed,
)


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of a request, at least one. They are gone when `closing` is closed, at the latest with the request."""

    files: list[ImportFile]
    closing: ExitStack

    def only(self) -> ImportFile:
        """The one file of a request; Invalid where there are several."""
        if len(self.files) > 1:
            raise Fault(ONE_FILE, pointer="/file").error()
        return self.files[0]

    def rows(self) -> int:
        """How many rows there are, about, found without reading them as such."""
        return sum(rows_in(each) for each in self.files)

    def keep(self) -> ExitStack:
        """Let the files outlive the request, on disk: they are gone when what is returned is closed."""
        for each in self.files:
            cast(SpooledTemporaryFile[bytes], each.file).rollover()
        return self.closing.pop_all()


async def uploaded(request: Request) -> AsyncIterator[Uploads]:
    """The files of a request, at least one, gone when the request has ended unless they are kept."""
    with ExitStack() as closing:
        declared, charset = content_type(request)
        if declared == "multipart/form-data":
            yield Uploads([_file_of(part) for part in await form_files(request, closing)], closing)
            return
        kind = kind_of(declared)
        file = closing.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        async for chunk in request.stream():
            file.write(chunk)
        yield Uploads([ImportFile(cast(BinaryIO, file), kind, charset)], closing)


async def form_files(request: Request, closing: ExitStack) -> list[UploadFile]:
    """The parts `file` of a form, at least one. Raises Malformed and Invalid."""
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FILES)
    except HTTPException as error:
        raise BAD_FORM.error(reason=error.detail) from error
    parts = form.multi_items()
    for _, part in parts:
        if isinstance(part, UploadFile):
            closing.callback(part.file.close)
    files = [part for name, part in parts if name == "file" and isinstance(part, UploadFile)]
    if not files or len(files) != len(parts):
        raise Fault(ONLY_FILES, pointer="/file").error()
    return files


def _file_of(part: UploadFile) -> ImportFile:
    declared, charset = read_content_type(part.content_type)
    return ImportFile(part.file, kind_of(declared, part.filename), charset)


UploadsDep = Annotated[Uploads, Depends(uploaded)]
