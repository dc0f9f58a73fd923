"""Take with me: what a tablet needs of one clinic to start and make a visit there without a network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from audit.domain import history, steps
from audit.domain.answers import Key
from audit.domain.checklists import Checklist
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.history import Past
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.people import may
from audit.domain.problems import NotNow
from audit.domain.tongue import language
from audit.operations import actions, clinics, former, records, suggestions
from audit.operations.actions import Told, Wanted
from audit.operations.desk import Desk
from audit.operations.inspections import checklist_for
from audit.operations.records import Latest
from audit.operations.suggestions import OnFile

MOST_OLDER = 200


@dataclass(frozen=True)
class OpenFinding:
    """A finding of the visit before that was not corrected on site, with the photos shown there and what the clinic
    answered since."""

    item: str
    number: str
    person: str
    severity: str
    note: str
    corrective: str
    correct_by: str
    stop: bool
    photos: tuple[Mapping[str, Any], ...]
    since: Told | None = None


@dataclass(frozen=True)
class Kit:
    """A clinic, who works there, the checklist for each kind of visit this person may start, and its past.

    ``visits_before`` is how many inspections were sealed there: 0 means the next one is the first. ``repeats`` are the
    items that were OUT before, with the days; ``past`` are those visits. ``older`` are findings of visits before the
    last one that nobody closed. ``follow_up`` are the items of a follow-up that looks at former findings only.
    ``on_file`` is what the clinic keeps, by item and practitioner.
    """

    clinic: Clinic
    practitioners: tuple[Practitioner, ...]
    checklists: Mapping[str, str]
    visits_before: int
    last: Latest | None
    open_findings: tuple[OpenFinding, ...]
    names: Mapping[str, str]
    repeats: Mapping[str, tuple[date, ...]]
    past: tuple[Past, ...]
    older: tuple[Told, ...]
    follow_up: tuple[str, ...]
    on_file: Mapping[Key, OnFile]


def kit(desk: Desk, clinic_id: str) -> Kit:
    """What goes along to a clinic.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    clinic = clinics.get(desk, clinic_id)
    people = clinics.practitioners(desk, clinic_id)
    lists = {kind: found for kind in (INSPECTION, SELF_AUDIT) if (found := _checklist(desk, clinic, kind))}
    inspects = INSPECTION in lists
    last = records.latest(desk, clinic_id)
    # As at the start of a visit with a network: an inspection follows inspections, a self-audit whatever was last.
    before = records.latest(desk, clinic_id, (INSPECTION,)) if inspects else last
    # A self-audit is compared with whatever was there before; what self-audits found is nobody else's.
    kinds = [INSPECTION, SELF_AUDIT] if SELF_AUDIT in lists else [INSPECTION]
    past = desk.ledger.records.past(clinic_id, kinds)
    return Kit(
        clinic=clinic,
        practitioners=people,
        checklists={kind: found.sha256 for kind, found in lists.items()},
        visits_before=desk.ledger.inspections.sealed_before(clinic_id),
        last=last,
        open_findings=_open(desk, before) if before else (),
        names={person.id: person.name for person in people},
        repeats=history.all_repeats("routine", past),
        past=past,
        older=_older(desk, clinic_id, before, inspects) if before else (),
        follow_up=former.scope_at(desk, clinic_id) if inspects else (),
        on_file=_on_file(desk, clinic, people, list(lists.values())),
    )


def _checklist(desk: Desk, clinic: Clinic, kind: str) -> Checklist | None:
    if not may(desk.actor, f"{kind}.start", clinic.id):
        return None
    try:
        return checklist_for(desk, clinic.jurisdiction, kind).in_language(language())
    except NotNow:
        return None


def _on_file(
    desk: Desk, clinic: Clinic, people: tuple[Practitioner, ...], lists: list[Checklist]
) -> Mapping[Key, OnFile]:
    ids = [person.id for person in people if person.active]
    today = desk.now.astimezone(ZoneInfo(clinic.time_zone)).date()
    asked = [
        (item, person)
        for checklist in lists
        for item in checklist.items()
        for person in {*steps.people_for(item, ids), None}  # or nobody of them is on duty
    ]
    return suggestions.to_take_along(desk, clinic, asked, today)


def _older(desk: Desk, clinic_id: str, last: Latest, inspects: bool) -> tuple[Told, ...]:
    """What visits before the last one left open, and nobody looked at since."""
    if not may(desk.actor, "action.list"):
        return ()
    found = actions.find(desk, Wanted(clinic_id=clinic_id), limit=MOST_OLDER).rows
    return tuple(
        row
        for row in found
        if not row.action.closed
        and row.action.inspection_id != last.visit_id
        and (row.action.kind == INSPECTION or not inspects)
    )


def _open(desk: Desk, last: Latest) -> tuple[OpenFinding, ...]:
    document = last.sealed.document
    since = {(row.action.item, row.action.person): row for row in actions.of_visit(desk, last.visit_id)}
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
            since=since.get((row["item"], row["person"])),
        )
        for row in document["findings"]
        if not row["corrected_on_site"]
    )
