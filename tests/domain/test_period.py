from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.period import MONTHS, ended_at, is_period, local_day, read_against, read_period, suggest
from app.errors import Invalid

YEARS = range(1900, 2200)
SUFFIXES = ["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02}" for month in range(1, 13))]
CODES = st.builds(lambda year, suffix: f"{year}{suffix}", st.sampled_from(YEARS), st.sampled_from(SUFFIXES))


def test_july_2024_knows_its_days_and_neighbours() -> None:
    july = read_period("2024-07")

    assert (july.type, july.starts_on, july.ends_on) == ("month", date(2024, 7, 1), date(2024, 7, 31))
    assert (july.previous, july.same_last_year, july.parent, july.children) == ("2024-06", "2023-07", "2024-Q3", ())


@pytest.mark.parametrize(
    ("code", "previous", "parent", "children"),
    [
        ("2024-01", "2023-12", "2024-Q1", ()),
        ("2024-Q1", "2023-Q4", "2024-H1", ("2024-01", "2024-02", "2024-03")),
        ("2024-Q3", "2024-Q2", "2024-H2", ("2024-07", "2024-08", "2024-09")),
        ("2024-H1", "2023-H2", "2024", ("2024-Q1", "2024-Q2")),
        ("2024", "2023", None, ("2024-H1", "2024-H2")),
    ],
)
def test_each_type_has_its_family(code: str, previous: str, parent: str | None, children: tuple[str, ...]) -> None:
    period = read_period(code)

    assert (period.previous, period.parent, period.children) == (previous, parent, children)


def test_february_ends_on_the_29th_only_in_leap_years() -> None:
    assert read_period("2024-02").ends_on == date(2024, 2, 29)
    assert read_period("2100-02").ends_on == date(2100, 2, 28)


def test_the_calendar_begins_in_1900_and_ends_in_2199() -> None:
    first = read_period("1900-01")

    assert (first.previous, first.same_last_year) == (None, None)
    assert read_period("2199").ends_on == date(2199, 12, 31)
    assert not is_period("1899")
    assert not is_period("2200-Q1")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("2024-7", "2024-07"),
        ("2021-09-01", "2021-09"),
        ("2021-09-15", "2021-09"),
        ("T7/2024", "2024-07"),
        ("7/2024", "2024-07"),
        ("tháng 7/2024", "2024-07"),
        ("Tháng 07 năm 2024", "2024-07"),
        ("2024/07", "2024-07"),
        ("202407", "2024-07"),
        ("2024-q3", "2024-Q3"),
        ("Q3/2024", "2024-Q3"),
        ("Quý II/2024", "2024-Q2"),
        ("2024Q2", "2024-Q2"),
        ("2024-h1", "2024-H1"),
        ("năm 2024", "2024"),
        (" 2024 ", "2024"),
        ("II/2024", "2024-Q2"),
        ("quý 2/2024", "2024-Q2"),
        ("IV năm 2024", "2024-Q4"),
        ("2024-07-31", "2024-07"),
        ("31/07/2024", "2024-07"),
        ("2024-02-30", None),
        ("2024-07\u200b", "2024-07"),
        ("tha\u0301ng 7/2024", "2024-07"),
        ("2024-Q5", None),
        ("2024-13", None),
        ("2023-13", None),
        ("2024-00", None),
        ("2024-Q6", None),
        ("2024-31", None),
        ("1024-7", None),
        ("soon", None),
        ("", None),
        ("٢٠٢٤", None),
    ],
)
def test_what_is_no_code_is_refused_with_the_code_that_was_meant(text: str, suggestion: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        read_period(text)

    [fault] = caught.value.faults
    assert (caught.value.code, fault.code, fault.suggestion) == ("period_invalid", "period_invalid", suggestion)
    assert fault.value == text


@pytest.mark.parametrize("code", ["1899-12", "2200-Q1", "9999", "0000"])
def test_a_code_of_another_year_than_those_kept_says_which_years_are(code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_period(code)

    assert "1900 – 2199" in caught.value.detail("en")
    assert "nằm ngoài các năm có lưu số liệu, 1900 – 2199" in caught.value.faults[0].detail("vi")
    assert caught.value.faults[0].suggestion is None


def test_a_trailing_newline_is_not_part_of_a_code() -> None:
    assert not is_period("2024-07\n")


def test_a_month_ends_at_local_midnight_seven_hours_before_utc() -> None:
    end = ended_at(read_period("2024-07"))

    assert end == datetime(2024, 7, 31, 17, tzinfo=UTC)
    assert local_day(end) == date(2024, 8, 1)
    assert local_day(end - timedelta(microseconds=1)) == date(2024, 7, 31)


@settings(max_examples=200, deadline=None)
@given(CODES)
def test_every_code_reads_back_and_its_children_fill_it_exactly(code: str) -> None:
    period = read_period(code)
    children = [read_period(child) for child in period.children]

    assert period.code == code
    assert suggest(code) == code
    assert all(child.parent == code for child in children)
    if children:
        assert (children[0].starts_on, children[-1].ends_on) == (period.starts_on, period.ends_on)
        assert sum(MONTHS[child.type] for child in children) == MONTHS[period.type]


@settings(max_examples=200, deadline=None)
@given(CODES)
def test_the_period_before_ends_the_day_before(code: str) -> None:
    period = read_period(code)
    if period.previous is not None:
        before = read_period(period.previous)
        assert before.type == period.type
        assert before.ends_on + timedelta(days=1) == period.starts_on


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789-QHqhT/ tháng năm", max_size=14))
def test_any_suggestion_is_itself_a_period(text: str) -> None:
    suggestion = suggest(text)

    assert suggestion is None or is_period(suggestion)


def test_a_quarter_is_compared_with_quarters_and_the_refusal_names_one() -> None:
    quarter = read_period("2024-Q2")

    with pytest.raises(Invalid) as refused:
        read_against("2024-04", quarter)

    [fault] = refused.value.faults
    assert read_against("2023-Q4", quarter).code == "2023-Q4"
    assert (fault.code, fault.parameter, fault.value) == ("period_type_differs", None, "2024-04")
    assert "2024-Q1" in fault.detail("en")
    assert "2024-Q2 là quý, 2024-04 là tháng" in fault.detail("vi")
