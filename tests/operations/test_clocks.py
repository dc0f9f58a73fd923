"""The clocks of a clinic: by its log, by the last inspection, by the pack's interval and its own."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit.domain.answers import Key, Raw
from audit.domain.clocks import LOGGED, NEVER, OVERDUE, RUNNING, SEEN
from audit.domain.problems import BadInput, NotAllowed, NotFound
from audit.operations import clocks, inspections, photos, sealing
from audit.operations.clocks import EntryFields
from tests.operations import papering, worlds
from tests.operations.papering import TODAY
from tests.operations.worlds import ANNA, BO, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

SHARPS = "sharps-pick-up"
READ: dict[Key, Raw] = {
    ("permit.facility-expiry", None): Raw(values={"date": "2026-12-31"}),
    ("sharps.disposal", None): Raw(values={"date": "2026-02-20"}),
    ("needles.traceable", None): Raw(mark="IN"),
    **{
        (key, person.id): raw
        for person in (ANNA, BO)
        for key, raw in {
            "licence.practitioner-displayed": Raw(mark="IN")
            if person is ANNA
            else Raw(mark="OUT", note="Nothing hangs at the station."),
            "licence.practitioner-expiry": Raw(values={"date": "2026-12-31"}),
            "training.bbp-current": Raw(values={"date": "2026-01-31"}),
            "health.hepb-status": Raw(mark="IN"),
            "training.smp-specific": Raw(mark="IN"),
        }.items()
    },
}


@pytest.fixture
def world(tmp_path):
    return papering.make(tmp_path / "data")


def face(world, person=OWNER):
    return {one.clock.kind: one for one in clocks.face(world.desk(person), MISSION.id).clocks}


def log(world, days_ago=0, kind=SHARPS, **how):
    day = TODAY - timedelta(days=days_ago)
    return clocks.log(world.desk(OWNER), MISSION.id, EntryFields(kind, day, how.pop("note", "")), **how)


def inspect(world):
    visit = answered(world, world.start())
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    return visit


def answered(world, visit):
    """Everything is answered as it should be, but for a licence that is not displayed and what ``COMPLETE`` finds."""
    asked = {entry.key for entry in inspections.open_visit(world.desk(), visit.id).journey.entries()}
    raws = worlds.COMPLETE | READ
    assert asked <= set(raws), asked - set(raws)
    world.answer(visit, {key: raw for key, raw in raws.items() if key in asked})
    return visit


def test_a_clinic_has_the_clocks_its_checklist_asks_for(world):
    assert set(face(world)) == {SHARPS}, "it has no autoclave, and nothing asks for the others"
    assert face(world)[SHARPS].clock.state == NEVER
    with world.desk().entry() as entry:
        entry.clinics.change(replace(MISSION, profile={}))
        entry.note("clinic.changed", MISSION.id)
    assert set(face(world)) == {SHARPS, "spore-test"}, "what nobody stated stays asked"


def test_the_last_time_comes_from_the_log_or_the_inspection_whichever_is_later(world):
    log(world, 40)
    assert face(world)[SHARPS].clock.state == OVERDUE
    inspect(world)
    found = face(world)[SHARPS].clock
    assert (found.last.on, found.last.source, found.due) == (date(2026, 2, 20), SEEN, date(2026, 3, 20))
    log(world, 1)
    found = face(world)[SHARPS].clock
    assert (found.last.source, found.state) == (LOGGED, RUNNING)


def test_pressed_twice_is_logged_once_and_a_mistake_is_taken_back(world):
    number = str(uuid4())
    assert log(world, entry_id=number) == log(world, entry_id=number)
    assert len(face(world)[SHARPS].entries) == 1
    clocks.take_back(world.desk(OWNER), number)
    assert face(world)[SHARPS].clock.state == NEVER
    with pytest.raises(NotFound):
        clocks.take_back(world.desk(OWNER), number)


def test_the_photo_of_a_slip_is_shown_to_those_who_read_the_log(world):
    kept = log(world, photo=worlds.jpeg(77), note="Picked up, 2 boxes")
    assert photos.path(world.desk(INSPECTOR_PERSON), kept.photo, "thumb").is_file()
    with pytest.raises(NotFound):
        photos.path(world.desk(OTHER_OWNER), kept.photo, "thumb")
    with pytest.raises(BadInput, match="This is a PDF"):
        log(world, photo=b"%PDF-1.4")


def test_an_interval_of_the_clinic_counts_where_it_is_the_shorter_one(world):
    log(world, 10)
    clocks.keep_to(world.desk(OWNER), MISSION.id, SHARPS, 7)
    assert face(world)[SHARPS].clock.state == OVERDUE
    clocks.keep_to(world.desk(OWNER), MISSION.id, SHARPS, 300)
    assert face(world)[SHARPS].clock.state == RUNNING
    clocks.keep_to(world.desk(OWNER), MISSION.id, SHARPS, None)
    assert face(world)[SHARPS].own_days is None
    for kind, days in ((SHARPS, 0), (SHARPS, 4000), ("dusting", 7)):
        with pytest.raises(BadInput):
            clocks.keep_to(world.desk(OWNER), MISSION.id, kind, days)


def test_a_log_is_written_by_nobody_from_elsewhere(world):
    kept = log(world)
    with pytest.raises(NotAllowed):
        clocks.log(world.desk(worlds.ADMINISTRATOR), MISSION.id, EntryFields(SHARPS, TODAY))
    with pytest.raises(NotFound, match="clinic"):
        clocks.log(world.desk(OTHER_OWNER), MISSION.id, EntryFields(SHARPS, TODAY))
    for missing in (kept.id, str(uuid4())):
        with pytest.raises(NotFound, match="nothing of that kind"):
            clocks.take_back(world.desk(OTHER_OWNER), missing)
    with pytest.raises(BadInput, match="not come yet"):
        log(world, -1)


def test_without_a_checklist_there_is_no_clock(world):
    with world.desk().entry() as entry:
        entry.clinics.change(replace(MISSION, jurisdiction="zz"))
        entry.note("clinic.changed", MISSION.id)
    assert face(world) == {}


def test_the_agency_enters_what_it_saw_and_that_stays_its_own(world):
    log(world, 20)
    report = EntryFields(SHARPS, TODAY - timedelta(days=3), "Report of the hauler, shown to us.")
    seen = clocks.log(world.desk(INSPECTOR_PERSON), MISSION.id, report)
    last = face(world)[SHARPS].clock.last
    assert (last.on, last.source) == (TODAY - timedelta(days=3), SEEN)
    assert [(entry.seen, name) for entry, name in face(world)[SHARPS].entries] == [
        (True, INSPECTOR_PERSON.name),
        (False, OWNER.name),
    ]
    with pytest.raises(NotAllowed):
        clocks.take_back(world.desk(OWNER), seen.id)
    own = log(world, 1)
    with pytest.raises(NotAllowed):
        clocks.take_back(world.desk(INSPECTOR_PERSON), own.id)
    with pytest.raises(NotAllowed):
        clocks.log(world.desk(worlds.ADMINISTRATOR), MISSION.id, report)
    clocks.take_back(world.desk(INSPECTOR_PERSON), seen.id)
    assert face(world)[SHARPS].clock.last.source == LOGGED
