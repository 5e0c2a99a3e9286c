"""The demonstration: what it holds, that it is loaded once, and that each of its facts has a source."""

import csv
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.domain.unit import Identifier, UnitDocument
from app.errors import Invalid
from app.services.demo import CALLER, DEMO, FIGURES, DemoOutcome, load_demo, read_communes, read_units
from app.services.evaluation_checks import verify
from app.services.evaluations import list_visible
from app.services.frameworks import ship
from app.services.publications import PublicationsQuery, list_publications
from app.services.rights import Caller
from app.services.tasks import TasksQuery as Tasks
from app.services.tasks import list_tasks
from app.services.unit_checks import StatedUnit
from app.services.unit_events import lineage
from app.services.units import patch_unit, state_units
from app.store.db import Database, last_change
from app.store.evaluations import EvaluationFilter
from app.store.imports import list_imports
from app.store.publications import PublicationFilter as Publications
from app.store.tasks import TaskFilter as Orders
from app.store.unit_versions import UnitMoment, UnitVersion
from app.store.units import get_unit_row, identified, list_units
from app.store.values import CURRENT, Clocks, CurrentValue, ValueFilter, list_values
from tests.support.databases import Databases

SECONDS = 20
"""Far more than a load takes (about one), so that only a load gone wrong is caught on a busy machine."""

ILLUSTRATIVE = "figures_illustrative.csv"
LETTERS = (
    "Công văn Tuyên Quang tháng 7/2024, ",
    "Công văn Bình Thành tháng 02/2024, ",
    "Công văn Tuyên Quang tháng 01/2024, ",
)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database with the frameworks that ship."""
    database = Database(url)
    ship(database)
    yield database
    database.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of the test's own, before the demonstration."""
    with opened(database_url) as database:
        yield database


@pytest.fixture(scope="module")
def loaded(databases: Databases) -> Iterator[Database]:
    """The demonstration, for tests that only read; loaded once for all of them."""
    with databases.database() as url, opened(url) as database:
        load_demo(database)
        yield database


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def levels(database: Database, moment: UnitMoment) -> Counter[str]:
    """How many units of each level there are at the moment."""
    with database.reading() as session:
        return Counter(row.level for row in list_units(session, moment=moment, limit=10_000))


def test_all_of_it_is_loaded_in_seconds(database: Database) -> None:
    begun = time.monotonic()

    outcome = load_demo(database)

    figures = 135 + 550 + 2099 + 190 + 52
    new = {
        "units": 304 + 3321,
        "events": 3,
        "figures": figures,
        "targets": 8,
        "publications": 7,
        "tasks": 3,
        "letter_profiles": 3,
        "letter_texts": 4,
        "results": 2,
    }
    assert outcome == DemoOutcome(True, **new)
    assert time.monotonic() - begun < SECONDS


def test_everybody_reads_two_published_results_that_can_be_computed_again(loaded: Database) -> None:
    with loaded.reading() as session:
        shown = list_visible(session, Caller("", frozenset()), EvaluationFilter(), before=None, limit=None)
        verified = [verify(session, CALLER, int(row.id or 0))["matches"] for row in shown]

    assert [(row.status, row.period, row.under) for row in shown] == [
        ("published", "2026", "H21"),
        ("published", "2024-07", "H60"),
    ]
    assert verified == [True, True]


def test_a_second_call_writes_nothing(loaded: Database) -> None:
    with loaded.reading() as session:
        before = last_change(session)

    outcome = load_demo(loaded)

    with loaded.reading() as session:
        assert outcome == DemoOutcome(loaded=False)
        assert last_change(session) == before


def test_of_two_that_load_at_once_the_second_finds_it_loaded(database: Database) -> None:
    start = Barrier(2)

    def load() -> bool:
        start.wait()
        return load_demo(database).loaded

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(load), pool.submit(load)

    assert sorted([first.result(), second.result()]) == [False, True]


def test_what_was_corrected_since_then_stays_corrected(database: Database) -> None:
    load_demo(database)
    with database.writing() as session:
        patch_unit(session, CALLER, "H19", {"name": "UBND thành phố Đồng Nai"})

    load_demo(database)

    with database.reading() as session:
        assert get_unit_row(session, "H19").name == "UBND thành phố Đồng Nai"


