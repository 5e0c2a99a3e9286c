"""docs/errors.md names every public code with its status, and no other."""

import re

from tests.support.error_codes import DOCUMENT, HEAD, codes

ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (.*) \|$", flags=re.M)


def test_the_document_has_a_row_for_every_code_and_its_status() -> None:
    """Rewritten by `python -m tests.support.error_codes`."""
    table = DOCUMENT.read_text("utf-8").partition(HEAD)[2]
    documented = {code: shown for code, shown, _ in ROW.findall(table)}

    expected = {code: ", ".join(map(str, sorted(statuses))) or "in `errors`" for code, (statuses, _) in codes().items()}

    assert documented == expected


def test_codes_are_found_wherever_they_are_made() -> None:
    found = codes()

    assert found["route_unknown"] == ({404}, "There is nothing at {path}.")  # a refusal
    assert found["parameter_unknown"][0] == set()  # a fault
    assert found["json_not_finite"][1].startswith("`{value}` is not a number")  # by a helper
    assert found["field_unknown"][1]  # before its sentence in a tuple
    assert found["bands_hole"][1]  # as a key of its sentence
    assert found["unit_unknown"][0] == {404, 422} or found["unit_unknown"][0] == {404}


def test_every_row_says_something() -> None:
    table = DOCUMENT.read_text("utf-8").partition(HEAD)[2]

    assert [code for code, _, said in ROW.findall(table) if not said.strip()] == []
