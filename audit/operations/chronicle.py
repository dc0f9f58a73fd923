"""The history of one visit, from the trail: who did what, when; and the lines only this page needs."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.domain import chronicle
from audit.domain.chronicle import FOR_READERS, OF_ONESELF, Happened
from audit.domain.inspections import Inspection
from audit.domain.people import may
from audit.domain.problems import Busy, NoRoom, NotFound, ReadOnly
from audit.domain.tongue import say
from audit.operations.desk import NO_VISIT, Desk

# Whoever asks for the same thing again within so long leaves no second line.
ONCE_IN = timedelta(minutes=10)
REFUSED, TAKEN = "visit.refused", "report.taken"


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
        raise NotFound(say(NO_VISIT), about=inspection.id if inspection else "")
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


def note(desk: Desk, inspection_id: str, deed: str, detail: dict[str, str]) -> None:
    """Write a line about something that changed nothing, unless the same was written a short while ago. When nothing
    can be written, reading goes on."""
    actor = desk.actor.id if desk.actor else ""
    for line in reversed(desk.ledger.trail.of(inspection_id)):
        if desk.now - line.at > ONCE_IN:
            break
        if (line.actor, line.deed, dict(line.detail)) == (actor, deed, detail):
            return
    with suppress(Busy, NoRoom, ReadOnly), desk.entry() as entry:
        entry.note(deed, inspection_id, detail)


def note_refusal(desk: Desk, inspection_id: str, to_write: bool) -> None:
    """Somebody asked for a visit that is not theirs. Called when they have their answer: it took no longer."""
    note(desk, inspection_id, REFUSED, {"deed": "write" if to_write else "read"})
