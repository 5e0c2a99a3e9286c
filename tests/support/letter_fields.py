"""The fields of letters and the filters that print them, as the code declares them.

`python -m tests.support.letter_fields` writes their tables in docs/letter-fields.md anew.
"""

from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

from app.reports.fields.filters import FILTERS
from app.reports.fields.vocabulary import Node, list_fields

DOCUMENT = Path(__file__).parents[2] / "docs" / "letter-fields.md"
MARK = "<!-- What follows is made by `python -m tests.support.letter_fields`. -->\n"
TYPES = {
    "text": "text",
    "points": "points",
    "rate": "percent",
    "amount": "number",
    "count": "count",
    "day": "day",
    "moment": "moment",
    "points_change": "change of points",
    "rate_change": "change in percentage points",
    "rank_change": "places",
    "flag": "yes or no",
}


def tables() -> str:
    """Everything behind the mark."""
    fields = ["| field | type | what it is | ý nghĩa | in Word |", "|---|---|---|---|---|", *field_rows()]
    filters = ["| filter | what it prints | example |", "|---|---|---|", *filter_rows()]
    return "\n".join([MARK, "## Fields", "", *fields, "", "## Filters", "", *filters, ""])


def field_rows() -> Iterator[str]:
    """A line for each field."""
    for path, node in list_fields():
        yield f"| `{path}` | {_type(node)} | {node.en} | {node.vi} | {_code(node.example(path))} |"


def _type(node: Node) -> str:
    said = TYPES[node.kind or "text"] if node.shape == "scalar" else node.shape
    return f"{said}, or nothing" if node.optional else said


def filter_rows() -> Iterator[str]:
    """A line for each filter: the first of its description, and its first example."""
    for name, each in FILTERS.items():
        lines = (getdoc(each) or "").split("\n")
        place = next(at for at, line in enumerate(lines) if line.startswith(">>>") and name in line)
        yield f"| `{name}` | {lines[0]} | {_code(lines[place].removeprefix('>>> '))} → {_code(lines[place + 1])} |"


def _code(text: str) -> str:
    """Code in a cell: a bare stroke would end it."""
    return f"`{text.replace('|', chr(92) + '|')}`"


if __name__ == "__main__":
    before = DOCUMENT.read_text("utf-8").partition(MARK)[0]
    DOCUMENT.write_text(before + tables(), "utf-8")
