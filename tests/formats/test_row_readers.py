import gzip
import io
import tracemalloc
from decimal import Decimal
from tempfile import TemporaryFile
from unicodedata import normalize

import pytest

from app.errors import AppError, Fault, Invalid, Malformed, UnsupportedMedia
from app.formats.content_type import read_content_type
from app.formats.delimited import Column, to_csv
from app.formats.json_items import iter_json_array
from app.formats.row_readers import FileKind, RecordInput, TableInput, kind_of, read_rows_in
from tests.support.workbooks import HEADER, a_workbook, written

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(body: bytes, charset: str | None = None) -> tuple[list[str], list[tuple[int, object]]]:
    with read_rows_in(io.BytesIO(body), "csv", charset) as opened:
        assert isinstance(opened, TableInput)
        return opened.header, [(number, row) for number, row in opened.rows]


def records(body: bytes, kind: FileKind = "json", charset: str | None = None) -> list[tuple[str | int, object]]:
    with read_rows_in(io.BytesIO(body), kind, charset) as opened:
        assert isinstance(opened, RecordInput)
        return list(opened.items)


def refusal(body: bytes, kind: FileKind = "json", charset: str | None = None) -> Fault:
    with pytest.raises((Malformed, Invalid)) as caught:
        records(body, kind, charset)
    [fault] = caught.value.faults
    assert caught.value.code == fault.code
    return fault


@pytest.mark.parametrize(
    ("content_type", "filename", "kind"),
    [
        ("text/csv", None, "csv"),
        ("Text/CSV; charset=utf-8; header=present", None, "csv"),
        ("text/tab-separated-values", None, "csv"),
        (XLSX, "a.csv", "xlsx"),
        ("application/json", None, "json"),
        ("application/x-ndjson", None, "ndjson"),
        ("application/octet-stream", "Tháng 7.XLSX", "xlsx"),
        ("application/vnd.ms-excel", "figures.csv", "csv"),
        ("text/plain", "figures.tsv", "csv"),
        (None, "figures.jsonl", "ndjson"),
        ("", "figures.json", "json"),
    ],
)
def test_the_type_says_what_a_body_is_or_else_its_name(
    content_type: str | None, filename: str | None, kind: FileKind
) -> None:
    assert kind_of(read_content_type(content_type).media_type, filename) == kind


@pytest.mark.parametrize(
    ("content_type", "filename"),
    [
        ("application/pdf", "a.csv"),
        ("application/octet-stream", "a.pdf"),
        (None, None),
        ("application/vnd.ms-excel", None),
    ],
)
def test_other_kinds_are_refused_with_those_that_are_taken(content_type: str | None, filename: str | None) -> None:
    with pytest.raises(UnsupportedMedia) as caught:
        kind_of(read_content_type(content_type).media_type, filename)

    for language in ("en", "vi"):
        assert "application/x-ndjson" in caught.value.detail(language)


def test_a_body_that_does_not_say_what_it_is_is_told_how_to() -> None:
    for declared in (None, "", ";", "; charset=utf-8"):
        with pytest.raises(UnsupportedMedia, match="set Content-Type") as caught:
            kind_of(read_content_type(declared).media_type)
        assert "``" not in caught.value.detail("vi")


def test_tables_of_every_dress_give_the_same_rows() -> None:
    plain = 'unit;note\nH60;"Định Hóa; 1"\n'
    expected = (["unit", "note"], [(2, ["H60", "Định Hóa; 1"])])

    assert table(plain.encode()) == expected
    assert table(b"\xef\xbb\xbf" + plain.encode()) == expected
    assert table(plain.encode("utf-16"), "utf-16") == expected
    assert table(normalize("NFD", plain).encode()) == expected
    assert table(plain.replace(";", "\t").replace("a\t 1", "a; 1").encode()) == expected
    assert table(b'unit,note\r\nH60,"\xd0i\xf2nh H\xf3a; 1"\r\n', "windows-1258") == expected


def test_a_ragged_row_is_a_fault_and_the_others_are_read() -> None:
    _, [(_, ragged), good] = table(b"unit,value\nH60,1,2\nH19,1\n")

    assert isinstance(ragged, Fault)
    assert ragged.code == "row_ragged"
    assert good == (3, ["H19", "1"])


def test_a_list_that_was_answered_is_read_like_an_array() -> None:
    for end in ("}", ', "next_cursor": null}', ' , "next_cursor":"abc" } \n'):
        assert records(b'{"items": [{"a": 1}, {"a": 2}]' + end.encode()) == [
            ("/items/0", {"a": 1}),
            ("/items/1", {"a": 2}),
        ]
    assert records(b'{"items":[],"next_cursor":null}') == []


@pytest.mark.parametrize("body", ['{"rows":[]}', '{"items":{}}', '{"items":[1],"total":1}', '{"items":[1]', "{}"])
def test_other_objects_are_no_lists(body: str) -> None:
    assert refusal(body.encode()).code == "list_expected"


