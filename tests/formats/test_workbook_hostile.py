"""Workbooks made to break their reader: each is refused in words, or read in little room, and we are still here."""

import io
import random
import re
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from app.errors import Fault, Invalid, Malformed
from app.formats.office_archive import COMPOUND_SIGNATURE, ENCRYPTED_PART
from app.formats.workbook import open_workbook
from app.formats.workbook_sheet import WorkbookLimits
from tests.support.workbooks import HEADER, MAIN, a_workbook, packed, parts_of, sheet_xml, written

TEXT = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
ROW = '<row r="2"><c r="A2"><v>1</v></c></row>'
GOOD = a_workbook(HEADER + ROW)


def outcome(body: bytes, limits: WorkbookLimits | None = None) -> str:
    """The code of the refusal."""
    return refused(body, limits).code


def refused(body: bytes, limits: WorkbookLimits | None = None) -> Fault:
    """The refusal; the parent's memory does not grow with what the child is made to do."""
    tracemalloc.start()
    try:
        with (
            TemporaryFile() as file,
            pytest.raises((Malformed, Invalid)) as caught,
            open_workbook(written(body, file), None, limits) as opened,
        ):
            list(opened.rows)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000 + 2 * len(body)
    finally:
        tracemalloc.stop()
    [fault] = caught.value.faults
    assert fault.detail("en") != fault.detail("vi")
    assert caught.value.code == fault.code
    return fault


def test_two_cells_in_the_farthest_corners_cost_two_cells() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = sheet_xml(HEADER + far).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    body = packed(parts_of({"a": sheet}))
    began = time.perf_counter()

    with TemporaryFile() as file, open_workbook(written(body, file)) as opened:
        [(number, fault)] = opened.rows

    assert len(body) < 2_000
    assert isinstance(fault, Fault)
    assert (number, fault.code) == (1_048_576, "cell_outside")
    assert "a!XFD1048576" in fault.detail("en")
    assert time.perf_counter() - began < 5


def test_a_header_as_wide_as_a_sheet_is_refused() -> None:
    assert (
        outcome(a_workbook('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')) == "workbook_too_large"
    )


def test_an_archive_of_six_hundred_to_one_is_refused() -> None:
    body = a_workbook(HEADER + ROW + " " * 5_000_000)

    assert 5_000_000 / len(body) > 600
    fault = refused(body)
    assert fault.code == "workbook_too_large"
    assert re.search(r"packed too tightly to be a table \(1 : [0-9]{3,4}, at most 1 : 100\)", fault.detail("en"))


def test_a_lie_about_the_size_does_not_help() -> None:
    body = bytearray(a_workbook(HEADER + ROW + " " * 5_000_000))
    real = len(sheet_xml(HEADER + ROW + " " * 5_000_000).encode())
    for place in (body.find(struct.pack("<L", real)), body.rfind(struct.pack("<L", real))):
        body[place : place + 4] = struct.pack("<L", 100)

    assert outcome(bytes(body)) in ("workbook_too_large", "workbook_broken")


def test_a_bomb_in_a_part_that_no_one_reads_is_refused_too() -> None:
    assert outcome(packed({**parts_of({"a": sheet_xml(HEADER + ROW)}), "xl/media/1.png": b"\0" * 5_000_000})) == (
        "workbook_too_large"
    )


def test_more_than_is_allowed_unpacked_is_refused_however_loosely_packed() -> None:
    noise = random.Random(1).randbytes(300_000).hex()
    body = a_workbook(f"{HEADER}{ROW}<!--{noise}-->")

    assert outcome(body, WorkbookLimits(unpacked=500_000)) == "workbook_too_large"


def test_parts_are_counted_together() -> None:
    noise = random.Random(1).randbytes(150_000).hex()
    strings = f'<sst xmlns="{MAIN}"><si><t>x</t></si><!--{noise}--></sst>'
    body = a_workbook(f"{HEADER}{ROW}<!--{noise}-->", strings=strings)

    assert outcome(body, WorkbookLimits(unpacked=500_000)) == "workbook_too_large"


def test_a_hundred_thousand_entries_are_refused() -> None:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name in range(100_000):
            archive.writestr(zipfile.ZipInfo(str(name)), b"")

    assert outcome(output.getvalue()) == "workbook_too_large"


def test_entities_are_refused_before_they_unfold() -> None:
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "x">{levels}]>'
    cell = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e11;</t></is></c></row>'

    assert outcome(packed(parts_of({"a": sheet_xml(HEADER + cell, before=bomb)}))) == "workbook_broken"