def test_where_something_stands_against_it_nothing_is_loaded(database: Database) -> None:
    taken = UnitDocument(
        code="X1", name="UBND tỉnh", level="province", identifiers=(Identifier(scheme="gso", value="08"),)
    )
    with database.writing() as session:
        state_units(session, CALLER, [StatedUnit(taken)])

    with pytest.raises(Invalid) as refused:
        load_demo(database)

    with database.reading() as session:
        assert [fault.code for fault in refused.value.faults] == ["identifier_taken"]
        assert session.execute(select(func.count()).select_from(UnitVersion)).scalar_one() == 1
        assert list(list_imports(session, within=None, before=None, limit=1, few=0)) == []


def test_the_map_of_2026_has_34_provinces_no_districts_and_3321_communes(loaded: Database) -> None:
    assert levels(loaded, UnitMoment(day=date(2026, 1, 1))) == {"province": 34, "department": 19, "commune": 3321}


def test_the_units_of_the_letters_existed_until_the_middle_of_2025(loaded: Database) -> None:
    then = levels(loaded, UnitMoment(day=date(2025, 6, 30)))

    assert then == {"province": 37, "department": 11 + 8 + 17, "district": 8 + 11, "commune": 23 + 170}


def test_the_map_of_tuyen_quang_tells_of_ha_giang(loaded: Database) -> None:
    with loaded.reading() as session:
        tuyen_quang, ha_giang = lineage(session, "H60"), get_unit_row(session, "H22")

    assert tuyen_quang["predecessors"] == ["H22"]
    assert (ha_giang.valid_to, ha_giang.successors) == (date(2025, 6, 30), ["H60"])


def test_gia_lai_is_whole_and_known_by_the_codes_of_two_registers(loaded: Database) -> None:
    with loaded.reading() as session:
        below = Counter(row.level for row in list_units(session, parent="H21", limit=1000))
        codes = identified(session, {("gso", "08"), ("gso", "24019"), ("demo", "H60.XSTNMT"), ("demo", "H21.227")})

    assert below == {"commune": 135, "department": 14}
    assert codes[("gso", "08")] == "H60"
    assert codes[("demo", "H60.XSTNMT")] == "H60.XSTNMT"
    assert ("demo", "H21.227") not in codes


def test_a_commune_has_its_official_code_or_one_that_says_it_is_constructed() -> None:
    constructed = {"demo" in {each["scheme"] for each in facts.identifiers} for facts in read_communes()}
    official = [facts.code for facts in read_communes() if len(facts.identifiers) == 1]

    assert constructed == {True, False}
    assert Counter(code[:3] for code in official) == {"H21": 135, "H44": 13}
    assert all(len(facts.identifiers[0]["value"]) == 5 for facts in read_communes())


def test_the_periods_hold_the_figures_of_their_sources(loaded: Database) -> None:
    with loaded.reading() as session:
        counts = select(CURRENT.period, func.count()).select_from(CurrentValue).group_by(CURRENT.period)
        held = {row[0]: row[1] for row in session.execute(counts)}

    assert held == {
        "2023-12": 2,
        "2024-01": 49 + 26,
        "2024-02": 38,
        "2024-06": 8 + 26,
        "2024-Q2": 266,
        "2024-07": 38 + 232,
        "2026": 2179,
        "2026-08": 162,
    }


def test_a_figure_says_from_where_when_and_of_which_letter(loaded: Database) -> None:
    wanted = ValueFilter(unit="H60", period="2024-07", indicator="dossier_sync")
    with loaded.reading() as session:
        (row,) = list_values(session, wanted, Clocks(), after=None, limit=10)

    assert (row.numerator, row.denominator, row.value, row.decimals) == (25775_0000, 26080_0000, 98_8300, 2)
    assert (row.source, row.observed_at) == ("national_portal", 1_724_605_200_000_000)  # 26/8/2024 in Việt Nam
    assert (row.note or "").startswith("Công văn Tuyên Quang tháng 7/2024, mục 1.1")


