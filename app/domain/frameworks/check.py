"""A framework document, read: the typed framework, or every fault of it at once.

Faults of shape come first, then those of the figures against each other; each names its place by a JSON pointer.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from types import MappingProxyType

from app.domain.characters import HIDDEN_CHARACTER, as_kept, hidden_character, trimmed
from app.domain.day import read_day
from app.domain.frameworks.bands import band_faults
from app.domain.frameworks.by_level import at_level, levels_stated, told_of_level
from app.domain.frameworks.criteria import criterion_faults, total_max
from app.domain.frameworks.document_part import DocumentPart, escaped, fault, plain
from app.domain.frameworks.document_shape import read_shape
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.precision import precision_faults
from app.domain.frameworks.references import reference_faults
from app.domain.frameworks.requirements import requirement_faults
from app.domain.frameworks.views import view_faults
from app.domain.garbled import garbled_fault
from app.errors import ErrorCode, Fault, Faults

DOCUMENT_TOO_DEEP = ErrorCode(
    "document_too_deep",
    "The document is nested deeper than {limit} levels; flatten the tree of criteria.",
    "Tài liệu lồng nhau sâu hơn {limit} mức; hãy giảm số cấp của cây tiêu chí.",
)
DOCUMENT_TOO_LARGE = ErrorCode(
    "document_too_large",
    "The document holds more than {limit} values; divide it into several frameworks.",
    "Tài liệu có hơn {limit} giá trị; hãy chia thành nhiều bộ chỉ số.",
)
NAME_TOO_LONG = ErrorCode(
    "name_too_long",
    "A field's name is longer than {limit} characters; no field here has such a name.",
    "Có tên trường dài hơn {limit} ký tự; không trường nào có tên như vậy.",
)
CONTAINS_ITSELF = ErrorCode(
    "cycle",
    "This part of the document contains itself; write the inner part out, or remove it.",
    "Phần này của tài liệu chứa chính nó; hãy viết rõ phần bên trong hoặc bỏ đi.",
)
VALIDITY_REVERSED = ErrorCode(
    "validity_reversed",
    "`valid_to` ({end}) lies before `valid_from` ({start}); correct one of them.",
    "`valid_to` ({end}) trước `valid_from` ({start}); hãy sửa một trong hai.",
)

MAX_DEPTH = 64
MAX_VALUES = 50_000
"""Many times what the documents that ship have, and few enough to be looked through in a moment."""
MAX_NAME = 1_000
"""Letters in the name of a field: every place below it is named by it."""
NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


def read_framework(
    document: object, *, known_indicators: Mapping[str, str] = NONE_KNOWN
) -> tuple[Framework | None, Faults]:
    """The framework of a document of dicts, lists, text, int and Decimal; None and its faults where it has any.

    `known_indicators`: kind by code of the indicators that the service already has; rules may name them, and a
    document may not change their kind.
    """
    unbounded = _size_fault(document)
    if unbounded is not None:
        return None, Faults([unbounded])
    shape = read_shape(as_stated(document))
    named = {found.pointer for found in shape.faults}
    figures = (shape.as_written(found) for found in _faults_of_all_levels(shape.document, known_indicators))
    faults = Faults(shape.faults)
    faults.add_unnamed(shape.unnamed)
    faults.extend(found for found in chain(text_faults(bare(document)), figures) if found.pointer not in named)
    return (None if faults else shape.framework), faults


def bare(value: object) -> object:
    """A document with its texts as every door reads them: without what nobody sees around them."""
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list(map(bare, value))
    return trimmed(value) if isinstance(value, str) else value


def as_stated(value: object, *, is_name: bool = False) -> object:
    """A document with its texts as they are kept: what stands under `name` with the right letters of names."""
    if isinstance(value, dict):
        return {key: as_stated(inner, is_name=is_name or key == "name") for key, inner in value.items()}
    if isinstance(value, list):
        return [as_stated(inner, is_name=is_name) for inner in value]
    return as_kept(trimmed(value), is_name=is_name) if isinstance(value, str) else value


def _faults_of_all_levels(document: object, known_indicators: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong as the document stands, then what is wrong only at a level for which it states other figures."""
    seen: set[tuple[str, str | None]] = set()
    for found in _cross_faults(DocumentPart(document), known_indicators):
        seen.add((found.code, found.pointer))
        yield found
    for level in levels_stated(document):
        for found in _cross_faults(DocumentPart(at_level(document, level)), known_indicators):
            if (found.code, found.pointer) not in seen:
                yield told_of_level(found, level, document)


