"""What a document states for single levels of units: other maxima, weights and limits than those that hold for all.

Beside `max` stands `max_by_level: {commune: 20}`, and so for every figure of LEVELLED. At a level the document reads as
if that figure had been written plainly; what nothing is stated for keeps the plain one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.domain.level_names import LEVEL_NAMES
from app.domain.vocabulary import LEVELS
from app.errors import Fault

LEVELLED = {"max_by_level": "max", "min_by_level": "min", "weight_by_level": "weight"}
"""Fields that state a figure level by level, and the figure that stands plainly."""


def at_level(value: object, level: str) -> object:
    """A document, or a part of it, as it reads for units of the level."""
    if isinstance(value, list | tuple):
        return [at_level(each, level) for each in value]
    if not isinstance(value, Mapping):
        return value
    plain = {key: at_level(member, level) for key, member in value.items() if key not in LEVELLED}
    return plain | {name: stated[level] for stated, name in _stated(value) if level in stated}


def levels_stated(value: object) -> tuple[str, ...]:
    """The levels for which something is stated in a document, in their order."""
    found = set(_levels_within(value))
    return tuple(level for level in LEVELS if level in found)


def _levels_within(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for stated, _ in _stated(value):
            yield from (str(level) for level in stated)
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for member in members:
        yield from _levels_within(member)


def _stated(part: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], str]]:
    """What a part states by level, each with the name of the plain figure."""
    for field, name in LEVELLED.items():
        stated = part.get(field)
        if isinstance(stated, Mapping):
            yield stated, name


def told_of_level(found: Fault, level: str, document: object) -> Fault:
    """A fault of the document at a level: its sentence says so, and its place is what the document states there."""
    code, name = found.error_code, LEVEL_NAMES[level]
    spoken = replace(code, en=f"At the level “{level}”: {code.en}", vi=f"Đối với {name.vi}: {code.vi}")
    return replace(found, error_code=spoken, pointer=_as_written(found.pointer or "", level, document))


def _as_written(pointer: str, level: str, document: object) -> str:
    """The place of a figure that the document states by level; any other place as it is."""
    around, _, field = pointer.rpartition("/")
    part = document
    for step in around.split("/")[1:]:
        part = part[int(step)] if isinstance(part, list) else part[step] if isinstance(part, dict) else None
    for by_level, name in LEVELLED.items():
        stated = part.get(by_level) if isinstance(part, dict) else None
        if name == field and isinstance(stated, dict) and level in stated:
            return f"{around}/{by_level}/{level}"
    return pointer