def test_the_apostrophes_of_our_own_exports_are_taken_off_again() -> None:
    columns = [Column("a", "=a"), Column("b", "b")]
    body = b"".join(to_csv(columns, [{"a": "-0,13", "b": "'quoted'"}, {"a": "@x", "b": Decimal("-0.13")}]))

    assert table(body) == (["=a", "b"], [(2, ["-0,13", "'quoted'"]), (3, ["@x", "-0.13"])])


def test_a_workbook_names_its_cells_and_a_csv_does_not() -> None:
    with TemporaryFile() as file:
        written(a_workbook(HEADER + '<row r="2"><c r="B2"><v>1</v></c></row>'), file)
        with read_rows_in(file, "xlsx") as opened:
            assert isinstance(opened, TableInput)
            assert (opened.letters, opened.prefix, opened.header_row) == (("A", "B"), "Bảng!", 1)
            assert list(opened.rows) == [(2, [None, 1])]
    with read_rows_in(io.BytesIO(b"unit\n"), "csv") as opened:
        assert isinstance(opened, TableInput)
        assert (opened.letters, opened.prefix) == ((), "")


def test_json_items_come_with_their_pointers_and_exact_numbers() -> None:
    body = ' [ {"unit": "H60", "value": 81.70} ,\n 12, "Đ[,]", null, [] ] \n'.encode()

    assert records(body) == [
        ("/0", {"unit": "H60", "value": Decimal("81.70")}),
        ("/1", 12),
        ("/2", "Đ[,]"),
        ("/3", None),
        ("/4", []),
    ]
    assert str(records(b"[81.70]")[0][1]) == "81.70"
    assert records(b"[]") == records(b" [ ] ") == []
    assert records('["Đ"]'.encode("utf-16"), charset="utf-16") == [("/0", "Đ")]
    assert records(b'["\xd0i\xf2nh"]', charset="windows-1258") == [("/0", "Định")]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_json_is_read_alike_however_it_is_cut(size: int) -> None:
    body = b'[1234567890.25, true, {"a": "\\u0110 \\" ]"}, [[-1e5]], "x"]'

    assert list(iter_json_array([body], chunk=size)) == [
        ("/0", Decimal("1234567890.25")),
        ("/1", True),
        ("/2", {"a": 'Đ " ]'}),
        ("/3", [[Decimal("-1E+5")]]),
        ("/4", "x"),
    ]
    with pytest.raises(Malformed, match="JSON"):
        list(iter_json_array([b'[1, {"a": tru }]'], chunk=size))


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (b'[1, {"a": NaN}]', "json_not_finite", "/1/a"),
        (b'[{"a": 1, "a": 2}]', "json_duplicate_key", "/0/a"),
        (b"[1, 1e400]", "number_too_large", "/1"),
        (b'["\\ud800"]', "text_invalid", "/0"),
        (b"[" * 100_000, "json_too_deep", None),
        (b"[1," + b"[" * 100 + b"]" * 100 + b"]", "json_too_deep", None),
        (b'{"a": 1}', "list_expected", ""),
        (b"12", "list_expected", ""),
        (b'["' + b"x" * 3_000_000 + b'"]', "json_item_too_long", "/0"),
        (b"[1, \xff]", "encoding_not_utf8", None),
        ("[1]".encode("utf-16"), "encoding_not_utf8", None),
    ],
)
def test_json_that_cannot_be_kept_is_refused_with_its_place(body: bytes, code: str, pointer: str | None) -> None:
    fault = refusal(body)

    assert fault.code == code
    assert pointer is None or fault.pointer == pointer


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b"", 1, 1),
        (b"hello", 1, 1),
        (b"[1, 2", 1, 6),
        (b"[1 2]", 1, 4),
        (b"[\n1,\n2 3]", 3, 3),
        (b"[1,]", 1, 4),
        (b"[1]\n x", 2, 2),
        (b'[\n{"a": 1\n "b"}]', 3, 2),
        (b'[1,\n"abc', 2, 1),
    ],
)
def test_broken_json_is_refused_with_line_and_column_of_the_whole(body: bytes, line: int, column: int) -> None:
    fault = refusal(body)

    place = fault.context["line"], fault.context["column"]
    assert (fault.code, place) == ("json_invalid", (line, column))


def test_a_syntax_error_deep_in_a_long_body_is_found_where_it_stands() -> None:
    body = b"[\n" + b'{"unit": "H60"},\n' * 40_000 + b'{"unit" "H60"},\n' + b'{"unit": "H60"},\n' * 100_000 + b"1]"

    context = refusal(body).context
    assert (context["line"], context["column"]) == (40_002, 9)


