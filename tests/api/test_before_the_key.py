"""Before a caller is known and may call, nothing of what it sends is read, parsed or looked at."""

import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from app.api import body as bodies
from app.services.rights import Scope
from tests.make import bearer
from tests.support.contract import Contract, Operation

CallerMaker = Callable[..., httpx.AsyncClient]
SENT: dict[str, Any] = {
    "JSON": {"Content-Type": "application/json"},
    "a form": {"Content-Type": "multipart/form-data; boundary=x"},
    "a repeated write": {"Content-Type": "application/json", "Idempotency-Key": "again"},
    "an unusable idempotency key": {"Idempotency-Key": "é".encode()},
    "more than is taken": {"Content-Type": "application/json", "Content-Length": "200000000"},
    "a condition": {"If-Match": '"1"', "If-None-Match": "*", "Chiso-Version": "999999"},
    "a condition that is none": {"Chiso-Version": "soon"},
}


class Body:
    """A body that notes whether anybody asks for it."""

    def __init__(self) -> None:
        self.asked_for = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.asked_for = True
        yield b"[NaN"


def keyed(contract: Contract) -> list[Operation]:
    """The operations that answer nobody without a key, by the document itself."""
    return [each for each in contract.operations if {} not in (each.spec["security"] or [{}])]


def address(operation: Operation) -> str:
    """An address of the operation, with a parameter that it does not take and path parameters that are wrong."""
    return operation.path.replace("{", "").replace("}", "") + "?bogus=1&bogus=2"


@pytest.mark.parametrize("sent", SENT)
async def test_nothing_is_received_of_whoever_has_no_key(
    sent: str, contract: Contract, anonymous: httpx.AsyncClient, client_of: CallerMaker
) -> None:
    unknown, not_bearer = client_of(**bearer("k" * 40)), client_of(Authorization="Basic eDp5")

    for operation in keyed(contract):
        for who, code in ((anonymous, "key_required"), (unknown, "key_unknown"), (not_bearer, "key_unknown")):
            body = Body()
            answer = await who.request(operation.method, address(operation), content=body, headers=SENT[sent])

            told = (answer.status_code, answer.json()["code"], answer.headers["www-authenticate"], body.asked_for)
            assert told == (401, code, "Bearer", False), operation.id


@pytest.mark.parametrize("sent", SENT)
async def test_nothing_is_received_of_whoever_lacks_the_scope(
    sent: str, contract: Contract, as_key: CallerMaker
) -> None:
    reader, other = as_key(Scope.VALUES_READ), as_key(Scope.FRAMEWORKS_WRITE)

    for operation in keyed(contract):
        body, who = Body(), other if Scope.VALUES_READ in operation.spec["description"] else reader
        answer = await who.request(operation.method, address(operation), content=body, headers=SENT[sent])

        assert (answer.status_code, answer.json()["code"], body.asked_for) == (403, "scope_missing", False), (
            operation.id
        )


def test_every_write_needs_a_key(contract: Contract) -> None:
    writes = {each.id for each in contract.operations if each.writes}

    assert writes <= {each.id for each in keyed(contract)}
    assert len(writes) > 15


async def test_parameters_are_looked_at_before_the_body(api: httpx.AsyncClient) -> None:
    body = Body()

    answer = await api.put("/v1/targets?bogus=1", content=body, headers=SENT["more than is taken"])

    assert (answer.status_code, answer.json()["code"], body.asked_for) == (422, "parameters_refused", False)


