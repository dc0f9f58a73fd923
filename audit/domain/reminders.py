"""Reminders: which things are due soon or over, told once for each notice they reach, by kinds people can turn off."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audit.domain.tongue import word

LETTER = "reminder"  # the kind of letter that tells of what is due
PAPERS, CLOCKS, ACTIONS, VISITS, RECALLS = "papers", "clocks", "actions", "visits", "recalls"
ANSWERS, CLOSURES = "answers", "closures"  # of clinics, to be looked at; and still closed
KINDS = {
    PAPERS: word("Papers that end"),
    CLOCKS: word("What comes round"),
    ACTIONS: word("What must be fixed"),
    VISITS: word("Planned visits"),
    RECALLS: word("Lots that are called back"),
    ANSWERS: word("Answers of clinics that wait"),
    CLOSURES: word("Closures that stand"),
}
OVER = "over"
# Days before the end at which each kind is told; the last one is told as over.
NOTICES: dict[str, Sequence[int]] = {PAPERS: (60, 30, 7), ACTIONS: (7, 1), VISITS: (14, 3)}
# Nobody gets a letter in the night: the clock is the clinic's.
FIRST_HOUR, LAST_HOUR = 7, 20


@dataclass(frozen=True)
class Line:
    """One thing that is due: of which kind, about what (an id that changes when it is done anew), the notice it
    reached, at which clinic, in words, with its day and where it stands on the pages. ``over`` comes first."""

    kind: str
    about: str
    notice: str
    clinic: str
    words: str
    day: date
    path: str

    @property
    def over(self) -> bool:
        return self.notice == OVER

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.about, self.notice


def reached(left: int, marks: Sequence[int]) -> str:
    """The notice that is reached with so many days left; empty while none is. One that was slept through is skipped."""
    if left < 0:
        return OVER
    near = [days for days in marks if left <= days]
    return str(min(near)) if near else ""


def untold(
    lines: Iterable[Line], told: Collection[tuple[str, str, str]], off: Collection[str]
) -> tuple[Line, ...]:
    """What a person has not been told yet and wants to hear, the most urgent first."""
    known = set(told)
    fresh = [line for line in lines if line.notice and line.kind not in off and line.key not in known]
    return in_order(fresh)


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What is over first, then by day."""
    return tuple(sorted(lines, key=lambda line: (not line.over, line.day, line.kind, line.about)))


def is_daytime(hour: int) -> bool:
    """May a letter be written at this hour of the clinic's clock?"""
    return FIRST_HOUR <= hour < LAST_HOUR
