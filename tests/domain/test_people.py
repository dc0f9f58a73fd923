"""Who may do what: an inspector, this clinic's owner, the owner of another clinic, an administrator, nobody."""

import pytest

from audit.domain.people import DEEDS, EVERY, ROLES, Person, may, reach

HERE, THERE = "clinic-here", "clinic-there"
ADMIN = Person("1", "ada", "Ada", "administrator")
INSPECTOR = Person("2", "ines", "Ines", "inspector")
OWNER = Person("3", "olga", "Olga", "owner", frozenset({HERE}))
OTHER = Person("4", "otto", "Otto", "owner", frozenset({THERE}))
HERSELF = "practitioner-here"
PRACTITIONER = Person(
    "5", "pia", "Pia", "practitioner", frozenset({HERE}), practitioners=frozenset({HERSELF})
)
PEOPLE = (ADMIN, INSPECTOR, OWNER, OTHER, PRACTITIONER)

# Who may do each deed at HERE, while a visit runs; what is about somebody, about HERSELF.
TABLE = {
    "agency.read": {ADMIN, INSPECTOR, OWNER, OTHER, PRACTITIONER},
    "agency.edit": {ADMIN},
    "person.list": {ADMIN},
    "person.add": {ADMIN},
    "person.edit": {ADMIN},
    "person.reset": {ADMIN},
    "person.export": {ADMIN},
    "clinic.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "clinic.read": {ADMIN, INSPECTOR, OWNER},
    "clinic.add": {ADMIN, INSPECTOR},
    "clinic.edit": {ADMIN, INSPECTOR},
    "practitioner.edit": {ADMIN, INSPECTOR, OWNER},
    "paper.read": {ADMIN, INSPECTOR, OWNER, PRACTITIONER},
    "paper.edit": {ADMIN, INSPECTOR, OWNER, PRACTITIONER},
    "paper.see": {INSPECTOR},
    "paper.own": {PRACTITIONER},
    "log.edit": {OWNER},
    "log.see": {INSPECTOR},
    "lot.search": {ADMIN, INSPECTOR},
    "recall.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "recall.read": {ADMIN, INSPECTOR, OWNER},
    "recall.make": {ADMIN, INSPECTOR},
    "recall.answer": {OWNER},
    "checklist.read": {ADMIN, INSPECTOR, OWNER, OTHER},
    "checklist.publish": {ADMIN},
    "visit.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "action.list": {ADMIN, INSPECTOR, OWNER, OTHER, PRACTITIONER},
    "closure.propose": {INSPECTOR},
    "closure.reopen": {INSPECTOR},
    "schedule.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "schedule.read": {ADMIN, INSPECTOR, OWNER},
    "schedule.plan": {ADMIN, INSPECTOR},
    "schedule.missed": {ADMIN, INSPECTOR},
    "programme.edit": {ADMIN, OWNER},
    "calendar.feed": {ADMIN, INSPECTOR, OWNER, OTHER},
    "inspection.start": {INSPECTOR},
    "inspection.read": {ADMIN, INSPECTOR},
    "inspection.write": {INSPECTOR},
    "inspection.seal": {INSPECTOR},
    "inspection.set-aside": {INSPECTOR},
    "inspection.amend": {INSPECTOR},
    "inspection.fix": {OWNER, PRACTITIONER},
    "inspection.accept": {INSPECTOR},
    "inspection.share": {INSPECTOR, OWNER},
    "inspection.history": {ADMIN, INSPECTOR},
    "self-audit.history": {OWNER},
    "self-audit.start": {OWNER},
    "self-audit.read": {OWNER},
    "self-audit.write": {OWNER},
    "self-audit.seal": {OWNER},
    "self-audit.set-aside": {OWNER},
    "self-audit.fix": {OWNER, PRACTITIONER},
    "self-audit.accept": {OWNER},
    "self-audit.share": {OWNER},
    "self-audit.disclose": {OWNER},
    "self-audit.read-disclosed": {ADMIN, INSPECTOR},
    "device.read": {ADMIN, INSPECTOR, OWNER, OTHER},
    "device.administer": {ADMIN},
    "letter.list": {ADMIN},
    "backup.make": {ADMIN},
    "seal-key.import": {ADMIN},
    "trail.read": {ADMIN},
    "reminder.own": {ADMIN, INSPECTOR, OWNER, OTHER, PRACTITIONER},
    "history.read": {ADMIN, INSPECTOR, OWNER},
    "card.decide": {ADMIN},
    "standing.read": {ADMIN, INSPECTOR},
    "retention.edit": {ADMIN},
    "retention.erase": {ADMIN},
    "inspection.hold": {ADMIN},
    "self-audit.hold": {OWNER},
}


def test_the_table_names_every_deed():
    assert set(TABLE) == set(DEEDS)
    assert {role for row in DEEDS.values() for role in row} == set(ROLES)


@pytest.mark.parametrize("deed", TABLE)
def test_who_may(deed):
    assert {person for person in PEOPLE if may(person, deed, HERE, False, HERSELF)} == TABLE[deed]


def test_an_owner_reads_an_inspection_once_it_is_sealed_and_another_owner_never():
    assert may(OWNER, "inspection.read", HERE, sealed=True)
    assert not may(OTHER, "inspection.read", HERE, sealed=True)


@pytest.mark.parametrize("deed", TABLE)
def test_nobody_and_those_who_left_may_nothing(deed):
    gone = [
        Person(person.id, person.login, person.name, person.role, person.clinics, False) for person in PEOPLE
    ]
    assert not any(may(person, deed, HERE) for person in [None, *gone])
    assert all(reach(person, deed) == frozenset() for person in [None, *gone])


@pytest.mark.parametrize("deed", ["", "clinic", "inspection.delete", "AGENCY.READ"])
def test_unknown_deeds_are_nobodys(deed):
    assert not any(may(person, deed, HERE) for person in PEOPLE)


@pytest.mark.parametrize(
    "deed", [deed for deed, who in TABLE.items() if PRACTITIONER in who and OWNER in who]
)
def test_a_practitioner_is_let_in_to_nobody_elses(deed):
    everywhere = DEEDS[deed]["practitioner"] == EVERY
    for clinic, whom in ((HERE, None), (HERE, "somebody-else"), (THERE, HERSELF), (None, HERSELF)):
        assert may(PRACTITIONER, deed, clinic, practitioner=whom) == everywhere


def test_an_own_deed_needs_a_clinic():
    assert not may(OWNER, "self-audit.read") and may(ADMIN, "person.add")


def test_an_unknown_role_may_nothing():
    assert not may(Person("6", "x", "X", "root", frozenset({HERE})), "clinic.read", HERE)


@pytest.mark.parametrize("deed", TABLE)
def test_reach_and_may_agree(deed):
    for person in PEOPLE:
        reached = reach(person, deed)
        for clinic in (HERE, THERE):
            assert may(person, deed, clinic) == (reached is None or clinic in reached)
