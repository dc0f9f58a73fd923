"""People and their passwords: which are taken, who may add and change whom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, TooMany
from audit.operations import desk as desks
from audit.operations import people, signing_in
from audit.store.ledger import Entry
from tests.operations import worlds
from tests.operations.conftest import PASSWORD
from tests.operations.entering import GOOD, HOME, deeds, enter

# passwords ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        "fourteen chars",
        "x" * 129,
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345",
        "abcdefghijklmnopq",
        "qwertyuiopasdfgh",
        "passwordpassword",
        "Password2026Password",
        "clinic-audit-2026",
        "ClinicAudit ClinicAudit",
        "Ines Field Ines",
        "bay county health 1",
        " " * 20,
    ],
)
def test_passwords_easy_to_guess_are_refused(desk, inspector, bad: str) -> None:
    enter(desk)
    with pytest.raises(BadInput) as caught:
        people.change_password(desk(inspector), PASSWORD, bad)
    assert [fault.place for fault in caught.value.faults] == ["new"]


@pytest.mark.parametrize(
    "good", [GOOD, "vier unabhängige Wörter ja", "x8Kd!2mQz0pLw7v", "水と火と土と風と木と金と月と日と星"]
)
def test_other_passwords_are_taken_as_typed(desk, inspector, good: str) -> None:
    people.change_password(desk(inspector), PASSWORD, good)
    assert enter(desk, password=good)


def test_a_long_password_counts_to_its_end(desk, inspector) -> None:
    good = "x8Kd!2mQz0pLw7v" * 8 + "12345678"
    people.change_password(desk(inspector), PASSWORD, good)
    with pytest.raises(NotAllowed):
        enter(desk, password=good[:-1])
    assert enter(desk, password=good)


def test_the_same_letters_from_another_keyboard_fit(desk, inspector) -> None:
    people.change_password(desk(inspector), PASSWORD, "dre\u0308i Schwa\u0308ne ziehen fort")
    assert enter(desk, password="dr\u00ebi Schw\u00e4ne ziehen fort")


def test_a_new_password_ends_all_sessions_and_begins_one(desk, inspector) -> None:
    old = enter(desk)
    new = people.change_password(desk(inspector), PASSWORD, GOOD, HOME)
    assert signing_in.person_of(desk(), old.token) is None
    assert signing_in.person_of(desk(), new.token) == inspector
    assert "password.changed" in deeds(desk, inspector)


def test_the_old_password_must_be_right_and_cannot_be_guessed(desk, inspector) -> None:
    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(BadInput) as caught:
            people.change_password(desk(inspector), "wrong", GOOD, HOME)
        assert caught.value.faults[0].place == "old"
    with pytest.raises(TooMany):
        people.change_password(desk(inspector), PASSWORD, GOOD, HOME)


def test_change_password_needs_sign_in(desk) -> None:
    with pytest.raises(NotAllowed):
        people.change_password(desk(), PASSWORD, GOOD)


def test_a_forgotten_password_is_set_by_an_administrator(desk, administrator, owner) -> None:
    token = enter(desk, owner.login).token
    people.set_password(desk(administrator), owner.id, GOOD)
    assert signing_in.person_of(desk(), token) is None
    assert enter(desk, owner.login, GOOD)


def test_set_password_needs_role(desk, inspector, owner) -> None:
    with pytest.raises(NotAllowed):
        people.set_password(desk(inspector), owner.id, GOOD)


# people -------------------------------------------------------------------------------------------------------


def test_add_person_works(desk, administrator, clinic) -> None:
    added = people.add_person(
        desk(administrator), " Nora@Example.org ", "Nora New", "owner", GOOD, [clinic.id]
    )
    assert added.login == "nora@example.org"
    assert enter(desk, "nora@example.org", GOOD).person == added
    assert people.get(desk(administrator), added.id) == added
    (line, *_) = desk().ledger.trail.of(added.id)
    assert (line.deed, line.actor) == ("person.added", administrator.id)
    assert "Nora" not in str(line.detail)


@pytest.mark.parametrize("who", ["inspector", "owner"])
def test_add_person_needs_role(desk, request, who: str) -> None:
    with pytest.raises(NotAllowed):
        people.add_person(desk(request.getfixturevalue(who)), "nora", "Nora New", "owner", GOOD)
    with pytest.raises(NotAllowed):
        people.list_people(desk(request.getfixturevalue(who)))


def test_all_faults_of_a_new_person_at_once(desk, administrator) -> None:
    with pytest.raises(BadInput) as caught:
        people.add_person(desk(administrator), "a b", "", "king", "short", ["nowhere"])
    assert {fault.place for fault in caught.value.faults} == {"login", "name", "role", "password", "clinics"}


def test_a_login_is_taken_once(desk, administrator) -> None:
    with pytest.raises(BadInput, match="already"):
        people.add_person(desk(administrator), "INES", "Another Ines", "inspector", GOOD)


def test_only_owners_answer_for_clinics(desk, administrator, clinic) -> None:
    with pytest.raises(BadInput, match="Only owners"):
        people.add_person(desk(administrator), "nora", "Nora New", "inspector", GOOD, [clinic.id])


def test_a_change_of_rights_ends_sessions_a_change_of_name_does_not(desk, administrator, owner) -> None:
    token = enter(desk, owner.login).token
    people.edit_person(desk(administrator), owner.id, "Olu Renamed", "owner", owner.clinics, active=True)
    assert signing_in.person_of(desk(), token) == replace(owner, name="Olu Renamed")
    people.edit_person(desk(administrator), owner.id, "Olu Renamed", "inspector", (), active=True)
    assert signing_in.person_of(desk(), token) is None


def test_the_last_administrator_stays(desk, administrator) -> None:
    for role, active in (("inspector", True), ("administrator", False)):
        with pytest.raises(NotNow):
            people.edit_person(desk(administrator), administrator.id, "Ada", role, (), active)
    assert people.get(desk(administrator), administrator.id) == administrator


def test_of_two_administrators_one_may_go(desk, administrator) -> None:
    second = people.add_person(desk(administrator), "bea", "Bea Moor", "administrator", GOOD)
    assert not people.switch(desk(administrator), second.id, False).active
    with pytest.raises(NotNow, match="Nobody would be left"):
        people.switch(desk(administrator), administrator.id, False)


def test_switched_off_means_out_at_once_and_on_means_in_again(desk, administrator, owner) -> None:
    token = enter(desk, owner.login).token
    people.switch(desk(administrator), owner.id, False)
    assert signing_in.person_of(desk(), token) is None
    with pytest.raises(NotAllowed):
        enter(desk, owner.login)
    people.switch(desk(administrator), owner.id, True)
    assert signing_in.person_of(desk(), token) is None  # what was ended stays ended
    assert enter(desk, owner.login)
    assert deeds(desk, owner).count("person.changed") == 2


def test_a_login_can_be_changed_to_a_free_one(desk, administrator, owner) -> None:
    def edit(login: str):
        return people.edit_person(
            desk(administrator), owner.id, owner.name, owner.role, owner.clinics, True, login
        )

    with pytest.raises(BadInput, match="already"):
        edit("INES")
    with pytest.raises(BadInput, match="letters"):
        edit("o lu")
    session = enter(desk, owner.login)
    assert edit(" Olu@Example.org ").login == "olu@example.org"
    assert enter(desk, "olu@example.org")
    assert signing_in.person_of(desk(), session.token) is not None  # a new name at the door ends nothing
    assert "olu@" not in str(desk().ledger.trail.of(owner.id)[-1].detail)  # names stay out of the trail


def test_saving_nothing_new_tells_nothing(desk, administrator, owner) -> None:
    before = deeds(desk, owner)
    people.edit_person(
        desk(administrator), owner.id, owner.name, owner.role, owner.clinics, True, owner.login
    )
    assert deeds(desk, owner) == before


@pytest.mark.parametrize("who", ["inspector", "owner", "other_owner"])
def test_only_administrators_change_and_switch_people(desk, request, owner, who: str) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        people.switch(desk(actor), owner.id, False)
    with pytest.raises(NotAllowed):
        people.edit_person(desk(actor), owner.id, "Olu", "administrator", (), True)


def test_the_first_administrator_needs_nobody(tmp_path) -> None:
    desks.bring_up_to_date(tmp_path, worlds.NOW)
    empty = desks.open_desk(tmp_path, None, worlds.NOW)
    assert people.nobody_yet(empty)
    first = people.first_administrator(empty, "ada", "Ada Lind", GOOD)
    assert first.role == "administrator"
    with pytest.raises(NotNow):
        people.first_administrator(empty, "eve", "Eve Late", GOOD)
    desks.close(tmp_path)


def test_by_login_is_for_commands(desk, inspector) -> None:
    assert people.by_login(desk(), "Ines") == inspector
    with pytest.raises(NotFound):
        people.by_login(desk(), "nobody")


# practitioners ------------------------------------------------------------------------------------------------


def test_a_practitioner_is_somebody_in_a_clinic(desk, administrator, clinic) -> None:
    added = people.add_person(
        desk(administrator), "bo", "Bo Li", "practitioner", GOOD, practitioners=[worlds.BO.id]
    )
    assert added.clinics == {clinic.id}
    assert enter(desk, "bo", GOOD).person == added == people.get(desk(administrator), added.id)
    (line, *_) = desk().ledger.trail.of(added.id)
    assert line.detail["practitioners"] == [worlds.BO.id]


@pytest.mark.parametrize(
    ("role", "works", "words"),
    [
        ("practitioner", [], "Choose who"),
        ("practitioner", ["nobody"], "that are here"),
        ("practitioner", [worlds.ANNA.id, worlds.BO.id], "one practitioner in each"),
        ("owner", [worlds.ANNA.id], "Only somebody"),
    ],
)
def test_who_a_practitioner_is_has_rules(desk, administrator, role, works, words) -> None:
    with pytest.raises(BadInput, match=words):
        people.add_person(desk(administrator), "bo", "Bo Li", role, GOOD, practitioners=works)


def test_an_address_for_letters_has_rules_and_ends_no_session(desk, administrator, owner) -> None:
    def change(email: str):
        told = (owner.name, "owner", owner.clinics, True)
        return people.edit_person(desk(administrator), owner.id, *told, email=email)

    session = enter(desk, "olu")
    assert change(" olu@example.org ").email == "olu@example.org"
    assert signing_in.person_of(desk(), session.token) is not None
    with pytest.raises(BadInput, match="e-mail"):
        change("olu@example.org\r\nBcc: all@example.org")
    assert "olu@example.org" not in str([line.detail for line in desk().ledger.trail.newest()])


# clinics change hands -----------------------------------------------------------------------------------------


def test_clinics_go_from_one_owner_to_another_at_once(
    desk, administrator, owner, other_owner, clinic
) -> None:
    sessions = [enter(desk, "olu"), enter(desk, "una")]
    people.hand_over(desk(administrator), owner.id, other_owner.id, [clinic.id])
    shelf = desk().ledger.people
    assert shelf.get(owner.id).clinics == frozenset()
    assert shelf.get(other_owner.id).clinics == {clinic.id, *other_owner.clinics}
    assert [signing_in.person_of(desk(), one.token) for one in sessions] == [None, None]
    line = desk().ledger.trail.of(clinic.id)[-1]
    assert (line.deed, dict(line.detail)) == (
        "clinic.handed-over",
        {"from": owner.id, "to": other_owner.id},
    )


@dataclass(frozen=True)
class Late(desks.Desk):
    """A desk that somebody else is quicker than: they write before it does."""

    first: Callable[[], object] = lambda: None

    @contextmanager
    def entry(self) -> Iterator[Entry]:
        self.first()
        with super().entry() as entry:
            yield entry


def test_what_changed_meanwhile_is_not_written_over(desk, administrator, owner, other_owner, clinic) -> None:
    at = desk(administrator)

    def late(first: Callable[[], object]) -> Late:
        return Late(at.ledger, at.actor, at.now, at.data, first)

    slow = late(lambda: people.hand_over(at, owner.id, other_owner.id, [clinic.id]))
    assert not people.switch(slow, owner.id, False).clinics
    slow = late(
        lambda: people.edit_person(at, owner.id, "Olu B.", "owner", [], True, email="olu@example.org")
    )
    assert people.edit_person(slow, owner.id, "Olu B.", "owner", [], True).email == "olu@example.org"
    slow = late(lambda: people.switch(at, owner.id, False))
    with pytest.raises(BadInput, match="another owner"):
        people.hand_over(slow, other_owner.id, owner.id, [clinic.id])
    assert clinic.id in at.ledger.people.get(other_owner.id).clinics


def test_only_ones_own_clinics_go_and_only_to_another_owner(
    desk, administrator, owner, other_owner, inspector, clinic, other_clinic
) -> None:
    for to, places in (
        (other_owner.id, [other_clinic.id]),
        (other_owner.id, []),
        (inspector.id, [clinic.id]),
        (owner.id, [clinic.id]),
        ("nobody", [clinic.id]),
    ):
        with pytest.raises(BadInput):
            people.hand_over(desk(administrator), owner.id, to, places)
    with pytest.raises(NotAllowed):
        people.hand_over(desk(owner), owner.id, other_owner.id, [clinic.id])
    assert desk().ledger.people.get(owner.id) == owner
