"""What a clinic said of itself before an inspection, beside what the inspector found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.domain.checklists import Checklist
from audit.domain.clinics import Clinic
from audit.domain.comparing import Comparison, compare, marks_by_item
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.people import may
from audit.domain.tongue import language
from audit.operations.desk import Desk
from audit.store.ledger import Outcome

MOST_VISITS = 60


@dataclass(frozen=True)
class Side:
    """One of the two visits: its id, its day, and the words that were noted for each item."""

    visit_id: str
    on: date
    notes: dict[str, str]


@dataclass(frozen=True)
class Compared:
    """A comparison with its two sides; ``others`` are the inspections that could be chosen, newest first."""

    clinic: Clinic
    checklist: Checklist
    self_audit: Side
    inspection: Side
    comparison: Comparison
    others: tuple[tuple[str, date], ...]


def of_clinic(desk: Desk, clinic_id: str, inspection_id: str = "") -> Compared | None:
    """An inspection, by default the newest, beside the last self-audit before it; none without such a pair.

    The agency meets only self-audits that the clinic shares.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    desk.must("clinic.read", clinic_id)
    audits = _readable_audits(desk, clinic_id)
    pairs = [
        (row, audit)
        for row in reversed(desk.ledger.records.trend(clinic_id, INSPECTION, MOST_VISITS))
        if (audit := _before(audits, row))
    ]
    chosen = next((pair for pair in pairs if pair[0].inspection_id == inspection_id), None)
    if not pairs or (inspection_id and chosen is None):
        return None
    inspection, audit = chosen or pairs[0]
    found, said = _document(desk, inspection), _document(desk, audit)
    sha256 = found["checklist"]["sha256"]
    return Compared(
        clinic=desk.ledger.clinics.get(clinic_id),
        checklist=desk.ledger.checklists.get(sha256).in_language(language()),
        self_audit=_side(audit, said),
        inspection=_side(inspection, found),
        comparison=compare(marks_by_item(said["answers"]), marks_by_item(found["answers"])),
        others=tuple((row.inspection_id, row.inspected_on) for row, _ in pairs),
    )


def _readable_audits(desk: Desk, clinic_id: str) -> Sequence[Outcome]:
    """Newest first."""
    every = desk.ledger.records.trend(clinic_id, SELF_AUDIT, MOST_VISITS)[::-1]
    if may(desk.actor, f"{SELF_AUDIT}.read", clinic_id):
        return every
    shared = desk.ledger.records.shared(clinic_id)
    return [row for row in every if row.inspection_id in shared]


def _before(audits: Sequence[Outcome], inspection: Outcome) -> Outcome | None:
    return next((row for row in audits if row.inspected_on <= inspection.inspected_on), None)


def _document(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    """The record as it stands now."""
    amended = desk.ledger.amendments.document(outcome.inspection_id)
    return amended[1] if amended else desk.ledger.records.get(outcome.inspection_id).document


def _side(outcome: Outcome, document: dict[str, Any]) -> Side:
    notes: dict[str, list[str]] = {}
    for answer in document["answers"]:
        if answer["note"]:
            notes.setdefault(answer["item"], []).append(answer["note"])
    return Side(
        outcome.inspection_id,
        outcome.inspected_on,
        {item: "\n".join(words) for item, words in notes.items()},
    )
