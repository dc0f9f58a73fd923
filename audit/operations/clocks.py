"""The clocks of a clinic: when each thing was done last, by its own log or by the last inspection, and when it is due."""

import uuid
from dataclasses import dataclass
from datetime import date

from audit.domain.clinics import Clinic
from audit.domain.clocks import (
    ITEMS,
    KINDS,
    LOGGED,
    MOST_DAYS,
    SEEN,
    Clock,
    Interval,
    Tick,
    Wanted,
    clock,
    faults,
    wanted,
)
from audit.domain.inspections import INSPECTION
from audit.domain.people import may
from audit.domain.problems import BadInput, Fault, NotFound, NotNow
from audit.domain.tongue import say
from audit.domain.values import cleaned
from audit.operations import clinics, photos
from audit.operations.desk import NOTHING, Desk
from audit.operations.inspections import checklist_for, local_time
from audit.store.ledger import Logged


@dataclass(frozen=True)
class Told:
    """A clock with what a page says of it: the pack's own interval, the clinic's, and the newest entries."""

    clock: Clock
    by_pack: Wanted
    own_days: int | None
    entries: tuple[tuple[Logged, str], ...]


@dataclass(frozen=True)
class Face:
    """All clocks of a clinic today."""

    clinic: Clinic
    today: date
    clocks: tuple[Told, ...]


def face(desk: Desk, clinic_id: str) -> Face:
    """Where the clocks of a clinic stand today, those that press most first.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    clinic = clinics.get(desk, clinic_id)
    desk.must("paper.read", clinic_id)
    return face_of(desk, clinic)


def face_of(desk: Desk, clinic: Clinic) -> Face:
    """The same. Asks nobody: whoever calls it has asked."""
    today = local_time(desk.now, clinic.time_zone).date()
    logged, own = desk.ledger.clocks.of(clinic.id), desk.ledger.clocks.intervals(clinic.id)
    ticks = [
        *(Tick(one.kind, one.on, SEEN if one.seen else LOGGED) for one in logged),
        *_seen(desk, clinic.id),
    ]
    names = {author: desk.ledger.people.find(author) for author in {one.author for one in logged}}
    told = []
    for one in _wanted(desk, clinic):
        days = own.get(one.kind)
        entries = tuple(
            (entry, person.name if (person := names[entry.author]) else "")
            for entry in logged
            if entry.kind == one.kind
        )
        kept = Interval(days=days) if days else None
        told.append(Told(clock(one.kind, one.interval, ticks, today, kept), one, days, entries))
    told.sort(key=lambda one: (one.clock.due or date.max, one.clock.kind))
    return Face(clinic, today, tuple(told))


def _wanted(desk: Desk, clinic: Clinic) -> tuple[Wanted, ...]:
    try:
        checklist = checklist_for(desk, clinic.jurisdiction, INSPECTION)
    except NotNow:
        return ()
    return wanted(checklist, clinic.profile)


def _seen(desk: Desk, clinic_id: str) -> list[Tick]:
    """The days that the last inspection read; a self-audit is the clinic's own word, as its log is."""
    outcome = desk.ledger.records.latest_for([clinic_id], [INSPECTION]).get(clinic_id)
    if outcome is None:
        return []
    amended = desk.ledger.amendments.document(outcome.inspection_id)
    document = amended[1] if amended else desk.ledger.records.get(outcome.inspection_id).document
    values = {row["item"]: row["values"] for row in document["answers"] if row["person"] is None}
    found = []
    for kind, place in ITEMS.items():
        item, _, part = place.partition("#")
        if day := values.get(item, {}).get(part):
            found.append(Tick(kind, date.fromisoformat(day), SEEN))
    return found


# doing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EntryFields:
    """What was done, on which day, with a word of it."""

    kind: str
    on: date | None
    note: str = ""


def log(
    desk: Desk, clinic_id: str, fields: EntryFields, photo: bytes | None = None, entry_id: str = ""
) -> Logged:
    """Write into the clinic's log, the clinic itself or the agency what it saw; ``entry_id`` may come from a page, so
    that a repeat logs nothing.

    Raises:
        BadInput: with all faults.
    """
    clinic = clinics.get(desk, clinic_id)
    seen = may(desk.actor, "log.see", clinic_id)
    if not seen:
        desk.must("log.edit", clinic_id)
    note = cleaned(fields.note)
    found = faults(fields.kind, fields.on, note, local_time(desk.now, clinic.time_zone).date())
    if found or fields.on is None:
        raise BadInput(found)
    entry_id = entry_id or str(uuid.uuid4())
    name = photos.keep_for(desk, photo, entry_id, "photo") if photo else None
    with desk.entry() as new:
        kept = new.clocks.find(entry_id)
        if kept is not None:
            return kept
        logged = Logged(entry_id, clinic_id, fields.kind, fields.on, note, name, new.actor, desk.now, seen)
        new.clocks.add(logged)
        detail = {"clinic": clinic_id, "kind": fields.kind, "on": str(fields.on)}
        new.note("log.entered", entry_id, detail | ({"seen": True} if seen else {}))
    return logged


def entry(desk: Desk, entry_id: str) -> Logged:
    """One entry of a log.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    kept = desk.ledger.clocks.find(entry_id)
    if kept is None or not may(desk.actor, "paper.read", kept.clinic_id):
        raise NotFound(say(NOTHING))
    return kept


def take_back(desk: Desk, entry_id: str) -> str:
    """Take back an entry made by mistake, by the side that made it; gives its clinic. The trail keeps that it was
    there.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    kept = entry(desk, entry_id)
    desk.must("log.see" if kept.seen else "log.edit", kept.clinic_id)
    with desk.entry() as new:
        new.clocks.take_back(entry_id)
        new.note("log.taken-back", entry_id, {"clinic": kept.clinic_id, "kind": kept.kind})
    return kept.clinic_id


def keep_to(desk: Desk, clinic_id: str, kind: str, days: int | None) -> None:
    """Set how often the clinic does it of its own accord; the pack's interval stays the longest. None takes it away.

    Raises:
        BadInput: for a kind or number that cannot be.
    """
    clinics.get(desk, clinic_id)
    desk.must("log.edit", clinic_id)
    if kind not in KINDS:
        raise BadInput([Fault("kind", say("Choose what was done."))])
    if days is not None and not 0 < days <= MOST_DAYS:
        raise BadInput([Fault("days", say("Give a whole number of days from 1 to {most}.", most=MOST_DAYS))])
    if desk.ledger.clocks.intervals(clinic_id).get(kind) == days:
        return
    with desk.entry() as new:
        new.clocks.keep_to(clinic_id, kind, days)
        new.note("log.interval", clinic_id, {"kind": kind, "days": days})
