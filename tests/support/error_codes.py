"""The public codes of every refusal, as the modules of the service declare them.

`python -m tests.support.error_codes` writes their table in docs/errors.md anew.
"""

import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import app
from app.api.contract_vocabulary import declared
from app.errors import ErrorCode, RefusalCode

DOCUMENT = Path(__file__).parents[2] / "docs" / "errors.md"
HEAD = "| code | status | what is said |\n|---|---|---|\n"
PROGRAMS = ("app.formats.workbook_child", "app.migrations")
"""What is not to be imported here: a program of its own, and scripts that want a database."""


def modules() -> Iterator[str]:
    """The names of the service's modules."""
    found = (module.name for module in pkgutil.walk_packages(app.__path__, "app."))
    return (name for name in found if not name.startswith(PROGRAMS))


def rows() -> list[str]:
    """The lines of the table: a code, the statuses of the refusals that carry it, and all that is said of it."""
    by_code: defaultdict[str, set[ErrorCode]] = defaultdict(set)
    for each in (code for module in modules() for code in declared(module)):
        by_code[each.code].add(each)
    lines = []
    for code, ones in sorted(by_code.items()):
        statuses = sorted({one.kind.status for one in ones if isinstance(one, RefusalCode)})
        said = "<br>".join(sorted({one.en for one in ones})).replace("|", chr(92) + "|")
        lines.append(f"| `{code}` | {', '.join(map(str, statuses)) or 'in `errors`'} | {said} |")
    return lines


if __name__ == "__main__":
    before = DOCUMENT.read_text("utf-8").partition(HEAD)[0]
    DOCUMENT.write_text(before + HEAD + "\n".join(rows()) + "\n", "utf-8")
