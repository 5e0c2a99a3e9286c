"""The OpenAPI document: valid, complete, kind to the makers of clients, and the one that is committed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from openapi_spec_validator import validate

from app.api.client_contract import for_clients
from app.api.contract_vocabulary import declared as declared_codes
from tests.support.contract import Contract, Operation
from tests.support.error_codes import modules
from tests.support.word_files import DOCX

COMMITTED = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"


def parts(node: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every object of a document with the way to it."""
    if isinstance(node, dict):
        yield path, node
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield from parts(member, f"{path}/{key}")


def kinds(operation: Operation, status: str) -> dict[str, Any]:
    content: dict[str, Any] = operation.spec["responses"][status].get("content", {})
    return content


def test_the_document_is_valid_openapi(contract: Contract) -> None:
    validate(contract.document)


def test_the_committed_document_is_what_the_code_says(contract: Contract) -> None:
    """Written by `chiso openapi`."""
    assert json.loads(COMMITTED.read_text("utf-8")) == contract.document


@pytest.fixture(scope="session")
def clients(contract: Contract) -> Contract:
    """What makers of clients are given."""
    return Contract(for_clients(dict(contract.document)))


def test_makers_of_clients_are_given_every_operation_in_json_alone(contract: Contract, clients: Contract) -> None:
    validate(clients.document)
    assert [each.id for each in clients.operations] == [each.id for each in contract.operations]
    for operation in clients.operations:
        bodies = list(operation.spec.get("requestBody", {}).get("content", {}))
        assert bodies in ([], ["application/json"], ["multipart/form-data"]), operation.id
        for status, answer in operation.spec["responses"].items():
            assert set(answer.get("content", {})) <= {"application/json", "application/problem+json"}, status


def test_a_client_that_reads_json_chooses_no_format_but_where_text_is_usual(clients: Contract) -> None:
    chosen = {
        operation.id: (each["required"], each["schema"]["enum"])
        for operation in clients.operations
        for each in operation.parameters("query")
        if each["name"] in ("format", "table")
    }

    assert chosen == {"read_notice_report": (True, ["json"])}


def test_a_client_is_not_sent_what_no_operation_names(clients: Contract) -> None:
    named = {node["$ref"] for _, node in parts(clients.document) if "$ref" in node}
    components = clients.document["components"]
    held = {
        f"#/components/{room}/{name}" for room in components if room != "securitySchemes" for name in components[room]
    }

    assert held == named


def test_values_that_recur_are_an_enumeration_of_one_name(contract: Contract) -> None:
    """Name it in `ENUMS` of app/api/contract_vocabulary.py."""
    places: dict[str, list[str]] = {}
    for place, node in parts(contract.document):
        if isinstance(node.get("enum"), list):
            places.setdefault(json.dumps(node["enum"]), []).append(place)

    assert [each for each in places.values() if len(each) > 1] == []


@pytest.mark.parametrize("name", ["Level", "Format", "Flag", "Method", "ErrorCode"])
def test_what_programs_branch_on_has_a_type(contract: Contract, name: str) -> None:
    declared = contract.document["components"]["schemas"][name]

    assert (declared["type"], len(declared["enum"]) > 2) == ("string", True)


def test_every_code_of_the_registry_is_one_of_the_contract(contract: Contract) -> None:
    declared = [code.code for module in modules() for code in declared_codes(module)]

    assert contract.document["components"]["schemas"]["ErrorCode"]["enum"] == sorted(set(declared))


def test_every_tag_is_described_and_every_operation_says_who_may_call_it(contract: Contract) -> None:
    described = {each["name"] for each in contract.document["tags"] if each["description"]}

    assert described == {operation.spec["tags"][0] for operation in contract.operations}
    assert [each.id for each in contract.operations if "security" not in each.spec] == []


def test_every_keyword_of_a_schema_is_one_of_json_schema(contract: Contract) -> None:
    bounds = {"ge", "gt", "le", "lt"}
    leaked = [place for place, node in parts(contract.document) if bounds & set(node) and "type" in node]
    lengths = [place for place, node in parts(contract.document) if node.get("type") == "array" and "maxLength" in node]

    assert (leaked, lengths) == ([], [])


def test_a_list_may_always_go_on(contract: Contract) -> None:
    cursors = [
        node["next_cursor"]
        for place, node in parts(contract.document)
        if "next_cursor" in node and "properties" in place[-12:]
    ]

    assert cursors
    assert [each for each in cursors if each["anyOf"] != [{"type": "string"}, {"type": "null"}]] == []


def test_every_operation_is_called_as_its_function_is(service: FastAPI, contract: Contract) -> None:
    routes = [each.original_route for each in iter_route_contexts(service.routes)]
    functions = [each.endpoint.__name__ for each in routes if isinstance(each, APIRoute) and each.include_in_schema]

    assert sorted(each.id for each in contract.operations) == sorted(functions)
    assert len(set(functions)) == len(functions)


def test_every_operation_has_one_tag_of_plain_letters_and_says_what_it_does(contract: Contract) -> None:
    for operation in contract.operations:
        assert len(operation.spec["tags"]) == 1, operation.id
        assert re.fullmatch("[a-z]+", operation.spec["tags"][0])
        assert operation.spec["description"].endswith("."), operation.id


