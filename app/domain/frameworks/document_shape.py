"""Is a document shaped like a framework? pydantic's answer, turned into faults in both languages.

A misspelt field or word with a near suggestion is also mended in a copy, on which all further checks run: so the
faults behind it are named in the same answer.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.frameworks.document_part import DocumentPart, escaped, fault, plain
from app.domain.frameworks.framework import Framework
from app.domain.frameworks.readable import MODELS, RULES, field_names
from app.domain.frameworks.rule_numbers import slope_of
from app.domain.frameworks.shape_codes import (
    CODE_INVALID,
    CODES,
    COLOR_INVALID,
    FIELD_MISSING,
    FIELD_UNKNOWN,
    NUMBER_OUT_OF_RANGE,
    NUMBER_TOO_LARGE,
    NUMBER_TOO_PRECISE,
    RATIO_FLAT,
    SHARE_OUT_OF_RANGE,
    TEXT_TOO_LONG,
    VALUE_INVALID,
    VALUE_NOT_ALLOWED,
    VERSION_INVALID,
)
from app.domain.suggest import Speller
from app.domain.validation_faults import UNNAMED
from app.errors import ErrorCode, Fault, Text

NAMING_THE_VALUE = (VALUE_NOT_ALLOWED, CODE_INVALID, VERSION_INVALID)
THE_DOCUMENT = Text("The document", "Tài liệu")
Location = tuple[int | str, ...]


@dataclass(slots=True)
class ShapeResult:
    """What the shape check found: the typed framework where all is well, the faults, and a document to check on.

    Beyond very many faults the others are `unnamed`, only counted.
    """

    framework: Framework | None
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0
    document: object = None
    renamed: dict[str, str] = field(default_factory=dict)

    def as_written(self, fault: Fault) -> Fault:
        """The fault with its pointer into the document as it was sent, not as it was mended."""
        mended, rest = fault.pointer or "", ""
        while mended and mended not in self.renamed:
            mended, _, step = mended.rpartition("/")
            rest = f"/{step}{rest}"
        return replace(fault, pointer=self.renamed[mended] + rest) if mended else fault


def read_shape(document: object) -> ShapeResult:
    """Validate, mend what has a near suggestion, and validate again to see what stood behind it."""
    spell = Speller().near
    framework, faults, unnamed = _validated(document, spell)
    shape = ShapeResult(framework, faults, unnamed, document)
    if framework is not None or not any(found.suggestion for found in faults):
        return shape
    shape.document, shape.renamed = _mended(document, faults)
    seen = {found.pointer for found in faults}
    behind = [shape.as_written(found) for found in _validated(shape.document, spell)[1]]
    shape.faults = [found for found in faults if not _is_its_misspelling(found, shape.renamed)]
    shape.faults += [found for found in behind if found.pointer not in seen]
    return shape


def _is_its_misspelling(found: Fault, renamed: Mapping[str, str]) -> bool:
    """A missing field and its misspelling is one mistake, not two."""
    return found.error_code is FIELD_MISSING and found.pointer in renamed


def _validated(
    document: object, spell: Callable[[str, Iterable[str]], str | None]
) -> tuple[Framework | None, list[Fault], int]:
    """The framework, or its faults and how many more there are."""
    try:
        return Framework.model_validate(document, by_alias=True, by_name=False), [], 0
    except ValidationError as error:
        details = error.errors(include_url=False)
        unnamed = sum(detail["ctx"]["count"] for detail in details if detail["type"] == UNNAMED)
        found = (_fault(document, detail, spell) for detail in details if detail["type"] != UNNAMED)
        return None, [each for each in found if each is not None], unnamed


def _fault(document: object, error: ErrorDetails, spell: Callable[[str, Iterable[str]], str | None]) -> Fault | None:
    """One of pydantic's errors as a fault; None where it only follows from another."""
    kind, value = str(error["type"]), error["input"]
    if kind == "too_short" and value:  # pydantic counts the readable entries of a list, after naming the unreadable
        return None
    location = _location(error["loc"])
    name = _name(location, is_key=error["loc"][-1:] == ("[key]",))
    if kind.startswith("union_tag"):
        location = (*location, "kind")
        value, name = value.get("kind") if isinstance(value, dict) else value, "kind"
    code = _code(kind, location, value)
    options = _options(code, document, location, error.get("ctx", {}))
    context = {"field": name, **_context(code, document, location, value, error.get("ctx", {}))}
    if options:
        context["allowed"] = ", ".join(options)
    suggestion = spell(str(value), options) if code is VALUE_NOT_ALLOWED else None
    if code is FIELD_UNKNOWN:
        around = _objects(document, location)[-1]
        suggestion = spell(str(location[-1]), [name for name in options if not around.has(name)])
    return fault(code, _pointer(location), suggestion=suggestion, **context)


