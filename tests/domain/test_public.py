"""When a result is too old to be told as today's."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from audit.domain.public import FRESH, LONGEST, STALE, freshness

DAY = date(2026, 3, 3)


def test_it_ends_with_the_day_of_the_next_visit_or_after_a_year() -> None:
    assert freshness(DAY, date(2026, 9, 3), date(2026, 9, 3)) == FRESH
    assert freshness(DAY, date(2026, 9, 3), date(2026, 9, 4)) == STALE
    assert freshness(DAY, None, DAY + LONGEST) == FRESH
    assert freshness(DAY, date(2029, 1, 1), DAY + LONGEST + timedelta(days=1)) == STALE


@given(st.none() | st.dates(date(2026, 3, 3), date(2030, 1, 1)), st.integers(0, 3000), st.integers(0, 300))
def test_what_was_stale_never_looks_fresh_again(due: date | None, days: int, later: int) -> None:
    today = DAY + timedelta(days=days)
    if freshness(DAY, due, today) == STALE:
        assert freshness(DAY, due, today + timedelta(days=later)) == STALE