def test_external_entities_are_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("H60")
    before = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    cell = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row>'

    assert outcome(packed(parts_of({"a": sheet_xml(HEADER + cell, before=before)}))) == "workbook_broken"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_breaks_off_is_refused(share: float) -> None:
    assert outcome(GOOD[: int(len(GOOD) * share)]) == "workbook_broken"


def test_a_changed_byte_is_noticed() -> None:
    body = bytearray(packed(parts_of({"a": sheet_xml(HEADER + ROW)})))
    place = body.find(b"xl/worksheets/sheet1.xml") + 60
    body[place] ^= 0xFF

    assert outcome(bytes(body)) == "workbook_broken"


def test_parts_that_are_said_to_begin_before_the_file_are_no_failure_of_ours() -> None:
    body = bytearray(GOOD)
    body[-6] += 5  # where the list of contents begins, from which everything is counted; in the last record

    assert outcome(bytes(body)) == "workbook_broken"


def test_noise_of_every_kind_is_refused_or_read() -> None:
    chance = random.Random(766)
    for _ in range(12):
        body = bytearray(GOOD)
        for _ in range(chance.randrange(1, 30)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        with TemporaryFile() as file:
            try:
                with open_workbook(written(bytes(body), file)) as opened:
                    list(opened.rows)
            except (Malformed, Invalid):
                pass


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="3"/><row r="2"/>', "workbook_broken"),
        ('<row r="0"/>', "workbook_broken"),
        ('<row r="1048577"/>', "workbook_broken"),
        ('<row r="99999999999999999999"/>', "workbook_broken"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="Ä1"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1" s="999999"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1" s="x"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1" t="s"><v>4294967296</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1" t="odd"><v>1</v></c></row>', "workbook_broken"),
        ('<row r="1"><c r="A1" t="d"><v>31/12/2024</v></c></row>', "workbook_broken"),
        ("<row><c><v>1</v></c>", "workbook_broken"),
        ("<row" + "><row" * 10_000, "workbook_broken"),
    ],
)
def test_sheets_that_no_program_writes_are_refused(rows: str, code: str) -> None:
    assert outcome(a_workbook(rows)) == code


def test_merged_cells_without_number_are_refused() -> None:
    merged = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(2, 10_100))

    assert outcome(a_workbook(HEADER + ROW, f"<mergeCells>{merged}</mergeCells>")) == "workbook_too_large"


def test_what_is_no_workbook_is_named_for_what_it_is() -> None:
    word = {
        "_rels/.rels": parts_of({})["_rels/.rels"].replace("xl/workbook", "word/document"),
        "word/document.xml": "<a/>",
    }
    binary = {"_rels/.rels": parts_of({})["_rels/.rels"].replace("workbook.xml", "workbook.bin")}

    assert outcome(b"unit,value\nH60,1\n") == "workbook_other"
    assert outcome(b"") == "workbook_other"
    assert outcome(packed({"a": "b"})) == "workbook_other"
    assert outcome(packed({**word, "word/_rels/document.xml.rels": "<a/>"})) == "workbook_other"
    assert outcome(packed(binary)) == "workbook_binary"
    assert outcome(COMPOUND_SIGNATURE + b"\0" * 600) == "workbook_old"
    assert outcome(COMPOUND_SIGNATURE + b"\0" * 600 + ENCRYPTED_PART) == "workbook_encrypted"


def test_a_workbook_that_takes_too_long_costs_a_child() -> None:
    body = a_workbook(HEADER + "<row><c><v>1</v></c></row>" * 1_000_000)

    assert outcome(body, WorkbookLimits(seconds=1, ratio=10_000)) == "workbook_too_costly"


def test_a_workbook_that_takes_too_much_memory_costs_a_child() -> None:
    body = a_workbook(HEADER + ROW, strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 60_000_000}</t></si></sst>')

    assert outcome(body, WorkbookLimits(memory=100 << 20, ratio=10_000)) == "workbook_too_costly"


def test_few_texts_repeated_without_end_do_not_fill_the_disk() -> None:
    noise = random.Random(1).randbytes(10_000).hex()
    strings = f'<sst xmlns="{MAIN}"><si><t>{noise}</t></si></sst>'
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 1_000))
    body = a_workbook(HEADER + rows, strings=strings)

    assert outcome(body, WorkbookLimits(output=1 << 20)) == "workbook_too_large"


def test_a_row_without_end_is_refused() -> None:
    noise = random.Random(1).randbytes(12_000).hex()
    strings = f'<sst xmlns="{MAIN}"><si><t>{noise}</t></si></sst>'
    names = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    cells = "".join(f'<c r="{name}1" t="s"><v>0</v></c>' for name in sorted(names))

    assert outcome(a_workbook(f'<row r="1">{cells}</row>', strings=strings)) == "workbook_too_large"


