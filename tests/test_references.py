"""What is cited can be opened: a page of docs/ with its section, a decision by its number, a file by its link."""

import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest

from tests.support.import_graph import BEGINNING, END, drawing

ROOT = Path(__file__).parent.parent
ROOMS = ("app", "bench", "docs", "openapi", "tests", ".ci")
OURS = (".cfg", ".csv", ".html", ".js", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml")
FOREIGN = ROOT / "app" / "static" / "docs"
UNREACHABLE = re.compile(r"\b(?:DESIGN|DOMAIN|STYLE|PORTAL)(?:\.md|\s+§)|\b[Ss]eeds?[ _/-]+\d|\bseed_\d|\.\./shared")
"""Notes that were never part of the repository, and the numbers that letters had in them."""
CITED = re.compile(r"docs/([\w/-]+\.md)(?:, (?=[A-Z])([^.;:)\"]+))?")
DECISION = re.compile(r"\bADR (\d+)\b")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", flags=re.M)
FENCED = re.compile(r"^```.*?^```$", flags=re.M | re.S)


def files() -> Iterator[Path]:
    """Every text of the repository but the vendored page."""
    named = (ROOT / name for name in ("Makefile", "Dockerfile", ".env.example", "pyproject.toml"))
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in OURS)
    for path in (*named, *ROOT.glob("*.md"), *found):
        if not path.is_relative_to(FOREIGN):
            yield path


TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files()}
PAGES = {name: text for name, text in TEXTS.items() if name.endswith(".md")}


def headings(page: str) -> list[str]:
    return HEADING.findall(FENCED.sub("", PAGES[page]))


def anchor(heading: str) -> str:
    """The name under which a heading is linked to."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Page and section ("" for the whole page), wherever a comment or a docstring breaks the line."""
    yield from CITED.findall(re.sub(r"\s*\n[\s#]*", " ", text))


def test_no_file_refers_to_what_a_reader_does_not_have() -> None:
    found = [(name, match[0]) for name, text in TEXTS.items() for match in UNREACHABLE.finditer(text)]
    named = [name for name in TEXTS if UNREACHABLE.search(name)]

    assert found == []
    assert named == []


def test_a_page_that_is_cited_is_there_with_its_section() -> None:
    cited = {(name, *each) for name, text in TEXTS.items() for each in citations(text)}

    lost = [each for each in cited if f"docs/{each[1]}" not in PAGES]
    unheaded = [
        (name, page, section)
        for name, page, section in cited
        if section and f"docs/{page}" in PAGES and section.strip() not in headings(f"docs/{page}")
    ]

    assert len([section for _, page, section in cited if page == "domain.md" and section]) > 5
    assert lost == []
    assert unheaded == []


def test_a_decision_that_is_cited_by_number_is_there() -> None:
    cited = {(name, int(number)) for name, text in TEXTS.items() for number in DECISION.findall(text)}
    decisions = {int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}

    assert [each for each in sorted(cited) if each[1] not in decisions] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_link_of_a_page_leads_somewhere(page: str) -> None:
    links = LINK.findall(FENCED.sub("", PAGES[page]))

    for target, section in links:
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), target
        if section:
            name = file.resolve().relative_to(ROOT).as_posix()
            assert section in map(anchor, headings(name)), f"{target}#{section}"


CODE = re.compile(r"\b(?:api|cli|domain|formats|reports|services|store)\.(?!md\b)[a-z_]+(?:\.\w+)*")
"""A module of a room, or what stands in one, without the package's own name."""


def is_there(name: str) -> bool:
    """Whether a dotted name below `app` is a module or something in one."""
    try:
        resolve_name(f"app.{name}")
    except (ImportError, AttributeError):
        return False
    return True


def test_the_import_graph_is_the_one_that_is_drawn() -> None:
    """Drawn anew by `python -m tests.support.import_graph`."""
    drawn = PAGES["docs/architecture.md"].partition(BEGINNING)[2].partition(END)[0]

    assert drawn.splitlines() == drawing()


def test_code_that_the_architecture_names_is_there() -> None:
    named = CODE.findall(PAGES["docs/architecture.md"])

    assert len(named) > 30
    assert [name for name in named if not is_there(name)] == []
