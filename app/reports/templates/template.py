"""Templates of letters, checked and filled by a child process with limits; a hostile one costs a child, no more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from tempfile import TemporaryFile
from typing import IO, cast

from typing_extensions import TypedDict

from app.answers.field_kinds import KnownKeys
from app.answers.letter_fields import FieldNote
from app.answers.template_check import TemplateCheck, TemplateFault
from app.errors import Fault, Language
from app.formats.docx_texts import refusal
from app.formats.limited_child import ChildBroken, ChildStopped, run_child
from app.formats.office_archive import OfficeLimits
from app.reports.templates.found import FoundFault, told
from app.reports.templates.sent_fields import SentFields, write_fields
from app.reports.templates.texts import REFUSED, UNFILLABLE

PROGRAM = "app.reports.templates.child"
LARGEST = 2 << 20
"""Bytes of a template; those of a letter without pictures have a hundredth of it."""
CHECK = OfficeLimits(seconds=10, memory=512 << 20, unpacked=32 << 20, output=16 << 20, entries=500)
FILL = replace(CHECK, seconds=30)
"""A check reads some pages; a letter may list every unit of the country."""


class TemplateReport(TypedDict):
    """What the child reports of a template that it does not refuse."""

    faults: list[FoundFault]
    fields: list[str]


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """The faults of a template, and the paths of the vocabulary that it names, in order.

    A fault stands in paragraph `row` of the part `column`, whose text is its `value`; its context names the `field`.
    """

    faults: Sequence[Fault]
    fields: Sequence[str]


def check_template(template: bytes, keys: KnownKeys) -> CheckedTemplate:
    """Every fault of a template; nothing of it is executed. `keys`: the codes that a letter can have figures under.

    Raises Malformed or Invalid for what is no template at all.
    """
    with TemporaryFile() as known:
        known.write(json.dumps(keys).encode())
        known.seek(0)
        report = _run(template, CHECK, [known])
    return CheckedTemplate([told(each) for each in report["faults"]], report["fields"])


def refuse_faults(template: bytes, keys: KnownKeys) -> None:
    """Raise Invalid `letter_template_invalid` where a template has faults, and what `check_template` raises."""
    if faults := check_template(template, keys).faults:
        raise REFUSED.error(faults=faults, count=len(faults))


def fill_template(
    template: bytes, fields: Mapping[str, object], notes: Sequence[FieldNote] = (), *, remarks: bool = True
) -> bytes:
    """The letter: the same template and fields give the same bytes.

    `fields` is plain data: dicts by name, lists, texts, whole numbers, Decimals, yes and no; None is a figure that
    nobody has, and prints a marked blank. `notes` become comments, which say as well what is missing; without
    `remarks` there are none. Raises what `check_template` raises, Invalid
    `letter_template_invalid` for faults that leave no letter, and `letter_template_unfillable`.
    """
    with TemporaryFile() as sent, TemporaryFile() as filled:
        write_fields(SentFields(fields, notes, remarks), sent)
        report = _run(template, FILL, [sent, filled])
        if faults := [told(each) for each in report["faults"]]:
            raise REFUSED.error(faults=faults, count=len(faults))
        filled.seek(0)
        return filled.read()


def _run(template: bytes, limits: OfficeLimits, files: Sequence[IO[bytes]]) -> TemplateReport:
    """What the child reports; raises for what it refuses, and for its own end."""
    if len(template) > LARGEST:
        raise refusal("too_large", {"what": "size", "found": len(template), "limit": LARGEST})
    arguments = [json.dumps(asdict(limits)), *(str(each.fileno()) for each in files)]
    with TemporaryFile() as file:
        file.write(template)
        file.seek(0)
        try:
            report = run_child(PROGRAM, arguments, file, files, limits.seconds, packages=True)
        except ChildStopped:
            raise refusal("too_costly", {}) from None
        except ChildBroken:
            raise refusal("broken", {}) from None
    if "failed" in report:
        raise OSError(report["failed"], "a letter could not be written")
    if report.get("refused") == "unfillable":
        raise UNFILLABLE.error(**report["context"])
    if "refused" in report:
        raise refusal(report["refused"], report["context"])
    return cast("TemplateReport", report)


def described(checked: CheckedTemplate, language: Language) -> TemplateCheck:
    """What was found in a template as it is answered."""
    return {"faults": [_fault_described(each, language) for each in checked.faults], "fields": list(checked.fields)}


def _fault_described(fault: Fault, language: Language) -> TemplateFault:
    return {
        "code": fault.code,
        "detail": fault.detail(language),
        "field": str(fault.context["field"]),
        "suggestion": fault.suggestion,
        "part": str(fault.column),
        "paragraph": fault.row,
        "text": str(fault.value),
    }
