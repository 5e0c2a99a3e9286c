"""docs/errors.md names every public code with its statuses and sentences, and no other."""

import re

from tests.support.error_codes import DOCUMENT, HEAD, rows

ROW = re.compile(r"\| `(\w+)` \| ([^|]+) \| (.*) \|")


def test_the_document_says_what_the_modules_declare() -> None:
    """Rewritten by `python -m tests.support.error_codes`."""
    documented = DOCUMENT.read_text("utf-8").partition(HEAD)[2].splitlines()

    assert documented == rows()


def test_codes_are_found_wherever_they_are_declared() -> None:
    found = {code: (statuses, said) for code, statuses, said in (ROW.fullmatch(row).groups() for row in rows())}  # type: ignore[union-attr]

    assert found["route_unknown"] == ("404", "There is nothing at {path}.")  # a refusal
    assert found["parameter_unknown"][0] == "in `errors`"  # a fault
    assert found["json_not_finite"][1].startswith("`{value}` is not a number")  # of what cannot be read
    assert found["bands_hole"][1]  # in a table of sentences
    assert found["event_refused"][0] == "422"  # made from another
    assert "<br>" in found["unit_unknown"][1]  # said otherwise in several places


def test_every_row_says_something() -> None:
    assert [row for row in rows() if not ROW.fullmatch(row)] == []


def test_a_percentage_is_written_without_a_blank() -> None:
    assert [row for row in rows() if re.search(r"[0-9}] %", row)] == []
