"""Former findings: what the last visit left open, looked at before the sections of this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, url_for

from audit.domain.answers import PhotoLink
from audit.domain.findings import Finding, by_deadline
from audit.domain.inspections import INSPECTION, SELF_AUDIT, Inspection
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.operations import records
from audit.operations.records import Latest
from audit.web import stories
from audit.web.dates import day_words, today_in
from audit.web.gate import clock, desk
from audit.web.sections import running_visit
from audit.web.standing import left_of
from audit.web.told import KIND_WORDS, section_of

doors = Blueprint("former", __name__)


@dataclass(frozen=True)
class Former:
    """A finding that was left open: what was seen, what is left of its time, and how the item stands today.

    ``href`` leads to the item at this visit, and is empty where it is not asked; ``mark`` is today's, if any.
    """

    number: str
    severity: str
    recommended: bool
    prompt: str
    person: str
    note: str
    corrective: str
    photos: tuple[PhotoLink, ...]
    left: str
    tone: str
    day: str
    href: str
    mark: str | None


def before(inspection: Inspection) -> Latest | None:
    """The last sealed visit this one follows on. An inspection follows inspections; a self-audit whatever was last."""
    kinds = (INSPECTION,) if inspection.kind == INSPECTION else (INSPECTION, SELF_AUDIT)
    return records.latest(desk(), inspection.clinic_id, kinds)


def left_open(latest: Latest) -> list[Finding]:
    """What that visit found and nobody corrected on site, the earliest deadline first."""
    found = stories.sealed(latest.checklist, latest.sealed).findings
    return [finding for finding in by_deadline(found) if not finding.corrected_on_site]


def address_of(inspection: Inspection) -> str:
    """Where a visit that was just set up goes on: by the former findings, if there are any."""
    latest = before(inspection)
    if latest is not None and left_open(latest):
        return url_for("former.show", visit_id=inspection.id)
    return url_for("visits.show", visit_id=inspection.id)


@doors.get("/visits/<uuid:visit_id>/former")
def show(visit_id: UUID) -> str:
    visit = running_visit(visit_id)
    latest = before(visit.inspection)
    return render_template(
        "visits/former.html",
        visit=visit,
        rows=_rows(visit, latest) if latest else [],
        **{"from": _from(latest) if latest else None},
    )


def _from(latest: Latest) -> dict[str, str]:
    words = say("{kind} of {day}", kind=say(KIND_WORDS[latest.kind]), day=day_words(latest.inspected_on))
    return {"href": url_for("visits.show", visit_id=latest.visit_id), "words": words}


def _rows(visit: Visit, latest: Latest) -> list[Former]:
    names = stories.sealed(latest.checklist, latest.sealed).names
    today = today_in(visit.inspection.time_zone, clock())
    return [_row(visit, latest, finding, names, today) for finding in left_open(latest)]


def _row(visit: Visit, latest: Latest, finding: Finding, names: Mapping[str, str], today: date) -> Former:
    left, tone = left_of(finding, today)
    href, mark = _today(visit, finding)
    return Former(
        number=finding.number,
        severity=finding.severity,
        recommended=finding.standing != "official",
        prompt=latest.checklist.item(finding.item).prompt,
        person=names.get(finding.person or "", ""),
        note=finding.note,
        corrective=finding.corrective,
        photos=finding.photos,
        left=left,
        tone=tone,
        day=day_words(finding.correct_by),
        href=href,
        mark=mark,
    )


def _today(visit: Visit, finding: Finding) -> tuple[str, str | None]:
    """Where the same item of the same person is asked at this visit, and its mark; nothing where it is not."""
    entries = [entry for entry in visit.journey.entries() if entry.item.key == finding.item]
    if not entries:
        return "", None
    same = [entry for entry in entries if entry.person == finding.person]
    if not same and finding.person is not None:
        return "", None  # that practitioner is not on duty today
    entry = (same or entries)[0]
    key, anchor = section_of(visit.checklist, finding.item), f"i-{entry.item.number}"
    answer = entry.reading.answer
    mark = None if answer.preset else answer.mark
    return url_for("sections.show", visit_id=visit.inspection.id, key=key, _anchor=anchor), mark