async def test_a_body_is_parsed_and_validated_off_the_event_loop(
    api: httpx.AsyncClient, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def noting_the_thread(*arguments: Any) -> object:
        threads.append(threading.current_thread())
        return read_model(*arguments)

    read_model = bodies.read_model
    monkeypatch.setattr("app.api.strict_requests.read_model", noting_the_thread)
    taking = [each for each in contract.operations if "$ref" in str(each.spec.get("requestBody", ""))]

    for operation in taking:
        await api.request(operation.method, operation.path.replace("{", "").replace("}", ""), json={"x": 1})

    assert len(threads) > 10
    assert threading.main_thread() not in threads


async def test_a_model_is_made_once(api: httpx.AsyncClient) -> None:
    """FastAPI takes what the thread has made as it is, and does not validate it once more."""
    items = [{"indicator": "dossier_sync", "year": 2024, "target": 99}]

    answers = [await api.put("/v1/targets", json=body) for body in (items[0], {"items": items})]

    assert [each.status_code for each in answers] == [200, 200]


async def test_the_caller_is_looked_up_once_a_request(as_key: CallerMaker, count_queries: Callable[[], Any]) -> None:
    reader = as_key(Scope.VALUES_READ)

    with count_queries() as queries:
        await reader.get("/v1/imports")

    assert [each for each in queries if "FROM keys" in each] == queries[:1]


async def test_a_body_over_the_limit_under_an_idempotency_key_is_a_problem(api: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "over"}

    answers = [
        await api.post("/v1/check", content=content, headers=headers)
        for content in (b" " * 1_000_001, Body(), b'{"unit": "H60"}')
    ]

    assert [(each.status_code, each.headers["content-type"]) for each in answers[:1]] == [
        (413, "application/problem+json")
    ]
    assert answers[0].json()["code"] == "body_too_large"
    assert "1000000 bytes" in answers[0].json()["detail"]
    assert answers[1].json()["code"] == "json_invalid"


async def test_a_form_is_known_again_under_another_boundary(api: httpx.AsyncClient) -> None:
    files = {"file": ("a.json", b"[]", "application/json")}

    answers = [await api.post("/v1/imports", files=files, headers={"Idempotency-Key": "form"}) for _ in range(2)]

    assert [each.headers.get("idempotency-replayed") for each in answers] == [None, "true"]


async def test_of_a_long_list_the_first_thousand_faults_are_named_and_the_others_counted(
    api: httpx.AsyncClient,
) -> None:
    """A megabyte of empty objects would be 600,000 errors, made in one call that nothing interrupts."""
    good = {"ref": "1", "text": "Thống kê ngày 29/02/2024"}
    bodies = {"heads": {"moments": [good] * 250 + [{}] * 700}, "too many": {"moments": [{}] * 300_000}}

    answers = {name: (await api.post("/v1/check", json=body)).json() for name, body in bodies.items()}

    for name, first, others in (("heads", 250, "400"), ("too many", 0, "599000")):
        *named, further = answers[name]["errors"]
        assert [each["pointer"] for each in named] == [
            f"/moments/{row}/{field}" for row in range(first, first + 500) for field in ("ref", "text")
        ]
        assert (further["code"], further["detail"].split()[0]) == ("further_errors", others)


async def test_a_long_list_without_fault_is_taken(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/check", json={"rows": [{"ref": str(row)} for row in range(1001)]})

    assert answer.status_code == 200


async def test_an_object_of_very_many_members_is_refused_before_each_is_looked_at(api: httpx.AsyncClient) -> None:
    wide = {f"k{number}": 1 for number in range(1_000)}

    answer = await api.post("/v1/check", json={"rows": [{"ref": "1"}, {"ref": "2", "now": wide}]})

    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_members")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/rows/1/now"]


async def test_of_very_many_unknown_parameters_the_first_are_named(api: httpx.AsyncClient) -> None:
    query = "&".join(f"a{number}=1" for number in range(2_000))

    answer = await api.get(f"/v1/units?{query}")

    *named, further = answer.json()["errors"]
    assert (answer.status_code, len(named), further["code"]) == (422, 1_000, "further_errors")


async def test_a_query_that_is_longer_than_any_question_is_not_read(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units?q=" + "a" * 16_000)

    assert (answer.status_code, answer.json()["code"]) == (422, "query_too_long")


async def test_headers_that_are_longer_than_any_need_are_not_read(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/nothing", headers={"Accept": "a/b," * 16_000})

    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")