def test_refusals_are_declared_one_by_one_and_all_of_the_same_kind(contract: Contract) -> None:
    for operation in contract.operations:
        for status in operation.spec["responses"]:
            assert re.fullmatch("[2-5][0-9][0-9]", status), operation.id
            if int(status) >= 400:
                reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
                assert kinds(operation, status) == {"application/problem+json": reference}, operation.id


def test_whatever_needs_a_key_declares_the_lack_of_one(contract: Contract) -> None:
    for operation in contract.operations:
        if operation.spec["security"]:
            assert "401" in operation.spec["responses"], operation.id


def test_everything_with_parameters_or_a_body_can_refuse_them(contract: Contract) -> None:
    for operation in contract.operations:
        if "parameters" in operation.spec or "requestBody" in operation.spec:
            assert "422" in operation.spec["responses"], operation.id
        if "requestBody" in operation.spec:
            assert {"400", "413", "415"} <= operation.spec["responses"].keys(), operation.id


@pytest.mark.parametrize("kind", ["schemas", "headers", "parameters", "responses"])
def test_every_reference_leads_somewhere_and_every_component_is_needed(kind: str, contract: Contract) -> None:
    components = contract.document["components"][kind]
    named = {node["$ref"].rpartition("/") for _, node in parts(contract.document) if "$ref" in node}

    assert {name for room, _, name in named if room == f"#/components/{kind}"} == set(components)


def test_every_write_takes_an_idempotency_key_and_says_how_it_is_answered(contract: Contract) -> None:
    for operation in contract.operations:
        answers = operation.spec["responses"]
        keyed = "Idempotency-Key" in [each["name"] for each in operation.parameters("header")]
        replayed = [status for status, answer in answers.items() if "Idempotency-Replayed" in answer.get("headers", ())]
        assert keyed == operation.writes, operation.id
        assert replayed == [each for each in answers if operation.writes and each < "500" and each != "401"]
        assert not operation.writes or "Retry-After" in answers["409"]["headers"], operation.id


def test_what_was_made_says_where_it_is_found(contract: Contract) -> None:
    placed = {
        (operation.id, status)
        for operation in contract.operations
        for status, answer in operation.spec["responses"].items()
        if "Location" in answer.get("headers", ())
    }

    made = {("post_evaluation", "201"), ("post_framework", "201"), ("post_key", "201"), ("post_task", "201")}
    taken_on = {("post_import", "202"), ("publish_evaluation", "202"), ("test_webhook", "202")}
    assert placed == made | taken_on


def test_no_model_comes_as_a_pair_for_input_and_output(contract: Contract) -> None:
    names = contract.document["components"]["schemas"]

    assert [name for name in names if name.endswith(("-Input", "-Output"))] == []
    assert not {"HTTPValidationError", "ValidationError"} & set(names)


def test_codes_are_ascii(contract: Contract) -> None:
    codes = [code for _, node in parts(contract.document) for code in (node.get("enum") or ()) if isinstance(code, str)]
    names = [name for _, node in parts(contract.document) for name in (node.get("properties") or ())]

    assert [each for each in (*codes, *names, *contract.document["components"]["schemas"]) if not each.isascii()] == []


def test_every_success_and_every_body_has_an_example(contract: Contract) -> None:
    for operation in contract.operations:
        successes = [status for status in operation.spec["responses"] if status < "300"]
        for status in successes:
            assert "example" in kinds(operation, status)["application/json"], f"{operation.id} {status}"
        bodies = operation.spec.get("requestBody", {}).get("content", {})
        table = bodies.get("application/json") or bodies.get("text/csv", {})
        assert not bodies or DOCX in bodies or "example" in table, operation.id


def test_every_parameter_of_a_path_has_an_example(contract: Contract) -> None:
    for operation in contract.operations:
        for parameter in operation.parameters("path"):
            examples = parameter.get("examples") or parameter["schema"].get("examples")
            assert examples, f"{operation.id} {parameter['name']}"


def test_examples_are_of_the_declared_shape(contract: Contract) -> None:
    for operation in contract.operations:
        for status, answer in operation.spec["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            if "example" in content:
                assert contract.faults(content["schema"], content["example"]) == [], f"{operation.id} {status}"
        for kind, content in operation.spec.get("requestBody", {}).get("content", {}).items():
            if "example" in content:
                assert contract.faults(content["schema"], content["example"]) == [], f"{operation.id} {kind}"


@pytest.mark.parametrize(
    ("model", "member"),
    [
        ("ValueOut", "value"),
        ("EventTargetOut", "share"),
        ("Criterion", "max"),
        ("RatioRule", "full_at"),
        ("Band", "min"),
    ],
)
def test_figures_of_answers_are_numbers_and_so_are_their_defaults(contract: Contract, model: str, member: str) -> None:
    declared = contract.document["components"]["schemas"][model]["properties"][member]

    assert {each.get("type") for each in declared.get("anyOf", [declared])} <= {"number", "null"}
    assert not isinstance(declared.get("default"), str)


@pytest.mark.parametrize("format", ["csv", "xlsx", "ndjson"])
def test_lists_declare_the_other_formats(contract: Contract, format: str) -> None:
    media = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
    kind = media.get(format, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    lists = [each for each in contract.operations if any(p["name"] == "format" for p in each.parameters("query"))]
    lists = [each for each in lists if each.id not in ("read_letter_template", "read_notice_report")]  # without rows

    assert lists
    assert [each.id for each in lists if kind not in kinds(each, "200")] == []
