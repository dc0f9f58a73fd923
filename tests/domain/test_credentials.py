"""Credentials: held, displayed, valid and covering are four different things."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.credentials import (
    EXPIRED,
    EXPIRING,
    GRAVITY,
    MISSING,
    NOT_COVERING,
    NOT_DISPLAYED,
    VALID,
    Credential,
    faults,
    newest,
    notices,
    standing,
    who_may_work,
)

TODAY = date(2026, 3, 3)


def paper(days: int | None = 200, **fields: object) -> Credential:
    expires = None if days is None else TODAY + timedelta(days=days)
    plain = Credential("p1", "c1", "practitioner-licence", "ana", "L-7", "County", date(2025, 1, 1), expires)
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("credential", "state", "words"),
    [
        (None, MISSING, "Not on file"),
        (paper(-1), EXPIRED, "Expired 1 day ago"),
        (paper(0), EXPIRING, "Expires today"),
        (paper(60), EXPIRING, "Expires in 60 days"),
        (paper(61), VALID, "Valid"),
        (paper(None), VALID, "Valid, no end given"),
        (paper(covers=("tattoo",)), NOT_COVERING, "Does not cover this procedure"),
        (paper(covers=("tattoo", "smp")), VALID, "Valid"),
        (paper(displayed=False), NOT_DISPLAYED, "Valid, but not displayed when last seen"),
        (paper(-1, displayed=False, covers=("tattoo",)), EXPIRED, "Expired 1 day ago"),
    ],
)
def test_where_a_paper_stands(credential: Credential | None, state: str, words: str) -> None:
    found = standing(credential, TODAY, "smp")
    assert (found.state, found.words) == (state, words)


def test_the_paper_that_ends_last_counts() -> None:
    old, new = paper(-10), paper(300, id="p2")
    assert newest([new, old], "practitioner-licence", "ana") == new
    assert newest([new, paper(None, id="p3")], "practitioner-licence", "ana") == paper(None, id="p3")
    assert newest([new], "bloodborne", "ana") is None


def test_who_may_work_names_every_paper_that_stops_work() -> None:
    required = ("practitioner-licence", "bloodborne")
    ana, ben = who_may_work(
        ["ana", "ben"], [paper(), paper(3, kind="bloodborne", id="b")], required, TODAY, "smp"
    )
    assert ana.may and not ana.reasons
    assert not ben.may
    assert ben.reasons == (
        "Practitioner licence or registration: Not on file",
        "Bloodborne pathogen certificate: Not on file",
    )


def test_notices_are_reached_in_turn_and_stay_reached() -> None:
    due = {left: notices([paper(left)], TODAY) for left in (61, 60, 31, 30, 8, 7, 0, -1)}
    reached = {left: found[0][1] if found else None for left, found in due.items()}
    assert reached == {61: None, 60: 60, 31: 60, 30: 30, 8: 30, 7: 7, 0: 7, -1: 0}


@given(st.integers(-400, 400), st.integers(0, 400))
def test_time_never_makes_a_paper_better(left: int, later: int) -> None:
    now, then = standing(paper(left), TODAY), standing(paper(left), TODAY + timedelta(days=later))
    assert GRAVITY.index(then.state) <= GRAVITY.index(now.state)


def test_what_is_wrong_is_named_at_its_field() -> None:
    found = faults({"kind": "?", "holder": "", "number": "x" * 201}, date(2026, 1, 2), date(2026, 1, 1))
    assert [fault.place for fault in found] == ["kind", "number", "expires"]
    assert faults({"kind": "insurance"}, None, None) == ()