def _location(loc: Location) -> Location:
    """The place in the document: pydantic's location without the tags of its unions."""
    place: list[int | str] = []
    for index, step in enumerate(loc):
        is_rule_kind = index > 1 and loc[index - 2] == "rules" and isinstance(loc[index - 1], int)
        is_policy_tag = step in ("policy", "by_level") and index > 1 and loc[index - 2] == "missing"
        if not (is_rule_kind or is_policy_tag or step == "[key]"):
            place.append(step)
    return tuple(place)


def _pointer(location: Location) -> str:
    return "".join(f"/{escaped(str(step))}" for step in location)


def _code(kind: str, location: Location, value: object) -> ErrorCode:
    code = CODES.get(kind, VALUE_INVALID)
    if code is CODE_INVALID and location == ("version",):
        return VERSION_INVALID
    if code is CODE_INVALID and location[-1] == "color":
        return COLOR_INVALID
    if code is NUMBER_OUT_OF_RANGE and location[-1] == "min_coverage":
        return SHARE_OUT_OF_RANGE
    if code is NUMBER_TOO_LARGE and isinstance(value, Decimal | str) and len(str(value).partition(".")[2]) > 4:
        return NUMBER_TOO_PRECISE
    return code


def _options(code: ErrorCode, document: object, location: Location, ctx: Mapping[str, object]) -> list[str]:
    """The words that would be right."""
    if code is FIELD_UNKNOWN:
        return _field_names(document, location)
    return _quoted(str(ctx.get("expected", ctx.get("expected_tags", "")))) if code is VALUE_NOT_ALLOWED else []


def _context(
    code: ErrorCode, document: object, location: Location, value: object, ctx: Mapping[str, object]
) -> dict[str, object]:
    """What the sentence of `code` speaks of, but for the words that would be right."""
    where: str | Text = _owner(document, location).label or THE_DOCUMENT
    context: dict[str, object] = {"where": where}
    if code in NAMING_THE_VALUE or not isinstance(value, dict | list):
        context["value"] = _shown(value)
    if code is TEXT_TOO_LONG:
        context["limit"] = ctx["max_length"]
    if code is RATIO_FLAT:
        _, full_at = slope_of(DocumentPart(value))
        context["figure"] = "" if full_at is None else plain(full_at)
    return context


def _name(location: Location, *, is_key: bool) -> str:
    """What a person calls the place: its field, for an entry the list with the place in it, for a key what it is of."""
    steps = [str(step)[:60] for step in location]
    if is_key:
        return steps[-2] if len(steps) > 1 else steps[-1]
    if len(steps) > 1 and isinstance(location[-1], int):
        return "/".join(steps[-2:])
    return steps[-1] if steps else "framework"


def _shown(value: object) -> str:
    """A value as it was written, as far as that fits a sentence."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)[:100]


def _quoted(expected: str) -> list[str]:
    """The words of pydantic's list `'a', 'b' or 'c'`."""
    return expected.split("'")[1::2]


def _objects(document: object, location: Location) -> list[DocumentPart]:
    """The objects that enclose a place, from the root inwards."""
    found, part = [], DocumentPart(document)
    for step in location:
        if isinstance(part.value, dict):
            found.append(part)
            part = part.part(str(step))
        elif isinstance(part.value, list) and isinstance(step, int) and step < len(part.value):
            part = DocumentPart(part.value[step], f"{part.pointer}/{step}")
        else:
            break
    return found or [DocumentPart(document)]


def _owner(document: object, location: Location) -> DocumentPart:
    """The innermost enclosing object that has a code of its own, else the innermost."""
    enclosing = _objects(document, location)
    coded = [part for part in enclosing if part.text("code") is not None and part.pointer]
    return coded[-1] if coded else DocumentPart(None, enclosing[-1].pointer)


def _field_names(document: object, location: Location) -> list[str]:
    """The fields that the object around an unknown field may have."""
    around = _objects(document, location)[-1]
    names = [step for step in location[:-1] if isinstance(step, str)]
    holder = names[-1] if names else ""
    found = RULES.get(around.text("kind") or "") if holder == "rules" else MODELS.get(holder)
    return field_names(found) if found else []


def _mended(document: object, faults: Iterable[Fault]) -> tuple[object, dict[str, str]]:
    """A copy with each misspelt word replaced by its suggestion, and its new pointers by the written ones."""
    words: dict[str, str] = {}
    fields: dict[str, str] = {}
    for found in faults:
        if found.pointer and found.suggestion:
            (fields if found.error_code is FIELD_UNKNOWN else words)[found.pointer] = found.suggestion
    renamed: dict[str, str] = {}

    def copied(value: object, pointer: str, mended: str) -> object:
        if pointer in words and isinstance(value, str):
            return words[pointer]
        if isinstance(value, list):
            return [copied(item, f"{pointer}/{index}", f"{mended}/{index}") for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        members: dict[str, object] = {}
        for key, member in value.items():
            place = f"{pointer}/{escaped(str(key))}"
            name = fields.get(place, str(key))
            target = f"{mended}/{escaped(name)}"
            if name != str(key):
                renamed[target] = place
            members.setdefault(name, copied(member, place, target))
        return members

    return copied(document, "", ""), renamed
