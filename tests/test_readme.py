"""The README's requests are sent to a served demonstration, and its answers are what comes back."""

import json
from pathlib import Path

from tests.support.readme import IMPORT, agrees, imported, sent, served, steps

DOCUMENT = "README.md"
STEPS = steps(DOCUMENT)


def test_what_the_readme_asks_is_answered_as_printed_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    with served(tmp_path) as address:
        for command, printed in STEPS:
            if command.startswith(IMPORT):
                ended = imported(DOCUMENT, command, address, tmp_path)
                assert ended.returncode == 0, command + ended.stdout + ended.stderr
                continue
            answer = sent(DOCUMENT, command, address, tmp_path)
            assert answer.is_success or agrees(printed, answer.json()), answer.text
            if printed is not None:
                told = json.dumps(answer.json(), ensure_ascii=False, indent=2)
                assert agrees(printed, answer.json()), f"{command}\n{told}"


def test_the_readme_shows_five_requests_and_a_month_from_two_kinds_of_file_in_two_ways() -> None:
    commands = [command for command, _ in STEPS]

    assert sum(printed is not None for _, printed in STEPS) >= 5
    for file in ("thang-8.csv", "thang-8.xlsx"):
        assert any(command.startswith("curl ") and f"@{file}" in command for command in commands)
        assert any(command.startswith(IMPORT + file) for command in commands)


def test_what_differs_from_the_printed_answer_is_noticed() -> None:
    assert not agrees({"total": 1}, {"total": 2})
    assert not agrees({"total": 1}, {"total": 1, "max": 100})
    assert not agrees([1], [1, 2])
    assert agrees([1, "…"], [1, 2])
    assert agrees({"total": 1, "…": "…"}, {"total": 1, "max": 100})
