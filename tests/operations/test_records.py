"""The newest record of a clinic and its results over time, for those who may read them."""

from datetime import timedelta
from pathlib import Path

import pytest

from audit.domain.answers import Raw
from audit.domain.people import Person
from audit.domain.problems import NotAllowed, NotFound, NotNow
from audit.operations import records, sealing
from audit.operations.desk import Desk
from tests.operations import worlds
from tests.operations.worlds import (
    ADMINISTRATOR,
    COMPLETE,
    HARBOUR,
    INSPECTOR_PERSON,
    MISSION,
    OTHER_OWNER,
    OWNER,
)

LAST = ("records.last", None)


@pytest.fixture
def world(tmp_path: Path) -> worlds.World:
    return worlds.make(tmp_path)


def seal(world: worlds.World, person: Person = INSPECTOR_PERSON) -> str:
    visit = world.start(person)
    asked = (
        COMPLETE if not records.latest(world.desk(person), MISSION.id) else COMPLETE | {LAST: Raw(mark="IN")}
    )
    if person is OWNER:
        asked = COMPLETE | {LAST: Raw(mark="IN")}
    world.answer(visit, asked, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    world.now += timedelta(days=30)
    return visit.id


def test_the_newest_of_what_one_may_read(world):
    assert records.latest(world.desk(), MISSION.id) is None
    first = seal(world)
    second = seal(world)
    own = seal(world, OWNER)
    for person in (INSPECTOR_PERSON, ADMINISTRATOR):
        found = records.latest(world.desk(person), MISSION.id)
        assert found and (found.visit_id, found.kind) == (second, "inspection")
        assert found.sealed.document["id"] == second and found.checklist.has("permit.expiry")
    found = records.latest(world.desk(OWNER), MISSION.id)
    assert found and (found.visit_id, found.kind) == (own, "self-audit")
    found = records.latest(world.desk(OWNER), MISSION.id, ("inspection",))
    assert found and found.visit_id == second
    assert records.latest(world.desk(), MISSION.id, ("self-audit",)) is None
    assert first != second


def test_a_trend_runs_from_old_to_new_and_hides_self_audits_from_the_agency(world):
    visits = [seal(world), seal(world)]
    own = seal(world, OWNER)
    points = records.trend(world.desk(), MISSION.id)
    assert [point.visit_id for point in points] == visits
    assert [point.on for point in points] == sorted(point.on for point in points)
    assert points[0].status == "uncorrected-critical" and points[0].score == 940
    assert (points[0].findings, points[0].open_findings) == (2, 1)
    for person in (INSPECTOR_PERSON, ADMINISTRATOR):
        assert records.trend(world.desk(person), MISSION.id, "self-audit") == ()
    assert [point.visit_id for point in records.trend(world.desk(OWNER), MISSION.id, "self-audit")] == [own]
    assert [point.visit_id for point in records.trend(world.desk(OWNER), MISSION.id, at_most=1)] == visits[1:]
    assert records.trend(world.desk(), HARBOUR.id) == ()


def test_somebody_elses_clinic_is_not_there(world):
    seal(world)
    for deed in (records.latest, records.trend):
        with pytest.raises(NotFound):
            deed(world.desk(OTHER_OWNER), MISSION.id)
        nobody = Desk(world.desk().ledger, None, world.now, world.data)
        with pytest.raises(NotAllowed):
            deed(nobody, MISSION.id)


def test_a_running_visit_has_no_record(world):
    visit = world.start()
    with pytest.raises(NotNow):
        records.sealed(world.desk(), visit.id)
