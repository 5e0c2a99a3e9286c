"""What became of an import, for whoever typed the command: a table to read, or the answer of the service as JSON."""

import codecs
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.formats.strict_json import write_json

MOST_SHOWN = 100
NOTHING: dict[str, Any] = {
    "rows": 0,
    "created": 0,
    "updated": 0,
    "unchanged": 0,
    "rejected": 0,
    "errors": [],
    "warnings": [],
}
"""The counts of an import of which nothing was stored."""


class Lang(StrEnum):
    VI = "vi"
    EN = "en"


def outcome_of(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an answer says of an import, a refusal (RFC 9457) as well; `detail` is why nothing was stored."""
    if "type" in answer:
        return {**NOTHING, **answer, "status": "rejected"}
    reason = answer.get("problem")
    return answer if reason is None else {**answer, "detail": reason["detail"]}


def print_json(answer: Mapping[str, Any]) -> None:
    """The answer in one line; letters that standard output may lack as `\\u` sequences, so that none is lost."""
    line = write_json(answer).decode()
    is_utf8 = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    print(line if is_utf8 else json.dumps(json.loads(line)))


WORDS = {
    Lang.VI: {
        "status": "Kết quả",
        "rows": "Số liệu",
        "created": "Mới",
        "updated": "Sửa",
        "unchanged": "Không đổi",
        "rejected": "Từ chối",
        "retracted": "Rút",
        "errors": "Cần sửa",
        "warnings": "Cảnh báo",
        "place": "Vị trí",
        "code": "Mã",
        "detail": "Nội dung",
        "rule": "Quy tắc",
        "severity": "Mức",
        "ref": "Chỗ",
        "stated": "Ghi",
        "expected": "Đúng ra",
        "nothing": "Không phát hiện sai sót.",
        "more": "… và {n} chỗ khác",
        "left": "Dịch vụ vẫn tiếp tục nhập. Xem kết quả: curl -H 'Authorization: Bearer <khóa>' {address}",
    },
    Lang.EN: {
        "status": "Outcome",
        "rows": "Figures",
        "created": "New",
        "updated": "Changed",
        "unchanged": "Unchanged",
        "rejected": "Rejected",
        "retracted": "Retracted",
        "errors": "To be mended",
        "warnings": "Warnings",
        "place": "Place",
        "code": "Code",
        "detail": "What",
        "rule": "Rule",
        "severity": "Severity",
        "ref": "Where",
        "stated": "Stated",
        "expected": "Expected",
        "nothing": "Nothing is wrong with it.",
        "more": "… and {n} more",
        "left": "The service goes on with the import. To look: curl -H 'Authorization: Bearer <key>' {address}",
    },
}


def show(lang: Lang, answer: Mapping[str, Any]) -> None:
    """The table of what happened, and what is to be mended."""
    console, words, outcome = Console(), WORDS[lang], outcome_of(answer)
    names = ["status", "rows", "created", "updated", "unchanged", "rejected"]
    names += ["retracted"] if outcome.get("retracted") else []
    counts = Table(*(words[name] for name in names))
    counts.add_row(*(str(outcome[name]) for name in names))
    console.print(counts)
    show_faults(console, outcome, words)


def show_faults(console: Console, outcome: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Why something was refused, and where: errors, then warnings."""
    if "detail" in outcome:
        console.print(outcome["detail"], markup=False)
    for name in ("errors", "warnings"):
        if outcome[name]:
            console.print(_faults(words[name], outcome[name], words))


def _faults(title: str, found: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Table:
    table = Table(words["place"], words["code"], words["detail"], title=title, title_justify="left")
    for each in found[:MOST_SHOWN]:
        near = f" → {each['suggestion']}" if "suggestion" in each else ""
        table.add_row(_place(each), each["code"], escape(f"{each['detail']}{near}"))
    if len(found) > MOST_SHOWN:
        table.add_row("", "", words["more"].format(n=len(found) - MOST_SHOWN))
    return table


def _place(fault: Mapping[str, Any]) -> str:
    """Where a fault is: row and column of a table, a pointer into JSON, or a parameter."""
    if "row" in fault:
        return escape(", ".join(str(fault[name]) for name in ("row", "column") if fault.get(name)))
    return escape(str(fault.get("pointer", fault.get("parameter", ""))))