def test_all_seven_districts_of_tuyen_quang_have_published(loaded: Database) -> None:
    with loaded.reading() as session:
        rows = list(
            list_publications(session, CALLER, PublicationsQuery(Publications(under="H60")), after=None, limit=100)
        )
        districts = [row.code for row in list_units(session, level="district", under="H60", limit=100)]

    assert [row["unit"] for row in rows] == sorted(districts)
    assert {(row["period"], row["published_on"], row["due_on"]) for row in rows} == {
        ("2024-07", date(2024, 8, 28), None)
    }


def test_the_orders_of_the_letters_name_those_who_work_together(loaded: Database) -> None:
    with loaded.reading() as session:
        apology, causes, reuse = list_tasks(session, CALLER, Tasks(Orders()), after=None, limit=100)

    assert (apology["assignee"], apology["state"], apology["overdue"]) == ("H60.XHAMYEN", "done", False)
    assert causes["assignee"] == reuse["assignee"] == "H60.XSTTTT"
    assert causes["helpers"] == ["H60.XSKHDT", "H60.XSGTVT", "H60.XSGDDT"]
    assert {task["due_on"] for task in (causes, reuse)} == {date(2024, 9, 15)}
    assert causes["overdue"]


def test_only_the_misprinted_rate_of_binh_thanh_is_warned_of(loaded: Database) -> None:
    with loaded.reading() as session:
        ((row, *_),) = list_imports(session, within=None, before=None, limit=10, few=1)

    assert (row.actor, row.status, row.rejected, row.errors) == ("demo", "applied", 0, [])
    assert [(each["en"]["code"], each["en"]["pointer"]) for each in row.warnings] == [
        ("rate_differs_from_counts", "/figures_letters.csv/68/value")
    ]


@pytest.mark.parametrize("file", FIGURES)
def test_every_figure_has_a_source_a_moment_and_something_to_say(file: str) -> None:
    for row in rows(file):
        typed_in = file == ILLUSTRATIVE and row["unit"].startswith("H60")
        assert row["source"] == ("manual" if typed_in else "national_portal")
        assert row["observed_at"].endswith("+07:00")
        assert row["value"] or (row["numerator"] and row["denominator"])


def test_every_figure_of_a_letter_names_its_letter() -> None:
    assert all(row["note"].startswith(LETTERS) for row in rows("figures_letters.csv"))


def test_what_is_made_up_says_so() -> None:
    figures = rows(ILLUSTRATIVE)

    assert all(row["note"].startswith("Số liệu minh họa: công văn ") for row in figures)
    assert all(row["legal_ref"].startswith("Chỉ tiêu minh họa: ") for row in rows("targets.csv"))
    of_dong_nai = {row["unit"] for row in figures if row["unit"].startswith("H19")}
    named = {each.facts.code: each.facts.name for each in read_units()}
    assert all("minh họa" in named[unit] for unit in of_dong_nai)


def test_a_quality_flag_of_the_portal_stands_in_the_note() -> None:
    notes = {row["unit"]: row["note"] for row in rows("figures_gia_lai.csv") if row["indicator"] == "dossier_sync"}

    assert len(notes) == 48
    assert notes["H21.20"] == "NO_NATIONAL_REPORT_DATA: Không có dữ liệu báo cáo tổng hợp."
    assert sum(note.startswith("TEMP_NATIONAL_REPORT_DENOMINATOR: ") for note in notes.values()) == 47


def test_nothing_over_nothing_has_no_rate() -> None:
    zero = [row for file in FIGURES for row in rows(file) if row["denominator"] == "0"]

    assert len(zero) > 50
    assert {row["value"] for row in zero} == {""}


def test_the_files_are_small_and_each_is_described() -> None:
    files = [path for path in DEMO.iterdir() if path.name != "SOURCES.md"]
    described = (DEMO / "SOURCES.md").read_text(encoding="utf-8")

    assert sum(path.stat().st_size for path in files) < 600_000
    assert all(f"`{path.name}`" in described for path in files)
