"""The history of one visit, from the trail: who did what, when."""

from dataclasses import dataclass
from datetime import datetime

from audit.domain import chronicle
from audit.domain.chronicle import FOR_READERS, OF_ONESELF, Happened
from audit.domain.inspections import SEALED, SELF_AUDIT, Inspection
from audit.domain.people import may
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.operations.desk import NO_VISIT, Desk
from audit.store.ledger import Line


@dataclass(frozen=True)
class Told:
    """One event: when, who in words, and what."""

    at: datetime
    who: str
    deed: str
    words: str


@dataclass(frozen=True)
class History:
    """What happened, oldest first; ``whole``: nothing of it is left out for this reader."""

    inspection: Inspection
    events: tuple[Told, ...]
    whole: bool


def of_visit(desk: Desk, inspection_id: str) -> History:
    """What happened to a visit: all of it for those who make or look after visits, else what concerns the reader.

    Raises:
        NotFound: when the visit is not theirs to read.
    """
    inspection = desk.ledger.inspections.find(inspection_id)
    if inspection is None or not desk.reads(inspection):
        raise NotFound(say(NO_VISIT))
    whole = may(desk.actor, f"{inspection.kind}.history", inspection.clinic_id)
    names: dict[str, str] = {}
    events = tuple(
        Told(event.at, _who(desk, names, event), event.deed, event.words)
        for event in chronicle.told(_lines(desk, inspection_id))
        if whole or _concerns(desk, event)
    )
    return History(inspection, events, whole)


def _lines(desk: Desk, inspection_id: str) -> list[Happened]:
    """The lines about the visit itself and about its actions, in the order of the trail."""
    about = [inspection_id, *(kept.action.id for kept in desk.ledger.actions.of_visit(inspection_id))]
    found = sorted((line for what in about for line in desk.ledger.trail.of(what)), key=lambda line: line.seq)
    return [Happened(line.at, line.actor, line.deed, line.detail) for line in found]


def _concerns(desk: Desk, event: chronicle.Event) -> bool:
    mine = desk.actor is not None and event.actor == desk.actor.id
    return event.deed in FOR_READERS or (mine and event.deed in OF_ONESELF)


def _who(desk: Desk, names: dict[str, str], event: chronicle.Event) -> str:
    if event.over_link and not event.actor:
        return say("Whoever holds the link")
    if event.actor not in names:
        found = desk.ledger.people.find(event.actor) if event.actor else None
        names[event.actor] = found.name if found else say("The command line")
    return names[event.actor]


# the whole trail ----------------------------------------------------------------------------------------------

A_PAGE = 100


@dataclass(frozen=True)
class TrailLine:
    """One line for who looks after the agency: who, what in words (or by the name of the deed), and about what."""

    seq: int
    at: datetime
    who: str
    words: str
    kind: str
    thing: str
    name: str


@dataclass(frozen=True)
class TrailPage:
    """Some lines, newest first; older ones lie below ``next`` (0: there are none)."""

    lines: tuple[TrailLine, ...]
    next: int


def trail(desk: Desk, group: str = "", person_id: str = "", before: int = 0) -> TrailPage:
    """The newest lines below a number (0: all), of one group of deeds or of all. What stands in their details is not
    told, and of a self-audit that its clinic does not show only that it was made.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("trail.read")
    names: dict[str, str] = {}
    lines = desk.ledger.trail.page(chronicle.GROUPS.get(group, ()), person_id, before, A_PAGE)
    kinds = [(line, desk.ledger.kind_of(line.object)) for line in lines]
    told = tuple(_trail_line(desk, names, *one) for one in kinds if not _is_the_clinics(desk, *one))
    return TrailPage(told, lines[-1].seq if len(lines) == A_PAGE else 0)


def _is_the_clinics(desk: Desk, line: Line, kind: str) -> bool:
    """Is it about the making of a self-audit, or about what it found, and none of the reader's business?"""
    if kind == "action":
        return not desk.knows(desk.ledger.actions.get(line.object).action)
    if kind != "visit":
        return False
    visit = desk.ledger.inspections.get(line.object)
    if visit.kind != SELF_AUDIT or desk.reads(visit):
        return False
    return visit.state != SEALED or line.deed not in chronicle.OF_SELF_AUDITS


def _trail_line(desk: Desk, names: dict[str, str], line: Line, kind: str) -> TrailLine:
    event = chronicle.Event(line.at, line.actor, line.deed, "")
    who = _who(desk, names, event) if line.actor or line.deed not in chronicle.OF_NOBODY else say("Somebody")
    name = _name(desk, kind, line.object) if kind else chronicle.door_of(line.deed, line.object)
    words = chronicle.trail_words(line.deed)
    return TrailLine(line.seq, line.at, who, words, kind, line.object, "" if name == who else name)


def _name(desk: Desk, kind: str, thing: str) -> str:
    """What people call it: a person, a clinic, a visit by clinic and day, a recall by its lot."""
    if kind == "person":
        return desk.ledger.people.get(thing).name
    if kind == "clinic":
        return desk.ledger.clinics.get(thing).name
    if kind == "visit":
        visit = desk.ledger.inspections.get(thing)
        return f"{desk.ledger.clinics.get(visit.clinic_id).name}, {visit.inspected_on.isoformat()}"
    if kind == "planned visit":
        line = desk.ledger.schedule.get(thing)
        return f"{line.clinic_name}, {line.planned.by.isoformat()}"
    if kind == "recall":
        return desk.ledger.recalls.get(thing).recall.lot
    return ""
