"""The Word files of an office: stated, inherited, kept through time, given back to the byte, frozen."""

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.config import Settings
from app.reports.data import ReportQuery
from app.reports.data_source import report_data_for
from app.services.doctor import files as files_checked
from app.services.rights import Caller, Scope
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import a_commune, a_unit, some_figures, with_figures, with_units
from tests.support.word_files import DOCX, SENT, a_template

Client = httpx.AsyncClient
OURS, FOREIGN = "H60.101", "H19"
PATH, BELOW = "/v1/letter-templates/H60/announcement", f"/v1/letter-templates/{OURS}/announcement"
FIRST, SECOND = a_template("Kính gửi"), a_template("Nơi nhận")
ADMIN = Caller("test", frozenset({Scope.ADMIN}))


@pytest.fixture(autouse=True)
async def units(api: Client) -> None:
    await with_units(api, [a_unit(), a_commune(OURS), a_unit(code=FOREIGN, name="UBND tỉnh Đồng Nai")])


async def put(client: Client, path: str = PATH, file: bytes = FIRST, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.put(path, content=file, headers={**SENT, **named})


async def entries(api: Client) -> list[dict[str, Any]]:
    answer = await api.get("/v1/audit", params={"action": "letter_templates.stated"})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def said(file: bytes, unit: str = "H60", above: str | None = None) -> dict[str, Any]:
    """What is answered of a file, but for when it was stated."""
    digest = hashlib.sha256(file).hexdigest()
    return {"unit": unit, "kind": "announcement", "sha256": digest, "size": len(file), "inherited_from": above}


def told(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "known_at"}


async def test_a_file_is_given_back_to_the_byte_and_described(api: Client) -> None:
    first, second = await put(api), await put(api, file=SECOND)

    described = await api.get(PATH)
    by_format = await api.get(PATH, params={"format": "docx"})
    by_accept = await api.get(PATH, headers={"Accept": DOCX})

    assert (first.status_code, told(first)) == (201, said(FIRST))
    assert (second.status_code, told(second)) == (200, said(SECOND))
    assert described.json() == second.json()
    assert by_format.content == by_accept.content == SECOND
    assert by_format.headers["content-type"] == DOCX
    assert by_format.headers["content-disposition"] == 'attachment; filename="announcement-H60.docx"'
    assert "Accept" in described.headers["vary"]


async def test_a_form_with_the_file_is_taken_as_the_file(api: Client) -> None:
    answer = await api.put(PATH, files={"file": ("letter.docx", FIRST, DOCX)})

    assert (answer.status_code, told(answer)) == (201, said(FIRST))


async def test_the_same_file_again_changes_nothing(api: Client) -> None:
    first, again = await put(api), await put(api)

    assert (again.status_code, again.content) == (200, first.content)
    assert len(await entries(api)) == 1


async def test_a_file_holds_for_the_units_below_until_they_have_their_own(api: Client) -> None:
    await put(api)
    inherited = await api.get(BELOW)
    own = await put(api, BELOW, SECOND)
    held = await api.get(BELOW)

    taken = await api.delete(BELOW)
    again = await api.delete(BELOW)

    assert told(inherited) == said(FIRST, OURS, "H60")
    assert (own.status_code, told(own)) == (201, said(SECOND, OURS))
    assert told(held) == said(SECOND, OURS)
    assert (taken.status_code, told(taken)) == (200, said(SECOND, OURS))
    assert (again.status_code, again.json()["code"]) == (404, "letter_template_unknown")
    assert told(await api.get(BELOW)) == said(FIRST, OURS, "H60")
    assert (await api.get(BELOW, params={"format": "docx"})).content == FIRST


async def test_a_file_of_another_kind_or_unit_is_not_taken(api: Client) -> None:
    await put(api, "/v1/letter-templates/H60/direction")
    await put(api, BELOW)
    await put(api, f"/v1/letter-templates/{FOREIGN}/announcement")

    assert (await api.get(PATH)).json()["code"] == "letter_template_unknown"


async def test_what_stood_then_is_read_for_ever(api: Client, clock: Clock) -> None:
    await put(api)
    then = clock.forward(hours=1).isoformat()
    clock.forward(hours=1)
    await put(api, file=SECOND)
    await api.delete(PATH)

    assert told(await api.get(PATH, params={"as_of": then})) == said(FIRST)
    assert (await api.get(PATH, params={"as_of": then, "format": "docx"})).content == FIRST
    assert told(await api.get(BELOW, params={"as_of": then})) == said(FIRST, OURS, "H60")


async def test_the_trace_names_files_by_their_digests(api: Client) -> None:
    await put(api)
    await put(api, file=SECOND)
    await api.delete(PATH)

    def named(file: bytes) -> dict[str, Any]:
        return {"H60/announcement": {"sha256": hashlib.sha256(file).hexdigest(), "size": len(file)}}

    found = [(each["before"], each["after"]) for each in await entries(api)]
    gone = {"H60/announcement": None}
    assert found == [(named(SECOND), gone), (named(FIRST), named(SECOND)), (None, named(FIRST))]


async def test_a_file_is_written_upon_the_one_that_was_read_and_upon_no_other(api: Client) -> None:
    await put(api)
    tags = [(await api.get(PATH, params={"format": format})).headers["etag"] for format in ("json", "docx")]
    inherited = (await api.get(BELOW)).headers["etag"]
    await put(api, file=SECOND)

    refused = [await put(api, If_Match=tag) for tag in tags]
    refused += [await put(api, BELOW, If_Match=inherited), await put(api, If_None_Match="*")]
    refused.append(await api.delete(PATH, headers={"If-Match": tags[0]}))
    tag = (await api.get(PATH, params={"format": "docx"})).headers["etag"]
    done = await put(api, If_Match=tag)

    assert tags[0] != tags[1]
    assert [each.status_code for each in refused] == [412] * 5
    assert done.status_code == 200


async def test_files_are_listed_without_their_bytes(api: Client) -> None:
    for path in (PATH, BELOW, "/v1/letter-templates/H60/direction"):
        await put(api, path)

    first = (await api.get("/v1/letter-templates", params={"limit": 2})).json()
    second = (await api.get("/v1/letter-templates", params={"cursor": first["next_cursor"]})).json()

    listed = [(each["unit"], each["kind"]) for each in (*first["items"], *second["items"])]
    assert listed == [("H60", "announcement"), ("H60", "direction"), (OURS, "announcement")]
    for format in ("csv", "xlsx", "ndjson"):
        assert (await api.get("/v1/letter-templates", params={"format": format})).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"content": FIRST, "headers": {"Content-Type": "image/png"}}, 415, "content_type_unsupported"),
        ({"json": {"file": "x"}}, 415, "content_type_unsupported"),
        ({"content": b"x" * 2_200_000, "headers": SENT}, 413, "body_too_large"),
        ({"files": [("file", ("a.docx", FIRST)), ("file", ("b.docx", FIRST))]}, 422, "one_file_expected"),
        ({"content": b"%PDF-1.7", "headers": {"Content-Type": "application/pdf"}}, 400, "docx_other"),
        ({"files": {"file": (None, FIRST)}}, 422, "file_part_expected"),
        ({"files": {"template": ("a.docx", FIRST)}}, 422, "file_part_expected"),
    ],
)
async def test_what_is_no_word_file_is_refused(api: Client, sent: dict[str, Any], status: int, code: str) -> None:
    answer = await api.put(PATH, **sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await entries(api) == []


async def test_a_file_that_no_letter_can_be_made_from_is_refused_with_each_fault(api: Client) -> None:
    unknown = await put(api, file=a_template("Tổng {{ totl }}", "Hạng {{ rnk }}"))
    hostile = await put(api, file=a_template("{{ period.__class__ }}"))
    no_file = await put(api, file=b"PK no file at all")

    assert (unknown.status_code, unknown.json()["code"]) == (422, "letter_template_invalid")
    assert [(each["code"], each["row"]) for each in unknown.json()["errors"]] == [
        ("field_unknown", 1),
        ("field_unknown", 2),
    ]
    assert hostile.status_code == 422
    assert no_file.status_code in (400, 422)
    assert await entries(api) == []


async def test_a_subtree_key_writes_its_own_and_reads_what_it_inherits(
    api: Client, as_key: Callable[..., Client]
) -> None:
    ours = as_key(Scope.EVALUATIONS_WRITE, Scope.VALUES_READ, unit=OURS)
    await put(api)

    refused = [await put(ours), await put(ours, PATH, b"no file that anybody looks at"), await ours.delete(PATH)]
    hidden, inherited = await ours.get(PATH), await ours.get(BELOW)
    written = await put(ours, BELOW, SECOND)

    assert [(each.status_code, each.json()["code"]) for each in refused] == [(403, "unit_forbidden")] * 3
    assert (hidden.status_code, hidden.json()["code"]) == (404, "unit_unknown")
    assert told(inherited) == said(FIRST, OURS, "H60")
    assert written.status_code == 201
    listed = (await ours.get("/v1/letter-templates")).json()["items"]
    assert [each["unit"] for each in listed] == [OURS]


def template(database: Database, settings: Settings, **query: Any) -> bytes | None:
    """The file that the letter of a report is made from."""
    with database.reading() as session:
        asked = ReportQuery(default_framework=settings.default_framework, **query)
        return report_data_for(session, ADMIN, asked).letter_template("announcement")


async def test_a_letter_is_made_from_the_nearest_file_live_and_over_an_evaluation_from_the_frozen_one(
    api: Client, database: Database, settings: Settings
) -> None:
    live = {"period": "2024-07", "under": "H60"}
    assert template(database, settings, **live) is None
    await with_figures(api, some_figures(OURS))
    await put(api)
    order = {**live, "levels": ["commune"]}
    drawn = (await api.post("/v1/evaluations", json=order)).json()
    await put(api, file=SECOND)
    second = (await api.post("/v1/evaluations", json=order)).json()

    assert template(database, settings, **live) == SECOND
    assert template(database, settings, period="2024-07", under=OURS) == SECOND
    assert template(database, settings, evaluation=drawn["id"]) == FIRST
    assert template(database, settings, evaluation=second["id"]) == SECOND
    assert drawn["digest"] == second["digest"]
    assert drawn["letter_digest"] != second["letter_digest"]
    assert (await api.get(f"/v1/evaluations/{drawn['id']}/verify")).json()["matches"] is True


async def test_a_file_that_was_tampered_with_is_found(api: Client, database: Database) -> None:
    await put(api)
    with database.reading() as session:
        assert files_checked(session).state == "ok"

    with database.writing() as session:
        session.execute(text("UPDATE letter_files SET content = :content"), {"content": SECOND})
    with database.reading() as session:
        found = files_checked(session)
    with database.writing() as session:
        session.execute(text("DELETE FROM letter_files"))
    with database.reading() as session:
        lost = files_checked(session)

    assert found.state == lost.state == "bad"
    assert hashlib.sha256(FIRST).hexdigest() in found.said
    assert hashlib.sha256(FIRST).hexdigest() in lost.said
