"""A JSON array read item by item: memory follows the largest item, not the file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from json import JSONDecodeError, JSONDecoder
from typing import NoReturn, TextIO

from app.errors import AppError, Fault, Invalid, Malformed, RefusalCode
from app.formats.charset import END_MARKS, MARK, charset_of
from app.formats.json_faults import INVALID, REASONS, UNREADABLE
from app.formats.strict_json import read_json
from app.formats.text_stream import text_of
from app.normal_form import composed

CHUNK = 1 << 18
"""Characters that are read at once."""
LONGEST_ITEM = 1 << 20
"""Characters of one item; no row comes near."""
LONGEST_TOKEN = 64
"""Characters of a number, constant or escape: a text that breaks off later than this before the window's end may be
whole in the next one."""
SPACES = (" ", "\t", "\r", "\n")
BEHIND = (*SPACES, *END_MARKS)
AFTER_ITEM = (*SPACES, ",", "]")
OTHER_JSON = tuple('{"-0123456789tfn')
ANSWERED = re.compile(r'\{\s*"items"\s*:\s*(?=\[)')
"""How a list begins that this service answered; its items may be sent back as they came."""
LONGEST_END = 4096
"""Characters behind the items of such a list: its cursor."""

LIST_EXPECTED = RefusalCode(
    "list_expected",
    "A JSON array of rows is expected, or a list as it was answered, with its `items`.",
    "Nội dung phải là một mảng JSON các dòng số liệu, hoặc danh sách có `items` đúng như hệ thống đã trả lời.",
    Invalid,
)
TOO_LONG = RefusalCode(
    "json_item_too_long", "An item is longer than {limit} characters.", "Một phần tử dài hơn {limit} ký tự.", Malformed
)

_SCAN = JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
"""Finds where an item ends; what the item says is read strictly afterwards."""


def iter_json_array(
    chunks: Iterable[bytes], charset: str | None = None, *, chunk: int = CHUNK
) -> Iterator[tuple[str, object]]:
    """(pointer, value) of each item of the array that a body holds, read as by `read_json`, `chunk` characters at once.

    Raises what `text_of` raises, Invalid `list_expected` for other JSON, and Malformed as `read_json`, its pointers
    those of the whole body.
    """
    with text_of(chunks, charset) as stream:
        yield from _Items(stream, composed=charset_of(charset) == "cp1258", chunk=chunk).read()


class _Items:
    """A window on the text that slides over the array; `line` and `column` are those of its beginning, from 0."""

    def __init__(self, stream: TextIO, *, composed: bool, chunk: int) -> None:
        self.stream, self.composed, self.chunk = stream, composed, chunk
        self.text, self.at, self.ended = "", 0, False
        self.line = self.column = 0

    def read(self) -> Iterator[tuple[str, object]]:
        self.more()
        self.text = self.text.lstrip(MARK)
        first = self.next()
        answered = ANSWERED.match(self.text, self.at)
        if answered:
            self.at, first = answered.end(), "["
        if first in OTHER_JSON:
            raise _list_expected()
        if first != "[":
            self.refuse("Expecting value" if first else "Nothing")
        self.at += 1
        if self.next() == "]":
            self.at += 1
        else:
            yield from self.items("/items" if answered else "")
        if answered:
            self.end_of_answer()
        if self.next(BEHIND):
            self.refuse("Extra data")

    def end_of_answer(self) -> None:
        """Past the cursor of a list that was answered; what else may stand there is not known."""
        while not self.ended and len(self.text) - self.at <= LONGEST_END:
            self.more()
        end = self.text.rfind("}", self.at, self.at + LONGEST_END) + 1
        rest = self.text[self.at : end].lstrip("".join(SPACES)).removeprefix(",")
        behind = _strictly("{" + rest, "") if end else None
        if not isinstance(behind, dict) or not behind.keys() <= {"next_cursor"}:
            raise _list_expected()
        self.at = end

    def items(self, list_pointer: str) -> Iterator[tuple[str, object]]:
        """The items, and past the closing bracket."""
        for index in count():
            pointer = f"{list_pointer}/{index}"
            yield pointer, self.item(pointer)
            mark = self.next()
            if mark not in (",", "]"):
                self.refuse("Expecting ','")
            self.at += 1
            if mark == "]":
                return

    def item(self, pointer: str) -> object:
        self.next()
        end = self.end_of_item(pointer)
        written, self.at = self.text[self.at : end], end
        return _strictly(composed(written) if self.composed else written, pointer)

    def end_of_item(self, pointer: str) -> int:
        """Where the item ends; a mark follows it in the window, so that no number is cut in two."""
        while True:
            problem, at = "Expecting ','", len(self.text)
            try:
                _, at = _SCAN.raw_decode(self.text, self.at)
                if self.text[at : at + 1] in AFTER_ITEM:
                    return at
            except JSONDecodeError as error:
                problem, at = error.msg, error.pos
            except RecursionError:
                _strictly(self.text[self.at :], pointer)
            is_cut = at > len(self.text) - LONGEST_TOKEN or problem.startswith("Unterminated string")
            if self.ended or not is_cut:
                self.refuse(problem, at)
            if len(self.text) - self.at > LONGEST_ITEM:
                raise Fault(TOO_LONG, {"limit": LONGEST_ITEM}, pointer=pointer).error()
            self.more()

    def next(self, spaces: tuple[str, ...] = SPACES) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self.text[self.at : self.at + 1] in spaces:
                self.at += 1
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self.more()

    def more(self) -> None:
        """Move the window on."""
        text = self.stream.read(self.chunk)
        self.ended = not text
        self.line, self.column = self.place(self.at)
        self.text, self.at = self.text[self.at :] + text, 0

    def place(self, at: int) -> tuple[int, int]:
        """Line and column in the whole text, from 0."""
        lines = self.text.count("\n", 0, at)
        return self.line + lines, at - self.text.rfind("\n", 0, at) - 1 if lines else self.column + at

    def refuse(self, message: str, at: int | None = None) -> NoReturn:
        reason = next((text for start, text in REASONS.items() if message.startswith(start)), UNREADABLE)
        line, column = self.place(self.at if at is None else at)
        raise Fault(INVALID, {"reason": reason, "line": line + 1, "column": column + 1}).error()


def _list_expected() -> AppError:
    return LIST_EXPECTED.error(faults=[Fault(LIST_EXPECTED, pointer="")])


def _strictly(written: str, pointer: str) -> object:
    """The item as `read_json` reads it; its faults point into the whole body."""
    try:
        return read_json(written.encode())
    except Malformed as error:
        error.faults = [replace(fault, pointer=f"{pointer}{fault.pointer or ''}") for fault in error.faults]
        raise
