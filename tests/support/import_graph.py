"""Which room imports which, as the modules do.

`python -m tests.support.import_graph` draws it in docs/architecture.md anew.
"""

from itertools import groupby
from pathlib import Path

import grimp

DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"
BEGINNING, END = "<!-- the import graph -->\n```\n", "```\n"
ROOMS = (
    "cli",
    "main",
    "api",
    "reports",
    "services",
    "store",
    "answers",
    "domain",
    "formats",
    "metrics",
    "config",
    "errors",
)
"""From above downwards."""


def drawing() -> list[str]:
    """A line a room: it imports those of the rooms above whose columns are marked."""
    imports = imported()
    width = max(map(len, ROOMS))
    lines = [" " * width + "  " + " ".join(ROOMS[1:])]
    for room in ROOMS:
        marks = ("●".center(len(other)) if other in imports.get(room, ()) else " " * len(other) for other in ROOMS[1:])
        lines.append(f"{room:<{width}}  {' '.join(marks)}".rstrip())
    return lines


def imported() -> dict[str, set[str]]:
    """The rooms that each room imports from."""
    graph = grimp.build_graph("app", cache_dir=None)
    pairs = {
        (room_of(module), room_of(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    return {room: {other for _, other in each} - {room} for room, each in groupby(sorted(pairs), lambda pair: pair[0])}


def room_of(module: str) -> str:
    """`services` of `app.services.imports.files`."""
    return module.split(".")[1] if "." in module else module


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGINNING)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(before + BEGINNING + "\n".join(drawing()) + "\n" + END + after, "utf-8")
