"""Drafts with figures of other provinces: sound ones are passed, and one slip of the pen is one finding.

Groups, counts and rates are the portal's of October 2026; what stands for the period before is made up to fit them.
"""

import copy
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

FILE = json.loads((Path(__file__).parent / "drafts_with_one_slip.json").read_text("utf-8"))
LETTERS: dict[str, dict[str, Any]] = FILE["letters"]
DRAFTS: list[dict[str, Any]] = FILE["drafts"]


def slipped(letter: dict[str, Any], slip: dict[str, str]) -> dict[str, Any]:
    """The letter with other text at these pointers."""
    draft = copy.deepcopy(letter)
    for pointer, printed in slip.items():
        *way, last = pointer.split("/")[1:]
        place: Any = draft
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = printed
    return draft


async def told(api: httpx.AsyncClient, draft: dict[str, Any]) -> list[list[str]]:
    """Ref, rule and severity of every finding."""
    answer = await api.post("/v1/check", json=draft)
    assert answer.status_code == 200, answer.text
    return [[each["ref"], each["rule"], each["severity"]] for each in answer.json()["findings"]]


@pytest.mark.parametrize("letter", LETTERS)
async def test_a_sound_draft_is_passed_in_silence(api: httpx.AsyncClient, letter: str) -> None:
    assert await told(api, LETTERS[letter]) == []


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: f"{draft['letter']} {next(iter(draft['slip']))}")
async def test_one_slip_is_one_finding(api: httpx.AsyncClient, draft: dict[str, Any]) -> None:
    assert await told(api, slipped(LETTERS[draft["letter"]], draft["slip"])) == [draft["finding"]]
