"""A follow-up that is declared void counts nowhere: what it confirmed, planned and opened again is as before."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.domain.actions import CONFIRMED, FIXED, FOUND_AGAIN, OPEN, TAKEN_BACK
from audit.domain.answers import Raw
from audit.domain.closure import FACILITY
from audit.domain.inspections import Inspection
from audit.domain.schedule import DONE, FOLLOW_UP
from audit.operations import actions, amendments, closures, schedule, sealing, standings
from audit.operations.actions import Answer
from audit.operations.closures import Proposal
from audit.operations.schedule import Plan, Wanted
from tests.operations import worlds
from tests.operations.worlds import INSPECTOR_PERSON, MISSION, OWNER, World

STATUS = 'follow_up = { routine_days = 180, check_days = 30, source = "XX 16", certainty = "verified" }'
ITEMS = """
    [[item]]
    key = "needles.single-use"
    severity = "critical"
    [[item]]
    key = "floor.clean"
"""
NEEDLES = ("needles.single-use", None)
SOUND, WRONG = Raw(mark="IN"), Raw(mark="OUT", note="Used needles lay in the tray.")
NOTICE = Proposal(FACILITY, "", (NEEDLES[0],), "Needles were used twice.", "XX 9", "Ask within 15 days.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path / "data", ITEMS, pack=STATUS)


def sealed(world: World, needles: Raw, close: bool = False, **how: Any) -> Inspection:
    visit = world.start(facts={}, **how)
    world.answer(visit, {NEEDLES: needles, ("floor.clean", None): SOUND})
    if close:
        closures.propose(world.desk(), visit.id, NOTICE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    world.later(days=3)
    return visit


def void(world: World, visit: Inspection) -> None:
    amendments.void(world.desk(), visit.id, "It was the clinic next door.", 0)


def the_action(world: World, visit: Inspection) -> actions.Told:
    (told,) = actions.of_visit(world.desk(), visit.id)
    return told


def test_what_it_confirmed_waits_for_the_inspector_again(world: World) -> None:
    first = sealed(world, WRONG)
    owed = the_action(world, first)
    actions.fix(world.desk(OWNER), owed.action.id, Answer("All thrown away."))
    follow_up = sealed(world, SOUND, purpose=FOLLOW_UP)
    assert the_action(world, first).action.state == CONFIRMED
    assert [row.closed for row in standings.standing(world.desk(), 12).fixing] == [1]
    void(world, follow_up)
    action = the_action(world, first).action
    assert (action.state, action.waits_for) == (FIXED, "inspector")
    assert [step.kind for step in action.steps] == [FIXED, CONFIRMED, TAKEN_BACK]
    assert actions.counts(world.desk()).came_in == 1
    assert standings.standing(world.desk(), 12).fixing == ()
    actions.accept(world.desk(), action.id)
    assert the_action(world, first).action.closed


def test_what_it_found_again_is_owed_from_the_first_visit_on(world: World) -> None:
    first = sealed(world, WRONG)
    again = sealed(world, WRONG, purpose=FOLLOW_UP)
    assert the_action(world, first).action.state == FOUND_AGAIN
    void(world, again)
    assert the_action(world, first).action.state == OPEN
    assert actions.of_visit(world.desk(), again.id) == ()
    assert actions.counts(world.desk(), MISSION.id).owed == 1


def test_what_a_still_later_visit_saw_counts_instead(world: World) -> None:
    first = sealed(world, WRONG)
    wrong_day = sealed(world, WRONG, purpose=FOLLOW_UP)
    last = sealed(world, SOUND, purpose=FOLLOW_UP)
    void(world, wrong_day)
    action = the_action(world, first).action
    assert (action.state, action.steps[-1].visit) == (CONFIRMED, last.id)


def test_its_plan_is_to_be_made_again_and_so_is_what_its_seal_replaced(world: World) -> None:
    sealed(world, WRONG)
    (check,) = schedule.find(world.desk(), Wanted()).rows
    mine = schedule.plan(world.desk(), MISSION.id, Plan("complaint", world.now.date(), INSPECTOR_PERSON.id))
    visit = sealed(world, SOUND, planned=mine.id)
    assert {row.planned.id for row in schedule.find(world.desk(), Wanted(state=DONE)).rows} == {mine.id}
    void(world, visit)
    assert {row.planned.id for row in schedule.find(world.desk(), Wanted()).rows} == {
        check.planned.id,
        mine.id,
    }


def test_what_a_later_visit_planned_stays(world: World) -> None:
    sealed(world, WRONG)
    visit = sealed(world, WRONG, purpose=FOLLOW_UP)
    sealed(world, SOUND, purpose=FOLLOW_UP)
    before = schedule.find(world.desk(), Wanted()).rows
    void(world, visit)
    assert [row.planned for row in schedule.find(world.desk(), Wanted()).rows] == [
        row.planned for row in before
    ]


def test_what_it_opened_again_is_closed_until_another_one_sees_it(world: World) -> None:
    sealed(world, WRONG, close=True)
    (closed,) = closures.of_clinic(world.desk(), MISSION.id)
    follow_up = sealed(world, SOUND, purpose=FOLLOW_UP)
    closures.reopen(world.desk(), closed.id, follow_up.id)
    assert closures.of_clinic(world.desk(), MISSION.id) == ()
    void(world, follow_up)
    assert closures.of_clinic(world.desk(), MISSION.id) == (closed,)
    again = sealed(world, SOUND, purpose=FOLLOW_UP)
    closures.reopen(world.desk(), closed.id, again.id)
    assert closures.of_clinic(world.desk(), MISSION.id) == ()
    (ended,) = closures.of_visit(world.desk(), closed.inspection_id)
    assert ended == replace(closed, reopened_by=again.id, reopened_on=again.inspected_on)
