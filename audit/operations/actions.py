"""Corrective actions: what is owed where, the clinic's answers, and what the inspector says of them."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.domain.actions import (
    ACCEPTED,
    FIXED,
    SENT_BACK,
    TAKEN_BACK,
    Action,
    Step,
    Unfinished,
    after_visit,
    check,
)
from audit.domain.answers import PhotoLink
from audit.domain.inspections import INSPECTION, SELF_AUDIT, Inspection
from audit.domain.people import Person, reach
from audit.domain.problems import BadInput, Fault, NotFound
from audit.domain.tongue import language, say
from audit.domain.values import cleaned
from audit.domain.visits import Visit
from audit.operations import photos
from audit.operations.desk import Desk
from audit.operations.inspections import local_time
from audit.store.ledger import MOST_COUNTED, Entry, Kept, NewStep

OWED, CLOSED = "owed", "closed"  # the clinic's turn (open or sent back); nobody's any more


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; empty means all. ``text`` are words of the clinic, ``person`` a practitioner's id."""

    state: str = ""
    clinic_id: str = ""
    severity: str = ""
    overdue: bool = False
    person: str = ""
    text: str = ""


@dataclass(frozen=True)
class Told:
    """An action with what a page says of it. ``today`` is the day at the clinic."""

    action: Action
    clinic_name: str
    time_zone: str
    inspected_on: date
    today: date
    prompt: str
    person_name: str
    citations: tuple[str, ...]

    @property
    def overdue(self) -> bool:
        return self.action.overdue(self.today)


@dataclass(frozen=True)
class Page:
    """Some actions, what presses most first; ``next`` is handed back as ``after`` for the following ones."""

    rows: tuple[Told, ...]
    next: str | None


@dataclass(frozen=True)
class Counts:
    """What the clinic owes, how much of it is overdue, and what waits for the inspector; ``MOST`` stands for more."""

    owed: int
    overdue: int
    came_in: int
    MOST = MOST_COUNTED


@dataclass(frozen=True)
class Answer:
    """What was done: by the clinic in words, on a day, with photos; or the inspector's words."""

    words: str = ""
    on: date | None = None
    photos: Sequence[bytes] = ()


# with the seal ------------------------------------------------------------------------------------------------


def follow(entry: Entry, visit: Visit) -> None:
    """Write what the seal of a visit means for actions: one opens for each finding that was not corrected on site;
    what earlier visits left open ends where this one rated the same item of the same person."""
    inspection = visit.inspection
    entry.actions.open_for(inspection.id, [str(uuid.uuid4()) for _ in visit.findings])
    marks = {(one.item, one.person): one.mark for one in visit.answers()}
    earlier = inspection.clinic_id, inspection.kind, inspection.id, inspection.inspected_on
    for kept in entry.actions.left_by_earlier(*earlier):
        kind = after_visit(marks.get((kept.action.item, kept.action.person)))
        if kind:
            step = NewStep(kind, entry.actor, None, visit=inspection.id)
            written = entry.actions.add_step(kept.action.id, step, entry.now)
            entry.note(f"action.{kind}", kept.action.id, {"visit": inspection.id, "step": written})


def take_back(entry: Entry, visit: Visit) -> None:
    """A visit was declared void: what it said of earlier actions is taken back, and what later visits saw of them
    counts instead."""
    inspection = visit.inspection
    for action_id in entry.actions.said_by(inspection.id):
        step = NewStep(TAKEN_BACK, entry.actor, None, visit=inspection.id)
        written = entry.actions.add_step(action_id, step, entry.now)
        entry.note("action.taken-back", action_id, {"visit": inspection.id, "step": written})
        _looked_at_later(entry, entry.actions.get(action_id).action, inspection)


