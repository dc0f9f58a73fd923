"""A self-audit belongs to its clinic: the agency reads one only while the clinic shows it, and writes in none."""

import pytest

from audit.domain.answers import Raw
from audit.domain.changes import PHOTO_LINK, Change
from audit.domain.problems import NotAllowed, NotFound, NotNow
from audit.operations import (
    actions,
    answers,
    clinics,
    disclosing,
    exchange,
    inspections,
    photos,
    records,
    reports,
    sealing,
    takeaway,
)
from audit.operations.inspections import VisitFilter
from tests.operations import worlds

KEY = ("needles.single-use", None)
AGENCY = [worlds.ADMINISTRATOR, worlds.INSPECTOR_PERSON]


@pytest.fixture
def world(data) -> worlds.World:
    return worlds.World(data)


@pytest.fixture
def audits(world) -> tuple[str, str]:
    """Two sealed self-audits of the same clinic: the first is shown to the agency."""
    first, second = sealed(world), sealed(world, Raw(mark="IN"))
    disclosing.disclose(world.desk(worlds.OWNER), first)
    return first, second


def sealed(world, last=None) -> str:
    visit = world.start(worlds.OWNER)
    world.answer(visit, worlds.COMPLETE | ({("records.last", None): last} if last else {}), worlds.OWNER)
    world.sign(visit, worlds.OWNER)
    sealing.seal(world.desk(worlds.OWNER), visit.id)
    return visit.id


@pytest.mark.parametrize("person", AGENCY)
def test_what_is_shown_is_read_in_every_form(world, audits, person) -> None:
    at, (shown, kept) = world.desk(person), audits
    assert inspections.open_visit(at, shown).inspection.id == shown
    assert records.sealed(at, shown).document["id"] == shown
    assert reports.report(at, shown, "record")
    assert takeaway.whole(at, shown).visit.inspection.id == shown
    for read in (inspections.open_visit, records.sealed, records.standing, takeaway.whole):
        with pytest.raises(NotFound):
            read(at, kept)
    with pytest.raises(NotFound):
        reports.report(at, kept, "record")


@pytest.mark.parametrize("person", AGENCY)
def test_lists_tell_what_one_says_and_of_the_other_that_it_was_made(world, audits, person) -> None:
    rows = {row.id: row for row in inspections.visits(world.desk(person), VisitFilter()).rows}
    shown, kept = (rows[one] for one in audits)
    assert shown.readable and shown.status
    assert not kept.readable and kept.status is None and kept.score is None and kept.findings is None
    assert kept.inspected_on


@pytest.mark.parametrize("person", AGENCY)
def test_nothing_else_of_the_clinics_own_comes_along(world, audits, person) -> None:
    at = world.desk(person)
    assert actions.find(at, actions.Wanted()).rows == ()
    assert actions.of_visit(at, audits[0]) == ()
    assert records.trend(at, worlds.MISSION.id, "self-audit") == ()
    assert records.latest(at, worlds.MISSION.id) is None
    assert clinics.row_of(at, worlds.MISSION).last is None


@pytest.mark.parametrize("person", AGENCY)
def test_nobody_of_the_agency_decides_or_writes(world, audits, person) -> None:
    at = world.desk(person)
    for deed in (disclosing.withdraw, disclosing.disclose):
        with pytest.raises(NotAllowed):
            deed(at, audits[0])
        with pytest.raises(NotFound):
            deed(at, audits[1])
    with pytest.raises((NotAllowed, NotNow)):
        inspections.writable(at, audits[0])


def test_photos_go_with_it(world) -> None:
    visit = world.start(worlds.OWNER)
    photo = photos.accept(world.desk(worlds.OWNER), visit.id, worlds.jpeg(40))
    value = {"sha256": photo.sha256, "caption": "", "marks": []}
    link = Change("d0d0d0d0-0000-4000-8000-000000000001", PHOTO_LINK, *KEY, 0, value, "page")
    answers.take_in(world.desk(worlds.OWNER), visit.id, [link])
    world.answer(visit, worlds.COMPLETE, worlds.OWNER)
    world.sign(visit, worlds.OWNER)
    sealing.seal(world.desk(worlds.OWNER), visit.id)
    inspector = world.desk(worlds.INSPECTOR_PERSON)
    with pytest.raises(NotFound):
        photos.path(inspector, photo.sha256, "thumb")
    disclosing.disclose(world.desk(worlds.OWNER), visit.id)
    assert photos.path(inspector, photo.sha256, "thumb").is_file()
    disclosing.withdraw(world.desk(worlds.OWNER), visit.id)
    with pytest.raises(NotFound):
        photos.path(inspector, photo.sha256, "thumb")


def test_showing_ends_and_the_trail_knows_both(world, audits) -> None:
    owner, (shown, _) = world.desk(worlds.OWNER), audits
    disclosing.disclose(owner, shown)  # once more is nothing new
    disclosing.withdraw(owner, shown)
    disclosing.withdraw(owner, shown)
    with pytest.raises(NotFound):
        inspections.open_visit(world.desk(), shown)
    told = [
        line.deed
        for line in owner.ledger.trail.of(shown)
        if "disclosed" in line.deed or "withdrawn" in line.deed
    ]
    assert told == ["self-audit.disclosed", "self-audit.withdrawn"]


def test_only_what_is_sealed_and_ones_own_is_shown(world, audits) -> None:
    running = world.start(worlds.OWNER)
    with pytest.raises(NotNow):
        disclosing.disclose(world.desk(worlds.OWNER), running.id)
    for person, problem in (
        (worlds.OTHER_OWNER, NotFound),
        (worlds.PRACTITIONER, NotFound),
        (None, NotFound),
    ):
        with pytest.raises(problem):
            disclosing.disclose(world.desk(person), audits[1])


@pytest.mark.parametrize("person", [worlds.OTHER_OWNER, worlds.PRACTITIONER, None])
def test_what_the_agency_is_shown_others_are_not(world, audits, person) -> None:
    with pytest.raises(NotFound):
        inspections.open_visit(world.desk(person), audits[0])


def test_only_what_was_shown_is_exported(world, audits, tmp_path) -> None:
    at = world.desk(worlds.ADMINISTRATOR)
    assert exchange.export(at, audits[0], tmp_path / "shown").exists()
    with pytest.raises(NotFound):
        exchange.export(at, audits[1], tmp_path / "kept")
