"""Who may do what: an inspector, this clinic's owner, the owner of another clinic, an administrator, nobody."""

import pytest

from audit.domain.people import DEEDS, ROLES, Person, may, reach

HERE, THERE = "clinic-here", "clinic-there"
ADMIN = Person("1", "ada", "Ada", "administrator")
INSPECTOR = Person("2", "ines", "Ines", "inspector")
OWNER = Person("3", "olga", "Olga", "owner", frozenset({HERE}))
OTHER = Person("4", "otto", "Otto", "owner", frozenset({THERE}))
PEOPLE = (ADMIN, INSPECTOR, OWNER, OTHER)

# Who may do each deed at HERE, while a visit runs.
TABLE = {
    "agency.read": {ADMIN, INSPECTOR, OWNER, OTHER},
    "agency.edit": {ADMIN},
    "person.list": {ADMIN},
    "person.add": {ADMIN},
    "person.edit": {ADMIN},
    "person.reset": {ADMIN},
    "clinic.read": {ADMIN, INSPECTOR, OWNER},
    "clinic.add": {ADMIN, INSPECTOR},
    "clinic.edit": {ADMIN, INSPECTOR},
    "practitioner.edit": {ADMIN, INSPECTOR, OWNER},
    "checklist.read": {ADMIN, INSPECTOR, OWNER, OTHER},
    "checklist.publish": {ADMIN},
    "visit.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "action.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "schedule.list": {ADMIN, INSPECTOR, OWNER, OTHER},
    "schedule.read": {ADMIN, INSPECTOR, OWNER},
    "schedule.plan": {ADMIN, INSPECTOR},
    "programme.edit": {ADMIN, OWNER},
    "calendar.feed": {ADMIN, INSPECTOR, OWNER, OTHER},
    "inspection.start": {INSPECTOR},
    "inspection.read": {ADMIN, INSPECTOR},
    "inspection.write": {INSPECTOR},
    "inspection.seal": {INSPECTOR},
    "inspection.set-aside": {INSPECTOR},
    "inspection.amend": {INSPECTOR},
    "inspection.fix": {OWNER},
    "inspection.accept": {INSPECTOR},
    "inspection.share": {INSPECTOR, OWNER},
    "self-audit.start": {OWNER},
    "self-audit.read": {OWNER},
    "self-audit.write": {OWNER},
    "self-audit.seal": {OWNER},
    "self-audit.set-aside": {OWNER},
    "self-audit.fix": {OWNER},
    "self-audit.accept": {OWNER},
    "self-audit.share": {OWNER},
    "device.read": {ADMIN, INSPECTOR, OWNER, OTHER},
    "device.administer": {ADMIN},
    "backup.make": {ADMIN},
    "seal-key.import": {ADMIN},
    "trail.read": {ADMIN},
}


def test_the_table_names_every_deed():
    assert set(TABLE) == set(DEEDS)
    assert {role for row in DEEDS.values() for role in row} == set(ROLES)


@pytest.mark.parametrize("deed", TABLE)
def test_who_may(deed):
    assert {person for person in PEOPLE if may(person, deed, HERE, sealed=False)} == TABLE[deed]


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


def test_an_own_deed_needs_a_clinic():
    assert not may(OWNER, "self-audit.read") and may(ADMIN, "person.add")


def test_an_unknown_role_may_nothing():
    assert not may(Person("5", "x", "X", "root", frozenset({HERE})), "clinic.read", HERE)


@pytest.mark.parametrize("deed", TABLE)
def test_reach_and_may_agree(deed):
    for person in PEOPLE:
        reached = reach(person, deed)
        for clinic in (HERE, THERE):
            assert may(person, deed, clinic) == (reached is None or clinic in reached)
