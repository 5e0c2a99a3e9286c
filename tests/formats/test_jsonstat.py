from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.jsonstat import Cube, Dimension, to_dataset
from app.formats.strict_json import write_json
from tests.support.jsonstat import check_structure, figures_of, status_of

POINTS = Dimension("measure", "Chỉ tiêu", {"total": "Tổng điểm", "rank": "Hạng"}, "metric", {"total": "điểm"})
MONTHS = Dimension("period", "Kỳ", {"2024-06": "tháng 6/2024", "2024-07": "tháng 7/2024"}, "time")


def a_cube(figures: Any = None, flags: Any = None, **overrides: Any) -> Cube:
    """Two measures over two months."""
    parts: dict[str, Any] = {
        "label": "Điểm",
        "dimensions": [MONTHS, POINTS],
        "source": "chiso",
        "updated": datetime(2024, 8, 26, tzinfo=UTC),
        "notes": ["Chú ý"],
        "extension": {"framework": "qd766@2022"},
    }
    return Cube(figures=figures or {}, flags=flags or {}, **{**parts, **overrides})


def test_a_dataset_says_what_it_is_and_where_it_comes_from() -> None:
    document = to_dataset(a_cube())

    assert {name: document[name] for name in ("version", "class", "label", "source", "note", "id", "size", "role")} == {
        "version": "2.0",
        "class": "dataset",
        "label": "Điểm",
        "source": "chiso",
        "note": ["Chú ý"],
        "id": ["period", "measure"],
        "size": [2, 2],
        "role": {"time": ["period"], "metric": ["measure"]},
    }
    assert write_json(document["updated"]) == b'"2024-08-26T00:00:00Z"'
    assert document["extension"] == {"framework": "qd766@2022"}
    assert document["dimension"]["period"] == {
        "label": "Kỳ",
        "category": {"index": ["2024-06", "2024-07"], "label": dict(MONTHS.categories)},
    }


def test_figures_run_with_the_last_dimension_fastest_and_missing_is_null() -> None:
    figures = {("2024-06", "total"): Decimal("81.77"), ("2024-06", "rank"): 14, ("2024-07", "rank"): 0}

    assert to_dataset(a_cube(figures))["value"] == [Decimal("81.77"), 14, None, 0]


def test_where_most_cells_are_empty_only_the_others_are_written() -> None:
    document = to_dataset(a_cube({("2024-07", "total"): Decimal("81.77"), ("2024-06", "rank"): None}))

    assert document["value"] == {"2": Decimal("81.77")}


def test_flags_stand_at_their_cells_and_are_left_out_where_there_are_none() -> None:
    assert to_dataset(a_cube({}, {("2024-07", "total"): "provisional"}))["status"] == {"2": "provisional"}
    assert "status" not in to_dataset(a_cube())


def test_a_measure_says_what_it_counts_and_with_how_many_decimals() -> None:
    document = to_dataset(a_cube({("2024-06", "total"): Decimal("81.7"), ("2024-07", "total"): Decimal("81.77")}))

    units = document["dimension"]["measure"]["category"]["unit"]
    assert units == {"total": {"label": "điểm", "decimals": 2}, "rank": {"decimals": 0}}


def test_without_a_moment_nothing_is_said_of_it() -> None:
    assert "updated" not in to_dataset(a_cube(updated=None))


def test_a_figure_of_a_category_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        to_dataset(a_cube({("2023-01", "total"): 1}))


def test_an_empty_cube_is_a_dataset_too() -> None:
    document = to_dataset(a_cube(dimensions=[Dimension("unit", "Đơn vị", {}), POINTS]))

    check_structure(document)
    assert (document["size"], document["value"]) == ([0, 2], [])


CODES = st.text("abcXYZ.0123", min_size=1, max_size=4)
FIGURES = st.none() | st.integers(-(10**15), 10**15) | st.decimals(-1000, 1000, places=4)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(st.lists(CODES, min_size=1, max_size=4, unique=True), min_size=1, max_size=4))
def test_what_is_written_is_read_back_figure_for_figure(data: st.DataObject, sides: list[list[str]]) -> None:
    dimensions = [Dimension(f"d{n}", f"D{n}", {code: code for code in side}) for n, side in enumerate(sides)]
    place = st.tuples(*(st.sampled_from(side) for side in sides))
    figures = data.draw(st.dictionaries(place, FIGURES, max_size=30))
    flags = data.draw(st.dictionaries(place, st.sampled_from(["provisional", "incomplete"]), max_size=5))

    document = to_dataset(a_cube(figures, flags, dimensions=dimensions))
    body = write_json(document)

    check_structure(document)
    assert figures_of(body) == {at: figure for at, figure in figures.items() if figure is not None}
    assert status_of(body) == flags
