"""Self-audit programmes: how often a clinic looks at itself, which times are behind it, and which it missed.

A time is a stretch of days from the programme's first day on: a week, a month or a quarter. It is kept when a
self-audit was sealed for one of its days. What is missed follows from the days, so it is never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.limits import months_before
from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say, word

WEEK, MONTH, QUARTER = "week", "month", "quarter"
EVERY = {WEEK: word("Every week"), MONTH: word("Every month"), QUARTER: word("Every quarter")}
_MONTHS = {MONTH: 1, QUARTER: 3}
KEPT, MISSED, DUE = "kept", "missed", "due"
MOST_TIMES = 1000


@dataclass(frozen=True)
class Programme:
    """What a clinic set itself: how often, from which day on, and the day it ended it, if it did."""

    id: str
    clinic_id: str
    every: str
    since: date
    ended_on: date | None = None

    @property
    def words(self) -> str:
        return say(EVERY[self.every])


@dataclass(frozen=True)
class Time:
    """One time of a programme, both days included; ``done`` is the first self-audit in it."""

    first: date
    last: date
    done: date | None

    def state(self, today: date) -> str:
        if self.done:
            return KEPT
        return MISSED if today > self.last else DUE


def check(programme: Programme) -> None:
    """Refuse what is no programme.

    Raises:
        BadInput: with what is wrong.
    """
    if programme.every not in EVERY:
        raise BadInput([Fault("every", say("Choose how often."))])


def times(programme: Programme, done: Iterable[date], today: date) -> tuple[Time, ...]:
    """The times that have begun, oldest first (of the newest ``MOST_TIMES``); ``done`` are days of self-audits."""
    end = min(today, programme.ended_on) if programme.ended_on else today
    days, found, place = sorted(done), [], 0
    while (first := begins(programme, place)) <= end:
        place += 1
        last = begins(programme, place) - timedelta(days=1)
        if programme.ended_on and last > programme.ended_on:
            break  # broken off: nobody owes what was ended meanwhile
        found.append(Time(first, last, next((day for day in days if first <= day <= last), None)))
    return tuple(found[-MOST_TIMES:])


def begins(programme: Programme, place: int) -> date:
    """The first day of a time, counted from 0. A month that is too short takes its last day."""
    if programme.every == WEEK:
        return programme.since + timedelta(weeks=place)
    return months_before(programme.since, -place * _MONTHS[programme.every])


def missed_last(programme: Programme, audited: date | None, today: date) -> bool:
    """Was the last time that ended missed? ``audited`` is the day of the clinic's last self-audit. Whoever looked at
    themselves since that time began has kept it, or made up for it."""
    place = _running(programme, today)
    return place > 0 and (audited is None or audited < begins(programme, place - 1))


def _running(programme: Programme, today: date) -> int:
    """Which time runs on a day, counted from 0; negative before the first."""
    if programme.every == WEEK:
        return (today - programme.since).days // 7
    months = (today.year - programme.since.year) * 12 + today.month - programme.since.month
    place = months // _MONTHS[programme.every]
    return place if begins(programme, place) <= today else place - 1


def missed(found: Iterable[Time], today: date) -> tuple[Time, ...]:
    return tuple(time for time in found if time.state(today) == MISSED)
