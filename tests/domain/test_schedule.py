"""Planned visits: where they stand on a day, what is refused, and what the rules of a checklist plan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.domain.history import INTERVAL, UNCORRECTED, NextVisit, Why
from audit.domain.problems import BadInput, NotNow
from audit.domain.schedule import (
    CANCELLED,
    DONE,
    LONGEST_REASON,
    OVERDUE,
    PLANNED,
    STARTED,
    Planned,
    after,
    check,
    soonest_first,
)

TODAY = date(2026, 3, 3)
VISIT = Planned("p1", "c1", "follow-up", TODAY)


def test_a_planned_visit_is_overdue_the_day_after_its_day() -> None:
    assert VISIT.state(TODAY) == PLANNED
    assert VISIT.state(TODAY + timedelta(days=1)) == OVERDUE
    assert VISIT.days_left(TODAY + timedelta(days=1)) == -1


def test_what_is_under_way_or_over_is_never_overdue() -> None:
    late = TODAY + timedelta(days=90)
    assert replace(VISIT, visit="v1").state(late) == STARTED
    assert replace(VISIT, visit="v1", ended=DONE).state(late) == DONE
    assert replace(VISIT, ended=CANCELLED).state(late) == CANCELLED


@pytest.mark.parametrize("over", [replace(VISIT, visit="v1"), replace(VISIT, ended=CANCELLED)])
def test_only_an_open_one_may_be_changed(over: Planned) -> None:
    VISIT.must_be_open()
    assert not over.open
    with pytest.raises(NotNow):
        over.must_be_open()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (replace(VISIT, purpose="self-audit"), "purpose"),
        (replace(VISIT, by=TODAY - timedelta(days=1)), "by"),
        (replace(VISIT, by=TODAY + timedelta(days=3661)), "by"),
        (replace(VISIT, reason="x" * (LONGEST_REASON + 1)), "reason"),
    ],
)
def test_what_nobody_could_keep_is_refused(wrong: Planned, place: str) -> None:
    check(VISIT, TODAY)
    with pytest.raises(BadInput) as refused:
        check(wrong, TODAY)
    assert [fault.place for fault in refused.value.faults] == [place]


def test_a_seal_plans_a_follow_up_for_a_check_and_a_routine_visit_else() -> None:
    reason = Why(UNCORRECTED, ("needles",))
    found = after(VISIT, NextVisit(date(2026, 4, 2), True, (reason,)))
    assert found is not None
    assert (found.purpose, found.by, found.why, found.by_rule) == (
        "follow-up",
        date(2026, 4, 2),
        (reason,),
        True,
    )
    routine = after(VISIT, NextVisit(date(2026, 8, 30), False, (Why(INTERVAL),)))
    assert routine is not None
    assert routine.purpose == "routine"
    assert after(VISIT, None) is None


def test_the_soonest_comes_first() -> None:
    later = replace(VISIT, id="p0", by=TODAY + timedelta(days=1))
    assert soonest_first([later, VISIT]) == (VISIT, later)
