"""Two seals: one of the scores and all that they follow from, one of what letters need besides."""

import hashlib
import json

import httpx
import pytest

from app.answers.sealed_content import SealedLetter
from app.services.frozen_content import LETTER
from app.store.db import Database
from tests.api.conftest import Clock
from tests.make import with_figures
from tests.support.evaluations import a_province, drafted, published, totals
from tests.support.first_edition import first_edition, store_first_edition

Client = httpx.AsyncClient
PRIVATE = "private, no-cache"
FOR_GOOD = "public, max-age=60, immutable"


@pytest.fixture(autouse=True)
async def province(api: Client, clock: Clock) -> None:
    await a_province(api, clock)


async def test_a_new_signer_changes_the_seal_of_the_letter_and_not_that_of_the_scores(api: Client) -> None:
    first = await drafted(api)
    stated = await api.put("/v1/letter-profiles/H60", json={"signature": {"name": "Nguyễn Văn A"}})
    assert stated.status_code in (200, 201), stated.text
    second = await drafted(api)

    assert first["digest"] == second["digest"]
    assert first["letter_digest"] != second["letter_digest"]
    for each in (first, second):
        assert (await api.get(f"/v1/evaluations/{each['id']}/verify")).json()["matches"] is True


async def test_another_figure_changes_the_seal_of_the_scores_and_not_that_of_the_letter(api: Client) -> None:
    first = await drafted(api)
    await with_figures(api, totals("2024-07", {"H60.101": "85"}, observed_at="2026-10-02T00:00:00Z"))
    second = await drafted(api)

    assert first["digest"] != second["digest"]
    assert first["letter_digest"] == second["letter_digest"]


async def test_what_nobody_has_stated_for_letters_leaves_their_seal_as_it_was_before_it_could_be(api: Client) -> None:
    drawn = await drafted(api)

    sealed = (await api.get(f"/v1/evaluations/{drawn['id']}/content", params={"part": "letter"})).json()

    assert sorted(sealed) == ["above", "indicators", "letter", "names", "publications", "targets", "tasks"]


def test_every_member_that_is_sealed_for_letters_is_described() -> None:
    assert set(SealedLetter.__annotations__) == set(LETTER)


@pytest.mark.parametrize(("part", "name"), [("scores", "digest"), ("letter", "letter_digest")])
async def test_the_content_has_the_digest_to_the_byte(api: Client, anonymous: Client, part: str, name: str) -> None:
    done = await published(api)

    answer = await anonymous.get(f"/v1/evaluations/{done['id']}/content", params={"part": part})

    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == done[name]
    assert answer.headers["etag"] == f'"{done[name]}"'
    assert answer.headers["cache-control"] == FOR_GOOD
    spelled = json.dumps(answer.json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert spelled.encode() == answer.content


async def test_content_that_is_held_already_is_not_sent_again(api: Client) -> None:
    done = await drafted(api)
    path = f"/v1/evaluations/{done['id']}/content"

    answer = await api.get(path, headers={"If-None-Match": f'"{done["digest"]}"'})

    assert (answer.status_code, answer.content) == (304, b"")
    assert (await api.get(path)).headers["cache-control"] == PRIVATE


async def test_the_content_is_seen_by_whoever_sees_the_evaluation(api: Client, anonymous: Client) -> None:
    draft = await drafted(api)
    done = await published(api)
    await api.post(f"/v1/evaluations/{done['id']}/withdraw", json={"reason": "Sai"})

    refused = [await anonymous.get(f"/v1/evaluations/{each['id']}/content") for each in (draft, done)]

    assert [answer.status_code for answer in refused] == [404, 410]


async def test_one_seal_of_the_first_edition_covers_both_parts(api: Client, database: Database) -> None:
    stored = first_edition()[1]
    id = store_first_edition(database, stored)

    content = await api.get(f"/v1/evaluations/{id}/content")
    letter = await api.get(f"/v1/evaluations/{id}/content", params={"part": "letter"})

    assert hashlib.sha256(content.content).hexdigest() == stored["row"]["digest"]
    assert content.json()["inputs"]["letter"]["signature"]["name"] == "Tạ Văn Dũng"
    assert (letter.status_code, letter.json()["code"]) == (404, "letter_not_sealed")
