import json
import sys
import tracemalloc
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Fault, Malformed
from app.formats.json_faults import fault_in
from app.formats.strict_json import iter_ndjson, read_json, write_json

VIETNAM = timezone(timedelta(hours=7))


def refusal(body: bytes) -> Fault:
    with pytest.raises(Malformed) as caught:
        read_json(body)
    [fault] = caught.value.faults
    assert caught.value.code == fault.code
    assert fault.detail("vi") != fault.detail("en")
    return fault


def test_fractions_are_decimals_exactly_as_written() -> None:
    value = read_json(b'{"value": 81.770, "count": 25775, "small": 1e-4}')

    assert value == {"value": Decimal("81.770"), "count": 25775, "small": Decimal("0.0001")}
    assert str(value["value"]) == "81.770"


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_not_finite_is_refused_where_it_stands(literal: bytes) -> None:
    fault = refusal(b'[{"value": 1}, {"value": ' + literal + b"}]")

    assert (fault.code, fault.pointer, fault.value) == ("json_not_finite", "/1/value", literal.decode())


def test_a_repeated_key_is_refused_with_its_pointer() -> None:
    fault = refusal(b'{"rows": [{"a/~b": 1, "c": 2, "a/~b": 3}]}')

    assert (fault.code, fault.pointer) == ("json_duplicate_key", "/rows/0/a~1~0b")


def test_keys_that_differ_only_in_how_they_are_escaped_are_the_same_key() -> None:
    assert refusal(b'{"unit": 1, "\\u0075nit": 2}').code == "json_duplicate_key"


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "1e-999999999", "1e" + "9" * 25])
def test_numbers_beyond_any_figure_are_refused_at_once(number: str) -> None:
    fault = refusal(b'{"values": [1, %s]}' % number.encode())

    assert (fault.code, fault.pointer) == ("number_too_large", "/values/1")
    assert len(fault.value or "") <= 100


@pytest.mark.parametrize("start", ["", "-", "0.", "1e"])
def test_a_number_of_a_million_digits_is_refused_without_being_computed(start: str) -> None:
    assert refusal(f"[{start}{'9' * 1_000_000}]".encode()).code == "number_too_large"


def test_eighteen_digits_are_still_read_and_nineteen_are_not() -> None:
    assert read_json(b"-" + b"9" * 18) == -int("9" * 18)
    assert read_json(b"9" * 18 + b".5") == Decimal("9" * 18 + ".5")
    assert refusal(b"9" * 19).code == refusal(b"9" * 19 + b".5").code == "number_too_large"


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("depth", [65, 500, 100_000])
def test_deep_nesting_is_refused_without_exhausting_the_stack(opening: bytes, depth: int) -> None:
    closing = b"]" if opening == b"[" else b"}"

    assert refusal(opening * depth + b"1" + closing * depth).code == "json_too_deep"


def test_what_is_too_deep_is_pointed_at() -> None:
    assert refusal(b'[1, {"a": ' + b"[" * 100_000).pointer == "/1/a" + "/0" * 62


LONG = {
    "empty objects": (b"{},", b"NaN"),
    "objects in objects": (b'{"a":' * 30 + b"1" + b"}" * 30 + b",", b'{"a":1,"a":2}'),
    "objects of a list": (b'{"a":[]},', b'{"a":1,"a":2}'),
    "figures": (b"1.5,", b"1e400"),
    "texts": (b'"a\\n",', rb'"\u0000"'),
}


def events_of_refusing(body: bytes) -> int:
    """How many calls it takes to find the fault."""
    events: list[None] = []
    sys.setprofile(lambda frame, event, argument: events.append(None))
    try:
        refusal(body)
    finally:
        sys.setprofile(None)
    return len(events)