def _looked_at_later(entry: Entry, action: Action, void: Inspection) -> None:
    """The first later visit that rated the item, and is not void itself."""
    for visit_id, document in entry.records.later(void):
        marks = {(one["item"], one["person"]): one["mark"] for one in document["answers"]}
        if kind := after_visit(marks.get((action.item, action.person))):
            step = NewStep(kind, entry.actor, None, visit=visit_id)
            written = entry.actions.add_step(action.id, step, entry.now)
            entry.note(f"action.{kind}", action.id, {"visit": visit_id, "step": written})
            return


# asking -------------------------------------------------------------------------------------------------------


def find(desk: Desk, wanted: Wanted, after: str | None = None, limit: int = 25) -> Page:
    """The actions this person may know of, overdue ones first."""
    desk.must("action.list")
    clinics, kinds, holders = _reach(desk)
    found = desk.ledger.actions.page(clinics, kinds, wanted, _days(desk), after, limit + 1, holders)
    rows = tuple(told(desk, kept) for kept in found[:limit])
    return Page(rows, found[limit - 1].action.id if found[limit:] else None)


def counts(desk: Desk, clinic_id: str = "") -> Counts:
    """How many there are, at one clinic or at all that this person reaches."""
    desk.must("action.list")
    clinics, kinds, holders = _reach(desk)
    days, here = _days(desk), Wanted(clinic_id=clinic_id)

    def number(wanted: Wanted) -> int:
        return desk.ledger.actions.count(clinics, kinds, wanted, days, holders)

    owed, overdue = replace(here, state=OWED), replace(here, overdue=True)
    return Counts(number(owed), number(overdue), number(replace(here, state=FIXED)))


def unfinished(desk: Desk, clinics: Sequence[str]) -> dict[str, tuple[Unfinished, ...]]:
    """clinic id -> what inspections found there and nobody closed yet, as far as this person may know of it."""
    reached, _, holders = _reach(desk)
    known = [one for one in clinics if reached is None or one in reached]
    return desk.ledger.actions.unfinished(known, INSPECTION, holders) if known else {}


def _reach(desk: Desk) -> tuple[frozenset[str] | None, tuple[str, ...], frozenset[str] | None]:
    """The clinics of a list, the kinds of visits (self-audits are the clinic's own), and the practitioners whose
    actions it holds, or none for those of all and of the clinic itself."""
    if desk.actor is not None and desk.actor.practitioners:
        return desk.actor.clinics, (INSPECTION, SELF_AUDIT), desk.actor.practitioners
    clinics = reach(desk.actor, "inspection.read")
    return clinics, (INSPECTION, SELF_AUDIT) if reach(desk.actor, "self-audit.read") else (INSPECTION,), None


def _days(desk: Desk) -> dict[str, date]:
    return {zone: local_time(desk.now, zone).date() for zone in desk.ledger.actions.time_zones()}