def test_memory_does_not_grow_with_the_workbook() -> None:
    body = a_workbook(HEADER + "".join(f"<row><c><v>{row}</v></c></row>" for row in range(2, 20_000)))
    with TemporaryFile() as file, open_workbook(written(body, file)) as opened:
        tracemalloc.start()
        last = max(number for number, _ in opened.rows)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert last == 19_999
    assert peak < 300_000


def test_no_descriptor_and_no_child_is_left_behind() -> None:
    def left() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = left()
    for body in (GOOD, GOOD[:200], b"x"):
        with TemporaryFile() as file:
            try:
                with open_workbook(written(body, file)) as opened:
                    next(opened.rows)
            except (Malformed, Invalid):
                pass
    assert left() == before


def merged(*references: str) -> str:
    cells = "".join(f'<mergeCell ref="{each}"/>' for each in references)
    return f"<mergeCells>{cells}</mergeCells>"


@pytest.mark.parametrize(
    "pair", [("A8:B9", "B9:C9"), ("A8:XFD9", "C9:C9"), ("A2:A9", "A9:A12"), ("A2:B3", "A2:B3"), ("C1:D9", "A4:J5")]
)
def test_merged_cells_that_overlap_are_refused_with_both_named(pair: tuple[str, str]) -> None:
    fault = refused(a_workbook(HEADER + ROW, merged("F1:F1", *pair, "A20:B20")))

    assert fault.code == "cells_merged_twice"
    assert all(each in fault.detail("vi") for each in pair)


def test_merged_cells_beside_the_table_cost_nothing() -> None:
    body = a_workbook(HEADER + ROW, merged("A3:XFD1048576", "C1:XFD2"))
    with TemporaryFile() as file, open_workbook(written(body, file)) as opened:
        assert list(opened.rows) == [(2, [1, None])]


def test_more_merged_cells_in_a_table_than_can_be_named_are_refused() -> None:
    rows = "".join(f"<row><c><v>{row}</v></c></row>" for row in range(60_000))

    assert outcome(a_workbook(HEADER + rows, merged("A2:A60001", "B2:B60001")), WorkbookLimits(ratio=10_000)) == (
        "workbook_too_large"
    )


def test_blank_cells_between_few_that_are_filled_are_counted() -> None:
    wide = '<row r="1"><c r="A1"><v>1</v></c><c r="ALL1"><v>1</v></c></row>'
    rows = "".join(f"<row><c><v>{row}</v></c></row>" for row in range(200))

    assert outcome(a_workbook(wide + rows), WorkbookLimits(cells=100_000)) == "workbook_too_large"


def with_strings(declared: str, encoding: str, text: str = "Sô\u0301 liê\u0323u") -> bytes:
    """A workbook whose shared texts are declared in one encoding and written in another."""
    parts: dict[str, str | bytes] = {**parts_of({"Bảng": sheet_xml(HEADER + TEXT)}, strings="")}
    strings = f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'
    parts["xl/sharedStrings.xml"] = f'<?xml version="1.0" encoding="{declared}"?>{strings}'.encode(encoding)
    return packed(parts)


@pytest.mark.parametrize(
    ("declared", "encoding", "named"),
    [
        ("windows-1252", "utf-8", "windows-1252"),
        ("windows-1258", "utf-8-sig", "windows-1258"),
        ("ISO-8859-1", "utf-8", "ISO-8859-1"),
        ("windows-1252", "cp1258", "windows-1252"),
        ("x-unknown", "utf-8", "x-unknown"),
        ("UTF-8", "cp1258", "not in the encoding that it declares"),
        ("UTF-8", "utf-16", "not in the encoding that it declares"),
        ("UTF-16", "utf-8", "not in the encoding that it declares"),
    ],
)
def test_a_part_in_another_encoding_than_workbooks_have_is_refused_by_its_name(
    declared: str, encoding: str, named: str
) -> None:
    fault = refused(with_strings(declared, encoding))

    assert fault.code == "workbook_broken"
    assert "xl/sharedStrings.xml" in fault.detail("vi")
    assert named in fault.detail("en")


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_both_encodings_of_workbooks_are_read(encoding: str) -> None:
    with TemporaryFile() as file, open_workbook(written(with_strings(encoding, encoding), file)) as opened:
        rows = list(opened.rows)

    assert rows == [(2, ["Số liệu", None])]
