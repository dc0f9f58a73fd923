"""Clinics: found by what people remember of them, added once, changed by those who may."""

from dataclasses import replace

import pytest

from audit.domain.clinics import Clinic
from audit.domain.problems import BadInput, NotAllowed, NotFound
from audit.operations import clinics, inspections, sealing
from audit.operations.clinics import ClinicFields, Duplicate
from tests.operations import worlds

NEW = ClinicFields(
    "Ångström Ink", "5 Elm Row, Fresno", "us-ca", "P-55", "America/Los_Angeles", {"autoclave": "true"}
)


def create(desk, person, fields: ClinicFields = NEW, despite: bool = False) -> Clinic:
    made = clinics.create(desk(person), fields, despite)
    assert isinstance(made, Clinic)
    return made


def names(page: clinics.Page) -> list[str]:
    return [row.clinic.name for row in page.rows]


def test_create_works_and_is_noted(desk, inspector) -> None:
    made = create(desk, inspector)
    assert clinics.get(desk(inspector), made.id) == made
    assert made.profile == {"autoclave": True}
    (line,) = desk().ledger.trail.of(made.id)
    assert (line.deed, line.actor) == ("clinic.added", inspector.id)


@pytest.mark.parametrize("who", ["owner", "other_owner"])
def test_create_needs_role(desk, request, who: str) -> None:
    with pytest.raises(NotAllowed):
        clinics.create(desk(request.getfixturevalue(who)), NEW)


def test_all_faults_at_once(desk, inspector) -> None:
    bad = ClinicFields(
        "", "x" * 501, "California", "p" * 101, "Mars/Base", {"autoclave": "maybe", "no.such": "1"}
    )
    with pytest.raises(BadInput) as caught:
        clinics.create(desk(inspector), bad)
    assert {fault.place for fault in caught.value.faults} == {
        "name",
        "address",
        "jurisdiction",
        "permit",
        "time_zone",
        "profile.autoclave",
        "profile.no.such",
    }


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "/etc/localtime", "utc\x00", "America"])
def test_a_time_zone_is_one(desk, inspector, zone: str) -> None:
    with pytest.raises(BadInput, match="time zone"):
        clinics.create(desk(inspector), replace(NEW, time_zone=zone))


@pytest.mark.parametrize(
    "alike",
    [
        replace(NEW, permit="ba 1"),
        replace(NEW, name="MISSION  SCALP-STUDIO", permit=""),
        replace(NEW, address="1, Mission St San Francisco", permit=""),
    ],
    ids=["permit", "name", "address"],
)
def test_a_likely_duplicate_is_shown_before_saving(desk, inspector, clinic, alike: ClinicFields) -> None:
    found = clinics.create(desk(inspector), alike)
    assert found == Duplicate((clinic,))
    assert clinics.search(desk(inspector), "ÅNGSTRÖM").rows == ()
    assert create(desk, inspector, alike, despite=True)


def test_empty_fields_are_alike_to_nobody(desk, inspector) -> None:
    create(desk, inspector, replace(NEW, name="One", address="", permit=""))
    create(desk, inspector, replace(NEW, name="Two", address="", permit=""))


def test_edit_works_and_notes_what_changed(desk, inspector, clinic) -> None:
    fields = ClinicFields(
        "Mission Scalp",
        clinic.address,
        clinic.jurisdiction,
        clinic.permit,
        clinic.time_zone,
        {"autoclave": "no"},
    )
    changed = clinics.edit(desk(inspector), clinic.id, fields)
    assert changed == replace(clinic, name="Mission Scalp")
    (*_, line) = desk().ledger.trail.of(clinic.id)
    assert (line.deed, line.detail) == ("clinic.changed", {"fields": ["name"]})
    assert clinics.edit(desk(inspector), clinic.id, fields) == changed
    assert len(desk().ledger.trail.of(clinic.id)) == 1


def test_other_clinics_owner_sees_nothing(desk, other_owner, clinic) -> None:
    for deed in (
        lambda: clinics.get(desk(other_owner), clinic.id),
        lambda: clinics.edit(desk(other_owner), clinic.id, NEW),
        lambda: clinics.practitioners(desk(other_owner), clinic.id),
        lambda: clinics.add_practitioner(desk(other_owner), clinic.id, "Eve"),
        lambda: clinics.edit_practitioner(desk(other_owner), worlds.ANNA.id, "Eve", ""),
    ):
        with pytest.raises(NotFound):
            deed()
    assert names(clinics.search(desk(other_owner))) == ["Harbour Ink"]


