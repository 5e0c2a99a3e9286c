"""The brief as a page: its groups are numbered, whatever their layout says."""

import json
from decimal import Decimal
from pathlib import Path

from app.formats.page_layout import RuledTable
from app.reports.brief_pages import document

EXAMPLE = Path(__file__).parents[2] / "app" / "examples" / "brief.json"


def test_a_group_without_a_number_of_its_layout_is_numbered_by_its_place() -> None:
    body = json.loads(EXAMPLE.read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    group = {"code": "speed", "name": "Tốc độ", "max": 5, "before": None, "now": 4, "change": None}
    body["groups"] = [{**group, "number": "1.1"}, {**group, "number": None}]

    [part] = document(body).parts

    [table] = [block for block in part.blocks if isinstance(block, RuledTable)]
    assert [row[0] for row in table.rows] == ["1.1", "2"]
