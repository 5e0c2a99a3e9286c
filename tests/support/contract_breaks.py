"""What a client of the released contract could no longer do: each break by the operation and the place.

`python -m tests.support.contract_breaks` holds openapi/openapi.json against openapi/released.json and ends with 1 where
something broke; with `--release` it makes the former the latter.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]
FOLDER = Path(__file__).parents[2] / "openapi"
PRESENT, RELEASED = FOLDER / "openapi.json", FOLDER / "released.json"
WORDS = ("description", "example", "examples", "summary", "title", "x-description-vi")
"""What a client does not hang on."""
NULL = {"type": "null"}


def breaks(released: Json, present: Json) -> list[str]:
    """Every break, in words that name the place."""
    return [each for path, item in released["paths"].items() for each in _of_path(path, item, released, present)]


def _of_path(path: str, item: Json, released: Json, present: Json) -> Iterator[str]:
    if path not in present["paths"]:
        yield f"{path} is gone"
        return
    for method, operation in item.items():
        name = f"{method.upper()} {path}"
        if method not in present["paths"][path]:
            yield f"{name} is gone"
        else:
            yield from _Comparison(name, released, present).of(operation, present["paths"][path][method])


class _Comparison:
    """One operation before and now, each with the components of its document."""

    def __init__(self, name: str, released: Json, present: Json) -> None:
        self.name, self.documents = name, (released, present)
        self.seen: set[str] = set()

    def of(self, before: Json, now: Json) -> Iterator[str]:
        if before["operationId"] != now["operationId"]:
            yield f"{self.name}: the operationId {before['operationId']} is {now['operationId']} now"
        yield from self.parameters(before, now)
        yield from self.body(before.get("requestBody", {}), now.get("requestBody", {}))
        yield from self.answers(before["responses"], now["responses"])

    def parameters(self, before: Json, now: Json) -> Iterator[str]:
        known, present = (
            {_key(each): each for each in self.resolved(side, op)} for side, op in ((0, before), (1, now))
        )
        for key, parameter in known.items():
            place = f"{self.name}: parameter {key[1]} ({key[0]})"
            if key not in present:
                yield f"{place} is gone"
            else:
                yield from self.request(place, _sendable(parameter), _sendable(present[key]))
        for key, parameter in present.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{self.name}: parameter {key[1]} ({key[0]}) is required now"

    def resolved(self, side: int, operation: Json) -> list[Json]:
        return [self.meant(side, each) for each in operation.get("parameters", ())]

    def body(self, before: Json, now: Json) -> Iterator[str]:
        if now.get("required") and not before.get("required"):
            yield f"{self.name}: the body is required now"
        for kind, content in before.get("content", {}).items():
            if kind not in now.get("content", {}):
                yield f"{self.name}: the body is no longer taken as {kind}"
            else:
                yield from self.request(f"{self.name}: body", content["schema"], now["content"][kind]["schema"])

    def answers(self, before: Json, now: Json) -> Iterator[str]:
        for status, answer in before.items():
            if status not in now:
                if status < "300":
                    yield f"{self.name}: it no longer answers {status}"
                continue
            contents = self.meant(0, answer).get("content", {}), self.meant(1, now[status]).get("content", {})
            for kind, content in contents[0].items():
                place = f"{self.name}: answer {status}"
                if kind not in contents[1]:
                    yield f"{place} no longer comes as {kind}"
                else:
                    yield from self.answer(place, content["schema"], contents[1][kind]["schema"])

    def request(self, place: str, before: Json, now: Json) -> Iterator[str]:
        """What was sent must still be taken: no fewer types and values, no new member that must be there."""
        yield from self.shapes(place, before, now, sent=True)

    def answer(self, place: str, before: Json, now: Json) -> Iterator[str]:
        """What was read must still be there: every member that always came, of no further types."""
        yield from self.shapes(place, before, now, sent=False)

    def shapes(self, place: str, before: Json, now: Json, *, sent: bool) -> Iterator[str]:
        """Pair the choices of both sides: by what they lead to, else by their kind of value."""
        if self.was_seen(place, before, now, sent=sent):
            return
        left, right = self.choices(0, before), self.choices(1, now)
        kinds, present = ({_kind(each) for each in side} for side in (left, right))
        if not present or not kinds:
            return  # of any kind
        lost, new = sorted(kinds - present - _covered(present)), sorted(present - kinds - _covered(kinds))
        if sent and lost:
            yield f"{place} no longer takes {', '.join(lost)}"
        if not sent and new:
            yield f"{place} may be {', '.join(new)} now"
        for one in left:
            found = _best([each for each in right if _kind(each) == _kind(one)], one)
            if found is not None:
                yield from self.members(place, one, found, sent=sent)

    def was_seen(self, place: str, before: Json, now: Json, *, sent: bool) -> bool:
        """Whether these two were compared; a tree of criteria holds itself."""
        key = json.dumps([before, now, sent, "" if "$ref" in before else place], sort_keys=True)
        seen = key in self.seen
        self.seen.add(key)
        return seen

    def members(self, place: str, before: Json, now: Json, *, sent: bool) -> Iterator[str]:
        values, present = _values(before), _values(now)
        if sent and present is not None:
            gone = ["any other text"] if values is None else sorted(values - present)
            if gone:
                yield f"{place} no longer takes {', '.join(gone)}"
        known, members = before.get("properties", {}), now.get("properties", {})
        for name, schema in known.items():
            if name not in members:
                if not sent or now.get("additionalProperties") is False:
                    yield f"{place}/{name} is gone"
            else:
                yield from self.shapes(f"{place}/{name}", schema, members[name], sent=sent)
        required, needed = set(before.get("required", ())), set(now.get("required", ()))
        if sent:
            yield from (f"{place}/{name} is required now" for name in sorted(needed - required))
        else:
            yield from (f"{place}/{name} may be left out now" for name in sorted((required - needed) & set(members)))
        if "items" in before and "items" in now:
            yield from self.shapes(f"{place}/-", before["items"], now["items"], sent=sent)

    def choices(self, side: int, schema: Json) -> list[Json]:
        """The schemas that a value may be of, without references and unions at the top."""
        schema = self.meant(side, schema)
        union = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if union:
            return [choice for each in union for choice in self.choices(side, each)]
        kinds = schema.get("type", "const" if "const" in schema else None)
        return [{**schema, "type": kind} for kind in ([kinds] if isinstance(kinds, str) else kinds or ())]

    def meant(self, side: int, node: Json) -> Json:
        """What a reference leads to, and what stands beside it."""
        if "$ref" not in node:
            return node
        *_, room, name = node["$ref"].split("/")
        found: Json = self.documents[side]["components"][room][name]
        return {**found, **{key: value for key, value in node.items() if key != "$ref"}}


def _key(parameter: Json) -> tuple[str, str]:
    name = parameter["name"]
    return parameter["in"], name.lower() if parameter["in"] == "header" else name


def _sendable(parameter: Json) -> Json:
    """Its schema; there is no null in a query."""
    schema: Json = parameter["schema"]
    return {**schema, "anyOf": [each for each in schema["anyOf"] if each != NULL]} if "anyOf" in schema else schema


def _kind(schema: Json) -> str:
    """The kind of value, as JSON has it."""
    return str(schema["type"])


def _covered(kinds: set[str]) -> set[str]:
    """Every whole number is a number."""
    return {"integer"} if "number" in kinds else set()


def _values(schema: Json) -> set[str] | None:
    if "const" in schema:
        return {str(schema["const"])}
    return {str(each) for each in schema["enum"]} if "enum" in schema else None


def _best(choices: Sequence[Json], one: Json) -> Json | None:
    """Of several of one kind the one most like it: by the words that it takes, by its members and by their names."""
    members, words = one.get("properties", {}), _values(one)

    def likeness(other: Json) -> tuple[bool, int, int]:
        others_words = _values(other)
        takes = others_words is None or (words is not None and words <= others_words)
        others = other.get("properties", {})
        shared = [name for name in others if name in members]
        told_by = [name for name in shared if _values(members[name]) not in (None, _values(others[name]))]
        return takes, -len(told_by), 2 * len(shared) - len(others)

    return max(choices, key=likeness, default=None)


def without_words(node: object, *, named: bool = False) -> object:
    """A document without what a client does not hang on."""
    if isinstance(node, list):
        return [without_words(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = ((key, each) for key, each in node.items() if named or key not in WORDS)
    return {key: without_words(each, named=not named and key == "properties") for key, each in kept}


def main(arguments: Sequence[str]) -> int:
    present = json.loads(PRESENT.read_text("utf-8"))
    if "--release" in arguments:
        RELEASED.write_text(json.dumps(without_words(present), indent=1) + "\n", "utf-8")
    found = breaks(json.loads(RELEASED.read_text("utf-8")), present)
    sys.stdout.write("\n".join(found or [f"{PRESENT.name} breaks nothing of {RELEASED.name}."]) + "\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