def test_nobody_sees_nothing(desk, clinic) -> None:
    with pytest.raises(NotAllowed):
        clinics.search(desk())
    with pytest.raises(NotAllowed):
        clinics.get(desk(), clinic.id)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Harbour Ink", "Mission Scalp Studio"]),
        ("mission", ["Mission Scalp Studio"]),
        ("STUDIO francisco", ["Mission Scalp Studio"]),
        ("BA-2", ["Harbour Ink"]),
        ("mission harbour", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_search_finds_every_word(desk, inspector, text: str, found: list[str]) -> None:
    assert names(clinics.search(desk(inspector), text)) == found


def test_search_folds_case_of_every_alphabet(desk, inspector) -> None:
    create(desk, inspector)
    assert names(clinics.search(desk(inspector), "ÅNGSTRÖM")) == ["Ångström Ink"]


def test_pages_have_no_gaps_and_no_repeats(desk, inspector) -> None:
    for number in range(7):
        create(desk, inspector, replace(NEW, name="Same Name", permit=f"Q-{number}"), despite=True)
    seen: list[str] = []
    after = None
    while True:
        page = clinics.search(desk(inspector), "", after, limit=2)
        seen += [row.clinic.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_a_page_that_never_was_is_refused(desk, inspector, other_owner, clinic) -> None:
    for person, after in ((inspector, "no such clinic"), (other_owner, clinic.id)):
        with pytest.raises(BadInput):
            clinics.search(desk(person), "", after)


# what a row tells ---------------------------------------------------------------------------------------------


@pytest.fixture
def world(data) -> worlds.World:
    return worlds.World(data)


def test_a_row_tells_the_running_and_the_last_visit(world, desk, inspector, clinic) -> None:
    first = world.start()
    world.answer(first, worlds.COMPLETE)
    world.sign(first)
    sealing.seal(world.desk(), first.id)
    world.later(days=1)
    running = world.start()
    (row,) = clinics.search(world.desk(inspector), "mission").rows
    assert (row.last_result, str(row.last_on), row.open_findings) == ("uncorrected-critical", "2026-03-03", 1)
    assert row.running_id == running.id


def test_a_row_tells_nobody_of_what_is_not_theirs(world, inspector, owner, administrator) -> None:
    audit = world.start(owner)
    visit = world.start()
    running = {
        person.role: [row.running_id for row in clinics.search(world.desk(person), "mission").rows]
        for person in (inspector, owner, administrator)
    }
    assert running == {"inspector": [visit.id], "owner": [audit.id], "administrator": [visit.id]}
    inspections.set_aside(world.desk(owner), audit.id, "Began in the wrong clinic.")
    (row,) = clinics.search(world.desk(owner), "mission").rows
    assert row.running_id is None


# practitioners ------------------------------------------------------------------------------------------------


def test_practitioners_come_and_go(desk, owner, clinic) -> None:
    added = clinics.add_practitioner(desk(owner), clinic.id, " Cleo Fine ", "artist")
    assert added in clinics.practitioners(desk(owner), clinic.id)
    left = clinics.edit_practitioner(desk(owner), added.id, "Cleo Fine", "artist", active=False)
    assert left in clinics.practitioners(desk(owner), clinic.id)
    assert [line.deed for line in desk().ledger.trail.of(added.id)] == [
        "practitioner.added",
        "practitioner.changed",
    ]


@pytest.mark.parametrize(("name", "title"), [("", ""), (" ", ""), ("x" * 201, ""), ("Eve", "x" * 201)])
def test_practitioners_need_a_name(desk, owner, clinic, name: str, title: str) -> None:
    with pytest.raises(BadInput):
        clinics.add_practitioner(desk(owner), clinic.id, name, title)


def test_unknown_things_are_not_found(desk, inspector) -> None:
    with pytest.raises(NotFound):
        clinics.get(desk(inspector), "nowhere")
    with pytest.raises(NotFound):
        clinics.edit_practitioner(desk(inspector), "nobody", "Eve", "")


def test_owners_do_not_choose_the_rules_of_their_own_inspection(desk, owner, clinic) -> None:
    fields = ClinicFields(clinic.name, clinic.address, "us", clinic.permit, clinic.time_zone, {})
    with pytest.raises(NotAllowed):
        clinics.edit(desk(owner), clinic.id, fields)
