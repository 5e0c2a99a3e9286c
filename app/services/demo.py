"""The demonstration: the printed facts and orders of four letters, public figures of the national portal, their units.

What the letters count without naming or measuring it is there as figures that say of themselves that they illustrate.

`app/demo/` holds them as data, and its SOURCES.md says where each comes from. They are loaded once, through the same
services that take anybody's units and figures.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import JsonValue, TypeAdapter
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.answers.letter_profiles import LetterProfile
from app.domain.input_location import InputLocation
from app.domain.unit import Identifier, UnitDocument
from app.domain.unit_change import UnitChange, UnitEventKind
from app.services.evaluation_states import EvaluationRequest, draw_up, publish, store_draft
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.letter_profiles import EMPTY as EMPTY_PROFILE
from app.services.letter_profiles import upsert_profile
from app.services.letter_texts import upsert_letter_text
from app.services.publications import PublicationStatement, upsert_publications
from app.services.rights import Caller, Scope
from app.services.targets import TargetStatement, upsert_targets
from app.services.tasks import add
from app.services.unit_checks import StatedUnit
from app.services.unit_events import add_event
from app.services.unit_lists import read_unit_list
from app.services.units import state_units
from app.store.audit import list_entries
from app.store.db import Database
from app.store.letter_texts import StatedLetterText
from app.store.tasks import Task

DEMO = Path(__file__).parent.parent / "demo"
FIGURES = (
    "figures_letters.csv",
    "figures_illustrative.csv",
    "figures_gia_lai.csv",
    "figures_phu_tho.csv",
    "figures_provinces.csv",
)
CALLER = Caller("demo", frozenset({Scope.ADMIN}))
RESULTS = (
    EvaluationRequest("qd766", "2024-07", "H60", ("department", "district"), title="Tuyên Quang, tháng 7/2024"),
    EvaluationRequest("qd766", "2026", "H21", ("commune",), title="Gia Lai, năm 2026 (đến ngày 10/10/2026)"),
)
"""What is published: the last printed month of a province, and a year that is not over yet of another."""
NEW_MAP = date(2025, 7, 1)
"""Since then there are 34 provinces, no districts and 3,321 communes."""


PrintedEvent = TypedDict(
    "PrintedEvent", {"kind": UnitEventKind, "effective_on": date, "from": list[str], "to": list[str], "legal_ref": str}
)
"""A change of units as `events.json` has it."""


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What a call did: whether it loaded the demonstration or found it loaded, and how much of each kind is new."""

    loaded: bool
    units: int = 0
    events: int = 0
    figures: int = 0
    targets: int = 0
    publications: int = 0
    tasks: int = 0
    letter_profiles: int = 0
    letter_texts: int = 0
    results: int = 0


def load_demo(database: Database, settings_sources: Sequence[str] = ()) -> DemoOutcome:
    """Load the demonstration, all of it or nothing, unless it was loaded before; the shipped frameworks must stand.

    `settings_sources` are the sources allowed besides those that the frameworks name. Invalid where units or figures
    that are already there stand against it, such as an identifier that belongs to another unit.
    """
    with database.reading() as session:
        if _stands(session):
            return DemoOutcome(loaded=False)
    with database.writing() as session:
        if _stands(session):  # another process was quicker
            return DemoOutcome(loaded=False)
        session.info["actor"] = CALLER.name
        return _load(session, ImportOptions(locale="en", sources=tuple(settings_sources)))


def _stands(session: Session) -> bool:
    """Whether the trace knows of the demonstration's figures; what was corrected since then is left as it is."""
    filters = {"actor": CALLER.name, "action": "import.applied"}
    return any(list_entries(session, filters=filters, since=None, until=None, before=None, limit=1))


