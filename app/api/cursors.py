"""The place in a list from which the next page goes on, as an opaque text that clients send back."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query

from app.errors import AppError, Fault, Invalid, RefusalCode
from app.store.db import FOREVER

BAD_CURSOR = RefusalCode(
    "cursor_invalid",
    "The cursor does not belong to this list; leave it out to begin again.",
    "Con trỏ trang không thuộc danh sách này; bỏ tham số để xem lại từ đầu.",
    Invalid,
)
Cursor = Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before.")]


def write_cursor(list_name: str, place: Sequence[Any]) -> str:
    """The opaque place behind the last item of a page of the list `list_name`."""
    return base64.urlsafe_b64encode(orjson.dumps([list_name, *place])).decode().rstrip("=")


def read_cursor(
    list_name: str, cursor: str | None, like: Sequence[Any], *, parameter: str = "cursor"
) -> list[Any] | None:
    """The place that a cursor of this list stands for; Invalid unless it is made as the place `like` is."""
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        place = None
    if not isinstance(place, list) or len(place) != len(like) + 1 or not all(map(alike, place, [list_name, *like])):
        raise bad_cursor(parameter)
    if place[0] != list_name:
        raise bad_cursor(parameter)
    return place[1:]


def bad_cursor(parameter: str = "cursor") -> AppError:
    return BAD_CURSOR.error(faults=[Fault(BAD_CURSOR, parameter=parameter)])


def alike(part: object, example: object) -> bool:
    """Whether a part of a cursor is what a list could have written there: text, a stored integer, integers in a row.

    A cursor comes from outside: whoever makes one by hand must not reach the database with something else.
    """
    if isinstance(example, list):
        return isinstance(part, list) and all(alike(each, 0) for each in part)
    if isinstance(example, str):
        return isinstance(part, str) and "\0" not in part
    return type(part) is int and -FOREVER <= part <= FOREVER
