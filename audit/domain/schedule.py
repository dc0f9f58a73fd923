"""The schedule: visits that are planned, by which day, by whom and why, and where each stands on a given day.

What the rules of a checklist ask for is planned with the seal; people plan, assign, move and cancel the rest. Overdue
is a matter of the day it is asked, so it is never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from audit.domain.history import NextVisit, Why
from audit.domain.inspections import PURPOSES, SELF_AUDIT
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.tongue import say, word

DONE, CANCELLED, REPLACED = "done", "cancelled", "replaced"
ENDS = (DONE, CANCELLED, REPLACED)
PLANNED, OVERDUE, STARTED = "planned", "overdue", "started"
STATES = (OVERDUE, PLANNED, STARTED, *ENDS)
STATE_WORDS = {
    OVERDUE: word("Overdue"),
    PLANNED: word("Planned"),
    STARTED: word("Under way"),
    DONE: word("Made"),
    CANCELLED: word("Cancelled"),
    REPLACED: word("Replaced by a later visit"),
}
LONGEST_REASON = 1000
NOBODY = "nobody"  # stands for the inspector where none is asked yet
FURTHEST = timedelta(days=3660)
ROUTINE, FOLLOW_UP = "routine", "follow-up"
PLANNABLE = tuple(purpose for purpose in PURPOSES if purpose != SELF_AUDIT)


@dataclass(frozen=True)
class Planned:
    """A visit that is planned: what for, the last day for it, who makes it (or nobody yet), and why.

    ``why`` is what a rule said, ``reason`` what a person says. ``source`` is the inspection it follows on, ``visit``
    the one that came of it. ``by_rule``: the seal of ``source`` planned it; the next seal replaces it.
    """

    id: str
    clinic_id: str
    purpose: str
    by: date
    inspector_id: str | None = None
    reason: str = ""
    why: tuple[Why, ...] = ()
    by_rule: bool = False
    source: str | None = None
    made_by: str = ""
    made_at: datetime | None = None
    visit: str | None = None
    ended: str | None = None
    ended_words: str = ""

    @property
    def open(self) -> bool:
        """Still to be made: neither over nor under way."""
        return self.ended is None and self.visit is None

    def state(self, today: date) -> str:
        """Where it stands on a day at the clinic."""
        if self.ended:
            return self.ended
        if self.visit:
            return STARTED
        return OVERDUE if today > self.by else PLANNED

    def days_left(self, today: date) -> int:
        return (self.by - today).days

    def must_be_open(self) -> None:
        """Refuse a change of what is over or under way.

        Raises:
            NotNow: with which of the two it is.
        """
        if self.ended:
            raise NotNow(say("This planned visit is over: {state}.", state=say(STATE_WORDS[self.ended])))
        if self.visit:
            raise NotNow(say("This visit is under way already."))


def check(planned: Planned, today: date) -> None:
    """Refuse a plan that nobody could keep.

    Raises:
        BadInput: with all faults.
    """
    faults = list(_faults(planned, today))
    if faults:
        raise BadInput(faults)


def _faults(planned: Planned, today: date) -> Iterable[Fault]:
    if planned.purpose not in PLANNABLE:
        yield Fault("purpose", say("Choose a purpose."))
    if planned.by < today:
        yield Fault("by", say("This day is over."))
    elif planned.by > today + FURTHEST:
        yield Fault("by", say("Choose a day within ten years."))
    if len(planned.reason) > LONGEST_REASON:
        yield Fault("reason", say("Keep this under {limit} characters.", limit=f"{LONGEST_REASON:,}"))


def after(seal_of: Planned, found: NextVisit | None) -> Planned | None:
    """The visit that a seal plans by the rules, or none; ``seal_of`` carries id, clinic, source and who sealed."""
    if found is None:
        return None
    purpose = FOLLOW_UP if found.check else ROUTINE
    return replace(seal_of, purpose=purpose, by=found.due, why=found.why, by_rule=True)


def soonest_first(planned: Iterable[Planned]) -> tuple[Planned, ...]:
    return tuple(sorted(planned, key=lambda one: (one.by, one.id)))
