"""What recurs in the OpenAPI document, named once under `components`: enumerations, parameters and refusals.

A document that says everything where it stands is four times as long, and generated clients then have a type for each
place instead of one for each thing.
"""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any, get_args

from app.api.contract_vocabulary import ENUMS, error_codes
from app.domain.frameworks.framework import LevelOrDefault

Json = dict[str, Any]
NAMED = {"content", "headers", "parameters", "patternProperties", "paths", "properties", "responses", "schemas"}
"""Members that map names to objects; a name in them is never a keyword."""
PLAIN = {"const", "default", "enum", "example", "examples"}
"""Members that hold values, in which nothing is a keyword either."""
LEAKED = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""Bounds that pydantic leaves under its own names where the schema of a number is written by hand."""
LENGTHS = {"minLength": "minItems", "maxLength": "maxItems"}
"""The same of a list that is read by a function of our own."""
EITHER = [{"type": "string"}, {"type": "number"}]

RULES_BY_SHORT_NAMES = "Best Deduction GeometricMean Normalise Piecewise Ratio Reported Steps Sum WeightedMean Worst"
RENAMED = {each: f"{each}Rule" for each in RULES_BY_SHORT_NAMES.split()}
"""Components whose class says too little of them outside the house."""


def share_components(document: Json) -> Json:
    """Name what recurs; parameters and schemas are freed first of what only their making explains."""
    document = _renamed(document)
    components: Json = document["components"]
    for operation in operations_of(document):
        for parameter in operation.get("parameters", ()):
            _plain_parameter(parameter)
    for node in objects({"paths": document["paths"], "schemas": components["schemas"]}, named=True):
        _tidy(node)
    _name_shared_types(components["schemas"])
    _name_policies(components["schemas"])
    _name_enums(document)
    components |= {"parameters": _share_parameters(document), "responses": _share_refusals(document)}
    for room in ("schemas", "parameters", "responses"):
        components[room] = dict(sorted(components[room].items()))
    return document


def operations_of(document: Json) -> Iterator[Json]:
    """Every operation of a document."""
    return (operation for item in document["paths"].values() for operation in item.values())


def objects(node: object, *, named: bool = False) -> Iterator[Json]:
    """Every object in which members are keywords; `named`: those of the outermost are names instead."""
    if isinstance(node, list):
        for each in node:
            yield from objects(each)
    elif isinstance(node, dict):
        if not named:
            yield node
        for key, member in list(node.items()):
            if named or key not in PLAIN:
                yield from objects(member, named=not named and key in NAMED and isinstance(member, dict))


def _renamed(document: Json) -> Json:
    """A copy, in which nothing is shared that would be changed once for each place."""
    text = json.dumps(document)
    for old, new in RENAMED.items():
        text = text.replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
    copy: Json = json.loads(text)
    schemas = copy["components"]["schemas"]
    copy["components"]["schemas"] = {RENAMED.get(name, name): schema for name, schema in schemas.items()}
    return copy


def _plain_parameter(parameter: Json) -> None:
    """A parameter is there or is not: there is no way to send null; and it is described once."""
    schema: Json = parameter["schema"]
    choices = [each for each in schema.pop("anyOf", ()) if each != {"type": "null"}]
    if len(choices) > 1:
        schema["anyOf"] = choices
    else:
        schema |= choices[0] if choices else {}
    schema.pop("description", None)
    if parameter["in"] == "header":
        parameter["name"] = parameter["name"].title()


def _tidy(node: Json) -> None:
    if isinstance(node.get("title"), str):
        del node["title"]
    for leaked, keyword in LEAKED.items():
        if leaked in node:
            node[keyword] = node.pop(leaked)
    if node.get("type") == "array":
        for leaked, keyword in LENGTHS.items():
            if leaked in node:
                node[keyword] = node.pop(leaked)
    _name_figure(node)


def _name_figure(node: Json) -> None:
    """A figure that is sent as a number or as text, in the one type for it."""
    choices = node.get("anyOf", ())
    if all(each in choices for each in EITHER):
        reference = {"$ref": "#/components/schemas/Figure"}
        others = [each for each in node.pop("anyOf") if each not in EITHER]
        node |= {"anyOf": [reference, *others]} if others else reference


def _name_shared_types(schemas: Json) -> None:
    """What every request may hold, and one enumeration for what a problem, and each of its errors, is told by."""
    schemas["Figure"] = {"anyOf": EITHER, "description": "A number, or the text of one."}
    schemas["ErrorCode"] = {
        "type": "string",
        "enum": error_codes(),
        "description": "Codes are never renamed; new ones may come.",
    }
    for model in ("Problem", "FaultBody"):
        schemas[model]["properties"]["code"] = {"$ref": "#/components/schemas/ErrorCode"}


def _name_enums(document: Json) -> None:
    names = {values: name for name, values in ENUMS.items()}
    schemas: Json = document["components"]["schemas"]
    used = set()
    for node in objects({"paths": document["paths"], "schemas": schemas}, named=True):
        name = names.get(tuple(node.get("enum", ())))
        if name is not None:
            del node["enum"]
            node.pop("type", None)
            node["$ref"] = f"#/components/schemas/{name}"
            used.add(name)
    schemas |= {name: {"type": "string", "enum": list(ENUMS[name])} for name in used}


def _name_policies(schemas: Json) -> None:
    """What is done by level has a type of its own: an object between other choices has none in most languages."""
    for node in objects(dict(schemas), named=True):
        choices = node.get("oneOf", [])
        for place, choice in enumerate(choices):
            levels = choice.get("propertyNames", {}).get("enum", ())
            if tuple(levels) == get_args(LevelOrDefault):
                members = {level: dict(choice["additionalProperties"]) for level in levels}
                schemas["PolicyByLevel"] = {"type": "object", "properties": members, "additionalProperties": False}
                choices[place] = {"$ref": "#/components/schemas/PolicyByLevel"}


def _share_parameters(document: Json) -> Json:
    """The parameters that several operations take; of those of one name and place the one that most of them take."""
    lists = [operation["parameters"] for operation in operations_of(document) if "parameters" in operation]
    counts = Counter(json.dumps(each) for each in chain.from_iterable(lists))
    shared: Json = {}
    for written, count in counts.most_common():
        parameter = json.loads(written)
        if count > 1:
            shared.setdefault(_parameter_name(parameter), parameter)
    for each in lists:
        each[:] = [_reference("parameters", _parameter_name(one), one, shared) for one in each]
    return shared


def _parameter_name(parameter: Json) -> str:
    """
    >>> _parameter_name({"name": "as_of", "in": "query"}), _parameter_name({"name": "If-Match", "in": "header"})
    ('AsOfQuery', 'IfMatchHeader')
    """
    words = f"{parameter['name']}-{parameter['in']}".replace("_", "-").split("-")
    return "".join(word[:1].upper() + word[1:] for word in words)


def _share_refusals(document: Json) -> Json:
    """The refusals that several operations give, those of writes apart: they may be answered again."""
    places = [
        (operation["responses"], status)
        for operation in operations_of(document)
        for status in operation["responses"]
        if status >= "300"
    ]
    counts = Counter((status, json.dumps(responses[status])) for responses, status in places)
    shared: Json = {}
    for (status, written), count in counts.most_common():
        response = json.loads(written)
        if count > 1:
            shared.setdefault(_response_name(status, response), response)
    for responses, status in places:
        response = responses[status]
        responses[status] = _reference("responses", _response_name(status, response), response, shared)
    return shared


def _response_name(status: str, response: Json) -> str:
    kind = "Problem" if status >= "400" else "Status"
    return f"{kind}{status}{'OfWrite' if 'Idempotency-Replayed' in response.get('headers', ()) else ''}"


def _reference(room: str, name: str, node: Json, shared: Json) -> Json:
    return {"$ref": f"#/components/{room}/{name}"} if shared.get(name) == node else node
