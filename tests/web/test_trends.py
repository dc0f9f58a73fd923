"""Results over time as a chart: places, labels, and the same as a table."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audit.operations.records import Point
from audit.web.trends import FLOOR, TOP, trend_of

START = date(2024, 1, 1)


def point(days: int, score: int | None = 900, status: str = "findings") -> Point:
    return Point(f"v{days}", START + timedelta(days), status, score, 1, 1)


def test_time_runs_to_the_right_and_zero_is_shown():
    trend = trend_of("Inspections", [point(0, 0), point(100, 500), point(400, 1000, "no-findings")])
    assert [(dot.x, dot.y, dot.label) for dot in trend.dots] == [
        ("9.0%", FLOOR, "0"),
        ("30.2%", (FLOOR + TOP) // 2, "50"),
        ("94.0%", TOP, "100"),
    ]
    assert [dot.shape for dot in trend.dots] == ["OUT", "OUT", "IN"]
    assert len(trend.lines) == 2
    assert [row.day for row in trend.rows] == ["Tue 4 Feb 2025", "Wed 10 Apr 2024", "Mon 1 Jan 2024"]
    assert trend.words == "Score of 3 visits: 0 on Mon 1 Jan 2024, 100 on Tue 4 Feb 2025"


def test_one_number_is_no_chart_and_no_number_is_no_dot():
    assert trend_of("Inspections", [point(0), point(9, None, "not-scored")]).dots == ()
    trend = trend_of("Inspections", [point(0), point(9, None, "not-scored"), point(20)])
    assert len(trend.dots) == 2 and [row.number for row in trend.rows] == ["90.0", "", "90.0"]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 1000)), min_size=2, max_size=8))
def test_marks_stay_in_the_frame_in_order_and_labels_apart(given):
    trend = trend_of("Inspections", [point(days, score) for days, score in sorted(given)])
    places = [float(dot.x.rstrip("%")) for dot in trend.dots]
    assert places == sorted(places) and places[0] == 9.0 and places[-1] == 94.0
    assert all(TOP <= dot.y <= FLOOR for dot in trend.dots)
    told = [place for place, dot in zip(places, trend.dots, strict=True) if dot.label]
    assert all(after - before >= 8.9 for before, after in pairwise(told))
    assert trend.dots[-1].label
