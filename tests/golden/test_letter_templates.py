"""The four letters by the Word files that ship, asked for over the demonstration, beside the originals in `letters/`.

What differs, paragraph by paragraph, is listed in `letters/differences.json` with its reason; everything else is the
letter's own text. Names of signers are invented in both.
"""

import io
import json
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import docx
import httpx
import pytest
from docx.document import Document
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.parser import parse_xml
from docx.oxml.table import CT_Row
from docx.table import Table

from app.domain.unbroken import HYPHEN, SPACE
from app.formats.docx_notes import MARK, OWN_MARK
from app.formats.docx_paragraphs import PARAGRAPH, note_parts
from app.services.demo import load_demo
from app.store.db import Database

ORIGINALS = Path(__file__).parent / "letters"
PATH = "/v1/reports/announcement"


class Letter(NamedTuple):
    """A letter: its kind, and how it is asked for.

    `ends_before`: where the copy of it ends, of which the annexes are not at hand.
    """

    kind: str
    asked: dict[str, str]
    ends_before: str | None = None


JULY = Letter("announcement", {"under": "H60", "period": "2024-07", "on": "2024-08-28"}, "PHỤ LỤC I")
JANUARY = Letter("direction", {"under": "H60", "period": "2024-01", "on": "2024-03-31"})
ELEVEN = {"framework": "dongnai@2024", "observed_by": "2024-07-08T11:00:00+07:00"}
SECOND_QUARTER = Letter("ranking", {"under": "H19", "period": "2024-Q2", "on": "2024-07-10", **ELEVEN}, "PHỤ LỤC 1")
CONTRADICTION = {"force": "true"}
"""The total of Bình Thành is not that of its groups, in print as here, which stops its letter."""
FEBRUARY = Letter(
    "commune", {"under": "H55.XDINHHOA.XBINHTHANH", "period": "2024-02", "on": "2024-03-05", **CONTRADICTION}
)


def paragraphs(letter: bytes) -> list[str]:
    """The text of a letter from its head to its last annex: cells side by side left to right, rows of tables in one.

    Footnotes, which stand at the foot of a page, come last.
    """
    document: Document = docx.Document(io.BytesIO(letter))
    _show(document.element.body, MARK)
    found: list[str] = []
    for block in document.iter_inner_content():
        found += _cells(block) if isinstance(block, Table) else [block.text]
    found += [text for part in note_parts(document) for text in _notes(part)]
    return [text for text in map(_plain, found) if text]


def _notes(part: Part) -> list[str]:
    root = parse_xml(part.blob)
    _show(root, OWN_MARK)
    return [paragraph.text for paragraph in root.iter(PARAGRAPH)]


def _show(root: Any, mark: str) -> None:
    """Numbers as Word shows them, in the place of marks."""
    for number, each in zip("¹²³", root.iter(mark), strict=False):
        each.addnext(OxmlElement("w:t"))
        each.getnext().text = number


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


async def printed(api: httpx.AsyncClient, letter: Letter) -> list[str]:
    """The paragraphs of the letter that the shipped Word file makes of what the service holds."""
    answer = await api.get(PATH, params={**letter.asked, "letter": letter.kind, "format": "docx"})
    assert answer.status_code == 200, answer.text
    made = paragraphs(answer.content)
    return made if letter.ends_before is None else made[: made.index(letter.ends_before)]


def differences(original: list[str], made: list[str]) -> list[tuple[list[str], list[str]]]:
    """Where the two are not the same, each time what stands in the one and in the other."""
    found = SequenceMatcher(None, original, made, autojunk=False).get_opcodes()
    return [(original[a:b], made[c:d]) for tag, a, b, c, d in found if tag != "equal"]


@pytest.fixture(autouse=True)
def demonstration(database: Database) -> None:
    load_demo(database)


@pytest.mark.parametrize("letter", [JULY, JANUARY, SECOND_QUARTER, FEBRUARY], ids=lambda each: each.kind)
async def test_a_letter_is_its_original_but_for_what_is_listed(letter: Letter, api: httpx.AsyncClient) -> None:
    listed = json.loads((ORIGINALS / "differences.json").read_text("utf-8"))[letter.kind]

    original = (ORIGINALS / f"{letter.kind}.txt").read_text("utf-8").splitlines()
    found = differences([_plain(line) for line in original], await printed(api, letter))

    assert found == [(each["original"], each["printed"]) for each in listed]
    assert all(each["why"] for each in listed)


