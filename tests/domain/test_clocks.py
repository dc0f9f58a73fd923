"""Clocks: what must be done again and again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.clocks import (
    LOGGED,
    NEVER,
    OVERDUE,
    RUNNING,
    SEEN,
    SOON,
    UNSET,
    Interval,
    Tick,
    clock,
    faults,
    interval_of,
)
from audit.domain.limits import Limit

TODAY = date(2026, 3, 3)


def ticks(*days_ago: int, source: str = LOGGED) -> list[Tick]:
    return [Tick("spore-test", TODAY - timedelta(days=days), source) for days in days_ago]


@pytest.mark.parametrize(
    ("days_ago", "state", "words"),
    [
        ((), NEVER, "Never logged"),
        ((2,), RUNNING, "Due in 28 days"),
        ((23,), SOON, "Due in 7 days"),
        ((30,), SOON, "Due today"),
        ((31,), OVERDUE, "Overdue by 1 day"),
        ((90, 2), RUNNING, "Due in 28 days"),
    ],
)
def test_where_a_monthly_clock_stands(days_ago: tuple[int, ...], state: str, words: str) -> None:
    found = clock("spore-test", Interval(days=30), ticks(*days_ago), TODAY)
    assert (found.state, found.words(TODAY)) == (state, words)


def test_a_day_to_come_and_another_kind_do_not_count() -> None:
    assert clock("spore-test", Interval(days=30), [*ticks(-1), Tick("training", TODAY)], TODAY).state == NEVER


def test_what_an_inspector_saw_on_the_same_day_is_named_as_seen() -> None:
    found = clock("spore-test", Interval(days=30), [*ticks(2, source=SEEN), *ticks(2)], TODAY)
    assert found.last == Tick("spore-test", TODAY - timedelta(days=2), SEEN)


@given(st.integers(1, 400), st.lists(st.integers(0, 500)))
def test_another_tick_never_makes_a_clock_due_earlier(interval: int, days_ago: list[int]) -> None:
    before = clock("spore-test", Interval(days=interval), ticks(*days_ago), TODAY)
    after = clock("spore-test", Interval(days=interval), ticks(*days_ago, 40), TODAY)
    assert after.due is not None
    assert before.due is None or after.due >= before.due


def test_a_month_is_a_month_of_the_calendar() -> None:
    month = interval_of(Limit("max-age", months=1))
    assert month == Interval(months=1) and month.words == "every month"
    found = clock("spore-test", month, [Tick("spore-test", date(2026, 1, 31))], date(2026, 2, 28))
    assert (found.due, found.state) == (date(2026, 2, 28), SOON)
    assert interval_of(Limit("expires")) is None and interval_of(None) is None
    assert Interval(1, 3).words == "every 1 month and 3 days"


def test_a_clinic_may_keep_to_a_shorter_interval_than_the_pack_and_not_to_a_longer_one() -> None:
    week, month, year = Interval(days=7), Interval(months=1), Interval(months=12)
    assert clock("spore-test", month, ticks(10), TODAY, week).state == OVERDUE
    assert clock("spore-test", month, ticks(10), TODAY, year).state == RUNNING
    assert clock("spore-test", month, ticks(40), TODAY, year).state == OVERDUE


def test_without_any_interval_a_clock_says_that_it_is_not_set() -> None:
    found = clock("disinfectant-change", None, [Tick("disinfectant-change", TODAY)], TODAY)
    assert (found.state, found.words(TODAY)) == (UNSET, "How often is not set")
    assert found.last is not None
    assert clock("disinfectant-change", None, [], TODAY, Interval(days=7)).state == NEVER


def test_what_is_wrong_with_an_entry() -> None:
    wrong = faults("?", TODAY + timedelta(days=1), "x" * 501, TODAY)
    assert [fault.place for fault in wrong] == ["kind", "on", "note"]
    assert [fault.place for fault in faults("training", None, "", TODAY)] == ["on"]
    assert faults("training", TODAY, "", TODAY) == ()
