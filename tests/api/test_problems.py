"""Refusals: always problem+json, in the reader's language, under the id of the request; never a 500."""

import random
import re
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import InternalError

from app.api.problems import from_database
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.contract import Contract, Operation

LEFT_OPEN = re.compile(r"\{[a-z_]+\}")
"""A name in braces that a sentence should have filled in."""

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}
NASTY = (
    "", " ", "\0", "a\0b", "%", "%00", "é", "đ" * 300, "\u202e", "\ud7ff", "😀", "\n", "H60\n", "../etc/passwd", "';",
    "0", "-1", "1e400", "NaN", "9" * 30, str(2**31), str(2**63), "-" + str(2**63), "1.5", "true", "null", "[]", "{}",
    "0000", "2024-00", "2024-13", "2024-Q5", "2024-H3", "9999-12", "10000", "0001-01", "0000-01",
    "0001-01-01", "9999-12-31", "10000-01-01", "2024-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59Z", "2024-07-08T11:00:00", "2024-07-08T11:00:00 07:00", "-271821-04-20T00:00:00Z",
    "H60", "H60.", ".H60", "h60", "H60%0A", "A" * 36, "A" * 5000, "qd766@", "qd766@2026@", "@", "paid_dossiers", "code",
)  # fmt: skip


def told(answer: httpx.Response) -> dict[str, Any]:
    """The problem of a refusal, seen to be whole."""
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:chiso:problem:{body['code']}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert not LEFT_OPEN.search(body["detail"])
    for fault in body.get("errors", ()):
        assert fault["code"]
        assert fault["detail"]
        assert not LEFT_OPEN.search(fault["detail"])
    return body


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/v1", "/v1/", "/v1/units/", "//v1/units", "/v1/units/H60/", "/V1/units", "/v1/units/a/b/c", "/docs/",
     "/static/none.js", "/static/%00", "/static/../app/config.py", "/static/" + "a" * 5000, "/" + "x" * 20_000],
)  # fmt: skip
async def test_what_is_not_there_is_a_problem_and_no_redirect(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(path)

    assert answer.status_code == 404
    assert told(answer)["code"] == "route_unknown"
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/units", "GET, HEAD"),
        ("POST", "/readyz", "GET, HEAD"),
        ("POST", "/v1/units/H60", "GET, PATCH, PUT, HEAD"),
        ("DELETE", "/v1/imports", "GET, POST, HEAD"),
        ("PUT", "/v1/imports/1/undo", "POST"),
        ("POST", "/v1/periods/2024/lock", "DELETE, PUT"),
        ("POST", "/static/docs/index.html", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_names_all_the_right_ones(
    method: str, path: str, allowed: str, api: httpx.AsyncClient
) -> None:
    answer = await api.request(method, path)

    assert (answer.status_code, told(answer)["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units/H60%0AH61",
        "/v1/units/H60%00",
        "/v1/units/h60",
        "/v1/units/" + "A" * 36,
        "/v1/units/H60..1",
        "/v1/units?q=%00",
        "/v1/units?parent=H60%0AH61",
        "/v1/units?active_on=10000-01-01",
        "/v1/units?active_on=2024-02-30",
        "/v1/units?as_of=2024-07-08T11:00:00",
        "/v1/units?as_of=5",
        "/v1/values?observed_by=1720411200",
        "/v1/units?as_of=9999-12-31T23:59:59-12:00",
        "/v1/units?q=" + "a" * 201,
        "/v1/units?level=xa",
        "/v1/periods/2024-13",
        "/v1/periods/10000",
        "/v1/periods/0000-01",
        "/v1/periods/0001-01",
        "/v1/periods/9999-12",
        "/v1/periods/2024-07%0A2024-08",
        "/v1/indicators/paid%0Adossiers",
        "/v1/frameworks/qd766%0A@2026",
        "/v1/frameworks/QD766",
        "/v1/imports/0",
        "/v1/imports/x",
        "/v1/imports/99999999999999999999",
        "/v1/imports/2147483648",
        "/v1/imports/9223372036854775808",
        "/v1/audit?actor=%00",
        "/v1/values?observed_by=10000-01-01T00:00:00Z",
    ],
)
async def test_what_cannot_be_is_refused_with_its_parameter(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(path)

    assert answer.status_code == 422, answer.text
    assert [each for each in told(answer)["errors"] if "parameter" not in each] == []


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/scores?level=commune&period=2024-13", "period"),
        ("/v1/scores?level=commune&period=2024-07&against=xx", "against"),
        ("/v1/scores/H60?from=xx", "from"),
        ("/v1/scores/H60?to=xx", "to"),
        ("/v1/scores/H60/2024-13", "period"),
        ("/v1/scores/H60/2024-07?against=xx", "against"),
        ("/v1/findings?period=xx", "period"),
        ("/v1/periods?from=xx", "from"),
        ("/v1/periods/2024-13", "code"),
        ("/v1/periods/2024-13/completeness?level=commune", "code"),
        ("/v1/reports/classification?period=xx", "period"),
        ("/v1/reports/comparison?period=2024-07&unit=H60&against=xx", "against"),
        ("/v1/evaluations?period=xx", "period"),
        ("/v1/tasks?period=xx", "period"),
        ("/v1/publications?period=xx", "period"),
    ],
)
async def test_a_period_that_is_none_is_refused_at_its_parameter(
    path: str, parameter: str, api: httpx.AsyncClient
) -> None:
    answer = await api.get(path)

    faults = [(each["code"], each.get("parameter")) for each in told(answer)["errors"]]
    assert (answer.status_code, faults) == (422, [("period_invalid", parameter)])


async def test_unknown_parameters_and_wrong_values_are_named_together(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units?bogus=1&level=xx&limit=0&as_of=5")

    assert answer.status_code == 422
    assert sorted(each["parameter"] for each in told(answer)["errors"]) == ["as_of", "bogus", "level", "limit"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units?active_on=0001-01-01",
        "/v1/units?active_on=9999-12-31",
        "/v1/units?as_of=0001-01-01T00:00:00%2B14:00",
        "/v1/values?as_of=0001-01-01T00:00:00Z&observed_by=0001-01-01T00:00:00Z",
        "/v1/audit?until=9999-12-31T23:59:59-12:00",
        "/v1/audit?since=0001-01-01T00:00:00%2B14:00",
        "/v1/units?q=%25_%5C'",
    ],
)
async def test_what_is_far_away_is_answered(path: str, api: httpx.AsyncClient) -> None:
    assert (await api.get(path)).status_code == 200


@pytest.mark.parametrize(
    "written", ["2024-07-08T11:00:00+07:00", "2024-07-08T11:00:00%2B07:00", "2024-07-08T11:00+07:00"]
)
async def test_a_plus_written_by_hand_is_the_offset_that_it_was(written: str, api: httpx.AsyncClient) -> None:
    """In an address `+` stands for a space."""
    answer = await api.get(f"/v1/values?observed_by={written}&as_of={written}")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("written", ["2024-07-08+11:00", "2024-07-08+11:00:00", "2024-07-08T11:00:00+07"])
async def test_a_space_is_no_offset_elsewhere(written: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/v1/values?observed_by={written}")

    assert (answer.status_code, told(answer)["errors"][0]["code"]) == (422, "moment_invalid")


@pytest.mark.parametrize("number", [1, 2**31 - 1])
async def test_an_import_that_is_not_there_is_not_found(number: int, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/v1/imports/{number}")

    assert (answer.status_code, told(answer)["code"]) == (404, "import_unknown")


async def test_unknown_parameters_are_named_with_a_suggestion(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units?levle=commune&limit=3&limit=4&x" + "y" * 300 + "=1")

    found = {each["code"]: each for each in told(answer)["errors"]}
    assert answer.status_code == 422
    assert len(told(answer)["errors"]) == 3
    assert found["parameter_repeated"]["parameter"] == "limit"
    assert {each["suggestion"] for each in told(answer)["errors"] if "suggestion" in each} == {"level"}
    assert max(len(each["parameter"]) for each in told(answer)["errors"]) == 60


async def test_a_short_parameter_is_not_taken_for_one_that_is_alike_by_chance(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/findings?from=2024-01&perod=2024-07")

    suggested = {each["parameter"]: each.get("suggestion") for each in told(answer)["errors"]}
    assert (suggested["from"], suggested["perod"]) == (None, "period")


async def test_an_address_without_parameters_says_so(api: httpx.AsyncClient) -> None:
    answer = await api.get("/livez?levle=commune")

    assert told(answer)["errors"][0]["detail"] == "There is no parameter `levle` here; this address takes none."


async def test_no_operation_takes_a_parameter_that_it_does_not_declare(
    api: httpx.AsyncClient, contract: Contract
) -> None:
    for operation in contract.operations:
        path = operation.path.replace("{name}", "qd766").replace("{code}", "H60").replace("{id}", "1")
        path = path.replace("{unit}", "H60").replace("{period}", "2024-07")

        answer = await api.request(operation.method, path, params={"surprise": "1"})

        assert (answer.status_code, told(answer)["code"]) == (422, "parameters_refused"), operation.id


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("fr, vi;q=0.1", "vi"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("vi;q=0", "en"),
        ("vi;q=high", "en"),
        ("vi;q=nan,en;q=1", "en"),
        (",,;;q=,", "en"),
    ],
)
async def test_a_problem_speaks_the_readers_language(accept: str, language: str, api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units/H99?active_on=x", headers={"Accept-Language": accept})

    assert answer.headers["content-language"] == language
    assert "accept-language" in answer.headers["vary"].lower()
    assert (told(answer)["title"] == "Nội dung bị từ chối") == (language == "vi")
    assert (told(answer)["errors"][0]["detail"] == "Ghi ngày dạng 2024-07-31.") == (language == "vi")


@pytest.mark.parametrize("given", ["abc-123", "A" * 80, "0.1_2"])
async def test_a_request_keeps_the_id_it_came_with(given: str, api: httpx.AsyncClient) -> None:
    found = await api.get("/readyz", headers={"X-Request-Id": given})
    lost = await api.get("/v1/units/H99", headers={"X-Request-Id": given})

    assert found.headers["x-request-id"] == lost.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", " ", "a b", "A" * 81, 'x"><script>', "a\tb"])
async def test_an_id_that_no_log_should_hold_is_replaced(given: str, api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units/H99", headers={"X-Request-Id": given})

    assert len(told(answer)["request_id"]) == 16
    assert told(answer)["request_id"] != given


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html", "nonsense", "application/*;q=x", ";;;,,,", "application/xml"]
)
async def test_an_unknown_accept_gets_json(accept: str, api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/units", headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "bearer  x", "x", "", "Bearer a b", "Bearer é"])
async def test_a_header_that_is_no_key_is_not_read_as_nobody(header: str, anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get("/v1/units", headers={b"Authorization": header.encode()})

    assert (answer.status_code, told(answer)["code"]) == (401, "key_unknown")
    assert answer.headers["www-authenticate"] == "Bearer"


async def fuzzed(api: httpx.AsyncClient, operation: Operation, chance: random.Random) -> httpx.Response:
    """One request of an operation with odd values in its path and some of its query parameters."""
    path = operation.path
    for parameter in operation.parameters("path"):
        odd = chance.choice(NASTY) or "x"
        encoded = "".join(f"%{byte:02X}" for byte in odd.encode("utf-8", "replace"))
        path = path.replace(f"{{{parameter['name']}}}", encoded)
    names = [each["name"] for each in operation.parameters("query")]
    query = {name: chance.choice(NASTY) for name in names if chance.random() < 0.4}
    body = operation.spec.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    sent = {"json": spoiled(body, chance)} if body is not None else {}
    return await api.request(operation.method, path, params=query, **sent)


def spoiled(body: Any, chance: random.Random) -> Any:
    """A body with one of its parts replaced by something odd."""
    if isinstance(body, dict) and body and chance.random() < 0.9:
        name = chance.choice(sorted(body))
        return {**body, name: spoiled(body[name], chance)}
    if isinstance(body, list) and body and chance.random() < 0.9:
        index = chance.randrange(len(body))
        return [*body[:index], spoiled(body[index], chance), *body[index + 1 :]]
    odd: list[Any] = [
        *(each for each in NASTY if "\0" not in each),
        None,
        True,
        0,
        -1,
        2**62,
        10**17,
        [],
        {},
        [[]],
        [None],
    ]
    return chance.choice(odd)


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_odd_breaks_the_service(seed: int, api: httpx.AsyncClient, contract: Contract) -> None:
    """The client asserts that each answer is declared, so that no 500 passes; the figures stay readable."""
    chance = random.Random(seed)
    await with_units(api, [a_unit(), a_commune()])
    await with_figures(api, some_figures())
    instance = (await api.get("/readyz")).json()["instance"]

    for operation in contract.operations:
        for _ in range(10):
            answer = await fuzzed(api, operation, chance)
            assert answer.status_code < 500, f"{operation.id}: {answer.request.url} {answer.request.content[:500]!r}"
            if answer.status_code >= 400:
                told(answer)

    for path in ("/v1/units", "/v1/values?history=true", "/v1/imports", "/v1/audit", "/v1/periods", "/v1/frameworks"):
        assert (await api.get(path)).status_code == 200
    assert (await api.get("/readyz")).json()["instance"] == instance


async def test_a_parameter_that_a_route_and_its_precondition_read_is_refused_once(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/evaluations/None/publish")

    assert [(each["parameter"], each["code"]) for each in answer.json()["errors"]] == [("id", "number_invalid")]


@pytest.mark.parametrize(
    ("said", "status"), [('could not extend file "base/1/2": File too large', 503), ("unexpected chunk number", 500)]
)
def test_a_file_of_the_database_that_cannot_grow_is_no_fault_inside_the_service(said: str, status: int) -> None:
    assert from_database(InternalError("INSERT", {}, Exception(said))).status == status
