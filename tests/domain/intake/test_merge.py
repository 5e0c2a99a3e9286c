"""What lines do to the revisions that stand: the rule of the two clocks, whatever the order they came in."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.input_location import InputLocation
from app.domain.intake.import_row import ImportedRow
from app.domain.intake.merge import (
    FigureKey,
    MergeResult,
    Row,
    StoredRevision,
    by_key,
    changed_rows,
    merge,
    new_revisions,
)

KEY = FigureKey("2024-07", "H60", "sync", "manual")
NOW = 1000


def a_line(value: int | None = 5, observed_at: int | None = None, **overrides: Any) -> ImportedRow:
    fields: dict[str, Any] = {"value": value, "decimals": 0, "observed_at": observed_at, **overrides}
    return ImportedRow(InputLocation("/0"), **{**KEY._asdict(), **fields})


def standing(value: int | None = 5, observed_at: int = 500, **overrides: Any) -> dict[FigureKey, StoredRevision]:
    revision = StoredRevision(None, None, value, 0, observed_at, None, value is None, observed_at, 1)
    return {KEY: revision._replace(**overrides)}


def merged(lines: list[ImportedRow], held: dict[FigureKey, StoredRevision] | None = None) -> MergeResult:
    return merge(lines, held or {}, {}, NOW, 2)


def revisions(rows: list[Row]) -> list[StoredRevision]:
    return [StoredRevision(*row[len(KEY) :]) for row in rows]  # type: ignore[arg-type]


def stands(result: MergeResult) -> tuple[int | None, int]:
    revision = result.current[KEY]
    return revision.value, revision.observed_at


def test_a_new_figure_is_created_and_observed_now_where_nothing_is_said() -> None:
    result = merged([a_line(5)])

    assert result.acts == {"created": 1}
    assert stands(result) == (5, NOW)


def test_the_same_figure_again_is_unchanged() -> None:
    assert merged([a_line(5)], standing(5)).acts == {"unchanged": 1}


def test_the_same_figure_stated_as_observed_later_is_a_revision() -> None:
    result = merged([a_line(5, observed_at=600)], standing(5))

    assert result.acts == {"updated": 1}
    assert stands(result) == (5, 600)
    assert result.past == [KEY + standing(5)[KEY]]


def test_another_figure_replaces_the_one_that_stands_and_keeps_it() -> None:
    result = merged([a_line(6)], standing(5))

    assert stands(result) == (6, NOW)
    assert [revision.value for revision in revisions(result.past)] == [5]


def test_of_equal_observations_the_one_known_last_stands() -> None:
    assert stands(merged([a_line(6, observed_at=500)], standing(5))) == (6, 500)


def test_an_older_observation_joins_the_history_and_changes_nothing_current() -> None:
    result = merged([a_line(6, observed_at=400)], standing(5))

    assert result.acts == {"updated": 1}
    assert result.current == {}
    assert [(revision.value, revision.observed_at) for revision in revisions(result.past)] == [(6, 400)]


def test_an_older_observation_that_is_known_already_is_unchanged() -> None:
    known = {(KEY, 400): standing(6, 400)[KEY]}

    assert merge([a_line(6, observed_at=400)], standing(5), known, NOW, 2).acts == {"unchanged": 1}
    assert merge([a_line(7, observed_at=400)], standing(5), known, NOW, 2).acts == {"updated": 1}


def test_a_figure_taken_back_stands_without_a_value() -> None:
    result = merged([a_line(None, retract=True)], standing(5))

    assert result.current[KEY].retracted
    assert result.acts == {"updated": 1}


def test_nothing_can_be_taken_back_now_where_nothing_stands() -> None:
    assert merged([a_line(None, retract=True)]).acts == {"unchanged": 1}
    assert merged([a_line(None, retract=True)], standing(None)).acts == {"unchanged": 1}


def test_a_retraction_with_a_moment_is_an_observation_even_of_what_is_not_there() -> None:
    gone = a_line(None, observed_at=500, retract=True)

    result = merged([gone])

    assert result.acts == {"created": 1}
    assert (stands(result), result.current[KEY].retracted) == ((None, 500), True)
    assert merged([gone], result.current).acts == {"unchanged": 1}


@pytest.mark.parametrize(("observed_at", "value"), [(400, None), (500, 5), (600, 5)])
def test_a_figure_stands_against_a_retraction_that_came_before_it_unless_it_is_older(
    observed_at: int, value: int | None
) -> None:
    held = standing(None, 500)

    result = merged([a_line(5, observed_at=observed_at)], held)

    assert result.acts == {"updated": 1}
    assert (held | result.current)[KEY].value == value


def test_a_late_retraction_joins_the_history() -> None:
    gone = a_line(None, observed_at=400, retract=True)

    result = merged([gone], standing(5))

    assert (result.acts, result.current) == ({"updated": 1}, {})
    assert [(revision.retracted, revision.observed_at) for revision in revisions(result.past)] == [(True, 400)]
    assert merge([gone], standing(5), {(KEY, 400): revisions(result.past)[0]}, NOW, 2).acts == {"unchanged": 1}


def test_lines_of_which_nothing_is_known_are_made_alike_in_bulk() -> None:
    dated = a_line(None, observed_at=500, retract=True)
    for line in (a_line(5), a_line(5, observed_at=400), dated, a_line(None, retract=True)):
        assert new_revisions([line], NOW, 2) == merged([line]).added


def test_a_note_that_is_left_out_says_nothing_against_the_one_that_is_held() -> None:
    held = standing(5, note="checked")

    assert merged([a_line(5)], held).acts == {"unchanged": 1}
    assert merged([a_line(5, note="checked")], held).acts == {"unchanged": 1}
    assert merged([a_line(5, note="corrected")], held).acts == {"updated": 1}


@pytest.mark.parametrize(("numerator", "act"), [(4, "updated"), (3, "unchanged")])
def test_counts_are_part_of_the_figure(numerator: int, act: str) -> None:
    held = standing(None, numerator=3, denominator=5, retracted=False)

    assert merged([a_line(None, numerator=numerator, denominator=5, decimals=None)], held).acts == {act: 1}


@pytest.mark.parametrize(("rate", "act"), [(666_700, "unchanged"), (666_000, "updated")])
def test_a_rate_that_says_what_its_counts_say_is_no_news(rate: int, act: str) -> None:
    counts = {"numerator": 20_000, "denominator": 30_000}
    held = standing(None, **counts, retracted=False)

    assert merged([a_line(rate, decimals=2, **counts)], held).acts == {act: 1}
    assert merged([a_line(None, decimals=None, **counts)], standing(rate, **counts)).acts == {act: 1}


def test_the_plan_is_the_same_until_the_world_moves() -> None:
    lines = [a_line(6)]

    assert merged(lines, standing(5)).plan == merge(lines, standing(5), {}, NOW + 1, 3).plan
    assert merged(lines, standing(5)).plan != merged(lines, standing(5, known_at=501)).plan
    assert merged(lines, standing(5)).plan != merged(lines).plan
    assert merged(lines, standing(5)).plan != merged([a_line(6, note="Cổng sửa")], standing(5)).plan


def result_of(lines: list[ImportedRow], held: dict[FigureKey, StoredRevision]) -> tuple[object, ...]:
    result = merged(lines, held)
    return result.acts, result.current, sorted(map(repr, result.past)), sorted(map(repr, result.added)), result.plan


LINES = st.lists(
    st.builds(
        lambda value, observed_at: a_line(value, observed_at, retract=value is None),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 300, 500, 700]),
    ),
    max_size=4,
    unique_by=lambda line: line.observed_at,
)


@settings(max_examples=100, deadline=None)
@given(LINES, st.sampled_from([{}, standing(1), standing(2, 700)]))
def test_the_order_of_the_lines_changes_nothing(
    lines: list[ImportedRow], held: dict[FigureKey, StoredRevision]
) -> None:
    results = [result_of(list(order), held) for order in permutations(lines)]

    assert all(result == results[0] for result in results)


def test_what_stands_to_the_letter_is_no_news() -> None:
    again, other = a_line(5, observed_at=500), a_line(6, observed_at=500, indicator="other")
    rows = [KEY + standing(5)[KEY], (*KEY._replace(indicator="other"), *standing(5)[KEY])]

    told, stands = changed_rows([again, other], rows)

    assert told == [other]
    assert stands == {KEY._replace(indicator="other"): standing(5)[KEY]}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_leaving_out_what_is_no_news_changes_no_act(data: st.DataObject) -> None:
    figures = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1, 2]))
    sent, held = data.draw(figures), data.draw(figures)
    lines = [a_line(value, observed_at=500, indicator=code) for code, value in sorted(sent.items())]
    rows = [(*KEY._replace(indicator=code), *standing(value)[KEY]) for code, value in sorted(held.items())]

    told, stands = changed_rows(lines, rows)
    brief, whole = merge(told, stands, {}, NOW, 2), merge(lines, by_key(rows), {}, NOW, 2)

    assert (brief.current, brief.past, brief.added) == (whole.current, whole.past, whole.added)
    assert brief.acts["unchanged"] + len(lines) - len(told) == whole.acts["unchanged"]
