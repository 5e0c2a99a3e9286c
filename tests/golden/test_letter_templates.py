"""The four letters by the Word files that ship, paragraph by paragraph beside the originals in `letters/`.

What differs is listed in `letters/differences.json` with its reason; everything else is the letter's own text. Names of
signers are invented in both.
"""

import io
import json
import re
from datetime import date, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import docx
import httpx
import pytest
from docx.document import Document
from docx.oxml.table import CT_Row
from docx.table import Table

from app.domain.instant import to_instant
from app.domain.unbroken import HYPHEN, SPACE
from app.reports.data import ReportQuery
from app.reports.data_source import report_data_for
from app.reports.fields.fields import letter_fields
from app.reports.templates.template import fill_template
from app.services.demo import load_demo
from app.services.rights import Caller, Scope
from app.store.db import Database
from app.store.values import Clocks
from tests.golden.test_report_classification import LIVE, a_province, constructed
from tests.make import with_figures, with_units
from tests.support.letters.make import LETTERS

ORIGINALS = Path(__file__).parent / "letters"
CALLER = Caller("test", frozenset({Scope.ADMIN}))


class Letter(NamedTuple):
    """A letter: its kind, whose it is, of which period, by which rules, and the day on which it was written.

    `ends_before`: where the copy of it ends, of which the annexes are not at hand.
    """

    kind: str
    under: str
    period: str
    on: date
    framework: str = "qd766"
    observed_by: int | None = None
    ends_before: str | None = None


JULY = Letter("announcement", "H60", "2024-07", date(2024, 8, 28))
JANUARY = Letter("direction", "H60", "2024-01", date(2024, 3, 31))
ELEVEN = to_instant(datetime.fromisoformat(LIVE["observed_by"]))
SECOND_QUARTER = Letter("ranking", "H19", "2024-Q2", date(2024, 7, 10), "dongnai@2024", ELEVEN, "PHỤ LỤC 1")
FEBRUARY = Letter("commune", "H55.XDINHHOA.XBINHTHANH", "2024-02", date(2024, 3, 5))


def paragraphs(letter: bytes) -> list[str]:
    """The text of a letter from its head to its last annex: cells side by side left to right, rows of tables in one."""
    document: Document = docx.Document(io.BytesIO(letter))
    found: list[str] = []
    for block in document.iter_inner_content():
        found += _cells(block) if isinstance(block, Table) else [block.text]
    return [text for text in map(_plain, found) if text]


def _cells(table: Table) -> list[str]:
    if len(table.columns) == 2:  # without lines: head and foot
        return [paragraph.text for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]
    return [" | ".join(_row(row._tr)) for row in table.rows]


def _row(row: CT_Row) -> list[str]:
    """The texts of a row; what a cell fills beside itself or below is blank."""
    texts: list[str] = []
    for cell in row.tc_lst:
        text = "" if cell.vMerge == "continue" else "\n".join(each.text for each in cell.p_lst)
        texts += [text, *[""] * (cell.grid_span - 1)]
    return texts


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(SPACE, " ").replace(HYPHEN, "-")).strip()


def printed(database: Database, letter: Letter) -> list[str]:
    """The paragraphs of the letter that the shipped Word file makes of what the service holds."""
    clocks = Clocks(observed_by=letter.observed_by)
    query = ReportQuery("qd766", None, letter.period, letter.framework, letter.under, clocks=clocks)
    with database.reading() as session:
        data = report_data_for(session, CALLER, query)
        fields = letter_fields(data, letter.on, data.letter_text(letter.kind))
    made = paragraphs(fill_template((LETTERS / f"{letter.kind}.docx").read_bytes(), fields))
    return made if letter.ends_before is None else made[: made.index(letter.ends_before)]


def differences(original: list[str], made: list[str]) -> list[tuple[list[str], list[str]]]:
    """Where the two are not the same, each time what stands in the one and in the other."""
    found = SequenceMatcher(None, original, made, autojunk=False).get_opcodes()
    return [(original[a:b], made[c:d]) for tag, a, b, c, d in found if tag != "equal"]


