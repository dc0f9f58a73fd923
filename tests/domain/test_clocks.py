"""Clocks: what must be done again and again, and the periods of a programme that were missed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.clocks import LOGGED, NEVER, OVERDUE, RUNNING, SEEN, SOON, Tick, clock, missed

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
    found = clock("spore-test", 30, ticks(*days_ago), TODAY)
    assert (found.state, found.words(TODAY)) == (state, words)


def test_a_day_to_come_and_another_kind_do_not_count() -> None:
    assert clock("spore-test", 30, [*ticks(-1), Tick("training", TODAY)], TODAY).state == NEVER


def test_what_an_inspector_saw_on_the_same_day_is_named_as_seen() -> None:
    found = clock("spore-test", 30, [*ticks(2, source=SEEN), *ticks(2)], TODAY)
    assert found.last == Tick("spore-test", TODAY - timedelta(days=2), SEEN)


@given(st.integers(1, 400), st.lists(st.integers(0, 500)))
def test_another_tick_never_makes_a_clock_due_earlier(interval: int, days_ago: list[int]) -> None:
    before = clock("spore-test", interval, ticks(*days_ago), TODAY)
    after = clock("spore-test", interval, ticks(*days_ago, 40), TODAY)
    assert after.due is not None
    assert before.due is None or after.due >= before.due


def test_missed_periods_of_a_weekly_programme() -> None:
    start = date(2026, 2, 2)
    assert missed(start, 7, [date(2026, 2, 4), date(2026, 2, 22)], TODAY) == (
        (date(2026, 2, 9), date(2026, 2, 15)),
        (date(2026, 2, 23), date(2026, 3, 1)),
    )
    assert missed(TODAY, 7, [], TODAY) == ()
