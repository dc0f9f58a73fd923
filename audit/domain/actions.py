"""Corrective actions: what must be done about a finding, from the seal to the day somebody accepts it.

A step is never changed or taken back; where an action stands follows from its steps. Overdue is a matter of the
day it is asked, so it is never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from audit.domain.answers import IN, OUT
from audit.domain.checklists import SEVERITIES
from audit.domain.inspections import INSPECTION
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.tongue import say, word

OPEN, FIXED, SENT_BACK, ACCEPTED = "open", "fixed", "sent-back", "accepted"
# What a later visit says of it: in order, or found again, and then the new finding has an action of its own.
CONFIRMED, FOUND_AGAIN = "confirmed", "found-again"
TAKEN_BACK = "taken-back"  # the visit that said so was declared void: it counts nowhere
STATES = (OPEN, FIXED, SENT_BACK, ACCEPTED, CONFIRMED, FOUND_AGAIN)
CLOSED = (ACCEPTED, CONFIRMED, FOUND_AGAIN)
STATE_WORDS = {
    OPEN: word("Open"),
    FIXED: word("Said to be fixed"),
    SENT_BACK: word("Sent back"),
    ACCEPTED: word("Accepted"),
    CONFIRMED: word("Seen in order at a later visit"),
    FOUND_AGAIN: word("Found again at a later visit"),
    TAKEN_BACK: word("That visit was declared void: what it said here is taken back"),
}
LONGEST_WORDS, MOST_PHOTOS = 4000, 12


@dataclass(frozen=True)
class Step:
    """One thing that was done: by the clinic (``fixed``), by the inspector (``sent-back``, ``accepted``), by the seal
    of a later visit (``confirmed``, ``found-again``), whose id is ``visit``, or by declaring that visit void
    (``taken-back``).

    ``by`` is who says so, ``on`` the local day it was done, ``photos`` the SHA-256 of what was photographed after.
    """

    kind: str
    by: str
    at: datetime
    words: str = ""
    on: date | None = None
    photos: tuple[str, ...] = ()
    visit: str | None = None


@dataclass(frozen=True)
class Action:
    """One finding that was not corrected on site. Everything but ``steps`` is as frozen at the seal.

    ``kind`` is the visit's: who accepts depends on it. ``stop``: no procedure before it is corrected.
    """

    id: str
    inspection_id: str
    clinic_id: str
    item: str
    number: str
    person: str | None
    severity: str
    required: str
    citation: str
    seen: str
    correct_by: date
    steps: tuple[Step, ...] = ()
    kind: str = INSPECTION
    standing: str = "official"
    stop: bool = False

    @property
    def state(self) -> str:
        """By the last step that holds."""
        back = {step.visit for step in self.steps if step.kind == TAKEN_BACK}
        return next(
            (step.kind for step in reversed(self.steps) if not (step.visit and step.visit in back)), OPEN
        )

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    @property
    def waits_for(self) -> str:
        """Whose turn it is: ``clinic``, ``inspector``, or nobody's any more."""
        return "" if self.closed else "inspector" if self.state == FIXED else "clinic"

    def overdue(self, today: date) -> bool:
        """The clinic still owes it and its day is over. What waits for the inspector is not the clinic's delay."""
        return self.waits_for == "clinic" and today > self.correct_by

    def days_left(self, today: date) -> int:
        return (self.correct_by - today).days

    def days_to_fix(self, inspected_on: date) -> int | None:
        """Days from the visit to the fix that was accepted; none while it is not."""
        fixed = [step.on or step.at.date() for step in self.steps if step.kind == FIXED]
        return (fixed[-1] - inspected_on).days if self.closed and fixed else None


@dataclass(frozen=True)
class Unfinished:
    """An action as it counts at a glance; ``owed`` by the clinic, else it waits for the inspector."""

    correct_by: date
    stop: bool = False
    owed: bool = True


def check(action: Action, step: Step, today: date) -> None:
    """Refuse a step that does not fit where the action stands, or lacks what it needs.

    Raises:
        NotNow: somebody else was quicker, or it is not this side's turn.
        BadInput: words, the day or the photos are wrong.
    """
    if action.closed:
        raise NotNow(say("This action is closed. Nothing more is to be done."))
    if step.kind in (ACCEPTED, SENT_BACK) and action.state != FIXED:
        raise NotNow(say("The clinic has not said yet that this is fixed."))
    if step.kind == FIXED and action.state == FIXED:
        raise NotNow(say("This was answered already and waits for the inspector."))
    faults = list(_faults(step, today))
    if faults:
        raise BadInput(faults)


def _faults(step: Step, today: date) -> Iterable[Fault]:
    if step.kind not in (FIXED, SENT_BACK, ACCEPTED, CONFIRMED, FOUND_AGAIN):
        yield Fault("kind", say("Choose what was done."))
    if step.kind == SENT_BACK and not step.words.strip():
        yield Fault("words", say("Say what is still missing, so that the clinic can put it right."))
    if step.kind == FIXED and not step.words.strip() and not step.photos:
        yield Fault("words", say("Say what was done, or add a photo of it."))
    if len(step.words) > LONGEST_WORDS:
        yield Fault("words", say("Keep this under {limit} characters.", limit=f"{LONGEST_WORDS:,}"))
    if step.on and step.on > today:
        yield Fault("on", say("This day is still to come."))
    if len(step.photos) > MOST_PHOTOS:
        yield Fault("photos", say("Add at most {limit} photos.", limit=MOST_PHOTOS))


def after_visit(mark: str | None) -> str | None:
    """What the seal of a later visit says of an action, by the mark its item has there; nothing unless it was rated."""
    return {IN: CONFIRMED, OUT: FOUND_AGAIN}.get(mark or "")


def overdue_first(actions: Iterable[Action], today: date) -> tuple[Action, ...]:
    """Overdue ones first, then what is due soonest, the gravest first; accepted ones last."""
    return tuple(
        sorted(
            actions,
            key=lambda one: (
                one.closed,
                not one.overdue(today),
                one.waits_for != "clinic",
                one.correct_by,
                SEVERITIES.index(one.severity),
                one.number,
            ),
        )
    )
