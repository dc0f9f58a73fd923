"""Closing a clinic or a part of it with a visit, and opening it again after a satisfactory follow-up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain import amendments
from audit.domain import closure as rules
from audit.domain.clinics import Clinic
from audit.domain.closure import FACILITY, Closure
from audit.domain.inspections import SEALED
from audit.domain.people import reach
from audit.domain.problems import NotFound, NotNow
from audit.domain.tongue import say
from audit.domain.values import cleaned
from audit.domain.visits import Visit
from audit.operations.desk import Desk
from audit.operations.inspections import load, open_visit, writable
from audit.store.ledger import Entry


@dataclass(frozen=True)
class Proposal:
    """What an inspector proposes to close, and the words of the notice."""

    scope: str
    subject: str
    items: Sequence[str]
    acts: str
    citation: str
    hearing: str


def grounds(visit: Visit) -> tuple[str, ...]:
    """The items of a visit that may be the reason of a closure: what is OUT and was not corrected."""
    return tuple(dict.fromkeys(one.item for one in visit.findings if not one.corrected_on_site))


def suggested(visit: Visit) -> Closure | None:
    """What usually follows from the findings of a visit: the widest scope any of them has, with the words of the
    findings and their citations to begin with; none where nothing is a ground.
    """
    found = {item: scope for item in grounds(visit) if (scope := rules.scope_for(item))}
    if not found:
        return None
    scope = max(found.values(), key=list(rules.SCOPES).index)
    own = [one for one in visit.findings if one.item in found and not one.corrected_on_site]
    cited = [
        citation.printed
        for item in found
        for citation in visit.checklist.item(item).citations
        if citation.kind == "law"
    ]
    return Closure(
        id="",
        inspection_id=visit.inspection.id,
        scope=scope,
        subject="",
        items=tuple(found),
        acts="\n".join(f"{one.number}: {one.note}" for one in own),
        citation="; ".join(dict.fromkeys(cited)),
        hearing=visit.agency.appeal_route,
        since=visit.inspection.inspected_on,
    )


def may_propose(visit: Visit) -> bool:
    """Is this a visit that may close anything? A self-audit, or an auditor who is no authority, only advises."""
    return not visit.is_self_audit and visit.agency.public_authority


def propose(desk: Desk, inspection_id: str, wanted: Proposal) -> Closure:
    """Close something with a running visit; it is in force with the seal. Signatures are taken back by it.

    Raises:
        NotAllowed: a self-audit, or no public authority; BadInput: with what the notice lacks.
    """
    desk.must("closure.propose", desk.ledger.inspections.get(inspection_id).clinic_id)
    with desk.entry() as entry:
        visit = load(entry, writable(desk, inspection_id, shelves=entry))
        made = Closure(
            id=str(uuid.uuid4()),
            inspection_id=inspection_id,
            scope=wanted.scope,
            subject="" if wanted.scope == FACILITY else cleaned(wanted.subject),
            items=tuple(wanted.items),
            acts=cleaned(wanted.acts),
            citation=cleaned(wanted.citation),
            hearing=cleaned(wanted.hearing),
            since=visit.inspection.inspected_on,
        )
        rules.check(made, visit.inspection.kind, visit.agency.public_authority, grounds(visit))
        entry.closures.propose(made, entry.actor, desk.now)
        entry.inspections.void_signatures(inspection_id)
        entry.note(
            "closure.proposed", inspection_id, {"closure": made.id, "scope": made.scope, "items": made.items}
        )
    return made


def withdraw(desk: Desk, inspection_id: str, closure_id: str) -> None:
    """Take a closure back while the visit runs.

    Raises:
        NotFound: when the visit has no such closure.
    """
    desk.must("closure.propose", desk.ledger.inspections.get(inspection_id).clinic_id)
    with desk.entry() as entry:
        writable(desk, inspection_id, shelves=entry)
        if closure_id not in {one.id for one in entry.closures.of_visit(inspection_id)}:
            raise NotFound(say("There is no such closure."))
        entry.closures.withdraw(closure_id)
        entry.inspections.void_signatures(inspection_id)
        entry.note("closure.withdrawn", inspection_id, {"closure": closure_id})


def of_clinic(desk: Desk, clinic_id: str) -> tuple[Closure, ...]:
    """What is closed at a clinic now, the oldest first."""
    desk.must("inspection.read", clinic_id)
    return desk.ledger.closures.in_force(clinic_id)


def standing(desk: Desk) -> tuple[tuple[Closure, Clinic], ...]:
    """What is closed now at the clinics this person reaches, the oldest first."""
    clinics = reach(desk.actor, "inspection.read")
    return tuple(
        (one, desk.ledger.clinics.get(clinic_id))
        for clinic_id, one in desk.ledger.closures.standing()
        if clinics is None or clinic_id in clinics
    )


def of_visit(desk: Desk, inspection_id: str) -> tuple[Closure, ...]:
    """What a visit closed, with what opened it again."""
    open_visit(desk, inspection_id)
    return desk.ledger.closures.of_visit(inspection_id)


def reopen(desk: Desk, closure_id: str, visit_id: str) -> None:
    """Open again what was closed, by a sealed follow-up that found every reason corrected.

    Raises:
        NotFound: when there is no such closure, or the follow-up is of another clinic.
        NotNow: with what is still missing.
    """
    found = desk.ledger.closures.get(closure_id)
    clinic_id = desk.ledger.inspections.get(found.inspection_id).clinic_id
    desk.must("closure.reopen", clinic_id)
    if open_visit(desk, visit_id).inspection.clinic_id != clinic_id or visit_id == found.inspection_id:
        raise NotFound(say("There is no such closure."))
    with desk.entry() as entry:
        # Read here and not before: what a colleague amended or declared void meanwhile counts.
        if not _counts(entry, found.inspection_id):
            raise NotNow(say("This closure is not in force."))
        visit = _follow_up(entry, visit_id)
        inspection = visit.inspection
        missing = not_seen_corrected(visit, found)
        rules.reopen(found, inspection.purpose, inspection.state == SEALED, inspection.inspected_on, missing)
        if not entry.closures.reopen(closure_id, visit_id, inspection.inspected_on):
            raise NotNow(say("This closure is over already."))
        on = inspection.inspected_on.isoformat()
        entry.note("closure.ended", found.inspection_id, {"closure": closure_id, "visit": visit_id, "on": on})


def _counts(entry: Entry, inspection_id: str) -> bool:
    """Is the visit sealed, and not declared void?"""
    sealed = entry.inspections.get(inspection_id).state == SEALED
    return sealed and not amendments.is_void(entry.amendments.of(inspection_id))


def _follow_up(entry: Entry, visit_id: str) -> Visit:
    """The visit that opens again, as amended.

    Raises:
        NotNow: when it was declared void.
    """
    made = entry.amendments.of(visit_id)
    if amendments.is_void(made):
        raise NotNow(say("This follow-up was declared void: it opens nothing again."))
    return amendments.corrected(load(entry, entry.inspections.get(visit_id)), made)


def not_seen_corrected(visit: Visit, closure: Closure) -> tuple[str, ...]:
    """The reasons that this visit did not see in order: found again, not observed, or not looked at."""
    marks: dict[str, set[str | None]] = {}
    for answer in visit.answers():
        marks.setdefault(answer.item, set()).add(answer.mark)
    return tuple(item for item in closure.items if marks.get(item) != {"IN"})
