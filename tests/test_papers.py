"""Papers whose requests are sent, step by step, to a served demonstration: each answer is the one that is printed."""

import json
from pathlib import Path

import pytest

from tests.support.readme import KEY, agrees, exchanges, sent, served

SHOWN = {
    "docs/walkthrough.md": (
        "completeness",
        "/v1/imports",
        "/3/publish",
        "/4/publish",
        "/3/verify",
        "/4/diff",
        "/latest",
        "history",
    ),
    "docs/reports.md": (
        "/classification",
        "/comparison",
        "/below-target",
        "/counts",
        "/reconciliation",
        "/publication",
        "/tasks",
        "/letter-profiles/",
        "/announcement",
    ),
    "docs/what-if.md": ("/change", "/reach", "/what-if", "/sensitivity"),
}
"""What each paper has to show."""


@pytest.mark.parametrize("paper", SHOWN)
def test_every_request_of_a_paper_is_answered_as_printed(paper: str, tmp_path: Path) -> None:
    with served(tmp_path) as address:
        for command, printed in exchanges(paper):
            answered = sent(command, address).json()

            assert agrees(printed, answered), command + "\n" + json.dumps(answered, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("paper", SHOWN)
def test_a_paper_shows_what_it_is_there_for(paper: str) -> None:
    commands = " ".join(command for command, _ in exchanges(paper))

    assert [step for step in SHOWN[paper] if step not in commands] == []
    assert KEY not in commands
