"""The schedule: what is planned where, planned by people and by the rules with each seal, assigned, moved, cancelled."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from audit.domain import schedule as rules
from audit.domain.inspections import INSPECTION, Inspection
from audit.domain.people import Person, reach
from audit.domain.problems import BadInput, Fault, NotFound
from audit.domain.schedule import CANCELLED, DONE, NOBODY, OVERDUE, PLANNED, REPLACED, Planned
from audit.domain.tongue import language, say
from audit.domain.values import cleaned
from audit.domain.visits import Visit
from audit.domain.wording import why_words
from audit.operations.desk import Desk
from audit.store.ledger import MOST_COUNTED, Entry, ScheduleLine

MOST_A_DAY = 6  # of a month's page


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; empty means all that is not over. ``inspector`` is an id, or ``nobody``; ``area`` is
    the jurisdiction of the clinic."""

    state: str = ""
    clinic_id: str = ""
    inspector: str = ""
    first: date | None = None
    last: date | None = None
    area: str = ""


@dataclass(frozen=True)
class Told:
    """A planned visit with what a page says of it. ``today`` is the day at the clinic; ``reasons`` are in words."""

    planned: Planned
    clinic_name: str
    time_zone: str
    inspector_name: str
    today: date
    reasons: tuple[str, ...]

    @property
    def state(self) -> str:
        return self.planned.state(self.today)


@dataclass(frozen=True)
class Page:
    """Some planned visits, the soonest first; ``next`` is handed back as ``after`` for the following ones."""

    rows: tuple[Told, ...]
    next: str | None


@dataclass(frozen=True)
class Counts:
    """How many visits are overdue and how many of those to come nobody was asked to make; ``MOST`` stands for more."""

    overdue: int
    unassigned: int
    MOST = MOST_COUNTED


@dataclass(frozen=True)
class Plan:
    """What a person plans: a visit by a day, for an inspector or nobody yet."""

    purpose: str
    by: date
    inspector_id: str = ""
    reason: str = ""


# asking -------------------------------------------------------------------------------------------------------


def find(desk: Desk, wanted: Wanted, after: str | None = None, limit: int = 25) -> Page:
    """What is planned at the clinics this person reaches, the soonest first."""
    desk.must("schedule.list")
    clinics = reach(desk.actor, "schedule.read")
    found = desk.ledger.schedule.page(clinics, wanted, days(desk), after, limit + 1)
    rows = tuple(told(desk, line) for line in found[:limit])
    return Page(rows, found[limit - 1].planned.id if found[limit:] else None)


def between(
    desk: Desk, first: date, last: date, wanted: Wanted
) -> tuple[tuple[Told, ...], Mapping[date, int]]:
    """What is planned from one day to another, for a month's page: the first few of each day, and how many there are
    on each that has any."""
    desk.must("schedule.list")
    clinics, asked = reach(desk.actor, "schedule.read"), replace(wanted, first=first, last=last)
    lines, every = desk.ledger.schedule.days(clinics, asked, days(desk), MOST_A_DAY)
    return tuple(told(desk, line) for line in lines), every


def counts(desk: Desk, wanted: Wanted | None = None) -> Counts:
    desk.must("schedule.list")
    clinics, shelf = reach(desk.actor, "schedule.read"), desk.ledger.schedule
    here, known = wanted or Wanted(), days(desk)
    return Counts(
        shelf.count(clinics, replace(here, state=OVERDUE), known),
        shelf.count(clinics, replace(here, state=PLANNED, inspector=NOBODY), known),
    )


def days(desk: Desk) -> Mapping[str, date]:
    """Which day it is in each time zone in which there are clinics."""
    return {zone: _today(desk, zone) for zone in desk.ledger.actions.time_zones()}


