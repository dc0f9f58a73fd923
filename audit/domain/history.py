"""What earlier visits of a clinic say about this one: repeats, and when the next visit is due.

Sources: a repeat is the same item OUT at the previous inspection of the same clinic, corrected or not; the
follow-up after the status is Alabama 420-3-23-.16 (180 days, or 30 after an uncorrected or repeated finding).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.due import Calendar, DueRules, FollowUp
from audit.domain.tongue import say, several, word

INTERVAL, UNCORRECTED, AGAIN, STILL, SECOND, PLACARD = (
    "interval",
    "uncorrected-critical",
    "corrected-again",
    "still-there",
    "second-repeat",
    "placard",
)
REASON_WORDS = {
    INTERVAL: word("Nothing that asks for an earlier visit."),
    UNCORRECTED: word("A critical finding was not corrected during the visit."),
    AGAIN: word("A critical finding that was corrected last time is there again."),
    STILL: word(
        "A critical finding that was not corrected last time is still there: the rule names a notice of intent to"
        " suspend or revoke."
    ),
    SECOND: word("A finding is there for the second time as a repeat."),
    PLACARD: word("The placard asks for a re-inspection."),
}
# A follow-up does not look at everything; further back than this nobody asks.
MOST_PAST = 12


@dataclass(frozen=True)
class Past:
    """A sealed inspection: its day, its purpose, and each item that was OUT with whether it was corrected on site.

    ``asked`` are the items of a visit that looked at some only; none stands for the whole checklist.
    """

    inspected_on: date
    purpose: str
    outs: Mapping[str, bool]
    asked: frozenset[str] | None = None

    def looked_at(self, item: str) -> bool:
        return self.asked is None or item in self.asked


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
class Why:
    """One reason (``REASON_WORDS``) for the day of the next visit, and the items that gave it."""

    code: str
    items: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return say(REASON_WORDS[self.code])


@dataclass(frozen=True)
class NextVisit:
    """When the next visit is due, whether it is the earlier compliance check, and why."""

    due: date
    check: bool
    why: tuple[Why, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.why)


def repeats(item: str, purpose: str, history: Iterable[Past], routine_only: bool = False) -> tuple[date, ...]:
    """The days of the unbroken run of visits, newest first, at which the item was OUT before this one.

    Empty when it is no repeat. ``routine_only`` compares routine visits with routine visits, as Alabama does. A visit
    that did not ask the item says nothing about it.
    """
    run: list[date] = []
    for past in _compared(purpose, history, routine_only):
        if not past.looked_at(item):
            continue
        if item not in past.outs:
            break
        run.append(past.inspected_on)
    return tuple(run)


def all_repeats(
    purpose: str, history: Sequence[Past], routine_only: bool = False
) -> Mapping[str, tuple[date, ...]]:
    """Every item that would be a repeat if it were OUT now, with the days."""
    items = {item for past in history for item in past.outs}
    found = {item: repeats(item, purpose, history, routine_only) for item in sorted(items)}
    return {item: days for item, days in found.items() if days}


def next_visit(
    outs: Iterable[Out], history: Iterable[Past], inspected_on: date, rule: FollowUp, purpose: str = "routine"
) -> NextVisit:
    """When to come back after this visit, and why. ``outs`` and ``history`` are of one clinic."""
    earlier = _compared(purpose, history, rule.routine_only)
    found: dict[str, list[str]] = {}
    for out in outs:
        if code := _reason(out, earlier):
            found.setdefault(code, []).append(out.item)
    days = rule.check_days if found else rule.routine_days
    why = tuple(Why(code, tuple(dict.fromkeys(items))) for code, items in found.items())
    return NextVisit(inspected_on + timedelta(days=days), bool(found), why or (Why(INTERVAL),))


def next_by(
    rules: DueRules,
    outs: Iterable[Out],
    history: Iterable[Past],
    inspected_on: date,
    purpose: str,
    come_back_by: date | None = None,
) -> NextVisit | None:
    """The next visit by what a published checklist says, or none where it says nothing.

    ``come_back_by`` is the day a placard asks for; the earliest day stands, with the reasons for it.
    """
    plain = rules.next_visit(inspected_on)
    found = []
    if rules.follow_up:
        found.append(next_visit(outs, history, inspected_on, rules.follow_up, purpose))
    elif plain:
        found.append(NextVisit(plain, False, (Why(INTERVAL),)))
    if come_back_by:
        found.append(NextVisit(come_back_by, True, (Why(PLACARD),)))
    return min(found, key=lambda one: one.due, default=None)


def within_working_days(inspected_on: date, calendar: Calendar, working_days: int = 2) -> date:
    """The re-inspection of a placard scheme: two business days unless the pack says otherwise (Toronto's 48 hours)."""
    return calendar.after(inspected_on, working_days)


def rule_words(rule: FollowUp) -> str:
    """``every 180 days, or within 30 after ...``, as a checklist's page says it."""
    routine = several("every {number} day", "every {number} days", rule.routine_days)
    return say(
        "{routine}, or {days} days after an uncorrected or repeated finding",
        routine=routine,
        days=rule.check_days,
    )


def _compared(purpose: str, history: Iterable[Past], routine_only: bool) -> Sequence[Past]:
    """The visits this one is compared with, newest first."""
    if routine_only and purpose != "routine":
        return ()
    kept = [past for past in history if not routine_only or past.purpose == "routine"]
    return sorted(kept, key=lambda past: past.inspected_on, reverse=True)


def _reason(out: Out, earlier: Sequence[Past]) -> str:
    asked = [past.outs for past in earlier if past.looked_at(out.item)]
    last, before_last = (asked[place] if len(asked) > place else {} for place in (0, 1))
    if not out.critical:
        return SECOND if out.item in last and out.item in before_last else ""
    if out.item in last and not last[out.item]:
        return STILL
    if not out.corrected_on_site:
        return UNCORRECTED
    return AGAIN if out.item in last else ""