async def test_ranking_lists_stand_in_annexes(api: httpx.AsyncClient) -> None:
    made = await printed(api, SECOND_QUARTER._replace(kind="announcement", ends_before=None))

    annexes = [line for line in made if line.startswith("PHỤ LỤC")]
    first, second = (made[made.index(f"PHỤ LỤC {number}") + 1 :] for number in ("I", "II"))
    assert annexes == ["PHỤ LỤC I", "PHỤ LỤC II", "PHỤ LỤC III", "PHỤ LỤC IV"]
    assert first[0] == "KẾT QUẢ QUÝ II/2024: SỞ, BAN, NGÀNH"
    assert first[2].startswith("STT | Đơn vị | Công khai, minh bạch | Tiến độ, kết quả giải quyết | ")
    assert first[3] == "1 | Sở, ban, ngành minh họa 01 | 14,65 | 17,24 | 17,71 | 19,12 | 16,04 | 84,76 | 01 | Tốt"
    assert any("Phụ lục IV ban hành kèm theo văn bản này được khai thác trên Cổng" in line for line in made)
    assert second[2] == "STT | Đơn vị | Tổng điểm | Hạng | Xếp loại"  # no points of any group, no earlier rank


async def test_units_beside_criteria_stand_in_annexes_behind_the_lists(api: httpx.AsyncClient) -> None:
    """Figures that illustrate: the letter of July names four annexes of 26 units, which are not at hand."""
    made = await printed(api, JULY._replace(ends_before=None))

    annexes = [made.index(f"PHỤ LỤC {number}") for number in ("I", "II", "III", "IV")]
    assert made[annexes[0] + 1] == "KẾT QUẢ THÁNG 7/2024: SỞ, BAN, NGÀNH"
    departments, districts = made[annexes[2] : annexes[3]], made[annexes[3] :]
    assert departments[1:3] == [
        "KẾT QUẢ CÁC TIÊU CHÍ THÁNG 7/2024: SỞ, BAN, NGÀNH",
        "(Số liệu tra cứu ngày 26/8/2024)",
    ]
    assert departments[4] == (
        "STT | Đơn vị | Công khai, minh bạch | | Tiến độ, kết quả giải quyết | Cung cấp dịch vụ công trực tuyến | "
        "Thanh toán trực tuyến | Mức độ hài lòng | Số hóa hồ sơ | | Tổng điểm | Hạng | Xếp loại | Tăng, giảm bậc"
    )
    assert departments[6] == (
        "1 | Văn phòng UBND tỉnh | 100,00% | 98,75% | 97,92% | 60,83% | 61,46% | 97,20% | 70,83% | 1 hồ sơ (0,42%) | "
        "93,40 | 01 | Xuất sắc | tăng 01 bậc"
    )
    missing = next(line for line in departments if "Sở Văn hóa, Thể thao và Du lịch" in line)
    assert "| 88,70% | | 81,66% |" in missing
    assert (len(departments), len(districts)) == (6 + 19, 6 + 7)


async def test_units_below_target_stand_in_an_annex_with_a_block_for_each_indicator(api: httpx.AsyncClient) -> None:
    made = await printed(api, JANUARY._replace(kind="announcement"))

    annex = made[made.index("PHỤ LỤC I") :]
    assert not any("cụ thể như sau:" in line for line in made)  # no points of any group
    assert "(Kèm theo Văn bản số /UBND-THCBKS ngày / /2024 của UBND tỉnh Tuyên Quang)" in annex
    assert annex[1] == "ĐƠN VỊ KHÔNG ĐẠT CHỈ TIÊU THÁNG 01/2024"
    assert "Tỷ lệ hồ sơ nộp trực tuyến: 11/11 đơn vị" in annex
    assert "1 | Sở Tài nguyên và Môi trường | 11,2 | 50 | -38,8" in annex
