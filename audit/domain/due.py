"""When must a finding be corrected? Days are counted from the visit's local date."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from audit.domain.tongue import say, several, word

WEEKDAYS = (
    word("monday"),
    word("tuesday"),
    word("wednesday"),
    word("thursday"),
    word("friday"),
    word("saturday"),
    word("sunday"),
)


@dataclass(frozen=True)
class Calendar:
    """The working days of a jurisdiction: its weekend (0 is Monday) and its holidays."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def after(self, start: date, working_days: int) -> date:
        """The day on which that many working days have passed; the start does not count."""
        day = start
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day


@dataclass(frozen=True)
class CorrectBy:
    """How long a correction may take.

    kind: ``days``, ``working_days`` or ``next_visit``; count: how many; stop: no procedure before it is done.
    """

    kind: str
    count: int = 0
    stop: bool = False

    @property
    def words(self) -> str:
        if self.stop:
            return say("before any further procedure")
        if self.kind == "next_visit":
            return say("by the next visit")
        if self.count == 0:
            return say("at once")
        if self.kind == "working_days":
            return several("within {number} working day", "within {number} working days", self.count)
        return several("within {number} day", "within {number} days", self.count)


@dataclass(frozen=True)
class FollowUp:
    """A follow-up after the status: days to the next routine visit, and to the check after a grave finding.

    ``routine_only`` compares routine visits with routine visits; ``source`` is where the rule stands.
    """

    routine_days: int = 180
    check_days: int = 30
    routine_only: bool = False
    source: str = ""


@dataclass(frozen=True)
class PlacardRules:
    """What a placard scheme leaves open: what minor findings alone come to, and when to come back."""

    minor_only: str = "pass-with-notes"
    working_days: int = 2
    source: str = ""


@dataclass(frozen=True)
class DueRules:
    """What a published checklist says about deadlines."""

    calendar: Calendar = field(default_factory=Calendar)
    severity_days: tuple[tuple[str, int], ...] = (("critical", 7), ("major", 14), ("minor", 14))
    next_visit_days: int | None = None
    follow_up: FollowUp | None = None
    placards: PlacardRules | None = None

    def due(self, correct_by: CorrectBy | None, severity: str, inspected_on: date) -> date:
        """The correct-by date: the item's own rule, else by severity (Tennessee's 7 and 14 days)."""
        if correct_by is None:
            return inspected_on + timedelta(days=dict(self.severity_days)[severity])
        if correct_by.kind == "working_days":
            return self.calendar.after(inspected_on, correct_by.count)
        if correct_by.kind == "next_visit":
            if self.next_visit_days is None:
                return inspected_on + timedelta(days=dict(self.severity_days)[severity])
            return inspected_on + timedelta(days=self.next_visit_days)
        return inspected_on + timedelta(days=correct_by.count)

    def next_visit(self, inspected_on: date) -> date | None:
        """The next routine visit by the pack's plain interval, or none where it has none."""
        if self.next_visit_days is None:
            return None
        return inspected_on + timedelta(days=self.next_visit_days)
