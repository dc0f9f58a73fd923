"""Second factors: half a session opens nothing, codes open once, and the agency's rule locks nobody out."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from audit.domain import codes
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, TooMany
from audit.operations import factors, links, people, signing_in
from tests.operations.conftest import PASSWORD
from tests.operations.entering import GOOD, HOME, deeds, enter

KEY = factors.new_key()


def shown(at, key: str = KEY, off: int = 0) -> str:
    return codes.code_of(key, codes.step_of(at.now) + off)


@pytest.fixture
def with_app(desk, clock, inspector) -> tuple[str, ...]:
    """The inspector has an app; gives the recovery codes."""
    fresh = factors.add_app(desk(inspector), KEY, shown(desk()), "my phone")
    clock.now += timedelta(minutes=5)
    return fresh


def test_the_first_one_brings_ten_codes_and_a_second_one_none(desk, clock, inspector) -> None:
    fresh = factors.add_app(desk(inspector), KEY, shown(desk()), " my   phone ")
    assert len(set(fresh)) == factors.RECOVERY_CODES
    assert not {"0", "O", "1", "I", "L"} & set("".join(fresh))
    own = factors.own(desk(inspector))
    assert [row.name for row in own.factors] == ["my phone"] and own.codes_left == 10
    other = factors.new_key()
    assert factors.add_app(desk(inspector), other, shown(desk(), other), "") == ()
    assert deeds(desk, inspector)[-2:] == ["factor.added", "factor.added"]


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "1" * 100])
def test_a_wrong_code_sets_nothing_up(desk, inspector, code: str) -> None:
    if code == shown(desk()):  # one in a million
        return
    with pytest.raises(BadInput) as caught:
        factors.add_app(desk(inspector), KEY, code, "")
    assert [fault.place for fault in caught.value.faults] == ["code"]
    assert factors.own(desk(inspector)).factors == ()


@pytest.mark.parametrize("key", ["", "short", "GEZDGNBV", "!" * 32])
def test_only_keys_of_our_kind_are_taken(desk, inspector, key: str) -> None:
    with pytest.raises(NotFound):
        factors.offered(desk(inspector), key)


def test_the_password_alone_opens_nothing(desk, with_app, inspector) -> None:
    half = enter(desk)
    assert half.half and signing_in.person_of(desk(), half.token) is None
    assert factors.half_of(desk(), half.token) == inspector
    assert "signed-in" not in deeds(desk, inspector)


def test_the_code_opens_once_and_under_a_new_token(desk, clock, with_app, inspector) -> None:
    half = enter(desk)
    code = shown(desk())
    whole = factors.complete(desk(), half.token, code)
    assert whole.token != half.token and signing_in.person_of(desk(), whole.token) == inspector
    assert signing_in.person_of(desk(), half.token) is None
    again = enter(desk)
    with pytest.raises(NotAllowed):
        factors.complete(desk(), again.token, code)
    clock.now += timedelta(seconds=30)
    assert factors.complete(desk(), again.token, shown(desk()))
    with pytest.raises(NotAllowed):
        factors.complete(desk(), half.token, shown(desk()))


def test_a_recovery_code_opens_once(desk, with_app, inspector) -> None:
    typed = codes.grouped(with_app[0]).lower()
    assert factors.complete(desk(), enter(desk).token, typed)
    assert factors.own(desk(inspector)).codes_left == 9
    with pytest.raises(NotAllowed):
        factors.complete(desk(), enter(desk).token, typed)


def test_new_codes_end_the_old_ones(desk, with_app, inspector) -> None:
    fresh = factors.new_codes(desk(inspector))
    assert not set(fresh) & set(with_app)
    with pytest.raises(NotAllowed):
        factors.complete(desk(), enter(desk).token, with_app[0])
    assert factors.complete(desk(), enter(desk).token, fresh[0])


def test_codes_cannot_be_guessed(desk, clock, with_app) -> None:
    half = enter(desk)
    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(NotAllowed):
            factors.complete(desk(), half.token, "000000 no")
    with pytest.raises(TooMany):
        factors.complete(desk(), half.token, shown(desk()))
    clock.now += signing_in.WINDOW - timedelta(seconds=1)
    with pytest.raises(NotAllowed):  # and half a session does not last
        clock.now += timedelta(seconds=1)
        factors.complete(desk(), half.token, shown(desk()))


def test_another_ones_code_does_not_fit(desk, with_app, owner) -> None:
    theirs = factors.new_key()
    factors.add_app(desk(owner), theirs, shown(desk(), theirs), "")
    with pytest.raises(NotAllowed):
        factors.complete(desk(), enter(desk).token, shown(desk(), theirs))


def test_a_link_to_a_new_password_is_not_enough(desk, with_app, administrator, inspector) -> None:
    token = links.offer_password(desk(administrator), inspector.id)
    begun = links.choose_password(desk(), token, GOOD, HOME)
    assert begun.half and signing_in.person_of(desk(), begun.token) is None


def test_a_changed_password_asks_for_no_second_factor_again(desk, with_app, inspector) -> None:
    begun = people.change_password(desk(inspector), PASSWORD, GOOD, HOME)
    assert signing_in.person_of(desk(), begun.token) == inspector


def test_the_last_one_takes_the_codes_with_it(desk, with_app, inspector, owner) -> None:
    (row,) = factors.own(desk(inspector)).factors
    with pytest.raises(NotFound):
        factors.remove(desk(owner), row.id)
    factors.remove(desk(inspector), row.id)
    assert factors.own(desk(inspector)) == factors.Own((), 0, False, False)
    assert not enter(desk).half
    with pytest.raises(NotNow):
        factors.new_codes(desk(inspector))


def test_the_rule_binds_inspectors_and_administrators(desk, clock, administrator, inspector, owner) -> None:
    with pytest.raises(NotNow, match="your own"):
        factors.require(desk(administrator), True)
    factors.add_app(desk(administrator), KEY, shown(desk()), "")
    with pytest.raises(NotAllowed):
        factors.require(desk(inspector), True)
    factors.require(desk(administrator), True)
    assert factors.is_owed(desk(), inspector)
    assert not factors.is_owed(desk(), owner) and not factors.is_owed(desk(), administrator)
    (row,) = factors.own(desk(administrator)).factors
    with pytest.raises(NotNow, match="requires"):
        factors.remove(desk(administrator), row.id)
    assert factors.own(desk(administrator)).factors == (row,)
    factors.require(desk(administrator), False)
    assert not factors.is_owed(desk(), inspector)


def test_an_administrator_helps_who_lost_everything(desk, with_app, administrator, inspector, owner) -> None:
    whole = factors.complete(desk(), enter(desk).token, with_app[0])
    with pytest.raises(NotAllowed):
        factors.take_away(desk(owner), inspector.id)
    assert factors.has(desk(administrator), inspector.id)
    factors.take_away(desk(administrator), inspector.id)
    assert signing_in.person_of(desk(), whole.token) is None and not enter(desk).half
    assert "factors.taken-away" in deeds(desk, inspector)


def test_whoever_is_switched_off_meanwhile_stays_out(desk, with_app, administrator, inspector) -> None:
    half = enter(desk)
    people.switch(desk(administrator), inspector.id, False)
    with pytest.raises(NotAllowed):
        factors.complete(desk(), half.token, shown(desk()))
    assert replace(inspector, active=False) == desk().ledger.people.get(inspector.id)


def test_what_the_app_reads() -> None:
    address = urlsplit(factors.address_of(KEY, "ines@agency.example", "Bay & County: Health"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/Bay%20%26%20County%3A%20Health:ines%40agency.example"
    assert parse_qs(address.query)["secret"] == [KEY]
    assert parse_qs(address.query)["issuer"] == ["Bay & County: Health"]
