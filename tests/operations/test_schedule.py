"""The schedule: planned by the rules with each seal, by people in between, started, done, replaced, cancelled."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.domain.answers import Raw
from audit.domain.history import AGAIN, INTERVAL, UNCORRECTED
from audit.domain.inspections import Inspection
from audit.domain.people import Person
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow
from audit.domain.schedule import CANCELLED, DONE, NOBODY, OVERDUE, PLANNED, REPLACED, STARTED
from audit.operations import amendments, inspections, schedule, sealing
from audit.operations.schedule import Plan, Told, Wanted
from tests.operations import worlds
from tests.operations.worlds import (
    ADMINISTRATOR,
    HARBOUR,
    INSPECTOR_PERSON,
    MISSION,
    NOW,
    OTHER_OWNER,
    OWNER,
    World,
)

STATUS = 'follow_up = { routine_days = 180, check_days = 30, source = "XX 16", certainty = "verified" }'
ITEMS = """
    [[item]]
    key = "needles.sound"
    severity = "critical"
    [[item]]
    key = "floor.clean"
"""
TODAY = date(2026, 3, 3)
SOUND, WRONG = Raw(mark="IN"), Raw(mark="OUT", note="Open packs.")
MENDED = Raw(mark="OUT", note="Open packs.", corrected_on_site=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path / "data", ITEMS, pack=STATUS)


def visit(world: World, needles: Raw = SOUND, **how: Any) -> Inspection:
    """A visit that was sealed: the floor is clean."""
    started = world.start(facts={}, **how)
    world.answer(started, {("needles.sound", None): needles, ("floor.clean", None): SOUND})
    world.sign(started)
    sealing.seal(world.desk(), started.id)
    return started


def planned(world: World, person: Person = INSPECTOR_PERSON, state: str = "") -> list[Told]:
    return list(schedule.find(world.desk(person), Wanted(state=state)).rows)


def plan(world: World, **how: object) -> str:
    given: dict[str, object] = {"purpose": "complaint", "by": TODAY + timedelta(days=3)}
    return schedule.plan(world.desk(), MISSION.id, Plan(**(given | how))).id  # type: ignore[arg-type]


def test_a_seal_plans_the_next_visit_by_the_rules_with_the_reason_and_the_item(world: World) -> None:
    sealed = visit(world, WRONG)
    (row,) = planned(world)
    found = row.planned
    assert (found.purpose, found.by, found.source) == ("follow-up", TODAY + timedelta(days=30), sealed.id)
    assert found.inspector_id == INSPECTOR_PERSON.id
    assert [why.code for why in found.why] == [UNCORRECTED]
    assert row.reasons == ("A critical finding was not corrected during the visit. (A-01)",)


def test_a_routine_visit_is_planned_for_nobody_yet(world: World) -> None:
    visit(world)
    (row,) = planned(world)
    assert (row.planned.purpose, row.planned.by) == ("routine", TODAY + timedelta(days=180))
    assert row.planned.inspector_id is None
    assert [why.code for why in row.planned.why] == [INTERVAL]
    assert schedule.counts(world.desk()).unassigned == 1


def test_the_next_seal_replaces_what_the_last_one_planned(world: World) -> None:
    visit(world, MENDED)
    world.later(days=20)
    visit(world, MENDED)
    (row,) = planned(world)
    assert row.planned.by == TODAY + timedelta(days=50)
    assert [why.code for why in row.planned.why] == [AGAIN]
    assert [one.state for one in planned(world, state=REPLACED)] == [REPLACED]


def test_a_visit_that_arrives_late_plans_nothing_over_a_newer_one(world: World) -> None:
    visit(world)
    visit(world, WRONG, inspected_on=TODAY - timedelta(days=3))
    (row,) = planned(world)
    assert row.planned.by == TODAY + timedelta(days=180)


def test_a_self_audit_plans_nothing(world: World) -> None:
    started = world.start(OWNER, facts={})
    world.answer(started, {("needles.sound", None): WRONG, ("floor.clean", None): SOUND}, OWNER)
    world.sign(started, OWNER)
    sealing.seal(world.desk(OWNER), started.id)
    assert planned(world) == []


def test_a_visit_started_from_the_schedule_is_tied_to_it_until_it_is_done(world: World) -> None:
    planned_id = plan(world)
    started = world.start(facts={}, planned=planned_id)
    assert [(row.state, row.planned.visit) for row in planned(world)] == [(STARTED, started.id)]
    with pytest.raises(NotNow):
        world.start(facts={}, planned=planned_id)
    world.answer(started, {("needles.sound", None): SOUND, ("floor.clean", None): SOUND})
    world.sign(started)
    sealing.seal(world.desk(), started.id)
    assert schedule.get(world.desk(), planned_id).state == DONE


def test_setting_the_visit_aside_puts_the_plan_back(world: World) -> None:
    planned_id = plan(world)
    started = world.start(facts={}, planned=planned_id)
    inspections.set_aside(world.desk(), started.id, "The door was locked.")
    assert schedule.get(world.desk(), planned_id).state == PLANNED
    assert schedule.get(world.desk(), planned_id).planned.visit is None


def test_what_is_planned_elsewhere_cannot_be_started_here(world: World) -> None:
    elsewhere = schedule.plan(world.desk(), HARBOUR.id, Plan("routine", TODAY)).id
    with pytest.raises(NotFound):
        world.start(facts={}, planned=elsewhere)
    assert world.desk().ledger.inspections.ids("running") == []


def test_a_void_visit_takes_its_plan_along(world: World) -> None:
    sealed = visit(world, WRONG)
    amendments.void(world.desk(), sealed.id, "Wrong clinic.", 0)
    assert planned(world) == []


def test_a_correction_moves_the_plan_with_the_result(world: World) -> None:
    sealed = visit(world, WRONG)
    amendments.correct(world.desk(), sealed.id, ("needles.sound", None), SOUND, "Mistyped.", 0)
    (row,) = planned(world)
    assert (row.planned.purpose, row.planned.by) == ("routine", TODAY + timedelta(days=180))


def test_assigning_moving_and_cancelling_leave_lines_in_the_trail(world: World) -> None:
    planned_id = plan(world)
    later = TODAY + timedelta(days=9)
    schedule.change(world.desk(), planned_id, Plan("complaint", later, INSPECTOR_PERSON.id, "Second call."))
    row = schedule.get(world.desk(), planned_id)
    assert (row.planned.by, row.inspector_name, row.reasons) == (
        later,
        INSPECTOR_PERSON.name,
        ("Second call.",),
    )
    schedule.cancel(world.desk(ADMINISTRATOR), planned_id, "Withdrawn.")
    assert schedule.get(world.desk(), planned_id).state == CANCELLED
    deeds = [line.deed for line in world.desk().ledger.trail.of(planned_id)]
    assert deeds == ["schedule.planned", "schedule.changed", "schedule.cancelled"]
    with pytest.raises(NotNow):
        schedule.change(world.desk(), planned_id, Plan("routine", later))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"inspector_id": OWNER.id}, "inspector"),
        ({"by": TODAY - timedelta(days=1)}, "by"),
        ({"purpose": "self-audit"}, "purpose"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(world: World, wrong: dict[str, object], place: str) -> None:
    with pytest.raises(BadInput) as refused:
        plan(world, **wrong)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert planned(world) == []


def test_an_overdue_visit_may_be_assigned_without_being_moved(world: World) -> None:
    planned_id = plan(world)
    world.now = NOW + timedelta(days=30)
    assert [row.state for row in planned(world, state=OVERDUE)] == [OVERDUE]
    assert planned(world, state=PLANNED) == []
    same = TODAY + timedelta(days=3)
    schedule.change(world.desk(), planned_id, Plan("complaint", same, INSPECTOR_PERSON.id))
    assert schedule.counts(world.desk()).overdue == 1


def test_lists_are_asked_by_clinic_by_inspector_and_by_days(world: World) -> None:
    mine = plan(world, inspector_id=INSPECTOR_PERSON.id)
    nobodys = plan(world, by=TODAY + timedelta(days=40))
    desk = world.desk()

    def ids(wanted: Wanted) -> list[str]:
        return [row.planned.id for row in schedule.find(desk, wanted).rows]

    assert ids(Wanted()) == [mine, nobodys]
    assert ids(Wanted(inspector=INSPECTOR_PERSON.id)) == [mine]
    assert ids(Wanted(inspector=NOBODY)) == [nobodys]
    assert ids(Wanted(clinic_id=HARBOUR.id)) == []
    april, every = schedule.between(desk, date(2026, 4, 1), date(2026, 4, 30), Wanted())
    assert [row.planned.id for row in april] == [nobodys]
    assert every == {april[0].planned.by: 1}
    first = schedule.find(desk, Wanted(), limit=1)
    assert [row.planned.id for row in schedule.find(desk, Wanted(), first.next).rows] == [nobodys]


def test_owners_see_their_clinics_plans_and_change_none(world: World) -> None:
    planned_id = plan(world)
    assert [row.planned.id for row in planned(world, OWNER)] == [planned_id]
    assert planned(world, OTHER_OWNER) == []
    with pytest.raises(NotFound):
        schedule.get(world.desk(OTHER_OWNER), planned_id)
    with pytest.raises(NotAllowed):
        schedule.cancel(world.desk(OWNER), planned_id, "No.")
    with pytest.raises(NotAllowed):
        schedule.plan(world.desk(OWNER), MISSION.id, Plan("routine", TODAY))
