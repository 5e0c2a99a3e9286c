import csv
import io
import tracemalloc
import unicodedata
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import AppError, Fault, Malformed
from app.formats.csv_rows import Row, iter_csv


def read(body: bytes, charset: str | None = None, size: int = 7) -> tuple[list[str], list[tuple[int, Row]]]:
    """Header and rows of a body that arrives in small chunks."""
    header, rows = iter_csv((body[start : start + size] for start in range(0, len(body), size)), charset)
    return header, list(rows)


def refusal(body: bytes, charset: str | None = None) -> Fault:
    with pytest.raises(Malformed) as caught:
        read(body, charset)
    [fault] = caught.value.faults
    assert caught.value.code == fault.code
    return fault


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    header, rows = read('unit,note\nH60,một\n\nH19,"hai\nba"\n,\nH55,bốn'.encode())

    assert header == ["unit", "note"]
    assert rows == [(2, ["H60", "một"]), (4, ["H19", "hai\nba"]), (6, ["H55", "bốn"])]


def test_a_header_below_empty_lines_keeps_its_own_number() -> None:
    assert read(b"\r\n;;\r\na;b\r\n1;2\r\n") == (["a", "b"], [(4, ["1", "2"])])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiter_line_end_and_byte_order_mark_are_found_out(delimiter: str, end: str, mark: str) -> None:
    body = mark + end.join([delimiter.join(["đơn vị", "value"]), delimiter.join(["H60", '"81,77;\t"'])]) + end

    assert read(body.encode()) == (["đơn vị", "value"], [(2, ["H60", "81,77;\t"])])


def test_delimiters_inside_quotes_of_the_header_do_not_count() -> None:
    assert read(b'"a,b,c";d\n1;2\n') == (["a,b,c", "d"], [(2, ["1", "2"])])


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=; ", "\ufeffsep=;"])
def test_the_line_by_which_excel_names_the_delimiter_is_followed_and_counted(line: str) -> None:
    assert read(f"{line}\r\na,b;c\r\n1;2\r\n".encode()) == (["a,b", "c"], [(3, ["1", "2"])])


def test_the_header_says_where_it_stands_and_what_divides_it() -> None:
    for body, number, delimiter in ((b"a,b\n", 1, ","), (b"\n\na;b\n", 3, ";"), (b"sep=|\na|b\n", 2, "|")):
        _, rows = iter_csv([body])
        assert (rows.number, rows.delimiter) == (number, delimiter)
    assert refusal(b"sep=;\n").code == "header_missing"


def test_a_single_column_needs_no_delimiter() -> None:
    assert read(b"unit\nH60\n") == (["unit"], [(2, ["H60"])])


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-16-be", "utf-8", "UTF8"])
def test_declared_charsets_are_read(charset: str) -> None:
    text = "name\nĐịnh Hóa\n"

    assert read(text.encode(charset), charset) == (["name"], [(2, ["Định Hóa"])])


def test_windows_1258_is_read_where_declared_and_composed() -> None:
    body = b"name\nBi\xccnh D\xfd\xf5ng - \xd0i\xf2nh H\xf3a\n"

    assert read(body, "windows-1258") == (["name"], [(2, ["Bình Dương - Định Hóa"])])
    assert refusal(body).code == "encoding_not_utf8"
    assert refusal(body).context["encoding"] == "windows-1258"


def test_decomposed_text_is_composed_even_across_chunks() -> None:
    body = unicodedata.normalize("NFD", "name\nĐịnh Hóa\n").encode()

    assert read(body, size=1) == (["name"], [(2, ["Định Hóa"])])


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE")]
)
def test_undeclared_utf_16_is_refused_by_its_name(codec: str, name: str) -> None:
    with pytest.raises(Malformed) as caught:
        iter_csv(["unit,value\nH60,1\n".encode(codec)])

    assert caught.value.faults[0].context["encoding"] == name


def test_a_bad_byte_far_into_the_file_is_refused() -> None:
    assert refusal(b"a,b\n" + b"1,2\n" * 50_000 + b"\xd0,2\n").code == "encoding_not_utf8"


@pytest.mark.parametrize(("body", "charset"), [(b"a", "utf-16"), (b"\xff\xfea", "utf-16"), (b"\xd2\xd2", "utf-16-le")])
def test_bytes_that_are_not_what_was_declared_are_refused(body: bytes, charset: str) -> None:
    assert refusal(body + b"\n\x00\xd8", charset).code == "encoding_invalid"


def test_an_unknown_charset_is_refused() -> None:
    assert refusal(b"a\n1\n", "zip").code == "encoding_unknown"


@pytest.mark.parametrize(
    ("body", "code", "row"),
    [
        (b"", "header_missing", 1),
        (b"\n\n", "header_missing", 1),
        (b"\xef\xbb\xbf", "header_missing", 1),
        (b'a,b\n1,2\n1,"2\n', "csv_invalid", 3),
        (b'a,b\n1,2\n\n1,"2"x\n', "csv_invalid", 4),
        (b'"a,b\n1,2\n', "csv_invalid", 1),
        (b"a,b\n1,2\n1,\x002\n", "text_invalid", 3),
        (b"a,\x00b\n", "text_invalid", 1),
        (b"a,b\n1," + b"2" * 200_000, "csv_invalid", 2),
        (b"a,b\n1,2\n" + b"," * 1_000_001, "csv_invalid", 3),
    ],
    ids=range(10),
)
def test_what_is_no_table_is_refused_with_its_row(body: bytes, code: str, row: int) -> None:
    fault = refusal(body)

    assert (fault.code, fault.row) == (code, row)
    assert fault.detail("vi") != fault.detail("en")


