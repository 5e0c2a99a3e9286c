"""The program of the child process that checks and fills templates: `main(arguments)`.

The template is its standard input, a file; what it is filled with, and the filled file, stand in the files whose
descriptors it is given. One JSON object on standard output says what was found, or why the template is refused.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from docx import Document
from jinja2.exceptions import TemplateError
from lxml.etree import XMLSyntaxError

from app.answers.field_kinds import KnownKeys
from app.formats.child_program import Report, reported, take_limits
from app.formats.docx_guard import guard
from app.formats.office_archive import OfficeLimits, OfficeRefused
from app.reports.templates.filling import fill, flaw
from app.reports.templates.found import torn
from app.reports.templates.reading import TemplateReader
from app.reports.templates.sent_fields import read_fields
from app.reports.templates.texts import HARMLESS

ANY_RATIO = 10**6
"""Rows of a table that we filled ourselves are much alike, and are packed as tightly as a bomb."""


def main(arguments: Sequence[str]) -> None:
    """Arguments: the limits as JSON; the descriptor of the known keys, or those of the fields and the filled file."""
    limits = OfficeLimits(**json.loads(arguments[0]))
    take_limits(limits)
    with open(0, "rb") as file:
        report = reported(lambda: _guarded(file.read(), limits, arguments[1:]), limits)
    sys.stdout.buffer.write(json.dumps(report).encode())


def _guarded(template: bytes, limits: OfficeLimits, descriptors: Sequence[str]) -> Report:
    guard(BytesIO(template), limits)
    try:
        return _filled(template, limits, descriptors) if len(descriptors) > 1 else _checked(template, descriptors[0])
    except (TemplateError, TypeError, XMLSyntaxError) as error:
        raise OfficeRefused("unfillable", reason=str(error)[:200]) from None


def _checked(template: bytes, descriptor: str) -> Report:
    with open(int(descriptor), "rb") as file:  # noqa: PTH123 - a descriptor
        reader = _read(template, json.load(file))
    if not reader.faults and (found := flaw(BytesIO(template))) is not None:
        reader.faults.append(torn(*found))
    return {"faults": reader.faults, "fields": reader.fields}


def _filled(template: bytes, limits: OfficeLimits, descriptors: Sequence[str]) -> Report:
    """Fill a template; what came out is looked at as the template was, since tags may have kept something hidden."""
    reader = _read(template)
    faults = [each for each in reader.faults if each["code"] not in HARMLESS]
    if not faults:
        with open(int(descriptors[0]), "rb") as file:  # noqa: PTH123 - a descriptor
            sent = read_fields(file)
        filled = fill(BytesIO(template), sent)
        guard(BytesIO(filled), replace(limits, ratio=ANY_RATIO))
        with open(int(descriptors[1]), "wb") as output:  # noqa: PTH123 - a descriptor
            output.write(filled)
    return {"faults": faults, "fields": reader.fields}


def _read(template: bytes, keys: KnownKeys | None = None) -> TemplateReader:
    reader = TemplateReader(keys)
    reader.read(Document(BytesIO(template)))
    return reader
