"""The README's requests are sent to a served demonstration, and its answers are what comes back."""

import json
from collections.abc import Iterator

import pytest

from tests.support.readme import agrees, exchanges, sent, served

DOCUMENT = "README.md"
PRINTED = exchanges(DOCUMENT)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("readme")) as found:
        yield found


def test_the_readme_prints_five_requests_with_their_answers() -> None:
    assert len(PRINTED) >= 5


@pytest.mark.parametrize("number", range(len(PRINTED)))
def test_a_request_of_the_readme_is_answered_as_printed(address: str, number: int) -> None:
    command, printed = PRINTED[number]

    answered = sent(DOCUMENT, command, address).json()

    assert agrees(printed, answered), json.dumps(answered, ensure_ascii=False, indent=2)


def test_what_differs_from_the_printed_answer_is_noticed() -> None:
    assert not agrees({"total": 1}, {"total": 2})
    assert not agrees({"total": 1}, {"total": 1, "max": 100})
    assert not agrees([1], [1, 2])
    assert agrees([1, "…"], [1, 2])
    assert agrees({"total": 1, "…": "…"}, {"total": 1, "max": 100})
