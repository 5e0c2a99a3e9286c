"""`Accept`, `Accept-Language` and `Accept-Encoding` as they are read: weights, refusals, wildcards, broken elements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.codings import CODED, Coding
from app.api.negotiation import LONGEST, MEDIA, Format, accepted_codings, accepted_formats, preferred_language
from app.errors import Language


def formats(accept: str) -> tuple[Format, ...]:
    return accepted_formats([(b"accept", accept.encode("latin-1"))])


def language(accept: str) -> Language:
    return preferred_language([(b"accept-language", accept.encode("latin-1"))])


def coding(accept: str) -> Coding:
    return next(iter(accepted_codings([(b"accept-encoding", accept.encode("latin-1"))])), "identity")


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv;q=0.1, application/json;q=0.9", "json"),
        ("text/csv, application/json", "csv"),
        ("application/json, text/csv", "json"),
        ("text/csv;q=0.9;ext=1, application/json;q=0.8", "csv"),
        ("text/*, application/json", "json"),
        ("text/*;q=0.5, application/json;q=0.4", "csv"),
        ("*/*;q=0.1, text/csv;q=0.1", "csv"),
        ("text/csv;q=0, text/*", "json"),
        ("text/csv;q=0.1, text/csv;header=present;q=0.9, application/json;q=0.5", "csv"),
        ("text/csv;charset=utf-16, application/json;q=0.1", "json"),
        ("text/csv;charset=utf8", "csv"),
        ("text/csv;header=absent", "json"),
        ('text/csv;charset="UTF-8";q=0.3, application/json;q=0.2', "csv"),
        ('text/csv;note="a, b;q=0";q=0.3, application/json;q=0.2', "csv"),
        (r'text/csv;note="\",application/json";q=0.3', "csv"),
        ('text/csv;note="open, application/json', "csv"),
        ("text/csv ; q = 0.5, application/json ; Q=0.4", "csv"),
        ("text/csv;q=2, application/json;q=0.1", "json"),
        ("text/csv;q=-1, application/json;q=0.1", "json"),
        ("text/csv;q=nan", "json"),
        ("text/csv;q=", "json"),
        ("text/csv;q=0.1234", "json"),
        ("text/csv;q=0.1, text/csv;q=0.9, application/json;q=0.5", "json"),
        ("*/json, text", "json"),
    ],
)
def test_the_format_is_the_most_welcome_one(accept: str, first: Format) -> None:
    """Of those that tables have; where only a notice may be sent as a text, see below."""
    assert next(each for each in formats(accept) if each != "text") == first


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("", "text"),
        ("*/*", "text"),
        ("text/*", "text"),
        ("text/html, */*;q=0.1", "text"),
        ("application/json", "json"),
        ("application/json, text/plain, */*", "json"),
        ("application/json, */*;q=0.1", "json"),
        ("text/html", "json"),
    ],
)
def test_a_text_goes_before_json_where_both_are_as_welcome(accept: str, first: Format) -> None:
    assert next(each for each in formats(accept) if each in ("text", "json")) == first


@pytest.mark.parametrize("accept", ["application/json;q=0", "*/*;q=0.0", "application/*;q=0.", "text/csv;q=0, */*;q=0"])
def test_what_is_refused_is_not_sent_for_want_of_another(accept: str) -> None:
    assert formats(accept) == ()


@pytest.mark.parametrize(
    ("accept", "preferred"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("vi", "vi"),
        ("VI-vn", "vi"),
        ("vi_VN", "vi"),
        ("vix", "en"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi"),
        ("vi-VN,en-US;q=0.9,en;q=0.8,vi;q=0.7", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("vi-VN;q=0.2, en;q=0.8", "en"),
        ("fr, vi;q=0.1", "vi"),
        ("vi, en", "vi"),
        ("en, vi", "en"),
        ("*, vi", "vi"),
        ("*;q=0.5, vi;q=0", "en"),
        ("*;q=0.5, en;q=0", "vi"),
        ("*;q=0.5, vi;q=0.4", "en"),
        ("vi;q=0", "en"),
        ("en;q=0", "vi"),
        ("*;q=0", "en"),
        ("vi;q=0, en;q=0", "en"),
        ("vi;q=high", "en"),
        ("vi;q=inf", "en"),
    ],
)
def test_the_language_is_the_most_welcome_one(accept: str, preferred: Language) -> None:
    assert language(accept) == preferred


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0.9", "gzip"),
        ("gzip;q=0.2, zstd;q=0.8", "zstd"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip ; q=0.001", "gzip"),
        ("br, deflate", "identity"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "gzip"),
        ("*;q=0", "identity"),
        ("gzip;q=0, zstd;q=0.0", "identity"),
        ("gzip;q=0, *", "zstd"),
        ("identity;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=2, zstd;q=1.5", "identity"),
        ("gzip;q=0.1234", "identity"),
        ("gzip;level=9", "identity"),
        (",;,,gzip,", "gzip"),
        ("gzip;q=0, gzip", "identity"),
    ],
)
def test_the_coding_is_the_most_welcome_one(accepted: str, best: Coding) -> None:
    assert coding(accepted) == best


WEIGHTS = st.integers(0, 1000).map(lambda thousandths: f"{thousandths / 1000:.3f}")
NAMED = st.dictionaries(st.sampled_from(sorted(MEDIA)), WEIGHTS)


@given(weights=NAMED)
def test_named_formats_are_ordered_by_weight_and_none_of_weight_zero_is_sent(weights: dict[Format, str]) -> None:
    elements = [f"{MEDIA[name]};q={weight}" for name, weight in weights.items()]

    found = formats(", ".join(elements))

    allowed = [name for name in found if name in weights]
    assert [float(weights[name]) for name in allowed] == sorted(
        (float(weights[name]) for name in allowed), reverse=True
    )
    assert set(allowed) == {name for name, weight in weights.items() if float(weight) > 0}


ODD = st.text(st.sampled_from('*/;,="\\ q01.x-\tvien'), max_size=60) | st.text(st.characters(max_codepoint=255))


@given(accept=ODD)
def test_whatever_is_sent_is_read(accept: str) -> None:
    assert set(formats(accept)) <= set(MEDIA)
    assert language(accept) in ("en", "vi")
    assert coding(accept) in CODED


@given(element=st.sampled_from(["a", "a;q=0.5", ";=", '"', '"\\', "text/csv;q=0.1", " "]), mark=st.sampled_from(",;"))
def test_of_a_long_header_the_first_elements_are_read_and_no_more(element: str, mark: str) -> None:
    long = "application/x-ndjson, " + mark.join([element] * 30_000)

    found = formats(long)

    assert found == formats(long[:LONGEST].rpartition(",")[0])
    assert found[0] == "ndjson"
