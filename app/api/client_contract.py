"""The contract for makers of clients: every operation once, with JSON in and JSON out.

Most generators know one body an operation: where the whole contract offers CSV or a form beside JSON, they warn, leave
the operation out, or make a type that no compiler takes. What only comes as a file is left to plain HTTP.
"""

import json
from typing import Any

from app.api.contract_components import objects, operations_of

Json = dict[str, Any]
JSON = "application/json"
BODIES = (JSON, "multipart/form-data")
"""What a body is sent as: the first of these that an operation takes."""
SERVERS = [{"url": "http://127.0.0.1:8000", "description": "The demonstration of `make run`."}]
OF_FILES = ("format", "table")
"""Parameters that choose a file, or one of its tables."""


def for_clients(document: Json) -> Json:
    """The same operations, answers and refusals, without other formats than JSON and without examples."""
    document = {**json.loads(json.dumps(document)), "servers": SERVERS}
    for node in objects({"paths": document["paths"], **document["components"]}, named=True):
        _simplify(node)
    for operation in operations_of(document):
        if body := operation.get("requestBody"):
            body["content"] = {kind: _given(each) for kind, each in _only(body["content"], *BODIES).items()}
        for answer in operation["responses"].values():
            if "content" in answer:
                answer["content"] = _only(answer["content"], JSON)
                for each in answer["content"].values():
                    _choose_one(each.get("schema", {}))
        if "parameters" in operation:
            found = (_in_json(each, document["components"]) for each in operation["parameters"])
            operation["parameters"] = [each for each in found if each is not None]
    _drop_unnamed(document)
    return document


def _simplify(node: Json) -> None:
    """Without examples and Vietnamese words; members of any name, and choices, as every generator knows them."""
    for each in ("example", "examples", "x-description-vi", "propertyNames"):
        node.pop(each, None)
    if "patternProperties" in node:
        [node["additionalProperties"]] = node.pop("patternProperties").values()
    if "oneOf" in node and "discriminator" not in node:
        node["anyOf"] = node.pop("oneOf")


def _only(content: Json, *kinds: str) -> Json:
    """The first of these kinds of a body; all where it has none of them."""
    return next(({kind: content[kind]} for kind in kinds if kind in content), content)


def _choose_one(answer: Json) -> None:
    """An answer of one shape or another is one of them: of `anyOf` a generator makes one with all their members."""
    if all("$ref" in each for each in answer.get("anyOf", ({},))):
        answer["oneOf"] = answer.pop("anyOf")


def _given(content: Json) -> Json:
    """A body as it is where there is one: that it may be left out is said beside it."""
    found = [each for each in content["schema"].get("anyOf", ()) if each != {"type": "null"}]
    return {**content, "schema": found[0]} if len(found) == 1 else content


def _in_json(parameter: Json, components: Json) -> Json | None:
    """The parameter as a reader of JSON gives it: none for a format that is JSON anyhow, else one that says so.

    A choice between a list of words and a pattern is a text: generators make a class of it, which nobody can fill.
    """
    meant = _named(parameter, components)
    if meant["name"] not in OF_FILES:
        if all(_named(each, components).get("type") == "string" for each in meant["schema"].get("anyOf", [{}])):
            more = {name: value for name, value in meant["schema"].items() if name != "anyOf"}
            return {**meant, "schema": {**more, "type": "string"}}
        return parameter
    first, *_ = _named(meant["schema"], components).get("enum", ["json"])
    return None if first == "json" else {**meant, "required": True, "schema": {"type": "string", "enum": ["json"]}}


def _named(node: Json, components: Json) -> Json:
    """What a reference leads to."""
    if "$ref" not in node:
        return node
    *_, room, name = node["$ref"].split("/")
    found: Json = components[room][name]
    return found


def _drop_unnamed(document: Json) -> None:
    """Leave out the components that nothing names any more, until all that are left are named."""
    components: Json = document["components"]
    while True:
        written = json.dumps(document)
        unnamed = [
            (room, name)
            for room, members in components.items()
            for name in members
            if room != "securitySchemes" and f'"#/components/{room}/{name}"' not in written
        ]
        if not unnamed:
            return
        for room, name in unnamed:
            del components[room][name]
