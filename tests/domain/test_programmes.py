"""Self-audit programmes: their times, the missed ones, and months that are too short."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.problems import BadInput
from audit.domain.programmes import (
    DUE,
    EVERY,
    KEPT,
    MISSED,
    Programme,
    Time,
    begins,
    check,
    missed,
    missed_last,
    times,
)

MONDAY = date(2026, 3, 2)


def weekly(since: date = MONDAY, ended_on: date | None = None) -> Programme:
    return Programme("p1", "c1", "week", since, ended_on)


def test_a_week_is_kept_missed_or_still_due() -> None:
    today = MONDAY + timedelta(days=15)
    found = times(weekly(), [MONDAY + timedelta(days=6)], today)
    assert [(one.first, one.last, one.state(today)) for one in found] == [
        (date(2026, 3, 2), date(2026, 3, 8), KEPT),
        (date(2026, 3, 9), date(2026, 3, 15), MISSED),
        (date(2026, 3, 16), date(2026, 3, 22), DUE),
    ]
    assert missed(found, today) == (found[1],)


def test_the_last_day_of_a_time_still_counts() -> None:
    time = Time(MONDAY, MONDAY + timedelta(days=6), None)
    assert time.state(time.last) == DUE
    assert time.state(time.last + timedelta(days=1)) == MISSED


def test_months_begin_on_the_same_day_or_the_last_of_a_short_one() -> None:
    monthly = Programme("p1", "c1", "month", date(2026, 1, 31))
    assert [begins(monthly, place) for place in range(4)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]
    quarterly = Programme("p1", "c1", "quarter", date(2026, 11, 30))
    assert begins(quarterly, 1) == date(2027, 2, 28)


def test_a_programme_that_ended_owes_nothing_for_the_time_it_was_broken_off() -> None:
    ended = weekly(ended_on=MONDAY + timedelta(days=9))
    assert [one.first for one in times(ended, [], MONDAY + timedelta(days=60))] == [MONDAY]


def test_what_is_no_programme_is_refused() -> None:
    check(weekly())
    with pytest.raises(BadInput):
        check(Programme("p1", "c1", "day", MONDAY))


@given(
    every=st.sampled_from(sorted(EVERY)),
    since=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    passed=st.integers(0, 900),
    done=st.lists(st.integers(0, 900)),
)
def test_times_follow_one_another_without_a_gap(
    every: str, since: date, passed: int, done: list[int]
) -> None:
    today = since + timedelta(days=passed)
    days = [since + timedelta(days=one) for one in done]
    found = times(Programme("p1", "c1", every, since), days, today)
    assert found[0].first == since
    assert found[-1].first <= today <= found[-1].last
    for one, following in pairwise(found):
        assert one.last + timedelta(days=1) == following.first
    for one in found:
        assert (one.state(today) == KEPT) == any(one.first <= day <= one.last for day in days)


@given(
    st.sampled_from(tuple(EVERY)),
    st.dates(date(2025, 1, 1), date(2026, 1, 31)),
    st.integers(0, 400),
    st.none() | st.integers(0, 400),
)
def test_the_last_time_is_missed_when_its_days_say_so(
    every: str, since: date, later: int, audited: int | None
) -> None:
    today, programme = since + timedelta(days=later), Programme("p1", "c1", every, since)
    last = since + timedelta(days=min(audited, later)) if audited is not None else None
    found = [one for one in times(programme, [last] if last else [], today) if one.last < today]
    made_up = bool(found and last and last > found[-1].last)
    expected = bool(found) and found[-1].state(today) == MISSED and not made_up
    assert missed_last(programme, last, today) == expected
