"""One-time links: they open one thing, once, for a while, and the ledger cannot give them away."""

import re
from dataclasses import replace

import pytest

from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, TooMany
from audit.operations import agency, forgotten, links, people, signing_in
from audit.operations import desk as desks
from tests.operations import worlds
from tests.operations.conftest import PASSWORD
from tests.operations.entering import AWAY, GOOD, HOME, deeds, enter


@pytest.fixture
def empty(tmp_path, clock):
    """``empty()``: nobody's desk in a new data folder."""
    folder = tmp_path / "new"
    desks.bring_up_to_date(folder, worlds.NOW)
    yield lambda: desks.open_desk(folder, None, clock.now)
    desks.close(folder)


# set-up -------------------------------------------------------------------------------------------------------


def test_the_set_up_link_makes_the_first_administrator_once(empty) -> None:
    token = links.offer_set_up(empty())
    session = links.set_up(empty(), token, "Ada", "Ada Lind", GOOD, HOME)
    assert session.person.role == "administrator" and session.person.login == "ada"
    assert signing_in.person_of(empty(), session.token) == session.person
    with pytest.raises(NotFound):
        links.set_up(empty(), token, "eve", "Eve Late", GOOD, HOME)
    with pytest.raises(NotNow):
        links.offer_set_up(empty())
    told = [line.deed for line in empty().ledger.trail.newest()]
    assert {"set-up.offered", "person.added", "signed-in"} <= {*told}


def test_a_refused_set_up_leaves_the_link(empty) -> None:
    token = links.offer_set_up(empty())
    with pytest.raises(BadInput) as caught:
        links.set_up(empty(), token, "a b", "", "short", HOME)
    assert {fault.place for fault in caught.value.faults} == {"login", "name", "password"}
    assert links.set_up(empty(), token, "ada", "Ada Lind", GOOD, HOME)


def test_looking_at_the_link_does_not_use_it_up(empty) -> None:
    token = links.offer_set_up(empty())
    links.check_set_up(empty(), token)
    links.check_set_up(empty(), token)


def test_a_newer_set_up_link_ends_the_older_one(empty) -> None:
    older, newer = links.offer_set_up(empty()), links.offer_set_up(empty())
    with pytest.raises(NotFound):
        links.check_set_up(empty(), older)
    links.check_set_up(empty(), newer)


def test_the_set_up_link_ends_after_a_day(empty, clock) -> None:
    token = links.offer_set_up(empty())
    clock.move(hours=23, minutes=59)
    links.check_set_up(empty(), token)
    clock.move(minutes=1)
    with pytest.raises(NotFound):
        links.check_set_up(empty(), token)


def test_once_somebody_is_there_the_link_is_dead(empty) -> None:
    token = links.offer_set_up(empty())
    people.first_administrator(empty(), "ada", "Ada Lind", GOOD)
    with pytest.raises(NotFound):
        links.set_up(empty(), token, "eve", "Eve Late", GOOD, HOME)


# a password of one's own --------------------------------------------------------------------------------------


def test_a_reset_link_changes_the_password_once(desk, administrator, owner) -> None:
    before = enter(desk, owner.login)
    token = links.offer_password(desk(administrator), owner.id)
    assert signing_in.person_of(desk(), before.token)  # nothing ends before the link is used
    assert links.whose(desk(), token) == owner
    session = links.choose_password(desk(), token, GOOD, HOME)
    assert session.person == owner and signing_in.person_of(desk(), session.token) == owner
    assert signing_in.person_of(desk(), before.token) is None
    assert enter(desk, owner.login, GOOD)
    with pytest.raises(NotAllowed):
        enter(desk, owner.login, PASSWORD)
    with pytest.raises(NotFound):
        links.choose_password(desk(), token, GOOD, HOME)
    assert {"password.link", "password.changed"} <= {*deeds(desk, owner)}


def test_a_weak_password_leaves_the_link(desk, administrator, owner) -> None:
    token = links.offer_password(desk(administrator), owner.id)
    with pytest.raises(BadInput):
        links.choose_password(desk(), token, "Olu Adeyemi 123", HOME)
    assert links.choose_password(desk(), token, GOOD, HOME)


def test_a_link_is_for_what_it_was_made_for(desk, administrator, owner, empty) -> None:
    with pytest.raises(NotFound):
        links.check_set_up(empty(), links.offer_password(desk(administrator), owner.id))
    with pytest.raises(NotFound):
        links.whose(empty(), links.offer_set_up(empty()))
    for nothing in ("", "x" * 5000, "\ud800"):
        with pytest.raises(NotFound):
            links.whose(desk(), nothing)


