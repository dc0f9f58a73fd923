"""The log of lots, and the look-up when a recall comes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit.domain.problems import BadInput, NotAllowed, NotFound, Stale
from audit.operations import lots
from audit.operations.lots import LotFields
from tests.operations import papering
from tests.operations.papering import TODAY
from tests.operations.worlds import ADMINISTRATOR, HARBOUR, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER


@pytest.fixture
def world(tmp_path):
    return papering.make(tmp_path / "data")


def enter(world, number="LT-10/4", person=OWNER, clinic=MISSION, **fields):
    plain = LotFields("needle", number, "Fine Points", received_on=date(2026, 3, 1), certificate="C-9")
    return lots.add(world.desk(person), clinic.id, replace(plain, **fields))


def test_a_recall_finds_the_clinics_and_the_visits_while_it_was_in_use(world):
    world.start()
    enter(world)
    enter(world, "lt 1044", OTHER_OWNER, HARBOUR, used_up_on=date(2026, 3, 2))
    enter(world, "MX-1", kind="pigment")
    hits = lots.look_up(world.desk(INSPECTOR_PERSON), "LT104")
    assert [(hit.told.row.clinic_name, len(hit.visits)) for hit in hits] == [
        (MISSION.name, 1),
        (HARBOUR.name, 0),
    ]
    assert [hit.told.standing.words for hit in hits] == ["In use", "Used up"]
    assert lots.look_up(world.desk(ADMINISTRATOR), "lt") == ()
    with pytest.raises(NotAllowed):
        lots.look_up(world.desk(OWNER), "LT104")


def test_a_lot_that_came_after_a_visit_was_not_in_use_then(world):
    world.start()
    world.later(days=3)
    enter(world, received_on=date(2026, 3, 6))
    (hit,) = lots.look_up(world.desk(), "LT-10")
    assert hit.visits == ()


def test_a_change_meets_no_older_one_and_a_repeat_adds_nothing(world):
    number = str(uuid4())
    fields = LotFields("needle", "A-100")
    lot = lots.add(world.desk(OWNER), MISSION.id, fields, lot_id=number)
    assert lots.add(world.desk(OWNER), MISSION.id, fields, lot_id=number) == lot
    assert lot.received_on == TODAY, "no day means today"
    changed = lots.edit(world.desk(OWNER), lot.id, LotFields("needle", "A-100", used_up_on=TODAY), None, 1)
    assert changed.rev == 2
    with pytest.raises(Stale):
        lots.edit(world.desk(OWNER), lot.id, LotFields("needle", "A-101"), None, 1)
    with pytest.raises(BadInput, match="before the day it came"):
        early = TODAY - timedelta(days=1)
        lots.edit(world.desk(OWNER), lot.id, LotFields("needle", "A-100", used_up_on=early), None, 2)


def test_other_peoples_lots_do_not_exist_and_a_mistake_goes(world):
    lot = enter(world)
    for number in (lot.id, str(uuid4())):
        with pytest.raises(NotFound, match="nothing of that kind"):
            lots.get(world.desk(OTHER_OWNER), number)
    with pytest.raises(NotAllowed):
        lots.remove(world.desk(), lot.id)
    lots.remove(world.desk(OWNER), lot.id)
    assert lots.of_clinic(world.desk(OWNER), MISSION.id).lots == ()
    assert lots.look_up(world.desk(), "LT-10/4") == ()
