"""`fields=`: the members of an item that are sent, by name; in tables the columns that show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.answers.scores import ScoreItem
from app.formats.delimited import Column
from app.services.score_filters import words_named

ITEM_FIELDS = tuple(ScoreItem.__annotations__)
SHOWING = {
    "code": "unit",
    "name": "unit",
    "level": "unit",
    "band_code": "band",
    "method_code": "method",
    "flag_codes": "flags",
    "change_total": "change",
    "change_rank": "change",
    "base_total": "base",
    "base_rank": "base",
    "base_band": "base",
    "difference_total": "difference",
    "difference_rank": "difference",
}
"""The field that a column shows where it has another name."""
OF_COMPARISON = frozenset({"change", "flags"})
"""What cannot be told without the period before."""


def fields_named(fields: str | None, known: Sequence[str] = ITEM_FIELDS) -> frozenset[str]:
    """The fields of a text with commas between, all where there is none; Invalid `value_not_allowed`."""
    return frozenset(known if fields is None else words_named("fields", fields, known))


def with_fields(item: Mapping[str, Any], fields: frozenset[str]) -> Mapping[str, Any]:
    """An item with these members alone."""
    return {name: member for name, member in item.items() if name in fields}


def columns_with(columns: Sequence[Column], fields: frozenset[str]) -> list[Column]:
    """The columns that show one of these fields; a row says in any case what it is about."""
    return [each for each in columns if field_of(each.key) in fields or each.key in ("code", "period")]


def field_of(key: str) -> str:
    """The field that a column or a measure shows.

    >>> field_of("group payment"), field_of("change.group.payment"), field_of("total")
    ('groups', 'change', 'total')
    """
    if key.startswith(("group ", "group.")):
        return "groups"
    return "change" if key.startswith("change.") else SHOWING.get(key, key)