def get(desk: Desk, action_id: str) -> Told:
    """One action.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    return told(desk, _readable(desk, desk.ledger.actions.get(action_id)))


def of_visit(desk: Desk, inspection_id: str) -> tuple[Told, ...]:
    """The actions of a sealed visit, what presses most first; none of a visit this person may not read."""
    found = desk.ledger.actions.of_visit(inspection_id)
    return tuple(told(desk, kept) for kept in found if desk.knows(kept.action))


def _readable(desk: Desk, kept: Kept) -> Kept:
    if not desk.knows(kept.action):
        raise NotFound(say("There is no such action."))
    return kept


def told(desk: Desk, kept: Kept) -> Told:
    """An action in the language of the moment. Asks nobody: whoever calls it has asked."""
    checklist = desk.ledger.checklists.get(kept.checklist_sha).in_language(language())
    item, action = checklist.item(kept.action.item), kept.action
    person = desk.ledger.practitioners.find(action.person) if action.person else None
    printed = tuple(citation.printed for citation in item.citations)
    return Told(
        action=replace(action, required=item.corrective, citation="; ".join(printed)),
        clinic_name=kept.clinic_name,
        time_zone=kept.time_zone,
        inspected_on=kept.inspected_on,
        today=local_time(desk.now, kept.time_zone).date(),
        prompt=item.prompt,
        person_name=person.name if person else "",
        citations=printed,
    )


def made_by(desk: Desk, action: Action, person: Person | None) -> bool:
    """Did this person make the visit that opened the action? Asks nobody, as ``told``."""
    return person is not None and desk.ledger.inspections.get(action.inspection_id).inspector_id == person.id


def photos_before(desk: Desk, action: Action) -> tuple[PhotoLink, ...]:
    """The photos of the visit itself. Asks nobody, as ``told``."""
    links: Mapping[tuple[str, str | None], tuple[PhotoLink, ...]] = desk.ledger.inspections.links(
        action.inspection_id
    )
    return links.get((action.item, action.person), ())


# doing --------------------------------------------------------------------------------------------------------


def fix(desk: Desk, action_id: str, answer: Answer) -> None:
    """The clinic says that it is fixed: in words, on which day, with photos.

    Raises:
        BadInput: with all faults; NotNow: when it is not the clinic's turn.
    """
    kept = _readable(desk, desk.ledger.actions.get(action_id))
    desk.must(f"{kept.action.kind}.fix", kept.action.clinic_id, practitioner=kept.action.person)
    write_fix(desk, kept, answer)


def write_fix(
    desk: Desk, kept: Kept, answer: Answer, link: str | None = None, then: Callable[..., None] | None = None
) -> None:
    """Check and keep what the clinic says; over a link when there is one. Asks nobody: whoever calls it has asked.

    ``then`` is called with the entry, to write along with it.
    """
    today = local_time(desk.now, kept.time_zone).date()
    step = Step(FIXED, "", desk.now, cleaned(answer.words), answer.on, ("",) * len(answer.photos))
    check(kept.action, step, today)
    names = tuple(dict.fromkeys(_keep_photos(desk, kept.action.id, answer.photos)))
    author = "" if link or not desk.actor else desk.actor.id
    with desk.entry() as entry:
        check(entry.actions.get(kept.action.id).action, step, today)
        new = NewStep(FIXED, author, link, step.words, step.on, names)
        written = entry.actions.add_step(kept.action.id, new, desk.now)
        detail = {"photos": names, "step": written, **({"link": link} if link else {})}
        entry.note("action.fixed", kept.action.id, detail)
        if then:
            then(entry)


def _keep_photos(desk: Desk, action_id: str, given: Sequence[bytes]) -> list[str]:
    names, faults = [], []
    for place, data in enumerate(given, 1):
        try:
            names.append(photos.keep(desk, data, action_id).sha256)
        except BadInput as problem:
            words = " ".join(fault.words for fault in problem.faults)
            faults.append(Fault("photos", say("Photo {place}: {reason}", place=place, reason=words)))
    if faults:
        raise BadInput(faults)
    return names


def accept(desk: Desk, action_id: str, words: str = "") -> None:
    """The inspector accepts what the clinic did; nothing more is owed.

    Raises:
        NotNow: when the clinic has not answered, or somebody was quicker.
    """
    _judge(desk, action_id, ACCEPTED, words)


def send_back(desk: Desk, action_id: str, words: str) -> None:
    """The inspector says what is still missing; it is the clinic's turn again.

    Raises:
        BadInput: without words; NotNow: when the clinic has not answered, or somebody was quicker.
    """
    _judge(desk, action_id, SENT_BACK, words)


def _judge(desk: Desk, action_id: str, kind: str, words: str) -> None:
    kept = _readable(desk, desk.ledger.actions.get(action_id))
    desk.must(f"{kept.action.kind}.accept", kept.action.clinic_id)
    step = Step(kind, "", desk.now, cleaned(words))
    with desk.entry() as entry:
        check(entry.actions.get(action_id).action, step, local_time(desk.now, kept.time_zone).date())
        written = entry.actions.add_step(action_id, NewStep(kind, entry.actor, None, step.words), desk.now)
        entry.note(f"action.{kind}", action_id, {"step": written})
