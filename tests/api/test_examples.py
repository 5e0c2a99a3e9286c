"""The examples of the contract, each sent to a fresh service one after the other, answer as they say."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.support.contract import Contract, Operation
from tests.support.word_files import DOCX, SENT, a_template

ORDER = (
    "read_livez",
    "read_readyz",
    "import_units",
    "patch_unit",
    "put_unit",
    "post_key",
    "patch_key",
    "rotate_key",
    "post_unit_event",
    "validate_framework",
    "post_framework",
    "post_import",
    "put_period_due",
    "put_targets",
    "put_publications",
    "post_task",
    "patch_task",
    "put_letter_profile",
    "put_letter_text",
    "put_layout",
    "put_import_profile",
    "suggest_import_profile",
    "put_letter_template",
    "lock_period",
    "unlock_period",
    "put_webhook",
    "test_webhook",
    "post_evaluation",
    "unschedule_evaluation",
    "publish_evaluation",
)
"""Writes in an order in which each finds what it needs; reads come after them, in the order of the
document, and at last what takes away what they read."""

OF_THE_MOMENT = {
    "as_of",
    "at",
    "changed_at",
    "created_at",
    "digest",
    "hash",
    "id",
    "import_id",
    "instance",
    "known_at",
    "plan",
    "previous",
    "published_at",
    "letter_digest",
    "next",
    "recomputed",
    "secret",
    "request_id",
    "sha256",
    "size",
    "withdrawn_at",
    "event",
    "timestamp",
    "next_attempt_at",
}
"""Members whose value depends on time, chance or what was written before; their shape is checked all the same."""


def held(example: object, answer: object, member: str = "") -> bool:
    """Whether an answer says what the example says. Lists may hold more; every item of the example is among them."""
    if member == "version" and isinstance(example, int):  # of the data; those of frameworks are texts
        return isinstance(answer, int)
    if member in OF_THE_MOMENT and not isinstance(example, dict | list):
        return isinstance(answer, type(example))
    if isinstance(example, dict):
        return isinstance(answer, dict) and all(
            name in answer and held(value, answer[name], name) for name, value in example.items()
        )
    if isinstance(example, list):
        return isinstance(answer, list) and all(any(held(each, one) for one in answer) for each in example)
    return example == answer


def in_order(contract: Contract) -> list[Operation]:
    known = {each.id: each for each in contract.operations}
    written = [known.pop(name) for name in ORDER]
    return [*written, *sorted(known.values(), key=lambda each: each.method == "delete")]


def example_of(parameter: Mapping[str, Any]) -> Any:
    examples = parameter.get("examples") or parameter["schema"].get("examples")
    return examples[0] if isinstance(examples, list) else None


async def send(api: httpx.AsyncClient, operation: Operation) -> httpx.Response:
    """The request that the examples of an operation describe."""
    path = operation.path.format(**{each["name"]: example_of(each) for each in operation.parameters("path")})
    query = {each["name"]: example_of(each) for each in operation.parameters("query")}
    bodies = operation.spec.get("requestBody", {}).get("content", {})
    body = bodies.get("application/json", {})
    given: dict[str, Any] = {"json": body["example"]} if "example" in body else {}
    if not given and "example" in bodies.get("text/csv", {}):
        given = {"content": bodies["text/csv"]["example"], "headers": {"Content-Type": "text/csv"}}
    if DOCX in bodies:
        texts = () if operation.id == "check_letter_template" else ("Kính gửi",)
        given = {"content": a_template(*texts), "headers": SENT}
    params = {name: value for name, value in query.items() if value is not None}
    return await api.request(operation.method, path, params=params, **given)


async def test_every_example_is_answered_as_it_says(api: httpx.AsyncClient, contract: Contract) -> None:
    """One run over all operations: the answer's status is a success, and what it says holds."""
    for operation in in_order(contract):
        answer = await send(api, operation)

        assert answer.is_success, f"{operation.id}: {answer.text}"
        declared = operation.spec["responses"][str(answer.status_code)]["content"]["application/json"]["example"]
        assert held(declared, answer.json()), f"{operation.id} answered {answer.text[:2000]}, not {declared}"


@pytest.mark.parametrize("changed", ["name", "level"])
def test_an_answer_that_says_something_else_is_noticed(changed: str) -> None:
    example = {"items": [{"name": "a", "level": "b", "id": 3}]}
    answer = {"items": [{"name": "a", "level": "b", "id": 7, "more": 1}, {"name": "c", "level": "b", "id": 8}]}

    assert held(example, answer)
    assert not held(example, {"items": [{**answer["items"][0], changed: "x"}]})
