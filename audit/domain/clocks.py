"""Clocks: what must be done again and again (spore test, sharps pick-up, disinfectant change, service, training).

The interval comes from the pack, the last day from the clinic's own log or from the last inspection, whichever is
later. A clock suggests; in an inspection nothing is answered by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

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
NEVER, OVERDUE, SOON, RUNNING = "never", "overdue", "soon", "running"
LOGGED, SEEN = "logged", "seen"


@dataclass(frozen=True)
class Tick:
    """One time it was done: the day, and whether the clinic logged it or an inspector saw it."""

    kind: str
    on: date
    source: str = LOGGED


@dataclass(frozen=True)
class Clock:
    """Where a clock stands on a day. ``last`` is none when it was never done, ``due`` the last day for the next."""

    kind: str
    interval_days: int
    last: Tick | None
    state: str
    due: date | None

    @property
    def name(self) -> str:
        return say(KINDS[self.kind])

    def words(self, today: date) -> str:
        """``Last 3 days ago, next in 4 days``, or what is wrong."""
        if self.last is None or self.due is None:
            return say("Never logged")
        left = (self.due - today).days
        if left < 0:
            return several("Overdue by {number} day", "Overdue by {number} days", -left)
        return several("Due in {number} day", "Due in {number} days", left) if left else say("Due today")


def clock(kind: str, interval_days: int, ticks: Iterable[Tick], today: date) -> Clock:
    """Where the clock stands today. Days to come do not count: nobody has done tomorrow's spore test."""
    done = [tick for tick in ticks if tick.kind == kind and tick.on <= today]
    if not done:
        return Clock(kind, interval_days, None, NEVER, None)
    last = max(done, key=lambda tick: (tick.on, tick.source == SEEN))
    due = last.on + timedelta(days=interval_days)
    left = (due - today).days
    # A week ahead for long intervals, a quarter of the time for short ones.
    warn = min(7, max(1, interval_days // 4))
    state = OVERDUE if left < 0 else SOON if left <= warn else RUNNING
    return Clock(kind, interval_days, last, state, due)


def missed(start: date, every_days: int, done: Iterable[date], today: date) -> tuple[tuple[date, date], ...]:
    """The periods of a programme that ended without being done: ``(first day, last day)``, oldest first.

    A weekly self-audit due from ``start`` on has one period each ``every_days``; the running one is not missed yet.
    """
    days = sorted(done)
    found = []
    first = start
    while (last := first + timedelta(days=every_days - 1)) < today:
        if not any(first <= day <= last for day in days):
            found.append((first, last))
        first = last + timedelta(days=1)
    return tuple(found)