def _cross_faults(document: DocumentPart, known_indicators: Mapping[str, str]) -> Iterator[Fault]:
    yield from validity_faults(document)
    yield from band_faults(document, total_max(document))
    yield from requirement_faults(document)
    yield from reference_faults(document, known_indicators)
    yield from criterion_faults(document)
    yield from precision_faults(document)
    yield from view_faults(document)


def text_faults(document: object) -> Iterator[Fault]:
    """`text_garbled`, or `text_invalid` for each text that holds what nobody sees.

    Names, which tables print, have one line only.

    Not a part of the model: documents that were stored before this was looked at are still read.
    """
    stack: list[tuple[object, str, bool]] = [(document, "", False)]
    while stack:
        value, pointer, is_name = stack.pop()
        if isinstance(value, dict | list):
            members = value.items() if isinstance(value, dict) else enumerate(value)
            inside = [(inner, f"{pointer}/{escaped(str(key))}", is_name or key == "name") for key, inner in members]
            stack += reversed(inside)
        elif isinstance(value, str) and (garbled := garbled_fault(value)):
            yield replace(garbled, pointer=pointer)
        elif isinstance(value, str) and (hidden := hidden_character(value, lines=not is_name)):
            yield fault(HIDDEN_CHARACTER, pointer, **hidden._asdict())


def validity_faults(document: DocumentPart) -> Iterator[Fault]:
    start, end = (read_day(str(document.field(name))) for name in ("valid_from", "valid_to"))
    if start and end and end < start:
        yield fault(VALIDITY_REVERSED, "/valid_to", start=start, end=end)


def _size_fault(document: object) -> Fault | None:
    """The fault of a document that no recursion should enter: nested too deep, too large, or within itself."""
    stack: list[tuple[object, str, tuple[int, ...]]] = [(document, "", ())]
    count = 0
    while stack:
        value, pointer, around = stack.pop()
        count += 1
        if not isinstance(value, dict | list):
            continue
        if id(value) in around:
            return fault(CONTAINS_ITSELF, pointer)
        if len(around) >= MAX_DEPTH:
            return fault(DOCUMENT_TOO_DEEP, pointer, limit=MAX_DEPTH)
        if isinstance(value, dict) and any(len(str(key)) > MAX_NAME for key in value):
            return fault(NAME_TOO_LONG, pointer, limit=MAX_NAME)
        members = value.items() if isinstance(value, dict) else enumerate(value)
        inside = (*around, id(value))
        stack.extend((member, f"{pointer}/{escaped(str(key))}", inside) for key, member in members)
        if count + len(stack) > MAX_VALUES:
            return fault(DOCUMENT_TOO_LARGE, "", limit=MAX_VALUES)
    return None


def document(framework: Framework) -> dict[str, object]:
    """The framework as a document again: every field by its name in documents, defaults filled in, Decimals kept."""
    written = _written(framework.model_dump(by_alias=True))
    assert isinstance(written, dict)
    return written


def canonical(framework: Framework) -> bytes:
    """The one spelling of a framework: equal frameworks are equal bytes, however their documents were written.

    JSON without blanks, fields in order of name, defaults filled in, `90.00` and `"90"` both as 90.
    """
    return _spelt(document(framework)).encode()


def _written(value: object) -> object:
    """Lists for tuples, text for days."""
    if isinstance(value, dict):
        return {str(key): _written(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [_written(member) for member in value]
    if value is None or isinstance(value, str | bool | int | Decimal):
        return value
    return str(value)


def _spelt(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_spelt(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_spelt, value)) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    return json.dumps(value, ensure_ascii=False)
