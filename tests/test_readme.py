"""The README's commands are pasted beside what `make run` serves, and its answers are what comes back."""

import json
import re
from collections import Counter
from pathlib import Path

from tests.support.pasted import blocks, made_to_run, pasted
from tests.support.readme import BLOCK, ROOT, agrees

DOCUMENT, VIETNAMESE = "README.md", "README.vi.md"
MISTAKES = ".venv/bin/chiso check app/demo/ban-thao.json"
"""The one command that ends with 1, as the README says: it finds two mistakes."""


def test_what_the_readme_says_is_what_comes_of_pasting_it_at_any_port(tmp_path: Path) -> None:
    with made_to_run(tmp_path):
        ran = pasted(DOCUMENT, tmp_path)

    shown = blocks(DOCUMENT)
    assert ran.failed == [MISTAKES], ran.errors
    assert len(ran.outputs) == len(shown)
    for (block, printed), output in zip(shown, ran.outputs, strict=True):
        if printed:
            assert agrees(json.loads(printed), json.loads(output)), f"{block}\n{output}"


def test_the_vietnamese_readme_has_the_same_commands_and_answers() -> None:
    assert blocks(VIETNAMESE) == blocks(DOCUMENT)


def outline(document: str) -> list[tuple[str, Counter[str]]]:
    """Each heading, paragraph and item of a list below the first lines: how it begins, and the names in it."""
    prose = BLOCK.sub("", (ROOT / document).read_text("utf-8")).split("\n\n", 2)[2]
    parts = [part.strip() for part in re.split(r"\n\n+|\n(?=- )", prose) if part.strip()]
    return [("".join(re.findall(r"^#+|^-", part)), Counter(re.findall(r"`[^`]+`", part))) for part in parts]


def test_the_vietnamese_readme_says_what_the_english_one_says_part_by_part() -> None:
    assert outline(VIETNAMESE) == outline(DOCUMENT)


def test_both_readmes_lead_to_the_same_documents() -> None:
    named = [set(re.findall(r"\]\(([^)]+)\)", (ROOT / each).read_text("utf-8"))) for each in (DOCUMENT, VIETNAMESE)]

    assert named[0] ^ named[1] == {DOCUMENT, VIETNAMESE}


def test_the_readme_shows_five_requests_and_a_month_from_two_kinds_of_file_in_two_ways() -> None:
    shown = blocks(DOCUMENT)

    assert sum(bool(printed) for _, printed in shown) >= 5
    for file in ("thang-8.csv", "thang-8.xlsx"):
        assert any(block.startswith("curl ") and f"@{file}" in block for block, _ in shown)
        assert any(f".venv/bin/chiso import {file}" in block for block, _ in shown)


def test_what_differs_from_the_printed_answer_is_noticed() -> None:
    assert not agrees({"total": 1}, {"total": 2})
    assert not agrees({"total": 1}, {"total": 1, "max": 100})
    assert not agrees([1], [1, 2])
    assert agrees([1, "…"], [1, 2])
    assert agrees({"total": 1, "…": "…"}, {"total": 1, "max": 100})
