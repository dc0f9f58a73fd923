"""Clocks: what must be done again and again (spore test, sharps pick-up, disinfectant change, service, training).

The interval comes from the pack, the last day from the clinic's own log or from the last inspection, whichever is
later. A clock suggests; in an inspection nothing is answered by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.checklists import Checklist, Item
from audit.domain.conditions import decide
from audit.domain.limits import Limit, days_words, months_before
from audit.domain.problems import Fault
from audit.domain.tongue import say, several, word

KINDS = {
    "spore-test": word("Spore test"),
    "sharps-pick-up": word("Sharps pick-up"),
    "disinfectant-change": word("Disinfectant change"),
    "autoclave-service": word("Autoclave service"),
    "training": word("Infection-control training"),
}
# The item whose value tells the same in an inspection: ``item#part``.
ITEMS: Mapping[str, str] = {
    "spore-test": "autoclave.spore-date#date",
    "sharps-pick-up": "sharps.disposal#date",
    "training": "training.ipc-plan-annual#date",
}
# The item that says whether a clinic has such a thing at all.
ASKED_BY: Mapping[str, str] = {
    "spore-test": "autoclave.spore-date",
    "sharps-pick-up": "sharps.disposal",
    "disinfectant-change": "disinfect.product",
    "autoclave-service": "autoclave.medical-grade",
    "training": "training.ipc-plan-annual",
}
NEVER, OVERDUE, SOON, RUNNING, UNSET = "never", "overdue", "soon", "running", "unset"
MOST_DAYS, LONGEST_NOTE = 3660, 500
LOGGED, SEEN = "logged", "seen"


@dataclass(frozen=True)
class Interval:
    """How often: so many calendar months and days after the last time."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The last day for the next time."""
        return months_before(day, -self.months) + timedelta(days=self.days)

    @property
    def words(self) -> str:
        """``every month``, ``every 30 days``"""
        if self.months and self.days:
            months = several("{number} month", "{number} months", self.months)
            return say("every {months} and {days}", months=months, days=days_words(self.days))
        if self.months == 1:
            return say("every month")
        if self.months:
            return several("every {number} month", "every {number} months", self.months)
        if self.days == 1:
            return say("every day")
        return several("every {number} day", "every {number} days", self.days)


def interval_of(limit: Limit | None) -> Interval | None:
    """The interval a pack sets: how old the last time may be."""
    if limit is None or limit.kind != "max-age" or not (limit.months or limit.days):
        return None
    return Interval(limit.months, limit.days)


@dataclass(frozen=True)
class Wanted:
    """A clock that a clinic needs, with the pack's interval (none: the pack names none) and where that stands."""

    kind: str
    interval: Interval | None
    source: str = ""


def wanted(checklist: Checklist, profile: Mapping[str, object]) -> tuple[Wanted, ...]:
    """The clocks of a clinic with this profile; a fact nobody stated keeps the clock."""
    known = {item.key: item for item in checklist.items()}
    found = []
    for kind, key in ASKED_BY.items():
        item = known.get(key)
        if item is None:
            continue
        applies = decide(item.applies_when, profile)
        if applies.applies or not applies.known:
            limit = _limit(known, kind, profile)
            found.append(Wanted(kind, interval_of(limit), limit.source if limit else ""))
    return tuple(found)


def _limit(known: Mapping[str, Item], kind: str, profile: Mapping[str, object]) -> Limit | None:
    key, _, name = ITEMS.get(kind, "").partition("#")
    parts = known[key].value_parts if key in known else ()
    limit = next((part.limit for part in parts if part.key == name), None)
    return limit.standing_for(profile) if limit else None


@dataclass(frozen=True)
class Tick:
    """One time it was done: the day, and whether the clinic logged it or an inspector saw it."""

    kind: str
    on: date
    source: str = LOGGED


@dataclass(frozen=True)
class Clock:
    """Where a clock stands on a day. ``last`` is none when it was never done, ``due`` the last day for the next;
    ``interval`` is none while nobody said how often."""

    kind: str
    interval: Interval | None
    last: Tick | None
    state: str
    due: date | None

    @property
    def name(self) -> str:
        return say(KINDS[self.kind])

    def words(self, today: date) -> str:
        """``Last 3 days ago, next in 4 days``, or what is wrong."""
        if self.interval is None:
            return say("How often is not set")
        if self.last is None or self.due is None:
            return say("Never logged")
        left = (self.due - today).days
        if left < 0:
            return several("Overdue by {number} day", "Overdue by {number} days", -left)
        return several("Due in {number} day", "Due in {number} days", left) if left else say("Due today")


def clock(
    kind: str, interval: Interval | None, ticks: Iterable[Tick], today: date, own: Interval | None = None
) -> Clock:
    """Where the clock stands today. Days to come do not count: nobody has done tomorrow's spore test.

    ``own`` is the interval the clinic keeps to: it counts where the pack names none, or a longer one.
    """
    done = [tick for tick in ticks if tick.kind == kind and tick.on <= today]
    last = max(done, key=lambda tick: (tick.on, tick.source == SEEN), default=None)
    since = last.on if last else today
    shorter = min(filter(None, (interval, own)), key=lambda one: one.after(since), default=None)
    if shorter is None:
        return Clock(kind, None, last, UNSET, None)
    if last is None:
        return Clock(kind, shorter, None, NEVER, None)
    due = shorter.after(last.on)
    left = (due - today).days
    # A week ahead for long intervals, a quarter of the time for short ones.
    warn = min(7, max(1, (due - last.on).days // 4))
    state = OVERDUE if left < 0 else SOON if left <= warn else RUNNING
    return Clock(kind, shorter, last, state, due)


def faults(kind: str, on: date | None, note: str, today: date) -> tuple[Fault, ...]:
    """What is wrong with an entry in the log."""
    found = []
    if kind not in KINDS:
        found.append(Fault("kind", say("Choose what was done.")))
    if on is None:
        found.append(Fault("on", say("Give the day.")))
    elif on > today:
        found.append(Fault("on", say("This day has not come yet.")))
    if len(note) > LONGEST_NOTE:
        found.append(Fault("note", say("Keep it to {limit} characters.", limit=LONGEST_NOTE)))
    return tuple(found)
