"""Where in a letter its notes speak of something."""

from collections.abc import Iterator, Sequence

from app.reports.letter.parts import Appendix, Note, Section


def where(note: Note, sections: Sequence[Section], annexes: Sequence[Appendix]) -> str | None:
    """The place as a JSON pointer into the body of the letter; None where it prints nothing of what the note is about.

    The first paragraph that says it, else the first appendix with a row of that indicator.
    """
    if note.about is None or note.about.startswith("/"):
        return note.about
    return next(_places(note.about, sections, annexes), None)


def _places(about: str, sections: Sequence[Section], annexes: Sequence[Appendix]) -> Iterator[str]:
    for number, section in enumerate(sections):
        for place, paragraph in enumerate(section.paragraphs):
            if about in paragraph.about:
                yield f"/sections/{number}/paragraphs/{place}"
    for number, annex in enumerate(annexes):
        if any(row.get("indicator") == about for row in annex.rows):
            yield f"/appendices/{number}"