def test_a_reset_link_ends_in_time_by_a_newer_one_and_by_another_change(
    desk, administrator, owner, clock
) -> None:
    old = links.offer_password(desk(administrator), owner.id)
    new = links.offer_password(desk(administrator), owner.id)
    with pytest.raises(NotFound):
        links.whose(desk(), old)
    people.change_password(desk(owner), PASSWORD, GOOD, HOME)
    with pytest.raises(NotFound):
        links.whose(desk(), new)
    late = links.offer_password(desk(administrator), owner.id)
    clock.move(hours=72)
    with pytest.raises(NotFound):
        links.whose(desk(), late)


def test_whoever_is_switched_off_has_no_link(desk, administrator, owner) -> None:
    token = links.offer_password(desk(administrator), owner.id)
    people.switch(desk(administrator), owner.id, False)
    with pytest.raises(NotFound):
        links.whose(desk(), token)
    with pytest.raises(NotNow):
        links.offer_password(desk(administrator), owner.id)
    people.switch(desk(administrator), owner.id, True)
    with pytest.raises(NotFound):
        links.whose(desk(), token)  # being let in again revives nothing


@pytest.mark.parametrize("who", ["inspector", "owner", "other_owner"])
def test_only_administrators_make_links(desk, request, owner, who: str) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        links.offer_password(desk(actor), owner.id)
    with pytest.raises(NotAllowed):
        links.invite(desk(actor), "nora", "Nora New", "inspector", ())
    with pytest.raises(NotAllowed):
        links.offer_password(desk(), owner.id)


def test_somebody_invited_comes_in_by_the_link_alone(desk, administrator, clinic) -> None:
    nora, token = links.invite(desk(administrator), "nora", "Nora New", "owner", [clinic.id])
    with pytest.raises(NotAllowed):
        enter(desk, "nora", token)
    assert links.choose_password(desk(), token, GOOD, HOME).person == nora
    assert enter(desk, "nora", GOOD).person == nora
    with pytest.raises(BadInput, match="already"):
        links.invite(desk(administrator), "nora", "Nora Again", "owner", [clinic.id])


def test_the_ledger_holds_no_token(desk, data, administrator, owner) -> None:
    token = links.offer_password(desk(administrator), owner.id)
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert token.encode() not in kept


# by mail ------------------------------------------------------------------------------------------------------


def address(token: str) -> str:
    return f"http://localhost{links.PATH}?key={token}"


def letter(desk):
    (row,) = desk().ledger.letters.newest(9)
    return row


def test_an_invitation_goes_by_mail_in_the_language_of_the_person(desk, administrator, clinic) -> None:
    nora, token = links.invite(
        desk(administrator), "nora", "Nora New", "owner", [clinic.id], "nora@example.org", (), "es", address
    )
    row = letter(desk)
    assert (row.letter.address, row.letter.person_id, row.state) == ("nora@example.org", nora.id, "waiting")
    assert address(token) in row.letter.text and "Bay County Health" in row.letter.subject
    assert row.letter.text.startswith("Hola") and nora.language == "es"
    assert row.letter.until == desk().now + links.LASTS[people.PASSWORD_LINK]
    (written,) = [line for line in desk().ledger.trail.of(nora.id) if line.deed == "letter.written"]
    assert "nora" not in str(written.detail)


def test_who_has_no_address_gets_no_letter(desk, administrator, owner) -> None:
    links.offer_password(desk(administrator), owner.id, address)
    assert desk().ledger.letters.newest(9) == ()


@pytest.fixture
def reachable(desk, administrator, owner):
    """The owner with an address for letters."""
    now = people.edit_person(
        desk(administrator), owner.id, owner.name, "owner", owner.clinics, True, email="olu@example.org"
    )
    return now


def test_a_newer_link_takes_the_letter_with_the_older_one_back(desk, administrator, reachable) -> None:
    links.offer_password(desk(administrator), reachable.id, address)
    newer = links.offer_password(desk(administrator), reachable.id, address)
    assert address(newer) in letter(desk).letter.text


def test_the_agencys_own_address_goes_before_the_one_of_the_page(desk, administrator, reachable) -> None:
    at = desk(administrator)
    agency.save(at, replace(agency.get(at), site="https://audit.example"))
    token = links.offer_password(at, reachable.id, lambda token: f"http://forged.example/?key={token}")
    assert f"https://audit.example/new-password?key={token}\n" in letter(desk).letter.text
    assert "forged" not in letter(desk).letter.text