@pytest.mark.parametrize("name", LONG)
def test_the_fault_at_the_end_of_a_body_costs_a_small_multiple_of_its_length(name: str) -> None:
    good, bad = LONG[name]
    once, twice = (b"[" + good * (length // len(good)) + bad + b"]" for length in (4_000, 8_000))

    costs = [events_of_refusing(once), events_of_refusing(twice)]

    assert costs[1] < 2.1 * costs[0]
    assert costs[1] < 10 * len(twice)


@pytest.mark.parametrize("name", LONG)
def test_the_way_to_a_fault_takes_less_memory_than_the_document(name: str) -> None:
    good, bad = LONG[name]
    text = (b"[" + good * (100_000 // len(good)) + bad + b"]").decode()

    tracemalloc.start()
    fault_in(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < len(text)


def test_of_several_faults_the_first_in_the_text_is_named() -> None:
    fault = refusal(b'{"rows": [1, NaN], "rows": 2, "note": "\\u0000"}')

    assert (fault.code, fault.pointer) == ("json_not_finite", "/rows/1")


def test_sixty_four_levels_are_read_whatever_brackets_stand_in_strings() -> None:
    assert read_json(b"[" * 64 + b'"[[[{{{"' + b"]" * 64)


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"\\uDC00x"', b'"a\\u0000b"'])
def test_text_that_no_database_can_hold_is_refused_in_values_and_keys(text: bytes) -> None:
    assert refusal(b'[{"note": %s}]' % text).pointer == "/0/note"
    assert refusal(b'[{"x": {%s: 1}}]' % text).pointer == "/0/x"
    assert refusal(text).code == "text_invalid"


def test_a_whole_surrogate_pair_and_an_escaped_backslash_are_text() -> None:
    assert read_json(b'["\\ud83d\\ude00", "\\\\u0000"]') == ["\U0001f600", "\\u0000"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1,]", b"[1] x", b'{"a" 1}', b"{'a': 1}", b'"a\nb"', b'"\\x"', b"01", b"[1 2]"]
)
def test_broken_json_is_refused_with_line_and_column(body: bytes) -> None:
    fault = refusal(body)

    assert fault.code == "json_invalid"
    assert "column" in fault.detail("en")


def test_the_line_and_column_of_a_missing_comma_are_named() -> None:
    fault = refusal(b'{\n  "a": 1\n  "b": 2\n}')

    assert (fault.context["line"], fault.context["column"]) == (3, 3)
    assert fault.detail("vi") == (
        "Nội dung không phải JSON hợp lệ: thiếu dấu phẩy hoặc dấu đóng ngoặc (dòng 3, cột 3)."
    )


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("utf-32", "UTF-32")],
)
def test_other_encodings_are_refused_by_name(codec: str, name: str) -> None:
    fault = refusal('{"unit": "Định Hóa"}'.encode(codec))

    assert fault.code in ("encoding_not_utf8", "json_invalid")
    assert fault.code == "json_invalid" or fault.context["encoding"] == name


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_json(b"\xef\xbb\xbf{}") == {}
    context = refusal(b"\xef\xbb\xbf{").context
    assert (context["line"], context["column"]) == (1, 2)


def test_windows_1258_is_named_as_likely_and_read_where_declared() -> None:
    body = '"Tỉnh Bình Định, xã Đồng Hỷ"'
    encoded = b'"T\xd2inh \xd0\xf4\xcc ng"'

    assert refusal(encoded).context["encoding"] == "windows-1258"
    assert read_json('"Đơn vị"'.replace("ị", "i\u0323").encode("cp1258"), "windows-1258") == "Đơn vị"
    assert read_json(body.encode("utf-16"), "UTF-16") == json.loads(body)


def test_an_unknown_charset_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        read_json(b"{}", "rot13")
    assert caught.value.code == "encoding_unknown"


def test_ndjson_counts_blank_lines_and_names_the_line_of_a_fault() -> None:
    rows = iter_ndjson([b'{"a": 1}\n', b"\n", b'{"a": 2}\n', b'{"a": NaN}\n'])

    assert [next(rows), next(rows)] == [(1, {"a": 1}), (3, {"a": 2})]
    with pytest.raises(Malformed) as caught:
        next(rows)
    assert (caught.value.faults[0].row, caught.value.faults[0].pointer) == (4, "/a")


def test_decimals_are_written_as_plain_numbers() -> None:
    figures = [Decimal("83.10"), Decimal("1E+3"), Decimal("0.0001"), Decimal("1E-10"), Decimal("-0.13")]

    assert write_json(figures) == b"[83.10,1000,0.0001,0.0000000001,-0.13]"


def test_instants_are_written_in_utc_and_microseconds_only_where_there_are_any() -> None:
    morning = datetime(2024, 8, 26, 11, 0, tzinfo=VIETNAM)
    instants = [morning, morning.replace(microsecond=50), morning.astimezone(UTC), date(2024, 8, 26)]

    assert json.loads(write_json(instants)) == [
        "2024-08-26T04:00:00Z",
        "2024-08-26T04:00:00.000050Z",
        "2024-08-26T04:00:00Z",
        "2024-08-26",
    ]


@pytest.mark.parametrize("value", [datetime(2024, 8, 26), Decimal("NaN"), Decimal("Infinity"), object()])  # noqa: DTZ001
def test_what_has_no_exact_form_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        write_json(value)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"))
)
VALUES = st.recursive(
    SCALARS | st.decimals(-(10**9), 10**9, places=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc~/é", max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_what_is_written_reads_back_as_it_was(value: object) -> None:
    assert read_json(write_json(value)) == value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | st.text('[]{}",:0123456789.eE-+\\utrnfal \n', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_but_never_crash(body: bytes) -> None:
    try:
        value = read_json(body)
    except Malformed:
        return
    assert write_json(value)
