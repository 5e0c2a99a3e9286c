import csv
import io
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.csv_rows import iter_csv
from app.formats.delimited import Column, escape_formula, to_csv, to_ndjson, unescape_formula

UNIT_AND_TOTAL = [Column("unit", "Đơn vị"), Column("total", "Tổng điểm")]


def csv_rows(*values: object) -> list[list[str]]:
    """The values of one column, written and read back by the csv module, without the header."""
    body = b"".join(to_csv([Column("v", "v"), Column("w", "w")], [{"v": value, "w": 1} for value in values]))
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[1:]


def test_csv_begins_with_the_byte_order_mark_and_ends_lines_as_rfc_4180_wants() -> None:
    body = b"".join(to_csv(UNIT_AND_TOTAL, [{"unit": 'Sở "A", B', "total": Decimal("81.70")}]))

    assert body == '\ufeffĐơn vị,Tổng điểm\r\n"Sở ""A"", B",81.70\r\n'.encode()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+84",
            "-0,13",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\n=x",
            "-",
            "'=1+1",
            "''-1",
            " =1",
            "\u00a0+1",
            "\u3000@a",
        ),
        *(
            "\ufeff=1+1",
            "\u200b\u2066=1",
            "\u00ad-1",
            "\ufe0f=1",
            "\U000e0041=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠a",
            "\x07=1",
        ),
    ],
)
def test_no_text_cell_begins_as_a_formula(text: str) -> None:
    assert csv_rows(text) == [["'" + text, "1"]]


@given(st.text(st.sampled_from("'=+-@ \t\n\u200b\ufeff＝aĐ1") | st.characters(codec="utf-8"), max_size=6))
def test_what_is_made_harmless_is_read_as_it_was(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
    assert escape_formula(text) == text or not escape_formula(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["'quoted'", "'", "''", "a=1", "Sở 'A'", "\u2019=1", "1-2"])
def test_a_text_that_is_no_formula_keeps_its_apostrophes(text: str) -> None:
    assert csv_rows(text) == [[text, "1"]]
    assert unescape_formula(text) == text


def test_a_header_cell_is_made_harmless_too() -> None:
    assert next(to_csv([Column("v", "=cmd")], [])) == "\ufeff'=cmd\r\n".encode()


def test_negative_numbers_stay_numbers_without_an_exponent() -> None:
    values = csv_rows(Decimal("-0.13"), -7, Decimal("1E+3"), Decimal("0.0000001"))

    assert [row[0] for row in values] == ["-0.13", "-7", "1000", "0.0000001"]


def test_missing_is_an_empty_cell_and_other_kinds_are_plain_text() -> None:
    instant = datetime(2024, 8, 26, 4, tzinfo=UTC)
    values = csv_rows(None, 0, True, instant, date(2024, 8, 26), ["provisional", "incomplete"])

    assert [row[0] for row in values] == [
        "",
        "0",
        "true",
        "2024-08-26T04:00:00Z",
        "2024-08-26",
        "provisional; incomplete",
    ]


@pytest.mark.parametrize("value", [66.41, datetime(2024, 8, 26), {"a": 1}])  # noqa: DTZ001
def test_what_has_no_exact_text_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        csv_rows(value)


def test_a_row_without_one_of_the_columns_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        list(to_csv(UNIT_AND_TOTAL, [{"unit": "H60"}]))


def test_many_rows_come_in_several_pieces_and_none_is_lost() -> None:
    pieces = list(to_csv(UNIT_AND_TOTAL, ({"unit": f"H{n}", "total": n} for n in range(2500))))

    assert len(pieces) == 4
    assert b"".join(pieces).count(b"\r\n") == 2501


def test_ndjson_is_one_object_a_line() -> None:
    body = b"".join(to_ndjson([{"unit": "H60", "total": Decimal("81.77")}, {"unit": "H19", "total": None}]))

    assert body == b'{"unit":"H60","total":81.77}\n{"unit":"H19","total":null}\n'
    assert b"".join(to_ndjson([])) == b""
    assert len(b"".join(to_ndjson({"n": n} for n in range(2500))).splitlines()) == 2500


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), min_size=1, max_size=8), min_size=1))
def test_what_is_exported_can_be_imported_again(names: list[str]) -> None:
    rows = [{"unit": name, "total": number} for number, name in enumerate(names)]

    header, found = iter_csv(to_csv(UNIT_AND_TOTAL, rows))

    assert header == ["Đơn vị", "Tổng điểm"]
    assert list(found) == [
        (number + 2, [unicodedata.normalize("NFC", escape_formula(name)), str(number)])
        for number, name in enumerate(names)
    ]


def test_members_of_an_enumeration_name_columns_as_other_text_does() -> None:
    class State(StrEnum):
        LATE = "late"

    rows: list[dict[str, object]] = [{State.LATE: 1}]

    assert b"".join(to_csv([Column("late", "Trễ")], rows)).decode("utf-8-sig") == "Trễ\r\n1\r\n"


def test_ndjson_lines_are_valid_json_whatever_the_text() -> None:
    [line] = to_ndjson([{"note": 'a\n"b"\u2028'}])

    assert json.loads(line) == {"note": 'a\n"b"\u2028'}
    assert line.count(b"\n") == 1
