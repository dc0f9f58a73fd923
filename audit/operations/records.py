"""Sealed records, for those who may read the visit: one, the latest of a clinic, and how results went over time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from audit.domain.checklists import Checklist
from audit.domain.inspections import INSPECTION, SEALED, SELF_AUDIT
from audit.domain.people import may
from audit.domain.problems import NotNow
from audit.domain.records import Sealed
from audit.domain.tongue import language, say
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit
from audit.store.ledger import Outcome


@dataclass(frozen=True)
class Latest:
    """The newest sealed visit of a clinic: its kind, its day, its record and the checklist it was made on."""

    visit_id: str
    kind: str
    inspected_on: date
    sealed: Sealed
    checklist: Checklist


@dataclass(frozen=True)
class Point:
    """What one sealed visit came to. ``score`` is in tenths, none when nothing was rated."""

    visit_id: str
    on: date
    status: str
    score: int | None
    findings: int
    open_findings: int


@dataclass(frozen=True)
class Again:
    """An item that was OUT at several inspections of a clinic: in the words of the latest one, and on which days."""

    words: str
    days: tuple[date, ...]


def sealed(desk: Desk, inspection_id: str) -> Sealed:
    """The record as it was sealed, with the people's part.

    Raises:
        NotFound: when the visit is not this person's to read.
        NotNow: while it is not sealed.
    """
    if open_visit(desk, inspection_id).inspection.state != SEALED:
        raise NotNow(say("This visit is not sealed."))
    return desk.ledger.records.get(inspection_id)


def standing(desk: Desk, inspection_id: str) -> Sealed:
    """The record as it stands now: as amended, else as it was sealed; see ``sealed``."""
    record = sealed(desk, inspection_id)
    return _standing(desk, record)


def _standing(desk: Desk, record: Sealed) -> Sealed:
    found = desk.ledger.amendments.document(record.document["id"])
    return Sealed(found[1], record.persons, found[0]) if found else record


def readable_kinds(desk: Desk, clinic_id: str) -> tuple[str, ...]:
    """The kinds of sealed visits at that clinic that this person may read; a self-audit is the clinic's own."""
    return tuple(kind for kind in (INSPECTION, SELF_AUDIT) if may(desk.actor, f"{kind}.read", clinic_id))


def latest(desk: Desk, clinic_id: str, kinds: Collection[str] = (INSPECTION, SELF_AUDIT)) -> Latest | None:
    """The newest sealed visit of these kinds that this person may read.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    desk.must("clinic.read", clinic_id)
    readable = [kind for kind in readable_kinds(desk, clinic_id) if kind in kinds]
    found = desk.ledger.records.latest_for([clinic_id], readable).get(clinic_id)
    return behind(desk, found) if found else None


def behind(desk: Desk, outcome: Outcome) -> Latest:
    """The record behind a line of a list, as it stands now.

    Raises:
        NotFound: when the visit is not this person's to read.
    """
    desk.must(f"{outcome.kind}.read", outcome.clinic_id)
    record = _standing(desk, desk.ledger.records.get(outcome.inspection_id))
    checklist = desk.ledger.checklists.get(record.document["checklist"]["sha256"]).in_language(language())
    return Latest(outcome.inspection_id, outcome.kind, outcome.inspected_on, record, checklist)


def trend(desk: Desk, clinic_id: str, kind: str = INSPECTION, at_most: int = 8) -> tuple[Point, ...]:
    """The newest results of one kind of visit, oldest first; none of a kind this person may not read.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    desk.must("clinic.read", clinic_id)
    if kind not in readable_kinds(desk, clinic_id):
        return ()
    return tuple(
        Point(row.inspection_id, row.inspected_on, row.status, row.score, row.findings, row.open_findings)
        for row in desk.ledger.records.trend(clinic_id, kind, at_most)
    )


def found_again(desk: Desk, clinic_id: str, at_most: int = 60) -> tuple[Again, ...]:
    """The items that were OUT at two inspections or more, of the newest ``at_most``; the most frequent first.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    desk.must("clinic.read", clinic_id)
    if INSPECTION not in readable_kinds(desk, clinic_id):
        return ()
    days: dict[str, list[date]] = {}
    for visit in desk.ledger.records.past(clinic_id, [INSPECTION], at_most=at_most):
        for item in visit.outs:
            days.setdefault(item, []).append(visit.inspected_on)
    again = sorted((item for item in days if len(days[item]) > 1), key=lambda item: (-len(days[item]), item))
    newest = latest(desk, clinic_id, (INSPECTION,)) if again else None
    names = {item.key: f"{item.number} {item.prompt}" for item in newest.checklist.items()} if newest else {}
    return tuple(Again(names.get(item, item), tuple(days[item])) for item in again)
