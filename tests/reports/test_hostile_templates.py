"""Templates that are written to be costly or to print what nobody wrote: each costs little, and prints as it stands."""

import time

import pytest

from app.reports.fields.filters import BLANK, FILTERS
from app.reports.templates.tags import halves_of, tags_of, without_tags


@pytest.mark.parametrize("figure", ["1e999999", "-1e-999999", "0e999999", "NaN", "-Infinity", "1e31"])
@pytest.mark.parametrize("name", ["hai_chu_so", "cong", "bac", "ty_le", "diem", "thay_doi", "la_ma", "phan_tram_cua"])
def test_what_no_letter_has_as_a_figure_is_a_blank(figure: str, name: str) -> None:
    assert FILTERS[name](figure) == BLANK


@pytest.mark.parametrize("figure", ["9" * 26, "0." + "1" * 28, "81.77" + "3" * 24, "1e-30"])
@pytest.mark.parametrize("name", ["hai_chu_so", "bac", "ty_le", "diem", "thay_doi", "diem_phan_tram"])
def test_what_has_as_many_digits_as_decimals_are_computed_with_prints(figure: str, name: str) -> None:
    assert FILTERS[name](figure) != BLANK


@pytest.mark.parametrize("text", ["{{ x" * 500_000, "{{" * 900_000, "{#" * 900_000, "{% {{ {# " * 200_000])
def test_what_is_never_closed_is_read_in_one_pass(text: str) -> None:
    begin = time.process_time()

    assert not list(tags_of(text))
    assert halves_of(text)
    assert time.process_time() - begin < 5


def test_a_tag_ends_at_the_first_sign_that_closes_its_kind() -> None:
    text = "a {{ b %} }} {# {{ c #} {% if d %} }} {% e {{ f }} {{ g"

    assert [each.text for each in tags_of(text)] == ["{{ b %} }}", "{% if d %}", "{{ f }}"]
    assert without_tags(text) == "a    }} {% e  {{ g"
    assert halves_of(text) == ["}}", "{%", "{{"]