def test_lines_of_ndjson_are_numbered_and_blank_ones_counted() -> None:
    body = b'{"a": 1}\n\n{"a": 2.50}\r\n'

    assert records(body, "ndjson") == [(1, {"a": 1}), (3, {"a": Decimal("2.50")})]
    assert records('{"a": "Đ"}\n'.encode("utf-16"), "ndjson", "utf-16") == [(1, {"a": "Đ"})]
    assert refusal(b"{}\n{", "ndjson").row == 2
    assert refusal(b"{}\n" + b" " * 2_000_000, "ndjson").row == 2
    assert refusal(b"\xff\xfea", "ndjson", "utf-16").code == "encoding_invalid"


@pytest.mark.parametrize("charset", [None, "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_byte_order_mark_is_no_part_of_any_body(charset: str | None) -> None:
    codec = charset or "utf-8"
    mark = b"" if codec == "utf-16" else "\ufeff".encode(codec)

    assert table(mark + "unit;note\nH60;Đ\n".encode(codec), charset) == (["unit", "note"], [(2, ["H60", "Đ"])])
    assert records(mark + '["Đ"]'.encode(codec), "json", charset) == [("/0", "Đ")]
    assert records(mark + '"Đ"\n1\n'.encode(codec), "ndjson", charset) == [(1, "Đ"), (2, 1)]


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson"])
@pytest.mark.parametrize(
    ("head", "name"),
    [
        (a_workbook(HEADER), XLSX),
        (bytes.fromhex("d0cf11e0a1b11ae1"), ".xls"),
        (gzip.compress(b"unit,value"), "gzip"),
        (b"%PDF-1.7", "PDF"),
    ],
    ids=["xlsx", "xls", "gzip", "pdf"],
)
def test_a_file_that_is_no_text_is_told_by_what_it_is(kind: FileKind, head: bytes, name: str) -> None:
    with pytest.raises(UnsupportedMedia) as caught, read_rows_in(io.BytesIO(head), kind) as opened:
        list(opened.rows if isinstance(opened, TableInput) else opened.items)

    assert caught.value.code == caught.value.faults[0].code == "content_type_differs"
    assert name in caught.value.detail("en")
    assert name in caught.value.detail("vi")


def test_utf_8_is_not_read_as_what_was_declared_instead() -> None:
    for charset in ("windows-1258", "windows-1252", "latin1"):
        for fault in (
            refusal('["Số liệu"]'.encode(), "json", charset),
            refusal('"Số liệu"\n'.encode(), "ndjson", charset),
        ):
            assert (fault.code, fault.suggestion) == ("encoding_invalid", "charset=utf-8")
        with pytest.raises(Malformed, match="UTF-8"):
            table("unit,note\nH60,Số liệu\n".encode(), charset)


def test_an_empty_body_is_told_that_it_is_empty() -> None:
    for body in (b"", b" \n"):
        assert "it is empty" in refusal(body).detail("en")


def test_broken_ndjson_is_told_by_the_line_of_the_file() -> None:
    with pytest.raises(Malformed) as caught:
        records(b'{}\n\n{"a":\r\n{}\n', "ndjson")

    [fault] = caught.value.faults
    assert (fault.row, fault.context["line"], fault.context["column"]) == (3, 3, 6)
    assert "line 3, column 6" in caught.value.detail("en")
    assert "dòng 3, cột 6" in fault.detail("vi")


def test_the_file_stays_open_and_can_be_read_twice() -> None:
    bodies: dict[FileKind, bytes] = {"csv": b"unit\nH60\n", "json": b"[1]", "ndjson": b"1\n"}
    for kind, body in bodies.items():
        for charset in (None, "windows-1258"):
            file = io.BytesIO(body)
            for _ in range(2):
                with read_rows_in(file, kind, charset) as opened:
                    assert len(list(opened.rows if isinstance(opened, TableInput) else opened.items)) == 1


@pytest.mark.parametrize(
    ("kind", "first", "line", "last", "thousands"),
    [
        ("csv", b"unit,period,indicator,value\n", b'H19.07.01,2024-07,paid_dossiers,"81,77"\n', b"", 200),
        ("ndjson", b"", b'{"unit": "H19.07.01", "period": "2024-07", "value": 81.77}\n', b"", 20),
        ("json", b"[1", b',{"unit": "H19.07.01", "period": "2024-07", "value": 81.77}\n', b"]", 20),
    ],
)
def test_memory_does_not_grow_with_the_file(
    kind: FileKind, first: bytes, line: bytes, last: bytes, thousands: int
) -> None:
    with TemporaryFile() as file:
        file.write(first)
        for _ in range(thousands):
            file.write(line * 1000)
        file.write(last)
        tracemalloc.start()
        try:
            with read_rows_in(file, kind) as opened:
                count = sum(1 for _ in (opened.rows if isinstance(opened, TableInput) else opened.items))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert count >= thousands * 1000
    assert peak < 3_000_000


def test_errors_speak_both_languages() -> None:
    for body in (b"[1 2]", b"{}", b'["' + b"x" * 3_000_000):
        with pytest.raises(AppError) as caught:
            records(body)
        assert caught.value.detail("en") != caught.value.detail("vi")
