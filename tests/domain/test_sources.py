"""Which source speaks for a figure that several report."""

from app.domain.sources import in_order, places


def test_sources_that_a_framework_does_not_name_come_after_those_it_names_and_by_code() -> None:
    order = in_order(["zalo", "portal", "excel", "letter"], ["letter", "portal", "manual"])

    assert order == ["letter", "portal", "excel", "zalo"]


def test_a_source_that_is_named_twice_has_the_place_where_it_is_named_first() -> None:
    found, preferred = ["portal", "letter"], ["letter", "portal", "letter"]

    assert in_order(found, preferred) == ["letter", "portal"]
    assert places(found, preferred) == {"letter": 0, "portal": 1}
