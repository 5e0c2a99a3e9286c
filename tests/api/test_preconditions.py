"""`If-Match` and `If-None-Match: *` on every write of something that has an ETag, found from the contract."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.services.rights import Scope
from tests.make import a_framework, a_unit, with_units
from tests.support.contract import Contract

Client = httpx.AsyncClient
UNIT = a_unit()
TARGET = {"indicator": "dossier_sync", "year": 2024, "target": 90}
PUBLICATION = {"unit": "H60", "period": "2024-07", "due_on": "2024-08-31"}
TASK = {"kind": "directive", "title": "Đồng bộ hồ sơ", "assignee": "H60"}
IMPORT_PROFILE = {"columns": [{"heading": "A", "field": "unit"}, {"heading": "B", "indicator": "on_time"}]}
FRAMEWORK = a_framework()
NEWER = {**FRAMEWORK, "name": {"vi": "Bộ chỉ số khác", "en": "Another index"}}
WRITES: list[tuple[str, str, Any, str]] = [
    ("PUT", "/v1/units/H60", {**UNIT, "name": "Tỉnh A"}, "/v1/units/H60"),
    ("PATCH", "/v1/units/H60", {"name": "Tỉnh B"}, "/v1/units/H60"),
    ("PUT", "/v1/periods/2024-07/lock", {"reason": "Đã công bố"}, "/v1/periods/2024-07"),
    ("DELETE", "/v1/periods/2024-07/lock", None, "/v1/periods/2024-07"),
    ("PUT", "/v1/periods/2024-07/due", {"due_on": "2024-08-15"}, "/v1/periods/2024-07"),
    ("PUT", "/v1/targets", TARGET, "/v1/targets"),
    ("PUT", "/v1/publications", PUBLICATION, "/v1/publications"),
    ("PUT", "/v1/letter-profiles/H60", {"place": "Tuyên Quang"}, "/v1/letter-profiles/H60"),
    ("PUT", "/v1/letters/H60/2024-07/announcement", {"subject": "V/v"}, "/v1/letters/H60/2024-07/announcement"),
    ("PUT", "/v1/import-profiles/thang", {**IMPORT_PROFILE, "title": "Mới"}, "/v1/import-profiles/thang"),
    ("PATCH", "/v1/tasks/1", {"title": "Đồng bộ hết"}, "/v1/tasks/1"),
    ("PATCH", "/v1/keys/clerk", {"networks": ["127.0.0.0/8"]}, "/v1/keys/clerk"),
    ("POST", "/v1/keys/clerk/rotate", {"overlap_seconds": 60}, "/v1/keys/clerk"),
    ("DELETE", "/v1/keys/clerk", None, "/v1/keys/clerk"),
    ("POST", "/v1/frameworks", NEWER, f"/v1/frameworks/{FRAMEWORK['code']}@{FRAMEWORK['version']}"),
]
"""A write that changes something, and the address that is read for its ETag."""
OTHERS = {
    *("put_layout", "delete_layout", "delete_letter_text", "put_letter_template", "delete_letter_template"),
    "delete_import_profile",
    *("put_webhook", "delete_webhook", "unschedule_evaluation"),
}
"""Writes after which nothing is left that could have one, of files, and of what needs a host or a draft: their own
tests say how they take them."""


@pytest.fixture
async def something(api: Client) -> None:
    """One of everything that is written."""
    await with_units(api, [UNIT])
    for method, path, body in (
        ("PUT", "/v1/targets", {**TARGET, "target": 80}),
        ("PUT", "/v1/publications", {**PUBLICATION, "due_on": "2024-08-30"}),
        ("POST", "/v1/tasks", TASK),
        ("POST", "/v1/keys", {"name": "clerk", "scopes": ["values:read"]}),
        ("PUT", "/v1/letter-profiles/H60", {"place": "Hà Nội"}),
        ("PUT", "/v1/letters/H60/2024-07/announcement", {"subject": "Về"}),
        ("PUT", "/v1/import-profiles/thang", IMPORT_PROFILE),
        ("PUT", "/v1/periods/2024-07/due", {"due_on": "2024-08-10"}),
        ("POST", "/v1/frameworks", FRAMEWORK),
    ):
        answer = await api.request(method, path, json=body)
        assert answer.is_success, answer.text


async def write(api: Client, method: str, path: str, body: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await api.request(method, path, headers=named, **({} if body is None else {"json": body}))


def test_every_write_of_something_with_an_etag_takes_preconditions(contract: Contract) -> None:
    taking = {
        each.id
        for each in contract.operations
        if each.writes and {"if-match", "if-none-match"} <= {one["name"].lower() for one in each.parameters("header")}
    }

    written = {contract.find(method, path).id for method, path, _, _ in WRITES}  # type: ignore[union-attr]
    assert taking == written | {"publish_evaluation", "withdraw_evaluation"} | OTHERS
    for operation in contract.operations:
        if operation.writes and operation.method != "post":
            assert operation.id in taking
        if operation.id in taking:
            assert "412" in operation.spec["responses"]


@pytest.mark.usefixtures("something")
@pytest.mark.parametrize(("method", "path", "body", "read"), WRITES)
async def test_a_write_happens_upon_the_state_that_was_read_and_upon_no_other(
    method: str, path: str, body: Any, read: str, api: Client
) -> None:
    plain = await api.get(read, headers={"Accept-Encoding": "identity"})
    forced = await api.get(read, headers={"Accept-Encoding": "gzip, identity;q=0"})
    tag = plain.headers["etag"]

    refused = [
        await write(api, method, path, body, If_Match=f"W/{tag}"),
        await write(api, method, path, body, If_Match='"other"'),
        await write(api, method, path, body, If_None_Match="*"),
        await write(api, method, path, body, If_None_Match=tag),
    ]
    unchanged = await api.get(read, headers={"Accept-Encoding": "identity"})
    done = await write(api, method, path, body, If_Match=f'"other", {forced.headers["etag"]}')

    assert [answer.status_code for answer in refused] == [412] * 4
    states = {answer.headers["etag"].strip('"').partition("-")[0] for answer in refused}
    assert states == {tag.strip('"').partition("-")[0]}
    assert (unchanged.content, unchanged.headers["etag"]) == (plain.content, tag)
    assert done.is_success, done.text
    again = await write(api, method, path, body, If_Match=done.headers["etag"])
    anyhow = await write(api, method, path, body, If_Match="*")
    assert again.is_success, again.text
    assert anyhow.is_success, anyhow.text
    if method != "DELETE":
        stale = await write(api, method, path, body, If_Match=tag)
        assert stale.status_code == 412


@pytest.mark.usefixtures("something")
@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "ndjson"])
@pytest.mark.parametrize(("path", "body"), [("/v1/targets", TARGET), ("/v1/publications", PUBLICATION)])
async def test_the_tag_of_every_format_names_the_state(path: str, body: Any, format: str, api: Client) -> None:
    tag = (await api.get(path, params={"format": format, "limit": 1})).headers["etag"]

    first = await write(api, "PUT", path, body, If_Match=tag)
    late = await write(api, "PUT", path, {**body, "legal_ref": "766/QĐ-TTg"}, If_Match=tag)

    assert (first.status_code, late.status_code) == (200, 412)


async def test_what_does_not_exist_is_made_only_where_that_is_expected(api: Client) -> None:
    missing = await write(api, "PUT", "/v1/units/H60", UNIT, If_Match="*")
    nowhere = await write(api, "PATCH", "/v1/units/H60", {"name": "Tỉnh A"}, If_Match="*")
    made = await write(api, "PUT", "/v1/units/H60", UNIT, If_None_Match="*")

    assert (missing.status_code, missing.json()["code"]) == (412, "changed_meanwhile")
    assert nowhere.status_code == 404
    assert made.status_code == 201
    assert (await api.get("/v1/units/H60")).headers["etag"] == made.headers["etag"]


@pytest.mark.usefixtures("something")
async def test_of_two_writers_who_read_the_same_one_wins(api: Client) -> None:
    tag = (await api.get("/v1/units/H60")).headers["etag"]

    answers = await asyncio.gather(
        *(write(api, "PATCH", "/v1/units/H60", {"name": f"Tỉnh {place}"}, If_Match=tag) for place in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


@pytest.mark.usefixtures("something")
async def test_who_may_not_write_learns_nothing_from_a_precondition(
    api: Client, anonymous: Client, as_key: Callable[..., Client]
) -> None:
    await with_units(api, [a_unit(code="H61", name="Tỉnh khác")])
    stranger = as_key(Scope.UNITS_WRITE, unit="H61")

    assert (await write(anonymous, "PATCH", "/v1/units/H60", {"name": "x"}, If_Match='"x"')).status_code == 401
    assert (await write(stranger, "PATCH", "/v1/units/H60", {"name": "x"}, If_Match='"x"')).status_code == 403


async def test_a_precondition_that_could_not_be_honoured_is_refused(api: Client, contract: Contract) -> None:
    for operation in contract.operations:
        if operation.writes and "412" not in operation.spec["responses"]:
            path = operation.path.replace("{id}", "1")
            answer = await write(api, operation.method, path, {}, If_Match='"x"')

            assert (answer.status_code, answer.json()["code"]) == (422, "precondition_unsupported"), operation.id


@pytest.mark.parametrize(("method", "path", "body", "read"), WRITES)
async def test_a_precondition_is_a_list_of_tags_of_any_representation(
    something: None, api: Client, method: str, path: str, body: Any, read: str
) -> None:
    state = (await api.get(read)).headers["etag"].strip('"').partition("-")[0]
    lines = [("If-Match", '"another"'), ("If-Match", f'"{state}-zstd"')]

    answer = await api.request(method, path, headers=lines, **({} if body is None else {"json": body}))

    assert answer.is_success, answer.text


async def test_a_profile_that_was_taken_back_has_no_tag(something: None, api: Client) -> None:
    answer = await api.put("/v1/letter-profiles/H60", json={})

    assert answer.status_code == 200
    assert "etag" not in answer.headers
