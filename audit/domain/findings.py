"""A failed item is a finding: one line per item, or per practitioner who is OUT."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from audit.domain.answers import OUT, Key, PhotoLink
from audit.domain.checklists import SEVERITIES
from audit.domain.due import DueRules
from audit.domain.steps import Entry, Journey


@dataclass(frozen=True)
class Finding:
    """What was found OUT, how badly, what must be done, and by when. ``stop``: no procedure before that.

    ``repeats`` are the days of the visits before at which the item was OUT too, newest first; ``service`` is the one it
    concerns where a placard scheme asks that, none for the whole establishment.
    """

    item: str
    number: str
    person: str | None
    severity: str
    standing: str
    note: str
    corrective: str
    corrected_on_site: bool
    correct_by: date
    stop: bool
    photos: tuple[PhotoLink, ...]
    repeats: tuple[date, ...] = ()
    service: str | None = None

    @property
    def key(self) -> Key:
        return self.item, self.person

    @property
    def uncorrected_critical(self) -> bool:
        return self.severity == "critical" and not self.corrected_on_site


def of(journey: Journey, rules: DueRules, inspected_on: date) -> tuple[Finding, ...]:
    """The findings of a visit in the order of the checklist."""
    return tuple(
        _finding(entry, rules, inspected_on)
        for entry in journey.entries()
        if entry.reading.answer.mark == OUT
    )


def _finding(entry: Entry, rules: DueRules, inspected_on: date) -> Finding:
    item, answer = entry.item, entry.reading.answer
    due = answer.correct_by or rules.due(item.correct_by, item.severity, inspected_on)
    return Finding(
        item=item.key,
        number=item.number,
        person=entry.person,
        severity=item.severity,
        standing=item.standing,
        note=answer.note,
        corrective=item.corrective,
        corrected_on_site=answer.corrected_on_site,
        correct_by=due,
        stop=bool(item.correct_by and item.correct_by.stop),
        photos=answer.photos,
    )


def by_deadline(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Open ones first, the earliest and gravest on top; corrected ones last."""
    return tuple(
        sorted(
            findings,
            key=lambda found: (
                found.corrected_on_site,
                found.correct_by,
                SEVERITIES.index(found.severity),
                found.number,
            ),
        )
    )
