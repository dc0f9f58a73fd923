"""Corrective actions: their life, whose turn it is, and when they are overdue."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from audit.domain.actions import (
    ACCEPTED,
    CONFIRMED,
    FIXED,
    FOUND_AGAIN,
    OPEN,
    SENT_BACK,
    Action,
    Step,
    after_visit,
    check,
    overdue_first,
)
from audit.domain.problems import BadInput, NotNow

NOW, TODAY, DUE = datetime(2026, 3, 9, 9, tzinfo=UTC), date(2026, 3, 9), date(2026, 3, 10)


def action(*steps: Step, **fields: object) -> Action:
    plain = Action(
        "a1",
        "v1",
        "c1",
        "needles",
        "G-03",
        None,
        "critical",
        "Discard them.",
        "CA 119311(f)",
        "Open packs.",
        DUE,
    )
    return replace(plain, steps=steps, **fields)  # type: ignore[arg-type]


def step(kind: str, words: str = "Done.", **fields: object) -> Step:
    return Step(kind, "Somebody", NOW, words, **fields)  # type: ignore[arg-type]


def test_an_action_goes_from_open_over_fixed_and_sent_back_to_accepted() -> None:
    one = action()
    assert (one.state, one.waits_for) == (OPEN, "clinic")
    for kind, turn in ((FIXED, "inspector"), (SENT_BACK, "clinic"), (FIXED, "inspector"), (ACCEPTED, "")):
        check(one, step(kind), TODAY)
        one = replace(one, steps=(*one.steps, step(kind)))
        assert (one.state, one.waits_for) == (kind, turn)
    assert one.closed


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ((), ACCEPTED),
        ((), SENT_BACK),
        ((FIXED,), FIXED),
        ((FIXED, ACCEPTED), FIXED),
        ((FIXED, ACCEPTED), SENT_BACK),
    ],
)
def test_a_step_out_of_turn_is_refused(before: tuple[str, ...], kind: str) -> None:
    with pytest.raises(NotNow):
        check(action(*map(step, before)), step(kind), TODAY)


@pytest.mark.parametrize(
    ("before", "wrong", "place"),
    [
        ((), step(FIXED, " "), "words"),
        ((FIXED,), step(SENT_BACK, ""), "words"),
        ((), step(FIXED, "x" * 4001), "words"),
        ((), step(FIXED, on=date(2026, 3, 10)), "on"),
        ((), step(FIXED, photos=tuple("abcdefghijklm")), "photos"),
    ],
)
def test_a_step_that_lacks_something_names_the_field(
    before: tuple[str, ...], wrong: Step, place: str
) -> None:
    with pytest.raises(BadInput) as refused:
        check(action(*map(step, before)), wrong, TODAY)
    assert [fault.place for fault in refused.value.faults] == [place]


def test_a_photo_alone_says_what_was_done() -> None:
    check(action(), step(FIXED, "", photos=("a" * 64,)), TODAY)


def test_overdue_begins_the_day_after_and_never_while_the_inspector_has_it() -> None:
    after = date(2026, 3, 11)
    assert not action().overdue(DUE)
    assert action().overdue(after)
    assert not action(step(FIXED)).overdue(after)
    assert action(step(FIXED), step(SENT_BACK)).overdue(after)


def test_time_to_fix_counts_from_the_visit_to_the_fix_that_was_accepted() -> None:
    fixed = step(FIXED, on=date(2026, 3, 7))
    assert action(fixed).days_to_fix(date(2026, 3, 3)) is None
    assert action(fixed, step(ACCEPTED)).days_to_fix(date(2026, 3, 3)) == 4


def test_the_list_has_overdue_first_and_accepted_last() -> None:
    done = action(step(FIXED), step(ACCEPTED), number="A-01")
    late = action(number="B-01", correct_by=date(2026, 3, 1))
    grave = action(number="D-01")
    small = action(number="C-01", severity="minor")
    waiting = action(step(FIXED), number="A-02", correct_by=date(2026, 3, 1))
    ordered = overdue_first([done, small, waiting, grave, late], TODAY)
    assert [one.number for one in ordered] == ["B-01", "D-01", "C-01", "A-02", "A-01"]


@pytest.mark.parametrize("before", [(), (FIXED,), (FIXED, SENT_BACK)])
def test_a_later_visit_ends_it_whatever_the_clinic_said(before: tuple[str, ...]) -> None:
    for mark, kind in (("IN", CONFIRMED), ("OUT", FOUND_AGAIN)):
        one = action(*map(step, before))
        assert after_visit(mark) == kind
        check(one, step(kind, "", visit="v2"), TODAY)
        over = replace(one, steps=(*one.steps, step(kind, "", visit="v2")))
        assert over.closed and not over.overdue(date(2030, 1, 1))
        with pytest.raises(NotNow):
            check(over, step(CONFIRMED, ""), TODAY)
    assert [after_visit(mark) for mark in ("NO", "NA", None)] == [None] * 3
