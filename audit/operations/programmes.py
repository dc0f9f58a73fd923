"""Self-audit programmes: what a clinic set itself, which times it kept, and which it missed."""

import uuid
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from audit.domain import programmes as rules
from audit.domain.clinics import Clinic
from audit.domain.programmes import Programme, Time
from audit.operations.desk import Desk

LOOKED_AT = 1000


@dataclass(frozen=True)
class Kept:
    """The running programme of a clinic (or none) with its times, oldest first; ``today`` is the day there."""

    clinic: Clinic
    programme: Programme | None
    times: tuple[Time, ...]
    today: date

    @property
    def missed(self) -> tuple[Time, ...]:
        return rules.missed(self.times, self.today)

    @property
    def due(self) -> Time | None:
        """The time that runs now, while nothing was sealed in it."""
        last = self.times[-1] if self.times else None
        return last if last and last.state(self.today) == rules.DUE else None


def of(desk: Desk, clinic_id: str) -> Kept:
    """How a clinic keeps its programme. That a self-audit was made is no secret; what it says is.

    Raises:
        NotFound: when there is no such clinic, or it is somebody else's.
    """
    desk.must("schedule.read", clinic_id)
    clinic = desk.ledger.clinics.get(clinic_id)
    today = desk.now.astimezone(ZoneInfo(clinic.time_zone)).date()
    programme = desk.ledger.schedule.programme(clinic_id)
    if programme is None:
        return Kept(clinic, None, (), today)
    done = desk.ledger.schedule.audited_on(clinic_id, programme.since)
    return Kept(clinic, programme, rules.times(programme, done, today), today)


@dataclass(frozen=True)
class Behind:
    """Programmes whose last time that ended was missed; ``next`` is handed back as ``after`` for the following ones."""

    rows: tuple[Kept, ...]
    next: str | None


def behind(desk: Desk, after: str = "", at_most: int = 25) -> Behind:
    """The clinics that missed the last time of their programme, all over the agency. At most ``LOOKED_AT`` programmes
    are looked at for one page, so a page may hold fewer and still have a next one."""
    desk.must("schedule.missed")
    found: list[Kept] = []
    running = desk.ledger.schedule.running(after, LOOKED_AT)
    for zone, programme, audited in running:
        today = desk.now.astimezone(ZoneInfo(zone)).date()
        if rules.missed_last(programme, audited, today):
            found.append(of(desk, programme.clinic_id))
        if len(found) == at_most:
            return Behind(tuple(found), programme.clinic_id)
    return Behind(tuple(found), running[-1][1].clinic_id if len(running) == LOOKED_AT else None)


def decide(desk: Desk, clinic_id: str, every: str) -> Kept:
    """Begin a programme today, change how often, or end it (an empty ``every``). The same again changes nothing.

    Raises:
        BadInput: for what is no programme.
    """
    desk.must("programme.edit", clinic_id)
    now = of(desk, clinic_id)
    if every == (now.programme.every if now.programme else ""):
        return now
    begun = Programme(str(uuid.uuid4()), clinic_id, every, now.today)
    if every:
        rules.check(begun)
    with desk.entry() as entry:
        entry.schedule.end_programme(clinic_id, now.today)
        if every:
            entry.schedule.set_up(begun, entry.actor, desk.now)
        entry.note("programme.decided", clinic_id, {"every": every})
    return of(desk, clinic_id)
