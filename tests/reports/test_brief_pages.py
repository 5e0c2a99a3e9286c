"""The brief as a page: its groups are numbered, whatever their layout says."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.formats.page_layout import RuledTable
from app.reports.brief_pages import document

EXAMPLE = Path(__file__).parents[2] / "app" / "examples" / "brief.json"


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        (["1.1", "1.2"], ["1.1", "1.2"]),
        ([None, None], ["1", "2"]),
        (["2", None], ["1", "2"]),
    ],
)
def test_groups_have_the_numbers_of_their_layout_or_all_of_them_their_places(
    given: list[str | None], printed: list[str]
) -> None:
    body = json.loads(EXAMPLE.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    group = {"code": "speed", "name": "Tốc độ", "max": 5, "before": None, "now": 4, "change": None}
    body["groups"] = [{**group, "number": number} for number in given]

    [part] = document(body).parts

    [table] = [block for block in part.blocks if isinstance(block, RuledTable)]
    assert [row[0] for row in table.rows] == printed
