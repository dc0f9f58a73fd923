"""Work that came another way, as an administrator looks at it: what waits in quarantine, and what was decided about it.

What a self-audit says stays with its clinic: of one only the number of operations is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from audit.domain import acts, values
from audit.domain.acts import START, Act
from audit.domain.answers import MARKS
from audit.domain.inspections import INSPECTION, Inspection
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.tongue import language, say, word
from audit.operations.desk import Desk
from audit.store.ledger import Apart, Line

ASIDE, RESCUED = "device.aside", "tablet.rescued"
LONGEST_REASON, LONGEST_NOTE, MOST_DECIDED = 1000, 120, 50
KIND_WORDS = {
    "start": word("starts a visit"),
    "set-up": word("sets a visit up"),
    "answer": word("answers"),
    "resolve": word("chooses between two answers"),
    "photo-link": word("shows a photo"),
    "photo-unlink": word("takes a photo away"),
    "caption": word("writes below a photo"),
    "signature": word("signs"),
    "rest-in": word("says that the rest of a section is in order"),
    "set-aside": word("sets a visit aside"),
}


@dataclass(frozen=True)
class Waiting:
    """What waits of one device for one visit. ``told``: what each act says, oldest first; none where that is the
    clinic's own. ``clinic`` is empty for a visit that nobody knows, and ``known`` then false."""

    device: str
    visit: str
    known: bool
    clinic: str
    authors: tuple[str, ...]
    since: datetime
    number: int
    told: tuple[str, ...]


@dataclass(frozen=True)
class Decided:
    """What an administrator decided: work of an author and a device taken in for a visit, or set aside and why."""

    line: Line
    by: str
    device: str
    author: str
    reason: str

    @property
    def taken_in(self) -> bool:
        return self.line.deed == RESCUED


def waiting(desk: Desk) -> tuple[Waiting, ...]:
    """Everything that is kept apart, by device and visit, the oldest first."""
    desk.must("device.administer")
    rows = sorted(desk.ledger.devices.all_apart(), key=lambda row: (row.device, row.inspection_id, row.seq))
    groups = groupby(rows, key=lambda row: (row.device, row.inspection_id))
    found = [_group(desk, device, visit, list(group)) for (device, visit), group in groups]
    return tuple(sorted(found, key=lambda one: one.since))


def _group(desk: Desk, device: str, visit: str, rows: list[Apart]) -> Waiting:
    read = [act for row in rows if isinstance(act := acts.read(row.document, device), Act)]
    inspection = desk.ledger.inspections.find(visit)
    start = next((act.change.value for act in read if act.change.kind == START), None)
    people = desk.ledger.people
    authors = [found.name for one in dict.fromkeys(act.author for act in read) if (found := people.find(one))]
    return Waiting(
        device=device,
        visit=visit,
        known=inspection is not None,
        clinic=_clinic(desk, inspection, start),
        authors=tuple(authors),
        since=min(row.received_at for row in rows),
        number=len(rows),
        told=tuple(_told(desk, inspection, read)) if _may_tell(desk, inspection, start) else (),
    )


def _clinic(desk: Desk, inspection: Inspection | None, start: Mapping[str, Any] | None) -> str:
    named = inspection.clinic_id if inspection else (start or {}).get("clinic_id")
    found = desk.ledger.clinics.find(named) if isinstance(named, str) else None
    return found.name if found else ""


def _may_tell(desk: Desk, inspection: Inspection | None, start: Mapping[str, Any] | None) -> bool:
    if inspection is not None:
        return desk.reads(inspection)
    return start is not None and start.get("kind") == INSPECTION


def _told(desk: Desk, inspection: Inspection | None, read: Iterable[Act]) -> Iterable[str]:
    checklist = desk.ledger.checklists.get(inspection.checklist_sha) if inspection else None
    for act in read:
        item, value = act.change.item, act.change.value
        if checklist is not None and checklist.in_language(language()).has(item):
            item = checklist.item(item).number
        mark, note = value.get("mark"), value.get("note")
        parts = [mark if mark in MARKS else "", note[:LONGEST_NOTE] if isinstance(note, str) else ""]
        said = " · ".join(part for part in parts if part)
        words = say(KIND_WORDS[act.change.kind])
        yield ": ".join(part for part in (item, f"{words} ({said})" if said else words) if part)


def set_aside(desk: Desk, device_id: str, reason: str) -> int:
    """Close what waits of a device without taking it in; gives how many operations. They stay as they came.

    Raises:
        BadInput: without a reason. NotNow: when nothing waits.
    """
    desk.must("device.administer")
    device, words = desk.ledger.devices.get(device_id), values.cleaned(reason)
    if not words or len(words) > LONGEST_REASON:
        raise BadInput([Fault("reason", say("Say why this work is set aside."))])
    with desk.entry() as entry:
        names = [document["op_id"] for _, document in entry.devices.apart(device.id)]
        if not names:
            raise NotNow(say("Nothing of this device waits in quarantine."))
        entry.devices.release(names, desk.now)
        entry.note(ASIDE, device.id, {"reason": words, "operations": names})
    return len(names)


def decided(desk: Desk) -> tuple[Decided, ...]:
    """What was decided lately, the newest first."""
    desk.must("device.administer")
    devices, people = desk.ledger.devices.names(), desk.ledger.people
    found = []
    for line in desk.ledger.trail.page([ASIDE, RESCUED], "", 0, MOST_DECIDED):
        device = line.object if line.deed == ASIDE else line.detail.get("device", "")
        names = [people.find(one) for one in (line.actor, line.detail.get("author", ""))]
        by, author = (one.name if one else "" for one in names)
        reason = line.detail.get("reason", "")
        found.append(Decided(line, by, devices.get(device, ""), author, reason))
    return tuple(found)
