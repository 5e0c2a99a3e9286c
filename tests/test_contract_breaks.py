"""The check against the released contract: it names each kind of break, and keeps quiet where nothing broke."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.support.contract_breaks import PRESENT, RELEASED, breaks, without_words

Document = dict[str, Any]
REF = {"$ref": "#/components/schemas/Unit"}
CONTENT = {"application/json": {"schema": REF}}
RELEASE: Document = {
    "paths": {
        "/units": {
            "get": {
                "operationId": "read_units",
                "parameters": [{"$ref": "#/components/parameters/Level"}],
                "responses": {"200": {"description": "", "content": CONTENT}},
            },
            "post": {
                "operationId": "post_unit",
                "requestBody": {"content": CONTENT},
                "responses": {"201": {"description": "", "content": CONTENT}},
            },
        }
    },
    "components": {
        "parameters": {
            "Level": {
                "name": "level",
                "in": "query",
                "schema": {"anyOf": [{"type": "string", "enum": ["commune", "province"]}, {"type": "null"}]},
            }
        },
        "schemas": {
            "Unit": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "points": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "below": {"type": "array", "items": REF},
                },
                "required": ["name"],
                "additionalProperties": False,
            }
        },
    },
}


def operation(document: Document, method: str = "get") -> Document:
    found: Document = document["paths"]["/units"][method]
    return found


def unit(document: Document) -> Document:
    found: Document = document["components"]["schemas"]["Unit"]
    return found


def level(document: Document) -> Document:
    found: Document = document["components"]["parameters"]["Level"]
    return found


BROKEN: dict[str, Callable[[Document], object]] = {
    "/units is gone": lambda document: document["paths"].pop("/units"),
    "POST /units is gone": lambda document: document["paths"]["/units"].pop("post"),
    "GET /units: the operationId read_units is list_units now": lambda document: operation(document).update(
        operationId="list_units"
    ),
    "GET /units: parameter level (query) is gone": lambda document: operation(document).update(parameters=[]),
    "GET /units: parameter level (query) is required now": lambda document: level(document).update(required=True),
    "GET /units: parameter level (query) no longer takes commune": lambda document: level(document).update(
        schema={"type": "string", "enum": ["province"]}
    ),
    "POST /units: the body is required now": lambda document: operation(document, "post")["requestBody"].update(
        required=True
    ),
    "POST /units: the body is no longer taken as application/json": lambda document: operation(document, "post").update(
        requestBody={"content": {"text/csv": {"schema": {"type": "string"}}}}
    ),
    "POST /units: it no longer answers 201": lambda document: operation(document, "post").update(responses={}),
    "GET /units: answer 200 no longer comes as application/json": lambda document: operation(document).update(
        responses={"200": {"description": "", "content": {}}}
    ),
    "GET /units: answer 200/name is gone": lambda document: unit(document)["properties"].pop("name"),
    "GET /units: answer 200/name may be left out now": lambda document: unit(document).update(required=[]),
    "GET /units: answer 200/name may be null now": lambda document: unit(document)["properties"].update(
        name={"type": ["string", "null"]}
    ),
    "GET /units: answer 200/points may be number now": lambda document: unit(document)["properties"].update(
        points={"type": ["number", "null"]}
    ),
    "POST /units: body/name is gone": lambda document: unit(document)["properties"].pop("name"),
    "POST /units: body/kind no longer takes b": lambda document: unit(document)["properties"].update(
        kind={"type": "string", "enum": ["a"]}
    ),
    "POST /units: body/kind is required now": lambda document: unit(document).update(required=["name", "kind"]),
    "POST /units: body/points no longer takes null": lambda document: unit(document)["properties"].update(
        points={"type": "integer"}
    ),
    "POST /units: body/below/- no longer takes object": lambda document: unit(document)["properties"].update(
        below={"type": "array", "items": {"type": "string"}}
    ),
}


@pytest.mark.parametrize("told", BROKEN)
def test_each_break_is_named_by_its_operation_and_place(told: str) -> None:
    present = deepcopy(RELEASE)

    BROKEN[told](present)

    assert told in breaks(RELEASE, present)


def test_what_is_new_or_may_be_left_out_breaks_nothing() -> None:
    present = deepcopy(RELEASE)
    present["paths"]["/periods"] = {}
    operation(present)["parameters"].append({"name": "q", "in": "query", "schema": {"type": "string"}})
    level(present)["schema"] = {"type": "string", "enum": ["commune", "province", "other"]}
    unit(present)["properties"] |= {"kind": {"type": "string", "enum": ["a", "b", "c"]}, "note": {"type": "string"}}

    assert breaks(RELEASE, present) == []


def test_a_text_of_any_pattern_takes_what_a_list_of_words_took() -> None:
    present = deepcopy(RELEASE)
    words = present["components"]["parameters"]["Level"]["schema"]["anyOf"]
    words[:] = [words[0], {"type": "string", "pattern": "^(commune|province)(,(commune|province))+$"}]

    assert breaks(RELEASE, present) == breaks(present, present) == []


def test_another_name_of_a_component_breaks_nothing() -> None:
    present = json.loads(json.dumps(RELEASE).replace("schemas/Unit", "schemas/UnitOut"))
    present["components"]["schemas"] = {"UnitOut": present["components"]["schemas"]["Unit"]}

    assert breaks(RELEASE, present) == []


def test_words_are_no_part_of_what_was_released() -> None:
    released = json.loads(RELEASED.read_text("utf-8"))

    assert without_words(released) == released


def test_the_contract_breaks_nothing_that_was_released() -> None:
    """`python -m tests.support.contract_breaks --release` writes what is released."""
    released, present = (json.loads(each.read_text("utf-8")) for each in (RELEASED, PRESENT))

    assert breaks(released, present) == []
