"""The page about an index of one's own: its document is taken, and its mistakes are answered as it says."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.frameworks.check import read_framework
from app.domain.scoring.score import score
from app.formats.documents import read_yaml
from tests.support.cohorts import columns_of

PAGE = (Path(__file__).parent.parent / "docs" / "own-index.md").read_text("utf-8")
(DOCUMENT,) = re.findall(r"^```yaml\n(code: .*?)^```", PAGE, flags=re.M | re.S)
PARTS = re.findall(r"^```yaml\n((?!code: ).*?)^```", PAGE, flags=re.M | re.S)
"""What other decisions ask for: each takes the place of what the document has under the same names."""
MISTAKES: list[tuple[str, str, str, str, str]] = re.findall(
    r"^### ([^\n]*)\n```diff\n-([^\n]*)\n\+([^\n]*)\n```\n((?:> [^\n]*\n\n?)*)(?:Suggested: `([^`]*)`)?",
    PAGE,
    flags=re.M,
)
"""Of each mistake: its title, the line as it is right and as it is wrong, the answers, and what is suggested."""


def test_the_document_is_taken_and_scores_as_its_table_says() -> None:
    framework, faults = read_framework(read_yaml(DOCUMENT.encode()))

    assert framework is not None, [fault.detail("en") for fault in faults]
    assert framework.total_max == Decimal(100)
    figures: dict[str, list[str | None]] = {
        "solved_in_time": ["90/100", "95/100"],
        "late_without_apology": ["3", "0"],
        "sent_online": ["65/100", "81/100"],
        "survey_points": ["18.5", None],
    }
    departments = score(framework, "department", columns_of(figures), 2)
    # 30 × 90 / 95 + (20 − 2 × 3) + 20 + 18.5
    assert int(departments.total.points[0]) == 8092
    communes = score(framework, "commune", columns_of(figures), 2)
    assert int(communes.total.points[1]) == 10000  # without a survey, all of the rest


def test_every_mistake_of_the_page_is_read() -> None:
    assert len(MISTAKES) == PAGE.count("```diff") >= 12


@pytest.mark.parametrize("mistake", MISTAKES, ids=[title for title, *_ in MISTAKES])
def test_a_mistake_is_answered_by_one_message_in_both_languages(mistake: tuple[str, str, str, str, str]) -> None:
    _, right, wrong, answers, suggested = mistake
    assert DOCUMENT.count(f"{right}\n") == 1

    framework, faults = read_framework(read_yaml(DOCUMENT.replace(f"{right}\n", f"{wrong}\n").encode()))

    assert framework is None
    assert [f"> {fault.detail('en')}\n\n> {fault.detail('vi')}" for fault in faults] == [answers.strip()]
    assert [fault.suggestion or "" for fault in faults] == [suggested]


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
def test_what_another_decision_asks_for_is_taken_in_its_place(part: str) -> None:
    whole = read_yaml(DOCUMENT.encode())
    assert isinstance(whole, dict)

    framework, faults = read_framework({**whole, **dict_of(part)})

    assert [fault.detail("en") for fault in faults] == []
    assert framework is not None


def dict_of(part: str) -> dict[str, object]:
    found = read_yaml(part.encode())
    assert isinstance(found, dict)
    return found


def test_every_part_of_the_page_is_read() -> None:
    assert len(PARTS) == PAGE.count("```yaml") - 1 >= 5
