"""The states of a duty to publish: what they mean on a day, and that they account for everybody."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.publications import (
    BODIES,
    NAMES,
    PublicationState,
    counted,
    days_late,
    sentence,
    share,
    state_on,
)
from app.domain.vocabulary import LEVELS

DUE = date(2024, 8, 28)
DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 8, 20), date(2024, 9, 5))


@pytest.mark.parametrize(
    ("due_on", "published_on", "on", "state", "late"),
    [
        (DUE, None, DUE, "pending", 0),
        (DUE, None, DUE + DAY, "overdue", 1),
        (DUE, DUE, DUE, "published", 0),
        (DUE, DUE, DUE + 30 * DAY, "published", 0),
        (DUE, DUE + DAY, DUE + DAY, "late", 1),
        (DUE, DUE + 2 * DAY, DUE + DAY, "overdue", 1),
        (DUE, DUE + 2 * DAY, DUE, "pending", 0),
        (None, None, DUE, "pending", None),
        (None, DUE, DUE, "published", None),
        (None, DUE, DUE - DAY, "pending", None),
    ],
)
def test_a_duty_on_a_day(due_on: date | None, published_on: date | None, on: date, state: str, late: int) -> None:
    assert state_on(due_on, published_on, on).value == state
    assert days_late(due_on, published_on, on) == late


@settings(max_examples=200, deadline=None)
@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_only_what_is_late_or_overdue_has_days_of_delay(
    due_on: date | None, published_on: date | None, on: date
) -> None:
    state, late = state_on(due_on, published_on, on), days_late(due_on, published_on, on)

    assert bool(late) == (state in (PublicationState.LATE, PublicationState.OVERDUE))
    assert late is None or due_on is not None


@settings(max_examples=200, deadline=None)
@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_what_was_published_stays_published(due_on: date | None, published_on: date | None, on: date) -> None:
    out = (PublicationState.PUBLISHED, PublicationState.LATE)
    before, after = state_on(due_on, published_on, on), state_on(due_on, published_on, on + DAY)

    assert before not in out or after is before


@given(st.lists(st.sampled_from(PublicationState), max_size=30))
def test_the_states_add_up_to_all(states: list[PublicationState]) -> None:
    counts = counted(states)

    assert counts["of"] == len(states) == counts["published_total"] + counts["overdue"] + counts["pending"]
    assert counts["published_total"] == counts["published"] + counts["late"]
    assert set(counts) == {"of", "published_total", *PublicationState}


def test_who_published_late_has_published() -> None:
    counts = counted([PublicationState.LATE] * 3 + [PublicationState.PENDING] * 167)

    assert share(counts) == "03/170"
    assert sentence("commune", "hotline", counts, date(2024, 1, 5)) == (
        "Tính đến ngày 05/01/2024: 03/170 cơ quan, đơn vị cấp xã đã công khai “hotline”, trong đó 03 chậm."
    )


def test_every_level_and_every_state_has_its_words() -> None:
    assert set(BODIES) == set(LEVELS)
    assert set(NAMES) == set(PublicationState)
    assert len(set(NAMES.values())) == len(NAMES)