@pytest.fixture
def demonstration(database: Database) -> None:
    load_demo(database)


MISSED = {
    "updated_on_time": ("XSKHDT", "XSLDTBXH", "XSVHTTDL"),
    "online_dossiers": (
        *("XSTNMT", "XSGTVT", "XSKHCN", "XSNNPTNT"),
        *("XHAMYEN", "XLAMBINH", "XCHIEMHOA", "XYENSON", "XNAHANG", "XSONDUONG", "XTUYENQUANG"),
    ),
    "paid_dossiers": ("XSTNMT", "XSVHTTDL", "XSGTVT", "XYENSON", "XLAMBINH"),
    "digitised_input": ("XCHIEMHOA", "XYENSON", "XNAHANG"),
    "digitised_results": ("XSTNMT", "XLAMBINH", "XYENSON", "XSONDUONG"),
}
"""Who missed a target in January 2024, in the order in which note 1 of the letter names them."""


@pytest.fixture
async def january(api: httpx.AsyncClient, demonstration: None) -> None:
    """The letter names who missed a target without figures: here each misses it by less than the one before."""
    rows = [
        {"unit": f"H60.{unit}", "period": "2024-01", "indicator": code, "value": place, "source": "national_portal"}
        for code, units in MISSED.items()
        for place, unit in enumerate(units, start=1)
    ]
    await with_figures(api, rows)
    for code in MISSED:
        target = {"indicator": code, "year": 2024, "unit": "H60", "target": 50}
        assert (await api.put("/v1/targets", json=target)).is_success


@pytest.fixture
async def quarter(api: httpx.AsyncClient, demonstration: None) -> None:
    """The letter counts the units of each class without naming one: here are as many of each."""
    units, rows = a_province(constructed())
    await with_units(api, units[1:])
    await with_figures(api, rows)


@pytest.mark.parametrize(
    ("letter", "figures"),
    [(JULY, "demonstration"), (JANUARY, "january"), (SECOND_QUARTER, "quarter"), (FEBRUARY, "demonstration")],
    ids=lambda each: each.kind if isinstance(each, Letter) else "",
)
def test_a_letter_is_its_original_but_for_what_is_listed(
    letter: Letter, figures: str, database: Database, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(figures)
    listed = json.loads((ORIGINALS / "differences.json").read_text("utf-8"))[letter.kind]

    original = (ORIGINALS / f"{letter.kind}.txt").read_text("utf-8").splitlines()
    found = differences([_plain(line) for line in original], printed(database, letter))

    assert found == [(each["original"], each["printed"]) for each in listed]
    assert all(each["why"] for each in listed)


def test_ranking_lists_stand_in_annexes(database: Database, quarter: None) -> None:
    made = printed(database, SECOND_QUARTER._replace(kind="announcement", ends_before=None))

    annexes = [line for line in made if line.startswith("PHỤ LỤC")]
    first = made[made.index("PHỤ LỤC I") + 1 :]
    assert annexes == ["PHỤ LỤC I", "PHỤ LỤC II", "PHỤ LỤC III"]
    assert first[0] == "KẾT QUẢ QUÝ II/2024: SỞ, BAN, NGÀNH"
    assert first[2].startswith("STT | Đơn vị | Công khai, minh bạch | Tiến độ, kết quả giải quyết | ")
    assert first[3] == "1 | Sở, ban, ngành 01 | 15,30 | 17,00 | 18,70 | 18,70 | 15,30 | 85,00 | 01 | Tốt |"


def test_units_below_target_stand_in_an_annex_with_a_block_for_each_indicator(
    database: Database, january: None
) -> None:
    made = printed(database, JANUARY._replace(kind="announcement"))

    annex = made[made.index("PHỤ LỤC I") :]
    assert annex[1] == "ĐƠN VỊ KHÔNG ĐẠT CHỈ TIÊU THÁNG 01/2024"
    assert "Tỷ lệ hồ sơ nộp trực tuyến: 11/11 đơn vị" in annex
    assert "1 | Sở Tài nguyên và Môi trường | 1 | 50 | -49" in annex
