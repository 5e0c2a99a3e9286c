"""Write the Word files of the letters that ship anew: `python -m tests.support.letters.make`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.formats.docx import to_docx
from app.formats.page_layout import PagedDocument, PageGroup
from tests.support.letters import announcement, commune, direction, ranking

LETTERS = Path(__file__).parents[3] / "app" / "letters"
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
"""When the templates were drawn up; it stands in their properties."""
PARTS: dict[str, Callable[[], list[PageGroup]]] = {
    "announcement": announcement.parts,
    "direction": lambda: [PageGroup(direction.blocks())],
    "ranking": ranking.parts,
    "commune": commune.parts,
}


def template(kind: str) -> bytes:
    """The Word file of a kind of letter; the same bytes each time."""
    return to_docx(PagedDocument("{{ subject }}", MOMENT, PARTS[kind]()))


if __name__ == "__main__":
    LETTERS.mkdir(exist_ok=True)
    for kind in PARTS:
        (LETTERS / f"{kind}.docx").write_bytes(template(kind))
