"""How sure the ranks of 3,321 communes are, over 1,000 draws, against reading the rows that their board is made of.

Both in one process on one core: the query by which boards read the figures of a level, and the whole answer from the
same rows on, with nothing kept in memory: points, draws, ranks, and the items of all units with their sentences.
"""

from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from app.domain.period import read_period
from app.domain.unit import UnitDocument
from app.formats.strict_json import write_json
from app.services.frameworks import load_framework, ship
from app.services.imports.importing import import_values
from app.services.imports.row_checks import ImportOptions
from app.services.imports.rows import ImportRows
from app.services.insight.sensitivity import SensitivityQuery, board_sensitivity, items_of
from app.services.scored_cohorts import indicators_of
from app.services.scores import ScoresQuery
from app.services.unit_checks import StatedUnit
from app.services.units import state_units
from app.store import period_values
from app.store.db import Database
from app.store.frameworks import indicator_kinds
from app.store.memory import Memory
from app.store.schema import migrate
from app.store.values import Clocks
from bench.boards import CALLER
from bench.table import Row, ratio, show

PROVINCES, COMMUNES, DRAWS = 34, 3_321, 1_000
JULY = read_period("2026-07")
FRAMEWORK = "qd766@2026"


def prepare(database: Database, home: Path) -> None:
    """A country: provinces with their communes, each with counts of every ratio of the decision."""
    provinces = [{"code": f"H{n + 10}", "name": f"UBND tỉnh {n}", "level": "province"} for n in range(PROVINCES)]
    codes = [f"H{n % PROVINCES + 10}.{10_000 + n}" for n in range(COMMUNES)]
    communes = [{"code": code, "name": f"UBND xã {code}", "level": "commune", "parent": code[:3]} for code in codes]
    ship(database)
    with database.writing() as session:
        units = [StatedUnit(UnitDocument.model_validate(each)) for each in (*provinces, *communes)]
        state_units(session, CALLER, units)
        read = indicators_of(load_framework(session, FRAMEWORK, JULY, None))
        ratios = [code for code, kind in indicator_kinds(session).items() if kind == "ratio" and code in read]
    file = home / "figures.csv"
    lines = (
        f"{code},2026-07,{indicator},{(unit * 37 + place * 101) % 900 + 50},1000,national_portal\n"
        for unit, code in enumerate(codes)
        for place, indicator in enumerate(ratios)
    )
    file.write_text("unit,period,indicator,numerator,denominator,source\n" + "".join(lines))
    with database.writing() as session, file.open("rb") as figures:
        rows = ImportRows([figures], "csv", None, None, "long", indicator_kinds(session))
        import_values(session, CALLER, rows, ImportOptions())


def read_rows(database: Database) -> None:
    """The figures of all communes, as boards read them."""
    with database.reading() as session:
        read = indicators_of(load_framework(session, FRAMEWORK, JULY, None))
        branches = [f"H{n + 10}" for n in range(PROVINCES)]
        found = period_values.columns_of_branches(session, JULY, "commune", read, branches, Clocks())
    assert sum(len(set(each.unit)) for each in found.values()) == COMMUNES


def answer(database: Database) -> None:
    """The answer of all units, written out."""
    board = ScoresQuery(JULY, FRAMEWORK, "commune", is_compared=False)
    with database.reading() as session:
        found = board_sensitivity(session, CALLER, SensitivityQuery(board, Decimal("0.1"), DRAWS, ""))
        write_json({**found.about, "items": items_of(found, "vi")(found.found.rows.tolist())})
    assert found.found.rows.size == COMMUNES


def rows() -> list[Row]:
    """How many times as long as reading the rows the whole answer takes."""
    with TemporaryDirectory(prefix="chiso-bench-") as home:
        url = f"sqlite:///{Path(home) / 'country.db'}"
        migrate(url)
        database = Database(url, memory=Memory(0))
        prepare(database, Path(home))
        found = ratio(partial(answer, database), partial(read_rows, database), process_time)
        database.dispose()
    return [Row(f"how sure {COMMUNES:,} ranks are over {DRAWS:,} draws, by reading their rows", found, 10.0)]


if __name__ == "__main__":
    show(rows())
