"""The walk of one letter, sent step by step to a served demonstration: each answer is the one that is printed."""

import json
from pathlib import Path

from tests.support.readme import KEY, agrees, exchanges, sent, served

DOCUMENT = "docs/walkthrough.md"
PRINTED = exchanges(DOCUMENT)


def test_the_walk_from_figures_to_a_superseding_correction_is_answered_as_printed(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        for command, printed in PRINTED:
            answered = sent(DOCUMENT, command, address).json()

            assert agrees(printed, answered), command + "\n" + json.dumps(answered, ensure_ascii=False, indent=2)


def test_the_walk_shows_every_step_of_a_letter() -> None:
    commands = " ".join(command for command, _ in PRINTED)

    for step in (
        "completeness",
        "/v1/imports",
        "/1/publish",
        "/2/publish",
        "/1/verify",
        "/2/diff",
        "/latest",
        "history",
    ):
        assert step in commands
    assert KEY not in commands
