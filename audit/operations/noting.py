"""Lines of the trail about what changed nothing: refusals, downloads, exports. Written once the answer has gone out.

Nobody fills the disk by them: the same again within minutes leaves no second line, and one person leaves so many an
hour and then one more, which says that there were many.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta

from audit.domain.inspections import SEALED
from audit.domain.people import may, reach
from audit.domain.problems import Busy, NoRoom, ReadOnly
from audit.operations import counting, photos
from audit.operations.desk import Desk

ONCE_IN, MOST_AN_HOUR = timedelta(minutes=10), 200
VISIT_REFUSED, REFUSED, DOOR_REFUSED = "visit.refused", "thing.refused", "door.refused"
REPORT_TAKEN, TAKEN, FEED_READ = "report.taken", "export.taken", "calendar-feed.read"
MANY = "lines.many"


def note(desk: Desk, thing: str, deed: str, detail: dict[str, str], once_in: timedelta = ONCE_IN) -> None:
    """Write a line, unless the same was written a short while ago or too many were. When nothing can be written, reading
    goes on."""
    actor = desk.actor.id if desk.actor else ""
    lately = desk.ledger.trail.lately(thing, desk.now - once_in)
    if any((line.actor, line.deed, dict(line.detail)) == (actor, deed, detail) for line in lately):
        return
    with suppress(Busy, NoRoom, ReadOnly):
        before = counting.tries(desk, "line", f"lines {actor}", MOST_AN_HOUR)
        if before > MOST_AN_HOUR:
            return
        with desk.entry() as entry:
            if before == MOST_AN_HOUR:
                entry.note(MANY, actor, {"an_hour": MOST_AN_HOUR})
            else:
                entry.note(deed, thing, detail)


def refusal(desk: Desk, things: Collection[str], door: str, to_write: bool, by_role: bool) -> None:
    """Somebody was refused at a door. ``things`` are the ids they asked for; what is not here, or was theirs to know of,
    is no refusal, unless their role was in the way (``by_role``)."""
    how = {"deed": "write" if to_write else "read"}
    found = {thing: kind for thing in things if (kind := desk.ledger.kind_of(thing))}
    for thing, kind in found.items():
        if by_role or not _knows(desk, kind, thing):
            if kind == "visit":
                note(desk, thing, VISIT_REFUSED, how)
            else:
                note(desk, thing, REFUSED, how | {"kind": kind})
    if by_role and not found:
        note(desk, door, DOOR_REFUSED, how)


def export(desk: Desk, thing: str, door: str) -> None:
    """Somebody took a table or a paper along that is about a thing, or (without one) about all they may know."""
    note(desk, thing or door, TAKEN, {"door": door})


def _knows(desk: Desk, kind: str, thing: str) -> bool:
    """May the person at work know of this thing?"""
    return _KNOWN[kind](desk, thing)


def _clinics(deed: str, clinic_of: Callable[[Desk, str], str]) -> Callable[[Desk, str], bool]:
    return lambda desk, thing: may(desk.actor, deed, clinic_of(desk, thing))


def _visit(desk: Desk, thing: str) -> bool:
    return desk.reads(desk.ledger.inspections.get(thing))


def _paper(desk: Desk, thing: str) -> bool:
    found = desk.ledger.credentials.find(thing)
    if found is None:
        return True
    return may(desk.actor, "paper.read", found.paper.clinic_id, practitioner=found.paper.holder)


def _log(desk: Desk, thing: str) -> bool:
    found = desk.ledger.clocks.find(thing)
    return found is None or may(desk.actor, "paper.read", found.clinic_id)


def _lot(desk: Desk, thing: str) -> bool:
    found = desk.ledger.lots.find(thing)
    return found is None or may(desk.actor, "paper.read", found.lot.clinic_id)


def _recall(desk: Desk, thing: str) -> bool:
    clinics = reach(desk.actor, "recall.read")
    return clinics is None or bool(desk.ledger.recalls.concerned(thing, clinics, at_most=1))


def _person(desk: Desk, thing: str) -> bool:
    return desk.actor is not None and (desk.actor.id == thing or may(desk.actor, "person.list"))


def _device(desk: Desk, thing: str) -> bool:
    mine = desk.actor is not None and desk.ledger.devices.get(thing).person_id == desk.actor.id
    return mine or may(desk.actor, "device.administer")


def _closure(desk: Desk, thing: str) -> bool:
    visit = desk.ledger.inspections.get(desk.ledger.closures.get(thing).inspection_id)
    return may(desk.actor, f"{visit.kind}.read", visit.clinic_id, visit.state == SEALED)


_KNOWN: dict[str, Callable[[Desk, str], bool]] = {
    "visit": _visit,
    "clinic": _clinics("clinic.read", lambda _, thing: thing),
    "practitioner": _clinics("clinic.read", lambda desk, thing: desk.ledger.practitioners.get(thing).clinic),
    "person": _person,
    "action": lambda desk, thing: desk.knows(desk.ledger.actions.get(thing).action),
    "paper": _paper,
    "lot": _lot,
    "log": _log,
    "recall": _recall,
    "planned visit": _clinics(
        "schedule.read", lambda desk, thing: desk.ledger.schedule.get(thing).planned.clinic_id
    ),
    "closure": _closure,
    "device": _device,
    "photo": photos.may_show,
}
