"""One's own sessions, and browsers in which nobody else's failures count."""

from datetime import timedelta

import pytest

from audit.domain.problems import NotAllowed, NotFound, TooMany
from audit.operations import signed_in, signing_in
from tests.operations.conftest import PASSWORD
from tests.operations.entering import AWAY, GOOD, HOME, deeds, enter, fail


def test_one_sees_where_one_is_signed_in(desk, clock, inspector) -> None:
    there = signing_in.sign_in(desk(), "ines", PASSWORD, AWAY, device="Chrome, Android")
    clock.now += timedelta(minutes=7)
    here = signing_in.sign_in(desk(), "ines", PASSWORD, HOME, device="Firefox, Linux")
    rows = signed_in.listed(desk(inspector), here.token)
    assert [(row.device, row.address, row.here) for row in rows] == [
        ("Firefox, Linux", HOME, True),
        ("Chrome, Android", AWAY, False),
    ]
    assert rows[1].since == rows[1].seen_at == clock.now - timedelta(minutes=7)
    assert not any(there.token in str(row) or here.token in str(row) for row in rows)


def test_it_ends_there_and_only_there(desk, inspector) -> None:
    there, here = enter(desk, address=AWAY), enter(desk)
    (row,) = [row for row in signed_in.listed(desk(inspector), here.token) if not row.here]
    signed_in.end(desk(inspector), row.id)
    assert signing_in.person_of(desk(), there.token) is None
    assert signing_in.person_of(desk(), here.token) == inspector
    assert deeds(desk, inspector)[-1] == "session.ended"
    with pytest.raises(NotFound):
        signed_in.end(desk(inspector), row.id)


def test_nobody_ends_somebody_elses(desk, inspector, owner) -> None:
    session = enter(desk)
    (row,) = signed_in.listed(desk(inspector), session.token)
    for name in (row.id, "", "0" * 16):
        with pytest.raises(NotFound):
            signed_in.end(desk(owner), name)
    with pytest.raises(NotAllowed):
        signed_in.end(desk(), row.id)
    assert signing_in.person_of(desk(), session.token) == inspector


def test_everywhere_else(desk, inspector, owner) -> None:
    others = [enter(desk, address=AWAY), enter(desk)]
    theirs, here = enter(desk, "olu"), enter(desk)
    assert signed_in.end_others(desk(inspector), here.token) == 2
    assert [signing_in.person_of(desk(), one.token) for one in others] == [None, None]
    assert signing_in.person_of(desk(), here.token) == inspector
    assert signing_in.person_of(desk(), theirs.token) == owner


def test_sessions_that_are_over_are_not_listed(desk, clock, owner) -> None:
    enter(desk, "olu")
    clock.now += timedelta(minutes=61)
    here = enter(desk, "olu")
    assert [row.here for row in signed_in.listed(desk(owner), here.token)] == [True]


def test_a_familiar_browser_is_not_slowed_down_by_strangers(desk, inspector) -> None:
    """Not even by one who sits in the same network, or moves about."""
    token = signed_in.browser_token(desk(), enter(desk).person, "")
    for address, times in ((HOME, 3), (AWAY, 3), ("203.0.113.1", 3), ("203.0.113.2", 1)):
        fail(desk, times, address=address)
    with pytest.raises(TooMany):
        enter(desk, address=HOME)
    assert signing_in.sign_in(desk(), "ines", PASSWORD, HOME, token).person == inspector


def test_a_familiar_browser_is_counted_by_itself(desk) -> None:
    token = signed_in.browser_token(desk(), enter(desk).person, "")
    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(NotAllowed):
            signing_in.sign_in(desk(), "ines", "a wrong password", AWAY, token)
    with pytest.raises(TooMany):
        signing_in.sign_in(desk(), "ines", PASSWORD, "203.0.113.9", token)
    assert enter(desk)


def test_it_is_familiar_to_its_person_only(desk) -> None:
    token = signed_in.browser_token(desk(), enter(desk).person, "")
    assert signed_in.browser_token(desk(), enter(desk, "olu").person, token) == token
    signed_in.end_others(desk(enter(desk).person), "")
    fail(desk, 3)
    with pytest.raises(TooMany):  # a stranger again, after signing out everywhere
        signing_in.sign_in(desk(), "ines", PASSWORD, HOME, token)


def test_a_token_nobody_gave_out_is_not_taken_up(desk) -> None:
    person = enter(desk).person
    assert signed_in.browser_token(desk(), person, "chosen by somebody else") != "chosen by somebody else"


def test_proving_counts_for_a_quarter_of_an_hour(desk, clock, inspector) -> None:
    token = enter(desk).token

    def proved() -> bool:
        found = signing_in.held(desk(), token)
        assert found is not None
        return found.proved

    assert proved()
    clock.now += signing_in.PROVED_FOR
    assert not proved()
    with pytest.raises(NotAllowed):
        signing_in.prove(desk(inspector), GOOD, HOME, token)
    assert not proved()
    signing_in.prove(desk(inspector), PASSWORD, HOME, token)
    assert proved()
