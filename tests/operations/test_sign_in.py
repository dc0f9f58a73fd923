"""Signing in: who gets in, how long, and how guessing is slowed down without locking anybody out."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from audit.domain.problems import BadInput, Busy, NoRoom, NotAllowed, TooMany
from audit.operations import desk as desks
from audit.operations import passwords, people, signing_in
from tests.operations import worlds
from tests.operations.conftest import PASSWORD
from tests.operations.entering import AWAY, HOME, deeds, enter, fail

# sign-in ------------------------------------------------------------------------------------------------------


def test_sign_in_works(desk, inspector) -> None:
    session = enter(desk)
    assert session.person == inspector
    assert signing_in.person_of(desk(), session.token) == inspector
    assert deeds(desk, inspector) == ["signed-in"]


def test_the_login_may_be_typed_in_capitals(desk, inspector) -> None:
    assert enter(desk, " INES ").person == inspector


def test_only_the_hash_of_a_token_is_kept(desk, data) -> None:
    token = enter(desk).token
    assert len(token) >= 43
    desks.close(data)
    assert token.encode() not in (data / "clinic-audit.db").read_bytes()


@pytest.mark.parametrize(
    ("login", "password"), [("ines", "wrong"), ("nobody", PASSWORD), ("", ""), ("ines", "")]
)
def test_wrong_is_wrong_without_a_hint(desk, login: str, password: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        enter(desk, login, password)
    assert caught.value.words == "Login or password is not right."


def test_an_unknown_login_takes_the_same_work(desk, monkeypatch) -> None:
    asked: list[bool] = []
    fits = passwords.Hashing.fits

    def seen(self: passwords.Hashing, password: str, kept: str | None) -> bool:
        asked.append(kept is None)
        return fits(self, password, kept)

    monkeypatch.setattr(passwords.Hashing, "fits", seen)
    fail(desk, 1, "nobody")
    fail(desk, 1, "ines")
    assert asked == [True, False]


def test_the_work_for_nobody_costs_as_much_as_a_real_one() -> None:
    real, nobodys = passwords.STRONG.hash(PASSWORD), passwords.STRONG._nobodys
    assert real.split("$")[:4] == nobodys.split("$")[:4] == ["", "argon2id", "v=19", "m=65536,t=3,p=1"]
    assert [len(part) for part in real.split("$")] == [len(part) for part in nobodys.split("$")]


def test_a_crowd_at_the_door_waits_a_moment_only(desk, monkeypatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with passwords._ONE, pytest.raises(Busy):
        enter(desk)
    assert enter(desk)


def test_who_was_switched_off_gets_nowhere(desk, administrator, inspector) -> None:
    token = enter(desk).token
    people.edit_person(desk(administrator), inspector.id, inspector.name, "inspector", (), active=False)
    assert signing_in.person_of(desk(), token) is None
    with pytest.raises(NotAllowed):
        enter(desk)


def test_a_megabyte_of_password_is_refused_before_any_work(desk, monkeypatch) -> None:
    monkeypatch.setattr(passwords.Hashing, "fits", None)
    with pytest.raises(BadInput):
        enter(desk, password="x" * 1_000_000)


def test_a_megabyte_of_login_is_just_wrong(desk) -> None:
    fail(desk, 1, "x" * 1_000_000)


def test_typed_logins_do_not_reach_the_trail(desk) -> None:
    fail(desk, 1, "my secret password by mistake")
    (line,) = desk().ledger.trail.newest(1)
    assert (line.deed, line.object, line.detail) == ("sign-in.failed", "unknown login", {})


def test_a_crowd_that_guesses_fills_no_trail(desk, clock) -> None:
    for number in range(9):
        fail(desk, 1, f"nobody {number}", f"192.0.2.{number}")
    shelf = desk().ledger.trail
    assert len(shelf.of("unknown login")) == signing_in.MOST_A_MINUTE
    clock.move(minutes=2)
    fail(desk, 1, "nobody")
    assert len(shelf.of("unknown login")) == signing_in.MOST_A_MINUTE + 1


def test_an_older_hash_is_made_anew(desk, inspector, monkeypatch) -> None:
    before = desk().ledger.people.password_of(inspector.id)
    monkeypatch.setattr(passwords, "hashing", passwords.Hashing(passes=2, kibibytes=64))
    enter(desk)
    assert desk().ledger.people.password_of(inspector.id) != before
    enter(desk)


# guessing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outdated", [False, True])
def test_a_password_that_was_changed_meanwhile_opens_nothing_and_stays_changed(
    desk, inspector, monkeypatch, outdated: bool
) -> None:
    """Checking takes a tenth of a second; whoever signs in with the old password just then must not bring it back."""
    fits, new = passwords.Hashing.fits, "seven quiet herons wade"
    if outdated:
        monkeypatch.setattr(passwords, "hashing", passwords.Hashing(passes=2, kibibytes=64))

    def slow(self: passwords.Hashing, password: str, kept: str | None) -> bool:
        right = fits(self, password, kept)
        monkeypatch.setattr(passwords.Hashing, "fits", fits)
        people.set_password(desk(worlds.ADMINISTRATOR), inspector.id, new)
        return right

    monkeypatch.setattr(passwords.Hashing, "fits", slow)
    with pytest.raises(NotAllowed):
        enter(desk)
    assert signing_in.person_of(desk(), enter(desk, "ines", new).token) == inspector
    with pytest.raises(NotAllowed):
        enter(desk)


def test_guessing_waits_longer_each_time(desk, clock) -> None:
    fail(desk, signing_in.FREE_TRIES)
    waits = []
    for _ in range(4):
        with pytest.raises(TooMany) as caught:
            enter(desk)
        waits.append(caught.value.retry_after)
        clock.move(seconds=caught.value.retry_after)
        fail(desk, 1)
    assert waits == [2, 4, 8, 16]


def test_tries_at_the_same_moment_are_counted_exactly(data, clock, monkeypatch) -> None:
    checked: list[str] = []
    fits = passwords.Hashing.fits

    def slowly(self: passwords.Hashing, password: str, kept: str | None) -> bool:
        checked.append(password)
        sleep(0.05)
        return fits(self, password, kept)

    monkeypatch.setattr(passwords.Hashing, "fits", slowly)

    def guess(number: int) -> type[Exception] | None:
        at = desks.open_desk(data, None, clock.now)
        try:
            signing_in.sign_in(at, "ines", f"guess number {number}", HOME)
        except (NotAllowed, TooMany) as problem:
            return type(problem)
        finally:
            desks.close(data)
        return None

    with ThreadPoolExecutor(12) as many:
        ended = list(many.map(guess, range(24)))
    assert len(checked) == signing_in.FREE_TRIES
    assert (
        ended.count(NotAllowed) == signing_in.FREE_TRIES
        and ended.count(TooMany) == 24 - signing_in.FREE_TRIES
    )


def test_a_try_that_was_not_made_is_not_counted(desk, monkeypatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(signing_in.FREE_TRIES + 1):
        with passwords._ONE, pytest.raises(Busy):
            enter(desk)
    assert enter(desk)


def test_the_right_password_gets_in_after_the_wait_and_is_forgiven(desk, clock) -> None:
    fail(desk, signing_in.FREE_TRIES)
    with pytest.raises(TooMany):
        enter(desk)
    clock.move(seconds=2)
    enter(desk)
    fail(desk, signing_in.FREE_TRIES - 1)
    enter(desk)


def test_no_more_than_ten_guesses_in_a_quarter_of_an_hour(desk, clock) -> None:
    guesses, start = 0, clock.now
    while (clock.now - start).total_seconds() < 15 * 60:
        try:
            enter(desk, password="a wrong password")
        except NotAllowed:
            guesses += 1
        except TooMany as wait:
            clock.move(seconds=wait.retry_after)
    assert guesses <= 12


def test_strangers_do_not_lock_out_the_owner(desk, clock) -> None:
    """The inspector signed in from home before; guessing from everywhere else does not keep her out."""
    enter(desk)
    for number in range(signing_in.FREE_STRANGERS):
        fail(desk, 1, address=f"203.0.113.{number}")
    with pytest.raises(TooMany):
        enter(desk, address=AWAY)
    assert enter(desk, address=HOME)


def test_one_address_cannot_try_everybody(desk) -> None:
    for number in range(signing_in.FREE_FROM_ADDRESS):
        fail(desk, 1, login=f"person-{number}")
    with pytest.raises(TooMany):
        enter(desk, login="one-more", password="a wrong password")


def test_an_ipv6_network_counts_as_one(desk) -> None:
    for number in range(signing_in.FREE_TRIES):
        fail(desk, 1, address=f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooMany):
        enter(desk, address="2001:db8:1:2:ffff::1")
    enter(desk, address="2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("junk", "unknown"), ("", "unknown")],
)
def test_networks(address: str, network: str) -> None:
    assert signing_in.network_of(address) == network


# sessions -----------------------------------------------------------------------------------------------------

LIMITS = [("ines", 12, 7 * 24), ("olu", 1, 24), ("ada", 1, 24)]


@pytest.mark.parametrize(("login", "idle", "_at_most"), LIMITS)
def test_an_idle_session_ends(desk, clock, login: str, idle: int, _at_most: int) -> None:
    token = enter(desk, login).token
    clock.move(hours=idle, seconds=-1)
    assert signing_in.person_of(desk(), token)
    clock.move(hours=idle)
    assert signing_in.person_of(desk(), token) is None


@pytest.mark.parametrize(("login", "idle", "at_most"), LIMITS)
def test_a_session_in_use_ends_at_last(desk, clock, login: str, idle: int, at_most: int) -> None:
    session = enter(desk, login)
    for _ in range(at_most * 2 - 1):
        clock.move(minutes=30)
        assert signing_in.person_of(desk(), session.token)
    clock.move(minutes=30)
    assert clock.now == session.ends_at
    assert signing_in.person_of(desk(), session.token) is None


def test_sign_out_ends_this_session_only(desk, inspector) -> None:
    one, other = enter(desk), enter(desk)
    signing_in.sign_out(desk(), one.token)
    signing_in.sign_out(desk(), one.token)
    signing_in.sign_out(desk(), "no such token")
    assert signing_in.person_of(desk(), one.token) is None
    assert signing_in.person_of(desk(), other.token) == inspector
    assert deeds(desk, inspector)[-1] == "signed-out"


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\udcff"])
def test_a_made_up_token_is_nobody(desk, token: str) -> None:
    assert signing_in.person_of(desk(), token) is None


def test_a_full_disk_does_not_end_a_session(desk, clock, inspector, monkeypatch) -> None:
    token = enter(desk).token
    clock.move(minutes=10)

    def full(self: object) -> None:
        raise NoRoom("full")

    monkeypatch.setattr("audit.store.ledger.Ledger.upkeep", full)
    assert signing_in.person_of(desk(), token) == inspector


def test_old_sessions_and_failures_go(desk, clock, inspector) -> None:
    enter(desk)
    fail(desk, 1, "nobody")
    clock.move(days=31)
    enter(desk, address=AWAY)
    assert not desk().ledger.sessions.is_familiar(inspector.id, HOME)
    assert desk().ledger.sessions.failures(worlds.NOW, address=HOME).count == 0