def _load(session: Session, options: ImportOptions) -> DemoOutcome:
    outcome = state_units(session, CALLER, [*read_units(), *map(StatedUnit, read_communes())])
    events = read_events()
    for event in events:
        add_event(session, CALLER, event)
    targets = upsert_targets(session, CALLER, read_targets())
    published = upsert_publications(session, CALLER, read_publications())
    tasks = read_tasks()
    for task in tasks:
        add(session, CALLER, task)
    profiles = read_letter_profiles()
    for unit, profile in profiles.items():
        upsert_profile(session, CALLER, unit, profile)
    texts = read_letter_texts()
    for text in texts:
        upsert_letter_text(session, CALLER, text[:3], text.text)
    row = import_values(session, CALLER, read_figures(), options)
    for order in RESULTS:
        drawn = store_draft(session, CALLER, draw_up(session, CALLER, order))
        assert drawn.id is not None
        publish(session, CALLER, drawn.id)
    counts = (
        len(outcome.created),
        len(events),
        row.created,
        targets["created"],
        published["created"],
        len(tasks),
        len(profiles),
        len(texts),
        len(RESULTS),
    )
    return DemoOutcome(True, *counts)


def read_units() -> list[StatedUnit]:
    """Provinces, departments, and the units of the letters that are gone."""
    with (DEMO / "units.json").open("rb") as file:
        listed = read_unit_list(file, "json")
    assert not listed.faults, "the file ships"
    return listed.placed


def read_communes() -> list[UnitDocument]:
    """The communes of 2025 by province.

    Where no public figures show the official code, the province's code, `G` and the statistics office's code make
    one, which is also an identifier of the scheme `demo`.
    """
    return [_commune(row["code"], row["gso"], row["name"]) for row in _rows("communes.csv")]


def _commune(code: str, gso: str, name: str) -> UnitDocument:
    province = code.partition(".")[0]
    identifiers = [Identifier(scheme="gso", value=gso)]
    if code == f"{province}.G{gso}":
        identifiers.append(Identifier(scheme="demo", value=code))
    facts = {"code": code, "name": name, "level": "commune", "parent": province, "valid_from": NEW_MAP}
    return UnitDocument.model_validate({**facts, "identifiers": identifiers})


def read_events() -> list[UnitChange]:
    """The mergers of the provinces that the letters speak of."""
    documents = TypeAdapter(list[PrintedEvent]).validate_json((DEMO / "events.json").read_bytes())
    return [
        UnitChange(
            kind=each["kind"],
            effective_on=each["effective_on"],
            sources=tuple(each["from"]),
            targets=tuple((unit, None) for unit in each["to"]),
            legal_ref=each["legal_ref"],
        )
        for each in documents
    ]


def read_targets() -> list[TargetStatement]:
    """What the units of the letters should reach."""
    return [
        TargetStatement(
            place=InputLocation(f"/targets.csv/{number}"),
            indicator=row["indicator"],
            level=row["level"],
            year=int(row["year"]),
            unit=row["unit"],
            target=row["target"],
            legal_ref=row["legal_ref"],
        )
        for number, row in enumerate(_rows("targets.csv"), start=2)
    ]


def read_publications() -> list[PublicationStatement]:
    """What the letters say was published."""
    return [
        PublicationStatement(
            place=InputLocation(f"/publications.csv/{number}"),
            period=row["period"],
            subject=row["subject"],
            unit=row["unit"],
            facts={
                "published_on": date.fromisoformat(row["published_on"]),
                "note": row["note"],
                "legal_ref": row["legal_ref"],
            },
        )
        for number, row in enumerate(_rows("publications.csv"), start=2)
    ]


def read_tasks() -> list[Task]:
    """What the letters order, and the apology that one of them tells of."""
    return TypeAdapter(list[Task]).validate_json((DEMO / "tasks.json").read_bytes())


def read_letter_texts() -> list[StatedLetterText]:
    """What the four letters say of their period besides its figures."""
    return TypeAdapter(list[StatedLetterText]).validate_json((DEMO / "letter_texts.json").read_bytes())


def read_letter_profiles() -> dict[str, LetterProfile]:
    """What the letters of two offices always say, by unit."""
    stated = TypeAdapter(list[dict[str, JsonValue]]).validate_json((DEMO / "letter_profiles.json").read_bytes())
    profile = TypeAdapter(LetterProfile)
    return {str(each["unit"]): profile.validate_python({**EMPTY_PROFILE, **each}) for each in stated}


def read_figures(files: Iterable[str] = FIGURES) -> Iterator[tuple[InputLocation, dict[str, str | None]]]:
    """Long rows as an import takes them, each with its file and row; an empty cell says nothing."""
    for file in files:
        for number, row in enumerate(_rows(file), start=2):
            yield InputLocation(f"/{file}/{number}"), {name: cell or None for name, cell in row.items()}


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