def test_a_cell_under_no_header_is_a_fault_of_its_row_and_the_rest_is_read() -> None:
    _, rows = read(b"a,b\n1,2\n1,2,3\n5,6\n")

    [fault] = [row for _, row in rows if isinstance(row, Fault)]
    assert [row for _, row in rows if isinstance(row, list)] == [["1", "2"], ["5", "6"]]
    assert (fault.code, fault.row, fault.value) == ("row_ragged", 3, "3")
    assert fault.detail("en").startswith("The row has 3 cells, the header has 2: `3` stands under no header.")
    assert "(,)" in fault.detail("vi")


@pytest.mark.parametrize("row", ["1", "1;", "1;;;;;", "1;\xa0;\u200b; "])
def test_empty_cells_at_the_end_of_a_row_may_be_left_out_or_be_too_many(row: str) -> None:
    assert read(f"a;b\r\n{row}\r\n3;4\r\n".encode()) == (["a", "b"], [(2, ["1", row[2:3].strip(";")]), (3, ["3", "4"])])


@pytest.mark.parametrize("row", ["", ";", ";;;;", "\u200b", "\x1a"])
def test_a_row_of_nothing_but_empty_cells_is_skipped_however_many_they_are(row: str) -> None:
    assert read(f"a;b;c\n{row}\n1;2;3\n".encode()) == (["a", "b", "c"], [(3, ["1", "2", "3"])])


@pytest.mark.parametrize("start", ["\ufeff\ufeff", "\ufeffsep=;\r\n\ufeff", "\ufeff\r\n\ufeff", "sep=;\n\ufeff\ufeff"])
@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\0\0\0", "\r\n\0", "\x1a" + "\0" * 40_000])
def test_marks_at_the_ends_of_a_file_are_no_part_of_it(start: str, end: str) -> None:
    header, rows = read(f"{start}a;b\n1;2{end}".encode(), size=1_000)

    assert header == ["a", "b"]
    assert [row for _, row in rows] == [["1", "2"]]


def test_memory_does_not_grow_with_the_file() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"unit,period,value\n"
        for _ in range(400):
            yield b"H60,2024-07,81.77\n" * 100

    tracemalloc.start()
    _, rows = iter_csv(chunks())
    count = sum(1 for _ in rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 40_000
    assert peak < 500_000


CELLS = st.text(st.characters(exclude_characters="\0\r\ufeff", codec="utf-8"), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, st.just("x")), max_size=5), st.sampled_from(",;\t"), st.integers(1, 50))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, ...]], delimiter: str, size: int) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([("a", "b", "c"), *rows])

    header, found = read(file.getvalue().encode(), size=size)

    assert header == ["a", "b", "c"]
    assert found == [(number, list(row)) for number, row in enumerate(rows, start=2)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text('a,;"\t\n\r\0đ', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_but_never_crash(body: bytes) -> None:
    try:
        header, rows = read(body)
    except AppError:
        return
    assert all(isinstance(row, Fault) or len(row) == len(header) for _, row in rows)


def test_rows_of_long_texts_are_taken_in_smaller_handfuls() -> None:
    line = b"H60," + b"x" * 100_000 + b"\n"
    _, rows = iter_csv(chain([b"unit,note\n"], repeat(line, 1_000)))

    taken = list(iter(lambda: rows.take(10_000), None))

    numbers = [number for block in taken if block for number in block[0]]
    assert numbers == list(range(2, 1_002))
    assert max(len(block[1]) for block in taken if block) <= 200


def test_a_line_may_be_longer_than_what_is_read_at_once() -> None:
    long = "đ" * 100_000

    assert read(f"a,b\n1,{long}\r2,{long}\r\n".encode(), size=9_999) == (
        ["a", "b"],
        [(2, ["1", long]), (3, ["2", long])],
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [("unit,on_time", "H60;91"), ("unit;on_time", "H60,91"), ("unit,a,b", "H60\t91\t"), ("unit;a", "H60|91,5%")],
)
def test_a_row_divided_otherwise_than_the_header_is_a_fault(header: str, row: str) -> None:
    _, rows = iter_csv([f"{header}\n{row}\n".encode()])

    [(number, fault)] = rows

    assert isinstance(fault, Fault)
    assert (number, fault.code, fault.value) == (2, "row_ragged", row)


@pytest.mark.parametrize(
    ("header", "row"),
    [("unit;on_time", "UBND huyện A, tỉnh B"), ("unit,on_time", "H60"), ("unit;a", "Ghi chú: ước 2,5 tháng")],
)
def test_a_lone_cell_that_is_no_divided_row_is_one(header: str, row: str) -> None:
    _, rows = iter_csv([f"{header}\n{row}\n".encode()])

    assert [cells for _, cells in rows] == [[row, ""]]
