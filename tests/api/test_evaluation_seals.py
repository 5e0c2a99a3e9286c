"""Two seals: one of the scores and all that they follow from, one of what letters need besides."""

import httpx
import pytest

from tests.api.conftest import Clock
from tests.make import with_figures
from tests.support.evaluations import a_province, drafted, totals

Client = httpx.AsyncClient


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
