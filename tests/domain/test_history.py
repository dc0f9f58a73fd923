"""Repeats (d6) and the status-driven follow-up (d4) with its worked examples, inspection of 2025-03-03."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.due import Calendar, DueRules, FollowUp, PlacardRules
from audit.domain.history import (
    INTERVAL,
    PLACARD,
    SECOND,
    UNCORRECTED,
    Out,
    Past,
    next_by,
    next_visit,
    repeats,
    within_working_days,
)

VISIT = date(2025, 3, 3)
IN_180, IN_30 = date(2025, 8, 30), date(2025, 4, 2)
LAST, BEFORE = date(2024, 9, 2), date(2024, 3, 4)


def past(day: date, purpose: str = "routine", **outs: bool) -> Past:
    return Past(day, purpose, outs)


EXAMPLES = [
    ("no critical OUT", [Out("floor", "minor", False)], [], IN_180),
    ("critical corrected, no repeat", [Out("needles", "critical", True)], [], IN_180),
    ("critical not corrected", [Out("needles", "critical", False)], [], IN_30),
    (
        "critical corrected now and last time",
        [Out("needles", "critical", True)],
        [past(LAST, needles=True)],
        IN_30,
    ),
    (
        "minor for the second repeat, corrected",
        [Out("floor", "minor", True)],
        [past(LAST, floor=False), past(BEFORE, floor=True)],
        IN_30,
    ),
]


@pytest.mark.parametrize(("name", "outs", "history", "due"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_the_worked_examples_of_the_follow_up(
    name: str, outs: list[Out], history: list[Past], due: date
) -> None:
    found = next_visit(outs, history, VISIT, FollowUp())
    assert found.due == due
    assert found.check == (due == IN_30)
    assert found.reasons


@pytest.mark.parametrize("corrected", [False, True])
def test_what_the_check_still_finds_is_looked_at_again_and_named(corrected: bool) -> None:
    """Alabama: notice of intent to suspend or revoke; corrected then, the status is kept and the check comes again."""
    check = [past(LAST, "follow-up", needles=False)]
    found = next_visit([Out("needles", "critical", corrected)], check, VISIT, FollowUp())
    assert (found.due, found.check) == (IN_30, True)
    assert "notice of intent to suspend or revoke" in found.reasons[0]


def test_a_first_repeat_of_a_minor_finding_does_not_shorten_the_interval() -> None:
    assert (
        next_visit([Out("floor", "minor", True)], [past(LAST, floor=False)], VISIT, FollowUp()).due == IN_180
    )


def test_the_order_of_the_history_does_not_matter() -> None:
    outs = [Out("floor", "minor", True)]
    older_first = [past(BEFORE, floor=True), past(LAST, floor=False)]
    assert next_visit(outs, older_first, VISIT, FollowUp()).due == IN_30


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["critical", "major", "minor"]), st.booleans())
    )
)
def test_another_finding_never_puts_the_next_visit_off(rows: list[tuple[str, str, bool]]) -> None:
    outs = [Out(*row) for row in rows]
    history = [past(LAST, a=True, b=False), past(BEFORE, b=True)]
    dues = [next_visit(outs[:count], history, VISIT, FollowUp()).due for count in range(len(outs) + 1)]
    assert dues == sorted(dues, reverse=True)


def test_a_repeat_is_out_at_the_previous_inspection_whatever_its_purpose() -> None:
    history = [past(LAST, "complaint", needles=True), past(BEFORE, needles=False)]
    assert repeats("needles", "routine", history) == (LAST, BEFORE)


def test_a_visit_in_between_without_the_finding_ends_the_run() -> None:
    assert repeats("needles", "routine", [past(LAST), past(BEFORE, needles=False)]) == ()


def test_routine_to_routine_leaves_other_visits_out() -> None:
    history = [past(LAST, "complaint"), past(BEFORE, needles=False)]
    assert repeats("needles", "routine", history, routine_only=True) == (BEFORE,)
    assert repeats("needles", "complaint", history, routine_only=True) == ()


def test_two_business_days_after_a_friday_are_the_tuesday() -> None:
    assert within_working_days(date(2025, 3, 7), Calendar()) == date(2025, 3, 11)
    with_holiday = Calendar(holidays=frozenset({date(2025, 3, 10)}))
    assert within_working_days(date(2025, 3, 7), with_holiday) == date(2025, 3, 12)


def test_a_visit_that_did_not_ask_an_item_says_nothing_about_it() -> None:
    narrow = Past(LAST, "follow-up", {"floor": False}, frozenset({"floor"}))
    history = [narrow, past(BEFORE, needles=True, floor=True)]
    assert repeats("needles", "routine", history) == (BEFORE,)
    assert repeats("floor", "routine", history) == (LAST, BEFORE)
    again = next_visit([Out("needles", "critical", True)], history, VISIT, FollowUp())
    assert again.due == IN_30
    assert again.why[0].items == ("needles",)


def test_every_reason_names_the_items_that_gave_it() -> None:
    outs = [Out("needles", "critical", False), Out("gloves", "critical", False), Out("floor", "minor", True)]
    history = [past(LAST, floor=False), past(BEFORE, floor=True)]
    found = next_visit(outs, history, VISIT, FollowUp())
    assert [(why.code, why.items) for why in found.why] == [
        (UNCORRECTED, ("needles", "gloves")),
        (SECOND, ("floor",)),
    ]


def test_a_checklist_without_a_rule_sets_no_date_and_a_plain_interval_is_no_check() -> None:
    outs = [Out("needles", "critical", False)]
    assert next_by(DueRules(), outs, [], VISIT, "routine") is None
    plain = next_by(DueRules(next_visit_days=180), outs, [], VISIT, "routine")
    assert plain is not None
    assert (plain.due, plain.check, plain.why[0].code) == (IN_180, False, INTERVAL)


def test_the_earliest_day_stands_with_its_reasons() -> None:
    rules = DueRules(next_visit_days=365, placards=PlacardRules())
    found = next_by(rules, [], [], date(2025, 3, 7), "routine", date(2025, 3, 11))
    assert found is not None
    assert (found.due, found.check, found.why[0].code) == (date(2025, 3, 11), True, PLACARD)
    status = next_by(DueRules(follow_up=FollowUp()), [Out("x", "critical", False)], [], VISIT, "complaint")
    assert status is not None
    assert status.due == IN_30


def test_routine_only_leaves_the_repeats_of_other_visits_out_of_the_check() -> None:
    rule = FollowUp(routine_only=True)
    history = [past(LAST, "complaint", floor=False), past(BEFORE, floor=False)]
    outs = [Out("floor", "minor", False)]
    assert next_visit(outs, history, VISIT, rule).due == IN_180
    assert next_visit(outs, history, VISIT, FollowUp()).due == IN_30
    assert (
        next_visit([Out("x", "critical", True)], [past(LAST, x=True)], VISIT, rule, "complaint").due == IN_180
    )
