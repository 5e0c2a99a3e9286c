"""What a DOCX says of itself, and its bytes: nothing in them tells when they were written."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Final

from docx.document import Document as Writer
from docx.opc.constants import RELATIONSHIP_TYPE

AUTHOR: Final = "chiso"
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""No archive knows an earlier day."""
LONGEST = 255
"""Characters of a property."""
ABOUT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>chiso</Application></Properties>"
)


def set_properties(writer: Writer, title: str, moment: datetime) -> None:
    """Title, author and the moment of the document; the library's own picture and program name go."""
    properties = writer.core_properties
    properties.title, properties.author, properties.language = title[:LONGEST], AUTHOR, "vi-VN"
    properties.comments, properties.last_modified_by, properties.revision = "", AUTHOR, 1
    properties.created = properties.modified = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    relations = writer.part.package.rels
    for key, relation in list(relations.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del relations[key]
        elif relation.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            relation.target_part._blob = ABOUT


def packed(writer: Writer, moment: datetime) -> bytes:
    """The file, every part of it dated `moment`."""
    written, dated = io.BytesIO(), io.BytesIO()
    writer.save(written)
    day = moment.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, day)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return dated.getvalue()
