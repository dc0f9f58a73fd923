"""Take with me: what a tablet needs of one clinic to start and make a visit there without a network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.domain import history
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.people import may
from audit.domain.problems import NotNow
from audit.operations import clinics, records
from audit.operations.desk import Desk
from audit.operations.inspections import checklist_for
from audit.operations.records import Latest


@dataclass(frozen=True)
class OpenFinding:
    """A finding of the visit before that was not corrected on site, with the photos shown there."""

    item: str
    number: str
    person: str
    severity: str
    note: str
    corrective: str
    correct_by: str
    stop: bool
    photos: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Kit:
    """A clinic, who works there, the checklist for each kind of visit this person may start, and its past.

    ``visits_before`` is how many inspections were sealed there: 0 means the next one is the first. ``repeats`` are the
    items that were OUT before, with the days.
    """

    clinic: Clinic
    practitioners: tuple[Practitioner, ...]
    checklists: Mapping[str, str]
    visits_before: int
    last: Latest | None
    open_findings: tuple[OpenFinding, ...]
    names: Mapping[str, str]
    repeats: Mapping[str, tuple[date, ...]]


def kit(desk: Desk, clinic_id: str) -> Kit:
    """What goes along to a clinic.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    clinic = clinics.get(desk, clinic_id)
    people = clinics.practitioners(desk, clinic_id)
    checklists = {kind: sha for kind in (INSPECTION, SELF_AUDIT) if (sha := _checklist(desk, clinic, kind))}
    last = records.latest(desk, clinic_id)
    # As at the start of a visit with a network: an inspection follows inspections, a self-audit whatever was last.
    before = records.latest(desk, clinic_id, (INSPECTION,)) if INSPECTION in checklists else last
    return Kit(
        clinic=clinic,
        practitioners=people,
        checklists=checklists,
        visits_before=desk.ledger.inspections.sealed_before(clinic_id),
        last=last,
        open_findings=_open(before) if before else (),
        names={person.id: person.name for person in people},
        repeats=history.all_repeats("routine", desk.ledger.records.past(clinic_id, [INSPECTION])),
    )


def _checklist(desk: Desk, clinic: Clinic, kind: str) -> str:
    if not may(desk.actor, f"{kind}.start", clinic.id):
        return ""
    try:
        return checklist_for(desk, clinic.jurisdiction, kind).sha256
    except NotNow:
        return ""


def _open(last: Latest) -> tuple[OpenFinding, ...]:
    document = last.sealed.document
    photos = {(row["item"], row["person"]): tuple(row["photos"]) for row in document["answers"]}
    return tuple(
        OpenFinding(
            item=row["item"],
            number=row["number"],
            person=row["person"] or "",
            severity=row["severity"],
            note=row["note"],
            corrective=row["corrective"],
            correct_by=row["correct_by"],
            stop=row["stop"],
            photos=photos.get((row["item"], row["person"]), ()),
        )
        for row in document["findings"]
        if not row["corrected_on_site"]
    )
