"""Deadlines are counted from the visit's local day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.due import Calendar, CorrectBy, DueRules

MONDAY = date(2025, 3, 3)
RULES = DueRules()


@pytest.mark.parametrize(
    ("severity", "due"),
    [("critical", date(2025, 3, 10)), ("major", date(2025, 3, 17)), ("minor", date(2025, 3, 17))],
)
def test_severity_sets_the_deadline_of_the_worked_example(severity, due):
    assert RULES.due(None, severity, MONDAY) == due


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2025, 3, 3), 0, date(2025, 3, 3)),
        (date(2025, 3, 3), 1, date(2025, 3, 4)),
        (date(2025, 3, 7), 1, date(2025, 3, 10)),  # Friday, then Monday
        (date(2025, 3, 7), 2, date(2025, 3, 11)),
        (date(2025, 3, 8), 1, date(2025, 3, 10)),  # a visit on Saturday
        (date(2025, 3, 3), 10, date(2025, 3, 17)),
        (date(2025, 12, 24), 2, date(2025, 12, 29)),  # Christmas falls on a Thursday
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # a leap day works
    ],
)
def test_working_days_pass_over_weekends_and_holidays(start, count, due):
    calendar = Calendar(holidays=frozenset({date(2025, 12, 25)}))
    rules = DueRules(calendar)
    assert rules.due(CorrectBy("working_days", count), "critical", start) == due


def test_a_weekend_may_be_other_days():
    calendar = Calendar(weekend=frozenset({4, 5}))
    assert calendar.after(date(2025, 3, 6), 1) == date(2025, 3, 9)  # Thursday, then Sunday


def test_the_items_own_rule_comes_before_severity():
    assert RULES.due(CorrectBy("days", 0, stop=True), "minor", MONDAY) == MONDAY
    assert RULES.due(CorrectBy("days", 30), "critical", MONDAY) == date(2025, 4, 2)


def test_by_the_next_visit_needs_an_interval_else_severity_counts():
    rule = CorrectBy("next_visit")
    assert DueRules(next_visit_days=365).due(rule, "minor", MONDAY) == date(2026, 3, 3)
    assert RULES.due(rule, "critical", MONDAY) == date(2025, 3, 10)


def test_the_next_visit_follows_the_plain_interval_or_there_is_none():
    assert DueRules(next_visit_days=180).next_visit(MONDAY) == date(2025, 8, 30)
    assert RULES.next_visit(MONDAY) is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (CorrectBy("days", 7, stop=True), "before any further procedure"),
        (CorrectBy("next_visit"), "by the next visit"),
        (CorrectBy("days"), "at once"),
        (CorrectBy("days", 1), "within 1 day"),
        (CorrectBy("working_days", 10), "within 10 working days"),
    ],
)
def test_deadlines_in_words(rule, words):
    assert rule.words == words


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
CALENDARS = st.builds(
    Calendar, st.frozensets(st.integers(0, 6), max_size=6), st.frozensets(DAYS, max_size=20)
)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_exactly_that_many_working_days_lie_between(calendar, start, count):
    due = calendar.after(start, count)
    between = [start + timedelta(days=step + 1) for step in range((due - start).days)]
    assert sum(map(calendar.is_working_day, between)) == count
    assert calendar.is_working_day(due)
