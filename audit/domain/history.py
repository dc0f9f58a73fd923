"""What earlier visits of a clinic say about this one: repeats, and when the next visit is due.

Sources: a repeat is the same item OUT at the previous inspection of the same clinic, corrected or not; the
follow-up after the status is Alabama 420-3-23-.16 (180 days, or 30 after an uncorrected or repeated finding).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.due import Calendar
from audit.domain.tongue import say


@dataclass(frozen=True)
class Past:
    """A sealed inspection: its day, its purpose, and each item that was OUT with whether it was corrected on site."""

    inspected_on: date
    purpose: str
    outs: Mapping[str, bool]


@dataclass(frozen=True)
class Out:
    """An item that is OUT now."""

    item: str
    severity: str
    corrected_on_site: bool

    @property
    def critical(self) -> bool:
        return self.severity == "critical"


@dataclass(frozen=True)
class FollowUp:
    """The rule of a jurisdiction: days to the next routine visit, and to the check after a grave finding."""

    routine_days: int = 180
    check_days: int = 30


@dataclass(frozen=True)
class NextVisit:
    """When the next visit is due, whether it is the earlier compliance check, and the reasons in words."""

    due: date
    check: bool
    reasons: tuple[str, ...]


def repeats(item: str, purpose: str, history: Iterable[Past], routine_only: bool = False) -> tuple[date, ...]:
    """The days of the unbroken run of visits, newest first, at which the item was OUT before this one.

    Empty when it is no repeat. ``routine_only`` compares routine visits with routine visits, as Alabama does.
    """
    if routine_only and purpose != "routine":
        return ()
    run: list[date] = []
    for past in _newest_first(history):
        if routine_only and past.purpose != "routine":
            continue
        if item not in past.outs:
            break
        run.append(past.inspected_on)
    return tuple(run)


def next_visit(outs: Iterable[Out], history: Iterable[Past], inspected_on: date, rule: FollowUp) -> NextVisit:
    """When to come back after this visit, and why. ``outs`` and ``history`` are of one clinic."""
    earlier = _newest_first(history)
    reasons = tuple(dict.fromkeys(reason for out in outs if (reason := _reason(out, earlier))))
    days = rule.check_days if reasons else rule.routine_days
    words = reasons or (say("Nothing that asks for an earlier visit."),)
    return NextVisit(inspected_on + timedelta(days=days), bool(reasons), words)


def within_working_days(inspected_on: date, calendar: Calendar, working_days: int = 2) -> date:
    """The re-inspection of a placard scheme: two business days unless the pack says otherwise (Toronto's 48 hours)."""
    return calendar.after(inspected_on, working_days)


def _newest_first(history: Iterable[Past]) -> Sequence[Past]:
    return sorted(history, key=lambda past: past.inspected_on, reverse=True)


def _reason(out: Out, earlier: Sequence[Past]) -> str:
    if out.critical and not out.corrected_on_site:
        return say("A critical finding was not corrected during the visit.")
    last = earlier[0].outs if earlier else {}
    if out.critical and last.get(out.item):
        return say("A critical finding that was corrected last time is there again.")
    before_last = earlier[1].outs if len(earlier) > 1 else {}
    if not out.critical and out.item in last and out.item in before_last:
        return say("A finding is there for the second time as a repeat.")
    return ""
