"""YAML is read as strictly as JSON, and refuses what could mean more than it shows."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Malformed
from app.formats.documents import MAX_DEPTH, read_yaml
from app.formats.strict_json import read_json, write_json


def refusal(body: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_yaml(body)
    return caught.value


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "NO", "y", "1:30", "010", "0x10", "1_000", "2026-01-01", "+5"]
)
def test_words_that_yaml_would_turn_into_something_else_stay_text(word: str) -> None:
    assert read_yaml(f"version: {word}".encode()) == {"version": word}


def test_numbers_are_exact_as_written() -> None:
    value = read_yaml(b"[22, -3, 22.50, 0.1, 1e3, 0]")

    assert value == [22, -3, Decimal("22.50"), Decimal("0.1"), Decimal("1E+3"), 0]
    assert isinstance(value, list)
    assert str(value[2]) == "22.50"
    assert not any(isinstance(item, float) for item in value)


def test_quoted_numbers_and_words_are_text() -> None:
    assert read_yaml(b"""{version: "2026", code: '3.6', empty: "", flag: "true"}""") == {
        "version": "2026",
        "code": "3.6",
        "empty": "",
        "flag": "true",
    }


def test_only_null_true_and_false_are_words_with_a_meaning() -> None:
    assert read_yaml(b"[null, ~, true, false, True, NULL]") == [None, None, True, False, "True", "NULL"]


def test_field_names_are_text_as_written() -> None:
    assert read_yaml(b"{1.10: a, no: b, null: c}") == {"1.10": "a", "no": "b", "null": "c"}


def test_vietnamese_text_and_a_byte_order_mark_are_read() -> None:
    assert read_yaml("\ufeffvi: Số hóa hồ sơ".encode()) == {"vi": "Số hóa hồ sơ"}


@pytest.mark.parametrize(
    ("body", "code", "line", "column"),
    [
        (b"a: 1\nb: 2\na: 3", "yaml_duplicate_key", 3, 1),
        (b"a: &x [1]\nb: 2", "yaml_alias", 1, 4),
        (b"a: 1\nb: *x", "yaml_alias", 2, 4),
        (b"a: 1\n<<: {b: 2}", "yaml_merge_key", 2, 1),
        (b"a: !!float 1", "yaml_tag", 1, 4),
        (b"a: !!python/object/apply:os.system [ls]", "yaml_tag", 1, 4),
        (b"a: ! 1", "yaml_tag", 1, 4),
        (b"a:\n  b: .nan", "yaml_not_finite", 2, 6),
        (b"a: -.inf", "yaml_not_finite", 1, 4),
        (b"a: Infinity", "yaml_not_finite", 1, 4),
        (b"a: 1\n---\nb: 2", "yaml_several_documents", 2, 1),
        (b"? [a, b]\n: 1", "yaml_key_not_text", 1, 3),
        (b'a: "\\0"', "text_invalid", 1, 4),
        (b"a: b: c", "yaml_invalid", 1, 5),
        (b"a: 1\n\tb: 2", "yaml_invalid", 2, 1),
        (b"a: [1, 2", "yaml_invalid", 2, 1),
        (b"a: 1\nb: x\x07", "yaml_invalid", 2, 5),
        (b"[" * 100, "yaml_too_deep", 1, MAX_DEPTH + 1),
    ],
)
def test_what_is_refused_says_where_in_both_languages(body: bytes, code: str, line: int, column: int) -> None:
    error = refusal(body)

    assert error.code == code
    assert [fault.code for fault in error.faults] == [code]
    assert f"line {line}, column {column}" in error.detail("en")
    assert f"dòng {line}, cột {column}" in error.detail("vi")
    assert error.detail("vi") != error.detail("en")


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "])
def test_nesting_without_end_is_refused_for_its_depth(opening: bytes) -> None:
    assert refusal(opening * 100_000).code == "yaml_too_deep"


def test_nesting_up_to_the_limit_is_read() -> None:
    value = read_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)

    assert isinstance(value, list)


def test_a_billion_laughs_are_refused_at_the_first_anchor() -> None:
    lines = ["a: &a [lol, lol]", *(f"{x}: &{x} [*{y}, *{y}]" for x, y in zip("bcdefghij", "abcdefghi", strict=True))]

    assert refusal("\n".join(lines).encode()).code == "yaml_alias"


@pytest.mark.parametrize("body", [b"", b"# only a comment\n", b"\n\n"])
def test_an_empty_document_is_refused(body: bytes) -> None:
    assert refusal(body).code == "yaml_empty"


@pytest.mark.parametrize(
    "body", [b"a:\n\tb: 1\n", b"\ta: 1\n", b"- a\n-\tb: 1\n", b"a:\n  b: 1\n\tc: 2\n", b"a: 1\n\tb: 2"]
)
def test_a_tab_where_only_spaces_may_stand_is_called_a_tab(body: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read_yaml(body)

    assert "a tab stands where only spaces may" in str(refused.value)


def test_another_encoding_is_named() -> None:
    assert refusal("tên: Tốt".encode("utf-16")).code == "encoding_not_utf8"
    assert refusal(b"a: \xff").code == "encoding_not_utf8"


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(-1000, 1000, places=3)
    | st.text(
        st.characters(min_codepoint=32, max_codepoint=0x1EF9, exclude_characters="\x7f", exclude_categories=["Cc"])
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcde", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON_VALUES)
def test_json_is_yaml_and_means_the_same(value: object) -> None:
    body = write_json(value)

    assert read_yaml(body) == read_json(body)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab:-[]{}'\"&*!?|>#%@` \n\t1.0,~<"), max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    refused: list[Malformed] = []
    try:
        read_yaml(text.encode())
    except Malformed as error:
        refused.append(error)

    assert all(error.faults and error.detail("vi") for error in refused)
