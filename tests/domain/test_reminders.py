"""Which notice is reached, what was told already, and when a letter may be written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.reminders import ACTIONS, NOTICES, OVER, PAPERS, Line, in_order, is_daytime, reached, untold


def line(about: str = "a", notice: str = "30", kind: str = PAPERS, day: int = 10) -> Line:
    return Line(kind, about, notice, "Clinic", "words", date(2026, 3, day), "/")


@pytest.mark.parametrize(
    ("left", "notice"),
    [(61, ""), (60, "60"), (31, "60"), (30, "30"), (8, "30"), (7, "7"), (0, "7"), (-1, OVER), (-400, OVER)],
)
def test_the_notice_that_is_reached(left: int, notice: str) -> None:
    assert reached(left, NOTICES[PAPERS]) == notice


@given(st.integers(-50, 100), st.integers(0, 50))
def test_a_notice_never_goes_back(left: int, later: int) -> None:
    order = ["", "60", "30", "7", OVER]
    now, then = reached(left, NOTICES[PAPERS]), reached(left - later, NOTICES[PAPERS])
    assert order.index(then) >= order.index(now)


def test_what_was_told_or_is_turned_off_is_not_told() -> None:
    lines = [line("a"), line("b"), line("c", kind=ACTIONS)]
    told = {line("a").key, line("b", "60").key}
    assert untold(lines, told, {ACTIONS}) == (line("b"),), "another notice of the same thing is another row"
    assert untold([line(notice="")], (), ()) == ()


def test_what_is_over_comes_first_then_by_day() -> None:
    late, early, over = line("l", day=9), line("e", day=2), line("o", OVER, day=20)
    assert in_order([late, early, over]) == (over, early, late)


def test_nobody_is_written_to_at_night() -> None:
    assert [hour for hour in range(24) if is_daytime(hour)] == list(range(7, 20))