def get(desk: Desk, planned_id: str) -> Told:
    """One planned visit.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    return told(desk, _readable(desk, planned_id))


def next_of(desk: Desk, clinic_id: str) -> tuple[Told, ...]:
    """What is planned at a clinic and neither over nor under way, the soonest first."""
    desk.must("schedule.read", clinic_id)
    return tuple(told(desk, line) for line in desk.ledger.schedule.open_of(clinic_id))


def inspectors(desk: Desk) -> tuple[Person, ...]:
    """Who may be asked to make a visit, by name."""
    desk.must("schedule.plan")
    return tuple(one for one in desk.ledger.people.all() if one.active and one.role == "inspector")


def told(desk: Desk, line: ScheduleLine) -> Told:
    """A planned visit in the language of the moment. Asks nobody: whoever calls it has asked."""
    return Told(
        planned=line.planned,
        clinic_name=line.clinic_name,
        time_zone=line.time_zone,
        inspector_name=line.inspector_name,
        today=_today(desk, line.time_zone),
        reasons=_reasons(desk, line.planned),
    )


def _reasons(desk: Desk, planned: Planned) -> tuple[str, ...]:
    """Why the rules asked for it, with the numbers of the items, then what a person said."""
    source = desk.ledger.inspections.find(planned.source) if planned.source else None
    checklist = desk.ledger.checklists.get(source.checklist_sha).in_language(language()) if source else None
    return (
        *(why_words(why, checklist) for why in planned.why),
        *((planned.reason,) if planned.reason else ()),
    )


def _today(desk: Desk, zone: str) -> date:
    return desk.now.astimezone(ZoneInfo(zone)).date()


def _readable(desk: Desk, planned_id: str) -> ScheduleLine:
    desk.must("schedule.list")
    line = desk.ledger.schedule.get(planned_id)
    clinics = reach(desk.actor, "schedule.read")
    if clinics is not None and line.planned.clinic_id not in clinics:
        raise NotFound(say("There is no such planned visit."))
    return line


# doing --------------------------------------------------------------------------------------------------------


def plan(desk: Desk, clinic_id: str, wanted: Plan) -> Planned:
    """Plan a visit of a clinic.

    Raises:
        NotFound: when there is no such clinic; BadInput: with all faults.
    """
    clinic = desk.ledger.clinics.get(clinic_id)
    desk.must("schedule.plan", clinic.id)
    assert desk.actor is not None
    planned = Planned(
        id=str(uuid.uuid4()),
        clinic_id=clinic.id,
        purpose=wanted.purpose,
        by=wanted.by,
        inspector_id=wanted.inspector_id or None,
        reason=cleaned(wanted.reason),
        made_by=desk.actor.id,
    )
    _check(desk, planned, clinic.time_zone)
    with desk.entry() as entry:
        entry.schedule.add(planned, desk.now)
        entry.note("schedule.planned", planned.id, _detail(planned) | {"clinic": clinic.id})
    return planned


def change(desk: Desk, planned_id: str, wanted: Plan) -> Planned:
    """Assign a planned visit to somebody else, move it, or give it another purpose.

    Raises:
        NotFound, BadInput, NotNow: as for ``plan``, and when it is over or under way.
    """
    line = _readable(desk, planned_id)
    desk.must("schedule.plan", line.planned.clinic_id)
    line.planned.must_be_open()
    changed = replace(
        line.planned,
        purpose=wanted.purpose,
        by=wanted.by,
        inspector_id=wanted.inspector_id or None,
        reason=cleaned(wanted.reason),
    )
    if changed == line.planned:
        return changed
    _check(desk, changed, line.time_zone, moved=changed.by != line.planned.by)
    with desk.entry() as entry:
        entry.schedule.change(changed)
        entry.note("schedule.changed", planned_id, _detail(changed))
    return changed


def cancel(desk: Desk, planned_id: str, words: str) -> None:
    """Take a planned visit off the schedule, with the reason.

    Raises:
        BadInput: without words; NotNow: when it is over or under way.
    """
    line = _readable(desk, planned_id)
    desk.must("schedule.plan", line.planned.clinic_id)
    line.planned.must_be_open()
    told_why = cleaned(words)
    if not told_why:
        raise BadInput([Fault("words", say("Say why this visit is not made."))])
    if len(told_why) > rules.LONGEST_REASON:
        limit = f"{rules.LONGEST_REASON:,}"
        raise BadInput([Fault("words", say("Keep this under {limit} characters.", limit=limit))])
    with desk.entry() as entry:
        entry.schedule.end(planned_id, CANCELLED, desk.now, told_why)
        entry.note("schedule.cancelled", planned_id, {"reason": told_why})


def _check(desk: Desk, planned: Planned, zone: str, moved: bool = True) -> None:
    """Refuse what nobody could keep; a day that is over may stay as it was."""
    faults: list[Fault] = []
    try:
        rules.check(planned, _today(desk, zone) if moved else planned.by)
    except BadInput as problem:
        faults += problem.faults
    if planned.inspector_id and planned.inspector_id not in {one.id for one in inspectors(desk)}:
        faults.append(Fault("inspector", say("Choose an inspector.")))
    if faults:
        raise BadInput(faults)


def _detail(planned: Planned) -> dict[str, str]:
    return {
        "purpose": planned.purpose,
        "by": planned.by.isoformat(),
        "inspector": planned.inspector_id or "",
    }


# with visits --------------------------------------------------------------------------------------------------


def begin(entry: Entry, planned_id: str, inspection: Inspection) -> None:
    """The visit that was just started is the planned one.

    Raises:
        NotFound: when nothing of that id is planned at this clinic; NotNow: when it is over or under way.
    """
    planned = entry.schedule.get(planned_id).planned
    if planned.clinic_id != inspection.clinic_id or inspection.kind != INSPECTION:
        raise NotFound(say("There is no such planned visit."))
    planned.must_be_open()
    entry.schedule.begin(planned_id, inspection.id)
    entry.note("schedule.started", planned_id, {"visit": inspection.id})


def release(entry: Entry, visit_id: str) -> None:
    """The visit was set aside: what was planned is to be made again."""
    for planned_id in entry.schedule.release(visit_id):
        entry.note("schedule.released", planned_id, {"visit": visit_id})


def follow(entry: Entry, visit: Visit) -> None:
    """Write what the seal of an inspection means for the schedule: its plan is done, what earlier seals planned by
    the rules is replaced, and the next visit by the rules is planned. A check goes to who sealed."""
    inspection = visit.inspection
    if inspection.kind != INSPECTION:
        return
    for line in entry.schedule.of_visit(inspection.id):
        entry.schedule.end(line.planned.id, DONE, entry.now)
        entry.note("schedule.done", line.planned.id, {"visit": inspection.id})
    if _is_late(entry, inspection):
        return
    for line in entry.schedule.open_of(inspection.clinic_id):
        if line.planned.by_rule:
            _replace(entry, line.planned, inspection.id)
    plan_next(entry, visit)


def _is_late(entry: Entry, inspection: Inspection) -> bool:
    """A later visit was sealed before this one arrived: the rules have spoken already."""
    found = entry.records.latest_for([inspection.clinic_id], [INSPECTION]).get(inspection.clinic_id)
    return found is not None and found.inspected_on > inspection.inspected_on


def plan_next(entry: Entry, visit: Visit) -> None:
    """Put the next visit by the rules on the schedule, where they say one."""
    inspection = visit.inspection
    check = visit.next_visit is not None and visit.next_visit.check
    seed = Planned(
        id=str(uuid.uuid4()),
        clinic_id=inspection.clinic_id,
        purpose="",
        by=inspection.inspected_on,
        inspector_id=inspection.inspector_id if check else None,
        source=inspection.id,
        made_by=entry.actor,
    )
    planned = rules.after(seed, visit.next_visit)
    if planned is not None:
        entry.schedule.add(planned, entry.now)
        entry.note(
            "schedule.planned", planned.id, _detail(planned) | {"clinic": planned.clinic_id, "by_rule": True}
        )


def amended(entry: Entry, visit: Visit, void: bool) -> None:
    """A sealed visit was amended: what it planned and nobody began is planned by what it says now, or not at all."""
    for line in entry.schedule.open_of(visit.inspection.clinic_id):
        planned = line.planned
        if not planned.by_rule or planned.source != visit.inspection.id:
            continue
        now = rules.after(planned, visit.next_visit)
        if not void and now is not None and (now.purpose, now.by) == (planned.purpose, planned.by):
            continue
        _replace(entry, planned, visit.inspection.id)
        if not void:
            plan_next(entry, visit)


def restore(entry: Entry, visit: Visit) -> None:
    """A visit was declared void: what was planned for it is to be made again, and so is what its seal replaced, unless
    a later visit has spoken."""
    inspection = visit.inspection
    if inspection.kind != INSPECTION or _is_late(entry, inspection):
        return
    for planned_id in entry.schedule.restore(inspection.id):
        entry.note("schedule.released", planned_id, {"visit": inspection.id})


def _replace(entry: Entry, planned: Planned, by: str) -> None:
    entry.schedule.end(planned.id, REPLACED, entry.now)
    entry.note("schedule.replaced", planned.id, {"visit": by})
