"""Whatever pydantic can find wrong with what is sent is said in both languages, and nothing of it by pydantic."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter
from pydantic_core import ErrorDetails
from pydantic_core._pydantic_core import list_all_errors

from app.config import Settings
from app.domain.checks.draft.draft import Draft
from app.domain.unit import UnitDocument
from app.domain.validation_faults import SENTENCES, shape_fault
from app.main import create_app

Node = dict[str, Any]

RAISED: dict[str, set[str]] = {
    "bool": {"bool_type", "bool_parsing"},
    "date": {"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "datetime": {"datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"},
    "decimal": {"decimal_type", "decimal_parsing", "finite_number", "decimal_whole_digits"},
    "dict": {"dict_type"},
    "enum": {"enum"},
    "int": {"int_type", "int_parsing", "int_from_float", "int_parsing_size"},
    "list": {"list_type"},
    "literal": {"literal_error"},
    "model": {"model_type", "model_attributes_type"},
    "model-fields": {"model_attributes_type", "missing", "extra_forbidden"},
    "str": {"string_type", "string_unicode"},
    "tuple": {"tuple_type"},
    "typed-dict": {"dict_type", "missing", "extra_forbidden"},
}
"""What a kind of value can be refused for."""
BY_LIMIT = {
    "decimal_places": "decimal_max_places",
    "ge": "greater_than_equal",
    "gt": "greater_than",
    "le": "less_than_equal",
    "max_digits": "decimal_max_digits",
    "pattern": "string_pattern_mismatch",
    "tz_constraint": "timezone_aware",
}
LENGTHS = {"min_length": ("string_too_short", "too_short"), "max_length": ("string_too_long", "too_long")}
WITHOUT_FAULTS = {
    *(
        "any",
        "default",
        "definition-ref",
        "definitions",
        "function-after",
        "function-before",
        "function-plain",
        "function-wrap",
    ),
    *("model-field", "no-info", "nullable", "typed-dict-field", "union"),
}
"""Parts that refuse nothing themselves; what our own functions raise is looked for in the source."""

OURS: dict[str, dict[str, object]] = {
    "layout_too_large": {"limit": 300, "depth": 5},
    "orders_too_deep": {"limit": 4},
    "hidden_character": {"place": 3, "point": "U+200B", "name": ""},
    "letter_lost": {"place": 1},
    "number_ambiguous": {"value": "1.234", "one": "1234", "other": "1.234"},
    "text_garbled": {"place": 1, "written_in": "UTF-8", "shown_as": "windows-1252", "meant": ""},
}
"""What our own functions tell beside the kind of a refusal."""


def nodes(part: object) -> Iterator[Node]:
    """Every part of pydantic's plan that has a kind."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            yield part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in part:
            yield from nodes(each)


def refusals(node: Node) -> set[str]:
    kind = node["type"]
    if kind in WITHOUT_FAULTS:
        return set()
    lengths = {names[kind != "str"] for name, names in LENGTHS.items() if name in node}
    return RAISED[kind] | lengths | {error for name, error in BY_LIMIT.items() if name in node}


def taken(dependant: Dependant) -> Iterator[Any]:
    """The plans of all that a route takes."""
    fields = (dependant.query_params, dependant.path_params, dependant.header_params, dependant.body_params)
    yield from (field._type_adapter.core_schema for group in fields for field in group)
    for each in dependant.dependencies:
        yield from taken(each)


def plans() -> Iterator[Any]:
    routes = create_app(Settings(_env_file=None, database_url="sqlite:///not-opened.db")).routes
    for context in iter_route_contexts(routes):
        if isinstance(context.original_route, APIRoute):
            yield from taken(context.original_route.dependant)
    yield from (TypeAdapter(model).core_schema for model in (Draft, UnitDocument))


def test_every_refusal_of_a_shape_has_its_sentence() -> None:
    possible = {error for plan in plans() for node in nodes(plan) for error in refusals(node)}

    assert len(possible) > 30
    assert sorted(possible - SENTENCES.keys()) == []


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_a_sentence_is_filled_from_what_pydantic_tells(kind: str) -> None:
    known = {each["type"]: each for each in list_all_errors()}
    told = known[kind].get("example_context") or {} if kind in known else OURS.get(kind, {})

    found: ErrorDetails = {"type": kind, "loc": (), "msg": "English of pydantic", "input": None, "ctx": told}
    fault = shape_fault(found, ())

    for said in (fault.detail("en"), fault.detail("vi")):
        assert "{" not in said
        assert "English of pydantic" not in said
        assert "Tuple" not in said


def test_allowed_values_are_named_without_a_word_of_english() -> None:
    expected = {"expected": "'auto', 'long' or 'wide'"}
    found: ErrorDetails = {"type": "literal_error", "loc": (), "msg": "", "input": None, "ctx": expected}

    assert shape_fault(found, ()).detail("vi") == "Chỉ nhận auto, long, wide."