@pytest.mark.parametrize("change", [{"active": False}, {"email": "other@example.org"}, {"email": ""}])
def test_a_letter_that_waits_is_taken_back_when_its_person_changes(
    desk, administrator, reachable, change
) -> None:
    token = links.offer_password(desk(administrator), reachable.id, address)
    told = {"name": reachable.name, "role": "owner", "clinics": reachable.clinics, "active": True, **change}
    people.edit_person(desk(administrator), reachable.id, **told)
    assert desk().ledger.letters.newest(9) == ()
    with pytest.raises(NotFound):
        links.whose(desk(), token)


def test_a_password_chosen_by_hand_takes_the_letter_back(desk, administrator, reachable) -> None:
    token = links.offer_password(desk(administrator), reachable.id, address)
    links.choose_password(desk(), token, GOOD, HOME)
    assert letter(desk).letter.kind == people.CHANGED


# forgotten ----------------------------------------------------------------------------------------------------


def forgot(desk, login="olu"):
    """Ask as a stranger; gives the token of the letter that was written by it, or nothing."""
    before = {row.id for row in desk().ledger.letters.newest(99)}
    forgotten.ask(desk(), login, address)
    new = [row for row in desk().ledger.letters.newest(99) if row.id not in before]
    found = re.search(r"key=(\S+)", new[0].letter.text) if new else None
    return found[1] if found else ""


def test_a_forgotten_password_is_chosen_anew_by_a_letter_once(desk, reachable) -> None:
    before = enter(desk, "olu")
    token = forgot(desk, " OLU ")
    row = letter(desk)
    assert (row.letter.kind, row.letter.address) == (people.FORGOTTEN, "olu@example.org")
    assert row.letter.until == desk().now + forgotten.LASTS
    assert enter(desk, "olu")  # nothing changes before the link is used
    session = links.choose_password(desk(), token, GOOD, HOME)
    assert signing_in.person_of(desk(), session.token) == reachable
    assert signing_in.person_of(desk(), before.token) is None
    with pytest.raises(NotFound):
        links.choose_password(desk(), token, GOOD, HOME)
    told = letter(desk)  # the letter that waited is taken back; this one tells of the change
    assert told.letter.kind == people.CHANGED and token not in told.letter.text
    assert {"password.forgotten", "letter.written", "password.changed"} <= {*deeds(desk, reachable)}


def test_nobody_learns_who_is_here(desk, administrator, owner, inspector) -> None:
    """Unknown, without an address, switched off: nothing is said, and no letter goes."""
    people.switch(desk(administrator), owner.id, False)
    for login in ("nobody", "ines", "olu", "", "x" * 9999):
        assert forgot(desk, login) == ""
    assert (
        deeds(desk, inspector)[-1] == "password.forgotten"
    )  # an administrator who is asked sees why none came
    assert "password.forgotten" not in deeds(desk, owner)


def test_who_asks_in_anothers_name_floods_nobody_and_takes_nothing(
    desk, administrator, reachable, clock
) -> None:
    by_hand = links.offer_password(desk(administrator), reachable.id)
    tokens = [forgot(desk) for _ in range(forgotten.MOST_LETTERS)]
    assert all(tokens) and forgot(desk) == ""
    assert links.whose(desk(), by_hand) == links.whose(desk(), tokens[0]) == reachable
    enter(desk, "olu")  # and nobody is locked out
    clock.move(hours=1, minutes=1)
    with pytest.raises(NotFound):
        links.whose(desk(), tokens[0])
    newer = forgot(desk)
    links.choose_password(desk(), newer, GOOD, HOME)
    with pytest.raises(NotFound):
        links.whose(desk(), by_hand)


def test_one_network_asks_so_often_and_others_go_on(desk) -> None:
    for _ in range(forgotten.MOST_ASKED):
        forgotten.count(desk(), HOME)
    with pytest.raises(TooMany):
        forgotten.count(desk(), HOME)
    forgotten.count(desk(), AWAY)


@pytest.mark.parametrize("change", [{"active": False}, {"email": "other@example.org"}])
def test_a_link_that_was_asked_for_ends_with_the_address_it_went_to(
    desk, administrator, reachable, change
) -> None:
    token = forgot(desk)
    told = {"name": reachable.name, "role": "owner", "clinics": reachable.clinics, "active": True, **change}
    people.edit_person(desk(administrator), reachable.id, **told)
    with pytest.raises(NotFound):
        links.whose(desk(), token)
    assert desk().ledger.letters.newest(9) == ()


def test_the_ledger_holds_no_token_that_was_asked_for(desk, data, reachable) -> None:
    token = forgot(desk)
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert token.encode() not in kept


def test_a_password_changed_by_oneself_is_told_too(desk, administrator, reachable) -> None:
    people.change_password(desk(reachable), PASSWORD, GOOD, HOME)
    assert letter(desk).letter.kind == people.CHANGED and "olu" in letter(desk).letter.text
